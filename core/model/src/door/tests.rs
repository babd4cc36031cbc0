//! The door's tests: honest work passes, each lie is refused for its own reason, and nothing panics.

mod honest;
mod hostile_bytes;
mod hostile_content;
mod lanes;
mod noise;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};

use super::{Denial, Door, Header, Lane, Limits, Outcome, Put, Refusal, Verdict};

pub(super) const OPERATION: &str = "01JD0000000000000000000000";
pub(super) const PHONE: [u8; 16] = [7; 16];
pub(super) const OTHER: [u8; 16] = [9; 16];
pub(super) const CONTAINERS: [&str; 5] = ["", "hq", "field", "field/notes", "events"];

/// A document as birth makes it: a few maps, nothing else.
pub(super) fn birth() -> Automerge {
    let mut doc = Automerge::new().with_actor(ActorId::from([0_u8; 16]));
    let mut tx = doc.transaction();
    for name in ["hq", "field", "customer", "events"] {
        tx.put_object(ROOT, name, ObjType::Map).unwrap();
    }
    let field = tx.get(ROOT, "field").unwrap().unwrap().1;
    tx.put_object(&field, "notes", ObjType::Map).unwrap();
    tx.put(ROOT, "kind", "ticket").unwrap();
    tx.commit_with(CommitOptions::default().with_time(0));
    doc
}

pub(super) fn container(doc: &Automerge, path: &str) -> ObjId {
    let step = |object: ObjId, name: &str| doc.get(&object, name).unwrap().unwrap().1;
    path.split('/').filter(|name| !name.is_empty()).fold(ROOT, step)
}

/// One honest transaction by `actor`; `None` if it changed nothing.
pub(super) fn write(
    doc: &mut Automerge,
    actor: [u8; 16],
    puts: &[(&str, &str, ScalarValue)],
) -> Option<Change> {
    doc.set_actor(ActorId::from(actor));
    let objects: Vec<ObjId> = puts.iter().map(|(path, _, _)| container(doc, path)).collect();
    let mut tx = doc.transaction();
    for (object, (_, key, value)) in objects.iter().zip(puts) {
        tx.put(object, *key, value.clone()).unwrap();
    }
    let options = CommitOptions::default()
        .with_message(OPERATION)
        .with_time(1_700_000_000_000);
    let (hash, _) = tx.commit_with(options);
    hash.and_then(|hash| doc.get_change_by_hash(&hash))
}

pub(super) fn honest(doc: &mut Automerge, actor: [u8; 16], path: &str, key: &str) -> Vec<u8> {
    write(doc, actor, &[(path, key, "value".into())])
        .unwrap()
        .raw_bytes()
        .to_vec()
}

pub(super) fn allow_all(_: &Header, _: &[Put<'_>]) -> Result<(), Denial> {
    Ok(())
}

pub(super) fn none_refused(_: &ChangeHash) -> bool {
    false
}

pub(super) fn lane(doc: &Automerge, changes: &[Vec<u8>]) -> Lane {
    open_door(&Limits::default()).check_lane(doc, changes)
}

pub(super) fn open_door(limits: &Limits) -> Door<'_> {
    Door {
        limits,
        is_refused: &none_refused,
        allow: &allow_all,
    }
}

/// Checks one change and expects a final refusal, from the single check and from the lane alike.
pub(super) fn refusal(doc: &Automerge, bytes: &[u8]) -> Refusal {
    let limits = Limits::default();
    let Err(Verdict::Refused(why)) = open_door(&limits).check(doc, bytes) else {
        panic!("should be refused")
    };
    let lane = lane(doc, &[bytes.to_vec()]);
    assert_eq!(lane.outcomes, [Outcome::Refused(why.clone())]);
    assert!(lane.doc.is_none());
    why
}

pub(super) fn code(doc: &Automerge, bytes: &[u8]) -> &'static str {
    refusal(doc, bytes).code()
}
