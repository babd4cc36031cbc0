//! The one error shape of the whole server: problem+json with a stable code and words in the reader's language.
//!
//! Everything that fails towards a client becomes a [`Problem`]; only this file picks status, code and words. The
//! language is put in by [`speak`], because an answer does not see its request. Never in here: personal data, or what
//! an attacker could learn from (a wrong token and an unknown one look alike).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fieldline_model::operation::TEXT_BYTES_MAX;
use fieldline_model::reason::{Lang, Reason};
use fieldline_model::rules::WORD_CHARS_MAX;
use fieldline_model::wire::WireError;
use serde::Serialize;

use crate::app::App;
use crate::door::DoorError;
use crate::store::StoreError;

/// Media type of every error body.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Where `type` points to; the code is the fragment.
const TYPE_BASE: &str = "https://fieldline.dev/problems#";

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:expr, $zh:literal, $en:literal;)*) => {
        /// What went wrong, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The HTTP status.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => $status),* }
            }

            /// The title for people.
            #[must_use]
            pub fn title(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::Zh) => $zh, (Self::$name, Lang::En) => $en),* }
            }
        }
    };
}

codes! {
    /// No session or token, or one that does not count.
    Unauthenticated = "unauthenticated", StatusCode::UNAUTHORIZED, "请先登录", "Sign in first";
    /// Known, but not entitled.
    Forbidden = "forbidden", StatusCode::FORBIDDEN, "您没有此权限", "You are not allowed to do this";
    /// The device was revoked.
    DeviceRevoked = "device_revoked", StatusCode::FORBIDDEN, "此设备已停用", "This device was revoked";
    /// The enrolment code is wrong, used or too old.
    CodeUnknown = "code_unknown", StatusCode::FORBIDDEN, "绑定码无效或已过期", "The code is wrong, used or expired";
    /// The phone is another engineer's; the code was not used.
    CodeOfAnother = "code_of_another", StatusCode::CONFLICT, "此手机已绑定给另一位工程师，绑定码没有被使用", "The phone is another engineer's, the code was not used";
    /// The phone is another company's; the code was not used.
    OtherCompany = "other_company", StatusCode::CONFLICT, "此手机已绑定到另一家公司，绑定码没有被使用", "The phone is another company's, the code was not used";
    /// Too many wrong enrolment codes. The code was not looked at.
    CodeTries = "code_tries", StatusCode::TOO_MANY_REQUESTS, "绑定码试错次数过多，请稍候再试", "Too many wrong codes, wait a moment";
    /// A form, or a request with a session, without that session's form token.
    FormExpired = "form_expired", StatusCode::FORBIDDEN, "页面已过期，请刷新后重试", "The page is too old, load it again";
    /// There is no such thing, or not for you.
    NotFound = "not_found", StatusCode::NOT_FOUND, "未找到", "Not found";
    /// The method does not exist here.
    MethodNotAllowed = "method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "不支持该操作", "The method is not allowed";
    /// It exists already, or changed meanwhile.
    Conflict = "conflict", StatusCode::CONFLICT, "与现有数据冲突", "It conflicts with what is there";
    /// Another one has what only one may have; `detail` names the field.
    Duplicate = "duplicate", StatusCode::CONFLICT, "与另一条记录重复", "Another one has the same";
    /// The phone number tells another engineer.
    PhoneTaken = "phone_taken", StatusCode::CONFLICT, "该号码是另一位工程师的，来电会认错人", "The number is another engineer's: callers could not be told apart";
    /// Something named in the body is another customer's than the rest; `detail` names the field.
    OtherCustomer = "other_customer", StatusCode::UNPROCESSABLE_ENTITY, "属于另一客户", "It belongs to another customer";
    /// The customer's personal data was erased, and none is taken of it again.
    CustomerErased = "customer_erased", StatusCode::CONFLICT, "该客户的个人信息已按要求删除，不能再写入", "This customer's personal data was erased on request and is not taken again";
    /// The operation is against a rule; `detail` says which.
    RefusedOperation = "refused", StatusCode::UNPROCESSABLE_ENTITY, "操作被拒绝", "The operation was refused";
    /// A field is missing or wrong.
    Invalid = "invalid", StatusCode::UNPROCESSABLE_ENTITY, "内容不完整或有误", "A field is missing or wrong";
    /// A visit is wished further ahead than anybody plans; `detail` says how far it may be.
    WishTooFar = "wish_too_far", StatusCode::UNPROCESSABLE_ENTITY, "希望的时间太远", "The wished time is too far ahead";
    /// A visit is wished or planned for a time that has passed; `detail` names the field.
    TimePast = "time_past", StatusCode::UNPROCESSABLE_ENTITY, "时间已经过去", "The time has passed";
    /// The body cannot be read.
    BadRequest = "bad_request", StatusCode::BAD_REQUEST, "请求无法识别", "The request cannot be read";
    /// A name in the query is unknown, or its value is wrong.
    BadQuery = "bad_query", StatusCode::BAD_REQUEST, "查询参数有误", "The query cannot be read";
    /// The cursor is not one of this list with these filters.
    BadCursor = "bad_cursor", StatusCode::BAD_REQUEST, "分页游标无效", "The cursor is not one of this list";
    /// The idempotency key was used for another request.
    KeyReused = "idempotency_key_reused", StatusCode::UNPROCESSABLE_ENTITY, "幂等键已用于其他请求", "The key was used for another request";
    /// The message is damaged.
    MessageDamaged = "message_damaged", StatusCode::BAD_REQUEST, "数据已损坏", "The message is damaged";
    /// The message has another shape.
    MessageMalformed = "message_malformed", StatusCode::BAD_REQUEST, "数据格式不符", "The message cannot be read";
    /// The message is too large.
    MessageTooLarge = "message_too_large", StatusCode::PAYLOAD_TOO_LARGE, "数据过大", "The message is too large";
    /// The media type is not taken.
    MediaType = "media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "不支持的内容类型", "The media type is not taken";
    /// The app is too old or too new for this server.
    WireVersion = "wire_version", StatusCode::UPGRADE_REQUIRED, "请更新应用", "Please update the app";
    /// Too many requests from one place.
    TooMany = "too_many", StatusCode::TOO_MANY_REQUESTS, "操作过于频繁，请稍候", "Too many requests, wait a moment";
    /// The server is busy; the same request may come again.
    Busy = "busy", StatusCode::SERVICE_UNAVAILABLE, "服务繁忙，请稍后重试", "The server is busy, try again";
    /// The server's disk is full. Whether something was kept can be asked by the same key.
    DiskFull = "disk_full", StatusCode::SERVICE_UNAVAILABLE, "服务器存储空间已满，请告知管理员", "The server's disk is full, tell its administrator";
    /// A piece of a blob does not begin where the last one ended; asking tells where that is.
    BlobOffset = "blob_offset", StatusCode::CONFLICT, "续传位置不符", "The piece does not begin where the last one ended";
    /// The bytes of a blob are not those of its name. They were dropped; it may be sent again from the start.
    BlobHash = "blob_hash", StatusCode::UNPROCESSABLE_ENTITY, "文件内容与校验值不符，请重新发送", "The file's bytes are not those of its name; send it again";
    /// A blob is larger than any may be, or than was said.
    BlobTooLarge = "blob_too_large", StatusCode::PAYLOAD_TOO_LARGE, "文件过大或与声明的大小不符", "The file is too large, or not of the size that was said";
    /// No visit of the ticket is finished, so there is no completion report.
    NotFinished = "not_finished", StatusCode::CONFLICT, "还没有完成的上门，因此没有完工报告", "No visit is finished yet, so there is no completion report";
    /// No font with Chinese is on the server, so it can draw no completion report.
    FontMissing = "font_missing", StatusCode::SERVICE_UNAVAILABLE, "服务器上没有可用的中文字体，请告知管理员", "The server has no font with Chinese, tell its administrator";
    /// The device has sent its share of today.
    BlobQuota = "blob_quota", StatusCode::TOO_MANY_REQUESTS, "今日上传量已达上限，其余明天再传", "This device has sent its share of today; the rest goes tomorrow";
    /// A bug.
    Internal = "internal", StatusCode::INTERNAL_SERVER_ERROR, "服务器出错", "Something went wrong here";
}

/// Words for people in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// These words.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// Bytes of a Chinese character in UTF-8.
const HANZI_BYTES: usize = 3;

/// How long a text may be.
pub(crate) fn longest_text() -> Said {
    let hanzi = TEXT_BYTES_MAX / HANZI_BYTES;
    Said::new(
        format!("按 UTF-8 最多 {TEXT_BYTES_MAX} 字节，约 {hanzi} 个汉字"),
        format!("at most {TEXT_BYTES_MAX} bytes in UTF-8, which is about {hanzi} Chinese characters"),
    )
}

/// How long anything may be: the rule does not say whether it was a text or a word.
fn longest() -> Said {
    let text = longest_text();
    Said::new(
        format!("文字{}；代码和名称最多 {WORD_CHARS_MAX} 个字符", text.zh),
        format!(
            "a text has {}; a code or name at most {WORD_CHARS_MAX} characters",
            text.en
        ),
    )
}

/// What a client is told when something fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    reason: Option<Reason>,
    detail: Option<Said>,
    retry_after_s: Option<u32>,
}

/// The body of a [`Problem`] (RFC 9457).
#[derive(Debug, Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl Problem {
    /// A problem with its usual words.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            reason: None,
            detail: None,
            retry_after_s: None,
        }
    }

    /// Adds what exactly was wrong, in Chinese and English, without personal data.
    #[must_use]
    pub fn detail(self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.said(Said::new(zh, en))
    }

    /// The same, of words that are there.
    #[must_use]
    pub fn said(mut self, said: Said) -> Self {
        self.detail = Some(said);
        self
    }

    /// What exactly was wrong.
    #[must_use]
    pub fn details(&self) -> Option<&Said> {
        self.detail.as_ref()
    }

    /// Says after how many seconds it may be tried again.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The reason of a refused operation.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// The stable code of the answer: the reason's, where there is one.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.reason.map_or(self.code.word(), Reason::code)
    }

    /// The title for people.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        self.reason
            .map_or_else(|| self.code.title(lang), |reason| reason.words(lang))
    }

    /// The answer in one language.
    #[must_use]
    pub fn respond(&self, lang: Lang) -> Response {
        let body = Body {
            r#type: format!("{TYPE_BASE}{}", self.word()),
            title: self.title(lang),
            status: self.code.status().as_u16(),
            code: self.word(),
            detail: self.detail.as_ref().map(|said| match lang {
                Lang::Zh => said.zh.as_str(),
                Lang::En => said.en.as_str(),
            }),
        };
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let language = match lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        };
        let headers = [
            (header::CONTENT_TYPE, PROBLEM_JSON),
            (header::CONTENT_LANGUAGE, language),
        ];
        let mut response = (self.code.status(), headers, bytes).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.respond(Lang::Zh);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Self {
        let code = match reason {
            Reason::AlreadyExists | Reason::EarlierHeld => Code::Conflict,
            Reason::UnknownTicket | Reason::UnknownVisit => Code::NotFound,
            Reason::NotAllowed | Reason::NotYours => Code::Forbidden,
            _ => Code::RefusedOperation,
        };
        Self {
            code,
            reason: Some(reason),
            detail: (reason == Reason::TextTooLong).then(longest),
            retry_after_s: None,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Unknown => Self::new(Code::Busy),
            StoreError::Full => Self::new(Code::DiskFull),
            StoreError::Sql(_)
            | StoreError::Damaged(_)
            | StoreError::KeysMissing(_)
            | StoreError::Newer { .. }
            | StoreError::File { .. }
            | StoreError::Corrupt(_) => {
                tracing::error!(%error, "store failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<DoorError> for Problem {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Refused(reason) => reason.into(),
            DoorError::EarlierHeld(first) => {
                let first: Vec<String> = first.iter().map(ToString::to_string).collect();
                let first = first.join(", ");
                Self::from(Reason::EarlierHeld)
                    .detail(format!("请先决定：{first}"), format!("decide first: {first}"))
            }
            DoorError::NotHeld => Self::new(Code::Conflict).detail(
                "此操作不在隔离中，或已有决定",
                "the operation is not held, or was decided",
            ),
            DoorError::Meanwhile => Self::new(Code::Conflict),
            DoorError::Erased(_) => Self::new(Code::CustomerErased),
            DoorError::Store(error) => error.into(),
            DoorError::Document(error) => {
                tracing::error!(%error, "document failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<WireError> for Problem {
    fn from(error: WireError) -> Self {
        match error {
            WireError::TooLarge => Self::new(Code::MessageTooLarge),
            WireError::Damaged => Self::new(Code::MessageDamaged),
            WireError::Malformed(_) => Self::new(Code::MessageMalformed),
        }
    }
}

/// The reader's language by `Accept-Language`: English where it comes before Chinese, Chinese otherwise.
#[must_use]
pub fn language(headers: &HeaderMap) -> Lang {
    language_or(headers, Lang::Zh)
}

/// The same, `otherwise` where neither is named.
fn language_or(headers: &HeaderMap, otherwise: Lang) -> Lang {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut best = (otherwise, 0.0_f32);
    for item in wanted.split(',') {
        let (tag, quality) = item.split_once(";q=").unwrap_or((item, "1"));
        let quality: f32 = quality.trim().parse().unwrap_or(0.0);
        let lang = match tag
            .trim()
            .split('-')
            .next()
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            _ => continue,
        };
        if quality > best.1 {
            best = (lang, quality);
        }
    }
    best.0
}

/// Middleware: writes problems in the language of the request.
pub async fn speak(request: Request, next: Next) -> Response {
    speak_or(Lang::Zh, request, next).await
}

/// Says that the disk is full where an answer says that the server is busy for that very reason. Stands inside of what
/// gives a problem its words.
pub(crate) async fn tell_full(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_busy = |problem: &Problem| problem.code == Code::Busy;
    if app.store().is_full() && response.extensions().get::<Problem>().is_some_and(is_busy) {
        return Problem::new(Code::DiskFull).into_response();
    }
    response
}

/// The same for programs, whose authors read English unless they say otherwise.
pub async fn speak_to_programs(request: Request, next: Next) -> Response {
    speak_or(Lang::En, request, next).await
}

async fn speak_or(otherwise: Lang, request: Request, next: Next) -> Response {
    let lang = language_or(request.headers(), otherwise);
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("accept-language"));
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) if lang != Lang::Zh => problem.respond(lang),
        _ => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_speak_both_languages() {
        let mut words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.title(Lang::En).is_ascii(), "{}", code.word());
            assert!(!code.title(Lang::Zh).is_ascii(), "{}", code.word());
        }
    }

    #[test]
    fn the_better_language_of_the_list_is_taken() {
        let lang = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            language(&headers)
        };
        assert_eq!(lang("en-US,zh;q=0.8"), Lang::En);
        assert_eq!(lang("en;q=0.5,zh-CN"), Lang::Zh);
        assert_eq!(lang("fr"), Lang::Zh);
    }
}
