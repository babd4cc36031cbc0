//! The one ticket that all foreign bytes meet: reported, offered, accepted, with a note and a word from the customer.

use automerge::Automerge;

use crate::document::{self, Authored, Content};
use crate::entry::Entry;
use crate::id::{DocumentId, EngineerId, OperationId, TicketId, VisitId};
use crate::operation::{Act, Author, Operation, Path, TicketFacts};
use crate::time::{DeviceTime, Timestamp};

pub(super) const HQ: [u8; 16] = [1; 16];
pub(super) const PHONE: [u8; 16] = [2; 16];
pub(super) const OTHER_PHONE: [u8; 16] = [3; 16];

thread_local! {
    static TICKET: Automerge = Sample::build();
}

/// The sample ticket.
#[derive(Debug)]
pub struct Sample;

impl Sample {
    /// Its name.
    pub fn document() -> DocumentId {
        TicketId::from_bytes([7; 16]).into()
    }

    /// Its visit.
    pub fn visit() -> VisitId {
        VisitId::from_bytes([8; 16])
    }

    /// The engineer who has the visit.
    pub fn engineer() -> EngineerId {
        EngineerId::from_bytes([9; 16])
    }

    /// What it says.
    pub fn content() -> Content {
        TICKET.with(|doc| document::content(Self::document(), doc).expect("it was born as a ticket"))
    }

    /// Its bytes, uncompressed, so that mutations reach what they say.
    pub fn saved() -> Vec<u8> {
        TICKET.with(Automerge::save_nocompress)
    }

    /// The entries it holds, as they stand in it.
    pub fn entries() -> Vec<String> {
        let content = Self::content();
        let all = content.events.entries().values().chain(content.entries.values());
        all.map(|entry| entry.to_text().expect("it was read from JSON"))
            .collect()
    }

    /// The next honest change of the engineer: he sets out.
    pub fn change() -> Vec<u8> {
        let act = Act::Depart {
            visit: Self::visit(),
            eta: None,
        };
        let by = Author::Engineer(Self::engineer());
        write(&mut Self::doc(), &PHONE, &Self::operation(0x20, by, act)).bytes
    }

    pub(super) fn doc() -> Automerge {
        TICKET.with(Clone::clone)
    }

    pub(super) fn operation(n: u8, by: Author, act: Act) -> Operation {
        Operation {
            id: OperationId::from_bytes([n; 16]),
            document: Self::document(),
            by,
            at: DeviceTime::exact(Timestamp::from_ms(i64::from(n))),
            act,
        }
    }

    /// The entry's text and the key of its container.
    pub(super) fn entry(operation: &Operation, prev: Vec<OperationId>) -> (String, &'static str) {
        let path = operation.act.path();
        let prev = if path == Path::Events { prev } else { Vec::new() };
        let text = Entry::of(operation, prev)
            .to_text()
            .expect("acts here hold no numbers");
        (text, path.key())
    }

    fn build() -> Automerge {
        let mut doc = document::birth(Self::document()).expect("births never fail");
        let (visit, engineer) = (Self::visit(), Author::Engineer(Self::engineer()));
        let facts = TicketFacts {
            number: "T-1".into(),
            ..TicketFacts::default()
        };
        let offer = Act::Offer {
            visit,
            to: vec![Self::engineer()],
            plan: None,
        };
        let (note, message) = ("笔记 note".to_owned(), "请尽快".to_owned());
        let acts = [
            (HQ, Author::Server, Act::Create(Box::new(facts))),
            (HQ, Author::Server, offer),
            (PHONE, engineer, Act::Accept { visit }),
            (PHONE, engineer, Act::Note { text: note }),
            (HQ, Author::Customer, Act::Message { text: message }),
        ];
        for (n, (actor, by, act)) in (0x10..).zip(acts) {
            write(&mut doc, &actor, &Self::operation(n, by, act));
        }
        doc
    }
}

fn write(doc: &mut Automerge, actor: &[u8; 16], operation: &Operation) -> Authored {
    let heads = document::content(operation.document, doc).map(|content| content.events.heads());
    document::author(doc, actor, operation, heads.unwrap_or_default()).expect("honest work is written")
}
