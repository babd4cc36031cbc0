//! What an engineer does, as an app says it. The visit is named, because a ticket may have several.

use fieldline_model::operation::{self as op, Completion};
use fieldline_model::time::Timestamp;

use crate::codes::{DeclineReason, PauseReason, VisitResult};
use crate::error::PhoneError;
use crate::id;

/// A place, WGS-84 degrees. Maps in China that want GCJ-02 are the app's to convert for.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Place {
    /// Latitude, −90 to 90.
    pub lat: f64,
    /// Longitude, −180 to 180.
    pub lon: f64,
}

impl From<Place> for op::Position {
    fn from(place: Place) -> Self {
        Self {
            lat: place.lat,
            lon: place.lon,
        }
    }
}

impl From<op::Position> for Place {
    fn from(position: op::Position) -> Self {
        Self {
            lat: position.lat,
            lon: position.lon,
        }
    }
}

/// An answer to a checklist item; its item says which kind it takes.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum CheckAnswer {
    /// Yes or no; of a photo item, that it was taken.
    Tick {
        /// Yes.
        yes: bool,
    },
    /// A measured value.
    Reading {
        /// The number read.
        value: f64,
        /// The item's unit; empty where it has none.
        unit: String,
    },
    /// Words.
    Text {
        /// The words.
        text: String,
    },
}

impl From<CheckAnswer> for op::Answer {
    fn from(answer: CheckAnswer) -> Self {
        match answer {
            CheckAnswer::Tick { yes } => Self::Tick(yes),
            CheckAnswer::Reading { value, unit } => Self::Reading { value, unit },
            CheckAnswer::Text { text } => Self::Text(text),
        }
    }
}

impl From<op::Answer> for CheckAnswer {
    fn from(answer: op::Answer) -> Self {
        match answer {
            op::Answer::Tick(yes) => Self::Tick { yes },
            op::Answer::Reading { value, unit } => Self::Reading { value, unit },
            op::Answer::Text(text) => Self::Text { text },
        }
    }
}

/// Everything an engineer does on a ticket with one call. A photo comes with its bytes: `Phone.add_photo`; an annotation goes to
/// an article: `Phone.annotate`. To give a part back is to transfer it to the warehouse; to have one reserved is to request it.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Act {
    /// Take the visit.
    Accept {
        /// Which.
        visit: String,
    },
    /// Turn the visit down.
    Decline {
        /// Which.
        visit: String,
        /// Why.
        reason: DeclineReason,
        /// In words; needed with `Other`.
        text: String,
    },
    /// Set out.
    Depart {
        /// Which.
        visit: String,
        /// The engineer's own estimate of arrival, milliseconds UTC.
        eta_ms: Option<i64>,
    },
    /// Be there.
    Arrive {
        /// Which.
        visit: String,
        /// Where; it is rounded to about 100 m before it is saved.
        position: Option<Place>,
    },
    /// Begin work.
    Start {
        /// Which.
        visit: String,
    },
    /// Let work rest.
    Pause {
        /// Which.
        visit: String,
        /// Why.
        reason: PauseReason,
    },
    /// Go on.
    Resume {
        /// Which.
        visit: String,
    },
    /// End the visit and report.
    Finish {
        /// Which.
        visit: String,
        /// How it ended.
        outcome: VisitResult,
        /// Code of the cause.
        cause: Option<String>,
        /// Code of the remedy.
        remedy: Option<String>,
        /// In words; needed with `CouldNot`.
        text: String,
    },
    /// Write a note.
    Note {
        /// The words.
        text: String,
    },
    /// Say anew when one will be there.
    Estimate {
        /// Which.
        visit: String,
        /// When, milliseconds UTC.
        arrival_ms: i64,
    },
    /// Answer a checklist item. Several answers to one are all kept, the newest is shown.
    Answer {
        /// The item's key.
        item: String,
        /// The answer.
        answer: CheckAnswer,
    },
    /// A part went into the machine.
    UsePart {
        /// Which part.
        part: String,
        /// How many, at least 1.
        quantity: u32,
        /// From where.
        from: String,
    },
    /// Ask for parts: HQ reserves them for this ticket as soon as that many are free there.
    RequestPart {
        /// Which part.
        part: String,
        /// How many, at least 1.
        quantity: u32,
        /// From where.
        from: String,
    },
    /// Move parts into another van, or back to a warehouse.
    TransferPart {
        /// Which part.
        part: String,
        /// How many, at least 1.
        quantity: u32,
        /// From where.
        from: String,
        /// To where, which is elsewhere.
        to: String,
    },
    /// The customer signed on the glass.
    Sign {
        /// Who signed.
        name: String,
        /// SVG path data in a 600 × 200 box, such as `M40 120 L420 60`.
        path: String,
    },
}

impl Act {
    pub(crate) fn read(self) -> Result<op::Act, PhoneError> {
        let time = Timestamp::from_ms;
        Ok(match self {
            Self::Accept { visit } => op::Act::Accept {
                visit: id::visit(&visit)?,
            },
            Self::Decline { visit, reason, text } => op::Act::Decline {
                visit: id::visit(&visit)?,
                reason: reason.into(),
                text,
            },
            Self::Depart { visit, eta_ms } => op::Act::Depart {
                visit: id::visit(&visit)?,
                eta: eta_ms.map(time),
            },
            Self::Arrive { visit, position } => op::Act::Arrive {
                visit: id::visit(&visit)?,
                position: position.map(|place| op::Position::from(place).rounded()),
            },
            Self::Start { visit } => op::Act::Start {
                visit: id::visit(&visit)?,
            },
            Self::Pause { visit, reason } => op::Act::Pause {
                visit: id::visit(&visit)?,
                reason: reason.into(),
            },
            Self::Resume { visit } => op::Act::Resume {
                visit: id::visit(&visit)?,
            },
            Self::Finish {
                visit,
                outcome,
                cause,
                remedy,
                text,
            } => op::Act::Finish {
                visit: id::visit(&visit)?,
                completion: Completion {
                    result: outcome.into(),
                    cause,
                    remedy,
                    text,
                },
            },
            Self::Note { text } => op::Act::Note { text },
            Self::Estimate { visit, arrival_ms } => op::Act::Estimate {
                visit: id::visit(&visit)?,
                arrival: time(arrival_ms),
            },
            Self::Answer { item, answer } => op::Act::Answer {
                item,
                answer: answer.into(),
            },
            Self::UsePart { part, quantity, from } => op::Act::UsePart {
                part: id::part(&part)?,
                quantity,
                from: id::location(&from)?,
            },
            Self::RequestPart { part, quantity, from } => op::Act::RequestPart {
                part: id::part(&part)?,
                quantity,
                from: id::location(&from)?,
            },
            Self::TransferPart {
                part,
                quantity,
                from,
                to,
            } => op::Act::TransferPart {
                part: id::part(&part)?,
                quantity,
                from: id::location(&from)?,
                to: id::location(&to)?,
            },
            Self::Sign { name, path } => op::Act::Sign { name, path },
        })
    }
}
