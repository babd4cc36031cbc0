//! What is wrong with a body, a query or a field, in words for people in both languages. What the JSON reader says is
//! in English and names types of this program; here it becomes the field and what it takes.
//!
//! A sentence of the reader that is not known here is never passed on: the field alone is named then.

use fieldline_model::time::YEARS;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::{Code, Problem, Said};

/// Something wrong with a field.
pub(super) fn field(name: &str, wants: &Said) -> Said {
    Said::new(format!("{name}：{}", wants.zh), format!("{name}: {}", wants.en))
}

/// Reads a value from JSON text.
pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| of_json(&error))?;
    reader.end().map_err(|error| unreadable(&error))?;
    Ok(value)
}

/// Reads a value from JSON that was read before.
pub(super) fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| of_json(&error))
}

fn of_json(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    match inner.classify() {
        Category::Data => Problem::new(Code::Invalid).said(sentence(&path(error), &inner.to_string())),
        Category::Io | Category::Syntax | Category::Eof => unreadable(inner),
    }
}

/// The names on the way to the value, as they stand in the body.
fn path<E>(error: &serde_path_to_error::Error<E>) -> String {
    let path = error.path().to_string();
    if path == "." { String::new() } else { path }
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let said = if text.starts_with("number out of range") {
        Said::new(
            format!("第 {line} 行第 {column} 个字符处的数字太大"),
            format!("the number at line {line}, column {column} is too large"),
        )
    } else if text.starts_with("recursion limit") {
        Said::new("嵌套层数太多", "it is nested too deep")
    } else if error.classify() == Category::Eof {
        Said::new("JSON 不完整", "the JSON ends too early")
    } else {
        Said::new(
            format!("第 {line} 行第 {column} 个字符处不是有效的 JSON"),
            format!("it is no JSON at line {line}, column {column}"),
        )
    };
    Problem::new(Code::BadRequest).said(said)
}

/// What a query got wrong, as axum tells it.
pub(super) fn of_query(text: &str) -> Problem {
    let text = text
        .strip_prefix("Failed to deserialize query string: ")
        .unwrap_or(text);
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let (name, text) = text
        .split_once(": ")
        .filter(|(name, _)| is_name(name))
        .unwrap_or(("", text));
    Problem::new(Code::BadQuery).said(sentence(name, text))
}

/// One sentence of the reader, about the value at `path`.
fn sentence(path: &str, text: &str) -> Said {
    let named = |name: &str| {
        if path.is_empty() || path == name || path.ends_with(&format!(".{name}")) {
            if path.is_empty() { name } else { path }.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let quoted = |after: &str| text.strip_prefix(after)?.split('`').next().map(str::to_owned);
    if let Some(name) = quoted("missing field `") {
        return field(&named(&name), &Said::new("必须填写", "is needed"));
    }
    if let Some(name) = quoted("unknown field `") {
        return field(
            &named(&name),
            &Said::new("没有这个字段", "there is no such field"),
        );
    }
    if let Some(name) = quoted("duplicate field `") {
        return field(&named(&name), &Said::new("只能给出一次", "may be given once"));
    }
    let wants = wants(text);
    if path.is_empty() {
        wants
    } else {
        field(path, &wants)
    }
}

/// What the value must be.
fn wants(text: &str) -> Said {
    if text.starts_with("unknown variant") {
        let (_, known) = text.split_once("expected ").unwrap_or_default();
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return Said::new(
            format!("可选：{}", known.join("、")),
            format!("must be one of: {}", known.join(", ")),
        );
    }
    if text.contains("not a valid ") && text.contains(" id") {
        return Said::new("不是有效的编号（26 个字符）", "is no id, which has 26 characters");
    }
    if text.starts_with("not a time like") {
        return Said::new(
            "应为 2026-11-20T08:30:00.000Z 这样的时间",
            "must be a time like 2026-11-20T08:30:00.000Z",
        );
    }
    if text.starts_with("not a year") {
        let (first, last) = (YEARS.start(), YEARS.end());
        return Said::new(
            format!("年份应在 {first} 到 {last} 之间"),
            format!("the year must be from {first} to {last}"),
        );
    }
    let expected = text
        .split_once("expected ")
        .map_or(text, |(_, expected)| expected);
    let expected = expected.split(" at line ").next().unwrap_or_default().trim();
    match expected {
        "a string" | "a borrowed string" | "string" => Said::new("应为文字", "must be a text"),
        "a boolean" | "provided string was not `true` or `false`" => {
            Said::new("应为 true 或 false", "must be true or false")
        }
        "a sequence" => Said::new("应为列表", "must be a list"),
        "f64" | "f32" | "a float" | "invalid float literal" => Said::new("应为数字", "must be a number"),
        "u8" | "u16" | "u32" | "u64" | "usize" => Said::new(
            "应为不小于 0 的整数，且不能太大",
            "must be a whole number from 0, and not too large",
        ),
        "i8" | "i16" | "i32" | "i64" => Said::new(
            "应为整数，且不能太大",
            "must be a whole number, and not too large",
        ),
        _ if expected.contains("digit found") || expected.contains("integer from empty") => {
            Said::new("应为整数", "must be a whole number")
        }
        _ if expected.starts_with("struct ") || expected == "a map" => {
            Said::new("应为对象", "must be an object")
        }
        _ if expected.starts_with("number too ") => Said::new("数字超出范围", "is out of range"),
        _ => Said::new("内容不符合要求", "is not what it takes"),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "read, never used")]
        lat: f64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        Low,
        High,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, never used")]
    struct Sample {
        name: String,
        count: Option<u32>,
        choice: Option<Choice>,
        list: Option<Vec<Inner>>,
        on: Option<bool>,
    }

    fn said(text: &str) -> (String, String) {
        let problem = from_text::<Sample>(text).expect_err(text);
        let said = problem.details().expect("words");
        (said.zh.clone(), said.en.clone())
    }

    /// "invalid type: integer `3`, expected a string at line 1 column 9" was told to people, under a Chinese title.
    #[test]
    fn fields_are_named_in_plain_words_of_both_languages() {
        let table = [
            (r#"{"name":3}"#, "name：应为文字", "name: must be a text"),
            ("{}", "name：必须填写", "name: is needed"),
            (
                r#"{"nam":"x"}"#,
                "nam：没有这个字段",
                "nam: there is no such field",
            ),
            (
                r#"{"name":"x","name":"y"}"#,
                "name：只能给出一次",
                "name: may be given once",
            ),
            (
                r#"{"name":"x","count":-1}"#,
                "count：应为不小于 0 的整数，且不能太大",
                "count: must be a whole number from 0, and not too large",
            ),
            (
                r#"{"name":"x","count":1.5}"#,
                "count：应为不小于 0 的整数，且不能太大",
                "count: must be a whole number from 0, and not too large",
            ),
            (
                r#"{"name":"x","choice":"soon"}"#,
                "choice：可选：low、high",
                "choice: must be one of: low, high",
            ),
            (
                r#"{"name":"x","list":{}}"#,
                "list：应为列表",
                "list: must be a list",
            ),
            (
                r#"{"name":"x","list":[3]}"#,
                "list[0]：应为对象",
                "list[0]: must be an object",
            ),
            (
                r#"{"name":"x","list":[{}]}"#,
                "list[0].lat：必须填写",
                "list[0].lat: is needed",
            ),
            (
                r#"{"name":"x","list":[{"lat":"x"}]}"#,
                "list[0].lat：应为数字",
                "list[0].lat: must be a number",
            ),
            (
                r#"{"name":"x","list":[{"lng":1}]}"#,
                "list[0].lng：没有这个字段",
                "list[0].lng: there is no such field",
            ),
            (
                r#"{"name":"x","on":"yes"}"#,
                "on：应为 true 或 false",
                "on: must be true or false",
            ),
            (
                r#"{"name":NaN}"#,
                "第 1 行第 9 个字符处不是有效的 JSON",
                "it is no JSON at line 1, column 9",
            ),
            ("{", "JSON 不完整", "the JSON ends too early"),
        ];
        for (text, zh, en) in table {
            assert_eq!(said(text), (zh.to_owned(), en.to_owned()), "{text}");
        }
        let (_, en) = said(r#"{"name":"x","list":[{"lat":1e999}]}"#);
        assert!(en.contains("too large"), "{en}");
    }

    #[test]
    fn no_sentence_of_the_reader_is_passed_on() {
        let (zh, en) = {
            let said = sentence(
                "a",
                "invalid something, expected fieldline::Thing at line 1 column 2",
            );
            (said.zh, said.en)
        };
        assert_eq!(
            (zh.as_str(), en.as_str()),
            ("a：内容不符合要求", "a: is not what it takes")
        );
    }
}
