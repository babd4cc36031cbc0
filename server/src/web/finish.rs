//! What every answer of a page carries: headers that close it to the outside, its language, and words for problems.

use axum::extract::{Path, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::reader::{Reader, keep_language};
use crate::page::trouble::{Trouble, TroubleView, not_found, trouble};
use crate::page::{assets, paths};
use crate::problem::{Code, Problem};
use crate::words::Lang;

/// Scripts, styles and connections only from here, pictures also from `data:` (signatures); nobody may frame a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Files are named by their content, so browsers may keep them.
const KEEP: &str = "public, max-age=31536000, immutable";

/// Turns problems into pages in the reader's language and adds the headers.
pub(super) async fn finish(request: Request, next: Next) -> Response {
    let reader = Reader::of(request.uri(), request.headers());
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions().get::<Problem>() {
        response = told(reader.lang, &uri, problem);
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = lost(reader.lang);
    }
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CACHE_CONTROL, "no-store");
    put(
        header::REFERRER_POLICY,
        if is_track(&uri) {
            "no-referrer"
        } else {
            "same-origin"
        },
    );
    put(header::CONTENT_LANGUAGE, reader.lang.tag());
    if is_track(&uri) {
        put(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    if let Some(cookie) = keep_language(&uri) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn is_track(uri: &Uri) -> bool {
    uri.path().starts_with("/t/")
}

/// A page.
pub(crate) fn page(markup: Markup) -> Response {
    answer(StatusCode::OK, markup)
}

/// A page with another status.
pub(crate) fn answer(status: StatusCode, markup: Markup) -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(header::CONTENT_TYPE, html)], markup.into_string()).into_response()
}

/// The plain page for an address that leads nowhere: for every wrong one the same.
pub(crate) fn lost(lang: Lang) -> Response {
    answer(StatusCode::NOT_FOUND, not_found(lang))
}

fn told(lang: Lang, uri: &Uri, problem: &Problem) -> Response {
    let status = problem.code().status();
    let what = match problem.code() {
        Code::NotFound | Code::MethodNotAllowed => return lost(lang),
        Code::FormExpired => Trouble::FormExpired,
        Code::Forbidden | Code::DeviceRevoked => Trouble::Denied,
        Code::TooMany | Code::Busy => Trouble::Busy,
        _ => Trouble::Broken,
    };
    let desk = uri.path().starts_with(paths::QUEUE);
    let view = TroubleView {
        trouble: what,
        id: None,
        again: (what == Trouble::FormExpired && desk).then(|| paths::QUEUE.to_owned()),
        home: desk.then(|| paths::QUEUE.to_owned()),
    };
    answer(status, trouble(lang, &view))
}

/// One embedded file.
pub(super) async fn asset(reader: Reader, Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&name) else {
        return lost(reader.lang);
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
