//! Giving back: only what a receipt has behind it, and only of the fates that were told.

use automerge::ReadDoc;
use fieldline_model::receipt::{leaf, path};
use fieldline_model::wire::{Bytes, Exchange, Hash, Have, Heal, Proof, Reply};

use super::bench::{Bench, Phone, note, reopen};
use crate::app::{App, DATABASE_FILE};

const NOTES: &str = "SELECT count(*) FROM event WHERE act = 'note'";

/// A server that went back, and the exchange by which the phone can heal it; the proof covers the first note alone.
struct Story {
    _bench: Bench,
    _dir: tempfile::TempDir,
    older: App,
    phone: Phone,
    heal: Heal,
    /// One more note, merged after the receipt.
    later: Vec<u8>,
}

async fn story() -> Story {
    let bench = Bench::seeded(1);
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[phone.engineer]).await;
    phone.sync(&bench.app).await;
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join(DATABASE_FILE).display().to_string();
    let database = rusqlite::Connection::open(bench.dir.path().join(DATABASE_FILE)).unwrap();
    database.execute("VACUUM INTO ?1", [copy]).unwrap();
    std::fs::create_dir(dir.path().join("keys")).unwrap();
    for key in std::fs::read_dir(bench.dir.path().join("keys")).unwrap() {
        let key = key.unwrap();
        std::fs::copy(key.path(), dir.path().join("keys").join(key.file_name())).unwrap();
    }
    bench.hq(ticket, note("of HQ")).await;
    let reply: Reply = phone.send(&bench.app, Vec::new()).await.unwrap();
    let receipt = reply.receipt.clone().expect("the page brings a document");
    phone.take(reply);
    let doc = &phone.docs[&ticket];
    let heads = fieldline_model::document::heads(doc);
    let leaves = [leaf(ticket, &heads)];
    let newest = heads[0];
    let change = doc.get_change_by_hash(&automerge::ChangeHash(newest)).unwrap();
    let heal = Heal {
        document: ticket,
        changes: vec![Bytes::from(change.raw_bytes().to_vec())],
        proof: Some(Proof {
            heads: heads.iter().copied().map(Hash::new).collect(),
            place: 0,
            count: 1,
            path: path(&leaves, 0).into_iter().map(Hash::new).collect(),
            signature: receipt.signature,
        }),
        told: Vec::new(),
    };
    bench.hq(ticket, note("of HQ, later")).await;
    phone.sync(&bench.app).await;
    let doc = &phone.docs[&ticket];
    let newest = fieldline_model::document::heads(doc)[0];
    let later = doc.get_change_by_hash(&automerge::ChangeHash(newest)).unwrap();
    let later = later.raw_bytes().to_vec();
    let older = reopen(dir.path(), 2, None);
    Story {
        _bench: bench,
        _dir: dir,
        older,
        phone,
        heal,
        later,
    }
}

impl Story {
    /// In the epoch that begins when the phone shows that it knows more.
    async fn exchange(&mut self, fill: impl FnOnce(&mut Exchange)) -> Reply {
        let greeting = self.phone.send(&self.older, Vec::new()).await.unwrap();
        assert!(greeting.page.is_none() || greeting.welcome.epoch == self.phone.cursor.epoch);
        self.phone.cursor = fieldline_model::wire::Cursor {
            epoch: greeting.welcome.epoch,
            ..fieldline_model::wire::Cursor::START
        };
        let mut exchange = self.phone.request(Vec::new());
        fill(&mut exchange);
        self.older.exchange(&self.phone.token, exchange).await.unwrap()
    }

    async fn give(&mut self, heal: Heal) -> bool {
        let document = heal.document;
        let reply = self.exchange(|exchange| exchange.heal = vec![heal]).await;
        assert!(reply.page.is_none() && reply.verdicts.is_empty());
        let [(healed, whole)] = reply.healed[..] else {
            panic!("{:?}", reply.healed)
        };
        assert_eq!(healed, document);
        whole
    }

    fn notes(&self) -> i64 {
        super::bench::count(&self.older, NOTES)
    }
}

#[tokio::test]
async fn a_server_says_what_it_lacks_and_takes_it_back_once() {
    let mut story = story().await;
    let document = story.heal.document;
    let reply = story
        .exchange(|exchange| exchange.have = Some(vec![Have(document, [7; 8])]))
        .await;
    let lacks = reply.lacks.unwrap();
    assert_eq!((lacks.len(), lacks[0].document), (1, document));
    assert!(!lacks[0].heads.is_empty(), "it has the document, at older heads");
    let heal = story.heal.clone();
    assert!(story.give(heal.clone()).await);
    assert_eq!(story.notes(), 1);
    assert!(story.give(heal).await, "the second time there is nothing to do");
    assert_eq!(story.notes(), 1);
}

#[tokio::test]
async fn nothing_comes_back_without_a_receipt_for_it() {
    let mut story = story().await;
    let heal = story.heal.clone();
    let bare = Heal {
        proof: None,
        ..heal.clone()
    };
    assert!(!story.give(bare).await);
    let mut forged = heal.clone();
    forged.proof.as_mut().unwrap().signature.0[5] ^= 1;
    assert!(!story.give(forged).await);
    let mut elsewhere = heal.clone();
    elsewhere.proof.as_mut().unwrap().heads = vec![Hash::new([9; 32])];
    assert!(!story.give(elsewhere).await);
    let mut more = heal;
    more.changes.push(Bytes::from(story.later.clone()));
    assert!(!story.give(more).await, "more than the receipt has behind it");
    assert_eq!(story.notes(), 0);
}
