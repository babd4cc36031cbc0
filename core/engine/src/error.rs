//! What the engine can fail with, its stable codes, and the words for people in both languages.

mod words;

use fieldline_model::document::DocumentError;
use fieldline_model::id::DocumentId;
use fieldline_model::reason::Reason;
use fieldline_model::wire::WireError;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::bundle::BundleError;
use crate::meeting::MeetingError;

/// Why nobody answered. Everything saved stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Silence {
    /// No name server knows the server's name, or none could be asked.
    #[error("the name is unknown")]
    HostUnknown,
    /// The machine is there and nothing listens.
    #[error("the connection was refused")]
    Refused,
    /// Nothing came in time.
    #[error("no answer in time")]
    TimedOut,
    /// A proxy answered for a server that is not running.
    #[error("a proxy answered {0}")]
    ServerDown(u16),
    /// There is no way to there, or the line broke.
    #[error("{0}")]
    Broken(String),
}

/// Why a server that answered is not trusted, or not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// Nobody this phone trusts issued its certificate.
    #[error("the certificate's issuer is unknown")]
    Issuer,
    /// Its certificate is for other names.
    #[error("the certificate is for other names")]
    Name {
        /// Those it is for.
        presented: Vec<String>,
    },
    /// Its certificate has expired.
    #[error("the certificate has expired")]
    Expired,
    /// Its certificate does not count yet.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// Its certificate will not do for another reason.
    #[error("the certificate will not do: {0}")]
    Certificate(String),
    /// TLS was begun, and plain HTTP came back.
    #[error("plain HTTP came back")]
    PlainHttp,
    /// Plain HTTP was begun, and something else came back.
    #[error("no HTTP came back")]
    NotHttp,
    /// TLS failed before there was a certificate.
    #[error("the handshake failed: {0}")]
    Handshake(String),
}

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
    /// The install's file is there and the database is not: what this phone held is gone from here. Nothing is made anew
    /// in its place.
    #[error("the store is missing")]
    StoreMissing,
    /// The database is there and nothing is in it, although the install's file says that something was.
    #[error("the store is empty")]
    StoreEmpty,
    /// The database is damaged or is no database.
    #[error("the store is damaged: {0}")]
    StoreDamaged(String),
    /// The store is encrypted, and no key was given: the keystore lost it, or was not asked.
    #[error("the store is encrypted and there is no key")]
    StoreKeyMissing,
    /// The store is encrypted under another key.
    #[error("the store is encrypted under another key")]
    StoreKeyWrong,
    /// A key was given, and the store that is there is not encrypted.
    #[error("the store is not encrypted")]
    StorePlain,
    /// A key was given to an app that was built without encryption: nothing is written in the clear instead.
    #[error("this app was built without encryption")]
    CipherMissing,
    /// Another error of the database.
    #[error("store: {0}")]
    Store(Box<rusqlite::Error>),
    /// A file beside the database cannot be read or written.
    #[error("file: {0}")]
    File(std::io::Error),
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
    /// The phone is enrolled already, and in use or another engineer's.
    #[error("this phone is enrolled already")]
    EnrolledAlready,
    /// The phone belongs to another company than the server that let it join: another one's, or one that was set up anew.
    #[error("this phone is another company's")]
    OtherCompany,
    /// This phone's key was damaged and a new one made: nothing is sent until the phone is enrolled again.
    #[error("this phone's key was lost")]
    KeyLost,
    /// The rules say no.
    #[error("not allowed: {}", .0.code())]
    Rule(Reason),
    /// A photo is none: neither JPEG, PNG nor WebP, or without its bytes.
    #[error("not a photo that can be read")]
    PhotoUnreadable,
    /// A photo has more bytes than any may have.
    #[error("the photo is too large")]
    PhotoTooLarge,
    /// No visit of the ticket is finished, so there is nothing to report.
    #[error("no visit is finished")]
    NotFinished,
    /// The completion report cannot be drawn.
    #[error(transparent)]
    Report(#[from] fieldline_report::ReportError),
    /// The network costs by the byte, and large files wait for one that does not.
    #[error("the network costs by the byte")]
    NetworkMetered,
    /// There is no bundle to hand over, or one cannot be taken.
    #[error("bundle: {0}")]
    Bundle(#[from] BundleError),
    /// Two phones in one network did not meet.
    #[error("meeting: {0}")]
    Meeting(#[from] MeetingError),
    /// A message cannot be packed or read.
    #[error("{0}")]
    Wire(#[from] WireError),
    /// The address of the server is none.
    #[error("not an address: {0}")]
    BadAddress(String),
    /// Plain HTTP to another machine, which nobody allowed.
    #[error("plain HTTP to another machine: {0}")]
    PlainHttp(String),
    /// TLS cannot be set up.
    #[error("TLS: {0}")]
    Tls(String),
    /// The company's own certificates were given, and there is none in the text.
    #[error("no certificate in the PEM text")]
    NoCertificate,
    /// The company's own certificates cannot be read.
    #[error("a certificate cannot be read: {0}")]
    BadCertificate(String),
    /// No connection, or it broke.
    #[error("no connection: {0}")]
    Offline(#[from] Silence),
    /// What answers is not trusted, or does not speak as the address says.
    #[error("no trust: {0}")]
    Untrusted(#[from] Distrust),
    /// Something answered that is not our server: a captive portal, a proxy.
    #[error("the answer does not come from the server")]
    NotOurServer,
    /// The server does not know this phone's token any more.
    #[error("the server does not accept this phone")]
    Unauthorized,
    /// The server at an address that was to be this phone's next one does not know the phone. The old address is kept.
    #[error("the server there does not know this phone")]
    PhoneUnknown,
    /// The server answered with a problem.
    #[error("the server answered {status}: {code}")]
    Server {
        /// HTTP status.
        status: u16,
        /// Code of the problem.
        code: String,
        /// Seconds after which it may be tried again, where the server says so.
        retry_after_s: Option<u64>,
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

impl From<std::io::Error> for EngineError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File(error),
        }
    }
}

fn extended(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // A store can not even be opened without room for what lies beside it.
            Some(_) if extended(&error) == Some(SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::StoreDamaged(error.to_string())
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::StoreBusy,
            _ => Self::Store(Box::new(error)),
        }
    }
}

/// Told by the server, and by the phone of a server that does not.
const OTHER_COMPANY: &str = "other_company";

impl EngineError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::StoreBusy => "store_busy",
            Self::StoreNewer { .. } => "store_newer",
            Self::DiskFull => "disk_full",
            Self::StoreMissing => "store_missing",
            Self::StoreEmpty => "store_empty",
            Self::StoreDamaged(_) => "store_damaged",
            Self::StoreKeyMissing => "store_key_missing",
            Self::StoreKeyWrong => "store_key_wrong",
            Self::StorePlain => "store_plain",
            Self::CipherMissing => "cipher_missing",
            Self::Store(_) => "store_failed",
            Self::File(_) => "file_failed",
            Self::BadValue(_) => "bad_value",
            Self::Document(_) => "document_failed",
            Self::Stuck(_) => "document_stuck",
            Self::UnknownDocument(_) => "unknown_document",
            Self::NotEnrolled => "not_enrolled",
            Self::EnrolledAlready => "enrolled_already",
            Self::OtherCompany => OTHER_COMPANY,
            Self::KeyLost => "key_lost",
            Self::Rule(reason) => reason.code(),
            Self::PhotoUnreadable => "photo_unreadable",
            Self::PhotoTooLarge => "photo_too_large",
            Self::NotFinished => "not_finished",
            Self::Report(error) => error.code(),
            Self::NetworkMetered => "network_metered",
            Self::Bundle(error) => error.code(),
            Self::Meeting(error) => error.code(),
            Self::Wire(error) => error.code(),
            Self::BadAddress(_) => "bad_address",
            Self::PlainHttp(_) => "plain_http",
            Self::Tls(_) => "tls_failed",
            Self::NoCertificate => "certificate_none",
            Self::BadCertificate(_) => "certificate_unreadable",
            Self::Offline(silence) => silence.code(),
            Self::Untrusted(distrust) => distrust.code(),
            Self::NotOurServer => "not_our_server",
            Self::Unauthorized => "unauthorized",
            Self::PhoneUnknown => "phone_unknown",
            Self::Server { code, .. } => code,
            Self::TimeUp => "time_up",
            #[cfg(any(test, feature = "testing"))]
            Self::Killed(_) => "killed",
        }
    }

    /// A test stopped the process; never so in the product.
    pub(crate) fn is_death(&self) -> bool {
        #[cfg(any(test, feature = "testing"))]
        let is_death = matches!(self, Self::Killed(_));
        #[cfg(not(any(test, feature = "testing")))]
        let is_death = false;
        is_death
    }
}

impl Silence {
    fn code(&self) -> &'static str {
        match self {
            Self::HostUnknown => "host_unknown",
            Self::Refused => "connection_refused",
            Self::TimedOut => "no_answer",
            Self::ServerDown(_) => "server_down",
            Self::Broken(_) => "offline",
        }
    }
}

impl Distrust {
    fn code(&self) -> &'static str {
        match self {
            Self::Issuer => "certificate_untrusted",
            Self::Name { .. } => "certificate_name",
            Self::Expired => "certificate_expired",
            Self::NotYetValid => "certificate_not_yet",
            Self::Certificate(_) => "certificate_bad",
            Self::PlainHttp => "server_plain_http",
            Self::NotHttp => "server_not_http",
            Self::Handshake(_) => "tls_failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Reading or writing on this phone failed" was all that was said where no room was left to open a store.
    #[test]
    fn a_full_device_is_told_as_such_whatever_sqlite_calls_it() {
        for code in [rusqlite::ffi::SQLITE_FULL, SQLITE_IOERR_SHMSIZE] {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            assert_eq!(EngineError::from(error).code(), "disk_full");
        }
    }
}
