//! Two who finish one visit without knowing of each other: one report counts, and the page says what became of the other.

use fieldline_model::id::VisitId;
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{Scene, address};

fn trip(visit: VisitId, text: &str) -> Vec<Act> {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: text.into(),
    };
    vec![
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Finish { visit, completion },
    ]
}

async fn goes(scene: &Scene, phone: &mut Phone, ticket: fieldline_model::id::DocumentId, acts: Vec<Act>) {
    let mut steps = Vec::new();
    for act in acts {
        scene.pass(10);
        steps.push((act, scene.app.now()));
    }
    phone.did_all(ticket, steps).await;
}

fn number(list: &str, word: &str) -> usize {
    let found = list.split_once(&format!("{word}</span> <strong>"));
    found.map_or(0, |(_, rest)| rest.split('<').next().unwrap().parse().unwrap())
}

/// "Merged 10, Overruled 1" stood beside four lines that said overruled; and the visit was over before it began.
#[tokio::test]
async fn the_page_counts_what_its_lines_say_and_mixes_no_two_phones() {
    let mut displaced = 0;
    for nth in 1..=4 {
        let scene = Scene::new().await;
        let ticket = scene.ticket("卡纸").await;
        let visit = scene.offer(ticket, scene.chen).await;
        let mut one = Phone::join(&scene.app, scene.chen).await;
        let mut two = Phone::join_as(&scene.app, scene.chen, nth).await;
        one.sync().await;
        one.does(ticket, Act::Accept { visit }).await;
        two.sync().await;
        goes(&scene, &mut one, ticket, trip(visit, "on the first phone")).await;
        goes(&scene, &mut two, ticket, trip(visit, "on the second phone")).await;

        let mut browser = scene.signed(Role::Dispatcher, "en").await;
        let shown = browser.page(&address(ticket)).await;
        let (_, list) = shown.body.split_once("ticket-fates").unwrap();
        let list = list.split("</ul>").next().unwrap();
        assert_eq!(
            (number(list, "Merged"), number(list, "Overruled")),
            (7, 4),
            "{list}"
        );
        let (_, timeline) = shown.body.split_once("id=\"timeline\"").unwrap();
        let timeline = timeline.split("</ol>").next().unwrap();
        assert_eq!(timeline.matches("Overruled</span>").count(), 4, "{timeline}");
        displaced += usize::from(list.contains("Of those overruled, merged at first: 4"));
        let [visits, reviews] = ["part-visits", "part-reviews"].map(|id| section(&shown.body, id));
        let times = if reviews.contains("on the second phone") {
            "14:20-14:40"
        } else {
            "15:00-15:20"
        };
        assert!(visits.contains(times), "{visits}");
        assert!(reviews.contains("Two reports of one visit"), "{reviews}");
    }
    assert!(displaced > 0, "in no scene was merged work displaced");
}

fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).unwrap();
    rest.split("</section>").next().unwrap()
}

#[tokio::test]
async fn a_report_of_a_colleagues_visit_is_reviewed_with_both_names() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.app.edge().id(VisitId::new);
    let to = vec![scene.chen, scene.sun];
    let plan = None;
    scene.hq(ticket, Act::Offer { visit, to, plan }).await;
    let mut chen = Phone::join(&scene.app, scene.chen).await;
    let mut sun = Phone::join(&scene.app, scene.sun).await;
    chen.sync().await;
    sun.sync().await;
    for (phone, text) in [(&mut chen, "first"), (&mut sun, "second")] {
        let acts = [vec![Act::Accept { visit }], trip(visit, text)].concat();
        goes(&scene, phone, ticket, acts).await;
    }
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let shown = browser.page(&address(ticket)).await;
    shown
        .has("Another report of a colleague's visit")
        .has("Sun Xiaofeng finished this visit")
        .has("the acceptance of Chen Liqun had reached HQ first")
        .has("A colleague's acceptance reached HQ first");
    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    browser
        .page(&address(ticket))
        .await
        .has("陈立群的接单先到总部")
        .lacks("您的完工");
}
