//! Every string the server shows to people, in both languages, side by side.
//!
//! A [`Word`] holds its Chinese and its English form, so a key can not exist in one language only. The tables are
//! `words/*.rs`; pages and notices name a word and a [`Lang`] picks the form. What people typed (faults, names, reasons)
//! is never translated. No page may carry a literal of its own: the tests below read the sources and the tables.

pub mod desk;
pub mod held;
pub mod restored;
pub mod shared;
pub mod ticket;
pub mod track;

/// A language people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 简体中文
    Zh,
    /// English
    En,
}

/// One text in both languages. Places to fill are written `{name}` and are the same in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Chinese form.
    pub zh: &'static str,
    /// English form.
    pub en: &'static str,
}

impl Lang {
    /// The text in this language, as it stands in the table.
    pub fn t(self, word: Word) -> &'static str {
        match self {
            Lang::Zh => word.zh,
            Lang::En => word.en,
        }
    }

    /// The text with its places filled. A value is never searched for places, so typed braces stay as typed.
    pub fn fill(self, word: Word, values: &[(&str, &str)]) -> String {
        let mut rest = self.t(word);
        let mut out = String::with_capacity(rest.len() + 16);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
                out.push_str(value);
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// The language tag for the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The short code of `?lang=`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// Reads a short code or a language tag, as in `?lang=zh` or one item of Accept-Language.
    pub fn parse(text: &str) -> Option<Lang> {
        let text = text.trim().to_ascii_lowercase();
        match text.split(['-', ';', '_']).next() {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        }
    }

    /// The language the switch leads to.
    pub fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// What the language calls itself. Not in the tables, because it is shown inside the other language.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::Zh => "中文",
            Lang::En => "English",
        }
    }
}

/// Declares words: `NAME: "中文", "English";`. Each becomes a documented constant and a row of `ALL`.
macro_rules! words {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(#[doc = concat!("“", $en, "”")] pub const $name: crate::words::Word = crate::words::Word { zh: $zh, en: $en };)*
        /// Every word of this table with its key, for the tests.
        pub const ALL: &[(&str, crate::words::Word)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashSet, fs, path::Path};

    fn all() -> impl Iterator<Item = (&'static str, Word)> {
        [
            shared::ALL,
            desk::ALL,
            held::ALL,
            restored::ALL,
            ticket::ALL,
            track::ALL,
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

    fn without_places(text: &str) -> String {
        let mut out = String::new();
        for (i, part) in text.split('{').enumerate() {
            out.push_str(if i == 0 {
                part
            } else {
                part.split_once('}').map_or("", |(_, tail)| tail)
            });
        }
        out
    }

    fn is_chinese(c: char) -> bool {
        matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
    }

    /// Names that stay as they are in Chinese.
    const NAMES: [&str; 3] = ["Fieldline", "VIP", "HQ"];

    #[test]
    fn chinese_holds_no_english_words_and_english_no_chinese() {
        for (key, word) in all() {
            let zh = NAMES
                .iter()
                .fold(without_places(word.zh), |text, name| text.replace(name, ""));
            assert!(!zh.chars().any(|c| c.is_ascii_alphabetic()), "{key}: {}", word.zh);
            assert!(
                zh.chars().any(is_chinese) || places(word.zh).len() > 1 || NAMES.contains(&word.zh),
                "{key}: {}",
                word.zh
            );
            assert!(!word.en.chars().any(is_chinese), "{key}: {}", word.en);
        }
    }

    #[test]
    fn both_languages_have_the_same_places_and_no_shouting() {
        for (key, word) in all() {
            assert_eq!(places(word.zh), places(word.en), "{key}");
            assert!(!word.zh.is_empty() && !word.en.is_empty(), "{key}");
            assert!(!word.zh.contains(['!', '！']) && !word.en.contains('!'), "{key}");
        }
    }

    #[test]
    fn every_word_has_one_key_and_is_used() {
        let mut sources = String::new();
        read_sources(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut sources,
        );
        let used: HashSet<&str> = sources
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .collect();
        let mut seen = HashSet::new();
        for (key, _) in all() {
            assert!(seen.insert(key), "{key} stands twice");
            assert!(used.contains(key), "{key} is not used");
        }
    }

    fn read_sources(folder: &Path, into: &mut String) {
        for entry in fs::read_dir(folder).expect("sources are there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                if !path.ends_with("words") {
                    read_sources(&path, into);
                }
            } else if path.extension().is_some_and(|e| e == "rs") {
                into.push_str(&fs::read_to_string(&path).expect("readable"));
            }
        }
    }

    #[test]
    fn pages_hold_no_chinese_of_their_own() {
        let mut sources = String::new();
        read_sources(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/page")),
            &mut sources,
        );
        for line in sources
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            assert!(
                !line.chars().any(is_chinese) || line.contains("// sample"),
                "{line}"
            );
        }
    }

    #[test]
    fn values_are_filled_once() {
        let word = Word {
            zh: "{a}和{b}",
            en: "{a} and {b}",
        };
        assert_eq!(Lang::En.fill(word, &[("a", "{b}"), ("b", "x")]), "{b} and x");
    }
}
