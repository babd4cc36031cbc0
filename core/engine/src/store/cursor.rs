//! Table `cursor`: where this phone stands in the server's log, and how complete it is.

use fieldline_model::time::Timestamp;
use fieldline_model::wire::{Cursor, HeldDigest};
use rusqlite::{Connection, OptionalExtension, params};

use super::trail::trail_forget;
use super::{to_signed, to_unsigned};
use crate::error::EngineError;

/// Epoch of a line that was lost: no server's. The next one is another, so everything once taken is offered again, in
/// case HQ was restored since.
pub(crate) const EPOCH_LOST: u64 = 1;

/// The line of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) cursor: Cursor,
    pub(crate) rereading: bool,
    pub(crate) mismatches: u32,
    pub(crate) reset_at: Option<Timestamp>,
    pub(crate) last_sync: Option<Timestamp>,
    pub(crate) complete: bool,
    pub(crate) expected: Option<u32>,
    pub(crate) as_of: Option<Timestamp>,
}

/// Reads the line.
pub(crate) fn cursor_get(conn: &Connection) -> Result<Standing, EngineError> {
    let standing = conn
        .prepare_cached(
            "SELECT epoch, seq, chain, seal, rereading, mismatches, reset_at, last_sync, complete, expected, as_of
             FROM cursor WHERE one = 1",
        )?
        .query_row([], |row| {
            let time = |n| row.get::<_, Option<i64>>(n).map(|ms| ms.map(Timestamp::from_ms));
            Ok(Standing {
                cursor: Cursor {
                    epoch: to_unsigned(row.get(0)?),
                    seq: to_unsigned(row.get(1)?),
                    chain: row.get(2)?,
                    seal: row.get(3)?,
                },
                rereading: row.get(4)?,
                mismatches: row.get(5)?,
                reset_at: time(6)?,
                last_sync: time(7)?,
                complete: row.get(8)?,
                expected: row.get(9)?,
                as_of: time(10)?,
            })
        })?;
    Ok(standing)
}

/// Makes the line anew when it is gone or cannot be read: this phone reads from the start. False when it is there.
pub(crate) fn cursor_restore(conn: &Connection) -> Result<bool, EngineError> {
    let readable = "SELECT 1 FROM cursor WHERE length(chain) = 8 AND length(seal) = 16";
    if conn.prepare_cached(readable)?.exists([])? {
        // Counts that no reader can take say nothing: HQ counts again with the next page.
        for sql in [
            "UPDATE cursor SET expected = NULL, complete = 0 WHERE expected NOT BETWEEN 0 AND 4294967295",
            "UPDATE cursor SET mismatches = 0 WHERE mismatches NOT BETWEEN 0 AND 4294967295",
        ] {
            conn.prepare_cached(sql)?.execute([])?;
        }
        return Ok(false);
    }
    conn.execute("DELETE FROM cursor", [])?;
    conn.execute(
        "INSERT INTO cursor (one, epoch, seq, chain, seal, run)
         VALUES (1, ?1, 0, zeroblob(8), zeroblob(16), (SELECT coalesce(max(run), 0) FROM doc))",
        [to_signed(EPOCH_LOST)],
    )?;
    Ok(true)
}

/// Moves on.
pub(crate) fn cursor_set(conn: &Connection, cursor: &Cursor) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE cursor SET epoch = ?1, seq = ?2, chain = ?3, seal = ?4")?
        .execute(params![
            to_signed(cursor.epoch),
            to_signed(cursor.seq),
            &cursor.chain[..],
            &cursor.seal[..]
        ])?;
    Ok(())
}

/// Verdicts came that the server wrote down before this place.
pub(crate) fn cursor_heard_set(conn: &Connection, place: &Cursor) -> Result<(), EngineError> {
    conn.prepare_cached(
        "UPDATE cursor SET heard_seq = ?2, heard_chain = ?3, heard_seal = ?4 WHERE epoch = ?1 AND heard_seq < ?2",
    )?
    .execute(params![
        to_signed(place.epoch),
        to_signed(place.seq),
        &place.chain[..],
        &place.seal[..]
    ])?;
    Ok(())
}

/// The furthest place heard of, where the cursor has not come to it.
pub(crate) fn cursor_heard(conn: &Connection) -> Result<Option<Cursor>, EngineError> {
    let found = conn
        .prepare_cached("SELECT epoch, heard_seq, heard_chain, heard_seal FROM cursor WHERE heard_seq > seq")?
        .query_row([], |row| {
            Ok(Cursor {
                epoch: to_unsigned(row.get(0)?),
                seq: to_unsigned(row.get(1)?),
                chain: row.get(2)?,
                seal: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Begins to read from the start of `epoch`. `reset_at` is given when it is the same epoch again; in another one this phone
/// may read again whenever it has to.
pub(crate) fn cursor_restart(
    conn: &Connection,
    epoch: u64,
    reset_at: Option<Timestamp>,
) -> Result<(), EngineError> {
    let old = cursor_get(conn)?.cursor;
    if old.epoch == epoch || old.epoch == EPOCH_LOST {
        trail_forget(conn)?;
    }
    if old.epoch == epoch {
        cursor_heard_set(conn, &old)?;
    } else {
        conn.execute("UPDATE cursor SET heard_seq = 0", [])?;
    }
    conn.execute(
        "UPDATE cursor SET backup_seq = CASE WHEN epoch = ?1 THEN backup_seq END, epoch = ?1, seq = 0, chain = zeroblob(8), seal = zeroblob(16), run = run + 1, rereading = ?2, mismatches = 0,
                complete = 0, digest = NULL, known_seq = NULL, reset_at = CASE WHEN epoch = ?1 THEN coalesce(?3, reset_at) ELSE ?3 END",
        params![to_signed(epoch), reset_at.is_some(), reset_at.map(Timestamp::ms)],
    )?;
    Ok(())
}

/// This phone may begin to read again whenever it has to.
pub(crate) fn cursor_forget_reset(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("UPDATE cursor SET reset_at = NULL", [])?;
    Ok(())
}

/// A reply came. A late one does not turn the time of the last sync back, unless the server's clock was set back.
pub(crate) fn cursor_synced(conn: &Connection, server_time: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached(
        "UPDATE cursor SET last_sync =
             CASE WHEN last_sync - ?1 BETWEEN 0 AND 3600000 THEN last_sync ELSE ?1 END",
    )?
    .execute([server_time.ms()])?;
    Ok(())
}

/// HQ's newest backup covers the log up to here.
pub(crate) fn cursor_covered(conn: &Connection, seq: u64) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE cursor SET backup_seq = ?1")?
        .execute([to_signed(seq)])?;
    Ok(())
}

/// What the last manifest said, and whether it fitted.
pub(crate) fn cursor_counted(
    conn: &Connection,
    expected: u32,
    as_of: Timestamp,
    fits: bool,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE cursor SET expected = ?1, as_of = ?2, complete = ?3, rereading = 0,
                mismatches = CASE WHEN ?3 THEN 0 ELSE mismatches + 1 END",
        params![expected, as_of.ms(), fits],
    )?;
    Ok(())
}

/// Something that HQ says is missing here, and comes with the next page.
pub(crate) fn cursor_is_incomplete(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("UPDATE cursor SET complete = 0", [])?;
    Ok(())
}

/// What the server of this epoch said it holds of what this phone should hold.
pub(crate) fn cursor_digest(conn: &Connection) -> Result<Option<HeldDigest>, EngineError> {
    let bytes: Option<Vec<u8>> = conn.query_row("SELECT digest FROM cursor", [], |row| row.get(0))?;
    Ok(bytes.and_then(|bytes| HeldDigest::from_bytes(&bytes)))
}

/// It said so; `None`: it is asked about everything.
pub(crate) fn cursor_set_digest(conn: &Connection, digest: Option<&HeldDigest>) -> Result<(), EngineError> {
    let bytes = digest.map(HeldDigest::to_bytes);
    conn.execute("UPDATE cursor SET digest = ?1", [bytes])?;
    Ok(())
}

/// The newest place of the trail that the server knows.
pub(crate) fn cursor_known(conn: &Connection) -> Result<Option<u64>, EngineError> {
    let seq: Option<i64> = conn.query_row("SELECT known_seq FROM cursor", [], |row| row.get(0))?;
    Ok(seq.map(to_unsigned))
}

/// It is this one; `None`: everything is read again.
pub(crate) fn cursor_set_known(conn: &Connection, seq: Option<u64>) -> Result<(), EngineError> {
    conn.execute("UPDATE cursor SET known_seq = ?1", [seq.map(to_signed)])?;
    Ok(())
}

/// When settled work was last compacted, by the server's time.
pub(crate) fn cursor_compacted(conn: &Connection) -> Result<Option<Timestamp>, EngineError> {
    let at: Option<i64> = conn
        .prepare_cached("SELECT compacted_at FROM cursor")?
        .query_row([], |row| row.get(0))?;
    Ok(at.map(Timestamp::from_ms))
}

/// It was now.
pub(crate) fn cursor_set_compacted(conn: &Connection, at: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE cursor SET compacted_at = ?1")?
        .execute([at.ms()])?;
    Ok(())
}
