//! A phone that is open hears of news at once, over real sockets, and loses nothing where it cannot.
//!
//! Without the line a phone asks every [`POLL`]; what arrives within [`PATIENCE`], which is shorter, came by a hint.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::routing::any;
use axum_server::Handle;
use fieldline_engine::Changed;
use fieldline_engine::shell::{ClientConfig, POLL, Summary, SyncClient};
use fieldline_model::id::{DocumentId, StaffId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_server::app::{Bug, DATABASE_FILE};
use fieldline_server::auth::{NewStaff, Role};
use fieldline_server::http::{HttpOptions, router};
use fieldline_tests::kit::Kit;
use fieldline_tests::world::cast;
use fieldline_tests::world::check::look;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_secs(25);
/// Looks at what HQ shows of a phone.
const LOOKS_MAX: usize = 5_000;

/// A kit whose server listens and whose phone syncs for ever.
struct Open {
    kit: Kit,
    changed: Receiver<Changed>,
    address: SocketAddr,
    server: Option<Handle<SocketAddr>>,
    phone: JoinHandle<()>,
    client: SyncClient,
    _dir: tempfile::TempDir,
}

fn whole(kit: &Kit) -> Router {
    router(kit.app.clone(), HttpOptions::default())
}

impl Open {
    fn with(service: impl FnOnce(&Kit) -> Router) -> Self {
        const { assert!(PATIENCE.as_secs() < POLL.as_secs()) };
        let dir = tempfile::tempdir().expect("a directory");
        let kit = Kit::new(dir.path(), 1);
        let (address, server) = kit.listen((Ipv4Addr::LOCALHOST, 0).into(), service(&kit));
        kit.engine
            .set_server_url(&format!("http://{address}"))
            .expect("kept");
        let (tell, changed) = channel();
        kit.engine.observe(Arc::new(move |news: &Changed| {
            let _ = tell.send(news.clone());
        }));
        let client = SyncClient::new(Arc::clone(&kit.engine), &ClientConfig::default()).expect("a client");
        let run = client.clone();
        let phone = kit.runtime.spawn(async move { run.run().await });
        let open = Self {
            kit,
            changed,
            address,
            server: Some(server),
            phone,
            client,
            _dir: dir,
        };
        open.hear(open.kit.tickets[0].0);
        open
    }

    /// Waits until the phone shows something new of this ticket.
    fn hear(&self, ticket: TicketId) {
        loop {
            let news = self.changed.recv_timeout(PATIENCE).expect("news of the ticket");
            if news.documents.contains(&DocumentId::from(ticket)) {
                return;
            }
        }
    }

    fn hq_writes(&self, text: &str) -> TicketId {
        let ticket = self.kit.tickets[0].0;
        let staff: StaffId = cast::dispatcher();
        let note = Act::Note { text: text.into() };
        let written = self
            .kit
            .app
            .perform(Author::Staff(staff), ticket.into(), note, None);
        self.kit.runtime.block_on(written).expect("HQ writes");
        ticket
    }

    fn end_server(&mut self) {
        self.server.take().expect("a server").shutdown();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.phone.abort();
    }
}

#[test]
fn news_comes_without_asking() {
    let open = Open::with(whole);
    for text in ["先断电", "备件在仓库"] {
        open.hear(open.hq_writes(text));
    }
}

#[test]
fn a_line_that_broke_is_opened_again_and_what_was_missed_comes() {
    let mut open = Open::with(whole);
    open.hear(open.hq_writes("先断电"));
    open.end_server();
    let ticket = open.hq_writes("服务器停机时写的");
    let (_, server) = open.kit.listen(open.address, whole(&open.kit));
    open.server = Some(server);
    open.hear(ticket);
    // The first news may have come by asking; this comes by the new line.
    open.hear(open.hq_writes("恢复以后写的"));
}

/// What is on the screen, as HQ's REST tells it.
fn viewing(open: &Open, token: &str, ticket: TicketId) -> Value {
    let url = format!("http://{}/api/v1/tickets/{ticket}/viewing", open.address);
    open.kit.runtime.block_on(async {
        let asked = reqwest::Client::new().get(url).bearer_auth(token).send().await;
        let answer = asked.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("JSON")
    })
}

#[test]
fn the_ticket_on_the_screen_is_seen_at_hq_while_it_is_there() {
    // The client wants one even where nothing is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let open = Open::with(whole);
    let runtime = &open.kit.runtime;
    let staff = NewStaff {
        name: "script".into(),
        display_name: "script".into(),
        role: Role::Dispatcher,
        lang: "en".into(),
        password: None,
    };
    let app = &open.kit.app;
    let staff = runtime.block_on(app.create_staff(staff)).expect("a person");
    let token = app.create_api_token("script", staff.id, Role::Dispatcher, None);
    let token = runtime.block_on(token).expect("a token").reveal();
    let ticket = open.kit.tickets[0].0;
    let until = |wanted: usize| {
        // Each look is a request over a socket: so many take longer than the line, and end where nothing comes.
        for _ in 0..LOOKS_MAX {
            let said = viewing(&open, &token, ticket);
            if said["items"].as_array().map(Vec::len) == Some(wanted) {
                return said;
            }
        }
        panic!("never {wanted}");
    };
    until(0);
    open.client.viewing(Some(ticket));
    let said = until(1);
    let engineer = cast::engineer(0).to_string();
    assert_eq!(said["items"][0]["engineer"], engineer, "{said}");
    assert_eq!(said["items"][0]["staff"], Value::Null);
    open.client.viewing(None);
    until(0);
    // Nothing of it is work, and nothing of it is news to the phone.
    let status = open.kit.engine.status().expect("a status");
    assert!(status.complete && status.saved_here == 0, "{status:?}");
}

/// A proxy that passes no websockets.
#[test]
fn without_a_line_the_phone_syncs_all_the_same() {
    let open = Open::with(|kit| {
        Router::new()
            .route("/sync/v1/poke", any(|| async { StatusCode::NOT_FOUND }))
            .fallback_service(whole(kit))
    });
    let status = open.kit.engine.status().expect("a status");
    assert!(status.complete, "{status:?}");
}

/// A system gives an app in the background some seconds and then freezes it, whatever the network does. HQ takes the
/// work and its answer hangs; what was sent is sent again in the next slice and counts once. Never ends where a slice waits
/// for its answer beyond its limit.
#[test]
fn fault_010_background_slice_ends_at_its_deadline() {
    let dir = tempfile::tempdir().expect("a directory");
    let kit = Kit::new(dir.path(), 1);
    kit.sync();
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let hang = from_fn(move |request: Request, next: Next| {
        let gate = Arc::clone(&held);
        async move {
            let answer = next.run(request).await;
            let _passed = gate.acquire().await;
            answer
        }
    });
    let (address, _server) = kit.listen((Ipv4Addr::LOCALHOST, 0).into(), whole(&kit).layer(hang));
    kit.engine
        .set_server_url(&format!("http://{address}"))
        .expect("kept");
    kit.perform(
        kit.tickets[0].0,
        Act::Note {
            text: "后台写的".into(),
        },
    );
    let client = SyncClient::new(Arc::clone(&kit.engine), &ClientConfig::default()).expect("a client");
    let notes = || -> i64 {
        look(&dir.path().join(DATABASE_FILE))
            .query_row("SELECT count(*) FROM event WHERE act = 'note'", [], |row| {
                row.get(0)
            })
            .expect("a number")
    };
    let mut slices = 0;
    while notes() == 0 {
        slices += 1;
        assert!(slices < 100, "HQ never got it");
        let slice = kit.runtime.block_on(client.sync(Duration::from_millis(300)));
        assert_eq!(slice.expect("a slice that ends is no error"), Summary::default());
    }
    let status = kit.engine.status().expect("nothing is locked");
    assert_eq!((status.saved_here, status.at_hq), (1, 0), "nobody told it yet");
    gate.add_permits(1_000);
    let next = kit
        .runtime
        .block_on(client.sync(PATIENCE))
        .expect("the next slice");
    assert_eq!((next.merged, next.finished, notes()), (1, true, 1));
}

/// The wake-up of whoever tells the phones is lost with the request that should have given it. Fails without
/// `LOOK_AGAIN` in the server's workers: the next time a phone asks by itself lies beyond [`PATIENCE`].
#[test]
fn fault_025_wake_up_lost() {
    let open = Open::with(whole);
    open.kit.app.plant(Bug::WakeLost);
    // One wake-up may still be on its way; the second time there is none.
    for text in ["第一条", "第二条", "第三条"] {
        open.hear(open.hq_writes(text));
    }
}
