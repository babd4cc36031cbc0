//! What a sign-in leaves in the log: ids, and nothing a person typed or a browser must keep.
//!
//! One test in a process of its own: which log lines are heard at all is decided once per process, so a listener beside
//! other tests hears some lines only sometimes.

#![expect(clippy::unwrap_used, reason = "a test that unwraps says where it broke")]

use std::fmt::Debug;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, header};
use fieldline_server::app::{App, Edge, Options};
use fieldline_server::auth::cookie::session_cookie;
use fieldline_server::auth::{NewStaff, Role};
use fieldline_server::rest::rest_router;
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down everything that is logged, on every thread.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

impl Visit for Listener {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_sign_in_leaves_no_name_password_token_or_address_in_the_log() {
    let listener = Listener::default();
    tracing::subscriber::set_global_default(listener.clone()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
    let (right, wrong, mistyped) = ("a good password", "a wrong password", "typed-my-secret-as-name");
    let staff = NewStaff {
        name: "wangfang".into(),
        display_name: "王芳".into(),
        role: Role::Agent,
        lang: "zh".into(),
        password: Some(right.into()),
    };
    let staff = app.create_staff(staff).await.unwrap();
    let peer = Some(IpAddr::from([203, 0, 113, 77]));
    app.sign_in("wangfang", wrong.into(), peer).await.unwrap_err();
    app.sign_in(mistyped, right.into(), peer).await.unwrap_err();
    let session = app.sign_in("wangfang", right.into(), peer).await.unwrap().token;
    let link = app.signin_link(staff.id, 60_000).await.unwrap();
    app.sign_in_by_link(&link.reveal()).await.unwrap();
    let script = app
        .create_api_token("nightly", staff.id, Role::Agent, None)
        .await
        .unwrap();
    let cookie = session_cookie(&session, false);
    let bearer = format!("Bearer {}", script.reveal());
    let requests = [
        Request::get("/api/v1/tickets")
            .header(header::COOKIE, &cookie)
            .body(Body::empty()),
        Request::get("/api/v1/tickets")
            .header(header::AUTHORIZATION, &bearer)
            .body(Body::empty()),
        Request::post("/api/v1/customers")
            .header(header::AUTHORIZATION, &bearer)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(r#"{"name":"明澄律师事务所"}"#)),
    ];
    for request in requests {
        let response = rest_router(app.clone()).oneshot(request.unwrap()).await.unwrap();
        assert!(response.status().is_success());
    }
    let heard = listener.0.lock().unwrap().clone();
    assert!(
        heard.contains("signed in") && heard.contains("a sign-in failed"),
        "{heard}"
    );
    let tokens = [session, link, script].map(|token| token.reveal());
    let words = [
        "wangfang",
        "王芳",
        right,
        wrong,
        mistyped,
        "203.0.113.77",
        "明澄律师事务所",
    ];
    for secret in words.into_iter().chain(tokens.iter().map(String::as_str)) {
        assert!(!heard.contains(secret), "{secret} in {heard}");
    }
}
