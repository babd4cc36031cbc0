//! Table `identity`: who this phone is. One line, made with the store.

use fieldline_model::actor::{DeviceKey, Install};
use fieldline_model::id::{DeviceId, EngineerId, OrganisationId};
use fieldline_model::wire::Enrolled;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::to_unsigned;
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

/// Whether what lines are proven with is what it was when it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    /// It is, or there is no key yet.
    Fits,
    /// Nobody sealed it: a store of an older app.
    Missing,
    /// It is not.
    Broken,
}

/// Who this phone is.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) install: Install,
    pub(crate) write_counter: u64,
    pub(crate) key_seed: Option<[u8; 32]>,
    pub(crate) seal: Seal,
    /// The key is a new one that HQ does not know yet.
    pub(crate) key_lost: bool,
    /// HQ may have seen it: a request to enrol was made with it.
    pub(crate) key_offered: bool,
    pub(crate) enrolment: Option<Enrolment>,
    pub(crate) offset_ms: Option<i64>,
    pub(crate) revoked: bool,
    pub(crate) token_refused: bool,
    /// Part of what the server said at enrolment is gone or cannot be read.
    pub(crate) broken: bool,
    /// Whose phone it is, is part of that.
    pub(crate) engineer_lost: bool,
}

impl Identity {
    pub(crate) fn enrolled(&self) -> Result<&Enrolment, EngineError> {
        self.enrolment.as_ref().ok_or(EngineError::NotEnrolled)
    }

    /// It is known whose phone it is.
    pub(crate) fn is_somebody(&self) -> bool {
        self.enrolment.is_some() && !self.engineer_lost
    }

    /// Nothing reaches HQ before a person enrols this phone again.
    pub(crate) fn must_enrol(&self) -> bool {
        self.token_refused || self.key_lost
    }
}

type Texts = [Option<String>; 6];

/// Reads the line; `None` in a store just made. Nothing in it can be damaged so that it is not read.
pub(crate) fn identity_get(conn: &Connection) -> Result<Option<Identity>, EngineError> {
    let identity = conn
        .prepare_cached(
            "SELECT install, write_counter, key_seed, offset_ms, revoked, token_refused,
                    organisation, organisation_name, device, engineer, token, server_url, seal, key_lost
             FROM identity WHERE one = 1",
        )?
        .query_row([], read)
        .optional()?;
    Ok(identity)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Identity> {
    let mut texts = Texts::default();
    for (text, column) in texts.iter_mut().zip(6..) {
        *text = row.get_ref(column)?.as_bytes_or_null()?.map(lossy);
    }
    let seed: Option<Vec<u8>> = row.get(2)?;
    let seed = seed.map(<[u8; 32]>::try_from);
    let seal = seal(seed.as_ref(), texts[0].as_deref(), row.get(12)?);
    // A key that is not whole is none: its seal says so.
    let key_seed = seed
        .map(Result::unwrap_or_default)
        .or((seal == Seal::Broken).then_some([0; 32]));
    let mut identity = Identity {
        // Another than the file beside the store names: then it writes under a new one.
        install: row.get(0).unwrap_or_default(),
        write_counter: to_unsigned(row.get(1)?),
        seal,
        key_seed,
        key_lost: row.get(13)?,
        key_offered: row.get::<_, i64>(13)? != KEY_LOST,
        enrolment: None,
        offset_ms: row.get(3)?,
        revoked: row.get(4)?,
        token_refused: row.get(5)?,
        broken: false,
        engineer_lost: false,
    };
    enrol_from(&mut identity, texts);
    Ok(identity)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All of it is written at once. Where some is there, the phone is enrolled, and what is not is damage.
fn enrol_from(identity: &mut Identity, texts: Texts) {
    let Some(seed) = identity.key_seed.filter(|_| texts.iter().any(Option::is_some)) else {
        return;
    };
    identity.broken = texts.iter().any(Option::is_none);
    let [organisation, name, device, engineer, token, url] = texts.map(Option::unwrap_or_default);
    let nobody = [0; 16];
    let mut broken = false;
    let organisation = organisation.parse().unwrap_or_else(|_| {
        broken = true;
        OrganisationId::from_bytes(nobody)
    });
    let device = device.parse().unwrap_or_else(|_| {
        broken = true;
        DeviceId::from_bytes(nobody)
    });
    let engineer = engineer.parse().unwrap_or_else(|_| {
        identity.engineer_lost = true;
        EngineerId::from_bytes(nobody)
    });
    identity.broken |= broken || identity.engineer_lost;
    identity.enrolment = Some(Enrolment {
        organisation,
        organisation_name: name,
        device,
        engineer,
        token,
        server_url: url,
        key: DeviceKey::from_seed(&seed),
    });
}

fn seal(seed: Option<&Result<[u8; 32], Vec<u8>>>, organisation: Option<&str>, kept: Option<Vec<u8>>) -> Seal {
    match (seed, kept) {
        (None, None) => Seal::Fits,
        (Some(Ok(_)), None) => Seal::Missing,
        (Some(Ok(seed)), Some(kept)) if seal_of(seed, organisation)[..] == kept => Seal::Fits,
        // What was sealed is gone, or is no key.
        (None | Some(_), _) => Seal::Broken,
    }
}

/// Covers what signatures and actors are made from, and tells nothing of it.
fn seal_of(seed: &[u8; 32], organisation: Option<&str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"fieldline identity 1\0");
    hash.update(seed);
    hash.update(organisation.unwrap_or_default());
    hash.finalize().into()
}

/// Seals the key that stands in the line.
pub(crate) fn identity_seal(conn: &Connection) -> Result<(), EngineError> {
    let (seed, organisation): (Option<[u8; 32]>, Option<String>) =
        conn.query_row("SELECT key_seed, organisation FROM identity", [], |row| {
            Ok((row.get(0)?, row.get_ref(1)?.as_bytes_or_null()?.map(lossy)))
        })?;
    let seal = seed.map(|seed| seal_of(&seed, organisation.as_deref()));
    conn.execute("UPDATE identity SET seal = ?1", [seal])?;
    Ok(())
}

/// Column `key_lost` from the damage on, and from the first request to enrol again on.
const KEY_LOST: i64 = 1;
const KEY_OFFERED: i64 = 2;

/// The key that HQ knew is gone from here; the one in the line is new.
pub(crate) fn identity_set_key_lost(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET key_lost = ?1", [KEY_LOST])?;
    Ok(())
}

/// Whose phone it is, as its work says.
pub(crate) fn identity_set_engineer(conn: &Connection, engineer: EngineerId) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET engineer = ?1", [engineer.to_string()])?;
    Ok(())
}

/// HQ may know the new key from now on.
pub(crate) fn identity_set_key_offered(conn: &Connection) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE identity SET key_lost = ?1 WHERE key_lost = ?2",
        [KEY_OFFERED, KEY_LOST],
    )?;
    Ok(())
}

/// Writes the first line.
pub(crate) fn identity_insert(conn: &Connection, install: &Install) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO identity (one, install) VALUES (1, ?1)",
        [&install[..]],
    )?;
    Ok(())
}

/// Whether the line is gone from a store that was in use: it is made with the store.
pub(crate) fn identity_is_lost(conn: &Connection) -> Result<bool, EngineError> {
    let lost = conn.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM identity)
            AND (EXISTS (SELECT 1 FROM doc) OR EXISTS (SELECT 1 FROM intent) OR EXISTS (SELECT 1 FROM change)
                OR EXISTS (SELECT 1 FROM cursor WHERE last_sync IS NOT NULL))",
        [],
        |row| row.get(0),
    )?;
    Ok(lost)
}

/// Writes the line anew: nobody's, of an enrolled phone. What was ever saved is what is still told of.
pub(crate) fn identity_restore(conn: &Connection, install: &Install) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO identity (one, install, organisation_name, written) VALUES (1, ?1, '',
             (SELECT count(*) FROM intent) + (SELECT coalesce(sum(value), 0) FROM counter)
             + (SELECT count(*) FROM promise WHERE operation NOT IN (SELECT operation FROM intent)))",
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
    identity_seal(conn)
}

/// Keeps what the server said at enrolment.
pub(crate) fn identity_enrol(conn: &Connection, enrolled: &Enrolled, url: &str) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE identity SET organisation = ?1, organisation_name = ?2, device = ?3, engineer = ?4, token = ?5,
                server_url = ?6, revoked = 0, token_refused = 0, key_lost = 0",
        params![
            enrolled.organisation.to_string(),
            enrolled.organisation_name,
            enrolled.device.to_string(),
            enrolled.engineer.to_string(),
            enrolled.token,
            url,
        ],
    )?;
    identity_seal(conn)
}

/// Keeps where the server is now.
pub(crate) fn identity_set_server_url(conn: &Connection, url: &str) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET server_url = ?1", [url])?;
    Ok(())
}

/// Counts one more saved operation.
pub(crate) fn identity_count_write(conn: &Connection) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE identity SET write_counter = write_counter + 1, written = written + 1")?
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

/// Whether the engineer has paused telling where he is.
pub(crate) fn identity_position_paused(conn: &Connection) -> Result<bool, EngineError> {
    let found = conn
        .prepare_cached("SELECT position_paused FROM identity")?
        .query_row([], |row| row.get(0))
        .optional()?;
    // Where nothing says it any more, he is asked again before anybody is told.
    Ok(found.unwrap_or(true))
}

/// Sets whether he has.
pub(crate) fn identity_set_position_paused(conn: &Connection, paused: bool) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET position_paused = ?1", [paused])?;
    Ok(())
}
