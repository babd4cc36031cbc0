//! How a world begins: the company's rows, its stock and its one article; phones that join.

use fieldline_model::id::EngineerId;
use fieldline_model::operation::{ArticleHead, Section};
use fieldline_model::row::{Row, Stock};
use fieldline_model::wire::{Enrolled, pack, unpack};

use super::World;
use super::cast;
use super::network::Request;
use super::phone::{Done, Phone};

/// Where phones enrol.
const ENROL: &str = "/sync/v1/enrol";
/// How long a code for a new phone is good, in milliseconds.
const CODE_MS: i64 = 600_000;
/// What phones believe to be the server's address.
const URL: &str = "https://hq.example";

impl World {
    /// Rows, stock and the article.
    pub(super) fn found(&mut self, engineers: usize) {
        let mut rows = cast::rows(engineers);
        let locations = (0..engineers).map(cast::van).chain([cast::warehouse()]);
        rows.extend(locations.flat_map(|location| {
            cast::parts().into_iter().map(move |part| {
                Row::Stock(Stock {
                    location,
                    part,
                    quantity: cast::STOCK_AT_FIRST,
                })
            })
        }));
        let head = ArticleHead {
            manual: false,
            title_zh: "水泵".into(),
            title_en: "Pump".into(),
            category: Some("pump".into()),
            faults: vec!["P-01".into()],
            models: Vec::new(),
        };
        let section = Section {
            order: 1,
            heading_zh: "压力".into(),
            heading_en: "Pressure".into(),
            body_zh: "检查阀门".into(),
            body_en: "Check the valve".into(),
        };
        let article = self.article;
        self.hq
            .ask(async move |app| {
                app.put_rows(rows).await.expect("rows");
                app.publish_article(article, head, vec![section])
                    .await
                    .expect("article");
            })
            .expect("no power cut yet");
    }

    /// A new phone of this engineer, enrolled and in step.
    pub fn add_phone(&mut self, engineer: EngineerId) {
        let number = self.phones.len();
        let dir = self.phone_dir(number);
        let phone = Phone::new(number, engineer, &dir, self.dice.fork(), self.clock.now());
        self.phones.push(phone);
        self.enrol(number);
        self.settle();
    }

    /// Somebody at HQ makes a code, and the phone joins with it; again, where it has to.
    ///
    /// # Panics
    /// When either will not.
    pub fn enrol(&mut self, n: usize) {
        assert!(self.try_enrol(n), "phone {n} does not enrol");
    }

    /// As [`World::enrol`], in any weather. False when the phone died on the way or HQ was down.
    pub fn try_enrol(&mut self, n: usize) -> bool {
        self.try_enrol_as(n, self.phones[n].engineer)
    }

    /// As [`World::try_enrol`], with a code for this engineer.
    pub fn try_enrol_as(&mut self, n: usize, engineer: EngineerId) -> bool {
        self.repair_hq();
        let code = self
            .hq
            .ask(async move |app| Some(app.enrol_code(engineer, CODE_MS).await.ok()?.code));
        let Some(Some(code)) = code else { return false };
        let request = self.on(n, |engine, moment| engine.enrol_request(&code, "phone", moment));
        let Done::Well(enrol) = request else { return false };
        let body = pack(&enrol).expect("a message");
        let request = Request {
            path: ENROL.into(),
            token: None,
            body,
            ..Request::default()
        };
        let answer = self.hq.call(request);
        let Some(enrolled) = answer.and_then(|answer| unpack::<Enrolled>(&answer.body).ok()) else {
            return false;
        };
        let done = self.on(n, |engine, moment| engine.enrol_take(&enrolled, URL, moment));
        self.tally.count("phone.enrolled");
        matches!(done, Done::Well(()))
    }

    /// Phones that say that they must be enrolled are.
    pub(super) fn enrol_where_told(&mut self, n: usize) {
        let told = self.on(n, |engine, _| engine.status());
        if matches!(told, Done::Well(status) if status.must_enrol) {
            self.try_enrol(n);
        }
    }
}
