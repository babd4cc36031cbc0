//! Work that another phone than its author's brings: taken as from its author, who alone is told what became of it.
//!
//! What its author's own line has left behind cannot be taken as it is, nor can what builds on something that never came, and
//! only he can write it again. Whether he lives to do it nobody knows, so it is held for a supervisor meanwhile. When he comes
//! it is his again.

use fieldline_model::actor::Install;
use fieldline_model::certificate::Certificate;
use fieldline_model::reason::Reason;
use fieldline_model::wire::{self, Relay, Relayed, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::hold::{entry_text, hold_lane};
use super::lane::{Scribe, peek, take_lane};
use crate::app::{Inner, bug};
use crate::store::device::{Device, device_by_key, device_get, device_remember};
use crate::store::held::{held_make_way, held_release};
use crate::store::log::Journal;

/// Stands for the install of what another phone brought: none has it, so HQ sends it to its author's phone as well. That one
/// may have been put back to an older copy of itself since, and HQ knows only of what it said itself.
const RELAYED: Install = [0xff; 16];

/// The phone that signed a lane.
#[derive(Debug, Clone)]
pub(crate) enum Author {
    /// It is in the record.
    Known(Device),
    /// The record went back to before it was enrolled; HQ's own word says whose it is.
    Certified(Certificate),
}

impl Author {
    /// What it signs with.
    pub(crate) fn key(&self) -> &[u8; 32] {
        match self {
            Self::Known(device) => &device.public_key,
            Self::Certified(word) => &word.device_key,
        }
    }

    /// The phone as the record knows it from now on. One that was forgotten and has been enrolled again meanwhile is what it
    /// is now. A forgotten one comes back without a token: it needs a code to speak for itself, and stays one phone then.
    fn device(&self, journal: &Journal<'_>) -> Result<Device, DoorError> {
        let word = match self {
            Self::Known(device) => return Ok(device.clone()),
            Self::Certified(word) => word,
        };
        let connection = journal.connection();
        let again =
            device_by_key(connection, &word.device_key)?.filter(|known| known.engineer == word.engineer);
        let id = again.map_or(word.device, |known| known.id);
        if let Some(device) = device_get(connection, id)? {
            return Ok(device);
        }
        device_remember(connection, word, journal.at())?;
        tracing::warn!(device.id = %id, engineer.id = %word.engineer, "phone {id} is known again by its certificate");
        device_get(connection, id)?.ok_or_else(|| DoorError::Document("the phone was not written".into()))
    }
}

/// Takes what is good of a lane that this author's phone signed and another one brings.
pub(crate) fn take_relayed(
    connection: &Connection,
    inner: &Inner,
    author: &Author,
    relayed: &Relayed,
) -> Result<Relay, DoorError> {
    let Relayed { lane, orphaned, .. } = relayed;
    let author = &author.device(&Journal::begin(connection, (inner.edge.now)())?)?;
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
