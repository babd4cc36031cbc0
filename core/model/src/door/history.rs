//! What the checks need to know of a document's past: who wrote how far, what depends on what, how high counters went.
//! Read once per lane and kept up to date as changes are taken; automerge has no cheap question for each of these.

use std::collections::{HashMap, HashSet};

use automerge::{ActorId, Automerge, ChangeHash};

use super::header::Header;

/// Index over all changes of one document.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    nodes: HashMap<ChangeHash, Node>,
    lines: HashMap<ActorId, Line>,
    roots: usize,
}

#[derive(Debug, Clone)]
struct Node {
    max_op: u64,
    deps: Vec<ChangeHash>,
}

/// How far one actor has written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) seq: u64,
    pub(super) last: ChangeHash,
}

impl History {
    pub(super) fn of(doc: &Automerge) -> Self {
        let mut history = Self::default();
        for change in doc.get_changes_meta(&[]) {
            history.add(
                change.hash,
                &change.actor,
                change.seq,
                Node {
                    max_op: change.max_op,
                    deps: change.deps,
                },
            );
        }
        history
    }

    /// Call once the change is in the document.
    pub(super) fn push(&mut self, header: &Header) {
        let node = Node {
            max_op: header.max_op(),
            deps: header.deps.clone(),
        };
        self.add(header.hash, &header.actor, header.seq, node);
    }

    fn add(&mut self, hash: ChangeHash, actor: &ActorId, seq: u64, node: Node) {
        self.roots += usize::from(node.deps.is_empty());
        self.nodes.insert(hash, node);
        match self.lines.get_mut(actor) {
            Some(line) if line.seq >= seq => {}
            Some(line) => *line = Line { seq, last: hash },
            None => {
                self.lines.insert(actor.clone(), Line { seq, last: hash });
            }
        }
    }

    pub(super) fn holds(&self, hash: &ChangeHash) -> bool {
        self.nodes.contains_key(hash)
    }

    pub(super) fn line(&self, actor: &ActorId) -> Option<Line> {
        self.lines.get(actor).copied()
    }

    /// One above the highest counter of `deps`.
    pub(super) fn next_op(&self, deps: &[ChangeHash]) -> u64 {
        deps.iter()
            .filter_map(|dep| self.nodes.get(dep))
            .map(|node| node.max_op)
            .max()
            .unwrap_or(0)
            + 1
    }

    /// Whether `sought` is one of `deps` or behind them. The only change without parents is behind everything, and
    /// that is how our documents are born; other cases walk the history.
    pub(super) fn is_behind(&self, sought: &ChangeHash, deps: &[ChangeHash]) -> bool {
        if self.roots == 1 && self.nodes.get(sought).is_some_and(|node| node.deps.is_empty()) {
            return true;
        }
        let mut seen: HashSet<&ChangeHash> = HashSet::new();
        let mut open: Vec<&ChangeHash> = deps.iter().collect();
        while let Some(hash) = open.pop() {
            if hash == sought {
                return true;
            }
            if let Some(node) = self.nodes.get(hash)
                && seen.insert(hash)
            {
                open.extend(&node.deps);
            }
        }
        false
    }
}
