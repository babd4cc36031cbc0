//! One ticket at HQ: fresh, planned, and completed with everything it can show.

use super::*;
use fieldline_server::page::form::Field;
use fieldline_server::page::held::{About, HeldRow, Stand};
use fieldline_server::page::label::{Fate, Priority, TicketState};
use fieldline_server::page::queue::Deadline;
use fieldline_server::page::ticket::TicketView;
use fieldline_server::page::ticket::act::{
    ActView, AssignView, CancelView, Candidate, CandidatePhone, MoveView,
};
use fieldline_server::page::ticket::people::{AssetView, PastJob, PeopleView};
use fieldline_server::page::ticket::photo::{Photo, Place, Shows};
use fieldline_server::page::ticket::record::{Answer, Fates, Note, PartUse, Visit, VisitState};
use fieldline_server::page::ticket::report::{Report, Signature};
use fieldline_server::page::ticket::review::{Review, ReviewItem};
use fieldline_server::page::ticket::timeline::happening::{Pause, VisitResult};
use fieldline_server::page::ticket::timeline::{Entry, Gap, Happening, Item};

/// Completed offline after HQ cancelled.
pub(crate) fn busy(lang: Lang) -> TicketView {
    TicketView {
        state: TicketState::Resolved,
        deadline: Deadline::Met,
        act: ActView {
            assign: None,
            reschedule: None,
            cancel: None,
            reopen: Some(Field::default()),
            turned: "never".into(),
        },
        held: vec![held(lang)],
        reviews: reviews(lang),
        visits: vec![visit(lang)],
        timeline: timeline(lang),
        parts: vec![part(lang, false), part(lang, true)],
        answers: vec![
            answer(lang, "皮带张力", "Belt tension", "92 N", Some("88 N")),
            answer(lang, "门锁", "Door lock", "2 mm", None),
        ],
        photos: photos(lang),
        notes: vec![note(lang)],
        reports: vec![report(lang, false), report(lang, true)],
        report_pdf: Some("/hq/tickets/test/report.pdf".into()),
        fates: Fates {
            merged: 31,
            overruled: 1,
            refused: 1,
            held: 2,
            displaced: 1,
            pending: 0,
        },
        ..fresh(lang)
    }
}

/// Just taken; nobody has it yet.
pub(crate) fn fresh(lang: Lang) -> TicketView {
    TicketView {
        id: "01KAH7Y0000000000000000001".into(),
        number: "T-2048".into(),
        seq: 7,
        state: TicketState::Triaged,
        merged_into: None,
        deadline: Deadline::Running(ahead(48)),
        priority: Priority::Urgent,
        fault: say(
            lang,
            "电梯停在 7 楼，门打不开，里面没有人。\n客户说上周也发生过一次。",
            "Lift stuck at floor 7, door stays shut, nobody inside.\nThe customer says it happened last week as well.",
        ),
        fault_code: Some(say(
            lang,
            "DOOR-STUCK 门无法打开",
            "DOOR-STUCK Door does not open",
        )),
        wished: Some(window("20T14:00", "20T16:00")),
        people: people(lang),
        act: act(lang, None),
        held: vec![],
        may_settle: true,
        reviews: vec![],
        visits: vec![],
        timeline: vec![entry(lang, "1", Happening::Created, 14, None)],
        parts: vec![],
        answers: vec![],
        photos: vec![],
        notes: vec![],
        reports: vec![],
        report_pdf: None,
        fates: Fates {
            merged: 1,
            ..Fates::default()
        },
        link: Some((
            "https://service.example.com/t/Qm7c2VxTqk9sZ3uW".into(),
            at("2026-12-20T00:00:00+08:00"),
        )),
        link_mark: Some("6f1c".into()),
        link_act: true,
        note: Some(Field::default()),
    }
}

/// Planned, so it can be reassigned, moved and cancelled.
pub(crate) fn planned(lang: Lang) -> TicketView {
    TicketView {
        state: TicketState::Planned,
        act: act(lang, Some(say(lang, "李伟", "Robin Hill"))),
        visits: vec![Visit {
            state: VisitState::Accepted,
            actual: None,
            result: None,
            ..visit(lang)
        }],
        ..fresh(lang)
    }
}

fn people(lang: Lang) -> PeopleView {
    PeopleView {
        customer: say(lang, "西湖大厦物业管理有限公司", "Westlake Tower Estates"),
        vip: true,
        contract: Some(say(lang, "金牌，至 2027年6月30日", "Gold, until 30 Jun 2027")),
        contact: Some(say(lang, "王女士", "Ms Wong")),
        phone: Some("138****2211".into()),
        dial: false,
        address: say(
            lang,
            "杭州市西湖区文三路 478 号 2 号楼",
            "478 Wensan Road, block 2, Westlake, Hangzhou",
        ),
        asset: Some(AssetView {
            model: "KONE 3000 S".into(),
            serial: "40127734".into(),
            warranty: Some(at("2025-03-01T00:00:00+08:00")),
            history: vec![PastJob {
                number: "T-000017".into(),
                date: "2025-06-02".into(),
                what: say(lang, "门机皮带磨损，已更换", "Worn door belt, replaced"),
            }],
        }),
    }
}

fn act(lang: Lang, current: Option<String>) -> ActView {
    let assigned = current.is_some();
    let assign = AssignView {
        current,
        assigned: String::new(),
        engineers: vec![
            candidate(lang, "李伟", "Robin Hill", 3, vec![]),
            Candidate {
                phone: CandidatePhone::Missing,
                ..candidate(lang, "赵敏", "Kim Lake", 0, vec![])
            },
            candidate(
                lang,
                "王芳",
                "Sam Reed",
                5,
                vec![say(lang, "高压作业", "high voltage")],
            ),
        ],
        engineer: Field::default(),
        plan_from: Field::of("2026-11-20T14:00"),
        plan_to: Field::of("2026-11-20T16:00"),
        reason: Field::default(),
    };
    ActView {
        assign: Some(assign),
        reschedule: assigned.then(|| MoveView::of(String::new(), window("20T14:00", "20T16:00"))),
        cancel: Some(CancelView {
            assigned: "visit_x_accepted".into(),
            reasons: vec![choice("solved", &say(lang, "客户自行解决", "Customer solved it"))],
            reason: Field::default(),
        }),
        reopen: None,
        turned: "never".into(),
    }
}

fn candidate(lang: Lang, zh: &str, en: &str, load: u32, missing: Vec<String>) -> Candidate {
    let phone = CandidatePhone::Seen(say(lang, "1 分钟前", "1 min ago"));
    Candidate {
        id: en.replace(' ', "-"),
        name: say(lang, zh, en),
        load,
        load_day: None,
        missing,
        phone,
    }
}

/// Work of a revoked phone.
pub(crate) fn held(lang: Lang) -> HeldRow {
    HeldRow {
        id: "0af9".repeat(16),
        who: say(lang, "周强", "Jo Park"),
        phone: "Pixel 6".into(),
        revoked: true,
        back: false,
        about: About::Ticket("01KAH7Y0000000000000000001".into(), "T-2048".into()),
        what: Some(Happening::Done(VisitResult::Fixed)),
        report: Some(report(lang, false)),
        done: Some(ago(400)),
        arrived: ago(12),
        stand: Stand::Held,
        overdue: true,
        together: vec!["0af9".repeat(16), "1bf9".repeat(16)],
        of_ticket: 2,
        why: say(
            lang,
            "内容到达前手机已停用",
            "The phone was revoked before this arrived",
        ),
        seen: None,
    }
}

fn reviews(lang: Lang) -> Vec<ReviewItem> {
    let who = say(lang, "李伟", "Robin Hill");
    let after = Review::CompletedAfterCancellation {
        who: who.clone(),
        done: ago(190),
        cancelled: ago(205),
    };
    let part = Review::PartDiscrepancy {
        who,
        part: say(lang, "控制板 CB-17", "control board CB-17"),
        count: 1,
    };
    vec![
        ReviewItem {
            id: "R1".into(),
            what: after,
            report: Some(report(lang, true)),
        },
        ReviewItem {
            id: "R2".into(),
            what: part,
            report: None,
        },
    ]
}

fn visit(lang: Lang) -> Visit {
    Visit {
        engineer: say(lang, "李伟", "Robin Hill"),
        state: VisitState::Done,
        plan: Some(window("20T09:00", "20T11:00")),
        actual: Some((ago(270), Some(ago(190)))),
        result: Some(VisitResult::Fixed),
    }
}

fn part(lang: Lang, is_short: bool) -> PartUse {
    let (zh, en) = if is_short {
        ("CB-17 控制板", "CB-17 control board")
    } else {
        ("DR-220 门机皮带", "DR-220 door belt")
    };
    PartUse {
        part: say(lang, zh, en),
        count: say(lang, "1 件", "1 pc"),
        location: say(lang, "李伟的车", "Robin Hill's van"),
        is_short,
    }
}

fn answer(lang: Lang, zh: &str, en: &str, value: &str, other: Option<&str>) -> Answer {
    Answer {
        item: say(lang, zh, en),
        value: value.into(),
        other: other.map(str::to_owned),
    }
}

fn note(lang: Lang) -> Note {
    let text = say(
        lang,
        "客户来电说已恢复，取消。",
        "Customer called: works again, cancelling.",
    );
    Note {
        who: say(lang, "陈静", "Alex Doe"),
        at: ago(200),
        text,
    }
}

/// One with its small picture, one still on the phone, one that will not come.
fn photos(lang: Lang) -> Vec<Photo> {
    let photo = |shows, zh: &str, en: &str, thumb: Option<&str>, place| Photo {
        shows,
        caption: say(lang, zh, en),
        who: say(lang, "李伟", "Robin Hill"),
        at: ago(200),
        thumb: thumb.map(str::to_owned),
        place,
    };
    vec![
        photo(
            Shows::Before,
            "断裂的皮带",
            "Torn belt",
            Some(SIGNATURE),
            Place::Here(SIGNATURE.into()),
        ),
        photo(Shows::After, "", "", Some(SIGNATURE), Place::Waiting),
        photo(Shows::Other, "铭牌", "Name plate", None, Place::Lost),
    ]
}

fn report(lang: Lang, overruled: bool) -> Report {
    let remedy = say(
        lang,
        "更换皮带，调整张力，试运行 10 次正常。",
        "Replaced and tensioned the belt; 10 test runs fine.",
    );
    let why = || say(lang, "总部取消了工单", "HQ cancelled the ticket");
    Report {
        who: say(lang, "李伟", "Robin Hill"),
        at: ago(190),
        overruled: overruled.then(why),
        on_site: Some(Window {
            from: ago(270),
            to: ago(190),
        }),
        parts: vec![part(lang, false)],
        result: VisitResult::Fixed,
        cause: Some(say(lang, "皮带磨损", "Worn belt")),
        remedy: Some(remedy),
        labour_minutes: Some(80),
        signature: Some(Signature {
            name: say(lang, "王女士", "Ms Wong"),
            at: ago(188),
            src: SIGNATURE.into(),
        }),
    }
}

/// An entry; `received` makes it one from the field.
pub(crate) fn entry(lang: Lang, id: &str, what: Happening, minutes: i64, received: Option<i64>) -> Item {
    let who = if received.is_some() {
        say(lang, "李伟", "Robin Hill")
    } else {
        say(lang, "陈静", "Alex Doe")
    };
    let received = received.map(ago);
    Item::Entry(Entry {
        id: id.into(),
        who,
        what,
        at: ago(minutes),
        device: None,
        received,
        fate: None,
    })
}

fn timeline(lang: Lang) -> Vec<Item> {
    let used = Happening::PartUsed {
        part: say(lang, "控制板 CB-17", "control board CB-17"),
        count: "1".into(),
        from: say(lang, "城西仓库", "West depot"),
    };
    let cancelled = Happening::Cancelled(say(lang, "客户自行解决", "Customer solved it"));
    let mut items = vec![
        Item::Gap(Gap::Missing(2)),
        entry(lang, "9", Happening::BreachCorrected, 12, None),
        entry(lang, "8", Happening::Done(VisitResult::Fixed), 190, Some(12)),
        entry(lang, "7", used, 196, Some(12)),
        entry(lang, "6", cancelled, 205, None),
        Item::Gap(Gap::Offline {
            minutes: 201,
            received: ago(12),
        }),
        entry(lang, "5", Happening::Paused(Pause::Parts), 240, Some(12)),
        entry(
            lang,
            "p",
            Happening::Photo(Shows::Before, say(lang, "断裂的皮带", "Torn belt")),
            265,
            Some(12),
        ),
        entry(lang, "4", Happening::Arrived, 270, Some(269)),
        entry(lang, "3", Happening::Accepted, 300, Some(300)),
        entry(
            lang,
            "2",
            Happening::Offered(say(lang, "李伟", "Robin Hill")),
            310,
            None,
        ),
        entry(lang, "1", Happening::Created, 320, None),
    ];
    if let Item::Entry(entry) = &mut items[3] {
        let why = say(lang, "没有配额，记为差异", "no grant, recorded as a discrepancy");
        entry.fate = Some((Fate::Overruled, why));
    }
    if let Item::Entry(entry) = &mut items[6] {
        entry.device = Some(ago(840));
    }
    items
}
