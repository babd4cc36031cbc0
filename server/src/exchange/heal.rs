//! The two questions of healing, and the receipts that make it possible.

use std::collections::BTreeSet;
use std::sync::Arc;

use fieldline_model::document::birth;
use fieldline_model::door::{Limits, read_header};
use fieldline_model::id::DocumentId;
use fieldline_model::receipt::{self, Node};
use fieldline_model::wire::{
    HEAL_MAX, Hash, Have, Heal, Item, Lacks, Manifest, Page, Receipt, Reply, Stand, Stood,
};
use rusqlite::Connection;

use crate::app::{App, bug};
use crate::compact::{Unfolded, Unreadable, is_damaged};
use crate::door::{DoorError, take_back};
use crate::feed::Wanted;
use crate::problem::Problem;
use crate::store::device::Device;
use crate::store::document::ChangeOfLog;
use crate::store::heal::unsure_holds;
use crate::store::log::{self, Channel};
use crate::store::{StoreError, document, scope};

/// Documents a phone may name at once; no phone holds so many.
const HAVE_MAX: usize = 20_000;

/// Times at most that a document left, of which HQ vouches for where a phone's copy stood then.
const STANDS_MAX: u32 = 8;

/// What a receipt is to cover.
pub(super) struct Covered {
    leaves: Vec<Node>,
    except: Vec<DocumentId>,
    stands: Vec<Stand>,
}

/// The documents that a page and the verdicts beside it bring to a known stand: those that come whole, and those whose
/// newest entry the phone has heard of with this page.
pub(super) fn covered(
    connection: &Connection,
    page: &Page,
    fated: &BTreeSet<DocumentId>,
    wanted: &Wanted,
    unreadable: &Unreadable,
) -> Result<Covered, StoreError> {
    let device = &wanted.device;
    let mut covered = Covered {
        leaves: Vec::new(),
        except: Vec::new(),
        stands: Vec::new(),
    };
    let sent_whole: BTreeSet<DocumentId> = page
        .items
        .iter()
        .filter_map(|item| {
            if let Item::Snapshot { document, .. } = item {
                Some(*document)
            } else {
                None
            }
        })
        .collect();
    for id in page.documents(fated) {
        if is_damaged(connection, unreadable, id)? {
            // Nobody can say where the phone's copy stands.
            covered.except.push(id);
            continue;
        }
        let stand = document::document_heads(connection, id)?;
        let told = told_up_to(connection, page, device, id)?;
        let until = told.last().copied().unwrap_or(0);
        let known = stand.filter(|(_, last)| sent_whole.contains(&id) || *last <= until);
        let comes = scope::scope_since(connection, device.engineer, id)?.is_some();
        let whole = known.map(|(heads, _)| heads);
        match &whole {
            Some(heads) => covered.leaves.push(receipt::leaf(id, heads)),
            None => covered.except.push(id),
        }
        // Of others, a page that is to come brings the rest. It does not bring what the phone wrote itself.
        if comes && (whole.is_some() || !document::changes_beyond(connection, id, until, device.id)?) {
            continue;
        }
        let stands = stands_of(connection, id, &told, wanted, unreadable)?;
        let is_less = |heads: &Vec<[u8; 32]>| whole.as_ref() != Some(heads);
        let plain = |heads: Vec<[u8; 32]>| Stand(id, heads.into_iter().map(Hash::new).collect());
        covered
            .stands
            .extend(stands.into_iter().filter(is_less).map(plain));
    }
    Ok(covered)
}

/// Up to which entries the phone may have been told of a document, in the order of the log: to the end of the page what it
/// follows, otherwise to where it left. What came to the phone again and left again between two of its pages it was not
/// told: then it stands where the document left before.
fn told_up_to(
    connection: &Connection,
    page: &Page,
    device: &Device,
    id: DocumentId,
) -> Result<Vec<u64>, StoreError> {
    let end = page.next.seq;
    if scope::scope_since(connection, device.engineer, id)?.is_some() {
        return Ok(vec![end]);
    }
    let channel = Channel::Engineer(device.engineer);
    let mut left = log::feed_left(connection, channel, id, end, STANDS_MAX)?;
    if log::feed_held(connection, channel, id, page.from.seq)? {
        // It is told up to where that leaves next, in this page or a later one.
        let next = log::feed_leaves(connection, channel, id, page.from.seq)?;
        let told = next.map_or(end, |next| next.min(end));
        left.extend((!left.contains(&told)).then_some(told));
    }
    left.sort_unstable();
    Ok(left)
}

/// Where the phone's copy of a document may stand, least first: what HQ decided and the phone read must come back from it
/// although HQ knows more. It was told up to one of these entries, and has what it wrote itself; or, put back to an older copy
/// of itself, of that only what came before its place in the log.
fn stands_of(
    connection: &Connection,
    id: DocumentId,
    told: &[u64],
    wanted: &Wanted,
    unreadable: &Unreadable,
) -> Result<Vec<Vec<[u8; 32]>>, StoreError> {
    let mut all = document::changes_and_own(connection, id, wanted.device.id, &wanted.install)?;
    let mut unfolded = Unfolded::new(connection, unreadable);
    for one in &mut all {
        match unfolded.bytes(id, &one.hash, std::mem::take(&mut one.bytes))? {
            Some(bytes) => one.bytes = bytes,
            // It is damaged: nothing is vouched for.
            None => return Ok(Vec::new()),
        }
    }
    let from = wanted.from.seq;
    let mut stands = Vec::new();
    let told = if told.is_empty() { &[0] } else { told };
    for until in told.iter().copied() {
        let put_back = |one: &&ChangeOfLog| one.seq <= until && (one.seq <= from || !one.own);
        let went_on = |one: &&ChangeOfLog| one.seq <= until || one.own;
        // What it wrote before its install was renewed too.
        let renewed = |one: &&ChangeOfLog| one.seq <= until || one.of_device;
        stands.push(stand_of(id, all.iter().filter(put_back))?);
        stands.push(stand_of(id, all.iter().filter(went_on))?);
        stands.push(stand_of(id, all.iter().filter(renewed))?);
    }
    stands.retain(|heads| !heads.is_empty());
    stands.dedup();
    Ok(stands)
}

/// The heads that these changes make, as far as nothing below them is missing.
fn stand_of<'a>(
    id: DocumentId,
    changes: impl Iterator<Item = &'a ChangeOfLog>,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let corrupt = |error: &dyn std::fmt::Display| StoreError::Corrupt(error.to_string());
    let born = birth(id).map_err(|error| corrupt(&error))?;
    let mut known: BTreeSet<[u8; 32]> = born.get_heads().iter().map(|head| head.0).collect();
    let mut heads = BTreeSet::new();
    for change in changes {
        let header = read_header(&change.bytes, &Limits::default()).map_err(|_| corrupt(&"a change"))?;
        if header.deps.iter().all(|dep| known.contains(&dep.0)) {
            header.deps.iter().for_each(|dep| {
                heads.remove(&dep.0);
            });
            known.insert(header.hash.0);
            heads.insert(header.hash.0);
        }
    }
    Ok(heads.into_iter().collect())
}

impl App {
    /// Vouches for where the phone's own copies stand, if that is known of any.
    pub(super) fn vouch_stands(&self, covered: &mut Covered) -> Option<Stood> {
        let at = std::mem::take(&mut covered.stands);
        if bug!(self.inner, StandsUnsaid) {
            return None;
        }
        let plain = |heads: &[Hash]| heads.iter().map(|head| **head).collect::<Vec<_>>();
        let leaves: Vec<Node> = at
            .iter()
            .map(|Stand(id, heads)| receipt::leaf(*id, &plain(heads)))
            .collect();
        let root = receipt::root(&leaves)?;
        let signature = self.inner.receipt_key.sign(self.organisation().id, &root);
        Some(Stood { at, signature })
    }

    /// Vouches for what is covered, if anything is.
    pub(super) fn vouch(&self, covered: Covered) -> Option<Receipt> {
        let root = receipt::root(&covered.leaves)?;
        let signature = self.inner.receipt_key.sign(self.organisation().id, &root);
        let mut short = [0; 8];
        short.copy_from_slice(&root[..8]);
        Some(Receipt {
            root: short,
            signature,
            except: covered.except,
        })
    }

    /// Which of these documents stand here otherwise or not at all, or have fates that were worked out anew.
    pub(super) async fn lacks(&self, have: Vec<Have>) -> Result<Vec<Lacks>, Problem> {
        let compare = move |connection: &Connection| {
            let mut lacks = Vec::new();
            for Have(id, digest) in have.into_iter().take(HAVE_MAX) {
                let heads = document::document_heads(connection, id)?.map(|(heads, _)| heads);
                let heads = heads.unwrap_or_default();
                let mut manifest = Manifest::EMPTY;
                manifest.add(id, &heads);
                let differs = heads.is_empty() || manifest.heads != digest;
                if differs || unsure_holds(connection, id)? {
                    lacks.push(Lacks {
                        document: id,
                        heads: heads.into_iter().map(Hash::new).collect(),
                    });
                }
            }
            Ok::<_, DoorError>(lacks)
        };
        Ok(self.inner.store.read(compare).await?)
    }

    /// Takes back what this phone brings. What failed for now is not named in the answer and comes again.
    pub(super) async fn heal(&self, device: &Device, heal: Vec<Heal>, reply: &mut Reply) {
        for heal in heal.into_iter().take(HEAL_MAX) {
            let (inner, device, document) = (Arc::clone(&self.inner), device.clone(), heal.document);
            let job = move |connection: &Connection| take_back(connection, &inner, &device, &heal);
            match self.inner.store.write(job).await {
                Ok(taken) => {
                    reply.healed.push((document, taken.whole));
                    reply.verdicts.extend(taken.anew);
                }
                Err(DoorError::Store(StoreError::Busy | StoreError::Unknown | StoreError::Full)) => {}
                // Asked again it would fail again, and the phone's other work must not wait for it.
                Err(error) => {
                    tracing::error!(document.id = %document, %error, "{document} was not taken back");
                    reply.healed.push((document, false));
                }
            }
        }
        self.inner.wake.notify_one();
    }
}
