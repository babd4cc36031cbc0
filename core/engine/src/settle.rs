//! Giving an operation its fate: the intent, the card, and what the phone counted meanwhile.

use fieldline_model::wire::Fate;

use crate::error::EngineError;
use crate::overlay::Work;
use crate::project::own_words;
use crate::store::inbox::inbox_put;
use crate::store::intent::{Intent, intent_settle};
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
    let Some(code) = code else { return Ok(()) };
    inbox_put(
        work.conn,
        &Card {
            operation: intent.operation,
            document: intent.document,
            number: ticket_row_number(work.conn, intent.document)?,
            act: intent.entry.act.word().to_owned(),
            own_words: own_words(&intent.entry.act),
            fate: fate.word().to_owned(),
            code: code.clone(),
            at: work.now,
        },
    )
}
