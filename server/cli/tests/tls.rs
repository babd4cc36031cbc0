//! TLS end to end: the server with a certificate from its settings file, the phone with the company's own.

#![expect(clippy::unwrap_used, reason = "a test that unwraps says where it broke")]

mod common;

use std::path::{Path, PathBuf};

use common::{Phone, Server, company, json, link};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// Certificate and key as files.
struct Files {
    cert: PathBuf,
    key: PathBuf,
}

fn params(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

fn written(dir: &Path, name: &str, cert: &str, key: &KeyPair) -> Files {
    let files = Files {
        cert: dir.join(format!("{name}.pem")),
        key: dir.join(format!("{name}.key")),
    };
    std::fs::write(&files.cert, cert).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

/// As `openssl req -x509` makes it: an authority that signed itself.
fn self_signed(dir: &Path, name: &str) -> Files {
    let key = KeyPair::generate().unwrap();
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    written(
        dir,
        &format!("self-{name}"),
        &params.self_signed(&key).unwrap().pem(),
        &key,
    )
}

/// A certificate of the company's own authority, and that authority's.
fn issued(dir: &Path) -> (Files, PathBuf) {
    let mut authority = params("authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "Own authority");
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let cert = params("localhost").signed_by(&key, &issuer).unwrap();
    let ca = dir.join("ca.pem");
    std::fs::write(&ca, issuer.pem()).unwrap();
    (written(dir, "issued", &cert.pem(), &key), ca)
}

/// A server that has all its settings from a file.
fn serve(dir: &Path, data: &Path, files: &Files) -> Server {
    let settings = dir.join("fieldline.toml");
    let text = format!(
        "data = '{}'\nlisten = '127.0.0.1:0'\npublic_url = 'https://hq.example'\nlog = 'json'\n[tls]\ncert = '{}'\nkey = '{}'\n",
        data.display(),
        files.cert.display(),
        files.key.display()
    );
    std::fs::write(&settings, text).unwrap();
    Server::with(&["--config", settings.to_str().unwrap()])
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_server_from_its_settings_file_is_reached_by_tls_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let (files, ca) = issued(dir.path());
    let server = serve(dir.path(), &data, &files);
    assert!(server.http.starts_with("https://"), "{}", server.http);
    let address = server.as_url("https", "localhost");
    let code = link(&data, &address, "Chen Liqun");
    let phone = Phone::new(dir.path().join("phone"));
    assert_eq!(phone.bad(&["enrol", &code]), "certificate_untrusted");
    assert_eq!(
        phone.bad(&["enrol", &code, "--ca", text(&files.key)]),
        "certificate_none"
    );
    let empty = dir.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(
        phone.bad(&["enrol", &code, "--ca", text(&empty)]),
        "certificate_none"
    );
    let plain = link(&data, &server.as_url("http", "localhost"), "Chen Liqun");
    assert_eq!(phone.bad(&["enrol", &plain]), "server_not_http");

    // None of this used the code up, and the authority is kept for what comes after.
    assert_eq!(
        phone.good(&["enrol", &code, "--ca", text(&ca)])["sync"]["done"],
        true
    );
    std::fs::remove_file(&ca).unwrap();
    phone.good(&["sync"]);
}

#[test]
fn the_servers_own_certificate_is_enough_and_counts_for_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let files = self_signed(dir.path(), "localhost");
    let server = serve(dir.path(), &data, &files);
    let address = server.as_url("https", "localhost");
    let code = link(&data, &address, "Chen Liqun");
    let phone = Phone::new(dir.path().join("phone"));
    assert_eq!(phone.bad(&["enrol", &code]), "certificate_untrusted");
    let other = self_signed(dir.path(), "other.example");
    assert_eq!(
        phone.bad(&["enrol", &code, "--ca", text(&other.cert)]),
        "certificate_untrusted"
    );
    let by_number = link(&data, &server.as_url("https", "127.0.0.1"), "Chen Liqun");
    let output = phone.run(&["enrol", &by_number, "--ca", text(&files.cert)]);
    let error = json(&output)["error"].clone();
    assert_eq!(error["code"], "certificate_name");
    assert!(error["text"].as_str().unwrap().contains("localhost"), "{error}");
    phone.good(&["enrol", &code, "--ca", text(&files.cert)]);
    phone.good(&["sync"]);

    // The company renews its certificate: the phone is told of the new one, once.
    drop(server);
    let renewed = self_signed(dir.path(), "localhost");
    let server = serve(dir.path(), &data, &renewed);
    let moved = server.as_url("https", "localhost");
    assert_eq!(phone.bad(&["server", &moved]), "certificate_untrusted");
    phone.good(&["server", &moved, "--ca", text(&renewed.cert)]);
    phone.good(&["sync"]);
}

#[test]
fn https_to_a_server_without_tls_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path(), "127.0.0.1:0");
    let phone = Phone::new(dir.path().join("phone"));
    let address = server.as_url("https", "127.0.0.1");
    assert_eq!(phone.bad(&["enrol", &address, "7KQ4M2XDAB"]), "server_plain_http");
}

#[test]
fn a_certificate_without_its_key_or_none_at_all_keeps_the_server_from_starting() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (
        self_signed(dir.path(), "localhost"),
        self_signed(dir.path(), "other.example"),
    );
    for (cert, key) in [
        (&one.cert, &other.key),
        (&one.key, &one.key),
        (&one.cert, &one.cert),
    ] {
        let output = common::fieldline()
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(dir.path().join("data"))
            .args(["--tls-cert", text(cert), "--tls-key", text(key)])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(json(&output)["error"]["code"], "tls_file", "{output:?}");
    }
}
