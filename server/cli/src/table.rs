//! Tables for a terminal of 80 columns, in which a Chinese character takes two.

use fieldline_model::plain::is_reordering;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the terminal we write for.
pub(crate) const WIDTH: usize = 80;
/// Between two columns.
const GAP: usize = 2;

/// Columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Cut to so many columns; `…` shows that something is missing.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut taken = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if taken + wide + 1 > columns {
            break;
        }
        taken += wide;
        out.push(c);
    }
    out.push('…');
    out
}

/// Filled with blanks to so many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let mut out = text.to_owned();
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(text))));
    out
}

/// One line: control characters of foreign text would move the cursor, and others would reorder what stands beside it.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .filter(|c| !is_reordering(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Lays lines out in columns. The column `stretch` gives way when the whole would be wider than [`WIDTH`].
pub(crate) fn table(lines: &[Vec<String>], stretch: usize) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths = vec![0; count];
    for line in lines {
        for (column, cell) in widths.iter_mut().zip(line) {
            *column = (*column).max(width(cell));
        }
    }
    let others: usize = widths
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != stretch)
        .map(|(_, w)| w + GAP)
        .sum();
    if let Some(column) = widths.get_mut(stretch) {
        *column = (*column).min(WIDTH.saturating_sub(others).max(8));
    }
    let mut out = String::new();
    for line in lines {
        let cells = line
            .iter()
            .zip(&widths)
            .map(|(cell, columns)| pad(&cut(&one_line(cell), *columns), *columns));
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// Breaks text into lines of at most `columns`, each begun with `indent`; Chinese breaks anywhere, Latin between words.
pub(crate) fn wrap(text: &str, indent: &str, columns: usize) -> String {
    let room = columns.saturating_sub(width(indent)).max(20);
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in pieces(&one_line(paragraph)) {
            if width(&line) + width(word.trim_end()) > room && !line.is_empty() {
                out.push_str(&format!("{indent}{}\n", line.trim_end()));
                line.clear();
            }
            line.push_str(word);
        }
        out.push_str(&format!("{indent}{}\n", line.trim_end()));
    }
    out
}

/// The head, and the text behind it, broken under itself.
pub(crate) fn hanging(head: &str, text: &str, columns: usize) -> String {
    let indent = " ".repeat(width(head));
    let broken = wrap(text, &indent, columns);
    format!("{head}{}", broken.get(indent.len()..).unwrap_or_default())
}

/// Pieces between which a line may break; blanks stay with the piece before. No line begins with a closing mark.
fn pieces(text: &str) -> Vec<&str> {
    const CLOSING: &str = "，。；：、？！）》”’…";
    let mut out = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let wide = |c: char| c.width() == Some(2);
        let may = c != ' ' && before.is_some_and(|b| b == ' ' || wide(b) || wide(c));
        if may && !CLOSING.contains(c) {
            out.push(&text[begin..at]);
            begin = at;
        }
        before = Some(c);
    }
    out.push(&text[begin..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_columns_stand_under_each_other() {
        let text = table(
            &[vec!["明澄".into(), "a".into()], vec!["ab".into(), "b".into()]],
            0,
        );
        assert_eq!(text, "明澄  a\nab    b\n");
    }

    #[test]
    fn the_wide_column_gives_way() {
        let long = "明".repeat(60);
        let text = table(&[vec!["T-000001".into(), long, "普通".into()]], 1);
        assert!((WIDTH - 1..=WIDTH).contains(&width(text.trim_end())), "{text}");
        assert!(text.contains("… ") && text.trim_end().ends_with("普通"));
    }

    #[test]
    fn lines_break_between_words_and_never_before_a_full_stop() {
        let text = wrap("打印机卡纸，清洁后正常。客户已签字。", "  ", 24);
        assert!(
            text.lines()
                .all(|line| width(line) <= 26 && !line.trim_start().starts_with(['，', '。'])),
            "{text}"
        );
        assert_eq!(
            wrap("one two three four five six", "", 20),
            "one two three four\nfive six\n"
        );
    }

    #[test]
    fn what_hangs_behind_a_head_has_it_once() {
        assert_eq!(
            hanging("! ", "one two three four five six", 22),
            "! one two three four\n  five six\n"
        );
        assert_eq!(hanging("! ", "", 22), "! ");
    }

    #[test]
    fn foreign_text_cannot_move_the_cursor() {
        assert_eq!(one_line("a\u{1b}[2Jb\n"), "a [2Jb ");
        assert_eq!(one_line("a\u{202e}b\u{2066}c"), "abc");
    }
}
