//! The last proof: what was applied must come back from its saved bytes as the same document.
//! Apply can say Ok to a change whose document never loads again; here it is noticed before anyone is told it was taken.

use automerge::{Automerge, ReadDoc};

use super::content::Place;
use super::guard::guarded;
use super::refusal::Refusal;
use super::saved::check_saved;

/// How much content is compared after a reload.
#[derive(Clone, Copy)]
pub(super) enum Compare<'a> {
    /// All that is visible: costs as much as a save.
    Everything,
    /// The keys a lane wrote, which is where applying and loading could disagree.
    Written(&'a [Place]),
}

/// Saves, loads and compares; returns what was loaded. Loading derives every change hash anew, so equal heads mean an
/// equal history; content is compared because other replicas will apply the changes instead of loading them.
pub(super) fn reload(doc: &Automerge, compare: Compare<'_>) -> Result<(Automerge, Vec<u8>), Refusal> {
    guarded(|| {
        let saved = doc.save_nocompress();
        check_saved(&saved).map_err(|_| Refusal::DoesNotReload)?;
        let mut loaded = Automerge::load(&saved).map_err(|_| Refusal::DoesNotReload)?;
        let same = match compare {
            Compare::Everything => loaded.hydrate(None) == doc.hydrate(None),
            Compare::Written(places) => places.iter().all(|place| same_values(doc, &loaded, place)),
        };
        let (before, after) = (doc.stats(), loaded.stats());
        let counts = (before.num_ops, before.num_changes) == (after.num_ops, after.num_changes);
        if !same || !counts || loaded.get_heads() != doc.get_heads() {
            return Err(Refusal::DoesNotReload);
        }
        loaded.set_actor(doc.get_actor().clone());
        Ok((loaded, saved))
    })
}

fn same_values(doc: &Automerge, loaded: &Automerge, (object, key): &Place) -> bool {
    match (
        doc.get_all(object, key.as_str()),
        loaded.get_all(object, key.as_str()),
    ) {
        (Ok(before), Ok(after)) => !before.is_empty() && before == after,
        _ => false,
    }
}
