//! A pushed lane, from bytes to verdicts, inside one transaction.

use fieldline_model::actor::Install;
use fieldline_model::door::{Door, FATE_DECIDED, Header, Judged, Limits, Outcome, Refusal, read_claim};
use fieldline_model::id::{DocumentId, EngineerId, OperationId};
use fieldline_model::lane::change_hash;
use fieldline_model::operation::Author;
use fieldline_model::wire::{self, Fate, Hash, Verdict};
use rusqlite::Connection;

use super::DoorError;
use super::hold::entry_text;
use super::judge::{Judge, Writer};
use super::settle::{Settle, Taken};
use crate::app::Inner;
use crate::store::device::Device;
use crate::store::document::{self as documents, Decided, RefusedRow};
use crate::store::fate::fate_get;
use crate::store::heal::{entry_is_by, unsure_end};
use crate::store::held::held_holds;
use crate::store::log::{Channel, Entry, Journal};

/// Marks a change that was left behind because of the one it builds on.
pub(crate) const BUILT_ON_REFUSED: &str = "built_on_refused";

/// Limits for reading no more than the operation's id of a change that is refused anyway.
const PEEK: Limits = Limits {
    change_bytes_max: wire::PACKED_BYTES_MAX,
    ops_max: u32::MAX as u64,
    preds_max: u32::MAX as u64,
    deps_max: 65_536,
    other_actors_max: 65_536,
    actor_bytes_max: 64,
    message_bytes_max: 64,
    key_bytes_max: 65_536,
    time_max: i64::MAX,
    counter_max: u64::MAX,
};

/// Takes what is good of a lane whose signature holds. One verdict per change, in the order they came. What `install` brought
/// HQ need not send to that install again.
pub(crate) fn take_lane(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    lane: &wire::Lane,
    install: Install,
) -> Result<Vec<(Hash, Verdict)>, DoorError> {
    let changes: Vec<Vec<u8>> = lane.changes.iter().map(|bytes| bytes.to_vec()).collect();
    let ground = inner.grounds.take(connection, lane.document)?;
    let judge = Judge::new(connection, &ground, Writer::Phone(device.engineer));
    let refused =
        |hash: &automerge::ChangeHash| documents::refused_holds(connection, &hash.0).unwrap_or(false);
    let limits = Limits::default();
    let door = Door {
        limits: &limits,
        is_refused: &refused,
        allow: &|header, puts| judge.allow(header, puts),
    };
    let checked = door.check_lane(&ground.doc, &changes);
    let Judged { mut claims, texts } = judge.finish()?;

    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    let applied = checked
        .outcomes
        .iter()
        .zip(&changes)
        .filter_map(|(outcome, bytes)| match outcome {
            Outcome::Applied(header) => Some((header, bytes)),
            _ => None,
        });
    let mut taken = Vec::new();
    for (header, bytes) in applied {
        let claim = claims
            .remove(&header.hash)
            .ok_or_else(|| DoorError::Document("change without claim".into()))?;
        let device = Some((device.id, install));
        taken.push(Taken::of(header, bytes.clone(), claim, device));
    }
    let ground = match checked.doc {
        Some(doc) => {
            Settle {
                inner,
                journal: &mut journal,
            }
            .run(ground, doc, checked.saved, taken)?
            .0
        }
        None => ground,
    };

    let mut verdicts = Vec::with_capacity(changes.len());
    let scribe = Scribe {
        device,
        document: lane.document,
    };
    for (outcome, bytes) in checked.outcomes.iter().zip(&changes) {
        let hash = change_hash(bytes);
        let text = texts.get(&automerge::ChangeHash(hash)).map(String::as_str);
        let verdict = scribe.verdict(&mut journal, outcome, hash, bytes, text)?;
        if !matches!(outcome, Outcome::Applied(_)) {
            told_again(&mut journal, &verdict, device.engineer)?;
        }
        verdicts.push((Hash::new(hash), verdict));
    }
    inner.grounds.keep(ground);
    Ok(verdicts)
}

/// What was decided about a change before: for pushes that come again and for commits of unknown outcome.
pub(crate) fn recall(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Verdict>, DoorError> {
    if let Some(operation) = documents::change_operation(connection, hash)? {
        return told(connection, operation, hash).map(Some);
    }
    match documents::refused_operation(connection, hash)? {
        Some(Some(operation)) if held_holds(connection, hash)? => {
            Ok(Some(match told(connection, operation, hash)? {
                Verdict::Replay => Verdict::Held,
                decided => decided,
            }))
        }
        Some(Some(operation)) => told(connection, operation, hash).map(Some),
        Some(None) => Ok(Some(Verdict::Replay)),
        None => Ok(None),
    }
}

/// The fate an operation has, or none: then its line was left behind.
fn told(connection: &Connection, operation: OperationId, hash: &[u8; 32]) -> Result<Verdict, DoorError> {
    let decided = documents::fate_read(connection, operation)?;
    Ok(match decided {
        Some(decided) => Verdict::Fate {
            operation,
            other: decided.hash != *hash,
            fate: decided.fate,
        },
        None => Verdict::Replay,
    })
}

/// A phone hears of a fate that was decided before. Told now, it is told for good.
pub(super) fn told_again(
    journal: &mut Journal<'_>,
    verdict: &Verdict,
    engineer: EngineerId,
) -> Result<(), DoorError> {
    let Verdict::Fate { operation, fate, .. } = verdict else {
        return Ok(());
    };
    if entry_is_by(journal.connection(), *operation, Author::Engineer(engineer))? {
        unsure_end(journal.connection(), *operation)?;
        tell_present(journal, *operation, fate, engineer)?;
    }
    Ok(())
}

/// After [`recall`] told of a lane of which nothing is taken.
pub(crate) fn remind(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    verdicts: &[(Hash, Verdict)],
) -> Result<(), DoorError> {
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    verdicts
        .iter()
        .try_for_each(|(_, verdict)| told_again(&mut journal, verdict, device.engineer))
}

/// Where an operation counts otherwise than its phone is told or was, the phones of its author hear of it with the next page.
pub(super) fn tell_present(
    journal: &mut Journal<'_>,
    operation: OperationId,
    told: &Fate,
    engineer: EngineerId,
) -> Result<(), DoorError> {
    let row = fate_get(journal.connection(), operation)?;
    let counts = row
        .and_then(|row| row.outcome)
        .and_then(|(word, code)| Fate::from_words(&word, code.as_deref()));
    if counts.is_some_and(|counts| counts != *told) {
        journal.append(&Entry::Fate { operation }, [Channel::Engineer(engineer)])?;
    }
    Ok(())
}

/// The operation a change claims, however bad the change is otherwise.
pub(crate) fn peek(bytes: &[u8]) -> Option<OperationId> {
    read_claim(bytes, &PEEK)?.parse().ok()
}

fn operation_of(header: &Header) -> Option<OperationId> {
    header.message.as_deref()?.parse().ok()
}

/// Writes down why changes were not taken.
pub(super) struct Scribe<'a> {
    pub(super) device: &'a Device,
    pub(super) document: DocumentId,
}

impl Scribe<'_> {
    fn verdict(
        &self,
        journal: &mut Journal<'_>,
        outcome: &Outcome,
        hash: [u8; 32],
        bytes: &[u8],
        text: Option<&str>,
    ) -> Result<Verdict, DoorError> {
        let connection = journal.connection();
        match outcome {
            Outcome::Applied(header) => match operation_of(header) {
                Some(operation) => told(connection, operation, &hash),
                None => Ok(Verdict::Replay),
            },
            Outcome::Duplicate(_) | Outcome::Refused(Refusal::RefusedBefore) => {
                Ok(recall(connection, &hash)?.unwrap_or(Verdict::Replay))
            }
            Outcome::Missing(hashes) => Ok(Verdict::Need {
                hashes: hashes.iter().map(|hash| Hash::new(hash.0)).collect(),
            }),
            Outcome::Stuck => {
                tracing::error!(document.id = %self.document, "document does not survive a save");
                Ok(Verdict::Later)
            }
            Outcome::BuiltOnRefused(parent) if self.is_of_others(connection, &parent.0)? => {
                Ok(Verdict::Need {
                    hashes: vec![Hash::new(parent.0)],
                })
            }
            Outcome::BuiltOnRefused(_) => {
                let operation = peek(bytes);
                let text = entry_text(bytes);
                self.keep(journal, hash, operation, BUILT_ON_REFUSED, bytes, text.as_deref())?;
                // What another copy of the phone brought need not be written again to be told of.
                match operation {
                    Some(operation) => told(connection, operation, &hash),
                    None => Ok(Verdict::Replay),
                }
            }
            // Its place in the line is taken: a restored or cloned phone. The operation itself is still open.
            Outcome::Refused(Refusal::SeqReused { .. }) => match peek(bytes) {
                Some(operation) => told(connection, operation, &hash),
                None => Ok(Verdict::Replay),
            },
            Outcome::Refused(why) => self.refuse(journal, hash, why.code(), bytes, text),
        }
    }

    /// A phone builds on what a colleague's brought only once HQ had sent it: HQ has gone back since, and not taken it again.
    /// That is as good as lost for the phone, which would write its own work again upon it for ever. What is not kept was
    /// left in this very lane for such a one.
    fn is_of_others(&self, connection: &Connection, parent: &[u8; 32]) -> Result<bool, DoorError> {
        Ok(!documents::refused_of(connection, parent, self.device.engineer)?)
    }

    /// Refuses for good. An operation that has a fate keeps it; one that cannot be read gets none.
    pub(super) fn refuse(
        &self,
        journal: &mut Journal<'_>,
        hash: [u8; 32],
        code: &str,
        bytes: &[u8],
        text: Option<&str>,
    ) -> Result<Verdict, DoorError> {
        let connection = journal.connection();
        let operation = peek(bytes);
        self.keep(journal, hash, operation, code, bytes, text)?;
        let Some(operation) = operation else {
            return Ok(Verdict::Replay);
        };
        if code != FATE_DECIDED && documents::fate_read(connection, operation)?.is_none() {
            let decided = Decided {
                fate: Fate::Refused {
                    code: code.to_owned(),
                },
                hash,
            };
            let device = Some(self.device.id);
            documents::fate_add(
                connection,
                operation,
                self.document,
                &decided,
                device,
                journal.at(),
            )?;
            journal.append(&Entry::Fate { operation }, [Channel::Device(self.device.id)])?;
            tracing::info!(operation.id = %operation, document.id = %self.document, code, "refused {operation}");
        }
        told(connection, operation, &hash)
    }

    pub(super) fn keep(
        &self,
        journal: &Journal<'_>,
        hash: [u8; 32],
        operation: Option<OperationId>,
        code: &str,
        bytes: &[u8],
        entry: Option<&str>,
    ) -> Result<(), DoorError> {
        let Self { device, document } = self;
        let refused = RefusedRow {
            hash,
            document: *document,
            operation,
            code,
            device: device.id,
            bytes,
            entry,
        };
        Ok(documents::refused_add(
            journal.connection(),
            &refused,
            journal.at(),
        )?)
    }
}
