//! Changes no honest phone would write: forged, moved, bent or blown up.

use std::num::NonZeroU64;

use automerge::{ActorId, ROOT, ReadDoc};
use fieldline_model::door::forge::RawChange;
use fieldline_model::wire::{Fate, Verdict};
use fieldline_tests::stolen::no_signature;
use fieldline_tests::world::cast;

use crate::scene::{Scene, container};

/// Automerge's mark of a change whose body is deflated.
const DEFLATED_CHUNK: u8 = 2;
/// Its mark of one deflated column.
const DEFLATED_COLUMN: u64 = 0x08;

#[test]
fn an_honest_change_by_its_key_is_taken_so_what_follows_is_refused_for_its_reason() {
    let mut scene = Scene::new();
    let mut doc = scene.document(scene.own);
    let note = scene.note(&mut doc, scene.own, "一切如常");
    let verdict = scene.change(scene.own, note);
    assert!(
        matches!(
            verdict,
            Verdict::Fate {
                fate: Fate::Merged,
                ..
            }
        ),
        "{verdict:?}"
    );
    scene.all_is_well(1);
}

#[test]
fn a_forged_signature_or_actor_proves_nothing_and_decides_nothing() {
    let mut scene = Scene::new();
    let own = scene.own;
    let mut doc = scene.document(own);
    let honest = scene.note(&mut doc.clone(), own, "没有签名");
    let foreign = scene.note_as(&mut doc, own, "冒名", &[5; 16], cast::engineer(1));
    let mut unsigned = scene.stolen.lane(own.into(), std::slice::from_ref(&honest));
    unsigned.signature = no_signature();
    let mut by_another = scene.stolen.lane(own.into(), std::slice::from_ref(&honest));
    by_another.install = [0xCC; 16];
    let lanes = [unsigned, by_another, scene.stolen.lane(own.into(), &[foreign])];
    for lane in lanes {
        assert_eq!(scene.push(lane), [Verdict::Unproven]);
    }
    // In another's name: proven to be this phone's, and refused for what it says.
    let named = scene.note_as(
        &mut scene.document(own),
        own,
        "以他人之名",
        &scene.stolen.actor(own.into()),
        cast::engineer(0),
    );
    scene.refused(own, named, "not_allowed");
    scene.all_is_well(0);
}

#[test]
fn forbidden_paths_predecessors_and_gaps_are_refused() {
    let mut scene = Scene::new();
    let own = scene.own;
    let doc = scene.document(own);
    let (events, field) = (container(&doc, "events"), container(&doc, "field"));
    let key = doc.keys(&events).next().expect("the ticket has events");
    let victim = doc.get(&events, key.as_str()).expect("read").expect("there").1;
    let root = scene.forge(own).put(&ROOT, "k", "v", &[]);
    scene.refused(own, root.bytes(), "forbidden_path");
    let over = scene
        .forge(own)
        .put(&events, &key, "rewritten", std::slice::from_ref(&victim));
    scene.refused(own, over.bytes(), "forbidden_path");
    let elsewhere = scene.forge(own).put(&field, "k", "v", &[victim]);
    scene.refused(own, elsewhere.bytes(), "foreign_predecessor");
    let mut gap = scene.forge(own).put(&field, "k", "v", &[]);
    gap.change.seq += 1;
    scene.refused(own, gap.bytes(), "own_line_broken");
    scene.all_is_well(0);
}

#[test]
fn counters_and_runs_that_blow_up_are_refused() {
    let mut scene = Scene::new();
    let own = scene.own;
    let field = container(&scene.document(own), "field");
    for start in [u64::from(u32::MAX), u64::MAX] {
        let mut bomb = scene.forge(own).put(&field, "k", "v", &[]);
        bomb.change.start_op = NonZeroU64::new(start).expect("not zero");
        scene.refused(own, bomb.bytes(), "bad_start_op");
    }
    for count in [5_000_000, i64::from(i32::MAX)] {
        let bomb = RawChange::like(&scene.forge(own), count).bytes();
        assert!(bomb.len() < 300, "{} bytes", bomb.len());
        scene.refused(own, bomb, "too_many_ops");
    }
    scene.all_is_well(0);
}

/// What a change says of its size is believed before anything of it is unpacked; what hides its size is not taken.
#[test]
fn changes_and_columns_that_inflate_are_refused_unopened() {
    let mut scene = Scene::new();
    let own = scene.own;
    let field = container(&scene.document(own), "field");
    let raw = |scene: &Scene| RawChange::like(&scene.forge(own).put(&field, "k", "v", &[]), 1);
    let deflated = RawChange {
        chunk_type: DEFLATED_CHUNK,
        ..raw(&scene)
    };
    // Its operation stands in what was not opened: no fate for a name that nobody read, and never looked at again.
    assert_eq!(scene.change(own, deflated.bytes()), Verdict::Replay);
    let kept = "SELECT count(*) FROM refused WHERE code = 'compressed_chunk'";
    assert_eq!(scene.count(kept), 1);
    let honest = raw(&scene);
    let (spec, bytes) = honest.columns[0].clone();
    let column = honest.column(spec | DEFLATED_COLUMN, bytes);
    scene.refused(own, column.bytes(), "compressed_chunk");
    scene.all_is_well(0);
}

#[test]
fn a_note_of_a_megabyte_is_refused_by_its_size_and_one_too_long_by_the_rules() {
    let mut scene = Scene::new();
    let own = scene.own;
    for (bytes, code) in [(1 << 20, "too_large"), (30 << 10, "text_too_long")] {
        let note = scene.note(&mut scene.document(own), own, &"x".repeat(bytes));
        scene.refused(own, note, code);
    }
    scene.all_is_well(0);
}

#[test]
fn a_replay_gets_the_first_fate_and_a_fork_gets_none() {
    let mut scene = Scene::new();
    let own = scene.own;
    let before = scene.document(own);
    let note = scene.note(&mut before.clone(), own, "第一遍");
    let first = scene.change(own, note.clone());
    for _ in 0..3 {
        assert_eq!(scene.change(own, note.clone()), first, "the very same");
    }
    // Another change at the same place of its line: another past than the one HQ holds.
    let fork = scene.note(&mut before.clone(), own, "另一个过去");
    assert_eq!(scene.change(own, fork), Verdict::Replay);
    scene.all_is_well(1);
}

#[test]
fn a_line_moved_into_another_document_is_not_taken() {
    let mut scene = Scene::new();
    let (own, others) = (scene.own, scene.others);
    let note = scene.note(&mut scene.document(own), own, "原工单的内容");
    let mut moved = scene.stolen.lane(own.into(), std::slice::from_ref(&note));
    moved.document = others.into();
    assert_eq!(scene.push(moved), [Verdict::Unproven]);
    // Signed anew for the other document, it is still by the actor of the first.
    let signed = scene.stolen.lane(others.into(), std::slice::from_ref(&note));
    assert_eq!(scene.push(signed), [Verdict::Unproven]);
    // Written by the right actor, upon a past of the first document, the other lacks what it builds on.
    let mut doc = scene.document(own);
    let actor = scene.stolen.actor(others.into());
    assert_ne!(
        ActorId::from(&actor[..]),
        ActorId::from(&scene.stolen.actor(own.into())[..])
    );
    let built = scene.note_as(&mut doc, others, "别处的过去", &actor, cast::engineer(1));
    let verdict = scene.change(others, built);
    assert!(matches!(verdict, Verdict::Need { .. }), "{verdict:?}");
    scene.all_is_well(0);
}
