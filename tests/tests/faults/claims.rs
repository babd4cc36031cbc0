//! Two accept one visit, and the phone of one carries the other's acceptance (90): whoever taps is told what his phone knows, and
//! whoever loses is told why in words that are true.

use fieldline_engine::view::ListFilter;
use fieldline_engine::{Bug, EngineError};
use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::reason::{Lang, Reason};
use fieldline_tests::world::World;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::sync::Synced;

fn merged() -> Option<(String, Option<String>)> {
    Some(("merged".into(), None))
}

fn through(world: &mut World, n: usize) {
    assert!(matches!(world.sync(n), Synced::Through { .. }), "phone {n} syncs");
}

/// Whether the carrier is offered to accept: on the ticket's screen, and in the list.
fn offered(world: &mut World, ticket: TicketId) -> (bool, bool) {
    let screens = world.on(1, |engine, moment| {
        let line = engine.list(&ListFilter::default())?.swap_remove(0);
        assert_eq!(line.phase.as_deref(), Some("offered"), "until HQ says more");
        let view = engine.ticket(ticket, moment)?;
        let visit = &view.visits[0];
        assert_eq!((&view.next, view.mine), (&visit.next, Some(visit.visit.id)));
        assert!(visit.next.contains(&"decline"), "he may still say that he cannot");
        assert_eq!(visit.next.contains(&"accept"), !visit.accepted_not_at_hq);
        Ok((!visit.accepted_not_at_hq, !line.accepted_not_at_hq))
    });
    let Done::Well(offered) = screens else {
        panic!("the phone is well");
    };
    offered
}

/// A colleague accepted in the cellar and handed that over. Whoever carries it cannot accept what is taken: his own work
/// would reach HQ first, and the colleague would lose by the very phone that was to help him.
fn accepts_what_it_carries(bug: Option<Bug>) -> (World, OperationId, bool) {
    let asks = bug.is_none();
    let mut world = World::new(90, 2);
    let (ticket, visit) = world.new_ticket(&[0, 1]);
    world.settle();
    world.phones[0].offline = true;
    bug.into_iter().for_each(|bug| world.plant(1, bug));
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.phones[1].offline = true;
    world.hand(0, 1);
    if asks {
        assert_eq!(offered(&mut world, ticket), (false, false));
    }
    let tapped = world.on(1, |engine, moment| {
        let accepted = engine.perform(ticket, Act::Accept { visit }, moment);
        Ok(match accepted {
            Ok(_) => true,
            Err(EngineError::Rule(why)) => {
                assert_eq!(why, Reason::AcceptedNotAtHq);
                false
            }
            Err(other) => panic!("{other}"),
        })
    });
    let Done::Well(accepted) = tapped else {
        panic!("the phone is well");
    };
    world.phones[1].offline = false;
    through(&mut world, 1);
    (world, accept, accepted)
}

#[test]
fn fault_090_nobody_accepts_what_a_colleague_has_by_work_he_carries() {
    let (mut world, accept, accepted) = accepts_what_it_carries(None);
    assert!(!accepted, "told at the tap, and nothing is saved");
    assert_eq!(world.fate_at_hq(accept), merged(), "who accepted has it");
    world.phones[0].offline = false;
    world.assert_healed();
}

/// Without the question at the tap the carrier's own goes first and stands. What the loser is told is true all the same.
#[test]
fn fault_090_what_reached_hq_first_stands_and_is_told_as_that() {
    let (mut world, accept, accepted) = accepts_what_it_carries(Some(Bug::CarriedUnasked));
    assert!(accepted);
    let code = Reason::TakenByOther.code();
    assert_eq!(
        world.fate_at_hq(accept),
        Some(("overruled".into(), Some(code.into())))
    );
    world.phones[0].offline = false;
    through(&mut world, 0);
    let told = world.status(0).cards.swap_remove(0);
    assert_eq!((told.operation, told.code.as_str()), (accept, code));
    assert_eq!(told.reason(Lang::En), "A colleague's acceptance reached HQ first");
    assert_eq!(told.reason(Lang::Zh), "同事的接单先到总部");
}
