//! Counts what the operation columns claim, from their run headers alone, before anything is decoded.
//!
//! The trap this closes: a run header says "this value, five million times" in four bytes, and automerge's decoder
//! believes it (113 bytes became 243 MB). Here counting costs one step per header, never one per row.
//! The same walk refuses every action, key and value type that no change may have, so that automerge
//! only ever decodes scalar puts into maps, and deletes of map keys.

use super::bytes::Reader;
use super::limits::Limits;
use super::refusal::{Action, Bounded, Refusal};

// Column specifications: (column id << 4) | type, from automerge's storage format.
pub(super) const OBJECT_ACTOR: u64 = 0x01;
pub(super) const OBJECT_COUNTER: u64 = 0x02;
pub(super) const ELEMENT_ACTOR: u64 = 0x11;
pub(super) const ELEMENT_COUNTER: u64 = 0x13;
pub(super) const KEY: u64 = 0x15;
pub(super) const INSERT: u64 = 0x34;
pub(super) const ACTION: u64 = 0x42;
pub(super) const VALUE_META: u64 = 0x56;
pub(super) const VALUE: u64 = 0x57;
pub(super) const PRED_COUNT: u64 = 0x70;
pub(super) const PRED_ACTOR: u64 = 0x71;
pub(super) const PRED_COUNTER: u64 = 0x73;
pub(super) const EXPAND: u64 = 0x94;
pub(super) const MARK_NAME: u64 = 0xa5;
pub(super) const DEFLATED: u64 = 0x08;
/// The format has 14 columns; unknown ones would be dropped on reload and with them the hash.
const COLUMNS_MAX: u64 = 14;
const PUT: u64 = 1;
const DELETE: u64 = 3;
const NULL: Refusal = Refusal::Malformed("null where a number belongs");

/// Rows per column and totals, as claimed.
#[derive(Default)]
struct Claims {
    actions: u64,
    rows: Vec<u64>,
    value_bytes: u64,
    value_bytes_there: u64,
    preds: u64,
    pred_rows: Vec<u64>,
}

/// The number of operations in the column block `bytes`, which must end with its last column.
/// `actors` is how many actors the change names, its author included.
pub(super) fn count_ops(bytes: &[u8], actors: u64, limits: &Limits) -> Result<u64, Refusal> {
    let mut reader = Reader::new(bytes);
    let columns = layout(&mut reader)?;
    let mut claims = Claims::default();
    for (spec, length) in columns {
        let column = reader.take(length)?;
        claims.add(spec, column, actors, limits)?;
    }
    if !reader.is_empty() {
        return Err(Refusal::Malformed("bytes after the last column"));
    }
    claims.settle(limits)
}

fn layout(reader: &mut Reader<'_>) -> Result<Vec<(u64, u64)>, Refusal> {
    let count = reader.unsigned()?;
    if count > COLUMNS_MAX {
        return Err(Refusal::Malformed("too many columns"));
    }
    let mut columns: Vec<(u64, u64)> = Vec::with_capacity(14);
    for _ in 0..count {
        let spec = reader.unsigned()?;
        let length = reader.unsigned()?;
        if spec & DEFLATED != 0 {
            return Err(Refusal::CompressedChunk);
        }
        if columns.last().is_some_and(|(previous, _)| *previous >= spec) {
            return Err(Refusal::Malformed("columns out of order"));
        }
        columns.push((spec, length));
    }
    Ok(columns)
}

impl Claims {
    fn add(&mut self, spec: u64, column: &[u8], actors: u64, limits: &Limits) -> Result<(), Refusal> {
        match spec {
            OBJECT_ACTOR => self
                .rows
                .push(runs(column, limits.ops_max, Reader::unsigned, |v, _| {
                    actor_known(v, actors)
                })?),
            OBJECT_COUNTER => self
                .rows
                .push(runs(column, limits.ops_max, Reader::unsigned, |v, _| {
                    counter_fits(v)
                })?),
            KEY => self.rows.push(runs(column, limits.ops_max, key_length, |v, _| {
                key_fits(v, limits)
            })?),
            INSERT => self.rows.push(no_inserts(column, limits)?),
            ACTION => self.actions = runs(column, limits.ops_max, Reader::unsigned, |v, _| put_or_settle(v))?,
            VALUE_META => {
                let rows = runs(column, limits.ops_max, Reader::unsigned, |v, n| {
                    self.add_values(v, n)
                })?;
                self.rows.push(rows);
            }
            VALUE => self.value_bytes_there = column.len() as u64,
            PRED_COUNT => {
                let rows = runs(column, limits.ops_max, Reader::unsigned, |v, n| {
                    self.add_preds(v, n)
                })?;
                self.rows.push(rows);
            }
            PRED_ACTOR => {
                let rows = runs(column, limits.preds_max, Reader::unsigned, |v, _| {
                    actor_known(Some(v.ok_or(NULL)?), actors)
                })?;
                self.pred_rows.push(rows);
            }
            PRED_COUNTER => self.pred_rows.push(pred_counters(column, limits)?),
            ELEMENT_ACTOR | ELEMENT_COUNTER => return Err(Refusal::WrongKeyType),
            EXPAND | MARK_NAME => return Err(Refusal::ForbiddenAction(Action::Mark)),
            _ => return Err(Refusal::Malformed("unknown column")),
        }
        Ok(())
    }

    fn add_values(&mut self, meta: Option<u64>, count: u64) -> Result<(), Refusal> {
        let meta = meta.ok_or(Refusal::Malformed("operation without a value"))?;
        match meta & 0x0f {
            0..=7 | 9 => {}
            8 => return Err(Refusal::ForbiddenValue("counter")),
            _ => return Err(Refusal::ForbiddenValue("unknown")),
        }
        let bytes = (meta >> 4)
            .checked_mul(count)
            .and_then(|more| self.value_bytes.checked_add(more));
        self.value_bytes = bytes.ok_or(Refusal::Malformed("values longer than the change"))?;
        Ok(())
    }

    fn add_preds(&mut self, each: Option<u64>, count: u64) -> Result<(), Refusal> {
        let each = each.ok_or(NULL)?;
        self.preds = each.saturating_mul(count).saturating_add(self.preds);
        Ok(())
    }

    /// All columns must tell of the same number of operations; automerge would drop surplus rows silently.
    fn settle(self, limits: &Limits) -> Result<u64, Refusal> {
        if self.preds > limits.preds_max {
            return Err(Refusal::TooMany {
                what: Bounded::Preds,
                found: self.preds,
                max: limits.preds_max,
            });
        }
        if self.actions == 0 {
            return Err(if self.rows.is_empty() {
                Refusal::NoOps
            } else {
                Refusal::Malformed("rows without actions")
            });
        }
        if self.rows.iter().any(|rows| *rows != self.actions)
            || self.pred_rows.iter().any(|rows| *rows != self.preds)
        {
            return Err(Refusal::Malformed("columns of different lengths"));
        }
        if self.value_bytes != self.value_bytes_there {
            return Err(Refusal::Malformed(
                "values longer or shorter than the bytes there are",
            ));
        }
        Ok(self.actions)
    }
}

/// Walks the run headers of one column: `each` sees every value with its repeat count (`None` for a run of nulls).
/// Returns the rows claimed, at most `rows_max`.
pub(super) fn runs<'a, V: Copy>(
    column: &'a [u8],
    rows_max: u64,
    read: impl Fn(&mut Reader<'a>) -> Result<V, Refusal>,
    mut each: impl FnMut(Option<V>, u64) -> Result<(), Refusal>,
) -> Result<u64, Refusal> {
    let mut reader = Reader::new(column);
    let mut rows = 0_u64;
    while !reader.is_empty() {
        let header = reader.signed()?;
        let count = if header == 0 {
            reader.unsigned()?
        } else {
            header.unsigned_abs()
        };
        rows = rows.saturating_add(count);
        if rows > rows_max {
            return Err(Refusal::TooMany {
                what: Bounded::Ops,
                found: rows,
                max: rows_max,
            });
        }
        match header {
            0 if count == 0 => return Err(Refusal::Malformed("empty run")),
            0 => each(None, count)?,
            1.. => each(Some(read(&mut reader)?), count)?,
            _ => {
                // Literals: each takes at least one byte, so this ends with the column at the latest.
                for _ in 0..count {
                    each(Some(read(&mut reader)?), 1)?;
                }
            }
        }
    }
    Ok(rows)
}

fn key_length(reader: &mut Reader<'_>) -> Result<u64, Refusal> {
    reader.prefixed().map(|key| key.len() as u64)
}

fn key_fits(length: Option<u64>, limits: &Limits) -> Result<(), Refusal> {
    match length {
        None => Err(Refusal::WrongKeyType),
        Some(bytes) if bytes == 0 || bytes > limits.key_bytes_max as u64 => Err(Refusal::OddKey(bytes)),
        Some(_) => Ok(()),
    }
}

fn actor_known(actor: Option<u64>, actors: u64) -> Result<(), Refusal> {
    if actor.is_none_or(|index| index < actors) {
        Ok(())
    } else {
        Err(Refusal::Malformed("actor index out of range"))
    }
}

/// Automerge keeps counters in 32 bits and panics on larger ones in some paths.
fn counter_fits(counter: Option<u64>) -> Result<(), Refusal> {
    if counter.is_none_or(|c| c <= u64::from(u32::MAX)) {
        Ok(())
    } else {
        Err(Refusal::Malformed("counter out of range"))
    }
}

/// Deletes pass here, because automerge writes one to settle a conflict; `content` lets no other through.
fn put_or_settle(action: Option<u64>) -> Result<(), Refusal> {
    let action = action.ok_or(Refusal::Malformed("operation without an action"))?;
    Err(match action {
        PUT | DELETE => return Ok(()),
        0 | 2 | 4 | 6 => Refusal::ForbiddenAction(Action::MakeObject),
        5 => Refusal::ForbiddenAction(Action::Increment),
        7 => Refusal::ForbiddenAction(Action::Mark),
        other => Refusal::UnknownAction(other),
    })
}

/// Boolean columns are alternating counts, false first.
fn no_inserts(column: &[u8], limits: &Limits) -> Result<u64, Refusal> {
    let mut reader = Reader::new(column);
    let mut rows = 0_u64;
    let mut inserts = false;
    while !reader.is_empty() {
        let count = reader.unsigned()?;
        if inserts && count > 0 {
            return Err(Refusal::ForbiddenAction(Action::Insert));
        }
        rows = rows.saturating_add(count);
        inserts = !inserts;
    }
    if rows > limits.ops_max {
        return Err(Refusal::TooMany {
            what: Bounded::Ops,
            found: rows,
            max: limits.ops_max,
        });
    }
    Ok(rows)
}

/// Counters are stored as differences; a run is monotone, so its end points bound it.
fn pred_counters(column: &[u8], limits: &Limits) -> Result<u64, Refusal> {
    let mut current = 0_i64;
    runs(column, limits.preds_max, Reader::signed, |step, count| {
        let step = step.ok_or(NULL)?;
        let count = i64::try_from(count).map_err(|_| Refusal::Malformed("counter out of range"))?;
        let end = step.checked_mul(count).and_then(|way| current.checked_add(way));
        current = end.ok_or(Refusal::Malformed("counter out of range"))?;
        counter_fits(Some(
            u64::try_from(current).map_err(|_| Refusal::Malformed("counter out of range"))?,
        ))
    })
}
