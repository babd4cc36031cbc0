//! Stock: a ledger of movements, each from one operation, and the sum that phones see.
//!
//! A part used on a phone is booked in the transaction that accepts the use, and only then. The sum may fall below
//! zero: a part that physically went into a machine is a fact, and a discrepancy for the keeper.

use fieldline_model::id::{DocumentId, LocationId, OperationId, PartId};
use fieldline_model::row::{Row, Stock};

use crate::app::App;
use crate::door::DoorError;
use crate::rows;
use crate::store::StoreError;
use crate::store::happened::domain_event_add;
use crate::store::log::Journal;
use crate::store::row::{Movement, movement_add, stock_quantity};

/// Books a used part. Twice is once.
pub(crate) fn use_part(
    journal: &mut Journal<'_>,
    document: DocumentId,
    operation: OperationId,
    location: LocationId,
    part: PartId,
    quantity: u32,
) -> Result<(), StoreError> {
    let document = Some(document);
    book(
        journal,
        &Movement {
            operation,
            location,
            part,
            quantity: -i64::from(quantity),
            document,
        },
    )
    .map(|_| ())
}

/// Books whatever is missing to this quantity. Twice under one operation is once.
pub(crate) fn set(
    journal: &mut Journal<'_>,
    operation: OperationId,
    stock: &Stock,
) -> Result<bool, StoreError> {
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
        },
    )
}

fn book(journal: &mut Journal<'_>, movement: &Movement) -> Result<bool, StoreError> {
    let connection = journal.connection();
    if !movement_add(connection, movement, journal.at())? {
        return Ok(false);
    }
    let Movement { location, part, .. } = *movement;
    let quantity = stock_quantity(connection, location, part)?;
    rows::put(
        journal,
        &Row::Stock(Stock {
            location,
            part,
            quantity,
        }),
    )
}

impl App {
    /// Counts stock: the ledger says `quantity` afterwards. `operation` makes a repeated call harmless.
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
            let changed = set(
                &mut journal,
                operation,
                &Stock {
                    location,
                    part,
                    quantity,
                },
            )?;
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
