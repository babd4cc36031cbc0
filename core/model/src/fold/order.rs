//! The order in which the fold takes events: causal, and the same on every replica.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{Anomaly, Events};
use crate::id::OperationId;
use crate::operation::Author;

/// The order, and what was odd about the graph.
pub(super) struct Order {
    pub(super) ids: Vec<OperationId>,
    pub(super) anomalies: Vec<Anomaly>,
}

/// Among concurrent events HQ comes first, so that the field's work is judged against HQ's decisions; within a
/// class a hash decides, because the id itself starts with a device's time.
type Rank = (u8, [u8; 8], OperationId);

fn rank(id: OperationId, by: Author) -> Rank {
    let class = match by {
        Author::Server | Author::Staff(_) => 0,
        Author::Engineer(_) => 1,
        Author::Customer => 2,
    };
    let mut hash = [0_u8; 8];
    hash.copy_from_slice(&Sha256::digest(id.to_bytes())[..8]);
    (class, hash, id)
}

/// Kahn's algorithm with a ranked ready set. Predecessors the document does not hold are ignored; in a cycle the
/// least event by rank is freed of its predecessors. Both are reported.
pub(super) fn causal_order(events: &Events) -> Order {
    let mut anomalies = Vec::new();
    anomalies.extend(events.several.iter().map(|id| Anomaly::SeveralValues(*id)));
    anomalies.extend(events.unknown.iter().map(|id| Anomaly::UnknownKind(*id)));
    let mut waits: BTreeMap<Rank, usize> = BTreeMap::new();
    let mut ready: BTreeSet<Rank> = BTreeSet::new();
    let mut followers: BTreeMap<OperationId, Vec<Rank>> = BTreeMap::new();
    for (id, entry) in &events.entries {
        let rank = rank(*id, entry.by);
        let mut open = 0;
        let mut prevs = entry.prev.clone();
        prevs.sort_unstable();
        prevs.dedup();
        for prev in prevs {
            if events.entries.contains_key(&prev) {
                followers.entry(prev).or_default().push(rank);
                open += 1;
            } else if !events.unknown.contains(&prev) {
                anomalies.push(Anomaly::DanglingPrev(*id));
            }
        }
        if open == 0 {
            ready.insert(rank);
        } else {
            waits.insert(rank, open);
        }
    }
    let mut ids = Vec::with_capacity(events.entries.len());
    loop {
        let next = match ready.pop_first() {
            Some(next) => next,
            None => match waits.pop_first() {
                Some((freed, _)) => {
                    anomalies.push(Anomaly::Cycle(freed.2));
                    freed
                }
                None => break,
            },
        };
        ids.push(next.2);
        for follower in followers.remove(&next.2).unwrap_or_default() {
            if let Some(open) = waits.get_mut(&follower) {
                *open -= 1;
                if *open == 0 {
                    waits.remove(&follower);
                    ready.insert(follower);
                }
            }
        }
    }
    anomalies.sort_unstable();
    anomalies.dedup();
    Order { ids, anomalies }
}
