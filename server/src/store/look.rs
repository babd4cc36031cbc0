//! A look at a database file before it is used: a damaged one is told at once, not by the first page that needs it.

use std::path::Path;

use rusqlite::Connection;

use super::StoreError;
use super::backup::open_copy;
use super::log::log_head;

/// Largest file read whole at a start; that takes a third of a second. Of larger ones something of each table is read.
const WHOLE_BYTES_MAX: i64 = 256 << 20;
/// Most findings told.
const FINDINGS_MAX: usize = 3;

/// How much of the file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// What a start has time for.
    Short,
    /// Every page.
    Whole,
}

/// Looks whether the file is a database that can be read.
///
/// # Errors
/// One that [`StoreError::is_damage`] for a file that is damaged; otherwise as SQLite says.
pub fn look(path: &Path, how: Look) -> Result<(), StoreError> {
    let connection = open_copy(path)?;
    let tables = tables(&connection)?;
    if how == Look::Whole || bytes(&connection)? <= WHOLE_BYTES_MAX {
        return read_whole(&connection);
    }
    for table in tables {
        read_some(&connection, &table)?;
    }
    log_head(&connection).map(|_| ())
}

fn bytes(connection: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Reads the schema; a search index is no table of its own.
fn tables(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

fn read_some(connection: &Connection, table: &str) -> Result<(), StoreError> {
    let sql = format!("SELECT * FROM \"{}\" LIMIT 1", table.replace('"', "\"\""));
    connection.prepare(&sql)?.exists([])?;
    Ok(())
}

fn read_whole(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare(&format!("PRAGMA quick_check({FINDINGS_MAX})"))?;
    let found = statement.query_map([], |row| row.get(0))?;
    let found: Vec<String> = found.collect::<Result<_, _>>()?;
    if found == ["ok"] {
        Ok(())
    } else {
        Err(StoreError::Damaged(found.join("; ").replace('\n', " ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_page_is_found_by_either_look() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let made = Connection::open(&path).unwrap();
        let sql = "CREATE TABLE a (x); INSERT INTO a VALUES (1); CREATE TABLE log (seq INTEGER PRIMARY KEY, chain);";
        made.execute_batch(sql).unwrap();
        let size: u32 = made.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
        let size = usize::try_from(size).unwrap();
        drop(made);
        look(&path, Look::Short).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[size..2 * size].fill(0xff);
        std::fs::write(&path, bytes).unwrap();
        assert!(look(&path, Look::Whole).unwrap_err().is_damage());
        let connection = open_copy(&path).unwrap();
        assert_eq!(tables(&connection).unwrap(), ["a", "log"]);
        assert!(read_some(&connection, "a").unwrap_err().is_damage());
        read_some(&connection, "log").unwrap();
        std::fs::write(&path, [7; 5000]).unwrap();
        assert!(look(&path, Look::Short).unwrap_err().is_damage());
    }
}
