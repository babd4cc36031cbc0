//! What a change writes, held against the document as its author saw it.
//!
//! The trap this closes: automerge does not check predecessors. One that stands at another key deletes there without
//! a trace, apply says Ok, and the saved document never loads again. So a write must name exactly the values that were
//! visible at its key under its parents, which is what every honest transaction does.

use std::collections::HashMap;
use std::rc::Rc;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
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
    rows: Vec<(Rc<Container>, &'a str, &'a ScalarValue, bool)>,
}

impl Writes<'_> {
    pub(super) fn puts(&self) -> Vec<Put<'_>> {
        let mut puts = Vec::with_capacity(self.rows.len());
        for (container, key, value, overwrites) in &self.rows {
            puts.push(Put {
                path: &container.path,
                key,
                value,
                overwrites: *overwrites,
            });
        }
        puts
    }
}

/// Checks every operation of a change whose parents `doc` holds.
pub(super) fn read_writes<'a>(
    doc: &Automerge,
    history: &History,
    containers: &mut Containers,
    header: &Header,
    operations: &'a [Op],
) -> Result<Writes<'a>, Refusal> {
    let mut rows = Vec::with_capacity(operations.len());
    // What this very change has written so far: later operations of it see these.
    let mut written: HashMap<(*const Container, &str), OpId> = HashMap::new();
    for (counter, op) in (header.start_op..).zip(operations) {
        let (key, value) = scalar_put(op)?;
        let container = containers.find(doc, &op.obj)?;
        if let Some(made_by) = &container.made_by
            && !history.is_behind(made_by, &header.deps)
        {
            return Err(Refusal::UnknownObject(container.id.to_string()));
        }
        let own = OpId(counter, header.actor.clone());
        let earlier = written.insert((Rc::as_ptr(&container), key), own);
        let overwrites = match earlier {
            Some(earlier) => same_values(&op.pred, &[earlier]).map(|()| true)?,
            None => {
                let seen = seen_values(doc, &container.id, key, header)?;
                same_values(&op.pred, &seen).map(|()| !seen.is_empty())?
            }
        };
        rows.push((container, key, value, overwrites));
    }
    Ok(Writes { rows })
}

fn scalar_put(op: &Op) -> Result<(&str, &ScalarValue), Refusal> {
    let Key::Map(key) = &op.key else {
        return Err(Refusal::WrongKeyType);
    };
    if op.insert {
        return Err(Refusal::ForbiddenAction(Action::Insert));
    }
    let value = match &op.action {
        OpType::Put(value) => value,
        OpType::Make(_) => return Err(Refusal::ForbiddenAction(Action::MakeObject)),
        OpType::Delete => return Err(Refusal::ForbiddenAction(Action::Delete)),
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
        | ScalarValue::Null => Ok((key, value)),
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

/// The ids of the values the author saw at this key.
fn seen_values(doc: &Automerge, container: &ObjId, key: &str, header: &Header) -> Result<Vec<OpId>, Refusal> {
    let values = doc.get_all_at(container, key, &header.deps);
    let values = values.map_err(|_| Refusal::UnknownObject(container.to_string()))?;
    values
        .into_iter()
        .map(|(value, id)| match (value, id) {
            (Value::Scalar(_), ObjId::Id(counter, actor, _)) => Ok(OpId(counter, actor)),
            (Value::Object(_), _) | (_, ObjId::Root) => {
                Err(Refusal::ForbiddenAction(Action::ReplaceContainer))
            }
        })
        .collect()
}

/// Both ways: nothing foreign named, nothing seen left out.
fn same_values(named: &automerge::legacy::SortedVec<OpId>, seen: &[OpId]) -> Result<(), Refusal> {
    if let Some(foreign) = named.iter().find(|id| !seen.contains(id)) {
        return Err(Refusal::ForeignPredecessor(format!(
            "{}@{}",
            foreign.counter(),
            foreign.actor()
        )));
    }
    if let Some(left_out) = seen.iter().find(|id| !named.iter().any(|other| other == *id)) {
        return Err(Refusal::PredecessorLeftOut(format!(
            "{}@{}",
            left_out.counter(),
            left_out.actor()
        )));
    }
    Ok(())
}
