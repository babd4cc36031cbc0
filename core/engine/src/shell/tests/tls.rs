//! Which certificates are taken, and what is said of the others. Every certificate is made here and now.

use std::io::{Read, Write};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::super::{ClientConfig, SyncClient};
use crate::tests::phone::Phone;

/// What the server shows, and the key it has.
struct Shown {
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

/// How a certificate is made.
#[derive(Clone, Copy)]
struct Make {
    name: &'static str,
    /// First and last year.
    years: (i32, i32),
    /// As the tools make it when asked for one line: an authority that signed itself.
    authority: bool,
}

const PLAIN: Make = Make {
    name: "localhost",
    years: (2000, 3000),
    authority: false,
};
const AUTHORITY: Make = Make {
    authority: true,
    ..PLAIN
};

fn params(make: Make) -> CertificateParams {
    let mut params = CertificateParams::new([make.name.to_owned()]).unwrap();
    (params.not_before, params.not_after) = (
        date_time_ymd(make.years.0, 1, 1),
        date_time_ymd(make.years.1, 1, 1),
    );
    if make.authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params
}

fn self_signed(make: Make) -> Shown {
    let key = KeyPair::generate().unwrap();
    let certificate = params(make).self_signed(&key).unwrap();
    Shown {
        pem: certificate.pem(),
        certificate: certificate.der().clone(),
        key,
    }
}

/// A server's certificate and the authority that issued it.
fn issued() -> (Shown, String) {
    let mut authority = params(AUTHORITY);
    authority
        .distinguished_name
        .push(DnType::CommonName, "A company's own authority");
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = params(PLAIN).signed_by(&key, &issuer).unwrap();
    let shown = Shown {
        pem: certificate.pem(),
        certificate: certificate.der().clone(),
        key,
    };
    (shown, issuer.pem())
}

/// Shows a certificate whether or not the key fits it.
#[derive(Debug)]
struct Show(Arc<CertifiedKey>);

impl ResolvesServerCert for Show {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A server with this certificate that is always too busy; its port.
fn serving(certificate: &CertificateDer<'static>, key: &KeyPair) -> u16 {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let certified = CertifiedKey::new(vec![certificate.clone()], any_supported_type(&key).unwrap());
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Show(Arc::new(certified))));
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let (Ok(mut socket), Ok(mut connection)) =
                (socket, rustls::ServerConnection::new(Arc::clone(&config)))
            else {
                return;
            };
            let mut stream = rustls::Stream::new(&mut connection, &mut socket);
            if stream.read(&mut [0; 16 * 1024]).is_ok() {
                let head =
                    "HTTP/1.1 503 Busy\r\ncontent-type: application/problem+json\r\nconnection: close\r\n";
                let _ = write!(stream, "{head}content-length: 15\r\n\r\n{{\"code\":\"busy\"}}");
                let _ = stream.flush();
            }
        }
    });
    port
}

/// What a phone that trusts `own` says of the server at `address`.
async fn asked(address: &str, own: Option<&str>) -> String {
    let engine = Arc::new(Phone::new().engine.take().unwrap());
    let config = ClientConfig {
        extra_ca_pem: own.map(|pem| pem.as_bytes().to_vec()),
        allow_plain_http: false,
    };
    let client = SyncClient::new(engine, &config).unwrap();
    let error = client.enrol(address, "code", "phone").await.unwrap_err();
    error.code().to_owned()
}

async fn shown(shown: &Shown, own: Option<&str>) -> String {
    let port = serving(&shown.certificate, &shown.key);
    asked(&format!("https://localhost:{port}"), own).await
}

#[tokio::test]
async fn a_companys_own_authority_is_trusted_when_it_is_given() {
    let (server, authority) = issued();
    assert_eq!(shown(&server, None).await, "certificate_untrusted");
    assert_eq!(shown(&server, Some(&authority)).await, "busy");
    let (_, another) = issued();
    assert_eq!(shown(&server, Some(&another)).await, "certificate_untrusted");
}

#[tokio::test]
async fn the_very_certificate_of_the_server_is_trusted_however_it_was_made() {
    for make in [PLAIN, AUTHORITY] {
        let server = self_signed(make);
        assert_eq!(shown(&server, None).await, "certificate_untrusted");
        assert_eq!(shown(&server, Some(&server.pem)).await, "busy");
        let another = self_signed(make);
        assert_eq!(shown(&server, Some(&another.pem)).await, "certificate_untrusted");
    }
    let (server, _) = issued();
    assert_eq!(shown(&server, Some(&server.pem)).await, "busy");
}

#[tokio::test]
async fn a_certificate_given_counts_within_its_time_and_for_its_name_only() {
    for authority in [false, true] {
        for (make, code) in [
            (
                Make {
                    years: (2000, 2001),
                    ..PLAIN
                },
                "certificate_expired",
            ),
            (
                Make {
                    years: (2999, 3000),
                    ..PLAIN
                },
                "certificate_not_yet",
            ),
            (
                Make {
                    name: "other.example",
                    ..PLAIN
                },
                "certificate_name",
            ),
        ] {
            let server = self_signed(Make { authority, ..make });
            assert_eq!(
                shown(&server, Some(&server.pem)).await,
                code,
                "authority: {authority}"
            );
        }
    }
}

#[tokio::test]
async fn a_certificate_without_any_name_is_said_to_have_none() {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([]).unwrap().self_signed(&key).unwrap();
    let port = serving(certificate.der(), &key);
    let engine = Arc::new(Phone::new().engine.take().unwrap());
    let config = ClientConfig {
        extra_ca_pem: Some(certificate.pem().into_bytes()),
        allow_plain_http: false,
    };
    let client = SyncClient::new(engine, &config).unwrap();
    let address = format!("https://localhost:{port}");
    let error = client.enrol(&address, "code", "phone").await.unwrap_err();
    assert_eq!(error.code(), "certificate_name");
    assert!(
        error
            .words(fieldline_model::reason::Lang::En)
            .contains("names no address")
    );
}

#[tokio::test]
async fn whoever_shows_the_certificate_without_its_key_is_refused() {
    for make in [PLAIN, AUTHORITY] {
        let server = self_signed(make);
        let thief = KeyPair::generate().unwrap();
        let port = serving(&server.certificate, &thief);
        let code = asked(&format!("https://localhost:{port}"), Some(&server.pem)).await;
        assert_eq!(code, "certificate_untrusted");
    }
}

#[tokio::test]
async fn https_where_plain_http_is_spoken_and_the_reverse_are_told() {
    let plain = super::answering(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(
        asked(&plain.replace("http:", "https:"), None).await,
        "server_plain_http"
    );
    let alert = super::answering(b"\x15\x03\x03\x00\x02\x02\x46").await;
    assert_eq!(asked(&alert, None).await, "server_not_http");
}

#[test]
fn a_file_without_a_certificate_is_refused() {
    let engine = Arc::new(Phone::new().engine.take().unwrap());
    let code = |pem: &str| {
        let config = ClientConfig {
            extra_ca_pem: Some(pem.as_bytes().to_vec()),
            allow_plain_http: false,
        };
        let made = SyncClient::new(Arc::clone(&engine), &config);
        made.map(|_| "taken").unwrap_or_else(|error| match error.code() {
            "certificate_none" => "certificate_none",
            "certificate_unreadable" => "certificate_unreadable",
            other => panic!("{other}"),
        })
    };
    assert_eq!(code(""), "certificate_none");
    assert_eq!(code("certificate"), "certificate_none");
    assert_eq!(
        code(&KeyPair::generate().unwrap().serialize_pem()),
        "certificate_none"
    );
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(code(damaged), "certificate_unreadable");
    assert_eq!(code(&self_signed(PLAIN).pem), "taken");
}
