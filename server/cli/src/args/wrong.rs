//! What was not understood on the command line. In English clap says it itself; in Chinese it is said here.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use fieldline_server::words::Lang;

use super::phone::{MINUTES_WANTED, QUANTITY_WANTED, READING_WANTED};
use crate::answer::Say;
use crate::fault::Fault;
use crate::words::help as w;

/// Says it, and ends with clap's own exit code. Help and version are no failures and are printed as they are.
pub(crate) fn end(error: &Error, say: Say) -> ! {
    if error.exit_code() == 0 {
        error.exit();
    }
    if say.json {
        say.fault(&Fault::both("usage", |lang| words(error, lang)));
        std::process::exit(error.exit_code());
    }
    match chinese(error).filter(|_| say.lang == Lang::Zh) {
        Some(text) => {
            // Where nobody reads, nobody can be told.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
            std::process::exit(error.exit_code());
        }
        None => error.exit(),
    }
}

fn words(error: &Error, lang: Lang) -> String {
    let english = || error.render().to_string();
    let text = match lang {
        Lang::Zh => chinese(error).unwrap_or_else(english),
        Lang::En => english(),
    };
    text.trim().to_owned()
}

/// A program that reads JSON asked, as far as can be told before the line is understood.
pub(crate) fn wants_json(words: impl IntoIterator<Item = String>) -> bool {
    words
        .into_iter()
        .take_while(|word| word != "--")
        .any(|word| word == "--json")
}

/// The words; `None` for what is no failure or has no words here.
fn chinese(error: &Error) -> Option<String> {
    let one = |kind| error.get(kind).map(shown).unwrap_or_default();
    let (arg, value) = (one(ContextKind::InvalidArg), one(ContextKind::InvalidValue));
    let said = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有“{arg}”这个选项，或此处不需要它"),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", one(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("还需要：{}", listed(error, ContextKind::InvalidArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("“{arg}”需要一个值"),
        ErrorKind::InvalidValue => format!("“{arg}”不能是“{value}”"),
        ErrorKind::ValueValidation => format!("“{arg}”不能是“{value}”{}", wanted(error)),
        ErrorKind::TooManyValues => format!("“{arg}”的值太多：“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("“{arg}”的值的个数不对"),
        ErrorKind::NoEquals => format!("“{arg}”的值要用等号给出"),
        ErrorKind::ArgumentConflict => {
            let prior = listed(error, ContextKind::PriorArg);
            if prior == arg || prior.is_empty() {
                format!("“{arg}”只能给出一次")
            } else {
                format!("“{arg}”不能与 {prior} 同时使用")
            }
        }
        ErrorKind::MissingSubcommand => "还需要一个命令".to_owned(),
        ErrorKind::InvalidUtf8 => "命令行中有不是 UTF-8 的文字".to_owned(),
        _ => return None,
    };
    Some(format!("错误：{said}\n{}{}", hints(error), usage(error)))
}

/// What a value has to be, where its parser says so.
fn wanted(error: &Error) -> String {
    let why = std::error::Error::source(error).map(ToString::to_string);
    let why = why.unwrap_or_default();
    if let Some((_, range)) = why.split_once(" is not in ") {
        return format!("，范围是 {}", range.replace("..=", " 到 "));
    }
    let known = [
        (QUANTITY_WANTED, "，数量应为 1 到 10000 的整数"),
        (READING_WANTED, "，读数应为数字，例如 41.5"),
        (MINUTES_WANTED, "，分钟数应为不小于 0 的整数"),
        ("integer", "，应为整数"),
        ("digit", "，应为整数"),
        ("socket address", "，应为 127.0.0.1:8460 这样的地址和端口"),
    ];
    let found = known.iter().find(|(english, _)| why.contains(english));
    found.map_or(String::new(), |(_, chinese)| (*chinese).to_owned())
}

/// What can be chosen, or was meant.
fn hints(error: &Error) -> String {
    let lines = [
        (ContextKind::ValidValue, "可选值"),
        (ContextKind::ValidSubcommand, "可用命令"),
        (ContextKind::SuggestedArg, "是否要用"),
        (ContextKind::SuggestedSubcommand, "是否要用"),
        (ContextKind::SuggestedValue, "是否要用"),
    ];
    let lines = lines.into_iter().map(|(kind, name)| (name, listed(error, kind)));
    lines
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("  {name}：{values}\n"))
        .collect()
}

fn usage(error: &Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    if usage.is_empty() {
        return format!("\n{}\n", w::SEE_HELP);
    }
    let usage = usage
        .replace("[OPTIONS]", &format!("[{}]", w::OPTIONS))
        .replace("[COMMAND]", &format!("[{}]", w::COMMANDS))
        .replace("<COMMAND>", &format!("<{}>", w::COMMANDS));
    format!("\n{}{usage}\n\n{}\n", w::USAGE, w::SEE_HELP)
}

fn listed(error: &Error, kind: ContextKind) -> String {
    error.get(kind).map(shown).unwrap_or_default()
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::Number(number) => number.to_string(),
        ContextValue::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use fieldline_server::words::Lang;

    use super::*;
    use crate::args::help::command;

    fn said(words: &[&str]) -> String {
        let line = std::iter::once("fieldline").chain(words.iter().copied());
        let error = command(Lang::Zh).try_get_matches_from(line).expect_err("a slip");
        chinese(&error).expect("words")
    }

    /// "error: unexpected argument '--x' found" stood above a Chinese usage line.
    #[test]
    fn slips_are_told_in_chinese_without_english_sentences() {
        let slips: [(&[&str], &str); 6] = [
            (&["serve", "--colour"], "没有“--colour”这个选项"),
            (&["serv"], "没有“serv”这个命令"),
            (&["phone", "accept"], "还需要：<"),
            (&["--lang", "fr", "serve"], "不能是“fr”"),
            (&["backup", "--to"], "需要一个值"),
            (&["backup", "--to", "a", "--to", "b"], "“--to <DIR>”只能给出一次"),
        ];
        for (line, words) in slips {
            let text = said(line);
            assert!(
                text.starts_with("错误：") && text.contains(words),
                "{line:?}: {text}"
            );
            for english in [
                "error",
                "unexpected",
                "required",
                "Usage",
                "For more",
                "possible",
                "tip",
            ] {
                assert!(!text.contains(english), "{line:?}: {text}");
            }
        }
        assert!(said(&["serv"]).contains("是否要用：serve"));
        assert!(said(&["--lang", "fr", "serve"]).contains("可选值：zh、en"));
    }

    #[test]
    fn a_value_that_will_not_do_says_which_will() {
        let role = "可选值：admin、manager、dispatcher、agent、keeper";
        let add = ["admin", "user", "add", "x", "--role"];
        let slips: [(&[&str], &str); 9] = [
            (&[&add[..], &["boss"]].concat(), role),
            (&add, role),
            (&["phone", "pause", "1", "--reason", "lunch"], "可选值：break、"),
            (
                &["phone", "depart", "1", "--eta", "soon"],
                "分钟数应为不小于 0 的整数",
            ),
            (
                &["phone", "use-part", "1", "X", "-3"],
                "数量应为 1 到 10000 的整数",
            ),
            (
                &["phone", "use-part", "1", "X", "99999999999"],
                "数量应为 1 到 10000 的整数",
            ),
            (&["phone", "read", "1", "1", "abc"], "读数应为数字"),
            (&["serve", "--listen", "here"], "这样的地址和端口"),
            (
                &["admin", "token", "add", "x", "--user", "a", "--days", "0"],
                "范围是 1 到 3650",
            ),
        ];
        for (line, words) in slips {
            let text = said(line);
            assert!(text.contains(words), "{line:?}: {text}");
        }
    }

    /// "tip: to pass '-3' as a value, use '-- -3'", which leads nowhere.
    #[test]
    fn a_number_below_zero_is_told_what_it_must_be() {
        for (line, wanted) in [
            (&["phone", "use-part", "1", "X", "-3"][..], QUANTITY_WANTED),
            (&["phone", "use-part", "1", "X", "0"], QUANTITY_WANTED),
            (&["phone", "use-part", "1", "X", "10001"], QUANTITY_WANTED),
            (&["phone", "use-part", "1", "X", "99999999999"], QUANTITY_WANTED),
            (&["phone", "read", "1", "1", "abc"], READING_WANTED),
            (&["phone", "read", "1", "1", "nan"], READING_WANTED),
            (&["phone", "estimate", "1", "-5"], MINUTES_WANTED),
            (&["phone", "depart", "1", "--eta", "-5"], MINUTES_WANTED),
        ] {
            let line = std::iter::once("fieldline").chain(line.iter().copied());
            let error = command(Lang::En).try_get_matches_from(line).expect_err("a slip");
            let text = error.render().to_string();
            assert!(text.contains(wanted) && !text.contains("-- -"), "{text}");
        }
    }

    #[test]
    fn the_largest_quantity_is_the_rules_own() {
        let most = fieldline_model::operation::QUANTITY_MAX.to_string();
        assert!(QUANTITY_WANTED.ends_with(&format!(" to {most}")));
    }

    #[test]
    fn help_is_no_slip() {
        let error = command(Lang::Zh)
            .try_get_matches_from(["fieldline", "--help"])
            .expect_err("help");
        assert_eq!(chinese(&error), None);
    }
}
