//! What an entry says, in one line: who did what when.

use fieldline_engine::said::{self, Said};
use fieldline_engine::view::{EntryView, TicketView};
use fieldline_model::id::EngineerId;
use fieldline_model::operation::{Act, Answer, Author};

use super::{Phone, label};
use crate::words::{fill, phone as w};

/// "14:10  accept  Chen Liqun  (unsent)".
pub(super) fn line(phone: &Phone, view: &TicketView, entry: &EntryView) -> String {
    let lang = phone.lang;
    let mut text = format!(
        "{}  {}  {}",
        phone.clock.short(entry.at.estimate()),
        label::act(lang, entry.word),
        author(phone, entry.by)
    );
    let details = details(phone, view, &entry.act);
    if !details.is_empty() {
        text.push_str(&format!("  {details}"));
    }
    if entry.held {
        text.push_str(&format!("  [{}]", label::waiting(lang, "held")));
    } else if entry.carried {
        text.push_str(&format!("  [{}]", lang.t(w::CARRIED)));
    } else if entry.pending {
        text.push_str(&format!("  [{}]", lang.t(w::PENDING)));
    }
    // What HQ has not decided is overruled by nobody.
    if let Some(code) = entry.overruled.filter(|_| !entry.pending) {
        let why = fieldline_model::reason::words(code, crate::fault::model_lang(lang));
        text.push_str(&format!("  [{}: {why}]", label::fate(lang, "overruled")));
    }
    text
}

/// Who did it.
pub(super) fn author(phone: &Phone, by: Author) -> String {
    said(phone, &phone.engine.author_words(by))
}

/// An engineer's name, when the phone knows it.
pub(super) fn engineer(phone: &Phone, id: EngineerId) -> String {
    said(phone, &phone.engine.engineer_words(id))
}

/// What an act says beside its name, with the time it tells of.
fn details(phone: &Phone, view: &TicketView, act: &Act) -> String {
    let lang = phone.lang;
    let words = said(phone, &phone.engine.detail(act, view.checklist.as_ref()));
    let Some(span) = said::when(act) else { return words };
    match act {
        Act::Depart { .. } | Act::Estimate { .. } => {
            fill(lang, w::ARRIVING, &[("x", &phone.clock.short(span.start))])
        }
        Act::Wish { .. } => format!("{} {words}", phone.clock.window(span.start, span.end))
            .trim_end()
            .to_owned(),
        _ => format!("{words}  {}", phone.clock.window(span.start, span.end))
            .trim_start()
            .to_owned(),
    }
}

/// An answer as it is read.
pub(super) fn answer_words(phone: &Phone, answer: &Answer) -> String {
    said(phone, &said::answer(answer))
}

/// The words of a code, the code itself where there are none.
pub(super) fn code_words(phone: &Phone, code: &str) -> String {
    said(phone, &phone.engine.code_words(code))
}

fn said(phone: &Phone, said: &Said) -> String {
    said.t(crate::fault::model_lang(phone.lang)).to_owned()
}
