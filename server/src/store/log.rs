//! The log: everything that changed, in one order, each entry chained to the one before, with feeds per channel.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use fieldline_model::id::{DeviceId, DocumentId, EngineerId, IdError, OperationId};
use fieldline_model::row::RowKind;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::value::{bytes, from_sql, parsed, to_sql};

/// Whom an entry concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Every phone.
    Shared,
    /// All phones of one engineer.
    Engineer(EngineerId),
    /// One phone.
    Device(DeviceId),
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared => f.write_str("shared"),
            Self::Engineer(id) => write!(f, "engineer:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
        }
    }
}

impl FromStr for Channel {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            None if text == "shared" => Ok(Self::Shared),
            Some(("engineer", id)) => id.parse().map(Self::Engineer),
            Some(("device", id)) => id.parse().map(Self::Device),
            _ => Err(IdError { kind: "channel" }),
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A change was taken.
    Change {
        document: DocumentId,
        hash: [u8; 32],
        operation: OperationId,
    },
    /// A row is new or changed, or came within reach.
    Row { kind: RowKind, id: String },
    /// A row is gone.
    RowGone { kind: RowKind, id: String },
    /// A document came into scope.
    Enter { document: DocumentId },
    /// A document left scope.
    Drop { document: DocumentId },
    /// The fate of an operation was decided.
    Fate { operation: OperationId },
}

/// The columns of an entry; its canonical bytes are made of these.
#[derive(Default)]
struct Columns<'a> {
    kind: &'static str,
    document: Option<String>,
    hash: Option<&'a [u8]>,
    row_kind: Option<&'static str>,
    row_id: Option<&'a str>,
    operation: Option<String>,
}

impl Entry {
    fn columns(&self) -> Columns<'_> {
        let none = Columns::default();
        match self {
            Self::Change {
                document,
                hash,
                operation,
            } => Columns {
                kind: "change",
                document: Some(document.to_string()),
                hash: Some(hash),
                operation: Some(operation.to_string()),
                ..none
            },
            Self::Row { kind, id } => Columns {
                kind: "row",
                row_kind: Some(kind.word()),
                row_id: Some(id),
                ..none
            },
            Self::RowGone { kind, id } => Columns {
                kind: "row_gone",
                row_kind: Some(kind.word()),
                row_id: Some(id),
                ..none
            },
            Self::Enter { document } => Columns {
                kind: "enter",
                document: Some(document.to_string()),
                ..none
            },
            Self::Drop { document } => Columns {
                kind: "drop",
                document: Some(document.to_string()),
                ..none
            },
            Self::Fate { operation } => Columns {
                kind: "fate",
                operation: Some(operation.to_string()),
                ..none
            },
        }
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let kind: String = row.get(1)?;
        let row_kind = |row: &Row<'_>| {
            let word: String = row.get(4)?;
            RowKind::from_word(&word).ok_or(rusqlite::Error::InvalidQuery)
        };
        Ok(match kind.as_str() {
            "change" => Self::Change {
                document: parsed(row, 2)?,
                hash: bytes(row, 3)?,
                operation: parsed(row, 6)?,
            },
            "row" => Self::Row {
                kind: row_kind(row)?,
                id: row.get(5)?,
            },
            "row_gone" => Self::RowGone {
                kind: row_kind(row)?,
                id: row.get(5)?,
            },
            "enter" => Self::Enter {
                document: parsed(row, 2)?,
            },
            "drop" => Self::Drop {
                document: parsed(row, 2)?,
            },
            _ => Self::Fate {
                operation: parsed(row, 6)?,
            },
        })
    }
}

fn link(chain: &[u8; 32], seq: u64, columns: &Columns<'_>, at: Timestamp) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(chain);
    hash.update(seq.to_be_bytes());
    hash.update(at.ms().to_be_bytes());
    let fields: [Option<&[u8]>; 6] = [
        Some(columns.kind.as_bytes()),
        columns.document.as_deref().map(str::as_bytes),
        columns.hash,
        columns.row_kind.map(str::as_bytes),
        columns.row_id.map(str::as_bytes),
        columns.operation.as_deref().map(str::as_bytes),
    ];
    for field in fields {
        // Length first, so that no two entries have the same bytes; an absent field is not an empty one.
        let length = field.map_or(u64::MAX, |field| field.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(field.unwrap_or_default());
    }
    hash.finalize().into()
}

/// Writes entries during one transaction.
pub(crate) struct Journal<'c> {
    connection: &'c Connection,
    seq: u64,
    chain: [u8; 32],
    at: Timestamp,
    touched: BTreeSet<Channel>,
}

impl<'c> Journal<'c> {
    /// Continues the log at its end.
    pub(crate) fn begin(connection: &'c Connection, at: Timestamp) -> Result<Self, StoreError> {
        let (seq, chain) = log_head(connection)?;
        Ok(Self {
            connection,
            seq,
            chain,
            at,
            touched: BTreeSet::new(),
        })
    }

    /// The transaction's connection.
    pub(crate) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The transaction's moment: the receipt of everything in it.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// The last entry's number.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }

    /// Everyone who was written to.
    pub(crate) fn touched(&self) -> &BTreeSet<Channel> {
        &self.touched
    }

    /// Appends an entry and tells these channels; returns its number.
    pub(crate) fn append(
        &mut self,
        entry: &Entry,
        channels: impl IntoIterator<Item = Channel>,
    ) -> Result<u64, StoreError> {
        let seq = self.seq + 1;
        let columns = entry.columns();
        self.chain = link(&self.chain, seq, &columns, self.at);
        let sql = "INSERT INTO log (seq, kind, document, hash, row_kind, row_id, operation, chain, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.connection.prepare_cached(sql)?.execute(params![
            to_sql(seq),
            columns.kind,
            columns.document,
            columns.hash,
            columns.row_kind,
            columns.row_id,
            columns.operation,
            &self.chain[..],
            self.at.ms(),
        ])?;
        let sql = "INSERT OR IGNORE INTO feed (channel, seq) VALUES (?1, ?2)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for channel in channels {
            statement.execute(params![channel.to_string(), to_sql(seq)])?;
            self.touched.insert(channel);
        }
        self.seq = seq;
        Ok(seq)
    }
}

/// The log's last entry and its chain hash; (0, zeros) when it is empty.
pub(crate) fn log_head(connection: &Connection) -> Result<(u64, [u8; 32]), StoreError> {
    let sql = "SELECT seq, chain FROM log ORDER BY seq DESC LIMIT 1";
    let head = connection
        .prepare_cached(sql)?
        .query_row([], |row| Ok((from_sql(row.get(0)?), bytes(row, 1)?)))
        .optional()?;
    Ok(head.unwrap_or((0, [0; 32])))
}

/// The first entry whose chain hash is not what the entries before it make; `None` when the whole log fits.
pub(crate) fn log_broken(connection: &Connection) -> Result<Option<u64>, StoreError> {
    let sql =
        "SELECT seq, kind, document, hash, row_kind, row_id, operation, at, chain FROM log ORDER BY seq";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut before, mut chain) = (0_u64, [0_u8; 32]);
    while let Some(row) = rows.next()? {
        let seq = from_sql(row.get(0)?);
        let Ok(entry) = Entry::of_row(row) else {
            return Ok(Some(seq));
        };
        chain = link(&chain, seq, &entry.columns(), Timestamp::from_ms(row.get(7)?));
        if seq != before + 1 || bytes::<32>(row, 8)? != chain {
            return Ok(Some(seq));
        }
        before = seq;
    }
    Ok(None)
}

/// The chain hash at an entry; `None` when there is no such entry.
pub(crate) fn log_chain(connection: &Connection, seq: u64) -> Result<Option<[u8; 32]>, StoreError> {
    if seq == 0 {
        return Ok(Some([0; 32]));
    }
    let mut statement = connection.prepare_cached("SELECT chain FROM log WHERE seq = ?1")?;
    Ok(statement
        .query_row([to_sql(seq)], |row| bytes(row, 0))
        .optional()?)
}

/// The entries of one channel after `seq`, oldest first, at most so many.
pub(crate) fn feed_list(
    connection: &Connection,
    channel: Channel,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, Entry)>, StoreError> {
    let sql = "SELECT l.seq, l.kind, l.document, l.hash, l.row_kind, l.row_id, l.operation
        FROM feed f JOIN log l ON l.seq = f.seq WHERE f.channel = ?1 AND f.seq > ?2 ORDER BY f.seq LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![channel.to_string(), to_sql(after), limit], |row| {
        Ok((from_sql(row.get(0)?), Entry::of_row(row)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether this entry was told to one of these channels.
pub(crate) fn feed_holds(
    connection: &Connection,
    channels: &[Channel],
    seq: u64,
) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM feed WHERE channel = ?1 AND seq = ?2")?;
    for channel in channels {
        if statement.exists(params![channel.to_string(), to_sql(seq)])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The newest entries by which the document left this channel, up to this one; at most `limit`.
pub(crate) fn feed_left(
    connection: &Connection,
    channel: Channel,
    document: DocumentId,
    until: u64,
    limit: u32,
) -> Result<Vec<u64>, StoreError> {
    let sql = "SELECT l.seq FROM log l JOIN feed f ON f.seq = l.seq AND f.channel = ?1
        WHERE l.document = ?2 AND l.kind = 'drop' AND l.seq <= ?3 ORDER BY l.seq DESC LIMIT ?4";
    let key = params![channel.to_string(), document.to_string(), to_sql(until), limit];
    let mut statement = connection.prepare_cached(sql)?;
    let left = statement.query_map(key, |row| row.get(0).map(from_sql))?;
    Ok(left.collect::<Result<_, _>>()?)
}

/// The first entry after this one by which the document leaves this channel.
pub(crate) fn feed_leaves(
    connection: &Connection,
    channel: Channel,
    document: DocumentId,
    after: u64,
) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT l.seq FROM log l JOIN feed f ON f.seq = l.seq AND f.channel = ?1
        WHERE l.document = ?2 AND l.kind = 'drop' AND l.seq > ?3 ORDER BY l.seq LIMIT 1";
    let key = params![channel.to_string(), document.to_string(), to_sql(after)];
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row(key, |row| row.get(0).map(from_sql))
        .optional()?)
}

/// Whether a phone on this channel held the document at `seq`: its last enter or drop was an enter.
pub(crate) fn feed_held(
    connection: &Connection,
    channel: Channel,
    document: DocumentId,
    seq: u64,
) -> Result<bool, StoreError> {
    let sql = "SELECT l.kind FROM log l JOIN feed f ON f.seq = l.seq AND f.channel = ?1
        WHERE l.document = ?2 AND l.seq <= ?3 AND l.kind IN ('enter','drop') ORDER BY l.seq DESC LIMIT 1";
    let kind: Option<String> = connection
        .prepare_cached(sql)?
        .query_row(
            params![channel.to_string(), document.to_string(), to_sql(seq)],
            |row| row.get(0),
        )
        .optional()?;
    Ok(kind.as_deref() == Some("enter"))
}
