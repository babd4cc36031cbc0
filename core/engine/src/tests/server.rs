//! A server of a few lines, made from the model's own functions: a log, documents, one fate per operation.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, Change, ChangeHash, ReadDoc};
use fieldline_model::actor::{ActorSource, DeviceKey, Line, verify};
use fieldline_model::certificate::{CERTIFICATE_MS, Certificate, Papers};
use fieldline_model::document::{author, birth, content, heads};
use fieldline_model::fold::{Outcome, fold};
use fieldline_model::id::{
    ArticleId, DeviceId, DocumentId, EngineerId, OperationId, OrganisationId, StaffId, TicketId, VisitId,
};
use fieldline_model::operation::{Act, Author, Operation, Path, TicketFacts};
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_model::wire::{
    Bytes, Cursor, Enrol, Enrolled, Exchange, Fate, Hash, Item, Manifest, Page, Reply, Verdict, WIRE, Welcome,
};

pub(crate) const ME: [u8; 16] = [9; 16];

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) epoch: u64,
    pub(crate) now: i64,
    pub(crate) docs: BTreeMap<DocumentId, Automerge>,
    pub(crate) fates: BTreeMap<OperationId, (Fate, [u8; 32])>,
    pub(crate) refuse: BTreeSet<&'static str>,
    pub(crate) later: bool,
    pub(crate) unproven: bool,
    /// How far its newest backup reaches.
    pub(crate) backup_seq: Option<u64>,
    pub(crate) page_max: usize,
    pub(crate) acked: u64,
    pub(crate) must_rotate: bool,
    /// The phone that enrols here.
    pub(crate) device: [u8; 16],
    /// Secret of the key under which it gives its word.
    pub(crate) hq: [u8; 32],
    bad: BTreeSet<ChangeHash>,
    pub(crate) log: Vec<Item>,
    key: [u8; 32],
    ids: u8,
    pub(crate) snapshots_served: usize,
}

pub(crate) fn organisation() -> OrganisationId {
    OrganisationId::from_bytes([8; 16])
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            epoch: 7,
            now: 1_790_000_000_000,
            docs: BTreeMap::new(),
            fates: BTreeMap::new(),
            refuse: BTreeSet::new(),
            later: false,
            backup_seq: None,
            unproven: false,
            page_max: 1_000,
            acked: 0,
            must_rotate: false,
            device: [6; 16],
            hq: [7; 32],
            bad: BTreeSet::new(),
            log: Vec::new(),
            key: [0; 32],
            ids: 100,
            snapshots_served: 0,
        }
    }

    pub(crate) fn enrol(&mut self, enrol: &Enrol) -> Enrolled {
        self.key = enrol.device_key;
        Enrolled {
            organisation: organisation(),
            organisation_name: "测试".into(),
            device: DeviceId::from_bytes(self.device),
            engineer: EngineerId::from_bytes(ME),
            token: "t".into(),
            server_time: Timestamp::from_ms(self.now),
        }
    }

    /// HQ's word for the phone that enrolled here.
    pub(crate) fn papers(&self) -> Papers {
        let hq = ReceiptKey::from_seed(&self.hq);
        let who = (DeviceId::from_bytes(self.device), EngineerId::from_bytes(ME));
        let until = Timestamp::from_ms(self.now).plus_ms(CERTIFICATE_MS);
        Papers {
            hq_key: hq.public(),
            certificate: Certificate::issue(&hq, organisation(), who, self.key, until),
        }
    }

    /// HQ writes; the phone hears of it with the next page.
    pub(crate) fn staff(&mut self, document: DocumentId, act: Act) -> Vec<u8> {
        self.ids += 1;
        self.now += 1_000;
        let operation = Operation {
            id: OperationId::new(Timestamp::from_ms(self.now), [self.ids; 10]),
            document,
            by: Author::Staff(StaffId::from_bytes([5; 16])),
            at: DeviceTime::exact(Timestamp::from_ms(self.now)),
            act,
        };
        let ids = self.ids;
        let doc = self
            .docs
            .entry(document)
            .or_insert_with(|| birth(document).unwrap());
        let prev = match operation.act.path() {
            Path::Events => content(document, doc).unwrap().events.heads(),
            _ => vec![],
        };
        let authored = author(doc, &[ids; 16], &operation, prev).unwrap();
        self.log.push(Item::Changes {
            document,
            changes: vec![Bytes::from(authored.bytes.clone())],
        });
        authored.bytes
    }

    /// A ticket with one visit offered to the phone's engineer.
    pub(crate) fn ticket(&mut self, n: u8) -> (TicketId, VisitId) {
        let ticket = TicketId::from_bytes([n; 16]);
        let visit = VisitId::from_bytes([n; 16]);
        let facts = TicketFacts {
            number: format!("T-{n:06}"),
            fault_text: "打印机卡纸".into(),
            ..TicketFacts::default()
        };
        self.log.push(Item::Enter {
            document: ticket.into(),
        });
        self.staff(ticket.into(), Act::Create(Box::new(facts)));
        self.staff(
            ticket.into(),
            Act::Offer {
                visit,
                to: vec![EngineerId::from_bytes(ME)],
                plan: None,
            },
        );
        (ticket, visit)
    }

    pub(crate) fn article(&mut self, n: u8) -> ArticleId {
        let article = ArticleId::from_bytes([n; 16]);
        self.log.push(Item::Enter {
            document: article.into(),
        });
        article
    }

    pub(crate) const SEAL: [u8; 16] = [8; 16];

    fn chain(seq: u64) -> [u8; 8] {
        seq.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()
    }

    pub(crate) fn take(&mut self, exchange: &Exchange) -> Reply {
        self.now += 1;
        let mut reply = Reply {
            welcome: Welcome {
                wire: WIRE,
                epoch: self.epoch,
                server_time: Timestamp::from_ms(self.now),
                acked_counter: self.acked,
                must_rotate: self.must_rotate,
                revoked: false,
                must_reread: false,
                backup_seq: self.backup_seq,
                min_app: None,
            },
            verdicts: vec![],
            page: None,
            receipt: None,
            lacks: None,
            digest: None,
            known: None,
            stood: None,
            healed: vec![],
            lacks_blobs: vec![],
            grants: None,
            heard: None,
            relayed: vec![],
            papers: exchange.papers.then(|| self.papers()),
        };
        if exchange.hello.cursor.epoch != self.epoch {
            return reply;
        }
        let key = self.key;
        for lane in &exchange.push {
            let source = ActorSource {
                organisation: organisation(),
                document: lane.document,
                device_key: &key,
                install: &lane.install,
                branch: lane.branch,
            };
            let last = Change::from_bytes(lane.changes.last().unwrap().to_vec()).unwrap();
            let line = Line {
                organisation: organisation(),
                document: lane.document,
                actor: &source.actor(),
                head: &last.hash().0,
            };
            assert!(verify(&key, &line, &lane.signature), "the lane is signed");
            for bytes in &lane.changes {
                let change = Change::from_bytes(bytes.to_vec()).unwrap();
                assert_eq!(
                    change.actor_id().to_bytes(),
                    source.actor(),
                    "the actor certifies itself"
                );
                let hash = Hash::new(change.hash().0);
                reply.verdicts.push((hash, self.judge(lane.document, change)));
            }
        }
        reply.page = Some(self.page(&exchange.hello.cursor, &exchange.want));
        reply
    }

    fn judge(&mut self, document: DocumentId, change: Change) -> Verdict {
        if self.later {
            return Verdict::Later;
        }
        if self.unproven {
            return Verdict::Unproven;
        }
        let hash = change.hash();
        let operation: OperationId = change.message().unwrap().parse().unwrap();
        if let Some((fate, first)) = self.fates.get(&operation) {
            return Verdict::Fate {
                operation,
                fate: fate.clone(),
                other: *first != hash.0,
            };
        }
        let doc = self
            .docs
            .entry(document)
            .or_insert_with(|| birth(document).unwrap());
        let missing = doc.get_missing_deps(change.deps());
        if missing.iter().any(|hash| self.bad.contains(hash)) {
            self.bad.insert(hash);
            return Verdict::Replay;
        }
        if !missing.is_empty() {
            return Verdict::Need {
                hashes: missing.iter().map(|hash| Hash::new(hash.0)).collect(),
            };
        }
        let mut next = doc.clone();
        if next.apply_changes([change.clone()]).is_err() {
            return Verdict::Replay;
        }
        let after = content(document, &next).unwrap();
        let entry = after
            .events
            .entries()
            .get(&operation)
            .or_else(|| {
                after
                    .entries
                    .iter()
                    .find(|((_, id), _)| *id == operation)
                    .map(|(_, entry)| entry)
            })
            .unwrap();
        let fate = if self.refuse.contains(entry.act.word()) {
            Fate::Refused {
                code: "not_allowed".into(),
            }
        } else {
            match fold(&after.events).outcomes.get(&operation) {
                Some(Outcome::Overruled(why)) => Fate::Overruled {
                    code: why.code().into(),
                },
                _ => Fate::Merged,
            }
        };
        self.fates.insert(operation, (fate.clone(), hash.0));
        if matches!(fate, Fate::Refused { .. }) {
            self.bad.insert(hash);
        } else {
            self.log.push(Item::Changes {
                document,
                changes: vec![Bytes::from(change.raw_bytes().to_vec())],
            });
            *doc = next;
        }
        Verdict::Fate {
            operation,
            fate,
            other: false,
        }
    }

    /// The first reading brings documents whole.
    fn first_page(&mut self, from: &Cursor) -> Page {
        let mut items = Vec::new();
        for document in self.scope() {
            let bytes = Bytes::from(self.docs[&document].save_nocompress());
            items.extend([Item::Enter { document }, Item::Snapshot { document, bytes }]);
        }
        let rows = self
            .log
            .iter()
            .filter(|item| matches!(item, Item::Row { .. } | Item::Fate { .. }));
        items.extend(rows.cloned());
        let seq = self.log.len() as u64;
        let next = Cursor {
            epoch: self.epoch,
            seq,
            chain: Self::chain(seq),
            seal: Self::SEAL,
        };
        Page {
            from: *from,
            items,
            next,
            more: false,
            manifest: Some(self.manifest()),
            resumed: None,
        }
    }

    pub(crate) fn page(&mut self, from: &Cursor, want: &[DocumentId]) -> Page {
        if from.seq == 0 {
            return self.first_page(from);
        }
        let start = usize::try_from(from.seq).unwrap();
        let end = (start + self.page_max).min(self.log.len());
        let mut items = self.log[start.min(end)..end].to_vec();
        for document in want {
            if let Some(doc) = self.docs.get(document) {
                self.snapshots_served += 1;
                items.push(Item::Snapshot {
                    document: *document,
                    bytes: Bytes::from(doc.save_nocompress()),
                });
            }
        }
        let more = end < self.log.len();
        Page {
            from: *from,
            items,
            next: Cursor {
                epoch: self.epoch,
                seq: end as u64,
                chain: Self::chain(end as u64),
                seal: Self::SEAL,
            },
            more,
            manifest: (!more).then(|| self.manifest()),
            resumed: None,
        }
    }

    fn scope(&self) -> BTreeSet<DocumentId> {
        let mut scope = BTreeSet::new();
        for item in &self.log {
            match item {
                Item::Enter { document } => scope.insert(*document),
                Item::Drop { document } => scope.remove(document),
                _ => false,
            };
        }
        scope
    }

    fn manifest(&self) -> Manifest {
        let mut manifest = Manifest::EMPTY;
        for document in self.scope() {
            manifest.add(document, &heads(&self.docs[&document]));
        }
        manifest
    }

    /// The operation stands in the server's document.
    pub(crate) fn holds(&self, document: DocumentId, operation: OperationId) -> bool {
        let content = content(document, &self.docs[&document]).unwrap();
        content.events.holds(operation) || content.entries.keys().any(|(_, id)| *id == operation)
    }

    pub(crate) fn key_of(seed: &[u8; 32]) -> [u8; 32] {
        DeviceKey::from_seed(seed).public()
    }
}
