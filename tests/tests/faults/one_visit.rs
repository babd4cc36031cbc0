//! FAULTS, two phones and one visit (43): of one engineer, and of two who were offered the same visit.

use fieldline_model::fold::Review;
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Completion, DeclineReason, VisitResult};
use fieldline_server::store::fate::fate_get;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::{World, cast};

fn decline(visit: VisitId) -> Act {
    Act::Decline {
        visit,
        reason: DeclineReason::NoTime,
        text: String::new(),
    }
}

/// Everything after the acceptance.
fn trip(visit: VisitId, words: &str) -> [Act; 4] {
    let arrive = Act::Arrive {
        visit,
        position: None,
    };
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: words.into(),
    };
    [
        Act::Depart { visit, eta: None },
        arrive,
        Act::Start { visit },
        Act::Finish { visit, completion },
    ]
}

fn perform(
    world: &mut World,
    n: usize,
    ticket: TicketId,
    acts: impl IntoIterator<Item = Act>,
) -> Vec<OperationId> {
    let mut done = Vec::new();
    for act in acts {
        done.push(
            world
                .perform(n, ticket, act)
                .expect("legal by what the phone knows"),
        );
        world.clock.pass(60_000);
    }
    done
}

fn day(world: &mut World, n: usize, ticket: TicketId, visit: VisitId) -> Vec<OperationId> {
    let accept = [Act::Accept { visit }];
    let trip = trip(visit, &format!("done on phone {n}"));
    perform(world, n, ticket, accept.into_iter().chain(trip))
}

/// One engineer finishes one visit on two phones, offline. The phone that comes first is told "merged"; the fold may let
/// the other stand. How many reports that were merged do not count any more, and how many of those have a card.
fn finished_on_two_phones(seed: u64) -> (usize, usize) {
    let (mut world, ticket, visit) = World::with_ticket(seed, 1);
    let [depart, arrive, start, _] = trip(visit, "");
    perform(
        &mut world,
        0,
        ticket,
        [Act::Accept { visit }, depart, arrive, start],
    );
    world.add_phone(cast::engineer(0));
    let mut finished = Vec::new();
    for n in 0..2 {
        let [.., finish] = trip(visit, &format!("done on phone {n}"));
        finished.extend(perform(&mut world, n, ticket, [finish]));
    }
    world.assert_healed();
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM review WHERE what = 'second_report'"),
        1
    );
    let overruled = |world: &World, id| {
        world.count_at_hq(&format!(
            "SELECT count(*) FROM event WHERE operation = '{id}' AND outcome = 'overruled'"
        )) == 1
    };
    header_says_what_counts(&mut world, &finished);
    let (mut displaced, mut told) = (0, 0);
    for (n, id) in finished.into_iter().enumerate() {
        if overruled(&world, id) && world.fate_at_hq(id) == Some(("merged".into(), None)) {
            displaced += 1;
            let row = fate_get(world.hq.db(), id).expect("the record").expect("a fate");
            assert_eq!(row.outcome, Some(("overruled".into(), Some("superseded".into()))));
            told += world
                .status(n)
                .cards
                .iter()
                .filter(|card| card.operation == id && card.code == "superseded")
                .count();
        }
    }
    (displaced, told)
}

/// "0 overruled" stood above a card that said overruled: the header counts how work counts at present, as HQ does.
fn header_says_what_counts(world: &mut World, finished: &[OperationId]) {
    for (n, id) in finished.iter().enumerate() {
        let overruled = world.count_at_hq(&format!(
            "SELECT count(*) FROM event WHERE operation = '{id}' AND outcome = 'overruled'"
        ));
        let merged_first = world.fate_at_hq(*id) == Some(("merged".into(), None));
        let status = world.status(n);
        let own = if n == 0 { 5 } else { 1 };
        assert_eq!(i64::try_from(status.overruled), Ok(overruled), "phone {n}");
        assert_eq!(status.at_hq + status.overruled, own, "phone {n}");
        assert_eq!(status.cards.len(), usize::try_from(overruled).expect("few"));
        assert!(status.cards.iter().all(|card| card.displaced == merged_first));
    }
}

/// The start of one phone stood between the arrival and the finish of the other.
#[test]
fn fault_043_two_phones_make_one_visit_with_times_that_can_be() {
    for seed in 1..=8 {
        let (mut world, ticket, visit) = World::with_ticket(seed, 1);
        world.perform(0, ticket, Act::Accept { visit }).expect("legal");
        world.settle();
        world.add_phone(cast::engineer(0));
        world.settle();
        for n in 0..2 {
            perform(&mut world, n, ticket, trip(visit, &format!("done on phone {n}")));
        }
        world.assert_healed();
        let ordered =
            "SELECT count(*) FROM visit WHERE departed_at <= arrived_at AND arrived_at <= started_at
            AND started_at <= done_at AND phase = 'done'";
        assert_eq!(world.count_at_hq(ordered), 1, "seed {seed}");
        let of_one = "SELECT count(DISTINCT f.device) FROM event e JOIN fate f ON f.operation = e.operation
            WHERE e.outcome = 'merged' AND e.act IN ('depart', 'arrive', 'start', 'finish')";
        assert_eq!(
            world.count_at_hq(of_one),
            1,
            "seed {seed}: the steps of one phone"
        );
    }
}

#[test]
fn fault_043_two_phones_finish_one_visit_and_the_one_displaced_later_is_told() {
    let both = (1..=8).map(finished_on_two_phones);
    let (displaced, told) = both.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    assert!(displaced > 0, "in none of the worlds was merged work displaced");
    assert_eq!(told, displaced);
}

/// Beside two phones of one engineer the card of a colleague was taken back: his ticket had left him, and what was left of
/// it on his phone knew nothing of the ruling.
#[test]
fn fault_043_a_colleague_who_lost_keeps_his_card_beside_two_phones_of_another() {
    for seed in 1..=4 {
        let mut world = World::new(seed, 2);
        let (ticket, visit) = world.new_ticket(&[0, 1]);
        world.add_phone(cast::engineer(0));
        world.settle();
        world.perform(0, ticket, decline(visit)).expect("legal");
        world.perform(2, ticket, Act::Accept { visit }).expect("legal");
        let lost = world.perform(1, ticket, Act::Accept { visit }).expect("legal");
        for n in [0, 2, 1] {
            world.sync(n);
        }
        let fate = world.fate_at_hq(lost);
        assert_eq!(
            fate,
            Some(("overruled".into(), Some("taken_by_other".into()))),
            "the fault fired"
        );
        world.assert_healed();
        let card = "SELECT count(*) FROM inbox WHERE code = 'taken_by_other'";
        assert_eq!(world.count_on_phone(1, card), 1, "seed {seed}");
        let status = world.status(1);
        assert_eq!(status.overruled, 1, "seed {seed}");
    }
}

/// Phone 1 is a colleague's, 0 and 2 are of one engineer.
fn offered_to_two(seed: u64) -> (World, TicketId, VisitId) {
    let mut world = World::new(seed, 2);
    let (ticket, visit) = world.new_ticket(&[0, 1]);
    world.add_phone(cast::engineer(0));
    world.settle();
    (world, ticket, visit)
}

fn reviews(world: &World, ticket: TicketId) -> Vec<(Review, OperationId)> {
    let state = world.state_at_hq(ticket).expect("the ticket is there");
    state
        .reviews
        .iter()
        .map(|item| (item.what, item.operation))
        .collect()
}

/// A refusal was merged and later overruled by steps that were overruled themselves; its phone never heard of it.
#[test]
fn fault_043_a_refusal_counts_beside_the_other_phone_that_came_too_late() {
    for seed in 1..=6 {
        let (mut world, ticket, visit) = offered_to_two(seed);
        world.perform(1, ticket, Act::Accept { visit }).expect("legal");
        let no = world.perform(0, ticket, decline(visit)).expect("legal");
        let late = day(&mut world, 2, ticket, visit);
        for n in [1, 0, 2] {
            world.sync(n);
        }
        let told = Some(("overruled".into(), Some("taken_by_other".into())));
        assert_eq!(world.fate_at_hq(late[0]), told, "the fault fired");
        world.assert_healed();
        let row = fate_get(world.hq.db(), no).expect("the record").expect("a fate");
        assert_eq!(row.outcome, Some(("merged".into(), None)), "seed {seed}");
        assert_eq!(reviews(&world, ticket), [(Review::CompletedByOther, late[4])]);
    }
}

/// A finish became "superseded" and nobody looked at it, as the hash would have it. The ticket stood on the phone that lost
/// as "Accepted, next: depart" beside "a colleague has this visit".
#[test]
fn fault_043_who_lost_to_a_colleague_on_two_phones_is_reviewed_and_shown_nothing_to_do() {
    for seed in 1..=6 {
        let (mut world, ticket, visit) = offered_to_two(seed);
        world.perform(1, ticket, Act::Accept { visit }).expect("legal");
        let [depart, ..] = trip(visit, "");
        let out = perform(&mut world, 2, ticket, [Act::Accept { visit }, depart]);
        let whole = day(&mut world, 0, ticket, visit);
        for n in [1, 2, 0] {
            world.sync(n);
        }
        world.assert_healed();
        assert_eq!(
            reviews(&world, ticket),
            [(Review::CompletedByOther, whole[4])],
            "seed {seed}"
        );
        for (n, own) in [(0, &whole), (2, &out)] {
            let Done::Well(view) = world.on(n, |engine, moment| engine.ticket(ticket, moment)) else {
                panic!("phone {n} holds the ticket to read")
            };
            assert!(!view.in_scope && view.left_at.is_some(), "phone {n}");
            // Said "in progress", from a departure that does not count.
            let at_hq = world.state_at_hq(ticket).expect("there").status().word();
            assert_eq!((view.status, at_hq), ("planned", "planned"), "phone {n}");
            assert!(view.next.is_empty() && view.visits.iter().all(|visit| visit.next.is_empty()));
            let shown = &view.visits[0];
            assert!(shown.taken || !shown.mine, "phone {n}");
            let overruled = |id: &OperationId| {
                view.events
                    .iter()
                    .any(|entry| entry.operation == *id && entry.overruled.is_some())
            };
            assert!(own.iter().all(overruled), "phone {n}, seed {seed}");
        }
    }
}

/// On the phone that lost, the steps of the colleague who won were marked as overruled, as the hash would have it.
#[test]
fn fault_043_who_lost_sees_no_work_of_the_winner_called_overruled() {
    for seed in 1..=6 {
        let (mut world, ticket, visit) = offered_to_two(seed);
        let won = day(&mut world, 1, ticket, visit);
        let lost = day(&mut world, 0, ticket, visit);
        world.sync(1);
        world.sync(0);
        let told = Some(("overruled".into(), Some("taken_by_other".into())));
        assert_eq!(world.fate_at_hq(lost[0]), told, "the fault fired");
        let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
            panic!("the phone holds the ticket to read")
        };
        for entry in &view.events {
            let is_own = lost.contains(&entry.operation);
            assert!(is_own || !won.contains(&entry.operation) || entry.overruled.is_none());
            assert!(
                !is_own || entry.overruled.is_some(),
                "seed {seed}: {}",
                entry.word
            );
        }
    }
}
