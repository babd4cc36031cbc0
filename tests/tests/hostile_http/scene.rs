//! The scene of every attack: a listening server, an honest phone of one engineer, and another's in bad hands.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use automerge::{Automerge, ObjId, ROOT, ReadDoc};
use axum_server::Handle;
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_model::document::author;
use fieldline_model::door::forge::Forge;
use fieldline_model::id::{DocumentId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Operation};
use fieldline_model::time::DeviceTime;
use fieldline_model::wire::{Exchange, Fate, Lane, Reply, Verdict, pack, unpack};
use fieldline_server::app::DATABASE_FILE;
use fieldline_server::http::{HttpOptions, router};
use fieldline_tests::kit::{Kit, open_phone};
use fieldline_tests::stolen::{Stolen, document_at};
use fieldline_tests::world::cast;
use fieldline_tests::world::check::look;
use fieldline_tests::world::network::MEDIA_TYPE;
use serde_json::Value;

pub(crate) const EXCHANGE: &str = "/sync/v1/exchange";
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The stable code of a problem.
    pub(crate) fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or("no problem").to_owned()
    }
}

/// A listening server, an honest phone of one engineer, and another's in bad hands.
pub(crate) struct Scene {
    pub(crate) kit: Kit,
    pub(crate) honest: SyncClient,
    pub(crate) stolen: Stolen,
    /// A ticket the stolen phone holds.
    pub(crate) own: TicketId,
    /// One it does not.
    pub(crate) others: TicketId,
    pub(crate) http: reqwest::Client,
    address: SocketAddr,
    pub(crate) store: PathBuf,
    pub(crate) attacks: usize,
    _server: Handle<SocketAddr>,
    _dir: tempfile::TempDir,
}

impl Scene {
    pub(crate) fn new() -> Self {
        // The client wants one even where nothing is encrypted; another test may have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().expect("a directory");
        let kit = Kit::new(dir.path(), 1);
        let own = second_engineer(&kit);
        let thief = dir.path().join("stolen.db");
        kit.join(&open_phone(&thief), cast::engineer(1));
        let service = router(kit.app.clone(), HttpOptions::default());
        let (address, server) = kit.listen((Ipv4Addr::LOCALHOST, 0).into(), service);
        kit.engine
            .set_server_url(&format!("http://{address}"))
            .expect("kept");
        let honest = SyncClient::new(Arc::clone(&kit.engine), &ClientConfig::default()).expect("a client");
        kit.runtime.block_on(honest.sync(PATIENCE)).expect("in step");
        Self {
            others: kit.tickets[0].0,
            kit,
            honest,
            stolen: Stolen::of(&thief),
            own,
            http: reqwest::Client::new(),
            address,
            store: dir.path().join(DATABASE_FILE),
            attacks: 0,
            _server: server,
            _dir: dir,
        }
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        self.kit.runtime.block_on(async move {
            let response = request.send().await.expect("the server answers whatever comes");
            Answer {
                status: response.status().as_u16(),
                body: response.bytes().await.expect("a body").to_vec(),
            }
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Posts any bytes as the stolen phone.
    pub(crate) fn post(&mut self, path: &str, body: Vec<u8>) -> Answer {
        self.attacks += 1;
        let request = self
            .http
            .post(self.url(path))
            .header("content-type", MEDIA_TYPE)
            .bearer_auth(&self.stolen.token)
            .body(body);
        self.send(request)
    }

    /// Gets a page as somebody who has only a phone's token.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.url(path)).bearer_auth(&self.stolen.token))
    }

    pub(crate) fn exchange(&mut self, exchange: &Exchange) -> Answer {
        self.post(EXCHANGE, pack(exchange).expect("a message"))
    }

    /// Pushes a lane; the answer to each of its changes.
    pub(crate) fn push(&mut self, lane: Lane) -> Vec<Verdict> {
        let exchange = self.stolen.exchange(vec![lane]);
        let answer = self.exchange(&exchange);
        assert_eq!(answer.status, 200, "{}", answer.code());
        let reply: Reply = unpack(&answer.body).expect("a reply");
        reply.verdicts.into_iter().map(|(_, verdict)| verdict).collect()
    }

    /// Pushes one change to a ticket, signed as it should be.
    pub(crate) fn change(&mut self, ticket: TicketId, bytes: Vec<u8>) -> Verdict {
        let lane = self.stolen.lane(ticket.into(), &[bytes]);
        self.push(lane).remove(0)
    }

    #[track_caller]
    pub(crate) fn refused(&mut self, ticket: TicketId, bytes: Vec<u8>, wanted: &str) {
        match self.change(ticket, bytes) {
            Verdict::Fate {
                fate: Fate::Refused { code },
                other: false,
                ..
            } => assert_eq!(code, wanted),
            other => panic!("{wanted}: {other:?}"),
        }
    }

    pub(crate) fn document(&self, ticket: TicketId) -> Automerge {
        document_at(&look(&self.store), ticket.into())
    }

    pub(crate) fn forge(&self, ticket: TicketId) -> Forge {
        self.stolen
            .forge(ticket.into(), &self.document(ticket), fresh(&self.kit))
    }

    /// A note by the stolen phone's engineer, well formed and by the rules, upon this document.
    pub(crate) fn note(&self, doc: &mut Automerge, ticket: TicketId, text: &str) -> Vec<u8> {
        self.note_as(
            doc,
            ticket,
            text,
            &self.stolen.actor(ticket.into()),
            cast::engineer(1),
        )
    }

    pub(crate) fn note_as(
        &self,
        doc: &mut Automerge,
        ticket: TicketId,
        text: &str,
        actor: &[u8],
        by: EngineerId,
    ) -> Vec<u8> {
        let operation = Operation {
            id: fresh(&self.kit),
            document: ticket.into(),
            by: Author::Engineer(by),
            at: DeviceTime::exact(self.kit.app.now()),
            act: Act::Note { text: text.into() },
        };
        author(doc, actor, &operation, Vec::new())
            .expect("a change")
            .bytes
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        look(&self.store)
            .query_row(sql, [], |row| row.get(0))
            .expect("a number")
    }

    /// The server is well by its own account, holds `taken` changes of the stolen phone, and another phone syncs on.
    pub(crate) fn all_is_well(self, taken: i64) {
        assert!(self.attacks > 0, "nobody attacked");
        let by_phone = "SELECT count(*) FROM change WHERE device IS NOT NULL";
        assert_eq!(
            self.count(by_phone),
            taken,
            "nothing else of it stands in a document"
        );
        let health = self.get("/healthz");
        assert_eq!(
            (health.status, health.body.as_slice()),
            (200, &br#"{"status":"ok"}"#[..])
        );
        self.kit.perform(
            self.others,
            Act::Note {
                text: "无人打扰".into(),
            },
        );
        let synced = self.kit.runtime.block_on(self.honest.sync(PATIENCE));
        let synced = synced.expect("the honest phone syncs on");
        assert_eq!((synced.merged, synced.refused, synced.finished), (1, 0, true));
        let status = self.kit.engine.status().expect("a status");
        assert!(status.complete && status.saved_here == 0, "{status:?}");
        assert_eq!(self.count(by_phone), taken + 1);
        let report = self.kit.runtime.block_on(self.kit.app.check(false));
        assert_eq!(report.expect("checked").findings, []);
    }
}

pub(crate) fn fresh(kit: &Kit) -> OperationId {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let mut chance = [0; 10];
    let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    chance[..8].copy_from_slice(&n.to_be_bytes());
    OperationId::new(kit.app.now(), chance)
}

/// A second engineer with a ticket of another customer.
fn second_engineer(kit: &Kit) -> TicketId {
    let hq = Author::Staff(cast::dispatcher());
    kit.runtime.block_on(async {
        kit.app.put_rows(cast::rows(2)).await.expect("rows");
        let facts = cast::facts(1);
        let ticket = kit.app.create_ticket(hq, facts).await.expect("a ticket");
        let offer = Act::Offer {
            visit: VisitId::from_bytes([9; 16]),
            to: vec![cast::engineer(1)],
            plan: None,
        };
        let offered = kit.app.perform(hq, DocumentId::from(ticket), offer, None).await;
        offered.expect("a visit");
        ticket
    })
}

pub(crate) fn container(doc: &Automerge, name: &str) -> ObjId {
    doc.get(ROOT, name).expect("read").expect("birth made it").1
}
