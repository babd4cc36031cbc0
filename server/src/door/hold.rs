//! A revoked phone's work: held for a supervisor, never merged silently, never dropped silently.

use fieldline_model::entry::Entry;
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{self, Hash, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::lane::{Scribe, peek, recall};
use super::signature::change_hash;
use crate::app::Inner;
use crate::store::device::Device;
use crate::store::document::fate_read;
use crate::store::held::held_decided;
use crate::store::log::Journal;

/// Most decisions told in one answer: more than one phone holds at its end.
const DECIDED_MAX: u32 = 500;

/// Keeps a lane whose signature holds, without deciding anything. What was decided before stays as it was.
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
            None => scribe.hold(&mut journal, hash, bytes)?,
        };
        verdicts.push((Hash::new(hash), verdict));
    }
    Ok(verdicts)
}

/// What was decided about a revoked phone's work since it was last here. It gets no page to be told by; should the
/// answer be lost, the phone's next push of the same change is told again.
pub(crate) fn decided_held(
    connection: &Connection,
    device: &Device,
) -> Result<Vec<(Hash, Verdict)>, DoorError> {
    let since = device.last_seen_at.unwrap_or(Timestamp::from_ms(0));
    let mut verdicts = Vec::new();
    for hash in held_decided(connection, device.id, since, DECIDED_MAX)? {
        verdicts.extend(recall(connection, &hash)?.map(|verdict| (Hash::new(hash), verdict)));
    }
    Ok(verdicts)
}

impl Scribe<'_> {
    /// Keeps the change for a supervisor. One whose operation cannot be read, or was decided by another change, is no
    /// work that could be taken over.
    fn hold(&self, journal: &mut Journal<'_>, hash: [u8; 32], bytes: &[u8]) -> Result<Verdict, DoorError> {
        let text = entry_text(bytes);
        let code = Reason::DeviceRevoked.code();
        let open = match peek(bytes) {
            Some(operation) => fate_read(journal.connection(), operation)?.is_none(),
            None => false,
        };
        if !open {
            return self.refuse(journal, hash, code, bytes, text.as_deref());
        }
        self.keep(journal, hash, peek(bytes), code, bytes, text.as_deref())?;
        tracing::info!(document.id = %self.document, device.id = %self.device.id, "holds work of a revoked phone");
        Ok(Verdict::Held)
    }
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
