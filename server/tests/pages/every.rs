//! Every page in several states, by name.

use super::sample::{self, customer, desk, frame, ticket as t};
use fieldline_server::page::shell::Flash;
use fieldline_server::page::sign_in::SignInError;
use fieldline_server::page::trouble::{Audience, Trouble, TroubleView};
use fieldline_server::page::{
    engineers, enrol, held, knowledge, new_ticket, parts, queue, sign_in, ticket, track, trouble,
};
use fieldline_server::words::Lang;

/// Name and markup of every page in this language.
pub(crate) fn every_page(lang: Lang) -> Vec<(&'static str, String)> {
    let mut pages = desk_pages(lang);
    pages.extend(track_pages(lang));
    pages
}

fn desk_pages(lang: Lang) -> Vec<(&'static str, String)> {
    let hq = frame(lang, "/hq?state=new");
    let mut waiting = frame(lang, "/hq/held");
    waiting.held = Some(100);
    let mut told = frame(lang, "/hq/tickets/01");
    told.flash = Some(Flash::Assigned(sample::say(lang, "李伟", "Robin Hill")));
    let broken = TroubleView {
        trouble: Trouble::Broken,
        audience: Audience::Desk,
        id: Some("01KAH7Y3".into()),
        again: Some("/hq".into()),
    };
    vec![
        (
            "sign-in",
            sign_in::sign_in(lang, &desk::sign_in(lang, None)).into_string(),
        ),
        (
            "sign-in-wrong",
            sign_in::sign_in(lang, &desk::sign_in(lang, Some(SignInError::Wrong))).into_string(),
        ),
        (
            "link",
            sign_in::sign_in_link(lang, &desk::link(lang, true)).into_string(),
        ),
        (
            "link-spent",
            sign_in::sign_in_link(lang, &desk::link(lang, false)).into_string(),
        ),
        ("queue", queue::queue(&hq, &desk::queue(lang)).into_string()),
        (
            "queue-empty",
            queue::queue(&hq, &desk::empty_queue()).into_string(),
        ),
        (
            "new-ticket",
            new_ticket::new_ticket(&hq, &desk::new_ticket(lang, false)).into_string(),
        ),
        (
            "new-ticket-wrong",
            new_ticket::new_ticket(&hq, &desk::new_ticket(lang, true)).into_string(),
        ),
        ("ticket-fresh", ticket::ticket(&hq, &t::fresh(lang)).into_string()),
        (
            "ticket-planned",
            ticket::ticket(&told, &t::planned(lang)).into_string(),
        ),
        ("ticket-busy", ticket::ticket(&hq, &t::busy(lang)).into_string()),
        (
            "engineers",
            engineers::engineers(&hq, &desk::engineers(lang)).into_string(),
        ),
        ("enrol", enrol::enrol(&hq, &desk::enrol(lang)).into_string()),
        ("revoke", enrol::revoke(&hq, &desk::revoke(lang)).into_string()),
        (
            "revoke-wrong",
            enrol::revoke(&hq, &desk::revoke_wrong(lang)).into_string(),
        ),
        ("held", held::held(&waiting, &desk::held(lang)).into_string()),
        ("parts", parts::parts(&hq, &desk::parts(lang)).into_string()),
        (
            "articles",
            knowledge::articles(&hq, &desk::articles(lang)).into_string(),
        ),
        (
            "article",
            knowledge::article(&hq, &desk::article(lang)).into_string(),
        ),
        (
            "not-found",
            trouble::not_found(lang, Audience::Desk).into_string(),
        ),
        ("broken", trouble::trouble(lang, &broken).into_string()),
    ]
}

/// The customer's pages.
pub(crate) fn track_pages(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |view| track::track(lang, sample::now(), &view).into_string();
    let form = |view| track::act::track_form(lang, sample::now(), &view).into_string();
    vec![
        ("track-received", page(customer::received(lang))),
        ("track-assigning", page(customer::assigning(lang))),
        ("track-on-the-way", page(customer::on_the_way(lang))),
        ("track-no-position", page(customer::no_position(lang))),
        ("track-moved", page(customer::moved(lang))),
        ("track-waiting", page(customer::waiting(lang))),
        ("track-done", page(customer::done(lang))),
        ("track-cancelled", page(customer::cancelled(lang))),
        (
            "track-cancelled-yet-done",
            page(customer::cancelled_yet_done(lang)),
        ),
        ("track-moved-yet-done", page(customer::moved_yet_done(lang))),
        ("track-ended-yet-done", page(customer::ended_yet_done(lang))),
        ("track-too-soon", page(customer::too_soon(lang))),
        ("track-rated", page(customer::rated(lang))),
        ("track-rating-wrong", page(customer::rating_wrong(lang))),
        ("track-message", form(customer::message_form(lang))),
        ("track-message-too-many", form(customer::message_too_many(lang))),
        ("track-time", form(customer::time_form(lang))),
    ]
}

/// Every trouble, told to each of its readers.
pub(crate) fn troubles(lang: Lang) -> Vec<(Audience, Trouble, String)> {
    let mut pages = Vec::new();
    for audience in [Audience::Desk, Audience::Customer] {
        for kind in Trouble::ALL {
            let view = TroubleView {
                trouble: kind,
                audience,
                id: None,
                again: None,
            };
            pages.push((audience, kind, trouble::trouble(lang, &view).into_string()));
        }
    }
    pages
}
