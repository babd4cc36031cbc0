//! Work that another phone than its author's brings: taken as from its author, who alone is told what became of it.
//!
//! What its author's own line has left behind cannot be taken as it is, nor can what builds on something that never came, and
//! only he can write it again. Whether he lives to do it nobody knows, so it is held for a supervisor meanwhile. When he comes
//! it is his again.

use fieldline_model::actor::Install;
use fieldline_model::reason::Reason;
use fieldline_model::wire::{self, Relay, Relayed, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::hold::{entry_text, hold_lane};
use super::lane::{Scribe, peek, take_lane};
use crate::app::{Inner, bug};
use crate::store::device::Device;
use crate::store::held::{held_make_way, held_release};
use crate::store::log::Journal;

/// Stands for the install of what another phone brought: none has it, so HQ sends it to its author's phone as well. That one
/// may have been put back to an older copy of itself since, and HQ knows only of what it said itself.
const RELAYED: Install = [0xff; 16];

/// Takes what is good of a lane that this author's phone signed and another one brings.
pub(crate) fn take_relayed(
    connection: &Connection,
    inner: &Inner,
    author: &Device,
    relayed: &Relayed,
) -> Result<Relay, DoorError> {
    let Relayed { lane, orphaned, .. } = relayed;
    let verdicts = if author.revoked && !bug!(inner, RelayedUnheld) {
        hold_lane(connection, inner, author, lane)?
    } else {
        take_lane(connection, inner, author, lane, RELAYED)?
    };
    let journal = Journal::begin(connection, (inner.edge.now)())?;
    let scribe = Scribe {
        device: author,
        document: lane.document,
    };
    let mut answer = Relay::Taken;
    for ((hash, verdict), bytes) in verdicts.into_iter().zip(&lane.changes) {
        match verdict {
            Verdict::Fate { .. } | Verdict::Held => {}
            Verdict::Need { hashes } if !orphaned => answer = Relay::Need { hashes },
            Verdict::Later | Verdict::Unproven => answer = Relay::Later,
            Verdict::Need { .. } | Verdict::Replay => {
                // Nobody could decide about what names no operation.
                let Some(operation) = peek(bytes).filter(|_| !bug!(inner, LeftBehindDropped)) else {
                    continue;
                };
                held_make_way(connection, &hash)?;
                let code = Reason::LeftBehind.code();
                let text = entry_text(bytes);
                scribe.keep(&journal, *hash, Some(operation), code, bytes, text.as_deref())?;
                tracing::info!(operation.id = %operation, document.id = %lane.document, "holds {operation}: its author has not come");
            }
        }
    }
    Ok(answer)
}

/// The author's own phone is here: what of this lane was held because nobody knew whether it would come is its to write
/// again.
pub(crate) fn release_relayed(connection: &Connection, lane: &wire::Lane) -> Result<(), DoorError> {
    let hash = |bytes: &wire::Bytes| fieldline_model::lane::change_hash(bytes);
    Ok(lane
        .changes
        .iter()
        .try_for_each(|bytes| held_release(connection, &hash(bytes)))?)
}
