//! The two questions of healing, and the receipts that make it possible.

use std::collections::BTreeSet;
use std::sync::Arc;

use fieldline_model::document::birth;
use fieldline_model::door::{Limits, read_header};
use fieldline_model::id::{DeviceId, DocumentId};
use fieldline_model::receipt::{self, Node};
use fieldline_model::wire::{HEAL_MAX, Hash, Have, Heal, Item, Lacks, Manifest, Page, Receipt, Stand, Stood};
use rusqlite::Connection;

use crate::app::{App, bug};
use crate::door::{DoorError, take_back};
use crate::problem::Problem;
use crate::store::device::Device;
use crate::store::heal::unsure_holds;
use crate::store::log::{self, Channel};
use crate::store::{StoreError, document, scope};

/// Documents a phone may name at once; no phone holds so many.
const HAVE_MAX: usize = 20_000;

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
    device: &Device,
) -> Result<Covered, StoreError> {
    let mut covered = Covered {
        leaves: Vec::new(),
        except: Vec::new(),
        stands: Vec::new(),
    };
    let whole: BTreeSet<DocumentId> = page
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
        let stand = document::document_heads(connection, id)?;
        let since = scope::scope_since(connection, device.engineer, id)?;
        // What leaves in this page was sent up to where it left.
        let reach = match since {
            Some(_) => Some(page.next.seq),
            None => log::feed_left(connection, Channel::Engineer(device.engineer), id)?,
        };
        let until = reach.map_or(0, |seq| seq.min(page.next.seq));
        let is_reached = |last: u64| reach.is_some() && last <= until;
        let known = stand.filter(|(_, last)| whole.contains(&id) || is_reached(*last));
        match known {
            Some((heads, _)) => covered.leaves.push(receipt::leaf(id, &heads)),
            None => {
                covered.except.push(id);
                // Of others, a page that is to come brings the rest. It does not bring what the phone wrote itself.
                if since.is_none() || document::changes_beyond(connection, id, until, device.id)? {
                    let own = stand_of(connection, id, until, device.id)?;
                    covered.stands.extend(own.map(|heads| Stand(id, heads)));
                }
            }
        }
    }
    Ok(covered)
}

/// Where a phone's copy of a document stands that was told of it up to here, and of its own work: what HQ decided and the
/// phone read must come back from it although HQ knows more. `None` when something in between is unknown to it.
fn stand_of(
    connection: &Connection,
    id: DocumentId,
    until: u64,
    device: DeviceId,
) -> Result<Option<Vec<Hash>>, StoreError> {
    let corrupt = |error: &dyn std::fmt::Display| StoreError::Corrupt(error.to_string());
    let born = birth(id).map_err(|error| corrupt(&error))?;
    let mut known: BTreeSet<[u8; 32]> = born.get_heads().iter().map(|head| head.0).collect();
    let mut heads = BTreeSet::new();
    for bytes in document::changes_known(connection, id, until, device)? {
        let header = read_header(&bytes, &Limits::default()).map_err(|_| corrupt(&"a change"))?;
        for dep in &header.deps {
            if !known.contains(&dep.0) {
                return Ok(None);
            }
            heads.remove(&dep.0);
        }
        known.insert(header.hash.0);
        heads.insert(header.hash.0);
    }
    Ok((!heads.is_empty()).then(|| heads.into_iter().map(Hash::new).collect()))
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
    pub(super) async fn heal(&self, device: &Device, heal: Vec<Heal>) -> Vec<(DocumentId, bool)> {
        let mut healed = Vec::new();
        for heal in heal.into_iter().take(HEAL_MAX) {
            let (inner, device, document) = (Arc::clone(&self.inner), device.clone(), heal.document);
            let job = move |connection: &Connection| take_back(connection, &inner, &device, &heal);
            match self.inner.store.write(job).await {
                Ok(whole) => healed.push((document, whole)),
                Err(DoorError::Store(StoreError::Busy | StoreError::Unknown)) => {}
                // Asked again it would fail again, and the phone's other work must not wait for it.
                Err(error) => {
                    tracing::error!(document.id = %document, %error, "{document} was not taken back");
                    healed.push((document, false));
                }
            }
        }
        self.inner.wake.notify_one();
        healed
    }
}
