//! Giving a server back what it has lost, before anything is judged or read: it is told what is held here, says what it
//! lacks of that, and gets it with its own receipt as proof. Fates it told are told to it, so that they stay as they were.
//!
//! Own work that no receipt covers is offered in the ordinary way. Nothing here deletes or hides anything.

use std::collections::{BTreeSet, HashMap};

use automerge::{Automerge, ChangeHash};
use fieldline_model::document::{birth, content, heads};
use fieldline_model::id::DocumentId;
use fieldline_model::wire::{
    Bytes, Exchange, Fate, HEAL_MAX, Hash, Heal, Lacks, Proof, Reply, Resume, Told, Verdict,
};
use rusqlite::Connection;

use super::PUSH_BYTES_SOFT;
use super::page::{never_came, offer, take_snapshot};
use super::resume::{self, Ask};
use super::take::Progress;
use super::verdict::announced;
use crate::base;
use crate::engine::{Inner, work_in};
use crate::error::EngineError;
use crate::fault::{FaultPoint, bug};
use crate::observe::Changed;
use crate::overlay::{Work, base_load, project};
use crate::store::change::{Change, ChangeState, change_of_document, change_offer_again};
use crate::store::cursor::{cursor_set_digest, cursor_set_known};
use crate::store::doc::{doc_get, doc_set_lost};
use crate::store::heal::{
    Healing, heal_any, heal_done, heal_next, heal_put, healing, healing_set, receipt_proof,
};
use crate::store::intent::{intent_documents, intent_of_document, intent_present_of};

/// So long own work waits for a colleague's phone to give back what it is built on: a long weekend.
pub const OTHERS_WAIT_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// What healing asks of the next exchange.
pub(super) enum Step {
    /// In step: an ordinary exchange.
    Ordinary,
    /// The server lacks nothing more: an ordinary exchange, and the first page from where this phone can go on.
    Read(Option<Resume>),
    /// The server is told what is held here.
    Ask(Ask),
    /// It is given what it lacks.
    Give(Vec<Heal>),
}

/// The next step.
pub(super) fn next(work: &Work<'_>) -> Result<Step, EngineError> {
    match healing(work.conn)? {
        Healing::Done => Ok(Step::Ordinary),
        Healing::Ask => Ok(Step::Ask(resume::ask(work.conn)?)),
        Healing::Read => {
            healing_set(work.conn, Healing::Ask)?;
            Ok(Step::Ask(resume::ask(work.conn)?))
        }
        Healing::Give => {
            let (mut give, mut bytes) = (Vec::new(), 0);
            for lacks in heal_next(work.conn, HEAL_MAX)? {
                let heal = give_back(work, &lacks)?;
                bytes += bytes_of(&heal);
                give.push(heal);
                if bytes >= PUSH_BYTES_SOFT {
                    break;
                }
            }
            if give.is_empty() {
                return read_again(work);
            }
            Ok(Step::Give(give))
        }
        Healing::Given => read_again(work),
    }
}

fn read_again(work: &Work<'_>) -> Result<Step, EngineError> {
    let read = if bug!(work.faults, HealedUnread) {
        Healing::Done
    } else {
        Healing::Read
    };
    healing_set(work.conn, read)?;
    Ok(Step::Read(resume::resume(work)?))
}

/// Whether anything is left to give is written down with what was given: an app that is closed here goes on there, where
/// it would otherwise ask from the start each time.
fn give_on(conn: &Connection) -> Result<(), EngineError> {
    let stage = if heal_any(conn)? {
        Healing::Give
    } else {
        Healing::Given
    };
    healing_set(conn, stage)
}

fn bytes_of(heal: &Heal) -> usize {
    let refused = heal.told.iter().map(|told| &told.bytes);
    heal.changes
        .iter()
        .chain(refused)
        .map(|change| change.len())
        .sum()
}

/// A page came after healing: from now on its cursor shows a server that goes back.
pub(super) fn page_came(conn: &Connection) -> Result<(), EngineError> {
    if healing(conn)? == Healing::Read {
        healing_set(conn, Healing::Done)?;
    }
    Ok(())
}

/// What the server lacks is asked before anything else, where it may have gone back without a sign of it.
pub(super) fn ask(work: &Work<'_>) -> Result<(), EngineError> {
    if bug!(work.faults, NothingHealed) {
        return Ok(());
    }
    healing_set(work.conn, Healing::Ask)
}

/// Begins, when the server has another epoch.
pub(super) fn begin(work: &Work<'_>) -> Result<BTreeSet<DocumentId>, EngineError> {
    if bug!(work.faults, NothingHealed) {
        return offer_all(work);
    }
    healing_set(work.conn, Healing::Ask)?;
    Ok(BTreeSet::new())
}

/// Everything this phone once brought is offered again: to a server that does not ask for what it lacks.
fn offer_all(work: &Work<'_>) -> Result<BTreeSet<DocumentId>, EngineError> {
    healing_set(work.conn, Healing::Done)?;
    change_offer_again(work.conn)?;
    let mut documents = BTreeSet::new();
    for id in intent_documents(work.conn)? {
        super::page::offer_left(work, id)?;
        show(work, id)?;
        documents.insert(id);
    }
    Ok(documents)
}

fn show(work: &Work<'_>, id: DocumentId) -> Result<(), EngineError> {
    match crate::perform::open(work, id) {
        Ok(laid) => project(work, id, &laid),
        // Asked for whole at the end of this reading anyway.
        Err(EngineError::Stuck(_) | EngineError::UnknownDocument(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

fn accepted(work: &Work<'_>, id: DocumentId) -> Result<Option<Automerge>, EngineError> {
    match base_load(work.conn, id) {
        Err(EngineError::Stuck(_)) => Ok(None),
        found => found,
    }
}

fn give_back(work: &Work<'_>, lacks: &Lacks) -> Result<Heal, EngineError> {
    let id = lacks.document;
    let mut heal = Heal {
        document: id,
        changes: Vec::new(),
        proof: None,
        told: told(work, id)?,
    };
    let (Some(doc), Some(proof)) = (accepted(work, id)?, receipt_proof(work.conn, id)?) else {
        return Ok(heal);
    };
    let vouched = vouched(&doc, &proof);
    let there: Vec<ChangeHash> = lacks
        .heads
        .iter()
        .map(|head| ChangeHash(**head))
        .filter(|head| base::holds(&doc, &head.0))
        .collect();
    heal.changes = doc
        .get_changes(&there)
        .into_iter()
        // The birth is made alike everywhere.
        .filter(|change| !change.deps().is_empty() && vouched.contains(&change.hash().0))
        .map(|change| Bytes::from(change.raw_bytes().to_vec()))
        .collect();
    if !heal.changes.is_empty() {
        heal.proof = Some(proof);
    }
    Ok(heal)
}

/// Everything behind the heads of a proof, they themselves included.
pub(crate) fn vouched(doc: &Automerge, proof: &Proof) -> BTreeSet<[u8; 32]> {
    let parents: HashMap<ChangeHash, Vec<ChangeHash>> = doc
        .get_changes_meta(&[])
        .into_iter()
        .map(|change| (change.hash, change.deps))
        .collect();
    let mut open: Vec<ChangeHash> = proof.heads.iter().map(|head| ChangeHash(**head)).collect();
    let mut behind = BTreeSet::new();
    while let Some(hash) = open.pop() {
        if let Some(deps) = parents.get(&hash)
            && behind.insert(hash.0)
        {
            open.extend(deps);
        }
    }
    behind
}

/// The fates this phone was told in a document, with the changes that show whose operations they are.
fn told(work: &Work<'_>, id: DocumentId) -> Result<Vec<Told>, EngineError> {
    let own = change_of_document(work.conn, id)?;
    let present = intent_present_of(work.conn, id)?;
    let mut told = Vec::new();
    for intent in intent_of_document(work.conn, id)? {
        let Some(fate) = intent.fate else { continue };
        let of_it: Vec<&Change> = own.iter().filter(|it| it.operation == intent.operation).collect();
        // What was refused was perhaps written again before that came to be known here.
        let refused = of_it.iter().rfind(|it| it.state == ChangeState::Refused);
        let Some(change) = refused.or(of_it.last()) else {
            continue;
        };
        let counts = present.get(&intent.operation).map(|code| match code {
            Some(code) => Fate::Overruled { code: code.clone() },
            None => Fate::Merged,
        });
        told.push(Told {
            operation: intent.operation,
            present: counts.filter(|counts| *counts != fate),
            hash: Hash::new(change.hash),
            install: change.install,
            branch: change.branch,
            bytes: match fate {
                Fate::Refused { .. } => Bytes::from(change.bytes.clone()),
                Fate::Merged | Fate::Overruled { .. } => Bytes::new(),
            },
            fate,
        });
    }
    Ok(told)
}

/// What could be given back of a document was: what no receipt covers is offered in the ordinary way.
fn healed(work: &Work<'_>, id: DocumentId, whole: bool) -> Result<bool, EngineError> {
    let Some(had_any) = heal_done(work.conn, id)? else {
        return Ok(false);
    };
    let (doc, proof) = (accepted(work, id)?, receipt_proof(work.conn, id)?);
    let was_proven = whole && proof.is_some();
    if !had_any && !was_proven {
        doc_set_lost(work.conn, id)?;
    }
    let vouched = match (&doc, &proof) {
        (Some(doc), Some(proof)) if whole => vouched(doc, proof),
        _ => BTreeSet::new(),
    };
    let own = change_of_document(work.conn, id)?;
    let stood = |hash: &[u8; 32]| doc.as_ref().is_some_and(|doc| base::holds(doc, hash));
    let held = match &doc {
        Some(doc) => Some(content(id, doc)?),
        None => None,
    };
    offer(work, &own, id, |intent, change| {
        let was_taken = matches!(change.state, ChangeState::Merged | ChangeState::Overruled);
        let was_known = was_taken || stood(&change.hash);
        let never_came = !bug!(work.faults, TakenOverForgotten) && never_came(held.as_ref(), intent, change);
        (!vouched.contains(&change.hash) && was_known) || never_came
    })?;
    show(work, id)?;
    Ok(true)
}

/// The server lacks what own work is built on here, or does not know the key it was written under, and sends this phone the
/// document no more. What it vouched for, and so has again, becomes the base, and own work is written again upon that. Where
/// it has own changes of that otherwise, those leave the base. Where it vouched for nothing, and no colleague's phone gave
/// back what is `lacking` for so long, that and what stands on it leaves the base, until the server lacks nothing more: what
/// it has decides then. A `revoked` phone is sent nothing, and nobody told it since when: it waits no longer. False while there
/// is no such base.
pub(super) fn fall_back(
    work: &Work<'_>,
    id: DocumentId,
    lacking: &BTreeSet<[u8; 32]>,
    revoked: bool,
) -> Result<bool, EngineError> {
    let Some(line) = doc_get(work.conn, id)?.filter(|line| revoked || !line.in_scope) else {
        return Ok(false);
    };
    let Some(doc) = accepted(work, id)? else {
        return Ok(false);
    };
    if let Some(proof) = receipt_proof(work.conn, id)?
        && proof.heads.iter().all(|head| base::holds(&doc, head))
        && let Some(proven) = part(id, &doc, &vouched(&doc, &proof))?
    {
        return rebase(work, id, &proven);
    }
    let elsewhere = has_elsewhere(work, id)?;
    if let Some(rest) = part(id, &doc, &standing_without(&doc, &elsewhere))? {
        return rebase(work, id, &rest);
    }
    let waited_ms = line.left_at.map_or(0, |at| work.now.since(at));
    let is_due = waited_ms >= OTHERS_WAIT_MS || (revoked && line.in_scope);
    if !is_due {
        return Ok(false);
    }
    match part(id, &doc, &standing_without(&doc, lacking))? {
        Some(rest) => rebase(work, id, &rest),
        None => Ok(false),
    }
}

/// Own changes that the server has otherwise, after it went back: its document will never hold them.
fn has_elsewhere(work: &Work<'_>, id: DocumentId) -> Result<BTreeSet<[u8; 32]>, EngineError> {
    let own = change_of_document(work.conn, id)?;
    let is_out = |state| matches!(state, ChangeState::Left | ChangeState::Refused);
    let out = own.iter().filter(|change| is_out(change.state));
    Ok(out.map(|change| change.hash).collect())
}

/// The part of a document that these changes make, if it is smaller.
fn part(
    id: DocumentId,
    doc: &Automerge,
    hashes: &BTreeSet<[u8; 32]>,
) -> Result<Option<Automerge>, EngineError> {
    let mut changes = doc.get_changes(&[]);
    changes.retain(|change| !change.deps().is_empty() && hashes.contains(&change.hash().0));
    let part = base::apply_ready(&birth(id)?, changes).ok();
    Ok(part.map(|part| part.doc).filter(|part| heads(part) != heads(doc)))
}

/// All changes but these and what stands on them.
fn standing_without(doc: &Automerge, lacking: &BTreeSet<[u8; 32]>) -> BTreeSet<[u8; 32]> {
    let mut standing = BTreeSet::new();
    // Each comes after what it stands on.
    for change in doc.get_changes_meta(&[]) {
        let stands = |hash: &ChangeHash| standing.contains(&hash.0);
        if !lacking.contains(&change.hash.0) && change.deps.iter().all(stands) {
            standing.insert(change.hash.0);
        }
    }
    standing
}

fn rebase(work: &Work<'_>, id: DocumentId, doc: &Automerge) -> Result<bool, EngineError> {
    let Ok(bytes) = base::save(id, doc) else {
        return Ok(false);
    };
    take_snapshot(work, id, &bytes)?;
    Ok(true)
}

impl Inner {
    /// The server has said what it lacks. One that says nothing of it does not heal.
    pub(super) fn take_lacks(
        &mut self,
        exchange: &Exchange,
        reply: &Reply,
        progress: &mut Progress,
        changed: &mut Changed,
    ) -> Result<(), EngineError> {
        progress.more = true;
        let tx = self.store.conn.transaction()?;
        if healing(&tx)? != Healing::Ask {
            return Ok(());
        }
        match &reply.lacks {
            Some(lacks) => {
                heal_put(&tx, lacks)?;
                give_on(&tx)?;
                cursor_set_digest(&tx, None)?;
                cursor_set_known(&tx, reply.known)?;
            }
            // It holds otherwise by now what was not named: then everything is.
            None if exchange.rest.is_some() && reply.digest.is_some() => cursor_set_digest(&tx, None)?,
            None => {
                let work = work_in(&tx, &self.identity, &self.faults, reply.welcome.server_time)?;
                changed.documents.extend(offer_all(&work)?);
            }
        }
        self.faults.at(FaultPoint::HealBeforeCommit)?;
        tx.commit()?;
        self.open.clear();
        Ok(())
    }

    /// The server has taken back what it could.
    pub(super) fn take_healed(
        &mut self,
        exchange: &Exchange,
        reply: &Reply,
        progress: &mut Progress,
        changed: &mut Changed,
    ) -> Result<(), EngineError> {
        let tx = self.store.conn.transaction()?;
        let work = work_in(&tx, &self.identity, &self.faults, reply.welcome.server_time)?;
        for (id, whole) in &reply.healed {
            let was_given = exchange.heal.iter().any(|heal| heal.document == *id);
            if was_given && healed(&work, *id, *whole)? {
                changed.documents.insert(*id);
                progress.more = true;
            }
        }
        if healing(&tx)? == Healing::Give {
            give_on(&tx)?;
        }
        for (_, verdict) in &reply.verdicts {
            // Decided once more since this phone was told.
            if let Verdict::Fate { operation, fate, .. } = verdict {
                changed.documents.extend(announced(&work, *operation, fate)?);
            }
        }
        self.faults.at(FaultPoint::HealBeforeCommit)?;
        tx.commit()?;
        self.open.clear();
        Ok(())
    }
}
