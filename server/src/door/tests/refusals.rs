//! What is not taken, and why.

use automerge::{ActorId, ROOT, ReadDoc};
use fieldline_model::actor::DeviceKey;
use fieldline_model::id::{OperationId, StaffId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::wire::{Bytes, Fate};

use super::bench::{Bench, Phone, engineer, fates, note};
use crate::door::DoorError;
use crate::problem::Code;

#[tokio::test]
async fn somebody_elses_visit_is_refused_and_what_is_built_on_it_is_replayed() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let mine = bench.offer(ticket, &[engineer(1)]).await;
    let other = bench.offer(ticket, &[engineer(2)]).await;
    phone.sync(&bench.app).await;
    let bad = phone.perform(ticket, Act::Accept { visit: other });
    phone.perform(ticket, Act::Accept { visit: mine });
    phone.perform(ticket, note("after it"));

    let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert_eq!(fates(&reply.verdicts), ["refused not_yours", "replay", "replay"]);
    // Sticky, also when the dependents come alone.
    let tail = phone.lane(
        ticket,
        phone.outbox[1..].iter().map(|(_, bytes)| bytes.clone()).collect(),
    );
    let again = phone.send(&bench.app, vec![tail]).await.unwrap();
    assert_eq!(fates(&again.verdicts), ["replay", "replay"]);
    let why = format!("SELECT code FROM refused WHERE operation = '{bad}' AND entry LIKE '%accept%'");
    assert_eq!(bench.text(&why), "not_yours");

    // A new branch from what was accepted.
    phone.docs.clear();
    phone.cursor = fieldline_model::wire::Cursor::START;
    phone.outbox.clear();
    phone.branch = 1;
    phone.sync(&bench.app).await;
    phone.perform(ticket, Act::Accept { visit: mine });
    assert_eq!(fates(&phone.sync(&bench.app).await), ["merged"]);
}

#[tokio::test]
async fn unknown_parents_are_asked_for_and_nothing_is_kept() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, note("a"));
    phone.perform(ticket, note("b"));
    let late = phone.lane(ticket, vec![phone.outbox[1].1.clone()]);

    let reply = phone.send(&bench.app, vec![late]).await.unwrap();
    assert_eq!(fates(&reply.verdicts), ["need 1"]);
    assert_eq!(bench.count("SELECT count(*) FROM refused"), 0);
    assert_eq!(fates(&phone.sync(&bench.app).await), ["merged", "merged"]);
}

#[tokio::test]
async fn a_forged_lane_decides_nothing_and_the_others_go_on() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let mut victim = Phone::join(&bench.app, 2).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1), engineer(2)]).await;
    phone.sync(&bench.app).await;
    victim.sync(&bench.app).await;
    victim.perform(ticket, note("mine"));

    // The victim's lane under the forger's token.
    let stolen = phone.send(&bench.app, victim.lanes()).await.unwrap();
    assert_eq!(fates(&stolen.verdicts), ["unproven"]);
    // The victim's changes in a lane the forger signed.
    let changes = victim.outbox.iter().map(|(_, bytes)| bytes.clone()).collect();
    let signed = phone.send(&bench.app, vec![phone.lane(ticket, changes)]).await;
    assert_eq!(fates(&signed.unwrap().verdicts), ["unproven"]);
    // The right actor, another key; beside it a lane in order.
    phone.perform(ticket, note("x"));
    let honest = phone.lanes();
    let mut lanes = phone.lanes();
    let key = std::mem::replace(&mut phone.key, DeviceKey::from_seed(&[77; 32]));
    lanes[0].signature = phone.lanes()[0].signature;
    phone.key = key;
    lanes.extend(honest);
    let both = phone.send(&bench.app, lanes).await.unwrap();
    assert_eq!(fates(&both.verdicts), ["unproven", "merged"]);

    assert_eq!(bench.count("SELECT count(*) FROM fate WHERE fate = 'refused'"), 0);
    assert_eq!(fates(&victim.sync(&bench.app).await), ["merged"]);
}

#[tokio::test]
async fn a_change_slipped_into_a_signed_lane_is_noticed() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    let before = phone.docs.clone();
    phone.perform(ticket, note("a"));
    let honest = phone.lanes().remove(0);
    phone.docs = before;
    phone.outbox.clear();
    phone.perform(ticket, note("never signed"));
    let mut lane = honest;
    lane.changes.insert(0, Bytes::from(phone.outbox[0].1.clone()));
    let before = bench.count("SELECT count(*) FROM fate");
    let reply = phone.send(&bench.app, vec![lane]).await.unwrap();
    assert_eq!(fates(&reply.verdicts), ["unproven", "unproven"]);
    assert_eq!(bench.count("SELECT count(*) FROM fate"), before);
}

#[tokio::test]
async fn another_author_than_the_phones_engineer_is_refused() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    let id = bench.app.edge().id(OperationId::new);
    phone.perform_as(ticket, note("as a colleague"), id, Author::Engineer(engineer(2)));
    let two = bench.app.edge().id(OperationId::new);
    let verdicts = phone.send(&bench.app, phone.lanes()).await.unwrap().verdicts;
    assert_eq!(fates(&verdicts), ["refused not_allowed"]);
    phone.outbox.clear();
    phone.branch = 1;
    phone.docs.clear();
    phone.cursor = fieldline_model::wire::Cursor::START;
    phone.sync(&bench.app).await;
    phone.perform_as(ticket, Act::Close, two, Author::Server);
    let verdicts = phone.send(&bench.app, phone.lanes()).await.unwrap().verdicts;
    assert_eq!(fates(&verdicts), ["refused not_allowed"]);
    assert_eq!(bench.text("SELECT status FROM ticket"), "planned");
}

#[tokio::test]
async fn a_refused_use_books_nothing() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let mut owner = Phone::join(&bench.app, 2).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(2)]).await;
    owner.sync(&bench.app).await;
    phone.sync(&bench.app).await;
    phone.docs.insert(ticket, owner.docs[&ticket].clone());
    let from = fieldline_model::id::LocationId::from_bytes([5; 16]);
    let part = fieldline_model::id::PartId::from_bytes([6; 16]);
    phone.perform(
        ticket,
        Act::UsePart {
            part,
            quantity: 1,
            from,
        },
    );
    let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert_eq!(fates(&reply.verdicts), ["refused not_yours"]);
    assert_eq!(bench.count("SELECT count(*) FROM movement"), 0);
}

/// A phone that accepted, finished its step and wrote two notes before HQ heard of more than the first, and is revoked.
async fn revoked(bench: &Bench) -> (Phone, [OperationId; 3]) {
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, Act::Accept { visit });
    let merged = phone.lanes();
    phone.send(&bench.app, merged).await.unwrap();
    let first = phone.perform(ticket, Act::Depart { visit, eta: None });
    let second = phone.perform(
        ticket,
        Act::Arrive {
            visit,
            position: None,
        },
    );
    let third = phone.perform(ticket, note("unsent"));
    assert!(bench.app.revoke(phone.device).await.unwrap());
    assert!(!bench.app.revoke(phone.device).await.unwrap());
    (phone, [first, second, third])
}

#[tokio::test]
async fn a_revoked_phones_work_is_held_and_nothing_goes_down() {
    let bench = Bench::new();
    let (phone, _) = revoked(&bench).await;
    for _ in 0..2 {
        let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
        assert!(reply.welcome.revoked && reply.page.is_none());
        assert_eq!(fates(&reply.verdicts), ["merged", "held", "held", "held"]);
    }
    let held = "SELECT count(*) FROM refused WHERE code = 'device_revoked' AND entry LIKE '%unsent%'";
    assert_eq!(bench.count(held), 1);
    assert_eq!(bench.count("SELECT count(*) FROM event WHERE act = 'note'"), 0);
}

#[tokio::test]
async fn what_a_supervisor_takes_over_counts_and_what_not_is_refused() {
    let bench = Bench::new();
    let (phone, [first, second, third]) = revoked(&bench).await;
    phone.send(&bench.app, phone.lanes()).await.unwrap();
    let supervisor = StaffId::from_bytes([5; 16]);

    // Not in the order they were done: what follows something that is not there follows what that one followed.
    let late = bench.app.adopt(second, supervisor).await;
    assert!(
        matches!(&late, Err(DoorError::EarlierHeld(before)) if *before == [first]),
        "{late:?}"
    );
    assert_eq!(
        bench.app.adopt(first, supervisor).await.unwrap().fate,
        Fate::Merged
    );
    assert_eq!(
        bench.app.adopt(second, supervisor).await.unwrap().fate,
        Fate::Merged
    );
    bench.app.decline_held(third, supervisor).await.unwrap();
    for decided in [first, third] {
        assert!(matches!(
            bench.app.adopt(decided, supervisor).await,
            Err(DoorError::NotHeld)
        ));
        assert!(matches!(
            bench.app.decline_held(decided, supervisor).await,
            Err(DoorError::NotHeld)
        ));
    }

    let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert_eq!(
        fates(&reply.verdicts),
        ["merged", "merged other", "merged other", "refused not_adopted"]
    );
    let author = format!("engineer:{}", engineer(1));
    let arrived = format!("SELECT count(*) FROM event WHERE act = 'arrive' AND author = '{author}'");
    assert_eq!(bench.count(&arrived), 1, "in the engineer's own name");
    assert_eq!(
        bench.count("SELECT count(*) FROM visit WHERE phase = 'arrived'"),
        1
    );
    let seen = "SELECT count(*) FROM refused WHERE seen_by IS NOT NULL";
    assert_eq!(bench.count(seen), 3, "who decided stands beside it");
}

#[tokio::test]
async fn a_cloned_line_is_replayed_not_refused() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    let backup = (phone.docs.clone(), phone.cursor);
    phone.perform(ticket, note("before the restore"));
    phone.perform(ticket, note("also"));
    phone.sync(&bench.app).await;

    // Restored: same actor, older state, and it does not know.
    (phone.docs, phone.cursor) = backup;
    phone.counter = 0;
    let id = bench.app.edge().id(OperationId::new);
    phone.perform_as(
        ticket,
        note("after the restore"),
        id,
        Author::Engineer(engineer(1)),
    );
    let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();

    assert_eq!(fates(&reply.verdicts), ["replay"]);
    assert!(reply.welcome.must_rotate);
    assert_eq!(reply.welcome.acked_counter, 2);
    let page = reply.page.unwrap();
    assert!(!page.items.is_empty(), "a restored phone gets its own work back");
    assert_eq!(bench.count("SELECT count(*) FROM refused"), 0);
}

#[tokio::test]
async fn a_hostile_place_is_refused_with_the_doors_code() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    let id = bench.app.edge().id(OperationId::new).to_string();
    let actor = phone.actor(ticket);
    let doc = phone.docs.get_mut(&ticket).unwrap();
    let events = doc.get(ROOT, "events").unwrap().unwrap().1;
    let first = doc.keys(&events).next().unwrap();
    doc.set_actor(ActorId::from(&actor[..]));
    let mut tx = doc.transaction();
    automerge::transaction::Transactable::put(&mut tx, &events, first, "gone").unwrap();
    let options = automerge::transaction::CommitOptions::default()
        .with_time(0)
        .with_message(&id);
    let hash = tx.commit_with(options).0.unwrap();
    let bytes = doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec();
    phone.outbox.push((ticket, bytes));
    let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert_eq!(fates(&reply.verdicts), ["refused forbidden_path"]);
}

#[tokio::test]
async fn a_wrong_token_and_anothers_device_look_alike() {
    let bench = Bench::new();
    let one = Phone::join(&bench.app, 1).await;
    let two = Phone::join(&bench.app, 2).await;
    let wrong = bench
        .app
        .exchange("nonsense", one.request(vec![]))
        .await
        .unwrap_err();
    let other = bench
        .app
        .exchange(&one.token, two.request(vec![]))
        .await
        .unwrap_err();
    assert_eq!(
        (wrong.code(), other.code()),
        (Code::Unauthenticated, Code::Unauthenticated)
    );
}
