//! One operation stands in three tables: what was done, what was promised, what is sent. Where the disk changed its
//! name or its document in one of them, the others say what it was.
//!
//! Left alone, one wrong character makes two operations of one: the true one would be put back from its change, and
//! the damaged line sent as another.

use std::collections::BTreeSet;

use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, OperationId};
use rusqlite::Connection;

use crate::audit::accepted_entry;
use crate::base;
use crate::error::EngineError;
use crate::store::agree::{
    Apart, agree_apart, agree_documents, agree_has_change, agree_name_change, agree_name_intent,
    agree_name_promise, agree_orphans, agree_scattered, agree_settle_document, agree_unnamed,
};

/// Puts names and documents right. Returns the documents concerned, and whether anything was.
pub(crate) fn agree(conn: &Connection, all: bool) -> Result<(BTreeSet<DocumentId>, bool), EngineError> {
    let mut named = false;
    for apart in agree_apart(conn)? {
        named |= name_by_promise(conn, &apart)?;
    }
    named |= name_by_changes(conn)?;
    let mut documents = BTreeSet::new();
    for operation in agree_scattered(conn, all)? {
        documents.extend(document_of(conn, &operation)?);
    }
    let mended = named || !documents.is_empty();
    Ok((documents, mended))
}

fn is_name(text: &str) -> bool {
    text.parse::<OperationId>().is_ok()
}

/// The change is the third witness. Without one the promise is believed: it was given once and never written again.
fn name_by_promise(conn: &Connection, apart: &Apart) -> Result<bool, EngineError> {
    let intent_is_right =
        is_name(&apart.intent) && (agree_has_change(conn, &apart.intent)? || !is_name(&apart.promise));
    if intent_is_right {
        agree_name_promise(conn, apart.n, &apart.intent)?;
    } else if is_name(&apart.promise) {
        agree_name_intent(conn, apart.n, &apart.promise)?;
    }
    Ok(intent_is_right || is_name(&apart.promise))
}

/// A change whose bytes are whole says by itself what it is called and what was done.
fn name_by_changes(conn: &Connection) -> Result<bool, EngineError> {
    let mut mended = false;
    for (n, column, bytes) in agree_orphans(conn)? {
        let Some(change) = base::parse(&bytes) else {
            continue;
        };
        let Some(name) = change.message().filter(|name| is_name(name)) else {
            continue;
        };
        if *name != column {
            mended |= agree_name_change(conn, n, name)?;
        } else if let Some(entry) = base::entry_of(&change)
            && let Some(n) = twin(conn, &entry)?
        {
            agree_name_intent(conn, n, name)?;
            mended = true;
        }
    }
    Ok(mended)
}

/// The intent that says the same and goes by a name of which nothing else knows. What its author knew may stand
/// shortened in a change that was written again.
fn twin(conn: &Connection, entry: &Entry) -> Result<Option<i64>, EngineError> {
    let is_twin = |text: &str| {
        Entry::read(text)
            .is_some_and(|other| (&other.act, other.by, other.at) == (&entry.act, entry.by, entry.at))
    };
    let unnamed = agree_unnamed(conn)?;
    Ok(unnamed.iter().find(|(_, text)| is_twin(text)).map(|(n, _)| *n))
}

/// What most say counts. Where two say two, it is the document that holds the operation.
fn document_of(conn: &Connection, operation: &str) -> Result<Option<DocumentId>, EngineError> {
    let Ok(id) = operation.parse::<OperationId>() else {
        return Ok(None);
    };
    let mut best: Option<(i64, bool, DocumentId)> = None;
    for (document, said) in agree_documents(conn, operation)? {
        let Ok(document) = document.parse::<DocumentId>() else {
            continue;
        };
        let holds = accepted_entry(conn, document, id)?.is_some();
        best = best.max(Some((said, holds, document)));
    }
    let Some((_, _, document)) = best else {
        return Ok(None);
    };
    agree_settle_document(conn, operation, &document.to_string())?;
    Ok(Some(document))
}
