//! The line by which the server tells an open app that something is new. The engine's shell leaves it to the app, which
//! has the platform's own websocket; this is the harness's.

use anyhow::Context as _;
use fieldline_engine::shell::SyncClient;
use futures_util::StreamExt as _;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// Lets the phone sync whenever it is poked, until the line ends.
pub(super) async fn listen(url: String, token: String, client: SyncClient) -> anyhow::Result<()> {
    let address = url.replacen("http", "ws", 1) + "/sync/v1/poke";
    let mut request = address.into_client_request()?;
    let bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
    request.headers_mut().insert("authorization", bearer);
    let (mut socket, _) = connect_async(request).await.context("the poke line")?;
    while let Some(message) = socket.next().await {
        if let Message::Text(_) = message? {
            client.kick();
        }
    }
    Ok(())
}
