//! A server and one phone in one process, without a network: what benches measure. It can listen where a test needs one.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum_server::Handle;
use fieldline_engine::clock::with_moment;
use fieldline_engine::{Config, Engine};
use fieldline_model::id::{DocumentId, EngineerId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_server::app::{App, Edge, Options};
use tokio::runtime::Runtime;

use crate::world::cast;

/// A server with one enrolled phone.
pub struct Kit {
    /// What drives the server.
    pub runtime: Runtime,
    /// The server.
    pub app: App,
    /// The phone.
    pub engine: Arc<Engine>,
    /// The tickets offered to the phone's engineer.
    pub tickets: Vec<(TicketId, VisitId)>,
}

impl std::fmt::Debug for Kit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kit")
            .field("tickets", &self.tickets.len())
            .finish_non_exhaustive()
    }
}

fn visit_of(n: usize) -> VisitId {
    let mut bytes = [3; 16];
    bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
    VisitId::from_bytes(bytes)
}

impl Kit {
    /// Opens a server and a phone in `dir` and gives the phone so many tickets, not yet synced.
    ///
    /// # Panics
    /// When anything fails.
    #[must_use]
    pub fn new(dir: &Path, tickets: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let app = runtime.block_on(async {
            App::open(dir, Edge::system(), Options::default()).expect("the server opens")
        });
        let hq = Author::Staff(cast::dispatcher());
        let given = runtime.block_on(async {
            app.put_rows(cast::rows(1)).await.expect("rows are written");
            let mut given = Vec::with_capacity(tickets);
            for n in 0..tickets {
                let facts = fieldline_model::operation::TicketFacts {
                    number: String::new(),
                    fault_text: format!("{n} 号机压力不足，夜里停机两次，已断电等待检修"),
                    ..cast::facts(n)
                };
                let ticket = app.create_ticket(hq, facts).await.expect("a ticket is opened");
                let visit = visit_of(n);
                let offer = Act::Offer {
                    visit,
                    to: vec![cast::engineer(0)],
                    plan: None,
                };
                app.perform(hq, DocumentId::from(ticket), offer, None)
                    .await
                    .expect("a visit is offered");
                given.push((ticket, visit));
            }
            given
        });
        let engine = Arc::new(open_phone(&dir.join("phone.db")));
        let kit = Self {
            runtime,
            app,
            engine,
            tickets: given,
        };
        kit.join(&kit.engine, cast::engineer(0));
        kit
    }

    /// A phone joins as this engineer's.
    ///
    /// # Panics
    /// When it may not.
    pub fn join(&self, phone: &Engine, engineer: EngineerId) {
        let code = self
            .runtime
            .block_on(self.app.enrol_code(engineer, 60_000))
            .expect("a code");
        let request =
            with_moment(|m| phone.enrol_request(&code.code, "bench", m)).expect("a request is made");
        let enrolled = self
            .runtime
            .block_on(self.app.enrol(request))
            .expect("the code is good");
        with_moment(|m| phone.enrol_take(&enrolled, "http://127.0.0.1:1", m)).expect("it is taken");
    }

    /// Answers on a socket, until the handle says that it is enough.
    ///
    /// # Panics
    /// When there is no port.
    pub fn listen(&self, address: SocketAddr, service: Router) -> (SocketAddr, Handle<SocketAddr>) {
        let listener = TcpListener::bind(address).expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let bound = listener.local_addr().expect("an address");
        let handle = Handle::new();
        let _entered = self.runtime.enter();
        let server = axum_server::from_tcp(listener)
            .expect("a listener")
            .handle(handle.clone());
        self.runtime
            .spawn(server.serve(service.into_make_service_with_connect_info::<SocketAddr>()));
        (bound, handle)
    }

    /// Syncs until nothing is left. Returns the number of exchanges.
    ///
    /// # Panics
    /// When anything fails or it does not end.
    pub fn sync(&self) -> usize {
        for exchanges in 1..1_000 {
            let exchange = with_moment(|m| self.engine.sync_next(m))
                .expect("an exchange")
                .expect("enrolled");
            let token = self.engine.token().expect("a token");
            let reply = self
                .runtime
                .block_on(self.app.exchange(&token, exchange.clone()))
                .expect("a reply");
            let taken = with_moment(|m| self.engine.sync_take(&exchange, reply, m)).expect("it is taken");
            if !taken.more {
                return exchanges;
            }
        }
        panic!("the sync did not end")
    }

    /// The phone saves one act.
    ///
    /// # Panics
    /// When it may not.
    pub fn perform(&self, ticket: TicketId, act: Act) {
        with_moment(|m| self.engine.perform(ticket, act, m)).expect("it is saved");
    }
}

/// Stores are encrypted where this crate is built for that, so that both can be measured.
fn key() -> Option<fieldline_engine::StoreKey> {
    cfg!(feature = "encrypted")
        .then(|| fieldline_engine::StoreKey::new([7; fieldline_engine::STORE_KEY_BYTES]))
}

/// Opens a phone's store.
///
/// # Panics
/// When it cannot be opened.
#[must_use]
pub fn open_phone(path: &Path) -> Engine {
    let config = Config {
        path: path.to_owned(),
        app: "bench".into(),
        key: key(),
    };
    with_moment(|m| Engine::open(config, m)).expect("the phone opens")
}
