//! The shell against sockets that answer badly.

mod tls;

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

/// Fails where the answer's media type and first bytes are not looked at (`Http::send`).
#[tokio::test]
async fn fault_030_a_captive_portal_changes_nothing() {
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

/// A proxy that looks into TLS wants its own sign-in (FAULTS 31). It is not HQ: nobody has to be enrolled again for it.
#[tokio::test]
async fn a_proxys_own_sign_in_is_not_taken_for_hqs() {
    for page in [
        &b"HTTP/1.1 401 Unauthorized\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>"[..],
        b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
    ] {
        let (result, engine) = sync_against(page, LONG).await;
        assert_eq!(result.unwrap_err().code(), "not_our_server");
        assert!(!engine.status().unwrap().must_enrol);
    }
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
fn plain_http_to_another_machine_is_told_apart_from_no_address() {
    let code = |address| check_address(address, false).unwrap_err().code().to_owned();
    assert_eq!(code("http://field.example.com"), "plain_http");
    assert_eq!(code("http://10.0.0.5:8080"), "plain_http");
    assert_eq!(code("field.example.com"), "bad_address");
}

async fn enrol_at(address: &str) -> EngineError {
    let engine = Arc::new(Phone::new().engine.take().unwrap());
    let client = SyncClient::new(engine, &ClientConfig::default()).unwrap();
    client.enrol(address, "code", "phone").await.unwrap_err()
}

#[tokio::test]
async fn what_keeps_a_phone_from_the_server_is_told_apart() {
    let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = gone.local_addr().unwrap().port();
    drop(gone);
    assert_eq!(
        enrol_at(&format!("http://127.0.0.1:{port}")).await.code(),
        "connection_refused"
    );
    // A name that never exists, by RFC 6761.
    assert_eq!(enrol_at("https://nowhere.invalid").await.code(), "host_unknown");
    let proxy = answering(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(enrol_at(&proxy).await.code(), "server_down");
    let hung_up = answering(b"\0").await;
    assert_eq!(enrol_at(&hung_up).await.code(), "server_not_http");
}

#[tokio::test]
async fn silence_is_told_as_silence() {
    let silent = answering(b"").await;
    let patience = Duration::from_millis(20);
    // The provider is the one all our clients bring; this one is made without them.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(patience).build().unwrap();
    let error = client.get(&silent).send().await.unwrap_err();
    assert_eq!(trouble::told(error).code(), "no_answer");
}

#[tokio::test]
async fn a_wait_is_told_with_its_seconds() {
    let answer = b"HTTP/1.1 429 Slow\r\ncontent-type: application/problem+json\r\nretry-after: 3\r\ncontent-length: 21\r\n\r\n{\"code\":\"code_tries\"}";
    let error = enrol_at(&answering(answer).await).await;
    assert_eq!(error.code(), "code_tries");
    assert!(
        error.words(fieldline_model::reason::Lang::En).contains("3 s"),
        "{error}"
    );
}

/// An enrolled phone that used a colleague's code once left a second phone at HQ and the code spent.
#[tokio::test]
async fn an_enrolled_phone_asks_nobody_before_it_refuses_to_enrol() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let mut phone = Phone::enrolled(&mut Server::new());
    let engine = Arc::new(phone.engine.take().unwrap());
    let client = SyncClient::new(Arc::clone(&engine), &ClientConfig::default()).unwrap();
    tokio::select! {
        refused = client.enrol(&address, "code", "phone") => {
            assert_eq!(refused.unwrap_err().code(), "enrolled_already");
        }
        _ = listener.accept() => panic!("a request was made"),
    }
    // HQ refused its token: then it may ask again.
    engine.token_refused().unwrap();
    assert!(with_moment(|moment| engine.enrol_request("code", "phone", moment)).is_ok());
}

#[tokio::test]
async fn a_moved_server_is_kept_only_when_it_knows_the_phone() {
    let stranger =
        b"HTTP/1.1 401 Unauthorized\r\ncontent-type: application/problem+json\r\ncontent-length: 2\r\n\r\n{}";
    let address = answering(stranger).await;
    let mut phone = Phone::enrolled(&mut Server::new());
    let engine = Arc::new(phone.engine.take().unwrap());
    let client = SyncClient::new(Arc::clone(&engine), &ClientConfig::default()).unwrap();
    assert_eq!(
        client.move_to(&address).await.unwrap_err().code(),
        "phone_unknown"
    );
    assert_eq!(engine.server_url().as_deref(), Some("http://localhost"));
    assert!(
        !engine.status().unwrap().must_enrol,
        "a stranger's word does not count"
    );
}
