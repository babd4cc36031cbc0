//! Which keys the record worked with, known again by their marks: no key is ever in the database.
//!
//! Every backup carries the marks. Where the keys beside the record are not those any more, it was moved or put back
//! without them: a new epoch begins once, and that they are others is remembered until the record's own come back or
//! somebody takes those there as its own.

use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;

use super::meta::{epoch_write, in_transaction, meta_read, meta_write, new_epoch, receipt_key_since_write};
use super::{StoreError, connect};
use crate::app::Edge;
use crate::keys::{self, Key};

/// The key that older programs kept in the database, where every backup had it.
const OLD_SEAL_KEY: &str = "seal_key";
/// The keys' files, and where the mark of the one stands that the database worked with last.
const KEYS: [(&str, &str); 2] = [("seal", "seal_key_mark"), ("receipt", "receipt_key_mark")];
/// Marks of the record's own keys, while it works with others.
const OWN: &str = "own_key_marks";
/// Stands for a mark that was never written down: a record of an older program knows its seal's alone.
const UNKNOWN: &str = "-";

/// What to do where the record's keys are not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Missing {
    /// New ones are made: for who serves.
    #[default]
    Make,
    /// [`StoreError::KeysMissing`]: for who writes something down or makes something out of them.
    Fail,
    /// Keys that are kept nowhere stand in, and nothing is written about them: for who only looks something up.
    GoWithout,
}

/// Whether the keys beside the record are those it worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeysFit {
    /// They are, or it never worked with any.
    Own,
    /// One at least is not there.
    Missing,
    /// Others are there.
    Other,
}

/// The keys to work with.
pub(crate) struct Taken {
    pub(crate) seal: Key,
    pub(crate) receipt: Key,
    pub(crate) fit: KeysFit,
}

type Marks = [Option<String>; 2];

/// The keys out of their files. A database that worked with others may have gone back: it begins a new epoch.
///
/// # Errors
/// [`StoreError::KeysMissing`] where they must be there, otherwise as their files and SQLite say.
pub(crate) fn take(path: &Path, edge: &Edge, missing: Missing) -> Result<Taken, StoreError> {
    let directory = path.parent().unwrap_or(path);
    let mut connection = connect(path)?;
    if missing != Missing::Make && fit(&connection, directory)? == KeysFit::Missing {
        if missing == Missing::Fail {
            return Err(StoreError::KeysMissing(
                keys::directory(directory).display().to_string(),
            ));
        }
        let [seal, receipt] = [Key(edge.bytes()), Key(edge.bytes())];
        let fit = KeysFit::Missing;
        return Ok(Taken { seal, receipt, fit });
    }
    let old = meta_read(&connection, OLD_SEAL_KEY)?.and_then(|text| keys::parse(&text));
    let seal = keys::key(directory, KEYS[0].0, old, edge)?;
    let receipt = keys::key(directory, KEYS[1].0, None, edge)?;
    let now = [Some(seal.mark()), Some(receipt.mark())];
    let fit = in_transaction(&mut connection, |connection| note(connection, &now, edge))?;
    Ok(Taken { seal, receipt, fit })
}

/// Writes down which keys it works with from now on, and whether those are its own.
fn note(connection: &Connection, now: &Marks, edge: &Edge) -> Result<KeysFit, StoreError> {
    let last = last(connection)?;
    if !agree(&last, now) {
        epoch_write(connection, new_epoch(edge))?;
        if own(connection)?.is_none() {
            let text = last
                .clone()
                .map(|mark| mark.unwrap_or_else(|| UNKNOWN.to_owned()));
            meta_write(connection, OWN, &text.join(" "))?;
        }
    }
    if own(connection)?.is_some_and(|own| agree(&own, now)) {
        accept(connection)?;
    }
    if last[1] != now[1] {
        receipt_key_since_write(connection)?;
    }
    for ((_, place), mark) in KEYS.iter().zip(now) {
        meta_write(connection, place, mark.as_deref().unwrap_or(UNKNOWN))?;
    }
    connection.execute("DELETE FROM meta WHERE key = ?1", [OLD_SEAL_KEY])?;
    Ok(match own(connection)? {
        Some(_) => KeysFit::Other,
        None => KeysFit::Own,
    })
}

/// Whether the keys beside the record are its own. Nothing is made or written.
///
/// # Errors
/// As the keys' files and SQLite say.
pub(crate) fn fit(connection: &Connection, directory: &Path) -> Result<KeysFit, StoreError> {
    let last = last(connection)?;
    let mut now: Marks = [None, None];
    for (n, (name, _)) in KEYS.iter().enumerate() {
        now[n] = keys::found(directory, name)?.map(|key| key.mark());
        if now[n].is_none() && last[n].is_some() {
            return Ok(KeysFit::Missing);
        }
    }
    let own = own(connection)?.unwrap_or(last);
    Ok(if agree(&own, &now) {
        KeysFit::Own
    } else {
        KeysFit::Other
    })
}

/// From now on the keys that are there are the record's own; `false` when they were.
///
/// # Errors
/// As SQLite says.
pub(crate) fn accept(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.execute("DELETE FROM meta WHERE key = ?1", [OWN])? > 0)
}

fn last(connection: &Connection) -> Result<Marks, StoreError> {
    Ok([
        meta_read(connection, KEYS[0].1)?,
        meta_read(connection, KEYS[1].1)?,
    ])
}

fn own(connection: &Connection) -> Result<Option<Marks>, StoreError> {
    let text = meta_read(connection, OWN)?;
    let mark = |mark: &str| (mark != UNKNOWN).then(|| mark.to_owned());
    Ok(text.map(|text| {
        let (seal, receipt) = text.split_once(' ').unwrap_or((&text, UNKNOWN));
        [mark(seal), mark(receipt)]
    }))
}

/// True where every mark that is known is the present one.
fn agree(known: &Marks, now: &Marks) -> bool {
    known
        .iter()
        .zip(now)
        .all(|(known, now)| known.is_none() || known == now)
}
