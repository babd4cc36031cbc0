//! What HQ vouched for and its document can not hold again: a line in it went on otherwise, because the phone that wrote
//! it was put back as well. HQ writes the operation itself, under the id and in the words of its author.
//!
//! What must never happen here: an operation that has a fate being written a second time, or one that no receipt covers.

use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::{Author, Operation};
use rusqlite::Connection;

use super::DoorError;
use super::hold::entry_text;
use super::judge::Writer;
use super::lane::peek;
use super::perform::{Draft, author_all};
use super::settle::Bounds;
use crate::app::Inner;
use crate::store::document::fate_read;
use crate::store::heal::unsure_add;

/// Writes again what these changes say, in their order, where that has no fate. True when all of it is here then.
pub(super) fn write_again(
    connection: &Connection,
    inner: &Inner,
    document: DocumentId,
    kept_out: &[Vec<u8>],
) -> Result<bool, DoorError> {
    let mut whole = true;
    for bytes in kept_out {
        let Some((id, entry)) = said(bytes) else {
            whole = false;
            continue;
        };
        if fate_read(connection, id)?.is_some() {
            continue;
        }
        let is_engineers = matches!(entry.by, Author::Engineer(_));
        let draft = draft(connection, inner, document, id, entry)?;
        match author_all(connection, inner, document, Writer::Healer, vec![draft]) {
            Ok(_) => tracing::info!(operation.id = %id, document.id = %document, "HQ wrote {id} again"),
            Err(DoorError::Refused(reason)) => {
                tracing::warn!(operation.id = %id, document.id = %document, reason = reason.code(), "{id} did not come back");
                whole = false;
                continue;
            }
            Err(error) => return Err(error),
        }
        if is_engineers {
            // Until a phone says what it was told.
            unsure_add(connection, id, document)?;
        }
    }
    Ok(whole)
}

fn said(bytes: &[u8]) -> Option<(OperationId, Entry)> {
    Some((peek(bytes)?, Entry::read(&entry_text(bytes)?)?))
}

fn draft(
    connection: &Connection,
    inner: &Inner,
    document: DocumentId,
    id: OperationId,
    entry: Entry,
) -> Result<Draft, DoorError> {
    let ground = inner.grounds.take(connection, document)?;
    let events = &ground.content().events;
    let mut prev = entry.prev;
    prev.retain(|id| events.holds(*id));
    let after = prev.iter().filter_map(|id| ground.time(*id)).max();
    inner.grounds.keep(ground);
    Ok(Draft {
        operation: Operation {
            id,
            document,
            by: entry.by,
            at: entry.at,
            act: entry.act,
        },
        prev: Some(prev),
        bounds: Some(Bounds {
            after,
            receipt: (inner.edge.now)(),
        }),
    })
}
