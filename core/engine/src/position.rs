//! Where the engineer is: told while he travels to a customer and not otherwise, and never while he has paused it.

use fieldline_model::id::TicketId;
use fieldline_model::operation::Position;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::moment::Moment;
use crate::observe::Changed;
use crate::store::identity::{identity_position_paused, identity_set_position_paused};
use crate::store::ticket_row::ticket_row_en_route;

/// Whether positions are taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracking {
    /// He is on his way to this ticket's customer.
    Travelling(TicketId),
    /// He is not on his way to anybody.
    NotTravelling,
    /// He has paused it.
    Paused,
    /// The phone is nobody's, or HQ does not take them from it any more.
    NotEnrolled,
}

impl Engine {
    /// Whether positions are taken now. An app asks after each step of a visit, and lets the receiver sleep otherwise.
    ///
    /// # Errors
    /// As the store says.
    pub fn tracking(&self) -> Result<Tracking, EngineError> {
        self.read(|inner| {
            let identity = &inner.identity;
            if identity.enrolment.is_none() || identity.must_enrol() || identity.revoked {
                return Ok(Tracking::NotEnrolled);
            }
            if identity_position_paused(&inner.store.conn)? {
                return Ok(Tracking::Paused);
            }
            let ticket = ticket_row_en_route(&inner.store.conn)?;
            Ok(ticket.map_or(Tracking::NotTravelling, Tracking::Travelling))
        })
    }

    /// Queues a position for HQ if positions are taken now, and forgets it otherwise; says which.
    ///
    /// # Errors
    /// As [`Engine::position_add`].
    pub fn position_while_travelling(
        &self,
        position: Position,
        accuracy_m: f32,
        moment: &mut Moment<'_>,
    ) -> Result<Tracking, EngineError> {
        let tracking = self.tracking()?;
        if matches!(tracking, Tracking::Travelling(_)) {
            self.position_add(position, accuracy_m, moment)?;
        }
        Ok(tracking)
    }

    /// Whether the engineer has paused it.
    ///
    /// # Errors
    /// As the store says.
    pub fn position_paused(&self) -> Result<bool, EngineError> {
        self.read(|inner| identity_position_paused(&inner.store.conn))
    }

    /// Pauses it, or goes on. What was queued before still goes to HQ.
    ///
    /// # Errors
    /// As the store says.
    pub fn set_position_paused(&self, paused: bool) -> Result<(), EngineError> {
        self.write(|inner| {
            identity_set_position_paused(&inner.store.conn, paused)?;
            Ok(((), Changed::status()))
        })
    }
}
