//! Taking back what this server has lost: history that its own receipt vouches for, and fates that it told.
//!
//! Nothing is judged a second time here. Structure is checked as ever, because bytes come from outside; policy and rules
//! are not, because they spoke once. What must never happen here: a change that no receipt has behind it, or a fate that
//! was told being replaced by another.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use automerge::{Automerge, ChangeHash};
use fieldline_model::actor::{ActorSource, Install};
use fieldline_model::door::{
    Denial, Door, FATE_DECIDED, Header, Limits, Outcome, Put, read_header, read_operation,
};
use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::lane::change_hash;
use fieldline_model::operation::Author;
use fieldline_model::policy::Claim;
use fieldline_model::receipt::proves;
use fieldline_model::wire::{self, Fate, Proof, Told, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::again::write_again;
use super::hold::entry_text;
use super::lane::{Scribe, peek, tell_present, told_again};
use super::renumber::renumber;
use super::settle::{Settle, Taken};
use crate::app::{Inner, bug};
use crate::store::device::Device;
use crate::store::document::fate_read;
use crate::store::heal::{
    counter_at_least, engineer_keys, entry_is_by, fate_retell, foretell, unsure_add, unsure_end,
};
use crate::store::log::{Channel, Entry as LogEntry, Journal};
use crate::store::meta::TICKET_NUMBER;

/// Longest code of a refusal that is believed to be one.
const CODE_BYTES_MAX: usize = 64;

/// What came of taking back one document.
#[derive(Debug, Default)]
pub(crate) struct TakenBack {
    /// All of it is here; otherwise the phone offers its own work in the ordinary way.
    pub(crate) whole: bool,
    /// What was decided otherwise than the phone was told.
    pub(crate) anew: Vec<(wire::Hash, Verdict)>,
}

/// Takes back what a phone brings of one document.
pub(crate) fn take_back(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    heal: &wire::Heal,
) -> Result<TakenBack, DoorError> {
    let healer = Healer {
        inner,
        device,
        keys: engineer_keys(connection, device.engineer)?,
        document: heal.document,
    };
    let (mut whole, mut anew) = (true, Vec::new());
    if !heal.changes.is_empty() {
        let came = healer.history(&mut Journal::begin(connection, (inner.edge.now)())?, heal)?;
        whole = came.whole || (came.proven && write_again(connection, inner, heal.document, &came.kept_out)?);
    }
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    for told in &heal.told {
        anew.extend(healer.retell(&mut journal, told)?);
    }
    if !heal.changes.is_empty() && heal.document.ticket().is_some() {
        renumber(connection, inner, heal.document)?;
    }
    Ok(TakenBack { whole, anew })
}

struct Healer<'a> {
    inner: &'a Inner,
    device: &'a Device,
    /// Of all phones of the same engineer.
    keys: Vec<[u8; 32]>,
    document: DocumentId,
}

/// What came of a history that was brought.
#[derive(Default)]
struct Came {
    /// All of it is here.
    whole: bool,
    /// A receipt covers all of it.
    proven: bool,
    /// What the document could not take, in its order.
    kept_out: Vec<Vec<u8>>,
}

impl Healer<'_> {
    fn history(&self, journal: &mut Journal<'_>, heal: &wire::Heal) -> Result<Came, DoorError> {
        let Some(proof) = heal.proof.as_ref().filter(|proof| self.is_vouched(proof)) else {
            tracing::warn!(document.id = %self.document, device.id = %self.device.id, "no receipt for {}", self.document);
            return Ok(Came::default());
        };
        let changes: Vec<Vec<u8>> = heal.changes.iter().map(|bytes| bytes.to_vec()).collect();
        let connection = journal.connection();
        let ground = self.inner.grounds.take(connection, self.document)?;
        let claims = RefCell::new(HashMap::new());
        let limits = Limits::default();
        let allow = |header: &Header, puts: &[Put<'_>]| -> Result<(), Denial> {
            let claim = read_operation(self.document, header, puts).0?;
            // Decided since by another change: a second one must not come in beside it.
            if !matches!(fate_read(connection, claim.operation.id), Ok(None)) {
                return Err(Denial {
                    code: FATE_DECIDED,
                    text: "the operation has a fate".into(),
                });
            }
            claims.borrow_mut().insert(header.hash, claim);
            Ok(())
        };
        let door = Door {
            limits: &limits,
            is_refused: &|_| false,
            allow: &allow,
        };
        let checked = door.check_lane(&ground.doc, &changes);
        let behind = behind(checked.doc.as_ref().unwrap_or(&ground.doc), &changes, proof);
        let is_here = |outcome: &Outcome| matches!(outcome, Outcome::Applied(_) | Outcome::Duplicate(_));
        let (in_doc, out): (Vec<_>, Vec<_>) = checked
            .outcomes
            .iter()
            .zip(&changes)
            .partition(|(outcome, _)| is_here(outcome));
        let came = Came {
            whole: out.is_empty(),
            proven: out.iter().all(|(_, bytes)| is_behind(&behind, bytes)),
            kept_out: out.into_iter().map(|(_, bytes)| bytes.clone()).collect(),
        };
        let Some(doc) = checked.doc else {
            self.inner.grounds.keep(ground);
            return Ok(came);
        };
        let applied: Vec<(&Header, &Vec<u8>)> = in_doc
            .into_iter()
            .filter_map(|(outcome, bytes)| match outcome {
                Outcome::Applied(header) => Some((header, bytes)),
                _ => None,
            })
            .collect();
        if !bug!(self.inner, HealUnproven) && !applied.iter().all(|(header, _)| behind.contains(&header.hash))
        {
            tracing::warn!(document.id = %self.document, device.id = %self.device.id, "more than the receipt covers");
            self.inner.grounds.keep(ground);
            return Ok(Came::default());
        }
        let claims = claims.into_inner();
        let is_engineers = |claim: &&Claim| matches!(claim.operation.by, Author::Engineer(_));
        let told_to_phones: HashSet<OperationId> = applied
            .iter()
            .filter_map(|(header, _)| claims.get(&header.hash))
            .filter(is_engineers)
            .map(|claim| claim.operation.id)
            .collect();
        let taken = self.taken(&applied, claims, heal)?;
        let settle = Settle {
            inner: self.inner,
            journal,
        };
        let (ground, performed) = settle.run(ground, doc, checked.saved, taken)?;
        for operation in told_to_phones {
            unsure_add(connection, operation, self.document)?;
        }
        let number = ground.state().facts.number.strip_prefix("T-");
        if let Some(number) = number.and_then(|digits| digits.parse().ok()) {
            counter_at_least(connection, TICKET_NUMBER, number)?;
        }
        tracing::info!(document.id = %self.document, changes = performed.len(), "a phone gave back {}", self.document);
        self.inner.grounds.keep(ground);
        Ok(came)
    }

    fn is_vouched(&self, proof: &Proof) -> bool {
        let key = self.inner.receipt_key.public();
        proves(&key, self.inner.organisation.id, self.document, proof)
    }

    /// The changes as the settlement takes them; those of the phone's own lines are known as its own.
    fn taken(
        &self,
        applied: &[(&Header, &Vec<u8>)],
        mut claims: HashMap<ChangeHash, Claim>,
        heal: &wire::Heal,
    ) -> Result<Vec<Taken>, DoorError> {
        let lines: BTreeMap<[u8; 16], Install> = heal
            .told
            .iter()
            .flat_map(|told| self.actors(told).map(move |actor| (actor, told.install)))
            .collect();
        let take = |(header, bytes): &(&Header, &Vec<u8>)| {
            let claim = claims
                .remove(&header.hash)
                .ok_or_else(|| DoorError::Document("change without claim".into()))?;
            let line = <[u8; 16]>::try_from(header.actor.to_bytes()).ok();
            let install = line.and_then(|actor| lines.get(&actor));
            let device = install.map(|install| (self.device.id, *install));
            Ok(Taken::of(header, (*bytes).clone(), claim, device))
        };
        applied.iter().map(take).collect()
    }

    /// Who the engineer can have been in the line this names.
    fn actors<'a>(&'a self, told: &'a Told) -> impl Iterator<Item = [u8; 16]> + 'a {
        self.keys.iter().map(|key| {
            ActorSource {
                organisation: self.inner.organisation.id,
                document: self.document,
                device_key: key,
                install: &told.install,
                branch: told.branch,
            }
            .actor()
        })
    }

    /// A fate is decided once: what the phone was told counts, of its own operations. Where a supervisor decided about one
    /// once more before this phone came, that is what it is told, in the answer: a revoked phone gets no page.
    fn retell(
        &self,
        journal: &mut Journal<'_>,
        told: &Told,
    ) -> Result<Option<(wire::Hash, Verdict)>, DoorError> {
        if bug!(self.inner, FatesForgotten) {
            return Ok(None);
        }
        let now = fate_read(journal.connection(), told.operation)?;
        let refused = |fate: &Fate| is_refusal(fate) || is_refusal(&told.fate);
        let Some(now) = now.filter(|now| now.fate != told.fate && refused(&now.fate)) else {
            return self.keep(journal, told).map(|()| None);
        };
        let operation = told.operation;
        journal.append(
            &LogEntry::Fate { operation },
            [Channel::Engineer(self.device.engineer)],
        )?;
        let anew = Verdict::Fate {
            operation,
            other: now.hash != *told.hash,
            fate: now.fate,
        };
        told_again(journal, &anew, self.device.engineer)?;
        Ok(Some((told.hash, anew)))
    }

    fn keep(&self, journal: &mut Journal<'_>, told: &Told) -> Result<(), DoorError> {
        match &told.fate {
            Fate::Refused { code } => self.refused(journal, told, code),
            Fate::Overruled { code } if !self.is_here(journal, told)? => {
                // Only against itself can a phone say this, so no receipt is wanted.
                if is_code(code) {
                    foretell(journal.connection(), told.operation, self.device.id, code)?;
                }
                Ok(())
            }
            Fate::Merged | Fate::Overruled { .. } => {
                let connection = journal.connection();
                let author = Author::Engineer(self.device.engineer);
                if !entry_is_by(connection, told.operation, author)? {
                    return Ok(());
                }
                if unsure_end(connection, told.operation)? {
                    fate_retell(connection, told.operation, &told.fate, self.device.id)?;
                }
                // What displaced it, or let it count again, may be lost.
                let present = told.present.as_ref().unwrap_or(&told.fate);
                tell_present(journal, told.operation, present, self.device.engineer)
            }
        }
    }

    /// The change is of one of the engineer's lines, or its words are his: what he wrote under a key that was lost since
    /// and that this record never knew is his as well.
    fn is_own(&self, told: &Told) -> bool {
        let of_his_lines = |header: Header| self.actors(told).any(|actor| header.actor.to_bytes() == actor);
        read_header(&told.bytes, &Limits::default()).is_ok_and(of_his_lines)
            || entry_author(&told.bytes) == Some(Author::Engineer(self.device.engineer))
    }

    fn is_here(&self, journal: &Journal<'_>, told: &Told) -> Result<bool, DoorError> {
        Ok(fate_read(journal.connection(), told.operation)?.is_some())
    }

    fn refused(&self, journal: &mut Journal<'_>, told: &Told, code: &str) -> Result<(), DoorError> {
        let hash = change_hash(&told.bytes);
        let carries = hash == *told.hash && peek(&told.bytes) == Some(told.operation);
        if !is_code(code) || !carries || !self.is_own(told) {
            return Ok(());
        }
        if fate_read(journal.connection(), told.operation)?.is_some() {
            return Ok(());
        }
        let scribe = Scribe {
            device: self.device,
            document: self.document,
        };
        let text = entry_text(&told.bytes);
        scribe.refuse(journal, hash, code, &told.bytes, text.as_deref())?;
        Ok(())
    }
}

fn is_refusal(fate: &Fate) -> bool {
    matches!(fate, Fate::Refused { .. })
}

fn entry_author(bytes: &[u8]) -> Option<Author> {
    let text = entry_text(bytes)?;
    Some(Entry::read(&text)?.by)
}

fn is_code(code: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    !code.is_empty() && code.len() <= CODE_BYTES_MAX && code.bytes().all(is_letter)
}

fn is_behind(behind: &HashSet<ChangeHash>, bytes: &[u8]) -> bool {
    read_header(bytes, &Limits::default()).is_ok_and(|header| behind.contains(&header.hash))
}

/// All changes behind the heads of a proof, they themselves included. None when the heads are nowhere. A change that came
/// and could not be taken leads on all the same: its bytes make its hash.
fn behind(doc: &Automerge, came: &[Vec<u8>], proof: &Proof) -> HashSet<ChangeHash> {
    let limits = Limits::default();
    let there = doc.get_changes_meta(&[]).into_iter();
    let came = came.iter().filter_map(|bytes| read_header(bytes, &limits).ok());
    let parents: HashMap<ChangeHash, Vec<ChangeHash>> = there
        .map(|change| (change.hash, change.deps))
        .chain(came.map(|header| (header.hash, header.deps)))
        .collect();
    let mut open: Vec<ChangeHash> = proof.heads.iter().map(|head| ChangeHash(**head)).collect();
    let mut behind = HashSet::new();
    if !open.iter().all(|head| parents.contains_key(head)) {
        return behind;
    }
    while let Some(hash) = open.pop() {
        if behind.insert(hash) {
            open.extend(parents.get(&hash).into_iter().flatten());
        }
    }
    behind
}
