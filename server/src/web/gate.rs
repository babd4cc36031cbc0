//! Signing in, by password or one-time link, and out.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::frame::{Done, go};
use super::reader::Reader;
use super::{Web, finish};
use crate::auth::cookie::{
    form_is_ours, form_token, is_over_tls, is_unsent, session_cookie, session_cookie_gone, unsent_cookie_gone,
};
use crate::auth::extract::{NotSigned, PeerAddress, Signed, SignedForm, safe_next};
use crate::auth::{NewSession, SignInFailure};
use crate::page::paths;
use crate::page::sign_in::{self as page, LinkView, SignInError, SignInView};
use crate::problem::{Code, Problem};

/// Where the browser stands: its headers, and whether it came by TLS.
pub(super) struct Browser {
    headers: HeaderMap,
    over_tls: bool,
}

impl<S: Sync> axum::extract::FromRequestParts<S> for Browser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        let extensions: &Extensions = &parts.extensions;
        Ok(Self {
            headers: parts.headers.clone(),
            over_tls: is_over_tls(extensions),
        })
    }
}

impl Browser {
    /// The token for a form, and the cookie that goes with it.
    fn token(&self, web: &Web) -> (String, Option<HeaderValue>) {
        form_token(&self.headers, self.over_tls, web.app.edge().bytes())
    }

    fn let_in(&self, new: &NewSession, next: &str) -> Response {
        let mut response = Redirect::to(safe_next(next)).into_response();
        response
            .headers_mut()
            .append(header::SET_COOKIE, session_cookie(&new.token, self.over_tls));
        response
    }
}

/// GET the start: HQ's queue.
pub(super) async fn start() -> Redirect {
    Redirect::to(paths::QUEUE)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Next {
    next: String,
}

/// GET the form.
pub(super) async fn form(
    State(web): State<Web>,
    reader: Reader,
    browser: Browser,
    Query(Next { next }): Query<Next>,
) -> Response {
    let attempt = Attempt {
        name: String::new(),
        next,
        error: None,
        unsent: is_unsent(&browser.headers),
    };
    let gone = attempt.unsent.then(unsent_cookie_gone);
    with_cookie(show(&web, &reader, &browser, attempt), gone)
}

/// What the form is drawn with.
struct Attempt {
    name: String,
    next: String,
    error: Option<SignInError>,
    unsent: bool,
}

fn show(web: &Web, reader: &Reader, browser: &Browser, attempt: Attempt) -> Response {
    let (csrf, cookie) = browser.token(web);
    let status = match attempt.error {
        None => StatusCode::OK,
        Some(SignInError::TooMany(_)) => StatusCode::TOO_MANY_REQUESTS,
        Some(SignInError::Wrong | SignInError::Expired) => StatusCode::FORBIDDEN,
    };
    let view = SignInView {
        company: web.app.organisation().name.clone(),
        name: attempt.name,
        error: attempt.error,
        unsent: attempt.unsent,
        csrf,
        next: safe_next(&attempt.next).to_owned(),
    };
    with_cookie(finish::answer(status, page::sign_in(reader.lang, &view)), cookie)
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInForm {
    csrf: String,
    name: String,
    password: String,
    next: String,
}

/// POST name and password.
pub(super) async fn sign_in(
    State(web): State<Web>,
    reader: Reader,
    browser: Browser,
    PeerAddress(peer): PeerAddress,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let SignInForm {
        csrf,
        name,
        password,
        next,
    } = form;
    let again = |error| {
        show(
            &web,
            &reader,
            &browser,
            Attempt {
                name: name.clone(),
                next: next.clone(),
                error: Some(error),
                unsent: false,
            },
        )
    };
    if !form_is_ours(&browser.headers, browser.over_tls, &csrf) {
        return Ok(again(SignInError::Expired));
    }
    match web.app.sign_in(&name, password, peer).await {
        Ok(new) => Ok(browser.let_in(&new, &next)),
        Err(SignInFailure::Wrong) => Ok(again(SignInError::Wrong)),
        Err(SignInFailure::TooMany { minutes }) => Ok(again(SignInError::TooMany(minutes))),
        Err(SignInFailure::Store(error)) => Err(error.into()),
    }
}

/// GET a one-time link's page. Looking does not use the link.
pub(super) async fn link(
    State(web): State<Web>,
    reader: Reader,
    browser: Browser,
    signed: Result<Signed, NotSigned>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let holder = web.app.link_holder(&token).await?;
    if holder.is_none() && signed.is_ok() {
        // Who opens the message again is where the link was to lead.
        return Ok(go(paths::QUEUE, Done::SignedInAlready));
    }
    let (csrf, cookie) = browser.token(&web);
    let view = LinkView {
        company: web.app.organisation().name.clone(),
        token,
        name: holder.map(|staff| staff.display_name),
        csrf,
    };
    let mut response = finish::page(page::sign_in_link(reader.lang, &view));
    // The address is a secret: no other page may learn it.
    response
        .headers_mut()
        .insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(with_cookie(response, cookie))
}

/// POST a one-time link.
pub(super) async fn sign_in_by_link(
    State(web): State<Web>,
    browser: Browser,
    Path(token): Path<String>,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    if !form_is_ours(&browser.headers, browser.over_tls, &form.csrf) {
        return Err(Problem::new(Code::FormExpired));
    }
    match web.app.sign_in_by_link(&token).await {
        Ok(new) => Ok(browser.let_in(&new, paths::QUEUE)),
        // The page says that the link is spent.
        Err(SignInFailure::Wrong | SignInFailure::TooMany { .. }) => {
            Ok(Redirect::to(&paths::sign_in_link(&token)).into_response())
        }
        Err(SignInFailure::Store(error)) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// POST the end of a session.
pub(super) async fn sign_out(
    State(web): State<Web>,
    browser: Browser,
    SignedForm {
        signed,
        form: Nothing {},
    }: SignedForm<Nothing>,
) -> Result<Response, Problem> {
    web.app.sign_out(&signed.token).await?;
    let mut response = Redirect::to(paths::SIGN_IN).into_response();
    response
        .headers_mut()
        .append(header::SET_COOKIE, session_cookie_gone(browser.over_tls));
    Ok(response)
}
