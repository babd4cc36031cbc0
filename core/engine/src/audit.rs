//! Rows that a damaged file lost: looked for when the store is opened and before every exchange.
//!
//! A lost place mark means to read from the start, a lost document is asked for whole. An operation whose intent is gone
//! is put back from its change, or from the accepted state. What is nowhere any more
//! is named and counted on the truth screen; nothing is made up in its place.

use std::collections::BTreeSet;

use fieldline_model::document::content;
use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use rusqlite::Connection;

use crate::agree::agree;
use crate::base;
use crate::engine::{Inner, work_in};
use crate::error::EngineError;
use crate::overlay::{Work, base_load};
use crate::renew::{renew, renew_with};
use crate::store::change::{Change, ChangeState, change_of_operation, change_without_intent};
use crate::store::cursor::cursor_restore;
use crate::store::doc::{doc_restore, doc_set_want, doc_touch};
use crate::store::inbox::{inbox_put, inbox_reason};
use crate::store::intent::{
    Intent, Spoiled, counter_add, intent_forget, intent_get, intent_restore, intent_rewrite, intent_spoiled,
};
use crate::store::notice::{notice_delete, notice_keep, notice_put};
use crate::store::promise::{
    Broken, promise_broken, promise_delete, promise_get, promise_lacking, promise_put, promise_set_asked,
    promise_unnamed,
};
use crate::store::unreadable::{
    unreadable_cards, unreadable_documents, unreadable_lines, unreadable_promises, unreadable_waiting,
};
use crate::view::Card;

/// What the phone says while it lacks something it promised.
const WORK_MISSING: &str = "work_missing";

impl Inner {
    /// Holds what this phone promised against what it has. Returns the documents in which something was put back.
    /// At the opening of a store `all` its lines are read, before an exchange those without a fate.
    pub(crate) fn audit(&mut self, now: Timestamp, all: bool) -> Result<BTreeSet<DocumentId>, EngineError> {
        let tx = self.store.conn.transaction()?;
        if cursor_restore(&tx)? {
            notice_put(&tx, "read_again", now)?;
        }
        let unreadable = drop_unreadable(&tx, all)?;
        let (mut mended, agreed) = agree(&tx, all)?;
        let unreadable = unreadable + unreadable_promises(&tx)?;
        // Told by the truth screen as damaged copies, until they come.
        let lost = doc_restore(&tx, all)?;
        for line in intent_spoiled(&tx, all)? {
            mended.extend(rewrite(&tx, &line)?);
        }
        for operation in change_without_intent(&tx)? {
            mended.extend(from_change(&tx, operation, now)?);
        }
        for operation in promise_lacking(&tx)? {
            if let Some(intent) = intent_get(&tx, operation)? {
                promise_put(&tx, &intent)?;
            }
        }
        let mut missing = 0_usize;
        for broken in promise_broken(&tx)? {
            match from_accepted(&tx, &broken, now)? {
                Some(document) => {
                    mended.insert(document);
                }
                None => missing += 1,
            }
        }
        let mut renewed = all && renew(&tx, now)?;
        if all && self.identity.is_somebody() {
            renewed |= renew_with(&work_in(&tx, &self.identity, &self.faults, now)?)?;
        }
        if !mended.is_empty() || agreed || renewed || unreadable > 0 {
            notice_put(&tx, "damage_mended", now)?;
        }
        say(&tx, missing, now)?;
        tx.commit()?;
        mended.extend(lost);
        mended.iter().for_each(|id| self.close(*id));
        Ok(mended)
    }
}

/// What cannot be read and is not own work. Damage is looked for where the store is opened.
fn drop_unreadable(conn: &Connection, all: bool) -> Result<usize, EngineError> {
    if !all {
        return Ok(0);
    }
    Ok(unreadable_documents(conn)?
        + unreadable_lines(conn)?
        + unreadable_waiting(conn)?
        + unreadable_cards(conn)?)
}

/// A line that cannot be read is written anew from its change or from the accepted state. One that is nowhere else
/// goes, and is missed by its promise.
fn rewrite(conn: &Connection, line: &Spoiled) -> Result<Option<DocumentId>, EngineError> {
    let found = match line.operation {
        Some(operation) => elsewhere(conn, operation, line.document)?,
        None => None,
    };
    if let Some((document, entry)) = found {
        intent_rewrite(conn, line.n, document, &entry)?;
        return Ok(Some(document));
    }
    intent_forget(conn, line.n)?;
    // Where even the operation's name is lost, what is put back from its change counts in its place.
    if let (Some(fate), Some(_)) = (&line.fate, line.operation) {
        counter_add(conn, fate)?;
    }
    Ok(line.document)
}

fn elsewhere(
    conn: &Connection,
    operation: OperationId,
    document: Option<DocumentId>,
) -> Result<Option<(DocumentId, Entry)>, EngineError> {
    let changes = change_of_operation(conn, operation)?;
    let read = |change: &Change| Some((change.document, entry_in(change, operation)?));
    if let Some(found) = changes.iter().rev().find_map(read) {
        return Ok(Some(found));
    }
    let promised = promise_get(conn, operation)?.map(|promise| promise.missing.document);
    let Some(document) = document.or(promised) else {
        return Ok(None);
    };
    Ok(accepted_entry(conn, document, operation)?.map(|entry| (document, entry)))
}

pub(crate) fn accepted_entry(
    conn: &Connection,
    document: DocumentId,
    operation: OperationId,
) -> Result<Option<Entry>, EngineError> {
    let accepted = match base_load(conn, document) {
        Ok(accepted) => accepted,
        Err(EngineError::Stuck(_)) => None,
        Err(error) => return Err(error),
    };
    match accepted {
        Some(doc) => Ok(content(document, &doc)?.entry(operation).cloned()),
        None => Ok(None),
    }
}

fn say(conn: &Connection, missing: usize, now: Timestamp) -> Result<(), EngineError> {
    if missing > 0 || promise_unnamed(conn)? > 0 {
        notice_keep(conn, WORK_MISSING, now)
    } else {
        notice_delete(conn, WORK_MISSING)
    }
}

/// What was done stands in the change as well.
fn from_change(
    conn: &Connection,
    operation: OperationId,
    now: Timestamp,
) -> Result<Option<DocumentId>, EngineError> {
    let changes = change_of_operation(conn, operation)?;
    let entry = changes
        .iter()
        .rev()
        .find_map(|change| entry_in(change, operation));
    let (Some(entry), Some(newest)) = (entry, changes.last()) else {
        return Ok(None);
    };
    let promise = promise_get(conn, operation)?;
    let fate = fate_of(conn, operation, &changes, promise.is_some())?;
    let found = Found {
        operation,
        document: newest.document,
        entry,
        fate,
    };
    put_back(conn, found, promise, now)?;
    Ok(Some(newest.document))
}

fn entry_in(change: &Change, operation: OperationId) -> Option<Entry> {
    // By its own checksum: where only its hash was damaged, the words are whole.
    let parsed = base::parse(&change.bytes)?;
    let named = parsed.message() == Some(&operation.to_string());
    base::entry_of(&parsed).filter(|_| named)
}

/// As far as its changes got. One that was left behind and has no promise HQ has under other bytes.
fn fate_of(
    conn: &Connection,
    operation: OperationId,
    changes: &[Change],
    promised: bool,
) -> Result<Option<Fate>, EngineError> {
    let Some(newest) = changes.last() else {
        return Ok(None);
    };
    if changes.iter().any(|change| change.state.is_live()) {
        return Ok(None);
    }
    let told = inbox_reason(conn, operation)?;
    let code = told.as_ref().map(|(_, code)| code.clone()).unwrap_or_default();
    Ok(match newest.state {
        ChangeState::Pending | ChangeState::Sent => None,
        ChangeState::Merged => Some(Fate::Merged),
        ChangeState::Overruled => Some(Fate::Overruled { code }),
        ChangeState::Refused => Some(Fate::Refused { code }),
        ChangeState::Left if promised => None,
        ChangeState::Left => told
            .and_then(|(fate, code)| Fate::from_words(&fate, Some(&code)))
            .or(Some(Fate::Merged)),
    })
}

/// HQ has it, so what was done is known. Otherwise HQ is asked for the document, once.
fn from_accepted(
    conn: &Connection,
    broken: &Broken,
    now: Timestamp,
) -> Result<Option<DocumentId>, EngineError> {
    let (operation, document) = (broken.missing.operation, broken.missing.document);
    if let Some(entry) = accepted_entry(conn, document, operation)? {
        let found = Found {
            operation,
            document,
            entry,
            fate: None,
        };
        put_back(conn, found, promise_get(conn, operation)?, now)?;
        return Ok(Some(document));
    }
    if !broken.asked {
        promise_set_asked(conn, operation)?;
        doc_set_want(conn, document)?;
    }
    Ok(None)
}

/// What is left of an operation whose line is gone.
struct Found {
    operation: OperationId,
    document: DocumentId,
    entry: Entry,
    fate: Option<Fate>,
}

fn put_back(
    conn: &Connection,
    found: Found,
    promise: Option<Broken>,
    now: Timestamp,
) -> Result<(), EngineError> {
    let Found {
        operation,
        document,
        entry,
        fate,
    } = found;
    doc_touch(conn, document)?;
    let saved_at = promise
        .as_ref()
        .map_or(entry.at.wall, |promise| promise.missing.saved_at);
    let intent = Intent {
        operation,
        document,
        entry,
        fate,
        held: false,
        saved_at,
    };
    intent_restore(conn, &intent, promise.map(|promise| promise.n), now)
}

/// HQ tells the fate of an operation that is gone from here: it counts, and it is missing no more.
pub(crate) fn missing_told(
    work: &Work<'_>,
    operation: OperationId,
    fate: &Fate,
) -> Result<Option<DocumentId>, EngineError> {
    let Some(broken) = promise_get(work.conn, operation)? else {
        return Ok(None);
    };
    promise_delete(work.conn, operation)?;
    counter_add(work.conn, fate.word())?;
    let missing = broken.missing;
    if let Some(code) = fate.code() {
        let card = Card {
            operation,
            document: missing.document,
            number: missing.number,
            act: missing.act,
            own_words: String::new(),
            fate: fate.word().to_owned(),
            displaced: false,
            code: code.to_owned(),
            at: work.now,
        };
        inbox_put(work.conn, &card)?;
    }
    Ok(Some(missing.document))
}

/// The person knows that it is gone. False when nothing of that name is missing.
pub(crate) fn missing_dismiss(conn: &Connection, operation: OperationId) -> Result<bool, EngineError> {
    let broken = promise_broken(conn)?;
    if !broken.iter().any(|broken| broken.missing.operation == operation) {
        return Ok(false);
    }
    promise_delete(conn, operation)?;
    counter_add(conn, "gone")?;
    if broken.len() == 1 && promise_unnamed(conn)? == 0 {
        notice_delete(conn, WORK_MISSING)?;
    }
    Ok(true)
}
