//! What people wrote, made fit for paper: no character that shows nothing, moves others or turns the line around.

use fieldline_model::plain::{is_blank, plain};

/// The text in one line.
pub(crate) fn line(text: &str) -> String {
    lines(text).replace('\n', " ")
}

/// The text with its line ends, without empty lines at its ends and with single spaces.
pub(crate) fn lines(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' {
            while out.ends_with(' ') {
                out.pop();
            }
            out.push('\n');
        } else if c.is_whitespace() {
            if !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else if !is_blank(c.encode_utf8(&mut [0; 4])) {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// At most so many characters.
pub(crate) fn shortened(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_or_turns_the_line_goes() {
        assert_eq!(lines("a\u{202e}b\u{200f}c\u{0}\u{7}\u{feff}d"), "abcd");
        assert_eq!(lines("  一  二\t三\u{3000}四 \n\n 五\r\n"), "一 二 三 四\n\n五");
        assert_eq!(line("a\nb"), "a b");
        assert_eq!(
            (shortened("卡纸了", 2), shortened("卡纸", 2)),
            ("卡纸…".into(), "卡纸".into())
        );
    }
}
