//! What the engine can fail with, its stable codes, and the words for people in both languages.

use fieldline_model::document::DocumentError;
use fieldline_model::id::DocumentId;
use fieldline_model::reason::{Lang, Reason};
use fieldline_model::wire::WireError;

/// Everything a call of the engine can fail with. Nothing was changed unless the variant says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Another process, or another engine in this one, has the store open.
    #[error("the store is open elsewhere")]
    StoreBusy,
    /// The file was written by a newer version of the app.
    #[error("the store has version {found}, this app knows {known}")]
    StoreNewer {
        /// Version of the file.
        found: i64,
        /// Newest version this app knows.
        known: i64,
    },
    /// No space left on the device.
    #[error("no space left on the device")]
    DiskFull,
    /// The database is damaged or is no database.
    #[error("the store is damaged: {0}")]
    StoreDamaged(String),
    /// Another error of the database.
    #[error("store: {0}")]
    Store(Box<rusqlite::Error>),
    /// A file beside the database cannot be read or written.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
    /// A stored value cannot be read; `0` says which column.
    #[error("a stored value cannot be read: {0}")]
    BadValue(&'static str),
    /// A document cannot be read or written.
    #[error("{0}")]
    Document(Box<DocumentError>),
    /// The local copy of this document is damaged; it is asked for again at the next sync.
    #[error("the local copy of {0} is damaged")]
    Stuck(DocumentId),
    /// This phone does not hold the document.
    #[error("{0} is not on this phone")]
    UnknownDocument(DocumentId),
    /// The phone has not been enrolled.
    #[error("this phone is not enrolled")]
    NotEnrolled,
    /// The phone is enrolled already, with another company or engineer.
    #[error("this phone is enrolled already")]
    EnrolledAlready,
    /// The rules say no.
    #[error("not allowed: {}", .0.code())]
    Rule(Reason),
    /// A message cannot be packed or read.
    #[error("{0}")]
    Wire(#[from] WireError),
    /// The address of the server is none.
    #[error("not an address: {0}")]
    BadAddress(String),
    /// TLS cannot be set up.
    #[error("TLS: {0}")]
    Tls(String),
    /// No connection, or it broke.
    #[error("no connection: {0}")]
    Offline(String),
    /// Something answered that is not our server: a captive portal, a proxy.
    #[error("the answer does not come from the server")]
    NotOurServer,
    /// The server does not know this phone's token any more.
    #[error("the server does not accept this phone")]
    Unauthorized,
    /// The server answered with a problem.
    #[error("the server answered {status}: {code}")]
    Server {
        /// HTTP status.
        status: u16,
        /// Code of the problem.
        code: String,
    },
    /// A time limit passed. What was committed stays.
    #[error("the time was up")]
    TimeUp,
    /// A test stopped the process here.
    #[cfg(any(test, feature = "testing"))]
    #[error("killed at {0:?}")]
    Killed(crate::fault::FaultPoint),
}

impl From<DocumentError> for EngineError {
    fn from(error: DocumentError) -> Self {
        Self::Document(Box::new(error))
    }
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::StoreDamaged(error.to_string())
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::StoreBusy,
            _ => Self::Store(Box::new(error)),
        }
    }
}

impl EngineError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::StoreBusy => "store_busy",
            Self::StoreNewer { .. } => "store_newer",
            Self::DiskFull => "disk_full",
            Self::StoreDamaged(_) => "store_damaged",
            Self::Store(_) => "store_failed",
            Self::File(_) => "file_failed",
            Self::BadValue(_) => "bad_value",
            Self::Document(_) => "document_failed",
            Self::Stuck(_) => "document_stuck",
            Self::UnknownDocument(_) => "unknown_document",
            Self::NotEnrolled => "not_enrolled",
            Self::EnrolledAlready => "enrolled_already",
            Self::Rule(reason) => reason.code(),
            Self::Wire(error) => error.code(),
            Self::BadAddress(_) => "bad_address",
            Self::Tls(_) => "tls_failed",
            Self::Offline(_) => "offline",
            Self::NotOurServer => "not_our_server",
            Self::Unauthorized => "unauthorized",
            Self::Server { code, .. } => code,
            Self::TimeUp => "time_up",
            #[cfg(any(test, feature = "testing"))]
            Self::Killed(_) => "killed",
        }
    }

    /// The words for people; a server's code stands beside them.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Rule(reason) => reason.words(lang).to_owned(),
            Self::Server { code, .. } => format!("{} ({code})", self.sentence(lang)),
            _ => self.sentence(lang).to_owned(),
        }
    }

    fn sentence(&self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::StoreBusy => ("数据正被另一个程序使用", "Another program is using the data"),
            Self::StoreNewer { .. } => (
                "数据由更新版本的应用写入，请升级应用",
                "The data was written by a newer version of the app; please update",
            ),
            Self::DiskFull => ("存储空间已满，未能保存", "The device is full; this was not saved"),
            Self::StoreDamaged(_) => ("本机数据已损坏", "The data on this phone is damaged"),
            Self::Store(_) | Self::File(_) | Self::BadValue(_) => {
                ("本机数据读写失败", "Reading or writing on this phone failed")
            }
            Self::Document(_) => ("工单数据无法处理", "The record cannot be processed"),
            Self::Stuck(_) => (
                "本机副本已损坏，下次同步时重新下载；未发送的内容仍然保留",
                "The copy on this phone is damaged and will be fetched again; unsent work is kept",
            ),
            Self::UnknownDocument(_) => ("本机没有这份内容", "This is not on this phone"),
            Self::NotEnrolled => ("此手机尚未绑定", "This phone is not enrolled"),
            Self::EnrolledAlready => ("此手机已绑定", "This phone is enrolled already"),
            Self::Rule(reason) => (reason.words(Lang::Zh), reason.words(Lang::En)),
            Self::Wire(_) => ("收到的数据无法识别", "What was received cannot be read"),
            Self::BadAddress(_) => ("服务器地址无效", "The server's address is not valid"),
            Self::Tls(_) => ("无法建立安全连接", "A secure connection cannot be set up"),
            Self::Offline(_) => (
                "无法连接总部，内容已保存在本机",
                "HQ cannot be reached; everything is saved here",
            ),
            Self::NotOurServer => (
                "当前网络拦截了连接，请先登录该网络",
                "This network intercepts the connection; sign in to the network first",
            ),
            Self::Unauthorized => (
                "总部不再接受此手机，请重新绑定",
                "HQ no longer accepts this phone; enrol it again",
            ),
            Self::Server { .. } => ("总部服务器报告问题", "HQ's server reports a problem"),
            Self::TimeUp => (
                "时间已到，其余内容稍后同步",
                "Time was up; the rest follows later",
            ),
            #[cfg(any(test, feature = "testing"))]
            Self::Killed(_) => ("已中止", "Killed"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
