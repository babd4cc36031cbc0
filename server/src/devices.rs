//! Phones: joining by a one-time code, leaving by revocation, and where they are.
//!
//! Codes and tokens are kept as hashes only. Nothing in here logs a code, a token, a name or a position.

mod tries;

use std::net::IpAddr;

use fieldline_model::id::{DeviceId, EngineerId, OperationId};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{Enrol, Enrolled, Fix, Positions, WIRE};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::door::DoorError;
use crate::live::{LiveEvent, POSITION};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::device::{self, Device, NewDevice};
use crate::store::happened::domain_event_add;
use crate::store::log::Journal;
pub(crate) use tries::EnrolTries;
pub use tries::{
    ENROL_TRIES_MAX, ENROL_TRIES_PER_ADDRESS_MAX, ENROL_TRY_EVERY_MS, ENROL_TRY_PER_ADDRESS_EVERY_MS,
};

/// Characters of a code: no letter looks like a digit.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters in a code: 50 bits, so guessing within its life is hopeless.
const CODE_CHARS: usize = 10;
/// Longest name of a phone, in characters.
const DEVICE_NAME_CHARS_MAX: usize = 60;
/// Most positions in one message; the phone's queue is bounded too.
const FIXES_MAX: usize = 1_000;

/// A one-time code for one engineer's new phone.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode {
    /// To be typed or scanned: `XXXXX-XXXXX`.
    pub code: String,
    /// Until when.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for EnrolCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolCode")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A code as people read it.
fn spelt(drawn: [u8; CODE_CHARS]) -> String {
    let letter = |byte: u8| char::from(CODE_ALPHABET[usize::from(byte % 32)]);
    let code: String = drawn.into_iter().map(letter).collect();
    let (head, tail) = code.split_at(CODE_CHARS / 2);
    format!("{head}-{tail}")
}

/// What people may type for one and the same code.
fn canonical(code: &str) -> String {
    let same = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(same)
        .take(CODE_CHARS + 1)
        .collect()
}

pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl App {
    fn code_hash(&self, code: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"fieldline enrol 1\0");
        hash.update(self.organisation().id.to_bytes());
        hash.update(canonical(code).as_bytes());
        hash.finalize().into()
    }

    fn new_token(&self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.inner.edge.bytes::<32>())
    }

    /// Makes a code by which one phone can join as this engineer's, for so many milliseconds.
    ///
    /// # Errors
    /// As the store says.
    pub async fn enrol_code(&self, engineer: EngineerId, ttl_ms: i64) -> Result<EnrolCode, DoorError> {
        let code = spelt(self.inner.edge.bytes());
        let now = self.now();
        let expires_at = now.plus_ms(ttl_ms);
        let hash = self.code_hash(&code);
        self.inner
            .store
            .write(move |connection| {
                Ok::<_, DoorError>(device::enrol_code_add(
                    connection, &hash, engineer, expires_at, now,
                )?)
            })
            .await?;
        Ok(EnrolCode { code, expires_at })
    }

    /// As [`App::enrol_code`], the code of this name: asked for again, it is the same one with the same end; `None` once
    /// that is used or too old. Only this server can tell a code from its name.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) async fn enrol_code_named(
        &self,
        name: OperationId,
        engineer: EngineerId,
        ttl_ms: i64,
    ) -> Result<Option<EnrolCode>, DoorError> {
        let code = spelt(self.inner.seal_key.drawn("enrolment code", &name.to_bytes()));
        let (hash, now) = (self.code_hash(&code), self.now());
        let add = move |connection: &rusqlite::Connection| {
            if let Some(row) = device::enrol_code_read(connection, &hash)? {
                let good = row.engineer == engineer && row.device.is_none() && row.expires_at > now;
                return Ok::<_, DoorError>(good.then_some(row.expires_at));
            }
            let expires_at = now.plus_ms(ttl_ms);
            device::enrol_code_add(connection, &hash, engineer, expires_at, now)?;
            Ok(Some(expires_at))
        };
        let until = self.inner.store.write(add).await?;
        Ok(until.map(|expires_at| EnrolCode { code, expires_at }))
    }

    /// The code again, if it is this engineer's, unused and good for a while yet.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) async fn enrol_code_unused(
        &self,
        engineer: EngineerId,
        code: String,
    ) -> Result<Option<EnrolCode>, DoorError> {
        let (hash, now) = (self.code_hash(&code), self.now());
        let read = move |connection: &rusqlite::Connection| device::enrol_code_read(connection, &hash);
        let found = self.inner.store.read::<_, StoreError>(read).await?;
        let good =
            found.filter(|row| row.engineer == engineer && row.device.is_none() && row.expires_at > now);
        Ok(good.map(|row| EnrolCode {
            code,
            expires_at: row.expires_at,
        }))
    }

    /// As [`App::enrol`], for a request from this address: wrong codes are tried only so often.
    ///
    /// # Errors
    /// As there; [`Code::CodeTries`] with the time to wait, and then the code was not looked at.
    pub async fn enrol_from(&self, peer: Option<IpAddr>, enrol: Enrol) -> Result<Enrolled, Problem> {
        let tries = &self.inner.enrol_tries;
        let taken = tries.take(peer, self.now()).map_err(|wait_s| {
            tracing::info!("an enrolment was put off: too many wrong codes");
            Problem::new(Code::CodeTries).retry_after_s(wait_s)
        })?;
        let joined = self.enrol(enrol).await;
        let was_wrong = matches!(&joined, Err(problem) if problem.code() == Code::CodeUnknown);
        if !was_wrong {
            tries.give_back(&taken);
        }
        joined
    }

    /// Lets a phone join. The same phone may ask again with the same code, should the answer have been lost, and with
    /// another code of the same engineer; it stays one phone and gets a new token.
    ///
    /// # Errors
    /// [`Code::CodeUnknown`] for a code that is wrong, too old or used by another phone; [`Code::CodeOfAnother`] and
    /// [`Code::OtherCompany`] for a phone that is another engineer's or company's, whose work it may hold: the code stays
    /// unused.
    pub async fn enrol(&self, enrol: Enrol) -> Result<Enrolled, Problem> {
        if enrol.wire != WIRE {
            return Err(Problem::new(Code::WireVersion));
        }
        let now = self.now();
        let code_hash = self.code_hash(&enrol.code);
        let token = self.new_token();
        let token_hash = token_hash(&token);
        let fresh = self.inner.edge.id(DeviceId::new);
        let name: String = enrol.name.chars().take(DEVICE_NAME_CHARS_MAX).collect();
        let (key, install, was_of) = (enrol.device_key, enrol.install, enrol.engineer);
        let ours = self.organisation().id;
        let is_strange = enrol.organisation.is_some_and(|theirs| theirs != ours);
        let joined = self.inner.store.write(move |connection| {
            let code = device::enrol_code_read(connection, &code_hash)?;
            let code = code.filter(|code| code.expires_at > now);
            let Some(code) = code else {
                return Ok(Err(Code::CodeUnknown));
            };
            if is_strange {
                return Ok(Err(Code::OtherCompany));
            }
            if code.device.is_none() && was_of.is_some_and(|engineer| engineer != code.engineer) {
                return Ok(Err(Code::CodeOfAnother));
            }
            let known = device::device_by_key(connection, &key)?;
            let id = match (code.device, known) {
                (Some(id), Some(known)) if known.id == id && !known.revoked => id,
                (Some(_), _) => return Ok(Err(Code::CodeUnknown)),
                (None, Some(known)) if known.engineer != code.engineer => {
                    return Ok(Err(Code::CodeOfAnother));
                }
                (None, Some(known)) if !known.revoked => known.id,
                (None, _) => fresh,
            };
            let new = NewDevice {
                id,
                engineer: code.engineer,
                name: &name,
                public_key: &key,
                token_hash: &token_hash,
                install: &install,
            };
            device::device_write(connection, &new, now)?;
            device::enrol_code_use(connection, &code_hash, id, now)?;
            Ok::<_, DoorError>(Ok((id, code.engineer)))
        });
        let (device, engineer) = joined.await?.map_err(Problem::new)?;
        tracing::info!(device.id = %device, engineer.id = %engineer, "enrolled phone {device}");
        let organisation = self.organisation();
        Ok(Enrolled {
            organisation: organisation.id,
            organisation_name: organisation.name.clone(),
            device,
            engineer,
            token,
            server_time: now,
        })
    }

    /// Revokes a phone: from now on its work is held for a supervisor and nothing goes down to it. False when it was
    /// unknown or revoked before.
    ///
    /// # Errors
    /// As the store says.
    pub async fn revoke(&self, id: DeviceId) -> Result<bool, DoorError> {
        let now = self.now();
        let revoked = self.inner.store.write(move |connection| {
            let revoked = device::device_revoke(connection, id, now)?;
            if revoked {
                domain_event_add(&Journal::begin(connection, now)?, None, "device_revoked", None)?;
            }
            Ok(revoked)
        });
        let revoked = revoked.await;
        self.inner.wake.notify_one();
        revoked
    }

    /// The phone with this token, revoked or not.
    pub(crate) async fn device(&self, token: &str) -> Result<Device, Problem> {
        let hash = token_hash(token);
        let found = self
            .inner
            .store
            .read(move |connection| device::device_by_token(connection, &hash));
        found
            .await
            .map_err(Problem::from)?
            .ok_or_else(|| Problem::new(Code::Unauthenticated))
    }

    /// Takes a phone's positions; only the newest sound one is kept.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`] for a wrong token; [`Code::DeviceRevoked`]; [`Code::MessageTooLarge`].
    pub async fn positions(&self, token: &str, positions: Positions) -> Result<(), Problem> {
        let device = self.device(token).await?;
        if device.id != positions.device {
            return Err(Problem::new(Code::Unauthenticated));
        }
        if device.revoked {
            return Err(Problem::new(Code::DeviceRevoked));
        }
        if positions.fixes.len() > FIXES_MAX {
            return Err(Problem::new(Code::MessageTooLarge));
        }
        let now = self.now();
        let sound = |fix: &&Fix| fix.position.is_valid() && fix.accuracy_m.is_finite();
        let Some(newest) = positions.fixes.iter().filter(sound).max_by_key(|fix| fix.at) else {
            return Ok(());
        };
        // A clock ahead of ours would keep later fixes out.
        let fix = Fix {
            at: newest.at.min(now),
            ..*newest
        };
        let written = self.inner.store.write(move |connection| {
            Ok::<_, DoorError>(device::position_write(connection, device.engineer, &fix, now)?)
        });
        written.await?;
        // Told at once and kept nowhere: positions are no history. Nobody listening is no error.
        let moved = LiveEvent {
            document: None,
            seq: 0,
            kind: POSITION.into(),
            channels: Vec::new(),
            device: None,
        };
        let _ = self.inner.live.send(moved);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_carelessly() {
        assert_eq!(canonical(" o1l2-abcde "), canonical("0112ABCDE"));
        assert_ne!(canonical("ABCDE-FGHJK"), canonical("ABCDE-FGHJKX"));
    }
}
