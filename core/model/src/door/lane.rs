//! A lane: the changes of one document that came together, judged in order and taken as far as they are good.
//!
//! The quick road clones once, applies change by change and saves, loads and compares once at the end. If that fails,
//! or automerge panics, nobody knows which change did it: the careful road then starts again from the caller's
//! document and proves every single change by itself, so only the guilty one is refused.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use automerge::{Automerge, ChangeHash};

use super::guard::guarded;
use super::header::{Header, read_hash, read_header};
use super::refusal::{Refusal, Verdict};
use super::reload::{Compare, reload};
use super::{Checked, Door, Ground};

/// What became of a lane.
#[derive(Debug)]
pub struct Lane {
    /// The document with everything that was taken, as it came back from its saved bytes, under the same actor.
    /// `None` if nothing was taken.
    pub doc: Option<Automerge>,
    /// The bytes it was loaded from.
    pub saved: Option<Vec<u8>>,
    /// One for each change, in the order they came.
    pub outcomes: Vec<Outcome>,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Taken.
    Applied(Header),
    /// The document holds it already, or it came twice in this lane.
    Duplicate(ChangeHash),
    /// These parents are missing; send them first.
    Missing(Vec<ChangeHash>),
    /// Refused, for ever.
    Refused(Refusal),
    /// Refused because this parent is, in this lane or before.
    BuiltOnRefused(ChangeHash),
    /// The document itself does not survive a save and a load. Nothing is said about the change.
    Stuck,
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Duplicate(hash) => Self::Duplicate(hash),
            Verdict::Missing(hashes) => Self::Missing(hashes),
            Verdict::BuiltOnRefused(hash) => Self::BuiltOnRefused(hash),
            Verdict::Refused(why) => Self::Refused(why),
        }
    }
}

impl Door<'_> {
    /// Takes what is good of `changes` into a copy of `doc`. Parents should come before children; a child that came
    /// first is tried again. `doc` must hold no changes that wait for parents of their own.
    pub fn check_lane(&self, doc: &Automerge, changes: &[Vec<u8>]) -> Lane {
        self.quick(doc, changes)
            .unwrap_or_else(|Unproved| self.careful(doc, changes))
    }

    fn quick(&self, doc: &Automerge, changes: &[Vec<u8>]) -> Result<Lane, Unproved> {
        let mut walk = Walk::new(self, Cow::Borrowed(doc)).map_err(|_| Unproved)?;
        let mut written = Vec::new();
        walk.run(changes, |work, checked| {
            let Checked {
                header,
                change,
                places,
            } = checked;
            written.extend(places);
            // Half-applied work is dropped with the walk.
            guarded(|| apply(work, change))
                .map(|()| header)
                .map_err(|_| Stop::Abandon)
        })?;
        if walk.taken == 0 {
            return Ok(Lane {
                doc: None,
                saved: None,
                outcomes: walk.outcomes(),
            });
        }
        let (loaded, saved) = reload(&walk.work, Compare::Written(&written)).map_err(|_| Unproved)?;
        Ok(Lane {
            doc: Some(loaded),
            saved: Some(saved),
            outcomes: walk.outcomes(),
        })
    }

    pub(super) fn careful(&self, doc: &Automerge, changes: &[Vec<u8>]) -> Lane {
        let sound = reload(doc, Compare::Everything)
            .and_then(|(base, saved)| Ok((Walk::new(self, Cow::Owned(base))?, saved)));
        let Ok((mut walk, mut saved)) = sound else {
            return Lane {
                doc: None,
                saved: None,
                outcomes: vec![Outcome::Stuck; changes.len()],
            };
        };
        let ran = walk.run(changes, |work, checked| {
            let Checked {
                header,
                change,
                places,
            } = checked;
            let proved = guarded(|| {
                let mut trial = work.clone();
                apply(&mut trial, change)?;
                reload(&trial, Compare::Written(&places))
            });
            let (next, bytes) = proved.map_err(Stop::Refuse)?;
            (*work, saved) = (next, bytes);
            Ok(header)
        });
        debug_assert!(ran.is_ok(), "the careful road never abandons");
        let taken = walk.taken > 0;
        let outcomes = walk.outcomes();
        if taken {
            Lane {
                doc: Some(walk.work.into_owned()),
                saved: Some(saved),
                outcomes,
            }
        } else {
            Lane {
                doc: None,
                saved: None,
                outcomes,
            }
        }
    }
}

/// The quick road could not show that its result is sound.
struct Unproved;

/// Why a change that passed its checks was not taken.
enum Stop {
    Refuse(Refusal),
    Abandon,
}

struct Walk<'a> {
    door: &'a Door<'a>,
    /// The caller's document until the first change is taken, then a copy.
    work: Cow<'a, Automerge>,
    ground: Ground,
    taken: usize,
    refused: HashSet<ChangeHash>,
    decided: Vec<Option<Outcome>>,
}

impl<'a> Walk<'a> {
    fn new(door: &'a Door<'a>, work: Cow<'a, Automerge>) -> Result<Self, Refusal> {
        let ground = Ground::of(&work)?;
        Ok(Self {
            door,
            work,
            ground,
            taken: 0,
            refused: HashSet::new(),
            decided: Vec::new(),
        })
    }

    /// Judges until nothing more can be decided. `take` puts one checked change into the working copy.
    fn run(
        &mut self,
        changes: &[Vec<u8>],
        mut take: impl FnMut(&mut Automerge, Checked) -> Result<Header, Stop>,
    ) -> Result<(), Unproved> {
        self.decided = vec![None; changes.len()];
        let mut waiting: Vec<usize> = (0..changes.len()).collect();
        loop {
            let before = waiting.len();
            let mut still = Vec::new();
            for index in waiting {
                let outcome = self.judge(&changes[index], &mut take)?;
                if matches!(outcome, Outcome::Missing(_)) {
                    still.push(index);
                }
                self.decided[index] = Some(outcome);
            }
            waiting = still;
            // Each pass that decides something may free others; the last pass decides nothing.
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
        self.name_what_is_really_missing(changes, &waiting);
        Ok(())
    }

    fn judge(
        &mut self,
        bytes: &[u8],
        take: &mut impl FnMut(&mut Automerge, Checked) -> Result<Header, Stop>,
    ) -> Result<Outcome, Unproved> {
        let header = match read_header(bytes, self.door.limits) {
            Ok(header) => header,
            Err(why) => {
                let verdict = self.door.judge_unread(&self.ground.history, bytes, why);
                if matches!(verdict, Verdict::Refused(_)) {
                    // Malformed bytes have no hash; an intact envelope has one that children may name.
                    self.refused.extend(read_hash(bytes, self.door.limits).ok());
                }
                return Ok(verdict.into());
            }
        };
        let hash = header.hash;
        let outcome = match self.admit(header, bytes) {
            Ok(checked) => match take(self.work.to_mut(), checked) {
                Ok(header) => {
                    self.ground.history.push(&header);
                    self.taken += 1;
                    Outcome::Applied(header)
                }
                Err(Stop::Refuse(why)) => Outcome::Refused(why),
                Err(Stop::Abandon) => return Err(Unproved),
            },
            Err(verdict) => verdict.into(),
        };
        if matches!(outcome, Outcome::Refused(_) | Outcome::BuiltOnRefused(_)) {
            self.refused.insert(hash);
        }
        Ok(outcome)
    }

    fn admit(&mut self, header: Header, bytes: &[u8]) -> Result<Checked, Verdict> {
        let refused = &self.refused;
        let is_refused = |hash: &ChangeHash| refused.contains(hash) || (self.door.is_refused)(hash);
        let door = Door {
            is_refused: &is_refused,
            ..*self.door
        };
        door.check_read(&self.work, &mut self.ground, header, bytes)
    }

    /// A change that waits for another one of this lane waits for what that one lacks.
    fn name_what_is_really_missing(&mut self, changes: &[Vec<u8>], waiting: &[usize]) {
        let hashes = waiting
            .iter()
            .filter_map(|i| Some((read_hash(&changes[*i], self.door.limits).ok()?, *i)));
        let lane: HashMap<ChangeHash, usize> = hashes.collect();
        for index in waiting {
            let mut lacking: Vec<ChangeHash> = Vec::new();
            let mut seen: HashSet<ChangeHash> = HashSet::new();
            let mut open = self.missing_of(*index);
            while let Some(hash) = open.pop() {
                if !seen.insert(hash) {
                    continue;
                }
                match lane.get(&hash) {
                    Some(other) => open.extend(self.missing_of(*other)),
                    None => lacking.push(hash),
                }
            }
            lacking.sort_unstable();
            if !lacking.is_empty() {
                self.decided[*index] = Some(Outcome::Missing(lacking));
            }
        }
    }

    fn missing_of(&self, index: usize) -> Vec<ChangeHash> {
        match &self.decided[index] {
            Some(Outcome::Missing(hashes)) => hashes.clone(),
            _ => Vec::new(),
        }
    }

    fn outcomes(&mut self) -> Vec<Outcome> {
        std::mem::take(&mut self.decided).into_iter().flatten().collect()
    }
}

fn apply(doc: &mut Automerge, change: automerge::Change) -> Result<(), Refusal> {
    let hash = change.hash();
    doc.apply_changes([change])
        .map_err(|error| Refusal::NotApplied(error.to_string()))?;
    // Automerge says Ok to a change it only put aside.
    if doc.get_heads().contains(&hash) {
        Ok(())
    } else {
        Err(Refusal::NotApplied("put aside".to_owned()))
    }
}
