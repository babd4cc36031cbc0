//! Bad input of every sort gets a problem with a stable code and leaves nothing behind; cursors hold while rows come.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use super::Scene;
use crate::auth::Role;
use crate::rest::{BODY_BYTES_MAX, rest_routes};

const UNKNOWN: &str = "00000000000000000000000001";

#[tokio::test]
async fn bodies_are_read_strictly_everywhere() {
    let scene = Scene::new().await;
    for route in rest_routes(&scene.app)
        .into_iter()
        // A file is no JSON, and may be anything.
        .filter(|route| route.method != Method::GET && !route.path.ends_with("{sha256}"))
    {
        let path = route
            .path
            .split('/')
            .map(|piece| if piece.starts_with('{') { UNKNOWN } else { piece });
        let path = path.collect::<Vec<_>>().join("/");
        let send = async |kind: &str, body: Vec<u8>| {
            let request = scene
                .request(Role::Admin, route.method.as_str(), &path)
                .header(header::CONTENT_TYPE, kind);
            scene.send(request.body(Body::from(body)).unwrap()).await
        };
        let json = "application/json";
        send(json, b"{".to_vec()).await.is(400, "bad_request");
        send(json, b"\xff\xfe".to_vec()).await.is(400, "bad_request");
        send(json, b"{\"x\":\"\xc3\x28\"}".to_vec())
            .await
            .is(400, "bad_request");
        send(json, b"[]".to_vec()).await.is(422, "invalid");
        send(json, b"\"text\"".to_vec()).await.is(422, "invalid");
        send(json, b"{\"surely_unknown\":1}".to_vec())
            .await
            .is(422, "invalid");
        send(json, [b"{".repeat(200_000)].concat())
            .await
            .is(400, "bad_request");
        send(json, vec![b' '; BODY_BYTES_MAX + 1])
            .await
            .is(413, "message_too_large");
        send("text/plain", b"{}".to_vec()).await.is(415, "media_type");
    }
    assert_eq!(
        scene.get("/tickets").await.ok(),
        json!({ "items": [], "next": null })
    );
}

#[tokio::test]
async fn wrong_values_are_named_and_nothing_is_done() {
    let scene = Scene::new().await;
    let (ticket, engineer) = (scene.ticket().await, scene.engineer().await);
    let act = |name: &str| format!("/tickets/{ticket}/{name}");
    let span = json!({ "start": "2026-11-21T08:00:00Z", "end": "2026-11-20T08:00:00Z" });
    let far = json!({ "start": "2026-11-21T08:00:00Z", "end": "2099-01-01T08:00:00Z" });
    let past = json!({ "start": "2016-11-21T08:00:00Z", "end": "2016-11-21T09:00:00Z" });
    let customer = scene.post("/customers", json!({ "name": "x" })).await.id();
    let site = |position| json!({ "customer": customer, "city": "a", "district": "b", "address": "c", "position": position });
    let table = [
        ("/tickets".to_owned(), json!({}), 422, "invalid"),
        ("/tickets".to_owned(), json!({ "fault_text": 5 }), 422, "invalid"),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "priority": "soon" }),
            422,
            "invalid",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "customer": "abc" }),
            422,
            "invalid",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "customer": UNKNOWN }),
            422,
            "invalid",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "deadline": "tomorrow" }),
            422,
            "invalid",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "wished": span }),
            422,
            "end_before_start",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "wished": far }),
            422,
            "wish_too_far",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "wished": past }),
            422,
            "time_past",
        ),
        (
            act("offer"),
            json!({ "to": [engineer], "plan": past }),
            422,
            "time_past",
        ),
        (
            act("reassign"),
            json!({ "visit": UNKNOWN, "to": [engineer], "plan": past }),
            422,
            "time_past",
        ),
        (
            act("reschedule"),
            json!({ "visit": UNKNOWN, "plan": past }),
            422,
            "time_past",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x".repeat(200_000) }),
            422,
            "text_too_long",
        ),
        (
            act("notes"),
            json!({ "text": "x".repeat(70_000) }),
            422,
            "text_too_long",
        ),
        ("/tickets".to_owned(), json!({ "fault_text": "" }), 422, "invalid"),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": " \n" }),
            422,
            "invalid",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x".repeat(17_000) }),
            422,
            "text_too_long",
        ),
        (
            "/tickets".to_owned(),
            json!({ "fault_text": "x", "parts": [UNKNOWN] }),
            422,
            "invalid",
        ),
        (act("offer"), json!({ "to": [] }), 422, "invalid"),
        (act("offer"), json!({ "to": [UNKNOWN] }), 422, "invalid"),
        (
            act("offer"),
            json!({ "to": [engineer], "plan": span }),
            422,
            "end_before_start",
        ),
        (
            act("reschedule"),
            json!({ "visit": UNKNOWN, "plan": { "start": "2026-11-20T08:00:00Z", "end": "2026-11-20T08:00:00Z" } }),
            404,
            "unknown_visit",
        ),
        (act("cancel"), json!({ "text": "  " }), 422, "text_missing"),
        (act("close"), json!({}), 422, "ticket_open"),
        (act("reopen"), json!({ "text": "x" }), 422, "ticket_open"),
        (format!("/tickets/{UNKNOWN}/triage"), json!({}), 404, "not_found"),
        ("/customers".to_owned(), json!({ "name": " " }), 422, "invalid"),
        ("/customers".to_owned(), json!({ "name": "a\nb" }), 422, "invalid"),
        (
            "/customers".to_owned(),
            json!({ "name": "x", "vip": "diamond" }),
            422,
            "invalid",
        ),
        (
            "/contacts".to_owned(),
            json!({ "customer": customer, "name": "x", "phone": "call me" }),
            422,
            "invalid",
        ),
        (
            "/contacts".to_owned(),
            json!({ "customer": UNKNOWN, "name": "x", "phone": "13900001126" }),
            422,
            "invalid",
        ),
        (
            "/sites".to_owned(),
            site(json!({ "lat": 91, "lon": 0 })),
            422,
            "invalid",
        ),
        (
            "/sites".to_owned(),
            site(json!({ "lat": "x", "lon": 0 })),
            422,
            "invalid",
        ),
        (
            "/engineers".to_owned(),
            json!({ "name": "x", "van": UNKNOWN }),
            422,
            "invalid",
        ),
        (
            format!("/engineers/{UNKNOWN}/enrol-codes"),
            json!({}),
            404,
            "not_found",
        ),
        (format!("/devices/{UNKNOWN}/revoke"), json!({}), 404, "not_found"),
        (
            "/articles".to_owned(),
            json!({ "title_zh": "", "title_en": "x", "sections": [] }),
            422,
            "text_missing",
        ),
        (
            format!("/articles/{UNKNOWN}/annotations"),
            json!({ "text": "x" }),
            404,
            "not_found",
        ),
    ];
    for (path, body, status, code) in table {
        let answer = scene.post(&path, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (status, code),
            "{path} {body}: {answer:?}"
        );
        assert!(!answer.json["title"].as_str().unwrap().is_empty());
    }
    scene.post(&act("triage"), json!({})).await.ok();
    let again = scene.post(&act("triage"), json!({})).await;
    assert_eq!(again.code(), "not_now");
    let next = again.json["detail"].as_str().unwrap();
    assert!(next.contains("what follows is to offer a visit"), "{next}");
    for quantity in [json!(-1), json!(10_001), json!(1.5), json!("7"), json!(null)] {
        let path = format!("/stock/{UNKNOWN}/{UNKNOWN}");
        scene
            .call(Role::Keeper, "PUT", &path, json!({ "quantity": quantity }))
            .await
            .is(422, "invalid");
    }
    let detail = scene.get(&format!("/tickets/{ticket}")).await.ok();
    assert_eq!(detail["events"].as_array().unwrap().len(), 2);
    assert_eq!(
        scene.get("/tickets").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        scene.get("/customers").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// "The text is too long" left open how long it may be, and a time written as asked was told to be written so.
#[tokio::test]
async fn what_is_too_long_or_too_early_is_told_with_what_is_taken() {
    let scene = Scene::new().await;
    let long = json!({ "fault_text": "机".repeat(6_000) });
    let early = json!({ "fault_text": "x", "deadline": "1800-01-01T00:00:00Z" });
    for (body, code, zh, en) in [
        (
            long,
            "text_too_long",
            ["16384 字节", "5461 个汉字"],
            ["16384 bytes", "5461 Chinese characters"],
        ),
        (
            early,
            "invalid",
            ["deadline：年份", "2000 到 2199"],
            ["deadline: the year", "2000 to 2199"],
        ),
    ] {
        for (lang, words) in [("zh", zh), ("en", en)] {
            let mut request = scene.request(Role::Admin, "POST", "/tickets");
            let headers = request.headers_mut().unwrap();
            headers.insert(header::ACCEPT_LANGUAGE, lang.parse().unwrap());
            headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
            let request = request.body(Body::from(body.to_string())).unwrap();
            let answer = scene.send(request).await;
            answer.is(422, code);
            let detail = answer.json["detail"].as_str().unwrap_or_default();
            assert!(words.iter().all(|word| detail.contains(word)), "{detail}");
        }
    }
}

/// A Chinese title stood over "invalid type: integer `3`, expected a string at line 1 column 9".
#[tokio::test]
async fn what_is_wrong_is_told_in_the_readers_language_and_no_other() {
    let scene = Scene::new().await;
    let bad: [(&str, &str, &str, &str, &str); 6] = [
        (
            "/tickets",
            r#"{"fault_text":3}"#,
            "invalid",
            "fault_text：应为文字",
            "fault_text: must be a text",
        ),
        (
            "/tickets",
            r#"{"fault_text":NaN}"#,
            "bad_request",
            "不是有效的 JSON",
            "it is no JSON at line 1, column 15",
        ),
        (
            "/tickets",
            r#"{"fault_text":"x","priority":"soon"}"#,
            "invalid",
            "priority：可选：",
            "priority: must be one of: ",
        ),
        (
            "/tickets",
            r#"{"fault_text":"x","customer":"abc"}"#,
            "invalid",
            "customer：不是有效的编号",
            "customer: is no id",
        ),
        (
            "/customers",
            r#"{"name":" "}"#,
            "invalid",
            "name：不能为空",
            "name: must not be empty",
        ),
        (
            "/tickets?limit=x",
            "",
            "bad_query",
            "limit：应为整数",
            "limit: must be a whole number",
        ),
    ];
    for (path, body, code, zh, en) in bad {
        for (lang, words) in [(Some("zh-CN"), zh), (Some("en"), en), (None, en)] {
            let method = if body.is_empty() { "GET" } else { "POST" };
            let mut request = scene
                .request(Role::Admin, method, path)
                .header(header::CONTENT_TYPE, "application/json");
            let headers = request.headers_mut().unwrap();
            headers.remove(header::ACCEPT_LANGUAGE);
            if let Some(lang) = lang {
                headers.insert(header::ACCEPT_LANGUAGE, lang.parse().unwrap());
            }
            let answer = scene.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.code(), code, "{answer:?}");
            let (title, detail) = (&answer.json["title"], answer.json["detail"].as_str().unwrap());
            assert!(detail.contains(words), "{detail}");
            let is_english = lang != Some("zh-CN");
            assert_eq!(title.as_str().unwrap().is_ascii(), is_english, "{title}");
            assert_eq!(detail.is_ascii(), is_english, "{detail}");
        }
    }
}

#[tokio::test]
async fn an_edit_that_changes_no_field_is_no_operation() {
    let scene = Scene::new().await;
    let ticket = format!("/tickets/{}", scene.ticket().await);
    for nothing in [json!({}), json!({ "customer": null, "priority": null })] {
        scene
            .call(Role::Agent, "PATCH", &ticket, nothing)
            .await
            .is(422, "invalid");
    }
    let detail = scene.get(&ticket).await.ok();
    assert_eq!(detail["events"].as_array().unwrap().len(), 1);
    let unknown = format!("/tickets/{UNKNOWN}");
    scene
        .call(Role::Agent, "PATCH", &unknown, json!({}))
        .await
        .is(404, "not_found");
}

#[tokio::test]
async fn paths_methods_and_queries_that_mean_nothing_say_so() {
    let scene = Scene::new().await;
    for path in [
        "/nothing",
        "/tickets/",
        "/tickets/abc",
        "/tickets/%ff",
        &format!("/tickets/{UNKNOWN}"),
        "/visits/1/2/3",
    ] {
        scene.get(path).await.is(404, "not_found");
    }
    let request = |method: &str, path: &str| {
        scene
            .request(Role::Admin, method, path)
            .body(Body::empty())
            .unwrap()
    };
    for (method, path) in [
        ("DELETE", "/tickets"),
        ("POST", "/visits"),
        ("PUT", "/openapi.json"),
        ("BREW", "/tickets"),
    ] {
        scene
            .send(request(method, path))
            .await
            .is(405, "method_not_allowed");
    }
    for query in [
        "colour=red",
        "status=odd",
        "limit=0",
        "limit=201",
        "limit=x",
        "customer=abc",
        "updated_since=now",
        "status=new&status=new",
    ] {
        scene.get(&format!("/tickets?{query}")).await.is(400, "bad_query");
    }
    for list in [
        "tickets",
        "visits",
        "customers",
        "parts",
        "stock",
        "stock/grants",
        "stock/movements",
        "stock/discrepancies",
        "articles",
        "refused",
        "locations",
    ] {
        scene
            .get(&format!("/{list}?cursor=nonsense"))
            .await
            .is(400, "bad_cursor");
        scene
            .get(&format!("/{list}?surely_unknown=1"))
            .await
            .is(400, "bad_query");
    }
}

#[tokio::test]
async fn pages_neither_repeat_nor_lose_while_rows_come() {
    let scene = Scene::new().await;
    let mut there = BTreeSet::new();
    for _ in 0..7 {
        scene.pass(1_000);
        there.insert(scene.ticket().await);
    }
    let (mut seen, mut next) = (Vec::new(), Some("/api/v1/tickets?limit=2&status=new".to_owned()));
    while let Some(link) = next {
        let page = scene.get(link.strip_prefix("/api/v1").unwrap()).await.ok();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|ticket| ticket["id"].as_str().unwrap().to_owned()),
        );
        next = page["next"].as_str().map(str::to_owned);
        scene.pass(1_000);
        scene.ticket().await;
        let edited = there.first().unwrap();
        scene
            .call(
                Role::Admin,
                "PATCH",
                &format!("/tickets/{edited}"),
                json!({ "priority": "high" }),
            )
            .await
            .ok();
    }
    assert_eq!(seen.len(), 7);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), there);
}

#[tokio::test]
async fn every_kind_of_row_pages_to_its_end() {
    let scene = Scene::new().await;
    let location = scene
        .post(
            "/locations",
            json!({ "van": false, "name_zh": "a", "name_en": "a" }),
        )
        .await
        .id();
    for number in 0..5 {
        scene.pass(1_000);
        let part = json!({ "number": number.to_string(), "name_zh": "a", "name_en": "a" });
        let part = scene.post("/parts", part).await.id();
        scene
            .call(
                Role::Admin,
                "PUT",
                &format!("/stock/{location}/{part}"),
                json!({ "quantity": number }),
            )
            .await
            .ok();
    }
    let ticket = scene.ticket().await;
    for _ in 0..4 {
        scene
            .post(&format!("/tickets/{ticket}/notes"), json!({ "text": "x" }))
            .await
            .ok();
    }
    for list in [
        "/parts".to_owned(),
        "/stock".to_owned(),
        "/stock/movements".to_owned(),
        format!("/tickets/{ticket}/events"),
    ] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("/api/v1{list}?limit=2")));
        while let Some(link) = next {
            let page = scene.get(link.strip_prefix("/api/v1").unwrap()).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(ToString::to_string));
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(seen.len(), 5, "{list}");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>().len(), 5, "{list}");
    }
}
