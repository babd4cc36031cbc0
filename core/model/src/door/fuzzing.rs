//! The parts of [`crate::fuzzing`] that touch automerge: changes and documents.
//!
//! Noise is given a right checksum, or a right envelope, so that it reaches the parsers behind them. A change that
//! makes automerge panic behind the door's checks is a finding, although the door survives it.

mod forged;
mod input;
mod sample;

pub use sample::Sample;

use automerge::{Automerge, ScalarValue};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;

use super::forge::prefixed;
use super::header::{CHUNK_CHANGE, MAGIC};
use super::{Denial, Door, Header, Lane, Limits, Outcome, Put, Refusal, read_header};
use crate::document::{self, Content};
use crate::fuzzing::fold_is_total;
use crate::id::OperationId;
use crate::operation::Path;
use crate::policy::{self, Claim, Write};

use input::Input;

/// Bytes of an automerge chunk before its length: magic, checksum, type.
const ENVELOPE_BYTES: usize = 9;
const CHUNK_DOCUMENT: u8 = 0;
/// Most lanes in a row from one structured input: the second builds on what was taken of the first.
const LANES_MAX: usize = 2;

/// Bytes in the place of a change: as they are, with a right checksum, and as the body of a chunk.
pub fn change(bytes: &[u8]) {
    let doc = Sample::doc();
    for candidate in [bytes.to_vec(), reseal(bytes.to_vec()), chunk(CHUNK_CHANGE, bytes)] {
        judge(&doc, &[candidate]);
    }
}

/// Two lanes, one after the other, of changes that are honest but for what the bytes bend.
pub fn change_structured(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut doc = Sample::doc();
    for _ in 0..LANES_MAX {
        let changes = forged::changes(&doc, &mut input);
        doc = judge(&doc, &changes).doc.unwrap_or(doc);
        if input.is_empty() {
            break;
        }
    }
}

/// Bytes in the place of a saved document: as they are, with a right checksum, and as the body of a chunk.
pub fn document(bytes: &[u8]) {
    let id = Sample::document();
    for candidate in [
        bytes.to_vec(),
        reseal(bytes.to_vec()),
        chunk(CHUNK_DOCUMENT, bytes),
    ] {
        let Ok(doc) = document::load(id, &candidate) else {
            continue;
        };
        let content = document::content(id, &doc).expect("a document that loads has its containers");
        fold_is_total(&content.events);
        let again = document::load(id, &doc.save()).expect("a document that loads is saved and loads again");
        assert_eq!(document::heads(&again), document::heads(&doc));
        assert_eq!(document::content(id, &again).ok(), Some(content));
    }
}

/// Gives bent bytes a right checksum again.
pub fn reseal(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > ENVELOPE_BYTES {
        let sum = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&sum[..4]);
    }
    bytes
}

fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    reseal([&MAGIC[..], &[0; 4], &[kind], &prefixed(body)].concat())
}

/// Judges a lane as phone and server do, short of devices and signatures, and asserts what holds of every lane.
fn judge(doc: &Automerge, changes: &[Vec<u8>]) -> Lane {
    let limits = Limits::default();
    let claims = RefCell::new(BTreeMap::new());
    let allow = |header: &Header, puts: &[Put<'_>]| {
        let claim = claim(header, puts)?;
        claims.borrow_mut().insert(header.hash, claim);
        Ok(())
    };
    let door = Door {
        limits: &limits,
        is_refused: &|_| false,
        allow: &allow,
    };
    let lane = door.check_lane(doc, changes);
    assert_eq!(lane.outcomes.len(), changes.len(), "one outcome per change");
    let mut taken: Vec<(OperationId, Path)> = Vec::new();
    for (outcome, bytes) in lane.outcomes.iter().zip(changes) {
        match outcome {
            Outcome::Applied(header) => {
                assert_eq!(read_header(bytes, &limits).as_ref(), Ok(header));
                let claims = claims.borrow();
                let claim = claims.get(&header.hash).expect("nothing is applied unasked");
                taken.push((claim.operation.id, claim.operation.act.path()));
            }
            Outcome::Refused(Refusal::Panicked) => panic!("automerge panicked behind the checks"),
            Outcome::Stuck => panic!("a sound document is called stuck"),
            Outcome::Refused(_)
            | Outcome::Duplicate(_)
            | Outcome::Missing(_)
            | Outcome::BuiltOnRefused(_) => {}
        }
    }
    assert_eq!(
        lane.doc.is_some(),
        !taken.is_empty(),
        "a document comes back if it changed"
    );
    if let Some(after) = &lane.doc {
        grew(doc, after, &taken);
        came_from(&lane, after);
        let again = door.check_lane(after, changes);
        for (before, now) in lane.outcomes.iter().zip(&again.outcomes) {
            if let Outcome::Applied(header) = before {
                assert_eq!(
                    *now,
                    Outcome::Duplicate(header.hash),
                    "the second time changes nothing"
                );
            }
        }
    }
    lane
}

fn claim(header: &Header, puts: &[Put<'_>]) -> Result<Claim, Denial> {
    let writes: Vec<Write<'_>> = puts
        .iter()
        .map(|put| Write {
            path: put.path,
            key: put.key,
            text: match put.value {
                ScalarValue::Str(text) => Some(text.as_str()),
                _ => None,
            },
            overwrites: put.overwrites,
        })
        .collect();
    policy::read(Sample::document(), header.message.as_deref(), &writes).map_err(|reason| Denial {
        code: reason.code(),
        text: String::new(),
    })
}

/// What was there is there, what was taken is there, and the heads moved.
fn grew(before: &Automerge, after: &Automerge, taken: &[(OperationId, Path)]) {
    let (old, new) = (read(before), read(after));
    assert_ne!(document::heads(before), document::heads(after), "heads advance");
    assert_eq!(new.unreadable, 0, "the policy lets nothing unreadable in");
    for (id, path) in taken {
        assert!(new.holds(*path, *id), "{id} was taken and is missing");
    }
    for (id, entry) in old.events.entries() {
        assert!(new.events.holds(*id), "{id} is gone");
        if !taken.contains(&(*id, Path::Events)) {
            assert_eq!(new.events.entries().get(id), Some(entry), "{id} was changed");
        }
    }
    for ((path, id), entry) in &old.entries {
        assert!(new.holds(*path, *id), "{id} is gone");
        if !taken.contains(&(*id, *path)) {
            assert_eq!(new.entries.get(&(*path, *id)), Some(entry), "{id} was changed");
        }
    }
    fold_is_total(&new.events);
}

fn came_from(lane: &Lane, after: &Automerge) {
    let saved = lane.saved.as_deref().expect("a document comes with its bytes");
    let loaded = document::load(Sample::document(), saved).expect("what is stored loads");
    assert_eq!(document::heads(&loaded), document::heads(after));
}

fn read(doc: &Automerge) -> Content {
    document::content(Sample::document(), doc).expect("the sample ticket was born as a ticket")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_without_bends_makes_honest_changes() {
        for act in 0..7 {
            let doc = Sample::doc();
            let changes = forged::changes(&doc, &mut Input::new(&[0, 0, 0, act, act]));
            let lane = judge(&doc, &changes);
            assert!(
                matches!(lane.outcomes[..], [Outcome::Applied(_)]),
                "{act}: {:?}",
                lane.outcomes
            );
        }
    }

    #[test]
    #[should_panic(expected = "is gone")]
    fn a_document_that_lost_an_entry_is_noticed() {
        let before = Sample::doc();
        let after = document::birth(Sample::document()).unwrap();
        grew(&before, &after, &[]);
    }

    #[test]
    fn a_body_gets_a_right_envelope() {
        let change = Sample::change();
        let body = &change[ENVELOPE_BYTES + 2..];
        assert_eq!(chunk(CHUNK_CHANGE, body), change);
    }
}
