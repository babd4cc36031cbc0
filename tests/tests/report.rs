//! The completion report: one paper, whoever draws it.
//!
//! A phone works a visit without a network, draws the report, and syncs. What HQ then answers by REST is what the phone
//! draws now, to the byte. Who may not know the customer, an unfinished visit and a server without a font are told so.

#![allow(clippy::unwrap_used, reason = "a test")]

use fieldline_engine::clock::with_moment;
use fieldline_engine::{EngineError, NewPhoto, Paper};
use fieldline_model::id::{TicketId, VisitId};
use fieldline_model::operation::{Act, Answer, Author, Completion, PauseReason, PhotoKind, VisitResult};
use fieldline_model::reason::Lang;
use fieldline_report::testing::{drawn, font, jpeg};
use fieldline_server::auth::{NewStaff, Role};
use fieldline_tests::photos::{Stage, photo};
use fieldline_tests::world::cast;
use reqwest::Response;

const MINUTE_MS: i64 = 60_000;
const ZH: Paper = Paper {
    lang: Lang::Zh,
    utc_offset_minutes: 480,
};
const NOTE: &str = "内部备注不给客户看";

fn perform(stage: &Stage, ticket: TicketId, act: Act) {
    with_moment(|moment| stage.phones[0].perform(ticket, act, moment)).unwrap();
}

fn on_phone(stage: &Stage, ticket: TicketId, paper: &Paper) -> Result<Vec<u8>, EngineError> {
    with_moment(|moment| stage.phones[0].report(ticket, paper, &font(), moment))
}

/// A whole visit, all but its end.
fn work(stage: &Stage, ticket: TicketId) {
    let visit = VisitId::from_bytes(ticket.to_bytes());
    perform(stage, ticket, Act::Accept { visit });
    perform(stage, ticket, Act::Depart { visit, eta: None });
    perform(
        stage,
        ticket,
        Act::Arrive {
            visit,
            position: None,
        },
    );
    perform(stage, ticket, Act::Start { visit });
    let reason = PauseReason::Break;
    perform(stage, ticket, Act::Pause { visit, reason });
    perform(stage, ticket, Act::Resume { visit });
    perform(stage, ticket, Act::Note { text: NOTE.into() });
    let reading = Answer::Reading {
        value: 4.25,
        unit: "bar".into(),
    };
    let item = "p_in".to_owned();
    perform(
        stage,
        ticket,
        Act::Answer {
            item,
            answer: reading,
        },
    );
    let use_part = Act::UsePart {
        part: cast::parts()[0],
        quantity: 1,
        from: cast::van(0),
    };
    perform(stage, ticket, use_part);
    let before = NewPhoto {
        thumb: Some(jpeg(&[])),
        kind: PhotoKind::Before,
        ..photo(1, 40_000, "拆开时")
    };
    stage.take(0, ticket, before).unwrap();
}

fn finish(stage: &Stage, ticket: TicketId) {
    let sign = Act::Sign {
        name: "李女士".into(),
        path: "M10 20L300 100Q400 20 590 180".into(),
    };
    perform(stage, ticket, sign);
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换了垫圈，试压正常。".into(),
    };
    let visit = VisitId::from_bytes(ticket.to_bytes());
    perform(stage, ticket, Act::Finish { visit, completion });
}

fn token(stage: &Stage, role: Role) -> String {
    let staff = NewStaff {
        name: format!("reader-{}", role.word()),
        display_name: role.word().to_owned(),
        role,
        lang: "en".into(),
        password: None,
    };
    stage.runtime.block_on(async {
        let staff = stage.app().create_staff(staff).await.unwrap();
        let token = stage
            .app()
            .create_api_token(role.word(), staff.id, role, None)
            .await
            .unwrap();
        token.reveal()
    })
}

/// Status, content type and body.
fn get(stage: &Stage, token: Option<&str>, path: &str) -> (u16, String, Vec<u8>) {
    let url = format!("http://{}{path}", stage.address());
    let _ = rustls::crypto::ring::default_provider().install_default();
    stage.runtime.block_on(async {
        let mut request = reqwest::Client::new().get(url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response: Response = request.send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        (
            response.status().as_u16(),
            kind,
            response.bytes().await.unwrap().to_vec(),
        )
    })
}

fn rest(ticket: TicketId, lang: &str) -> String {
    format!("/api/v1/tickets/{ticket}/report.pdf?lang={lang}")
}

fn says(pdf: &[u8]) -> String {
    drawn(pdf).into_iter().map(|line| line.text + "\n").collect()
}

#[test]
fn phone_and_hq_draw_the_same_paper_once_they_have_the_same() {
    let stage = Stage::new(1);
    let ticket = stage.ticket(&[0]);
    stage.sync(0).unwrap();
    work(&stage, ticket);
    let unfinished = on_phone(&stage, ticket, &ZH).unwrap_err();
    assert_eq!(unfinished.code(), "not_finished");
    finish(&stage, ticket);

    let pending = says(&on_phone(&stage, ticket, &ZH).unwrap());
    assert!(pending.contains("尚未同步到总部"), "{pending}");
    stage.sync(0).unwrap();
    let manager = token(&stage, Role::Manager);
    for (lang, word) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let paper = Paper { lang, ..ZH };
        let here = on_phone(&stage, ticket, &paper).unwrap();
        assert_eq!(here, on_phone(&stage, ticket, &paper).unwrap());
        let (status, kind, there) = get(&stage, Some(&manager), &rest(ticket, word));
        assert_eq!((status, kind.as_str()), (200, "application/pdf"));
        assert!(here == there, "{} {}", says(&here), says(&there));
    }
    let here = on_phone(&stage, ticket, &ZH).unwrap();
    let text = says(&here);
    for told in [
        "已修复",
        "换了垫圈，试压正常。",
        "李女士",
        "4.25 bar",
        "处理前 · 拆开时",
        "第 1 页",
    ] {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    for hidden in [NOTE, "尚未同步到总部", "照片不在此处"] {
        assert!(!text.contains(hidden), "{hidden} is in {text}");
    }
    assert!(
        String::from_utf8_lossy(&here).contains("/Subtype /Image"),
        "the picture itself"
    );
    // What was not synced, and stands on no paper, makes none unfinished.
    perform(&stage, ticket, Act::Note { text: "later".into() });
    assert_eq!(on_phone(&stage, ticket, &ZH).unwrap(), here);
}

#[test]
fn a_report_is_for_those_who_may_know_the_customer() {
    let mut stage = Stage::new(1);
    let ticket = stage.ticket(&[0]);
    let (manager, keeper) = (token(&stage, Role::Manager), token(&stage, Role::Keeper));
    stage.sync(0).unwrap();
    work(&stage, ticket);
    stage.sync(0).unwrap();
    let asked = |stage: &Stage, token: Option<&str>, path: &str| {
        let (status, _, body) = get(stage, token, path);
        let code = serde_json::from_slice::<serde_json::Value>(&body).unwrap()["code"].clone();
        (status, code.as_str().unwrap().to_owned())
    };
    let unfinished = asked(&stage, Some(&manager), &rest(ticket, "zh"));
    assert_eq!(unfinished, (409, "not_finished".into()));
    finish(&stage, ticket);
    stage.sync(0).unwrap();
    assert_eq!(asked(&stage, None, &rest(ticket, "zh")).0, 401);
    assert_eq!(
        asked(&stage, Some(&keeper), &rest(ticket, "zh")),
        (403, "forbidden".into())
    );
    assert_eq!(
        asked(&stage, Some(&manager), &rest(ticket, "fr")),
        (400, "bad_query".into())
    );
    let nobody = TicketId::from_bytes([7; 16]);
    assert_eq!(
        asked(&stage, Some(&manager), &rest(nobody, "zh")),
        (404, "not_found".into())
    );

    std::fs::write(stage.font(), b"no font").unwrap();
    assert_eq!(
        asked(&stage, Some(&manager), &rest(ticket, "zh")),
        (503, "font_missing".into())
    );
    std::fs::remove_file(stage.font()).unwrap();
    stage.stop();
    stage.start();
    assert_eq!(
        asked(&stage, Some(&manager), &rest(ticket, "zh")),
        (503, "font_missing".into())
    );
}

#[test]
fn the_customers_link_offers_the_report_once_it_is_done_and_tells_no_more_than_its_page() {
    let mut stage = Stage::new(1);
    let ticket = stage.ticket(&[0]);
    stage.sync(0).unwrap();
    work(&stage, ticket);
    stage.sync(0).unwrap();
    let by = Author::Staff(cast::dispatcher());
    let link = stage
        .runtime
        .block_on(stage.app().tracking_link(ticket, by))
        .unwrap();
    let (page, pdf) = (
        format!("/t/{}?lang=zh", link.token),
        format!("/t/{}/report.pdf?lang=zh", link.token),
    );
    let offers = |stage: &Stage| {
        String::from_utf8(get(stage, None, &page).2)
            .unwrap()
            .contains("report.pdf")
    };
    assert!(!offers(&stage));
    let lost = get(&stage, None, &pdf);
    assert_eq!(lost.0, 404);
    finish(&stage, ticket);
    stage.sync(0).unwrap();
    stage.pass(MINUTE_MS);
    assert!(offers(&stage));
    let (status, kind, body) = get(&stage, None, &pdf);
    assert_eq!((status, kind.as_str()), (200, "application/pdf"));
    let told = says(&body);
    assert!(
        told.contains("换了垫圈，试压正常。") && told.contains("李女士"),
        "{told}"
    );
    for hidden in [NOTE, "4.25", "拆开时", "客户\n", "地址\n", "序列号\n"] {
        assert!(!told.contains(hidden), "{hidden} is in {told}");
    }
    // A link that leads nowhere is answered like any address that does.
    let other = get(&stage, None, "/t/AAAAAAAAAAAAAAAAAAAAAAAAAA/report.pdf?lang=zh");
    assert_eq!((other.0, other.2), (404, lost.2.clone()));
    std::fs::remove_file(stage.font()).unwrap();
    stage.stop();
    stage.start();
    assert!(!offers(&stage), "nothing is offered that cannot be drawn");
    assert_eq!(get(&stage, None, &pdf).0, 404);
}
