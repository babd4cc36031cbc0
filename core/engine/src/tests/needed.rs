//! Changes that the server lacks, and on which others are built.

use fieldline_model::id::DocumentId;
use fieldline_model::operation::Act;
use fieldline_model::wire::Verdict;

use super::roads::{note, start};

#[test]
fn needed_changes_are_waited_for_without_blocking_others() {
    let (mut server, mut phone, ticket, visit) = start();
    let (other, second) = server.ticket(2);
    phone.sync(&mut server);
    phone.perform(ticket, Act::Accept { visit });
    phone.perform(other, Act::Accept { visit: second });
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    for (hash, verdict) in &mut reply.verdicts {
        let change = exchange
            .push
            .iter()
            .find(|lane| lane.document == DocumentId::from(ticket))
            .unwrap();
        let own = automerge::Change::from_bytes(change.changes[0].to_vec())
            .unwrap()
            .hash();
        if *hash.as_ref() == own.0 {
            *verdict = Verdict::Need {
                hashes: vec![fieldline_model::wire::Hash::new([1; 32])],
            };
        }
    }
    reply.page = None;
    let progress = phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert!(!progress.more);
    let status = phone.engine().status().unwrap();
    assert_eq!(
        (status.saved_here, status.at_hq, status.waiting[0].why),
        (1, 1, "needs_others")
    );
}

/// One after the other would take as many exchanges as there were steps, with a wait before each.
#[test]
fn own_work_that_the_server_lost_is_offered_at_once_with_all_it_is_built_on() {
    let (mut server, mut phone, ticket, _) = start();
    let before = server.docs[&DocumentId::from(ticket)].clone();
    for text in ["one", "two", "three", "four"] {
        phone.perform(ticket, note(text));
        phone.sync(&mut server);
    }
    server.docs.insert(ticket.into(), before);
    server.fates.clear();
    phone.perform(ticket, note("five"));
    let exchange = phone.next();
    let reply = server.take(&exchange);
    let needs = |(_, verdict): &(_, Verdict)| matches!(verdict, Verdict::Need { .. });
    assert!(reply.verdicts.iter().all(needs), "the server lost it");
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    phone.clock += 60 * 60 * 1_000;
    let again = phone.next();
    let pushed: usize = again.push.iter().map(|lane| lane.changes.len()).sum();
    assert_eq!(pushed, 5);
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.at_hq), (0, 5));
}
