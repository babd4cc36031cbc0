//! A phone's storage goes bad: one line of its own unsent work, or what it knows of itself, is not what was written.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};

use super::World;
use super::check::look;

/// What the disk did: to a live line of table `change`, to the cursor, or to the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// One bit of the change's bytes is another.
    Bytes,
    /// One bit of its hash is another.
    Hash,
    /// One bit of its actor is another.
    Actor,
    /// Its document's name cannot be read.
    Document,
    /// It counts as left behind.
    State,
    /// It is gone.
    Gone,
    /// What the person did is gone; its change is there.
    IntentGone,
    /// It is gone, and so is every trace of what the person did but the promise.
    WorkGone,
    /// One bit of the cursor's chain is another.
    Cursor,
    /// One bit of the device key's secret is another.
    Key,
    /// One bit of what proves the key whole is another.
    KeySeal,
}

impl Damage {
    /// All of them, for the dice.
    pub const ALL: &'static [Self] = &[
        Self::Bytes,
        Self::Hash,
        Self::Actor,
        Self::Document,
        Self::State,
        Self::Gone,
        Self::IntentGone,
        Self::WorkGone,
        Self::Cursor,
        Self::Key,
        Self::KeySeal,
    ];

    /// Those of unsent work, which the phone mends by itself.
    pub const OF_WORK: &'static [Self] = &[
        Self::Bytes,
        Self::Hash,
        Self::Actor,
        Self::Document,
        Self::State,
        Self::Gone,
        Self::IntentGone,
    ];
}

const INTENT_GONE: &str = "DELETE FROM intent WHERE operation = (SELECT operation FROM change WHERE n = ?1)";

impl World {
    /// Nothing is left but the promise; the phone must say so, or get it back from HQ.
    fn sweep(&mut self, n: usize, db: &Connection, line: i64) {
        let operation: String = db
            .query_row("SELECT operation FROM change WHERE n = ?1", [line], |row| {
                row.get(0)
            })
            .expect("the line");
        run(db, line, INTENT_GONE);
        db.execute("DELETE FROM change WHERE operation = ?1", [&operation])
            .expect("a damaged line");
        self.phones[n]
            .swept
            .insert(operation.parse().expect("operation id"));
    }

    /// Damages one unsent or unanswered change of a phone, its cursor or its identity, while the app is closed. False
    /// when it has no such change.
    ///
    /// # Panics
    /// When the store cannot be opened.
    pub fn damage(&mut self, n: usize, damage: Damage) -> bool {
        self.phones[n].kill();
        let db = look(&self.phones[n].db());
        let live: Vec<i64> = db
            .prepare("SELECT n FROM change WHERE state IN ('pending', 'sent') ORDER BY n")
            .and_then(|mut sql| sql.query_map([], |row| row.get(0))?.collect())
            .expect("schema");
        let line = match damage {
            Damage::Cursor | Damage::Key | Damage::KeySeal => Some(1),
            _ => self.dice.pick(&live).copied(),
        };
        let Some(line) = line else {
            return false;
        };
        let operation: Option<String> = db
            .query_row("SELECT operation FROM change WHERE n = ?1", [line], |row| {
                row.get(0)
            })
            .optional()
            .expect("schema");
        match damage {
            Damage::Bytes => self.flip(&db, "change", "bytes", line),
            Damage::Hash => self.flip(&db, "change", "hash", line),
            Damage::Actor => self.flip(&db, "change", "actor", line),
            Damage::Document => run(
                &db,
                line,
                "UPDATE change SET document = '?' || document WHERE n = ?1",
            ),
            Damage::State => run(&db, line, "UPDATE change SET state = 'left' WHERE n = ?1"),
            Damage::Cursor => {
                // It will have to read everything again.
                self.phones[n].restored = true;
                self.flip(&db, "cursor", "chain", line);
            }
            Damage::Key => self.flip(&db, "identity", "key_seed", line),
            Damage::KeySeal => self.flip(&db, "identity", "seal", line),
            Damage::Gone => run(&db, line, "DELETE FROM change WHERE n = ?1"),
            Damage::IntentGone => run(&db, line, INTENT_GONE),
            Damage::WorkGone => self.sweep(n, &db, line),
        }
        if let Some(operation) = operation.filter(|operation| !is_somewhere(&db, operation)) {
            let swept = operation.parse().expect("operation id");
            self.phones[n].swept.insert(swept);
        }
        self.tally.count("disk.damaged");
        true
    }

    fn flip(&mut self, db: &Connection, table: &str, column: &str, line: i64) {
        let mut bytes: Vec<u8> = db
            .query_row(
                &format!("SELECT {column} FROM {table} WHERE rowid = ?1"),
                [line],
                |row| row.get(0),
            )
            .optional()
            .expect("schema")
            .expect("the line");
        let bit = self.dice.below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let sql = format!("UPDATE {table} SET {column} = ?2 WHERE rowid = ?1");
        db.execute(&sql, params![line, bytes]).expect("a damaged line");
    }
}

/// Whether what was done can still be read: in its intent, or in a change that is whole by its own checksum. Two
/// damages of one work can take both.
fn is_somewhere(db: &Connection, operation: &str) -> bool {
    let intent = "SELECT EXISTS (SELECT 1 FROM intent WHERE operation = ?1)";
    let intent: bool = db
        .query_row(intent, [operation], |row| row.get(0))
        .expect("schema");
    let changes: Vec<Vec<u8>> = db
        .prepare("SELECT bytes FROM change WHERE operation = ?1 AND document IN (SELECT id FROM doc)")
        .and_then(|mut sql| sql.query_map([operation], |row| row.get(0))?.collect())
        .expect("schema");
    let is_whole = |bytes: &Vec<u8>| Sha256::digest(&bytes[8..])[..4] == bytes[4..8];
    intent || changes.iter().any(is_whole)
}

fn run(db: &Connection, line: i64, sql: &str) {
    // A disk knows no foreign keys.
    db.pragma_update(None, "foreign_keys", "OFF").expect("a pragma");
    db.execute(sql, [line]).expect("a damaged line");
}
