//! Devices, their installs, enrolment codes and last positions.

use fieldline_model::certificate::Certificate;
use fieldline_model::id::{DeviceId, EngineerId};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fix;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{bytes, from_sql, parsed, parsed_maybe, to_sql};

/// A phone as the door knows it.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// Its id.
    pub(crate) id: DeviceId,
    /// Whose.
    pub(crate) engineer: EngineerId,
    /// Its key.
    pub(crate) public_key: [u8; 32],
    /// It was revoked.
    pub(crate) revoked: bool,
    /// When it last spoke.
    pub(crate) last_seen_at: Option<Timestamp>,
    /// Where it stood then, if it did.
    pub(crate) cursor_seq: Option<u64>,
}

/// The device with this token.
pub(crate) fn device_by_token(
    connection: &Connection,
    token_hash: &[u8; 32],
) -> Result<Option<Device>, StoreError> {
    let sql = "SELECT id, engineer, public_key, revoked_at IS NOT NULL, last_seen_at, cursor_seq
        FROM device WHERE id = (SELECT device FROM device_token WHERE token_hash = ?1)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([&token_hash[..]], device_row).optional()?)
}

/// The device with this id.
pub(crate) fn device_get(connection: &Connection, id: DeviceId) -> Result<Option<Device>, StoreError> {
    let sql = "SELECT id, engineer, public_key, revoked_at IS NOT NULL, last_seen_at, cursor_seq
        FROM device WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([id.to_string()], device_row).optional()?)
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: parsed(row, 0)?,
        engineer: parsed(row, 1)?,
        public_key: bytes(row, 2)?,
        revoked: row.get(3)?,
        last_seen_at: row.get::<_, Option<i64>>(4)?.map(Timestamp::from_ms),
        cursor_seq: row.get::<_, Option<i64>>(5)?.map(from_sql),
    })
}

/// A phone to enrol.
#[derive(Debug)]
pub(crate) struct NewDevice<'a> {
    /// Its id.
    pub(crate) id: DeviceId,
    /// Whose.
    pub(crate) engineer: EngineerId,
    /// Its name, for people.
    pub(crate) name: &'a str,
    /// Its key.
    pub(crate) public_key: &'a [u8; 32],
    /// SHA-256 of its token.
    pub(crate) token_hash: &'a [u8; 32],
    /// The copy of the phone that gets it.
    pub(crate) install: &'a [u8; 16],
}

/// Enrols a phone; again, with a new token, when the answer to the first time was lost. Other copies of it keep theirs.
pub(crate) fn device_write(
    connection: &Connection,
    device: &NewDevice<'_>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO device (id, engineer, name, public_key, token_hash, enrolled_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, name = excluded.name";
    connection.prepare_cached(sql)?.execute(params![
        device.id.to_string(),
        device.engineer.to_string(),
        device.name,
        &device.public_key[..],
        &device.token_hash[..],
        at.ms(),
    ])?;
    let sql = "INSERT INTO device_token (token_hash, device, install) VALUES (?1, ?2, ?3)
        ON CONFLICT (device, install) DO UPDATE SET token_hash = excluded.token_hash";
    connection.prepare_cached(sql)?.execute(params![
        &device.token_hash[..],
        device.id.to_string(),
        &device.install[..],
    ])?;
    Ok(())
}

/// Writes back a phone that the record has forgotten, as HQ's own word names it. It has no token until it is enrolled again.
pub(crate) fn device_remember(
    connection: &Connection,
    word: &Certificate,
    at: Timestamp,
) -> Result<(), StoreError> {
    // Of no token the hash: nobody knows what has this one.
    let mut no_token = [0; 32];
    no_token[..16].copy_from_slice(&word.device.to_bytes());
    let sql = "INSERT INTO device (id, engineer, name, public_key, token_hash, enrolled_at)
        VALUES (?1, ?2, '', ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        word.device.to_string(),
        word.engineer.to_string(),
        &word.device_key[..],
        &no_token[..],
        at.ms(),
    ])?;
    Ok(())
}

/// Revokes a phone; false when it was unknown or revoked before.
pub(crate) fn device_revoke(
    connection: &Connection,
    id: DeviceId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE device SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![id.to_string(), at.ms()])?
        > 0)
}

/// What a phone said of itself.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// The phone.
    pub(crate) device: DeviceId,
    /// Its install.
    pub(crate) install: [u8; 16],
    /// Its write counter.
    pub(crate) counter: u64,
    /// Its lines were continued elsewhere.
    pub(crate) rotated: bool,
    /// Version of its app.
    pub(crate) app: String,
    /// Where it stood.
    pub(crate) cursor_seq: u64,
}

/// Notes what a phone said of itself; counters never go back.
pub(crate) fn device_seen(connection: &Connection, seen: &Seen, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE device SET last_seen_at = ?2, app = ?3, cursor_seq = ?4 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![
        seen.device.to_string(),
        at.ms(),
        seen.app,
        to_sql(seen.cursor_seq)
    ])?;
    let sql = "INSERT INTO install (device, install, counter, rotated) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (device, install) DO UPDATE SET counter = max(counter, excluded.counter),
            rotated = max(rotated, excluded.rotated)";
    connection.prepare_cached(sql)?.execute(params![
        seen.device.to_string(),
        &seen.install[..],
        to_sql(seen.counter),
        seen.rotated
    ])?;
    Ok(())
}

/// The highest counter an install ever showed, and whether it was told to rotate.
pub(crate) fn install_read(
    connection: &Connection,
    device: DeviceId,
    install: &[u8; 16],
) -> Result<Option<(u64, bool)>, StoreError> {
    let sql = "SELECT counter, rotated FROM install WHERE device = ?1 AND install = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row(params![device.to_string(), &install[..]], |row| {
        Ok((from_sql(row.get(0)?), row.get(1)?))
    });
    Ok(found.optional()?)
}

/// A one-time code, as kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeRow {
    /// For whom.
    pub(crate) engineer: EngineerId,
    /// Until when.
    pub(crate) expires_at: Timestamp,
    /// The phone that used it.
    pub(crate) device: Option<DeviceId>,
}

/// An expired code is remembered for longer than the form that made it is known by its name (seven days): what was used
/// once is never made again.
const CODE_KEPT_MS: i64 = 8 * 24 * 60 * 60 * 1000;

/// Keeps a new code and throws away those long expired.
pub(crate) fn enrol_code_add(
    connection: &Connection,
    code_hash: &[u8; 32],
    engineer: EngineerId,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM enrol_code WHERE expires_at < ?1")?
        .execute([now.plus_ms(-CODE_KEPT_MS).ms()])?;
    let sql = "INSERT INTO enrol_code (code_hash, engineer, expires_at) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute(params![
        &code_hash[..],
        engineer.to_string(),
        expires_at.ms()
    ])?;
    Ok(())
}

/// The code with this hash.
pub(crate) fn enrol_code_read(
    connection: &Connection,
    code_hash: &[u8; 32],
) -> Result<Option<CodeRow>, StoreError> {
    let sql = "SELECT engineer, expires_at, device FROM enrol_code WHERE code_hash = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let code = statement.query_row([&code_hash[..]], |row| {
        Ok(CodeRow {
            engineer: parsed(row, 0)?,
            expires_at: Timestamp::from_ms(row.get(1)?),
            device: parsed_maybe(row, 2)?,
        })
    });
    Ok(code.optional()?)
}

/// The code was used by this phone.
pub(crate) fn enrol_code_use(
    connection: &Connection,
    code_hash: &[u8; 32],
    device: DeviceId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE enrol_code SET used_at = ?2, device = ?3 WHERE code_hash = ?1";
    connection
        .prepare_cached(sql)?
        .execute(params![&code_hash[..], at.ms(), device.to_string()])?;
    Ok(())
}

/// A phone as enrolment knows it by its key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownKey {
    /// Its id.
    pub(crate) id: DeviceId,
    /// Whose.
    pub(crate) engineer: EngineerId,
    /// It was revoked.
    pub(crate) revoked: bool,
}

/// The phone with this key; the one that is not revoked, where it was enrolled anew.
pub(crate) fn device_by_key(connection: &Connection, key: &[u8; 32]) -> Result<Option<KnownKey>, StoreError> {
    let sql = "SELECT id, engineer, revoked_at IS NOT NULL FROM device WHERE public_key = ?1
        ORDER BY revoked_at IS NOT NULL, enrolled_at DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let known = statement.query_row([&key[..]], |row| {
        Ok(KnownKey {
            id: parsed(row, 0)?,
            engineer: parsed(row, 1)?,
            revoked: row.get(2)?,
        })
    });
    Ok(known.optional()?)
}

/// Keeps the newest position of an engineer.
pub(crate) fn position_write(
    connection: &Connection,
    engineer: EngineerId,
    fix: &Fix,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO position (engineer, lat, lon, accuracy_m, at, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (engineer) DO UPDATE SET lat = excluded.lat, lon = excluded.lon,
            accuracy_m = excluded.accuracy_m, at = excluded.at, received_at = excluded.received_at
        WHERE excluded.at >= position.at";
    connection.prepare_cached(sql)?.execute(params![
        engineer.to_string(),
        fix.position.lat,
        fix.position.lon,
        fix.accuracy_m,
        fix.at.ms(),
        received_at.ms(),
    ])?;
    Ok(())
}
