//! Somebody empties a phone on which unsent work is (87): to begin anew, to give it away, to be rid of the app.

use fieldline_engine::EngineError;
use fieldline_model::id::OperationId;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::{World, cast};

const UNSENT: &str = "SELECT count(*) FROM intent WHERE state = 'saved'";

/// HQ has the first note, and not the second.
fn unsent() -> (World, [OperationId; 2]) {
    let (mut world, ticket, _) = World::with_ticket(87, 2);
    let sent = world.note(0, ticket, "总部已有");
    world.settle();
    let kept = world.note(0, ticket, "只在这台手机上");
    assert_eq!(world.count_on_phone(0, UNSENT), 1);
    (world, [sent, kept])
}

/// Fails where `Engine::set_aside` moves a sound store, or `enrol_request` lets a phone in use ask again.
#[test]
fn fault_087_logout_with_unsent_work() {
    let (mut world, [_, kept]) = unsent();
    let now = world.now();
    let aside = world.phones[0].set_aside(now);
    assert!(
        matches!(aside, Ok(None)),
        "a sound store stays where it is: {aside:?}"
    );
    let code = world
        .hq
        .ask(async |app| app.enrol_code(cast::engineer(1), 600_000).await);
    let code = code.expect("up").expect("a code").code;
    let asked = world.on(0, |engine, moment| engine.enrol_request(&code, "给同事", moment));
    assert!(
        matches!(asked, Done::No(EngineError::EnrolledAlready)),
        "{asked:?}"
    );
    assert_eq!(world.count_on_phone(0, UNSENT), 1);
    assert_eq!(world.status(0).engineer, Some(cast::engineer(0)));
    world.assert_healed();
    assert_eq!(world.fate_at_hq(kept), Some(("merged".into(), None)));
}

/// What was only there is lost with the files, and the world writes it off. Everything HQ has comes back, once.
#[test]
fn fault_087_uninstalled_with_unsent_work() {
    let (mut world, [sent, kept]) = unsent();
    let before = world.status(0).device;
    world.phones[0].kill();
    let dir = world.phone_dir(0);
    std::fs::remove_dir_all(&dir).expect("uninstalled");
    std::fs::create_dir_all(&dir).expect("installed again");
    world.phones[0].saved.clear();
    world.ledger.write_off(kept, "uninstalled with it");
    assert!(!world.status(0).enrolled, "nothing is left of it");
    world.enrol(0);
    world.assert_healed();
    assert_ne!(world.status(0).device, before, "another phone to HQ");
    assert_eq!(world.fate_at_hq(sent), Some(("merged".into(), None)));
    let ticket = world.tickets[0];
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("the ticket came back");
    };
    assert_eq!(view.field.len(), 1, "his own first note with it");
    world.note(0, ticket, "重新安装以后");
    world.assert_healed();
}

/// A colleague picks up a phone on which unsent work is. Fails where `try_enrol_as` takes his code on it, so that work would
/// change its author.
#[test]
fn fault_085_a_shared_phone_is_handed_over_with_unsent_work() {
    let (mut world, [_, kept]) = unsent();
    let codes = "SELECT count(*) FROM enrol_code WHERE used_at IS NULL";
    let unused = |world: &World| -> i64 {
        world
            .hq
            .db()
            .query_row(codes, [], |row| row.get(0))
            .expect("a count")
    };
    let before = unused(&world);
    assert!(
        !world.try_enrol_as(0, cast::engineer(1)),
        "the phone is his who works with it"
    );
    assert_eq!(unused(&world), before + 1, "the code is still good");

    // The colleague works beside him, with a store of his own.
    let (other, _) = world.new_ticket(&[1]);
    world.sync(1);
    let by_colleague = world.note(1, other, "用自己的数据");
    world.assert_healed();
    for (operation, engineer) in [(kept, 0), (by_colleague, 1)] {
        let author = author(&world, operation);
        assert!(
            author.ends_with(&cast::engineer(engineer).to_string()),
            "{author}"
        );
    }
}

/// Who HQ says did it.
fn author(world: &World, operation: OperationId) -> String {
    let sql = "SELECT author FROM event WHERE operation = ?1";
    world
        .hq
        .db()
        .query_row(sql, [operation.to_string()], |row| row.get(0))
        .expect("at HQ")
}
