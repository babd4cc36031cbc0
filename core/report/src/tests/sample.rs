//! Reports to draw.

use fieldline_model::operation::VisitResult;
use fieldline_model::reason::Lang;
use fieldline_model::time::Timestamp;

use crate::Paper;
pub(crate) use crate::testing::{font, jpeg};
use crate::told::{Answered, Both, Item, List, PartUse, Picture, Report, Shows, Signed, Sound, Visit};

/// How every picture ends.
pub(crate) const JPEG_TAIL: [u8; 2] = [0xff, 0xd9];
/// 2026-11-20 14:10 in China.
pub(crate) const NOON: Timestamp = Timestamp::from_ms(1_795_155_000_000);

pub(crate) const ZH: Paper = Paper {
    lang: Lang::Zh,
    utc_offset_minutes: 480,
};
pub(crate) const EN: Paper = Paper { lang: Lang::En, ..ZH };

pub(crate) fn both(zh: &str, en: &str) -> Both {
    Both {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

pub(crate) fn list<T>(shown: Vec<T>) -> List<T> {
    List { shown, more: 0 }
}

pub(crate) fn visit() -> Visit {
    let at = |minutes: i64| Some(NOON.plus_ms(minutes * 60_000));
    Visit {
        engineer: both("王建国", "Wang Jianguo"),
        accepted: at(0),
        departed: at(20),
        arrived: at(55),
        finished: at(140),
        travel_minutes: Some(35),
        labour_minutes: Some(70),
        result: VisitResult::Fixed,
        cause: both("定影膜破损", "Fuser film torn"),
        remedy: both("更换定影组件", "Fuser replaced"),
        text: "清洁了纸路，试印五十页正常。".to_owned(),
    }
}

pub(crate) fn item(n: usize) -> Item {
    Item {
        label: both(&format!("第{n}项电压"), &format!("Voltage {n}")),
        answer: Answered::Reading {
            value: 221.5,
            unit: "V".to_owned(),
        },
        sound: Some(Sound {
            min: Some(210.0),
            max: Some(235.0),
            unit: "V".to_owned(),
        }),
    }
}

/// A report of one page with something of everything.
pub(crate) fn sample() -> Report {
    Report {
        company: "示例维修公司".to_owned(),
        number: "T-000042".to_owned(),
        pending: false,
        customer: both("上海某某印务有限公司", "Some Printing Ltd"),
        site: "上海市徐汇区漕溪北路88号".to_owned(),
        model: both("激光打印机", "Laser printer"),
        serial: "SN-998877".to_owned(),
        fault: both("卡纸", "Paper jam"),
        fault_text: "每印三页就卡一次".to_owned(),
        visits: list(vec![visit()]),
        parts: list(vec![PartUse {
            number: "RM2-5425".to_owned(),
            name: both("定影组件", "Fuser unit"),
            quantity: 2,
        }]),
        checklist: list(vec![item(1)]),
        photos: list(vec![Picture {
            shows: Shows::Before,
            caption: "滚筒".to_owned(),
            jpeg: Some(jpeg(&[])),
        }]),
        signed: Some(Signed {
            name: "李女士".to_owned(),
            at: NOON,
            path: "M10 20L300 100L590 180".to_owned(),
        }),
    }
}
