//! Joining a company, and what comes before and after.

use fieldline_engine::clock::with_moment;
use fieldline_engine::{Engine, EngineError};
use fieldline_model::invitation::Invitation;
use fieldline_model::row::{Row, RowKind};

use super::{Phone, PhoneConfig};
use crate::error::PhoneError;
use crate::record::{EnrolInvitation, WhoAmI};

/// Reads the text of HQ's QR code, or a pasted link.
///
/// # Errors
/// `bad_link` for any other text.
#[uniffi::export]
pub fn parse_enrol_code(text: String) -> Result<EnrolInvitation, PhoneError> {
    let found = Invitation::read(&text).ok_or_else(PhoneError::bad_link)?;
    Ok(EnrolInvitation {
        address: found.server,
        code: found.code,
    })
}

/// Moves what is left of a missing or damaged store into a directory beside it, so that the phone can be enrolled anew; says
/// where. None when the store is sound: then nothing is moved. Only for a person who was told that what was not sent is lost.
///
/// # Errors
/// As `Phone.open` for what is no loss of data, and those of the file system.
#[uniffi::export]
pub fn set_store_aside(config: PhoneConfig) -> Result<Option<String>, PhoneError> {
    let (store, _) = config.read()?;
    let aside = with_moment(|moment| Engine::set_aside(&store, moment))?;
    Ok(aside.map(|path| path.display().to_string()))
}

#[uniffi::export]
impl Phone {
    /// Joins the company at `address` with the one-time code from HQ; `name` is this phone's, for people there. Waits for the
    /// network. What this phone should hold comes with the next sync.
    ///
    /// # Errors
    /// Those of the network; the server's for a code that is wrong, used or too old; `enrolled_already` while this phone is in use,
    /// `other_company` where it is another company's.
    pub fn enrol(&self, address: String, code: String, name: String) -> Result<(), PhoneError> {
        let core = self.core()?;
        let address = address.trim().trim_end_matches('/');
        core.online(core.client.enrol(address, &code, &name), &core.sync_called_off)
    }

    /// HQ's server has moved: asks it there, and keeps the address when it knows this phone. Waits for the network.
    ///
    /// # Errors
    /// `phone_unknown` when it does not, and the old address is kept; those of the network.
    pub fn move_to(&self, address: String) -> Result<(), PhoneError> {
        let core = self.core()?;
        let address = address.trim().trim_end_matches('/');
        core.online(core.client.move_to(address), &core.sync_called_off)
    }

    /// Whose phone this is; none before it is enrolled.
    ///
    /// # Errors
    /// Those of the store.
    pub fn whoami(&self) -> Result<Option<WhoAmI>, PhoneError> {
        let core = self.core()?;
        let status = core.engine.status()?;
        let (Some(engineer), Some(device)) = (status.engineer, status.device) else {
            return Ok(None);
        };
        let van = match core.engine.row(RowKind::Engineer, &engineer.to_string())? {
            Some(Row::Engineer(row)) => row.van,
            _ => None,
        };
        Ok(Some(WhoAmI {
            company: status.organisation_name,
            engineer: engineer.to_string(),
            name: core.engine.engineer_words(engineer).into(),
            device: device.to_string(),
            address: core.engine.server_url().ok_or(EngineError::NotEnrolled)?,
            van: van.map(|van| van.to_string()),
        }))
    }
}
