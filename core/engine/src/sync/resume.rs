//! Healing by what differs: of what the server's digest says as well nothing is named, and when the server lacks nothing
//! more this phone goes on in its log from a place that both came to, where it would otherwise read everything again.
//!
//! Nothing here is taken for granted: the server looks at what was not named when it is asked, and at place and digest when
//! it goes on. Where anything does not fit, everything is named, or everything is read.

use std::collections::BTreeSet;

use fieldline_model::id::DocumentId;
use fieldline_model::wire::{Have, HeldDigest, Item, Page, Place, ROWS_HELD_MAX, Rest, Resume, bucket};
use rusqlite::Connection;

use crate::error::EngineError;
use crate::fault::bug;
use crate::observe::Changed;
use crate::overlay::Work;
use crate::store::cursor::{Standing, cursor_digest, cursor_get, cursor_known, cursor_set_known};
use crate::store::doc::{doc_in_scope, doc_set_scope};
use crate::store::heal::{Held, heal_have};
use crate::store::row::row_since;
use crate::store::trail::{trail, trail_branch, trail_forget, trail_note, trail_place};

/// What the server is told when it is asked what it lacks.
#[derive(Debug, Default)]
pub(super) struct Ask {
    pub(super) have: Vec<Have>,
    pub(super) rest: Option<Rest>,
    pub(super) trail: Vec<Place>,
}

/// What is held here, or, where the server said what it holds itself, what lies in buckets that differ. It speaks of what
/// should be shown here: what is hidden is named in any case.
pub(super) fn ask(conn: &Connection) -> Result<Ask, EngineError> {
    let held = heal_have(conn)?;
    let own = digest(held.iter().filter(|held| held.in_scope));
    let rest = cursor_digest(conn)?.map(|server| {
        let named = own.differing(&server);
        let others = own.without(&named);
        Rest { named, others }
    });
    let is_named = |held: &Held| {
        let differs = rest.is_none_or(|rest| rest.named.contains(bucket(held.have.0)));
        differs || !held.in_scope
    };
    let trail = match cursor_get(conn)? {
        standing if begins(&standing) => trail(conn)?,
        _ => Vec::new(),
    };
    Ok(Ask {
        have: held.into_iter().filter(is_named).map(|held| held.have).collect(),
        rest,
        trail,
    })
}

fn digest<'a>(held: impl Iterator<Item = &'a Held>) -> HeldDigest {
    let mut digest = HeldDigest::default();
    for Held {
        have: Have(id, one), ..
    } in held
    {
        digest.add(*id, *one);
    }
    digest
}

/// Everything would be read from the start, and not because it did not fit.
fn begins(standing: &Standing) -> bool {
    standing.cursor.seq == 0 && !standing.rereading
}

/// From where this phone can go on, now that the server lacks nothing more. `None`: it reads everything.
pub(super) fn resume(work: &Work<'_>) -> Result<Option<Resume>, EngineError> {
    let Some(known) = cursor_known(work.conn)? else {
        return Ok(None);
    };
    let place = trail_place(work.conn, known)?;
    let Some(place) = place.filter(|_| !bug!(work.faults, NeverResumed)) else {
        return Ok(None);
    };
    if !begins(&cursor_get(work.conn)?) {
        return Ok(None);
    }
    let mut rows = row_since(work.conn, known)?;
    if rows.len() > ROWS_HELD_MAX {
        return Ok(None);
    }
    if bug!(work.faults, RowsSinceUnsaid) {
        rows.clear();
    }
    let held = heal_have(work.conn)?;
    // What is not settled comes whole, with HQ's word for it.
    let documents = digest(held.iter().filter(|held| held.in_scope && held.settled));
    Ok(Some(Resume {
        place,
        documents,
        rows,
    }))
}

/// The place by which the rows of a page are known. With more to come, some of them are at a later stand than its end.
pub(super) fn rows_at(page: &Page) -> u64 {
    page.next.seq.saturating_add(u64::from(page.more))
}

/// A page came, its items are taken and the cursor stands at its end. Where the server went on from the place it was told,
/// what it did not name in buckets of which it names everything is not for this phone.
pub(super) fn page_came(
    conn: &Connection,
    page: &Page,
    resume: Option<&Resume>,
    changed: &mut Changed,
) -> Result<(), EngineError> {
    match (&page.resumed, resume) {
        (Some(named), Some(resume)) => {
            let sent: BTreeSet<DocumentId> = page.items.iter().filter_map(sent).collect();
            for id in doc_in_scope(conn)? {
                if named.contains(bucket(id)) && !sent.contains(&id) {
                    doc_set_scope(conn, id, false)?;
                    changed.documents.insert(id);
                }
            }
            trail_branch(conn, resume.place.0, rows_at(page))?;
            cursor_set_known(conn, None)?;
        }
        _ if page.from.seq == 0 => {
            trail_forget(conn)?;
            cursor_set_known(conn, None)?;
        }
        _ => {}
    }
    if !page.more && page.next.seq > 0 {
        trail_note(conn, &page.next)?;
    }
    Ok(())
}

fn sent(item: &Item) -> Option<DocumentId> {
    match item {
        Item::Enter { document } | Item::Snapshot { document, .. } | Item::Changes { document, .. } => {
            Some(*document)
        }
        Item::Drop { .. } | Item::Row { .. } | Item::RowGone { .. } | Item::Fate { .. } => None,
    }
}
