//! Why a ticket is here to read only, as far as this phone was told; also by cards that were put away.

use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::view::TicketView;
use crate::words::{self, Words};

/// Why a ticket is here to read only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gone {
    /// HQ cancelled it.
    Cancelled {
        /// When.
        at: Timestamp,
        /// Why, as HQ wrote it: see `model::cancel`.
        why: String,
    },
    /// A colleague's acceptance reached HQ first.
    Taken,
    /// HQ's server was restored and does not have it any more.
    LostAtHq,
    /// It is not this engineer's any more.
    NotHis,
}

impl Gone {
    /// The words for people; `None` for a cancelled one, which is told with when and why.
    #[must_use]
    pub fn words(&self) -> Option<Words> {
        match self {
            Self::Cancelled { .. } => None,
            Self::Taken => Some(words::GONE_TAKEN),
            Self::LostAtHq => Some(words::LOST_AT_HQ),
            Self::NotHis => Some(words::GONE),
        }
    }
}

impl Engine {
    /// Why this ticket is here to read only; `None` while it is this engineer's to write.
    ///
    /// # Errors
    /// As the store says.
    pub fn gone(&self, view: &TicketView) -> Result<Option<Gone>, EngineError> {
        if let Some(cancelled) = cancelled(view) {
            return Ok(Some(cancelled));
        }
        if view.in_scope {
            return Ok(None);
        }
        if view.lost_at_hq {
            return Ok(Some(Gone::LostAtHq));
        }
        let is_offer_gone = view.visits.iter().any(|visit| visit.taken && !visit.mine);
        let taken = is_offer_gone
            || self.cards()?.iter().any(|card| {
                card.document == view.ticket.into()
                    && matches!(
                        Reason::from_code(&card.code),
                        Some(Reason::TakenByOther | Reason::CompletedTakenByOther)
                    )
            });
        Ok(Some(if taken { Gone::Taken } else { Gone::NotHis }))
    }
}

fn cancelled(view: &TicketView) -> Option<Gone> {
    if view.status != "cancelled" {
        return None;
    }
    view.events.iter().rev().find_map(|entry| match &entry.act {
        Act::Cancel { reason } if entry.overruled.is_none() => Some(Gone::Cancelled {
            at: entry.at.estimate(),
            why: reason.clone(),
        }),
        _ => None,
    })
}
