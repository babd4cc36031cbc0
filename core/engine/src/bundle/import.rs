//! Taking a bundle in. Envelope, maker, authors, signatures and every single change are checked as HQ checks them, short
//! of deciding a fate: what is good is shown, what only HQ can decide about is carried unseen, what is nobody's is not taken
//! and told by code. One transaction; nothing of it touches documents, intents or own changes.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ChangeHash};
use fieldline_model::certificate::{Certificate, Papers};
use fieldline_model::document::{birth, content};
use fieldline_model::door::{
    Before, Denial, Door, Header, Judge, Limits, Outcome, Put, Refusal, nodes, read_operation,
};
use fieldline_model::entry::Entry;
use fieldline_model::fold::fold;
use fieldline_model::id::{DeviceId, DocumentId, DocumentKind, OperationId, OrganisationId};
use fieldline_model::lane::is_signed;
use fieldline_model::operation::Author;
use fieldline_model::reason::Reason;
use fieldline_model::receipt::proves;
use fieldline_model::wire::{
    BUNDLE, BUNDLE_AUTHORS_MAX, BUNDLE_DOCUMENTS_MAX, Bundle, Lane, RELAY_BYTES_MAX, RELAY_CHANGES_MAX,
    Relayed, Shared, unpack,
};

use super::export::may_hold;
use super::{BundleError, CARRIED_BYTES_MAX, Imported, NotCarried, seal};
use crate::base;
use crate::engine::{Engine, work_in};
use crate::error::EngineError;
use crate::fault::bug;
use crate::moment::Moment;
use crate::observe::Changed;
use crate::overlay::{Work, base_load};
use crate::store::carried::{
    carried_add, carried_bytes, carried_holds, carried_of, ground_get, ground_put, head_of,
};
use crate::store::doc::doc_get;

impl Engine {
    /// Takes in what a colleague's phone made for this one. The same bundle may come twice.
    ///
    /// # Errors
    /// A [`BundleError`] when it is not for this phone, not proven, or not whole: nothing of it is taken then. Single
    /// lanes that are wrong do not hinder the others: [`Imported::refused`].
    pub fn import_bundle(&self, sealed: &[u8], moment: &mut Moment<'_>) -> Result<Imported, EngineError> {
        self.write(|inner| {
            let now = inner.now(&moment.time);
            let head = seal::Head::read(sealed)?;
            let (me, papers, seed) = inner.proven(now)?;
            if head.organisation != me.organisation {
                return Err(BundleError::OtherCompany.into());
            }
            if head.to != me.device {
                return Err(BundleError::NotForMe.into());
            }
            let opened = seal::open(head, &seed, sealed)?;
            // What is inside says who made it; then the signature says whether that is true.
            let bundle: Bundle = unpack(&opened.contents).map_err(|_| BundleError::Damaged)?;
            check_head(&bundle, me.organisation, &papers)?;
            if !opened.is_by(&bundle.from.device_key) {
                return Err(BundleError::PeerUnproven.into());
            }
            if !bundle.from.is_good_at(now) {
                return Err(BundleError::PeerExpired.into());
            }
            let tx = inner.store.conn.transaction()?;
            let work = work_in(&tx, &inner.identity, &inner.faults, now)?;
            let mut taker = Taker {
                work: &work,
                papers: &papers,
                authors: authors(&bundle, me.organisation, &papers),
                imported: Imported {
                    from: bundle.from.engineer,
                    carried: 0,
                    known: 0,
                    refused: Vec::new(),
                },
                changed: Changed::status(),
            };
            for shared in bundle.documents {
                taker.take(shared)?;
            }
            let Taker {
                imported, changed, ..
            } = taker;
            if carried_bytes(&tx)? > CARRIED_BYTES_MAX {
                return Err(BundleError::Full.into());
            }
            tx.commit()?;
            Ok((imported, changed))
        })
    }
}

/// Version, sizes, and who made it.
fn check_head(bundle: &Bundle, organisation: OrganisationId, papers: &Papers) -> Result<(), BundleError> {
    if bundle.version > BUNDLE {
        return Err(BundleError::Newer);
    }
    if bundle.version < BUNDLE {
        return Err(BundleError::Older);
    }
    if bundle.documents.len() > BUNDLE_DOCUMENTS_MAX || bundle.authors.len() > BUNDLE_AUTHORS_MAX {
        return Err(BundleError::TooLarge);
    }
    if bundle.from.is_by(&papers.hq_key, organisation) {
        Ok(())
    } else {
        Err(BundleError::PeerUnproven)
    }
}

/// Those whom HQ proves. Whether their certificates are still good is no matter: HQ decides about their work.
fn authors(
    bundle: &Bundle,
    organisation: OrganisationId,
    papers: &Papers,
) -> BTreeMap<DeviceId, Certificate> {
    let is_proven = |certificate: &&Certificate| certificate.is_by(&papers.hq_key, organisation);
    let proven = bundle.authors.iter().filter(is_proven);
    proven
        .map(|certificate| (certificate.device, *certificate))
        .collect()
}

struct Taker<'a> {
    work: &'a Work<'a>,
    papers: &'a Papers,
    authors: BTreeMap<DeviceId, Certificate>,
    imported: Imported,
    changed: Changed,
}

/// What came of checking one lane.
enum Checked {
    /// All of it is known here.
    Known,
    /// It is good as far as this phone can tell; the entries are what it could read.
    Good(BTreeMap<OperationId, Entry>, Option<Box<Automerge>>),
    /// It is not.
    Wrong(String),
}

impl Taker<'_> {
    fn take(&mut self, shared: Shared) -> Result<(), EngineError> {
        let id = shared.document;
        let Some(mut ground) = self.ground(&shared)? else {
            for relayed in &shared.lanes {
                self.refuse(id, &relayed.lane, Reason::OutOfScope.code());
            }
            return Ok(());
        };
        for carried in carried_of(self.work.conn, id)? {
            if let Some(author) = self.authors.get(&carried.device).or(Some(&carried.certificate))
                && let Checked::Good(_, Some(doc)) = check(id, &ground, author, &carried.lane)?
            {
                ground = *doc;
            }
        }
        let mut took = false;
        for Relayed { device, lane, .. } in &shared.lanes {
            if *device == self.work.me.device || carried_holds(self.work.conn, &head_of(lane))? {
                self.imported.known += lane.changes.len();
                continue;
            }
            let author = match self.author(id, *device, lane) {
                Ok(author) => author,
                Err(code) => {
                    self.refuse(id, lane, code);
                    continue;
                }
            };
            match check(id, &ground, &author, lane)? {
                Checked::Known => self.imported.known += lane.changes.len(),
                Checked::Wrong(code) => self.refuse(id, lane, &code),
                Checked::Good(entries, doc) => {
                    carried_add(self.work.conn, &author, lane, &entries, self.work.now)?;
                    self.imported.carried += lane.changes.len();
                    took = true;
                    ground = doc.map_or(ground, |doc| *doc);
                }
            }
        }
        if took {
            self.changed.documents.insert(id);
            self.keep_ground(shared)?;
        }
        Ok(())
    }

    fn refuse(&mut self, document: DocumentId, lane: &Lane, code: &str) {
        tracing::info!(document.id = %document, code, "does not carry a lane of {document}");
        self.imported.refused.push(NotCarried {
            document,
            changes: lane.changes.len(),
            code: code.to_owned(),
        });
    }

    /// The author's phone, if HQ proves it and it proves the lane.
    fn author(&self, id: DocumentId, device: DeviceId, lane: &Lane) -> Result<Certificate, &'static str> {
        let bytes: usize = lane.changes.iter().map(|change| change.len()).sum();
        if lane.changes.is_empty() || lane.changes.len() > RELAY_CHANGES_MAX || bytes > RELAY_BYTES_MAX {
            return Err(Reason::OutOfRange.code());
        }
        if lane.document != id {
            return Err(Reason::WrongDocument.code());
        }
        let author = self
            .authors
            .get(&device)
            .ok_or(BundleError::PeerUnproven.code())?;
        let signed = is_signed(self.work.me.organisation, &author.device_key, lane);
        if signed || bug!(self.work.faults, CarriedUnproven) {
            Ok(*author)
        } else {
            Err(Reason::BadSignature.code())
        }
    }

    /// The document as HQ vouches for it, here or in the bundle; `None` when this phone may not hold it.
    fn ground(&self, shared: &Shared) -> Result<Option<Automerge>, EngineError> {
        let id = shared.document;
        let accepted = match base_load(self.work.conn, id) {
            Ok(accepted) => accepted,
            Err(EngineError::Stuck(_)) => None,
            Err(error) => return Err(error),
        };
        let in_scope = doc_get(self.work.conn, id)?.is_some_and(|line| line.in_scope);
        let mut doc = match accepted {
            Some(doc) => doc,
            None => birth(id)?,
        };
        if let Some(handed) = ground_get(self.work.conn, id)? {
            doc = self.with_history(&handed, doc);
        }
        doc = self.with_history(shared, doc);
        let mine = match id.kind() {
            DocumentKind::Article => in_scope,
            DocumentKind::Ticket => in_scope || may_hold(id, &doc, self.work.me.engineer)?,
        };
        Ok(mine.then_some(doc))
    }

    /// With what HQ vouched for in the bundle: all of it must lie behind the heads that HQ signed, or none counts.
    fn with_history(&self, shared: &Shared, doc: Automerge) -> Automerge {
        let organisation = self.work.me.organisation;
        let hq_key = &self.papers.hq_key;
        let Some(proof) = shared
            .proof
            .as_ref()
            .filter(|proof| proves(hq_key, organisation, shared.document, proof))
        else {
            return doc;
        };
        let allow = |header: &Header, puts: &[Put<'_>]| -> Result<(), Denial> {
            read_operation(shared.document, header, puts).0.map(|_| ())
        };
        let door = Door {
            limits: &Limits::default(),
            is_refused: &|_| false,
            allow: &allow,
        };
        let changes: Vec<Vec<u8>> = shared.history.iter().map(|bytes| bytes.to_vec()).collect();
        let lane = door.check_lane(&doc, &changes);
        let Some(next) = lane.doc else { return doc };
        let heads: Vec<ChangeHash> = proof.heads.iter().map(|head| ChangeHash(**head)).collect();
        if !heads.iter().all(|head| base::holds(&next, &head.0)) {
            return doc;
        }
        let beyond: BTreeSet<[u8; 32]> = next.get_changes(&heads).iter().map(|c| c.hash().0).collect();
        let more = lane.outcomes.iter().any(|outcome| match outcome {
            Outcome::Applied(header) => beyond.contains(&header.hash.0),
            _ => false,
        });
        if more { doc } else { next }
    }

    /// Keeps what HQ vouched for, where this phone knows less, for whoever is handed this work next.
    fn keep_ground(&self, shared: Shared) -> Result<(), EngineError> {
        let organisation = self.work.me.organisation;
        let Some(proof) = &shared.proof else { return Ok(()) };
        if !proves(&self.papers.hq_key, organisation, shared.document, proof) {
            return Ok(());
        }
        let known = match base_load(self.work.conn, shared.document) {
            Ok(doc) => doc,
            Err(EngineError::Stuck(_)) => None,
            Err(error) => return Err(error),
        };
        if known.is_some_and(|doc| proof.heads.iter().all(|head| base::holds(&doc, head))) {
            return Ok(());
        }
        ground_put(
            self.work.conn,
            &Shared {
                lanes: Vec::new(),
                ..shared
            },
        )
    }
}

/// Checks a lane that its author's phone signed, as HQ would, against what is known here.
fn check(id: DocumentId, doc: &Automerge, author: &Certificate, lane: &Lane) -> Result<Checked, EngineError> {
    let content = content(id, doc)?;
    let (state, nodes) = (fold(&content.events), nodes(doc));
    let before = Before {
        id,
        is_born: nodes.len() > 1,
        content: &content,
        state: &state,
        nodes: &nodes,
    };
    let engineer = Author::Engineer(author.engineer);
    let judge = Judge::new(before, move |by| by == engineer, |_| false, false);
    let door = Door {
        limits: &Limits::default(),
        is_refused: &|_| false,
        allow: &|header, puts| judge.allow(header, puts),
    };
    let changes: Vec<Vec<u8>> = lane.changes.iter().map(|bytes| bytes.to_vec()).collect();
    let checked = door.check_lane(doc, &changes);
    if checked
        .outcomes
        .iter()
        .all(|outcome| matches!(outcome, Outcome::Duplicate(_)))
    {
        return Ok(Checked::Known);
    }
    if let Some(code) = checked.outcomes.iter().find_map(wrong) {
        return Ok(Checked::Wrong(code.to_owned()));
    }
    let claims = judge.finish().claims;
    let entry = |outcome: &Outcome| match outcome {
        Outcome::Applied(header) => {
            let claim = claims.get(&header.hash)?;
            Some((
                claim.operation.id,
                Entry::of(&claim.operation, claim.prev.clone()),
            ))
        }
        _ => None,
    };
    let entries = checked.outcomes.iter().filter_map(entry).collect();
    Ok(Checked::Good(entries, checked.doc.map(Box::new)))
}

/// Why a lane is not carried: its bytes are no change of this author's. What this phone cannot place, or its rules do not
/// allow, only HQ can give a fate: its ground may not be here, an app of another version wrote it, or its author's phone was
/// copied. It is carried, and not shown.
fn wrong(outcome: &Outcome) -> Option<&'static str> {
    let never = [Reason::ForbiddenPath, Reason::NotAllowed, Reason::WrongDocument].map(Reason::code);
    match outcome {
        Outcome::Refused(Refusal::SeqReused { .. }) => None,
        Outcome::Refused(Refusal::Policy(denial)) if !never.contains(&denial.code) => None,
        Outcome::Refused(why) => Some(why.code()),
        Outcome::Applied(_)
        | Outcome::Duplicate(_)
        | Outcome::Missing(_)
        | Outcome::BuiltOnRefused(_)
        | Outcome::Stuck => None,
    }
}
