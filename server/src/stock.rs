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
use crate::store::row::{Movement, MovementKind, movement_add, movement_known, stock_quantity};

/// Parts that are taken from somewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
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

/// Books parts that went into a machine, or to another place, out of the grants of whoever took them as far as they go.
/// Twice is once.
pub(crate) fn take(
    journal: &mut Journal<'_>,
    inner: &Inner,
    taken: Taken,
    by: &Consumer,
    to: Option<LocationId>,
) -> Result<(), StoreError> {
    let movement = Movement {
        operation: taken.operation,
        location: taken.location,
        part: taken.part,
        quantity: -i64::from(taken.quantity),
        document: Some(taken.document),
        kind: to.map_or(MovementKind::Use, |_| MovementKind::Transfer),
    };
    if !book(journal, &movement)?.is_new {
        return Ok(());
    }
    let (place, now) = ((taken.location, taken.part), journal.at());
    let covered = grant::spend(journal.connection(), by, place, taken.quantity, now)?;
    let beyond = Cause::Consumed(taken.operation, by.engineer, taken.quantity - covered);
    let silent = bug!(inner, ClaimInSilence);
    grant::weigh(journal.connection(), silent, place, &beyond, now)?;
    let Some(location) = to else { return Ok(()) };
    let arrives = Movement {
        location,
        quantity: i64::from(taken.quantity),
        ..movement
    };
    book(journal, &arrives)?;
    // What was used there before anybody said that it had come is explained now.
    let nothing = Cause::Consumed(taken.operation, None, 0);
    grant::weigh(
        journal.connection(),
        silent,
        (location, taken.part),
        &nothing,
        now,
    )
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

/// What became of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// It is booked; whether the figure is another one now.
    Booked {
        /// It is.
        changed: bool,
    },
    /// It was booked before.
    Before,
    /// The figure is not the one that was seen; nothing was booked.
    Meanwhile,
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
        let counted = self
            .count_stock(location, part, quantity, operation, None)
            .await?;
        Ok(counted == Count::Booked { changed: true })
    }

    /// As [`App::set_stock`], where the figure is still the one that whoever counted had `seen`.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) async fn count_stock(
        &self,
        location: LocationId,
        part: PartId,
        quantity: i64,
        operation: OperationId,
        seen: Option<i64>,
    ) -> Result<Count, DoorError> {
        let now = self.now();
        let counted = self.inner.store.write(move |connection| {
            if movement_known(connection, operation, location, part)? {
                return Ok(Count::Before);
            }
            let there = stock_quantity(connection, location, part)?;
            if seen.is_some_and(|seen| seen != there) {
                return Ok(Count::Meanwhile);
            }
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
            Ok(Count::Booked { changed })
        });
        let counted = counted.await;
        self.inner.wake.notify_one();
        counted
    }
}
