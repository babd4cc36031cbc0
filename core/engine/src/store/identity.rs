//! Table `identity`: who this phone is. One line, made with the store.

use fieldline_model::actor::{DeviceKey, Install};
use fieldline_model::id::{DeviceId, EngineerId, OrganisationId};
use fieldline_model::wire::Enrolled;
use rusqlite::{Connection, OptionalExtension, params};

use super::{parsed, to_unsigned};
use crate::error::EngineError;

/// What the server said at enrolment.
#[derive(Clone)]
pub(crate) struct Enrolment {
    pub(crate) organisation: OrganisationId,
    pub(crate) organisation_name: String,
    pub(crate) device: DeviceId,
    pub(crate) engineer: EngineerId,
    pub(crate) token: String,
    pub(crate) server_url: String,
    pub(crate) key: DeviceKey,
}

/// Who this phone is.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) install: Install,
    pub(crate) write_counter: u64,
    pub(crate) key_seed: Option<[u8; 32]>,
    pub(crate) enrolment: Option<Enrolment>,
    pub(crate) offset_ms: Option<i64>,
    pub(crate) revoked: bool,
    pub(crate) token_refused: bool,
}

impl Identity {
    pub(crate) fn enrolled(&self) -> Result<&Enrolment, EngineError> {
        self.enrolment.as_ref().ok_or(EngineError::NotEnrolled)
    }
}

type Texts = [Option<String>; 6];

/// Reads the line; `None` in a store just made.
pub(crate) fn identity_get(conn: &Connection) -> Result<Option<Identity>, EngineError> {
    let line = conn
        .prepare_cached(
            "SELECT install, write_counter, key_seed, offset_ms, revoked, token_refused,
                    organisation, organisation_name, device, engineer, token, server_url FROM identity WHERE one = 1",
        )?
        .query_row([], |row| {
            let texts: Texts = [row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?, row.get(10)?, row.get(11)?];
            let identity = Identity {
                install: row.get(0)?,
                write_counter: to_unsigned(row.get(1)?),
                key_seed: row.get(2)?,
                enrolment: None,
                offset_ms: row.get(3)?,
                revoked: row.get(4)?,
                token_refused: row.get(5)?,
            };
            Ok((identity, texts))
        })
        .optional()?;
    let Some((mut identity, texts)) = line else {
        return Ok(None);
    };
    identity.enrolment = enrolment(identity.key_seed, texts)?;
    Ok(Some(identity))
}

fn enrolment(seed: Option<[u8; 32]>, texts: Texts) -> Result<Option<Enrolment>, EngineError> {
    let (
        Some(seed),
        [
            Some(organisation),
            Some(name),
            Some(device),
            Some(engineer),
            Some(token),
            Some(url),
        ],
    ) = (seed, texts)
    else {
        return Ok(None);
    };
    Ok(Some(Enrolment {
        organisation: parsed(&organisation, "identity.organisation")?,
        organisation_name: name,
        device: parsed(&device, "identity.device")?,
        engineer: parsed(&engineer, "identity.engineer")?,
        token,
        server_url: url,
        key: DeviceKey::from_seed(&seed),
    }))
}

/// Writes the first line.
pub(crate) fn identity_insert(conn: &Connection, install: &Install) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO identity (one, install) VALUES (1, ?1)",
        [&install[..]],
    )?;
    Ok(())
}

/// A new install begins: it has saved nothing yet.
pub(crate) fn identity_set_install(conn: &Connection, install: &Install) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE identity SET install = ?1, write_counter = 0",
        [&install[..]],
    )?;
    Ok(())
}

/// Keeps the secret of the device key.
pub(crate) fn identity_set_seed(conn: &Connection, seed: &[u8; 32]) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET key_seed = ?1", [&seed[..]])?;
    Ok(())
}

/// Keeps what the server said at enrolment.
pub(crate) fn identity_enrol(conn: &Connection, enrolled: &Enrolled, url: &str) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE identity SET organisation = ?1, organisation_name = ?2, device = ?3, engineer = ?4, token = ?5,
                server_url = ?6, revoked = 0, token_refused = 0",
        params![
            enrolled.organisation.to_string(),
            enrolled.organisation_name,
            enrolled.device.to_string(),
            enrolled.engineer.to_string(),
            enrolled.token,
            url,
        ],
    )?;
    Ok(())
}

/// Keeps where the server is now.
pub(crate) fn identity_set_server_url(conn: &Connection, url: &str) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET server_url = ?1", [url])?;
    Ok(())
}

/// Counts one more saved operation.
pub(crate) fn identity_count_write(conn: &Connection) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE identity SET write_counter = write_counter + 1")?
        .execute([])?;
    Ok(())
}

/// Keeps what a greeting told: the offset of the clocks and whether the device is revoked.
pub(crate) fn identity_greeted(conn: &Connection, offset_ms: i64, revoked: bool) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE identity SET offset_ms = ?1, revoked = ?2, token_refused = 0")?
        .execute(params![offset_ms, revoked])?;
    Ok(())
}

/// The server refused the token.
pub(crate) fn identity_set_token_refused(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET token_refused = 1", [])?;
    Ok(())
}
