//! FAULTS, healing: what phones give back to a server that was put back to an older copy (20, 55, 58, 59), and that fates
//! stay as they were told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use fieldline_engine::{Bug, FaultPoint, OTHERS_WAIT_MS};
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::check::look;
use fieldline_tests::world::damage::Damage;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::{World, cast};

const HOUR_MS: i64 = 60 * 60 * 1_000;

fn hq_notes(world: &mut World, ticket: TicketId, text: &str) -> OperationId {
    let done = world.hq_does(
        Author::Staff(cast::dispatcher()),
        ticket,
        Act::Note { text: text.into() },
    );
    done.expect("HQ writes").operation
}

type Fates = BTreeMap<OperationId, (String, Option<String>)>;

/// The fate at HQ of everything any phone saved.
fn fates(world: &World) -> Fates {
    let saved = world.phones.iter().flat_map(|phone| phone.saved.iter().copied());
    saved
        .filter_map(|id| world.fate_at_hq(id).map(|fate| (id, fate)))
        .collect()
}

fn holds(world: &World, id: OperationId) -> bool {
    world.count_at_hq(&format!("SELECT count(*) FROM event WHERE operation = '{id}'")) == 1
}

/// HQ lost a ticket it had opened, a note of its own, and all work built on both.
fn lost_at_hq(bugs: &[Bug]) -> (World, [OperationId; 4]) {
    let (mut world, ticket, _) = World::with_ticket(20, 2);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    world.settle();
    let backup = world.hq.back_up();
    let (lost, visit) = world.new_ticket(&[0]);
    let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
    world.settle();
    let accept = world.perform(0, lost, Act::Accept { visit }).expect("legal");
    let on_lost = world.note(0, lost, "built on what HQ lost");
    let on_old = world.note(0, ticket, "built on HQ's lost note");
    world.settle();
    world.restore_hq(&backup);
    (world, [of_hq, accept, on_lost, on_old])
}

#[test]
fn fault_020_what_hq_lost_comes_back_from_the_phone_that_holds_it() {
    let (mut world, lost) = lost_at_hq(&[]);
    assert!(lost.iter().all(|id| !holds(&world, *id)), "it went back");
    let ticket = world.tickets[0];
    world.note(0, ticket, "after the restore");
    world.assert_healed();
    assert_eq!(world.tally.of("hq.restored"), 1);
    assert!(
        lost.iter().all(|id| holds(&world, *id)),
        "all of it is there again"
    );
    let numbers = "SELECT count(DISTINCT number) FROM ticket";
    assert_eq!(world.count_at_hq(numbers), 2);
    // A ticket that HQ opens now does not take a number of then.
    world.open_ticket().expect("HQ opens a ticket");
    assert_eq!(world.count_at_hq(numbers), 3);
}

#[test]
fn fault_020_without_healing_what_hq_lost_stays_on_the_phone() {
    let (mut world, [of_hq, _, on_lost, _]) = lost_at_hq(&[Bug::NothingHealed]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, of_hq) && !holds(&world, on_lost));
}

#[test]
fn fault_020_another_phone_gives_back_what_its_author_did() {
    let (mut world, _, _) = World::with_ticket(20, 2);
    let (ticket, _) = world.new_ticket(&[0, 1]);
    world.settle();
    let backup = world.hq.back_up();
    let note = world.note(1, ticket, "by the second engineer");
    world.settle();
    let before = fates(&world);
    world.restore_hq(&backup);
    world.sync(0);
    assert!(holds(&world, note), "the first phone had seen it");
    world.assert_healed();
    assert_eq!(fates(&world), before);
}

/// Two engineers accept one visit; the second is overruled. Then HQ goes back, and the second comes first.
#[test]
fn fault_090_two_accepts_keep_their_fates_whoever_comes_back_first() {
    let (mut world, _, _) = World::with_ticket(90, 2);
    let (ticket, visit) = world.new_ticket(&[0, 1]);
    world.settle();
    let backup = world.hq.back_up();
    for n in [0, 1] {
        world.perform(n, ticket, Act::Accept { visit }).expect("legal");
    }
    world.settle();
    let before = fates(&world);
    assert_eq!(
        before.values().filter(|(fate, _)| fate == "overruled").count(),
        1,
        "{before:?}"
    );
    world.restore_hq(&backup);
    world.sync(1);
    world.sync(0);
    world.assert_healed();
    assert_eq!(fates(&world), before);
}

/// A prefix merged, its head refused, what came after written again; then HQ goes back.
fn refused_then_restored() -> (World, Fates) {
    let (mut world, ticket, visit) = World::with_ticket(55, 2);
    world.plant(0, Bug::RulesSkipped);
    world.settle();
    let backup = world.hq.back_up();
    world.note(0, ticket, "before");
    let refused = world
        .perform(0, ticket, Act::Start { visit })
        .expect("his app allows it");
    world.note(0, ticket, "after");
    world.settle();
    let before = fates(&world);
    assert_eq!(before[&refused].0, "refused");
    assert_eq!(before.len(), 3);
    world.restore_hq(&backup);
    (world, before)
}

#[test]
fn fault_055_prefix_accepted_head_refused_then_restore() {
    let (mut world, before) = refused_then_restored();
    assert!(fates(&world).is_empty(), "it went back");
    world.assert_healed();
    assert_eq!(fates(&world), before, "a fate is decided once");
}

#[test]
fn fault_055_a_server_that_does_not_believe_what_it_told_loses_a_fate() {
    let (mut world, _) = refused_then_restored();
    world.hq.plant(ServerBug::FatesForgotten);
    assert!(!world.heal_and_check().is_empty());
}

#[test]
fn fault_058_restored_scope_says_drop_and_the_phone_has_the_only_copy() {
    let (mut world, _, _) = World::with_ticket(58, 2);
    let (ticket, _) = world.new_ticket(&[1]);
    world.settle();
    let backup = world.hq.back_up();
    let visit = world.offer(ticket, vec![cast::engineer(0)]).expect("HQ offers");
    world.settle();
    world
        .perform(0, ticket, Act::Accept { visit })
        .expect("it is his");
    world.note(0, ticket, "the only copy");
    world.sync(0);
    let before = fates(&world);
    assert_eq!(before.len(), 2);
    world.restore_hq(&backup);
    let scope = format!(
        "SELECT count(*) FROM scope WHERE document LIKE '%{ticket}' AND engineer = '{}'",
        cast::engineer(0)
    );
    assert_eq!(
        world.count_at_hq(&scope),
        0,
        "the restored record knows nothing of him"
    );
    world.sync(0);
    assert_eq!(world.count_at_hq(&scope), 1);
    world.assert_healed();
    assert_eq!(fates(&world), before);
}

#[test]
fn fault_059_work_that_left_the_phone_between_backup_and_restore_is_given_back() {
    let (mut world, ticket, visit) = World::with_ticket(59, 2);
    world.settle();
    let backup = world.hq.back_up();
    let of_hq = hq_notes(&mut world, ticket, "only hidden copies hold this");
    world.settle();
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let next = VisitId::from_bytes([59; 16]);
    world.hq_does(
        Author::Staff(cast::dispatcher()),
        ticket,
        Act::Reassign {
            from: visit,
            visit: next,
            to: vec![cast::engineer(1)],
            plan: None,
        },
    );
    world.sync(0);
    let hidden = "SELECT count(*) FROM doc WHERE in_scope = 0 AND snapshot IS NOT NULL";
    assert_eq!(world.count_on_phone(0, hidden), 1, "the ticket has left it");
    world.restore_hq(&backup);
    world.sync(0);
    assert!(holds(&world, of_hq));
    world.assert_healed();
}

/// HQ opens a ticket before any phone came, and gives it the number of the ticket it lost.
#[test]
fn fault_020_a_number_given_again_stays_with_the_ticket_that_had_it() {
    let (mut world, _, _) = World::with_ticket(20, 2);
    let backup = world.hq.back_up();
    let (older, visit) = world.new_ticket(&[0]);
    world.settle();
    let accept = world.perform(0, older, Act::Accept { visit }).expect("legal");
    world.settle();
    let number = |world: &World, ticket: TicketId| -> String {
        let sql = "SELECT number FROM ticket WHERE id = ?1";
        let row = world
            .hq
            .db()
            .query_row(sql, [ticket.to_string()], |row| row.get(0));
        row.expect("a ticket")
    };
    let told = number(&world, older);
    world.restore_hq(&backup);
    let (younger, _) = world.new_ticket(&[1]);
    assert_eq!(number(&world, younger), told, "given again: the fault fired");
    world.assert_healed();
    assert!(holds(&world, accept));
    assert_eq!(number(&world, older), told);
    let name = younger.to_string();
    assert_eq!(
        number(&world, younger),
        format!("{told}-{}", &name[name.len() - 4..])
    );
    // Whoever works on it reads the same number as HQ.
    let sql = "SELECT number FROM ticket_row WHERE document LIKE '%' || ?1";
    let on_phone: String = look(&world.phones[1].db())
        .query_row(sql, [&name], |row| row.get(0))
        .expect("it is in the list");
    assert_eq!(on_phone, number(&world, younger));
    let (next, _) = world.new_ticket(&[0]);
    assert!(number(&world, next) > number(&world, younger));
    world.assert_healed();
}

/// What a phone wrote under a key that HQ never knew, or knows no more, counts as it was told all the same.
#[test]
fn fault_055_fates_under_a_key_that_is_lost_come_back_as_told() {
    let (mut world, ticket, visit) = World::with_ticket(55, 2);
    world.plant(0, Bug::RulesSkipped);
    world.settle();
    let backup = world.hq.back_up();
    let lose_key = |world: &mut World| {
        world.note(0, ticket, "unsent");
        assert!(world.damage(0, Damage::Key));
        world.settle();
    };
    lose_key(&mut world);
    world.perform(
        1,
        ticket,
        Act::Note {
            text: "not his".into(),
        },
    );
    let refused = world
        .perform(0, ticket, Act::Start { visit })
        .expect("his app allows it");
    let merged = world.note(0, ticket, "under the second key");
    world.settle();
    lose_key(&mut world);
    let before = fates(&world);
    assert_eq!(before[&refused].0, "refused");
    assert_eq!(before[&merged].0, "merged");
    world.restore_hq(&backup);
    world.assert_healed();
    assert_eq!(fates(&world), before);
}

/// Verdicts come and their page does not: the cursor shows nothing of what the phone was told then.
#[test]
fn fault_020_a_phone_that_heard_more_than_its_cursor_says_is_believed() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    world.plant(0, Bug::RulesSkipped);
    world.settle();
    let backup = world.hq.back_up();
    world.note(0, ticket, "merged");
    world
        .perform(0, ticket, Act::Start { visit })
        .expect("his app allows it");
    world.dies_at(0, FaultPoint::VerdictsAfterCommit, 0);
    world.sync(0);
    assert_eq!(world.deaths(0), [FaultPoint::VerdictsAfterCommit]);
    let before = fates(&world);
    assert_eq!(before.len(), 2);
    world.restore_hq(&backup);
    world.assert_healed();
    assert_eq!(fates(&world), before);
    assert!(world.says(0, "epoch_changed"));
}

/// A phone that is another device since, for which HQ sealed no cursor, gives back all the same.
#[test]
fn fault_020_a_phone_enrolled_anew_after_the_restore_gives_back() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    world.plant(0, Bug::RulesSkipped);
    world.settle();
    let backup = world.hq.back_up();
    world
        .perform(0, ticket, Act::Start { visit })
        .expect("his app allows it");
    let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
    world.sync(0);
    let before = fates(&world);
    assert_eq!(before.len(), 1);
    world.note(0, ticket, "unsent");
    assert!(world.damage(0, Damage::Key));
    world.restore_hq(&backup);
    world.enrol(0);
    world.assert_healed();
    assert!(holds(&world, of_hq));
    let after = fates(&world);
    assert!(
        before.iter().all(|(id, fate)| after.get(id) == Some(fate)),
        "{after:?}"
    );
}

/// The machine is gone with its keys, so nothing proves what a phone holds of a ticket that the backup does not know. The
/// phone says so, keeps it, and is in order otherwise; the word that HQ took the ticket away would be a lie.
#[test]
fn fault_020_without_keys_a_phone_says_which_ticket_hq_lost() {
    let (mut world, ticket, _) = World::with_ticket(20, 2);
    let backup = world.hq.back_up();
    let (lost, visit) = world.new_ticket(&[0]);
    world.settle();
    let accept = world.perform(0, lost, Act::Accept { visit }).expect("legal");
    world.settle();
    let on_lost = world.note(0, lost, "unsent");
    let on_old = world.note(0, ticket, "on a ticket the backup knows");
    world.hq.restore_without_keys(&backup);
    for _ in 0..5 {
        world.sync(0);
        world.clock.pass(HOUR_MS);
    }
    assert!(holds(&world, on_old));
    assert!(!holds(&world, accept) && !holds(&world, on_lost));
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(lost, moment)) else {
        panic!("it is kept");
    };
    assert!(view.lost_at_hq && !view.in_scope);
    let status = world.status(0);
    assert!(status.complete, "{} of {:?}", status.held, status.expected);
    let waiting: Vec<_> = status
        .waiting
        .iter()
        .map(|line| (line.operation, line.why))
        .collect();
    assert_eq!(waiting, [(accept, "needs_others"), (on_lost, "needs_others")]);
    // No colleague's phone gives the ticket back either: the work stands alone, and HQ says what it makes of it.
    world.clock.pass(OTHERS_WAIT_MS);
    world.assert_healed();
    for id in [accept, on_lost] {
        let refused = ("refused".to_owned(), Some("unknown_ticket".to_owned()));
        assert_eq!(world.fate_at_hq(id), Some(refused));
    }
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(lost, moment)) else {
        panic!("it is shown as it was");
    };
    assert!(view.lost_at_hq && view.next.is_empty() && view.pending == 0);
    let words: Vec<_> = view.events.iter().map(|entry| entry.word).collect();
    assert_eq!((words, view.field.len()), (vec!["create", "offer"], 0));
    assert!(world.status(0).waiting.is_empty());
}

/// HQ has the ticket, but not what gave it to this engineer, and nothing proves that. What he did stands upon the rest then.
#[test]
fn fault_020_work_upon_what_nobody_proves_stands_upon_what_hq_has() {
    let (mut world, _, _) = World::with_ticket(20, 2);
    let (ticket, _) = world.new_ticket(&[1]);
    hq_notes(&mut world, ticket, "before the backup");
    world.settle();
    let backup = world.hq.back_up();
    world
        .offer(ticket, vec![cast::engineer(0)])
        .expect("HQ offers a visit");
    hq_notes(&mut world, ticket, "lost at HQ");
    world.settle();
    let note = world.note(0, ticket, "upon it");
    world.hq.restore_without_keys(&backup);
    world.phones.iter_mut().for_each(|phone| phone.restored = true);
    world.assert_healed();
    assert_eq!(world.tally.of("time.others_waited"), 1, "nobody gave it back");
    let refused = ("refused".to_owned(), Some("not_yours".to_owned()));
    assert_eq!(world.fate_at_hq(note), Some(refused));
}

/// HQ goes back to before a colleague's work, whose phone is revoked by the time it brings that again. Own work stands upon it
/// in a ticket that has left.
#[test]
fn fault_057_work_upon_a_colleagues_that_hq_holds_by_now_gets_its_fate() {
    let (mut world, _, _) = World::with_ticket(57, 3);
    let (ticket, _) = world.new_ticket(&[0]);
    world.settle();
    let backup = world.hq.back_up();
    world
        .offer(ticket, vec![cast::engineer(1)])
        .expect("HQ offers a visit");
    world.settle();
    let others = world.note(0, ticket, "a colleague's");
    world.sync(0);
    world.sync(1);
    let note = world.note(1, ticket, "upon it");
    world.hq.restore_without_keys(&backup);
    world.phones.iter_mut().for_each(|phone| phone.restored = true);
    world.revoke(0);
    world.sync(0);
    assert_eq!(world.fate_at_hq(others), None, "it is held");
    world.heal_and_check();
    let refused = ("refused".to_owned(), Some("not_yours".to_owned()));
    assert_eq!(world.fate_at_hq(note), Some(refused));
    assert!(world.status(1).waiting.is_empty());
}

/// One copy of a page stands otherwise than HQ's (here HQ says so), and its receipt proves none of it. HQ goes back later:
/// the phone must have got another by then.
#[test]
fn fault_020_a_receipt_that_does_not_fit_is_asked_for_again() {
    let (mut world, _, _) = World::with_ticket(20, 1);
    let backup = world.hq.back_up();
    let (lost, _) = world.new_ticket(&[0]);
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    world.tamper = Some(Box::new(move |_, reply| {
        let mut count = counted.lock().expect("one thread");
        if let Some(receipt) = reply.receipt.as_mut().filter(|_| *count == 0) {
            receipt.root[0] ^= 1;
            *count += 1;
        }
    }));
    world.sync(0);
    world.tamper = None;
    assert_eq!(*count.lock().expect("one thread"), 1, "a receipt was spoiled");
    let note = world.note(0, lost, "built on what HQ lost");
    world.restore_hq(&backup);
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
}

/// What was merged after the ticket had left its phone no receipt covers; then the key that wrote it is lost, and HQ goes
/// back. HQ neither knows the key nor sends the ticket again, so the phone has to take the proven part for its base.
fn key_lost_and_went_back(proven: bool) -> (World, OperationId, Fates) {
    let (mut world, _, _) = World::with_ticket(59, 2);
    let backup = world.hq.back_up();
    let (ticket, visit) = world.new_ticket(&[0]);
    world.sync(0);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let late = world.note(0, ticket, "written before he heard of it");
    let next = VisitId::from_bytes([59; 16]);
    world.hq_does(
        Author::Staff(cast::dispatcher()),
        ticket,
        Act::Reassign {
            from: visit,
            visit: next,
            to: vec![cast::engineer(1)],
            plan: None,
        },
    );
    world.sync(0);
    let before = fates(&world);
    assert_eq!(before[&late].0, "merged");
    if !proven {
        let db = look(&world.phones[0].db());
        db.execute_batch("UPDATE doc SET receipt = NULL, vouched = NULL; DELETE FROM receipt;")
            .expect("no proofs");
    }
    assert!(world.damage(0, Damage::Key));
    world.restore_hq(&backup);
    assert!(!holds(&world, late), "it went back");
    world.enrol(0);
    (world, late, before)
}

#[test]
fn fault_059_work_merged_after_the_ticket_left_comes_back_under_another_key() {
    let (mut world, _, before) = key_lost_and_went_back(true);
    world.assert_healed();
    assert_eq!(fates(&world), before);
}

/// Neither a receipt nor a signature proves anything of it: it stands alone in the end, and HQ says so (seed 1506).
#[test]
fn fault_059_work_under_a_lost_key_that_no_receipt_covers_is_decided_all_the_same() {
    let (mut world, late, _) = key_lost_and_went_back(false);
    world.assert_healed();
    let refused = ("refused".to_owned(), Some("unknown_ticket".to_owned()));
    assert_eq!(world.fate_at_hq(late), Some(refused));
}

/// The same in a ticket that stays in scope, and the phone is revoked: HQ sends it nothing more that would show it what HQ has
/// (seed 1036).
#[test]
fn fault_057_a_revoked_phone_brings_what_hq_does_not_prove_all_the_same() {
    let (mut world, ticket, _) = World::with_ticket(57, 2);
    world.settle();
    let backup = world.hq.back_up();
    let late = world.note(0, ticket, "under the first key");
    world.settle();
    let db = look(&world.phones[0].db());
    db.execute_batch("UPDATE doc SET receipt = NULL, vouched = NULL; DELETE FROM receipt;")
        .expect("no proofs");
    assert!(world.damage(0, Damage::Key));
    world.restore_hq(&backup);
    assert!(!holds(&world, late), "it went back");
    world.phones[1].offline = true;
    world.enrol(0);
    world.revoke(0);
    world.assert_healed();
    assert_eq!(
        world.fate_at_hq(late),
        Some(("merged".into(), None)),
        "held, and taken over"
    );
}
