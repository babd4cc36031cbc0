//! The router without a socket.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fieldline_model::id::{DeviceId, EngineerId, OrganisationId};
use fieldline_model::operation::Position;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{Enrol, Enrolled, Fix, Positions, Reply, WIRE, pack, unpack};
use http_body_util::BodyExt;
use serde::Serialize;
use tower::ServiceExt;

use super::bench::{Bench, Phone};
use crate::problem::Code;
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
        engineer: None,
        organisation: None,
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
        engineer: None,
        organisation: None,
    };
    let (status, _) = post(&bench, "/sync/v1/enrol", "", &enrol).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

fn joining(code: &str, key: u8) -> Enrol {
    Enrol {
        wire: WIRE,
        code: code.into(),
        device_key: [key; 32],
        install: [key; 16],
        name: "x".into(),
        engineer: None,
        organisation: None,
    }
}

/// A phone that joined twice once became two, and a colleague's code was spent on it.
#[tokio::test]
async fn a_phone_is_one_phone_and_one_engineers_however_often_it_joins() {
    let bench = Bench::new();
    let code_for = async |engineer: u8, app: &crate::app::App| {
        let engineer = EngineerId::from_bytes([engineer; 16]);
        app.enrol_code(engineer, 60_000_000).await.unwrap().code
    };
    let first = bench
        .app
        .enrol(joining(&code_for(1, &bench.app).await, 3))
        .await
        .unwrap();
    let again = bench
        .app
        .enrol(joining(&code_for(1, &bench.app).await, 3))
        .await
        .unwrap();
    assert_eq!(
        (first.device, bench.count("SELECT count(*) FROM device")),
        (again.device, 1)
    );
    let (old, _) = post(
        &bench,
        "/sync/v1/positions",
        &first.token,
        &no_fixes(first.device),
    )
    .await;
    assert_eq!(old, StatusCode::UNAUTHORIZED, "the first token is gone");

    let copy = Enrol {
        install: [77; 16],
        ..joining(&code_for(1, &bench.app).await, 3)
    };
    let copy = bench.app.enrol(copy).await.unwrap();
    for token in [&again.token, &copy.token] {
        let fixes = no_fixes(first.device);
        let (status, _) = post(&bench, "/sync/v1/positions", token, &fixes).await;
        assert_eq!(
            status,
            StatusCode::NO_CONTENT,
            "two copies of one phone take nothing from each other"
        );
    }

    let of_another = code_for(2, &bench.app).await;
    let (status, body) = post(&bench, "/sync/v1/enrol", "", &joining(&of_another, 3)).await;
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, problem["code"].as_str()),
        (StatusCode::CONFLICT, Some("code_of_another"))
    );
    // A phone that lost its key, or was enrolled after the backup that was put back, is nobody's here and says whose it was.
    let lost = Enrol {
        engineer: Some(EngineerId::from_bytes([1; 16])),
        ..joining(&of_another, 5)
    };
    let refused = bench.app.enrol(lost).await.unwrap_err();
    assert_eq!(refused.code(), Code::CodeOfAnother);
    assert_eq!(bench.count("SELECT count(*) FROM device"), 1);
    // HQ was set up anew, or it is another company's: whose work the phone holds, nobody here knows.
    let stranger = Enrol {
        engineer: Some(EngineerId::from_bytes([2; 16])),
        organisation: Some(OrganisationId::from_bytes([7; 16])),
        ..joining(&of_another, 6)
    };
    let refused = bench.app.enrol(stranger).await.unwrap_err();
    assert_eq!(refused.code(), Code::OtherCompany);
    assert_eq!(bench.count("SELECT count(*) FROM device"), 1);
    let owner = bench.app.enrol(joining(&of_another, 4)).await.unwrap();
    assert_eq!(
        owner.engineer,
        EngineerId::from_bytes([2; 16]),
        "the code is still good"
    );

    bench.app.revoke(first.device).await.unwrap();
    let back = bench
        .app
        .enrol(joining(&code_for(1, &bench.app).await, 3))
        .await
        .unwrap();
    assert_ne!(back.device, first.device, "what was revoked stays revoked");
}

fn no_fixes(device: DeviceId) -> Positions {
    Positions {
        device,
        fixes: Vec::new(),
    }
}

/// A request to join from `peer`.
fn from(peer: [u8; 4], enrol: &Enrol) -> Request<Body> {
    let mut request = Request::post("/sync/v1/enrol")
        .header(header::CONTENT_TYPE, MEDIA_TYPE)
        .header(header::ACCEPT_LANGUAGE, "en")
        .body(Body::from(pack(enrol).unwrap()))
        .unwrap();
    let peer = std::net::SocketAddr::from((peer, 5_000));
    request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
    request
}

#[tokio::test]
async fn wrong_codes_are_tried_only_so_often_and_nobody_else_waits() {
    let dir = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1_800_000_000_000));
    let now = std::sync::Arc::clone(&clock);
    let edge = crate::app::Edge {
        now: std::sync::Arc::new(move || Timestamp::from_ms(now.load(std::sync::atomic::Ordering::SeqCst))),
        ..crate::app::Edge::system()
    };
    let app = crate::app::App::open(dir.path(), edge, crate::app::Options::default()).unwrap();
    let router = sync_router(app.clone());
    let engineer = EngineerId::from_bytes([1; 16]);
    let code = app.enrol_code(engineer, 600_000).await.unwrap().code;
    let asked = async |peer: [u8; 4], code: &str| {
        let response = router
            .clone()
            .oneshot(from(peer, &joining(code, peer[3])))
            .await
            .unwrap();
        let wait = response.headers().get(header::RETRY_AFTER).cloned();
        (response.status(), wait)
    };
    let attacker = [192, 0, 2, 66];
    for _ in 0..crate::devices::ENROL_TRIES_PER_ADDRESS_MAX {
        assert_eq!(asked(attacker, "WRONG-WRONG").await.0, StatusCode::FORBIDDEN);
    }
    let (status, wait) = asked(attacker, "WRONG-WRONG").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: i64 = wait.unwrap().to_str().unwrap().parse().unwrap();
    assert!((1..=10).contains(&seconds), "{seconds}");
    // Not even the right code is looked at from there.
    assert_eq!(asked(attacker, &code).await.0, StatusCode::TOO_MANY_REQUESTS);
    let response = router
        .clone()
        .oneshot(from(attacker, &joining("x", 1)))
        .await
        .unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "code_tries");
    // Others join, and after the wait an honest phone behind the same address does too.
    assert_eq!(asked([192, 0, 2, 7], &code).await.0, StatusCode::OK);
    clock.fetch_add(seconds * 1_000, std::sync::atomic::Ordering::SeqCst);
    let code = app.enrol_code(engineer, 600_000).await.unwrap().code;
    assert_eq!(asked(attacker, &code).await.0, StatusCode::OK);
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
