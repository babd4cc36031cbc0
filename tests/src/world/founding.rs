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

    fn enrol(&mut self, n: usize) {
        let engineer = self.phones[n].engineer;
        let code = self
            .hq
            .ask(async move |app| app.enrol_code(engineer, CODE_MS).await.expect("a code").code)
            .expect("no power cut yet");
        let now = self.clock.now();
        let Done::Well(enrol) =
            self.phones[n].run(now, |engine, moment| engine.enrol_request(&code, "phone", moment))
        else {
            panic!("phone {n} does not ask to enrol")
        };
        let body = pack(&enrol).expect("a message");
        let request = Request {
            path: ENROL.into(),
            token: None,
            body,
        };
        let answer = self.hq.call(request).expect("the server answers");
        let enrolled: Enrolled = unpack(&answer.body).expect("an answer to the code");
        let done = self.phones[n].run(now, |engine, moment| engine.enrol_take(&enrolled, URL, moment));
        assert!(
            matches!(done, Done::Well(())),
            "phone {n} does not enrol: {done:?}"
        );
    }
}
