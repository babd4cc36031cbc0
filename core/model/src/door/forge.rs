//! Hostile changes, made for real: what an attacker with a valid actor could send. For tests here and in other crates.
//!
//! [`Forge`] lies in the content and lets automerge write canonical bytes; [`RawChange`] lies in the bytes themselves.
//! Both write a correct checksum unless told otherwise, so that a refusal is for the reason the test is about.

use std::num::NonZeroU64;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ObjId, ScalarValue};
use sha2::{Digest, Sha256};

use super::columns;
use super::header::{CHUNK_CHANGE, MAGIC};
use super::history::History;

/// A change whose head is honest for a document until a test bends a field of `change`.
#[derive(Debug, Clone)]
pub struct Forge {
    /// What will be encoded.
    pub change: ExpandedChange,
}

impl Forge {
    /// The next change `actor` could honestly write on `doc`, without operations yet.
    pub fn next(doc: &Automerge, actor: &[u8], message: &str) -> Self {
        let history = History::of(doc);
        let actor_id = ActorId::from(actor);
        let line = history.line(&actor_id);
        let mut deps = doc.get_heads();
        deps.extend(line.map(|line| line.last).filter(|last| !deps.contains(last)));
        let start_op = NonZeroU64::new(history.next_op(&deps)).unwrap_or(NonZeroU64::MIN);
        let change = ExpandedChange {
            operations: Vec::new(),
            actor_id,
            hash: None,
            seq: line.map_or(1, |line| line.seq + 1),
            start_op,
            time: 0,
            message: Some(message.to_owned()),
            deps,
            extra_bytes: Vec::new(),
            author: None,
        };
        Self { change }
    }

    /// Adds a scalar put that names `preds`, whatever they are.
    #[must_use]
    pub fn put(self, object: &ObjId, key: &str, value: impl Into<ScalarValue>, preds: &[ObjId]) -> Self {
        self.act(object, Key::Map(key.into()), OpType::Put(value.into()), preds)
    }

    /// Adds any operation.
    #[must_use]
    pub fn act(mut self, object: &ObjId, key: Key, action: OpType, preds: &[ObjId]) -> Self {
        let pred: Vec<OpId> = preds.iter().filter_map(op_id).collect();
        let obj = op_id(object).map_or(ObjectId::Root, ObjectId::Id);
        self.change.operations.push(Op {
            action,
            obj,
            key,
            pred: pred.into(),
            insert: false,
        });
        self
    }

    /// The chunk, canonical and with a correct checksum.
    pub fn bytes(&self) -> Vec<u8> {
        Change::from(self.change.clone()).raw_bytes().to_vec()
    }
}

fn op_id(id: &ObjId) -> Option<OpId> {
    match id {
        ObjId::Root => None,
        ObjId::Id(counter, actor, _) => Some(OpId(*counter, actor.clone())),
    }
}

/// A change chunk field by field. Nothing is checked.
#[derive(Debug, Clone)]
pub struct RawChange {
    /// 0 document, 1 change, 2 deflated change, 3 bundle.
    pub chunk_type: u8,
    /// Parents in the order written.
    pub deps: Vec<ChangeHash>,
    /// Author.
    pub actor: Vec<u8>,
    /// Place in the author's line.
    pub seq: u64,
    /// First counter.
    pub start_op: u64,
    /// Milliseconds.
    pub time: i64,
    /// Message bytes.
    pub message: Vec<u8>,
    /// Other actors.
    pub other_actors: Vec<Vec<u8>>,
    /// Column specification and bytes, in the order written.
    pub columns: Vec<(u64, Vec<u8>)>,
    /// Bytes after the last column.
    pub extra: Vec<u8>,
    /// Whether the checksum is spoiled.
    pub wrong_checksum: bool,
}

impl RawChange {
    /// The head of `forge`, with `count` puts of null at key `k` of the root, all as one run.
    pub fn like(forge: &Forge, count: i64) -> Self {
        let change = &forge.change;
        Self {
            chunk_type: CHUNK_CHANGE,
            deps: change.deps.clone(),
            actor: change.actor_id.to_bytes().to_vec(),
            seq: change.seq,
            start_op: change.start_op.get(),
            time: change.time,
            message: change.message.clone().unwrap_or_default().into_bytes(),
            other_actors: Vec::new(),
            columns: vec![
                (columns::KEY, run(count, &[1, b'k'])),
                (columns::INSERT, unsigned(count.unsigned_abs())),
                (columns::ACTION, run(count, &[1])),
                (columns::VALUE_META, run(count, &[0])),
                (columns::PRED_COUNT, run(count, &[0])),
            ],
            extra: Vec::new(),
            wrong_checksum: false,
        }
    }

    /// Replaces, adds or (with no bytes) removes one column, keeping the order of the format.
    #[must_use]
    pub fn column(mut self, spec: u64, bytes: Vec<u8>) -> Self {
        self.columns.retain(|(other, _)| *other != spec);
        if !bytes.is_empty() {
            self.columns.push((spec, bytes));
        }
        self.columns.sort_by_key(|(spec, _)| *spec);
        self
    }

    /// The chunk.
    pub fn bytes(&self) -> Vec<u8> {
        let mut body = unsigned(self.deps.len() as u64);
        self.deps.iter().for_each(|dep| body.extend(dep.0));
        body.extend(prefixed(&self.actor));
        body.extend(unsigned(self.seq));
        body.extend(unsigned(self.start_op));
        body.extend(signed(self.time));
        body.extend(prefixed(&self.message));
        body.extend(unsigned(self.other_actors.len() as u64));
        self.other_actors
            .iter()
            .for_each(|actor| body.extend(prefixed(actor)));
        body.extend(unsigned(self.columns.len() as u64));
        for (spec, column) in &self.columns {
            body.extend(unsigned(*spec));
            body.extend(unsigned(column.len() as u64));
        }
        self.columns.iter().for_each(|(_, column)| body.extend(column));
        body.extend(&self.extra);
        self.seal(&body)
    }

    fn seal(&self, body: &[u8]) -> Vec<u8> {
        let mut hashed = vec![self.chunk_type];
        hashed.extend(prefixed(body));
        let mut checksum: [u8; 4] = [0; 4];
        checksum.copy_from_slice(&Sha256::digest(&hashed)[..4]);
        checksum[0] ^= u8::from(self.wrong_checksum);
        [&MAGIC[..], &checksum, &hashed].concat()
    }
}

/// The bytes of a run: `count` times the encoded `value`. A count below zero announces that many literals, and one
/// value alone is written as a literal, as automerge does.
pub fn run(count: i64, value: &[u8]) -> Vec<u8> {
    [&signed(if count == 1 { -1 } else { count })[..], value].concat()
}

/// A length, then the bytes.
pub fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [&unsigned(bytes.len() as u64)[..], bytes].concat()
}

/// Unsigned LEB128.
pub fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        out.push(if value == 0 { low & 0x7f } else { low | 0x80 });
        if value == 0 {
            return out;
        }
    }
}

/// Signed LEB128.
pub fn signed(mut value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        let done = value == 0 && byte & 0x40 == 0 || value == -1 && byte & 0x40 != 0;
        out.push(if done { byte } else { byte | 0x80 });
        if done {
            return out;
        }
    }
}
