//! What crosses the border.

use fieldline_engine::EngineError;
use fieldline_engine::view;
use fieldline_model::id::VisitId;
use fieldline_model::operation::{Act, DeclineReason, PauseReason, PhotoKind};
use fieldline_model::reason::Lang;

/// Why a call did not do what it should. Nothing was changed.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum PhoneError {
    /// The engine said no.
    #[error("{code}")]
    Failed {
        /// Stable code, for programs.
        code: String,
        /// Words in Chinese.
        zh: String,
        /// Words in English.
        en: String,
    },
}

impl From<EngineError> for PhoneError {
    fn from(error: EngineError) -> Self {
        Self::Failed {
            code: error.code().to_owned(),
            zh: error.words(Lang::Zh),
            en: error.words(Lang::En),
        }
    }
}

impl PhoneError {
    /// An argument that is no id of the kind wanted.
    pub(crate) fn bad_id(kind: &str) -> Self {
        Self::Failed {
            code: "bad_id".to_owned(),
            zh: "编号无效".to_owned(),
            en: format!("not a valid {kind} id"),
        }
    }

    /// A key of the store that has another length than 32 bytes.
    pub(crate) fn bad_key() -> Self {
        Self::Failed {
            code: "bad_key".to_owned(),
            zh: "密钥必须是 32 个字节".to_owned(),
            en: "a key has 32 bytes".to_owned(),
        }
    }
}

/// A step of a visit that takes one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Step {
    /// Take it.
    Accept,
    /// Leave it: no time.
    Decline,
    /// Set out.
    Depart,
    /// Be there.
    Arrive,
    /// Begin.
    Start,
    /// Rest.
    Pause,
    /// Go on.
    Resume,
}

impl Step {
    pub(crate) fn act(self, visit: VisitId) -> Act {
        match self {
            Self::Accept => Act::Accept { visit },
            Self::Decline => Act::Decline {
                visit,
                reason: DeclineReason::NoTime,
                text: String::new(),
            },
            Self::Depart => Act::Depart { visit, eta: None },
            Self::Arrive => Act::Arrive {
                visit,
                position: None,
            },
            Self::Start => Act::Start { visit },
            Self::Pause => Act::Pause {
                visit,
                reason: PauseReason::Break,
            },
            Self::Resume => Act::Resume { visit },
        }
    }
}

/// One ticket in a list, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketLine {
    /// Id.
    pub ticket: String,
    /// Human number.
    pub number: String,
    /// This engineer's visit.
    pub visit: Option<String>,
    /// Word of the visit's phase.
    pub phase: Option<String>,
    /// Begin of the plan, milliseconds UTC.
    pub plan_start_ms: Option<i64>,
    /// Customer's name.
    pub customer: String,
    /// Address.
    pub address: String,
    /// Fault in Chinese.
    pub fault_zh: String,
    /// Fault in English.
    pub fault_en: String,
    /// Own operations that have no fate yet.
    pub pending: u32,
}

impl From<view::TicketLine> for TicketLine {
    fn from(line: view::TicketLine) -> Self {
        Self {
            ticket: line.ticket.to_string(),
            number: line.number,
            visit: line.visit.map(|visit| visit.to_string()),
            phase: line.phase,
            plan_start_ms: line.plan_start.map(fieldline_model::time::Timestamp::ms),
            customer: line.customer,
            address: line.address,
            fault_zh: line.fault_zh,
            fault_en: line.fault_en,
            pending: line.pending,
        }
    }
}

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum PhotoShows {
    /// How it was found.
    Before,
    /// How it was left.
    After,
    /// Something else.
    Other,
}

impl From<PhotoShows> for PhotoKind {
    fn from(shows: PhotoShows) -> Self {
        match shows {
            PhotoShows::Before => Self::Before,
            PhotoShows::After => Self::After,
            PhotoShows::Other => Self::Other,
        }
    }
}

impl From<PhotoKind> for PhotoShows {
    fn from(kind: PhotoKind) -> Self {
        match kind {
            PhotoKind::Before => Self::Before,
            PhotoKind::After => Self::After,
            PhotoKind::Other => Self::Other,
        }
    }
}

/// One photo of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhotoLine {
    /// The operation that tells of it.
    pub operation: String,
    /// What it shows.
    pub shows: PhotoShows,
    /// In words; may be empty.
    pub caption: String,
    /// Bytes.
    pub size: u64,
    /// Taken with this phone: `waiting`, `at_hq`, `refused` or `lost`; otherwise `elsewhere`.
    pub state: String,
    /// The photo's file is on this phone.
    pub here: bool,
    /// There is a small picture of it.
    pub has_thumb: bool,
}

impl From<view::PhotoView> for PhotoLine {
    fn from(view: view::PhotoView) -> Self {
        Self {
            operation: view.operation.to_string(),
            shows: view.photo.kind.into(),
            caption: view.photo.caption,
            size: view.photo.size,
            state: view.state.to_owned(),
            here: view.here,
            has_thumb: view.photo.thumb.is_some(),
        }
    }
}

/// What came of a bundle that a colleague's phone made.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleTaken {
    /// Id of the colleague.
    pub from: String,
    /// Changes this phone brings to HQ from now on.
    pub carried: u64,
    /// Changes that were known here.
    pub known: u64,
    /// Changes that were not taken, because they are nobody's or not for this phone.
    pub not_carried: u64,
}

impl From<fieldline_engine::Imported> for BundleTaken {
    fn from(imported: fieldline_engine::Imported) -> Self {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self {
            from: imported.from.to_string(),
            carried: count(imported.carried),
            known: count(imported.known),
            not_carried: count(imported.refused.iter().map(|refused| refused.changes).sum()),
        }
    }
}

/// How much is saved where.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TruthScreen {
    /// The phone is enrolled.
    pub enrolled: bool,
    /// Operations saved on this phone only.
    pub saved_here: u64,
    /// Operations that colleagues handed over and HQ has not got: this phone brings them.
    pub carried: u64,
    /// Operations merged at HQ.
    pub at_hq: u64,
    /// Operations overruled.
    pub overruled: u64,
    /// Operations refused.
    pub refused: u64,
    /// The phone holds exactly what HQ said.
    pub complete: bool,
    /// Photos on their way to HQ.
    pub photos_waiting: u64,
    /// Photos at HQ.
    pub photos_at_hq: u64,
    /// Photos the system took away before they reached HQ.
    pub photos_lost: u64,
}

impl From<view::Status> for TruthScreen {
    fn from(status: view::Status) -> Self {
        Self {
            enrolled: status.enrolled,
            saved_here: status.saved_here,
            carried: status.carried,
            at_hq: status.at_hq,
            overruled: status.overruled,
            refused: status.refused,
            complete: status.complete,
            photos_waiting: status.photos.waiting,
            photos_at_hq: status.photos.at_hq,
            photos_lost: u64::try_from(status.photos.lost.len()).unwrap_or(u64::MAX),
        }
    }
}
