//! Help in the reader's language: clap's own pages in English, the same pages with their words replaced in Chinese.
//!
//! Nothing but words changes: commands, options and values are the same in both.

use clap::{Arg, Command, CommandFactory};
use fieldline_server::words::Lang;

use super::{Args, LangArg};
use crate::words::help as w;

/// Place among the options of those that every command has: behind its own.
pub(crate) const GLOBAL: usize = 900;

/// The language of the help: `--lang` wherever it stands among these words, otherwise as the environment says. clap
/// prints help before it tells what else was asked.
pub(crate) fn lang(words: impl Iterator<Item = String>, variable: impl Fn(&str) -> Option<String>) -> Lang {
    let words: Vec<String> = words.take_while(|word| word != "--").collect();
    let after = |place: usize| words.get(place + 1).map(String::as_str);
    let mut asked = words.iter().enumerate().filter_map(|(place, word)| {
        let value = match word.strip_prefix("--lang=") {
            Some(value) => Some(value),
            None if word == "--lang" => after(place),
            None => None,
        };
        <LangArg as clap::ValueEnum>::from_str(value?, true).ok()
    });
    LangArg::or_environment(asked.next_back(), variable)
}

/// The command line with its help in this language.
pub(crate) fn command(lang: Lang) -> Command {
    let mut command = Args::command();
    // What clap adds by itself is there only after building.
    command.build();
    let command = in_place(command);
    match lang {
        Lang::En => command,
        Lang::Zh => chinese(command, ""),
    }
}

/// `--help` and `--version` stand last.
fn in_place(command: Command) -> Command {
    let last = |arg: Arg| match arg.get_id().as_str() {
        "help" | "version" => arg.display_order(GLOBAL + 1),
        _ => arg,
    };
    command.mut_args(last).mut_subcommands(in_place)
}

fn chinese(command: Command, path: &str) -> Command {
    let usage = command.clone().render_usage().to_string();
    let usage = usage
        .trim_start_matches("Usage: ")
        .replace("[OPTIONS]", &format!("[{}]", w::OPTIONS))
        .replace("[COMMAND]", &format!("[{}]", w::COMMANDS))
        .replace("<COMMAND>", &format!("<{}>", w::COMMANDS));
    // Every command with commands below it has clap's `help` among them.
    let key = if path.ends_with(" help") { "help" } else { path };
    let about = word(key).unwrap_or_default();
    let template = template(&command);
    command
        .about(about)
        .override_usage(usage)
        .help_template(template)
        .mut_args(|arg| argument(arg, path))
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name()).trim_start().to_owned();
            if path.starts_with("help ") || path.contains(" help ") {
                sub
            } else {
                chinese(sub, &path)
            }
        })
}

/// The page. Headings of clap's own are English, and under others it sorts what stands at a place by the alphabet.
fn template(command: &Command) -> String {
    let mut page = format!("{{before-help}}{{about-with-newline}}\n{}{{usage}}\n", w::USAGE);
    let blocks = [
        (command.has_subcommands(), w::COMMANDS, "subcommands"),
        (
            command.get_positionals().next().is_some(),
            w::ARGUMENTS,
            "positionals",
        ),
        (true, w::OPTIONS, "options"),
    ];
    for (_, heading, tag) in blocks.iter().filter(|(is_there, ..)| *is_there) {
        page.push_str(&format!("\n{heading}：\n{{{tag}}}\n"));
    }
    page + "{after-help}"
}

fn argument(arg: Arg, path: &str) -> Arg {
    let mut text = match arg.get_id().as_str() {
        "help" => w::HELP.to_owned(),
        "version" => w::VERSION.to_owned(),
        id => of_argument(path, id).unwrap_or_default(),
    };
    let aside = |name: &str, value: String| {
        if value.is_empty() {
            String::new()
        } else {
            format!(" [{name}：{value}]")
        }
    };
    let takes_value = arg.get_action().takes_values();
    let defaults = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy());
    let defaults: Vec<_> = defaults.filter(|_| takes_value).collect();
    text.push_str(&aside(w::DEFAULT, defaults.join(" ")));
    let variable = arg.get_env().map(|name| name.to_string_lossy().into_owned());
    text.push_str(&aside(w::VARIABLE, variable.unwrap_or_default()));
    if takes_value {
        text.push_str(&values(&arg, path));
    }
    arg.help(text.clone())
        .long_help(text)
        .hide_default_value(true)
        .hide_env(true)
        .hide_possible_values(true)
}

/// One line for each value that can be chosen.
fn values(arg: &Arg, path: &str) -> String {
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| {
            let name = value.get_name();
            let said = of_argument(path, &format!("{}={name}", arg.get_id()));
            format!("\n- {name}：{}", said.unwrap_or_default())
        })
        .collect();
    if values.is_empty() {
        return String::new();
    }
    format!("\n{}：{}", w::VALUES, values.concat())
}

/// Words of an argument: of this command, otherwise of any command that has one of this name.
fn of_argument(path: &str, id: &str) -> Option<String> {
    word(&format!("{path}.{id}")).or_else(|| word(&format!(".{id}")))
}

/// Backquotes mark commands for the tests and are not shown.
fn word(key: &str) -> Option<String> {
    let found = w::WORDS.iter().find(|(known, _)| *known == key);
    found.map(|(_, text)| text.replace('`', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every command, argument and value that has English help, as the keys of the Chinese table.
    fn keys(command: &Command, path: &str, out: &mut Vec<String>) {
        out.push(path.to_owned());
        for arg in command
            .get_arguments()
            .filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version"))
        {
            let key = format!("{path}.{}", arg.get_id());
            if arg.get_action().takes_values() {
                out.extend(
                    arg.get_possible_values()
                        .iter()
                        .map(|value| format!("{key}={}", value.get_name())),
                );
            }
            out.push(key);
        }
        for sub in command.get_subcommands() {
            let path = format!("{path} {}", sub.get_name()).trim_start().to_owned();
            keys(sub, &path, out);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_words_and_none_is_left_over() {
        let mut wanted = Vec::new();
        keys(&Args::command(), "", &mut wanted);
        let mut used: BTreeSet<&str> = BTreeSet::from(["help"]);
        for key in &wanted {
            let (_, id) = key.split_once('.').unwrap_or((key, ""));
            let found = w::WORDS.iter().find(|(known, _)| known == key).or_else(|| {
                w::WORDS
                    .iter()
                    .find(|(known, _)| !id.is_empty() && *known == format!(".{id}"))
            });
            let (known, text) = found.unwrap_or_else(|| panic!("no Chinese for “{key}”"));
            assert!(!text.is_empty());
            used.insert(known);
        }
        let unused: Vec<_> = w::WORDS.iter().filter(|(key, _)| !used.contains(key)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    fn pages(command: &mut Command, out: &mut String) {
        for sub in command.get_subcommands() {
            let said = sub.get_about().map(ToString::to_string);
            assert!(said.is_some_and(|said| !said.is_empty()), "{command} {sub}");
        }
        out.push_str(&command.render_help().to_string());
        out.push_str(&command.render_long_help().to_string());
        for sub in command
            .get_subcommands_mut()
            .filter(|sub| sub.get_name() != "help")
        {
            pages(sub, out);
        }
    }

    #[test]
    fn chinese_pages_hold_no_english_words_of_claps() {
        let mut command = command(Lang::Zh);
        let mut text = String::new();
        pages(&mut command, &mut text);
        for english in [
            "Usage",
            "Options",
            "Arguments",
            "Commands",
            "OPTIONS",
            "COMMAND",
            "default",
            "env:",
            "possible",
            "Print",
        ] {
            assert!(!text.contains(english), "{english}: {text}");
        }
        assert!(
            text.contains("用法：fieldline phone sign") && text.contains("- waiting_parts：等待备件"),
            "{text}"
        );
    }

    #[test]
    fn the_language_is_known_before_anything_else_is_read() {
        let of = |words: &[&str]| lang(words.iter().map(|word| (*word).to_owned()), |_| None);
        assert_eq!(of(&["fieldline", "phone", "--help", "--lang", "zh"]), Lang::Zh);
        assert_eq!(of(&["fieldline", "--lang=zh", "--help"]), Lang::Zh);
        assert_eq!(of(&["fieldline", "--help"]), Lang::En);
        assert_eq!(
            of(&["fieldline", "phone", "note", "1", "--", "--lang=zh"]),
            Lang::En
        );
        let chinese = |key: &str| (key == "LANG").then(|| "zh_CN.UTF-8".to_owned());
        assert_eq!(lang(["fieldline".to_owned()].into_iter(), chinese), Lang::Zh);
    }

    #[test]
    fn both_languages_read_the_same_commands() {
        let line = [
            "fieldline",
            "phone",
            "--store",
            "a",
            "finish",
            "1",
            "--result",
            "could_not",
            "--json",
        ];
        for lang in [Lang::Zh, Lang::En] {
            let matches = command(lang).try_get_matches_from(line).unwrap();
            let args = <Args as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
            assert!(args.json, "{args:?}");
        }
    }

    fn in_order(command: &Command, out: &mut usize) {
        let mut command = command.clone();
        let usage = command.render_usage().to_string();
        let help = command.render_long_help().to_string();
        let (_, listed) = help.split_once(w::ARGUMENTS).unwrap_or_default();
        let place = |text: &str, arg: &Arg| {
            let name = arg
                .get_value_names()
                .and_then(|names| names.first())
                .map(ToString::to_string);
            let name = name.unwrap_or_else(|| arg.get_id().as_str().to_uppercase());
            let found = ["<", "["]
                .iter()
                .filter_map(|mark| text.find(&format!("{mark}{name}")))
                .min();
            found.unwrap_or_else(|| panic!("{name}: {text}"))
        };
        let args: Vec<&Arg> = command.get_positionals().collect();
        for two in args.windows(2) {
            for text in [usage.as_str(), listed] {
                assert!(place(text, two[0]) < place(text, two[1]), "{text}");
            }
            *out += 1;
        }
        command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help")
            .for_each(|sub| in_order(sub, out));
    }

    /// `phone use-part` named its part before its ticket: clap had them by the alphabet.
    #[test]
    fn chinese_pages_list_arguments_in_the_order_they_are_typed_in() {
        let mut pairs = 0;
        in_order(&command(Lang::Zh), &mut pairs);
        assert!(pairs > 10, "{pairs}");
    }

    /// `phone finish` had its cause between the phone's directory and the company's certificates.
    #[test]
    fn options_of_a_command_stand_before_those_that_every_command_has() {
        for lang in [Lang::Zh, Lang::En] {
            let mut command = command(lang);
            let phone = command.find_subcommand_mut("phone").expect("a command");
            let finish = phone.find_subcommand_mut("finish").expect("a command");
            let page = finish.render_long_help().to_string();
            let at = |option: &str| page.find(option).unwrap_or_else(|| panic!("{option}: {page}"));
            for (own, every) in [("--cause", "--lang"), ("--text", "--store"), ("--lang", "--help")] {
                assert!(at(own) < at(every), "{own} {every}: {page}");
            }
        }
    }
}
