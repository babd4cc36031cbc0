//! Changes taken out of the documents that alone hold them.
//!
//! A document that is damaged gives none, and stops nobody: who asks leaves it out and goes on with the others.

use std::collections::BTreeMap;

use fieldline_model::document;
use fieldline_model::id::DocumentId;
use rusqlite::Connection;

use super::unreadable::Unreadable;
use crate::store::StoreError;
use crate::store::compact::changes_alone;
use crate::store::document::document_read;

/// Bytes of changes kept unfolded at once, unless one document alone has more. A page of one megabyte may name changes of
/// many documents, mixed; those asked for lately stay, so that few are loaded twice.
const UNFOLDED_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The changes of documents, by hash. A document is loaded when a change of it is asked for; those asked for lately are kept.
pub(crate) struct Unfolded<'a> {
    connection: &'a Connection,
    unreadable: &'a Unreadable,
    /// What was asked for last stands last.
    documents: Vec<Document>,
}

/// Changes by their hashes.
type ByHash = BTreeMap<[u8; 32], Vec<u8>>;

struct Document {
    id: DocumentId,
    /// None when it is damaged.
    changes: Option<ByHash>,
    bytes: usize,
}

impl Document {
    fn new(id: DocumentId, changes: Option<ByHash>) -> Self {
        let bytes = changes.iter().flatten().map(|(_, bytes)| bytes.len()).sum();
        Self { id, changes, bytes }
    }
}

impl<'a> Unfolded<'a> {
    pub(crate) fn new(connection: &'a Connection, unreadable: &'a Unreadable) -> Self {
        Self {
            connection,
            unreadable,
            documents: Vec::new(),
        }
    }

    /// The bytes of a change as its author wrote them: those kept of it, or, where none are kept, those in its document.
    /// `None` when the document is damaged or does not hold it: that is logged, and remembered.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) fn bytes(
        &mut self,
        document: DocumentId,
        hash: &[u8; 32],
        kept: Vec<u8>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        if !kept.is_empty() {
            return Ok(Some(kept));
        }
        let Some(changes) = self.changes(document)? else {
            return Ok(None);
        };
        let change = changes.get(hash).cloned();
        if change.is_none() {
            let lacks = format!("{document} does not hold the change {}", hex::encode(hash));
            self.unreadable.note(document, &StoreError::Corrupt(lacks));
        }
        Ok(change)
    }

    fn changes(&mut self, id: DocumentId) -> Result<Option<&ByHash>, StoreError> {
        let at = self.documents.iter().position(|one| one.id == id);
        let document = match at {
            Some(at) => self.documents.remove(at),
            None => Document::new(id, unfold(self.connection, self.unreadable, id)?),
        };
        self.documents.push(document);
        let_go(&mut self.documents, UNFOLDED_BYTES_MAX);
        Ok(self.documents.last().and_then(|one| one.changes.as_ref()))
    }
}

/// Of the documents those that were asked for last, at least one, that together have at most so many bytes. The marks of
/// damaged ones weigh nothing and stay.
fn let_go(documents: &mut Vec<Document>, bytes_max: usize) {
    let mut bytes: usize = documents.iter().map(|one| one.bytes).sum();
    let newest = documents.last().map(|one| one.id);
    documents.retain(|one| {
        let stays = bytes <= bytes_max || one.bytes == 0 || Some(one.id) == newest;
        bytes -= if stays { 0 } else { one.bytes };
        stays
    });
}

fn unfold(
    connection: &Connection,
    unreadable: &Unreadable,
    id: DocumentId,
) -> Result<Option<ByHash>, StoreError> {
    match read(connection, id) {
        Ok(changes) => Ok(Some(changes)),
        Err(error @ StoreError::Corrupt(_)) => {
            unreadable.note(id, &error);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read(connection: &Connection, id: DocumentId) -> Result<ByHash, StoreError> {
    let stored = document_read(connection, id)?;
    let stored = stored.ok_or_else(|| StoreError::Corrupt(format!("{id} is gone")))?;
    let doc = document::load(id, &stored.snapshot)
        .map_err(|error| StoreError::Corrupt(format!("{id}: {error}")))?;
    Ok(document::changes(&doc))
}

/// Whether a document that was found damaged still is; one that is whole again is forgotten.
///
/// # Errors
/// As the store says.
pub(crate) fn is_damaged(
    connection: &Connection,
    unreadable: &Unreadable,
    id: DocumentId,
) -> Result<bool, StoreError> {
    if !unreadable.has(id) {
        return Ok(false);
    }
    let Some(changes) = unfold(connection, unreadable, id)? else {
        return Ok(true);
    };
    let is_whole = changes_alone(connection, id)?
        .iter()
        .all(|hash| changes.contains_key(hash));
    if is_whole {
        unreadable.forget(id);
    }
    Ok(!is_whole)
}

#[cfg(test)]
mod tests {
    use fieldline_model::id::TicketId;

    use super::*;

    fn document(n: u8, bytes: Option<usize>) -> Document {
        let id = DocumentId::from(TicketId::from_bytes([n; 16]));
        Document::new(id, bytes.map(|bytes| [([n; 32], vec![n; bytes])].into()))
    }

    #[test]
    fn what_was_asked_for_long_ago_is_let_go_and_the_newest_never() {
        let held = |sizes: &[Option<usize>]| {
            let of = |(n, bytes): (usize, &Option<usize>)| document(u8::try_from(n).unwrap(), *bytes);
            let mut documents: Vec<_> = sizes.iter().enumerate().map(of).collect();
            let_go(&mut documents, 10);
            documents.iter().map(|one| one.bytes).collect::<Vec<_>>()
        };
        assert_eq!(held(&[Some(4), Some(6)]), [4, 6]);
        assert_eq!(held(&[Some(4), Some(1), Some(6)]), [1, 6]);
        assert_eq!(
            held(&[Some(5), None, Some(7), Some(4)]),
            [0, 4],
            "it is known to be damaged"
        );
        assert_eq!(held(&[Some(1), Some(11)]), [11]);
    }
}
