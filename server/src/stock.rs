//! Stock: a ledger of movements, each from one operation, and the sum that phones see.
//!
//! A part used on a phone is booked in the transaction that accepts the use, and only then. The sum may fall below
//! zero, or below what phones were granted: a part that physically went into a machine is a fact, and a discrepancy for
//! the keeper.

use fieldline_model::id::{DocumentId, LocationId, OperationId, PartId};
use fieldline_model::row::{Row, Stock};

use crate::app::{App, Inner, bug};
use crate::door::DoorError;
use crate::grant::{self, Cause, Consumer};
use crate::rows;
use crate::store::StoreError;
use crate::store::happened::domain_event_add;
use crate::store::log::Journal;
use crate::store::row::{Movement, MovementKind, movement_add, stock_quantity};

/// A part that went into a machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    /// The ticket's document.
    pub(crate) document: DocumentId,
    /// The operation that tells of it.
    pub(crate) operation: OperationId,
    /// From where.
    pub(crate) location: LocationId,
    /// Which.
    pub(crate) part: PartId,
    /// How many.
    pub(crate) quantity: u32,
}

/// Books a used part, out of the grants of whoever used it as far as they go. Twice is once.
pub(crate) fn use_part(
    journal: &mut Journal<'_>,
    inner: &Inner,
    used: Use,
    by: &Consumer,
) -> Result<(), StoreError> {
    let movement = Movement {
        operation: used.operation,
        location: used.location,
        part: used.part,
        quantity: -i64::from(used.quantity),
        document: Some(used.document),
        kind: MovementKind::Use,
    };
    if !book(journal, &movement)?.is_new {
        return Ok(());
    }
    let (place, now) = ((used.location, used.part), journal.at());
    let covered = grant::spend(journal.connection(), by, place, used.quantity, now)?;
    let beyond = Cause::Consumed(used.operation, by.engineer, used.quantity - covered);
    let silent = bug!(inner, ClaimInSilence);
    grant::weigh(journal.connection(), silent, place, &beyond, now)
}

/// Books whatever is missing to this quantity; whether the sum is another one now. Twice under one operation is once.
pub(crate) fn set(
    journal: &mut Journal<'_>,
    operation: OperationId,
    stock: &Stock,
) -> Result<bool, StoreError> {
    let booked = set_to(journal, operation, stock)?;
    if booked.is_new {
        let cause = Cause::Lowered(operation);
        let place = (stock.location, stock.part);
        grant::weigh(journal.connection(), false, place, &cause, journal.at())?;
    }
    Ok(booked.changed)
}

fn set_to(journal: &mut Journal<'_>, operation: OperationId, stock: &Stock) -> Result<Booked, StoreError> {
    let Stock {
        location,
        part,
        quantity,
    } = *stock;
    let there = stock_quantity(journal.connection(), location, part)?;
    let quantity = quantity.saturating_sub(there);
    book(
        journal,
        &Movement {
            operation,
            location,
            part,
            quantity,
            document: None,
            kind: MovementKind::Count,
        },
    )
}

/// What became of a movement.
#[derive(Debug, Clone, Copy, Default)]
struct Booked {
    /// It was not booked before.
    is_new: bool,
    /// The sum is another one now.
    changed: bool,
}

fn book(journal: &mut Journal<'_>, movement: &Movement) -> Result<Booked, StoreError> {
    let connection = journal.connection();
    if !movement_add(connection, movement, journal.at())? {
        return Ok(Booked::default());
    }
    let Movement { location, part, .. } = *movement;
    let quantity = stock_quantity(connection, location, part)?;
    let row = Row::Stock(Stock {
        location,
        part,
        quantity,
    });
    Ok(Booked {
        is_new: true,
        changed: rows::put(journal, &row)?,
    })
}

impl App {
    /// Somebody counted: the ledger says `quantity` afterwards, and what was in doubt there is settled. `operation` makes
    /// a repeated call harmless.
    ///
    /// # Errors
    /// As the store says.
    pub async fn set_stock(
        &self,
        location: LocationId,
        part: PartId,
        quantity: i64,
        operation: OperationId,
    ) -> Result<bool, DoorError> {
        let now = self.now();
        let changed = self.inner.store.write(move |connection| {
            let mut journal = Journal::begin(connection, now)?;
            let stock = Stock {
                location,
                part,
                quantity,
            };
            let Booked { is_new, changed } = set_to(&mut journal, operation, &stock)?;
            if is_new {
                let (place, now) = ((location, part), journal.at());
                grant::counted(connection, place, quantity, now)?;
                grant::weigh(connection, false, place, &Cause::Lowered(operation), now)?;
            }
            if changed {
                domain_event_add(&journal, None, "rows", Some(operation))?;
            }
            Ok(changed)
        });
        let changed = changed.await;
        self.inner.wake.notify_one();
        changed
    }
}
