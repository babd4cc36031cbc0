//! May this person do this now? One answer on phone and server, from the state the person knew.
//!
//! The phone asks before it saves; the server asks again with the state the author can have known. What happened
//! elsewhere meanwhile is not a matter of rules: the fold overrules it. What only the phone asks stands in `tap`.

mod tap;
#[cfg(test)]
mod tests;

pub use tap::{ARRIVAL_AHEAD_MS_MAX, ARRIVAL_BEHIND_MS_MAX, arrival_in_ms, check_tap};

use crate::blob::{BLOB_BYTES_MAX, THUMB_BYTES_MAX};
use crate::fold::{Phase, TicketState, TicketStatus};
use crate::id::{DocumentKind, EngineerId, VisitId};
use crate::operation::{
    Act, Answer, Attachment, Author, OFFER_TO_MAX, Operation, PAGES_MAX, Photo, Position, QUANTITY_MAX,
    REQUIRED_MAX, SIGNATURE_BYTES_MAX, Span, TEXT_BYTES_MAX, Thumb, TicketFacts, VisitResult,
};
use crate::plain::is_blank;
use crate::reason::Reason;

/// Longest single-line word such as a code, a unit or a name, in characters: people count a name so, in any script,
/// and so does JSON Schema.
pub const WORD_CHARS_MAX: usize = 200;

/// Whether a word is too long.
#[must_use]
pub fn is_long_word(word: &str) -> bool {
    // Most words have fewer bytes than they may have characters and need not be counted.
    word.len() > WORD_CHARS_MAX && word.chars().count() > WORD_CHARS_MAX
}

/// Checks what can be told from the operation alone: who may do it, to which kind of document, sizes and ranges.
///
/// # Errors
/// The first reason found.
pub fn check_form(operation: &Operation) -> Result<(), Reason> {
    let kind = operation.document.kind();
    let wants = match operation.act.path() {
        crate::operation::Path::Events | crate::operation::Path::Field | crate::operation::Path::Customer => {
            DocumentKind::Ticket
        }
        crate::operation::Path::Sections | crate::operation::Path::Annotations => DocumentKind::Article,
    };
    if kind != wants {
        return Err(Reason::WrongDocument);
    }
    if !author_may(operation.by, &operation.act) {
        return Err(Reason::NotAllowed);
    }
    check_values(&operation.act)
}

/// Which kind of person may perform which act: the path policy by role.
#[must_use]
pub fn author_may(by: Author, act: &Act) -> bool {
    let hq = matches!(by, Author::Staff(_) | Author::Server);
    match act {
        Act::SetFacts(edit) if edit.number.is_some() => by == Author::Server,
        Act::Create(_)
        | Act::SetFacts(_)
        | Act::Triage
        | Act::Offer { .. }
        | Act::Reassign { .. }
        | Act::Reschedule { .. }
        | Act::Cancel { .. }
        | Act::Resolve { .. }
        | Act::Close
        | Act::Reopen { .. }
        | Act::MergeInto { .. }
        | Act::Publish(_)
        | Act::WriteSection(_)
        | Act::Attach(_)
        | Act::Detach { .. } => hq,
        Act::Rule(_) => by == Author::Server,
        Act::Accept { .. }
        | Act::Decline { .. }
        | Act::Depart { .. }
        | Act::Arrive { .. }
        | Act::Start { .. }
        | Act::Pause { .. }
        | Act::Resume { .. }
        | Act::Finish { .. }
        | Act::Estimate { .. }
        | Act::Answer { .. }
        | Act::UsePart { .. }
        | Act::RequestPart { .. }
        | Act::TransferPart { .. }
        | Act::Photo(_)
        | Act::Sign { .. } => matches!(by, Author::Engineer(_)),
        Act::Note { .. } | Act::Annotate { .. } => hq || matches!(by, Author::Engineer(_)),
        Act::Message { .. } | Act::Urge | Act::Wish { .. } | Act::Rate { .. } => by == Author::Customer,
    }
}

fn check_values(act: &Act) -> Result<(), Reason> {
    match act {
        Act::Create(facts) => check_facts(facts),
        Act::SetFacts(edit) => {
            if let Some(text) = &edit.fault_text {
                check_fault(text, edit.fault.as_deref())?;
            }
            [&edit.number, &edit.category, &edit.fault]
                .into_iter()
                .flatten()
                .try_for_each(|word| check_word(word))
        }
        Act::Offer { to, plan, .. } | Act::Reassign { to, plan, .. } => {
            in_range(!to.is_empty() && to.len() <= OFFER_TO_MAX)?;
            plan.map_or(Ok(()), check_span)
        }
        Act::Reschedule { plan, .. } => check_span(*plan),
        Act::Cancel { reason } | Act::Reopen { reason } => needed_text(reason),
        Act::Rule(ruling) => in_range(!ruling.over.is_empty() && ruling.over.len() <= OFFER_TO_MAX),
        Act::Resolve { text } | Act::Note { text } | Act::Message { text } | Act::Annotate { text, .. } => {
            needed_text(text)
        }
        Act::Decline { text, .. } => optional_text(text),
        Act::Arrive { position, .. } => in_range(position.is_none_or(Position::is_valid)),
        Act::Finish { completion, .. } => {
            [&completion.cause, &completion.remedy]
                .into_iter()
                .flatten()
                .try_for_each(|word| check_word(word))?;
            if completion.result == VisitResult::CouldNot {
                needed_text(&completion.text)
            } else {
                optional_text(&completion.text)
            }
        }
        Act::Answer { item, answer } => {
            check_word(item)?;
            match answer {
                Answer::Tick(_) => Ok(()),
                Answer::Reading { value, unit } => {
                    in_range(value.is_finite())?;
                    in_range(!is_long_word(unit))
                }
                Answer::Text(text) => needed_text(text),
            }
        }
        Act::UsePart { quantity, .. } | Act::RequestPart { quantity, .. } => {
            in_range((1..=QUANTITY_MAX).contains(quantity))
        }
        Act::TransferPart {
            quantity, from, to, ..
        } => {
            in_range((1..=QUANTITY_MAX).contains(quantity))?;
            if from == to {
                return Err(Reason::SamePlace);
            }
            Ok(())
        }
        Act::Photo(photo) => check_photo(photo),
        Act::Sign { name, path } => {
            check_word(name)?;
            let drawn = path
                .bytes()
                .all(|b| b.is_ascii_digit() || b"MLQCZ ,.-".contains(&b));
            in_range(drawn && !path.is_empty() && path.len() <= SIGNATURE_BYTES_MAX)
        }
        Act::Wish { span, text } => {
            check_span(*span)?;
            optional_text(text)
        }
        Act::Rate { stars, text } => {
            in_range((1..=5).contains(stars))?;
            optional_text(text)
        }
        Act::Publish(head) => {
            [&head.title_zh, &head.title_en]
                .into_iter()
                .try_for_each(|title| check_word(title))?;
            in_range(head.faults.len() <= REQUIRED_MAX && head.models.len() <= REQUIRED_MAX)
        }
        Act::WriteSection(section) => {
            [&section.heading_zh, &section.heading_en]
                .into_iter()
                .try_for_each(|word| check_word(word))?;
            optional_text(&section.body_zh)?;
            optional_text(&section.body_en)
        }
        Act::Attach(file) => check_attachment(file),
        Act::Triage
        | Act::Detach { .. }
        | Act::Close
        | Act::MergeInto { .. }
        | Act::Accept { .. }
        | Act::Depart { .. }
        | Act::Start { .. }
        | Act::Pause { .. }
        | Act::Resume { .. }
        | Act::Estimate { .. }
        | Act::Urge => Ok(()),
    }
}

/// A photo is a picture of a size that will be taken, its thumbnail another and small.
fn check_photo(photo: &Photo) -> Result<(), Reason> {
    in_range(photo.media.is_picture() && (1..=BLOB_BYTES_MAX).contains(&photo.size))?;
    let is_small = |thumb: Thumb| (1..=THUMB_BYTES_MAX).contains(&thumb.size) && thumb.blob != photo.blob;
    in_range(photo.thumb.is_none_or(is_small))?;
    if is_long_word(&photo.caption) {
        Err(Reason::TextTooLong)
    } else {
        Ok(())
    }
}

/// A file of any kind that is known, of a size that will be taken, and with a title in both languages.
fn check_attachment(file: &Attachment) -> Result<(), Reason> {
    [&file.title_zh, &file.title_en]
        .into_iter()
        .try_for_each(|title| check_word(title))?;
    in_range((1..=BLOB_BYTES_MAX).contains(&file.size))?;
    in_range(file.pages.is_none_or(|pages| (1..=PAGES_MAX).contains(&pages)))
}

fn check_facts(facts: &TicketFacts) -> Result<(), Reason> {
    check_word(&facts.number)?;
    check_fault(&facts.fault_text, facts.fault.as_deref())?;
    [&facts.category, &facts.fault]
        .into_iter()
        .flatten()
        .try_for_each(|word| check_word(word))?;
    facts.skills.iter().try_for_each(|skill| check_word(skill))?;
    in_range(facts.skills.len() <= REQUIRED_MAX && facts.parts.len() <= REQUIRED_MAX)?;
    facts.wished.map_or(Ok(()), check_span)
}

/// A code says what is wrong; without one somebody must.
fn check_fault(text: &str, code: Option<&str>) -> Result<(), Reason> {
    if code.is_some() {
        optional_text(text)
    } else {
        needed_text(text)
    }
}

fn check_word(word: &str) -> Result<(), Reason> {
    if is_blank(word) {
        return Err(Reason::TextMissing);
    }
    if is_long_word(word) {
        Err(Reason::TextTooLong)
    } else {
        Ok(())
    }
}

fn optional_text(text: &str) -> Result<(), Reason> {
    if text.len() > TEXT_BYTES_MAX {
        Err(Reason::TextTooLong)
    } else {
        Ok(())
    }
}

fn needed_text(text: &str) -> Result<(), Reason> {
    if is_blank(text) {
        Err(Reason::TextMissing)
    } else {
        optional_text(text)
    }
}

fn check_span(span: Span) -> Result<(), Reason> {
    if span.start <= span.end {
        Ok(())
    } else {
        Err(Reason::EndBeforeStart)
    }
}

fn in_range(holds: bool) -> Result<(), Reason> {
    if holds { Ok(()) } else { Err(Reason::OutOfRange) }
}

/// Checks an operation on a ticket against the state its author knew, after [`check_form`].
///
/// # Errors
/// The first reason found; nothing that can only be known elsewhere is ever one.
pub fn check_ticket(state: &TicketState, operation: &Operation) -> Result<(), Reason> {
    check_form(operation)?;
    if let Act::Create(_) = operation.act {
        return if state.created.is_none() {
            Ok(())
        } else {
            Err(Reason::AlreadyExists)
        };
    }
    if state.created.is_none() {
        return Err(Reason::UnknownTicket);
    }
    match operation.by {
        Author::Engineer(engineer) => check_engineer(state, engineer, &operation.act),
        Author::Staff(_) | Author::Server => check_hq(state, &operation.act),
        Author::Customer => Ok(()),
    }
}

fn check_engineer(state: &TicketState, engineer: EngineerId, act: &Act) -> Result<(), Reason> {
    let Some(visit) = act.visit() else {
        return if state.involves(engineer) {
            Ok(())
        } else {
            Err(Reason::NotYours)
        };
    };
    let visit = state.visits.get(&visit).ok_or(Reason::UnknownVisit)?;
    if !visit.is_for(engineer) {
        return Err(if visit.to.contains(&engineer) {
            Reason::TakenByOther
        } else {
            Reason::NotYours
        });
    }
    if matches!(act, Act::Estimate { .. }) {
        return Ok(());
    }
    if let Some(withdrawn) = visit.withdrawn {
        return Err(withdrawn.why.reason(false));
    }
    visit.phase_for(engineer).step(act).map(|_| ())
}

fn check_hq(state: &TicketState, act: &Act) -> Result<(), Reason> {
    let status = state.status();
    let open = |visit: &VisitId| {
        let visit = state.visits.get(visit).ok_or(Reason::UnknownVisit)?;
        if visit.is_open() {
            Ok(())
        } else {
            Err(Reason::NotNow)
        }
    };
    let new = |visit: &VisitId| {
        if state.visits.contains_key(visit) {
            Err(Reason::AlreadyExists)
        } else {
            Ok(())
        }
    };
    let unended = || {
        if status.is_over() {
            Err(Reason::TicketOver)
        } else {
            Ok(())
        }
    };
    match act {
        Act::Triage if status == TicketStatus::New => Ok(()),
        Act::Triage => unended().and(Err(Reason::NotNow)),
        Act::Offer { visit, .. } => unended().and_then(|()| new(visit)),
        Act::Reassign { from, visit, .. } => open(from).and_then(|()| new(visit)),
        Act::Reschedule { visit, .. } => open(visit),
        Act::Cancel { .. } | Act::Resolve { .. } => unended(),
        // What was cancelled or merged has its end already: only what was solved is filed.
        Act::Close if status == TicketStatus::Resolved => Ok(()),
        Act::Close => unended().and(Err(Reason::TicketOpen)),
        Act::Reopen { .. } if status.is_over() => Ok(()),
        Act::Reopen { .. } => Err(Reason::TicketOpen),
        Act::MergeInto { .. } if matches!(status, TicketStatus::Closed | TicketStatus::MergedInto) => {
            Err(Reason::TicketOver)
        }
        _ => Ok(()),
    }
}

/// The steps of the field that are open to this engineer on this visit now, in the order a screen offers them:
/// words of acts, and `could_not` where a finish passes with that result only.
#[must_use]
pub fn next_steps(phase: Phase) -> &'static [&'static str] {
    match phase {
        Phase::Offered => &["accept", "decline"],
        Phase::Accepted => &["depart", "decline"],
        Phase::EnRoute => &["arrive"],
        Phase::Arrived => &["start", "could_not"],
        Phase::Working => &["finish", "pause"],
        Phase::Paused(_) => &["resume", "finish"],
        Phase::Done | Phase::Declined(_) => &[],
    }
}
