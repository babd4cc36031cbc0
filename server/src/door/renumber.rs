//! A number that HQ gave twice: the record adds the end of its id to that of the younger ticket, and phones hear of it by the
//! document, as of every other fact.

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::{Act, Author, FactsEdit, Operation};
use fieldline_model::time::DeviceTime;
use rusqlite::Connection;

use super::DoorError;
use super::judge::Writer;
use super::perform::author_all;
use crate::app::Inner;
use crate::store::record::tickets_renumbered;

/// Writes new numbers down in the tickets that have them now because `document` came back.
pub(super) fn renumber(
    connection: &Connection,
    inner: &Inner,
    document: DocumentId,
) -> Result<(), DoorError> {
    let number = number_of(connection, inner, document)?;
    for (ticket, new) in tickets_renumbered(connection, &number)? {
        let document = DocumentId::from(ticket);
        if number_of(connection, inner, document)? == new {
            continue;
        }
        tracing::info!(document.id = %document, "a number was given twice: {document} has another from now on");
        let operation = Operation {
            id: inner.edge.id(OperationId::new),
            document,
            by: Author::Server,
            at: DeviceTime::exact((inner.edge.now)()),
            act: Act::SetFacts(Box::new(FactsEdit {
                number: Some(new),
                ..FactsEdit::default()
            })),
        };
        author_all(
            connection,
            inner,
            document,
            Writer::Server,
            vec![operation.into()],
        )?;
    }
    Ok(())
}

/// What the document says.
fn number_of(connection: &Connection, inner: &Inner, document: DocumentId) -> Result<String, DoorError> {
    let ground = inner.grounds.take(connection, document)?;
    let number = ground.state().facts.number.clone();
    inner.grounds.keep(ground);
    Ok(number)
}
