//! An article's sections sorted into what its page shows.
//!
//! Companies write sections as they like; headings tell which one is which. A section nobody can place joins the steps,
//! so that nothing is left out.

use fieldline_model::operation::Section;

use super::view::pick;
use crate::words::Lang;

/// What an article says, by kind.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) symptom: String,
    pub(super) causes: Vec<String>,
    pub(super) steps: Vec<String>,
    pub(super) parts: Vec<String>,
}

#[derive(Clone, Copy)]
enum Kind {
    Symptom,
    Causes,
    Parts,
    Steps,
}

/// What headings say, in both languages, lower case.
const HEADINGS: [(Kind, &[&str]); 3] = [
    (Kind::Symptom, &["现象", "症状", "symptom", "what is seen"]),
    (Kind::Causes, &["原因", "cause"]),
    (Kind::Parts, &["备件", "parts"]),
];

/// Sorts sections, in order.
pub(super) fn sorted(lang: Lang, sections: &[&Section]) -> Sorted {
    let mut out = Sorted::default();
    for section in sections {
        let heading = format!("{} {}", section.heading_zh, section.heading_en).to_lowercase();
        let known = HEADINGS
            .iter()
            .find(|(_, words)| words.iter().any(|word| heading.contains(word)));
        let body = pick(lang, &section.body_zh, &section.body_en);
        let lines = body
            .lines()
            .map(plain)
            .filter(|line| !line.is_empty())
            .map(str::to_owned);
        match known.map_or(Kind::Steps, |(kind, _)| *kind) {
            Kind::Symptom => body.trim().clone_into(&mut out.symptom),
            Kind::Causes => out.causes.extend(lines),
            Kind::Parts => out.parts.extend(lines),
            Kind::Steps => out.steps.extend(lines),
        }
    }
    out
}

/// A line without the number or dash it was written with; the list puts its own.
fn plain(line: &str) -> &str {
    let line = line.trim();
    let bare = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = bare.len() < line.len();
    match bare.strip_prefix(['.', '、', ')', '）']) {
        Some(rest) if numbered => rest.trim_start(),
        _ => line.strip_prefix(['-', '•', '·']).unwrap_or(line).trim_start(),
    }
}

/// Where in a text one of the words stands, with some text around, in pieces: text and whether it matched.
pub(super) fn excerpt(text: &str, search: &str) -> Vec<(String, bool)> {
    const AROUND: usize = 40;
    let chars: Vec<char> = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .collect();
    let lower: Vec<char> = chars
        .iter()
        .map(|c| c.to_lowercase().next().unwrap_or(*c))
        .collect();
    let words = search
        .split_whitespace()
        .map(|word| word.to_lowercase().chars().collect::<Vec<char>>());
    let found = words.filter(|word| !word.is_empty()).find_map(|word| {
        lower
            .windows(word.len())
            .position(|window| window == word)
            .map(|at| (at, at + word.len()))
    });
    let cut = |from: usize, to: usize| -> String {
        chars[from.min(chars.len())..to.min(chars.len())].iter().collect()
    };
    let Some((from, to)) = found else {
        return vec![(ended(cut(0, 2 * AROUND), chars.len() > 2 * AROUND), false)];
    };
    let begin = from.saturating_sub(AROUND);
    let before = if begin > 0 {
        format!("…{}", cut(begin, from))
    } else {
        cut(begin, from)
    };
    vec![
        (before, false),
        (cut(from, to), true),
        (ended(cut(to, to + AROUND), chars.len() > to + AROUND), false),
    ]
}

fn ended(mut text: String, more: bool) -> String {
    if more {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_lose_the_numbers_they_were_typed_with() {
        assert_eq!(plain("1. 关机"), "关机");
        assert_eq!(plain("12、断电"), "断电");
        assert_eq!(plain("- fuse"), "fuse");
        assert_eq!(plain("5 V present"), "5 V present");
    }

    #[test]
    fn an_excerpt_marks_what_was_searched() {
        let pieces = excerpt("纸盒里的纸受潮后容易卡纸，请更换", "卡纸");
        assert_eq!(pieces[1], ("卡纸".to_owned(), true));
        assert_eq!(excerpt("Paper jam", "JAM")[1], ("jam".to_owned(), true));
        assert_eq!(excerpt("nothing", "zzz"), vec![("nothing".to_owned(), false)]);
        assert_eq!(excerpt("", "a"), vec![(String::new(), false)]);
    }
}
