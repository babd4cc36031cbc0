//! Bundles in bad hands: forged, changed, cut, too large, of another company, for somebody else. Two phones of one engineer,
//! each with a server of its own that says the same.

use fieldline_model::actor::{ActorSource, DeviceKey, Line, LineSignature};
use fieldline_model::card::Card;
use fieldline_model::certificate::{Certificate, Papers};
use fieldline_model::document::author;
use fieldline_model::id::{DeviceId, EngineerId, OperationId, OrganisationId, TicketId};
use fieldline_model::operation::{Act, Author, Operation};
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_model::wire::{
    BUNDLE_AUTHORS_MAX, BUNDLE_BYTES_MAX, BUNDLE_DOCUMENTS_MAX, Bundle, Bytes, Hash, Lane, Proof,
    RELAY_CHANGES_MAX, Shared, pack, unpack,
};
use proptest::prelude::*;

use super::phone::Phone;
use super::roads::note;
use super::server::{ME, Server, organisation};
use crate::bundle::{CARRIED_BYTES_MAX, seal};
use crate::{Bug, BundleError, EngineError, Imported};

/// A phone that is going to hand over, and its colleague's.
struct Pair {
    from: Phone,
    to: Phone,
    card: Card,
    ticket: TicketId,
    /// What the first did and HQ has not got.
    done: OperationId,
}

fn phone(device: u8) -> (Server, Phone, TicketId) {
    let mut server = Server::new();
    server.device = [device; 16];
    let mut phone = Phone::seeded(u64::from(device));
    phone.enrol(&mut server);
    let (ticket, _) = server.ticket(1);
    phone.sync(&mut server);
    (server, phone, ticket)
}

fn pair() -> Pair {
    let (_, mut from, ticket) = phone(6);
    let (_, mut to, _) = phone(16);
    let done = from.perform(ticket, note("去机房的路上"));
    let card = to.with(|engine, moment| engine.card(moment)).unwrap();
    Pair {
        from,
        to,
        card,
        ticket,
        done,
    }
}

fn seed(phone: &Phone) -> [u8; 32] {
    let sql = "SELECT key_seed FROM identity";
    phone.raw().query_row(sql, [], |row| row.get(0)).unwrap()
}

impl Pair {
    fn export(&mut self) -> Vec<u8> {
        let card = self.card;
        let made = self
            .from
            .with(|engine, moment| engine.export_bundle(&card, moment));
        made.unwrap().bytes
    }

    fn import(&mut self, sealed: &[u8]) -> Result<Imported, BundleError> {
        let taken = self
            .to
            .with(|engine, moment| engine.import_bundle(sealed, moment));
        taken.map_err(|error| match error {
            EngineError::Bundle(error) => error,
            other => panic!("{other}"),
        })
    }

    fn key(&self) -> DeviceKey {
        DeviceKey::from_seed(&seed(&self.from))
    }

    fn head(&self) -> seal::Head {
        seal::Head {
            organisation: organisation(),
            to: self.card.certificate.device,
        }
    }

    /// The honest bundle, opened.
    fn bundle(&mut self) -> Bundle {
        let sealed = self.export();
        let opened = seal::open(self.head(), &seed(&self.to), &sealed).unwrap();
        unpack(&opened.contents).unwrap()
    }

    /// A bundle with other contents, made with all that the first phone has.
    fn forge(&mut self, change: impl FnOnce(&mut Bundle)) -> Vec<u8> {
        let mut bundle = self.bundle();
        change(&mut bundle);
        let contents = pack(&bundle).unwrap();
        let mut chance = |bytes: &mut [u8]| bytes.fill(3);
        seal::seal(
            self.head(),
            &self.card.bundle_key,
            &self.key(),
            &contents,
            &mut chance,
        )
        .unwrap()
    }

    /// What becomes of a lane that was changed, and nothing else.
    fn refusal(&mut self, change: impl FnOnce(&mut Bundle)) -> String {
        let sealed = self.forge(change);
        let imported = self.import(&sealed).unwrap();
        assert_eq!((imported.carried, self.carried()), (0, 0));
        let [refused] = &imported.refused[..] else {
            panic!("one lane is refused: {imported:?}");
        };
        refused.code.clone()
    }

    fn carried(&mut self) -> i64 {
        let sql = "SELECT (SELECT count(*) FROM carried) + (SELECT count(*) FROM carried_entry)
             + (SELECT count(*) FROM carried_ground)";
        self.to.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// A lane of the first phone's, whoever is said to have done it.
    fn lane(&mut self, by: EngineerId, act: Act) -> Lane {
        let key = self.key();
        let document = self.ticket.into();
        let install = [9; 16];
        let source = ActorSource {
            organisation: organisation(),
            document,
            device_key: &key.public(),
            install: &install,
            branch: 0,
        };
        let mut server = Server::new();
        server.ticket(1);
        let mut doc = server.docs.remove(&document).unwrap();
        let operation = Operation {
            id: OperationId::from_bytes([42; 16]),
            document,
            by: Author::Engineer(by),
            at: DeviceTime::exact(Timestamp::from_ms(1_790_000_000_000)),
            act,
        };
        let authored = author(&mut doc, &source.actor(), &operation, vec![]).unwrap();
        signed(&key, document, install, &source.actor(), vec![authored.bytes])
    }
}

fn signed(
    key: &DeviceKey,
    document: fieldline_model::id::DocumentId,
    install: [u8; 16],
    actor: &[u8; 16],
    changes: Vec<Vec<u8>>,
) -> Lane {
    let head = fieldline_model::lane::change_hash(changes.last().unwrap());
    let line = Line {
        organisation: organisation(),
        document,
        actor,
        head: &head,
    };
    Lane {
        document,
        install,
        branch: 0,
        changes: changes.into_iter().map(Bytes::from).collect(),
        signature: key.sign(&line),
    }
}

fn first(bundle: &mut Bundle) -> &mut Shared {
    &mut bundle.documents[0]
}

#[test]
fn an_honest_bundle_is_taken_and_shown_and_counts_as_nothing() {
    let mut pair = pair();
    let sealed = pair.export();
    assert!(sealed.len() < 4_000, "{} bytes for one note", sealed.len());
    let imported = pair.import(&sealed).unwrap();
    assert_eq!((imported.carried, imported.refused.len()), (1, 0));
    let (ticket, done) = (pair.ticket, pair.done);
    let view = pair
        .to
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    let shown: Vec<_> = view.field.iter().filter(|entry| entry.carried).collect();
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (shown[0].operation, shown[0].pending, view.pending),
        (done, false, 0)
    );
    let status = pair.to.engine().status().unwrap();
    assert_eq!((status.carried, status.saved_here, status.at_hq), (1, 0, 0));
    assert_eq!(
        pair.from.engine().status().unwrap().saved_here,
        1,
        "its author has it still"
    );
    // Own work is not built on it.
    pair.to.perform(ticket, note("先核对图纸"));
    let pushed = pair.to.next().push;
    let change = automerge::Change::from_bytes(pushed[0].changes[0].to_vec()).unwrap();
    let handed = pair
        .to
        .raw()
        .query_row("SELECT head FROM carried", [], |row| row.get::<_, [u8; 32]>(0));
    assert!(!change.deps().iter().any(|dep| Ok(dep.0) == handed));
}

/// The disk lost a change in the middle of a line: with the gap in it, none of the line was proven.
#[test]
fn a_line_with_a_gap_is_handed_over_up_to_it() {
    let mut pair = pair();
    let lost = pair.from.perform(pair.ticket, note("丢失的一条"));
    pair.from.perform(pair.ticket, note("后面的一条"));
    let gone = pair
        .from
        .raw()
        .execute("DELETE FROM change WHERE operation = ?1", [lost.to_string()])
        .unwrap();
    assert_eq!(gone, 1, "the fault fired");
    let sealed = pair.export();
    let imported = pair.import(&sealed).unwrap();
    assert_eq!((imported.carried, imported.refused.len()), (1, 0), "{imported:?}");
}

#[test]
fn envelopes_that_are_wrong_are_told_by_code() {
    let mut pair = pair();
    let sealed = pair.export();
    let mut changed = |at: usize, to: u8| {
        let mut bytes = sealed.clone();
        bytes[at] = to;
        pair.import(&bytes).unwrap_err()
    };
    assert_eq!(changed(0, b'X'), BundleError::NotABundle);
    assert_eq!(changed(3, 9), BundleError::Newer);
    assert_eq!(changed(3, 0), BundleError::Older);
    assert_eq!(changed(4, 99), BundleError::OtherCompany);
    assert_eq!(changed(20, 99), BundleError::NotForMe);
    assert_eq!(changed(36, 99), BundleError::Damaged);
    assert_eq!(changed(sealed.len() - 1, 99), BundleError::Damaged);
    let huge = vec![0; BUNDLE_BYTES_MAX + 1];
    assert_eq!(pair.import(&huge), Err(BundleError::TooLarge));
    assert_eq!(pair.import(b""), Err(BundleError::NotABundle));
    assert_eq!(pair.carried(), 0);
}

#[test]
fn makers_whom_hq_does_not_prove_are_not_believed() {
    let mut pair = pair();
    let versions = [(2, BundleError::Newer), (0, BundleError::Older)];
    for (version, wanted) in versions {
        let sealed = pair.forge(|bundle| bundle.version = version);
        assert_eq!(pair.import(&sealed), Err(wanted));
    }
    // Signed by the first phone, in the name of one that HQ knows as well.
    let other = pair.card.certificate;
    let sealed = pair.forge(|bundle| bundle.from = other);
    assert_eq!(pair.import(&sealed), Err(BundleError::PeerUnproven));
    let strangers_hq = ReceiptKey::from_seed(&[1; 32]);
    let of = |bundle: &Bundle, organisation, hq: &ReceiptKey, until| {
        let Certificate {
            device,
            engineer,
            device_key,
            ..
        } = bundle.from;
        Certificate::issue(hq, organisation, (device, engineer), device_key, until)
    };
    let until = Timestamp::from_ms(1_900_000_000_000);
    let sealed = pair.forge(|bundle| bundle.from = of(bundle, organisation(), &strangers_hq, until));
    assert_eq!(pair.import(&sealed), Err(BundleError::PeerUnproven));
    let hq = ReceiptKey::from_seed(&[7; 32]);
    let elsewhere = OrganisationId::from_bytes([1; 16]);
    let sealed = pair.forge(|bundle| bundle.from = of(bundle, elsewhere, &hq, until));
    assert_eq!(pair.import(&sealed), Err(BundleError::PeerUnproven));
    let past = Timestamp::from_ms(1_700_000_000_000);
    let sealed = pair.forge(|bundle| bundle.from = of(bundle, organisation(), &hq, past));
    assert_eq!(pair.import(&sealed), Err(BundleError::PeerExpired));
    let sealed = pair.forge(|bundle| bundle.authors = vec![bundle.from; BUNDLE_AUTHORS_MAX + 1]);
    assert_eq!(pair.import(&sealed), Err(BundleError::TooLarge));
    let sealed = pair.forge(|bundle| {
        let one = bundle.documents.remove(0);
        bundle.documents = vec![one; BUNDLE_DOCUMENTS_MAX + 1];
    });
    assert_eq!(pair.import(&sealed), Err(BundleError::TooLarge));
    assert_eq!(pair.carried(), 0);
}

#[test]
fn lanes_that_are_nobodys_are_not_carried() {
    let mut pair = pair();
    let lane = |bundle: &mut Bundle, change: fn(&mut Lane)| change(&mut first(bundle).lanes[0].lane);
    let forged = pair.refusal(|b| lane(b, |lane| lane.signature = LineSignature([0; 64])));
    assert_eq!(forged, "bad_signature");
    let spoiled = pair.refusal(|b| {
        lane(b, |lane| {
            let last = lane.changes[0].len() - 1;
            lane.changes[0][last] ^= 1;
        });
    });
    assert_eq!(spoiled, "bad_signature");
    let moved = pair.refusal(|b| lane(b, |lane| lane.document = TicketId::from_bytes([2; 16]).into()));
    assert_eq!(moved, "wrong_document");
    let many = pair.refusal(|b| {
        lane(b, |lane| {
            lane.changes = vec![lane.changes[0].clone(); RELAY_CHANGES_MAX + 1]
        });
    });
    assert_eq!(many, "out_of_range");
    assert_eq!(
        pair.refusal(|b| lane(b, |lane| lane.changes.clear())),
        "out_of_range"
    );
    let unknown = pair.refusal(|b| first(b).lanes[0].device = DeviceId::from_bytes([1; 16]));
    assert_eq!(unknown, "peer_unproven");
    let unproven = pair.refusal(|b| b.authors[0].engineer = EngineerId::from_bytes([1; 16]));
    assert_eq!(unproven, "peer_unproven");
    let elsewhere = pair.refusal(|b| first(b).document = TicketId::from_bytes([2; 16]).into());
    assert_eq!(elsewhere, "out_of_scope");
}

/// Whoever holds a phone's key can sign what he likes: only what is a change of that phone's engineer is carried.
#[test]
fn a_proven_phone_carries_no_weight_beyond_its_own_person() {
    let mut pair = pair();
    let anothers = pair.lane(EngineerId::from_bytes([1; 16]), note("not mine"));
    assert_eq!(pair.refusal(|b| first(b).lanes[0].lane = anothers), "not_allowed");
    let key = pair.key();
    let document = pair.ticket.into();
    let actor = ActorSource {
        organisation: organisation(),
        document,
        device_key: &key.public(),
        install: &[9; 16],
        branch: 0,
    }
    .actor();
    let garbage = signed(&key, document, [9; 16], &actor, vec![vec![7; 400]]);
    let code = pair.refusal(|b| first(b).lanes[0].lane = garbage);
    assert!(
        code.starts_with("malformed") || code == "not_a_change_chunk",
        "{code}"
    );
    let fine = pair.lane(EngineerId::from_bytes(ME), note("mine"));
    let sealed = pair.forge(|b| first(b).lanes[0].lane = fine);
    assert_eq!(
        pair.import(&sealed).unwrap().carried,
        1,
        "the same by its own person is good"
    );
}

/// Shows that a lane's signature is what keeps a forged one out.
#[test]
fn without_the_check_of_signatures_a_forged_lane_is_carried() {
    let mut pair = pair();
    pair.to.bug = Some(Bug::CarriedUnproven);
    pair.to.open().unwrap();
    let sealed = pair.forge(|b| first(b).lanes[0].lane.signature = LineSignature([0; 64]));
    assert_eq!(pair.import(&sealed).unwrap().carried, 1);
}

#[test]
fn history_that_hq_did_not_sign_is_not_believed() {
    let mut pair = pair();
    let mut server = Server::new();
    let (ticket, _) = server.ticket(1);
    let invented = server.staff(
        ticket.into(),
        Act::Cancel {
            reason: "invented".into(),
        },
    );
    let proof = Proof {
        heads: vec![Hash::new([1; 32])],
        place: 0,
        count: 1,
        path: vec![],
        signature: LineSignature([0; 64]),
    };
    for proof in [None, Some(proof)] {
        let invented = invented.clone();
        let sealed = pair.forge(|b| {
            first(b).history = vec![Bytes::from(invented)];
            first(b).proof = proof;
        });
        pair.import(&sealed).unwrap();
        let ticket = pair.ticket;
        let view = pair
            .to
            .with(|engine, moment| engine.ticket(ticket, moment))
            .unwrap();
        assert_eq!(view.status, "planned");
        let grounds = "SELECT count(*) FROM carried_ground";
        assert_eq!(
            pair.to
                .raw()
                .query_row(grounds, [], |row| row.get::<_, i64>(0))
                .unwrap(),
            0
        );
    }
}

#[test]
fn a_phone_carries_so_much_and_takes_nothing_by_halves() {
    let mut pair = pair();
    let sealed = pair.export();
    let full = "INSERT INTO carried (head, document, device, certificate, lane, changes, got_at, taken_at)
         VALUES (zeroblob(32), 'x', 'x', x'00', zeroblob(?1), 1, 0, 1)";
    pair.to
        .raw()
        .execute(full, [i64::try_from(CARRIED_BYTES_MAX).unwrap()])
        .unwrap();
    assert_eq!(pair.import(&sealed), Err(BundleError::Full));
    assert_eq!(pair.carried(), 1, "what was there");
    pair.to.raw().execute("DELETE FROM carried", []).unwrap();
    assert_eq!(pair.import(&sealed).unwrap().carried, 1);
}

#[test]
fn no_card_without_hqs_word_and_none_after_hq_took_it_back() {
    let mut phone = Phone::new();
    let code = |phone: &mut Phone| {
        let card = phone.with(|engine, moment| engine.card(moment));
        card.unwrap_err().code().to_owned()
    };
    assert_eq!(code(&mut phone), "not_enrolled");
    let mut server = Server::new();
    phone.enrol(&mut server);
    assert_eq!(code(&mut phone), "no_certificate");
    phone.sync(&mut server);
    assert!(!phone.next().papers, "asked for once");
    assert!(phone.with(|engine, moment| engine.card(moment)).is_ok());
    phone.clock += 16 * 86_400_000;
    server.now += 16 * 86_400_000;
    assert!(phone.next().papers, "and again when half of its time is over");
    // Somebody else's word is not taken for this phone's.
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    let papers = server.papers();
    reply.papers = Some(Papers {
        certificate: Certificate {
            device: DeviceId::from_bytes([1; 16]),
            ..papers.certificate
        },
        ..papers
    });
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert!(phone.next().papers);
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    reply.welcome.revoked = true;
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert_eq!(code(&mut phone), "phone_revoked");
}

/// A server of the version before says nothing of what is carried to it: it is brought again, and not at once.
#[test]
fn an_older_server_is_not_pestered_and_nothing_is_lost() {
    let mut pair = pair();
    let sealed = pair.export();
    pair.import(&sealed).unwrap();
    let (mut server, ..) = phone(16);
    let exchange = pair.to.next();
    assert_eq!(exchange.relay.len(), 1);
    let reply = server.take(&exchange);
    assert!(reply.relayed.is_empty());
    pair.to
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert!(pair.to.next().relay.is_empty());
    assert_eq!(pair.to.engine().status().unwrap().carried, 1);
    pair.to.clock += 31 * 60 * 1_000;
    assert_eq!(pair.to.next().relay.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn damage_is_noticed_and_leaves_nothing(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 0..4),
        end in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut pair = pair();
        let sealed = pair.export();
        let mut damaged = sealed.clone();
        for (at, mask) in &flips {
            let at = at.index(damaged.len());
            damaged[at] ^= mask;
        }
        if let Some(end) = end {
            damaged.truncate(end.index(sealed.len()));
        }
        if damaged != sealed {
            prop_assert!(pair.import(&damaged).is_err());
            prop_assert_eq!(pair.carried(), 0);
        }
    }
}
