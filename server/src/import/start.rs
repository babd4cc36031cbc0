//! Starting a company: what it begins with, its tables and its first administrator, in one transaction.
//!
//! Either all of it is there afterwards or nothing: somebody who can sign in finds his company, and a company that could
//! not be started leaves no half of itself.

use fieldline_model::id::OperationId;
use fieldline_model::row::Row;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use super::known::known;
use super::table::read;
use super::{CsvFiles, CsvReport, ImportError, beside, rows, settled};
use crate::app::{App, Edge};
use crate::auth::account::Prepared;
use crate::auth::{AccountError, NewStaff, Staff};
use crate::company::Company;
use crate::door::DoorError;
use crate::hq_row::HqRow;
use crate::rows::put_some;
use crate::store::StoreError;
use crate::store::staff::staff_insert;

/// Why a company was not started. Nothing was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StartError {
    /// A table has lines that will not do.
    #[error("{} lines of the tables are good of {}", .0.good, .0.lines)]
    BadLines(Box<CsvReport>),
    /// The administrator's account cannot be made.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The record would not take it.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// It was only tried, and would have gone well.
    #[error("only tried")]
    Tried(Box<CsvReport>),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        ImportError::from(error).into()
    }
}

impl From<DoorError> for StartError {
    fn from(error: DoorError) -> Self {
        ImportError::from(error).into()
    }
}

/// Starts a company with this vocabulary, these tables and this administrator.
///
/// # Errors
/// [`StartError`]; then nothing was written.
pub async fn start_company(
    app: &App,
    vocabulary: &Company,
    files: CsvFiles,
    admin: NewStaff,
) -> Result<(CsvReport, Staff), StartError> {
    let admin = app.prepare_staff(admin).await?;
    let (report, staff) = begin(app, vocabulary, files, Some(admin)).await?;
    let staff = staff.ok_or(StartError::Account(AccountError::Unknown))?;
    Ok((report, staff))
}

/// What the tables are worth for a company that starts with this vocabulary. Writes nothing.
///
/// # Errors
/// When the record cannot be read; what is wrong in the tables stands in the report.
pub async fn try_tables(app: &App, vocabulary: &Company, files: CsvFiles) -> Result<CsvReport, ImportError> {
    match begin(app, vocabulary, files, None).await {
        Ok((report, _)) => Ok(report),
        Err(StartError::BadLines(report) | StartError::Tried(report)) => Ok(*report),
        Err(StartError::Import(error)) => Err(error),
        Err(StartError::Account(AccountError::Store(error))) => Err(error.into()),
        Err(StartError::Account(_)) => Err(StoreError::Corrupt("no account was asked for".into()).into()),
    }
}

/// Writes everything and the administrator; without one, takes all of it back.
async fn begin(
    app: &App,
    vocabulary: &Company,
    files: CsvFiles,
    admin: Option<Prepared>,
) -> Result<(CsvReport, Option<Staff>), StartError> {
    let (first, first_kept) = (rows::of_company(vocabulary)?, beside::of_company(vocabulary)?);
    let (edge, now) = (app.edge().clone(), app.now());
    let job = move |connection: &Connection| {
        write(connection, &edge, now, first, first_kept)?;
        let (known, categories) = known(connection, files.assets.as_deref())?;
        let (mut report, rows, kept) = read(&files, known, categories);
        if report.has_bad_lines() {
            return Err(StartError::BadLines(Box::new(report)));
        }
        let changed = write(connection, &edge, now, rows, kept)?;
        let Some(Prepared { staff, hash }) = admin else {
            return Err(StartError::Tried(Box::new(report)));
        };
        if !staff_insert(connection, &staff, hash.as_deref())? {
            return Err(AccountError::NameTaken.into());
        }
        (report.changed, report.written) = (changed, true);
        Ok((report, Some(staff)))
    };
    let begun = app.store().write(job).await;
    app.inner.wake.notify_one();
    begun
}

fn write(
    connection: &Connection,
    edge: &Edge,
    now: Timestamp,
    rows: Vec<Row>,
    kept: Vec<HqRow>,
) -> Result<usize, StartError> {
    let rows = rows.into_iter().map(|row| settled(connection, row));
    let rows: Vec<Row> = rows.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    let kept = kept.into_iter().map(|row| beside::settled(connection, row));
    let kept: Vec<HqRow> = kept.collect::<Result<_, _>>()?;
    let rows: Vec<(OperationId, Row)> = rows
        .into_iter()
        .map(|row| (edge.id(OperationId::new), row.plain()))
        .collect();
    Ok(put_some(connection, now, &rows, &kept)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Options;
    use crate::auth::Role;

    fn app(dir: &tempfile::TempDir) -> App {
        App::open(dir.path(), Edge::system(), Options::default()).unwrap()
    }

    fn admin(password: &str) -> NewStaff {
        NewStaff {
            name: "boss".into(),
            display_name: "boss".into(),
            role: Role::Admin,
            lang: "zh".into(),
            password: Some(password.into()),
        }
    }

    fn engineers(lines: &str) -> CsvFiles {
        CsvFiles {
            engineers: Some(format!("code,name,phone,skills\n{lines}").into_bytes()),
            ..CsvFiles::default()
        }
    }

    /// Everything a start could have left.
    async fn left(app: &App) -> (i64, i64, i64) {
        let count = |connection: &Connection| {
            let one = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
            Ok::<_, StoreError>((
                one("SELECT count(*) FROM \"row\"")?,
                one("SELECT count(*) FROM log")?,
                one("SELECT count(*) FROM staff")?,
            ))
        };
        app.store().read(count).await.unwrap()
    }

    #[tokio::test]
    async fn whatever_is_wrong_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let app = app(&dir);
        let company = Company::demo();
        let good = "E01,陈立群,13900009101,printer\n";
        let bad = format!("{good}E02,孙晓峰,123,printer\nE03,周婉如,13900009103,nothing\n");
        let report = match start_company(&app, &company, engineers(&bad), admin("long enough for us")).await {
            Err(StartError::BadLines(report)) => report,
            other => panic!("{other:?}"),
        };
        let lines: Vec<u64> = report.problems.iter().map(|problem| problem.line).collect();
        assert_eq!((lines, report.good, report.written), (vec![3, 4], 1, false));
        let short = start_company(&app, &company, engineers(good), admin("short")).await;
        assert!(matches!(
            short,
            Err(StartError::Account(AccountError::Password(_)))
        ));
        let tried = try_tables(&app, &company, engineers(good)).await.unwrap();
        assert_eq!((tried.good, tried.written), (1, false));
        assert_eq!(left(&app).await, (0, 0, 0));

        let (report, staff) = start_company(&app, &company, engineers(good), admin("long enough for us"))
            .await
            .unwrap();
        assert_eq!((report.written, staff.name.as_str()), (true, "boss"));
        let (rows, log, staff) = left(&app).await;
        assert!(rows > 100 && log > 100 && staff == 1, "{rows} {log} {staff}");
        assert_eq!(
            crate::import::import_company(&app, &company).await.unwrap().rows,
            0
        );
    }

    #[tokio::test]
    async fn an_account_that_cannot_be_made_takes_the_tables_back() {
        let dir = tempfile::tempdir().unwrap();
        let app = app(&dir);
        app.create_staff(admin("long enough for us")).await.unwrap();
        let (rows, log, _) = left(&app).await;
        let (company, twin) = (Company::demo(), admin("long enough for us"));
        let again = start_company(&app, &company, CsvFiles::default(), twin).await;
        assert!(matches!(again, Err(StartError::Account(AccountError::NameTaken))));
        assert_eq!(left(&app).await, (rows, log, 1));
    }
}
