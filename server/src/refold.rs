//! A new fold says something else of old tickets: when the server opens, their record is written anew, once.
//!
//! Fates stay what phones were told; what counts at present, the review items and who holds the ticket follow the fold.
//! A ticket that cannot be read is tried once by each fold: it is written down, and `check` names it.

use std::path::Path;

use fieldline_model::fold::FOLD_VERSION;
use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::anew::{Told, write_anew};
use crate::archive::is_archived;
use crate::scope;
use crate::store::log::Journal;
use crate::store::record;
use crate::store::scope::scope_holders;
use crate::store::{self, StoreError, meta};

/// Folds anew what an older fold wrote. Each ticket is one transaction, so being stopped costs nothing. Returns how many
/// tickets were.
pub(crate) fn refold(path: &Path, now: Timestamp) -> Result<usize, StoreError> {
    let mut connection = store::connect(path)?;
    let mut left = meta::refold_left(&connection, FOLD_VERSION)?;
    let known = left.len();
    let mut folded = 0;
    for ticket in record::tickets_folded_before(&connection, FOLD_VERSION)? {
        if left.contains(&ticket) {
            continue;
        }
        // Begun as a write: another process may write too, and then this one waits for it.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if refold_ticket(&transaction, ticket, now)? {
            folded += 1;
        } else {
            tracing::error!(%ticket, "ticket {ticket} cannot be folded anew; its record stays as it was");
            left.insert(ticket);
        }
        transaction.commit()?;
    }
    if left.len() > known {
        meta::refold_left_write(&connection, FOLD_VERSION, &left)?;
    }
    Ok(folded)
}

/// False when its document cannot be read or tells of nothing.
fn refold_ticket(connection: &Connection, ticket: TicketId, now: Timestamp) -> Result<bool, StoreError> {
    let id = ticket.into();
    let mut journal = Journal::begin(connection, now)?;
    let Told::State(state) = write_anew(&mut journal, ticket)? else {
        return Ok(false);
    };
    if is_archived(connection, id, now)? {
        return Ok(true);
    }
    let holders = scope_holders(connection, id)?;
    scope::follow(&mut journal, id, &state, &holders)?;
    Ok(true)
}
