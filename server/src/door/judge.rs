//! Policy and rules for one lane: may this author do this, by what he could know?
//!
//! The structural check asks here for every sound change, in order, before it is applied. What is allowed is
//! remembered, so that the next change of the lane is judged with it in view.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use automerge::{ChangeHash, ScalarValue};
use fieldline_model::document::Content;
use fieldline_model::door::{Denial, Header, Put};
use fieldline_model::fold::{Events, fold};
use fieldline_model::id::{DocumentId, EngineerId, OperationId};
use fieldline_model::operation::{Act, Author, Path};
use fieldline_model::policy::{self, Claim, Write};
use fieldline_model::reason::Reason;
use fieldline_model::rules;
use rusqlite::Connection;

use super::ground::{Ground, Node};
use crate::store::{StoreError, document as documents};

/// Denial of a change whose operation was decided by another change. No refusal: the first fate is told.
pub(super) const FATE_DECIDED: &str = "fate_decided";

/// Who may be the author of what a lane carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// A phone: its engineer alone.
    Phone(EngineerId),
    /// The server, for HQ, customers and itself.
    Server,
    /// The server, for an engineer whose held work a supervisor takes over.
    Adopter,
    /// The server, for whoever wrote what HQ vouched for and lost: the rules spoke once.
    Healer,
}

/// Judges the changes of one lane.
pub(super) struct Judge<'a> {
    connection: &'a Connection,
    ground: &'a Ground,
    writer: Writer,
    trial: RefCell<Trial>,
    failed: RefCell<Option<StoreError>>,
}

/// The document as it would be with what was allowed so far.
struct Trial {
    content: Content,
    nodes: HashMap<ChangeHash, Node>,
    /// Changes asked about in this walk.
    asked: HashSet<ChangeHash>,
    claims: HashMap<ChangeHash, Claim>,
    texts: HashMap<ChangeHash, String>,
}

impl Trial {
    fn of(ground: &Ground) -> Self {
        Self {
            content: ground.content.clone(),
            nodes: HashMap::new(),
            asked: HashSet::new(),
            claims: HashMap::new(),
            texts: HashMap::new(),
        }
    }
}

/// What a judge learnt.
pub(super) struct Judged {
    /// The operation of every change that was allowed.
    pub(super) claims: HashMap<ChangeHash, Claim>,
    /// The entry's text of every change that was asked about.
    pub(super) texts: HashMap<ChangeHash, String>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(connection: &'a Connection, ground: &'a Ground, writer: Writer) -> Self {
        Self {
            connection,
            ground,
            writer,
            trial: RefCell::new(Trial::of(ground)),
            failed: RefCell::new(None),
        }
    }

    /// The answer for one change.
    pub(super) fn allow(&self, header: &Header, puts: &[Put<'_>]) -> Result<(), Denial> {
        let mut trial = self.trial.borrow_mut();
        if trial.asked.contains(&header.hash) {
            // The careful road starts again from the document.
            *trial = Trial::of(self.ground);
        }
        trial.asked.insert(header.hash);
        let claim = self.claim(&mut trial, header, puts)?;
        let id = claim.operation.id;
        if trial.content.holds(claim.operation.act.path(), id) || self.is_decided(id)? {
            return Err(deny(FATE_DECIDED, "the operation has a fate"));
        }
        if self.writer != Writer::Healer {
            self.check_rules(&trial, header, &claim).map_err(reason)?;
        }
        trial.content.add(&claim.operation, claim.prev.clone());
        let node = Node {
            operation: Some(id),
            deps: header.deps.clone(),
        };
        trial.nodes.insert(header.hash, node);
        trial.claims.insert(header.hash, claim);
        Ok(())
    }

    fn claim(&self, trial: &mut Trial, header: &Header, puts: &[Put<'_>]) -> Result<Claim, Denial> {
        let (claim, text) = read_claim(self.ground.id, header, puts);
        trial.texts.extend(text.map(|text| (header.hash, text)));
        let claim = claim?;
        let may = match (self.writer, claim.operation.by) {
            (Writer::Phone(owner), Author::Engineer(author)) => owner == author,
            (Writer::Phone(_), _) => false,
            (Writer::Server, author) => !matches!(author, Author::Engineer(_)),
            (Writer::Adopter, author) => matches!(author, Author::Engineer(_)),
            (Writer::Healer, _) => true,
        };
        if may {
            Ok(claim)
        } else {
            Err(reason(Reason::NotAllowed))
        }
    }

    fn is_decided(&self, id: OperationId) -> Result<bool, Denial> {
        documents::fate_read(self.connection, id)
            .map(|fate| fate.is_some())
            .map_err(|error| self.fail(error))
    }

    /// A store that fails in mid-way fails the whole lane; the denial is never looked at.
    fn fail(&self, error: StoreError) -> Denial {
        *self.failed.borrow_mut() = Some(error);
        deny(FATE_DECIDED, "the store failed")
    }

    fn check_rules(&self, trial: &Trial, header: &Header, claim: &Claim) -> Result<(), Reason> {
        if !self.ground.is_ticket() {
            let is_new = !self.ground.is_born() && trial.content.entries.is_empty();
            let opens = matches!(claim.operation.act, Act::Publish(_));
            return if is_new && !opens {
                Err(Reason::OutOfScope)
            } else {
                Ok(())
            };
        }
        let events = &trial.content.events;
        if !claim.prev.iter().all(|prev| events.holds(*prev)) {
            return Err(Reason::UnknownPredecessor);
        }
        let known = if claim.operation.act.path() == Path::Events {
            events.known_to(&claim.prev)
        } else {
            self.known_behind(trial, &header.deps)
        };
        if known.entries().len() == self.ground.content.events.entries().len() && trial.claims.is_empty() {
            // The usual case: the author knew all there is, and that is folded already.
            return rules::check_ticket(&self.ground.state, &claim.operation);
        }
        rules::check_ticket(&fold(&known), &claim.operation)
    }

    /// The events behind these changes: what the author of an entry that names no predecessors could know.
    fn known_behind(&self, trial: &Trial, deps: &[ChangeHash]) -> Events {
        let mut seen: HashSet<ChangeHash> = HashSet::new();
        let mut open: Vec<ChangeHash> = deps.to_vec();
        let mut operations = Vec::new();
        while let Some(hash) = open.pop() {
            if !seen.insert(hash) {
                continue;
            }
            if let Some(node) = trial.nodes.get(&hash).or_else(|| self.ground.nodes.get(&hash)) {
                operations.extend(node.operation);
                open.extend(&node.deps);
            }
        }
        trial.content.events.known_to(&operations)
    }

    /// What was learnt.
    ///
    /// # Errors
    /// When the store failed while judging.
    pub(super) fn finish(self) -> Result<Judged, StoreError> {
        if let Some(error) = self.failed.into_inner() {
            return Err(error);
        }
        let Trial { claims, texts, .. } = self.trial.into_inner();
        Ok(Judged { claims, texts })
    }
}

/// The one operation a change carries, and the text it writes, also where that is none.
pub(super) fn read_claim(
    document: DocumentId,
    header: &Header,
    puts: &[Put<'_>],
) -> (Result<Claim, Denial>, Option<String>) {
    let writes: Vec<Write<'_>> = puts
        .iter()
        .map(|put| Write {
            path: put.path,
            key: put.key,
            text: match put.value {
                ScalarValue::Str(text) => Some(text.as_str()),
                _ => None,
            },
            overwrites: put.overwrites,
        })
        .collect();
    let text = match writes[..] {
        [Write { text: Some(text), .. }] => Some(text.to_owned()),
        _ => None,
    };
    let claim = policy::read(document, header.message.as_deref(), &writes).map_err(reason);
    (claim, text)
}

fn deny(code: &'static str, text: &str) -> Denial {
    Denial {
        code,
        text: text.to_owned(),
    }
}

fn reason(reason: Reason) -> Denial {
    deny(reason.code(), reason.code())
}
