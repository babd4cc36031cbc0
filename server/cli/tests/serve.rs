//! The server as a process: what it says, what it refuses, how it ends.

mod common;

use std::process::Stdio;

use common::{Server, fieldline, json};

#[test]
fn other_machines_are_refused_without_tls_in_both_languages() {
    let dir = tempfile::tempdir().unwrap();
    for (lang, words) in [("en", "--insecure when a proxy"), ("zh", "没有加密")] {
        let serve = fieldline()
            .args([
                "serve",
                "--json",
                "--listen",
                "0.0.0.0:0",
                "--lang",
                lang,
                "--data",
            ])
            .arg(dir.path())
            .output()
            .unwrap();
        assert_eq!(serve.status.code(), Some(1));
        let answer = json(&serve);
        assert_eq!(answer["error"]["code"], "tls_required");
        assert!(
            answer["error"]["text"].as_str().unwrap().contains(words),
            "{answer}"
        );
    }
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let first = Server::start(dir.path(), "127.0.0.1:0");
    let second = fieldline()
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert_eq!(json(&second)["error"]["code"], "data_in_use");
    assert_eq!(get(&first, "/healthz").0, 200);
}

#[test]
fn usage_errors_end_with_two() {
    let output = fieldline().args(["phone", "fly"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn every_answer_is_closed_to_the_outside() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path(), "127.0.0.1:0");
    for (path, status) in [
        ("/healthz", 200),
        ("/nowhere", 404),
        ("/sign-in", 200),
        ("/sync/v1/nothing", 404),
        ("/t/wrong", 404),
    ] {
        let (found, headers) = get(&server, path);
        assert_eq!(found, status, "{path}");
        assert!(headers.contains_key("x-content-type-options"), "{path}");
        // Phones are spared what only browsers heed.
        let is_for_browsers = !path.starts_with("/sync/");
        for name in ["content-security-policy", "referrer-policy"] {
            assert_eq!(headers.contains_key(name), is_for_browsers, "{path}: {name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn asked_to_stop_it_ends_well() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path(), "127.0.0.1:0");
    let asked = std::process::Command::new("kill")
        .args(["-TERM", &server.pid().to_string()])
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(asked.success());
    assert!(server.wait().success());
}

fn get(server: &Server, path: &str) -> (u16, reqwest::header::HeaderMap) {
    // The client wants a provider although nothing is encrypted here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let answer = reqwest::get(format!("{}{path}", server.http))
            .await
            .expect("the server answers");
        (answer.status().as_u16(), answer.headers().clone())
    })
}
