//! What follows from something else and is gone: noticed when the store is opened, and written anew. Lists and the index
//! follow from documents, cards and uses of parts from what was done; rows and proofs only HQ has, and it is asked again.
//!
//! A list that is silently empty tells its reader that there is nothing to do.

use fieldline_model::id::DocumentId;
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::error::EngineError;
use crate::overlay::{Work, project};
use crate::perform::{open, take_parts};
use crate::settle::card;
use crate::store::article::{article_index_is_lost, article_reset_index};
use crate::store::cursor::{EPOCH_LOST, cursor_get, cursor_is_incomplete, cursor_restart};
use crate::store::doc::{attic_any, doc_set_stuck, doc_unlisted, doc_want_unproven};
use crate::store::grant::grants_forget;
use crate::store::heal::{Healing, heal_any, healing, healing_set};
use crate::store::intent::{intent_get, intent_set_displaced, intent_without_card};
use crate::store::notice::{notice_delete, notice_put};
use crate::store::stock::part_use_lost;
use crate::store::tally::{Tallied, tally_lacks, tally_restore_counters};
use crate::sync::mend_lost;

/// Writes it anew. Returns whether anything was gone of what is made on this phone.
pub(crate) fn renew(conn: &Connection, now: Timestamp) -> Result<bool, EngineError> {
    let mut found = tally_restore_counters(conn)?;
    found |= cards(conn, now)?;
    found |= uses(conn)?;
    rows(conn, now)?;
    doc_want_unproven(conn)?;
    if healing(conn)? == Healing::Give && !heal_any(conn)? {
        // Nobody knows what HQ lacked: it says so again.
        healing_set(conn, Healing::Ask)?;
    }
    if !attic_any(conn)? {
        notice_delete(conn, "left_in_attic")?;
    }
    Ok(found)
}

fn cards(conn: &Connection, now: Timestamp) -> Result<bool, EngineError> {
    let lost = intent_without_card(conn)?;
    for it in &lost {
        if it.fate == "overruled" && Reason::from_code(&it.code).is_none() {
            // No reason that HQ gives, and no card that it came: nobody ever said so.
            intent_set_displaced(conn, it.operation, None)?;
        } else if let Some(intent) = intent_get(conn, it.operation)? {
            card(conn, &intent, it.fate, &it.code, it.at.unwrap_or(now))?;
        }
    }
    Ok(!lost.is_empty())
}

fn uses(conn: &Connection) -> Result<bool, EngineError> {
    let mut found = false;
    for operation in part_use_lost(conn)? {
        if let Some(intent) = intent_get(conn, operation)? {
            take_parts(conn, operation, &intent.entry.act)?;
            found = true;
        }
    }
    Ok(found)
}

/// Rows come again with everything else.
fn rows(conn: &Connection, now: Timestamp) -> Result<(), EngineError> {
    if tally_lacks(conn, Tallied::Grant)? {
        grants_forget(conn)?;
        cursor_is_incomplete(conn)?;
        notice_put(conn, "read_again", now)?;
    }
    let lacking = [Tallied::Row, Tallied::Stock].map(|table| tally_lacks(conn, table));
    let mut lost = false;
    for table in lacking {
        lost |= table?;
    }
    if !lost {
        return Ok(());
    }
    let epoch = cursor_get(conn)?.cursor.epoch;
    if epoch > EPOCH_LOST {
        cursor_restart(conn, epoch, Some(now))?;
    }
    notice_put(conn, "read_again", now)
}

/// Changes of unsent work, from what was done; lines of lists and texts of the index, from the documents. Returns whether anything was gone.
pub(crate) fn renew_with(work: &Work<'_>) -> Result<bool, EngineError> {
    let mut found = article_index_is_lost(work.conn)?;
    if found {
        article_reset_index(work.conn)?;
    }
    found |= mend_lost(work)?;
    let unlisted = doc_unlisted(work.conn)?;
    for id in &unlisted {
        list_again(work, *id)?;
    }
    Ok(found || !unlisted.is_empty() && doc_unlisted(work.conn)?.len() < unlisted.len())
}

fn list_again(work: &Work<'_>, id: DocumentId) -> Result<(), EngineError> {
    match open(work, id) {
        Ok(laid) => project(work, id, &laid),
        Err(EngineError::Stuck(_)) => doc_set_stuck(work.conn, id),
        // It has not come yet.
        Err(EngineError::UnknownDocument(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
