//! One visit, two phones of one engineer: which of their steps make the visit.
//!
//! Each phone goes on from what it knows, so steps taken beside each other are two tellings of one trip. Mixed they would
//! tell of a trip that nobody made: a finish before its start. So the visit keeps the telling that got it farthest,
//! and every step beside one of that telling does not count. A telling whose claim lost to a colleague's by a ruling is
//! out of this: nothing in it counts, and it keeps nothing else from counting.

use std::collections::{BTreeMap, BTreeSet};

use super::{Events, TicketState};
use crate::id::{OperationId, VisitId};
use crate::operation::{Act, Author};

/// Claims that lost by a ruling, and every step that was built on one of them.
pub(super) fn lost(
    events: &Events,
    order: &[OperationId],
    rulings: &BTreeMap<OperationId, OperationId>,
) -> BTreeSet<OperationId> {
    let mut lost = BTreeSet::new();
    if rulings.is_empty() {
        return lost;
    }
    for all in steps(events, order).values() {
        let claims: Vec<usize> = (0..all.len())
            .filter(|place| rulings.contains_key(&all[*place]))
            .collect();
        if claims.is_empty() {
            continue;
        }
        let knowledge = Knowledge::of(events, order, all);
        let built_on = |place: usize| {
            claims
                .iter()
                .any(|claim| *claim == place || knowledge.knows(place, *claim))
        };
        lost.extend(
            (0..all.len())
                .filter(|place| built_on(*place))
                .map(|place| all[place]),
        );
    }
    lost
}

/// Refusals by an engineer who, on another phone, went on with the visit at the same time: who comes has not declined.
pub(super) fn yielding(
    events: &Events,
    order: &[OperationId],
    lost: &BTreeSet<OperationId>,
) -> BTreeSet<OperationId> {
    let mut yielding = BTreeSet::new();
    let declined = |id: &OperationId| matches!(events.entries[id].act, Act::Decline { .. });
    for all in standing(events, order, lost).values() {
        if all.len() < 2 || !all.iter().any(declined) || all.iter().all(declined) {
            continue;
        }
        let knowledge = Knowledge::of(events, order, all);
        for (place, id) in all.iter().enumerate().filter(|(_, id)| declined(id)) {
            let goes_on = |other: &usize| !declined(&all[*other]) && knowledge.apart(place, *other);
            if (0..all.len()).any(|other| goes_on(&other)) {
                yielding.insert(*id);
            }
        }
    }
    yielding
}

/// What each engineer did on each visit, in the fold's order.
fn steps(events: &Events, order: &[OperationId]) -> BTreeMap<(VisitId, Author), Vec<OperationId>> {
    let mut steps: BTreeMap<(VisitId, Author), Vec<OperationId>> = BTreeMap::new();
    for id in order {
        if let Some(entry) = events.entries.get(id)
            && let (Some(visit), Author::Engineer(_)) = (entry.act.visit(), entry.by)
        {
            steps.entry((visit, entry.by)).or_default().push(*id);
        }
    }
    steps
}

/// The steps that no ruling put an end to.
fn standing(
    events: &Events,
    order: &[OperationId],
    lost: &BTreeSet<OperationId>,
) -> BTreeMap<(VisitId, Author), Vec<OperationId>> {
    let mut standing = steps(events, order);
    standing
        .values_mut()
        .for_each(|all| all.retain(|id| !lost.contains(id)));
    standing
}

/// The steps that stand beside those of the telling each visit keeps, judged by a fold that took them all as they came.
pub(super) fn beside(events: &Events, order: &[OperationId], state: &TicketState) -> BTreeSet<OperationId> {
    let mut beside = BTreeSet::new();
    let standing = standing(events, order, &state.lost);
    for ((visit, _), all) in standing.iter().filter(|(_, all)| all.len() > 1) {
        let taken = state.visits.get(visit).map_or(&[][..], |visit| &visit.steps);
        leave_beside(&Knowledge::of(events, order, all), all, taken, &mut beside);
    }
    beside
}

/// From the last step taken back to the first: what neither knows a kept step nor is known to it stands beside it.
fn leave_beside(
    knowledge: &Knowledge,
    all: &[OperationId],
    taken: &[OperationId],
    beside: &mut BTreeSet<OperationId>,
) {
    if knowledge.is_one_line() {
        return;
    }
    for (kept, id) in all.iter().enumerate().rev() {
        if beside.contains(id) || !taken.contains(id) {
            continue;
        }
        beside.extend(
            (0..all.len())
                .filter(|other| *other != kept && knowledge.apart(kept, *other))
                .map(|other| all[other]),
        );
    }
}

/// Of some steps, which their authors can have known at each.
struct Knowledge {
    /// By step: a bit for each step its author can have known.
    bits: Vec<Vec<u64>>,
}

impl Knowledge {
    /// One walk over all events in their order, so that a long history costs what it is long.
    fn of(events: &Events, order: &[OperationId], steps: &[OperationId]) -> Self {
        let places: BTreeMap<OperationId, usize> =
            steps.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let mut known: BTreeMap<OperationId, Vec<u64>> = BTreeMap::new();
        for id in order {
            let mut bits = vec![0_u64; steps.len().div_ceil(64)];
            for prev in events.entries.get(id).into_iter().flat_map(|entry| &entry.prev) {
                for (all, before) in bits.iter_mut().zip(known.get(prev).into_iter().flatten()) {
                    *all |= before;
                }
                if let Some(place) = places.get(prev) {
                    bits[place / 64] |= 1 << (place % 64);
                }
            }
            known.insert(*id, bits);
        }
        let bits = steps.iter().map(|id| known.remove(id).unwrap_or_default());
        Self { bits: bits.collect() }
    }

    fn knows(&self, later: usize, earlier: usize) -> bool {
        let word = self.bits[later].get(earlier / 64).copied().unwrap_or_default();
        word >> (earlier % 64) & 1 == 1
    }

    /// Neither was taken with the other in view.
    fn apart(&self, one: usize, other: usize) -> bool {
        !self.knows(one, other) && !self.knows(other, one)
    }

    /// Nobody took a step without knowing the one before.
    fn is_one_line(&self) -> bool {
        (1..self.bits.len()).all(|place| self.knows(place, place - 1))
    }
}
