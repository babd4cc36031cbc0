//! Tables `receipt` and `heal`: what the server vouched for, and what it has lost.

use std::collections::BTreeSet;

use fieldline_model::actor::LineSignature;
use fieldline_model::id::DocumentId;
use fieldline_model::receipt::{self, Node};
use fieldline_model::wire::{Hash, Have, Lacks, Proof};
use rusqlite::{Connection, OptionalExtension, params};

use super::doc::doc_heads;
use super::parsed;
use crate::error::EngineError;

/// Where healing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Healing {
    /// In step.
    Done,
    /// The server is to be told what is held here.
    Ask,
    /// What it lacks is given back.
    Give,
    /// Nothing is left to give; it is to be read from again.
    Given,
    /// It lacks nothing more; the first page since has not come, so nothing would show that it went back once more.
    Read,
}

/// Reads where it stands.
pub(crate) fn healing(conn: &Connection) -> Result<Healing, EngineError> {
    let stage: i64 = conn
        .prepare_cached("SELECT healing FROM cursor")?
        .query_row([], |row| row.get(0))?;
    Ok(match stage {
        1 => Healing::Ask,
        2 => Healing::Give,
        3 => Healing::Read,
        4 => Healing::Given,
        _ => Healing::Done,
    })
}

/// Goes to another stage; what was to be given is forgotten unless it begins now.
pub(crate) fn healing_set(conn: &Connection, stage: Healing) -> Result<(), EngineError> {
    let number = match stage {
        Healing::Done => 0,
        Healing::Ask => 1,
        Healing::Give => 2,
        Healing::Read => 3,
        Healing::Given => 4,
    };
    conn.execute("UPDATE cursor SET healing = ?1", [number])?;
    if stage != Healing::Give {
        conn.execute("DELETE FROM heal", [])?;
    }
    Ok(())
}

/// A document held here.
pub(crate) struct Held {
    pub(crate) have: Have,
    pub(crate) in_scope: bool,
    /// Nothing waits for its content, and the server vouched for all of it.
    pub(crate) settled: bool,
}

/// Every document held here, also hidden ones.
pub(crate) fn heal_have(conn: &Connection) -> Result<Vec<Held>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, digest, in_scope, want = 0 AND vouched IS heads
                AND NOT EXISTS (SELECT 1 FROM held WHERE document = doc.id)
         FROM doc WHERE snapshot IS NOT NULL AND stuck = 0 ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        let digest: Option<[u8; 8]> = row.get(1)?;
        let id: String = row.get(0)?;
        held.push(Held {
            have: Have(parsed(&id, "doc.id")?, digest.unwrap_or_default()),
            in_scope: row.get(2)?,
            settled: row.get(3)?,
        });
    }
    Ok(held)
}

/// Writes down what the server lacks; documents with refused work as well, because it has lost those fates, and those with
/// work that it took under other bytes, which may never have come here.
pub(crate) fn heal_put(conn: &Connection, lacks: &[Lacks]) -> Result<(), EngineError> {
    let mut put = conn.prepare_cached(
        "INSERT INTO heal (document, heads) SELECT id, ?2 FROM doc WHERE id = ?1 ON CONFLICT (document) DO NOTHING",
    )?;
    for line in lacks {
        put.execute(params![line.document.to_string(), joined(&line.heads)])?;
    }
    conn.execute(
        "INSERT INTO heal (document, heads)
             SELECT id, coalesce(heads, zeroblob(32)) FROM doc WHERE id IN (
                 SELECT document FROM intent WHERE state = 'refused' OR (state IN ('merged', 'overruled')
                     AND EXISTS (SELECT 1 FROM change WHERE operation = intent.operation AND state = 'left')
                     AND NOT EXISTS (SELECT 1 FROM change WHERE operation = intent.operation AND state <> 'left')))
             ON CONFLICT (document) DO NOTHING",
        [],
    )?;
    Ok(())
}

/// Whether it lacks anything that is known here.
pub(crate) fn heal_any(conn: &Connection) -> Result<bool, EngineError> {
    Ok(conn.prepare("SELECT 1 FROM heal")?.exists([])?)
}

/// The next documents to give back, with the server's heads. No heads: it lacks the document, or only fates are told.
pub(crate) fn heal_next(conn: &Connection, max: usize) -> Result<Vec<Lacks>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT document, heads FROM heal ORDER BY document LIMIT ?1")?;
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    let lines = statement.query_map([max], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let mut next = Vec::new();
    for line in lines {
        let (id, heads) = line?;
        next.push(Lacks {
            document: parsed(&id, "heal.document")?,
            heads: split(&heads).into_iter().map(Hash::new).collect(),
        });
    }
    Ok(next)
}

/// The server has what could be given back of it, and whether it had anything before; `None` when that was known.
pub(crate) fn heal_done(conn: &Connection, id: DocumentId) -> Result<Option<bool>, EngineError> {
    let had_any = conn
        .prepare_cached("DELETE FROM heal WHERE document = ?1 RETURNING heads <> x''")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(had_any)
}

fn joined(heads: &[Hash]) -> Vec<u8> {
    heads.iter().flat_map(|head| head.iter().copied()).collect()
}

/// Hashes that stand one after the other.
pub(crate) fn split(bytes: &[u8]) -> Vec<[u8; 32]> {
    bytes
        .chunks_exact(32)
        .map(|chunk| {
            let mut hash = [0; 32];
            hash.copy_from_slice(chunk);
            hash
        })
        .collect()
}

/// Keeps the server's receipt for these documents as they stand here now, if its root is theirs. One that is not (a
/// change still waits here, or came while the page was on its way) is of no use: the next one will be.
pub(crate) fn receipt_put(
    conn: &Connection,
    documents: &BTreeSet<DocumentId>,
    root: &[u8; 8],
    signature: &LineSignature,
) -> Result<bool, EngineError> {
    let mut leaves: Vec<Node> = Vec::with_capacity(documents.len());
    let mut stand = Vec::with_capacity(documents.len());
    for id in documents {
        let Some(heads) = doc_heads(conn, *id)? else {
            return Ok(false);
        };
        leaves.push(receipt::leaf(*id, &split(&heads)));
        stand.push((*id, heads));
    }
    if receipt::root(&leaves).is_none_or(|found| found[..8] != root[..]) {
        return Ok(false);
    }
    receipt_add(conn, &leaves, signature, &stand)?;
    Ok(true)
}

/// Keeps a receipt over these leaves for documents at these heads.
pub(crate) fn receipt_add(
    conn: &Connection,
    leaves: &[Node],
    signature: &LineSignature,
    stand: &[(DocumentId, Vec<u8>)],
) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT INTO receipt (leaves, signature) VALUES (?1, ?2)")?
        .execute(params![leaves.concat(), &signature.0[..]])?;
    let n = conn.last_insert_rowid();
    let mut vouch = conn.prepare_cached("UPDATE doc SET receipt = ?2, vouched = ?3 WHERE id = ?1")?;
    for (id, heads) in stand {
        vouch.execute(params![id.to_string(), n, heads])?;
    }
    conn.prepare_cached(
        "DELETE FROM receipt WHERE n NOT IN (SELECT receipt FROM doc WHERE receipt IS NOT NULL)",
    )?
    .execute([])?;
    Ok(())
}

/// The server's proof for a document, if it ever vouched for it.
pub(crate) fn receipt_proof(conn: &Connection, id: DocumentId) -> Result<Option<Proof>, EngineError> {
    let found = conn
        .prepare_cached(
            "SELECT doc.vouched, receipt.leaves, receipt.signature FROM doc JOIN receipt ON receipt.n = doc.receipt
             WHERE doc.id = ?1",
        )?
        .query_row([id.to_string()], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, [u8; 64]>(2)?,
            ))
        })
        .optional()?;
    let Some((heads, leaves, signature)) = found else {
        return Ok(None);
    };
    let (heads, leaves) = (split(&heads), split(&leaves));
    let leaf = receipt::leaf(id, &heads);
    let Some(place) = leaves.iter().position(|other| *other == leaf) else {
        return Ok(None);
    };
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Some(Proof {
        heads: heads.into_iter().map(Hash::new).collect(),
        place: number(place),
        count: number(leaves.len()),
        path: receipt::path(&leaves, place).into_iter().map(Hash::new).collect(),
        signature: LineSignature(signature),
    }))
}
