//! Own work that stands in the accepted state while this phone has no bytes, or other bytes, for it: what stands there
//! is offered again, so that HQ tells its fate. What the document looks like now would be a guess: a fate is decided
//! once, and what displaces the operation later is only told.

use std::collections::BTreeSet;

use automerge::Automerge;
use fieldline_model::actor::Install;
use fieldline_model::id::DocumentId;

use crate::error::EngineError;
use crate::overlay::{Work, actor_of};
use crate::store::change::{Change, ChangeState, change_of_document, change_restore};
use crate::store::doc::doc_get;
use crate::store::intent::Intent;

/// Makes the bytes in the accepted state this phone's live change again. Another copy of this phone may have written
/// them, or this one under a key it has lost: then no signature proves the line, and HQ tells what it has decided all
/// the same. False when no change there names the operation.
pub(crate) fn reclaim(
    work: &Work<'_>,
    id: DocumentId,
    accepted: &Automerge,
    intent: &Intent,
) -> Result<bool, EngineError> {
    let message = intent.operation.to_string();
    let branch_max = doc_get(work.conn, id)?.map_or(0, |line| line.branch);
    let own = change_of_document(work.conn, id)?;
    let installs: BTreeSet<Install> = own.iter().map(|c| c.install).chain([work.install]).collect();
    let lines: Vec<_> = installs
        .into_iter()
        .flat_map(|install| (0..=branch_max).map(move |branch| (install, branch)))
        .map(|(install, branch)| (install, branch, actor_of(work.me, id, &install, branch)))
        .collect();
    let changes = accepted.get_changes(&[]);
    let found = changes
        .iter()
        .filter_map(|change| Some((change, <[u8; 16]>::try_from(change.actor_id().to_bytes()).ok()?)))
        .find(|(change, _)| change.message() == Some(&message));
    let Some((change, actor)) = found else {
        return Ok(false);
    };
    let line = lines.iter().find(|(_, _, own)| *own == actor);
    let (install, branch) = line.map_or((work.install, 0), |(install, branch, _)| (*install, *branch));
    change_restore(
        work.conn,
        &Change {
            document: id,
            hash: change.hash().0,
            bytes: change.raw_bytes().to_vec(),
            actor,
            install,
            branch,
            operation: intent.operation,
            state: ChangeState::Sent,
        },
    )?;
    Ok(true)
}
