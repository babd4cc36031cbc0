//! `Idempotency-Key`: repeated, reused, expired, after a crash.

use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};

use super::{Answer, Scene};
use crate::auth::Role;
use crate::rest::once::KEPT_MS;
use crate::store::StoreError;

async fn keyed(scene: &Scene, role: Role, path: &str, key: &str, body: &Value) -> Answer {
    let request = scene
        .request(role, "POST", path)
        .header(header::CONTENT_TYPE, "application/json");
    scene
        .send(
            request
                .header("idempotency-key", key)
                .body(Body::from(body.to_string()))
                .unwrap(),
        )
        .await
}

async fn tickets(scene: &Scene) -> usize {
    scene.get("/tickets?limit=200").await.ok()["items"]
        .as_array()
        .unwrap()
        .len()
}

#[tokio::test]
async fn the_same_request_is_answered_again_and_done_once() {
    let scene = Scene::new().await;
    let body = json!({ "fault_text": "stripes" });
    let first = keyed(&scene, Role::Agent, "/tickets", "k1", &body).await;
    scene.pass(5_000);
    let again = keyed(&scene, Role::Agent, "/tickets", "k1", &body).await;
    assert_eq!(
        (first.replayed, again.replayed, again.status),
        (false, true, first.status)
    );
    assert_eq!(first.json, again.json);
    assert_eq!(tickets(&scene).await, 1);
    keyed(
        &scene,
        Role::Agent,
        "/tickets",
        "k1",
        &json!({ "fault_text": "other" }),
    )
    .await
    .is(422, "idempotency_key_reused");
    let ticket = first.json["id"].as_str().unwrap();
    keyed(
        &scene,
        Role::Agent,
        &format!("/tickets/{ticket}/notes"),
        "k1",
        &body,
    )
    .await
    .is(422, "idempotency_key_reused");
    assert!(!keyed(&scene, Role::Admin, "/tickets", "k1", &body).await.replayed);
    scene.pass(KEPT_MS);
    assert!(!keyed(&scene, Role::Agent, "/tickets", "k1", &body).await.replayed);
    assert_eq!(tickets(&scene).await, 3);
}

#[tokio::test]
async fn a_failed_request_does_not_use_its_key_up() {
    let scene = Scene::new().await;
    keyed(&scene, Role::Agent, "/tickets", "k", &json!({ "fault_text": 5 }))
        .await
        .is(422, "invalid");
    let good = keyed(
        &scene,
        Role::Agent,
        "/tickets",
        "k",
        &json!({ "fault_text": "x" }),
    )
    .await;
    assert_eq!((good.status.as_u16(), good.replayed), (201, false));
    for bad in ["", &"k".repeat(201)] {
        keyed(
            &scene,
            Role::Agent,
            "/tickets",
            bad,
            &json!({ "fault_text": "x" }),
        )
        .await
        .is(400, "bad_request");
    }
}

/// The answer of a request that was done was never kept: the process died in between.
async fn forget_answers(scene: &Scene) {
    let forget =
        |c: &rusqlite::Connection| Ok(c.execute("UPDATE idempotency SET status = 0, body = x''", [])?);
    scene.app.store().write::<_, StoreError>(forget).await.unwrap();
}

#[tokio::test]
async fn a_crash_before_the_answer_was_kept_doubles_nothing() {
    let scene = Scene::new().await;
    let engineer = scene.engineer().await;
    let ticket = scene.ticket().await;
    let at = |act: &str| format!("/tickets/{ticket}/{act}");
    let requests = [
        ("/tickets".to_owned(), json!({ "fault_text": "x" })),
        ("/customers".to_owned(), json!({ "name": "x" })),
        (at("notes"), json!({ "text": "x" })),
        (at("triage"), json!({})),
        (at("offer"), json!({ "to": [engineer] })),
        (at("cancel"), json!({ "text": "x" })),
        (at("reopen"), json!({ "text": "x" })),
    ];
    for (number, (path, body)) in requests.iter().enumerate() {
        let key = format!("key {number}");
        let first = keyed(&scene, Role::Admin, path, &key, body).await;
        forget_answers(&scene).await;
        scene.pass(1_000);
        let again = keyed(&scene, Role::Admin, path, &key, body).await;
        assert_eq!(
            (first.ok(), again.replayed),
            (again.json.clone(), false),
            "{path}"
        );
    }
    let detail = scene.get(&format!("/tickets/{ticket}")).await.ok();
    assert_eq!(detail["events"].as_array().unwrap().len(), 6);
    assert_eq!(
        (tickets(&scene).await, detail["visits"].as_array().unwrap().len()),
        (2, 1)
    );
    assert_eq!(
        scene.get("/customers").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// What was done in time stays done, also for whoever asks again when that time has passed.
#[tokio::test]
async fn a_repetition_after_the_planned_time_is_no_new_plan_in_the_past() {
    let scene = Scene::new().await;
    let engineer = scene.engineer().await;
    let ticket = scene.ticket().await;
    let now = scene.app.now();
    let hour = |hours: i64| serde_json::to_value(crate::rest::shape::Time(now.plus_ms(hours * 3_600_000)));
    let span = json!({ "start": hour(-1).unwrap(), "end": hour(1).unwrap() });
    let requests = [
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "wished": span }),
        ),
        (
            format!("/tickets/{ticket}/offer"),
            json!({ "to": [engineer], "plan": span }),
        ),
    ];
    let mut first = Vec::new();
    for (path, body) in &requests {
        first.push(keyed(&scene, Role::Admin, path, path, body).await.ok());
    }
    forget_answers(&scene).await;
    scene.pass(2 * 3_600_000);
    for ((path, body), first) in requests.iter().zip(first) {
        assert_eq!(
            keyed(&scene, Role::Admin, path, path, body).await.ok(),
            first,
            "{path}"
        );
        let other = format!("another {path}");
        let anew = keyed(&scene, Role::Admin, path, &other, body).await;
        anew.is(422, "time_past");
    }
}

#[tokio::test]
async fn secrets_are_not_kept_under_a_key() {
    let scene = Scene::new().await;
    let engineer = scene.engineer().await;
    let path = format!("/engineers/{engineer}/enrol-codes");
    let (one, two) = (
        keyed(&scene, Role::Admin, &path, "k", &json!({})).await,
        keyed(&scene, Role::Admin, &path, "k", &json!({})).await,
    );
    assert_ne!(one.ok()["code"], two.ok()["code"]);
    let kept = |c: &rusqlite::Connection| {
        Ok(c.query_row("SELECT count(*) FROM idempotency", [], |row| row.get::<_, i64>(0))?)
    };
    assert_eq!(scene.app.store().read_blocking::<_, StoreError>(kept).unwrap(), 0);
}
