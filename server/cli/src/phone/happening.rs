//! What an entry says, in one line: who did what when.

use fieldline_engine::view::{EntryView, TicketView};
use fieldline_model::cancel::cancel_words;
use fieldline_model::id::EngineerId;
use fieldline_model::operation::{Act, Answer, Author};
use fieldline_model::row::{Row, RowKind};

use super::{Phone, label, photo};
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
        text.push_str(&format!("  [{}]", lang.t(w::WAIT_HELD)));
    } else if entry.carried {
        text.push_str(&format!("  [{}]", lang.t(w::CARRIED)));
    } else if entry.pending {
        text.push_str(&format!("  [{}]", lang.t(w::PENDING)));
    }
    // What HQ has not decided is overruled by nobody.
    if let Some(code) = entry.overruled.filter(|_| !entry.pending) {
        let why = fieldline_model::reason::words(code, crate::fault::model_lang(lang));
        text.push_str(&format!("  [{}: {why}]", lang.t(w::FATE_OVERRULED)));
    }
    text
}

/// Who did it.
pub(super) fn author(phone: &Phone, by: Author) -> String {
    match by {
        Author::Engineer(id) => engineer(phone, id),
        Author::Staff(_) => phone.lang.t(w::HQ).to_owned(),
        Author::Customer => phone.lang.t(w::THE_CUSTOMER).to_owned(),
        Author::Server => phone.lang.t(w::THE_SERVER).to_owned(),
    }
}

/// An engineer's name, when the phone knows it.
pub(super) fn engineer(phone: &Phone, id: EngineerId) -> String {
    match phone.engine.row(RowKind::Engineer, &id.to_string()) {
        Ok(Some(Row::Engineer(row))) => phone.either(&row.name, &row.name_en).to_owned(),
        _ => phone.lang.t(w::COLLEAGUE).to_owned(),
    }
}

fn details(phone: &Phone, view: &TicketView, act: &Act) -> String {
    let lang = phone.lang;
    match act {
        Act::Offer { to, plan, .. } | Act::Reassign { to, plan, .. } => {
            let names: Vec<String> = to.iter().map(|id| engineer(phone, *id)).collect();
            let plan = plan
                .map(|plan| phone.clock.window(plan.start, plan.end))
                .unwrap_or_default();
            format!("→ {}  {plan}", names.join(", ")).trim_end().to_owned()
        }
        Act::Reschedule { plan, .. } => phone.clock.window(plan.start, plan.end),
        Act::Cancel { reason } => cancel_words(reason, crate::fault::model_lang(lang)).to_owned(),
        Act::Reopen { reason } => reason.clone(),
        Act::Resolve { text } | Act::Note { text } | Act::Message { text } | Act::Annotate { text, .. } => {
            text.clone()
        }
        Act::Decline { reason, text, .. } => format!("{} {text}", lang.t(label::decline(*reason)))
            .trim_end()
            .to_owned(),
        Act::Pause { reason, .. } => lang.t(label::pause(*reason)).to_owned(),
        Act::Finish { completion, .. } => {
            let codes = [&completion.cause, &completion.remedy].into_iter().flatten();
            let words: Vec<String> = codes.map(|code| code_words(phone, code)).collect();
            let parts = [
                lang.t(label::result(completion.result)).to_owned(),
                words.join(" / "),
                completion.text.clone(),
            ];
            parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        }
        Act::Depart { eta: Some(at), .. } | Act::Estimate { arrival: at, .. } => {
            fill(lang, w::ARRIVING, &[("x", &phone.clock.short(*at))])
        }
        Act::Answer { item, answer } => {
            let words = view
                .checklist
                .as_ref()
                .and_then(|list| list.items.iter().find(|known| known.id == *item));
            let words = words.map_or(item.as_str(), |item| phone.either(&item.zh, &item.en));
            format!("{words}: {}", answer_words(phone, answer))
        }
        Act::TransferPart {
            part,
            quantity,
            from,
            to,
        } => {
            let values = [
                ("part", part_words(phone, &part.to_string())),
                ("n", quantity.to_string()),
                ("place", place_words(phone, &from.to_string())),
                ("to", place_words(phone, &to.to_string())),
            ];
            fill(
                lang,
                w::PART_MOVED,
                &values.each_ref().map(|(key, value)| (*key, value.as_str())),
            )
        }
        Act::UsePart { part, quantity, from } | Act::RequestPart { part, quantity, from } => {
            let values = [
                ("part", part_words(phone, &part.to_string())),
                ("n", quantity.to_string()),
                ("place", place_words(phone, &from.to_string())),
            ];
            fill(
                lang,
                w::PART_TIMES,
                &values.each_ref().map(|(key, value)| (*key, value.as_str())),
            )
        }
        Act::Attach(file) => phone.either(&file.title_zh, &file.title_en).to_owned(),
        Act::Photo(taken) => photo::words(lang, taken),
        Act::Sign { name, .. } => name.clone(),
        Act::Wish { span, text } => format!("{} {text}", phone.clock.window(span.start, span.end))
            .trim_end()
            .to_owned(),
        Act::Rate { stars, text } => fill(lang, w::STARS, &[("n", &stars.to_string()), ("text", text)]),
        Act::Create(_)
        | Act::SetFacts(_)
        | Act::Triage
        | Act::Close
        | Act::MergeInto { .. }
        | Act::Rule(_)
        | Act::Accept { .. }
        | Act::Depart { eta: None, .. }
        | Act::Arrive { .. }
        | Act::Start { .. }
        | Act::Resume { .. }
        | Act::Urge
        | Act::Publish(_)
        | Act::WriteSection(_)
        | Act::Detach { .. } => String::new(),
    }
}

/// An answer as it is read.
pub(super) fn answer_words(phone: &Phone, answer: &Answer) -> String {
    match answer {
        Answer::Tick(true) => phone.lang.t(w::YES).to_owned(),
        Answer::Tick(false) => phone.lang.t(w::NO).to_owned(),
        Answer::Reading { value, unit } => format!("{value} {unit}").trim_end().to_owned(),
        Answer::Text(text) => text.clone(),
    }
}

/// The words of a code, the code itself where there are none.
pub(super) fn code_words(phone: &Phone, code: &str) -> String {
    match phone.engine.row(RowKind::Code, code) {
        Ok(Some(Row::Code(row))) => phone.either(&row.zh, &row.en).to_owned(),
        _ => code.to_owned(),
    }
}

fn part_words(phone: &Phone, id: &str) -> String {
    match phone.engine.row(RowKind::Part, id) {
        Ok(Some(Row::Part(row))) => format!("{} {}", row.number, phone.either(&row.name_zh, &row.name_en)),
        _ => id.to_owned(),
    }
}

fn place_words(phone: &Phone, id: &str) -> String {
    match phone.engine.row(RowKind::Location, id) {
        Ok(Some(Row::Location(row))) => phone.either(&row.name_zh, &row.name_en).to_owned(),
        _ => id.to_owned(),
    }
}
