//! HQ's lists and forms.

use super::*;
use fieldline_server::page::engineers::{EngineerRow, EngineersView, PhoneJobs, PhoneState};
use fieldline_server::page::enrol::{EnrolView, PhoneChoice, RevokeView};
use fieldline_server::page::form::{Field, FieldError};
use fieldline_server::page::held::{About, HeldRow, HeldView, Stand};
use fieldline_server::page::knowledge::{Annotation, ArticleHit, ArticleView, ArticlesView, File};
use fieldline_server::page::label::{Priority, TicketState};
use fieldline_server::page::new_ticket::{NameQuestion, NewCustomerView, NewTicketView};
use fieldline_server::page::pager::Part;
use fieldline_server::page::parts::{CountAgain, PartsView, StockRow};
use fieldline_server::page::queue::{Counts, Deadline, QueueRow, QueueView, Shown};
use fieldline_server::page::request::{RequestRow, RequestsView};
use fieldline_server::page::sign_in::{LinkView, SignInError, SignInView};
use fieldline_server::page::ticket::timeline::Happening;

pub(crate) fn company(lang: Lang) -> String {
    say(lang, "远航电梯服务", "Northgate Lift Service")
}

pub(crate) fn sign_in(lang: Lang, error: Option<SignInError>) -> SignInView {
    let (name, csrf, next) = ("chen".into(), "csrf-token".into(), "/hq".into());
    SignInView {
        company: company(lang),
        name,
        unsent: false,
        error,
        csrf,
        next,
    }
}

pub(crate) fn link(lang: Lang, live: bool) -> LinkView {
    let name = live.then(|| say(lang, "陈静", "Alex Doe"));
    LinkView {
        company: company(lang),
        token: "AbC-token".into(),
        name,
        csrf: "csrf-token".into(),
    }
}

pub(crate) fn queue(lang: Lang) -> QueueView {
    let rows = (0..24).map(|i| queue_row(lang, i)).collect();
    QueueView {
        rows,
        found: 61,
        overdue: 2,
        counts: Counts {
            open: 61,
            late: 2,
            review: 3,
            ended: 1,
            states: vec![(TicketState::New, 12), (TicketState::Planned, 49)],
        },
        next: Some("c2Vx".into()),
        ..empty_queue()
    }
}

pub(crate) fn empty_queue() -> QueueView {
    QueueView {
        rows: vec![],
        shown: Shown::ToDo,
        unknown: None,
        search: String::new(),
        found: 0,
        overdue: 0,
        counts: Counts::default(),
        next: None,
        later_page: false,
        since: 0,
    }
}

const STATES: [TicketState; 6] = [
    TicketState::InProgress,
    TicketState::New,
    TicketState::Planned,
    TicketState::Waiting,
    TicketState::Triaged,
    TicketState::Resolved,
];

const CUSTOMERS: [(&str, &str); 4] = [
    ("西湖大厦物业管理有限公司", "Westlake Tower Estates"),
    ("城东人民医院", "East City Hospital"),
    ("滨江万象商场", "Riverside Mall"),
    ("杭州第二中学", "Second Middle School"),
];

const FAULTS: [(&str, &str); 4] = [
    (
        "电梯停在 7 楼，门打不开，里面没有人",
        "Lift stuck at floor 7, door stays shut, nobody inside",
    ),
    (
        "空调不制冷，外机有异响",
        "Air conditioner does not cool, outdoor unit is noisy",
    ),
    ("扶梯运行中抖动", "Escalator shakes while running"),
    ("控制柜报 E42", "Control cabinet shows E42"),
];

pub(crate) fn queue_row(lang: Lang, i: usize) -> QueueRow {
    let n = i64::try_from(i).expect("small");
    let deadline = match i {
        0 => Deadline::Running(ago(83)),
        1 => Deadline::Running(ago(6)),
        2 => Deadline::Running(ahead(28)),
        5 => Deadline::Met,
        7 => Deadline::Paused(135),
        _ => Deadline::Running(ahead(90 + 190 * n)),
    };
    let (customer, fault) = (CUSTOMERS[i % 4], FAULTS[(i * 3 + 1) % 4]);
    QueueRow {
        id: format!("01KAH7Y00000000000000000{i:02}"),
        number: format!("T-{}", 2048 + i),
        deadline,
        customer: say(lang, customer.0, customer.1),
        vip: i % 4 == 1,
        priority: if i == 0 {
            Priority::Urgent
        } else {
            Priority::Normal
        },
        fault: say(lang, fault.0, fault.1),
        area: say(lang, "西湖区", "Westlake"),
        asset: "KONE 3000 S".into(),
        state: STATES[i % 6],
        engineer: (i % 6 != 1 && i % 6 != 4).then(|| say(lang, "李伟", "Robin Hill")),
        created: ago(14 + 47 * n),
        urged: (i == 2).then(|| ago(5)),
        reviews: u32::from(i == 3),
    }
}

pub(crate) fn new_ticket(lang: Lang, wrong: bool) -> NewTicketView {
    let mark = |field: Field, error| if wrong { field.wrong(error) } else { field };
    NewTicketView {
        customer: mark(Field::of(if wrong { "??" } else { "" }), FieldError::Unknown),
        asset: Field::default(),
        fault_code: Field::default(),
        fault_text: mark(Field::default(), FieldError::Required),
        priority: Field::of("normal"),
        wished_from: Field::of("2026-11-21T09:00"),
        wished_to: mark(Field::of("2026-11-21T08:00"), FieldError::Order),
        new_customer: wrong.then(|| NewCustomerView {
            question: NameQuestion::Several,
            several: vec![choice("C-0012", "?? · 0417"), choice("C-0013", "?? · 2859")],
            phone: Field::default().wrong(FieldError::Required),
            ..NewCustomerView::default()
        }),
        customers: vec![choice("C-0012", &say(lang, CUSTOMERS[0].0, CUSTOMERS[0].1))],
        assets: vec![choice("A-3301", "KONE 3000 S · 40127734")],
        fault_codes: vec![choice(
            "DOOR-STUCK",
            &say(lang, "门无法打开", "Door does not open"),
        )],
    }
}

pub(crate) fn engineers(lang: Lang) -> EngineersView {
    let row = |i: usize, zh: &str, en: &str, phone, seen, pending, jobs| EngineerRow {
        id: format!("E{i}"),
        name: say(lang, zh, en),
        skills: say(lang, "电梯，高压作业", "Lifts, high voltage"),
        phone,
        seen,
        pending,
        jobs,
    };
    EngineersView {
        may_edit: true,
        part: Part::of(2, 50, 104),
        rows: vec![
            row(
                1,
                "李伟",
                "Robin Hill",
                PhoneState::InUse,
                Some(ago(1)),
                Some(0),
                PhoneJobs::Confirmed(42, 42),
            ),
            row(
                2,
                "王芳",
                "Sam Reed",
                PhoneState::Offline,
                Some(ago(352)),
                Some(7),
                PhoneJobs::Sent,
            ),
            row(
                3,
                "赵敏",
                "Kim Lake",
                PhoneState::None,
                None,
                None,
                PhoneJobs::NoPhone,
            ),
            row(
                4,
                "周强",
                "Jo Park",
                PhoneState::Quarantine,
                Some(ago(4000)),
                Some(3),
                PhoneJobs::NoPhone,
            ),
        ],
    }
}

pub(crate) fn enrol(lang: Lang) -> EnrolView {
    EnrolView {
        id: "E1".into(),
        name: say(lang, "李伟", "Robin Hill"),
        code: "7KQ4-M2XD".into(),
        qr: "fieldline://enrol?server=https%3A%2F%2Fservice.example.com&code=7KQ4M2XD&key=9f3c21d07a4b"
            .into(),
        command: "fieldline phone enrol --server https://service.example.com --code 7KQ4-M2XD".into(),
        until: ahead(15),
        replaces: true,
    }
}

pub(crate) fn revoke(lang: Lang) -> RevokeView {
    let name = say(lang, "王芳", "Sam Reed");
    RevokeView {
        id: "E2".into(),
        name,
        pending: Some(7),
        phones: vec![phone("01", 40_000, Some(ago(352)))],
        device: Field::default(),
    }
}

/// Sent without a choice between two phones.
pub(crate) fn revoke_wrong(lang: Lang) -> RevokeView {
    RevokeView {
        phones: vec![phone("01", 40_000, Some(ago(1))), phone("02", 900, None)],
        device: Field::default().wrong(FieldError::WhichPhone),
        ..revoke(lang)
    }
}

fn phone(id: &str, enrolled: i64, seen: Option<Stamp>) -> PhoneChoice {
    PhoneChoice {
        id: id.into(),
        name: "K-20".into(),
        app: seen.map(|_| "0.9.2".into()),
        enrolled: ago(enrolled),
        seen,
    }
}

pub(crate) fn parts(lang: Lang) -> PartsView {
    let row = |number: &str, zh: &str, en: &str, van: bool, stock: &str| StockRow {
        number: number.into(),
        name: say(lang, zh, en),
        location: if van {
            say(lang, "李伟的车", "Robin Hill's van")
        } else {
            say(lang, "城西仓库", "West depot")
        },
        van,
        stock: say(lang, &format!("{stock} 件"), &format!("{stock} pcs")),
        location_id: format!("L-{number}-{van}"),
        part_id: format!("P-{number}"),
        reserved: 2,
        granted: if van { 3 } else { 12 },
        in_doubt: u32::from(van),
        missing: u32::from(stock == "1"),
        unproven: u32::from(van),
        below: (stock == "1").then_some(4),
        as_of: ago(if van { 95 } else { 0 }),
    };
    PartsView {
        rows: vec![
            row("DR-220", "门机皮带", "Door belt", false, "24"),
            row("DR-220", "门机皮带", "Door belt", true, "3"),
            row("CB-17", "控制板", "Control board", false, "1"),
        ],
        locations: vec![choice("L1", &say(lang, "城西仓库", "West depot"))],
        location: Field::default(),
        search: String::new(),
        part: Part::of(2, 50, 123),
        may_count: true,
        requests: RequestsView {
            rows: vec![RequestRow {
                operation: "R-1".into(),
                ticket: Some(("T1".into(), "T-2051".into())),
                engineer: say(lang, "李师傅", "Robin H."),
                number: "CB-17".into(),
                name: say(lang, "控制板", "Control board"),
                location: say(lang, "城西仓库", "West depot"),
                quantity: 2,
                at: ago(95),
            }],
            more: true,
            may_decline: true,
            wrong: Some(("R-1".into(), Field::default().wrong(FieldError::Required))),
        },
        wrong: Some(CountAgain {
            location: "L-DR-220-true".into(),
            part: "P-DR-220".into(),
            quantity: Field::of("-3").wrong(FieldError::Quantity(10_000)),
        }),
    }
}

pub(crate) fn held(lang: Lang) -> HeldView {
    let first = ticket::held(lang);
    let note = HeldRow {
        what: Some(Happening::Note(say(
            lang,
            "客户要求下周再来",
            "Asks for another visit",
        ))),
        report: None,
        ..first.clone()
    };
    let lost = HeldRow {
        about: About::Unknown("ticket-01KAH7Y0000000000000000009".into()),
        what: None,
        done: None,
        stand: Stand::Refused,
        overdue: false,
        together: vec![],
        of_ticket: 0,
        revoked: false,
        seen: Some((say(lang, "陈静", "Alex Doe"), ago(3))),
        ..note.clone()
    };
    HeldView {
        rows: vec![first, note, lost],
        part: Part::of(1, 30, 3),
        overdue: 2,
        all: true,
        may_settle: true,
    }
}

pub(crate) fn articles(lang: Lang) -> ArticlesView {
    let excerpt = vec![
        (say(lang, "停梯后", "After a stop the "), false),
        (say(lang, "门打不开", "door stays shut"), true),
        (
            say(
                lang,
                "，门机电流超过 2 A。",
                "; the door motor draws more than 2 A.",
            ),
            false,
        ),
    ];
    let hit = |id: &str| ArticleHit {
        id: id.into(),
        title: say(
            lang,
            "门机皮带打滑导致开门失败",
            "Door belt slips and the door does not open",
        ),
        excerpt: excerpt.clone(),
        models: "KONE 3000 S, KONE 3000 M".into(),
        changed: ago(20_000),
    };
    ArticlesView {
        search: say(lang, "门打不开", "door stays shut"),
        hits: vec![hit("K1"), hit("K2")],
        part: Part::of(1, 40, 74),
    }
}

pub(crate) fn article(lang: Lang) -> ArticleView {
    let note = Annotation {
        who: say(lang, "李伟", "Robin Hill"),
        at: ago(3000),
        text: say(lang, "冬天张力调到 95 N 更稳。", "In winter 95 N holds better."),
        proposed: true,
    };
    ArticleView {
        title: say(
            lang,
            "门机皮带打滑导致开门失败",
            "Door belt slips and the door does not open",
        ),
        models: "KONE 3000 S, KONE 3000 M".into(),
        changed: ago(20_000),
        symptom: say(
            lang,
            "停梯后门打不开，控制柜报 E42。",
            "The door stays shut after a stop, the cabinet shows E42.",
        ),
        causes: vec![
            say(lang, "皮带磨损", "Worn belt"),
            say(lang, "张力不足", "Too little tension"),
        ],
        steps: vec![
            say(lang, "断电并挂牌。", "Switch off and tag."),
            say(
                lang,
                "测量皮带张力，应为 80-100 N。",
                "Measure belt tension, 80-100 N.",
            ),
            say(lang, "更换皮带 DR-220。", "Replace belt DR-220."),
        ],
        parts: vec![say(lang, "DR-220 门机皮带", "DR-220 door belt")],
        files: vec![File {
            title: say(lang, "门机接线图", "Wiring of the door drive"),
            about: "PDF · 180 kB".into(),
            src: Some("/hq/articles/a/files/b".into()),
        }],
        annotations: vec![note],
    }
}
