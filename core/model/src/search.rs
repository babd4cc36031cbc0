//! Full-text search over Chinese and English with a tokenizer that only knows words between spaces.
//!
//! Runs of Chinese characters are written as overlapping pairs (bigrams), everything else is left to the
//! tokenizer. Index and query use the same splitting, so a query of n characters finds exactly that run.

/// Longest query, in characters; the rest is ignored.
pub const QUERY_CHARS_MAX: usize = 200;

pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{3040}'..='\u{30ff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3134f}')
}

enum Run {
    Cjk(Vec<char>),
    Word(String),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for c in text.chars() {
        if is_cjk(c) {
            match runs.last_mut() {
                Some(Run::Cjk(chars)) => chars.push(c),
                _ => runs.push(Run::Cjk(vec![c])),
            }
        } else if c.is_alphanumeric() {
            let c = c.to_lowercase().next().unwrap_or(c);
            match runs.last_mut() {
                Some(Run::Word(word)) => word.push(c),
                _ => runs.push(Run::Word(String::from(c))),
            }
        } else {
            // An empty word ends the run before it.
            runs.push(Run::Word(String::new()));
        }
    }
    runs
}

/// The text to put into the index: words and bigrams, separated by spaces. A run's last character stands alone
/// behind its pairs, so a query of one character finds it as a prefix everywhere.
#[must_use]
pub fn index_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for run in runs(text) {
        match run {
            Run::Word(word) => {
                if !word.is_empty() {
                    out.push_str(&word);
                    out.push(' ');
                }
            }
            Run::Cjk(chars) => {
                for pair in chars.windows(2) {
                    out.extend(pair);
                    out.push(' ');
                }
                out.extend(chars.last());
                out.push(' ');
            }
        }
    }
    out
}

/// An FTS5 MATCH expression for what a person typed; `None` when nothing in it can be searched. All parts must
/// occur; words match by prefix, runs of Chinese as they stand. No operator of the query language gets through.
#[must_use]
pub fn match_expression(query: &str) -> Option<String> {
    let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
    let mut parts = Vec::new();
    for run in runs(&query) {
        match run {
            Run::Word(word) if word.is_empty() => {}
            Run::Word(word) => parts.push(format!("\"{word}\"*")),
            Run::Cjk(chars) if chars.len() == 1 => parts.push(format!("\"{}\"*", String::from_iter(chars))),
            Run::Cjk(chars) => {
                let pairs: Vec<String> = chars.windows(2).map(String::from_iter).collect();
                parts.push(format!("\"{}\"", pairs.join(" ")));
            }
        }
    }
    if parts.is_empty() {
        None
    } else {
        Some(parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_becomes_pairs_and_english_stays() {
        assert_eq!(
            index_text("打印机卡纸 E5-2 Paper jam"),
            "打印 印机 机卡 卡纸 纸 e5 2 paper jam "
        );
    }

    #[test]
    fn queries_use_the_same_pairs() {
        assert_eq!(match_expression("卡纸 jam").as_deref(), Some("\"卡纸\" \"jam\"*"));
        assert_eq!(match_expression("打印机").as_deref(), Some("\"打印 印机\""));
        assert_eq!(match_expression("纸").as_deref(), Some("\"纸\"*"));
    }

    #[test]
    fn operators_and_quotes_are_only_separators() {
        assert_eq!(
            match_expression("\"a\" OR (b*) NEAR/3").as_deref(),
            Some("\"a\"* \"or\"* \"b\"* \"near\"* \"3\"*")
        );
        assert_eq!(match_expression(" \"*()- "), None);
    }
}
