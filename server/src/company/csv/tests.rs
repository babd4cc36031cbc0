//! The sample tables, the broken ones, and bytes nobody thought of.

use super::ProblemCode::*;
use super::*;
use proptest::prelude::*;

macro_rules! table {
    ($name:literal) => {
        include_bytes!(concat!("../../../../demo/csv/", $name))
    };
}

fn known() -> Known {
    Known::of(&Company::demo())
}

fn named<T>(report: &Report<T>) -> Vec<(u64, &str, ProblemCode)> {
    report
        .problems
        .iter()
        .map(|p| (p.line, p.column.as_deref().unwrap_or(""), p.code))
        .collect()
}

fn whole_file<T>(report: &Report<T>) -> Vec<(u64, ProblemCode)> {
    assert_eq!((report.lines.len(), report.total), (0, 0));
    report.problems.iter().map(|p| (p.line, p.code)).collect()
}

#[test]
fn sample_tables_are_good_and_follow_from_one_another() {
    let mut known = known();
    known.sla_plans.clear();
    known.customers.clear();
    known.models.clear();
    let plans = read_sla_plans(table!("sla_plans.csv"));
    assert_eq!((plans.problems.as_slice(), plans.lines.len()), ([].as_slice(), 5));
    known.add_sla_plans(&plans.lines);
    let customers = read_customers(table!("customers.csv"), &known);
    assert_eq!(
        (
            customers.problems.as_slice(),
            customers.lines.len(),
            customers.total
        ),
        ([].as_slice(), 42, 42)
    );
    known.add_customers(&customers.lines);
    let assets = read_assets(table!("assets.csv"), &known);
    assert_eq!(
        (assets.problems.as_slice(), assets.lines.len()),
        ([].as_slice(), 81)
    );
    known.add_models(&assets.lines);
    let parts = read_parts(table!("parts.csv"), &known);
    assert_eq!(
        parts.lines.len() + parts.problems.len(),
        84,
        "{:?}",
        parts.problems
    );
    assert!(parts.problems.is_empty(), "{:?}", parts.problems);
    let engineers = read_engineers(table!("engineers.csv"), &known);
    assert_eq!(
        (engineers.problems.as_slice(), engineers.lines.len()),
        ([].as_slice(), 8)
    );
    assert_eq!(engineers.lines[0].line, 2);
    assert_eq!(engineers.lines[4].certificates[0].expires_on, "2026-12-31");
}

#[test]
fn broken_engineers_are_named_line_by_line() {
    let report = read_engineers(table!("broken/engineers.csv"), &known());
    let expected = [
        (3, "name", MissingValue),
        (4, "phone", BadPhone),
        (5, "skills", UnknownReference),
        (6, "certificates", BadDate),
        (7, "certificates", BadFormat),
        (8, "home_lat", BadNumber),
        (9, "code", Duplicate),
        (10, "van", Duplicate),
        (11, "", FieldCount),
    ];
    assert_eq!(named(&report), expected);
    assert_eq!((report.lines.len(), report.total), (1, 10));
}

#[test]
fn broken_sla_plans_are_named_line_by_line() {
    let report = read_sla_plans(table!("broken/sla_plans.csv"));
    let expected = [
        (3, "code", MissingValue),
        (4, "response_min", BadNumber),
        (5, "response_min", BadNumber),
        (6, "onsite_min", BadNumber),
        (7, "hours", BadFormat),
        (8, "code", Duplicate),
        (9, "name", MissingValue),
    ];
    assert_eq!(named(&report), expected);
    assert_eq!((report.lines.len(), report.total), (1, 8));
    let round_the_clock = read_sla_plans(b"code,name,response_min,onsite_min\nA,a,1,2\n");
    assert_eq!(round_the_clock.lines[0].hours.to_string(), "1-7 00:00-24:00");
}

#[test]
fn broken_customers_are_named_line_by_line() {
    let report = read_customers(table!("broken/customers.csv"), &known());
    let expected = [
        (3, "phone", BadPhone),
        (4, "vip", BadChoice),
        (5, "sla_plan", UnknownReference),
        (6, "lon", MissingValue),
        (7, "phone", MissingValue),
        (8, "code", Duplicate),
        (9, "name", TooLong),
    ];
    assert_eq!(named(&report), expected);
    assert_eq!((report.lines.len(), report.total), (1, 8));
}

#[test]
fn numbers_that_differ_in_case_only_are_the_same_to_people() {
    let parts = read_parts("code,name\nP001,轮\np001,带\n".as_bytes(), &known());
    assert_eq!(named(&parts), [(3, "code", Duplicate)]);
    assert_eq!(parts.lines.len(), 1);
}

#[test]
fn broken_assets_and_parts_are_named_line_by_line() {
    let assets = read_assets(table!("broken/assets.csv"), &known());
    let expected = [
        (3, "serial", MissingValue),
        (4, "customer_code", UnknownReference),
        (5, "warranty_end", BadDate),
        (6, "serial", Duplicate),
        (7, "category", MissingValue),
        (8, "category", UnknownReference),
    ];
    assert_eq!((named(&assets), assets.lines.len()), (expected.to_vec(), 1));
    let parts = read_parts(table!("broken/parts.csv"), &known());
    let expected = [
        (3, "price_cny", BadNumber),
        (4, "stock", BadNumber),
        (5, "stock", BadNumber),
        (6, "code", Duplicate),
        (7, "models", UnknownReference),
        (8, "name", MissingValue),
    ];
    assert_eq!((named(&parts), parts.lines.len()), (expected.to_vec(), 1));
}

#[test]
fn a_file_that_cannot_be_read_says_why_once() {
    let read = |bytes: &[u8]| whole_file(&read_customers(bytes, &known()));
    assert_eq!(read(table!("broken/customers_gbk.csv")), [(2, NotUtf8)]);
    assert_eq!(read(table!("broken/customers_utf16.csv")), [(1, NotUtf8)]);
    assert_eq!(read(b"\xFF\xFEc\0o\0d\0e\0"), [(1, NotUtf8)]);
    assert_eq!(
        read(table!("broken/customers_semicolons.csv")),
        [(1, WrongHeader)]
    );
    assert_eq!(
        read(table!("broken/customers_no_phone.csv")),
        [(1, MissingColumn)]
    );
    assert_eq!(read(table!("broken/empty.csv")), [(1, EmptyFile)]);
    assert_eq!(read(b"\xEF\xBB\xBF\r\n ,\r\n"), [(1, EmptyFile)]);
    assert_eq!(
        read("code,".repeat(CSV_COLUMNS_MAX).as_bytes()),
        [(1, WrongHeader)]
    );
    assert_eq!(read(&vec![b'a'; CSV_BYTES_MAX + 1]), [(1, FileTooLarge)]);
}

/// It was called "not UTF-8", which it is.
#[test]
fn a_nul_is_told_with_its_line_and_utf16_without_a_mark_is_not_utf8() {
    let report = read_parts(b"code,name\nP1,belt\nP2,be\0lt\nP3,lamp\n", &known());
    assert_eq!(named(&report), [(3, "name", BadCharacter)]);
    assert_eq!(report.lines.len(), 2);
    let text = &report.problems[0].text;
    assert!(text.zh.contains("不允许的字符"), "{}", text.zh);
    assert!(
        text.en.contains("not allowed") && !text.en.contains("UTF-8"),
        "{}",
        text.en
    );
    let read = |bytes: &[u8]| whole_file(&read_parts(bytes, &known()));
    assert_eq!(read(b"co\0de,name\nP1,belt\n"), [(1, BadCharacter)]);
    assert_eq!(read(b"c\0o\0d\0e\0"), [(1, NotUtf8)]);
    assert_eq!(read(b"\0c\0o\0d\0e"), [(1, NotUtf8)]);
}

#[test]
fn order_case_and_extra_columns_of_the_header_do_not_matter() {
    let report = read_parts("备注,Name,CODE\n,搓纸轮,P001\n".as_bytes(), &known());
    assert_eq!(named(&report), [(1, "备注", UnknownColumn)]);
    assert_eq!(
        (report.lines[0].code.as_str(), report.lines[0].name.as_str()),
        ("P001", "搓纸轮")
    );
    let twice = read_parts(b"code,name,code\nP001,a,b\n", &known());
    assert_eq!(whole_file(&twice), [(1, DuplicateColumn)]);
}

#[test]
fn lines_are_counted_as_an_editor_counts() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["code,name", "P1,\"a", "b\"", "", ",", "P2,", "P3,c"].join(end);
        let report = read_parts(text.as_bytes(), &known());
        assert_eq!(named(&report), [(6, "name", MissingValue)], "{end:?}");
        assert_eq!(
            report.lines.iter().map(|p| p.line).collect::<Vec<_>>(),
            [2, 7],
            "{end:?}"
        );
        assert_eq!(report.total, 3);
    }
}

#[test]
fn reading_stops_at_the_limits() {
    let many: String = (0..=CSV_LINES_MAX).map(|n| format!("P{n},x\n")).collect();
    let report = read_parts(format!("code,name\n{many}").as_bytes(), &known());
    assert_eq!(report.lines.len(), CSV_LINES_MAX);
    assert_eq!(named(&report), [(CSV_LINES_MAX as u64 + 2, "", TooManyLines)]);

    let bad = "code,name\n".to_owned() + &"P1\n".repeat(CSV_PROBLEMS_MAX + 5);
    let report = read_parts(bad.as_bytes(), &known());
    assert_eq!(
        (report.total, report.problems.len()),
        (CSV_PROBLEMS_MAX, CSV_PROBLEMS_MAX + 1)
    );
    assert_eq!(report.problems.last().map(|p| p.code), Some(TooManyProblems));
}

#[test]
fn the_first_line_of_a_new_model_names_its_category() {
    let text = b"serial,customer_code,model,category\nS1,C001,ZZ-1,ups\nS2,C001,ZZ-1,\nS3,C001,ZZ-2,\n";
    let report = read_assets(text, &known());
    assert_eq!(
        (report.lines.len(), named(&report)),
        (2, vec![(4, "category", MissingValue)])
    );
}

#[test]
fn problems_speak_both_languages_and_stay_short() {
    let report = read_customers(table!("broken/customers.csv"), &known());
    for problem in report.problems {
        assert!(
            !problem.text.zh.is_ascii() && !problem.text.en.is_empty(),
            "{problem:?}"
        );
        assert!(problem.text.zh.chars().count() < 120, "{problem:?}");
    }
}

fn read_all(bytes: &[u8], known: &Known) {
    let counts = [
        {
            let r = read_sla_plans(bytes);
            (r.lines.len(), r.problems.len(), r.total)
        },
        {
            let r = read_customers(bytes, known);
            (r.lines.len(), r.problems.len(), r.total)
        },
        {
            let r = read_assets(bytes, known);
            (r.lines.len(), r.problems.len(), r.total)
        },
        {
            let r = read_parts(bytes, known);
            (r.lines.len(), r.problems.len(), r.total)
        },
        {
            let r = read_engineers(bytes, known);
            (r.lines.len(), r.problems.len(), r.total)
        },
    ];
    for (lines, problems, total) in counts {
        assert!(lines <= total && (lines == total || problems > 0));
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes, &Known::default());
    }

    #[test]
    fn no_cells_panic(cells in prop::collection::vec("[,\"\r\n|:+./\\-0-9a-z０-９长\u{feff}]{0,12}", 0..60)) {
        let known = Known::default();
        for header in ["code,name,phone,skills,certificates,home_lat,home_lon,van", "serial,customer_code,model,category,warranty_end",
            "code,name,response_min,onsite_min,hours", "code,name,models,price_cny,stock", "code,name,contact,phone,city,district,road,lat,lon,vip,sla_plan"] {
            for separator in [",", "\n"] {
                read_all(format!("{header}\n{}", cells.join(separator)).as_bytes(), &known);
            }
        }
    }

    #[test]
    fn no_damage_to_a_good_file_panics(place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = table!("engineers.csv").to_vec();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if cut { bytes.truncate(place) }
        read_all(&bytes, &known());
    }
}
