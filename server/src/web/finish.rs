//! What every answer of a page carries: headers that close it to the outside, its language, and words for problems.
//!
//! Nobody who opened a page is answered with a bare line or with JSON: a failure becomes a page for who stands there.

use axum::extract::{Path, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fieldline_model::plain::plain;
use maud::Markup;

use super::reader::{Reader, keep_language};
use crate::page::trouble::{Audience, Trouble, TroubleView, not_found, trouble};
use crate::page::{assets, paths};
use crate::problem::{Code, Problem};

/// Scripts, styles and connections only from here, pictures also from `data:` (signatures); nobody may frame a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Files are named by their content, so browsers may keep them.
const KEEP: &str = "public, max-age=31536000, immutable";

/// Turns problems into pages in the reader's language and adds the headers.
pub(super) async fn finish(request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri(), request.headers());
    let uri = request.uri().clone();
    if !is_utf8(uri.path()) {
        return close(&reader, &uri, lost(&reader, &uri));
    }
    let sends = !matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    if let Some(code) = failure(&response) {
        response = match trouble_of(code) {
            Trouble::NotFound => lost(&reader, &uri),
            // Nothing was sent: the address itself cannot be read.
            Trouble::Unreadable if !sends => lost(&reader, &uri),
            what => told(&reader, &uri, code.status(), what),
        };
    }
    close(&reader, &uri, response)
}

/// An answer with all the headers of a page.
pub(crate) fn close(reader: &Reader, uri: &Uri, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CACHE_CONTROL, "no-store");
    put(
        header::REFERRER_POLICY,
        if is_track(uri) {
            "no-referrer"
        } else {
            "same-origin"
        },
    );
    put(header::CONTENT_LANGUAGE, reader.lang.tag());
    if is_track(uri) {
        put(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    if let Some(cookie) = keep_language(uri) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn is_track(uri: &Uri) -> bool {
    uri.path().starts_with("/t/")
}

/// Whether a path, its escapes undone, is a text. One that is not names nothing.
fn is_utf8(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        rest = match escaped {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                &rest[3..]
            }
            None => {
                bytes.push(*first);
                tail
            }
        };
    }
    std::str::from_utf8(&bytes).is_ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| value.try_into().ok())
}

/// What went wrong, if this answer is a failure without a page of its own.
fn failure(response: &Response) -> Option<Code> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.code());
    }
    let status = response.status();
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let failed = status.is_client_error() || status.is_server_error();
    (failed && !is_page).then(|| of_status(status))
}

/// The failures that extractors and the router answer by themselves.
fn of_status(status: StatusCode) -> Code {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Code::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Code::MessageTooLarge,
        status if status.is_client_error() => Code::BadRequest,
        _ => Code::Internal,
    }
}

/// A page.
pub(crate) fn page(markup: Markup) -> Response {
    answer(StatusCode::OK, markup)
}

/// A page with another status.
pub(crate) fn answer(status: StatusCode, markup: Markup) -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    // Whatever was typed, and however long ago: it must not reorder the page around it.
    let body = plain(&markup.into_string()).into_owned();
    (status, [(header::CONTENT_TYPE, html)], body).into_response()
}

/// The plain page for an address that leads nowhere: for every wrong one the same.
pub(crate) fn lost(reader: &Reader, uri: &Uri) -> Response {
    let audience = Audience::of(uri.path());
    answer(StatusCode::NOT_FOUND, not_found(reader.lang, audience))
}

fn trouble_of(code: Code) -> Trouble {
    match code {
        Code::NotFound | Code::MethodNotAllowed => Trouble::NotFound,
        Code::FormExpired => Trouble::FormExpired,
        Code::Forbidden | Code::DeviceRevoked => Trouble::Denied,
        Code::TooMany | Code::Busy => Trouble::Busy,
        Code::DiskFull => Trouble::Full,
        Code::MessageTooLarge => Trouble::TooLarge,
        Code::BadRequest | Code::BadQuery | Code::MediaType => Trouble::Unreadable,
        _ => Trouble::Broken,
    }
}

fn told(reader: &Reader, uri: &Uri, status: StatusCode, what: Trouble) -> Response {
    let view = TroubleView {
        trouble: what,
        audience: Audience::of(uri.path()),
        id: None,
        again: again(uri),
    };
    answer(status, trouble(reader.lang, &view))
}

/// Where a customer begins again: at his page. At HQ the way to the queue stands on the page anyhow.
fn again(uri: &Uri) -> Option<String> {
    let token = uri.path().strip_prefix("/t/")?.split('/').next()?;
    Some(paths::track(token))
}

/// One embedded file.
pub(super) async fn asset(reader: Reader, uri: Uri, Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&name) else {
        return lost(&reader, &uri);
    };
    (
        [
            (header::CONTENT_TYPE, asset.media_type),
            (header::CACHE_CONTROL, KEEP),
        ],
        asset.body,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_text_or_names_nothing() {
        for text in ["/hq", "/t/%E6%9C%BA", "/a%", "/a%2", "/a%zz", "/%25ff"] {
            assert!(is_utf8(text), "{text}");
        }
        for broken in ["/hq/tickets/%ff", "/t/%E6%9C", "/t/%c0%80"] {
            assert!(!is_utf8(broken), "{broken}");
        }
    }
}
