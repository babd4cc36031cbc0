//! Reference rows: written by the server, versioned by the log, told to those whose documents reach them.
//!
//! A row that says what it said before gets no new version, so an import that runs again costs the field nothing.

use fieldline_model::id::{LocationId, OperationId};
use fieldline_model::row::{Engineer, Row, RowKind};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::app::App;
use crate::door::DoorError;
use crate::grant;
use crate::hq_row::HqRow;
use crate::scope::follow_row;
use crate::stock;
use crate::store::StoreError;
use crate::store::erased::erased_in;
use crate::store::happened::domain_event_add;
use crate::store::hq_row::{hq_row_delete, hq_row_write};
use crate::store::log::{Channel, Entry, Journal};
use crate::store::page_list::customer_named;
use crate::store::taken::{Unique, is_taken};
use crate::store::{row, scope};

/// Rows written in one transaction; other writers wait no longer than for these.
const ROWS_PER_WRITE_MAX: usize = 500;

/// Writes a row and tells whom it concerns. False when it said the same before.
pub(crate) fn put(journal: &mut Journal<'_>, new: &Row) -> Result<bool, StoreError> {
    let connection = journal.connection();
    if row::row_is(connection, new)? {
        return Ok(false);
    }
    let (kind, id) = (new.kind(), new.id());
    let channels = channels(connection, kind, &id, Some(new))?;
    let old = row::row_read(connection, kind, &id)?.map(|(old, _)| old);
    let seq = journal.append(&Entry::Row { kind, id }, channels)?;
    row::row_write(connection, new, seq)?;
    follow_row(journal, new)?;
    if let Row::Engineer(new) = new {
        let old = match old {
            Some(Row::Engineer(old)) => old.van,
            _ => None,
        };
        hand_over_van(journal, new, old)?;
    }
    Ok(true)
}

/// Whom a row concerns.
fn channels(
    connection: &Connection,
    kind: RowKind,
    id: &str,
    row: Option<&Row>,
) -> Result<Vec<Channel>, StoreError> {
    if kind.is_shared() {
        return Ok(vec![Channel::Shared]);
    }
    let engineers = match row {
        Some(Row::Stock(stock)) => return stock_channels(connection, stock.location),
        _ => scope::reach_engineers(connection, kind, id)?,
    };
    Ok(engineers.into_iter().map(Channel::Engineer).collect())
}

/// A van's stock concerns who drives it; a warehouse's everybody, as "stock nearby".
fn stock_channels(connection: &Connection, location: LocationId) -> Result<Vec<Channel>, StoreError> {
    if row::location_is_van(connection, location)? {
        let engineers = row::van_engineers(connection, location)?;
        return Ok(engineers.into_iter().map(Channel::Engineer).collect());
    }
    Ok(vec![Channel::Shared])
}

/// An engineer with another van sees its stock instead of that of the old one.
fn hand_over_van(
    journal: &mut Journal<'_>,
    engineer: &Engineer,
    old: Option<LocationId>,
) -> Result<(), StoreError> {
    if engineer.van == old {
        return Ok(());
    }
    let connection = journal.connection();
    let channel = [Channel::Engineer(engineer.id)];
    let kind = RowKind::Stock;
    if let Some(old) = old {
        grant::handed_over(connection, engineer.id, old, journal.at())?;
        for part in row::stock_parts(connection, old)? {
            journal.append(
                &Entry::RowGone {
                    kind,
                    id: format!("{old}/{part}"),
                },
                channel,
            )?;
        }
    }
    if let Some(van) = engineer.van {
        for part in row::stock_parts(connection, van)? {
            journal.append(
                &Entry::Row {
                    kind,
                    id: format!("{van}/{part}"),
                },
                channel,
            )?;
        }
    }
    Ok(())
}

/// Takes a row away and tells whom it concerned.
pub(crate) fn take_away(
    journal: &mut Journal<'_>,
    kind: RowKind,
    id: &str,
    old: &Row,
) -> Result<(), StoreError> {
    let connection = journal.connection();
    let channels = channels(connection, kind, id, Some(old))?;
    row::row_delete(connection, kind, id)?;
    hq_row_delete(connection, kind, id)?;
    let id = id.to_owned();
    journal.append(&Entry::RowGone { kind, id }, channels)?;
    Ok(())
}

/// Writes some rows of each sort and counts those that said something new.
pub(crate) fn put_some(
    connection: &Connection,
    now: Timestamp,
    rows: &[(OperationId, Row)],
    kept: &[HqRow],
) -> Result<usize, DoorError> {
    let mut journal = Journal::begin(connection, now)?;
    let mut changed = 0;
    for (operation, row) in rows {
        if let Some(customer) = erased_in(connection, row)? {
            return Err(DoorError::Erased(customer));
        }
        // Stock is a sum of movements, so setting it is one.
        let new = match row {
            Row::Stock(_) if row::row_is(connection, row)? => false,
            Row::Stock(stock) => stock::set(&mut journal, *operation, stock)?,
            _ => put(&mut journal, row)?,
        };
        changed += usize::from(new);
    }
    for row in kept {
        changed += usize::from(hq_row_write(connection, row)?);
    }
    if changed > 0 {
        domain_event_add(&journal, None, "rows", None)?;
    }
    Ok(changed)
}

impl App {
    /// Writes one row. False when it said the same before.
    ///
    /// # Errors
    /// As the store says.
    pub async fn put_row(&self, row: Row) -> Result<bool, DoorError> {
        self.put_rows(vec![row]).await.map(|changed| changed > 0)
    }

    /// Writes rows, their texts made plain, and returns how many said something new. Put locations and engineers before
    /// stock: it is told to those who drive the van then. Not one transaction: after an error some are written, and
    /// calling again is harmless.
    ///
    /// # Errors
    /// As the store says.
    pub async fn put_rows(&self, rows: Vec<Row>) -> Result<usize, DoorError> {
        self.put_rows_and(rows, Vec::new()).await
    }

    /// As [`App::put_rows`], and with the last of the rows, in one transaction, what HQ keeps beside them.
    ///
    /// # Errors
    /// As the store says.
    pub async fn put_rows_and(&self, rows: Vec<Row>, kept: Vec<HqRow>) -> Result<usize, DoorError> {
        let mut changed = 0;
        let (mut rows, mut kept) = (rows.into_iter().peekable(), kept.into_iter().peekable());
        while rows.peek().is_some() || kept.peek().is_some() {
            let some: Vec<(OperationId, Row)> = rows
                .by_ref()
                .take(ROWS_PER_WRITE_MAX)
                .map(|row| (self.inner.edge.id(OperationId::new), row.plain()))
                .collect();
            let room = if rows.peek().is_none() {
                ROWS_PER_WRITE_MAX
            } else {
                0
            };
            let beside: Vec<HqRow> = kept.by_ref().take(room).collect();
            let now = self.now();
            let job = move |connection: &Connection| put_some(connection, now, &some, &beside);
            changed += self.inner.store.write(job).await?;
            self.inner.wake.notify_one();
        }
        Ok(changed)
    }

    /// Writes one row with what HQ keeps beside it, unless it has what another row may have alone: then that is the
    /// answer, and nothing is written.
    pub(crate) async fn put_unique(
        &self,
        row: Row,
        kept: Vec<HqRow>,
        unique: Vec<Unique>,
    ) -> Result<Option<Unique>, DoorError> {
        let rows = [(self.inner.edge.id(OperationId::new), row.plain())];
        let now = self.now();
        let job = move |connection: &Connection| {
            let id = rows[0].1.id();
            for one in unique {
                if is_taken(connection, &one, &id)? {
                    return Ok(Some(one));
                }
            }
            put_some(connection, now, &rows, &kept)?;
            Ok::<_, DoorError>(None)
        };
        let taken = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        taken
    }

    /// Writes a new customer, the first of the rows, with what hangs on it, unless another has this name by now: then
    /// nothing is written, and the answer is false.
    pub(crate) async fn put_customer_alone(&self, name: String, rows: Vec<Row>) -> Result<bool, DoorError> {
        let rows: Vec<(OperationId, Row)> = rows
            .into_iter()
            .map(|row| (self.inner.edge.id(OperationId::new), row.plain()))
            .collect();
        let now = self.now();
        let job = move |connection: &Connection| {
            let own = rows.first().map(|(_, row)| row.id());
            let named = customer_named(connection, &name)?;
            if named.iter().any(|id| Some(id.to_string()) != own) {
                return Ok(false);
            }
            put_some(connection, now, &rows, &[])?;
            Ok::<_, DoorError>(true)
        };
        let put = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        put
    }

    /// Takes a row away. False when there was none.
    ///
    /// # Errors
    /// As the store says.
    pub async fn row_gone(&self, kind: RowKind, id: &str) -> Result<bool, DoorError> {
        let (id, now) = (id.to_owned(), self.now());
        let gone = self.inner.store.write(move |connection| {
            let Some((old, _)) = row::row_read(connection, kind, &id)? else {
                return Ok(false);
            };
            let mut journal = Journal::begin(connection, now)?;
            take_away(&mut journal, kind, &id, &old)?;
            domain_event_add(&journal, None, "rows", None)?;
            Ok(true)
        });
        let gone = gone.await;
        self.inner.wake.notify_one();
        gone
    }
}
