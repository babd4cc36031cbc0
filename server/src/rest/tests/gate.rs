//! Who may do what: every route, every role; sessions and their form tokens; nothing secret in the log.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::json;

use super::Scene;
use crate::auth::cookie::session_cookie;
use crate::auth::extract::CSRF_HEADER;
use crate::auth::{Role, role_may};
use crate::rest::rest_routes;

fn filled(path: &str) -> String {
    let filled = path.split('/').map(|piece| {
        if piece.starts_with('{') {
            "00000000000000000000000001"
        } else {
            piece
        }
    });
    filled.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_asks_who_and_whether_they_may() {
    let scene = Scene::new().await;
    for route in rest_routes(&scene.app) {
        let path = filled(route.path);
        let nobody = Request::builder()
            .method(&route.method)
            .uri(format!("/api/v1{path}"))
            .body(Body::empty());
        scene.send(nobody.unwrap()).await.is(401, "unauthenticated");
        for role in Role::ALL {
            // No media type: whoever may pass stops at the body, so nothing is done here.
            let request = scene
                .request(role, route.method.as_str(), &path)
                .body(Body::from("x"))
                .unwrap();
            let answer = scene.send(request).await;
            let refused = answer.code() == "forbidden";
            assert_eq!(
                refused,
                !role_may(role, route.permission),
                "{role:?} {} {path}: {answer:?}",
                route.method
            );
            assert!(
                refused || route.method == Method::GET || !answer.status.is_success(),
                "{path}: {answer:?}"
            );
        }
    }
}

/// Axum answered a bare line before any handler of ours saw the request.
#[tokio::test]
async fn an_id_that_is_no_text_names_nothing() {
    let scene = Scene::new().await;
    for path in ["/tickets/%ff", "/tickets/%E6%9C/visits", "/customers/%c0%80"] {
        let request = scene.request(Role::Admin, "GET", path).body(Body::empty());
        scene.send(request.unwrap()).await.is(404, "not_found");
    }
}

#[tokio::test]
async fn wrong_ended_and_lesser_tokens_do_not_count() {
    let scene = Scene::new().await;
    let with = |line: String| {
        Request::get("/api/v1/tickets")
            .header(header::AUTHORIZATION, line)
            .body(Body::empty())
            .unwrap()
    };
    for line in [
        "Bearer",
        "Bearer x",
        "Basic dXNlcjpwYXNz",
        "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        scene.send(with(line.into())).await.is(401, "unauthenticated");
    }
    let admin = scene.app.staff_named("admin").await.unwrap().unwrap();
    let less = scene
        .app
        .create_api_token("counter", admin.id, Role::Keeper, Some(1_000))
        .await
        .unwrap()
        .reveal();
    let post = || {
        Request::post("/api/v1/tickets")
            .header(header::AUTHORIZATION, format!("Bearer {less}"))
            .body(Body::empty())
            .unwrap()
    };
    scene.send(post()).await.is(403, "forbidden");
    scene.pass(1_000);
    scene.send(post()).await.is(401, "unauthenticated");
    scene.app.revoke_api_token("admin").await.unwrap();
    scene.get("/tickets").await.is(401, "unauthenticated");
    let agent = scene.app.staff_named("agent").await.unwrap().unwrap();
    scene.app.disable_staff(agent.id).await.unwrap();
    let request = scene
        .request(Role::Agent, "GET", "/tickets")
        .body(Body::empty())
        .unwrap();
    scene.send(request).await.is(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_needs_its_form_token_to_change_anything() {
    let scene = Scene::new().await;
    let agent = scene.app.staff_named("agent").await.unwrap().unwrap();
    let link = scene.app.signin_link(agent.id, 60_000).await.unwrap();
    let new = scene.app.sign_in_by_link(&link.reveal()).await.unwrap();
    let cookie = session_cookie(&new.token, false)
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let session = crate::auth::session::session_of(scene.app.store(), scene.app.now(), &new.token)
        .await
        .unwrap()
        .unwrap();
    let post = |csrf: Option<&str>| {
        let request = Request::post("/api/v1/tickets")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/json");
        let request = csrf
            .into_iter()
            .fold(request, |request, csrf| request.header(CSRF_HEADER, csrf));
        request
            .body(Body::from(json!({ "fault_text": "x" }).to_string()))
            .unwrap()
    };
    scene.send(post(None)).await.is(403, "form_expired");
    scene.send(post(Some("wrong"))).await.is(403, "form_expired");
    scene.send(post(Some(&session.csrf))).await.ok();
    let read = Request::get("/api/v1/tickets")
        .header(header::COOKIE, &cookie)
        .body(Body::empty())
        .unwrap();
    assert_eq!(scene.send(read).await.ok()["items"].as_array().unwrap().len(), 1);
}
