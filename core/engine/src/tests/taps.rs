//! What is told at the tap, while nothing is saved yet.

use fieldline_model::operation::{Act, Answer, FactsEdit};
use fieldline_model::row::{Checklist, ChecklistItem, Row};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Item;

use super::phone::Phone;
use super::server::Server;

const HOUR_MS: i64 = 60 * 60 * 1000;

fn item(id: &str, kind: &str, unit: Option<&str>) -> ChecklistItem {
    ChecklistItem {
        id: id.into(),
        kind: kind.into(),
        zh: "项".into(),
        en: "item".into(),
        unit: unit.map(str::to_owned),
        min: None,
        max: None,
    }
}

#[test]
fn an_arrival_nobody_can_mean_is_told_at_the_tap_and_not_saved() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, visit) = server.ticket(1);
    phone.sync(&mut server);
    phone.perform(ticket, Act::Accept { visit });
    let at = |clock: i64, hours: i64| Act::Estimate {
        visit,
        arrival: Timestamp::from_ms(clock + hours * HOUR_MS),
    };
    let far = at(phone.clock, 3 * 365 * 24);
    let refused = phone.try_perform(ticket, far).unwrap_err();
    assert_eq!(refused.code(), "arrival_out_of_range");
    // The same tap on a phone whose clock stands in 1970 is honest.
    let clock = std::mem::replace(&mut phone.clock, 0);
    phone.perform(ticket, at(0, 2));
    phone.clock = clock;
    for step in [
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
    ] {
        phone.perform(ticket, step);
    }
    let soon = at(phone.clock, 1);
    let refused = phone.try_perform(ticket, soon).unwrap_err();
    assert_eq!(refused.code(), "already_arrived");
    assert_eq!(phone.engine().status().unwrap().saved_here, 4);
}

#[test]
fn an_answer_of_another_kind_than_its_item_is_told_at_the_tap() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, _) = server.ticket(1);
    let edit = FactsEdit {
        category: Some("aircon".into()),
        ..FactsEdit::default()
    };
    server.staff(ticket.into(), Act::SetFacts(Box::new(edit)));
    let items = vec![
        item("isolated", "tick", None),
        item("pressure", "reading", Some("MPa")),
    ];
    server.log.push(Item::Row {
        row: Row::Checklist(Checklist {
            category: "aircon".into(),
            items,
        }),
    });
    phone.sync(&mut server);
    let answer = |item: &str, answer: Answer| Act::Answer {
        item: item.into(),
        answer,
    };
    let reading = |unit: &str| Answer::Reading {
        value: 0.4,
        unit: unit.into(),
    };
    for (item, given, code) in [
        ("isolated", Answer::Text("yes".into()), "wrong_answer"),
        ("isolated", reading("MPa"), "wrong_answer"),
        ("pressure", Answer::Tick(true), "wrong_answer"),
        ("pressure", reading("bar"), "wrong_unit"),
    ] {
        let refused = phone.try_perform(ticket, answer(item, given)).unwrap_err();
        assert_eq!(refused.code(), code, "{item}");
    }
    assert_eq!(phone.engine().status().unwrap().saved_here, 0);
    phone.perform(ticket, answer("isolated", Answer::Tick(true)));
    phone.perform(ticket, answer("pressure", reading("MPa")));
    phone.perform(ticket, answer("of_a_newer_list", Answer::Tick(true)));
    assert_eq!(phone.engine().status().unwrap().saved_here, 3);
}
