//! A hostile client with a good token and key: it signs whatever it likes and pushes it over the router.

use automerge::Automerge;
use fieldline_model::actor::{ActorSource, DeviceKey, Line, LineSignature};
use fieldline_model::document::load;
use fieldline_model::id::{DeviceId, DocumentId, OperationId, OrganisationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::wire::{Bytes, Cursor, Exchange, Hello, Lane, Reply, Verdict, WIRE, pack, unpack};
use sha2::{Digest, Sha256};

use super::World;
use super::check::look;
use super::network::{Answer, Request};
use super::sync::SYNC;

/// The branch hostile lines are written on: far from what the honest phone uses.
const BRANCH: u32 = 7_000;

/// Somebody who has taken over a phone.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// The phone he has.
    pub n: usize,
    /// Its key.
    pub key: DeviceKey,
    organisation: OrganisationId,
    device: DeviceId,
    token: String,
    install: [u8; 16],
}

impl Hostile {
    /// Takes the secrets out of a phone's store.
    ///
    /// # Panics
    /// When the phone is not enrolled.
    #[must_use]
    pub fn of(world: &World, n: usize) -> Self {
        let sql = "SELECT key_seed, organisation, device, token FROM identity";
        look(&world.phones[n].db())
            .query_row(sql, [], |row| {
                Ok(Self {
                    n,
                    key: DeviceKey::from_seed(&row.get(0)?),
                    organisation: row.get::<_, String>(1)?.parse().expect("organisation"),
                    device: row.get::<_, String>(2)?.parse().expect("device"),
                    token: row.get(3)?,
                    install: [0xBA; 16],
                })
            })
            .expect("an enrolled phone")
    }

    /// The actor of his lines in a document.
    #[must_use]
    pub fn actor(&self, document: DocumentId) -> [u8; 16] {
        let key = self.key.public();
        let Self {
            organisation,
            install,
            ..
        } = self;
        ActorSource {
            organisation: *organisation,
            document,
            device_key: &key,
            install,
            branch: BRANCH,
        }
        .actor()
    }

    /// A lane signed as an honest phone would sign it.
    #[must_use]
    pub fn lane(&self, document: DocumentId, changes: &[Vec<u8>]) -> Lane {
        let actor = self.actor(document);
        let head = changes.last().map(|bytes| change_hash(bytes)).unwrap_or_default();
        let line = Line {
            organisation: self.organisation,
            document,
            actor: &actor,
            head: &head,
        };
        Lane {
            document,
            install: self.install,
            branch: BRANCH,
            changes: changes.iter().cloned().map(Bytes::from).collect(),
            signature: self.key.sign(&line),
        }
    }

    /// Pushes lanes and returns what the server says.
    ///
    /// # Panics
    /// When the server does not answer at all.
    pub fn push(&self, world: &mut World, push: Vec<Lane>) -> Answer {
        let hello = Hello {
            wire: WIRE,
            device: self.device,
            install: self.install,
            cursor: Cursor::START,
            write_counter: 1,
            app: "hostile".into(),
        };
        let exchange = Exchange {
            hello,
            push,
            want: Vec::new(),
            page_items_max: 0,
        };
        let body = pack(&exchange).expect("a message");
        world.tally.count("hostile.push");
        let request = Request {
            path: SYNC.into(),
            token: Some(self.token.clone()),
            body,
        };
        world.hq.call(request).expect("the server answers whatever comes")
    }

    /// Pushes one change to a ticket and returns its verdict.
    ///
    /// # Panics
    /// When the whole exchange is turned away.
    pub fn verdict(&self, world: &mut World, ticket: TicketId, change: Vec<u8>) -> Verdict {
        let lane = self.lane(ticket.into(), &[change]);
        let answer = self.push(world, vec![lane]);
        let reply: Reply = unpack(&answer.body)
            .unwrap_or_else(|_| panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
        reply
            .verdicts
            .into_iter()
            .next()
            .expect("one verdict per change")
            .1
    }

    /// A new operation id for something hostile. The world books it as done by this phone, so it needs one fate.
    pub fn operation(&self, world: &mut World, ticket: TicketId) -> OperationId {
        let id = OperationId::new(world.now(), world.dice.bytes());
        world.ledger.promise(id, self.n, ticket.into(), &Act::Urge);
        id
    }
}

/// The hash a change has.
#[must_use]
pub fn change_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(8..).unwrap_or_default()).into()
}

/// A signature by nobody.
#[must_use]
pub fn no_signature() -> LineSignature {
    LineSignature([0; 64])
}

impl World {
    /// The server's copy of a document.
    ///
    /// # Panics
    /// When there is none, or it does not load.
    #[must_use]
    pub fn document_at_hq(&self, id: DocumentId) -> Automerge {
        let sql = "SELECT snapshot FROM document WHERE id = ?1";
        let bytes: Vec<u8> = self
            .hq
            .db()
            .query_row(sql, [id.to_string()], |row| row.get(0))
            .expect("the document is there");
        load(id, &bytes).expect("the server's documents load")
    }
}
