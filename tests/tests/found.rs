//! What the simulator found, each as the smallest story that shows it.

use fieldline_model::fold::Outcome;
use fieldline_model::id::VisitId;
use fieldline_model::operation::{Act, Author, DeclineReason};
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

/// HQ reassigns a visit, knowing of one engineer's answer. Another engineer's concurrent decline of that visit comes
/// late and, by the hash of its id, may sort before the answer HQ knew, hence before the reassignment, which then has
/// nothing to reassign: the visit it opened never was. The central record kept its row (seed 7 of the first forty).
#[test]
fn a_visit_the_fold_says_no_more_leaves_the_record() {
    let mut vanished = 0;
    for seed in 0..8 {
        let (mut world, ticket, first) = World::with_ticket(700 + seed, 3);
        let second = world
            .offer(ticket, vec![cast::engineer(1)])
            .expect("a second visit");
        world.settle();
        let no = |visit| Act::Decline {
            visit,
            reason: DeclineReason::NoTime,
            text: String::new(),
        };
        world.perform(0, ticket, no(first));
        world.perform(1, ticket, no(second));
        world.sync(1);
        let visit = VisitId::new(world.now(), world.dice.bytes());
        let to = vec![cast::engineer(2)];
        let reassign = Act::Reassign {
            from: first,
            visit,
            to,
            plan: None,
        };
        let done = world
            .hq_does(Author::Staff(cast::dispatcher()), ticket, reassign)
            .expect("legal for HQ");
        assert_eq!(world.count_at_hq("SELECT count(*) FROM visit"), 3);
        world.sync(0);
        let state = world.state_at_hq(ticket).expect("the ticket is there");
        let pointless = matches!(state.outcomes.get(&done.operation), Some(Outcome::Overruled(_)));
        vanished += u32::from(pointless && !state.visits.contains_key(&visit));
        world.assert_healed();
    }
    assert!(vanished > 0, "no order of events made the visit vanish");
}

/// A phone wanted a document whole that HQ had meanwhile given to somebody else. Each answer said that it is not for
/// this phone, and each exchange asked again: never in step, for ever (seeds 28, 47, 51, 55 …).
#[test]
fn a_document_that_left_is_not_asked_for_again_and_again() {
    let (mut world, ticket, from) = World::with_ticket(701, 2);
    let visit = VisitId::new(world.now(), world.dice.bytes());
    let to = vec![cast::engineer(1)];
    let act = Act::Reassign {
        from,
        visit,
        to,
        plan: None,
    };
    world
        .hq_does(Author::Staff(cast::dispatcher()), ticket, act)
        .expect("HQ takes it away");
    world.phones[0].kill();
    let db = fieldline_tests::world::check::look(&world.phones[0].db());
    db.execute("UPDATE doc SET want = 1 WHERE kind = 'ticket'", [])
        .expect("as after a fork");
    drop(db);
    assert!(matches!(world.sync(0), Synced::Through { .. }));
    assert_eq!(
        world.count_on_phone(0, "SELECT count(*) FROM doc WHERE want = 1"),
        0
    );
    assert_eq!(world.sync(0), Synced::Through { idle: true });
    world.assert_healed();
}
