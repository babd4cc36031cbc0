//! What HQ told of own work, laid over what the fold here says: of a ticket that left, this phone holds only what was
//! there before.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::document::{Content, content, load};
use fieldline_model::fold::{Events, VisitState, fold};
use fieldline_model::id::{DocumentId, EngineerId, OperationId};
use fieldline_model::operation::Author;
use fieldline_model::reason::Reason;
use fieldline_model::wire::Fate;
use rusqlite::Connection;

use crate::error::EngineError;
use crate::store::doc::{DocLine, attic_get};
use crate::store::intent::{intent_of_document, intent_present_of};
use crate::view::{EntryView, TicketView};

/// A ticket of which HQ has nothing any more, as it was when it left, without own work that was refused since.
pub(super) fn kept(conn: &Connection, id: DocumentId) -> Result<Option<Content>, EngineError> {
    let Some(bytes) = attic_get(conn, id)? else {
        return Ok(None);
    };
    let doc = load(id, &bytes).map_err(|_| EngineError::Stuck(id))?;
    let refused: BTreeSet<OperationId> = intent_of_document(conn, id)?
        .into_iter()
        .filter(|intent| matches!(intent.fate, Some(Fate::Refused { .. })))
        .map(|intent| intent.operation)
        .collect();
    let mut content = content(id, &doc)?;
    content
        .entries
        .retain(|(_, operation), _| !refused.contains(operation));
    let mut events = Events::default();
    for (operation, entry) in content.events.entries() {
        if !refused.contains(operation) {
            events.insert_entry(*operation, entry.clone());
        }
    }
    content.events = events;
    Ok(Some(content))
}

/// Marks own entries as HQ counts them, and shows what left as something that was.
pub(super) fn lay_over(
    conn: &Connection,
    id: DocumentId,
    line: &DocLine,
    me: EngineerId,
    content: &Content,
    view: &mut TicketView,
) -> Result<(), EngineError> {
    let told = intent_present_of(conn, id)?;
    for entry in &mut view.events {
        match told.get(&entry.operation) {
            Some(code) => entry.overruled = code.as_deref().and_then(Reason::from_code).map(Reason::code),
            // How others' work counts by now is not known here; what is marked must be so.
            None if !line.in_scope => entry.overruled = None,
            None => {}
        }
    }
    view.in_scope = line.in_scope;
    view.stuck = line.stuck;
    view.left_at = line.left_at;
    view.lost_at_hq = line.lost;
    if line.in_scope {
        return Ok(());
    }
    view.status = status(content, &told);
    view.next.clear();
    for visit in &mut view.visits {
        visit.next.clear();
        visit.taken =
            visit.visit.is_taken_from(me) || (visit.mine && is_taken(&view.events, &visit.visit, &told));
    }
    Ok(())
}

/// Where a ticket that left stands without own steps that HQ does not count: what displaced them never came here.
fn status(content: &Content, told: &BTreeMap<OperationId, Option<String>>) -> &'static str {
    let mut counting = Events::default();
    for (operation, entry) in content.events.entries() {
        if !matches!(told.get(operation), Some(Some(_))) {
            counting.insert_entry(*operation, entry.clone());
        }
    }
    fold(&counting).status().word()
}

/// HQ overruled the newest of this phone's steps on the visit because a colleague has it.
fn is_taken(events: &[EntryView], visit: &VisitState, told: &BTreeMap<OperationId, Option<String>>) -> bool {
    let newest = events.iter().rev().find(|entry| {
        matches!(entry.by, Author::Engineer(_))
            && entry.act.visit() == Some(visit.id)
            && told.contains_key(&entry.operation)
    });
    let taken = [Reason::TakenByOther, Reason::CompletedTakenByOther].map(Reason::code);
    newest.is_some_and(|entry| entry.overruled.is_some_and(|code| taken.contains(&code)))
}
