//! A revoked phone's work: held for a supervisor, never merged silently, never dropped silently.

use fieldline_model::entry::Entry;
use fieldline_model::reason::Reason;
use fieldline_model::wire::{self, Hash, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::lane::{Scribe, recall};
use super::signature::change_hash;
use crate::app::Inner;
use crate::store::device::Device;
use crate::store::log::Journal;

/// Refuses a lane whose signature holds and keeps its bytes. What was decided before stays as it was.
pub(crate) fn hold_lane(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    lane: &wire::Lane,
) -> Result<Vec<(Hash, Verdict)>, DoorError> {
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    let scribe = Scribe {
        device,
        document: lane.document,
    };
    let mut verdicts = Vec::with_capacity(lane.changes.len());
    for bytes in &lane.changes {
        let hash = change_hash(bytes);
        let verdict = match recall(connection, &hash)? {
            Some(verdict) => verdict,
            None => {
                let text = entry_text(bytes);
                scribe.refuse(
                    &mut journal,
                    hash,
                    Reason::DeviceRevoked.code(),
                    bytes,
                    text.as_deref(),
                )?
            }
        };
        verdicts.push((Hash::new(hash), verdict));
    }
    Ok(verdicts)
}

/// The entry's text, found without applying anything: the one JSON text in the change. The bytes were not checked,
/// so automerge may not see them; a miss only means that HQ sees the code without the words.
fn entry_text(bytes: &[u8]) -> Option<String> {
    let start = bytes.windows(7).position(|window| window == br#"{"act":"#)?;
    let tail = &bytes[start..];
    let mut entries = serde_json::Deserializer::from_slice(tail).into_iter::<Entry>();
    entries.next()?.ok()?;
    let length = entries.byte_offset();
    String::from_utf8(tail[..length].to_vec()).ok()
}
