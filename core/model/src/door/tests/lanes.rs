use super::super::forge::Forge;
use super::super::reload::{Compare, reload};
use super::*;

fn hash_of(bytes: &[u8]) -> ChangeHash {
    super::super::read_hash(bytes, &Limits::default()).unwrap()
}

#[test]
fn a_refused_change_refuses_what_is_built_on_it_and_nothing_else() {
    let mut hostile = birth();
    let doc = birth();
    let first = honest(&mut hostile, PHONE, "field", "a");
    let bad = Forge::next(&hostile, &PHONE, OPERATION).put(&ROOT, "events", 1_i64, &[]);
    let child = {
        let mut next = Forge::next(&hostile, &PHONE, OPERATION).put(&ROOT, "k", 1_i64, &[]);
        next.change.seq += 1;
        next.change.deps = vec![hash_of(&bad.bytes())];
        next.bytes()
    };
    let neighbour = honest(&mut birth(), OTHER, "field", "b");

    let result = lane(&doc, &[first, bad.bytes(), child.clone(), neighbour]);

    let parent = hash_of(&bad.bytes());
    assert!(
        matches!(&result.outcomes[..], [
        Outcome::Applied(_), Outcome::Refused(_), Outcome::BuiltOnRefused(on), Outcome::Applied(_)
    ] if *on == parent),
        "{:?}",
        result.outcomes
    );

    // The verdict is sticky: in a later lane the caller knows it.
    let limits = Limits::default();
    let known = |hash: &ChangeHash| *hash == parent;
    let door = Door {
        is_refused: &known,
        ..open_door(&limits)
    };
    assert_eq!(
        door.check_lane(&doc, &[child]).outcomes,
        [Outcome::BuiltOnRefused(parent)]
    );
    assert_eq!(
        door.check_lane(&doc, &[honest(&mut birth(), OTHER, "hq", "c")])
            .outcomes
            .len(),
        1
    );
}

#[test]
fn bytes_refused_before_stay_refused() {
    let bytes = honest(&mut birth(), PHONE, "field", "a");
    let limits = Limits::default();
    let known = |hash: &ChangeHash| *hash == hash_of(&bytes);
    let door = Door {
        is_refused: &known,
        ..open_door(&limits)
    };
    assert_eq!(
        door.check_lane(&birth(), std::slice::from_ref(&bytes)).outcomes,
        [Outcome::Refused(Refusal::RefusedBefore)]
    );
}

#[test]
fn what_is_missing_is_named_down_to_the_root_of_it() {
    let mut phone = birth();
    let lost = honest(&mut phone, PHONE, "field", "a");
    let second = honest(&mut phone, PHONE, "field", "b");
    let third = honest(&mut phone, PHONE, "field", "c");

    let result = lane(&birth(), &[third.clone(), second.clone()]);

    let missing = Outcome::Missing(vec![hash_of(&lost)]);
    assert_eq!(result.outcomes, [missing.clone(), missing]);
    assert!(result.doc.is_none());
    let healed = lane(&birth(), &[third, second, lost]);
    assert!(healed.outcomes.iter().all(|o| matches!(o, Outcome::Applied(_))));
}

#[test]
fn the_same_change_twice_in_a_lane_counts_once() {
    let bytes = honest(&mut birth(), PHONE, "field", "a");
    let result = lane(&birth(), &[bytes.clone(), bytes.clone()]);
    assert!(
        matches!(&result.outcomes[..], [Outcome::Applied(_), Outcome::Duplicate(hash)] if *hash == hash_of(&bytes))
    );
}

#[test]
fn the_result_is_what_was_saved_under_the_callers_actor() {
    let doc = birth();
    let heads = doc.get_heads();
    let result = lane(&doc, &[honest(&mut birth(), PHONE, "field/notes", "a")]);

    let (taken, saved) = (result.doc.unwrap(), result.saved.unwrap());

    assert_eq!(doc.get_heads(), heads, "the caller's document is untouched");
    assert_eq!(taken.get_actor(), doc.get_actor());
    assert_eq!(
        Automerge::load(&saved).unwrap().hydrate(None),
        taken.hydrate(None)
    );
}

/// Fault 51: apply says Ok, the saved document does not load. Made without the checks, because no change that passes
/// them is known to do it.
#[test]
fn fault_051_the_comparison_notices_what_apply_hides() {
    let mut doc = birth();
    write(&mut doc, OTHER, &[("hq", "fault", "pump leaks".into())]).unwrap();
    let victim = doc.get(container(&doc, "hq"), "fault").unwrap().unwrap().1;
    let bytes = Forge::next(&doc, &PHONE, OPERATION)
        .put(&container(&doc, "events"), "e", 1_i64, &[victim])
        .bytes();
    let mut broken = doc.clone();
    broken
        .apply_changes([Change::from_bytes(bytes).unwrap()])
        .unwrap();

    assert_eq!(
        reload(&broken, Compare::Written(&[])).unwrap_err(),
        Refusal::DoesNotReload
    );
    assert!(reload(&doc, Compare::Everything).is_ok());
}

#[test]
fn a_document_that_is_broken_already_blames_nobody() {
    let mut doc = birth();
    write(&mut doc, OTHER, &[("hq", "fault", "pump leaks".into())]).unwrap();
    let victim = doc.get(container(&doc, "hq"), "fault").unwrap().unwrap().1;
    let good = honest(&mut doc.clone(), PHONE, "field", "a");
    let bad = Forge::next(&doc, &[5; 16], OPERATION)
        .put(&container(&doc, "events"), "e", 1_i64, &[victim])
        .bytes();
    doc.apply_changes([Change::from_bytes(bad).unwrap()]).unwrap();

    let result = lane(&doc, &[good]);

    assert_eq!(result.outcomes, [Outcome::Stuck]);
    assert!(result.doc.is_none() && result.saved.is_none());
}

#[test]
fn a_panic_refuses_one_change_and_keeps_its_neighbours() {
    let mut phone = birth();
    let changes = ["a", "b", "c"].map(|key| honest(&mut phone, PHONE, "field", key));
    let neighbour = honest(&mut birth(), OTHER, "field", "d");
    let limits = Limits::default();
    let bomb = |_: &Header, puts: &[Put<'_>]| {
        if puts[0].key == "b" {
            panic!("as automerge might")
        } else {
            Ok(())
        }
    };
    let door = Door {
        allow: &bomb,
        ..open_door(&limits)
    };

    let result = door.check_lane(&birth(), &[&changes[..], &[neighbour]].concat());

    let [first, second, third, fourth] = &result.outcomes[..] else {
        panic!()
    };
    assert!(matches!(
        (first, fourth),
        (Outcome::Applied(_), Outcome::Applied(_))
    ));
    assert_eq!(
        (second, third),
        (
            &Outcome::Refused(Refusal::Panicked),
            &Outcome::BuiltOnRefused(hash_of(&changes[1])),
        )
    );
}

#[test]
fn the_careful_road_takes_the_same_honest_changes() {
    let mut phone = birth();
    let changes: Vec<Vec<u8>> = (0..6)
        .map(|i| honest(&mut phone, PHONE, "field", &format!("k{i}")))
        .collect();
    let limits = Limits::default();
    let quick = open_door(&limits).check_lane(&birth(), &changes);
    let careful = open_door(&limits).careful(&birth(), &changes);
    assert_eq!(quick.outcomes, careful.outcomes);
    assert_eq!(quick.saved, careful.saved);
    assert_eq!(careful.doc.unwrap().get_heads(), phone.get_heads());
}

/// Fault 27: the times of a document are kept as differences, and one that does not fit makes automerge panic in the
/// middle of an apply. `Limits::time_max` keeps such times out; here one got in before the door stood.
#[test]
fn fault_027_panic_in_apply_refuses_only_the_change_that_does_it() {
    let mut doc = birth();
    let mut far = Forge::next(&doc, &[3; 16], OPERATION).put(&ROOT, "far", 1_i64, &[]);
    far.change.time = -i64::MAX + 10_000_000_000_000;
    doc.apply_changes([Change::from_bytes(far.bytes()).unwrap()])
        .unwrap();
    let mut late = Forge::next(&doc, &PHONE, OPERATION).put(&ROOT, "late", 1_i64, &[]);
    late.change.time = 200_000_000_000_000;
    let before = honest(&mut doc.clone(), OTHER, "field", "a");
    let after = honest(&mut doc.clone(), [5; 16], "field", "b");

    let result = lane(&doc, &[late.bytes(), before, after]);

    let [guilty, others @ ..] = &result.outcomes[..] else {
        panic!()
    };
    assert!(
        others
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Applied(_))),
        "{:?}",
        result.outcomes
    );
    assert_eq!(guilty, &Outcome::Refused(Refusal::Panicked));
    assert_eq!(result.doc.unwrap().length(container(&doc, "field")), 3);
}
