//! Why a change is refused. One variant per reason that can truly happen, one stable code per variant: codes travel
//! on the wire and stay in databases, so a code is never renamed and never given a second meaning.

use automerge::{ActorId, ChangeHash};
use thiserror::Error;

/// A final verdict on one change. The same bytes on the same document are refused everywhere for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The chunk is larger than `Limits::change_bytes_max`.
    #[error("change of {bytes} bytes, at most {bytes_max} are taken")]
    TooLarge {
        /// Bytes of the chunk.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The bytes are not a change chunk in the format, or the checksum is wrong.
    #[error("malformed change: {0}")]
    Malformed(&'static str),
    /// A deflated chunk or column: its size in memory cannot be known before it is inflated.
    #[error("compressed changes are not taken")]
    CompressedChunk,
    /// A whole document, a bundle, or a chunk type of the future.
    #[error("chunk type {0} is not a change")]
    NotAChangeChunk(u8),
    /// More operations, column rows or predecessors than the limit, counted from the run headers.
    #[error("{found} {what}, at most {max} are taken")]
    TooMany {
        /// What there is too much of.
        what: Bounded,
        /// How many the change claims.
        found: u64,
        /// The limit.
        max: u64,
    },
    /// A change without operations says nothing and could be repeated for ever.
    #[error("change without operations")]
    NoOps,
    /// A change without parents would be a second birth of the document.
    #[error("change without parents")]
    NoDeps,
    /// The author's id is not 16 bytes long.
    #[error("actor of {0} bytes, actors have 16")]
    OddActor(usize),
    /// No message, so no operation id.
    #[error("change without an operation id")]
    MissingMessage,
    /// A message that cannot be an operation id: too long, or not plain ASCII letters and digits.
    #[error("the message is no operation id")]
    OddMessage,
    /// A time outside 1970 to 9999.
    #[error("time {0} is out of range")]
    OddTime(i64),
    /// A key that is empty or too long.
    #[error("key of {0} bytes")]
    OddKey(u64),
    /// Bytes that mean the same as other, shorter ones. A document stores meaning, so the hash would be lost on reload.
    #[error("change is not in canonical form")]
    NotCanonical,
    /// The author's own previous change is not a direct parent, or a sequence number is left out.
    #[error("seq {seq} does not continue the line of its actor, which is at {last}")]
    OwnLineBroken {
        /// The change's number.
        seq: u64,
        /// The last number of this actor in the document, 0 for none.
        last: u64,
    },
    /// The actor already used this number for other content: a restored backup or a cloned phone.
    #[error("seq {seq} of actor {actor} is taken by another change")]
    SeqReused {
        /// The actor whose line forks.
        actor: ActorId,
        /// The number used twice.
        seq: u64,
    },
    /// The first counter is not one above the highest of the parents, or leaves the counter range.
    #[error("operations start at {found}, the parents ask for {wanted}")]
    BadStartOp {
        /// One more than the highest counter of the parents.
        wanted: u64,
        /// What the change says.
        found: u64,
    },
    /// The container is not in the document, not visible, or not in the past of the change.
    #[error("unknown object {0}")]
    UnknownObject(String),
    /// A list index where a map key belongs, or a container that is no map.
    #[error("key of the wrong type")]
    WrongKeyType,
    /// A predecessor that was not a visible value of this object and key for the author.
    #[error("predecessor {0} is no value of this key")]
    ForeignPredecessor(String),
    /// A visible value that the write does not name: a hidden conflict no honest author makes.
    #[error("the write leaves out the value {0} it replaces")]
    PredecessorLeftOut(String),
    /// An action number this version does not know.
    #[error("unknown action {0}")]
    UnknownAction(u64),
    /// A known action that is not a scalar put into an existing map.
    #[error("{0} is not allowed")]
    ForbiddenAction(Action),
    /// A value type that is not kept: counters, types of the future, numbers that are not finite.
    #[error("a value of type {0} is not allowed")]
    ForbiddenValue(&'static str),
    /// The policy says no.
    #[error("{0}")]
    Policy(Denial),
    /// Automerge returned an error when the change was applied, after all other checks passed.
    #[error("not applied: {0}")]
    NotApplied(String),
    /// Applied, but the saved document does not load again or loads as something else.
    #[error("the document does not reload with this change")]
    DoesNotReload,
    /// Automerge panicked on this change. The copy it worked on is thrown away.
    #[error("reading the change failed badly")]
    Panicked,
    /// These very bytes were refused before; verdicts are sticky.
    #[error("refused before")]
    RefusedBefore,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// Operations, or rows of a column.
    Ops,
    /// Predecessor ids.
    Preds,
    /// Parents.
    Deps,
    /// Actors other than the author.
    OtherActors,
}

impl std::fmt::Display for Bounded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ops => "operations",
            Self::Preds => "predecessors",
            Self::Deps => "parents",
            Self::OtherActors => "actors",
        })
    }
}

/// The actions of the format that nobody may take after birth: documents are flat maps made whole by `birth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Make a map, list, text or table.
    MakeObject,
    /// Delete a key or an element.
    Delete,
    /// Add to a counter.
    Increment,
    /// Begin or end a mark on text.
    Mark,
    /// Insert into a list or a text.
    Insert,
    /// Put a scalar where a container stands, which would hide everything in it.
    ReplaceContainer,
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MakeObject => "making an object",
            Self::Delete => "deleting",
            Self::Increment => "incrementing",
            Self::Mark => "marking text",
            Self::Insert => "inserting into a sequence",
            Self::ReplaceContainer => "replacing a container",
        })
    }
}

/// The policy's no: a code of its own and a sentence for the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text}")]
pub struct Denial {
    /// Stable snake_case code.
    pub code: &'static str,
    /// What was wrong, without personal data.
    pub text: String,
}

impl Denial {
    /// The usual no: this author may not write there, or may only create there.
    pub fn forbidden_path(path: &str, key: &str) -> Self {
        Self {
            code: "forbidden_path",
            text: format!("not allowed to write {path}/{key}"),
        }
    }
}

impl Refusal {
    /// The code that travels and is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Malformed(_) => "malformed",
            Self::CompressedChunk => "compressed_chunk",
            Self::NotAChangeChunk(_) => "not_a_change_chunk",
            Self::TooMany {
                what: Bounded::Ops | Bounded::Preds,
                ..
            } => "too_many_ops",
            Self::TooMany {
                what: Bounded::Deps, ..
            } => "too_many_deps",
            Self::TooMany {
                what: Bounded::OtherActors,
                ..
            } => "too_many_actors",
            Self::NoOps => "no_ops",
            Self::NoDeps => "no_deps",
            Self::OddActor(_) => "odd_actor",
            Self::MissingMessage => "missing_message",
            Self::OddMessage => "odd_message",
            Self::OddTime(_) => "odd_time",
            Self::OddKey(_) => "odd_key",
            Self::NotCanonical => "not_canonical",
            Self::OwnLineBroken { .. } => "own_line_broken",
            Self::SeqReused { .. } => "seq_reused",
            Self::BadStartOp { .. } => "bad_start_op",
            Self::UnknownObject(_) => "unknown_object",
            Self::WrongKeyType => "wrong_key_type",
            Self::ForeignPredecessor(_) => "foreign_predecessor",
            Self::PredecessorLeftOut(_) => "predecessor_left_out",
            Self::UnknownAction(_) => "unknown_action",
            Self::ForbiddenAction(_) => "forbidden_action",
            Self::ForbiddenValue(_) => "forbidden_value",
            Self::Policy(denial) => denial.code,
            Self::NotApplied(_) => "not_applied",
            Self::DoesNotReload => "does_not_reload",
            Self::Panicked => "panicked",
            Self::RefusedBefore => "refused_before",
        }
    }
}

/// What came of a change that was not taken, short of applying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The document holds this very change.
    Duplicate(ChangeHash),
    /// Parents the document does not hold. Not final: the change may come again once they are there.
    Missing(Vec<ChangeHash>),
    /// A parent was refused, so this is too.
    BuiltOnRefused(ChangeHash),
    /// Final.
    Refused(Refusal),
}

impl From<Refusal> for Verdict {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}
