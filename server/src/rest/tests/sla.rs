//! SLA plans, and the deadline a ticket gets from its customer's.

use serde_json::{Value, json};

use super::Scene;
use crate::auth::Role;

/// 2026-09-21T14:13:20.000Z, the scene's clock, and two hours later.
const IN_TWO_HOURS: &str = "2026-09-21T16:13:20.000Z";

fn gold() -> Value {
    json!({ "code": "GOLD", "name_zh": "金牌", "name_en": "Gold", "response_min": 30, "onsite_min": 120,
        "hours": "1-5 09:00-18:00" })
}

fn without_code(mut plan: Value) -> Value {
    plan.as_object_mut().unwrap().remove("code");
    plan
}

async fn customer(scene: &Scene, plan: Option<&str>) -> String {
    let body = json!({ "name": "明澄律师事务所", "sla_plan": plan });
    scene.post("/customers", body).await.id()
}

async fn deadline(scene: &Scene, new: Value) -> (String, Value) {
    let ticket = scene.post("/tickets", new).await.ok();
    (
        ticket["id"].as_str().unwrap().to_owned(),
        ticket["deadline"].clone(),
    )
}

#[tokio::test]
async fn plans_are_made_read_listed_and_replaced() {
    let scene = Scene::new().await;
    let made = scene.post("/sla-plans", gold()).await;
    assert_eq!((made.status.as_u16(), made.ok()), (201, gold()));
    scene.post("/sla-plans", gold()).await.ok();
    let mut other = gold();
    other["onsite_min"] = json!(60);
    scene.post("/sla-plans", other.clone()).await.is(409, "conflict");
    let at = "/sla-plans/GOLD";
    let put = scene
        .call(Role::Manager, "PUT", at, without_code(other.clone()))
        .await;
    assert_eq!(put.ok(), other);
    assert_eq!(scene.get(at).await.ok(), other);
    let chinese = json!({ "code": "银牌/次日", "name_zh": "银牌", "name_en": "Silver", "response_min": 60,
        "onsite_min": 1440, "hours": "1,2,3 00:00-24:00" });
    assert_eq!(
        scene.post("/sla-plans", chinese).await.ok()["hours"],
        "1-3 00:00-24:00"
    );
    let silver = scene
        .get("/sla-plans/%E9%93%B6%E7%89%8C%2F%E6%AC%A1%E6%97%A5")
        .await
        .ok();
    assert_eq!(silver["name_en"], "Silver");
    let first = scene.get("/sla-plans?limit=1").await.ok();
    assert_eq!(first["items"], json!([other]));
    let next = first["next"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
    assert_eq!(
        scene.get(next).await.ok(),
        json!({ "items": [silver], "next": null })
    );
    scene.get("/sla-plans/NONE").await.is(404, "not_found");
    scene
        .call(Role::Admin, "PUT", "/sla-plans/NONE", without_code(gold()))
        .await
        .is(404, "not_found");
    for role in [Role::Dispatcher, Role::Agent] {
        scene
            .call(role, "POST", "/sla-plans", gold())
            .await
            .is(403, "forbidden");
        scene.call(role, "GET", at, json!({})).await.ok();
    }
}

#[tokio::test]
async fn plans_nobody_can_mean_are_named() {
    let scene = Scene::new().await;
    for (field, wrong) in [
        ("code", json!(" ")),
        ("name_zh", json!("")),
        ("response_min", json!(0)),
        ("onsite_min", json!(527_041)),
        ("onsite_min", json!(-1)),
        ("hours", json!("Mo-Fr 9-18")),
    ] {
        let mut plan = gold();
        plan[field] = wrong;
        scene.post("/sla-plans", plan).await.is(422, "invalid");
    }
    assert_eq!(scene.get("/sla-plans").await.ok()["items"], json!([]));
    scene
        .post("/customers", json!({ "name": "x", "sla_plan": "GOLD" }))
        .await
        .is(422, "invalid");
}

#[tokio::test]
async fn a_ticket_gets_the_deadline_of_its_customers_plan_when_it_is_taken_in() {
    let scene = Scene::new().await;
    scene.post("/sla-plans", gold()).await.ok();
    let (promised, other) = (customer(&scene, Some("GOLD")).await, customer(&scene, None).await);
    let new = |customer: &str| json!({ "fault_text": "卡纸", "customer": customer });
    let (ticket, due) = deadline(&scene, new(&promised)).await;
    assert_eq!(due, IN_TWO_HOURS);
    let (unpromised, none) = deadline(&scene, new(&other)).await;
    assert_eq!(none, Value::Null);
    assert_eq!(
        deadline(&scene, json!({ "fault_text": "卡纸" })).await.1,
        Value::Null
    );
    let mut given = new(&promised);
    given["deadline"] = json!("2026-12-24T00:00:00.000Z");
    assert_eq!(deadline(&scene, given).await.1, "2026-12-24T00:00:00.000Z");
    // Nothing but an edit of the deadline itself moves one that stands.
    let mut plan = without_code(gold());
    plan["onsite_min"] = json!(600);
    scene.call(Role::Admin, "PUT", "/sla-plans/GOLD", plan).await.ok();
    for (ticket, edit) in [
        (&ticket, json!({ "priority": "critical" })),
        (&ticket, json!({ "customer": other })),
        (&unpromised, json!({ "customer": promised })),
    ] {
        let path = format!("/tickets/{ticket}");
        scene.call(Role::Agent, "PATCH", &path, edit).await.ok();
    }
    let read = async |ticket: &str| {
        scene.get(&format!("/tickets/{ticket}")).await.ok()["ticket"]["deadline"].clone()
    };
    assert_eq!(read(&ticket).await, IN_TWO_HOURS);
    assert_eq!(read(&unpromised).await, Value::Null);
}
