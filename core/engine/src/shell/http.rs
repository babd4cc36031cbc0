//! One request, one answer, both bounded. Decides whether an answer is ours.

use std::sync::Arc;
use std::time::Duration;

use fieldline_model::wire::{PACKED_BYTES_MAX, pack, unpack};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::trouble::{Names, told};
use super::trust::tls;
use crate::error::{EngineError, Silence};

/// What our bodies are called.
const MEDIA: &str = "application/vnd.fieldline+cbor-zstd";
/// What problems are called.
const PROBLEM: &str = "application/problem+json";
/// Every zstd frame begins like this.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A connection that takes longer is none.
const CONNECT_MAX: Duration = Duration::from_secs(15);
/// Silence that long in the middle of an answer ends it.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// A whole request, on the slowest link we serve: 8 MiB at 300 kbit/s.
const REQUEST_MAX: Duration = Duration::from_secs(240);
/// Longest problem that is read.
const PROBLEM_BYTES_MAX: usize = 64 * 1024;
/// Longest code of a problem that is shown.
const CODE_BYTES_MAX: usize = 64;

/// How to reach servers.
#[derive(Debug, Clone, Default)]
pub struct ClientConfig {
    /// A company's own certificates, PEM, beside the public authorities: its authority's, or its server's.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Allow plain HTTP to other machines. For trials only: tokens and names travel in the clear.
    pub allow_plain_http: bool,
}

/// The endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Enrol,
    Exchange,
    Positions,
}

impl Method {
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Enrol => "sync/v1/enrol",
            Self::Exchange => "sync/v1/exchange",
            Self::Positions => "sync/v1/positions",
        }
    }
}

#[derive(Clone)]
pub(super) struct Http {
    client: Client,
    /// For lines, which are no requests: of HTTP 1 only, and without the patience for one answer.
    lines: Client,
    allow_plain_http: bool,
}

impl Http {
    pub(super) fn new(config: &ClientConfig) -> Result<Self, EngineError> {
        let tls = tls(config.extra_ca_pem.as_deref())?;
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(Arc::new(Names))
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_MAX)
        };
        let built = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|error| EngineError::Tls(error.to_string()))
        };
        Ok(Self {
            client: built(builder().read_timeout(SILENCE_MAX).timeout(REQUEST_MAX))?,
            lines: built(builder().http1_only())?,
            allow_plain_http: config.allow_plain_http,
        })
    }

    /// Sends a message and reads the answer's.
    pub(super) async fn send<Q: Serialize, A: DeserializeOwned>(
        &self,
        method: Method,
        address: &str,
        token: Option<&str>,
        request: &Q,
    ) -> Result<A, EngineError> {
        let response = self.post(method, address, token, request).await?;
        if !is_media(&response, MEDIA) {
            return Err(EngineError::NotOurServer);
        }
        let body = read(response, PACKED_BYTES_MAX).await?;
        if !body.starts_with(&ZSTD_MAGIC) {
            return Err(EngineError::NotOurServer);
        }
        Ok(unpack(&body)?)
    }

    /// Sends a message whose answer has no body.
    pub(super) async fn send_only<Q: Serialize>(
        &self,
        method: Method,
        address: &str,
        token: &str,
        request: &Q,
    ) -> Result<(), EngineError> {
        let response = self.post(method, address, Some(token), request).await?;
        // A portal would say 200 and send a page.
        if response.status() == StatusCode::NO_CONTENT {
            Ok(())
        } else {
            Err(EngineError::NotOurServer)
        }
    }

    /// A request for a line.
    pub(super) fn line(&self, path: &str, address: &str, token: &str) -> Result<RequestBuilder, EngineError> {
        let url = self.url(address, path)?;
        Ok(self.lines.get(url).bearer_auth(token))
    }

    /// Any other request.
    pub(super) fn request(
        &self,
        method: reqwest::Method,
        address: &str,
        path: &str,
        token: &str,
    ) -> Result<RequestBuilder, EngineError> {
        let url = self.url(address, path)?;
        Ok(self.client.request(method, url).bearer_auth(token))
    }

    fn url(&self, address: &str, path: &str) -> Result<Url, EngineError> {
        check_address(address, self.allow_plain_http)?
            .join(path)
            .map_err(|_| EngineError::BadAddress(address.to_owned()))
    }

    async fn post<Q: Serialize>(
        &self,
        method: Method,
        address: &str,
        token: Option<&str>,
        request: &Q,
    ) -> Result<Response, EngineError> {
        let url = self.url(address, method.path())?;
        let mut post = self
            .client
            .post(url)
            .header(CONTENT_TYPE, MEDIA)
            .body(pack(request)?);
        if let Some(token) = token {
            post = post.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        // Only an exchange may come twice and mean the same.
        let again = post.try_clone().filter(|_| method == Method::Exchange);
        let response = match (post.send().await, again) {
            (Err(error), Some(again)) if line_was_dead(&error) => again.send().await,
            (answer, _) => answer,
        };
        let response = response.map_err(told)?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(problem(response).await)
        }
    }
}

/// Whether a line that was kept open is dead by now, which only writing on it tells: the server went, or a tunnel was long.
fn line_was_dead(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}

/// The server's base address: https, or http on this machine, or http anywhere when that is allowed.
///
/// # Errors
/// [`EngineError::PlainHttp`] for http to another machine, [`EngineError::BadAddress`] for anything else.
pub fn check_address(address: &str, allow_plain_http: bool) -> Result<Url, EngineError> {
    let bad = || EngineError::BadAddress(address.to_owned());
    let with_slash = format!("{}/", address.trim().trim_end_matches('/'));
    let url = Url::parse(&with_slash).map_err(|_| bad())?;
    let host = url.host_str().ok_or_else(bad)?;
    let ip = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>();
    let loopback = host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback || allow_plain_http => Ok(url),
        "http" => Err(EngineError::PlainHttp(address.to_owned())),
        _ => Err(bad()),
    }
}

fn is_media(response: &Response, media: &str) -> bool {
    let value = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media))
}

async fn read(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, EngineError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(told)? {
        if body.len() + chunk.len() > bytes_max {
            return Err(fieldline_model::wire::WireError::TooLarge.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong, if our server says so; anything else is not our server or not there.
pub(super) async fn problem(response: Response) -> EngineError {
    let status = response.status();
    if !is_media(&response, PROBLEM) {
        // A reverse proxy before a server that is being restarted.
        let gone = [
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        return if gone.contains(&status) {
            Silence::ServerDown(status.as_u16()).into()
        } else {
            EngineError::NotOurServer
        };
    }
    if status == StatusCode::UNAUTHORIZED {
        return EngineError::Unauthorized;
    }
    let retry_after_s = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let body = match read(response, PROBLEM_BYTES_MAX).await {
        Ok(body) => body,
        Err(error) => return error,
    };
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let code = json
        .get("code")
        .and_then(serde_json::Value::as_str)
        .unwrap_or("unknown");
    let code = code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(CODE_BYTES_MAX)
        .collect();
    EngineError::Server {
        status: status.as_u16(),
        code,
        retry_after_s,
    }
}
