//! What HQ keeps of engineers and parts: whole through REST, and on no phone.

use fieldline_model::row::RowKind;
use serde_json::json;

use super::Scene;
use crate::auth::Role;
use crate::problem::{Code, Problem, tell_full};
use crate::store::StoreError;
use crate::store::reference::row_list;

#[tokio::test]
async fn an_engineers_file_is_kept_and_his_home_shown_to_dispatchers_only() {
    let scene = Scene::new().await;
    let body = json!({ "name": "陈立群", "skills": ["elevator"], "phone": "13900008101",
        "home": { "lat": 31.173, "lon": 121.418 },
        "certificates": [{ "code": "LIFT", "expires_on": "2026-12-31" }, { "code": "HIGH", "expires_on": "2028-02-29" }] });
    let made = scene.post("/engineers", body).await.ok();
    let at = format!("/engineers/{}", made["id"].as_str().unwrap());
    assert_eq!(made["certificates"][0]["code"], "HIGH", "by code");
    assert_eq!(scene.get(&at).await.ok(), made);
    assert_eq!(scene.get("/engineers").await.ok()["items"], json!([made]));
    for (role, sees) in [
        (Role::Dispatcher, true),
        (Role::Agent, false),
        (Role::Keeper, false),
    ] {
        let one = scene.call(role, "GET", &at, json!({})).await.ok();
        assert_eq!(one["home"].is_object(), sees, "{role:?}");
        assert_eq!(one["phone"], "13900008101");
        let list = scene.call(role, "GET", "/engineers", json!({})).await.ok();
        assert_eq!(list["items"][0], one);
    }
    // What a PUT leaves out stays; what it clears is cleared.
    let put = async |body| scene.call(Role::Manager, "PUT", &at, body).await;
    let renamed = put(json!({ "name_en": "Chen Liqun" })).await.ok();
    assert_eq!(renamed["name_en"], "Chen Liqun");
    for field in ["name", "skills", "phone", "home", "certificates"] {
        assert_eq!(renamed[field], made[field], "{field}");
    }
    assert_eq!(put(json!({})).await.ok(), renamed);
    put(json!({ "name": null })).await.is(422, "invalid");
    put(json!({ "skills": "elevator" })).await.is(422, "invalid");
    put(json!({ "id": made["id"] })).await.is(422, "invalid");
    let less = put(json!({ "phone": null, "home": null, "certificates": [] }))
        .await
        .ok();
    assert_eq!(
        (&less["phone"], &less["home"], &less["certificates"]),
        (&json!(null), &json!(null), &json!([]))
    );
    assert_eq!(scene.get(&at).await.ok(), less);
}

/// Import refused a second engineer with one number, and REST took him.
#[tokio::test]
async fn what_one_alone_may_have_is_refused_as_an_import_refuses_it() {
    let scene = Scene::new().await;
    let van = json!({ "van": true, "name_zh": "车", "name_en": "Van" });
    let van = scene.post("/locations", van).await.id();
    let first = json!({ "name": "陈立群", "phone": "13900008101", "van": van });
    scene.post("/engineers", first.clone()).await.ok();
    let other = scene.post("/engineers", json!({ "name": "孙晓峰" })).await.id();
    let at = format!("/engineers/{other}");
    let put = async |body| scene.call(Role::Manager, "PUT", &at, body).await;
    for phone in ["13900008101", "+8613900008101"] {
        let body = json!({ "name": "x", "phone": phone });
        scene.post("/engineers", body).await.is(409, "phone_taken");
        put(json!({ "phone": phone })).await.is(409, "phone_taken");
    }
    scene
        .post("/engineers", json!({ "name": "x", "van": van }))
        .await
        .is(409, "duplicate");
    put(json!({ "van": van })).await.is(409, "duplicate");
    assert_eq!(
        scene.get(&at).await.ok()["phone"],
        json!(null),
        "nothing was done"
    );
    put(json!({ "phone": "13900008102" })).await.ok();
    put(json!({ "name": "孙晓枫", "phone": "13900008102" }))
        .await
        .ok();

    let part = json!({ "number": "P001", "name_zh": "搓纸轮", "name_en": "Roller" });
    scene.post("/parts", part.clone()).await.ok();
    scene.post("/parts", part).await.is(409, "duplicate");
    let customer = scene.post("/customers", json!({ "name": "a" })).await.id();
    let site = json!({ "customer": customer, "city": "上海市", "district": "b", "address": "a" });
    let site = scene.post("/sites", site).await.id();
    let asset = json!({ "site": site, "category": "printer", "model": "m", "serial": "S1" });
    scene.post("/assets", asset.clone()).await.ok();
    scene.post("/assets", asset).await.is(409, "duplicate");
}

#[tokio::test]
async fn a_parts_price_is_kept_in_minor_units() {
    let scene = Scene::new().await;
    let body = |price| json!({ "number": "P001", "name_zh": "搓纸轮", "name_en": "Roller", "price": price });
    let made = scene
        .post("/parts", body(json!({ "minor": 4550, "currency": "CNY" })))
        .await
        .ok();
    let at = format!("/parts/{}", made["id"].as_str().unwrap());
    assert_eq!(made["price"], json!({ "minor": 4550, "currency": "CNY" }));
    assert_eq!(scene.get(&at).await.ok(), made);
    assert_eq!(scene.get("/parts").await.ok()["items"], json!([made]));
    let put = async |body| scene.call(Role::Keeper, "PUT", &at, body).await.ok();
    let fits = put(json!({ "models": ["ML-P3200"] })).await;
    assert_eq!(
        (&fits["price"], &fits["number"]),
        (&made["price"], &made["number"])
    );
    put(json!({ "price": null })).await;
    assert_eq!(scene.get(&at).await.ok()["price"], json!(null));
    assert_eq!(scene.get(&at).await.ok()["models"], json!(["ML-P3200"]));
}

#[tokio::test]
async fn files_and_prices_nobody_can_mean_are_named() {
    let scene = Scene::new().await;
    let held = |code: &str, day: &str| json!({ "code": code, "expires_on": day });
    for wrong in [
        json!({ "phone": "call me" }),
        json!({ "home": { "lat": 91, "lon": 0 } }),
        json!({ "certificates": [held("LIFT", "2026-02-30")] }),
        json!({ "certificates": [held(" ", "2026-12-31")] }),
        json!({ "certificates": [held("LIFT", "2026-12-31"), held("LIFT", "2027-12-31")] }),
    ] {
        let mut body = json!({ "name": "x" });
        body.as_object_mut()
            .unwrap()
            .extend(wrong.as_object().unwrap().clone());
        scene.post("/engineers", body).await.is(422, "invalid");
    }
    for price in [
        json!({ "minor": -1, "currency": "CNY" }),
        json!({ "minor": 1_000_000_001, "currency": "CNY" }),
        json!({ "minor": 1, "currency": "yuan" }),
        json!({ "minor": 1.5, "currency": "CNY" }),
    ] {
        let body = json!({ "number": "P1", "name_zh": "a", "name_en": "a", "price": price });
        scene.post("/parts", body).await.is(422, "invalid");
    }
}

#[tokio::test]
async fn rows_that_travel_say_nothing_of_it() {
    let scene = Scene::new().await;
    let engineer = json!({ "name": "陈立群", "phone": "13900008101", "home": { "lat": 31.173, "lon": 121.418 },
        "certificates": [{ "code": "LIFT", "expires_on": "2026-12-31" }] });
    scene.post("/engineers", engineer).await.ok();
    let part = json!({ "number": "P001", "name_zh": "搓纸轮", "name_en": "Roller",
        "price": { "minor": 4550, "currency": "CNY" } });
    scene.post("/parts", part).await.ok();
    let rows = scene.app.store().read_blocking::<_, StoreError>(|connection| {
        let engineers = row_list(connection, RowKind::Engineer, "", 10)?;
        Ok((engineers, row_list(connection, RowKind::Part, "", 10)?))
    });
    let text = serde_json::to_string(&rows.unwrap()).unwrap();
    assert!(text.contains("陈立群") && text.contains("Roller"));
    for secret in ["13900008101", "31.173", "LIFT", "4550", "CNY"] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// A server whose disk was full said "busy", or that something went wrong.
#[tokio::test]
async fn a_full_disk_has_a_code_of_its_own() {
    let scene = Scene::new().await;
    let limit = "PRAGMA max_page_count = 1";
    let bound = scene.app.store().write(move |connection| {
        connection.query_row(limit, [], |_| Ok(()))?;
        Ok::<_, StoreError>(())
    });
    bound.await.unwrap();
    let long = json!({ "fault_text": "x".repeat(9_000) });
    let mut codes = Vec::new();
    for _ in 0..20 {
        let answer = scene.post("/tickets", long.clone()).await;
        if !answer.status.is_success() {
            codes.push((answer.status.as_u16(), answer.code().to_owned()));
        }
    }
    assert!(!codes.is_empty(), "the disk was full");
    assert!(
        codes.iter().all(|code| *code == (503, "disk_full".to_owned())),
        "{codes:?}"
    );

    // What is not known to be kept is said of the disk too, while that was the last thing it said.
    let busy = axum::Router::new()
        .route("/", axum::routing::get(async || Problem::new(Code::Busy)))
        .layer(axum::middleware::from_fn_with_state(scene.app.clone(), tell_full));
    for (full, code) in [(false, Code::Busy), (true, Code::DiskFull)] {
        if full {
            scene.app.store().set_full();
        }
        let request = axum::http::Request::get("/")
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = tower::ServiceExt::oneshot(busy.clone(), request).await.unwrap();
        assert_eq!(answer.extensions().get::<Problem>().unwrap().code(), code);
    }
}
