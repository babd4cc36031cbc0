//! Pages: what changed for this phone, in the server's order. Items and cursor are one transaction.
//!
//! A change whose dependencies are missing is held, never lost and never shown; a document that cannot take its
//! changes is marked stuck and asked for whole while the page commits. Own pending work survives everything here.

use std::collections::BTreeSet;

use automerge::Automerge;
use fieldline_model::document::{Content, birth, content, heads, load};
use fieldline_model::id::DocumentId;
use fieldline_model::wire::{Fate, Item, Page};

use super::verdict::announced;
use crate::base;
use crate::error::EngineError;
use crate::fault::bug;
use crate::observe::Changed;
use crate::overlay::{Leave, Work, base_load, base_put};
use crate::settle::count_as;
use crate::store::change::{Change, ChangeState, change_of_document, change_set_state};
use crate::store::cursor::{cursor_counted, cursor_get, cursor_restart};
use crate::store::doc::{
    attic_put, doc_healed, doc_hide_unnamed, doc_manifest, doc_set_scope, doc_set_stuck, doc_set_want,
    doc_touch,
};
use crate::store::held::{held_delete, held_documents, held_list, held_put, held_set_aside};
use crate::store::intent::{Intent, intent_of_document, intent_settle};
use crate::store::notice::{notice_delete, notice_put};
use crate::store::row::{row_delete, row_put};

/// A phone that reads everything again does so at most this often: an hour, so that a miscount cannot drain a battery.
const READ_AGAIN_MS: i64 = 60 * 60 * 1_000;
/// So many manifests in a row must differ before everything is read again: one may have met a push in mid-air.
const MISMATCHES_BEFORE: u32 = 2;
/// Most changes held for one document; beyond that it is asked for whole.
const HELD_MAX: usize = 2_000;

/// Takes one item; `seq` is the place by which its rows are known.
pub(crate) fn take_item(
    work: &Work<'_>,
    item: &Item,
    seq: u64,
    changed: &mut Changed,
) -> Result<(), EngineError> {
    match item {
        Item::Changes { document, changes } => {
            doc_touch(work.conn, *document)?;
            changed.documents.insert(*document);
            let bytes: Vec<&[u8]> = changes.iter().map(|bytes| bytes.as_ref()).collect();
            take_changes(work, *document, &bytes)
        }
        Item::Snapshot { document, bytes } => {
            doc_touch(work.conn, *document)?;
            changed.documents.insert(*document);
            take_snapshot(work, *document, bytes)
        }
        Item::Enter { document } => {
            doc_touch(work.conn, *document)?;
            changed.documents.insert(*document);
            doc_set_scope(work.conn, *document, true)
        }
        Item::Drop { document } => {
            changed.documents.insert(*document);
            doc_set_scope(work.conn, *document, false)
        }
        Item::Row { row } => {
            changed.rows = true;
            row_put(work.conn, row, work.now, seq)
        }
        Item::RowGone { kind, id } => {
            changed.rows = true;
            row_delete(work.conn, *kind, id, seq)
        }
        Item::Fate {
            operation,
            fate,
            present,
        } => {
            changed.documents.extend(announced(work, *operation, fate)?);
            let counts_as = present.as_ref().unwrap_or(fate);
            changed.documents.extend(count_as(work, *operation, counts_as)?);
            Ok(())
        }
    }
}

fn take_changes(work: &Work<'_>, id: DocumentId, changes: &[&[u8]]) -> Result<(), EngineError> {
    let accepted = match base_load(work.conn, id) {
        Ok(Some(doc)) => doc,
        // Its first changes build on the birth; if they build on more, they are held until the snapshot comes.
        Ok(None) => birth(id)?,
        Err(EngineError::Stuck(_)) => return doc_set_stuck(work.conn, id),
        Err(error) => return Err(error),
    };
    let mut incoming = Vec::with_capacity(changes.len());
    for bytes in changes {
        match base::parse(bytes) {
            Some(change) => incoming.push(change),
            None => return doc_set_stuck(work.conn, id),
        }
    }
    let held: Vec<automerge::Change> = held_list(work.conn, id)?
        .iter()
        .filter_map(|b| base::parse(b))
        .collect();
    let known_held: BTreeSet<[u8; 32]> = held.iter().map(|change| change.hash().0).collect();
    incoming.extend(held);
    incoming.extend(own_they_need(work, id, &accepted, &incoming)?);
    let Ok(batch) = base::apply_ready(&accepted, incoming) else {
        return doc_set_stuck(work.conn, id);
    };
    if !bug!(work.faults, MissingDepsDropped) {
        if batch.waiting.len() > HELD_MAX {
            doc_set_want(work.conn, id)?;
        }
        for change in batch.waiting.iter().take(HELD_MAX) {
            held_put(work.conn, id, &change.hash().0, change.raw_bytes(), work.now)?;
        }
    }
    for hash in batch.taken.iter().filter(|hash| known_held.contains(*hash)) {
        held_delete(work.conn, hash)?;
    }
    if heads(&batch.doc) == heads(&accepted) {
        return Ok(());
    }
    let Ok(bytes) = base::save(id, &batch.doc) else {
        return doc_set_stuck(work.conn, id);
    };
    base_put(work, id, &batch.doc, &bytes, &Leave::default())
}

/// Own changes without a verdict that foreign ones build on: the server has taken them, the answer was lost.
fn own_they_need(
    work: &Work<'_>,
    id: DocumentId,
    accepted: &Automerge,
    incoming: &[automerge::Change],
) -> Result<Vec<automerge::Change>, EngineError> {
    let here: BTreeSet<[u8; 32]> = incoming.iter().map(|change| change.hash().0).collect();
    let mut missing: Vec<[u8; 32]> = incoming
        .iter()
        .flat_map(|change| base::lacking(accepted, change))
        .map(|hash| hash.0)
        .collect();
    missing.retain(|hash| !here.contains(hash));
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let own = change_of_document(work.conn, id)?;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    while let Some(hash) = missing.pop() {
        let Some(change) = own.iter().find(|change| change.hash == hash) else {
            continue;
        };
        if seen.insert(hash)
            && let Some(change) = base::parse_own(change)
        {
            missing.extend(base::lacking(accepted, &change).iter().map(|hash| hash.0));
            found.push(change);
        }
    }
    Ok(found)
}

/// A whole document replaces the accepted state. Own work the server turns out not to have is offered again.
pub(super) fn take_snapshot(work: &Work<'_>, id: DocumentId, bytes: &[u8]) -> Result<(), EngineError> {
    let Ok(doc) = load(id, bytes) else {
        return doc_set_stuck(work.conn, id);
    };
    let own = change_of_document(work.conn, id)?;
    let held = content(id, &doc)?;
    if let Ok(Some(old)) = base_load(work.conn, id) {
        // HQ may hold under other bytes what it wrote again itself.
        let is_gone = |path, operation| {
            !held.holds(path, operation) && !own.iter().any(|own| own.operation == operation)
        };
        if content(id, &old)?
            .operations()
            .any(|(path, operation)| is_gone(path, operation))
        {
            attic_put(work.conn, id, &old.save(), cursor_get(work.conn)?.cursor.epoch)?;
            notice_put(work.conn, "left_in_attic", work.now)?;
        }
    }
    offer(work, &own, id, |intent, _| {
        !held.holds(intent.entry.act.path(), intent.operation)
    })?;
    doc_healed(work.conn, id)?;
    settle_held(work, id, &doc)?;
    base_put(work, id, &doc, bytes, &Leave::default())
}

/// What waited here came before the whole document did. What that does not hold HQ has lost since, and may never send
/// what it waits for.
fn settle_held(work: &Work<'_>, id: DocumentId, doc: &Automerge) -> Result<(), EngineError> {
    for bytes in held_list(work.conn, id)? {
        if let Some(change) = base::parse(&bytes)
            && base::holds(doc, &change.hash().0)
        {
            held_delete(work.conn, &change.hash().0)?;
        }
    }
    if held_set_aside(work.conn, id)? > 0 {
        notice_put(work.conn, "left_in_attic", work.now)?;
    }
    Ok(())
}

/// Offers operations again that count as merged or overruled, where `wanted` says so of the operation and its newest
/// change. Whether those bytes still fit is found out when they are laid over the accepted state.
pub(crate) fn offer(
    work: &Work<'_>,
    own: &[Change],
    id: DocumentId,
    wanted: impl Fn(&Intent, &Change) -> bool,
) -> Result<(), EngineError> {
    for intent in intent_of_document(work.conn, id)? {
        if !matches!(intent.fate, Some(Fate::Merged | Fate::Overruled { .. })) {
            continue;
        }
        let mut bytes = own
            .iter()
            .rev()
            .filter(|change| change.operation == intent.operation);
        if let Some(change) = bytes.find(|change| wanted(&intent, change)) {
            change_set_state(work.conn, &change.hash, ChangeState::Pending)?;
            intent_settle(work.conn, intent.operation, None, work.now)?;
        }
    }
    Ok(())
}

/// After the server may have lost everything: operations it had under bytes that this phone had left behind.
pub(crate) fn offer_left(work: &Work<'_>, id: DocumentId) -> Result<(), EngineError> {
    let accepted = match base_load(work.conn, id) {
        Ok(Some(doc)) => doc,
        Ok(None) | Err(EngineError::Stuck(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let own = change_of_document(work.conn, id)?;
    let held = content(id, &accepted)?;
    offer(work, &own, id, |intent, change| {
        base::holds(&accepted, &change.hash) || never_came(Some(&held), intent, change)
    })
}

/// HQ took the operation under other bytes, and they did not come here: a revoked phone is sent nothing, nor is anybody of
/// a ticket that has left.
pub(super) fn never_came(held: Option<&Content>, intent: &Intent, change: &Change) -> bool {
    let is_here = held.is_some_and(|held| held.holds(intent.entry.act.path(), intent.operation));
    change.state == ChangeState::Left && !is_here
}

/// After the last page: is everything here? Returns whether to go on at once.
pub(crate) fn count(work: &Work<'_>, page: &Page) -> Result<bool, EngineError> {
    let Some(manifest) = page.manifest else {
        return Ok(false);
    };
    let standing = cursor_get(work.conn)?;
    if standing.rereading {
        doc_hide_unnamed(work.conn)?;
    }
    let fits = doc_manifest(work.conn)? == manifest;
    cursor_counted(work.conn, manifest.documents, work.now, fits)?;
    if fits {
        notice_delete(work.conn, "read_again")?;
        return Ok(false);
    }
    let since_reset_ms = standing.reset_at.map(|at| work.now.since(at));
    differs(work, page.next.epoch, standing.mismatches + 1, since_reset_ms)
}

fn differs(
    work: &Work<'_>,
    epoch: u64,
    mismatches: u32,
    since_reset_ms: Option<i64>,
) -> Result<bool, EngineError> {
    // What waits for others is the likeliest cause: ask for those documents whole.
    for id in held_documents(work.conn)?.0 {
        doc_set_want(work.conn, id)?;
    }
    let may_reset = since_reset_ms.is_none_or(|ms| !(0..READ_AGAIN_MS).contains(&ms));
    if mismatches >= MISMATCHES_BEFORE && may_reset {
        cursor_restart(work.conn, epoch, Some(work.now))?;
        notice_put(work.conn, "read_again", work.now)?;
        return Ok(true);
    }
    Ok(mismatches < MISMATCHES_BEFORE)
}
