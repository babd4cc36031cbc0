//! FAULTS, hostile changes (38, 47-51, 53, 54) through the whole server: pushed over the router by somebody with a
//! good token and key. Each is refused with its own code; the server stays well, and the others notice nothing.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, OpType};
use automerge::{ActorId, ObjId, ObjType, ROOT, ReadDoc};
use fieldline_model::door::forge::{Forge, RawChange};
use fieldline_model::id::TicketId;
use fieldline_model::operation::Act;
use fieldline_model::wire::{Fate, Reply, Verdict, unpack};
use fieldline_tests::stolen::no_signature;
use fieldline_tests::world::hostile::Hostile;
use fieldline_tests::world::{World, cast};

/// A world with one ticket on two phones, one of them in bad hands.
struct Scene {
    world: World,
    hostile: Hostile,
    ticket: TicketId,
    pushes: u64,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed, 2);
        let (ticket, visit) = world.new_ticket(&[0]);
        world
            .offer(ticket, vec![cast::engineer(1)])
            .expect("both engineers hold the ticket");
        world.settle();
        world.perform(0, ticket, Act::Accept { visit });
        world.settle();
        let hostile = Hostile::of(&world, 0);
        Self {
            world,
            hostile,
            ticket,
            pushes: 0,
        }
    }

    fn forge(&mut self) -> Forge {
        let id = self.hostile.operation(&mut self.world, self.ticket);
        let doc = self.world.document_at_hq(self.ticket.into());
        Forge::next(
            &doc,
            &self.hostile.phone.actor(self.ticket.into()),
            &id.to_string(),
        )
    }

    /// The container with this name in the ticket's document.
    fn container(&self, name: &str) -> ObjId {
        let doc = self.world.document_at_hq(self.ticket.into());
        doc.get(ROOT, name)
            .expect("the document is read")
            .expect("birth made it")
            .1
    }

    /// The id of the one value that stands under `events` at an operation's key.
    fn an_event(&self) -> (String, ObjId) {
        let doc = self.world.document_at_hq(self.ticket.into());
        let events = self.container("events");
        let key = doc.keys(&events).next().expect("the ticket has events");
        let value = doc
            .get(&events, key.as_str())
            .expect("read")
            .expect("stands there")
            .1;
        (key, value)
    }

    fn push(&mut self, bytes: Vec<u8>) -> Verdict {
        self.pushes += 1;
        self.hostile.verdict(&mut self.world, self.ticket, bytes)
    }

    #[track_caller]
    fn refused(&mut self, bytes: Vec<u8>, wanted: &str) {
        match self.push(bytes) {
            Verdict::Fate {
                fate: Fate::Refused { code },
                other: false,
                ..
            } => assert_eq!(code, wanted),
            other => panic!("{wanted}: {other:?}"),
        }
    }

    /// The server is well, nothing of it stands in a document, the phones work on, and its own phone too.
    fn all_is_well(mut self) {
        assert_eq!(
            self.world.tally.of("hostile.push"),
            self.pushes,
            "every push was made"
        );
        let held = self.world.count_at_hq("SELECT count(*) FROM change");
        for n in 0..2 {
            self.world.note(n, self.ticket, "honest");
        }
        self.world.assert_healed();
        assert_eq!(self.world.count_at_hq("SELECT count(*) FROM change"), held + 2);
    }
}

#[test]
fn fault_038_start_op_near_the_limit() {
    let mut scene = Scene::new(38);
    let events = scene.container("events");
    for start in [1, u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX] {
        let mut forged = scene.forge().put(&events, "k", 1_i64, &[]);
        forged.change.start_op = NonZeroU64::new(start).expect("not zero");
        scene.refused(forged.bytes(), "bad_start_op");
    }
    scene.all_is_well();
}

#[test]
fn fault_038_deep_nesting_and_forbidden_paths() {
    let mut scene = Scene::new(38);
    let actor = ActorId::from(&scene.hostile.phone.actor(scene.ticket.into())[..]);
    let key = || Key::Map("d".into());
    let mut deep = scene.forge().act(&ROOT, key(), OpType::Make(ObjType::Map), &[]);
    for level in 0..500 {
        let parent = ObjId::Id(deep.change.start_op.get() + level, actor.clone(), 0);
        deep = deep.act(&parent, key(), OpType::Make(ObjType::Map), &[]);
    }
    scene.refused(deep.bytes(), "forbidden_action");
    let (event, value) = scene.an_event();
    let events = scene.container("events");
    let gone = scene.forge().act(
        &events,
        Key::Map(event.as_str().into()),
        OpType::Delete,
        std::slice::from_ref(&value),
    );
    scene.refused(gone.bytes(), "forbidden_action");
    let over = scene.forge().put(&events, &event, "rewritten", &[value]);
    scene.refused(over.bytes(), "forbidden_path");
    let root = scene.forge().put(&ROOT, "k", "v", &[]);
    scene.refused(root.bytes(), "forbidden_path");
    scene.all_is_well();
}

#[test]
fn fault_038_someone_elses_actor_and_signature() {
    let mut scene = Scene::new(38);
    let events = scene.container("events");
    let bytes = scene.forge().put(&events, "k", "v", &[]).bytes();
    // Another's actor under his own signature, another document's lane, no signature: nothing is decided about them,
    // because whoever forges a lane could otherwise get another's operation refused.
    let mut foreign = scene.forge().put(&events, "k", "v", &[]);
    foreign.change.actor_id = ActorId::from(&[5_u8; 16][..]);
    let other = scene.world.new_ticket(&[0]).0;
    let mut moved = scene
        .hostile
        .phone
        .lane(other.into(), std::slice::from_ref(&bytes));
    moved.document = scene.ticket.into();
    let mut unsigned = scene.hostile.phone.lane(scene.ticket.into(), &[bytes]);
    unsigned.signature = no_signature();
    let lanes = [
        scene.hostile.phone.lane(scene.ticket.into(), &[foreign.bytes()]),
        moved,
        unsigned,
    ];
    let promised: Vec<_> = scene.world.ledger.promises().keys().copied().collect();
    for lane in lanes {
        let answer = scene.hostile.push(&mut scene.world, vec![lane]);
        scene.pushes += 1;
        let reply: Reply = unpack(&answer.body).expect("an answer");
        assert_eq!(reply.verdicts[0].1, Verdict::Unproven);
    }
    for id in promised
        .into_iter()
        .filter(|id| !scene.world.phones[0].saved.contains(id))
    {
        assert_eq!(
            scene.world.fate_at_hq(id),
            None,
            "a lane that does not verify decides nothing"
        );
        scene.world.ledger.write_off(id, "never vouched for");
    }
    scene.all_is_well();
}

#[test]
fn fault_047_predecessor_on_another_path() {
    let mut scene = Scene::new(47);
    let (_, victim) = scene.an_event();
    let field = scene.container("field");
    let forged = scene.forge().put(&field, "k", "v", &[victim]);
    scene.refused(forged.bytes(), "foreign_predecessor");
    scene.all_is_well();
}

#[test]
fn fault_048_own_seq_line_skipped_or_gapped() {
    let mut scene = Scene::new(48);
    let field = scene.container("field");
    let mut gap = scene.forge().put(&field, "k", "v", &[]);
    gap.change.seq += 1;
    scene.refused(gap.bytes(), "own_line_broken");
    scene.all_is_well();
}

#[test]
fn fault_049_unknown_object_or_predecessor_wrong_key_type_no_deps() {
    let mut scene = Scene::new(49);
    let field = scene.container("field");
    let stranger = ObjId::Id(99, ActorId::from(&[0x55_u8; 16][..]), 0);
    let mut orphan = scene.forge().put(&field, "k", "v", &[]);
    orphan.change.deps.clear();
    scene.refused(orphan.bytes(), "no_deps");
    let nowhere = scene.forge().put(&stranger, "k", "v", &[]);
    scene.refused(nowhere.bytes(), "unknown_object");
    let nothing = scene.forge().put(&field, "k", "v", &[stranger]);
    scene.refused(nothing.bytes(), "foreign_predecessor");
    let index = scene
        .forge()
        .act(&field, Key::Seq(ElementId::Head), OpType::Put("v".into()), &[]);
    scene.refused(index.bytes(), "wrong_key_type");
    scene.all_is_well();
}

#[test]
fn fault_050_run_length_bomb() {
    let mut scene = Scene::new(50);
    for count in [5_001, 5_000_000, i64::from(i32::MAX)] {
        let bomb = RawChange::like(&scene.forge(), count).bytes();
        assert!(bomb.len() < 250, "{} bytes claim {count} operations", bomb.len());
        scene.refused(bomb, "too_many_ops");
    }
    scene.all_is_well();
}

#[test]
fn fault_051_apply_says_ok_but_the_save_does_not_load() {
    // automerge applies each of these without a word, and then saves what it cannot load (FAULTS 47, 51).
    let mut scene = Scene::new(51);
    let (key, victim) = scene.an_event();
    let (events, field) = (scene.container("events"), scene.container("field"));
    let elsewhere = scene
        .forge()
        .put(&field, &key, "v", std::slice::from_ref(&victim));
    let twice = scene
        .forge()
        .put(&events, "a", "v", &[])
        .put(&field, "b", "v", &[victim]);
    for forged in [elsewhere, twice] {
        let mut raw = scene.world.document_at_hq(scene.ticket.into());
        let bytes = forged.bytes();
        let change = automerge::Change::from_bytes(bytes.clone()).expect("well formed");
        let applied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            raw.apply_changes([change]).is_ok()
        }));
        assert_eq!(applied.ok(), Some(true));
        let loads = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            automerge::Automerge::load(&raw.save()).is_ok()
        }));
        assert!(!loads.unwrap_or(false), "the fault is real");
        scene.refused(bytes, "foreign_predecessor");
    }
    scene.all_is_well();
}

#[test]
fn fault_051_what_builds_on_a_refused_change_gets_no_fate_and_does_no_harm() {
    let mut scene = Scene::new(51);
    let field = scene.container("field");
    let bad = scene.forge().put(&field, "k", "not an entry", &[]).bytes();
    scene.refused(bad.clone(), "forbidden_path");
    // The very same bytes again: sticky.
    scene.refused(bad.clone(), "forbidden_path");
    let id = scene.hostile.operation(&mut scene.world, scene.ticket);
    let mut doc = scene.world.document_at_hq(scene.ticket.into());
    doc.apply_changes([automerge::Change::from_bytes(bad).expect("well formed")])
        .expect("well formed");
    let next = Forge::next(
        &doc,
        &scene.hostile.phone.actor(scene.ticket.into()),
        &id.to_string(),
    )
    .put(&field, "l", "v", &[]);
    assert_eq!(scene.push(next.bytes()), Verdict::Replay);
    scene
        .world
        .ledger
        .write_off(id, "its author never writes it again");
    scene.all_is_well();
}

#[test]
fn noise_in_the_place_of_changes_is_refused_and_harmless() {
    let mut scene = Scene::new(52);
    for _ in 0..20 {
        let mut noise = vec![0; 40];
        scene.world.dice.fill(&mut noise);
        let lane = scene.hostile.phone.lane(scene.ticket.into(), &[noise]);
        let answer = scene.hostile.push(&mut scene.world, vec![lane]);
        scene.pushes += 1;
        let reply: Reply = unpack(&answer.body).expect("an answer to every push");
        assert_eq!(reply.verdicts.len(), 1);
        assert!(
            matches!(reply.verdicts[0].1, Verdict::Replay),
            "no operation, no fate: {:?}",
            reply.verdicts
        );
    }
    scene.all_is_well();
}
