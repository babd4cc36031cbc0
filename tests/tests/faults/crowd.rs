//! Everybody comes back at once to a server that was restored (68): all phones take each step of healing side by side, and each
//! is killed between any two of its exchanges.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use fieldline_engine::Engine;
use fieldline_engine::clock::with_moment;
use fieldline_model::id::{DocumentId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::row::{Engineer, Row};
use fieldline_server::app::{App, Edge, Options};
use fieldline_server::backup;
use fieldline_server::store::StoreError;
use fieldline_server::store::fate::fate_get;
use fieldline_tests::kit::open_phone;
use fieldline_tests::world::cast;
use tokio::runtime::Runtime;

/// Threads that carry phones' exchanges.
const ROADS: usize = 8;
/// Engineers to whom a ticket is offered: so many phones hold each.
const HOLDERS: usize = 3;
/// More exchanges than any phone may need: two to heal, one to send, one to read, and as much again for what goes wrong.
const ROUNDS_MAX: usize = 8;

/// A phone with its app closed.
struct Closed {
    path: PathBuf,
    ticket: TicketId,
    visit: VisitId,
    saved: Vec<OperationId>,
    done: bool,
}

struct Crowd {
    dir: tempfile::TempDir,
    runtime: Runtime,
    app: Option<App>,
    phones: Vec<Mutex<Closed>>,
    /// Documents given back, and how often.
    given: Mutex<BTreeMap<DocumentId, usize>>,
}

fn engineer(n: usize) -> EngineerId {
    let mut bytes = [7; 16];
    bytes[8..].copy_from_slice(&(n as u64).to_be_bytes());
    EngineerId::from_bytes(bytes)
}

fn visit(n: usize) -> VisitId {
    let mut bytes = [3; 16];
    bytes[8..].copy_from_slice(&(n as u64).to_be_bytes());
    VisitId::from_bytes(bytes)
}

fn hq() -> Author {
    Author::Staff(cast::dispatcher())
}

impl Crowd {
    /// So many phones, each with a ticket of its own and two of others'.
    fn new(count: usize) -> Self {
        let dir = tempfile::tempdir().expect("room");
        let runtime = Runtime::new().expect("a runtime");
        let mut crowd = Self {
            dir,
            runtime,
            app: None,
            phones: Vec::new(),
            given: Mutex::default(),
        };
        crowd.start();
        let app = crowd.app();
        let mut rows = cast::rows(1);
        rows.extend((0..count).map(|n| {
            Row::Engineer(Engineer {
                id: engineer(n),
                name: format!("工程师{n}"),
                name_en: format!("Engineer {n}"),
                skills: Vec::new(),
                van: None,
            })
        }));
        let tickets = crowd.runtime.block_on(async {
            app.put_rows(rows).await.expect("rows");
            let mut tickets = Vec::with_capacity(count);
            for n in 0..count {
                let ticket = app.create_ticket(hq(), cast::facts(n)).await.expect("a ticket");
                let offer = Act::Offer {
                    visit: visit(n),
                    to: (0..HOLDERS).map(|more| engineer((n + more) % count)).collect(),
                    plan: None,
                };
                app.perform(hq(), ticket.into(), offer, None)
                    .await
                    .expect("an offer");
                tickets.push(ticket);
            }
            tickets
        });
        for (n, ticket) in tickets.into_iter().enumerate() {
            let path = crowd.dir.path().join(format!("phone{n}")).join("phone.db");
            std::fs::create_dir(path.parent().expect("a directory")).expect("room");
            crowd.phones.push(Mutex::new(Closed {
                path,
                ticket,
                visit: visit(n),
                saved: Vec::new(),
                done: false,
            }));
            crowd.enrol(n);
        }
        crowd
    }

    fn hq_dir(&self) -> PathBuf {
        self.dir.path().join("hq")
    }

    fn start(&mut self) {
        std::fs::create_dir_all(self.hq_dir()).expect("room");
        let _entered = self.runtime.enter();
        let app = App::open(&self.hq_dir(), Edge::system(), Options::default());
        self.app = Some(app.expect("the server opens"));
    }

    fn app(&self) -> App {
        self.app.clone().expect("it runs")
    }

    fn enrol(&self, n: usize) {
        let (app, phone) = (self.app(), self.phones[n].lock().expect("nobody died"));
        let engine = open_phone(&phone.path);
        let code = self.runtime.block_on(app.enrol_code(engineer(n), 60_000));
        let code = code.expect("a code").code;
        let request = with_moment(|m| engine.enrol_request(&code, "phone", m)).expect("a request");
        let enrolled = self.runtime.block_on(app.enrol(request)).expect("a good code");
        with_moment(|m| engine.enrol_take(&enrolled, "http://127.0.0.1:1", m)).expect("taken");
    }

    fn save(&self, act: impl Fn(VisitId) -> Act) {
        for phone in &self.phones {
            let mut phone = phone.lock().expect("nobody died");
            let act = act(phone.visit);
            let engine = open_phone(&phone.path);
            let saved = with_moment(|m| engine.perform(phone.ticket, act, m)).expect("saved");
            phone.saved.push(saved.operation);
        }
    }

    fn note(&self, text: &str) {
        self.save(|_| Act::Note { text: text.into() });
    }

    /// Everybody takes one step after the other, until nobody has anything left; how many steps that were.
    fn all_sync(&self) -> usize {
        for phone in &self.phones {
            phone.lock().expect("nobody died").done = false;
        }
        for round in 1..=ROUNDS_MAX {
            std::thread::scope(|scope| {
                for road in 0..ROADS {
                    scope.spawn(move || self.one_step(road));
                }
            });
            if self
                .phones
                .iter()
                .all(|phone| phone.lock().expect("nobody died").done)
            {
                return round;
            }
        }
        panic!("somebody still has something to say after {ROUNDS_MAX} exchanges");
    }

    fn one_step(&self, road: usize) {
        let app = self.app();
        for phone in self.phones.iter().skip(road).step_by(ROADS) {
            let mut phone = phone.lock().expect("nobody died");
            if phone.done {
                continue;
            }
            let engine = open_phone(&phone.path);
            phone.done = !self.exchange(&app, &engine);
        }
    }

    /// One exchange; whether there is more.
    fn exchange(&self, app: &App, engine: &Engine) -> bool {
        let next = with_moment(|m| engine.sync_next(m)).expect("an exchange");
        let exchange = next.expect("it is enrolled");
        for heal in exchange.heal.iter().filter(|heal| !heal.changes.is_empty()) {
            let mut given = self.given.lock().expect("nobody died");
            *given.entry(heal.document).or_default() += 1;
        }
        let token = engine.token().expect("a token");
        let reply = self.runtime.block_on(app.exchange(&token, exchange.clone()));
        let reply = reply.expect("a reply");
        let taken = with_moment(|m| engine.sync_take(&exchange, reply, m));
        taken.expect("it is taken").more
    }

    /// What HQ says of each thing that was ever saved.
    fn fates(&self) -> BTreeMap<OperationId, String> {
        let saved = self.phones.iter();
        let saved = saved.flat_map(|phone| phone.lock().expect("nobody died").saved.clone());
        let saved: Vec<OperationId> = saved.collect();
        let read = move |connection: &rusqlite::Connection| {
            let mut fates = BTreeMap::new();
            for id in saved {
                if let Some(fate) = fate_get(connection, id)? {
                    fates.insert(id, format!("{} {:?}", fate.fate, fate.code));
                }
            }
            Ok::<_, StoreError>(fates)
        };
        self.app().store().read_blocking(read).expect("readable")
    }

    fn hq_notes(&self) -> i64 {
        let sql = "SELECT count(*) FROM event WHERE act = 'note' AND author LIKE '%staff%'";
        let read =
            move |c: &rusqlite::Connection| Ok::<_, StoreError>(c.query_row(sql, [], |row| row.get(0))?);
        self.app().store().read_blocking(read).expect("readable")
    }

    fn put_back(&mut self, from: &Path) {
        let app = self.app.take();
        drop(app);
        backup::put_back(&self.hq_dir(), from, &Edge::system(), true).expect("a sound backup");
        self.start();
    }
}

fn heals_a_crowd(count: usize) {
    let mut crowd = Crowd::new(count);
    crowd.all_sync();
    crowd.note("before the backup");
    crowd.all_sync();
    let taken = crowd.dir.path().join("backup");
    backup::take(&crowd.hq_dir(), &taken, (Edge::system().now)()).expect("a backup");

    crowd.save(|visit| Act::Accept { visit });
    crowd.all_sync();
    let app = crowd.app();
    for phone in &crowd.phones {
        let ticket = phone.lock().expect("nobody died").ticket;
        let note = Act::Note {
            text: "HQ's own, lost".into(),
        };
        crowd
            .runtime
            .block_on(app.perform(hq(), ticket.into(), note, None))
            .expect("HQ notes");
    }
    drop(app);
    crowd.all_sync();
    crowd.note("not sent");
    let (before, of_hq) = (crowd.fates(), crowd.hq_notes());
    assert_eq!(
        (before.len(), of_hq),
        (2 * count, i64::try_from(count).expect("few"))
    );

    crowd.put_back(&taken);
    assert_eq!(
        (crowd.fates().len(), crowd.hq_notes()),
        (count, 0),
        "the fault fired"
    );
    let rounds = crowd.all_sync();
    let after = crowd.fates();
    assert_eq!(after.len(), 3 * count, "nothing is lost");
    assert!(
        before.iter().all(|(id, fate)| after.get(id) == Some(fate)),
        "fates stay"
    );
    assert_eq!(crowd.hq_notes(), of_hq, "nor of what HQ wrote itself");
    let given = crowd.given.lock().expect("nobody died");
    assert_eq!(given.len(), count, "each ticket was given back");
    let most = given.values().max().copied().unwrap_or(0);
    assert!(most <= HOLDERS, "a ticket was given back {most} times");
    for phone in &crowd.phones {
        let engine = open_phone(&phone.lock().expect("nobody died").path);
        let status = engine.status().expect("a status");
        assert!(status.saved_here == 0 && status.complete, "{status:?}");
    }
    assert!(
        rounds <= 4,
        "somebody took {rounds} exchanges to be healed, sent and read"
    );
}

#[test]
fn fault_068_a_crowd_of_phones_heals_at_once() {
    heals_a_crowd(24);
}

#[test]
#[ignore = "five thousand phones take minutes"]
fn fault_068_5_000_phones_heal_at_once() {
    heals_a_crowd(5_000);
}
