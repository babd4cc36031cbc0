//! The phones' HTTP: thin over [`App`]. Bodies are CBOR in zstd; errors are problem+json.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router, middleware};
use fieldline_model::wire::{self, Enrol, Exchange, PACKED_BYTES_MAX, Positions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::auth::PeerAddress;
use crate::blob_http::blob_routes;
use crate::live::LiveEvent;
use crate::problem::{self, Code, Problem};
use crate::store::device::Device;
use crate::store::log::Channel;
use crate::viewing::Desk;

/// Media type of the messages.
pub const MEDIA_TYPE: &str = "application/vnd.fieldline+cbor-zstd";
/// What a poke says; a phone that gets one asks for a page.
pub const POKE: &str = "poke";
/// A phone says nothing but pongs and which ticket it shows. The usual 128 KiB are held by every quiet line, and cleared at every look at it.
const POKE_BUFFER_BYTES: usize = 4 * 1024;
/// A quiet line is checked this often, below the idle limits of mobile networks.
const PING_EVERY: Duration = Duration::from_secs(50);

/// `/sync/v1/*` and `/healthz`.
pub fn sync_router(app: App) -> Router {
    Router::new()
        .route("/sync/v1/enrol", post(enrol))
        .route("/sync/v1/exchange", post(exchange))
        .route("/sync/v1/positions", post(positions))
        .route("/sync/v1/poke", any(poke))
        .route("/healthz", get(healthz))
        .merge(blob_routes())
        .layer(DefaultBodyLimit::max(PACKED_BYTES_MAX))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::new(Code::Internal).into_response()
        }))
        .layer(middleware::from_fn_with_state(app.clone(), problem::tell_full))
        .layer(middleware::from_fn(problem::speak))
        .with_state(app)
}

async fn enrol(
    State(app): State<App>,
    PeerAddress(peer): PeerAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let enrol: Enrol = read(&headers, body).await?;
    write(app.enrol_from(peer, enrol).await?).await
}

async fn exchange(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let token = bearer(&headers)?.to_owned();
    let message: Exchange = read(&headers, body).await?;
    write(app.exchange(&token, message).await?).await
}

async fn positions(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Problem> {
    let token = bearer(&headers)?.to_owned();
    let positions: Positions = read(&headers, body).await?;
    app.positions(&token, positions).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

async fn healthz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    app.epoch().await?;
    Ok(Json(Health { status: "ok" }))
}

pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = value
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    token
        .map(|(_, token)| token.trim())
        .ok_or_else(|| Problem::new(Code::Unauthenticated))
}

/// Unpacks a body away from the threads that answer others.
async fn read<M: DeserializeOwned + Send + 'static>(headers: &HeaderMap, body: Bytes) -> Result<M, Problem> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if media_type.is_none_or(|found| found.split(';').next().map(str::trim) != Some(MEDIA_TYPE)) {
        return Err(Problem::new(Code::MediaType));
    }
    let unpacked = tokio::task::spawn_blocking(move || wire::unpack(&body)).await;
    Ok(unpacked.map_err(|_| Problem::new(Code::MessageMalformed))??)
}

async fn write<M: Serialize + Send + 'static>(message: M) -> Result<Response, Problem> {
    let packed = tokio::task::spawn_blocking(move || wire::pack(&message)).await;
    let packed = packed
        .map_err(|_| Problem::new(Code::Internal))?
        .map_err(|error| {
            tracing::error!(%error, "an answer could not be packed");
            Problem::new(Code::Internal)
        })?;
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, packed).into_response())
}

async fn poke(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let device = app.device(bearer(&headers)?).await?;
    if device.revoked {
        return Err(Problem::new(Code::DeviceRevoked));
    }
    let events = app.subscribe();
    let desk = Desk::new(&app, device);
    drop(app);
    let line = upgrade
        .read_buffer_size(POKE_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(POKE_BUFFER_BYTES);
    Ok(line.on_upgrade(move |socket| tell(socket, events, desk)))
}

/// Pokes a phone whenever something for it was committed. A hint: what is lost here the next page brings.
async fn tell(mut socket: WebSocket, mut events: Receiver<LiveEvent>, mut desk: Desk) {
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.reset();
    loop {
        let message = tokio::select! {
            event = events.recv() => match event {
                Ok(event) if concerns(&event, &desk.device) => Message::Text(POKE.into()),
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => Message::Text(POKE.into()),
                Err(RecvError::Closed) => return,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Text(text))) => {
                    desk.hear(&text).await;
                    continue;
                }
                Some(Ok(_)) => continue,
            },
            _ = ping.tick() => Message::Ping(Bytes::new()),
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// What a phone brought itself is no news to it: the answer to that exchange has all of it.
fn concerns(event: &LiveEvent, device: &Device) -> bool {
    if event.device == Some(device.id) {
        return false;
    }
    event.channels.iter().any(|channel| match channel {
        Channel::Shared => true,
        Channel::Engineer(engineer) => *engineer == device.engineer,
        Channel::Device(id) => *id == device.id,
    })
}
