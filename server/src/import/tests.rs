//! Imports against a real record: once, twice, with mistakes, after something happened.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use fieldline_model::id::{EngineerId, LocationId, OperationId, PartId};
use fieldline_model::row::{Row, RowKind};

use super::*;
use crate::app::Options;
use crate::company::csv::ProblemCode;
use crate::hq_row::{EngineerFile, Price};
use crate::rest::tests::seeded;
use crate::store::article::article_list;
use crate::store::hq_row::{engineer_file_get, part_price_get, sla_plan_list};
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
        sla_plans: read(include_bytes!("../../../demo/csv/sla_plans.csv")),
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
    let files = |connection: &Connection| {
        let sql = "SELECT count(*) FROM blob_ref JOIN blob USING (hash)";
        Ok::<_, StoreError>(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    };
    assert_eq!(app.store().read_blocking(files).unwrap(), 1, "the lift's");
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

fn plans(app: &App) -> Vec<String> {
    let plans = app
        .store()
        .read_blocking::<_, StoreError>(|c| sla_plan_list(c, "", 100));
    plans.unwrap().into_iter().map(|plan| plan.code).collect()
}

fn file(app: &App, engineer: EngineerId) -> EngineerFile {
    app.store()
        .read_blocking::<_, StoreError>(|c| engineer_file_get(c, engineer))
        .unwrap()
}

fn prices(app: &App) -> Vec<Option<Price>> {
    let parts = rows(app, RowKind::Part)
        .into_iter()
        .map(|row| row.id().parse().unwrap());
    let price = |part| {
        app.store()
            .read_blocking::<_, StoreError>(|c| part_price_get(c, part))
            .unwrap()
    };
    parts.map(price).collect()
}

#[tokio::test]
async fn what_hq_keeps_of_the_demo_company_is_in_the_record_and_in_no_row() {
    let (_dir, app) = scratch();
    let demo = Company::demo();
    import_company(&app, &demo).await.unwrap();
    assert_eq!(plans(&app).len(), demo.profile.sla_plans.len());
    let chen = &demo.engineers[0];
    let kept = file(&app, chen.id.parse().unwrap());
    assert_eq!(kept.phone.as_deref(), Some(chen.phone.as_str()));
    assert_eq!(kept.certificates.len(), chen.certificates.len());
    assert_eq!(kept.home.unwrap().lat, chen.home.position.lat);
    assert!(
        prices(&app)
            .iter()
            .flatten()
            .all(|price| price.currency == "CNY" && price.minor % 100 == 0)
    );
    assert_eq!(prices(&app).iter().flatten().count(), demo.parts.len());
    // Rows are what phones get.
    for kind in [RowKind::Engineer, RowKind::Part] {
        for row in rows(&app, kind) {
            let text = serde_json::to_string(&row).unwrap();
            for secret in ["phone", "home", "certificate", "price", chen.phone.as_str()] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_table_changes_what_it_names_and_leaves_the_rest_of_a_file_alone() {
    let (_dir, app) = scratch();
    import_csv(&app, demo_files(), Mode::AllOrNothing).await.unwrap();
    assert_eq!(plans(&app), ["SLA-1H", "SLA-2H", "SLA-4H", "SLA-8H", "SLA-NBD"]);
    assert!(prices(&app).contains(&Some(Price {
        minor: 4_500,
        currency: "CNY".into()
    })));
    let chen: EngineerId = rows(&app, RowKind::Engineer)
        .into_iter()
        .find_map(|row| match row {
            Row::Engineer(engineer) if engineer.name == "陈立群" => Some(engineer.id),
            _ => None,
        })
        .unwrap();
    let before = file(&app, chen);
    assert_eq!(before.phone.as_deref(), Some("13900008101"));
    assert_eq!(before.certificates[0].expires_on, "2027-09-30");
    assert!(before.home.is_some());
    let short = CsvFiles {
        engineers: Some("code,name,phone,skills\nE01,陈立群,13900008111,printer\n".into()),
        parts: Some("code,name\nP001,搓纸轮组件\n".into()),
        ..CsvFiles::default()
    };
    import_csv(&app, short, Mode::AllOrNothing).await.unwrap();
    let after = file(&app, chen);
    assert_eq!(after.phone.as_deref(), Some("13900008111"));
    assert_eq!(
        (after.home, after.certificates),
        (before.home, before.certificates)
    );
    assert_eq!(prices(&app).iter().flatten().count(), 84);
    app.row_gone(RowKind::Engineer, &chen.to_string()).await.unwrap();
    assert_eq!(file(&app, chen), EngineerFile::default());
}

#[tokio::test]
async fn a_customer_points_at_a_plan_of_the_record_or_of_the_same_run() {
    let (_dir, app) = scratch();
    let customer = |plan: &str| {
        Some(
            format!(
                "code,name,contact,phone,city,district,road,sla_plan\nC1,甲,张三,13900001126,a,b,c,{plan}\n"
            )
            .into(),
        )
    };
    let alone = |plan: &str| CsvFiles {
        customers: customer(plan),
        ..CsvFiles::default()
    };
    let unknown = import_csv(&app, alone("GOLD"), Mode::AllOrNothing).await.unwrap();
    let problem = &unknown.problems[0];
    assert_eq!(
        (problem.column.as_deref(), problem.code, unknown.written),
        (Some("sla_plan"), ProblemCode::UnknownReference, false)
    );
    let both = CsvFiles {
        sla_plans: Some("code,name,response_min,onsite_min\nGOLD,金牌,30,120\n".into()),
        ..alone("GOLD")
    };
    let known = import_csv(&app, both, Mode::AllOrNothing).await.unwrap();
    assert!(known.written && known.problems.is_empty(), "{known:?}");
    let later = import_csv(&app, alone("GOLD"), Mode::AllOrNothing).await.unwrap();
    assert_eq!((later.problems.len(), later.changed), (0, 0));
}

/// The description of the tables called it optional, and the import demanded it.
#[tokio::test]
async fn an_address_needs_no_district() {
    let (_dir, app) = scratch();
    let heads = [
        "code,name,contact,phone,city,road\nC1,甲,张三,13900001126,东莞市,长安路\n",
        "code,name,contact,phone,city,district,road\nC2,乙,李四,13900001127,Leeds,,Otley Lane\n",
    ];
    for customers in heads {
        let files = CsvFiles {
            customers: Some(customers.into()),
            ..CsvFiles::default()
        };
        let done = import_csv(&app, files, Mode::AllOrNothing).await.unwrap();
        assert!(done.written && done.problems.is_empty(), "{:?}", done.problems);
    }
    let sites = app
        .store()
        .read(|c| row_list(c, RowKind::Site, "", 10))
        .await
        .unwrap();
    let mut lines: Vec<String> = sites
        .iter()
        .filter_map(|row| match row {
            Row::Site(site) => Some(site.one_line()),
            _ => None,
        })
        .collect();
    lines.sort();
    assert_eq!(lines, ["Otley Lane, Leeds", "东莞市长安路"]);
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

/// Two engineers with one number were taken in silence: whoever called was taken for the other.
#[tokio::test]
async fn a_number_tells_one_engineer_in_the_table_and_in_the_record() {
    let (_dir, app) = scratch();
    let table = |lines: &str| CsvFiles {
        engineers: Some(format!("code,name,phone,skills\n{lines}").into_bytes()),
        ..CsvFiles::default()
    };
    let codes = |report: &CsvReport| -> Vec<(u64, ProblemCode)> {
        report.problems.iter().map(|p| (p.line, p.code)).collect()
    };
    let twice = table("E01,陈立群,13900008111,printer\nE02,孙晓峰,+86 139-0000-8111,printer\n");
    let report = import_csv(&app, twice, Mode::DryRun).await.unwrap();
    assert_eq!(
        (codes(&report), report.good),
        (vec![(3, ProblemCode::Duplicate)], 1)
    );

    let first = table("E01,陈立群,13900008111,printer\n");
    assert!(import_csv(&app, first, Mode::AllOrNothing).await.unwrap().written);
    for mode in [Mode::DryRun, Mode::AllOrNothing] {
        let other = table("E02,孙晓峰,+8613900008111,printer\n");
        let report = import_csv(&app, other, mode).await.unwrap();
        assert_eq!(codes(&report), [(2, ProblemCode::PhoneTaken)]);
        assert_eq!((report.good, report.written), (0, false));
        assert!(report.problems[0].text.zh.contains("陈立群"), "{report:?}");
    }
    // The same line again, and two who change numbers, are no mistake.
    let swapped = table("E01,陈立群,13900008112,printer\nE02,孙晓峰,13900008111,printer\n");
    let report = import_csv(&app, swapped, Mode::AllOrNothing).await.unwrap();
    assert!(report.problems.is_empty() && report.written, "{report:?}");
}

/// The table in the office still has the line.
#[tokio::test]
async fn an_erased_customer_is_named_and_left_out() {
    let (_dir, app) = scratch();
    import_csv(&app, demo_files(), Mode::AllOrNothing).await.unwrap();
    let erased = customer_numbered("C001");
    assert!(app.erase_customer(erased).await.unwrap().unwrap().now);
    let dry = import_csv(&app, demo_files(), Mode::DryRun).await.unwrap();
    let named = |report: &CsvReport| {
        let problems = report.problems.iter();
        let of = |problem: &FileProblem| (problem.file, problem.line, problem.code);
        problems.map(of).collect::<Vec<_>>()
    };
    let customers = ("customers.csv", 2, ProblemCode::CustomerErased);
    assert_eq!(named(&dry)[0], customers);
    assert!(
        named(&dry)[1..]
            .iter()
            .all(|(file, _, code)| (*file, *code) == ("assets.csv", ProblemCode::UnknownReference)),
        "{dry:?}"
    );
    let skipped = import_csv(&app, demo_files(), Mode::SkipBad).await.unwrap();
    assert_eq!((skipped.changed, named(&skipped)[0]), (0, customers));
    assert!(
        rows(&app, RowKind::Contact)
            .iter()
            .all(|row| !matches!(row, Row::Contact(row) if row.customer == erased))
    );
}
