//! What engineers write: short, about the fault at hand, in the language of whoever reported it; in an English demo, in
//! English.

use fieldline_model::operation::VisitResult;
use fieldline_model::row::Code;

use super::dice::Dice;
use super::script::Found;

/// What is seen after a repair, by category: Chinese and English.
const SEEN: [(&str, [(&str, &str); 3]); 10] = [
    (
        "printer",
        [
            ("连续打印五十页无卡纸", "printed fifty pages without a jam"),
            ("测试页浓度均匀", "test page even"),
            ("客户电脑打印正常", "prints from the customer's computer"),
        ],
    ),
    (
        "aircon",
        [
            (
                "出风口温差十一度，运行平稳",
                "eleven degrees across the coil, runs smoothly",
            ),
            ("排水通畅，无滴漏", "drain clear, no drip"),
            ("压力和电流在范围内", "pressure and current in range"),
        ],
    ),
    (
        "ev_charger",
        [
            (
                "充电二十分钟，电流稳定",
                "charged for twenty minutes, current steady",
            ),
            ("漏电保护动作正常", "earth leakage trip works"),
            ("枪头温度正常", "plug stays cool"),
        ],
    ),
    (
        "washer",
        [
            ("标准程序跑完一遍，无异响", "one full cycle, no noise"),
            ("进排水正常", "fills and drains"),
            ("脱水平稳", "spins smoothly"),
        ],
    ),
    (
        "medical",
        [
            ("自检通过，读数稳定", "self-test passed, readings steady"),
            ("与标准件比对在允差内", "within tolerance of the reference"),
            ("报警测试正常", "alarms tested"),
        ],
    ),
    (
        "elevator",
        [
            (
                "空载满载各运行五趟，平层正常",
                "five runs empty and loaded, level at every floor",
            ),
            ("门机开关二十次正常", "doors cycled twenty times"),
            ("安全回路测试合格", "safety circuit passed"),
        ],
    ),
    (
        "pos",
        [
            (
                "刷卡、扫码各测两笔，到账正常",
                "two card and two code payments went through",
            ),
            ("小票打印清晰", "receipts print clearly"),
            ("网络切换正常", "network falls over and back"),
        ],
    ),
    (
        "router",
        [
            ("各房间测速达标", "speed as agreed in every room"),
            ("观察半小时无掉线", "half an hour without a drop"),
            ("已备份配置", "settings backed up"),
        ],
    ),
    (
        "ups",
        [
            (
                "切换测试通过，放电十分钟电压正常",
                "transfer test passed, ten minutes on battery",
            ),
            ("电池内阻在范围内", "battery resistance in range"),
            ("风扇和温度正常", "fans and temperature fine"),
        ],
    ),
    (
        "generator",
        [
            (
                "带载运行十五分钟，油压水温正常",
                "fifteen minutes under load, oil and water fine",
            ),
            ("自启动测试两次成功", "started by itself twice"),
            ("无渗漏", "no leaks"),
        ],
    ),
];

/// Whether a reporter writes English.
pub(super) fn is_english(fault_text: &str) -> bool {
    !fault_text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Signs where no name is known.
pub(super) fn nobody(english: bool) -> &'static str {
    if english { "Customer" } else { "客户" }
}

/// The note on arrival at the cause.
pub(super) fn found(english: bool, found: &Found<'_>, dead: bool, dice: &mut Dice) -> String {
    if english {
        let cause = found.cause.map_or("nothing worn", |code| code.en.as_str());
        let ways = [
            format!("Checked on site: {cause}."),
            format!("Found: {cause}. Customer was there."),
            format!("{cause}. Photos follow."),
        ];
        return dice.pick(&ways).cloned().unwrap_or_default();
    }
    let cause = found.cause.map_or("未见明显损坏", |code| code.zh.as_str());
    let ways = [
        format!("到场检查，{cause}。"),
        format!("拆开后确认：{cause}，已向客户说明。"),
        format!("故障复现，判断为{cause}。"),
        format!("{cause}。地下室没信号，先记在手机上。"),
    ];
    // The last one speaks of a place without signal.
    let ways = if dead { &ways[..] } else { &ways[..ways.len() - 1] };
    dice.pick(ways).cloned().unwrap_or_default()
}

/// The report at the end.
pub(super) fn report(
    english: bool,
    category: &str,
    result: VisitResult,
    found: &Found<'_>,
    dice: &mut Dice,
) -> String {
    let seen = SEEN
        .iter()
        .find(|(key, _)| *key == category)
        .and_then(|(_, seen)| dice.pick(seen));
    let seen = seen.map_or(
        if english { "works again" } else { "试机正常" },
        |(zh, en)| if english { en } else { zh },
    );
    let word = |code: Option<&Code>| code.map(|code| if english { code.en.clone() } else { code.zh.clone() });
    match (result, english) {
        (VisitResult::Fixed, false) => format!(
            "{}，{seen}。",
            word(found.remedy).unwrap_or_else(|| "已处理".into())
        ),
        (VisitResult::Fixed, true) => {
            format!("{}; {seen}.", word(found.remedy).unwrap_or_else(|| "Done".into()))
        }
        (VisitResult::NoFaultFound, false) => format!("未复现故障，{seen}，请客户继续观察。"),
        (VisitResult::NoFaultFound, true) => {
            format!("Could not make it happen; {seen}. Customer will watch it.")
        }
        (VisitResult::Partly | VisitResult::CouldNot, false) => {
            "可以使用，但还要更换一个备件，已和客户另约时间。".into()
        }
        (VisitResult::Partly | VisitResult::CouldNot, true) => {
            "Usable, but one more part is needed; another visit agreed.".into()
        }
    }
}

/// What the customer is told.
pub(super) fn advice(english: bool, dice: &mut Dice) -> String {
    let ways = if english {
        [
            "Keep the air inlet clear.",
            "Call us when the noise comes back.",
            "Next service in six months.",
        ]
    } else {
        [
            "保持通风口清洁。",
            "如再出现异常请先断电再报修。",
            "建议半年后做一次保养。",
        ]
    };
    dice.pick(&ways)
        .map_or_else(String::new, |text| (*text).to_owned())
}

/// What an engineer writes beside an article.
pub(super) fn annotations(english: bool) -> [&'static str; 2] {
    if english {
        [
            "Check the plug first: twice this month it was only loose.",
            "On older machines the cover has two hidden screws.",
        ]
    } else {
        [
            "先看插头，这个月已有两次只是松动。",
            "老型号盖板下面还有两颗暗螺丝，别硬撬。",
        ]
    }
}
