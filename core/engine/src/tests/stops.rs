//! A kill at every write: after reopening and syncing nothing is lost and nothing is there twice.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use fieldline_model::operation::Act;

use super::phone::Phone;
use super::server::Server;
use crate::{EngineError, FaultPoint, Killed};

/// Stops at the n-th time the engine passes `point`.
fn arm(phone: &Phone, point: FaultPoint, fired: &Arc<Mutex<BTreeSet<FaultPoint>>>) {
    let fired = Arc::clone(fired);
    phone.engine().set_fault_hook(Box::new(move |at| {
        if at == point {
            fired.lock().unwrap().insert(at);
            Err(Killed)
        } else {
            Ok(())
        }
    }));
}

fn survive(phone: &mut Phone, result: Result<(), EngineError>) {
    match result {
        Err(EngineError::Killed(_)) => phone.open().unwrap(),
        Ok(()) => {}
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_kill_at_every_write_loses_nothing() {
    let fired = Arc::new(Mutex::new(BTreeSet::new()));
    for point in FaultPoint::ALL {
        let mut server = Server::new();
        let mut phone = Phone::new();
        arm(&phone, *point, &fired);
        let enrol = phone
            .with(|engine, moment| engine.enrol_request("code", "phone", moment))
            .unwrap();
        let enrolled = server.enrol(&enrol);
        let taken = phone.with(|engine, moment| engine.enrol_take(&enrolled, "http://localhost", moment));
        survive(&mut phone, taken);
        phone
            .with(|engine, moment| engine.enrol_take(&enrolled, "http://localhost", moment))
            .ok();

        let (ticket, visit) = server.ticket(1);
        phone.open().unwrap();
        phone.sync(&mut server);
        arm(&phone, *point, &fired);
        let mut saved = Vec::new();
        for act in [
            Act::Accept { visit },
            Act::Note { text: "one".into() },
            Act::Depart { visit, eta: None },
            Act::Note { text: "two".into() },
        ] {
            match phone.try_perform(ticket, act.clone()) {
                Ok(id) => saved.push(id),
                Err(EngineError::Killed(_)) => {
                    phone.open().unwrap();
                    // Killed before the commit it is not there, after it the person sees it and does not tap again.
                    if *point == FaultPoint::PerformBeforeCommit {
                        saved.push(phone.perform(ticket, act));
                    }
                }
                Err(error) => panic!("{error}"),
            }
        }
        arm(&phone, *point, &fired);
        let dismissed = phone
            .engine()
            .dismiss(saved.first().copied().unwrap_or_else(|| panic!("{point:?}")));
        survive(&mut phone, dismissed.map(|_| ()));
        arm(&phone, *point, &fired);
        let queued = phone.with(|engine, moment| {
            engine.position_add(
                fieldline_model::operation::Position {
                    lat: 31.0,
                    lon: 121.0,
                },
                5.0,
                moment,
            )
        });
        survive(&mut phone, queued);
        arm(&phone, *point, &fired);
        let compacted = phone.with(|engine, moment| engine.compact(moment));
        survive(&mut phone, compacted.map(|_| ()));

        server.staff(
            ticket.into(),
            Act::Note {
                text: "from HQ".into(),
            },
        );
        server.must_rotate = true;
        arm(&phone, *point, &fired);
        let synced = phone.try_sync(&mut server);
        server.must_rotate = false;
        survive(&mut phone, synced.map(|_| ()));
        server.epoch += 1;
        arm(&phone, *point, &fired);
        let synced = phone.try_sync(&mut server);
        survive(&mut phone, synced.map(|_| ()));

        phone.open().unwrap();
        phone.clock += 3_600_000;
        phone.sync(&mut server);
        phone.sync(&mut server);
        let status = phone.engine().status().unwrap();
        assert_eq!(status.saved_here, 0, "{point:?}");
        assert!(status.complete, "{point:?}");
        assert_eq!((status.at_hq, server.fates.len()), (4, 4), "{point:?}");
        for id in saved {
            assert!(server.holds(ticket.into(), id), "{point:?}");
        }
        let view = phone
            .with(|engine, moment| engine.ticket(ticket, moment))
            .unwrap();
        assert_eq!(
            (view.field.len(), view.visits[0].phase),
            (3, "en_route"),
            "{point:?}"
        );
    }
    let fired = fired.lock().unwrap();
    let silent: Vec<_> = FaultPoint::ALL
        .iter()
        .filter(|point| !fired.contains(point))
        .collect();
    assert!(silent.is_empty(), "never fired: {silent:?}");
}
