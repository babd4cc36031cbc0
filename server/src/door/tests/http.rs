//! The router without a socket.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fieldline_model::id::EngineerId;
use fieldline_model::operation::Position;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{Enrol, Enrolled, Fix, Positions, Reply, WIRE, pack, unpack};
use http_body_util::BodyExt;
use serde::Serialize;
use tower::ServiceExt;

use super::bench::{Bench, Phone};
use crate::sync_http::{MEDIA_TYPE, sync_router};

async fn post<M: Serialize>(bench: &Bench, path: &str, token: &str, message: &M) -> (StatusCode, Vec<u8>) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, MEDIA_TYPE)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT_LANGUAGE, "en")
        .body(Body::from(pack(message).unwrap()))
        .unwrap();
    let response = sync_router(bench.app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    (
        status,
        response.into_body().collect().await.unwrap().to_bytes().to_vec(),
    )
}

#[tokio::test]
async fn a_phone_joins_once_and_exchanges() {
    let bench = Bench::new();
    let code = bench
        .app
        .enrol_code(EngineerId::from_bytes([1; 16]), 60_000)
        .await
        .unwrap();
    let phone = Phone::join(&bench.app, 1).await;
    let enrol = Enrol {
        wire: WIRE,
        code: code.code.to_lowercase().replace('-', " "),
        device_key: [3; 32],
        install: [3; 16],
        name: "x".into(),
    };
    let (status, body) = post(&bench, "/sync/v1/enrol", "", &enrol).await;
    assert_eq!(status, StatusCode::OK);
    let first: Enrolled = unpack(&body).unwrap();
    // The answer was lost: the same phone may ask again, another may not.
    let (_, body) = post(&bench, "/sync/v1/enrol", "", &enrol).await;
    let second: Enrolled = unpack(&body).unwrap();
    assert_eq!(
        (first.device, first.token == second.token),
        (second.device, false)
    );
    let thief = Enrol {
        device_key: [4; 32],
        ..enrol
    };
    let (status, body) = post(&bench, "/sync/v1/enrol", "", &thief).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "code_unknown");
    assert_eq!(problem["title"], "The code is wrong, used or expired");

    let (status, body) = post(&bench, "/sync/v1/exchange", &phone.token, &phone.request(vec![])).await;
    assert_eq!(status, StatusCode::OK);
    let reply: Reply = unpack(&body).unwrap();
    assert!(reply.page.is_some());
    let (status, _) = post(&bench, "/sync/v1/exchange", "wrong", &phone.request(vec![])).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_code_ends() {
    let bench = Bench::new();
    let code = bench
        .app
        .enrol_code(EngineerId::from_bytes([1; 16]), 0)
        .await
        .unwrap();
    let enrol = Enrol {
        wire: WIRE,
        code: code.code,
        device_key: [3; 32],
        install: [3; 16],
        name: "x".into(),
    };
    let (status, _) = post(&bench, "/sync/v1/enrol", "", &enrol).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_no_message_is_named() {
    let bench = Bench::new();
    let phone = Phone::join(&bench.app, 1).await;
    for (media_type, body, status) in [
        ("application/json", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (MEDIA_TYPE, "<html>", StatusCode::BAD_REQUEST),
    ] {
        let request = Request::post("/sync/v1/exchange")
            .header(header::CONTENT_TYPE, media_type)
            .header(header::AUTHORIZATION, format!("Bearer {}", phone.token))
            .body(Body::from(body))
            .unwrap();
        let response = sync_router(bench.app.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(response.headers()[header::CONTENT_LANGUAGE], "zh-CN");
    }
    let request = Request::get("/healthz").body(Body::empty()).unwrap();
    let response = sync_router(bench.app.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn only_the_newest_sound_position_is_kept() {
    let bench = Bench::new();
    let phone = Phone::join(&bench.app, 1).await;
    let fix = |at, lat| Fix {
        at: Timestamp::from_ms(at),
        position: Position { lat, lon: 116.0 },
        accuracy_m: 9.0,
    };
    let positions = Positions {
        device: phone.device,
        fixes: vec![fix(5, 39.0), fix(7, 40.0), fix(9, 400.0)],
    };
    let (status, _) = post(&bench, "/sync/v1/positions", &phone.token, &positions).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(bench.count("SELECT CAST(lat AS INTEGER) FROM position"), 40);
    let late = Positions {
        device: phone.device,
        fixes: vec![fix(6, 41.0)],
    };
    post(&bench, "/sync/v1/positions", &phone.token, &late).await;
    assert_eq!(bench.count("SELECT CAST(lat AS INTEGER) FROM position"), 40);
}
