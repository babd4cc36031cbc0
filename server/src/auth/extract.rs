//! Who asks: extractors for pages ([`Signed`], [`SignedForm`]) and for REST ([`Api`]).
//!
//! A request that may change something and is authenticated by a cookie must carry the session's token as well, in a
//! form's field `csrf` or in the header [`CSRF_HEADER`]: a browser adds cookies by itself, also for other sites' forms.

use std::net::{IpAddr, SocketAddr};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Form, FromRef, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use fieldline_model::operation::Author;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::cookie::{is_over_tls, session_token, unsent_cookie};
use super::role::{Permission, Role, role_may};
use super::session::session_of;
use super::token::{Token, same_secret};
use crate::app::App;
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::session::api_token_get;
use crate::store::staff::Staff;

/// Where scripts in our own pages put the session's form token.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// Largest form, in bytes: the longest text a person may write, with its encoding.
pub const FORM_BYTES_MAX: usize = 128 * 1024;

/// The address a request came from, where the connection is known. Behind a proxy that is the proxy's: limits per
/// address then count all its clients together, and limits per name carry the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for PeerAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|ConnectInfo(peer)| peer.ip()),
        ))
    }
}

/// A person at HQ with a living session, for pages. On anything but GET and HEAD it wants [`CSRF_HEADER`]; handlers of
/// forms take [`SignedForm`] instead.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who.
    pub staff: Staff,
    /// The token for forms of this session.
    pub csrf: String,
    /// The session itself, to end it.
    pub token: Token,
}

impl Signed {
    /// As author of operations.
    #[must_use]
    pub fn author(&self) -> Author {
        Author::Staff(self.staff.id)
    }

    /// Whether the person's role may do this.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        role_may(self.staff.role, permission)
    }

    /// As [`Signed::may`], for `?`.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn check(&self, permission: Permission) -> Result<(), Problem> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Problem::new(Code::Forbidden))
        }
    }

    /// Whether a form of this session sent this token.
    #[must_use]
    pub fn form_is_ours(&self, csrf: &str) -> bool {
        same_secret(&self.csrf, csrf)
    }

    async fn of(headers: &HeaderMap, over_tls: bool, app: &App) -> Result<Option<Self>, Problem> {
        let Some(token) = session_token(headers, over_tls) else {
            return Ok(None);
        };
        let session = session_of(app.store(), app.now(), &token).await?;
        Ok(session.map(|session| Self {
            staff: session.staff,
            csrf: session.csrf,
            token,
        }))
    }
}

/// Why a page was not shown.
#[derive(Debug, Clone)]
pub enum NotSigned {
    /// Sign in first, then go here: a path of this server.
    SignIn {
        /// Path and query that were asked for, or the page of the form; empty for none.
        next: String,
        /// A form came, and nothing of it was done.
        unsent: bool,
    },
    /// Another failure.
    Problem(Problem),
}

impl IntoResponse for NotSigned {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { next, unsent } => {
                let to = match next.as_str() {
                    "" => paths::SIGN_IN.to_owned(),
                    next => format!("{}?next={}", paths::SIGN_IN, query_value(next)),
                };
                let mut response = Redirect::to(&to).into_response();
                if unsent {
                    response.headers_mut().append(header::SET_COOKIE, unsent_cookie());
                }
                response
            }
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl From<Problem> for NotSigned {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// `text` as a value in a query: everything but unreserved characters and `/` is escaped.
#[must_use]
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Where to go after signing in: a path of this server, never another site.
#[must_use]
pub fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if ours { next } else { paths::QUEUE }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn header_csrf(headers: &HeaderMap) -> &str {
    headers
        .get(CSRF_HEADER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// What is answered to a form whose token is not its session's.
#[must_use]
pub fn form_expired() -> Problem {
    Problem::new(Code::FormExpired)
}

impl<S> FromRequestParts<S> for Signed
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = NotSigned;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, NotSigned> {
        let app = App::from_ref(state);
        let safe = is_safe(&parts.method);
        let signed = Self::of(&parts.headers, is_over_tls(&parts.extensions), &app).await?;
        let Some(signed) = signed else {
            let asked = parts.uri.path_and_query().map(ToString::to_string);
            let next = asked.filter(|_| safe).unwrap_or_default();
            return Err(NotSigned::SignIn { next, unsent: false });
        };
        if safe || signed.form_is_ours(header_csrf(&parts.headers)) {
            Ok(signed)
        } else {
            Err(form_expired().into())
        }
    }
}

/// A form sent by a person at HQ: the session, its token checked, and the fields. `T` ignores the field `csrf`.
#[derive(Debug, Clone)]
pub struct SignedForm<T> {
    /// Who.
    pub signed: Signed,
    /// The fields.
    pub form: T,
}

#[derive(Deserialize)]
struct CsrfField {
    #[serde(default)]
    csrf: String,
}

impl<S, T> FromRequest<S> for SignedForm<T>
where
    App: FromRef<S>,
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = NotSigned;

    async fn from_request(request: Request, state: &S) -> Result<Self, NotSigned> {
        let app = App::from_ref(state);
        let (parts, body) = request.into_parts();
        let signed = Signed::of(&parts.headers, is_over_tls(&parts.extensions), &app).await?;
        let signed = signed.ok_or_else(|| {
            let page = paths::page_of_form(parts.uri.path());
            NotSigned::SignIn {
                unsent: page.is_some(),
                next: page.unwrap_or_default(),
            }
        })?;
        let too_large = |_| Problem::new(Code::MessageTooLarge);
        let bytes = to_bytes(body, FORM_BYTES_MAX).await.map_err(too_large)?;
        let again = |parts: &Parts| Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        let unreadable = |_| Problem::new(Code::BadRequest);
        let Form(CsrfField { csrf }) = Form::from_request(again(&parts), state)
            .await
            .map_err(unreadable)?;
        if !signed.form_is_ours(&csrf) {
            return Err(form_expired().into());
        }
        let Form(form) = Form::from_request(again(&parts), state)
            .await
            .map_err(unreadable)?;
        Ok(Self { signed, form })
    }
}

/// Whoever uses REST: a script with a bearer token, or our own pages with their session.
#[derive(Debug, Clone)]
pub struct Api {
    /// In whose name.
    pub staff: Staff,
    /// The post that counts for a script, beside the person's own.
    cap: Option<Role>,
}

impl Api {
    /// As author of operations.
    #[must_use]
    pub fn author(&self) -> Author {
        Author::Staff(self.staff.id)
    }

    /// Whether this may be done: by the person, and by the token too.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        role_may(self.staff.role, permission) && self.cap.is_none_or(|role| role_may(role, permission))
    }

    /// Finds out who asks.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`], and [`Code::FormExpired`] for an unsafe request with a cookie alone.
    pub async fn of(parts: &Parts, app: &App) -> Result<Self, Problem> {
        let nobody = || Problem::new(Code::Unauthenticated);
        if let Some(line) = parts.headers.get(header::AUTHORIZATION) {
            let token = line.to_str().ok().and_then(bearer).ok_or_else(nobody)?;
            let (hash, now) = (token.hash(), app.now());
            let found = app
                .store()
                .read(move |connection| api_token_get(connection, hash, now))
                .await?;
            let found = found.ok_or_else(nobody)?;
            return Ok(Self {
                staff: found.staff,
                cap: Some(found.role),
            });
        }
        let signed = Signed::of(&parts.headers, is_over_tls(&parts.extensions), app).await?;
        let signed = signed.ok_or_else(nobody)?;
        if is_safe(&parts.method) || signed.form_is_ours(header_csrf(&parts.headers)) {
            Ok(Self {
                staff: signed.staff,
                cap: None,
            })
        } else {
            Err(form_expired())
        }
    }
}

fn bearer(line: &str) -> Option<Token> {
    let (scheme, token) = line.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Token::parse(token.trim())
    } else {
        None
    }
}

/// REST's gate has put it there; a handler outside the gate does not compile into anything that works.
impl<S: Sync> FromRequestParts<S> for Api {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::new(Code::Unauthenticated))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_server() {
        assert_eq!(safe_next("/hq/tickets?q=a&b=c"), "/hq/tickets?q=a&b=c");
        for foreign in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\r\nb",
            "javascript:x",
        ] {
            assert_eq!(safe_next(foreign), paths::QUEUE);
        }
        assert_eq!(query_value("/hq?q=机 a&b"), "/hq%3Fq%3D%E6%9C%BA%20a%26b");
    }
}
