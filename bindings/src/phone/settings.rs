//! The truth screen, what a person can switch, and where he is.

use fieldline_engine::clock::with_moment;

use super::Phone;
use crate::act::Place;
use crate::error::PhoneError;
use crate::id;
use crate::record::{PhoneSettings, PositionState, TruthCard, TruthScreen};

#[uniffi::export]
impl Phone {
    /// The truth screen: what is saved where, what did not become what the person meant, what waits and why. Milliseconds.
    ///
    /// # Errors
    /// Those of the store.
    pub fn status(&self) -> Result<TruthScreen, PhoneError> {
        Ok(self.core()?.engine.status()?.into())
    }

    /// Every card there ever was, put away or not, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn all_cards(&self) -> Result<Vec<TruthCard>, PhoneError> {
        let cards = self.core()?.engine.cards()?;
        Ok(cards.into_iter().map(TruthCard::from).collect())
    }

    /// The person has read a card, or that an operation is missing. False when there is neither.
    ///
    /// # Errors
    /// `bad_id`, those of the store.
    pub fn dismiss(&self, operation: String) -> Result<bool, PhoneError> {
        Ok(self.core()?.engine.dismiss(id::operation(&operation)?)?)
    }

    /// What a person can switch.
    ///
    /// # Errors
    /// Those of the store.
    pub fn settings(&self) -> Result<PhoneSettings, PhoneError> {
        let core = self.core()?;
        Ok(PhoneSettings {
            wifi_only: core.engine.wifi_only()?,
            position_paused: core.engine.position_paused()?,
        })
    }

    /// Switches it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn change_settings(&self, settings: PhoneSettings) -> Result<(), PhoneError> {
        let core = self.core()?;
        core.engine.set_wifi_only(settings.wifi_only)?;
        Ok(core.engine.set_position_paused(settings.position_paused)?)
    }

    /// Whether positions are taken now: asked after each step of a visit, so that the receiver runs only while he travels.
    ///
    /// # Errors
    /// Those of the store.
    pub fn position_state(&self) -> Result<PositionState, PhoneError> {
        Ok(self.core()?.engine.tracking()?.into())
    }

    /// Tells where he is. It is kept for HQ while he travels and forgotten otherwise; the answer says which.
    ///
    /// # Errors
    /// `out_of_range` for numbers that are no place on Earth; those of the store.
    pub fn position(&self, place: Place, accuracy_m: f32) -> Result<PositionState, PhoneError> {
        let core = self.core()?;
        let tracking = with_moment(|moment| {
            core.engine
                .position_while_travelling(place.into(), accuracy_m, moment)
        })?;
        Ok(tracking.into())
    }
}
