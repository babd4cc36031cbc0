//! What this phone carries for others goes to HQ with its own, behind it, and counts against the same limits.
//!
//! HQ's answer says only whether it need be carried any longer. Own work knows nothing of any of this.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::actor::{Install, Line};
use fieldline_model::certificate::CERTIFICATE_MS;
use fieldline_model::door::{Limits, read_header};
use fieldline_model::id::DocumentId;
use fieldline_model::wire::{
    self, Bytes, Exchange, PUSH_CHANGES_MAX, RELAY_BYTES_MAX, RELAY_CHANGES_MAX, Relay, Relayed, Reply,
};
use rusqlite::Connection;

use super::mend::is_whole;
use super::{OTHERS_WAIT_MS, PUSH_BYTES_SOFT};
use crate::bundle::papers_are_of;
use crate::compact::SETTLED_KEEP_MS;
use crate::engine::Inner;
use crate::error::EngineError;
use crate::fault::bug;
use crate::overlay::{Work, actor_of};
use crate::store::carried::{
    carried_due, carried_forget, carried_needs, carried_put_off, carried_refused, carried_taken, papers_get,
    papers_put,
};
use crate::store::change::{Change, change_of_document};
use crate::store::identity::Enrolment;
use crate::store::notice::notice_put;

/// What HQ could not take now is brought again after half an hour, as own work is at the latest.
const AGAIN_MS: i64 = 30 * 60 * 1_000;
/// Lanes looked at for one exchange.
const LANES_MAX: usize = 500;

/// The lanes that are due, as far as there is room beside own work.
pub(super) fn due(work: &Work<'_>, push: &[wire::Lane]) -> Result<Vec<Relayed>, EngineError> {
    let count = |lane: &wire::Lane| lane.changes.len();
    let bytes = |lane: &wire::Lane| lane.changes.iter().map(|change| change.len()).sum::<usize>();
    let (mut changes, mut size): (usize, usize) =
        (push.iter().map(count).sum(), push.iter().map(bytes).sum());
    let mut relay = Vec::new();
    for carried in carried_due(work.conn, work.now, LANES_MAX)? {
        changes += count(&carried.lane);
        size += bytes(&carried.lane);
        if changes > PUSH_CHANGES_MAX || size > PUSH_BYTES_SOFT {
            break;
        }
        let waited_ms = carried.needs_since.map(|since| work.now.since(since));
        relay.push(Relayed {
            device: carried.device,
            lane: carried.lane,
            certificate: (!bug!(work.faults, CarriedUncertified)).then_some(carried.certificate),
            orphaned: waited_ms.is_some_and(|ms| ms >= OTHERS_WAIT_MS),
        });
    }
    Ok(relay)
}

/// Whether HQ should give its word for this phone: it has none, or half of its time is over.
pub(super) fn needs_papers(work: &Work<'_>) -> Result<bool, EngineError> {
    let papers = papers_get(work.conn)?.filter(|papers| papers_are_of(papers, work.me));
    Ok(papers.is_none_or(|papers| papers.certificate.until.since(work.now) < CERTIFICATE_MS / 2))
}

/// Own unsent work in a document, in lanes that this phone signs. Of a line in which the disk damaged or lost something goes
/// what comes before that, until the next sync has mended it; nothing goes of what was written under a key this phone has lost.
pub(crate) fn own_lanes(work: &Work<'_>, id: DocumentId) -> Result<Vec<wire::Lane>, EngineError> {
    let mut lines: BTreeMap<(Install, u32), Vec<Change>> = BTreeMap::new();
    let mut broken = BTreeSet::new();
    for change in change_of_document(work.conn, id)? {
        let line = (change.install, change.branch);
        if !change.state.is_live() || broken.contains(&line) {
            continue;
        }
        let actor = actor_of(work.me, change.document, &change.install, change.branch);
        let before = lines.entry(line).or_default();
        if change.actor == actor && is_whole(work, &change)? && follows(before.last(), &change) {
            before.push(change);
        } else {
            broken.insert(line);
        }
    }
    let lanes = lines.into_values().flat_map(|line| {
        let lanes: Vec<wire::Lane> = pieces(&line)
            .into_iter()
            .filter_map(|changes| lane(work.me, changes))
            .collect();
        lanes
    });
    Ok(lanes.collect())
}

/// Whether nothing is missing between two changes of a line.
fn follows(before: Option<&Change>, change: &Change) -> bool {
    let Some(before) = before else { return true };
    let header = read_header(&change.bytes, &Limits::default());
    header.is_ok_and(|header| header.deps.iter().any(|dep| dep.0 == before.hash))
}

/// A line in pieces that a lane of a bundle may have.
fn pieces(line: &[Change]) -> Vec<&[Change]> {
    let (mut pieces, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (place, change) in line.iter().enumerate() {
        bytes += change.bytes.len();
        if place > from && (place - from >= RELAY_CHANGES_MAX || bytes > RELAY_BYTES_MAX) {
            pieces.push(&line[from..place]);
            (from, bytes) = (place, change.bytes.len());
        }
    }
    pieces.push(&line[from..]);
    pieces
}

fn lane(me: &Enrolment, changes: &[Change]) -> Option<wire::Lane> {
    let last = changes.last()?;
    let line = Line {
        organisation: me.organisation,
        document: last.document,
        actor: &last.actor,
        head: &last.hash,
    };
    Some(wire::Lane {
        document: last.document,
        install: last.install,
        branch: last.branch,
        signature: me.key.sign(&line),
        changes: changes
            .iter()
            .map(|change| Bytes::from(change.bytes.clone()))
            .collect(),
    })
}

impl Inner {
    /// Takes HQ's answer about what was carried to it, and its word for this phone. True when more is due.
    pub(super) fn take_relayed(&mut self, exchange: &Exchange, reply: &Reply) -> Result<bool, EngineError> {
        let now = reply.welcome.server_time;
        let tx = self.store.conn.transaction()?;
        let answers: BTreeMap<[u8; 32], &Relay> = reply
            .relayed
            .iter()
            .map(|(head, answer)| (**head, answer))
            .collect();
        for relayed in &exchange.relay {
            let head = crate::store::carried::head_of(&relayed.lane);
            match answers.get(&head) {
                Some(Relay::Taken) => carried_taken(&tx, &head, now)?,
                Some(Relay::Refused { code }) => {
                    carried_refused(&tx, &head, code)?;
                    notice_put(&tx, "carried_refused", now)?;
                }
                Some(Relay::Need { .. }) => {
                    carried_needs(&tx, &head, now)?;
                    carried_put_off(&tx, &head, now.plus_ms(AGAIN_MS))?;
                }
                // A server that knows nothing of it yet says nothing.
                Some(Relay::Later) | None => {
                    carried_put_off(&tx, &head, now.plus_ms(AGAIN_MS))?;
                }
            }
        }
        if let (Some(papers), Some(me)) = (&reply.papers, &self.identity.enrolment)
            && papers_are_of(papers, me)
        {
            papers_put(&tx, papers)?;
        }
        let more = !exchange.relay.is_empty() && any_due(&tx, now)?;
        tx.commit()?;
        Ok(more)
    }

    /// Throws away what was carried and settled long ago.
    pub(super) fn forget_carried(
        &mut self,
        now: fieldline_model::time::Timestamp,
    ) -> Result<(), EngineError> {
        let tx = self.store.conn.transaction()?;
        carried_forget(&tx, now.plus_ms(-SETTLED_KEEP_MS))?;
        Ok(tx.commit()?)
    }
}

fn any_due(conn: &Connection, now: fieldline_model::time::Timestamp) -> Result<bool, EngineError> {
    Ok(!carried_due(conn, now, 1)?.is_empty())
}
