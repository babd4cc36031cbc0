//! A phone that holds one ticket and pushes at once what it performs.

use automerge::Automerge;
use fieldline_model::actor::{ActorSource, DeviceKey, Line};
use fieldline_model::document;
use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId};
use fieldline_model::operation::{Act, Author, Operation, Position};
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_model::wire::{
    Bytes, Cursor, Enrol, Enrolled, Exchange, Fix, Hello, Item, Lane, Positions, Verdict, WIRE,
};
use fieldline_server::app::App;
use fieldline_server::store::StoreError;
use sha2::{Digest, Sha256};

pub(crate) struct Phone {
    app: App,
    key: DeviceKey,
    joined: Enrolled,
    engineer: EngineerId,
    counter: u64,
    cursor: Cursor,
    docs: Vec<(DocumentId, Automerge)>,
}

const INSTALL: [u8; 16] = [9; 16];

impl Phone {
    pub(crate) async fn join(app: &App, engineer: EngineerId) -> Phone {
        Self::join_as(app, engineer, 0).await
    }

    /// One more phone of an engineer, with a key and ids of its own.
    pub(crate) async fn join_as(app: &App, engineer: EngineerId, nth: u8) -> Phone {
        let code = app.enrol_code(engineer, 600_000).await.unwrap();
        Self::join_by(app, engineer, nth, code.code).await
    }

    /// The same by a code that somebody made.
    pub(crate) async fn join_by(app: &App, engineer: EngineerId, nth: u8, code: String) -> Phone {
        let seed: Vec<u8> = engineer
            .to_bytes()
            .repeat(2)
            .iter()
            .map(|byte| byte ^ nth)
            .collect();
        let key = DeviceKey::from_seed(&seed.try_into().unwrap());
        let enrol = Enrol {
            wire: WIRE,
            code,
            device_key: key.public(),
            install: INSTALL,
            name: "phone".into(),
            engineer: None,
            organisation: None,
        };
        let joined = app.enrol(enrol).await.unwrap();
        Phone {
            app: app.clone(),
            key,
            joined,
            engineer,
            counter: u64::from(nth) * 100,
            cursor: Cursor::START,
            docs: Vec::new(),
        }
    }

    /// Enrolled once more under the same key, as an app is that was revoked; it goes on where it stood.
    pub(crate) async fn enrols_again(&mut self) {
        let code = self.app.enrol_code(self.engineer, 600_000).await.unwrap().code;
        let enrol = Enrol {
            wire: WIRE,
            code,
            device_key: self.key.public(),
            install: INSTALL,
            name: "phone".into(),
            engineer: None,
            organisation: None,
        };
        self.joined = self.app.enrol(enrol).await.unwrap();
    }

    /// Whether HQ has revoked it.
    pub(crate) async fn is_revoked(&self) -> bool {
        let id = self.device().to_string();
        let sql = "SELECT revoked_at IS NOT NULL FROM device WHERE id = ?1";
        let read = move |connection: &rusqlite::Connection| {
            Ok::<bool, StoreError>(connection.query_row(sql, [id], |row| row.get(0))?)
        };
        self.app.store().read(read).await.unwrap()
    }

    /// Its device.
    pub(crate) fn device(&self) -> DeviceId {
        self.joined.device
    }

    async fn exchange(&mut self, push: Vec<Lane>) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        let mut push = push;
        loop {
            let hello = Hello {
                wire: WIRE,
                device: self.joined.device,
                install: INSTALL,
                cursor: self.cursor,
                write_counter: self.counter,
                app: "test".into(),
                heard: None,
            };
            let message = Exchange {
                hello,
                push: std::mem::take(&mut push),
                want: Vec::new(),
                page_items_max: 1_000,
                have: None,
                heal: Vec::new(),
                rest: None,
                trail: Vec::new(),
                resume: None,
                relay: Vec::new(),
                papers: false,
                grants: None,
            };
            let reply = self.app.exchange(&self.joined.token, message).await.unwrap();
            verdicts.extend(reply.verdicts.into_iter().map(|(_, verdict)| verdict));
            let Some(page) = reply.page else { return verdicts };
            self.cursor = page.next;
            for item in page.items {
                self.take(item);
            }
            if !page.more {
                return verdicts;
            }
        }
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Snapshot { document, bytes } => {
                let doc = document::load(document, &bytes).unwrap();
                self.docs.retain(|(id, _)| *id != document);
                self.docs.push((document, doc));
            }
            Item::Changes { document, changes } => {
                let (_, doc) = self.docs.iter_mut().find(|(id, _)| *id == document).unwrap();
                let read = |bytes: &Bytes| automerge::Change::from_bytes(bytes.to_vec()).unwrap();
                doc.apply_changes(changes.iter().map(read)).unwrap();
            }
            _ => {}
        }
    }

    /// Takes what HQ decided.
    pub(crate) async fn sync(&mut self) {
        self.exchange(Vec::new()).await;
    }

    /// Performs now, by the server's clock.
    pub(crate) async fn does(&mut self, document: DocumentId, act: Act) {
        let at = self.app.now();
        self.did(document, act, at).await;
    }

    /// Performs something at a moment and pushes it now.
    pub(crate) async fn did(&mut self, document: DocumentId, act: Act, at: Timestamp) {
        self.did_all(document, vec![(act, at)]).await;
    }

    /// Performs without contact, each at its moment, and pushes everything now.
    pub(crate) async fn did_all(&mut self, document: DocumentId, acts: Vec<(Act, Timestamp)>) {
        let count = acts.len();
        let verdicts = self.pushes(document, acts).await;
        let settled = |verdict: &&Verdict| matches!(verdict, Verdict::Fate { .. } | Verdict::Held);
        assert_eq!(verdicts.iter().filter(settled).count(), count, "{verdicts:?}");
    }

    /// Performs now what HQ leaves behind, because it is built on what was not taken.
    pub(crate) async fn does_in_vain(&mut self, document: DocumentId, act: Act) {
        let at = self.app.now();
        let verdicts = self.pushes(document, vec![(act, at)]).await;
        assert!(matches!(verdicts.as_slice(), [Verdict::Replay]), "{verdicts:?}");
    }

    async fn pushes(&mut self, document: DocumentId, acts: Vec<(Act, Timestamp)>) -> Vec<Verdict> {
        let (organisation, key) = (self.joined.organisation, self.key.public());
        let actor = ActorSource {
            organisation,
            document,
            device_key: &key,
            install: &INSTALL,
            branch: 0,
        }
        .actor();
        let mut changes = Vec::new();
        for (act, at) in acts {
            self.counter += 1;
            let mut id = self.engineer.to_bytes();
            id[8..].copy_from_slice(&self.counter.to_be_bytes());
            let (_, doc) = self
                .docs
                .iter_mut()
                .find(|(known, _)| *known == document)
                .expect("the phone holds it");
            let prev = document::content(document, doc).unwrap().events.heads();
            let operation = Operation {
                id: OperationId::from_bytes(id),
                document,
                by: Author::Engineer(self.engineer),
                at: DeviceTime::exact(at),
                act,
            };
            changes.push(document::author(doc, &actor, &operation, prev).unwrap().bytes);
        }
        let count = changes.len();
        let head: [u8; 32] = Sha256::digest(&changes[count - 1][8..]).into();
        let line = Line {
            organisation,
            document,
            actor: &actor,
            head: &head,
        };
        let signature = self.key.sign(&line);
        let changes = changes.into_iter().map(Bytes::from).collect();
        self.exchange(vec![Lane {
            document,
            install: INSTALL,
            branch: 0,
            signature,
            changes,
        }])
        .await
    }

    /// Pushes all it ever performed once more, as an app does that has begun new lines for it: other bytes, the same
    /// operations.
    pub(crate) async fn pushes_again(&mut self) {
        let (organisation, key) = (self.joined.organisation, self.key.public());
        let by = Author::Engineer(self.engineer);
        let mut push = Vec::new();
        for (document, doc) in &self.docs {
            let actor = ActorSource {
                organisation,
                document: *document,
                device_key: &key,
                install: &INSTALL,
                branch: 1,
            }
            .actor();
            let content = document::content(*document, doc).unwrap();
            let entries = content.events.entries().iter().map(|(id, entry)| (*id, entry));
            let entries = entries.chain(content.entries.iter().map(|((_, id), entry)| (*id, entry)));
            let mut own: Vec<_> = entries.filter(|(_, entry)| entry.by == by).collect();
            own.sort_by_key(|(id, _)| *id);
            let mut fresh = document::birth(*document).unwrap();
            let mut changes = Vec::new();
            for (id, entry) in own {
                let operation = Operation {
                    id,
                    document: *document,
                    by,
                    at: entry.at,
                    act: entry.act.clone(),
                };
                let authored = document::author(&mut fresh, &actor, &operation, entry.prev.clone());
                changes.push(authored.unwrap().bytes);
            }
            let Some(last) = changes.last() else { continue };
            let head: [u8; 32] = Sha256::digest(&last[8..]).into();
            let line = Line {
                organisation,
                document: *document,
                actor: &actor,
                head: &head,
            };
            push.push(Lane {
                document: *document,
                install: INSTALL,
                branch: 1,
                signature: self.key.sign(&line),
                changes: changes.into_iter().map(Bytes::from).collect(),
            });
        }
        self.exchange(push).await;
    }

    /// Tells where it is.
    pub(crate) async fn is_at(&self, lat: f64, lon: f64) {
        let fix = Fix {
            position: Position { lat, lon },
            accuracy_m: 10.0,
            at: self.app.now(),
        };
        let positions = Positions {
            device: self.joined.device,
            fixes: vec![fix],
        };
        self.app.positions(&self.joined.token, positions).await.unwrap();
    }
}
