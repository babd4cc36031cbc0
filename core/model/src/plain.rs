//! Plain text: what may not stand in a text, and taking it out.
//!
//! Embeddings, overrides and isolates of writing direction reorder whatever is printed after them, and control
//! characters move a terminal's cursor. Numbers and names that are copied bring them along unseen, so whoever authors
//! takes them out, the phone and HQ by the same function, and nothing is refused for them: an older phone's honest work
//! keeps its fate. What stands in a document already stays there, and whoever shows a text takes them out again.
//! Marks that keyboards set between letters (U+200E, U+200F, joiners) reach no further than their neighbours and stay.

use std::borrow::Cow;

use crate::operation::{Act, Answer};
use crate::row::{PastWork, Row};

/// True for a character that shows nothing itself and disturbs others. Line ends and tabs do not.
#[must_use]
pub fn is_stray(c: char) -> bool {
    is_reordering(c) || (c.is_control() && c != '\n' && c != '\t')
}

/// True for embeddings, overrides and isolates of writing direction.
#[must_use]
pub fn is_reordering(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// True for a text that shows nothing: space, stray characters, and those that are drawn without any ink.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || is_stray(c) || is_inkless(c))
}

/// Unicode's default ignorable characters, and the fillers and the empty Braille cell, which are letters by name only.
fn is_inkless(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The text without stray characters; line ends of any kind become `\n`.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_stray) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.chars().filter(|c| !is_stray(*c)).collect())
}

fn clear(text: &mut String) {
    if let Cow::Owned(clean) = plain(text) {
        *text = clean;
    }
}

fn clear_all<'a>(texts: impl IntoIterator<Item = &'a mut String>) {
    texts.into_iter().for_each(clear);
}

impl Act {
    /// The same act, its texts for people plain. Codes and ids are keys and stay as they are.
    #[must_use]
    pub fn plain(mut self) -> Self {
        match &mut self {
            Self::Create(facts) => clear_all([&mut facts.number, &mut facts.fault_text]),
            Self::SetFacts(edit) => clear_all(edit.fault_text.as_mut()),
            Self::Cancel { reason } | Self::Reopen { reason } => clear(reason),
            Self::Resolve { text }
            | Self::Note { text }
            | Self::Message { text }
            | Self::Annotate { text, .. }
            | Self::Decline { text, .. }
            | Self::Wish { text, .. }
            | Self::Rate { text, .. } => clear(text),
            Self::Finish { completion, .. } => clear(&mut completion.text),
            Self::Answer { answer, .. } => match answer {
                Answer::Tick(_) => {}
                Answer::Reading { unit, .. } => clear(unit),
                Answer::Text(text) => clear(text),
            },
            Self::Sign { name, path: _ } => clear(name),
            Self::Photo(photo) => clear(&mut photo.caption),
            Self::Publish(head) => clear_all([&mut head.title_zh, &mut head.title_en]),
            Self::WriteSection(section) => clear_all([
                &mut section.heading_zh,
                &mut section.heading_en,
                &mut section.body_zh,
                &mut section.body_en,
            ]),
            Self::Attach(file) => clear_all([&mut file.title_zh, &mut file.title_en]),
            Self::Triage
            | Self::Detach { .. }
            | Self::Offer { .. }
            | Self::Reassign { .. }
            | Self::Reschedule { .. }
            | Self::Close
            | Self::MergeInto { .. }
            | Self::Rule(_)
            | Self::Accept { .. }
            | Self::Depart { .. }
            | Self::Arrive { .. }
            | Self::Start { .. }
            | Self::Pause { .. }
            | Self::Resume { .. }
            | Self::Estimate { .. }
            | Self::UsePart { .. }
            | Self::RequestPart { .. }
            | Self::TransferPart { .. }
            | Self::Urge => {}
        }
        self
    }
}

impl Row {
    /// The same row, its texts for people plain. Codes and ids are keys and stay as they are.
    #[must_use]
    pub fn plain(mut self) -> Self {
        match &mut self {
            Self::Customer(row) => clear_all(
                [
                    &mut row.name_en,
                    &mut row.vip,
                    &mut row.sla_plan,
                    &mut row.contract,
                ]
                .into_iter()
                .flatten()
                .chain([&mut row.name]),
            ),
            Self::Contact(row) => clear_all([&mut row.name, &mut row.phone]),
            Self::Site(row) => clear_all([&mut row.city, &mut row.district, &mut row.address]),
            Self::Asset(row) => {
                clear_all([
                    &mut row.model,
                    &mut row.model_zh,
                    &mut row.model_en,
                    &mut row.serial,
                ]);
                row.history.iter_mut().for_each(clear_past);
            }
            Self::Engineer(row) => clear_all([&mut row.name, &mut row.name_en]),
            Self::Part(row) => clear_all([&mut row.number, &mut row.name_zh, &mut row.name_en]),
            Self::Stock(_) => {}
            Self::Location(row) => clear_all([&mut row.name_zh, &mut row.name_en]),
            Self::Checklist(row) => row.items.iter_mut().for_each(|item| {
                clear_all([&mut item.zh, &mut item.en].into_iter().chain(item.unit.as_mut()));
            }),
            Self::Code(row) => clear_all([&mut row.zh, &mut row.en]),
        }
        self
    }
}

fn clear_past(past: &mut PastWork) {
    clear_all([&mut past.number, &mut past.cause, &mut past.remedy]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reorders_or_moves_the_cursor_goes_and_the_rest_stays() {
        assert_eq!(
            plain("a\u{202e}b\u{2066}c\u{2069}d\u{1b}[2J\u{9b}\u{0}"),
            "abcd[2J"
        );
        assert_eq!(plain("\u{202d}0571 5550\u{202c}"), "0571 5550");
        assert_eq!(plain("a\r\nb\rc\td\n"), "a\nb\nc\td\n");
        // What keyboards write by themselves: marks, joiners, emoji of several characters.
        for honest in [
            "\u{200e}a\u{200f}",
            "می\u{200c}خواهم",
            "👩\u{200d}🔧",
            "卡纸",
            "a\n\tb",
        ] {
            assert!(
                matches!(plain(honest), Cow::Borrowed(same) if same == honest),
                "{honest:?}"
            );
        }
    }

    /// Every text of every act and row that a person may write, with something stray in it, by its JSON.
    const ACTS: &[&str] = &[
        r#"{"create":{"number":"§","fault_text":"§"}}"#,
        r#"{"set_facts":{"fault_text":"§"}}"#,
        r#"{"cancel":{"reason":"§"}}"#,
        r#"{"reopen":{"reason":"§"}}"#,
        r#"{"resolve":{"text":"§"}}"#,
        r#"{"note":{"text":"§"}}"#,
        r#"{"message":{"text":"§"}}"#,
        r#"{"annotate":{"section":null,"text":"§"}}"#,
        r#"{"decline":{"visit":"01JGEQ4200B5NT6X3DHWE925NQ","reason":"other","text":"§"}}"#,
        r#"{"wish":{"span":{"start":1,"end":2},"text":"§"}}"#,
        r#"{"rate":{"stars":5,"text":"§"}}"#,
        r#"{"finish":{"visit":"01JGEQ4200B5NT6X3DHWE925NQ","completion":{"result":"fixed","text":"§"}}}"#,
        r#"{"answer":{"item":"i","answer":{"reading":{"value":1.5,"unit":"§"}}}}"#,
        r#"{"answer":{"item":"i","answer":{"text":"§"}}}"#,
        r#"{"sign":{"name":"§","path":"M1 1"}}"#,
        r#"{"photo":{"blob":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"media":"image/png","caption":"§"}}"#,
        r#"{"publish":{"manual":false,"title_zh":"§","title_en":"§"}}"#,
        r#"{"attach":{"blob":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"media":"application/pdf","title_zh":"§","title_en":"§"}}"#,
        r#"{"write_section":{"order":1,"heading_zh":"§","heading_en":"§","body_zh":"§","body_en":"§"}}"#,
    ];
    const ROWS: &[&str] = &[
        r#"{"customer":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","name":"§","name_en":"§","vip":"§","sla_plan":"§","contract":"§"}}"#,
        r#"{"contact":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","customer":"01JGEQ4200B5NT6X3DHWE925NQ","name":"§","phone":"§"}}"#,
        r#"{"site":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","customer":"01JGEQ4200B5NT6X3DHWE925NQ","city":"§","district":"§","address":"§"}}"#,
        r#"{"asset":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","site":"01JGEQ4200B5NT6X3DHWE925NQ","category":"c","model":"§","model_zh":"§","model_en":"§","serial":"§","history":[{"number":"§","date":"2026-01-01","cause":"§","remedy":"§"}]}}"#,
        r#"{"engineer":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","name":"§","name_en":"§"}}"#,
        r#"{"part":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","number":"§","name_zh":"§","name_en":"§"}}"#,
        r#"{"location":{"id":"01JGEQ4200B5NT6X3DHWE925NQ","van":true,"name_zh":"§","name_en":"§"}}"#,
        r#"{"checklist":{"category":"c","items":[{"id":"i","kind":"text","zh":"§","en":"§","unit":"§"}]}}"#,
        r#"{"code":{"code":"c","sort":"fault","zh":"§","en":"§"}}"#,
    ];

    #[test]
    fn no_text_of_an_act_is_forgotten() {
        for line in ACTS {
            let read = |text: &str| {
                let json = line.replace('§', text);
                serde_json::from_str::<Act>(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
            };
            assert_eq!(read("a\u{202e}b\u{2067}c\\u001b").plain(), read("abc"), "{line}");
        }
    }

    #[test]
    fn no_text_of_a_row_is_forgotten() {
        for line in ROWS {
            let read = |text: &str| {
                let json = line.replace('§', text);
                serde_json::from_str::<Row>(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
            };
            assert_eq!(read("a\u{202e}b\u{2067}c\\u001b").plain(), read("abc"), "{line}");
        }
    }
}
