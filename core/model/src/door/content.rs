//! What a change writes, held against the document as its author saw it.
//!
//! The trap this closes: automerge does not check predecessors. One that stands at another key deletes there without
//! a trace, apply says Ok, and the saved document never loads again. So a write must name exactly the values that were
//! visible at its key under its parents, which is what every honest transaction does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Automerge, ObjId, ObjType, Prop, ROOT, ReadDoc, ScalarValue, Value};

use super::header::Header;
use super::history::History;
use super::refusal::{Action, Refusal};

/// One write the change wants to make, for the policy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Put<'a> {
    /// The containers from the root, joined by `/`: `events`, `field/notes`, and the empty string for the root.
    pub path: &'a str,
    /// The key in that container.
    pub key: &'a str,
    /// The new value.
    pub value: &'a ScalarValue,
    /// Whether the key had a value for the author; a create-only place refuses these.
    pub overwrites: bool,
}

/// A container that is there and was there for the author.
#[derive(Debug)]
pub(super) struct Container {
    id: ObjId,
    path: String,
    made_by: Option<automerge::ChangeHash>,
}

/// Containers found so far. They are made at birth and never after, so an entry stays true for the whole lane.
#[derive(Debug, Default)]
pub(super) struct Containers {
    known: HashMap<(u64, ActorId), Rc<Container>>,
    root: Option<Rc<Container>>,
}

/// The writes of a change, each with its container.
pub(super) struct Writes<'a> {
    rows: Vec<Write<'a>>,
}

struct Write<'a> {
    container: Rc<Container>,
    key: &'a str,
    value: Cow<'a, ScalarValue>,
    overwrites: bool,
}

impl Writes<'_> {
    pub(super) fn puts(&self) -> Vec<Put<'_>> {
        self.rows.iter().map(Write::as_put).collect()
    }
}

/// A key that a change has written, to be compared after a reload.
pub(super) type Place = (ObjId, String);

impl Writes<'_> {
    pub(super) fn places(&self) -> Vec<Place> {
        self.rows
            .iter()
            .map(|write| (write.container.id.clone(), write.key.to_owned()))
            .collect()
    }
}

impl Write<'_> {
    fn as_put(&self) -> Put<'_> {
        Put {
            path: &self.container.path,
            key: self.key,
            value: &self.value,
            overwrites: self.overwrites,
        }
    }
}

/// Checks every operation of a change whose parents `doc` holds.
pub(super) fn read_writes<'a>(
    doc: &'a Automerge,
    history: &History,
    containers: &mut Containers,
    header: &Header,
    operations: &'a [Op],
) -> Result<Writes<'a>, Refusal> {
    let mut rows = Vec::with_capacity(operations.len());
    // What each key holds once this very change has written it: its later operations see that.
    let mut written: HashMap<(*const Container, &str), OpId> = HashMap::new();
    for (counter, op) in (header.start_op..).zip(operations) {
        let Key::Map(key) = &op.key else {
            return Err(Refusal::WrongKeyType);
        };
        let container = containers.find(doc, &op.obj)?;
        if container
            .made_by
            .is_some_and(|made_by| !history.is_behind(&made_by, &header.deps))
        {
            return Err(Refusal::UnknownObject(container.id.to_string()));
        }
        let place = (Rc::as_ptr(&container), key.as_str());
        let seen = match written.get(&place) {
            Some(own) => vec![(own.clone(), None)],
            None => seen_values(doc, &container.id, key, header)?,
        };
        let (value, holds) = match intent(op)? {
            Intent::Put(value) => {
                same_values(&op.pred, &seen)?;
                (Cow::Borrowed(value), OpId(counter, header.actor.clone()))
            }
            Intent::Settle => settled(&op.pred, &seen)?,
        };
        written.insert(place, holds);
        rows.push(Write {
            container,
            key,
            value,
            overwrites: !seen.is_empty(),
        });
    }
    Ok(Writes { rows })
}

/// What an operation is about, if it is one of the two that pass.
enum Intent<'a> {
    Put(&'a ScalarValue),
    /// Somebody put the very value that was winning a conflict: automerge writes that as a delete of the losers.
    Settle,
}

fn intent(op: &Op) -> Result<Intent<'_>, Refusal> {
    if op.insert {
        return Err(Refusal::ForbiddenAction(Action::Insert));
    }
    let value = match &op.action {
        OpType::Put(value) => value,
        OpType::Delete => return Ok(Intent::Settle),
        OpType::Make(_) => return Err(Refusal::ForbiddenAction(Action::MakeObject)),
        OpType::Increment(_) => return Err(Refusal::ForbiddenAction(Action::Increment)),
        OpType::MarkBegin(_) | OpType::MarkEnd(_) => return Err(Refusal::ForbiddenAction(Action::Mark)),
    };
    match value {
        // Not a number is unequal to itself, so no comparison after a reload could ever hold.
        ScalarValue::F64(number) if !number.is_finite() => Err(Refusal::ForbiddenValue("not finite")),
        ScalarValue::Counter(_) => Err(Refusal::ForbiddenValue("counter")),
        ScalarValue::Unknown { .. } => Err(Refusal::ForbiddenValue("unknown")),
        ScalarValue::Bytes(_)
        | ScalarValue::Str(_)
        | ScalarValue::Int(_)
        | ScalarValue::Uint(_)
        | ScalarValue::F64(_)
        | ScalarValue::Timestamp(_)
        | ScalarValue::Boolean(_)
        | ScalarValue::Null => Ok(Intent::Put(value)),
    }
}

/// A delete passes only if it names every value but the winning one, so that something always stays.
fn settled<'a>(named: &SortedVec<OpId>, seen: &[Seen<'a>]) -> Result<(Cow<'a, ScalarValue>, OpId), Refusal> {
    match seen {
        [losers @ .., (winner, Some(value))]
            if !losers.is_empty() && !named.iter().any(|id| id == winner) =>
        {
            same_values(named, losers)?;
            Ok((value.clone(), winner.clone()))
        }
        _ => Err(Refusal::ForbiddenAction(Action::Delete)),
    }
}

impl Containers {
    fn find(&mut self, doc: &Automerge, object: &ObjectId) -> Result<Rc<Container>, Refusal> {
        let OpId(counter, actor) = match object {
            ObjectId::Root => return Ok(Rc::clone(self.root.get_or_insert_with(root))),
            ObjectId::Id(id) => id,
        };
        let key = (*counter, actor.clone());
        if let Some(container) = self.known.get(&key) {
            return Ok(Rc::clone(container));
        }
        let container = Rc::new(look_up(doc, ObjId::Id(*counter, actor.clone(), 0))?);
        self.known.insert(key, Rc::clone(&container));
        Ok(container)
    }
}

fn root() -> Rc<Container> {
    Rc::new(Container {
        id: ROOT,
        path: String::new(),
        made_by: None,
    })
}

fn look_up(doc: &Automerge, id: ObjId) -> Result<Container, Refusal> {
    let unknown = || Refusal::UnknownObject(id.to_string());
    match doc.object_type(&id).map_err(|_| unknown())? {
        ObjType::Map => {}
        ObjType::List | ObjType::Text | ObjType::Table => return Err(Refusal::WrongKeyType),
    }
    let made_by = doc.hash_for_opid(&id).ok_or_else(unknown)?;
    let parents = doc
        .parents(&id)
        .ok()
        .and_then(|parents| parents.visible_path())
        .ok_or_else(unknown)?;
    let names: Option<Vec<String>> = parents
        .into_iter()
        .map(|(_, prop)| match prop {
            Prop::Map(name) => Some(name),
            Prop::Seq(_) => None,
        })
        .collect();
    let path = names.ok_or(Refusal::WrongKeyType)?.join("/");
    Ok(Container {
        id,
        path,
        made_by: Some(made_by),
    })
}

/// A value at a key: its id and, if it was there before this change, the value.
type Seen<'a> = (OpId, Option<Cow<'a, ScalarValue>>);

/// The values the author saw at this key, the winning one last.
fn seen_values<'a>(
    doc: &'a Automerge,
    container: &ObjId,
    key: &str,
    header: &Header,
) -> Result<Vec<Seen<'a>>, Refusal> {
    let values = doc.get_all_at(container, key, &header.deps);
    let values = values.map_err(|_| Refusal::UnknownObject(container.to_string()))?;
    let seen = |(value, id)| match (value, id) {
        (Value::Scalar(value), ObjId::Id(counter, actor, _)) => Ok((OpId(counter, actor), Some(value))),
        (Value::Object(_), _) | (_, ObjId::Root) => Err(Refusal::ForbiddenAction(Action::ReplaceContainer)),
    };
    values.into_iter().map(seen).collect()
}

/// Both ways: nothing foreign named, nothing seen left out.
fn same_values(named: &SortedVec<OpId>, seen: &[Seen<'_>]) -> Result<(), Refusal> {
    if let Some(foreign) = named
        .iter()
        .find(|id| !seen.iter().any(|(other, _)| other == *id))
    {
        return Err(Refusal::ForeignPredecessor(format!(
            "{}@{}",
            foreign.counter(),
            foreign.actor()
        )));
    }
    if let Some((left_out, _)) = seen.iter().find(|(id, _)| !named.iter().any(|other| other == id)) {
        return Err(Refusal::PredecessorLeftOut(format!(
            "{}@{}",
            left_out.counter(),
            left_out.actor()
        )));
    }
    // A name twice would pass both tests and come back from a reload as one.
    if named.len() == seen.len() {
        Ok(())
    } else {
        Err(Refusal::NotCanonical)
    }
}
