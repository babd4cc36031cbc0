//! The customer's page, at every stage.

use super::*;
use fieldline_server::page::form::{Field, FieldError};
use fieldline_server::page::label::CustomerLabel;
use fieldline_server::page::ticket::report::Signature;
use fieldline_server::page::ticket::timeline::happening::{Pause, VisitResult};
use fieldline_server::page::track::act::{ActView, Message, TrackForm, TrackFormView, Urge};
use fieldline_server::page::track::end::{Rating, RatingForm, ReportView};
use fieldline_server::page::track::engineer::{Compass, EngineerCard, Place};
use fieldline_server::page::track::{Headline, Late, NotSent, Sent, TrackView};

const TOKEN: &str = "Qm7c2VxTqk9sZ3uW";

/// Reported, nobody chosen yet.
pub(crate) fn received(lang: Lang) -> TrackView {
    TrackView {
        token: TOKEN.into(),
        company: desk::company(lang),
        number: "T-2048".into(),
        merged_from: None,
        fault: say(
            lang,
            "电梯停在 7 楼，门打不开",
            "Lift stuck at floor 7, door stays shut",
        ),
        headline: Headline::Received(Some(ahead(30))),
        updated: ago(1),
        reached: reached(1),
        current: CustomerLabel::Received,
        late: None,
        wish: Some(Window {
            from: ahead(24 * 60),
            to: ahead(25 * 60),
        }),
        overtaken: None,
        engineer: None,
        act: ActView {
            urge: Urge::Yes,
            message: true,
            other_time: true,
            again: None,
            once: "01KAH7".into(),
        },
        messages: vec![],
        report: None,
        rating: None,
        sent: None,
        until: at("2026-12-20T00:00:00+08:00"),
    }
}

fn reached(count: usize) -> [Option<Stamp>; 6] {
    let minutes = [185, 160, 31, 20, 15, 0];
    std::array::from_fn(|i| (i < count).then(|| ago(minutes[i])))
}

pub(crate) fn assigning(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::Assigning(Some(window("21T14:00", "21T16:00"))),
        reached: reached(2),
        current: CustomerLabel::Assigning,
        sent: Some(Sent::Urge),
        act: ActView {
            urge: Urge::Done(ago(0), Some(ahead(60))),
            ..received(lang).act
        },
        ..received(lang)
    }
}

pub(crate) fn on_the_way(lang: Lang) -> TrackView {
    let asked = say(
        lang,
        "请从南门进，停在 2 号楼前。",
        "Please use the south gate and park by block 2.",
    );
    let answered = say(lang, "好的，已转告工程师。", "Thank you, the engineer knows.");
    TrackView {
        headline: Headline::OnTheWay(Some(window("20T14:10", "20T14:40"))),
        reached: reached(3),
        current: CustomerLabel::OnTheWay,
        engineer: Some(engineer(
            lang,
            Place::Known {
                km: 3,
                towards: Compass::NorthEast,
                at: ago(6),
            },
        )),
        messages: vec![
            Message {
                from: None,
                at: ago(50),
                text: asked,
            },
            Message {
                from: Some(say(lang, "客服", "Service desk")),
                at: ago(44),
                text: answered,
            },
        ],
        ..received(lang)
    }
}

pub(crate) fn no_position(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::OnTheWay(None),
        engineer: Some(engineer(lang, Place::Unknown)),
        messages: vec![],
        ..on_the_way(lang)
    }
}

pub(crate) fn moved(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::MovedOnTheWay(window("23T14:00", "23T16:00")),
        ..no_position(lang)
    }
}

fn engineer(lang: Lang, place: Place) -> EngineerCard {
    let call = Some("0571 5550 1234".into());
    EngineerCard {
        name: say(lang, "李师傅", "Robin H."),
        photo: None,
        call,
        place,
    }
}

pub(crate) fn waiting(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::Paused(Pause::Parts, Some(window("22T09:00", "22T11:00"))),
        reached: reached(5),
        current: CustomerLabel::InProgress,
        engineer: Some(engineer(lang, Place::Hidden)),
        merged_from: Some("T-2051".into()),
        ..received(lang)
    }
}

pub(crate) fn done(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::Fixed,
        reached: reached(6),
        current: CustomerLabel::Done,
        act: ActView {
            urge: Urge::No,
            message: true,
            other_time: false,
            again: None,
            once: "01KAH7".into(),
        },
        report: Some(report(lang)),
        rating: Some(Rating::Ask(RatingForm {
            once: "01KAH8".into(),
            ..RatingForm::default()
        })),
        ..received(lang)
    }
}

fn report(lang: Lang) -> ReportView {
    let remedy = say(
        lang,
        "更换皮带，调整张力，试运行 10 次正常。",
        "Replaced and tensioned the belt; 10 test runs were fine.",
    );
    let name = say(lang, "王女士", "Ms Wong");
    ReportView {
        result: VisitResult::Fixed,
        cause: Some(say(lang, "门机皮带磨损", "The door belt was worn")),
        remedy: Some(remedy),
        parts: vec![say(lang, "门机皮带 DR-220 × 1 件", "Door belt DR-220 × 1 pc")],
        on_site: Some(window("20T12:20", "20T13:40")),
        signature: Some(Signature {
            name,
            at: ago(12),
            src: SIGNATURE.into(),
        }),
        pdf: Some("/t/test/report.pdf".into()),
    }
}

/// Called off before anybody set out.
pub(crate) fn cancelled(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::Cancelled,
        reached: [Some(ago(185)), Some(ago(160)), None, None, None, Some(ago(90))],
        report: None,
        rating: None,
        ..done(lang)
    }
}

/// Called off while an engineer without signal was at work.
pub(crate) fn cancelled_yet_done(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::CancelledYetDone(ago(90)),
        rating: None,
        ..done(lang)
    }
}

/// Given to a colleague while the first engineer was at work.
pub(crate) fn moved_yet_done(lang: Lang) -> TrackView {
    TrackView {
        late: Some(Late::AfterReassignment),
        sent: None,
        ..assigning(lang)
    }
}

/// Ended by HQ while an engineer was at work.
pub(crate) fn ended_yet_done(lang: Lang) -> TrackView {
    TrackView {
        headline: Headline::Closed,
        late: Some(Late::AfterEnd),
        ..done(lang)
    }
}

/// Urged again at once, and written too much.
pub(crate) fn too_soon(lang: Lang) -> TrackView {
    TrackView {
        sent: Some(Sent::Not(NotSent::Urged(ahead(30)))),
        act: ActView {
            message: false,
            other_time: false,
            again: Some(ahead(8)),
            ..assigning(lang).act
        },
        ..assigning(lang)
    }
}

/// Words without stars.
pub(crate) fn rating_wrong(lang: Lang) -> TrackView {
    let text = Field::of(say(lang, "准时，讲解清楚", "On time and clear"));
    TrackView {
        sent: Some(Sent::Not(NotSent::Incomplete)),
        rating: Some(Rating::Ask(RatingForm {
            once: "01KAH8".into(),
            stars: Field::default().wrong(FieldError::Required),
            text,
        })),
        ..done(lang)
    }
}

pub(crate) fn rated(lang: Lang) -> TrackView {
    TrackView {
        rating: Some(Rating::Given(5)),
        ..done(lang)
    }
}

pub(crate) fn message_form(lang: Lang) -> TrackFormView {
    form(
        lang,
        TrackForm::Message(Field::default().wrong(FieldError::Required), 500),
    )
}

pub(crate) fn message_too_many(lang: Lang) -> TrackFormView {
    let text = say(
        lang,
        "请带 A4 纸，楼下打不到车。",
        "Please bring A4 paper, the shop is shut.",
    );
    TrackFormView {
        not: Some(NotSent::TooMany(ahead(8))),
        ..form(lang, TrackForm::Message(Field::of(text), 500))
    }
}

pub(crate) fn time_form(lang: Lang) -> TrackFormView {
    let slots = vec![choice(
        "s1",
        &say(lang, "11月21日 周六 09:00-11:00", "Sat 21 Nov 09:00-11:00"),
    )];
    let (slot, from, to) = (Field::default(), Field::default(), Field::default());
    form(
        lang,
        TrackForm::Time {
            slots,
            slot,
            from,
            to,
        },
    )
}

fn form(lang: Lang, form: TrackForm) -> TrackFormView {
    let company = desk::company(lang);
    TrackFormView {
        token: TOKEN.into(),
        company,
        number: "T-2048".into(),
        once: "01KAH7".into(),
        form,
        not: None,
    }
}
