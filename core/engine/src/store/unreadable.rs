//! Values that no reader can take: a name that is none, a digest of the wrong length. One of them must not stop
//! everything. What the line said is put right from elsewhere before; here the rest goes, or is asked for again.

use std::str::FromStr;

use fieldline_model::id::{DocumentId, OperationId, VisitId};
use rusqlite::Connection;

use crate::error::EngineError;

/// Names of this kind that cannot be read, as bytes: they may be no text.
fn unreadable<T: FromStr>(conn: &Connection, select: &str) -> Result<Vec<Vec<u8>>, EngineError> {
    let mut statement = conn.prepare_cached(select)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let name: Vec<u8> = row.get(0)?;
        if !std::str::from_utf8(&name).is_ok_and(|name| name.parse::<T>().is_ok()) {
            found.push(name);
        }
    }
    Ok(found)
}

fn delete(conn: &Connection, sql: &str, names: &[Vec<u8>]) -> Result<usize, EngineError> {
    let mut count = 0;
    for name in names {
        count += conn.execute(sql, [name])?;
    }
    Ok(count)
}

/// Documents whose line cannot be read go: what hangs on them asks for them anew, and so does the next count. Those
/// whose digest or branch cannot be read are asked for whole. Returns how many.
pub(crate) fn unreadable_documents(conn: &Connection) -> Result<usize, EngineError> {
    let names = unreadable::<DocumentId>(conn, "SELECT CAST(id AS BLOB) FROM doc")?;
    let mut count = delete(conn, "DELETE FROM doc WHERE CAST(id AS BLOB) = ?1", &names)?;
    // In two parts, each of which an index answers.
    let mut statement = conn.prepare_cached(
        "SELECT n FROM doc WHERE snapshot IS NOT NULL AND (branch NOT BETWEEN 0 AND 4294967295
            OR (in_scope = 1 AND stuck = 0 AND coalesce(length(digest), 0) <> 8))
         UNION ALL SELECT n FROM doc WHERE snapshot IS NULL AND branch NOT BETWEEN 0 AND 4294967295",
    )?;
    let lines: Vec<i64> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for n in lines {
        // Where its branch is lost, nobody knows how far it got.
        count += conn.execute(
            "UPDATE doc SET stuck = 1, want = 1, branch = CASE WHEN branch BETWEEN 0 AND 4294967295 THEN branch
                 ELSE (SELECT coalesce(max(change.branch), 0) + 1 FROM change WHERE change.document = doc.id) END
             WHERE n = ?1",
            [n],
        )?;
    }
    Ok(count)
}

/// Lines of lists that cannot be read: their documents come whole and make them again.
pub(crate) fn unreadable_lines(conn: &Connection) -> Result<usize, EngineError> {
    let visits = "SELECT CAST(visit AS BLOB) FROM ticket_row WHERE visit IS NOT NULL";
    let visits = unreadable::<VisitId>(conn, visits)?;
    let mut count = delete(
        conn,
        "UPDATE doc SET want = 1 WHERE id IN (SELECT document FROM ticket_row WHERE CAST(visit AS BLOB) = ?1)",
        &visits,
    )?;
    delete(
        conn,
        "UPDATE ticket_row SET visit = NULL WHERE CAST(visit AS BLOB) = ?1",
        &visits,
    )?;
    for (select, sql, want) in [
        (
            "SELECT CAST(document AS BLOB) FROM ticket_row",
            "DELETE FROM ticket_row WHERE CAST(document AS BLOB) = ?1",
            "UPDATE doc SET want = 1 WHERE kind = 'ticket' AND in_scope = 1 AND snapshot IS NOT NULL
                AND id NOT IN (SELECT document FROM ticket_row)",
        ),
        (
            "SELECT CAST(document AS BLOB) FROM article",
            "DELETE FROM article WHERE CAST(document AS BLOB) = ?1",
            "UPDATE doc SET want = 1 WHERE kind = 'article' AND in_scope = 1 AND snapshot IS NOT NULL
                AND id NOT IN (SELECT document FROM article)",
        ),
    ] {
        let gone = delete(conn, sql, &unreadable::<DocumentId>(conn, select)?)?;
        if gone > 0 {
            conn.execute(want, [])?;
        }
        count += gone;
    }
    Ok(count)
}

/// What only waits or was downloaded, under a name that cannot be read: it comes again.
pub(crate) fn unreadable_waiting(conn: &Connection) -> Result<usize, EngineError> {
    let mut count = conn.execute("DELETE FROM held WHERE length(hash) <> 32", [])?;
    count += conn.execute("DELETE FROM wait WHERE tries NOT BETWEEN 0 AND 4294967295", [])?;
    for (select, sql) in [
        (
            "SELECT CAST(document AS BLOB) FROM held",
            "DELETE FROM held WHERE CAST(document AS BLOB) = ?1",
        ),
        (
            "SELECT CAST(document AS BLOB) FROM wait",
            "DELETE FROM wait WHERE CAST(document AS BLOB) = ?1",
        ),
    ] {
        count += delete(conn, sql, &unreadable::<DocumentId>(conn, select)?)?;
    }
    Ok(count)
}

/// A card nobody has put away whose name no operation goes by gets the name of the one that was told the same and has
/// no card. Where there is none it goes, if it cannot be read.
pub(crate) fn unreadable_cards(conn: &Connection) -> Result<usize, EngineError> {
    const TOLD_THE_SAME: &str =
        "FROM intent WHERE intent.document = inbox.document
        AND CASE intent.state WHEN 'refused' THEN intent.state || intent.code ELSE 'overruled' || intent.displaced END
            = inbox.fate || inbox.code AND intent.operation NOT IN (SELECT operation FROM inbox)";
    let sql = format!(
        "UPDATE inbox SET operation = (SELECT intent.operation {TOLD_THE_SAME})
         WHERE dismissed = 0 AND operation NOT IN (SELECT operation FROM intent)
            AND (SELECT count(*) {TOLD_THE_SAME}) = 1"
    );
    let mut count = conn.execute(&sql, [])?;
    count += conn.execute(
        "UPDATE inbox SET document = (SELECT document FROM intent WHERE intent.operation = inbox.operation)
         WHERE document <> (SELECT document FROM intent WHERE intent.operation = inbox.operation)",
        [],
    )?;
    let names = unreadable::<OperationId>(conn, "SELECT CAST(operation AS BLOB) FROM inbox")?;
    count += delete(
        conn,
        "DELETE FROM inbox WHERE CAST(operation AS BLOB) = ?1",
        &names,
    )?;
    let names = unreadable::<DocumentId>(conn, "SELECT CAST(document AS BLOB) FROM inbox")?;
    count += delete(
        conn,
        "DELETE FROM inbox WHERE CAST(document AS BLOB) = ?1",
        &names,
    )?;
    Ok(count)
}

/// Promises that nobody can name any more: they are counted as missing.
pub(crate) fn unreadable_promises(conn: &Connection) -> Result<usize, EngineError> {
    let names = unreadable::<OperationId>(conn, "SELECT CAST(operation AS BLOB) FROM promise")?;
    let mut count = delete(
        conn,
        "DELETE FROM promise WHERE CAST(operation AS BLOB) = ?1",
        &names,
    )?;
    let names = unreadable::<DocumentId>(conn, "SELECT CAST(document AS BLOB) FROM promise")?;
    count += delete(
        conn,
        "DELETE FROM promise WHERE CAST(document AS BLOB) = ?1",
        &names,
    )?;
    Ok(count)
}
