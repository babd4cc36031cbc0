//! A hostile client in a world: somebody pushes whatever he likes over the router, with a stolen phone's token and key.

use automerge::Automerge;
use fieldline_model::document::author;
use fieldline_model::id::{DocumentId, OperationId, TicketId};
use fieldline_model::operation::{Act, Author, Operation};
use fieldline_model::time::DeviceTime;
use fieldline_model::wire::{Lane, Reply, Verdict, pack, unpack};

use super::World;
use super::network::{Answer, Request};
use super::sync::SYNC;
use crate::stolen::{Stolen, document_at};

/// Somebody who has taken over a phone.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// The phone he has.
    pub n: usize,
    /// What he took out of it.
    pub phone: Stolen,
}

impl Hostile {
    /// Takes over a phone.
    ///
    /// # Panics
    /// When the phone is not enrolled.
    #[must_use]
    pub fn of(world: &World, n: usize) -> Self {
        Self {
            n,
            phone: Stolen::of(&world.phones[n].db()),
        }
    }

    /// Pushes lanes and returns what the server says.
    ///
    /// # Panics
    /// When the server does not answer at all.
    pub fn push(&self, world: &mut World, push: Vec<Lane>) -> Answer {
        let body = pack(&self.phone.exchange(push)).expect("a message");
        world.tally.count("hostile.push");
        let request = Request {
            path: SYNC.into(),
            token: Some(self.phone.token.clone()),
            body,
            ..Request::default()
        };
        world.hq.call(request).expect("the server answers whatever comes")
    }

    /// Pushes one change to a ticket and returns its verdict.
    ///
    /// # Panics
    /// When the whole exchange is turned away.
    pub fn verdict(&self, world: &mut World, ticket: TicketId, change: Vec<u8>) -> Verdict {
        let lane = self.phone.lane(ticket.into(), &[change]);
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

    /// A note of his, well formed and by the rules, on what HQ holds now; booked as [`Hostile::operation`] books.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn note(&self, world: &mut World, ticket: TicketId, text: &str) -> (OperationId, Vec<u8>) {
        let id = self.operation(world, ticket);
        let document = DocumentId::from(ticket);
        let operation = Operation {
            id,
            document,
            by: Author::Engineer(world.phones[self.n].engineer),
            at: DeviceTime::exact(world.now()),
            act: Act::Note { text: text.into() },
        };
        let mut doc = world.document_at_hq(document);
        let authored = author(&mut doc, &self.phone.actor(document), &operation, Vec::new());
        (id, authored.expect("a change").bytes)
    }

    /// A new operation id for something hostile. The world books it as done by this phone, so it needs one fate.
    pub fn operation(&self, world: &mut World, ticket: TicketId) -> OperationId {
        let id = OperationId::new(world.now(), world.dice.bytes());
        world.ledger.promise(id, self.n, ticket.into(), &Act::Urge);
        id
    }
}

impl World {
    /// The server's copy of a document.
    ///
    /// # Panics
    /// When there is none, or it does not load.
    #[must_use]
    pub fn document_at_hq(&self, id: DocumentId) -> Automerge {
        document_at(self.hq.db(), id)
    }
}
