//! REST through its router, without a socket: a seeded edge, a clock in hand, a database in a temporary directory.

mod attachments;
mod bad;
mod document;
mod erase;
mod gate;
mod kept;
mod once;
mod resources;
mod sla;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fieldline_model::time::Timestamp;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::rest_router;
use crate::app::{App, Edge, Options};
use crate::auth::{NewStaff, Role};

/// A server with its clock and one script token per role.
pub(super) struct Scene {
    _dir: tempfile::TempDir,
    pub(super) app: App,
    router: Router,
    clock: Arc<AtomicI64>,
    tokens: Vec<(Role, String)>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) kind: String,
    pub(super) replayed: bool,
    pub(super) json: Value,
}

impl Answer {
    pub(super) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    #[track_caller]
    pub(super) fn is(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.code()), (status, code), "{self:?}");
        assert_eq!(self.kind, "application/problem+json");
    }

    /// The JSON of a success.
    #[track_caller]
    pub(super) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        self.json
    }

    #[track_caller]
    pub(super) fn id(self) -> String {
        let json = self.ok();
        json["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no id in {json}"))
            .to_owned()
    }
}

/// An edge with seeded chance: the same bytes in every run, never the same twice.
pub(crate) fn seeded(clock: &Arc<AtomicI64>) -> Edge {
    let (clock, draws) = (Arc::clone(clock), AtomicU64::new(0));
    Edge {
        now: Arc::new(move || Timestamp::from_ms(clock.load(Ordering::Relaxed))),
        random: Arc::new(move |bytes| {
            use sha2::{Digest, Sha256};
            for piece in bytes.chunks_mut(32) {
                let draw = draws.fetch_add(1, Ordering::Relaxed);
                let digest = Sha256::digest(draw.to_be_bytes());
                piece.copy_from_slice(&digest[..piece.len()]);
            }
        }),
    }
}

impl Scene {
    pub(super) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(1_790_000_000_000));
        let app = App::open(dir.path(), seeded(&clock), Options::default()).unwrap();
        let mut tokens = Vec::new();
        for role in Role::ALL {
            let name = role.word().to_owned();
            let staff = NewStaff {
                display_name: name.clone(),
                name,
                role,
                lang: "en".into(),
                password: None,
            };
            let staff = app.create_staff(staff).await.unwrap();
            let token = app
                .create_api_token(role.word(), staff.id, role, None)
                .await
                .unwrap();
            tokens.push((role, token.reveal()));
        }
        Self {
            _dir: dir,
            router: rest_router(app.clone()),
            app,
            clock,
            tokens,
        }
    }

    pub(super) fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    pub(super) fn token(&self, role: Role) -> &str {
        &self.tokens.iter().find(|(other, _)| *other == role).unwrap().1
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        Answer {
            status: parts.status,
            kind: header("content-type"),
            replayed: header("idempotency-replayed") == "true",
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    pub(super) fn request(&self, role: Role, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token(role)))
            .header(header::ACCEPT_LANGUAGE, "en")
    }

    pub(super) async fn call(&self, role: Role, method: &str, path: &str, body: Value) -> Answer {
        let request = self
            .request(role, method, path)
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        let request = self
            .request(Role::Admin, "GET", path)
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Role::Admin, "POST", path, body).await
    }

    pub(super) async fn ticket(&self) -> String {
        self.post("/tickets", json!({ "fault_text": "prints stripes" }))
            .await
            .id()
    }

    pub(super) async fn engineer(&self) -> String {
        self.post(
            "/engineers",
            json!({ "name": "陈立群", "name_en": "Chen Liqun", "skills": ["printer"] }),
        )
        .await
        .id()
    }
}
