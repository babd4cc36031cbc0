//! What HQ's page of work that was not taken reads: refused changes, and those of revoked phones that are held.
//!
//! A change that was only left behind, and whose operation came again in another one, is no loss and is not told. Every
//! operation stands here once, as it was decided.

use fieldline_model::id::{DocumentId, EngineerId, OperationId, StaffId, TicketId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{parsed, parsed_maybe};

/// The badge beside the page's name counts no further: more says nothing else.
pub(crate) const WAITING_MAX: u32 = 100;

/// One change that was not taken.
#[derive(Debug, Clone)]
pub(crate) struct HeldItem {
    /// Its hash in hexadecimal.
    pub(crate) hash: String,
    pub(crate) document: DocumentId,
    pub(crate) code: String,
    /// The operation, while a supervisor has to decide its fate.
    pub(crate) undecided: Option<OperationId>,
    /// Whether it only waits, and for what.
    pub(crate) waits: Option<Waits>,
    /// The author's own words as an entry, when they could be read.
    pub(crate) entry: Option<String>,
    /// When it came.
    pub(crate) at: Timestamp,
    /// When its operation first came.
    pub(crate) since: Timestamp,
    /// Name of the phone.
    pub(crate) phone: String,
    pub(crate) revoked: bool,
    /// The engineer enrolled a phone since; it may be this one.
    pub(crate) back: bool,
    pub(crate) engineer: EngineerId,
    /// Who dealt with it, as shown, and when.
    pub(crate) seen: Option<(String, Timestamp)>,
}

/// What a change that was only left behind waits for: its phone brings the operation again, and nobody has to deal with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// A supervisor decides on the engineer's held work of this document first.
    Decision,
    /// The phone's next sync.
    Phone,
}

impl Waits {
    fn of(for_decision: bool) -> Self {
        if for_decision { Self::Decision } else { Self::Phone }
    }
}

/// Which of them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HeldFilter {
    /// Only those of this ticket.
    pub(crate) ticket: Option<TicketId>,
    /// Also those somebody dealt with.
    pub(crate) seen: bool,
}

impl HeldFilter {
    fn document(self) -> Option<String> {
        self.ticket.map(|id| DocumentId::from(id).to_string())
    }
}

/// ?1 is a document or NULL, ?2 whether those dealt with are wanted too.
macro_rules! held_from {
    () => {
        "FROM refused r LEFT JOIN fate f ON f.operation = r.operation
        WHERE (?1 IS NULL OR r.document = ?1) AND (?2 OR r.seen_at IS NULL)
          AND (r.operation IS NULL OR f.hash = r.hash OR (f.operation IS NULL AND NOT EXISTS (SELECT 1 FROM refused o
            WHERE o.operation = r.operation AND (o.at, o.hash) > (r.at, r.hash)))) "
    };
}

/// Whether work of this engineer in this document is held and undecided; both are columns or parameters.
macro_rules! holds {
    ($document:literal, $engineer:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM refused h JOIN device e ON e.id = h.device
                WHERE h.document = ",
            $document,
            " AND e.engineer = ",
            $engineer,
            " AND h.operation IS NOT NULL AND h.code IN ('device_revoked', 'left_behind')
                AND NOT EXISTS (SELECT 1 FROM fate o WHERE o.operation = h.operation)) "
        )
    };
}

/// Whether the change `r` was only left behind, and its phone can bring the operation again: nobody has to deal with that. A
/// revoked phone brings it once what it follows is decided; whether it comes after that nobody knows.
macro_rules! waits {
    () => {
        concat!(
            "(r.code = 'built_on_refused' AND r.operation IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM fate w WHERE w.operation = r.operation)
            AND EXISTS (SELECT 1 FROM device w WHERE w.id = r.device AND (w.revoked_at IS NULL OR ",
            holds!("r.document", "w.engineer"),
            "))) "
        )
    };
}

fn item_of(row: &Row<'_>) -> rusqlite::Result<HeldItem> {
    let seen: Option<i64> = row.get(8)?;
    let by: Option<String> = row.get(9)?;
    let waits: Option<bool> = row.get(12)?;
    Ok(HeldItem {
        hash: row.get(0)?,
        document: parsed(row, 1)?,
        code: row.get(2)?,
        undecided: parsed_maybe(row, 10)?,
        waits: waits.map(Waits::of),
        since: Timestamp::from_ms(row.get(11)?),
        entry: row.get(3)?,
        at: Timestamp::from_ms(row.get(4)?),
        phone: row.get(5)?,
        revoked: row.get(6)?,
        back: row.get(13)?,
        engineer: parsed(row, 7)?,
        seen: seen.map(|at| (by.unwrap_or_default(), Timestamp::from_ms(at))),
    })
}

/// At most `limit` of them after the first `offset`, what came last first; what came together in the order it was done.
pub(crate) fn held_list(
    connection: &Connection,
    filter: HeldFilter,
    offset: u32,
    limit: u32,
) -> Result<Vec<HeldItem>, StoreError> {
    let sql = concat!(
        "SELECT lower(hex(p.hash)), p.document, coalesce(p.why, p.code), p.entry, p.at, d.name, d.revoked_at IS NOT NULL,
            d.engineer, p.seen_at, (SELECT s.display_name FROM staff s WHERE s.id = p.seen_by),
            CASE WHEN p.code IN ('device_revoked', 'left_behind') AND p.fate IS NULL THEN p.operation END,
            coalesce((SELECT min(o.at) FROM refused o WHERE o.operation = p.operation), p.at),
            CASE WHEN p.waits THEN ",
        holds!("p.document", "d.engineer"),
        " END,
            EXISTS (SELECT 1 FROM device n WHERE n.engineer = d.engineer AND n.revoked_at IS NULL
                AND n.enrolled_at >= d.revoked_at)
        FROM (SELECT r.*, r.rowid AS place, f.fate, f.code AS why, ",
        waits!(),
        "AS waits ",
        held_from!(),
        ") p JOIN device d ON d.id = p.device
        ORDER BY p.at DESC, p.document, p.place LIMIT ?3 OFFSET ?4"
    );
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![filter.document(), filter.seen, limit, offset], item_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many of them there are.
pub(crate) fn held_count(connection: &Connection, filter: HeldFilter) -> Result<u32, StoreError> {
    let sql = concat!("SELECT count(*) ", held_from!());
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![filter.document(), filter.seen], |row| row.get(0))?)
}

/// How many somebody has to deal with, at most [`WAITING_MAX`].
pub(crate) fn held_waiting(connection: &Connection) -> Result<u32, StoreError> {
    let sql = concat!(
        "SELECT count(*) FROM (SELECT 1 ",
        held_from!(),
        "AND NOT ",
        waits!(),
        "LIMIT ?3)"
    );
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![None::<String>, false, WAITING_MAX], |row| row.get(0))?)
}

/// The operation of a held change that has no fate.
pub(crate) fn held_undecided(connection: &Connection, hash: &str) -> Result<Option<OperationId>, StoreError> {
    let sql =
        "SELECT operation FROM refused r WHERE hash = unhex(?1) AND code IN ('device_revoked', 'left_behind')
        AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = r.operation)";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([hash], |row| parsed_maybe(row, 0))
        .optional()?;
    Ok(found.flatten())
}

/// How many operations of a document are held and undecided.
pub(crate) fn held_open(connection: &Connection, document: DocumentId) -> Result<usize, StoreError> {
    let sql = "SELECT count(DISTINCT operation) FROM refused r
        WHERE document = ?1 AND code IN ('device_revoked', 'left_behind') AND operation IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = r.operation)";
    let mut statement = connection.prepare_cached(sql)?;
    let open: i64 = statement.query_row([document.to_string()], |row| row.get(0))?;
    Ok(usize::try_from(open).unwrap_or(0))
}

/// Whether somebody took over the operation of a change that was held; none where nobody decided, also where its own phone
/// brought it.
pub(crate) fn held_taken(connection: &Connection, hash: &str) -> Result<Option<bool>, StoreError> {
    let sql = "SELECT f.fate <> 'refused' FROM refused r JOIN fate f ON f.operation = r.operation
        WHERE r.hash = unhex(?1) AND r.code IN ('device_revoked', 'left_behind') AND r.seen_by IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([hash], |row| row.get(0)).optional()?)
}

/// Whether a change only waits: there is nothing to deal with.
pub(crate) fn held_waits(connection: &Connection, hash: &str) -> Result<bool, StoreError> {
    let sql = concat!("SELECT 1 FROM refused r WHERE r.hash = unhex(?1) AND ", waits!());
    Ok(connection.prepare_cached(sql)?.exists([hash])?)
}

/// The entries of what was decided not to be taken over of what the same phone did before it to the same document, the
/// latest first.
pub(crate) fn held_declined_before(
    connection: &Connection,
    operation: OperationId,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT r.entry FROM refused r JOIN fate f ON f.operation = r.operation AND f.hash = r.hash
        WHERE f.code = 'not_adopted' AND r.entry IS NOT NULL AND EXISTS (SELECT 1 FROM refused o
            WHERE o.operation = ?1 AND o.document = r.document AND o.device = r.device AND o.rowid > r.rowid)
        ORDER BY r.rowid DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([operation.to_string()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Somebody dealt with it; false when somebody had before, or there is no such change.
pub(crate) fn held_settle(
    connection: &Connection,
    hash: &str,
    by: StaffId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE refused SET seen_at = ?2, seen_by = ?3 WHERE hash = unhex(?1) AND seen_at IS NULL";
    let settled = connection
        .prepare_cached(sql)?
        .execute(params![hash, at.ms(), by.to_string()])?;
    Ok(settled > 0)
}

/// Whether there is such a change.
pub(crate) fn held_exists(connection: &Connection, hash: &str) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM refused WHERE hash = unhex(?1)")?;
    Ok(statement.exists([hash])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn the_code_in_the_statement_is_that_of_the_model() {
        assert_eq!(fieldline_model::reason::Reason::NotAdopted.code(), "not_adopted");
    }

    const DEVICE: &str = "01JGEQ4200B5NT6X3DHWE925NQ";

    /// A change that was not taken: hash, operation, code, and when.
    fn refused(connection: &Connection, hash: u8, operation: Option<&str>, code: &str, at: i64) {
        let sql = "INSERT INTO refused (hash, document, operation, code, device, bytes, at)
            VALUES (?1, 'ticket-01JGEQ4200B5NT6X3DHWE925NR', ?2, ?3, ?4, x'00', ?5)";
        let row = params![[hash; 32], operation, code, DEVICE, at];
        connection.execute(sql, row).unwrap();
    }

    fn fate(connection: &Connection, operation: &str, fate: &str, hash: u8) {
        let sql = "INSERT INTO fate (operation, document, fate, hash, at)
            VALUES (?1, 'ticket-01JGEQ4200B5NT6X3DHWE925NR', ?2, ?3, 0)";
        connection
            .execute(sql, params![operation, fate, [hash; 32]])
            .unwrap();
    }

    #[tokio::test]
    async fn every_operation_that_was_not_taken_is_told_once_and_one_that_came_again_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("fieldline.db")).unwrap();
        let told = store
            .write::<_, StoreError>(|connection| {
                let sql = "INSERT INTO device (id, engineer, name, public_key, token_hash, enrolled_at)
                    VALUES (?1, ?1, 'phone', zeroblob(32), x'01', 0)";
                connection.execute(sql, [DEVICE])?;
                // Held, and pushed twice in other bytes: the change that got the fate is told.
                refused(connection, 1, Some("A"), "device_revoked", 10);
                refused(connection, 2, Some("A"), "fate_decided", 20);
                fate(connection, "A", "refused", 1);
                // Left behind, offered again and merged.
                refused(connection, 3, Some("B"), "built_on_refused", 10);
                fate(connection, "B", "merged", 99);
                // Left behind twice, not offered again yet.
                refused(connection, 4, Some("C"), "built_on_refused", 10);
                refused(connection, 5, Some("C"), "built_on_refused", 30);
                // Nobody knows what it was.
                refused(connection, 6, None, "malformed", 5);
                // Its phone is revoked while what it follows is held, and then that is decided.
                connection.execute(
                    "INSERT INTO device (id, engineer, name, public_key, token_hash, enrolled_at, revoked_at)
                    VALUES ('revoked', 'other', 'phone', zeroblob(32), x'02', 0, 50)",
                    [],
                )?;
                for (n, operation, code) in [(7, "D", "device_revoked"), (8, "E", "built_on_refused")] {
                    refused(connection, n, Some(operation), code, 40);
                    connection.execute("UPDATE refused SET device = 'revoked' WHERE hash = ?1", [[n; 32]])?;
                }
                assert!(held_waits(connection, &"08".repeat(32))?, "on HQ");
                fate(connection, "D", "merged", 7);
                assert!(
                    !held_waits(connection, &"08".repeat(32))?,
                    "on a phone that may never come"
                );
                connection.execute("DELETE FROM refused WHERE device = 'revoked'", [])?;
                let items = held_list(connection, HeldFilter::default(), 0, 10)?;
                assert_eq!(held_count(connection, HeldFilter::default())?, 3);
                // What its phone brings again is for nobody to deal with.
                assert_eq!(held_waiting(connection)?, 2);
                assert!(
                    held_waits(connection, &"05".repeat(32))? && !held_waits(connection, &"01".repeat(32))?
                );
                Ok(items)
            })
            .await
            .unwrap();
        let told: Vec<_> = told.iter().map(|item| (&item.hash[..2], item.waits)).collect();
        assert_eq!(told, [("05", Some(Waits::Phone)), ("01", None), ("06", None)]);
    }
}
