//! Brings a company's data into the record: the demo company whole, a real one from its tables.
//!
//! Everything goes through [`App`], and every id is either the data's own or derived from the company's own codes, so
//! running an import again changes nothing and costs the field nothing. What has happened meanwhile is left alone:
//! stock that was ever booked, the history of assets, the names of locations. Nothing here reads a file.

mod beside;
mod knowledge;
mod known;
mod line;
mod rows;
mod staff_number;
mod start;
mod table;

#[cfg(test)]
mod tests;

use fieldline_model::id::IdError;
use fieldline_model::operation::Author;
use fieldline_model::row::{Row, RowKind};
use rusqlite::Connection;

pub use line::customer_numbered;
pub use staff_number::engineers_numbered;
pub use start::{StartError, start_company, try_tables};
pub use table::{CsvFiles, CsvReport, FileProblem, Mode, Table, import_csv};

use crate::app::App;
use crate::company::Company;
use crate::door::DoorError;
use crate::hq_row::HqRow;
use crate::store::StoreError;
use crate::store::erased::erased_in;
use crate::store::reference::{row_get, stock_known};

/// Why an import stopped. What was written before it stays; running it again goes on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ImportError {
    /// The company's data holds an id that is none.
    #[error("the company's data: {0}")]
    Id(#[from] IdError),
    /// The record would not take it.
    #[error(transparent)]
    Door(#[from] DoorError),
    /// A file of a manual cannot be attached; the problem's code.
    #[error("a file of a manual: {0}")]
    File(&'static str),
    /// The record could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an import changed; all zero when everything was there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Rows that are new or say something new.
    pub rows: usize,
    /// Articles and manuals that are new or say something new.
    pub articles: usize,
}

/// Writes a whole company: rows, what HQ keeps beside them, codes, checklists, stock, articles and manuals.
///
/// # Errors
/// [`ImportError`]; running it again is harmless.
pub async fn import_company(app: &App, company: &Company) -> Result<Imported, ImportError> {
    let rows = write(app, rows::of_company(company)?, beside::of_company(company)?).await?;
    let mut articles = 0;
    for document in knowledge::of_company(company)? {
        let mut changed = app
            .publish_article(document.id, document.head, document.sections)
            .await?;
        for file in document.files {
            let attached = app.attach(Author::Server, document.id, file).await;
            changed |= attached.map_err(|problem| ImportError::File(problem.word()))?;
        }
        articles += usize::from(changed);
    }
    Ok(Imported { rows, articles })
}

/// Writes rows and what HQ keeps beside them, leaving alone what has happened since they were first written.
async fn write(app: &App, rows: Vec<Row>, kept: Vec<HqRow>) -> Result<usize, ImportError> {
    let settle = move |connection: &Connection| {
        let rows = rows.into_iter().map(|row| settled(connection, row));
        let rows = rows.filter_map(Result::transpose);
        let kept = kept.into_iter().map(|row| beside::settled(connection, row));
        Ok::<_, StoreError>((
            rows.collect::<Result<Vec<Row>, StoreError>>()?,
            kept.collect::<Result<Vec<HqRow>, StoreError>>()?,
        ))
    };
    let (rows, kept) = app.store().read(settle).await?;
    Ok(app.put_rows_and(rows, kept).await?)
}

/// The row as it is to be written; `None` when the record knows better.
fn settled(connection: &Connection, row: Row) -> Result<Option<Row>, StoreError> {
    if erased_in(connection, &row)?.is_some() {
        return Ok(None);
    }
    Ok(match row {
        Row::Stock(stock) if stock_known(connection, stock.location, stock.part)? => None,
        Row::Location(location) => {
            let there = row_get(connection, RowKind::Location, &location.id.to_string())?;
            there.is_none().then_some(Row::Location(location))
        }
        Row::Asset(mut asset) => {
            if let Some(Row::Asset(old)) = row_get(connection, RowKind::Asset, &asset.id.to_string())? {
                let news = asset
                    .history
                    .iter()
                    .filter(|new| old.history.iter().all(|past| past.number != new.number));
                let mut history: Vec<_> = news.chain(&old.history).cloned().collect();
                history.sort_by(|one, other| other.date.cmp(&one.date));
                asset.history = history;
            }
            Some(Row::Asset(asset))
        }
        other => Some(other),
    })
}
