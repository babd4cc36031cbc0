//! Table `trail`: places of the server's log that this phone came to with everything up to there. A server that went back
//! knows some of them, and from the newest of those this phone can go on.
//!
//! Only ends of complete readings count: a page with more to come brings some things at a later stand already.

use fieldline_model::wire::{Cursor, Place, TRAIL_MAX};
use rusqlite::{Connection, OptionalExtension, params};

use super::{to_signed, to_unsigned};
use crate::error::EngineError;

/// Everything up to here has come.
pub(crate) fn trail_note(conn: &Connection, at: &Cursor) -> Result<(), EngineError> {
    let new = conn
        .prepare_cached("INSERT OR IGNORE INTO trail (seq, chain) VALUES (?1, ?2)")?
        .execute(params![to_signed(at.seq), &at.chain[..]])?;
    if new == 0 {
        return Ok(());
    }
    let places = trail(conn)?;
    let seqs: Vec<u64> = places.iter().map(|place| place.0).collect();
    let Some(out) = superfluous(&seqs) else {
        return Ok(());
    };
    conn.execute("DELETE FROM trail WHERE seq = ?1", [to_signed(out)])?;
    let oldest = seqs.last().copied().unwrap_or(0);
    conn.execute("DELETE FROM row_gone WHERE seq <= ?1", [to_signed(oldest)])?;
    Ok(())
}

/// Of too many places, newest first, the one that is missed least: between its neighbours lies least, measured by how long
/// ago that is. So they lie the denser the newer they are, and the oldest stays.
fn superfluous(seqs: &[u64]) -> Option<u64> {
    let newest = *seqs.first()?;
    if seqs.len() <= TRAIL_MAX {
        return None;
    }
    // Whole numbers: a gap by its share of the way back, in parts per million.
    let share = |around: &&[u64]| match around {
        [after, _, before] => {
            after.abs_diff(*before).saturating_mul(1_000_000) / newest.abs_diff(*before).max(1)
        }
        _ => u64::MAX,
    };
    seqs.windows(3).min_by_key(share).map(|around| around[1])
}

/// The places, newest first.
pub(crate) fn trail(conn: &Connection) -> Result<Vec<Place>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT seq, chain FROM trail ORDER BY seq DESC")?;
    let places = statement.query_map([], |row| {
        Ok(Place(to_unsigned(row.get(0)?), row.get::<_, [u8; 8]>(1)?.into()))
    })?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// The place with this number, if it is one.
pub(crate) fn trail_place(conn: &Connection, seq: u64) -> Result<Option<Place>, EngineError> {
    let chain: Option<[u8; 8]> = conn
        .prepare_cached("SELECT chain FROM trail WHERE seq = ?1")?
        .query_row([to_signed(seq)], |row| row.get(0))
        .optional()?;
    Ok(chain.map(|chain| Place(seq, chain.into())))
}

/// What is here does not follow from the log any more: everything is read again.
pub(crate) fn trail_forget(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("DELETE FROM trail", [])?;
    conn.execute("DELETE FROM row_gone", [])?;
    Ok(())
}

/// The log goes on otherwise after this place: what came since is as the server says now, up to `next`.
pub(crate) fn trail_branch(conn: &Connection, after: u64, next: u64) -> Result<(), EngineError> {
    conn.execute("DELETE FROM trail WHERE seq > ?1", [to_signed(after)])?;
    for sql in [
        "UPDATE \"row\" SET seq = ?2 WHERE seq > ?1",
        "UPDATE stock SET seq = ?2 WHERE seq > ?1",
        "UPDATE row_gone SET seq = ?2 WHERE seq > ?1",
    ] {
        conn.execute(sql, params![to_signed(after), to_signed(next)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_the_denser_the_newer_they_are_and_reach_back_to_the_first() {
        let mut seqs: Vec<u64> = Vec::new();
        for step in 1..=10_000_u64 {
            seqs.insert(0, step * 7);
            if let Some(out) = superfluous(&seqs) {
                seqs.retain(|seq| *seq != out);
            }
        }
        assert_eq!(seqs.len(), TRAIL_MAX);
        assert_eq!((seqs.first(), seqs.last()), (Some(&70_000), Some(&7)));
        assert!(seqs.is_sorted_by(|newer, older| newer > older));
        // Whatever the age of a backup, the phone goes on from at most so much further back.
        for age in [7, 70, 700, 7_000, 60_000] {
            let backup = 70_000 - age;
            let place = seqs.iter().find(|seq| **seq <= backup).copied().unwrap();
            assert!(70_000 - place <= 3 * age, "{age} back: {place}, {seqs:?}");
        }
    }

    #[test]
    fn a_short_trail_is_kept_whole() {
        assert_eq!(superfluous(&[]), None);
        assert_eq!(superfluous(&[3, 2, 1]), None);
    }
}
