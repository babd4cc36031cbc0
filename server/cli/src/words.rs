//! Every string this program says to people, in both languages, side by side.
//!
//! A word holds both forms, so no key exists in one language only, and the compiler names a
//! key that nobody uses.

use fieldline_server::words::{Lang, Word};

pub(crate) mod admin;
pub(crate) mod backup;
pub(crate) mod fault;
pub(crate) mod help;
pub(crate) mod phone;
pub(crate) mod serve;

/// Declares words: `NAME: "中文", "English";`. Places to fill are written `{name}`.
macro_rules! words {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(pub(crate) const $name: fieldline_server::words::Word = fieldline_server::words::Word { zh: $zh, en: $en };)*
        /// Every word of this table with its key, for the tests.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, fieldline_server::words::Word)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use words;

/// The text with its places filled. Backquotes mark commands for the tests and are not shown.
pub(crate) fn fill(lang: Lang, word: Word, values: &[(&str, &str)]) -> String {
    let without = lang.t(word).replace('`', "");
    let mut rest = without.as_str();
    let mut out = String::with_capacity(rest.len() + 16);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        out.push_str(
            values
                .iter()
                .find(|(key, _)| *key == name)
                .map_or("", |(_, value)| value),
        );
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Names and commands that stay as they are in Chinese.
    const NAMES: [&str; 9] = [
        "Fieldline",
        "VIP",
        "TLS",
        "SLA",
        "PEM",
        "JSON",
        "CSV",
        "SVG",
        "PDF",
    ];

    fn all() -> impl Iterator<Item = (&'static str, Word)> {
        [
            admin::ALL,
            backup::ALL,
            crate::demo::words::ALL,
            fault::ALL,
            phone::ALL,
            serve::ALL,
        ]
        .into_iter()
        .flatten()
        .copied()
    }

    fn places(text: &str) -> HashSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    /// Without places and without what stands in backquotes or after `--`: commands are the same in both languages.
    fn plain(text: &str) -> String {
        let without_commands: String = text.split('`').step_by(2).collect();
        let mut out = String::new();
        for (i, part) in without_commands.split('{').enumerate() {
            out.push_str(if i == 0 {
                part
            } else {
                part.split_once('}').map_or("", |(_, tail)| tail)
            });
        }
        NAMES.iter().fold(out, |text, name| text.replace(name, ""))
    }

    fn is_chinese(c: char) -> bool {
        matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
    }

    #[test]
    fn chinese_holds_no_english_words_and_english_no_chinese() {
        for (key, word) in all() {
            assert!(
                !plain(word.zh).chars().any(|c| c.is_ascii_alphabetic()),
                "{key}: {}",
                word.zh
            );
            assert!(!word.en.chars().any(is_chinese), "{key}: {}", word.en);
            assert!(!word.zh.contains(['!', '！']) && !word.en.contains('!'), "{key}");
        }
    }

    #[test]
    fn help_in_chinese_holds_no_english_words() {
        for (key, text) in help::WORDS {
            assert!(
                !plain(text).chars().any(|c| c.is_ascii_alphabetic()),
                "{key}: {text}"
            );
        }
    }

    /// "A supervisor decides" was said of what every dispatcher may decide; nobody at HQ is called that.
    #[test]
    fn no_word_names_a_post_that_nobody_has() {
        for (key, word) in all() {
            assert!(!word.zh.contains("主管"), "{key}: {}", word.zh);
            assert!(
                !word.en.to_lowercase().contains("supervisor"),
                "{key}: {}",
                word.en
            );
        }
    }

    #[test]
    fn both_languages_have_the_same_places() {
        for (key, word) in all() {
            assert_eq!(places(word.zh), places(word.en), "{key}");
        }
    }
}
