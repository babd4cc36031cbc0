//! What must hold for every page: language, policy, size, labels, escaping.

#[path = "pages/every.rs"]
mod every;
#[path = "pages/sample.rs"]
mod sample;

use every::{every_page, track_pages, troubles};
use fieldline_server::page::held::HeldView;
use fieldline_server::page::parts::PartsView;
use fieldline_server::page::trouble::Audience;
use fieldline_server::page::{assets, held, parts, queue, ticket, track};
use fieldline_server::words::Lang;

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

/// Everything the customer's page loads, uncompressed.
const TRACK_BYTES_MAX: usize = 50_000;

#[test]
fn the_customers_page_with_all_it_loads_stays_small() {
    let files = ["track.css", "track.js"].map(|name| assets::find(name).expect("embedded").body.len());
    for lang in BOTH {
        for (name, page) in track_pages(lang) {
            let sum = page.len() + files.iter().sum::<usize>();
            assert!(sum < TRACK_BYTES_MAX, "{name}: {sum} bytes");
        }
    }
}

#[test]
fn english_pages_show_no_chinese_but_the_switch() {
    for (name, page) in every_page(Lang::En) {
        let rest = page.replace("中文", "");
        assert!(
            !rest.chars().any(|c| ('\u{3000}'..='\u{9fff}').contains(&c)),
            "{name}"
        );
        assert!(page.contains("<html lang=\"en\">"), "{name}");
    }
}

#[test]
fn a_strict_content_policy_holds() {
    for (name, page) in BOTH.into_iter().flat_map(every_page) {
        for forbidden in [
            "<style",
            " style=",
            " onclick",
            " onload",
            "javascript:",
            "<iframe",
        ] {
            assert!(!page.contains(forbidden), "{name} has {forbidden}");
        }
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/web/"), "{name} has an inline script");
        }
    }
}

#[test]
fn every_form_that_posts_carries_its_token() {
    for (name, page) in BOTH.into_iter().flat_map(every_page) {
        let token = if name.starts_with("track") {
            "name=\"once\""
        } else {
            "name=\"csrf\""
        };
        for form in page
            .split("<form")
            .skip(1)
            .filter(|form| form.contains("method=\"post\""))
        {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(form.contains(token), "{name}: {form}");
        }
    }
}

#[test]
fn ids_stand_once_and_labels_point_to_them() {
    for (name, page) in BOTH.into_iter().flat_map(every_page) {
        let ids: Vec<&str> = attribute_values(&page, " id=\"");
        for id in &ids {
            assert_eq!(
                ids.iter().filter(|other| other == &id).count(),
                1,
                "{name}: id {id}"
            );
        }
        for target in attribute_values(&page, " for=\"")
            .into_iter()
            .chain(attribute_values(&page, "labelledby=\""))
        {
            assert!(ids.contains(&target), "{name}: nothing has id {target}");
        }
    }
}

fn attribute_values<'a>(page: &'a str, start: &str) -> Vec<&'a str> {
    page.split(start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn what_people_typed_is_escaped() {
    let evil = "<script>alert(1)</script>\"'";
    let mut row = sample::desk::queue_row(Lang::En, 0);
    row.fault = evil.to_owned();
    let row = queue::queue_row(Lang::En, sample::now(), &row).into_string();
    let mut view = sample::customer::on_the_way(Lang::En);
    view.fault = evil.to_owned();
    view.messages[0].text = evil.to_owned();
    let page = track::track(Lang::En, sample::now(), &view).into_string();
    for html in [row, page] {
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
    }
}

#[test]
fn the_engineer_is_shown_only_where_the_view_holds_one() {
    let before = track::track(Lang::En, sample::now(), &sample::customer::assigning(Lang::En)).into_string();
    let during = track::track(Lang::En, sample::now(), &sample::customer::on_the_way(Lang::En)).into_string();
    assert!(!before.contains("Robin") && !before.contains("tel:"));
    assert!(
        during.contains("Robin H.") && during.contains("About 3 km away") && during.contains("6 min ago")
    );
}

#[test]
fn the_live_fragment_is_the_very_part_of_the_page() {
    for lang in BOTH {
        let view = sample::customer::on_the_way(lang);
        let page = track::track(lang, sample::now(), &view).into_string();
        assert!(page.contains(&track::track_fragment(lang, sample::now(), &view).into_string()));
    }
}

#[test]
fn a_page_that_holds_typed_text_never_reloads_itself() {
    for (name, page) in BOTH.into_iter().flat_map(track_pages) {
        assert!(
            !(page.contains("<textarea") && page.contains("http-equiv=\"refresh\"")),
            "{name}"
        );
    }
}

#[test]
fn live_entries_are_the_lines_of_the_timeline() {
    let view = sample::ticket::busy(Lang::Zh);
    let frame = sample::frame(Lang::Zh, "/hq");
    let page = ticket::ticket(&frame, &view).into_string();
    for item in &view.timeline {
        let line = ticket::timeline::timeline_item(Lang::Zh, sample::now(), item).into_string();
        assert!(line.starts_with("<li") && page.contains(&line));
    }
}

/// "Unconfirmed" stood beside a part without saying what, or by whom.
#[test]
fn a_part_that_no_stock_covers_says_what_is_short() {
    for (lang, words) in [(Lang::Zh, "账面已为负"), (Lang::En, "Stock there is below zero")] {
        let view = sample::ticket::busy(lang);
        let page = ticket::ticket(&sample::frame(lang, "/hq"), &view).into_string();
        let shown = page.matches(words).count();
        let short = view.parts.iter().filter(|part| part.is_short).count();
        assert_eq!((shown, short), (1, 1), "{words}");
    }
}

/// A cancelled ticket is done, and nothing about it is green, ticked or passed that did not happen.
#[test]
fn a_cancelled_ticket_tells_one_story() {
    let page = |view| track::track(Lang::En, sample::now(), &view).into_string();
    let cancelled = page(sample::customer::cancelled(Lang::En));
    let late = page(sample::customer::cancelled_yet_done(Lang::En));
    for (page, ending) in [(&cancelled, "Cancelled"), (&late, "Completed after cancellation")] {
        let (_, now) = page.split_once("aria-current=\"step\"").expect("a step");
        let now = now.split("</li>").next().unwrap_or_default();
        assert!(now.contains("Done") && now.contains(ending), "{now}");
        assert!(!page.contains("c-done"), "nothing is green");
    }
    assert_eq!(
        cancelled.matches("class=\"skipped\"").count(),
        3,
        "nobody set out"
    );
    assert_eq!(cancelled.matches("(skipped)").count(), 3);
    assert_eq!(
        late.matches("class=\"skipped\"").count(),
        0,
        "an engineer was there"
    );
    assert!(cancelled.contains("This ticket is cancelled"));
    assert!(late.contains("Cancelled, but an engineer still came") && late.contains("cancelled ("));
    assert!(!late.contains("name=\"rating\""));
}

#[test]
fn trouble_speaks_to_who_stands_there() {
    for lang in BOTH {
        for (audience, kind, page) in troubles(lang) {
            let for_desk = page.contains("href=\"/hq\"");
            assert_eq!(for_desk, audience == Audience::Desk, "{kind:?}");
            let words: &[&str] = match audience {
                Audience::Desk => &["发给您链接的公司", "打电话给我们", "the company that", "call us"],
                Audience::Customer => &[
                    "管理员",
                    "工单列表",
                    "岗位",
                    "手机上",
                    "admin",
                    "phones",
                    "tickets",
                    "Your post",
                ],
            };
            for word in words {
                assert!(!page.contains(word), "{audience:?} {kind:?} reads {word}");
            }
        }
    }
}

#[test]
fn a_card_that_the_page_cuts_says_how_many_of_the_ticket_it_takes_over() {
    for (lang, whole, cut) in [
        (
            Lang::En,
            "Take over all 2 of this ticket",
            "Take over these 2 of this ticket's 13, in order",
        ),
        (
            Lang::Zh,
            "采纳本工单全部 2 项",
            "采纳本页的 2 项（本工单共 13 项）",
        ),
    ] {
        let mut view = sample::desk::held(lang);
        let page = |view: &HeldView| held::held(&sample::frame(lang, "/hq/held"), view).into_string();
        assert!(page(&view).contains(whole) && !page(&view).contains(cut));
        view.rows.iter_mut().for_each(|row| row.of_ticket = 13);
        assert!(page(&view).contains(cut) && !page(&view).contains(whole));
        let back = lang.t(fieldline_server::words::held::PHONE_IS_BACK);
        assert!(!page(&view).contains(back));
        view.rows[0].back = true;
        assert!(
            page(&view).contains(back),
            "nothing else says that the rest will not wait"
        );
    }
}

/// A van stayed "in doubt" for weeks, and nothing said what to do about it.
#[test]
fn parts_in_doubt_say_what_ends_that_and_others_do_not() {
    for (lang, said) in [
        (Lang::Zh, "在该处盘点一次，一定核清"),
        (Lang::En, "a count there always ends it"),
    ] {
        let mut view = sample::desk::parts(lang);
        let draw = |view: &PartsView| parts::parts(&sample::frame(lang, "/hq/parts"), view).into_string();
        assert!(draw(&view).contains(said));
        view.rows.iter_mut().for_each(|row| row.in_doubt = 0);
        assert!(!draw(&view).contains(said));
    }
}
