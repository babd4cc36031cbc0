//! The line by which the server says that something is new, and the phone which ticket it shows: a websocket (RFC 6455) that
//! carries hints only. A phone without one asks from time to time and loses nothing but minutes.

use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use reqwest::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{StatusCode, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::http::{Http, problem};
use super::trouble::told;
use crate::error::{EngineError, Silence};

const PATH: &str = "sync/v1/poke";
/// Opening a line may keep the first exchange waiting no longer than this.
const OPEN_MAX: Duration = Duration::from_secs(5);
/// The server pings every 50 s: a line that is silent for longer than two of them is dead.
const SILENCE_MAX: Duration = Duration::from_secs(120);
/// A hint is one word.
const MESSAGE_BYTES_MAX: usize = 1024;

/// A line that stands.
pub(super) struct Line(WebSocketStream<Upgraded>);

impl Line {
    /// Opens the line at a server.
    ///
    /// # Errors
    /// Those of the network; [`EngineError::NotOurServer`] when something answers that knows no such line.
    pub(super) async fn open(http: &Http, address: &str, token: &str) -> Result<Self, EngineError> {
        tokio::time::timeout(OPEN_MAX, Self::shake_hands(http, address, token))
            .await
            .map_err(|_| EngineError::from(Silence::TimedOut))?
    }

    async fn shake_hands(http: &Http, address: &str, token: &str) -> Result<Self, EngineError> {
        let key = generate_key();
        let request = http.line(PATH, address, token)?.headers(
            [
                (CONNECTION, "Upgrade"),
                (UPGRADE, "websocket"),
                (SEC_WEBSOCKET_VERSION, "13"),
            ]
            .map(|(name, value)| (name, reqwest::header::HeaderValue::from_static(value)))
            .into_iter()
            .collect(),
        );
        let response = request
            .header(SEC_WEBSOCKET_KEY, &key)
            .send()
            .await
            .map_err(told)?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(problem(response).await);
        }
        let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT);
        if accepted.is_none_or(|accepted| accepted.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
        {
            return Err(EngineError::NotOurServer);
        }
        let socket = response.upgrade().await.map_err(told)?;
        let mut config = WebSocketConfig::default();
        config.read_buffer_size = MESSAGE_BYTES_MAX;
        config.write_buffer_size = 0;
        config.max_message_size = Some(MESSAGE_BYTES_MAX);
        config.max_frame_size = Some(MESSAGE_BYTES_MAX);
        Ok(Self(
            WebSocketStream::from_raw_socket(socket, Role::Client, Some(config)).await,
        ))
    }

    /// Waits for a hint; hints that wait behind it are heard with it. `false` when the line is lost. May be dropped
    /// and asked again.
    pub(super) async fn poked(&mut self) -> bool {
        loop {
            match tokio::time::timeout(SILENCE_MAX, self.0.next()).await {
                Ok(Some(Ok(Message::Text(_)))) => return self.drain(),
                Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) | Err(_) => return false,
                Ok(Some(Ok(_))) => {}
            }
        }
    }

    /// Says something; what is lost is said again. `false` when the line is lost.
    pub(super) async fn say(&mut self, text: String) -> bool {
        let said = tokio::time::timeout(OPEN_MAX, self.0.send(Message::Text(text.into()))).await;
        matches!(said, Ok(Ok(())))
    }

    fn drain(&mut self) -> bool {
        while let Some(next) = self.0.next().now_or_never() {
            if matches!(next, Some(Ok(Message::Close(_)) | Err(_)) | None) {
                return false;
            }
        }
        true
    }
}
