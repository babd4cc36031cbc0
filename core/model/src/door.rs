//! The door: what a foreign change must be before it may touch a document (DESIGN §3).
//!
//! Phones use it for bundles, the server for everything. It decides, it does not remember: which hashes were refused
//! and who may write where come in as closures, so the same bytes get the same verdict on both sides.
//! Only one kind of operation passes: a scalar put into a map that birth made. No object is made later, nothing is
//! deleted, no lists, texts, counters or marks: every one of them has a way to lose or splice someone's work.
//!
//! What must never happen here: decoding foreign bytes before their run headers are counted, calling automerge on
//! them outside `guarded`, `load_incremental`, and changing the caller's document.

mod bytes;
mod columns;
mod content;
#[cfg(any(test, feature = "testing"))]
pub mod forge;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod fuzzing;
mod guard;
mod header;
mod history;
mod judge;
mod lane;
mod limits;
mod refusal;
mod reload;
mod saved;
#[cfg(test)]
mod tests;

use automerge::{Automerge, Change, ChangeHash};

pub use content::Put;
pub use header::{Header, read_claim, read_hash, read_header};
pub use judge::{Before, FATE_DECIDED, Judge, Judged, Node, nodes, read_operation};
pub use lane::{Lane, Outcome};
pub use limits::Limits;
pub use refusal::{Action, Bounded, Denial, Refusal, Verdict};
pub use saved::SAVED_BYTES_MAX;
pub(crate) use saved::check_saved;

use content::{Containers, Place, read_writes};
use guard::guarded;
use header::authored;
use history::History;

/// Who may write what: told the head and the writes of a change that is sound in itself.
pub type Allow<'a> = dyn Fn(&Header, &[Put<'_>]) -> Result<(), Denial> + 'a;

/// The rules of one lane: how large, what was refused before, and who may write where.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// Sizes.
    pub limits: &'a Limits,
    /// Whether a change with this hash was refused before, here or by another process. Verdicts are sticky.
    pub is_refused: &'a dyn Fn(&ChangeHash) -> bool,
    /// The policy.
    pub allow: &'a Allow<'a>,
}

/// A change that may be applied to the document it was checked against.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The head of the change.
    pub header: Header,
    /// The change, decoded, ready for `apply_changes`.
    pub change: Change,
    places: Vec<Place>,
}

impl Door<'_> {
    /// Checks one change against a document that holds its parents, short of applying it. `doc` is only read.
    ///
    /// That the document still loads with the change is known only after [`Door::check_lane`]; take changes with that.
    pub fn check(&self, doc: &Automerge, bytes: &[u8]) -> Result<Checked, Verdict> {
        let header = match read_header(bytes, self.limits) {
            Ok(header) => header,
            Err(why) => return Err(self.judge_unread(&Ground::of(doc)?.history, bytes, why)),
        };
        self.check_read(doc, &mut Ground::of(doc)?, header, bytes)
    }

    /// A change that may not pass can still be one the document holds: its birth makes objects and has no parents.
    fn judge_unread(&self, history: &History, bytes: &[u8], why: Refusal) -> Verdict {
        match read_hash(bytes, self.limits) {
            Ok(hash) if history.holds(&hash) => Verdict::Duplicate(hash),
            Ok(_) | Err(_) => Verdict::Refused(why),
        }
    }

    fn check_read(
        &self,
        doc: &Automerge,
        ground: &mut Ground,
        header: Header,
        bytes: &[u8],
    ) -> Result<Checked, Verdict> {
        self.place(&ground.history, &header)?;
        let change = guarded(|| Change::try_from(bytes).map_err(|_| Refusal::Malformed("not readable")))?;
        let expanded = guarded(|| Ok(change.decode()))?;
        let canonical = guarded(|| Ok(Change::from(expanded.clone()).raw_bytes() == bytes))?;
        if !canonical {
            return Err(Refusal::NotCanonical.into());
        }
        let places = guarded(|| {
            let Ground { history, containers } = ground;
            let writes = read_writes(doc, history, containers, &header, &expanded.operations)?;
            (self.allow)(&header, &writes.puts()).map_err(Refusal::Policy)?;
            Ok(writes.places())
        })?;
        Ok(Checked {
            header,
            change,
            places,
        })
    }

    /// Where the change stands in the history: known, refused, forked, early, or next in its line.
    fn place(&self, history: &History, header: &Header) -> Result<(), Verdict> {
        if history.holds(&header.hash) {
            return Err(Verdict::Duplicate(header.hash));
        }
        if (self.is_refused)(&header.hash) {
            return Err(Refusal::RefusedBefore.into());
        }
        authored(header)?;
        if let Some(dep) = header.deps.iter().find(|dep| (self.is_refused)(dep)) {
            return Err(Verdict::BuiltOnRefused(*dep));
        }
        let line = history.line(&header.actor);
        if line.is_some_and(|line| header.seq <= line.seq) {
            return Err(Refusal::SeqReused {
                actor: header.actor.clone(),
                seq: header.seq,
            }
            .into());
        }
        let missing: Vec<ChangeHash> = header
            .deps
            .iter()
            .filter(|dep| !history.holds(dep))
            .copied()
            .collect();
        if !missing.is_empty() {
            return Err(Verdict::Missing(missing));
        }
        let last = line.map_or(0, |line| line.seq);
        let follows = line.is_none_or(|line| header.deps.contains(&line.last));
        if header.seq != last + 1 || !follows {
            return Err(Refusal::OwnLineBroken {
                seq: header.seq,
                last,
            }
            .into());
        }
        let wanted = history.next_op(&header.deps);
        if header.start_op != wanted || header.max_op() > self.limits.counter_max {
            return Err(Refusal::BadStartOp {
                wanted,
                found: header.start_op,
            }
            .into());
        }
        Ok(())
    }
}

/// What is read of a document once and used for every change of a lane.
struct Ground {
    history: History,
    containers: Containers,
}

impl Ground {
    fn of(doc: &Automerge) -> Result<Self, Refusal> {
        guarded(|| {
            Ok(Self {
                history: History::of(doc),
                containers: Containers::default(),
            })
        })
    }
}
