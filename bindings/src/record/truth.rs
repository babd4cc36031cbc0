//! The truth screen: what is saved here, what HQ has, what did not become what the person meant, what waits and why.

use fieldline_engine::view;
use fieldline_engine::words;
use fieldline_model::reason::Lang;

use super::{count, ms};
use crate::codes::{EntryKind, WaitingFor};
use crate::record::ticket::Reason;
use crate::words::Words;

/// What became of an operation that did not count as meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum CardFate {
    /// Legal by what the person knew, and displaced by something concurrent; it is kept.
    Overruled,
    /// Merged at first, and counts no more.
    Displaced,
    /// Not possible; the words are kept here.
    Refused,
}

/// What did not become what the person meant, in the person's own words.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TruthCard {
    /// The operation; names the card in `Phone.dismiss`.
    pub operation: String,
    /// The ticket, if it is about one.
    pub ticket: Option<String>,
    /// Its number.
    pub number: String,
    /// What was done.
    pub kind: EntryKind,
    /// The words of that.
    pub label: Words,
    /// What the person wrote, if anything.
    pub own_words: String,
    /// What became of it.
    pub fate: CardFate,
    /// The words of that.
    pub fate_words: Words,
    /// Why.
    pub why: Reason,
    /// When the phone heard of it.
    pub at_ms: i64,
}

/// One operation that has no fate yet.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WaitingLine {
    /// The operation.
    pub operation: String,
    /// The ticket, if it is about one.
    pub ticket: Option<String>,
    /// Its number.
    pub number: String,
    /// What was done.
    pub kind: EntryKind,
    /// The words of that.
    pub label: Words,
    /// When it was saved.
    pub saved_at_ms: i64,
    /// Why it waits.
    pub why: WaitingFor,
    /// The words of that, as the end of a line.
    pub why_words: Words,
}

/// Something that was saved here and that a damaged storage lost: the person has to do it again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MissingLine {
    /// The operation; names it in `Phone.dismiss`.
    pub operation: String,
    /// The ticket, if it is about one.
    pub ticket: Option<String>,
    /// Its number.
    pub number: String,
    /// What was done.
    pub kind: EntryKind,
    /// The words of that.
    pub label: Words,
    /// When it was saved.
    pub saved_at_ms: i64,
}

/// A photo that the system took away before HQ had it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LostPhotoLine {
    /// The operation that tells of it.
    pub operation: String,
    /// The ticket, if it is of one.
    pub ticket: Option<String>,
    /// Its number.
    pub number: String,
    /// What the person wrote beside it.
    pub caption: String,
    /// When it was saved.
    pub saved_at_ms: i64,
}

/// Something the phone has to say about itself.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NoticeLine {
    /// Stable code.
    pub code: String,
    /// For people.
    pub words: Words,
    /// When.
    pub at_ms: i64,
}

/// Whether this phone holds what HQ says it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Completeness {
    /// It never synced.
    NeverSynced,
    /// HQ's count is not here; the next sync looks.
    NotCounted,
    /// Exactly that: "42 of 42 as of 08:03".
    Complete,
    /// Something is missing.
    Incomplete,
    /// As many, but not all as HQ has them; the next sync reads them again.
    NotAsCounted,
    /// The phone is revoked: what is here was complete, and nothing new comes.
    NotRenewed,
    /// The phone is revoked, and what is here is not all.
    NotRenewedPartly,
}

impl Completeness {
    fn of(status: &view::Status) -> Self {
        if status.revoked {
            return if status.complete && status.stuck.is_empty() {
                Self::NotRenewed
            } else {
                Self::NotRenewedPartly
            };
        }
        match (status.expected, status.as_of) {
            (Some(_), Some(_)) if status.complete => Self::Complete,
            (Some(expected), Some(_)) if status.held == expected => Self::NotAsCounted,
            (Some(_), Some(_)) => Self::Incomplete,
            _ if status.held == 0 && status.at_hq == 0 => Self::NeverSynced,
            _ => Self::NotCounted,
        }
    }
}

/// The truth screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TruthScreen {
    /// The phone is enrolled.
    pub enrolled: bool,
    /// The company's name.
    pub company: String,
    /// Operations saved here and not at HQ.
    pub unsent: u64,
    /// Operations at HQ of which it has not decided yet, because this phone was revoked.
    pub held_at_hq: u64,
    /// Operations of colleagues that this phone brings to HQ.
    pub carried: u64,
    /// Operations merged at HQ that count.
    pub at_hq: u64,
    /// Operations overruled.
    pub overruled: u64,
    /// Operations refused.
    pub refused: u64,
    /// What did not become what the person meant, newest first.
    pub cards: Vec<TruthCard>,
    /// What waits and why, oldest first; at most 200.
    pub waiting: Vec<WaitingLine>,
    /// Server time of the last answer.
    pub last_sync_ms: Option<i64>,
    /// Whether all is here.
    pub completeness: Completeness,
    /// Documents this phone holds.
    pub documents: u32,
    /// Documents HQ said it should hold.
    pub expected: Option<u32>,
    /// When HQ said so.
    pub as_of_ms: Option<i64>,
    /// Documents whose copy here is damaged; fetched again with the next sync.
    pub stuck: u64,
    /// What was saved here and is gone.
    pub missing: Vec<MissingLine>,
    /// So many more have left no trace but the count.
    pub missing_unnamed: u64,
    /// Positions on their way.
    pub positions: u64,
    /// Photos on their way.
    pub photos_waiting: u64,
    /// Bytes of these.
    pub photos_waiting_bytes: u64,
    /// Photos at HQ.
    pub photos_at_hq: u64,
    /// Photos HQ will not have.
    pub photos_refused: u64,
    /// Photos that were lost before they were sent.
    pub photos_lost: Vec<LostPhotoLine>,
    /// HQ has revoked this phone: work is kept, and HQ decides about it.
    pub revoked: bool,
    /// The phone has to be enrolled again before anything goes.
    pub must_enrol: bool,
    /// What the phone has to say about itself, newest first.
    pub notices: Vec<NoticeLine>,
}

fn ticket(document: fieldline_model::id::DocumentId) -> Option<String> {
    document.ticket().map(|ticket| ticket.to_string())
}

fn label(act: &str) -> Words {
    Words::known(words::act(act), act)
}

impl From<view::Card> for TruthCard {
    fn from(card: view::Card) -> Self {
        let (fate, code) = match (card.fate.as_str(), card.displaced) {
            ("refused", _) => (CardFate::Refused, "refused"),
            (_, true) => (CardFate::Displaced, "displaced"),
            (_, false) => (CardFate::Overruled, "overruled"),
        };
        Self {
            operation: card.operation.to_string(),
            ticket: ticket(card.document),
            kind: EntryKind::of(&card.act),
            label: label(&card.act),
            fate,
            fate_words: Words::known(words::fate(code), code),
            why: Reason::of(&card.code),
            at_ms: card.at.ms(),
            number: card.number,
            own_words: card.own_words,
        }
    }
}

impl From<view::Waiting> for WaitingLine {
    fn from(waiting: view::Waiting) -> Self {
        Self {
            operation: waiting.operation.to_string(),
            ticket: ticket(waiting.document),
            number: waiting.number,
            kind: EntryKind::of(waiting.act),
            label: label(waiting.act),
            saved_at_ms: waiting.saved_at.ms(),
            why: WaitingFor::of(waiting.why),
            why_words: Words::known(words::waiting(waiting.why), waiting.why),
        }
    }
}

impl From<view::Missing> for MissingLine {
    fn from(missing: view::Missing) -> Self {
        Self {
            operation: missing.operation.to_string(),
            ticket: ticket(missing.document),
            kind: EntryKind::of(&missing.act),
            label: label(&missing.act),
            saved_at_ms: missing.saved_at.ms(),
            number: missing.number,
        }
    }
}

impl From<view::LostPhoto> for LostPhotoLine {
    fn from(lost: view::LostPhoto) -> Self {
        Self {
            operation: lost.operation.to_string(),
            ticket: ticket(lost.document),
            saved_at_ms: lost.saved_at.ms(),
            number: lost.number,
            caption: lost.caption,
        }
    }
}

impl From<view::Notice> for NoticeLine {
    fn from(notice: view::Notice) -> Self {
        Self {
            words: Words {
                zh: notice.words(Lang::Zh).to_owned(),
                en: notice.words(Lang::En).to_owned(),
            },
            at_ms: notice.at.ms(),
            code: notice.code,
        }
    }
}

impl From<view::Status> for TruthScreen {
    fn from(status: view::Status) -> Self {
        Self {
            completeness: Completeness::of(&status),
            enrolled: status.enrolled,
            company: status.organisation_name,
            unsent: status.saved_here.saturating_sub(status.held_at_hq),
            held_at_hq: status.held_at_hq,
            carried: status.carried,
            at_hq: status.at_hq,
            overruled: status.overruled,
            refused: status.refused,
            cards: status.cards.into_iter().map(TruthCard::from).collect(),
            waiting: status.waiting.into_iter().map(WaitingLine::from).collect(),
            last_sync_ms: ms(status.last_sync),
            documents: status.held,
            expected: status.expected,
            as_of_ms: ms(status.as_of),
            stuck: count(status.stuck.len()),
            missing: status.missing.into_iter().map(MissingLine::from).collect(),
            missing_unnamed: status.missing_unnamed,
            positions: status.positions,
            photos_waiting: status.photos.waiting,
            photos_waiting_bytes: status.photos.waiting_bytes,
            photos_at_hq: status.photos.at_hq,
            photos_refused: status.photos.refused,
            photos_lost: status.photos.lost.into_iter().map(LostPhotoLine::from).collect(),
            revoked: status.revoked,
            must_enrol: status.must_enrol,
            notices: status.notices.into_iter().map(NoticeLine::from).collect(),
        }
    }
}

/// What a person can switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PhoneSettings {
    /// Photos and manuals wait for a network that costs nothing; small pictures of photos do not.
    pub wifi_only: bool,
    /// The engineer has paused telling where he is.
    pub position_paused: bool,
}

/// Whether positions are taken now.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum PositionState {
    /// He is on his way to this ticket's customer: let the receiver run, every 15 to 30 s.
    Travelling {
        /// The ticket.
        ticket: String,
    },
    /// He is not on his way: let the receiver sleep.
    NotTravelling,
    /// He has paused it.
    Paused,
    /// The phone is nobody's, or revoked.
    NotEnrolled,
}

impl From<fieldline_engine::Tracking> for PositionState {
    fn from(tracking: fieldline_engine::Tracking) -> Self {
        use fieldline_engine::Tracking;
        match tracking {
            Tracking::Travelling(ticket) => Self::Travelling {
                ticket: ticket.to_string(),
            },
            Tracking::NotTravelling => Self::NotTravelling,
            Tracking::Paused => Self::Paused,
            Tracking::NotEnrolled => Self::NotEnrolled,
        }
    }
}
