//! Handing work to a colleague's phone where no network reaches: as a file, as QR codes, or in one network.

use std::net::Ipv4Addr;
use std::sync::Arc;

use fieldline_engine::clock::with_moment;
use fieldline_engine::shell::lan::{Waiting, own_address};
use fieldline_engine::{BundleError, EngineError, MeetingError};
use fieldline_model::card::Card;
use fieldline_model::frames::split;
use fieldline_model::meeting::MeetingCode;

use super::Phone;
use crate::error::PhoneError;
use crate::meeting::Meeting;
use crate::record::{BundleMade, BundleTaken, count};

#[uniffi::export]
impl Phone {
    /// What this phone shows a colleague's, so that it can be handed work: one text for a QR code.
    ///
    /// # Errors
    /// `no_certificate` until it has synced once, `phone_revoked`, `not_enrolled`.
    pub fn card(&self) -> Result<String, PhoneError> {
        let core = self.core()?;
        Ok(with_moment(|moment| core.engine.card(moment))?.to_text())
    }

    /// A bundle for the phone with this card: what HQ may lack of tickets both may hold. Nothing changes here.
    ///
    /// # Errors
    /// `card_unknown`, `peer_unproven`, `peer_expired`, `peer_self`, `bundle_other_company`; `bundle_nothing`, `bundle_too_large`.
    pub fn export_bundle(&self, card: String) -> Result<BundleMade, PhoneError> {
        let core = self.core()?;
        let card = Card::read(&card).map_err(|_| EngineError::from(BundleError::NoCard))?;
        let made = with_moment(|moment| core.engine.export_bundle(&card, moment))?;
        Ok(BundleMade {
            to: made.to.to_string(),
            to_name: core.engine.engineer_words(made.to).into(),
            documents: count(made.documents),
            operations: count(made.operations),
            bytes: made.bytes,
        })
    }

    /// Takes a bundle in that was made for this phone. The same may come twice.
    ///
    /// # Errors
    /// The code of what is wrong with it; nothing of it is taken then.
    pub fn import_bundle(&self, bytes: Vec<u8>) -> Result<BundleTaken, PhoneError> {
        let core = self.core()?;
        let taken = with_moment(|moment| core.engine.import_bundle(&bytes, moment))?;
        let name = core.engine.engineer_words(taken.from).into();
        Ok(BundleTaken::of(&taken, name))
    }

    /// The texts of the QR codes that hold a bundle, to be shown one after the other, round and round.
    ///
    /// # Errors
    /// `bundle_too_large` for one that goes as a file only.
    pub fn bundle_frames(&self, bytes: Vec<u8>) -> Result<Vec<String>, PhoneError> {
        Ok(split(&bytes).map_err(|_| EngineError::from(BundleError::TooLarge))?)
    }

    /// Begins to wait for a colleague's phone in the same network; `Meeting.code` is what he types or scans. `address` is this
    /// phone's own there, where the app knows it better than the system.
    ///
    /// # Errors
    /// `address_unclear`, `meeting_no_place`; as `card`.
    pub fn wait_for_colleague(&self, address: Option<String>) -> Result<Arc<Meeting>, PhoneError> {
        let core = self.core()?;
        let ip: Option<Ipv4Addr> = match address {
            Some(text) => Some(
                text.trim()
                    .parse()
                    .map_err(|_| EngineError::from(MeetingError::NoPlace))?,
            ),
            None => own_address(),
        };
        let ip = ip.ok_or_else(PhoneError::address_unclear)?;
        let waiting = core
            .runtime
            .block_on(Waiting::open(Arc::clone(&core.engine), ip, 0))?;
        Ok(Meeting::waits(&core, waiting))
    }

    /// Prepares to meet the colleague's phone that shows this code.
    ///
    /// # Errors
    /// `meeting_code_unknown` for another text.
    pub fn join_colleague(&self, code: String) -> Result<Arc<Meeting>, PhoneError> {
        let core = self.core()?;
        let code = MeetingCode::read(&code).map_err(|_| EngineError::from(MeetingError::NoCode))?;
        Ok(Meeting::joins(&core, code))
    }
}
