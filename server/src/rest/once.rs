//! `Idempotency-Key`: a POST that comes twice does its work once and gets the same answer.
//!
//! Before the work a row is written that fixes the request and its moment; every id the work makes is derived from
//! (person, key, moment) by [`Seed`]. A crash between the work and the keeping of its answer therefore leaves a row
//! without an answer, the repetition makes the same ids, and the door gives the first fate instead of a second act.
//! Answers that failed are not kept: nothing was done, so the client may mend and try again. Answers that carry a
//! secret ([`Secret`]) are not kept either; repeating those makes another secret.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRef, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fieldline_model::id::StaffId;
use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};

use super::body::BODY_BYTES_MAX;
use crate::app::App;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::once::{Begun, once_begin, once_finish, once_release};

/// The client's name for a request: 1 to [`KEY_CHARS_MAX`] visible ASCII characters.
pub const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Set to `true` on an answer that was given before.
pub const REPLAYED_HEADER: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key.
pub const KEY_CHARS_MAX: usize = 200;
/// How long an answer is kept: a client that repeats after a day has another problem.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// Largest answer kept; none of ours comes near it.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Marks an answer that carries a secret and must not be stored.
#[derive(Debug, Clone, Copy)]
pub struct Secret;

/// Where the ids of one request come from: from its key, or from chance.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    at: Timestamp,
    bytes: [u8; 32],
}

impl Seed {
    /// The id called `what` in this request: `seed.id(TicketId::new, "ticket")`.
    #[must_use]
    pub fn id<T>(&self, make: impl FnOnce(Timestamp, [u8; 10]) -> T, what: &str) -> T {
        let digest = Sha256::new()
            .chain_update(self.bytes)
            .chain_update(what)
            .finalize();
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        make(self.at, random)
    }

    /// The moment of the request, or of the first of its repetitions.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    fn of_key(staff: StaffId, key: &str, at: Timestamp) -> Self {
        let digest = Sha256::new()
            .chain_update("once\0")
            .chain_update(staff.to_bytes())
            .chain_update(at.ms().to_be_bytes());
        Self {
            at,
            bytes: digest.chain_update(key).finalize().into(),
        }
    }
}

impl<S> FromRequestParts<S> for Seed
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Some(seed) = parts.extensions.get::<Self>() {
            return Ok(*seed);
        }
        let app = App::from_ref(state);
        Ok(Self {
            at: app.now(),
            bytes: app.edge().bytes(),
        })
    }
}

/// Runs a POST, or gives the answer it got before.
pub(super) async fn answer(app: &App, staff: StaffId, request: Request, next: Next) -> Response {
    let key = match key_of(&request) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    match keyed(app, staff, key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

fn key_of(request: &Request) -> Result<Option<String>, Problem> {
    let mut keys = request.headers().get_all(KEY_HEADER).iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let key = key.to_str().unwrap_or_default();
    let good = !key.is_empty() && key.len() <= KEY_CHARS_MAX && keys.next().is_none();
    if good {
        Ok(Some(key.to_owned()))
    } else {
        Err(Problem::new(Code::BadRequest).detail(
            "Idempotency-Key：1 到 200 个字符，只能给出一次",
            "Idempotency-Key: 1 to 200 characters, once",
        ))
    }
}

async fn keyed(
    app: &App,
    staff: StaffId,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX)
        .await
        .map_err(|_| Problem::new(Code::MessageTooLarge))?;
    let hash: [u8; 32] = Sha256::new()
        .chain_update(parts.uri.path())
        .chain_update([0])
        .chain_update(&body)
        .finalize()
        .into();
    let (now, name) = (app.now(), key.clone());
    let begin = move |connection: &rusqlite::Connection| {
        once_begin(connection, staff, &name, hash, now, now.plus_ms(-KEPT_MS))
    };
    let at = match app.store().write::<_, StoreError>(begin).await? {
        Begun::Other => return Err(Problem::new(Code::KeyReused)),
        Begun::Answered { status, body } => return Ok(replayed(status, body)),
        Begun::Run { at } => at,
    };
    parts.extensions.insert(Seed::of_key(staff, &key, at));
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(app, staff, key, response).await
}

async fn keep(app: &App, staff: StaffId, key: String, response: Response) -> Result<Response, Problem> {
    let status = response.status();
    let secret = response.extensions().get::<Secret>().is_some();
    if status.is_server_error() {
        // Unknown whether it was done: the row stays, so that a repetition makes the same ids.
        return Ok(response);
    }
    if secret || !status.is_success() {
        app.store()
            .write::<_, StoreError>(move |connection| once_release(connection, staff, &key))
            .await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES_MAX)
        .await
        .map_err(|_| Problem::new(Code::Internal))?;
    let kept = body.to_vec();
    let finish =
        move |connection: &rusqlite::Connection| once_finish(connection, staff, &key, status.as_u16(), &kept);
    app.store().write::<_, StoreError>(finish).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replayed(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let json = HeaderValue::from_static("application/json");
    let yes = HeaderValue::from_static("true");
    (
        status,
        [(header::CONTENT_TYPE, json), (REPLAYED_HEADER, yes)],
        body,
    )
        .into_response()
}
