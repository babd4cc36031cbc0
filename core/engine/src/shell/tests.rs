//! The shell against sockets that answer badly.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::tests::phone::Phone;
use crate::tests::server::Server;

/// Answers every request with these bytes; returns its address.
async fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 64 * 1024];
                let _ = socket.read(&mut request).await;
                if !answer.is_empty() {
                    let _ = socket.write_all(answer).await;
                    return;
                }
                // Silence.
                let _ = socket.read(&mut request).await;
            });
        }
    });
    address
}

async fn sync_against(answer: &'static [u8], limit: Duration) -> (Result<Summary, EngineError>, Arc<Engine>) {
    let address = answering(answer).await;
    let mut server = Server::new();
    let mut phone = Phone::new();
    let enrol = phone
        .with(|engine, moment| engine.enrol_request("code", "phone", moment))
        .unwrap();
    let enrolled = server.enrol(&enrol);
    phone
        .with(|engine, moment| engine.enrol_take(&enrolled, &address, moment))
        .unwrap();
    let engine = Arc::new(phone.engine.take().unwrap());
    let client = SyncClient::new(Arc::clone(&engine), &ClientConfig::default()).unwrap();
    (client.sync(limit).await, engine)
}

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_captive_portal_changes_nothing() {
    let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    let (result, engine) = sync_against(page, LONG).await;
    assert_eq!(result.unwrap_err().code(), "not_our_server");
    assert!(!engine.status().unwrap().must_enrol);
    let lie = b"HTTP/1.1 200 OK\r\ncontent-type: application/vnd.fieldline+cbor-zstd\r\ncontent-length: 6\r\n\r\n<html>";
    assert_eq!(
        sync_against(lie, LONG).await.0.unwrap_err().code(),
        "not_our_server"
    );
    let portal = b"HTTP/1.1 302 Found\r\nlocation: http://portal/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(
        sync_against(portal, LONG).await.0.unwrap_err().code(),
        "not_our_server"
    );
}

#[tokio::test]
async fn a_refused_token_is_shown_and_nothing_is_wiped() {
    let answer =
        b"HTTP/1.1 401 Unauthorized\r\ncontent-type: application/problem+json\r\ncontent-length: 2\r\n\r\n{}";
    let (result, engine) = sync_against(answer, LONG).await;
    assert_eq!(result.unwrap_err().code(), "unauthorized");
    let status = engine.status().unwrap();
    assert!(status.must_enrol && status.enrolled);
}

#[tokio::test]
async fn a_problem_is_named_by_its_code() {
    let answer =
        b"HTTP/1.1 429 Slow\r\ncontent-type: application/problem+json\r\ncontent-length: 20\r\n\r\n{\"code\":\"too_many\"}\n";
    let (result, _) = sync_against(answer, LONG).await;
    assert_eq!(result.unwrap_err().code(), "too_many");
}

#[tokio::test]
async fn a_slice_ends_at_its_limit() {
    let (result, _) = sync_against(b"", Duration::from_millis(50)).await;
    assert_eq!(result.unwrap(), Summary::default());
}

#[test]
fn addresses_are_https_or_this_machine() {
    for good in [
        "https://field.example.com",
        "http://127.0.0.1:8080/",
        "http://[::1]:1",
        "http://localhost",
    ] {
        assert!(check_address(good, false).is_ok(), "{good}");
    }
    for bad in [
        "http://field.example.com",
        "ftp://localhost",
        "field",
        "",
        "http://",
    ] {
        assert!(check_address(bad, false).is_err(), "{bad}");
    }
    assert!(check_address("http://10.0.0.5", true).is_ok());
    let url = check_address("https://a.example/base", false)
        .unwrap()
        .join(Method::Exchange.path())
        .unwrap();
    assert_eq!(url.as_str(), "https://a.example/base/sync/v1/exchange");
}

#[test]
fn pauses_grow_to_a_limit() {
    assert!(retry_pause(1, u32::MAX) <= RETRY_FIRST);
    assert!(retry_pause(1, 0) >= RETRY_FIRST / 2);
    assert!(retry_pause(60, u32::MAX) <= RETRY_MAX);
}

#[test]
fn unreadable_certificates_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let config = crate::Config {
        path: dir.path().join("a.db"),
        app: String::new(),
    };
    let engine = Arc::new(with_moment(|moment| Engine::open(config, moment)).unwrap());
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
    let config = ClientConfig {
        extra_ca_pem: Some(pem),
        allow_plain_http: false,
    };
    assert_eq!(SyncClient::new(engine, &config).unwrap_err().code(), "tls_failed");
}
