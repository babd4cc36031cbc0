//! What people were promised: every operation a phone said "saved" to, and what has become of each promise.
//!
//! This is the world's own book, kept apart from the stores under test. A promise may only be written off when the
//! world itself destroyed the one copy, and then explicitly.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::id::{DocumentId, LocationId, OperationId, PartId};
use fieldline_model::operation::Act;

/// How the stock of a part at a place changes by what somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// Where.
    pub place: LocationId,
    /// What.
    pub part: PartId,
    /// How many; negative when they go.
    pub quantity: i64,
}

/// What an act moves.
fn moves(act: &Act) -> Vec<Move> {
    let (part, quantity, from, to) = match *act {
        Act::UsePart { part, quantity, from } => (part, quantity, from, None),
        Act::TransferPart {
            part,
            quantity,
            from,
            to,
        } => (part, quantity, from, Some(to)),
        _ => return Vec::new(),
    };
    let quantity = i64::from(quantity);
    let goes = Move {
        place: from,
        part,
        quantity: -quantity,
    };
    let comes = to.map(|place| Move {
        place,
        part,
        quantity,
    });
    [goes].into_iter().chain(comes).collect()
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Number of the phone that gave it.
    pub phone: usize,
    /// The document it was for.
    pub document: DocumentId,
    /// Word of the act.
    pub act: &'static str,
    /// What it moves, if it is that.
    pub moves: Vec<Move>,
}

/// The book.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    promises: BTreeMap<OperationId, Promise>,
    written_off: BTreeMap<OperationId, &'static str>,
    fates: BTreeMap<OperationId, (String, Option<String>)>,
    to_come_back: BTreeSet<OperationId>,
}

impl Ledger {
    /// A phone said "saved".
    pub fn promise(&mut self, id: OperationId, phone: usize, document: DocumentId, act: &Act) {
        let promise = Promise {
            phone,
            document,
            act: act.word(),
            moves: moves(act),
        };
        self.promises.insert(id, promise);
    }

    /// The world destroyed the only copy.
    pub fn write_off(&mut self, id: OperationId, why: &'static str) {
        self.written_off.insert(id, why);
    }

    /// All promises by operation.
    #[must_use]
    pub fn promises(&self) -> &BTreeMap<OperationId, Promise> {
        &self.promises
    }

    /// True when the world destroyed the only copy it knew of.
    #[must_use]
    pub fn is_written_off(&self, id: OperationId) -> bool {
        self.written_off.contains_key(&id)
    }

    /// How many promises were written off.
    #[must_use]
    pub fn written_off(&self) -> usize {
        self.written_off.len()
    }

    /// True for operations that somebody performed on a phone of this world.
    #[must_use]
    pub fn knows(&self, id: OperationId) -> bool {
        self.promises.contains_key(&id)
    }

    /// Notes a fate seen at the server; an earlier, different one is returned.
    pub fn see_fate(&mut self, id: OperationId, word: &str, code: Option<&str>) -> Option<String> {
        let now = (word.to_owned(), code.map(str::to_owned));
        match self.fates.insert(id, now.clone()) {
            Some(before) if before != now => Some(format!("{before:?}")),
            Some(_) | None => None,
        }
    }

    /// The operations whose fate was seen at the server.
    pub fn fates_seen(&self) -> impl Iterator<Item = OperationId> {
        self.fates.keys().copied()
    }

    /// The server lost what it decided: what was seen counts no more. Phones can prove these; they must come back.
    pub fn server_went_back(&mut self, proven: BTreeSet<OperationId>) {
        self.fates.clear();
        self.to_come_back = proven;
    }

    /// What phones could prove when the server went back last, whoever wrote it, and have not lost since.
    #[must_use]
    pub fn to_come_back(&self) -> &BTreeSet<OperationId> {
        &self.to_come_back
    }

    /// A phone's copies are gone: only these are still somewhere.
    pub fn keep_to_come_back(&mut self, is_somewhere: impl Fn(&OperationId) -> bool) {
        self.to_come_back.retain(is_somewhere);
    }
}
