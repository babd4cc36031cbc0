//! Sync without IO: what to send next, and what to do with the answer.
//!
//! ```text
//! loop { let exchange = engine.sync_next(&mut moment)?; let reply = send(exchange)?;
//!        if !engine.sync_take(&exchange, reply, &mut moment)?.more { break } }
//! ```
//!
//! Every exchange and every reply may be lost, repeated or come late: verdicts are known by the hash of their change
//! and by operation, a page only counts if it continues the cursor. No transaction is open between the two calls.

mod heal;
mod mend;
mod page;
mod relay;
mod resume;
mod stood;
mod take;
mod verdict;
pub(crate) mod wait;

use std::collections::{BTreeSet, HashMap};

use fieldline_model::actor::{Install, Line};
use fieldline_model::id::DocumentId;
use fieldline_model::wire::{self, Bytes, Exchange, Hello, PAGE_ITEMS_MAX, PUSH_CHANGES_MAX, WIRE};

use crate::engine::{Engine, Inner, work_in};
use crate::error::EngineError;
use crate::fault::{FaultPoint, bug};
use crate::moment::Moment;
use crate::observe::Changed;
use crate::overlay::Work;
use crate::store::change::{Change, ChangeState, change_live, change_set_state};
use crate::store::cursor::{cursor_get, cursor_heard};
use crate::store::doc::doc_wanted;
use crate::store::grant::grants_known;
use crate::store::identity::{Enrolment, Seal};

pub use heal::OTHERS_WAIT_MS;
pub(crate) use heal::vouched;
pub(crate) use mend::mend_lost;
pub(crate) use relay::own_lanes;
pub use take::Progress;

use mend::{Damage, is_whole};
use wait::Waits;

/// Bytes of changes after which a push ends: a quarter of what one message may hold, so that slow links see progress.
pub const PUSH_BYTES_SOFT: usize = wire::PACKED_BYTES_MAX / 4;
/// Most documents asked for whole in one exchange.
pub const WANT_MAX: usize = 50;

impl Engine {
    /// The next exchange: unsent and unanswered changes, oldest first, and where the phone stands. `None` before the
    /// enrolment. What it carries is marked as sent before this returns.
    ///
    /// # Errors
    /// [`EngineError::KeyLost`] until the phone is enrolled again; as the store says.
    pub fn sync_next(&self, moment: &mut Moment<'_>) -> Result<Option<Exchange>, EngineError> {
        self.write(|inner| {
            let (exchange, mended) = inner.next_exchange(moment)?;
            let mut changed = if mended.is_empty() {
                Changed::default()
            } else {
                Changed::status()
            };
            changed.documents.extend(mended);
            Ok((exchange, changed))
        })
    }
}

impl Inner {
    /// The exchange, and the documents in which own work had to be mended.
    fn next_exchange(
        &mut self,
        moment: &Moment<'_>,
    ) -> Result<(Option<Exchange>, BTreeSet<DocumentId>), EngineError> {
        let Some(me) = self.identity.enrolment.clone() else {
            return Ok((None, BTreeSet::new()));
        };
        if self.identity.key_lost || self.identity.seal == Seal::Broken {
            return Err(EngineError::KeyLost);
        }
        let now = self.now(&moment.time);
        let put_back = self.audit(now, false)?;
        let tx = self.store.conn.transaction()?;
        let work = work_in(&tx, &self.identity, &self.faults, now)?;
        let (mut ask, mut heal, mut resume) = (None, Vec::new(), None);
        match heal::next(&work)? {
            heal::Step::Ordinary => {}
            heal::Step::Read(from) => resume = from,
            heal::Step::Ask(what) => ask = Some(what),
            heal::Step::Give(back) => heal = back,
        }
        let is_ordinary = ask.is_none() && heal.is_empty();
        self.waits.set_left_out(BTreeSet::new());
        let Whole {
            push,
            mut mended,
            left_out,
        } = if is_ordinary {
            whole_push(&work, &self.waits)?
        } else {
            Whole::default()
        };
        self.waits.set_left_out(left_out);
        mended.extend(put_back);
        for hash in &push.fresh {
            let state = if bug!(self.faults, SentIsMerged) {
                ChangeState::Merged
            } else {
                ChangeState::Sent
            };
            change_set_state(&tx, hash, state)?;
        }
        let push = push.lanes(&me);
        let (relay, papers) = if is_ordinary {
            (
                relay::due(&work, &push)?,
                !self.identity.revoked && relay::needs_papers(&work)?,
            )
        } else {
            (Vec::new(), false)
        };
        let hello = Hello {
            wire: WIRE,
            device: me.device,
            install: self.identity.install,
            cursor: cursor_get(&tx)?.cursor,
            write_counter: self.identity.write_counter,
            app: self.app.clone(),
            heard: cursor_heard(&tx)?,
        };
        // Nothing goes down to a revoked phone.
        let is_read = is_ordinary && !self.identity.revoked;
        let want_max = if is_read { WANT_MAX } else { 0 };
        let want = doc_wanted(&tx, want_max)?;
        let grants = if is_read {
            Some(grants_known(&tx, hello.cursor.epoch)?)
        } else {
            None
        };
        self.faults.at(FaultPoint::SentBeforeCommit)?;
        tx.commit()?;
        mended.iter().for_each(|id| self.close(*id));
        self.faults.at(FaultPoint::SentAfterCommit)?;
        let items_max = if is_ordinary { PAGE_ITEMS_MAX } else { 0 };
        let page_items_max = u32::try_from(items_max).unwrap_or(u32::MAX);
        let (have, rest, trail) = match ask {
            Some(resume::Ask { have, rest, trail }) => (Some(have), rest, trail),
            None => (None, None, Vec::new()),
        };
        let exchange = Exchange {
            hello,
            push,
            want,
            page_items_max,
            have,
            heal,
            rest,
            trail,
            resume: resume.filter(|_| is_read),
            relay,
            papers,
            grants,
        };
        Ok((Some(exchange), mended))
    }
}

/// What is due, after what the disk damaged was mended.
#[derive(Default)]
struct Whole {
    push: Push,
    mended: BTreeSet<DocumentId>,
    /// What could not be mended now.
    left_out: BTreeSet<DocumentId>,
}

fn whole_push(work: &Work<'_>, waits: &Waits) -> Result<Whole, EngineError> {
    let (mut push, damage) = due_push(work, waits, &BTreeSet::new())?;
    let mended = damage.documents();
    let mut left_out = BTreeSet::new();
    if !damage.is_empty() {
        let left;
        damage.mend(work)?;
        (push, left) = due_push(work, waits, &BTreeSet::new())?;
        left_out = left.documents();
    }
    if !left_out.is_empty() {
        (push, _) = due_push(work, waits, &left_out)?;
    }
    Ok(Whole {
        push,
        mended,
        left_out,
    })
}

fn due_push(
    work: &Work<'_>,
    waits: &Waits,
    without: &BTreeSet<DocumentId>,
) -> Result<(Push, Damage), EngineError> {
    let (mut push, mut damage) = (Push::default(), Damage::default());
    change_live(work.conn, |change| {
        if without.contains(&change.document) {
        } else if !is_whole(work, &change)? {
            damage.add(work, &change)?;
        } else if waits.is_due(change.document, work.now) {
            push.add(change);
        }
        Ok(!push.is_full())
    })?;
    if !push.is_full() {
        damage.add_lost(work)?;
    }
    Ok((push, damage))
}

/// One lane in the making.
struct Lane {
    document: DocumentId,
    install: Install,
    branch: u32,
    actor: [u8; 16],
    head: [u8; 32],
    changes: Vec<Bytes>,
}

/// A push in the making.
#[derive(Default)]
struct Push {
    lanes: Vec<Lane>,
    places: HashMap<[u8; 16], usize>,
    fresh: Vec<[u8; 32]>,
    count: usize,
    bytes: usize,
}

impl Push {
    fn add(&mut self, change: Change) {
        self.count += 1;
        self.bytes += change.bytes.len();
        if change.state == ChangeState::Pending {
            self.fresh.push(change.hash);
        }
        // The actor stands for document, install and branch.
        let place = *self.places.entry(change.actor).or_insert_with(|| {
            self.lanes.push(Lane {
                document: change.document,
                install: change.install,
                branch: change.branch,
                actor: change.actor,
                head: change.hash,
                changes: Vec::new(),
            });
            self.lanes.len() - 1
        });
        let lane = &mut self.lanes[place];
        lane.head = change.hash;
        lane.changes.push(Bytes::from(change.bytes));
    }

    fn is_full(&self) -> bool {
        self.count >= PUSH_CHANGES_MAX || self.bytes >= PUSH_BYTES_SOFT
    }

    fn lanes(self, me: &Enrolment) -> Vec<wire::Lane> {
        let organisation = me.organisation;
        self.lanes
            .into_iter()
            .map(|lane| wire::Lane {
                document: lane.document,
                install: lane.install,
                branch: lane.branch,
                signature: me.key.sign(&Line {
                    organisation,
                    document: lane.document,
                    actor: &lane.actor,
                    head: &lane.head,
                }),
                changes: lane.changes,
            })
            .collect()
    }
}
