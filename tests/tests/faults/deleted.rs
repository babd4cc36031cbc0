//! All lines of one table are gone from the phone's file, each table in turn (14, 18): the phone says what is so, asks
//! for a code where it must, and after one sync it holds and shows what a phone does whose file is whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fieldline_engine::SETTLED_KEEP_MS;
use fieldline_engine::view::{ListFilter, ListScope, PartFilter, Status};
use fieldline_model::operation::{Act, Author};
use fieldline_tests::world::check::look;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::{World, cast};

/// Tables that are empty on this phone: what waits for others, what it carries for them, what HQ lost, positions, and what
/// HQ sent without.
const EMPTY: [&str; 13] = [
    "attic",
    "blob",
    "carried",
    "carried_entry",
    "carried_ground",
    "discrepancy",
    "fix",
    "heal",
    "held",
    "notice",
    "part_request",
    "row_gone",
    "wait",
];

fn uses_parts(quantity: u32) -> Act {
    Act::UsePart {
        part: cast::parts()[0],
        quantity,
        from: cast::van(0),
    }
}

/// Phone 0 has work of every kind: put away, merged, displaced later, overruled at once, and not sent. Phone 1 is a
/// colleague's, phone 2 his second.
fn at_work() -> World {
    let (mut world, held, visit) = World::with_ticket(14, 2);
    world.note(0, held, "long ago");
    world.settle();
    world.clock.pass(SETTLED_KEEP_MS + 60_000);
    world.settle();
    world.add_phone(cast::engineer(0));
    let (contested, offer) = world.new_ticket(&[0, 1]);
    let dispatcher = Author::Staff(cast::dispatcher());
    world
        .offer(contested, vec![cast::engineer(0)])
        .expect("a second visit");
    let (twice, both) = world.new_ticket(&[0]);
    world.settle();
    let mut perform = |n: usize, ticket, act| world.perform(n, ticket, act).expect("legal");
    // The colleague is first; the other phone gets farther.
    perform(0, contested, Act::Accept { visit: offer });
    perform(0, twice, Act::Accept { visit: both });
    perform(1, contested, Act::Accept { visit: offer });
    for act in [
        Act::Accept { visit: both },
        Act::Depart {
            visit: both,
            eta: None,
        },
        Act::Arrive {
            visit: both,
            position: None,
        },
    ] {
        perform(2, twice, act);
    }
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        uses_parts(2),
    ] {
        perform(0, held, act);
    }
    let annotate = |text: &str| Act::Annotate {
        section: None,
        text: text.into(),
    };
    let article = world.article;
    world.perform(0, article, annotate("sent")).expect("legal");
    for n in [1, 0, 2, 0] {
        world.sync(n);
    }
    world.hq_does(dispatcher, held, Act::Note { text: "seen".into() });
    world.settle();
    world.perform(0, article, annotate("not sent")).expect("legal");
    world.perform(0, held, uses_parts(1)).expect("legal");
    world.note(0, held, "not sent");
    world
}

/// What the person is told of his work.
fn told(status: &Status) -> String {
    let mut cards: Vec<_> = status
        .cards
        .iter()
        .map(|it| {
            (
                it.operation,
                &it.fate,
                &it.code,
                it.displaced,
                &it.number,
                &it.act,
                &it.own_words,
            )
        })
        .collect();
    cards.sort_unstable();
    let waiting: Vec<_> = status
        .waiting
        .iter()
        .map(|it| (it.operation, &it.number))
        .collect();
    format!(
        "saved {} at HQ {} overruled {} refused {} missing {}+{}\n{cards:?}\n{waiting:?}\n",
        status.saved_here,
        status.at_hq,
        status.overruled,
        status.refused,
        status.missing.len(),
        status.missing_unnamed,
    )
}

fn well<T>(done: Done<T>) -> T {
    match done {
        Done::Well(value) => value,
        other => panic!("{:?}", std::mem::discriminant(&other)),
    }
}

/// Everything its screens show.
fn shown(world: &mut World) -> String {
    let (tickets, article) = (world.tickets.clone(), world.article);
    well(world.on(0, |engine, moment| {
        let mut text = String::new();
        for scope in [ListScope::All, ListScope::Left] {
            let filter = ListFilter {
                scope,
                ..ListFilter::default()
            };
            text.push_str(&format!("{:#?}\n", engine.list(&filter)?));
        }
        for ticket in &tickets {
            text.push_str(&format!("{:#?}\n", engine.ticket(*ticket, moment)?));
            text.push_str(&format!("{:#?}\n", engine.articles_for(*ticket, moment)?));
        }
        for mut part in engine.parts(&PartFilter::default(), moment)? {
            // When HQ said so, which is later where it had to say it again.
            part.as_of = fieldline_model::time::Timestamp::from_ms(0);
            text.push_str(&format!("{part:?}\n"));
        }
        for words in ["阀门", "pump", "sent"] {
            text.push_str(&format!("{words}: {:?}\n", engine.articles(words)?));
        }
        text.push_str(&format!("{:#?}\n", engine.article(article, moment)?));
        Ok(text)
    }))
}

/// It claims that nothing is amiss.
fn is_complete(status: &Status) -> bool {
    status.complete && status.stuck.is_empty() && !status.must_enrol
}

fn differs(what: &str, here: &str, there: &str) {
    let first = here.lines().zip(there.lines()).find(|(a, b)| a != b);
    assert!(
        here == there,
        "{what}: {first:?}\n{} and {} lines",
        here.lines().count(),
        there.lines().count()
    );
}

fn without_parts(shown: &str) -> String {
    let lines = shown.lines().filter(|line| !line.starts_with("PartLine"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn tables(world: &World) -> Vec<String> {
    let db = look(&world.phones[0].db());
    let mut names = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .expect("schema");
    let names = names.query_map([], |row| row.get(0)).expect("tables");
    names.collect::<Result<_, _>>().expect("names")
}

/// Returns whether there were any.
fn delete(world: &mut World, table: &str) -> bool {
    world.phones[0].kill();
    // It may have to read everything again.
    world.phones[0].restored = true;
    let db = look(&world.phones[0].db());
    db.pragma_update(None, "foreign_keys", "OFF").expect("a pragma");
    db.execute(&format!("DELETE FROM \"{table}\""), []).expect(table) > 0
}

fn heals(table: &str, before: &str, after: &str, told_before: &str, told_after: &str) {
    let mut world = at_work();
    let had_lines = delete(&mut world, table);
    assert_eq!(had_lines, !EMPTY.contains(&table), "the fault fired");
    let status = world.status(0);
    differs("told before the sync", &told(&status), told_before);
    if is_complete(&status) {
        differs("shown before the sync", &shown(&mut world), before);
    }
    assert_eq!(status.must_enrol, table == "identity");
    assert_eq!(world.says(0, "identity_lost"), table == "identity");
    world.assert_healed();
    let status = world.status(0);
    assert!(is_complete(&status), "{status:?}");
    differs("told", &told(&status), told_after);
    if table == "identity" {
        // What was granted to the phone that nobody is any more, the new one has not got.
        let granted = "SELECT count(*) FROM stock_grant WHERE install = (SELECT install FROM identity)";
        assert_eq!(world.count_on_phone(0, granted), 0);
        differs("shown", &without_parts(&shown(&mut world)), &without_parts(after));
    } else {
        differs("shown", &shown(&mut world), after);
    }
    let unproven = "SELECT count(*) FROM doc WHERE in_scope = 1
        AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.n = doc.receipt)";
    assert_eq!(world.count_on_phone(0, unproven), 0, "HQ vouched for all of it");
}

/// Once the phone called itself empty, or its lists were empty and it said "Complete", or overruled work counted as HQ's.
#[test]
fn fault_014_all_lines_of_one_table_are_gone() {
    let mut twin = at_work();
    twin.phones[0].kill();
    let (told_before, before) = (told(&twin.status(0)), shown(&mut twin));
    let status = twin.status(0);
    assert_eq!(
        (status.saved_here, status.overruled, status.cards.len()),
        (3, 2, 2),
        "{status:?}"
    );
    assert!(status.cards.iter().any(|card| card.displaced), "{status:?}");
    twin.assert_healed();
    let (told_after, after) = (told(&twin.status(0)), shown(&mut twin));
    let mut failed = Vec::new();
    for table in tables(&twin) {
        let one = catch_unwind(AssertUnwindSafe(|| {
            heals(&table, &before, &after, &told_before, &told_after)
        }));
        if one.is_err() {
            failed.push(table);
        }
    }
    assert!(failed.is_empty(), "not mended: {failed:?}");
}
