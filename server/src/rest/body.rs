//! Strict reading: a JSON body, a query, a path. Whatever is wrong becomes a problem with a stable code.

use std::marker::PhantomData;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::wrong;
use crate::problem::{Code, Problem, Said};

/// Largest body of a request, in bytes: the longest article with both languages fits.
pub const BODY_BYTES_MAX: usize = 512 * 1024;

/// A JSON body of the wanted shape. An empty body counts as `{}`.
#[derive(Debug, Clone)]
pub struct Strict<T>(pub T);

/// The body of an action that needs no words.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let charset = parameters
        .split_once('=')
        .is_none_or(|(_, set)| set.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    kind.trim().eq_ignore_ascii_case("application/json") && charset
}

/// The fields of a `T` that an update gives. What it leaves out keeps its value: many clients do not send what is
/// empty, and must not clear what they never saw. `null` clears.
#[derive(Debug, Clone)]
pub struct Given<T> {
    fields: Map<String, Value>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Given<T> {
    /// The value with these fields changed.
    ///
    /// # Errors
    /// [`Code::Invalid`] when a field's value is not of its shape.
    pub fn over(self, old: &T) -> Result<T, Problem> {
        let whole = serde_json::to_value(old);
        let Ok(Value::Object(mut whole)) = whole else {
            tracing::error!("a resource is no JSON object");
            return Err(Problem::new(Code::Internal));
        };
        whole.extend(self.fields);
        wrong::from_value(Value::Object(whole))
    }
}

/// The names of a shape's fields.
fn field_names<T: PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.into_keys().collect(),
        _ => Vec::new(),
    }
}

impl<S, T> FromRequest<S> for Given<T>
where
    S: Send + Sync,
    T: PartialSchema,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Strict(fields) = Strict::<Map<String, Value>>::from_request(request, state).await?;
        let known = field_names::<T>();
        match fields.keys().find(|name| !known.contains(name)) {
            Some(name) => {
                let none = Said::new("没有这个字段", "there is no such field");
                Err(Problem::new(Code::Invalid).said(wrong::field(name, &none)))
            }
            None => Ok(Self {
                fields,
                of: PhantomData,
            }),
        }
    }
}

/// Reads `T` from the bytes of a body.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Problem::new(Code::BadRequest).detail("请求体不是 UTF-8", "the body is not UTF-8"))?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    if !text.trim_start().starts_with('{') {
        // serde would take a list for an object, by the order of its fields.
        wrong::from_text::<serde::de::IgnoredAny>(text)?;
        return Err(Problem::new(Code::Invalid).detail("请求体应为对象", "the body must be an object"));
    }
    wrong::from_text(text)
}

impl<S, T> FromRequest<S> for Strict<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let bytes = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(|_| {
            Problem::new(Code::MessageTooLarge).detail(
                format!("最多 {BODY_BYTES_MAX} 字节"),
                format!("at most {BODY_BYTES_MAX} bytes"),
            )
        })?;
        if !json && !bytes.is_empty() {
            return Err(
                Problem::new(Code::MediaType).detail("请以 application/json 发送", "send application/json")
            );
        }
        read(&bytes).map(Self)
    }
}

/// A query of the wanted shape; unknown names are refused.
#[derive(Debug, Clone)]
pub struct Asked<T>(pub T);

impl<S, T> FromRequestParts<S> for Asked<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(asked)| Self(asked))
            .map_err(|error| wrong::of_query(&error.body_text()))
    }
}

/// The ids in a path. One that is no id names nothing, which is all the answer says.
#[derive(Debug, Clone)]
pub struct At<T>(pub T);

impl<S, T> FromRequestParts<S> for At<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        read.map(|Path(at)| Self(at))
            .map_err(|_| Problem::new(Code::NotFound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_json_in_utf_8_is_taken() {
        let json = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(text));
            is_json(&headers)
        };
        assert!(json("application/json"));
        assert!(json("Application/JSON; charset=\"UTF-8\""));
        for other in [
            "",
            "text/plain",
            "application/json; charset=gbk",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!json(other), "{other}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn what_cannot_be_read_and_what_does_not_fit_are_told_apart() {
        let code = |bytes: &[u8]| read::<Nothing>(bytes).map_err(|problem| problem.code()).err();
        assert_eq!(code(b""), None);
        assert_eq!(code(b" {} "), None);
        assert_eq!(code(b"{\"more\":1}"), Some(Code::Invalid));
        assert_eq!(code(b"[1]"), Some(Code::Invalid));
        assert_eq!(code(b"{"), Some(Code::BadRequest));
        assert_eq!(code(b"\xff"), Some(Code::BadRequest));
    }
}
