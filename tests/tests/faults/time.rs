//! Clocks that lie and time that passes (15, 17, 28, 46, 93): order and fates never hang on a phone's clock, and what is
//! old is put away without losing any.

use fieldline_engine::{FaultPoint, SETTLED_KEEP_MS};
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Completion, PauseReason, VisitResult};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Verdict;
use fieldline_tests::world::World;
use fieldline_tests::world::check::look;
use fieldline_tests::world::clock::Lie;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::sync::Synced;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn finish(visit: VisitId) -> Act {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "已修好".into(),
    };
    Act::Finish { visit, completion }
}

fn arrive(visit: VisitId) -> Act {
    Act::Arrive {
        visit,
        position: None,
    }
}

/// One step, ten minutes after the one before; the true time of it.
fn step(world: &mut World, ticket: TicketId, act: Act) -> (OperationId, Timestamp) {
    world.clock.pass(10 * MINUTE_MS);
    let at = world.now();
    let id = world.perform(0, ticket, act).expect("the next step");
    (id, at)
}

/// When HQ reckons that it happened, whether it had to move that, and when it heard of it.
fn reckoned(world: &World, id: OperationId) -> (i64, bool, i64) {
    world
        .hq
        .db()
        .query_row(
            "SELECT at, clamped, received_at FROM event WHERE operation = ?1",
            [id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .expect("the event")
}

/// A visit from end to end without a network, on a phone whose clock begins to lie after the second step.
fn visit_with(lie: impl FnOnce(Timestamp) -> Lie, reboots: bool) -> (World, Vec<(OperationId, Timestamp)>) {
    let (mut world, ticket, visit) = World::with_ticket(15, 2);
    let offered = world.now();
    world.phones[0].offline = true;
    let depart = Act::Depart { visit, eta: None };
    let mut done = vec![step(&mut world, ticket, Act::Accept { visit })];
    done.push(step(&mut world, ticket, depart));
    world.phones[0].watch.lie = lie(world.now());
    if reboots {
        world.phones[0].kill();
        let now = world.now();
        world.phones[0].watch.reboot(now);
    }
    for act in [arrive(visit), Act::Start { visit }, finish(visit)] {
        done.push(step(&mut world, ticket, act));
    }
    world.phones[0].offline = false;
    world.clock.pass(HOUR_MS);
    assert!(matches!(world.sync(0), Synced::Through { .. }));
    let mut before = offered.ms();
    for (id, _) in &done {
        assert_eq!(
            world.fate_at_hq(*id),
            Some(("merged".into(), None)),
            "no clock decides a fate"
        );
        let (at, _, received) = reckoned(&world, *id);
        assert!(
            before <= at && at <= received,
            "{before} {at} {received}: in order, and not in the future"
        );
        before = at;
    }
    (world, done)
}

/// Fails when the server takes the device's own estimate (`true_time` in `door/settle`): order and receipt go red.
#[test]
fn fault_015_clock_at_1970_five_hours_off_leaping_and_in_the_wrong_season() {
    type Lying = fn(Timestamp) -> Lie;
    let lies: [(Lying, bool); 6] = [
        (Lie::Epoch, true),
        (|_| Lie::Off(5 * HOUR_MS), false),
        (|_| Lie::Off(-5 * HOUR_MS), false),
        (|_| Lie::Off(40 * DAY_MS), true),
        // Whoever sets the hands by himself when summer time begins or ends.
        (|_| Lie::Off(HOUR_MS), false),
        (|_| Lie::Off(-HOUR_MS), false),
    ];
    for (lie, beyond) in lies {
        for reboots in [false, true] {
            let (mut world, done) = visit_with(lie, reboots);
            let moved = done.iter().filter(|(id, _)| reckoned(&world, *id).1).count();
            assert!(moved > 0 || !beyond, "the clock lied: {moved}");
            // The sync has taught the phone how wrong it is: what it does now is right to the second.
            let ticket = world.tickets[0];
            let note = world.note(0, ticket, "现在几点");
            let at = world.now();
            world.assert_healed();
            let (reckoned, clamped, _) = reckoned(&world, note);
            assert!(
                (reckoned - at.ms()).abs() < 1_000 && !clamped,
                "{reckoned} for {}",
                at.ms()
            );
        }
    }
}

/// No one defence: HQ throws nothing away that a place mark of any age may need, and a phone nothing that has no fate.
#[test]
fn fault_017_away_for_120_days() {
    let (mut world, ticket, visit) = World::with_ticket(17, 2);
    let (his, his_visit) = world.new_ticket(&[1]);
    world.settle();
    world.phones[1].offline = true;
    world
        .perform(1, his, Act::Accept { visit: his_visit })
        .expect("legal");
    let before = world.note(1, his, "走之前记的");
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    for month in 0..4_usize {
        for n in 0..3 {
            let (new, _) = world.new_ticket(&[n % 2]);
            world.sync(0);
            if n % 2 == 0 {
                world.note(0, new, "同事在干活");
            }
        }
        world.note(0, ticket, &format!("第 {month} 个月"));
        assert!(matches!(world.sync(0), Synced::Through { .. }));
        assert_eq!(world.sync(1), Synced::Cut, "he is away");
        world.clock.pass(30 * DAY_MS);
    }
    let back = world.note(1, his, "回来了");
    assert!(
        world.tally.of("phone.compacted") > 0,
        "the other phone put old work away"
    );
    world.assert_healed();
    for id in [before, back] {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
        assert_eq!(world.fate_on_phone(1, id).as_deref(), Some("merged"));
    }
    // Nothing of what he was away for is put away before he has had time to see it.
    let status = world.status(1);
    assert!(
        status.complete && status.saved_here == 0 && status.at_hq >= 3,
        "{status:?}"
    );
    assert!(!world.says(1, "epoch_changed") && !world.says(1, "read_again"));
}

/// A ticket under way whose first steps were settled long ago, and another that is done with; one more step is saved
/// between the question and the answer.
fn old_and_under_way() -> (World, OperationId) {
    let (mut world, ticket, visit) = World::with_ticket(28, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let (quiet, _) = world.new_ticket(&[0]);
    world.sync(0);
    world.note(0, quiet, "早就办完的事");
    world.settle();
    world.clock.pass(SETTLED_KEEP_MS + HOUR_MS);
    let Done::Well(Some(exchange)) = world.on(0, |engine, moment| engine.sync_next(moment)) else {
        panic!("a question");
    };
    let step = world
        .perform(0, ticket, Act::Depart { visit, eta: None })
        .expect("legal");
    let answer = world.answer(0, &exchange);
    let taken = world.on(0, |engine, moment| engine.sync_take(&exchange, answer, moment));
    // It has unsent work and goes on at once; compacting waits for the end.
    assert!(
        matches!(&taken, Done::Well(progress) if progress.more && progress.compacted == 0),
        "{taken:?}"
    );
    (world, step)
}

const INTENTS: &str = "SELECT count(*) FROM intent";

fn nothing_is_missed(mut world: World) {
    world.assert_healed();
    let status = world.status(0);
    assert_eq!(
        (status.at_hq, status.missing.len(), status.missing_unnamed),
        (3, 0, 0)
    );
}

/// Fails when `intent_compact` spares no document with work on it.
#[test]
fn fault_028_compaction_racing_save_pull_and_push() {
    let (mut world, step) = old_and_under_way();
    // HQ takes the step and is too busy to say so: the phone counts one document as different, reads again, and is
    // complete with the step still under way.
    world.phones[0].restored = true;
    let mut busy = true;
    world.tamper = Some(Box::new(move |n, reply| {
        let mine = reply.verdicts.iter_mut().filter(|_| n == 0 && busy);
        mine.for_each(|(_, verdict)| *verdict = Verdict::Later);
        busy &= reply.verdicts.is_empty();
    }));
    world.sync(0);
    assert_eq!(world.tally.of("phone.compacted"), 1);
    assert_eq!(world.fate_on_phone(0, step).as_deref(), Some("saved"));
    let left = world.count_on_phone(0, INTENTS);
    assert_eq!(left, 2, "the ticket under way keeps what was done on it");
    world.clock.pass(2 * HOUR_MS);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, step).as_deref(), Some("merged"));
    assert_eq!(world.tally.of("phone.compacted"), 1, "once a day");
    nothing_is_missed(world);
}

#[test]
fn fault_028_killed_while_compacting() {
    let (mut world, step) = old_and_under_way();
    world.dies_at(0, FaultPoint::CompactBeforeCommit, 0);
    assert_eq!(world.sync(0), Synced::Died);
    assert_eq!(world.deaths(0), [FaultPoint::CompactBeforeCommit]);
    assert_eq!(world.count_on_phone(0, INTENTS), 3, "all of it or nothing");
    assert_eq!(
        world.fate_on_phone(0, step).as_deref(),
        Some("merged"),
        "the sync itself was done"
    );
    world.sync(0);
    assert_eq!(
        (
            world.tally.of("phone.compacted"),
            world.count_on_phone(0, INTENTS)
        ),
        (1, 1)
    );
    nothing_is_missed(world);
}

#[test]
fn fault_028_compacting_that_fails_fails_no_sync() {
    let (mut world, ticket, _) = World::with_ticket(28, 2);
    world.note(0, ticket, "早就办完的事");
    world.settle();
    world.clock.pass(SETTLED_KEEP_MS + HOUR_MS);
    let run = |world: &World, sql: &str| {
        look(&world.phones[0].db()).execute_batch(sql).expect("a trigger");
    };
    run(
        &world,
        "CREATE TRIGGER no BEFORE DELETE ON intent BEGIN SELECT raise(ABORT, 'no'); END",
    );
    let fresh = world.note(0, ticket, "今天的事");
    assert!(matches!(world.sync(0), Synced::Through { .. }));
    assert_eq!(world.fate_on_phone(0, fresh).as_deref(), Some("merged"));
    assert_eq!(world.tally.of("phone.compacted"), 0, "it failed");
    assert_eq!(world.status(0).at_hq, 2, "and took nothing half");
    run(&world, "DROP TRIGGER no");
    world.sync(0);
    assert_eq!(world.tally.of("phone.compacted"), 1, "the next sync tries again");
    world.assert_healed();
}

/// A late answer to a push whose work was compacted meanwhile, and the push itself coming in once more.
#[test]
fn fault_028_what_was_put_away_is_answered_once_more() {
    let (mut world, ticket, _) = World::with_ticket(28, 2);
    let note = world.note(0, ticket, "答复在路上");
    world.network.replies_late = 1;
    assert_eq!(world.sync(0), Synced::Cut);
    world.settle();
    world.clock.pass(SETTLED_KEEP_MS + HOUR_MS);
    world.sync(0);
    assert_eq!(world.tally.of("phone.compacted"), 1);
    assert_eq!(world.fate_on_phone(0, note), None, "it is only counted");
    world.deliver_late();
    assert_eq!(world.tally.of("net.reply_late"), 1);
    world.assert_healed();
    let status = world.status(0);
    assert_eq!(
        (status.at_hq, status.saved_here, status.missing_unnamed),
        (1, 0, 0)
    );
    assert!(status.cards.is_empty());
}

/// As far as pauses are recorded: they keep their own time, and what HQ promised is not touched by them.
#[test]
fn fault_046_pause_and_stop_recorded_offline_for_three_days() {
    let (mut world, ticket, visit) = World::with_ticket(46, 2);
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        arrive(visit),
        Act::Start { visit },
    ] {
        step(&mut world, ticket, act);
    }
    world.settle();
    world.phones[0].offline = true;
    let pause = Act::Pause {
        visit,
        reason: PauseReason::WaitingParts,
    };
    let mut done = vec![step(&mut world, ticket, pause)];
    world.clock.pass(2 * DAY_MS);
    done.push(step(&mut world, ticket, Act::Resume { visit }));
    world.clock.pass(DAY_MS);
    done.push(step(&mut world, ticket, finish(visit)));
    world.clock.pass(HOUR_MS);
    world.phones[0].offline = false;
    world.assert_healed();
    for (id, at) in &done {
        let (reckoned, clamped, received) = reckoned(&world, *id);
        assert!(
            (reckoned - at.ms()).abs() < 1_000 && !clamped,
            "{reckoned} for {}",
            at.ms()
        );
        assert!(received - reckoned >= HOUR_MS, "HQ heard of it later");
    }
    let (pause, stop) = (done[0].1, done[2].1);
    assert!(stop.since(pause) > 3 * DAY_MS, "three days offline");
    let ended = world.count_at_hq("SELECT done_at FROM visit WHERE phase = 'done'");
    assert!(
        (ended - stop.ms()).abs() < 1_000,
        "the visit ended when he ended it"
    );
}

#[test]
fn fault_093_reboot_without_network_in_a_pause() {
    let (mut world, ticket, visit) = World::with_ticket(93, 2);
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        arrive(visit),
        Act::Start { visit },
    ] {
        step(&mut world, ticket, act);
    }
    world.settle();
    world.phones[0].offline = true;
    let pause = Act::Pause {
        visit,
        reason: PauseReason::Break,
    };
    let (pause, paused) = step(&mut world, ticket, pause);
    // The battery is empty: nothing but 1970 is left of the clock, and no network tells better.
    world.phones[0].kill();
    let now = world.now();
    world.phones[0].watch.reboot(now);
    world.phones[0].watch.lie = Lie::Epoch(now);
    let (resume, _) = step(&mut world, ticket, Act::Resume { visit });
    let (stop, _) = step(&mut world, ticket, finish(visit));
    world.phones[0].offline = false;
    world.clock.pass(HOUR_MS);
    world.assert_healed();
    let [pause, resume, stop] = [pause, resume, stop].map(|id| {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
        reckoned(&world, id)
    });
    assert!(
        (pause.0 - paused.ms()).abs() < 1_000 && !pause.1,
        "before the reboot the clock was right"
    );
    assert!(resume.1 && stop.1, "after it HQ had to move both: the clock lied");
    assert!(
        pause.0 <= resume.0 && resume.0 <= stop.0 && stop.0 <= stop.2,
        "in order"
    );
    let state = world.state_at_hq(ticket).expect("there");
    assert_eq!(
        state.visits.get(&visit).map(|visit| visit.phase.word()),
        Some("done")
    );
}
