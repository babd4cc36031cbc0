//! A stolen phone against the whole server over a real socket: each attack is refused with its own code, the server stays
//! well, another phone syncs on as if nothing were, and nobody else's data can be read.
//!
//! What the door makes of single changes is told in `faults/hostile.rs` too, there without sockets and with every
//! check of the simulator. Here is the road a stranger takes: bodies, tokens, limits.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use automerge::{ActorId, Automerge, ObjId, ROOT, ReadDoc};
use axum_server::Handle;
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_model::certificate::Certificate;
use fieldline_model::document::author;
use fieldline_model::door::forge::RawChange;
use fieldline_model::id::{DeviceId, DocumentId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Operation};
use fieldline_model::reason::Reason;
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::row::Row;
use fieldline_model::time::DeviceTime;
use fieldline_model::wire::{
    Cursor, Exchange, Fate, Item, Lane, PACKED_BYTES_MAX, PUSH_CHANGES_MAX, Relay, Relayed, Reply,
    UNPACKED_BYTES_MAX, Verdict, pack, unpack,
};
use fieldline_server::app::DATABASE_FILE;
use fieldline_server::http::{HttpOptions, router};
use fieldline_tests::kit::{Kit, open_phone};
use fieldline_tests::stolen::{Stolen, document_at, no_signature};
use fieldline_tests::world::cast;
use fieldline_tests::world::check::look;
use fieldline_tests::world::network::MEDIA_TYPE;
use serde_json::Value;

const EXCHANGE: &str = "/sync/v1/exchange";
const PATIENCE: Duration = Duration::from_secs(60);
/// Level 19: what somebody would use who has time to build a bomb.
const BOMB_LEVEL: i32 = 19;

/// What came back.
struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    /// The stable code of a problem.
    fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or("no problem").to_owned()
    }
}

/// A listening server, an honest phone of one engineer, and another's in bad hands.
struct Scene {
    kit: Kit,
    honest: SyncClient,
    stolen: Stolen,
    /// A ticket the stolen phone holds.
    own: TicketId,
    /// One it does not.
    others: TicketId,
    http: reqwest::Client,
    address: SocketAddr,
    store: PathBuf,
    attacks: usize,
    _server: Handle<SocketAddr>,
    _dir: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
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

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Posts any bytes as the stolen phone.
    fn post(&mut self, path: &str, body: Vec<u8>) -> Answer {
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
    fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.url(path)).bearer_auth(&self.stolen.token))
    }

    fn exchange(&mut self, exchange: &Exchange) -> Answer {
        self.post(EXCHANGE, pack(exchange).expect("a message"))
    }

    /// Pushes a lane; the answer to each of its changes.
    fn push(&mut self, lane: Lane) -> Vec<Verdict> {
        let exchange = self.stolen.exchange(vec![lane]);
        let answer = self.exchange(&exchange);
        assert_eq!(answer.status, 200, "{}", answer.code());
        let reply: Reply = unpack(&answer.body).expect("a reply");
        reply.verdicts.into_iter().map(|(_, verdict)| verdict).collect()
    }

    /// Pushes one change to a ticket, signed as it should be.
    fn change(&mut self, ticket: TicketId, bytes: Vec<u8>) -> Verdict {
        let lane = self.stolen.lane(ticket.into(), &[bytes]);
        self.push(lane).remove(0)
    }

    #[track_caller]
    fn refused(&mut self, ticket: TicketId, bytes: Vec<u8>, wanted: &str) {
        match self.change(ticket, bytes) {
            Verdict::Fate {
                fate: Fate::Refused { code },
                other: false,
                ..
            } => assert_eq!(code, wanted),
            other => panic!("{wanted}: {other:?}"),
        }
    }

    fn document(&self, ticket: TicketId) -> Automerge {
        document_at(&look(&self.store), ticket.into())
    }

    fn forge(&self, ticket: TicketId) -> fieldline_model::door::forge::Forge {
        self.stolen
            .forge(ticket.into(), &self.document(ticket), fresh(&self.kit))
    }

    /// A note by the stolen phone's engineer, well formed and by the rules, upon this document.
    fn note(&self, doc: &mut Automerge, ticket: TicketId, text: &str) -> Vec<u8> {
        self.note_as(
            doc,
            ticket,
            text,
            &self.stolen.actor(ticket.into()),
            cast::engineer(1),
        )
    }

    fn note_as(
        &self,
        doc: &mut Automerge,
        ticket: TicketId,
        text: &str,
        actor: &[u8],
        by: fieldline_model::id::EngineerId,
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

    fn count(&self, sql: &str) -> i64 {
        look(&self.store)
            .query_row(sql, [], |row| row.get(0))
            .expect("a number")
    }

    /// The server is well by its own account, holds `taken` changes of the stolen phone, and another phone syncs on.
    fn all_is_well(self, taken: i64) {
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

fn fresh(kit: &Kit) -> OperationId {
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

fn container(doc: &Automerge, name: &str) -> ObjId {
    doc.get(ROOT, name).expect("read").expect("birth made it").1
}

#[test]
fn an_honest_change_by_its_key_is_taken_so_what_follows_is_refused_for_its_reason() {
    let mut scene = Scene::new();
    let mut doc = scene.document(scene.own);
    let note = scene.note(&mut doc, scene.own, "一切如常");
    let verdict = scene.change(scene.own, note);
    assert!(
        matches!(
            verdict,
            Verdict::Fate {
                fate: Fate::Merged,
                ..
            }
        ),
        "{verdict:?}"
    );
    scene.all_is_well(1);
}

#[test]
fn a_forged_signature_or_actor_proves_nothing_and_decides_nothing() {
    let mut scene = Scene::new();
    let own = scene.own;
    let mut doc = scene.document(own);
    let honest = scene.note(&mut doc.clone(), own, "没有签名");
    let foreign = scene.note_as(&mut doc, own, "冒名", &[5; 16], cast::engineer(1));
    let mut unsigned = scene.stolen.lane(own.into(), std::slice::from_ref(&honest));
    unsigned.signature = no_signature();
    let mut by_another = scene.stolen.lane(own.into(), std::slice::from_ref(&honest));
    by_another.install = [0xCC; 16];
    let lanes = [unsigned, by_another, scene.stolen.lane(own.into(), &[foreign])];
    for lane in lanes {
        assert_eq!(scene.push(lane), [Verdict::Unproven]);
    }
    // In another's name: proven to be this phone's, and refused for what it says.
    let named = scene.note_as(
        &mut scene.document(own),
        own,
        "以他人之名",
        &scene.stolen.actor(own.into()),
        cast::engineer(0),
    );
    scene.refused(own, named, "not_allowed");
    scene.all_is_well(0);
}

#[test]
fn another_engineers_ticket_is_not_written_and_not_given() {
    let mut scene = Scene::new();
    let others = scene.others;
    let mut doc = scene.document(others);
    let note = scene.note(&mut doc, others, "不在我名下");
    scene.refused(others, note, "not_yours");
    // Everything from the start, and the other's ticket by name.
    let mut exchange = scene.stolen.exchange(Vec::new());
    exchange.page_items_max = 1_000;
    exchange.want = vec![others.into(), scene.own.into()];
    let answer = scene.exchange(&exchange);
    let reply: Reply = unpack(&answer.body).expect("a reply");
    let page = reply.page.expect("a page");
    assert!(!page.more, "one page holds it all");
    let (mine, not_mine) = (DocumentId::from(scene.own), DocumentId::from(others));
    assert!(page.items.contains(&Item::Drop { document: not_mine }));
    let given = |document: DocumentId| {
        page.items.iter().any(|item| match item {
            Item::Changes { document: id, .. }
            | Item::Snapshot { document: id, .. }
            | Item::Enter { document: id } => *id == document,
            _ => false,
        })
    };
    assert!(given(mine), "its own ticket comes");
    assert!(!given(not_mine), "the other's does not");
    let theirs = cast::facts(0).customer.expect("a customer");
    let names: Vec<_> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Row {
                row: Row::Customer(row),
            } => Some(row.id),
            _ => None,
        })
        .collect();
    assert!(!names.is_empty() && !names.contains(&theirs), "{names:?}");
    scene.all_is_well(0);
}

#[test]
fn a_phones_token_opens_no_other_door() {
    let mut scene = Scene::new();
    let honest = scene
        .kit
        .engine
        .status()
        .expect("a status")
        .device
        .expect("enrolled");
    for device in [honest, DeviceId::from_bytes([7; 16])] {
        let mut exchange = scene.stolen.exchange(Vec::new());
        exchange.hello.device = device;
        exchange.page_items_max = 1_000;
        let answer = scene.exchange(&exchange);
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
    }
    for path in ["/api/v1/tickets", "/api/v1/customers", "/api/v1/engineers"] {
        let answer = scene.get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "unauthenticated"),
            "{path}"
        );
    }
    scene.stolen.token = "nobody".into();
    let exchange = scene.stolen.exchange(Vec::new());
    let answer = scene.exchange(&exchange);
    assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
    scene.all_is_well(0);
}

#[test]
fn a_made_up_cursor_gives_nobody_a_new_epoch() {
    let mut scene = Scene::new();
    let mut exchange = scene.stolen.exchange(Vec::new());
    let answer = scene.exchange(&exchange);
    let before = unpack::<Reply>(&answer.body).expect("a reply").welcome.epoch;
    exchange.hello.cursor = Cursor {
        epoch: before,
        seq: u64::from(u32::MAX),
        ..Cursor::START
    };
    exchange.page_items_max = 1_000;
    let answer = scene.exchange(&exchange);
    let reply: Reply = unpack(&answer.body).expect("a reply");
    assert!(reply.welcome.must_reread && reply.page.is_none());
    assert_eq!(reply.welcome.epoch, before, "the others read nothing anew");
    scene.all_is_well(0);
}

#[test]
fn forbidden_paths_predecessors_and_gaps_are_refused() {
    let mut scene = Scene::new();
    let own = scene.own;
    let doc = scene.document(own);
    let (events, field) = (container(&doc, "events"), container(&doc, "field"));
    let key = doc.keys(&events).next().expect("the ticket has events");
    let victim = doc.get(&events, key.as_str()).expect("read").expect("there").1;
    let root = scene.forge(own).put(&ROOT, "k", "v", &[]);
    scene.refused(own, root.bytes(), "forbidden_path");
    let over = scene
        .forge(own)
        .put(&events, &key, "rewritten", std::slice::from_ref(&victim));
    scene.refused(own, over.bytes(), "forbidden_path");
    let elsewhere = scene.forge(own).put(&field, "k", "v", &[victim]);
    scene.refused(own, elsewhere.bytes(), "foreign_predecessor");
    let mut gap = scene.forge(own).put(&field, "k", "v", &[]);
    gap.change.seq += 1;
    scene.refused(own, gap.bytes(), "own_line_broken");
    scene.all_is_well(0);
}

#[test]
fn counters_and_runs_that_blow_up_are_refused() {
    let mut scene = Scene::new();
    let own = scene.own;
    let field = container(&scene.document(own), "field");
    for start in [u64::from(u32::MAX), u64::MAX] {
        let mut bomb = scene.forge(own).put(&field, "k", "v", &[]);
        bomb.change.start_op = NonZeroU64::new(start).expect("not zero");
        scene.refused(own, bomb.bytes(), "bad_start_op");
    }
    for count in [5_000_000, i64::from(i32::MAX)] {
        let bomb = RawChange::like(&scene.forge(own), count).bytes();
        assert!(bomb.len() < 300, "{} bytes", bomb.len());
        scene.refused(own, bomb, "too_many_ops");
    }
    scene.all_is_well(0);
}

#[test]
fn a_note_of_a_megabyte_is_refused_by_its_size_and_one_too_long_by_the_rules() {
    let mut scene = Scene::new();
    let own = scene.own;
    for (bytes, code) in [(1 << 20, "too_large"), (30 << 10, "text_too_long")] {
        let note = scene.note(&mut scene.document(own), own, &"x".repeat(bytes));
        scene.refused(own, note, code);
    }
    scene.all_is_well(0);
}

#[test]
fn bodies_that_inflate_are_not_unpacked() {
    let mut scene = Scene::new();
    let bomb = zstd::bulk::compress(&vec![0_u8; UNPACKED_BYTES_MAX + 2], BOMB_LEVEL).expect("packed");
    assert!(bomb.len() < 64 << 10, "{} bytes", bomb.len());
    // A head that asks for a window of two gigabytes.
    let window = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
    for path in [EXCHANGE, "/sync/v1/enrol", "/sync/v1/positions"] {
        let bodies = [
            (bomb.clone(), 413, "message_too_large"),
            (window.clone(), 400, "message_damaged"),
            (b"not a message".to_vec(), 400, "message_damaged"),
        ];
        for (body, status, code) in bodies {
            let answer = scene.post(path, body);
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
        }
    }
    let many = vec![fieldline_model::wire::Bytes::from(vec![0; 9]); PUSH_CHANGES_MAX + 1];
    let mut lane = scene.stolen.lane(scene.own.into(), &[]);
    lane.changes = many;
    let exchange = scene.stolen.exchange(vec![lane]);
    let answer = scene.exchange(&exchange);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (413, "message_too_large")
    );
    scene.all_is_well(0);
}

/// The server stops reading where a body is longer than any message may be; whoever sends it may find the line shut.
#[test]
fn a_body_that_never_ends_is_not_kept() {
    let mut scene = Scene::new();
    scene.attacks += 1;
    let request = scene
        .http
        .post(scene.url(EXCHANGE))
        .header("content-type", MEDIA_TYPE)
        .bearer_auth(&scene.stolen.token)
        .body(vec![0; 4 * PACKED_BYTES_MAX]);
    let answer = scene.kit.runtime.block_on(request.send());
    assert!(answer.map_or(true, |answer| answer.status() == 413));
    scene.all_is_well(0);
}

#[test]
fn a_replay_gets_the_first_fate_and_a_fork_gets_none() {
    let mut scene = Scene::new();
    let own = scene.own;
    let before = scene.document(own);
    let note = scene.note(&mut before.clone(), own, "第一遍");
    let first = scene.change(own, note.clone());
    for _ in 0..3 {
        assert_eq!(scene.change(own, note.clone()), first, "the very same");
    }
    // Another change at the same place of its line: another past than the one HQ holds.
    let fork = scene.note(&mut before.clone(), own, "另一个过去");
    assert_eq!(scene.change(own, fork), Verdict::Replay);
    scene.all_is_well(1);
}

#[test]
fn a_line_moved_into_another_document_is_not_taken() {
    let mut scene = Scene::new();
    let (own, others) = (scene.own, scene.others);
    let note = scene.note(&mut scene.document(own), own, "原工单的内容");
    let mut moved = scene.stolen.lane(own.into(), std::slice::from_ref(&note));
    moved.document = others.into();
    assert_eq!(scene.push(moved), [Verdict::Unproven]);
    // Signed anew for the other document, it is still by the actor of the first.
    let signed = scene.stolen.lane(others.into(), std::slice::from_ref(&note));
    assert_eq!(scene.push(signed), [Verdict::Unproven]);
    // Written by the right actor, upon a past of the first document, the other lacks what it builds on.
    let mut doc = scene.document(own);
    let actor = scene.stolen.actor(others.into());
    assert_ne!(
        ActorId::from(&actor[..]),
        ActorId::from(&scene.stolen.actor(own.into())[..])
    );
    let built = scene.note_as(&mut doc, others, "别处的过去", &actor, cast::engineer(1));
    let verdict = scene.change(others, built);
    assert!(matches!(verdict, Verdict::Need { .. }), "{verdict:?}");
    scene.all_is_well(0);
}

/// HQ believes a certificate for a phone it does not know only under its own key, and only for the very phone that signed.
#[test]
fn a_certificate_that_is_not_hqs_makes_nobody_a_phone() {
    let mut scene = Scene::new();
    let organisation = scene.kit.app.organisation().id;
    let unknown = DeviceId::new(scene.kit.app.now(), [9; 10]);
    let mut document = scene.document(scene.own);
    let bytes = scene.note(&mut document, scene.own, "无人");
    let lane = scene.stolen.lane(scene.own.into(), &[bytes]);
    let forged = Certificate::issue(
        &ReceiptKey::from_seed(&[9; 32]),
        organisation,
        (unknown, cast::engineer(1)),
        scene.stolen.key.public(),
        scene.kit.app.now().plus_ms(1_000),
    );
    for certificate in [None, Some(forged)] {
        let relayed = Relayed {
            device: unknown,
            lane: lane.clone(),
            certificate,
            orphaned: false,
        };
        let exchange = Exchange {
            relay: vec![relayed],
            ..scene.stolen.exchange(Vec::new())
        };
        let answer = scene.exchange(&exchange);
        let reply: Reply = unpack(&answer.body).expect("a reply");
        let code = Reason::ForeignActor.code().to_owned();
        assert_eq!(reply.relayed[0].1, Relay::Refused { code });
    }
    let devices = "SELECT count(*) FROM device";
    let devices: i64 = look(&scene.store)
        .query_row(devices, [], |row| row.get(0))
        .expect("schema");
    assert_eq!(devices, 2, "nobody came to be");
}
