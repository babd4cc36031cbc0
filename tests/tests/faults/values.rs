//! Single values in the phone's file are not what was written (14, 18): the phone opens, says what is true, and all
//! work reaches HQ once, under the name the person was promised.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_tests::world::World;
use fieldline_tests::world::check::look;
use fieldline_tests::world::network::NetFault;
use fieldline_tests::world::sync::Synced;

const BY_PHONES: &str = "SELECT count(*) FROM fate WHERE device IS NOT NULL";

/// A phone with settled, unanswered and unsent work, in the order it was done.
fn at_work() -> (World, TicketId, [OperationId; 4]) {
    let (mut world, ticket, visit) = World::with_ticket(14, 2);
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let depart = world
        .perform(0, ticket, Act::Depart { visit, eta: None })
        .expect("legal");
    world.sync_with(0, NetFault::ReplyLost);
    let arrive = world
        .perform(
            0,
            ticket,
            Act::Arrive {
                visit,
                position: None,
            },
        )
        .expect("legal");
    let note = world.note(0, ticket, "not sent yet");
    (world, ticket, [accept, depart, arrive, note])
}

fn damage(world: &mut World, sql: &str) {
    world.phones[0].kill();
    // It may have to read everything again.
    world.phones[0].restored = true;
    let db = look(&world.phones[0].db());
    for pragma in ["foreign_keys", "ignore_check_constraints"] {
        let on = if pragma == "foreign_keys" { "OFF" } else { "ON" };
        db.pragma_update(None, pragma, on).expect("a pragma");
    }
    assert!(db.execute(sql, []).expect(sql) > 0, "{sql} hits nothing");
}

/// Nothing is lost, doubled or told wrongly, before the next sync and after it.
fn heals(world: &mut World, operations: &[OperationId]) {
    let all = u64::try_from(operations.len()).expect("few");
    let status = world.status(0);
    assert_eq!(
        status.saved_here + status.at_hq,
        all,
        "before the sync: {status:?}"
    );
    assert_eq!((status.missing.len(), status.missing_unnamed), (0, 0));
    assert_eq!(status.must_enrol, world.says(0, "key_lost"), "{status:?}");
    world.assert_healed();
    for id in operations {
        assert_eq!(world.fate_at_hq(*id), Some(("merged".into(), None)), "{id}");
    }
    assert_eq!(
        world.count_at_hq(BY_PHONES),
        i64::try_from(all).expect("few"),
        "doubled"
    );
    let status = world.status(0);
    assert_eq!((status.saved_here, status.at_hq), (0, all), "{status:?}");
    assert!(
        status.stuck.is_empty() && status.missing.is_empty() && status.complete,
        "{status:?}"
    );
    assert!(!status.must_enrol && status.cards.is_empty(), "{status:?}");
}

/// Runs every line in a world of its own and tells of all that failed.
fn each(lines: impl IntoIterator<Item = String>) {
    let mut failed = Vec::new();
    for sql in lines {
        let one = catch_unwind(AssertUnwindSafe(|| {
            let (mut world, _, operations) = at_work();
            let sql = operations.iter().enumerate().fold(sql.clone(), |sql, (n, id)| {
                sql.replace(&format!("#{n}"), &format!("'{id}'"))
            });
            damage(&mut world, &sql);
            heals(&mut world, &operations);
        }));
        if one.is_err() {
            failed.push(sql);
        }
    }
    assert!(
        failed.is_empty(),
        "{} not mended:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// One character of an id is another, and what it names is nobody's.
fn other_character(table: &str, column: &str, n: usize) -> String {
    format!(
        "UPDATE {table} SET {column} = substr({column}, 1, length({column}) - 1)
             || CASE substr({column}, -1) WHEN 'A' THEN 'B' ELSE 'A' END WHERE operation = #{n}"
    )
}

/// The true operation was put back from its change, and the damaged line sent as another: HQ got the work twice.
#[test]
fn fault_014_one_wrong_character_in_an_id_doubles_and_loses_nothing() {
    let mut lines = Vec::new();
    for n in 0..4 {
        for (table, column) in [
            ("intent", "operation"),
            ("intent", "document"),
            ("change", "operation"),
            ("change", "document"),
            ("promise", "operation"),
            ("promise", "document"),
        ] {
            // What HQ answered is promised no more.
            if n > 0 || table != "promise" {
                lines.push(other_character(table, column, n));
            }
        }
    }
    each(lines);
}

/// One value of the wrong length stopped opening, status, sync and enrolling for ever.
#[test]
fn fault_018_an_identity_that_cannot_be_read_is_mended_by_one_code() {
    let ids = ["organisation", "device", "engineer"]
        .map(|column| [format!("{column} = 'zz'"), format!("{column} = NULL")]);
    let rest = [
        "key_seed = substr(key_seed, 1, 31)",
        "key_seed = x'00'",
        "key_seed = NULL",
        "token = NULL",
        "server_url = NULL",
        "engineer = CAST(x'ff' AS TEXT)",
    ];
    let lines = ids.into_iter().flatten().chain(rest.map(str::to_owned));
    for set in lines {
        let (mut world, ticket, operations) = at_work();
        damage(&mut world, &format!("UPDATE identity SET {set}"));
        let status = world.status(0);
        assert!(
            status.enrolled && status.must_enrol && world.says(0, "key_lost"),
            "{set}: {status:?}"
        );
        assert_eq!(status.saved_here, 3, "{set}");
        let colleague = fieldline_tests::world::cast::engineer(1);
        assert!(!world.try_enrol_as(0, colleague), "{set}: a colleague's code");
        let late = world.note(0, ticket, "saved before the code came");
        let [a, b, c, d] = operations;
        heals(&mut world, &[a, b, c, d, late]);
    }
    each(
        [
            "UPDATE identity SET seal = x'00'",
            "UPDATE identity SET seal = NULL",
            "UPDATE identity SET organisation_name = NULL",
        ]
        .map(str::to_owned),
    );
}

#[test]
fn fault_014_values_no_reader_can_take_stop_nothing() {
    let mut lines = Vec::new();
    for n in 0..4 {
        for (table, column, values) in [
            ("intent", "operation", &["'zz'", "CAST(x'ff' AS TEXT)"][..]),
            ("intent", "document", &["'zz'", "CAST(x'ff' AS TEXT)"]),
            ("intent", "displaced", &["'x'", "''"]),
            ("change", "operation", &["'zz'", "CAST(x'ff' AS TEXT)"]),
            ("change", "document", &["'zz'", "CAST(x'ff' AS TEXT)"]),
            ("change", "hash", &["x'00'"]),
            ("change", "bytes", &["x'00'", "x''"]),
            ("change", "actor", &["x'00'", "x''"]),
            ("change", "install", &["x'00'", "x''"]),
            ("change", "branch", &["-1"]),
            ("promise", "operation", &["'zz'", "CAST(x'ff' AS TEXT)"]),
            ("promise", "document", &["'zz'", "CAST(x'ff' AS TEXT)"]),
        ] {
            let values = values.iter().filter(|_| n > 0 || table != "promise");
            lines.extend(
                values.map(|value| format!("UPDATE {table} SET {column} = {value} WHERE operation = #{n}")),
            );
        }
    }
    lines.extend(
        [
            "UPDATE doc SET digest = x'01' WHERE kind = 'ticket'",
            "UPDATE doc SET digest = NULL WHERE kind = 'ticket'",
            "UPDATE doc SET snapshot = x'01' WHERE kind = 'ticket'",
            "UPDATE doc SET snapshot = NULL WHERE kind = 'ticket'",
            "UPDATE doc SET id = 'zz' WHERE kind = 'ticket'",
            "UPDATE doc SET id = CAST(x'ff' AS TEXT) WHERE kind = 'ticket'",
            "UPDATE doc SET id = 'zz' WHERE kind = 'article'",
            "UPDATE doc SET branch = -1 WHERE kind = 'ticket'",
            "UPDATE cursor SET chain = x'00'",
            "UPDATE cursor SET seal = x'00'",
            "UPDATE cursor SET expected = -1",
            "UPDATE cursor SET expected = 4611686018427387904",
            "UPDATE cursor SET mismatches = -1",
            "UPDATE cursor SET mismatches = 4611686018427387904",
            "UPDATE ticket_row SET document = 'zz'",
            "UPDATE ticket_row SET visit = 'zz'",
            "UPDATE article SET document = 'zz'",
            "INSERT INTO held (hash, document, bytes, since) VALUES (zeroblob(32), 'zz', x'00', 0)",
            "INSERT INTO held (hash, document, bytes, since) VALUES (x'00', 'zz', x'00', 0)",
            "INSERT INTO wait (document, tries, why) VALUES ('zz', 1, 'server_later')",
            "INSERT INTO wait (document, tries, why) SELECT id, -1, 'server_later' FROM doc WHERE kind = 'ticket'",
            "INSERT INTO inbox (operation, document, number, act, own_words, fate, code, at)
                 SELECT 'zz', document, '', 'accept', '', 'refused', 'x', 1 FROM intent WHERE operation = #0",
            "UPDATE identity SET install = x'00'",
        ]
        .map(str::to_owned),
    );
    each(lines);
}

/// The card of a refusal is the only place that says why; its line's name goes, not the words.
#[test]
fn fault_014_a_card_whose_name_is_damaged_still_speaks() {
    for value in ["'zz'", "substr(operation, 1, 25) || 'A'"] {
        let (mut world, ticket, visit) = World::with_ticket(14, 2);
        let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
        world.sync(0);
        world.phones[0].kill();
        let db = look(&world.phones[0].db());
        db.execute_batch(&format!(
            "UPDATE intent SET state = 'refused', code = 'out_of_scope' WHERE operation = '{accept}';
             INSERT INTO inbox (operation, document, number, act, own_words, fate, code, at)
                 SELECT operation, document, 'T-1', 'accept', 'words', 'refused', 'out_of_scope', 1 FROM intent;"
        ))
        .expect("a card");
        drop(db);
        damage(&mut world, &format!("UPDATE inbox SET operation = {value}"));
        let status = world.status(0);
        let told: Vec<_> = status
            .cards
            .iter()
            .map(|card| (card.operation, card.code.as_str()))
            .collect();
        assert_eq!(told, [(accept, "out_of_scope")], "{value}");
    }
}

/// A document that is not this phone's was asked for at every sync, and "fetched again at the next sync" stood for ever.
#[test]
fn fault_014_a_document_nobody_has_is_not_fetched_for_ever() {
    let stranger = "ticket-01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let (mut world, _, operations) = at_work();
    damage(
        &mut world,
        &format!(
            "UPDATE intent SET document = '{stranger}', saved_at = -1 WHERE operation = '{}'",
            operations[3]
        ),
    );
    heals(&mut world, &operations);
    // A line of the list alone names it.
    let (mut world, _, operations) = at_work();
    damage(
        &mut world,
        &format!("UPDATE ticket_row SET document = '{stranger}'"),
    );
    assert!(!world.status(0).stuck.is_empty(), "the fault fired");
    heals(&mut world, &operations);
    // Nothing but the intent is left of it, and that names a stranger's document.
    let (mut world, _, [.., note]) = at_work();
    damage(
        &mut world,
        &format!("DELETE FROM change WHERE operation = '{note}'"),
    );
    damage(
        &mut world,
        &format!("DELETE FROM promise WHERE operation = '{note}'"),
    );
    damage(
        &mut world,
        &format!("UPDATE intent SET document = '{stranger}' WHERE operation = '{note}'"),
    );
    world.settle();
    let status = world.status(0);
    assert!(status.stuck.is_empty(), "{:?}", status.stuck);
    let fate = world.fate_on_phone(0, note);
    assert_eq!(fate.as_deref(), Some("refused"), "HQ says so, with a reason");
    assert_eq!(status.saved_here, 0);
}

/// Nobody sends a revoked phone the document it needs to write its damaged work again.
#[test]
fn fault_014_a_sync_ends_although_damaged_work_cannot_be_mended_yet() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let note = world.note(0, ticket, "only here");
    let device = world.status(0).device.expect("enrolled");
    let revoked = world.hq.ask(async move |app| app.revoke(device).await);
    assert!(revoked.expect("up").expect("read"));
    world.phones[0].revoked = true;
    damage(&mut world, "UPDATE change SET bytes = x'00'");
    damage(
        &mut world,
        "UPDATE doc SET snapshot = x'01' WHERE kind = 'ticket'",
    );
    for _ in 0..3 {
        assert!(matches!(world.sync(0), Synced::Through { .. }));
        world.clock.pass(60 * 60_000);
    }
    assert_eq!(
        world.fate_on_phone(0, note).as_deref(),
        Some("saved"),
        "and it says so"
    );
}
