//! A small company: a customer with a machine, two engineers, people of every post, and browsers that keep cookies.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use fieldline_model::id::{
    AssetId, ContactId, CustomerId, DocumentId, EngineerId, LocationId, PartId, SiteId, TicketId, VisitId,
};
use fieldline_model::operation::{Act, Author, Position, Span, TicketFacts};
use fieldline_model::row::{
    Asset, Code, Contact, Customer, Engineer, Location, Part, PastWork, Row, Site, Stock,
};
use fieldline_model::time::Timestamp;
use fieldline_server::app::{App, Edge, Options};
use fieldline_server::auth::{NewStaff, Role};
use fieldline_server::store::StoreError;
use fieldline_server::web::page_router;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::phone::Phone;

/// A Friday at 14:00 in Shanghai.
pub(crate) const START: i64 = 1_795_154_400_000;
pub(crate) const MINUTE: i64 = 60_000;
/// What somebody nasty types into every field.
pub(crate) const NASTY: &str = "<script>alert('x')</script>\"&<img src=x onerror=1>";

pub(crate) fn id<T>(make: impl Fn([u8; 16]) -> T, n: u8) -> T {
    make([n; 16])
}

pub(crate) struct Scene {
    _dir: tempfile::TempDir,
    pub(crate) app: App,
    router: Router,
    clock: Arc<AtomicI64>,
    pub(crate) chen: EngineerId,
    pub(crate) sun: EngineerId,
    pub(crate) part: PartId,
    pub(crate) van: LocationId,
}

fn edge(clock: &Arc<AtomicI64>) -> Edge {
    let (clock, draws) = (Arc::clone(clock), AtomicU64::new(0));
    Edge {
        now: Arc::new(move || Timestamp::from_ms(clock.load(Ordering::Relaxed))),
        random: Arc::new(move |bytes| {
            for piece in bytes.chunks_mut(32) {
                let digest = Sha256::digest(draws.fetch_add(1, Ordering::Relaxed).to_be_bytes());
                piece.copy_from_slice(&digest[..piece.len()]);
            }
        }),
    }
}

impl Scene {
    pub(crate) async fn new() -> Scene {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let options = Options {
            organisation_name: Some("安恒设备服务".into()),
            ..Options::default()
        };
        let app = App::open(dir.path(), edge(&clock), options).unwrap();
        for role in Role::ALL {
            let name = role.word().to_owned();
            let staff = NewStaff {
                display_name: format!("{name} 小王"),
                name,
                role,
                lang: "zh".into(),
                password: None,
            };
            app.create_staff(staff).await.unwrap();
        }
        let scene = Scene {
            router: page_router(app.clone()),
            _dir: dir,
            app,
            clock,
            chen: id(EngineerId::from_bytes, 1),
            sun: id(EngineerId::from_bytes, 2),
            part: id(PartId::from_bytes, 3),
            van: id(LocationId::from_bytes, 4),
        };
        scene.app.put_rows(scene.rows()).await.unwrap();
        scene
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        let (customer, site) = (id(CustomerId::from_bytes, 5), id(SiteId::from_bytes, 6));
        let engineer = |id, name: &str, name_en: &str, skill: &str, van| {
            Row::Engineer(Engineer {
                id,
                name: name.into(),
                name_en: name_en.into(),
                skills: vec![skill.into()],
                van,
            })
        };
        let past = PastWork {
            number: "T-000009".into(),
            date: "2026-03-02".into(),
            fault: "PRN-JAM".into(),
            cause: "搓纸轮磨损".into(),
            remedy: "更换 / Replaced".into(),
        };
        vec![
            Row::Location(Location {
                id: self.van,
                van: true,
                name_zh: "一号车".into(),
                name_en: "Van 1".into(),
            }),
            engineer(self.chen, "陈立群", "Chen Liqun", "printer", Some(self.van)),
            engineer(self.sun, "孙晓峰", "Sun Xiaofeng", "aircon", None),
            Row::Customer(Customer {
                id: customer,
                name: "明澄律师事务所".into(),
                name_en: Some("Mingcheng Law Firm".into()),
                vip: Some("gold".into()),
                sla_plan: None,
                contract: Some("HT-1".into()),
            }),
            Row::Contact(Contact {
                id: id(ContactId::from_bytes, 7),
                customer,
                name: "周婉如".into(),
                phone: "13900001126".into(),
            }),
            Row::Site(Site {
                id: site,
                customer,
                city: "上海市".into(),
                district: "徐汇区".into(),
                address: "漕溪北路88号".into(),
                position: Some(Position {
                    lat: 31.192,
                    lon: 121.433,
                }),
            }),
            Row::Asset(Asset {
                id: id(AssetId::from_bytes, 8),
                site,
                category: "printer".into(),
                model: "ML-P3200".into(),
                model_zh: "激光打印机".into(),
                model_en: "Laser printer".into(),
                serial: "MLP32-1".into(),
                warranty_end: Some("2026-12-31".into()),
                history: vec![past],
            }),
            Row::Part(Part {
                id: self.part,
                number: "P001".into(),
                name_zh: "搓纸轮".into(),
                name_en: "Pickup roller".into(),
                models: vec![],
            }),
            Row::Stock(Stock {
                location: self.van,
                part: self.part,
                quantity: 3,
            }),
            Row::Code(Code {
                code: "PRN-JAM".into(),
                sort: "fault".into(),
                category: None,
                zh: "卡纸".into(),
                en: "Paper jam".into(),
            }),
        ]
    }

    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * MINUTE, Ordering::Relaxed);
    }

    /// A ticket of the customer with the machine.
    pub(crate) async fn ticket(&self, fault: &str) -> DocumentId {
        let facts = TicketFacts {
            customer: Some(id(CustomerId::from_bytes, 5)),
            contact: Some(id(ContactId::from_bytes, 7)),
            site: Some(id(SiteId::from_bytes, 6)),
            asset: Some(id(AssetId::from_bytes, 8)),
            category: Some("printer".into()),
            skills: vec!["printer".into()],
            fault: Some("PRN-JAM".into()),
            fault_text: fault.into(),
            vip: true,
            deadline: Some(Timestamp::from_ms(START + 240 * MINUTE)),
            ..TicketFacts::default()
        };
        self.app
            .create_ticket(Author::Server, facts)
            .await
            .unwrap()
            .into()
    }

    pub(crate) async fn hq(&self, document: DocumentId, act: Act) {
        self.app
            .perform(Author::Server, document, act, None)
            .await
            .unwrap();
    }

    /// Offers a visit for the next two hours.
    pub(crate) async fn offer(&self, document: DocumentId, to: EngineerId) -> VisitId {
        let visit = self.app.edge().id(VisitId::new);
        let now = self.app.now();
        let plan = Some(Span {
            start: now.plus_ms(60 * MINUTE),
            end: now.plus_ms(120 * MINUTE),
        });
        self.hq(
            document,
            Act::Offer {
                visit,
                to: vec![to],
                plan,
            },
        )
        .await;
        visit
    }

    /// Gives the open visit to Sun, without a time.
    pub(crate) async fn offer_unplanned(&self, document: DocumentId) -> VisitId {
        let page = self.app.store().read::<_, StoreError>(move |connection| {
            let sql = "SELECT id FROM visit WHERE ticket = ?1 AND withdrawn IS NULL";
            let ticket = document.ticket().unwrap().to_string();
            Ok(connection.query_row(sql, [ticket], |row| row.get::<_, String>(0))?)
        });
        let from: VisitId = page.await.unwrap().parse().unwrap();
        let visit = self.app.edge().id(VisitId::new);
        let (to, plan) = (vec![self.sun], None);
        let act = Act::Reassign {
            from,
            visit,
            to,
            plan,
        };
        self.hq(document, act).await;
        visit
    }

    pub(crate) async fn end_links(&self, document: DocumentId) {
        let ticket = document.ticket().unwrap();
        self.app.revoke_tracking(ticket, Author::Server).await.unwrap();
    }

    pub(crate) async fn link(&self, document: DocumentId) -> String {
        format!(
            "/t/{}",
            self.app
                .tracking_link(document.ticket().unwrap(), Author::Server)
                .await
                .unwrap()
                .token
        )
    }

    /// Works a visit to its end on a phone without contact, and pushes all of it an hour later.
    pub(crate) async fn worked_unreached(
        &self,
        phone: &mut Phone,
        ticket: DocumentId,
        visit: VisitId,
        end: Act,
    ) {
        let acts = [
            Act::Accept { visit },
            Act::Depart { visit, eta: None },
            Act::Arrive {
                visit,
                position: None,
            },
            Act::Start { visit },
            Act::UsePart {
                part: self.part,
                quantity: 2,
                from: self.van,
            },
            end,
        ];
        let mut offline = Vec::new();
        for act in acts {
            self.pass(30);
            offline.push((act, self.app.now()));
        }
        self.pass(60);
        phone.did_all(ticket, offline).await;
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self, language: &'static str) -> Browser<'_> {
        Browser {
            scene: self,
            language,
            cookies: Vec::new(),
        }
    }

    /// A browser signed in by a one-time link.
    pub(crate) async fn signed(&self, role: Role, language: &'static str) -> Browser<'_> {
        let staff = self.app.staff_named(role.word()).await.unwrap().unwrap();
        let link = self.app.signin_link(staff.id, MINUTE).await.unwrap();
        let session = self.app.sign_in_by_link(&link.reveal()).await.unwrap();
        let mut browser = self.browser(language);
        browser.cookies.push(("fieldline".into(), session.token.reveal()));
        browser
    }
}

pub(crate) fn address(document: DocumentId) -> String {
    let ticket: TicketId = document.ticket().unwrap();
    format!("/hq/tickets/{ticket}")
}

pub(crate) struct Browser<'a> {
    scene: &'a Scene,
    language: &'static str,
    pub(crate) cookies: Vec<(String, String)>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Answer {
    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) = self
            .body
            .split_once(&mark)
            .unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// The hidden fields of the form that posts to this address.
    pub(crate) fn form(&self, to: &str) -> Vec<(String, String)> {
        let mark = format!(" method=\"post\" action=\"{to}\"");
        let form = self.body.split(&mark).nth(1).unwrap_or_default();
        let form = form.split("</form>").next().unwrap_or_default();
        let fields = form.split("<input type=\"hidden\" name=\"").skip(1);
        let read = |field: &str| {
            let (name, rest) = field.split_once("\" value=\"")?;
            Some((name.to_owned(), rest.split('"').next()?.to_owned()))
        };
        fields.filter_map(read).collect()
    }

    /// A header, if it is there.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn has(&self, text: &str) -> &Answer {
        assert!(
            self.body.contains(text),
            "no “{text}” in {} {}",
            self.status,
            self.body
        );
        self
    }

    #[track_caller]
    pub(crate) fn lacks(&self, text: &str) -> &Answer {
        assert!(!self.body.contains(text), "“{text}” in {}", self.body);
        self
    }
}

impl Browser<'_> {
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "service.example.com")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn send(&mut self, request: Request<Body>) -> Response {
        let response = self.scene.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = line
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .split_once('=')
                .unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }

    async fn answer(&mut self, request: Request<Body>) -> Answer {
        let (parts, body) = self.send(request).await.into_parts();
        let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
        Answer {
            status: parts.status,
            to: parts.headers.get(header::LOCATION).map(text).unwrap_or_default(),
            body: String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap(),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.answer(request).await
    }

    /// A page that must be there.
    pub(crate) async fn page(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let escape = fieldline_server::auth::extract::query_value;
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", escape(value)))
            .collect();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .unwrap();
        self.answer(request).await
    }

    /// Sends a form of the page at `from` with its hidden fields.
    pub(crate) async fn submit(&mut self, from: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.page(from).await;
        let hidden: Vec<(&str, String)> = ["csrf", "once", "assigned", "link", "device"]
            .into_iter()
            .filter(|name| fields.iter().all(|(sent, _)| sent != name))
            .filter(|name| page.body.contains(&format!("type=\"hidden\" name=\"{name}\"")))
            .map(|name| (name, page.hidden(name)))
            .collect();
        let mut all: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        all.extend(fields);
        self.post(to, &all).await
    }

    /// Opens a live stream.
    pub(crate) async fn listen(&mut self, path: &str) -> Body {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        let response = self.send(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body()
    }
}
