//! What every operation answers, and the problems every endpoint may answer with.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use fieldline_model::id::OperationId;
use fieldline_model::wire;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};

use super::shape::{Fate, Id, Ulid};
use super::wrong;
use crate::door::Performed;
use crate::problem::{Code, Problem, Said};

/// An error, as RFC 9457 has it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// An address whose fragment is the code.
    pub r#type: String,
    /// For people, in the language of `Accept-Language`: Chinese or English, English where it names neither.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable, for programs. See the document's introduction for all of them.
    pub code: String,
    /// What exactly was wrong, in the same language; names of fields stand as in the body or the query.
    pub detail: Option<String>,
}

/// Problems of a request that only reads.
#[derive(IntoResponses)]
pub enum ReadProblems {
    /// The path, the query or the cursor cannot be read: `bad_query`, `bad_cursor`, `bad_request`.
    #[response(status = 400, content_type = "application/problem+json")]
    Query(ProblemBody),
    /// No token or session, or one that does not count: `unauthenticated`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(ProblemBody),
    /// The role may not do this: `forbidden`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemBody),
    /// There is no such thing: `not_found`.
    #[response(status = 404, content_type = "application/problem+json")]
    Unknown(ProblemBody),
    /// The server is busy, or its disk is full; the same request may come again: `busy`, `disk_full`.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(ProblemBody),
}

/// Problems of a request that writes.
#[derive(IntoResponses)]
pub enum WriteProblems {
    /// The body is no JSON or no UTF-8, or a header cannot be read: `bad_request`.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(ProblemBody),
    /// No token or session, or one that does not count: `unauthenticated`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(ProblemBody),
    /// The role may not do this, or a session came without its form token: `forbidden`, `not_allowed`, `form_expired`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemBody),
    /// There is no such thing: `not_found`, `unknown_ticket`, `unknown_visit`.
    #[response(status = 404, content_type = "application/problem+json")]
    Unknown(ProblemBody),
    /// It exists already, or changed meanwhile: `conflict`, `already_exists`.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemBody),
    /// The body is too large: `message_too_large`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemBody),
    /// The body is not `application/json`: `media_type`.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(ProblemBody),
    /// A field is missing, unknown or wrong, a rule says no, or the key was used for another request: `invalid`, a
    /// reason such as `not_now`, `idempotency_key_reused`. Nothing was done.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(ProblemBody),
    /// The server is busy, or its disk is full; the same request with the same key may come again: `busy`, `disk_full`.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(ProblemBody),
}

/// An operation that was performed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Done {
    /// Its name, for ever; its fate can be asked for by it.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// What became of it.
    pub fate: Fate,
    /// Why, where it does not count as meant: a code.
    pub code: Option<String>,
}

impl From<Performed> for Done {
    fn from(performed: Performed) -> Self {
        let code = match &performed.fate {
            wire::Fate::Merged => None,
            wire::Fate::Overruled { code } | wire::Fate::Refused { code } => Some(code.clone()),
        };
        Self {
            operation: Id(performed.operation),
            fate: Fate::from(&performed.fate),
            code,
        }
    }
}

/// Something new, answered with 201.
#[derive(Debug, Clone)]
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, axum::Json(self.0)).into_response()
    }
}

/// A stored word as one of a closed list.
///
/// # Errors
/// [`Code::Internal`] for a word this program does not know.
pub fn word<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let read = T::deserialize(StrDeserializer::<WordError>::new(text));
    read.map_err(|_| {
        tracing::error!(word = text, "the record holds a word this program does not know");
        Problem::new(Code::Internal)
    })
}

/// There is no such thing.
#[must_use]
pub fn unknown() -> Problem {
    Problem::new(Code::NotFound)
}

/// A reference in a body to something that is not there.
#[must_use]
pub fn no_such(field: &str) -> Problem {
    let none = Said::new("没有这个编号", "there is no such id");
    Problem::new(Code::Invalid).said(wrong::field(field, &none))
}
