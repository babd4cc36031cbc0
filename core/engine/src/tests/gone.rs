//! Rows of the phone's own tables are gone: it heals, and no work is lost.

use fieldline_model::id::TicketId;
use fieldline_model::operation::Act;

use super::phone::Phone;
use super::server::Server;

/// A phone with two tickets: work on one is at HQ, work on the other is not sent.
fn at_work() -> (Server, Phone, [TicketId; 2]) {
    let (_, server, phone, tickets) = since_backup();
    (server, phone, tickets)
}

/// The same, with HQ's backup of before the first work.
fn since_backup() -> (Server, Server, Phone, [TicketId; 2]) {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let [(one, first), (other, second)] = [server.ticket(1), server.ticket(2)];
    phone.sync(&mut server);
    let backup = server.clone();
    phone.perform(one, Act::Accept { visit: first });
    phone.sync(&mut server);
    phone.perform(other, Act::Accept { visit: second });
    (backup, server, phone, [one, other])
}

fn damage(phone: &mut Phone, sql: &str) {
    phone.engine = None;
    let conn = phone.raw();
    conn.pragma_update(None, "foreign_keys", "OFF").unwrap();
    assert!(conn.execute(sql, []).unwrap() > 0, "{sql}");
    drop(conn);
    phone.open().unwrap();
}

/// Everything is at HQ and here, and work goes on.
fn heals(server: &mut Server, phone: &mut Phone, tickets: [TicketId; 2]) {
    for _ in 0..3 {
        phone.sync(server);
    }
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq), (0, 2), "{status:?}");
    assert_eq!((status.complete, status.held), (true, 2), "{status:?}");
    assert!(status.stuck.is_empty() && status.missing.is_empty() && status.cards.is_empty());
    for ticket in tickets {
        let view = phone
            .with(|engine, moment| engine.ticket(ticket, moment))
            .unwrap();
        assert_eq!(view.visits[0].phase, "accepted");
        let text = "on with it".to_owned();
        phone.perform(ticket, Act::Note { text });
    }
    phone.sync(server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq, status.complete), (0, 4, true));
}

/// "Reading or writing failed" was all there was, for ever.
#[test]
fn a_lost_place_mark_means_to_read_from_the_start() {
    let (mut server, mut phone, tickets) = at_work();
    damage(&mut phone, "DELETE FROM cursor");
    let status = phone.engine().status().unwrap();
    assert_eq!(status.saved_here, 1);
    assert!(status.notices.iter().any(|notice| notice.code == "read_again"));
    heals(&mut server, &mut phone, tickets);
    let status = phone.engine().status().unwrap();
    assert!(status.notices.is_empty(), "HQ did not change: {status:?}");
}

#[test]
fn with_a_lost_place_mark_what_hq_lost_meanwhile_is_offered_again() {
    let (mut server, lost, mut phone, tickets) = since_backup();
    server.epoch += 1;
    server.now = lost.now + 60_000;
    damage(&mut phone, "DELETE FROM cursor");
    heals(&mut server, &mut phone, tickets);
}

#[test]
fn lost_documents_are_fetched_again_and_unsent_work_on_them_stays() {
    for sql in [
        "DELETE FROM doc",
        "DELETE FROM doc WHERE kind = 'ticket' AND n = (SELECT max(n) FROM doc)",
    ] {
        let (mut server, mut phone, tickets) = at_work();
        damage(&mut phone, sql);
        let lost = phone.with(|engine, moment| engine.ticket(tickets[1], moment));
        assert_eq!(lost.unwrap_err().code(), "document_stuck");
        assert_eq!(phone.engine().status().unwrap().saved_here, 1);
        heals(&mut server, &mut phone, tickets);
    }
}

#[test]
fn both_together_heal() {
    let (mut server, mut phone, tickets) = at_work();
    damage(&mut phone, "DELETE FROM doc");
    damage(&mut phone, "DELETE FROM cursor");
    heals(&mut server, &mut phone, tickets);
}

/// Its two first reads could fail the sync that had brought everything.
#[test]
fn a_sync_goes_on_when_it_cannot_be_told_whether_to_compact() {
    let (mut server, mut phone, _) = at_work();
    damage(&mut phone, "UPDATE cursor SET compacted_at = NULL");
    phone
        .engine()
        .read(|inner| {
            Ok(inner
                .store
                .conn
                .execute_batch("ALTER TABLE cursor DROP COLUMN compacted_at")?)
        })
        .unwrap();
    let progress = phone.sync(&mut server);
    assert_eq!(progress.merged, 1);
    assert!(phone.engine().status().unwrap().complete);
}
