//! The cookies of a browser: the session's, and the one that guards forms of people who are not signed in yet.

use axum::http::{Extensions, HeaderMap, HeaderValue, header};

use super::session::SESSION_LIFE_MS;
use super::token::{Token, same_secret};
use crate::page::paths;

/// Put into a request's extensions by whoever serves it over TLS, or behind a proxy that does. Cookies are then
/// `Secure` and bound to this host by their `__Host-` name.
#[derive(Debug, Clone, Copy)]
pub struct OverTls;

/// Which of our cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cookie {
    Session,
    Form,
}

impl Cookie {
    fn name(self, over_tls: bool) -> &'static str {
        match (self, over_tls) {
            (Self::Session, true) => "__Host-fieldline",
            (Self::Session, false) => "fieldline",
            (Self::Form, true) => "__Host-fieldline-form",
            (Self::Form, false) => "fieldline-form",
        }
    }

    fn read(self, headers: &HeaderMap, over_tls: bool) -> Option<&str> {
        named(headers, self.name(over_tls))
    }

    fn write(self, value: &str, age_s: i64, over_tls: bool) -> HeaderValue {
        let secure = if over_tls { "; Secure" } else { "" };
        let name = self.name(over_tls);
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}");
        let mut line = HeaderValue::from_str(&line).expect("tokens are base64, so the line is visible ASCII");
        line.set_sensitive(true);
        line
    }
}

/// Whether the request came over TLS.
#[must_use]
pub fn is_over_tls(extensions: &Extensions) -> bool {
    extensions.get::<OverTls>().is_some()
}

/// The session token a browser sent.
#[must_use]
pub fn session_token(headers: &HeaderMap, over_tls: bool) -> Option<Token> {
    Cookie::Session.read(headers, over_tls).and_then(Token::parse)
}

/// `Set-Cookie` for a session that just began.
#[must_use]
pub fn session_cookie(token: &Token, over_tls: bool) -> HeaderValue {
    Cookie::Session.write(&token.reveal(), SESSION_LIFE_MS / 1000, over_tls)
}

/// `Set-Cookie` that takes the session back.
#[must_use]
pub fn session_cookie_gone(over_tls: bool) -> HeaderValue {
    Cookie::Session.write("", 0, over_tls)
}

/// The `csrf` field for a form shown to somebody who is not signed in, and the cookie to set beside it when the browser
/// has none yet. Another site can neither read nor set that cookie, so it cannot sign a browser in behind its owner.
#[must_use]
pub fn form_token(headers: &HeaderMap, over_tls: bool, random: [u8; 32]) -> (String, Option<HeaderValue>) {
    match Cookie::Form.read(headers, over_tls).and_then(Token::parse) {
        Some(token) => (token.reveal(), None),
        None => {
            let text = Token::of(random).reveal();
            let cookie = Cookie::Form.write(&text, SESSION_LIFE_MS / 1000, over_tls);
            (text, Some(cookie))
        }
    }
}

/// Whether a form sent by somebody who is not signed in is one that [`form_token`] made for this browser.
#[must_use]
pub fn form_is_ours(headers: &HeaderMap, over_tls: bool, csrf: &str) -> bool {
    let sent = Cookie::Form.read(headers, over_tls).and_then(Token::parse);
    sent.is_some_and(|token| same_secret(&token.reveal(), csrf))
}

/// Says that a form came without a session. It holds nothing of the form.
const UNSENT: &str = "fieldline-unsent";
/// Whoever is sent to sign in is there at once.
const UNSENT_AGE_S: u32 = 60;

/// `Set-Cookie` for the sign-in page that tells of a form that was not sent. An address would tell it for ever.
pub(crate) fn unsent_cookie() -> HeaderValue {
    let path = paths::SIGN_IN;
    let line = format!("{UNSENT}=1; Path={path}; SameSite=Lax; HttpOnly; Max-Age={UNSENT_AGE_S}");
    HeaderValue::from_str(&line).expect("ASCII")
}

/// Takes it back once it is told.
pub(crate) fn unsent_cookie_gone() -> HeaderValue {
    let line = format!(
        "{UNSENT}=; Path={}; SameSite=Lax; HttpOnly; Max-Age=0",
        paths::SIGN_IN
    );
    HeaderValue::from_str(&line).expect("ASCII")
}

/// Whether a form was not sent for want of a session.
pub(crate) fn is_unsent(headers: &HeaderMap) -> bool {
    named(headers, UNSENT).is_some()
}

/// The value of a cookie.
pub(crate) fn named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(line).unwrap());
        headers
    }

    #[test]
    fn the_session_cookie_is_closed_to_scripts_and_other_sites() {
        let token = Token::of([5; 32]);
        let line = session_cookie(&token, true);
        assert!(line.is_sensitive());
        let line = line.to_str().unwrap();
        for part in [
            "__Host-fieldline=",
            "; HttpOnly",
            "; SameSite=Lax",
            "; Secure",
            "; Path=/",
        ] {
            assert!(line.contains(part), "{line}");
        }
        let pair = format!("a=b; __Host-fieldline={}; c", token.reveal());
        assert_eq!(session_token(&sent(&pair), true), Some(token));
        assert_eq!(session_token(&sent(&pair), false), None);
        assert!(
            !session_cookie(&Token::of([5; 32]), false)
                .to_str()
                .unwrap()
                .contains("Secure")
        );
        assert!(session_cookie_gone(false).to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn a_form_counts_only_beside_its_cookie() {
        let (csrf, cookie) = form_token(&HeaderMap::new(), false, [1; 32]);
        let line = cookie
            .unwrap()
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        assert!(form_is_ours(&sent(&line), false, &csrf));
        assert!(!form_is_ours(&HeaderMap::new(), false, &csrf));
        assert!(!form_is_ours(&sent(&line), false, "other"));
        assert!(!form_is_ours(&sent("fieldline-form="), false, ""));
        assert_eq!(form_token(&sent(&line), false, [2; 32]), (csrf, None));
    }
}
