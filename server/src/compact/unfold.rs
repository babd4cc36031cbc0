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

/// The changes of documents, by hash. A document is loaded once, when its first change is asked for.
pub(crate) struct Unfolded<'a> {
    connection: &'a Connection,
    unreadable: &'a Unreadable,
    /// What was asked for last stands last.
    documents: Vec<Document>,
}

struct Document {
    id: DocumentId,
    /// None when it is damaged.
    changes: Option<BTreeMap<[u8; 32], Vec<u8>>>,
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

    fn changes(&mut self, id: DocumentId) -> Result<Option<&BTreeMap<[u8; 32], Vec<u8>>>, StoreError> {
        let at = self.documents.iter().position(|one| one.id == id);
        let document = match at {
            Some(at) => self.documents.remove(at),
            None => Document {
                id,
                changes: unfold(self.connection, self.unreadable, id)?,
            },
        };
        self.documents.push(document);
        Ok(self.documents.last().and_then(|one| one.changes.as_ref()))
    }
}

fn unfold(
    connection: &Connection,
    unreadable: &Unreadable,
    id: DocumentId,
) -> Result<Option<BTreeMap<[u8; 32], Vec<u8>>>, StoreError> {
    match read(connection, id) {
        Ok(changes) => Ok(Some(changes)),
        Err(error @ StoreError::Corrupt(_)) => {
            unreadable.note(id, &error);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read(connection: &Connection, id: DocumentId) -> Result<BTreeMap<[u8; 32], Vec<u8>>, StoreError> {
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
