//! Every road from a tap to a fate.

use automerge::ReadDoc;
use fieldline_model::id::{EngineerId, LocationId, PartId, VisitId};
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_model::row::{Row, Stock};
use fieldline_model::wire::{Bytes, Cursor, Fate, Item};

use super::phone::Phone;
use super::server::Server;
use crate::view::{ListFilter, ListScope, PartFilter};
use crate::{Bug, EngineError};

pub(crate) fn note(text: &str) -> Act {
    Act::Note { text: text.into() }
}

fn finish(visit: VisitId) -> Act {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换了搓纸轮".into(),
    };
    Act::Finish { visit, completion }
}

pub(super) fn start() -> (Server, Phone, fieldline_model::id::TicketId, VisitId) {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, visit) = server.ticket(1);
    phone.sync(&mut server);
    (server, phone, ticket, visit)
}

fn complete(phone: &Phone) -> bool {
    let status = phone.engine().status().unwrap();
    status.complete && Some(status.held) == status.expected
}

#[test]
fn what_is_performed_offline_shows_at_once_and_reaches_hq() {
    let (mut server, mut phone, ticket, visit) = start();
    assert!(complete(&phone));
    let accept = phone.perform(ticket, Act::Accept { visit });
    phone.perform(ticket, Act::Depart { visit, eta: None });
    let line = phone.engine().list(&ListFilter::default()).unwrap().remove(0);
    assert_eq!((line.phase.as_deref(), line.pending), (Some("en_route"), 2));
    let early = phone.try_perform(ticket, Act::Start { visit });
    assert_eq!(early.unwrap_err().code(), "not_now");
    assert_eq!(phone.engine().status().unwrap().saved_here, 2);
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(
        (view.next.as_slice(), view.pending, view.status),
        (&["arrive"][..], 2, "in_progress")
    );

    phone.sync(&mut server);
    assert!(server.holds(ticket.into(), accept));
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq), (0, 2));
    assert!(complete(&phone));
    assert_eq!(phone.engine().list(&ListFilter::default()).unwrap()[0].pending, 0);
}

#[test]
fn a_refused_change_takes_nothing_with_it() {
    let (mut server, mut phone, ticket, visit) = start();
    let before = phone.perform(ticket, note("before"));
    let accept = phone.perform(ticket, Act::Accept { visit });
    let after: Vec<_> = (0..20)
        .map(|n| phone.perform(ticket, note(&format!("after {n}"))))
        .collect();
    let depart = phone.perform(ticket, Act::Depart { visit, eta: None });
    let times: Vec<_> = {
        let view = phone
            .with(|engine, moment| engine.ticket(ticket, moment))
            .unwrap();
        view.field
            .iter()
            .map(|entry| (entry.operation, entry.at))
            .collect()
    };
    server.refuse.insert("accept");
    phone.sync(&mut server);

    assert!(!server.holds(ticket.into(), accept));
    assert!(server.holds(ticket.into(), before));
    assert!(
        after.iter().all(|id| server.holds(ticket.into(), *id)),
        "the same ids arrive"
    );
    let Fate::Overruled { .. } = &server.fates[&depart].0 else {
        panic!("the server decided on depart")
    };
    let status = phone.engine().status().unwrap();
    assert_eq!(
        (status.saved_here, status.at_hq, status.overruled, status.refused),
        (0, 21, 1, 1)
    );
    assert_eq!(status.cards.len(), 2);
    assert!(complete(&phone));
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    let now: Vec<_> = view
        .field
        .iter()
        .map(|entry| (entry.operation, entry.at))
        .collect();
    assert_eq!(now, times, "the same times");
    assert!(phone.engine().dismiss(accept).unwrap());
    assert_eq!(phone.engine().status().unwrap().cards.len(), 1);
}

/// Each refusal sends what follows back to be written again; that once waited longer each time.
#[test]
fn a_row_of_refusals_is_told_in_one_go() {
    let (mut server, mut phone, ticket, _) = start();
    for n in 0..8 {
        phone.perform(ticket, note(&format!("{n}")));
    }
    server.refuse.insert("note");
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.refused), (0, 8));
}

#[test]
fn planted_forgotten_dependents_are_seen() {
    let (mut server, mut phone, ticket, visit) = start();
    phone.perform(ticket, Act::Accept { visit });
    phone.perform(ticket, note("after"));
    phone.engine().plant(Bug::DependentsForgotten);
    server.refuse.insert("accept");
    phone.sync(&mut server);
    assert_eq!(
        phone.engine().status().unwrap().saved_here,
        1,
        "an operation waits for ever"
    );
}

#[test]
fn a_lost_acknowledgement_changes_nothing() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    let lost = phone.next();
    drop(server.take(&lost));
    // HQ builds on it before the phone hears of its fate.
    server.staff(ticket.into(), note("from HQ"));
    let hq = server.page(&lost.hello.cursor, &[]);
    assert_eq!(hq.items.len(), 2);
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq), (0, 1));
    assert!(complete(&phone) && server.holds(ticket.into(), accept));
}

#[test]
fn a_fate_in_the_page_settles_what_the_lost_answer_did_not() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    let lost = phone.next();
    drop(server.take(&lost));
    server.log.push(Item::Fate {
        operation: accept,
        fate: Fate::Merged,
        present: None,
    });
    server.later = true;
    phone.sync(&mut server);
    assert_eq!(phone.engine().status().unwrap().saved_here, 0);
    phone.sync(&mut server);
    assert!(complete(&phone));
}

#[test]
fn changes_that_build_on_missing_ones_are_held_until_those_come() {
    let (mut server, mut phone, ticket, _) = start();
    let from = phone.next().hello.cursor;
    server.staff(ticket.into(), note("first"));
    server.staff(ticket.into(), note("second"));
    let n = server.log.len();
    server.log.swap(n - 1, n - 2);
    server.page_max = 1;
    let exchange = phone.next();
    assert_eq!(exchange.hello.cursor, from);
    let reply = server.take(&exchange);
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert_eq!(phone.engine().status().unwrap().early_changes, 1);
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert!(view.field.is_empty(), "not shown before its time");
    phone.sync(&mut server);
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(view.field.len(), 2);
    assert_eq!(phone.engine().status().unwrap().early_changes, 0);
    assert!(complete(&phone));
}

#[test]
fn a_page_that_does_not_continue_the_cursor_is_ignored() {
    let (mut server, mut phone, ticket, _) = start();
    server.staff(ticket.into(), note("new"));
    let one = phone.next();
    let two = phone.next();
    let first = server.take(&one);
    server.staff(ticket.into(), note("newer"));
    let second = server.take(&two);
    phone
        .with(|engine, moment| engine.sync_take(&two, second, moment))
        .unwrap();
    let late = phone
        .with(|engine, moment| engine.sync_take(&one, first, moment))
        .unwrap();
    assert!(!late.applied);
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(view.field.len(), 2);
    let exchange = phone.next();
    let mut jump = server.take(&exchange);
    jump.page.as_mut().unwrap().from = Cursor {
        epoch: 7,
        seq: 1,
        chain: [1; 8],
        seal: [1; 16],
    };
    let jumped = phone
        .with(|engine, moment| engine.sync_take(&exchange, jump, moment))
        .unwrap();
    assert!(!jumped.applied);
    assert_eq!(phone.next().hello.cursor, exchange.hello.cursor);
}

#[test]
fn another_epoch_takes_nothing_and_everything_is_offered_again() {
    let (mut server, mut phone, ticket, visit) = start();
    let backup = server.clone();
    let accept = phone.perform(ticket, Act::Accept { visit });
    phone.sync(&mut server);
    let unsent = phone.perform(ticket, note("unsent"));
    let now = server.now;
    server = backup;
    server.epoch = 8;
    server.now = now;
    assert!(!server.holds(ticket.into(), accept));
    phone.sync(&mut server);
    assert!(server.holds(ticket.into(), accept), "the phone gave it back");
    assert!(server.holds(ticket.into(), unsent));
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq), (0, 2));
    assert!(status.notices.iter().any(|notice| notice.code == "epoch_changed"));
    assert!(complete(&phone));
}

#[test]
fn a_restored_database_writes_under_a_new_install() {
    let (mut server, mut phone, ticket, visit) = start();
    let backup = tempfile::tempdir().unwrap();
    phone.perform(ticket, Act::Accept { visit });
    phone.engine().suspend().unwrap();
    phone.copy_to(backup.path(), false);
    phone.perform(ticket, Act::Depart { visit, eta: None });
    phone.sync(&mut server);
    let old = phone.next().hello.install;

    phone.engine = None;
    std::fs::remove_file(phone.path().with_extension("install")).unwrap();
    for suffix in ["fieldline.db", "fieldline.db-wal"] {
        std::fs::remove_file(phone.dir.path().join(suffix)).ok();
        std::fs::copy(backup.path().join(suffix), phone.dir.path().join(suffix)).ok();
    }
    phone.open().unwrap();
    let notices = phone.engine().status().unwrap().notices;
    assert!(notices.iter().any(|notice| notice.code == "install_rotated"));
    phone.perform(ticket, note("after the restore"));
    phone.sync(&mut server);
    assert_ne!(phone.next().hello.install, old);
    let status = phone.engine().status().unwrap();
    assert_eq!(status.saved_here, 0);
    assert!(complete(&phone));
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(
        view.visits[0].phase, "en_route",
        "what only the server had came back"
    );
}

#[test]
fn a_clone_that_wrote_under_the_same_actor_is_untangled() {
    let (mut server, mut phone, ticket, visit) = start();
    // The whole directory was copied, the install's file too: nobody can tell before the server does.
    let backup = tempfile::tempdir().unwrap();
    phone.engine().suspend().unwrap();
    phone.copy_to(backup.path(), true);
    let first = phone.perform(ticket, note("written on the first"));
    phone.perform(ticket, Act::Accept { visit });
    phone.sync(&mut server);
    server.acked = 2;

    phone.engine = None;
    for suffix in ["fieldline.db", "fieldline.db-wal"] {
        std::fs::remove_file(phone.dir.path().join(suffix)).ok();
        std::fs::copy(backup.path().join(suffix), phone.dir.path().join(suffix)).ok();
    }
    phone.open().unwrap();
    let second = phone.perform(ticket, note("written on the clone"));
    phone.sync(&mut server);
    let exchange = phone.next();
    server.acked = 0;
    drop(exchange);
    phone.sync(&mut server);
    assert!(server.holds(ticket.into(), first) && server.holds(ticket.into(), second));
    let status = phone.engine().status().unwrap();
    assert_eq!(status.saved_here, 0);
    assert!(
        status
            .notices
            .iter()
            .any(|notice| notice.code == "line_continued_elsewhere")
    );
    assert!(complete(&phone));
}

#[test]
fn a_server_that_is_busy_is_not_asked_in_a_circle() {
    let (mut server, mut phone, ticket, visit) = start();
    phone.perform(ticket, Act::Accept { visit });
    server.later = true;
    phone.sync(&mut server);
    assert_eq!(phone.engine().status().unwrap().waiting[0].why, "server_later");
    server.later = false;
    phone.clock += 3_600_000;
    phone.sync(&mut server);
    assert_eq!(phone.engine().status().unwrap().saved_here, 0);
}

#[test]
fn a_lane_the_server_does_not_recognise_is_written_again_and_told_aloud_if_that_does_not_help() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    server.unproven = true;
    let said = |phone: &Phone| {
        let notices = phone.engine().status().unwrap().notices;
        notices.iter().any(|notice| notice.code == "not_recognised")
    };
    phone.sync(&mut server);
    assert_eq!(phone.engine().status().unwrap().waiting[0].why, "written_again");
    assert!(!said(&phone), "once may be an accident");
    for _ in 0..3 {
        server.now += 60 * 60 * 1_000;
        phone.clock = server.now;
        phone.sync(&mut server);
    }
    assert!(said(&phone));
    server.unproven = false;
    server.now += 60 * 60 * 1_000;
    phone.clock = server.now;
    phone.sync(&mut server);
    assert!(server.holds(ticket.into(), accept));
    assert_eq!(phone.engine().status().unwrap().saved_here, 0);
}

#[test]
fn a_lane_nobody_recognises_is_told_aloud_although_each_sync_is_a_process_of_its_own() {
    let (mut server, mut phone, ticket, visit) = start();
    phone.perform(ticket, Act::Accept { visit });
    server.unproven = true;
    for _ in 0..3 {
        phone.sync(&mut server);
        phone.open().unwrap();
        assert_eq!(phone.engine().status().unwrap().waiting[0].why, "written_again");
    }
    let notices = phone.engine().status().unwrap().notices;
    assert!(notices.iter().any(|notice| notice.code == "not_recognised"));
}

#[test]
fn a_dropped_ticket_is_hidden_and_its_unsent_work_still_goes() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    server.log.push(Item::Drop {
        document: ticket.into(),
    });
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    reply.verdicts.clear();
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    let all = ListFilter {
        scope: ListScope::All,
        ..ListFilter::default()
    };
    assert!(phone.engine().list(&all).unwrap().is_empty());
    assert_eq!(
        phone.try_perform(ticket, note("x")).unwrap_err().code(),
        "out_of_scope"
    );
    assert_eq!(phone.engine().status().unwrap().saved_here, 1);
    phone.clock += 3_600_000;
    phone.sync(&mut server);
    assert!(server.holds(ticket.into(), accept));
    assert_eq!(phone.engine().status().unwrap().saved_here, 0);
}

#[test]
fn a_damaged_copy_is_fetched_whole_and_unsent_work_kept() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    phone.engine = None;
    let conn = phone.raw();
    conn.execute("UPDATE doc SET snapshot = x'00112233'", []).unwrap();
    drop(conn);
    phone.open().unwrap();
    let error = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap_err();
    assert_eq!(error.code(), "document_stuck");
    assert_eq!(
        phone.engine().list(&ListFilter::default()).unwrap().len(),
        1,
        "the list still shows it"
    );
    phone.sync(&mut server);
    phone.sync(&mut server);
    assert!(server.snapshots_served > 0 && server.holds(ticket.into(), accept));
    assert!(phone.engine().status().unwrap().stuck.is_empty());
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(view.visits[0].phase, "accepted");
    assert!(complete(&phone));
}

#[test]
fn a_poisoned_change_leaves_the_rest_of_the_page_alone() {
    let (mut server, mut phone, ticket, _) = start();
    server.log.push(Item::Changes {
        document: ticket.into(),
        changes: vec![Bytes::from(vec![1, 2, 3])],
    });
    let (other, _) = server.ticket(2);
    phone.sync(&mut server);
    phone.sync(&mut server);
    assert!(phone.with(|engine, moment| engine.ticket(other, moment)).is_ok());
    assert!(complete(&phone), "the stuck one came whole");
}

#[test]
fn work_after_a_reassignment_is_overruled_on_a_card_with_the_own_words() {
    let (mut server, mut phone, ticket, visit) = start();
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
    ] {
        phone.perform(ticket, act);
    }
    phone.sync(&mut server);
    let from = visit;
    let to = vec![EngineerId::from_bytes([77; 16])];
    server.staff(
        ticket.into(),
        Act::Reassign {
            from,
            visit: VisitId::from_bytes([99; 16]),
            to,
            plan: None,
        },
    );
    phone.perform(ticket, finish(visit));
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.overruled, status.cards.len()), (1, 1));
    let card = &status.cards[0];
    assert_eq!(
        (card.own_words.as_str(), card.number.as_str()),
        ("换了搓纸轮", "T-000001")
    );
    assert_eq!(card.code, "completed_after_reassignment");
}

#[test]
fn own_uses_come_off_the_van_until_the_ledger_knows_them() {
    let (mut server, mut phone, ticket, visit) = start();
    let (location, part) = (LocationId::from_bytes([3; 16]), PartId::from_bytes([4; 16]));
    let stock = |quantity| Item::Row {
        row: Row::Stock(Stock {
            location,
            part,
            quantity,
        }),
    };
    server.log.push(stock(5));
    phone.perform(ticket, Act::Accept { visit });
    phone.sync(&mut server);
    phone.perform(
        ticket,
        Act::UsePart {
            part,
            quantity: 2,
            from: location,
        },
    );
    let filter = PartFilter {
        location: Some(location),
        ..PartFilter::default()
    };
    let line = phone
        .with(|engine, moment| engine.parts(&filter, moment))
        .unwrap()
        .remove(0);
    assert_eq!((line.quantity, line.pending), (3, 2));
    server.page_max = 1;
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    reply.page = None;
    server.log.push(stock(3));
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert_eq!(
        phone
            .with(|engine, moment| engine.parts(&filter, moment))
            .unwrap()[0]
            .quantity,
        3,
        "no jump before the ledger's figure"
    );
    phone.sync(&mut server);
    let line = phone
        .with(|engine, moment| engine.parts(&filter, moment))
        .unwrap()
        .remove(0);
    assert_eq!((line.quantity, line.pending), (3, 0));
}

#[test]
fn an_unknown_document_and_a_phone_not_enrolled_are_told() {
    let mut phone = Phone::new();
    let ticket = fieldline_model::id::TicketId::from_bytes([1; 16]);
    assert!(matches!(
        phone.try_perform(ticket, note("x")),
        Err(EngineError::NotEnrolled)
    ));
    assert!(
        phone
            .with(|engine, moment| engine.sync_next(moment))
            .unwrap()
            .is_none()
    );
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    assert!(matches!(
        phone.try_perform(ticket, note("x")),
        Err(EngineError::UnknownDocument(_))
    ));
    let doc = fieldline_model::document::birth(ticket.into()).unwrap();
    assert!(doc.get_missing_deps(&[]).is_empty());
    let _ = Server::key_of(&[1; 32]);
}

/// Should HQ be restored, this phone may hold the last copy of what left its scope.
#[test]
fn what_left_scope_is_deleted_only_when_a_backup_covers_it_or_after_a_long_time() {
    let (mut server, mut phone, ticket, _) = start();
    server.log.push(Item::Drop {
        document: ticket.into(),
    });
    phone.sync(&mut server);
    let left_at = server.log.len() as u64;
    let held = |phone: &mut Phone| {
        phone.with(|engine, moment| engine.compact(moment)).unwrap();
        let sql = "SELECT count(*) FROM doc WHERE in_scope = 0";
        let count = |inner: &mut crate::engine::Inner| {
            Ok(inner.store.conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        };
        phone.engine().read(count).unwrap()
    };
    assert_eq!(held(&mut phone), 1, "no backup covers it");
    let news = |server: &mut Server, phone: &mut Phone, seq| {
        server.backup_seq = Some(seq);
        server.ticket(u8::try_from(seq).unwrap() + 100);
        phone.sync(server);
    };
    news(&mut server, &mut phone, left_at - 1);
    assert_eq!(held(&mut phone), 1, "the backup is older");
    // Another epoch counts from the start: its numbers say nothing of what left before.
    server.epoch += 1;
    news(&mut server, &mut phone, left_at);
    assert_eq!(held(&mut phone), 1, "of another epoch");
    phone.clock += crate::SETTLED_KEEP_MS + 1_000;
    server.now += crate::SETTLED_KEEP_MS + 1_000;
    phone.sync(&mut server);
    assert_eq!(held(&mut phone), 0, "kept long enough");

    let (second, _) = server.ticket(90);
    phone.sync(&mut server);
    server.log.push(Item::Drop {
        document: second.into(),
    });
    phone.sync(&mut server);
    assert_eq!(held(&mut phone), 1);
    let covered = server.log.len() as u64;
    server.backup_seq = Some(covered);
    server.ticket(91);
    phone.sync(&mut server);
    assert_eq!(held(&mut phone), 0, "the backup covers it");
}
