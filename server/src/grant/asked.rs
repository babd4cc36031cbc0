//! What HQ does about parts that are asked for, beside giving what is free: it declines a request, and it reserves parts for a
//! ticket without being asked.
//!
//! A request that is declined is told as a grant of none that answers it, which every app understands, and in words by a note on
//! its ticket. Both are one transaction.

use fieldline_model::id::{EngineerId, GrantId, LocationId, OperationId, PartId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::row::{Row, RowKind};
use rusqlite::Connection;

use crate::app::{App, Inner};
use crate::door::{DoorError, Performed};
use crate::store::StoreError;
use crate::store::grant::{self as store, GrantRow, RequestRow};
use crate::store::reference::row_get;

/// A reason takes so many characters: what one reads at a glance.
pub(crate) const REASON_CHARS_MAX: u32 = 500;

impl App {
    /// Asks for parts in an engineer's stead, once under one `operation`: his phone is granted them when it comes and as many are free.
    ///
    /// # Errors
    /// As the store says.
    pub async fn reserve(
        &self,
        operation: OperationId,
        (ticket, engineer): (TicketId, EngineerId),
        (location, part): (LocationId, PartId),
        quantity: u32,
    ) -> Result<(), DoorError> {
        let now = self.now();
        let asked = RequestRow {
            operation,
            document: ticket.into(),
            device: None,
            engineer,
            location,
            part,
            quantity,
        };
        let written = self
            .inner
            .store
            .write(move |connection| Ok::<_, DoorError>(store::request_add(connection, &asked, now)?));
        written.await
    }

    /// Will not give what was asked for; the engineer reads why on the ticket. `note` names that note, so that a repeated
    /// call is harmless.
    ///
    /// # Errors
    /// [`DoorError::Meanwhile`] when nothing of this name waits (any more); as [`App::perform`].
    pub async fn decline_request(
        &self,
        by: Author,
        operation: OperationId,
        note: OperationId,
        reason: &str,
    ) -> Result<Performed, DoorError> {
        let read = self.inner.store.read(move |connection| {
            let Some((asked, _)) = store::request_read(connection, operation)? else {
                return Ok(None);
            };
            let number = match row_get(connection, RowKind::Part, &asked.part.to_string())? {
                Some(Row::Part(part)) => part.number,
                _ => String::new(),
            };
            Ok::<_, DoorError>(Some((asked, number)))
        });
        let (asked, number) = read.await?.ok_or(DoorError::Meanwhile)?;
        let text = format!(
            "申领未批准 / Request declined: {number} × {}\n{}",
            asked.quantity,
            reason.trim()
        );
        let inner = std::sync::Arc::clone(&self.inner);
        let still = move |connection: &Connection| decline(connection, &inner, operation);
        self.perform_while(note, by, asked.document, Act::Note { text }, still)
            .await
    }
}

/// Ends a request that waits; false where none does.
pub(super) fn decline(
    connection: &Connection,
    inner: &Inner,
    operation: OperationId,
) -> Result<bool, StoreError> {
    let Some((asked, true)) = store::request_read(connection, operation)? else {
        return Ok(false);
    };
    let now = (inner.edge.now)();
    store::request_end(connection, operation, now)?;
    let Some(device) = asked.device else {
        return Ok(true);
    };
    let install = store::report_read(connection, device)?.map_or([0; 16], |(install, _)| install);
    let none = GrantRow {
        id: inner.edge.id(GrantId::new),
        device,
        install,
        engineer: asked.engineer,
        location: asked.location,
        part: asked.part,
        ticket: asked.document.ticket(),
        request: Some(operation),
        remaining: 0,
        until: now,
        serial: 0,
        ended: true,
        left_behind: false,
    };
    store::grant_write(connection, &none, now)?;
    Ok(true)
}
