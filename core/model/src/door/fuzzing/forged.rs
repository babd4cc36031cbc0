//! Changes that are honest but for what the input bends: place, key, value, predecessors, head, columns, single bytes.

use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, OpType};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};

use super::super::forge::{Forge, RawChange};
use super::input::Input;
use super::reseal;
use super::sample::{HQ, OTHER_PHONE, PHONE, Sample};
use crate::document;
use crate::id::{OperationId, VisitId};
use crate::operation::{Act, Author, Completion, Operation, VisitResult};

/// One lane of one or two changes that both continue `doc`.
pub(super) fn changes(doc: &Automerge, input: &mut Input<'_>) -> Vec<Vec<u8>> {
    let count = 1 + input.below(2);
    (0..count).filter_map(|_| change(doc, input)).collect()
}

fn change(doc: &Automerge, input: &mut Input<'_>) -> Option<Vec<u8>> {
    let actor = input.pick(&[PHONE, OTHER_PHONE, [4; 16], HQ]);
    let operation = operation(input);
    let mut forge = Forge::next(doc, &actor, &operation.id.to_string());
    let puts = if input.seldom() { input.below(4) } else { 1 };
    for _ in 0..puts {
        forge = write(forge, doc, &operation, input);
    }
    if input.seldom() {
        bend_head(&mut forge, doc, input);
    }
    // automerge may panic while it writes what nobody could mean; then there is nothing to judge.
    let encoded = catch_unwind(AssertUnwindSafe(|| {
        if input.seldom() {
            raw(&forge, input)
        } else {
            forge.bytes()
        }
    }));
    encoded.ok().map(|bytes| bend_bytes(bytes, input))
}

fn operation(input: &mut Input<'_>) -> Operation {
    let visit = if input.seldom() {
        VisitId::from_bytes([input.byte(); 16])
    } else {
        Sample::visit()
    };
    let engineer = Author::Engineer(Sample::engineer());
    let text = || "a word".to_owned();
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: text(),
    };
    let (by, act) = match input.below(8) {
        0 => (engineer, Act::Depart { visit, eta: None }),
        1 => (engineer, Act::Note { text: text() }),
        2 => (Author::Customer, Act::Message { text: text() }),
        3 => (engineer, Act::Start { visit }),
        4 => (engineer, Act::Finish { visit, completion }),
        5 => (Author::Server, Act::Cancel { reason: text() }),
        6 => (engineer, Act::Accept { visit }),
        _ => (
            engineer,
            Act::Annotate {
                section: None,
                text: text(),
            },
        ),
    };
    Sample::operation(0x30 + input.byte() % 0x40, by, act)
}

/// One write, mostly the honest one.
fn write(forge: Forge, doc: &Automerge, operation: &Operation, input: &mut Input<'_>) -> Forge {
    let known = document::content(Sample::document(), doc).map(|content| content.events.heads());
    let (mut text, mut path) = Sample::entry(operation, known.unwrap_or_default());
    let mut key = operation.id.to_string();
    if input.seldom() {
        text = bent_text(text, input);
    }
    if input.seldom() {
        path = input.pick(&["events", "field", "customer", "nowhere", ""]);
    }
    if input.seldom() {
        key = String::from_utf8_lossy(input.bytes()).into_owned();
    } else if input.seldom() {
        key = OperationId::from_bytes([0x10 + input.byte() % 8; 16]).to_string();
    }
    let container = match doc.get(ROOT, path) {
        Ok(Some((_, id))) => id,
        Ok(None) | Err(_) => ROOT,
    };
    let preds = if input.seldom() {
        preds(doc, &container, &key, input)
    } else {
        Vec::new()
    };
    if input.seldom() {
        let action = odd_action(input);
        return forge.act(&container, Key::Map(key.as_str().into()), action, &preds);
    }
    forge.put(&container, &key, text.as_str(), &preds)
}

/// The values there, or one that is somewhere else.
fn preds(doc: &Automerge, container: &ObjId, key: &str, input: &mut Input<'_>) -> Vec<ObjId> {
    if input.seldom() {
        return vec![container.clone()];
    }
    let values = doc.get_all(container, key).unwrap_or_default();
    values.into_iter().map(|(_, id)| id).collect()
}

fn odd_action(input: &mut Input<'_>) -> OpType {
    match input.below(8) {
        0 => OpType::Delete,
        1 => OpType::Make(ObjType::Map),
        2 => OpType::Increment(1),
        3 => OpType::Put(ScalarValue::Null),
        4 => OpType::Put(ScalarValue::F64(f64::from_bits(input.number()))),
        5 => OpType::Put(ScalarValue::Bytes(input.bytes().to_vec())),
        6 => OpType::Put(ScalarValue::counter(1)),
        _ => OpType::Put(ScalarValue::Unknown {
            type_code: 10 + input.byte() % 6,
            bytes: input.bytes().to_vec(),
        }),
    }
}

fn bent_text(text: String, input: &mut Input<'_>) -> String {
    let mut bytes = text.into_bytes();
    let at = input.below(bytes.len());
    let end = (at + input.below(8)).min(bytes.len());
    bytes.splice(at..end, input.bytes().iter().copied());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn bend_head(forge: &mut Forge, doc: &Automerge, input: &mut Input<'_>) {
    let change = &mut forge.change;
    match input.below(6) {
        0 => change.seq = input.number(),
        1 => change.start_op = NonZeroU64::new(input.number()).unwrap_or(NonZeroU64::MIN),
        2 => change.time = i64::from_le_bytes(input.number().to_le_bytes()),
        3 => change.message = Some(String::from_utf8_lossy(input.bytes()).into_owned()),
        4 => change.extra_bytes = input.bytes().to_vec(),
        _ => {
            let all = doc.get_changes_meta(&[]);
            change.deps = vec![all[input.below(all.len())].hash];
        }
    }
}

/// Columns nobody writes, in the place of the operations.
fn raw(forge: &Forge, input: &mut Input<'_>) -> Vec<u8> {
    let count = i64::from(input.byte() % 4);
    let mut raw = RawChange::like(forge, count);
    for _ in 0..1 + input.below(3) {
        raw = raw.column(u64::from(input.byte()), input.bytes().to_vec());
    }
    if input.seldom() {
        raw.other_actors = vec![input.bytes().to_vec()];
    }
    raw.bytes()
}

fn bend_bytes(mut bytes: Vec<u8>, input: &mut Input<'_>) -> Vec<u8> {
    if input.seldom() {
        for _ in 0..=input.below(4) {
            let at = usize::from(input.byte()) | usize::from(input.byte()) << 8;
            let at = at % bytes.len();
            bytes[at] = input.byte();
        }
        bytes = reseal(bytes);
    }
    bytes
}
