//! Making a bundle: unsent work of documents that the other phone may hold, and what HQ vouched for below it.
//!
//! Who may hold a document follows from the document itself, by the same fold by which HQ decides to whom it goes, as far
//! as HQ has told this phone. Nothing is noted as sent: a bundle may be lost, and its carrier too.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Automerge;
use fieldline_model::card::Card;
use fieldline_model::certificate::Certificate;
use fieldline_model::document::content;
use fieldline_model::fold::fold;
use fieldline_model::id::{DeviceId, DocumentId, DocumentKind, EngineerId};
use fieldline_model::lane::{change_hash, is_signed};
use fieldline_model::wire::{
    BUNDLE, BUNDLE_AUTHORS_MAX, BUNDLE_DOCUMENTS_MAX, Bundle, Bytes, Fate, Lane, Relayed, Shared, pack,
};

use super::{BundleError, Exported, seal};
use crate::base;
use crate::engine::{Engine, work_in};
use crate::error::EngineError;
use crate::fault::bug;
use crate::moment::Moment;
use crate::overlay::{Work, base_load};
use crate::store::carried::{carried_documents, carried_of, ground_get};
use crate::store::change::{ChangeState, change_by_hash, change_live_documents, change_set_state};
use crate::store::doc::doc_get;
use crate::store::heal::receipt_proof;
use crate::store::intent::intent_settle;
use crate::sync::{own_lanes, vouched};

impl Engine {
    /// Everything HQ may lack of documents that the phone with this card may hold too, sealed for it. Nothing changes here.
    ///
    /// # Errors
    /// [`BundleError::PeerUnproven`], [`BundleError::PeerExpired`], [`BundleError::PeerSelf`] and
    /// [`BundleError::OtherCompany`] for whom nothing is handed; [`BundleError::Nothing`], [`BundleError::TooLarge`]; as
    /// [`Engine::card`].
    pub fn export_bundle(&self, card: &Card, moment: &mut Moment<'_>) -> Result<Exported, EngineError> {
        self.read(|inner| {
            let now = inner.now(&moment.time);
            let (me, papers) = inner.facing(card, now)?;
            let peer = &card.certificate;
            let tx = inner.store.conn.transaction()?;
            let work = work_in(&tx, &inner.identity, &inner.faults, now)?;
            let mut packer = Packer {
                work: &work,
                peer,
                authors: BTreeMap::from([(me.device, papers.certificate)]),
                documents: Vec::new(),
            };
            packer.pack()?;
            let Packer {
                authors, documents, ..
            } = packer;
            if documents.is_empty() {
                return Err(BundleError::Nothing.into());
            }
            let lanes = documents.iter().flat_map(|shared: &Shared| &shared.lanes);
            let operations = lanes.map(|relayed| relayed.lane.changes.len()).sum();
            let bundle = Bundle {
                version: BUNDLE,
                made_at: now,
                from: papers.certificate,
                authors: authors.into_values().collect(),
                documents,
            };
            let head = seal::Head {
                organisation: me.organisation,
                to: peer.device,
            };
            if bug!(inner.faults, HandedIsSent) {
                mark_sent(&work, &bundle)?;
                tx.commit()?;
            }
            let contents = pack(&bundle).map_err(|_| BundleError::TooLarge)?;
            let bytes = seal::seal(head, &card.bundle_key, &me.key, &contents, moment.random)?;
            Ok(Exported {
                bytes,
                to: peer.engineer,
                documents: bundle.documents.len(),
                operations,
            })
        })
    }
}

/// What a carrier's word would do if it freed the author.
fn mark_sent(work: &Work<'_>, bundle: &Bundle) -> Result<(), EngineError> {
    let lanes = bundle.documents.iter().flat_map(|shared| &shared.lanes);
    for bytes in lanes.flat_map(|relayed| &relayed.lane.changes) {
        if let Some(change) = change_by_hash(work.conn, &change_hash(bytes))? {
            change_set_state(work.conn, &change.hash, ChangeState::Merged)?;
            intent_settle(work.conn, change.operation, Some(&Fate::Merged), work.now)?;
        }
    }
    Ok(())
}

struct Packer<'a> {
    work: &'a Work<'a>,
    peer: &'a Certificate,
    authors: BTreeMap<DeviceId, Certificate>,
    documents: Vec<Shared>,
}

impl Packer<'_> {
    fn pack(&mut self) -> Result<(), EngineError> {
        let mut open: BTreeSet<DocumentId> = change_live_documents(self.work.conn)?.into_iter().collect();
        open.extend(carried_documents(self.work.conn)?);
        for id in open {
            if let Some(shared) = self.shared(id)? {
                if self.documents.len() >= BUNDLE_DOCUMENTS_MAX {
                    return Err(BundleError::TooLarge.into());
                }
                self.documents.push(shared);
            }
        }
        Ok(())
    }

    fn shared(&mut self, id: DocumentId) -> Result<Option<Shared>, EngineError> {
        let in_scope = doc_get(self.work.conn, id)?.is_some_and(|line| line.in_scope);
        let accepted = match base_load(self.work.conn, id) {
            Ok(Some(doc)) if in_scope => doc,
            Ok(_) | Err(EngineError::Stuck(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !may_hold(id, &accepted, self.peer.engineer)? {
            return Ok(None);
        }
        let lanes = self.lanes(id)?;
        if lanes.is_empty() {
            return Ok(None);
        }
        self.ground(id, &accepted, lanes).map(Some)
    }

    /// Carried lanes first: own work is never built on them, and they came before.
    fn lanes(&mut self, id: DocumentId) -> Result<Vec<Relayed>, EngineError> {
        let mut lanes = Vec::new();
        for carried in carried_of(self.work.conn, id)? {
            // The other phone's own work need not be brought to it.
            if carried.device == self.peer.device {
                continue;
            }
            // The disk may have damaged it since it came; its author has it still.
            let author_key = &carried.certificate.device_key;
            if !is_signed(self.work.me.organisation, author_key, &carried.lane) {
                continue;
            }
            if self.authors.len() >= BUNDLE_AUTHORS_MAX && !self.authors.contains_key(&carried.device) {
                return Err(BundleError::TooLarge.into());
            }
            self.authors.insert(carried.device, carried.certificate);
            lanes.push(relayed(carried.device, carried.lane));
        }
        let mine = self.work.me.device;
        lanes.extend(
            own_lanes(self.work, id)?
                .into_iter()
                .map(|lane| relayed(mine, lane)),
        );
        Ok(lanes)
    }

    /// What HQ vouched for: as far as it was told here, or as it was handed over with what is carried, where this phone
    /// knows less itself.
    fn ground(
        &self,
        id: DocumentId,
        accepted: &Automerge,
        lanes: Vec<Relayed>,
    ) -> Result<Shared, EngineError> {
        if let Some(handed) = ground_get(self.work.conn, id)? {
            let heads = handed.proof.iter().flat_map(|proof| &proof.heads);
            if !heads.into_iter().all(|head| base::holds(accepted, head)) {
                return Ok(Shared { lanes, ..handed });
            }
        }
        let proof = receipt_proof(self.work.conn, id)?;
        let behind = proof
            .as_ref()
            .map(|proof| vouched(accepted, proof))
            .unwrap_or_default();
        let history = accepted
            .get_changes(&[])
            .into_iter()
            // The birth is made alike everywhere.
            .filter(|change| !change.deps().is_empty() && behind.contains(&change.hash().0))
            .map(|change| Bytes::from(change.raw_bytes().to_vec()))
            .collect();
        Ok(Shared {
            document: id,
            history,
            proof,
            lanes,
        })
    }
}

fn relayed(device: DeviceId, lane: Lane) -> Relayed {
    Relayed {
        device,
        lane,
        certificate: None,
        orphaned: false,
    }
}

/// Whether an engineer may hold a document: the same question by which HQ decides to whom it goes.
pub(super) fn may_hold(id: DocumentId, doc: &Automerge, engineer: EngineerId) -> Result<bool, EngineError> {
    match id.kind() {
        DocumentKind::Ticket => Ok(fold(&content(id, doc)?.events).holders().contains(&engineer)),
        DocumentKind::Article => Ok(true),
    }
}
