//! Stores of the versions before, with work in them, opened by this one.

use fieldline_model::operation::Act;

use super::phone::Phone;
use super::server::Server;

/// What each version added, newest first: taken away, a store is as the one before wrote it.
const ADDED: &[&str] = &[
    "ALTER TABLE identity DROP COLUMN position_paused;",
    "DROP TABLE trail; DROP TABLE row_gone; ALTER TABLE \"row\" DROP COLUMN seq; ALTER TABLE stock DROP COLUMN seq;
     ALTER TABLE cursor DROP COLUMN digest; ALTER TABLE cursor DROP COLUMN known_seq;",
    "DROP TABLE carried_entry; DROP TABLE carried_ground; DROP TABLE carried; DROP TABLE papers;",
    "DROP TABLE stock_grant; DROP TABLE grant_known; DROP TABLE discrepancy; DROP TABLE part_request;
     DELETE FROM tally WHERE name = 'stock_grant';",
    "DROP TABLE blob; ALTER TABLE identity DROP COLUMN wifi_only;",
    "DROP INDEX doc_held; DROP INDEX doc_bare;",
    "DROP TABLE tally; DROP INDEX row_kind; ALTER TABLE intent DROP COLUMN displaced;",
    "DROP TABLE heal; DROP TABLE receipt; DROP INDEX doc_receipt; ALTER TABLE doc DROP COLUMN heads;
     ALTER TABLE doc DROP COLUMN receipt; ALTER TABLE doc DROP COLUMN vouched; ALTER TABLE doc DROP COLUMN lost;
     ALTER TABLE cursor DROP COLUMN healing; ALTER TABLE cursor DROP COLUMN heard_seq;
     ALTER TABLE cursor DROP COLUMN heard_chain; ALTER TABLE cursor DROP COLUMN heard_seal;",
    "ALTER TABLE cursor DROP COLUMN compacted_at;",
    "DROP TABLE promise; ALTER TABLE identity DROP COLUMN written;",
    "DROP INDEX doc_place;",
    "ALTER TABLE doc DROP COLUMN left_seq; ALTER TABLE doc DROP COLUMN left_at;
     ALTER TABLE cursor DROP COLUMN backup_seq;",
    "DROP TABLE wait; ALTER TABLE intent DROP COLUMN held;",
    "ALTER TABLE identity DROP COLUMN seal; ALTER TABLE identity DROP COLUMN key_lost;",
];

/// A phone with answered and unsent work whose store is of the first version.
fn first_version() -> (Server, Phone) {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, visit) = server.ticket(1);
    phone.sync(&mut server);
    phone.perform(ticket, Act::Accept { visit });
    phone.sync(&mut server);
    phone.perform(
        ticket,
        Act::Note {
            text: "not sent".into(),
        },
    );
    phone.engine = None;
    let db = phone.raw();
    ADDED.iter().for_each(|sql| db.execute_batch(sql).unwrap());
    db.pragma_update(None, "user_version", 1).unwrap();
    (server, phone)
}

#[test]
fn a_store_of_the_first_version_goes_on_and_its_key_is_sealed() {
    let (mut server, mut phone) = first_version();
    phone.open().unwrap();
    phone.open().unwrap();
    let status = phone.engine().status().unwrap();
    assert!(status.notices.is_empty() && !status.must_enrol);
    assert_eq!((status.saved_here, status.at_hq), (1, 1));
    phone.sync(&mut server);
    assert_eq!(phone.engine().status().unwrap().at_hq, 2);
    phone.engine = None;
    let db = phone.raw();
    let sealed: bool = db
        .query_row("SELECT seal IS NOT NULL FROM identity", [], |row| row.get(0))
        .unwrap();
    assert!(sealed);
    let written: i64 = db
        .query_row("SELECT written FROM identity", [], |row| row.get(0))
        .unwrap();
    assert_eq!(written, 2);
}

/// How an operation counted stood on its card alone, and one that was open again had a card of the time 0.
#[test]
fn a_store_of_version_7_keeps_how_its_work_counts() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, visit) = server.ticket(1);
    phone.sync(&mut server);
    let counted = phone.perform(ticket, Act::Accept { visit });
    phone.sync(&mut server);
    let open = phone.perform(ticket, Act::Depart { visit, eta: None });
    phone.engine = None;
    let db = phone.raw();
    ADDED[..ADDED.len() - 7]
        .iter()
        .for_each(|sql| db.execute_batch(sql).unwrap());
    for (id, at) in [(counted, 5), (open, 0)] {
        db.execute(
            "INSERT INTO inbox (operation, document, number, act, own_words, fate, code, at)
             SELECT operation, document, 'T-1', 'accept', '', 'overruled', 'taken_by_other', ?2
             FROM intent WHERE operation = ?1",
            (id.to_string(), at),
        )
        .unwrap();
    }
    db.pragma_update(None, "user_version", 7).unwrap();
    drop(db);
    phone.open().unwrap();
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq, status.overruled), (1, 0, 1));
    let cards: Vec<_> = status.cards.iter().map(|card| card.operation).collect();
    assert_eq!(cards, [counted]);
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq, status.overruled), (0, 1, 1));
    let cards: Vec<_> = phone
        .engine()
        .cards()
        .unwrap()
        .iter()
        .map(|card| card.operation)
        .collect();
    assert_eq!(cards, [counted], "merged after all");
}
