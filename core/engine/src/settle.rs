//! Giving an operation its fate: the intent, the card, and what the phone counted meanwhile.

use fieldline_model::document::Content;
use fieldline_model::fold::{Outcome, fold};
use fieldline_model::id::DocumentId;
use fieldline_model::operation::Path;
use fieldline_model::reason::Reason;
use fieldline_model::wire::Fate;

use crate::error::EngineError;
use crate::overlay::Work;
use crate::project::own_words;
use crate::store::inbox::{inbox_delete, inbox_put};
use crate::store::intent::{Intent, intent_of_document, intent_settle};
use crate::store::stock::part_use_settle;
use crate::store::ticket_row::ticket_row_number;
use crate::view::Card;

/// Writes the fate down, and a card when the operation did not become what the person meant.
pub(crate) fn settle(work: &Work<'_>, intent: &Intent, fate: &Fate) -> Result<(), EngineError> {
    intent_settle(work.conn, intent.operation, Some(fate), work.now)?;
    let (merged, code) = match fate {
        Fate::Merged => (true, None),
        // What was overruled stands in the document all the same.
        Fate::Overruled { code } => (true, Some(code)),
        Fate::Refused { code } => (false, Some(code)),
    };
    part_use_settle(work.conn, intent.operation, merged)?;
    code.map_or(Ok(()), |code| card(work, intent, fate.word(), code))
}

/// A fate is decided once. What displaces the operation later, because it came from elsewhere and was concurrent, is no
/// other fate; the person gets a card all the same, and loses it when the operation counts after all.
pub(crate) fn tell_displaced(work: &Work<'_>, id: DocumentId, accepted: &Content) -> Result<(), EngineError> {
    let mut folded = None;
    for intent in intent_of_document(work.conn, id)? {
        // What HQ overruled for another reason than the other phone's steps, only HQ knows why.
        let may_count = match &intent.fate {
            Some(Fate::Merged) => true,
            Some(Fate::Overruled { code }) => code == Reason::Superseded.code(),
            Some(Fate::Refused { .. }) | None => continue,
        };
        let merged = intent.fate == Some(Fate::Merged);
        if intent.entry.act.path() != Path::Events {
            continue;
        }
        let state = folded.get_or_insert_with(|| fold(&accepted.events));
        match state.outcomes.get(&intent.operation) {
            Some(Outcome::Overruled(reason)) => {
                card(work, &intent, "overruled", reason.code())?;
            }
            // Without the other phone's steps the fold here does not know yet what HQ knows.
            Some(Outcome::Merged) if merged || (may_count && !state.beside.is_empty()) => {
                inbox_delete(work.conn, intent.operation)?;
            }
            Some(Outcome::Merged) | None => {}
        }
    }
    Ok(())
}

fn card(work: &Work<'_>, intent: &Intent, fate: &str, code: &str) -> Result<(), EngineError> {
    inbox_put(
        work.conn,
        &Card {
            operation: intent.operation,
            document: intent.document,
            number: ticket_row_number(work.conn, intent.document)?,
            act: intent.entry.act.word().to_owned(),
            own_words: own_words(&intent.entry.act),
            fate: fate.to_owned(),
            displaced: false,
            code: code.to_owned(),
            at: work.now,
        },
    )
}
