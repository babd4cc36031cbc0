//! A revoked phone's work: held for a supervisor, never merged silently, never dropped silently.

use fieldline_model::entry::Entry;
use fieldline_model::lane::change_hash;
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{self, Hash, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::lane::{Scribe, peek, recall, told_again};
use crate::app::{App, Inner};
use crate::store::device::Device;
use crate::store::document::fate_read;
use crate::store::happened::domain_event_add;
use crate::store::held::{held_decided, held_due, held_told};
use crate::store::log::Journal;

/// How long held work may wait for a supervisor. After that it is overdue: HQ's pages, REST and a domain event say so.
/// It stays held all the same, because only a person can say whether somebody's work counts.
pub const HELD_GRACE_DAYS: i64 = 30;
/// The same in milliseconds.
pub const HELD_GRACE_MS: i64 = HELD_GRACE_DAYS * 24 * 60 * 60 * 1000;
/// The domain event of held work that is overdue, told once.
const OVERDUE: &str = "held_overdue";

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
        told_again(&mut journal, &verdict, device.engineer)?;
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

impl App {
    /// Raises a domain event for all held work whose grace has run out since this was last asked; returns how much.
    ///
    /// # Errors
    /// As the store says.
    pub async fn tell_overdue(&self) -> Result<usize, DoorError> {
        let until = self.now().plus_ms(-HELD_GRACE_MS);
        let due = self
            .inner
            .store
            .read(move |connection| held_due(connection, until))
            .await?;
        if due.is_empty() {
            return Ok(0);
        }
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| {
            // Asked again inside the transaction: two who ask at once tell it once.
            let due = held_due(connection, until)?;
            let journal = Journal::begin(connection, (inner.edge.now)())?;
            for (operation, document) in &due {
                domain_event_add(&journal, Some(*document), OVERDUE, Some(*operation))?;
                tracing::warn!(operation.id = %operation, document.id = %document, "held work {operation} is overdue");
            }
            held_told(connection, until)?;
            Ok::<_, DoorError>(due.len())
        };
        let told = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        told
    }
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
pub(super) fn entry_text(bytes: &[u8]) -> Option<String> {
    let start = bytes.windows(7).position(|window| window == br#"{"act":"#)?;
    let tail = &bytes[start..];
    let mut entries = serde_json::Deserializer::from_slice(tail).into_iter::<Entry>();
    entries.next()?.ok()?;
    let length = entries.byte_offset();
    String::from_utf8(tail[..length].to_vec()).ok()
}
