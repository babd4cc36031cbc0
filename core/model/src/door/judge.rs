//! Policy and rules for one lane: may this author do this, by what he could know?
//!
//! The structural check asks here for every sound change, in order, before it is applied. What is allowed is
//! remembered, so that the next change of the lane is judged with it in view. HQ asks before it decides a fate, a phone
//! before it takes along what a colleague gave it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use automerge::{Automerge, ChangeHash, ScalarValue};

use super::content::Put;
use super::header::Header;
use super::refusal::Denial;
use crate::document::Content;
use crate::fold::{Events, TicketState, fold};
use crate::id::{DocumentId, DocumentKind, OperationId};
use crate::operation::{Act, Author, Path};
use crate::policy::{self, Claim, Write};
use crate::reason::Reason;
use crate::rules;

/// Denial of a change whose operation was decided by another change. No refusal: the first fate is told.
pub const FATE_DECIDED: &str = "fate_decided";

/// A change in the history of a document.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its operation; births have none.
    pub operation: Option<OperationId>,
    /// Its parents.
    pub deps: Vec<ChangeHash>,
}

/// The history of a document.
#[must_use]
pub fn nodes(doc: &Automerge) -> HashMap<ChangeHash, Node> {
    let node = |change: automerge::ChangeMetadata<'_>| {
        let operation = change.message.as_deref().and_then(|message| message.parse().ok());
        (
            change.hash,
            Node {
                operation,
                deps: change.deps,
            },
        )
    };
    doc.get_changes_meta(&[]).into_iter().map(node).collect()
}

/// The document the lane is for, as it is before it.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// Which.
    pub id: DocumentId,
    /// Somebody has written it before.
    pub is_born: bool,
    /// Its entries.
    pub content: &'a Content,
    /// The fold of a ticket's events; unborn for articles.
    pub state: &'a TicketState,
    /// Its history.
    pub nodes: &'a HashMap<ChangeHash, Node>,
}

/// Judges the changes of one lane.
pub struct Judge<'a> {
    before: Before<'a>,
    /// Who may be the author.
    may: Box<dyn Fn(Author) -> bool + 'a>,
    /// Whether an operation has a fate.
    is_decided: Box<dyn Fn(OperationId) -> bool + 'a>,
    /// The rules spoke once, and are not asked again.
    vouched: bool,
    trial: RefCell<Trial>,
}

impl std::fmt::Debug for Judge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judge")
            .field("before", &self.before.id)
            .finish_non_exhaustive()
    }
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
    fn of(content: &Content) -> Self {
        Self {
            content: content.clone(),
            nodes: HashMap::new(),
            asked: HashSet::new(),
            claims: HashMap::new(),
            texts: HashMap::new(),
        }
    }
}

/// What a judge learnt.
#[derive(Debug)]
pub struct Judged {
    /// The operation of every change that was allowed.
    pub claims: HashMap<ChangeHash, Claim>,
    /// The entry's text of every change that was asked about.
    pub texts: HashMap<ChangeHash, String>,
}

impl<'a> Judge<'a> {
    /// A judge of what comes to this document: `may` says who may be the author, `is_decided` what has a fate. Of what HQ
    /// vouched for, `vouched`, the rules are not asked.
    pub fn new(
        before: Before<'a>,
        may: impl Fn(Author) -> bool + 'a,
        is_decided: impl Fn(OperationId) -> bool + 'a,
        vouched: bool,
    ) -> Self {
        Self {
            before,
            may: Box::new(may),
            is_decided: Box::new(is_decided),
            vouched,
            trial: RefCell::new(Trial::of(before.content)),
        }
    }

    /// The answer for one change.
    ///
    /// # Errors
    /// The reason's code; [`FATE_DECIDED`] where another change decided.
    pub fn allow(&self, header: &Header, puts: &[Put<'_>]) -> Result<(), Denial> {
        let mut trial = self.trial.borrow_mut();
        if trial.asked.contains(&header.hash) {
            // The careful road starts again from the document.
            *trial = Trial::of(self.before.content);
        }
        trial.asked.insert(header.hash);
        let (claim, text) = read_operation(self.before.id, header, puts);
        trial.texts.extend(text.map(|text| (header.hash, text)));
        let claim = claim?;
        if !(self.may)(claim.operation.by) {
            return Err(reason(Reason::NotAllowed));
        }
        let id = claim.operation.id;
        if trial.content.holds(claim.operation.act.path(), id) || (self.is_decided)(id) {
            return Err(Denial {
                code: FATE_DECIDED,
                text: "the operation has a fate".into(),
            });
        }
        if !self.vouched {
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

    fn check_rules(&self, trial: &Trial, header: &Header, claim: &Claim) -> Result<(), Reason> {
        if self.before.id.kind() != DocumentKind::Ticket {
            let is_new = !self.before.is_born && trial.content.entries.is_empty();
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
        if known.entries().len() == self.before.content.events.entries().len() && trial.claims.is_empty() {
            // The usual case: the author knew all there is, and that is folded already.
            return rules::check_ticket(self.before.state, &claim.operation);
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
            if let Some(node) = trial.nodes.get(&hash).or_else(|| self.before.nodes.get(&hash)) {
                operations.extend(node.operation);
                open.extend(&node.deps);
            }
        }
        trial.content.events.known_to(&operations)
    }

    /// What was learnt.
    #[must_use]
    pub fn finish(self) -> Judged {
        let Trial { claims, texts, .. } = self.trial.into_inner();
        Judged { claims, texts }
    }
}

/// The one operation a change carries, and the text it writes, also where that is none.
pub fn read_operation(
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

fn reason(reason: Reason) -> Denial {
    Denial {
        code: reason.code(),
        text: reason.code().to_owned(),
    }
}
