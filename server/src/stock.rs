//! Stock: a ledger of movements, each from one operation, and the sum that phones see.
//!
//! A part used on a phone is booked in the transaction that accepts the use, and only then. The sum may fall below
//! zero, or below what phones were granted: a part that physically went into a machine is a fact, and a discrepancy for
//! the keeper. Who counts has seen what was used before, also where HQ hears of it later: then the sum stays as counted.

use fieldline_model::id::{DocumentId, LocationId, OperationId, PartId};
use fieldline_model::row::{Row, Stock};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::app::{App, Inner, bug};
use crate::door::DoorError;
use crate::grant::{self, Cause, Consumer};
use crate::rows;
use crate::store::StoreError;
use crate::store::grant::discrepancy_of;
use crate::store::happened::domain_event_add;
use crate::store::log::Journal;
use crate::store::row::{
    LastCount, Movement, MovementKind, count_lacks, count_last, moved_last, moved_since, movement_add,
    movement_known, stock_quantity,
};

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
    /// When, as far as HQ can tell.
    pub(crate) moved_at: Timestamp,
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
        moved_at: taken.moved_at,
        counted: None,
        seen_by: None,
    };
    let seen = match move_one(journal, inner, &movement)? {
        Moved::Before => return Ok(()),
        Moved::Now => None,
        Moved::Seen(count) => Some(count),
    };
    let counted_at = seen.map(|count| count.at);
    let (place, now) = ((taken.location, taken.part), journal.at());
    let covered = grant::spend(journal.connection(), by, place, taken.quantity, counted_at, now)?;
    // What was counted without them is not missing.
    let beyond = if counted_at.is_some() {
        0
    } else {
        taken.quantity - covered
    };
    let beyond = Cause::Consumed(taken.operation, by.engineer, beyond);
    let silent = bug!(inner, ClaimInSilence);
    grant::weigh(journal.connection(), silent, place, &beyond, now)?;
    let Some(location) = to else { return Ok(()) };
    let arrives = Movement {
        location,
        quantity: i64::from(taken.quantity),
        ..movement
    };
    let arrived = move_one(journal, inner, &arrives)?;
    // What was used there before anybody said that it had come is explained now.
    let nothing = Cause::Consumed(taken.operation, None, 0);
    let connection = journal.connection();
    grant::weigh(connection, silent, (location, taken.part), &nothing, now)?;
    // Who counted there has seen what came.
    if silent || matches!(arrived, Moved::Seen(_)) {
        return Ok(());
    }
    let unproven = unproven(journal, &taken, seen)?;
    grant::unproven(connection, &taken, location, by.engineer, unproven, now)
}

/// How many of what was transferred cannot have lain where it was taken from, by what the ledger said there or, where somebody
/// counted since, by what he missed.
fn unproven(journal: &Journal<'_>, taken: &Taken, seen: Option<LastCount>) -> Result<u32, StoreError> {
    let (location, part) = (taken.location, taken.part);
    let Some(count) = seen else {
        return discrepancy_of(journal.connection(), taken.operation, location, part);
    };
    // This one is among those that explain what was missed.
    let beyond = -count_lacks(journal.connection(), count.operation, location, part)?;
    Ok(u32::try_from(beyond).unwrap_or(0).min(taken.quantity))
}

/// What became of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moved {
    /// It was booked before.
    Before,
    /// It is booked.
    Now,
    /// It is booked, and who counted this had seen it.
    Seen(LastCount),
}

/// Books what somebody moved. Where it was counted since, an equal correction stands beside it.
fn move_one(journal: &mut Journal<'_>, inner: &Inner, movement: &Movement) -> Result<Moved, StoreError> {
    let Movement { location, part, .. } = *movement;
    if !movement_add(journal.connection(), movement, journal.at())? {
        return Ok(Moved::Before);
    }
    let last = count_last(journal.connection(), location, part)?;
    let had_seen = last.filter(|count| movement.moved_at < count.at && !bug!(inner, CountSeesNothing));
    if let Some(count) = had_seen {
        let correction = Movement {
            operation: inner.edge.id(OperationId::new),
            quantity: -movement.quantity,
            kind: MovementKind::Count,
            seen_by: Some(count.operation),
            ..*movement
        };
        movement_add(journal.connection(), &correction, journal.at())?;
    }
    tell(journal, location, part)?;
    Ok(had_seen.map_or(Moved::Now, Moved::Seen))
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
    let moved_at = journal.at();
    book(
        journal,
        &Movement {
            operation,
            location,
            part,
            quantity: quantity.saturating_sub(there),
            document: None,
            kind: MovementKind::Count,
            moved_at,
            counted: None,
            seen_by: None,
        },
    )
}

/// What somebody counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stocktake {
    /// Where.
    pub(crate) location: LocationId,
    /// What.
    pub(crate) part: PartId,
    /// So many were there.
    pub(crate) quantity: i64,
    /// Makes a repeated call harmless.
    pub(crate) operation: OperationId,
    /// The figure that he had before his eyes; another one now means that something came between.
    pub(crate) seen: Option<i64>,
    /// When he looked; now, where it is not said.
    pub(crate) at: Option<Timestamp>,
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
    /// Somebody counted later than that; nothing was booked.
    Older,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, Default)]
struct Booked {
    /// It was not booked before.
    is_new: bool,
    /// The sum is another one now.
    changed: bool,
}

fn book(journal: &mut Journal<'_>, movement: &Movement) -> Result<Booked, StoreError> {
    if !movement_add(journal.connection(), movement, journal.at())? {
        return Ok(Booked::default());
    }
    let Movement { location, part, .. } = *movement;
    Ok(Booked {
        is_new: true,
        changed: tell(journal, location, part)?,
    })
}

/// Phones hear of the sum; false where it is what they heard last.
fn tell(journal: &mut Journal<'_>, location: LocationId, part: PartId) -> Result<bool, StoreError> {
    let quantity = stock_quantity(journal.connection(), location, part)?;
    let row = Row::Stock(Stock {
        location,
        part,
        quantity,
    });
    rows::put(journal, &row)
}

/// Books a count: what moved since somebody looked counts on top of what he found.
fn count(journal: &mut Journal<'_>, counted: &Stocktake) -> Result<Count, StoreError> {
    let Stocktake {
        location,
        part,
        quantity,
        operation,
        seen,
        at,
    } = *counted;
    let connection = journal.connection();
    if movement_known(connection, operation, location, part)? {
        return Ok(Count::Before);
    }
    let there = stock_quantity(connection, location, part)?;
    if seen.is_some_and(|seen| seen != there) {
        return Ok(Count::Meanwhile);
    }
    let at = match (at, count_last(connection, location, part)?) {
        (Some(at), Some(last)) if at <= last.at => return Ok(Count::Older),
        (Some(at), _) => at,
        // Who looks now has seen all that HQ knows of.
        (None, _) => moved_last(connection, location, part)?
            .map_or(journal.at(), |last| journal.at().max(last.plus_ms(1))),
    };
    let should = quantity.saturating_add(moved_since(connection, location, part, at)?);
    let line = Movement {
        operation,
        location,
        part,
        quantity: should.saturating_sub(there),
        document: None,
        kind: MovementKind::Count,
        moved_at: at,
        counted: Some(quantity),
        seen_by: None,
    };
    let Booked { changed, .. } = book(journal, &line)?;
    let (place, now) = ((location, part), journal.at());
    grant::counted(journal.connection(), place, should, now)?;
    grant::weigh(
        journal.connection(),
        false,
        place,
        &Cause::Counted(operation),
        now,
    )?;
    if changed {
        domain_event_add(journal, None, "rows", Some(operation))?;
    }
    Ok(Count::Booked { changed })
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
        let counted = Stocktake {
            location,
            part,
            quantity,
            operation,
            seen: None,
            at: None,
        };
        Ok(self.count_stock(counted).await? == Count::Booked { changed: true })
    }

    /// Books what somebody counted, unless something came between.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) async fn count_stock(&self, counted: Stocktake) -> Result<Count, DoorError> {
        let now = self.now();
        let job = move |connection: &Connection| {
            let mut journal = Journal::begin(connection, now)?;
            Ok::<_, DoorError>(count(&mut journal, &counted)?)
        };
        let counted = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        counted
    }
}
