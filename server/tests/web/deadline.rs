//! A ticket taken at HQ is due as its customer's contract says.

use fieldline_model::id::CustomerId;
use fieldline_model::row::{Customer, Row};
use fieldline_server::auth::Role;
use fieldline_server::hq_row::{HqRow, SlaPlan};
use fieldline_server::store::StoreError;
use fieldline_server::store::ticket::{TicketFilter, ticket_list};

use crate::scene::{MINUTE, Scene, id};

#[tokio::test]
async fn a_ticket_from_the_form_gets_the_deadline_of_the_customers_plan() {
    let scene = Scene::new().await;
    let customer = |name: &str, n: u8, plan: &str| {
        Row::Customer(Customer {
            id: id(CustomerId::from_bytes, n),
            name: name.into(),
            name_en: Some(name.into()),
            vip: None,
            sla_plan: Some(plan.into()),
            contract: None,
        })
    };
    let rows = vec![
        customer("Copper Kettle", 31, "GOLD"),
        customer("Blue Heron", 32, "LOST"),
    ];
    let plan = SlaPlan {
        code: "GOLD".into(),
        name_zh: "金牌".into(),
        name_en: "Gold".into(),
        response_min: 30,
        onsite_min: 120,
        hours: "1-5 09:00-18:00".into(),
    };
    let kept = vec![HqRow::Plan(plan)];
    scene.app.put_rows_and(rows, kept).await.unwrap();
    let mut browser = scene.signed(Role::Agent, "en").await;
    for (customer, minutes) in [("Copper Kettle", Some(120)), ("Blue Heron", None)] {
        let fields = [
            ("customer", customer),
            ("fault_text", "it leaks"),
            ("priority", "normal"),
        ];
        let made = browser.submit("/hq/tickets/new", "/hq/tickets", &fields).await;
        assert!(made.to.starts_with("/hq/tickets/"), "{}", made.body);
        let filter = TicketFilter {
            q: Some(customer.to_owned()),
            ..TicketFilter::default()
        };
        let found = scene
            .app
            .store()
            .read::<_, StoreError>(move |connection| ticket_list(connection, &filter, "", 10));
        let ticket = found.await.unwrap().remove(0);
        let due = ticket.deadline.map(|at| at.since(ticket.created_at) / MINUTE);
        assert_eq!(due, minutes, "{customer}");
    }
}
