//! Joining a company: the request with the one-time code from HQ, and the answer.

use fieldline_model::actor::DeviceKey;
use fieldline_model::id::{EngineerId, OrganisationId};
use fieldline_model::wire::{Enrol, Enrolled, WIRE};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::fault::{FaultPoint, bug};
use crate::key::{IDENTITY_LOST, KEY_LOST};
use crate::moment::Moment;
use crate::observe::Changed;
use crate::store::doc::doc_any;
use crate::store::heal::{Healing, healing_set};
use crate::store::identity::{
    Identity, identity_enrol, identity_greeted, identity_set_key_offered, identity_set_seed,
    identity_set_server_url,
};
use crate::store::notice::notice_delete;

impl Engine {
    /// The request to send to `POST /sync/v1/enrol`. The device's key is made here once and kept, so a request whose
    /// answer was lost can be repeated. A phone whose token HQ refused, whose key was lost, or which was revoked, may ask again.
    ///
    /// # Errors
    /// [`EngineError::EnrolledAlready`] when this phone is enrolled and in use: the code must not be used up for it.
    pub fn enrol_request(
        &self,
        code: &str,
        name: &str,
        moment: &mut Moment<'_>,
    ) -> Result<Enrol, EngineError> {
        self.read(|inner| {
            let identity = &inner.identity;
            if identity.enrolment.is_some() && !identity.must_enrol() && !identity.revoked {
                return Err(EngineError::EnrolledAlready);
            }
            // A key that HQ never saw may be in copies of this phone as well: each takes its own.
            let seed = match inner.identity.key_seed {
                Some(seed) if inner.identity.key_offered => seed,
                _ => {
                    let seed = moment.bytes();
                    let tx = inner.store.conn.transaction()?;
                    identity_set_seed(&tx, &seed)?;
                    identity_set_key_offered(&tx)?;
                    tx.commit()?;
                    inner.reload_identity()?;
                    seed
                }
            };
            Ok(Enrol {
                wire: WIRE,
                code: code.trim().to_owned(),
                device_key: DeviceKey::from_seed(&seed).public(),
                install: inner.identity.install,
                name: name.to_owned(),
                engineer: engineer_of(&inner.identity),
                organisation: organisation_of(&inner.identity),
            })
        })
    }

    /// Takes the answer; `server_url` is where it came from and where every sync goes.
    ///
    /// # Errors
    /// [`EngineError::EnrolledAlready`] when this phone belongs to another engineer, [`EngineError::OtherCompany`] when it
    /// belongs to another company: their work is on it.
    pub fn enrol_take(
        &self,
        enrolled: &Enrolled,
        server_url: &str,
        moment: &mut Moment<'_>,
    ) -> Result<(), EngineError> {
        self.write(|inner| {
            if organisation_of(&inner.identity).is_some_and(|mine| mine != enrolled.organisation) {
                return Err(EngineError::OtherCompany);
            }
            if engineer_of(&inner.identity).is_some_and(|mine| mine != enrolled.engineer) {
                return Err(EngineError::EnrolledAlready);
            }
            let tx = inner.store.conn.transaction()?;
            identity_enrol(&tx, enrolled, server_url)?;
            notice_delete(&tx, KEY_LOST)?;
            notice_delete(&tx, IDENTITY_LOST)?;
            if doc_any(&tx)? && !bug!(inner.faults, NothingHealed) {
                // To HQ this may be another device, for which it sealed no cursor that shows whether HQ went back.
                healing_set(&tx, Healing::Ask)?;
            }
            identity_greeted(&tx, enrolled.server_time.since(moment.time.wall), false)?;
            inner.faults.at(FaultPoint::EnrolBeforeCommit)?;
            tx.commit()?;
            inner.reload_identity()?;
            inner.faults.at(FaultPoint::EnrolAfterCommit)?;
            Ok(((), Changed::status()))
        })
    }

    /// Where the server is; `None` before the enrolment.
    #[must_use]
    pub fn server_url(&self) -> Option<String> {
        self.read(|inner| Ok(inner.identity.enrolment.as_ref().map(|e| e.server_url.clone())))
            .unwrap_or_default()
    }

    /// The company's server has moved: from now on every sync goes to `server_url`. Ask it before, so that a mistyped
    /// address is not kept.
    ///
    /// # Errors
    /// [`EngineError::NotEnrolled`].
    pub fn set_server_url(&self, server_url: &str) -> Result<(), EngineError> {
        self.write(|inner| {
            inner.identity.enrolled()?;
            identity_set_server_url(&inner.store.conn, server_url)?;
            inner.reload_identity()?;
            Ok(((), Changed::status()))
        })
    }

    /// Whose phone this is; `None` before the enrolment.
    #[must_use]
    pub fn me(&self) -> Option<EngineerId> {
        self.read(|inner| Ok(inner.identity.enrolment.as_ref().map(|e| e.engineer)))
            .unwrap_or_default()
    }

    /// What every request carries; `None` before the enrolment.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.read(|inner| Ok(inner.identity.enrolment.as_ref().map(|e| e.token.clone())))
            .unwrap_or_default()
    }

    /// The server refused the token: shown until the phone is enrolled again. Nothing is wiped.
    ///
    /// # Errors
    /// As the store says.
    pub fn token_refused(&self) -> Result<(), EngineError> {
        self.write(|inner| {
            crate::store::identity::identity_set_token_refused(&inner.store.conn)?;
            inner.reload_identity()?;
            Ok(((), Changed::status()))
        })
    }
}

/// Whose phone it is; `None` where nobody was, or nothing says it any more.
fn engineer_of(identity: &Identity) -> Option<EngineerId> {
    let before = identity.enrolment.as_ref().filter(|_| !identity.engineer_lost)?;
    Some(before.engineer)
}

/// Which company's it is. A damaged company's id is one way to lose the key: then the engineer alone must be the same.
fn organisation_of(identity: &Identity) -> Option<OrganisationId> {
    let before = identity.enrolment.as_ref().filter(|_| !identity.key_lost)?;
    Some(before.organisation)
}
