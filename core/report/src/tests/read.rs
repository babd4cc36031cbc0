//! What stands on the paper is what was told, in the letters it was told in.

use super::sample::{EN, NOON, ZH, font, item, list, sample, visit};
use crate::testing::{Drawn, drawn};
use crate::told::{Answered, Report};
use crate::{Paper, report};
use fieldline_model::operation::VisitResult;

fn lines(told: &Report, paper: &Paper) -> Vec<Drawn> {
    drawn(&report(told, paper, &font()).unwrap())
}

fn says(told: &Report, paper: &Paper) -> Vec<String> {
    lines(told, paper).into_iter().map(|line| line.text).collect()
}

#[test]
fn everything_told_can_be_read_again() {
    let zh = says(&sample(), &ZH);
    for text in [
        "示例维修公司",
        "完工报告",
        "T-000042",
        "上海某某印务有限公司",
        "上海市徐汇区漕溪北路88号",
        "激光打印机",
        "SN-998877",
        "卡纸",
        "每印三页就卡一次",
        "王建国",
        "2026年11月20日 14:10",
        "14:30",
        "35 分钟",
        "1 小时 10 分钟",
        "已修复",
        "定影膜破损",
        "更换定影组件",
        "清洁了纸路，试印五十页正常。",
        "RM2-5425",
        "定影组件",
        "2",
        "第1项电压",
        "221.5 V",
        "210 – 235 V",
        "处理前 · 滚筒",
        "李女士",
        "第 1 页，共 2 页",
    ] {
        assert!(zh.iter().any(|line| line == text), "{text} is not in {zh:#?}");
    }
    assert!(zh.iter().any(|line| line.contains("UTC+08:00")));
    let en = says(&sample(), &EN);
    for text in [
        "Completion report",
        "Some Printing Ltd",
        "Fuser replaced",
        "Set out",
        "20 Nov 2026 14:10",
        "Page 1 of 2",
    ] {
        assert!(en.iter().any(|line| line == text), "{text} is not in {en:#?}");
    }
    assert!(
        !en.iter().any(|line| line.contains("激光打印机")),
        "the other language"
    );
}

#[test]
fn pending_work_says_so_on_every_page_and_only_then() {
    let mark = "在手机上生成，尚未同步到总部";
    let marked = |told: &Report| {
        let lines = lines(told, &ZH);
        let pages = lines.iter().map(|line| line.page).max().unwrap();
        (
            lines.into_iter().filter(|line| line.text.contains(mark)).count(),
            pages,
        )
    };
    assert_eq!(marked(&sample()).0, 0);
    let pending = Report {
        pending: true,
        ..sample()
    };
    let (marks, pages) = marked(&pending);
    assert_eq!(marks, 1 + pages, "the head and every foot");
}

#[test]
fn a_reading_outside_says_so() {
    let mut told = sample();
    for (value, is_outside) in [(209.9, true), (210.0, false), (235.0, false), (235.1, true)] {
        told.checklist.shown[0].answer = Answered::Reading {
            value,
            unit: "V".to_owned(),
        };
        let says = says(&told, &ZH).concat();
        assert_eq!(says.contains("超出正常范围"), is_outside, "{value}");
    }
}

#[test]
fn a_link_shows_no_more_than_its_page() {
    let mut told = sample();
    told.parts.shown.clear();
    let says = says(&told.for_link(), &ZH).concat();
    for hidden in ["印务", "漕溪", "激光", "998877", "221.5", "滚筒"] {
        assert!(!says.contains(hidden), "{hidden}");
    }
    for shown in [
        "示例维修公司",
        "T-000042",
        "每印三页",
        "定影膜破损",
        "王建国",
        "李女士",
    ] {
        assert!(says.contains(shown), "{shown}");
    }
}

#[test]
fn what_was_not_told_leaves_no_heading() {
    let told = Report {
        parts: list(Vec::new()),
        checklist: list(Vec::new()),
        photos: list(Vec::new()),
        signed: None,
        ..sample()
    };
    let says = says(&told, &ZH).concat();
    for heading in ["更换备件", "检查项目", "现场照片"] {
        assert!(!says.contains(heading), "{heading}");
    }
    assert!(says.contains("客户没有签字"));
}

#[test]
fn why_it_could_not_be_done_is_called_a_reason() {
    let mut told = sample();
    told.visits.shown[0].result = VisitResult::CouldNot;
    let says = says(&told, &ZH).concat();
    assert!(says.contains("未能完成") && says.contains("未完成原因") && !says.contains("说明"));
}

#[test]
fn the_same_report_is_the_same_file() {
    let one = report(&sample(), &ZH, &font()).unwrap();
    assert_eq!(one, report(&sample().clone(), &ZH, &font()).unwrap());
    let text = String::from_utf8_lossy(&one).into_owned();
    assert!(!text.contains("/CreationDate") && !text.contains("/ID"));
    assert_ne!(one, report(&sample(), &EN, &font()).unwrap());
    let elsewhere = Paper {
        utc_offset_minutes: 0,
        ..ZH
    };
    assert_ne!(one, report(&sample(), &elsewhere, &font()).unwrap());
}

#[test]
fn every_visit_stands_there() {
    let told = Report {
        visits: list(vec![visit(), visit(), visit()]),
        ..sample()
    };
    let times = says(&told, &ZH).iter().filter(|line| *line == "王建国").count();
    assert_eq!(times, 3);
    let mut told = sample();
    told.visits.shown[0].accepted = Some(NOON.plus_ms(-86_400_000));
    assert!(says(&told, &ZH).concat().contains("2026年11月19日"));
    told.checklist = crate::List {
        shown: vec![item(1)],
        more: 7,
    };
    assert!(says(&told, &ZH).contains(&"另有 7 项未列出".to_owned()));
}
