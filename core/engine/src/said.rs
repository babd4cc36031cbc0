//! What an entry says beside its act, in both languages: names for ids, words for codes, the person's own words.
//!
//! Times are left to whoever shows them, because only he knows the zone: see [`when`].

use fieldline_model::cancel::cancel_words;
use fieldline_model::id::{EngineerId, LocationId, PartId};
use fieldline_model::operation::{Act, Answer, Author, Photo, Span};
use fieldline_model::reason::Lang;
use fieldline_model::row::{Checklist, Row, RowKind};

use crate::engine::Engine;
use crate::words::{self, Words};

/// One text in both languages, made of what is on this phone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// Made once for each language.
    pub fn each(mut make: impl FnMut(Lang) -> String) -> Self {
        Self {
            zh: make(Lang::Zh),
            en: make(Lang::En),
        }
    }

    /// Where one language is empty, the other stands for it.
    #[must_use]
    pub fn either(zh: &str, en: &str) -> Self {
        let or = |wanted: &str, other: &str| if wanted.is_empty() { other } else { wanted }.to_owned();
        Self {
            zh: or(zh, en),
            en: or(en, zh),
        }
    }

    /// The text in this language.
    #[must_use]
    pub fn t(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl From<Words> for Said {
    fn from(words: Words) -> Self {
        Self::either(words.zh, words.en)
    }
}

/// The time an act tells of: a plan, a wish, or an arrival, which begins and ends at once.
#[must_use]
pub fn when(act: &Act) -> Option<Span> {
    match act {
        Act::Offer { plan, .. } | Act::Reassign { plan, .. } => *plan,
        Act::Reschedule { plan, .. } => Some(*plan),
        Act::Wish { span, .. } => Some(*span),
        Act::Depart { eta: Some(at), .. } | Act::Estimate { arrival: at, .. } => {
            Some(Span { start: *at, end: *at })
        }
        _ => None,
    }
}

/// An answer as it is read.
#[must_use]
pub fn answer(answer: &Answer) -> Said {
    match answer {
        Answer::Tick(true) => words::YES.into(),
        Answer::Tick(false) => words::NO.into(),
        Answer::Reading { value, unit } => {
            let text = format!("{value} {unit}");
            Said::either(text.trim_end(), "")
        }
        Answer::Text(text) => Said::either(text, ""),
    }
}

/// A photo: what it shows, and its words.
#[must_use]
pub fn photo(photo: &Photo) -> Said {
    let shows = words::photo(photo.kind);
    Said::each(|lang| joined(" · ", &[shows.t(lang), &photo.caption]))
}

/// So many of a part from a place.
#[must_use]
pub fn part_times(part: &Said, quantity: i64, place: &Said) -> Said {
    Said {
        zh: format!("{} × {quantity}，取自{}", part.zh, place.zh),
        en: format!("{} × {quantity} from {}", part.en, place.en),
    }
}

fn joined(between: &str, parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

impl Engine {
    /// Who did it.
    #[must_use]
    pub fn author_words(&self, by: Author) -> Said {
        match by {
            Author::Engineer(id) => self.engineer_words(id),
            Author::Staff(_) => words::HQ.into(),
            Author::Customer => words::CUSTOMER.into(),
            Author::Server => words::SERVER.into(),
        }
    }

    /// An engineer's name, when the phone knows it.
    #[must_use]
    pub fn engineer_words(&self, id: EngineerId) -> Said {
        match self.row(RowKind::Engineer, &id.to_string()) {
            Ok(Some(Row::Engineer(row))) => Said::either(&row.name, &row.name_en),
            _ => words::COLLEAGUE.into(),
        }
    }

    /// The words of a code, the code itself where there are none.
    #[must_use]
    pub fn code_words(&self, code: &str) -> Said {
        match self.row(RowKind::Code, code) {
            Ok(Some(Row::Code(row))) => Said::either(&row.zh, &row.en),
            _ => Said::either(code, ""),
        }
    }

    /// A part: the number on its box and its name.
    #[must_use]
    pub fn part_words(&self, id: PartId) -> Said {
        match self.row(RowKind::Part, &id.to_string()) {
            Ok(Some(Row::Part(row))) => {
                let name = Said::either(&row.name_zh, &row.name_en);
                Said::each(|lang| format!("{} {}", row.number, name.t(lang)))
            }
            _ => Said::either(&id.to_string(), ""),
        }
    }

    /// The name of a place for parts.
    #[must_use]
    pub fn place_words(&self, id: LocationId) -> Said {
        match self.row(RowKind::Location, &id.to_string()) {
            Ok(Some(Row::Location(row))) => Said::either(&row.name_zh, &row.name_en),
            _ => Said::either(&id.to_string(), ""),
        }
    }

    /// What an act says beside its name; empty where that says all. Items of `checklist` are called by their words.
    #[must_use]
    pub fn detail(&self, act: &Act, checklist: Option<&Checklist>) -> Said {
        match act {
            Act::Offer { to, .. } | Act::Reassign { to, .. } => {
                let names: Vec<Said> = to.iter().map(|id| self.engineer_words(*id)).collect();
                Said::each(|lang| {
                    let names: Vec<&str> = names.iter().map(|name| name.t(lang)).collect();
                    format!("→ {}", names.join(", "))
                })
            }
            Act::Cancel { reason } => Said::each(|lang| cancel_words(reason, lang).to_owned()),
            Act::Reopen { reason: text }
            | Act::Resolve { text }
            | Act::Note { text }
            | Act::Message { text }
            | Act::Wish { text, .. }
            | Act::Annotate { text, .. } => Said::either(text, ""),
            Act::Decline { reason, text, .. } => {
                Said::each(|lang| joined(" ", &[words::decline(*reason).t(lang), text]))
            }
            Act::Pause { reason, .. } => words::pause(*reason).into(),
            Act::Finish { completion, .. } => {
                let codes = [&completion.cause, &completion.remedy].into_iter().flatten();
                let codes: Vec<Said> = codes.map(|code| self.code_words(code)).collect();
                Said::each(|lang| {
                    let codes: Vec<&str> = codes.iter().map(|code| code.t(lang)).collect();
                    let result = words::result(completion.result).t(lang);
                    joined(" · ", &[result, &codes.join(" / "), &completion.text])
                })
            }
            Act::Answer { item, answer } => answered(item, answer, checklist),
            Act::UsePart { part, quantity, from } | Act::RequestPart { part, quantity, from } => {
                let (part, place) = (self.part_words(*part), self.place_words(*from));
                part_times(&part, i64::from(*quantity), &place)
            }
            Act::TransferPart {
                part,
                quantity,
                from,
                to,
            } => {
                let part = self.part_words(*part);
                let (from, to) = (self.place_words(*from), self.place_words(*to));
                Said {
                    zh: format!("{} × {quantity}，{} → {}", part.zh, from.zh, to.zh),
                    en: format!("{} × {quantity}, {} → {}", part.en, from.en, to.en),
                }
            }
            Act::Attach(file) => Said::either(&file.title_zh, &file.title_en),
            Act::Photo(taken) => photo(taken),
            Act::Sign { name, .. } => Said::either(name, ""),
            Act::Rate { stars, text } => Said {
                zh: joined(" ", &[&format!("{stars}/5"), text]),
                en: joined(" ", &[&format!("{stars} of 5"), text]),
            },
            Act::Create(_)
            | Act::SetFacts(_)
            | Act::Triage
            | Act::Reschedule { .. }
            | Act::Close
            | Act::MergeInto { .. }
            | Act::Rule(_)
            | Act::Accept { .. }
            | Act::Depart { .. }
            | Act::Arrive { .. }
            | Act::Start { .. }
            | Act::Resume { .. }
            | Act::Estimate { .. }
            | Act::Urge
            | Act::Publish(_)
            | Act::WriteSection(_)
            | Act::Detach { .. } => Said::default(),
        }
    }
}

fn answered(item: &str, given: &Answer, checklist: Option<&Checklist>) -> Said {
    let items = checklist.into_iter().flat_map(|list| &list.items);
    let known = items.into_iter().find(|known| known.id == item);
    let name = known.map_or_else(
        || Said::either(item, ""),
        |known| Said::either(&known.zh, &known.en),
    );
    let given = answer(given);
    Said::each(|lang| format!("{}: {}", name.t(lang), given.t(lang)))
}
