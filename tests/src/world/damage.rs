//! A phone's storage goes bad: one line of its own unsent work is not what was written.

use rusqlite::{Connection, OptionalExtension, params};

use super::World;

/// What the disk did to a live line of table `change`.
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
    ];
}

const BLOB: &str = "UPDATE change SET {column} = ?2 WHERE n = ?1";

impl World {
    /// Damages one unsent or unanswered change of a phone while the app is closed. False when it has none.
    ///
    /// # Panics
    /// When the store cannot be opened.
    pub fn damage(&mut self, n: usize, damage: Damage) -> bool {
        self.phones[n].kill();
        let db = Connection::open(self.phones[n].db()).expect("the phone's store");
        let live: Vec<i64> = db
            .prepare("SELECT n FROM change WHERE state IN ('pending', 'sent') ORDER BY n")
            .and_then(|mut sql| sql.query_map([], |row| row.get(0))?.collect())
            .expect("schema");
        let Some(line) = self.dice.pick(&live).copied() else {
            return false;
        };
        match damage {
            Damage::Bytes => self.flip(&db, line, "bytes"),
            Damage::Hash => self.flip(&db, line, "hash"),
            Damage::Actor => self.flip(&db, line, "actor"),
            Damage::Document => run(
                &db,
                line,
                "UPDATE change SET document = '?' || document WHERE n = ?1",
            ),
            Damage::State => run(&db, line, "UPDATE change SET state = 'left' WHERE n = ?1"),
            Damage::Gone => run(&db, line, "DELETE FROM change WHERE n = ?1"),
        }
        self.tally.count("disk.damaged");
        true
    }

    fn flip(&mut self, db: &Connection, line: i64, column: &str) {
        let mut bytes: Vec<u8> = db
            .query_row(
                &format!("SELECT {column} FROM change WHERE n = ?1"),
                [line],
                |row| row.get(0),
            )
            .optional()
            .expect("schema")
            .expect("the line");
        let bit = self.dice.below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        db.execute(&BLOB.replace("{column}", column), params![line, bytes])
            .expect("a damaged line");
    }
}

fn run(db: &Connection, line: i64, sql: &str) {
    // A disk knows no foreign keys.
    db.pragma_update(None, "foreign_keys", "OFF").expect("a pragma");
    db.execute(sql, [line]).expect("a damaged line");
}
