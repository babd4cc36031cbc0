//! A server in a temporary directory with a clock and dice of our own, and phones by hand.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use automerge::{Automerge, Change};
use fieldline_model::actor::{ActorSource, DeviceKey, Line};
use fieldline_model::document;
use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId, OrganisationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Completion, Operation, TicketFacts, VisitResult};
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_model::wire::{
    Bytes, Cursor, Enrol, Exchange, Fate, Hash, Hello, Item, Lane, Reply, Verdict, WIRE,
};

use crate::app::{App, Edge, Options};
use crate::problem::Problem;
use crate::store::{StoreError, WriterHook};

pub(super) const START: i64 = 1_790_000_000_000;

pub(super) fn engineer(n: u8) -> EngineerId {
    EngineerId::from_bytes([n; 16])
}

/// A clock that goes on by a second whenever it is asked, and dice with a seed.
pub(super) fn edge(seed: u64) -> Edge {
    let (clock, dice) = (
        AtomicI64::new(START),
        AtomicU64::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
    );
    Edge {
        now: Arc::new(move || Timestamp::from_ms(clock.fetch_add(1_000, Ordering::Relaxed))),
        random: Arc::new(move |bytes| {
            for byte in bytes {
                let next = |x: u64| {
                    x.wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407)
                };
                let was = dice
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |x| Some(next(x)))
                    .unwrap();
                *byte = u8::try_from(was >> 56).unwrap();
            }
        }),
    }
}

pub(super) struct Bench {
    pub(super) dir: tempfile::TempDir,
    pub(super) app: App,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::seeded(1)
    }

    pub(super) fn seeded(seed: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), edge(seed), Options::default()).unwrap();
        Self { dir, app }
    }

    pub(super) async fn ticket(&self) -> DocumentId {
        let facts = TicketFacts {
            fault_text: "it leaks".into(),
            ..TicketFacts::default()
        };
        self.app
            .create_ticket(Author::Server, facts)
            .await
            .unwrap()
            .into()
    }

    pub(super) async fn hq(&self, document: DocumentId, act: Act) {
        self.app
            .perform(Author::Server, document, act, None)
            .await
            .unwrap();
    }

    pub(super) async fn offer(&self, document: DocumentId, to: &[EngineerId]) -> VisitId {
        let visit = self.app.edge().id(VisitId::new);
        self.hq(
            document,
            Act::Offer {
                visit,
                to: to.to_vec(),
                plan: None,
            },
        )
        .await;
        visit
    }

    /// One number from the database.
    pub(super) fn count(&self, sql: &str) -> i64 {
        count(&self.app, sql)
    }

    /// One text from the database.
    pub(super) fn text(&self, sql: &str) -> String {
        let read = self.app.store().read_blocking::<_, StoreError>(|connection| {
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        });
        read.unwrap()
    }
}

pub(super) fn count(app: &App, sql: &str) -> i64 {
    let read = app
        .store()
        .read_blocking::<_, StoreError>(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
    read.unwrap()
}

pub(super) fn reopen(dir: &Path, seed: u64, hook: Option<WriterHook>) -> App {
    App::open(
        dir,
        edge(seed),
        Options {
            hook,
            ..Options::default()
        },
    )
    .unwrap()
}

/// A phone that holds its work in memory.
pub(super) struct Phone {
    pub(super) key: DeviceKey,
    pub(super) install: [u8; 16],
    pub(super) device: DeviceId,
    pub(super) engineer: EngineerId,
    pub(super) organisation: OrganisationId,
    pub(super) token: String,
    pub(super) cursor: Cursor,
    pub(super) counter: u64,
    pub(super) branch: u32,
    pub(super) items_max: u32,
    pub(super) docs: HashMap<DocumentId, Automerge>,
    pub(super) outbox: Vec<(DocumentId, Vec<u8>)>,
    pub(super) items: Vec<Item>,
    clock: i64,
}

impl Phone {
    pub(super) async fn join(app: &App, n: u8) -> Self {
        Self::join_as(app, n, n).await
    }

    /// Phone `n` of an engineer.
    pub(super) async fn join_as(app: &App, n: u8, owner: u8) -> Self {
        let key = DeviceKey::from_seed(&[n; 32]);
        let code = app.enrol_code(engineer(owner), 600_000).await.unwrap();
        let enrol = Enrol {
            wire: WIRE,
            code: code.code,
            device_key: key.public(),
            install: [n; 16],
            name: "phone".into(),
            engineer: None,
            organisation: None,
        };
        let enrolled = app.enrol(enrol).await.unwrap();
        Self {
            key,
            install: [n; 16],
            device: enrolled.device,
            engineer: enrolled.engineer,
            organisation: enrolled.organisation,
            token: enrolled.token,
            cursor: Cursor::START,
            counter: 0,
            branch: 0,
            items_max: 1_000,
            docs: HashMap::new(),
            outbox: Vec::new(),
            items: Vec::new(),
            clock: START,
        }
    }

    pub(super) fn actor(&self, document: DocumentId) -> [u8; 16] {
        ActorSource {
            organisation: self.organisation,
            document,
            device_key: &self.key.public(),
            install: &self.install,
            branch: self.branch,
        }
        .actor()
    }

    /// Performs without asking any rule.
    pub(super) fn perform(&mut self, document: DocumentId, act: Act) -> OperationId {
        self.counter += 1;
        let mut bytes = [self.install[0]; 16];
        bytes[8..].copy_from_slice(&self.counter.to_be_bytes());
        self.perform_as(
            document,
            act,
            OperationId::from_bytes(bytes),
            Author::Engineer(self.engineer),
        )
    }

    pub(super) fn perform_as(
        &mut self,
        document: DocumentId,
        act: Act,
        id: OperationId,
        by: Author,
    ) -> OperationId {
        self.clock += 60_000;
        let at = DeviceTime {
            wall: Timestamp::from_ms(self.clock),
            boot: 1,
            up_ms: 0,
            offset_ms: None,
        };
        let actor = self.actor(document);
        let doc = self
            .docs
            .get_mut(&document)
            .expect("the phone holds the document");
        let prev = document::content(document, doc).unwrap().events.heads();
        let operation = Operation {
            id,
            document,
            by,
            at,
            act,
        };
        let authored = document::author(doc, &actor, &operation, prev).unwrap();
        self.outbox.push((document, authored.bytes));
        id
    }

    pub(super) fn lane(&self, document: DocumentId, changes: Vec<Vec<u8>>) -> Lane {
        let actor = self.actor(document);
        let head = fieldline_model::lane::change_hash(changes.last().unwrap());
        let line = Line {
            organisation: self.organisation,
            document,
            actor: &actor,
            head: &head,
        };
        Lane {
            document,
            install: self.install,
            branch: self.branch,
            signature: self.key.sign(&line),
            changes: changes.into_iter().map(Bytes::from).collect(),
        }
    }

    pub(super) fn lanes(&self) -> Vec<Lane> {
        let mut order: Vec<DocumentId> = Vec::new();
        let mut by_document: HashMap<DocumentId, Vec<Vec<u8>>> = HashMap::new();
        for (document, bytes) in &self.outbox {
            if !by_document.contains_key(document) {
                order.push(*document);
            }
            by_document.entry(*document).or_default().push(bytes.clone());
        }
        order
            .into_iter()
            .map(|id| self.lane(id, by_document.remove(&id).unwrap()))
            .collect()
    }

    pub(super) fn request(&self, push: Vec<Lane>) -> Exchange {
        Exchange {
            hello: Hello {
                wire: WIRE,
                device: self.device,
                install: self.install,
                cursor: self.cursor,
                write_counter: self.counter,
                app: "test".into(),
                heard: None,
            },
            push,
            want: Vec::new(),
            page_items_max: self.items_max,
            have: None,
            heal: Vec::new(),
            rest: None,
            trail: Vec::new(),
            resume: None,
            relay: Vec::new(),
            papers: false,
            grants: None,
        }
    }

    pub(super) async fn send(&self, app: &App, push: Vec<Lane>) -> Result<Reply, Problem> {
        app.exchange(&self.token, self.request(push)).await
    }

    /// Pushes the outbox, takes every page, forgets what has a fate.
    pub(super) async fn sync(&mut self, app: &App) -> Vec<(Hash, Verdict)> {
        let mut reply = self.send(app, self.lanes()).await.unwrap();
        let verdicts = std::mem::take(&mut reply.verdicts);
        self.outbox.clear();
        self.items.clear();
        while self.take(reply) {
            reply = self.send(app, Vec::new()).await.unwrap();
        }
        verdicts
    }

    /// Takes a page; true when there is more.
    pub(super) fn take(&mut self, reply: Reply) -> bool {
        let Some(page) = reply.page else { return false };
        assert_eq!(page.from, self.cursor);
        for item in &page.items {
            match item {
                Item::Snapshot { document, bytes } => {
                    let mut doc = document::load(*document, bytes).unwrap();
                    if let Some(mine) = self.docs.get_mut(document) {
                        doc.merge(mine).unwrap();
                    }
                    self.docs.insert(*document, doc);
                }
                Item::Changes { document, changes } => {
                    let changes = changes
                        .iter()
                        .map(|bytes| Change::from_bytes(bytes.to_vec()).unwrap());
                    self.docs
                        .get_mut(document)
                        .unwrap()
                        .apply_changes(changes)
                        .unwrap();
                }
                Item::Drop { document } => {
                    self.docs.remove(document);
                }
                Item::Enter { .. } | Item::Row { .. } | Item::RowGone { .. } | Item::Fate { .. } => {}
            }
        }
        self.items.extend(page.items);
        self.cursor = page.next;
        if let Some(manifest) = page.manifest {
            let mut mine = fieldline_model::wire::Manifest::EMPTY;
            for (id, doc) in &self.docs {
                mine.add(*id, &document::heads(doc));
            }
            assert_eq!(mine, manifest, "the phone holds exactly what it should");
        }
        page.more
    }
}

pub(super) fn fates(verdicts: &[(Hash, Verdict)]) -> Vec<String> {
    let word = |verdict: &Verdict| match verdict {
        Verdict::Fate { fate, other, .. } => {
            let other = if *other { " other" } else { "" };
            format!("{}{other}", word_of(fate))
        }
        Verdict::Need { hashes } => format!("need {}", hashes.len()),
        Verdict::Replay => "replay".into(),
        Verdict::Later => "later".into(),
        Verdict::Held => "held".into(),
        Verdict::Unproven => "unproven".into(),
    };
    verdicts.iter().map(|(_, verdict)| word(verdict)).collect()
}

fn word_of(fate: &Fate) -> String {
    fate.code().map_or_else(
        || fate.word().to_owned(),
        |code| format!("{} {code}", fate.word()),
    )
}

pub(super) fn fixed(visit: VisitId) -> Act {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "new seal".into(),
    };
    Act::Finish { visit, completion }
}

pub(super) fn note(text: &str) -> Act {
    Act::Note { text: text.into() }
}

pub(super) fn ticket_of(document: DocumentId) -> TicketId {
    document.ticket().unwrap()
}
