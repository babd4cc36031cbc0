//! Our sources as text: just enough of Rust's surface to tell code, comments and literals apart.

use std::fs;
use std::path::Path;

/// One file, by its path from the root of the tree.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Every Rust file below a folder but those that are tests.
    pub(crate) fn all_below(folder: &str) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut sources = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for item in fs::read_dir(root.join(&folder)).unwrap() {
                let item = item.unwrap();
                let name = item.file_name().into_string().unwrap();
                let path = format!("{folder}/{name}");
                if item.file_type().unwrap().is_dir() {
                    if name != "tests" {
                        open.push(path);
                    }
                } else if name.ends_with(".rs") && name != "tests.rs" {
                    let text = fs::read_to_string(item.path()).unwrap();
                    sources.push(Self { path, text });
                }
            }
        }
        sources
    }

    /// The text up to the tests, which come last in a file.
    pub(crate) fn without_tests(&self) -> &str {
        self.text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default()
    }
}

/// Whether automerge is named outside comments.
pub(crate) fn names_automerge(text: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter()
        .any(|line| line.contains("use automerge") || line.contains("automerge::"))
}

/// Whether a literal is a statement of SQL.
pub(crate) fn speaks_sql(literal: &str) -> bool {
    ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"]
        .iter()
        .any(|words| literal.contains(words))
}

/// The string literals of a source with their lines; comments and characters are passed over.
pub(crate) fn literals(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let rest = &text[at..];
        at += if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_hashes(rest) {
            let (begin, end) = (hashes + 2, format!("\"{}", "#".repeat(hashes)));
            let length = rest[begin..].find(&end).unwrap_or(rest.len() - begin);
            found.push((at, &rest[begin..begin + length]));
            begin + length + end.len()
        } else if let Some(body) = rest.strip_prefix('"') {
            let length = quoted(body);
            found.push((at, &body[..length]));
            length + 2
        } else if let Some(length) = character(rest) {
            length
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at = at.min(bytes.len());
    }
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    found
        .into_iter()
        .map(|(at, literal)| (line(at), literal))
        .collect()
}

/// `r"`, `r#"` and so on: the number of hashes. An `r` that ends a name is never followed by a quotation mark.
fn raw_hashes(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// Bytes up to the closing quotation mark.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices() {
        match character {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// A character literal such as `'"'`, told from a lifetime by its closing mark.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let mut characters = body.char_indices();
    let (_, first) = characters.next()?;
    let end = if first == '\\' {
        2 + body.get(2..)?.find('\'')?
    } else {
        characters.next().filter(|(_, mark)| *mark == '\'')?.0
    };
    Some(1 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_found_in_every_kind_of_literal_and_nowhere_else() {
        let source = "// \"SELECT no\"\nlet q = '\"'; let e = '\\'';\nlet a = \"SELECT \\\"a\\\"\";\n/* \"UPDATE no\" */\nlet b = r#\"DELETE FROM b\"#;\nfn f<'a>(c: &'a str) {}\nlet d = \"\nINSERT INTO d\";";
        let found: Vec<usize> = literals(source)
            .into_iter()
            .filter(|(_, text)| speaks_sql(text))
            .map(|(line, _)| line)
            .collect();
        assert_eq!(found, [3, 5, 7]);
        assert!(!speaks_sql("Select a date. Update"));
    }

    #[test]
    fn tests_may_speak_sql() {
        let text = "a\n#[cfg(test)]\nmod tests {\n\"SELECT 1\"".to_owned();
        let source = Source {
            path: String::new(),
            text,
        };
        assert_eq!(source.without_tests(), "a\n");
    }

    #[test]
    fn automerge_is_seen_in_code_and_not_in_comments() {
        assert!(names_automerge("    let id = automerge::ROOT;"));
        assert!(names_automerge("use automerge as crdt;"));
        assert!(!names_automerge("//! over automerge::Automerge\nlet a = 1;"));
    }
}
