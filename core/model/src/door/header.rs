//! Everything about a change that can be told without its document: the envelope, the head fields and the number of
//! operations. Costs one hash and one walk over the bytes; automerge is not involved.
//!
//! Layout: magic, 4 bytes of checksum, chunk type, length | parents, actor, seq, first counter, time, message, other
//! actors | column layout, columns. The checksum is the head of SHA-256 over (type, length, body), which is also the
//! change's hash. `Change::from_bytes` does not verify it, so it is verified here.

use automerge::{ActorId, ChangeHash};
use sha2::{Digest, Sha256};

use super::bytes::Reader;
use super::columns;
use super::limits::Limits;
use super::refusal::{Bounded, Refusal};

pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(super) const CHUNK_CHANGE: u8 = 1;
const CHUNK_DEFLATED: u8 = 2;
const ACTOR_BYTES: usize = 16;

/// The head of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Names the change everywhere.
    pub hash: ChangeHash,
    /// Who wrote it.
    pub actor: ActorId,
    /// Its place in the line of its actor, from 1.
    pub seq: u64,
    /// The counter of its first operation.
    pub start_op: u64,
    /// Its parents, ascending.
    pub deps: Vec<ChangeHash>,
    /// When the author's device thinks it was written, milliseconds.
    pub time_ms: i64,
    /// The operation id.
    pub message: Option<String>,
    /// The other actors it refers to.
    pub other_actors: Vec<ActorId>,
    /// How many operations it holds.
    pub ops: u64,
}

impl Header {
    /// The counter of the last operation.
    pub fn max_op(&self) -> u64 {
        self.start_op.saturating_add(self.ops.saturating_sub(1))
    }
}

/// The hash of a well-formed change chunk, the cheapest thing to know: enough to recognise a duplicate.
pub fn read_hash(bytes: &[u8], limits: &Limits) -> Result<ChangeHash, Refusal> {
    open(bytes, limits).map(|(hash, _)| hash)
}

/// Reads the head and counts the operations. What is wrong with the bytes alone is refused here.
///
/// A change without parents or message passes: the birth of a document is one, and its hash is known to both sides.
/// `check` refuses such a change unless the document holds it already.
pub fn read_header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let (hash, mut body) = open(bytes, limits)?;
    let deps = read_deps(&mut body, limits)?;
    let actor = read_actor(&mut body, limits)?;
    let seq = body.unsigned()?;
    let start_op = body.unsigned()?;
    if seq == 0 || start_op == 0 {
        return Err(Refusal::Malformed("seq and first counter begin at 1"));
    }
    let time_ms = body.signed()?;
    if !(0..=limits.time_max).contains(&time_ms) {
        return Err(Refusal::OddTime(time_ms));
    }
    let message = read_message(&mut body, limits)?;
    let other_actors = read_other_actors(&mut body, limits)?;
    let ops = columns::count_ops(body.rest(), 1 + other_actors.len() as u64, limits)?;
    Ok(Header {
        hash,
        actor,
        seq,
        start_op,
        deps,
        time_ms,
        message,
        other_actors,
        ops,
    })
}

/// The message of a change whose columns may hold anything: what a change that is refused for them claims to be, so
/// that its operation is refused by name and not written again and again.
#[must_use]
pub fn read_claim(bytes: &[u8], limits: &Limits) -> Option<String> {
    let (_, mut body) = open(bytes, limits).ok()?;
    read_deps(&mut body, limits).ok()?;
    read_actor(&mut body, limits).ok()?;
    let [_seq, _start_op] = [body.unsigned().ok()?, body.unsigned().ok()?];
    let _time_ms = body.signed().ok()?;
    read_message(&mut body, limits).ok()?
}

/// Checks the envelope and returns the hash and the body.
fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(ChangeHash, Reader<'a>), Refusal> {
    if bytes.len() > limits.change_bytes_max {
        return Err(Refusal::TooLarge {
            bytes: bytes.len(),
            bytes_max: limits.change_bytes_max,
        });
    }
    let mut reader = Reader::new(bytes);
    if reader.array()? != MAGIC {
        return Err(Refusal::Malformed("no magic bytes"));
    }
    let checksum: [u8; 4] = reader.array()?;
    let hashed = reader.rest();
    match reader.byte()? {
        CHUNK_CHANGE => {}
        CHUNK_DEFLATED => return Err(Refusal::CompressedChunk),
        other => return Err(Refusal::NotAChangeChunk(other)),
    }
    let body = reader.prefixed()?;
    if !reader.is_empty() {
        return Err(Refusal::Malformed("bytes after the chunk"));
    }
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash[..4] != checksum {
        return Err(Refusal::Malformed("wrong checksum"));
    }
    Ok((ChangeHash(hash), Reader::new(body)))
}

fn read_deps(body: &mut Reader<'_>, limits: &Limits) -> Result<Vec<ChangeHash>, Refusal> {
    let count = body.unsigned()?;
    at_most(Bounded::Deps, count, limits.deps_max)?;
    let mut deps: Vec<ChangeHash> = Vec::new();
    for _ in 0..count {
        let dep = ChangeHash(body.array()?);
        if deps.last().is_some_and(|previous| *previous >= dep) {
            return Err(Refusal::NotCanonical);
        }
        deps.push(dep);
    }
    Ok(deps)
}

fn read_actor(body: &mut Reader<'_>, limits: &Limits) -> Result<ActorId, Refusal> {
    let actor = body.prefixed()?;
    if actor.is_empty() || actor.len() > limits.actor_bytes_max {
        return Err(Refusal::OddActor(actor.len()));
    }
    Ok(ActorId::from(actor))
}

fn read_message(body: &mut Reader<'_>, limits: &Limits) -> Result<Option<String>, Refusal> {
    let message = body.prefixed()?;
    if message.is_empty() {
        return Ok(None);
    }
    if message.len() > limits.message_bytes_max || !message.iter().all(u8::is_ascii_graphic) {
        return Err(Refusal::OddMessage);
    }
    let message = std::str::from_utf8(message).map_err(|_| Refusal::OddMessage)?;
    Ok(Some(message.to_owned()))
}

/// Ascending and without the author, the only order automerge writes.
fn read_other_actors(body: &mut Reader<'_>, limits: &Limits) -> Result<Vec<ActorId>, Refusal> {
    let count = body.unsigned()?;
    at_most(Bounded::OtherActors, count, limits.other_actors_max)?;
    let mut actors: Vec<ActorId> = Vec::new();
    for _ in 0..count {
        let actor = read_actor(body, limits)?;
        if actors.last().is_some_and(|previous| *previous >= actor) {
            return Err(Refusal::NotCanonical);
        }
        actors.push(actor);
    }
    Ok(actors)
}

fn at_most(what: Bounded, found: u64, max: u64) -> Result<(), Refusal> {
    if found > max {
        Err(Refusal::TooMany { what, found, max })
    } else {
        Ok(())
    }
}

/// What an author's change must have and a birth lacks.
pub(super) fn authored(header: &Header) -> Result<(), Refusal> {
    if header.deps.is_empty() {
        return Err(Refusal::NoDeps);
    }
    if header.actor.to_bytes().len() != ACTOR_BYTES {
        return Err(Refusal::OddActor(header.actor.to_bytes().len()));
    }
    if header.message.is_none() {
        return Err(Refusal::MissingMessage);
    }
    Ok(())
}
