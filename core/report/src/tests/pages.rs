//! Long reports: what fits on no page goes on, and nothing stands outside the paper or over something else.

use super::sample::{ZH, font, item, jpeg, list, sample};
use crate::measure::{FOOT, PAGE, SIDE};
use crate::report;
use crate::testing::{Drawn, drawn};
use crate::told::{Picture, Report, Shows};

fn lines(told: &Report) -> Vec<Drawn> {
    drawn(&report(told, &ZH, &font()).unwrap())
}

fn pages(lines: &[Drawn]) -> usize {
    lines.iter().map(|line| line.page).max().unwrap()
}

/// Nothing but the foot is lower than the foot, and nothing begins beside the page.
fn assert_within(lines: &[Drawn]) {
    for line in lines {
        let is_foot = line.text.contains("UTC+") || line.text.starts_with("第 ");
        assert!(line.x >= SIDE && line.x < PAGE.0 - SIDE, "{line:?}");
        assert!(is_foot || line.y >= PAGE.1 - FOOT, "{line:?}");
        assert!(line.y > 20.0 && line.y < PAGE.1 - 20.0, "{line:?}");
    }
}

#[test]
fn a_table_goes_on_under_its_head_on_every_page() {
    let told = Report {
        checklist: list((1..=200).map(item).collect()),
        ..sample()
    };
    let lines = lines(&told);
    assert_within(&lines);
    let pages = pages(&lines);
    assert!(pages > 4);
    let heads = lines.iter().filter(|line| line.text == "正常范围").count();
    let with_items: std::collections::BTreeSet<usize> = lines
        .iter()
        .filter(|line| line.text.starts_with('第') && line.text.ends_with("项电压"))
        .map(|line| line.page)
        .collect();
    assert_eq!(heads, with_items.len());
    for n in 1..=200 {
        let text = format!("第{n}项电压");
        assert_eq!(lines.iter().filter(|line| line.text == text).count(), 1, "{text}");
    }
    for page in 1..=pages {
        let foot = format!("第 {page} 页，共 {pages} 页");
        assert!(
            lines.iter().any(|line| line.page == page && line.text == foot),
            "{foot}"
        );
    }
}

#[test]
fn a_text_longer_than_a_page_goes_on_and_loses_nothing() {
    let mut told = sample();
    let text: String = (0..10_000)
        .map(|n| char::from_u32(0x4e00 + n % 5_000).unwrap())
        .collect();
    told.visits.shown[0].text = text.clone();
    let lines = lines(&told);
    assert_within(&lines);
    assert!(pages(&lines) > 5);
    let read: String = lines
        .iter()
        .map(|line| line.text.as_str())
        .filter(|line| text.contains(*line))
        .collect();
    assert_eq!(read, text);
}

#[test]
fn photos_stand_three_in_a_row_and_go_on() {
    let picture = |n: usize| Picture {
        shows: Shows::After,
        caption: format!("照{n}"),
        jpeg: Some(jpeg(&[])),
    };
    let mut told = sample();
    told.photos = list((0..24).map(picture).collect());
    let pdf = report(&told, &ZH, &font()).unwrap();
    let lines = drawn(&pdf);
    assert_within(&lines);
    let captions: Vec<&Drawn> = lines
        .iter()
        .filter(|line| line.text.starts_with("处理后 · 照"))
        .collect();
    assert_eq!(captions.len(), 24);
    assert_eq!(
        (captions[0].y, captions[0].page),
        (captions[2].y, captions[2].page)
    );
    assert_ne!(captions[2].y, captions[3].y);
    let objects = String::from_utf8_lossy(&pdf).matches("/Subtype /Image").count();
    assert_eq!(objects, 24);
}

#[test]
fn lines_of_one_column_never_stand_on_each_other() {
    let told = Report {
        checklist: list((1..=60).map(item).collect()),
        ..sample()
    };
    let lines = lines(&told);
    for (n, one) in lines.iter().enumerate() {
        for other in &lines[n + 1..] {
            let is_same_place = one.page == other.page && one.x == other.x;
            assert!(
                !is_same_place || (one.y - other.y).abs() > 9.0,
                "{one:?} {other:?}"
            );
        }
    }
}
