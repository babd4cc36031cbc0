//! Forward migrations. Each is one transaction; a file is never edited after release.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// All migrations, oldest first; the schema version is their number.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_begin.sql"),
    include_str!("migrations/0002_device_token.sql"),
    include_str!("migrations/0003_heal.sql"),
    include_str!("migrations/0004_blobs.sql"),
    include_str!("migrations/0005_erased.sql"),
    include_str!("migrations/0006_grants.sql"),
    include_str!("migrations/0007_counts.sql"),
    include_str!("migrations/0008_compact.sql"),
    include_str!("migrations/0009_links.sql"),
];

/// The schema this program writes.
#[must_use]
pub fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings the database to [`known`].
///
/// # Errors
/// [`StoreError::Newer`] for a file from a newer program; otherwise as SQLite says, with the file as it was.
pub fn forward(connection: &mut Connection) -> Result<(), StoreError> {
    let found = read(connection)?;
    if found > known() {
        return Err(StoreError::Newer {
            found,
            known: known(),
        });
    }
    for (version, sql) in (1_u32..).zip(MIGRATIONS).skip(found as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if read(&transaction)? >= version {
            // Another process was faster.
            continue;
        }
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

fn read(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
