//! Why a command could not do what was asked: a stable code, and words in both languages.
//!
//! Errors of the crates below get their words here or bring them along; nothing else of the program picks words for a
//! failure.

use std::path::Path;

use fieldline_engine::EngineError;
use fieldline_model::reason::{Lang as ModelLang, Reason};
use fieldline_server::store::StoreError;
use fieldline_server::words::{Lang, Word};

use crate::words::fault as w;

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    code: String,
    zh: String,
    en: String,
}

impl Fault {
    /// A failure with this code and these words, their places filled.
    pub(crate) fn new(code: &str, word: Word, values: &[(&str, &str)]) -> Self {
        Self {
            code: code.to_owned(),
            zh: crate::words::fill(Lang::Zh, word, values),
            en: crate::words::fill(Lang::En, word, values),
        }
    }

    /// A failure with this code, its words made for each language.
    pub(crate) fn both(code: &str, words: impl Fn(Lang) -> String) -> Self {
        Self {
            code: code.to_owned(),
            zh: words(Lang::Zh),
            en: words(Lang::En),
        }
    }

    /// A file or directory that cannot be read or written.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display().to_string();
        Self::both("file_failed", |lang| {
            crate::words::fill(lang, w::FILE, &[("path", &path), ("why", &why(error, lang))])
        })
    }

    /// The same failure with one more sentence: what to do about it here.
    pub(crate) fn and(self, word: Word, values: &[(&str, &str)]) -> Self {
        self.and_said(|lang| crate::words::fill(lang, word, values))
    }

    /// The same, where the values differ by language.
    pub(crate) fn and_said(mut self, more: impl Fn(Lang) -> String) -> Self {
        self.zh = format!("{}{}", stopped(Lang::Zh, &self.zh), more(Lang::Zh));
        self.en = format!("{} {}", stopped(Lang::En, &self.en), more(Lang::En));
        self
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// The words.
    pub(crate) fn words(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// What the system says of a file, in words; its own where it says something rare.
fn why(error: &std::io::Error, lang: Lang) -> String {
    use std::io::ErrorKind;
    let word = match error.kind() {
        ErrorKind::NotFound => w::FILE_NONE,
        ErrorKind::IsADirectory => w::FILE_IS_DIRECTORY,
        ErrorKind::NotADirectory => w::FILE_NOT_DIRECTORY,
        ErrorKind::PermissionDenied => w::FILE_FORBIDDEN,
        ErrorKind::AlreadyExists => w::FILE_THERE,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => w::FILE_FULL,
        ErrorKind::ReadOnlyFilesystem => w::FILE_READ_ONLY,
        ErrorKind::InvalidData => w::FILE_NO_TEXT,
        _ => return crate::words::fill(lang, w::FILE_OTHER, &[("why", &error.to_string())]),
    };
    lang.t(word).to_owned()
}

/// The text with the stop that ends a sentence.
pub(crate) fn stopped(lang: Lang, text: &str) -> String {
    let stop = match lang {
        Lang::Zh => "。",
        Lang::En => ".",
    };
    format!("{}{stop}", text.trim_end_matches(stop))
}

/// The same language in the words of the model.
pub(crate) fn model_lang(lang: Lang) -> ModelLang {
    match lang {
        Lang::Zh => ModelLang::Zh,
        Lang::En => ModelLang::En,
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        Self {
            code: error.code().to_owned(),
            zh: error.words(ModelLang::Zh),
            en: error.words(ModelLang::En),
        }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self {
            code: reason.code().to_owned(),
            zh: reason.words(ModelLang::Zh).to_owned(),
            en: reason.words(ModelLang::En).to_owned(),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let why = error.to_string();
        match error {
            error if error.is_damage() => Self::new("data_damaged", w::DATA_DAMAGED, &[("why", &why)]),
            StoreError::Newer { .. } => Self::new("data_newer", w::DATA_NEWER, &[]),
            StoreError::KeysMissing(path) => Self::new("keys_missing", w::KEYS_MISSING, &[("path", &path)]),
            StoreError::Busy => Self::new("busy", w::BUSY, &[]),
            StoreError::Full => Self::new("disk_full", w::DISK_FULL, &[]),
            StoreError::Unknown => Self::new("write_unknown", w::WRITE_UNKNOWN, &[]),
            StoreError::File { path, why } => {
                Self::new("file_failed", w::FILE, &[("path", &path), ("why", &why)])
            }
            _ => Self::new("data_failed", w::DATA_FAILED, &[("why", &why)]),
        }
    }
}

impl From<fieldline_server::door::DoorError> for Fault {
    fn from(error: fieldline_server::door::DoorError) -> Self {
        use fieldline_server::door::DoorError;
        match error {
            DoorError::Refused(reason) => reason.into(),
            DoorError::Store(error) => error.into(),
            DoorError::EarlierHeld(_) => Reason::EarlierHeld.into(),
            DoorError::Erased(id) => {
                Self::new("customer_erased", w::CUSTOMER_ERASED, &[("id", &id.to_string())])
            }
            DoorError::Meanwhile => Self::new("data_failed", w::DATA_FAILED, &[("why", "changed meanwhile")]),
            DoorError::NotHeld => Self::new("data_failed", w::DATA_FAILED, &[("why", "not held")]),
            DoorError::Document(why) => Self::new("data_failed", w::DATA_FAILED, &[("why", &why)]),
        }
    }
}
