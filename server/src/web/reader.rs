//! The reader of a page: which language, and where he is.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri};

use crate::auth::cookie::{is_over_tls, named};
use crate::http::PublicUrl;
use crate::problem;
use crate::words::Lang;

/// Name of the cookie that keeps a chosen language. It holds `zh` or `en` and nothing about the person.
const COOKIE: &str = "fieldline-lang";
/// A choice of language is kept for a year.
const COOKIE_AGE_S: u32 = 365 * 24 * 60 * 60;

/// Who reads: by `?lang=`, else by the choice made before, else by what the browser asks for.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) lang: Lang,
    /// Path and query as asked for.
    pub(crate) here: String,
}

impl Reader {
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let lang =
            asked(uri)
                .or_else(|| chosen(headers))
                .unwrap_or_else(|| match problem::language(headers) {
                    fieldline_model::reason::Lang::Zh => Lang::Zh,
                    fieldline_model::reason::Lang::En => Lang::En,
                });
        let here = uri
            .path_and_query()
            .map_or_else(|| uri.path().to_owned(), ToString::to_string);
        Self { lang, here }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// How the reader came here, for addresses to copy or to scan: `https://host`.
#[derive(Debug, Clone)]
pub(crate) struct Origin(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        if let Some(PublicUrl(url)) = parts.extensions.get() {
            return Ok(Self(url.trim_end_matches('/').to_owned()));
        }
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let proxied = text("x-forwarded-proto") == Some("https");
        let scheme = if proxied || is_over_tls(&parts.extensions) {
            "https"
        } else {
            "http"
        };
        Ok(Self(format!(
            "{scheme}://{}",
            text("host").unwrap_or("localhost")
        )))
    }
}

/// What `?lang=` says, if it says a language.
fn asked(uri: &Uri) -> Option<Lang> {
    let query = uri.query()?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Lang::parse)
}

fn chosen(headers: &HeaderMap) -> Option<Lang> {
    named(headers, COOKIE).and_then(Lang::parse)
}

/// `Set-Cookie` for a language that was just asked for.
pub(crate) fn keep_language(uri: &Uri) -> Option<HeaderValue> {
    let code = asked(uri)?.code();
    let line = format!("{COOKIE}={code}; Path=/; SameSite=Lax; HttpOnly; Max-Age={COOKIE_AGE_S}");
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn lang(uri: &str, cookie: &str, accept: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        Reader::of(&uri.parse().unwrap(), &headers).lang
    }

    #[tokio::test]
    async fn the_configured_address_counts_before_the_one_in_the_request() {
        let origin = async |public: Option<&str>| {
            let mut request = axum::http::Request::get("/hq")
                .header("host", "elsewhere.example")
                .body(())
                .unwrap();
            if let Some(url) = public {
                request.extensions_mut().insert(PublicUrl(url.to_owned()));
            }
            let (mut parts, ()) = request.into_parts();
            Origin::from_request_parts(&mut parts, &()).await.unwrap().0
        };
        assert_eq!(origin(None).await, "http://elsewhere.example");
        assert_eq!(
            origin(Some("https://service.example/")).await,
            "https://service.example"
        );
    }

    #[test]
    fn the_address_counts_before_the_cookie_and_the_cookie_before_the_browser() {
        assert_eq!(lang("/hq?lang=en", "fieldline-lang=zh", "zh"), Lang::En);
        assert_eq!(lang("/hq?lang=fr", "fieldline-lang=en", "zh"), Lang::En);
        assert_eq!(lang("/hq", "a=b; fieldline-lang=en", "zh"), Lang::En);
        assert_eq!(lang("/hq", "", "en-GB,en;q=0.9"), Lang::En);
        assert_eq!(lang("/hq", "", "fr"), Lang::Zh);
    }
}
