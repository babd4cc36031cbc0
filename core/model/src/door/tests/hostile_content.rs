use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, MarkData, OpType};
use automerge::{ObjId, Value};

use super::super::forge::Forge;
use super::*;

fn forge(doc: &Automerge) -> Forge {
    Forge::next(doc, &PHONE, OPERATION)
}

/// Birth with one value by somebody else in `hq`, and the id of that value.
fn with_value() -> (Automerge, ObjId) {
    let mut doc = birth();
    write(&mut doc, OTHER, &[("hq", "fault", "pump leaks".into())]).unwrap();
    let id = doc.get(container(&doc, "hq"), "fault").unwrap().unwrap().1;
    (doc, id)
}

#[test]
fn fault_047_predecessor_on_another_path() {
    let (doc, victim) = with_value();
    let events = container(&doc, "events");
    let bytes = forge(&doc)
        .put(&events, "e1", "accepted", std::slice::from_ref(&victim))
        .bytes();
    assert_eq!(code(&doc, &bytes), "foreign_predecessor");

    // Without the check automerge says Ok, and what it then saves does not load.
    let mut raw = doc.clone();
    let applied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        raw.apply_changes([Change::from_bytes(bytes).unwrap()]).is_ok()
    }));
    assert_eq!(applied.ok(), Some(true));
    assert!(Automerge::load(&raw.save()).is_err());
}

#[test]
fn fault_048_own_line_skipped_or_gapped() {
    let mut doc = birth();
    honest(&mut doc, PHONE, "field", "a");
    let mut gap = forge(&doc).put(&ROOT, "k", 1_i64, &[]);
    gap.change.seq += 1;
    assert_eq!(code(&doc, &gap.bytes()), "own_line_broken");

    let mut first = birth();
    let mut late = forge(&first).put(&ROOT, "k", 1_i64, &[]);
    late.change.seq = 2;
    assert_eq!(code(&first, &late.bytes()), "own_line_broken");

    // The right number, but only somebody else's change as a parent.
    let birth_only = first.get_heads();
    honest(&mut first, PHONE, "field", "a");
    let mut skipped = forge(&first).put(&ROOT, "k", 1_i64, &[]);
    skipped.change.deps = birth_only;
    skipped.change.start_op = forge(&birth()).change.start_op;
    assert_eq!(code(&first, &skipped.bytes()), "own_line_broken");
}

#[test]
fn a_number_used_twice_is_a_fork() {
    let mut doc = birth();
    let fork = forge(&doc).put(&ROOT, "k", "from the restored backup", &[]);
    honest(&mut doc, PHONE, "field", "a");
    assert_eq!(code(&doc, &fork.bytes()), "seq_reused");
}

#[test]
fn fault_049_no_parents_unknown_object_unknown_predecessor_wrong_key() {
    let (doc, value) = with_value();
    let mut orphan = forge(&doc).put(&ROOT, "k", 1_i64, &[]);
    orphan.change.deps.clear();
    assert_eq!(code(&doc, &orphan.bytes()), "no_deps");

    let nowhere = ObjId::Id(99, ActorId::from(OTHER), 0);
    let stranger = ObjId::Id(1, ActorId::from([0x55; 16]), 0);
    for object in [&nowhere, &stranger, &value] {
        assert_eq!(
            code(&doc, &forge(&doc).put(object, "k", 1_i64, &[]).bytes()),
            "unknown_object"
        );
    }
    for pred in [&nowhere, &stranger] {
        let bytes = forge(&doc)
            .put(&ROOT, "k", 1_i64, std::slice::from_ref(pred))
            .bytes();
        assert_eq!(code(&doc, &bytes), "foreign_predecessor");
    }
    let index = Key::Seq(ElementId::Head);
    let bytes = forge(&doc)
        .act(&ROOT, index, OpType::Put(1_i64.into()), &[])
        .bytes();
    assert_eq!(code(&doc, &bytes), "wrong_key_type");
}

#[test]
fn a_list_or_text_is_no_place_for_a_key() {
    let mut doc = birth();
    let mut tx = doc.transaction();
    let list = tx.put_object(ROOT, "list", ObjType::List).unwrap();
    tx.commit();
    assert_eq!(
        code(&doc, &forge(&doc).put(&list, "k", 1_i64, &[]).bytes()),
        "wrong_key_type"
    );
}

#[test]
fn a_container_the_author_cannot_have_seen_is_unknown() {
    let mut doc = birth();
    let before = doc.get_heads();
    let mut tx = doc.transaction();
    let later = tx.put_object(ROOT, "later", ObjType::Map).unwrap();
    tx.commit();
    let mut early = forge(&doc).put(&later, "k", 1_i64, &[]);
    early.change.deps = before;
    early.change.start_op = forge(&birth()).change.start_op;
    assert_eq!(code(&doc, &early.bytes()), "unknown_object");
}

#[test]
fn fault_038_start_op_near_the_limit() {
    let doc = birth();
    for start in [u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX, 1] {
        let mut high = forge(&doc).put(&ROOT, "k", 1_i64, &[]);
        high.change.start_op = NonZeroU64::new(start).unwrap();
        assert_eq!(code(&doc, &high.bytes()), "bad_start_op");
    }
}

#[test]
fn fault_038_deep_nesting_and_every_other_action() {
    let (doc, value) = with_value();
    let hq = container(&doc, "hq");
    let key = || Key::Map("fault".into());
    let preds = std::slice::from_ref(&value);
    let mut deep = forge(&doc).act(&ROOT, Key::Map("d".into()), OpType::Make(ObjType::Map), &[]);
    for level in 0..500 {
        let parent = ObjId::Id(deep.change.start_op.get() + level, ActorId::from(PHONE), 0);
        deep = deep.act(&parent, Key::Map("d".into()), OpType::Make(ObjType::Map), &[]);
    }
    let mark = MarkData {
        name: "bold".into(),
        value: true.into(),
        expand: true,
    };
    for forged in [
        deep,
        forge(&doc).act(&hq, key(), OpType::Delete, preds),
        forge(&doc).act(&hq, key(), OpType::Increment(1), preds),
        forge(&doc).act(&hq, key(), OpType::Make(ObjType::Text), preds),
        forge(&doc).act(&hq, key(), OpType::Make(ObjType::List), preds),
        forge(&doc).act(&hq, key(), OpType::Make(ObjType::Table), preds),
        forge(&doc).act(&hq, key(), OpType::MarkBegin(mark), &[]),
        forge(&doc).put(&ROOT, "events", 1_i64, &[container(&doc, "events")]),
    ] {
        assert_eq!(code(&doc, &forged.bytes()), "forbidden_action");
    }
    let mut insert = forge(&doc).put(&ROOT, "k", 1_i64, &[]);
    insert.change.operations[0].insert = true;
    assert_eq!(code(&doc, &insert.bytes()), "forbidden_action");
}

#[test]
fn values_that_are_not_kept_are_refused() {
    let doc = birth();
    for value in [ScalarValue::counter(1), f64::NAN.into(), f64::INFINITY.into()] {
        assert_eq!(
            code(&doc, &forge(&doc).put(&ROOT, "k", value, &[]).bytes()),
            "forbidden_value"
        );
    }
}

#[test]
fn a_write_names_what_it_replaces_and_nothing_older() {
    let (mut doc, old) = with_value();
    let hq = container(&doc, "hq");
    let hides = forge(&doc).put(&hq, "fault", "other", &[]);
    assert_eq!(code(&doc, &hides.bytes()), "predecessor_left_out");
    write(&mut doc, OTHER, &[("hq", "fault", "valve leaks".into())]).unwrap();
    let stale = forge(&doc).put(&hq, "fault", "other", &[old]);
    assert_eq!(code(&doc, &stale.bytes()), "foreign_predecessor");
}

#[test]
fn later_operations_of_a_change_see_its_earlier_ones() {
    let doc = birth();
    let first = ObjId::Id(forge(&doc).change.start_op.get(), ActorId::from(PHONE), 0);
    let twice = forge(&doc)
        .put(&ROOT, "k", 1_i64, &[])
        .put(&ROOT, "k", 2_i64, std::slice::from_ref(&first));
    let lane = lane(&doc, &[twice.bytes()]);
    assert!(
        matches!(lane.outcomes[..], [Outcome::Applied(_)]),
        "{:?}",
        lane.outcomes
    );
    assert_eq!(
        lane.doc.unwrap().get(ROOT, "k").unwrap().unwrap().0,
        Value::from(2_i64)
    );

    let elsewhere = forge(&doc)
        .put(&ROOT, "k", 1_i64, &[])
        .put(&ROOT, "other", 2_i64, &[first]);
    assert_eq!(code(&doc, &elsewhere.bytes()), "foreign_predecessor");
}

#[test]
fn fault_038_forbidden_path_is_the_policys_word() {
    let (doc, value) = with_value();
    let limits = Limits::default();
    let create_only = |_: &Header, puts: &[Put<'_>]| {
        let bad = puts.iter().find(|put| put.path != "events" || put.overwrites);
        bad.map_or(Ok(()), |put| Err(Denial::forbidden_path(put.path, put.key)))
    };
    let door = Door {
        allow: &create_only,
        ..open_door(&limits)
    };
    let events = container(&doc, "events");
    let good = forge(&doc).put(&events, "e1", "accepted", &[]).bytes();
    let bad = forge(&doc)
        .put(&container(&doc, "hq"), "fault", "x", &[value])
        .bytes();

    assert!(door.check(&doc, &good).is_ok());
    let outcomes = door.check_lane(&doc, &[bad]).outcomes;
    assert_eq!(
        outcomes,
        [Outcome::Refused(Refusal::Policy(Denial::forbidden_path(
            "hq", "fault"
        )))]
    );
    let Outcome::Refused(why) = &outcomes[0] else {
        unreachable!()
    };
    assert_eq!(why.code(), "forbidden_path");

    let taken = door.check_lane(&doc, &[good]).doc.unwrap();
    let seen = taken.get(&events, "e1").unwrap().unwrap().1;
    let over = forge(&taken).put(&events, "e1", "done", &[seen]).bytes();
    assert!(matches!(
        &door.check_lane(&taken, &[over]).outcomes[..],
        [Outcome::Refused(Refusal::Policy(_))]
    ));
}

/// Two phones wrote the same key at the same time; returns the document and both ids, the winner last.
fn with_conflict() -> (Automerge, Vec<ObjId>) {
    let (mut doc, mut other) = (birth(), birth());
    write(&mut doc, OTHER, &[("field", "answer", "yes".into())]).unwrap();
    write(&mut other, [3; 16], &[("field", "answer", "no".into())]).unwrap();
    doc.merge(&mut other).unwrap();
    let ids = doc
        .get_all(container(&doc, "field"), "answer")
        .unwrap()
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    (doc, ids)
}

/// Found by the honest property: saving the answer that wins anyway makes automerge write a delete of the others.
#[test]
fn settling_a_conflict_with_the_winning_value_passes_as_a_write() {
    let (doc, ids) = with_conflict();
    let winner = doc
        .get(container(&doc, "field"), "answer")
        .unwrap()
        .unwrap()
        .0
        .into_owned();
    let mut phone = doc.clone();
    let settling = write(
        &mut phone,
        PHONE,
        &[("field", "answer", winner.as_scalar().unwrap().clone())],
    )
    .unwrap();
    assert!(matches!(settling.decode().operations[0].action, OpType::Delete));

    let seen = std::cell::RefCell::new(Vec::new());
    let note = |_: &Header, puts: &[Put<'_>]| {
        let put = |put: &Put<'_>| {
            (
                put.path.to_owned(),
                put.key.to_owned(),
                put.value.clone(),
                put.overwrites,
            )
        };
        *seen.borrow_mut() = puts.iter().map(put).collect();
        Ok(())
    };
    let limits = Limits::default();
    let door = Door {
        allow: &note,
        ..open_door(&limits)
    };
    let result = door.check_lane(&doc, &[settling.raw_bytes().to_vec()]);

    assert!(
        matches!(result.outcomes[..], [Outcome::Applied(_)]),
        "{:?}",
        result.outcomes
    );
    assert_eq!(
        result
            .doc
            .unwrap()
            .get_all(container(&doc, "field"), "answer")
            .unwrap()
            .len(),
        1
    );
    let value = winner.as_scalar().unwrap().clone();
    assert_eq!(
        *seen.borrow(),
        [("field".to_owned(), "answer".to_owned(), value, true)]
    );
    assert_eq!(ids.len(), 2);
}

#[test]
fn a_delete_that_takes_the_winner_or_everything_is_refused() {
    let (doc, ids) = with_conflict();
    let field = container(&doc, "field");
    for preds in [&ids[1..], &ids[..]] {
        let delete = forge(&doc).act(&field, Key::Map("answer".into()), OpType::Delete, preds);
        assert_eq!(code(&doc, &delete.bytes()), "forbidden_action");
    }
}

#[test]
fn a_predecessor_named_twice_is_refused() {
    let (doc, value) = with_value();
    let twice = forge(&doc).put(&container(&doc, "hq"), "fault", "x", &[value.clone(), value]);
    assert_eq!(code(&doc, &twice.bytes()), "not_canonical");
}

/// Two times too far apart for the column they are kept in: automerge panics on them in every profile.
#[test]
fn fault_052_far_times_are_refused_because_applying_them_panics() {
    let mut raw = birth();
    let mut last = Vec::new();
    for (actor, time) in [([3; 16], i64::MIN), ([4; 16], i64::MAX)] {
        let mut far = Forge::next(&raw, &actor, OPERATION).put(&ROOT, &format!("k{}", actor[0]), 1_i64, &[]);
        far.change.time = time;
        assert_eq!(code(&raw, &far.bytes()), "odd_time");
        last = far.bytes();
        if time == i64::MIN {
            raw.apply_changes([Change::from_bytes(last.clone()).unwrap()])
                .unwrap();
        }
    }
    let apply = || raw.apply_changes([Change::from_bytes(last).unwrap()]);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(apply)).is_err());
}
