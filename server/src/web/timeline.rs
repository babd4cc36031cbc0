//! A ticket's entries as lines of the timeline, with the gaps between what happened and what HQ heard.

use fieldline_model::cancel::cancel_words;
use fieldline_model::id::{EngineerId, OperationId};
use fieldline_model::operation::{Act, Answer, Author, DeclineReason};
use fieldline_model::time::Timestamp;

use super::Web;
use super::frame::model_lang;
use super::record::{Line, TicketRecord};
use super::ticket::link::LinkLine;
use super::ticket::photo::shows;
use super::view::{pause, pick, result};
use super::why::why;
use crate::page::label::Fate;
use crate::page::ticket::timeline::{Entry, Gap, Happening, Item};
use crate::words::{Lang, ticket as t};

/// Work that waited longer than this on a phone was done without contact.
const OFFLINE_MS_MIN: i64 = 30 * 60 * 1000;
/// Entries received within this time came together.
const TOGETHER_MS: i64 = 10 * 1000;

/// The timeline, newest first; what became of links stands in no document and is told between the entries.
pub(super) fn items(web: &Web, lang: Lang, record: &TicketRecord, links: &[LinkLine]) -> Vec<Item> {
    let mut lines: Vec<&Line> = record.lines.iter().collect();
    lines.sort_by_key(|line| (line.at, line.seq));
    let mut items = Vec::with_capacity(lines.len() + links.len());
    for (place, line) in lines.iter().enumerate() {
        items.push((line.at, item(web, lang, record, line)));
        if let Some(gap) = gap_after(web, &lines, place) {
            items.push((line.at, Item::Gap(gap)));
        }
    }
    items.extend(links.iter().map(|link| (link.at, link.item(web, lang))));
    items.sort_by_key(|(at, _)| *at);
    items.into_iter().rev().map(|(_, item)| item).collect()
}

/// One line.
pub(crate) fn item(web: &Web, lang: Lang, record: &TicketRecord, line: &Line) -> Item {
    let by_phone = matches!(line.entry.by, Author::Engineer(_));
    let fate = line
        .overruled
        .as_deref()
        .map(|code| (Fate::Overruled, why(lang, code)));
    Item::Entry(Entry {
        id: line.id.to_string(),
        who: record.who(lang, line.entry.by),
        what: match &line.entry.act {
            Act::Note { text } => note(lang, record, line.id, text),
            act => happening(web, lang, record, act),
        },
        at: web.stamp(line.at),
        device: line.clamped.then(|| web.stamp(line.entry.at.wall)),
        received: by_phone.then(|| web.stamp(line.received)),
        fate,
    })
}

/// The gap told behind the last of an engineer's entries that arrived together, if the first of them was old by then.
fn gap_after(web: &Web, lines: &[&Line], place: usize) -> Option<Gap> {
    let line = lines.get(place)?;
    let engineer = phone_of(line)?;
    let together = |other: &&&Line| {
        phone_of(other) == Some(engineer) && (other.received.since(line.received)).abs() <= TOGETHER_MS
    };
    if lines.iter().skip(place + 1).any(|other| together(&other)) {
        return None;
    }
    let first: Timestamp = lines.iter().filter(together).map(|other| other.at).min()?;
    let waited = line.received.since(first);
    (waited >= OFFLINE_MS_MIN).then(|| Gap::Offline {
        minutes: waited / 60_000,
        received: web.stamp(line.received),
    })
}

fn phone_of(line: &Line) -> Option<EngineerId> {
    match line.entry.by {
        Author::Engineer(id) => Some(id),
        Author::Staff(_) | Author::Customer | Author::Server => None,
    }
}

/// A note, or the reason of something HQ did.
fn note(lang: Lang, record: &TicketRecord, id: OperationId, text: &str) -> Happening {
    let told = record.note(lang, id, text);
    if told == text {
        Happening::Note(told)
    } else {
        Happening::Because(told)
    }
}

/// What an act tells.
pub(crate) fn happening(web: &Web, lang: Lang, record: &TicketRecord, act: &Act) -> Happening {
    match act {
        Act::Create(_) => Happening::Created,
        Act::SetFacts(_) | Act::Publish(_) | Act::WriteSection(_) | Act::Attach(_) | Act::Detach { .. } => {
            Happening::Edited
        }
        Act::Triage => Happening::Triaged,
        Act::Offer { to, .. } => Happening::Offered(record.engineers(lang, to)),
        Act::Reassign { from, to, .. } => {
            let old = record.state.visits.get(from);
            Happening::Reassigned {
                from: old.map(|visit| record.visitors(lang, visit)).unwrap_or_default(),
                to: record.engineers(lang, to),
            }
        }
        Act::Reschedule { plan, .. } => Happening::Replanned(web.window(*plan)),
        Act::Cancel { reason } => Happening::Cancelled(cancel_words(reason, model_lang(lang)).to_owned()),
        Act::Resolve { text } => Happening::Resolved(text.clone()),
        Act::Close => Happening::Closed,
        Act::Reopen { reason } => Happening::Reopened(reason.clone()),
        Act::MergeInto { ticket } => Happening::Merged(record.number_of(*ticket)),
        Act::Rule(ruling) => {
            let who = record
                .line(ruling.stands)
                .map(|line| record.who(lang, line.entry.by))
                .unwrap_or_default();
            Happening::Ruling(lang.fill(t::RULED_FOR, &[("x", &who)]))
        }
        Act::Accept { .. } => Happening::Accepted,
        Act::Decline { reason, text, .. } => Happening::Declined(declined(lang, *reason, text)),
        Act::Depart { .. } => Happening::EnRoute,
        Act::Arrive { .. } => Happening::Arrived,
        Act::Start { .. } => Happening::Working,
        Act::Resume { .. } => Happening::Resumed,
        Act::Pause { reason, .. } => Happening::Paused(pause(*reason)),
        Act::Finish { completion, .. } => Happening::Done(result(completion)),
        Act::Note { text } | Act::Annotate { text, .. } => Happening::Note(text.clone()),
        Act::Estimate { arrival, .. } => Happening::Estimated(web.stamp(*arrival)),
        Act::Answer { item, answer } => Happening::Answer {
            item: item_name(lang, record, item),
            value: answer_text(lang, answer),
        },
        Act::UsePart { part, quantity, from } => Happening::PartUsed {
            part: record.part(lang, *part),
            count: quantity.to_string(),
            from: record.location(lang, &from.to_string()),
        },
        Act::RequestPart { part, quantity, from } => Happening::PartAsked {
            part: record.part(lang, *part),
            count: quantity.to_string(),
            from: record.location(lang, &from.to_string()),
        },
        Act::TransferPart {
            part,
            quantity,
            from,
            to,
        } => Happening::PartMoved {
            part: record.part(lang, *part),
            count: quantity.to_string(),
            from: record.location(lang, &from.to_string()),
            to: record.location(lang, &to.to_string()),
        },
        Act::Photo(photo) => Happening::Photo(shows(photo.kind), photo.caption.clone()),
        Act::Sign { name, .. } => Happening::Signed(name.clone()),
        Act::Message { text } => Happening::Message(text.clone()),
        Act::Urge => Happening::Urged,
        Act::Wish { span, text } => Happening::Wished(web.window(*span), text.clone()),
        Act::Rate { stars, .. } => Happening::Rated(*stars),
    }
}

/// Why somebody will not come, in words.
fn declined(lang: Lang, reason: DeclineReason, text: &str) -> String {
    let word = match reason {
        DeclineReason::NoTime => t::DC_NO_TIME,
        DeclineReason::Skill => t::DC_SKILL,
        DeclineReason::NoPart => t::DC_NO_PART,
        DeclineReason::TooFar => t::DC_TOO_FAR,
        DeclineReason::Ill => t::DC_ILL,
        DeclineReason::Other => t::DC_OTHER,
    };
    match (lang.t(word), text.trim()) {
        (word, "") => word.to_owned(),
        (word, text) => format!("{word} ({text})"),
    }
}

/// A checklist item in words.
pub(crate) fn item_name(lang: Lang, record: &TicketRecord, id: &str) -> String {
    let items = record.checklist.iter().flat_map(|list| &list.items);
    let named = items.into_iter().find(|item| item.id == id);
    named.map_or_else(|| id.to_owned(), |item| pick(lang, &item.zh, &item.en).to_owned())
}

/// An answer in words.
pub(crate) fn answer_text(lang: Lang, answer: &Answer) -> String {
    match answer {
        Answer::Tick(true) => lang.t(t::TICK_YES).to_owned(),
        Answer::Tick(false) => lang.t(t::TICK_NO).to_owned(),
        Answer::Reading { value, unit } => format!("{value} {unit}").trim_end().to_owned(),
        Answer::Text(text) => text.clone(),
    }
}
