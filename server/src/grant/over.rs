//! What is kept for a ticket that is over: nobody needs it there any more.
//!
//! A reservation is in doubt from then on, like the stock of a van that was handed over: its holder may have used some and not
//! said so yet. It gives the rest back when it knows and has nothing left to send. What was asked for is asked no more.

use fieldline_model::id::{DocumentId, TicketId};
use rusqlite::Connection;

use super::asked::decline;
use super::touch;
use crate::app::Inner;
use crate::store::StoreError;
use crate::store::grant as store;

/// A ticket is over, or again is not: who holds parts for it is told, and whoever waits for some waits no longer. Called
/// also for what was asked after it was over.
pub(crate) fn follow(
    connection: &Connection,
    inner: &Inner,
    ticket: TicketId,
    (was_over, is_over): (bool, bool),
) -> Result<(), StoreError> {
    let now = (inner.edge.now)();
    if was_over != is_over {
        touch(connection, &store::grant_of_ticket(connection, ticket)?, now)?;
    }
    if is_over {
        for operation in store::request_of(connection, DocumentId::from(ticket))? {
            decline(connection, inner, operation)?;
        }
    }
    Ok(())
}
