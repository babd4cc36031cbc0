//! Imports against a real record: once, twice, with mistakes, after something happened.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use fieldline_model::id::{LocationId, OperationId, PartId};
use fieldline_model::row::{Row, RowKind};

use super::*;
use crate::app::Options;
use crate::company::csv::ProblemCode;
use crate::rest::tests::seeded;
use crate::store::article::article_list;
use crate::store::reference::{row_list, stock_list};

fn scratch() -> (tempfile::TempDir, App) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(AtomicI64::new(1_790_000_000_000));
    let app = App::open(dir.path(), seeded(&clock), Options::default()).unwrap();
    (dir, app)
}

fn log_length(app: &App) -> i64 {
    let count = |c: &Connection| Ok(c.query_row("SELECT count(*) FROM log", [], |row| row.get(0))?);
    app.store().read_blocking::<_, StoreError>(count).unwrap()
}

fn rows(app: &App, kind: RowKind) -> Vec<Row> {
    app.store()
        .read_blocking::<_, StoreError>(|c| row_list(c, kind, "", 1_000))
        .unwrap()
}

fn demo_files() -> CsvFiles {
    let read = |bytes: &[u8]| Some(bytes.to_vec());
    CsvFiles {
        customers: read(include_bytes!("../../../demo/csv/customers.csv")),
        assets: read(include_bytes!("../../../demo/csv/assets.csv")),
        parts: read(include_bytes!("../../../demo/csv/parts.csv")),
        engineers: read(include_bytes!("../../../demo/csv/engineers.csv")),
    }
}

#[tokio::test]
async fn the_demo_company_imported_twice_makes_no_new_versions() {
    let (_dir, app) = scratch();
    let demo = Company::demo();
    let first = import_company(&app, &demo).await.unwrap();
    assert_eq!(first.articles, demo.articles.len() + demo.manuals.len());
    for (kind, wanted) in [
        (RowKind::Customer, demo.customers.customers.len()),
        (RowKind::Asset, demo.assets.len()),
        (RowKind::Part, demo.parts.len()),
        (RowKind::Engineer, demo.engineers.len()),
        (RowKind::Checklist, demo.checklists.len()),
        (RowKind::Location, demo.stock.locations.len()),
    ] {
        assert_eq!(rows(&app, kind).len(), wanted, "{kind:?}");
    }
    let before = log_length(&app);
    assert_eq!(import_company(&app, &demo).await.unwrap(), Imported::default());
    assert_eq!(log_length(&app), before);
    let expression = fieldline_model::search::match_expression("卡纸");
    let found = app
        .store()
        .read_blocking::<_, StoreError>(|c| article_list(c, expression.as_deref(), None, "", 50));
    assert!(!found.unwrap().is_empty());
    let with_history = rows(&app, RowKind::Asset)
        .into_iter()
        .any(|row| matches!(row, Row::Asset(asset) if !asset.history.is_empty()));
    assert!(with_history);
}

#[tokio::test]
async fn stock_that_moved_is_not_set_back() {
    let (_dir, app) = scratch();
    let demo = Company::demo();
    import_company(&app, &demo).await.unwrap();
    let level = &demo.stock.levels[0];
    let (location, part): (LocationId, PartId) =
        (level.location.parse().unwrap(), level.part.parse().unwrap());
    app.set_stock(location, part, 999, OperationId::from_bytes([7; 16]))
        .await
        .unwrap();
    assert_eq!(import_company(&app, &demo).await.unwrap(), Imported::default());
    let stock = app
        .store()
        .read_blocking::<_, StoreError>(|c| stock_list(c, Some(location), Some(part), "", 1));
    assert_eq!(stock.unwrap()[0].quantity, 999);
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_a_second_run_changes_nothing() {
    let (_dir, app) = scratch();
    let before = log_length(&app);
    let dry = import_csv(&app, demo_files(), Mode::DryRun).await.unwrap();
    assert_eq!(
        (dry.problems.as_slice(), dry.written, log_length(&app)),
        (&[][..], false, before)
    );
    assert!(dry.lines > 100 && dry.good == dry.lines);
    let first = import_csv(&app, demo_files(), Mode::AllOrNothing).await.unwrap();
    assert!(first.written && first.changed > first.lines);
    let after = log_length(&app);
    let second = import_csv(&app, demo_files(), Mode::AllOrNothing).await.unwrap();
    assert_eq!((second.changed, log_length(&app)), (0, after));
    let alone = CsvFiles {
        assets: demo_files().assets,
        ..CsvFiles::default()
    };
    let alone = import_csv(&app, alone, Mode::AllOrNothing).await.unwrap();
    assert_eq!((alone.problems.len(), alone.changed), (0, 0), "{alone:?}");
}

#[tokio::test]
async fn one_bad_line_stops_all_unless_bad_lines_are_skipped() {
    let (_dir, app) = scratch();
    let customers = "code,name,contact,phone,city,district,road,colour\n\
        C1,甲,张三,13900001126,上海市,徐汇区,漕溪北路,red\n\
        C2,乙,李四,12,上海市,徐汇区,漕溪北路,red\n";
    let assets = "serial,customer_code,model,category\nS1,C1,M1,printer\nS2,C2,M1,\n";
    let files = || CsvFiles {
        customers: Some(customers.into()),
        assets: Some(assets.into()),
        ..CsvFiles::default()
    };
    let report = import_csv(&app, files(), Mode::AllOrNothing).await.unwrap();
    let named: Vec<_> = report
        .problems
        .iter()
        .map(|p| (p.file, p.line, p.column.as_deref(), p.code))
        .collect();
    assert!(
        named.contains(&("customers.csv", 3, Some("phone"), ProblemCode::BadPhone)),
        "{named:?}"
    );
    assert!(
        named.contains(&(
            "assets.csv",
            3,
            Some("customer_code"),
            ProblemCode::UnknownReference
        )),
        "{named:?}"
    );
    assert!(!report.written && rows(&app, RowKind::Customer).is_empty());
    let report = import_csv(&app, files(), Mode::SkipBad).await.unwrap();
    assert!(report.written && report.has_bad_lines());
    assert_eq!(
        (
            rows(&app, RowKind::Customer).len(),
            rows(&app, RowKind::Asset).len()
        ),
        (1, 1)
    );
}
