//! Changes taken out of the documents that alone hold them.

use std::collections::{BTreeMap, HashMap};

use fieldline_model::document;
use fieldline_model::id::DocumentId;
use rusqlite::Connection;

use crate::store::StoreError;
use crate::store::document::document_read;

/// The changes of documents, by hash. Each document is loaded once, when its first change is asked for.
pub(crate) struct Unfolded<'a> {
    connection: &'a Connection,
    documents: HashMap<DocumentId, BTreeMap<[u8; 32], Vec<u8>>>,
}

impl<'a> Unfolded<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self {
            connection,
            documents: HashMap::new(),
        }
    }

    /// The bytes of a change as its author wrote them: those kept of it, or, where none are kept, those in its document.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the document cannot be read or does not hold it.
    pub(crate) fn bytes(
        &mut self,
        document: DocumentId,
        hash: &[u8; 32],
        kept: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        if !kept.is_empty() {
            return Ok(kept);
        }
        if !self.documents.contains_key(&document) {
            let changes = read(self.connection, document)?;
            self.documents.insert(document, changes);
        }
        let change = self
            .documents
            .get(&document)
            .and_then(|changes| changes.get(hash));
        change.cloned().ok_or_else(|| {
            StoreError::Corrupt(format!(
                "{document} does not hold the change {}",
                hex::encode(hash)
            ))
        })
    }
}

fn read(connection: &Connection, id: DocumentId) -> Result<BTreeMap<[u8; 32], Vec<u8>>, StoreError> {
    let stored = document_read(connection, id)?;
    let stored = stored.ok_or_else(|| StoreError::Corrupt(format!("{id} is gone")))?;
    let doc = document::load(id, &stored.snapshot)
        .map_err(|error| StoreError::Corrupt(format!("{id}: {error}")))?;
    Ok(document::changes(&doc))
}
