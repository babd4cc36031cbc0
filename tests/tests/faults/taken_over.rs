//! HQ goes back, and with it what it had decided about a revoked phone's work (57), or read to a phone whose own work came
//! up beside it (59). The phone was told both.

use fieldline_engine::view::{ListFilter, ListScope, TicketView};
use fieldline_engine::{Bug, FaultPoint};
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Completion, VisitResult};
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::phone::{Done, InstallFile};
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::{World, cast};

/// Word of the fate at HQ.
fn at_hq(world: &World, id: OperationId) -> Option<String> {
    world.fate_at_hq(id).map(|(word, _)| word)
}

fn holds(world: &World, id: OperationId) -> bool {
    world.count_at_hq(&format!("SELECT count(*) FROM event WHERE operation = '{id}'")) == 1
}

fn revoke(world: &mut World, n: usize) {
    let device = world.status(n).device.expect("it is enrolled");
    let revoked = world.hq.ask(async move |app| app.revoke(device).await);
    assert!(revoked.expect("up").expect("read"));
    world.phones[n].revoked = true;
}

fn waiting(world: &mut World) -> Vec<OperationId> {
    let held = world.hq.ask(async |app| app.held(10).await);
    let held = held.expect("up").expect("read");
    held.into_iter().map(|(id, _)| id).collect()
}

fn adopt(world: &mut World, ids: &[OperationId]) {
    for id in ids.iter().copied() {
        let adopted = world
            .hq
            .ask(async move |app| app.adopt(id, cast::dispatcher()).await);
        adopted.expect("up").expect("adopted");
    }
}

fn shown(world: &mut World, ticket: TicketId) -> TicketView {
    match world.on(0, |engine, moment| engine.ticket(ticket, moment)) {
        Done::Well(view) => view,
        other => panic!("it is shown: {other:?}"),
    }
}

fn finish(visit: VisitId) -> Act {
    Act::Finish {
        visit,
        completion: Completion {
            result: VisitResult::Fixed,
            cause: None,
            remedy: None,
            text: "done".into(),
        },
    }
}

/// A phone is revoked with a step and a note on it, which HQ takes over. Its phone hears of both.
fn taken_over(world: &mut World, ticket: TicketId, visit: VisitId) -> [OperationId; 2] {
    let step = world.perform(0, ticket, Act::Depart { visit, eta: None });
    let work = [step.expect("legal"), world.note(0, ticket, "what I found there")];
    revoke(world, 0);
    world.sync(0);
    assert_eq!(waiting(world), work);
    adopt(world, &work);
    world.sync(0);
    for id in work {
        assert_eq!(world.fate_on_phone(0, id).as_deref(), Some("merged"));
    }
    work
}

/// The work waits for a decision once more, and its phone says so; then it is there once.
fn waits_again_and_comes_back(world: &mut World, work: [OperationId; 2]) {
    assert!(
        work.iter().all(|id| at_hq(world, *id).is_none()),
        "it went back: the fault fired"
    );
    world.sync(0);
    assert!(world.status(0).revoked);
    assert_eq!(waiting(world), work);
    let why: Vec<_> = world.status(0).waiting.iter().map(|line| line.why).collect();
    assert_eq!(why, ["held", "held"]);
    adopt(world, &work);
    world.assert_healed();
    for id in work {
        assert_eq!(at_hq(world, id).as_deref(), Some("merged"));
        assert!(holds(world, id));
    }
}

#[test]
fn fault_057_work_taken_over_since_the_backup_is_held_again() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let taken = world.hq.take_backup();
    let work = taken_over(&mut world, ticket, visit);
    world.put_back_hq(&taken);
    waits_again_and_comes_back(&mut world, work);
}

#[test]
fn fault_057_work_taken_over_that_is_not_offered_again_is_lost() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.plant(0, Bug::TakenOverForgotten);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let taken = world.hq.take_backup();
    taken_over(&mut world, ticket, visit);
    world.put_back_hq(&taken);
    assert!(!world.heal_and_check().is_empty());
}

/// A copy put back by hand begins no epoch, and the place mark of a revoked phone stands still: only what it heard beside
/// the verdicts shows that HQ went back.
#[test]
fn fault_057_work_taken_over_since_a_copy_put_back_by_hand_is_held_again() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let step = world.perform(0, ticket, Act::Depart { visit, eta: None });
    let work = [step.expect("legal"), world.note(0, ticket, "what I found there")];
    revoke(&mut world, 0);
    world.sync(0);
    let copy = world.hq.back_up();
    adopt(&mut world, &work);
    world.sync(0);
    world.restore_hq(&copy);
    waits_again_and_comes_back(&mut world, work);
}

/// HQ lost the ticket too. The revoked phone alone holds it, and HQ's receipt is proof enough.
#[test]
fn fault_057_a_revoked_phone_gives_back_what_its_receipts_prove() {
    let (mut world, _, _) = World::with_ticket(57, 2);
    let taken = world.hq.take_backup();
    let (ticket, visit) = world.new_ticket(&[0]);
    world.sync(0);
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let work = taken_over(&mut world, ticket, visit);
    world.put_back_hq(&taken);
    assert!(!holds(&world, accept));
    waits_again_and_comes_back(&mut world, work);
    assert!(holds(&world, accept));
    assert_eq!(at_hq(&world, accept).as_deref(), Some("merged"));
}

/// By hand to before the revocation: the phone is as any other again, and its ticket has left it.
#[test]
fn fault_057_work_taken_over_on_a_ticket_that_left_comes_back_when_the_revocation_is_forgotten() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    world.hq_does(
        Author::Staff(cast::dispatcher()),
        ticket,
        Act::Reassign {
            from: visit,
            visit: VisitId::from_bytes([57; 16]),
            to: vec![cast::engineer(1)],
            plan: None,
        },
    );
    let copy = world.hq.back_up();
    let note = world.note(0, ticket, "what I found there");
    revoke(&mut world, 0);
    world.sync(0);
    adopt(&mut world, &[note]);
    world.sync(0);
    world.restore_hq(&copy);
    world.phones[0].revoked = false;
    world.assert_healed();
    assert_eq!(at_hq(&world, note).as_deref(), Some("merged"));
}

/// Declined once, and taken over in HQ's second life before its phone came.
#[test]
fn fault_057_work_declined_before_and_taken_over_after_a_restore_is_told_as_taken_over() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let note = world.note(0, ticket, "what I found there");
    revoke(&mut world, 0);
    world.sync(0);
    let taken = world.hq.take_backup();
    decide(&mut world, note, false);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("refused"));
    world.put_back_hq(&taken);
    adopt(&mut world, &[note]);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert!(world.status(0).cards.is_empty());
    world.assert_healed();
}

/// As before, and the answer after the healing is lost: HQ has seen the phone since it decided, and tells it no more.
#[test]
fn fault_057_work_taken_over_after_a_restore_is_told_though_an_answer_is_lost() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let note = world.note(0, ticket, "what I found there");
    revoke(&mut world, 0);
    world.sync(0);
    let taken = world.hq.take_backup();
    decide(&mut world, note, false);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("refused"));
    world.put_back_hq(&taken);
    adopt(&mut world, &[note]);
    world.dies_at(0, FaultPoint::VerdictsBeforeCommit, 0);
    world.sync(0);
    assert_eq!(world.deaths(0), [FaultPoint::VerdictsBeforeCommit]);
    world.clock.pass(DAY_MS);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    world.assert_healed();
}

/// Refused by the rules before HQ went back; then a copy of the phone brought it from a revoked phone, and a supervisor
/// declined it. Both are refusals, and the phone is told which one is HQ's.
#[test]
fn fault_057_a_refusal_that_hq_decided_anew_is_told_with_its_reason() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.plant(0, Bug::RulesSkipped);
    let taken = world.hq.take_backup();
    let step = world.perform(0, ticket, Act::Start { visit });
    let step = step.expect("his app allows it");
    let copy = world.clone_phone(0, InstallFile::Copied);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, step).as_deref(), Some("refused"));
    world.put_back_hq(&taken);
    revoke(&mut world, 0);
    world.phones[copy].revoked = true;
    world.sync(copy);
    decide(&mut world, step, false);
    world.assert_healed();
    let declined = ("refused".to_owned(), Some("not_adopted".to_owned()));
    assert_eq!(world.fate_at_hq(step), Some(declined));
    assert_eq!(world.status(0).cards[0].code, "not_adopted");
}

/// A colleague's phone gives back what HQ took over. The revoked phone brings its own bytes of it, which HQ does not know any
/// more, and is told what became of the work: that is told for good.
#[test]
fn fault_057_what_a_revoked_phone_is_told_of_work_that_a_colleague_gave_back_is_final() {
    let mut world = World::new(57, 2);
    let (ticket, _) = world.new_ticket(&[0, 1]);
    world.settle();
    let copy = world.clone_phone(0, InstallFile::Copied);
    let taken = world.hq.take_backup();
    let note = world.note(0, ticket, "what I found there");
    revoke(&mut world, 0);
    world.phones[copy].revoked = true;
    world.sync(0);
    adopt(&mut world, &[note]);
    world.sync(1);
    world.put_back_hq(&taken);
    world.sync(1);
    let unsure = format!("SELECT count(*) FROM unsure_fate WHERE operation = '{note}'");
    assert_eq!(world.count_at_hq(&unsure), 1, "worked out, and told to nobody");
    // A copy of the phone comes first, so that HQ has seen it since.
    world.clock.pass(DAY_MS);
    world.sync(copy);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(world.count_at_hq(&unsure), 0);
    world.assert_healed();
}

/// As before, but the phone was enrolled again in between: it is told by pages.
#[test]
fn fault_057_what_a_supervisor_decided_anew_is_told_to_a_phone_that_was_enrolled_again() {
    for adopted_first in [false, true] {
        let (mut world, ticket, visit) = World::with_ticket(57, 2);
        world.perform(0, ticket, Act::Accept { visit }).expect("legal");
        world.sync(0);
        let note = world.note(0, ticket, "what I found there");
        revoke(&mut world, 0);
        world.sync(0);
        let copy = world.hq.back_up();
        decide(&mut world, note, adopted_first);
        world.enrol(0);
        world.phones[0].revoked = false;
        // It asks again.
        world.clock.pass(DAY_MS);
        world.settle();
        let told = ["refused", "merged"];
        let before = told[usize::from(adopted_first)];
        assert_eq!(world.fate_on_phone(0, note).as_deref(), Some(before));
        world.restore_hq(&copy);
        decide(&mut world, note, !adopted_first);
        world.assert_healed();
        let after = told[usize::from(!adopted_first)];
        assert_eq!(world.fate_on_phone(0, note).as_deref(), Some(after));
        assert_eq!(at_hq(&world, note).as_deref(), Some(after));
    }
}

fn decide(world: &mut World, id: OperationId, takes_over: bool) {
    if takes_over {
        return adopt(world, &[id]);
    }
    let supervisor = cast::dispatcher();
    let declined = world
        .hq
        .ask(async move |app| app.decline_held(id, supervisor).await);
    declined.expect("up").expect("declined");
}

/// A copy of the phone, made before HQ told it that the step is overruled, brings it to the restored HQ first.
#[test]
fn fault_020_a_fate_that_hq_decided_anew_for_a_copy_of_the_phone_is_told() {
    let mut world = World::new(20, 2);
    let (ticket, visit) = world.new_ticket(&[0, 1]);
    world.settle();
    let backup = world.hq.back_up();
    let step = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let clone = world.clone_phone(0, InstallFile::Copied);
    world.perform(1, ticket, Act::Accept { visit }).expect("legal");
    world.sync(1);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, step).as_deref(), Some("overruled"));
    world.restore_hq(&backup);
    world.sync(clone);
    assert_eq!(at_hq(&world, step).as_deref(), Some("merged"), "the fault fired");
    world.assert_healed();
}

/// HQ's word reaches the phone in the exchange that brings the phone's own work, on a ticket that leaves it by that.
fn cancelled_beside_own_work(bugs: &[ServerBug]) -> (World, OperationId, Vec<OperationId>) {
    let (mut world, ticket, visit) = World::with_ticket(59, 2);
    bugs.iter().for_each(|bug| world.hq.plant(*bug));
    let backup = world.hq.back_up();
    let steps = [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        finish(visit),
    ];
    let work: Vec<OperationId> = steps
        .into_iter()
        .map(|act| world.perform(0, ticket, act).expect("legal"))
        .collect();
    let reason = "the customer says no".into();
    let cancel = Act::Cancel { reason };
    let cancelled = world.hq_does(Author::Staff(cast::dispatcher()), ticket, cancel);
    let cancelled = cancelled.expect("HQ may").operation;
    world.sync(0);
    let in_order = world.state_at_hq(ticket).expect("it is there");
    assert_eq!(in_order.status().word(), "cancelled");
    world.restore_hq(&backup);
    assert!(!holds(&world, cancelled), "it went back: the fault fired");
    (world, cancelled, work)
}

#[test]
fn fault_059_a_cancellation_read_while_own_work_went_up_comes_back() {
    let (mut world, cancelled, work) = cancelled_beside_own_work(&[]);
    world.sync(0);
    assert!(holds(&world, cancelled));
    world.assert_healed();
    assert!(work.iter().all(|id| holds(&world, *id)));
    let over = "SELECT count(*) FROM ticket WHERE status = 'cancelled'";
    assert_eq!(world.count_at_hq(over), 1);
}

#[test]
fn fault_059_a_cancellation_that_nothing_proves_is_lost() {
    let (mut world, cancelled, _) = cancelled_beside_own_work(&[ServerBug::StandsUnsaid]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, cancelled));
}

/// As before, and the answer that brought both came only half-way: verdicts, and then no page. And a colleague has gone on
/// with the ticket by the time the page is asked for again.
#[test]
fn fault_059_what_hq_decided_comes_back_though_its_page_came_later() {
    for colleague in [false, true] {
        let (mut world, ticket, visit) = World::with_ticket(59, 2);
        let backup = world.hq.back_up();
        let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
        let next = VisitId::from_bytes([59; 16]);
        let reassign = Act::Reassign {
            from: visit,
            visit: next,
            to: vec![cast::engineer(1)],
            plan: None,
        };
        let reassigned = world.hq_does(Author::Staff(cast::dispatcher()), ticket, reassign);
        let reassigned = reassigned.expect("HQ may").operation;
        world.dies_at(0, FaultPoint::VerdictsAfterCommit, 0);
        world.sync(0);
        assert_eq!(world.deaths(0), [FaultPoint::VerdictsAfterCommit]);
        let mut work = vec![accept];
        if colleague {
            world.sync(1);
            let his = world.perform(1, ticket, Act::Accept { visit: next });
            work.push(his.expect("legal"));
            world.sync(1);
        }
        world.sync(0);
        world.restore_hq(&backup);
        assert!(!holds(&world, reassigned), "it went back: the fault fired");
        world.sync(0);
        assert!(holds(&world, reassigned), "{colleague}");
        world.assert_healed();
        assert!(work.iter().all(|id| holds(&world, *id)));
    }
}

/// What is taken over stands in no document of the phone: nothing comes down to it any more. It is shown all the same.
#[test]
fn fault_057_what_hq_took_over_stays_on_the_screen_of_the_revoked_phone() {
    let (mut world, ticket, visit) = World::with_ticket(57, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let work = taken_over(&mut world, ticket, visit);
    world.phones[0].kill();
    let view = shown(&mut world, ticket);
    for id in work {
        let mut entries = view.events.iter().chain(&view.field);
        let entry = entries.find(|entry| entry.operation == id);
        let entry = entry.unwrap_or_else(|| panic!("{id} is shown"));
        assert!(!entry.pending && !entry.held && entry.overruled.is_none());
    }
    assert_eq!(view.visits[0].phase, "en_route");
    assert_eq!(view.pending, 0);
    let filter = ListFilter {
        scope: ListScope::All,
        ..ListFilter::default()
    };
    let Done::Well(lines) = world.on(0, |engine, _| engine.list(&filter)) else {
        panic!("there is a list");
    };
    assert_eq!(lines[0].phase.as_deref(), Some("en_route"));
    // Enrolled again, it gets the document itself, and nothing twice.
    world.phones[0].revoked = false;
    world.enrol(0);
    world.assert_healed();
    let view = shown(&mut world, ticket);
    let entries = view.events.iter().chain(&view.field);
    assert_eq!(entries.filter(|entry| work.contains(&entry.operation)).count(), 2);
}
