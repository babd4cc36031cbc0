//! Giving an operation its fate: the intent, the card, and what the phone counted meanwhile.

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use rusqlite::Connection;

use crate::error::EngineError;
use crate::fault::bug;
use crate::overlay::Work;
use crate::project::own_words;
use crate::store::grant::part_request_end;
use crate::store::inbox::{inbox_delete, inbox_delete_merged, inbox_put};
use crate::store::intent::{Intent, intent_get, intent_set_displaced, intent_settle};
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
    if !merged {
        part_request_end(work.conn, intent.operation)?;
    }
    match code {
        Some(code) => card(work.conn, intent, fate.word(), code, work.now),
        None => inbox_delete_merged(work.conn, intent.operation),
    }
}

/// How HQ counts an operation at present. A fate is decided once; what displaces the operation later is no other fate,
/// and only HQ knows all of it. The person gets a card all the same, and loses it when the operation counts after all.
pub(crate) fn count_as(
    work: &Work<'_>,
    operation: OperationId,
    present: &Fate,
) -> Result<Option<DocumentId>, EngineError> {
    let Some(intent) = intent_get(work.conn, operation)? else {
        return Ok(None);
    };
    match present {
        Fate::Merged => {
            intent_set_displaced(work.conn, operation, None)?;
            inbox_delete(work.conn, operation)?;
        }
        Fate::Overruled { code } if !bug!(work.faults, DisplacedInSilence) => {
            intent_set_displaced(work.conn, operation, Some(code))?;
            card(work.conn, &intent, present.word(), code, work.now)?;
        }
        // That is a fate, and told as one.
        Fate::Overruled { .. } | Fate::Refused { .. } => return Ok(None),
    }
    Ok(Some(intent.document))
}

/// Puts the card of an operation in front of the person.
pub(crate) fn card(
    conn: &Connection,
    intent: &Intent,
    fate: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), EngineError> {
    inbox_put(
        conn,
        &Card {
            operation: intent.operation,
            document: intent.document,
            number: ticket_row_number(conn, intent.document)?,
            act: intent.entry.act.word().to_owned(),
            own_words: own_words(&intent.entry.act),
            fate: fate.to_owned(),
            displaced: false,
            code: code.to_owned(),
            at: now,
        },
    )
}
