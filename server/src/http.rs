//! The whole of HTTP in one router: sync for phones, and what people and scripts ask for.
//!
//! It merges, closes every answer to the outside, and logs requests by their route, never by their address: addresses
//! hold tokens and searches. It decides nothing about the record.

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::app::App;
use crate::auth::cookie::OverTls;
use crate::problem::{self, Code, Problem};
use crate::rest::rest_router;
use crate::sync_http::sync_router;
use crate::web::reader::Reader;
use crate::web::{finish, page_router};

/// For answers that set nothing stricter: only from here, and in nobody's frame.
const POLICY: &str = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
/// Browsers that came by TLS once come by TLS for a year.
const TLS_ONLY: &str = "max-age=31536000";
/// Where programs ask, and want errors they can read.
const PROGRAM_PATHS: [&str; 3] = ["/api/", PHONE_PATH, "/healthz"];
/// Where phones ask; no browser does.
const PHONE_PATH: &str = "/sync/";

/// How answers are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpOptions {
    /// People reach this server by TLS, here or at a proxy.
    pub tls: bool,
    /// The address people use, for links to copy or to scan. Without it, the one they came by.
    pub public_url: Option<String>,
}

/// The configured address, as handlers find it.
#[derive(Debug, Clone)]
pub(crate) struct PublicUrl(pub(crate) String);

/// Everything the server answers.
pub fn router(app: App, options: HttpOptions) -> Router {
    Router::new()
        .merge(sync_router(app.clone()))
        .merge(rest_router(app.clone()))
        .merge(page_router(app.clone()))
        .fallback(lost)
        .layer(middleware::from_fn_with_state(options, close))
        .layer(middleware::from_fn_with_state(app, log))
}

/// An address that leads nowhere: a page for people, a problem for programs.
async fn lost(request: Request) -> Response {
    let path = request.uri().path();
    if PROGRAM_PATHS.iter().any(|program| path.starts_with(program)) {
        let problem = Problem::new(Code::NotFound);
        return problem.respond(problem::language(request.headers()));
    }
    let reader = Reader::of(request.uri(), request.headers());
    finish::close(&reader, request.uri(), finish::lost(&reader, request.uri()))
}

/// Tells handlers that cookies are safe in transit, and adds the headers that an answer did not set itself. What tells
/// browsers how to treat a page is kept from phones: on a weak link it would be a third of a sync that brings nothing.
async fn close(State(options): State<HttpOptions>, mut request: Request, next: Next) -> Response {
    if options.tls {
        request.extensions_mut().insert(OverTls);
    }
    if let Some(url) = options.public_url {
        request.extensions_mut().insert(PublicUrl(url));
    }
    let is_for_phones = request.uri().path().starts_with(PHONE_PATH);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(headers, header::CACHE_CONTROL, "no-store");
    if !is_for_phones {
        close_to_browsers(headers);
    }
    if options.tls {
        put(headers, header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    response
}

fn close_to_browsers(headers: &mut HeaderMap) {
    put(headers, header::CONTENT_SECURITY_POLICY, POLICY);
    put(headers, header::REFERRER_POLICY, "same-origin");
    put(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    put(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), payment=()",
    );
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// One line for each request: the route with its places unfilled, so that no token and no search stands in a log.
async fn log(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = app.now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let (route, status) = (route.as_deref().unwrap_or("-"), response.status().as_u16());
    let ms = app.now().since(began);
    if response.status().is_server_error() {
        tracing::warn!(
            http.status = status,
            http.ms = ms,
            "{method} {route} answered {status}"
        );
    } else {
        tracing::debug!(
            http.status = status,
            http.ms = ms,
            "{method} {route} answered {status}"
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::StatusCode;
    use tower::ServiceExt;

    use super::*;
    use crate::app::{Edge, Options};

    async fn cookies_of_the_sign_in_page(tls: bool) -> String {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
        let request = Request::get("/sign-in").body(Body::empty()).unwrap();
        let response = router(
            app,
            HttpOptions {
                tls,
                public_url: None,
            },
        )
        .oneshot(request)
        .await
        .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let cookies = response.headers().get_all(header::SET_COOKIE);
        cookies
            .iter()
            .map(|cookie| cookie.to_str().unwrap().to_owned() + "\n")
            .collect()
    }

    #[tokio::test]
    async fn cookies_are_secure_exactly_when_people_come_by_tls() {
        let plain = cookies_of_the_sign_in_page(false).await;
        assert!(plain.contains("HttpOnly") && !plain.contains("Secure"), "{plain}");
        let tls = cookies_of_the_sign_in_page(true).await;
        assert!(tls.contains("Secure") && tls.contains("__Host-"), "{tls}");
    }

    type Heard = (StatusCode, Vec<(HeaderName, HeaderValue)>, String);

    async fn heard(app: &App, path: &str) -> Heard {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, "en");
        let response = router(app.clone(), HttpOptions::default())
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let mut headers: Vec<_> = parts
            .headers
            .into_iter()
            .filter_map(|(name, value)| Some((name?, value)))
            .collect();
        headers.sort_by_key(|(name, _)| name.to_string());
        (parts.status, headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn whatever_leads_nowhere_is_told_to_who_asked() {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
        for desk in ["/hq/nowhere", "/hq/tickets/%ff", "/hq/%ff"] {
            let (status, _, body) = heard(&app, desk).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{desk}");
            assert!(body.contains("href=\"/hq\""), "{desk}: {body}");
        }
        // A wrong link, and whatever stands behind one: the very same answer, headers and all.
        let wrong = heard(&app, "/t/wrong").await;
        assert_eq!(wrong.0, StatusCode::NOT_FOUND);
        for path in ["/t/%ff", "/t/wrong/nowhere", "/t/wrong/%ff", "/t/a/b/c/d", "/t/"] {
            assert_eq!(heard(&app, path).await, wrong, "{path}");
        }
        for program in ["/api/v1/nowhere", "/api/v1/%ff", "/sync/v1/%ff", "/healthz/%ff"] {
            let (status, headers, body) = heard(&app, program).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{program}");
            let kind = headers.iter().find(|(name, _)| name == header::CONTENT_TYPE);
            assert_eq!(kind.unwrap().1, problem::PROBLEM_JSON, "{program}");
            assert!(body.contains("not_found"), "{program}: {body}");
        }
    }

    #[tokio::test]
    async fn phones_are_spared_the_headers_for_browsers() {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
        let router = router(app, HttpOptions::default());
        let headers =
            async |request: Request| router.clone().oneshot(request).await.unwrap().headers().clone();
        let exchange = Request::post("/sync/v1/exchange").body(Body::empty()).unwrap();
        let phone = headers(exchange).await;
        let browser = headers(Request::get("/sign-in").body(Body::empty()).unwrap()).await;
        for name in ["content-security-policy", "referrer-policy", "permissions-policy"] {
            assert!(!phone.contains_key(name), "{name}");
            assert!(browser.contains_key(name), "{name}");
        }
        for headers in [phone, browser] {
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["cache-control"], "no-store");
        }
    }
}
