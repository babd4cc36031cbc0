//! Two processes on one record, each with its worker: what happened is told in its order, and nothing twice that people
//! are told once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fieldline_model::id::DocumentId;
use fieldline_model::operation::{Act, Author};
use tokio::sync::broadcast::Receiver;

use super::bench::{Bench, edge};
use crate::app::{App, Options};
use crate::live::LiveEvent;
use crate::store::StoreError;

/// Acts of each of the two.
const ACTS: u64 = 30;

async fn note(app: &App, tickets: [DocumentId; 2]) {
    for n in 0..ACTS {
        let document = tickets[usize::from(n % 2 == 0)];
        let act = Act::Note {
            text: format!("note {n}"),
        };
        app.perform(Author::Server, document, act, None).await.unwrap();
    }
}

/// What this listener hears of notes, by ticket and in its order.
async fn heard(live: &mut Receiver<LiveEvent>, count: u64) -> BTreeMap<DocumentId, Vec<u64>> {
    let mut heard: BTreeMap<DocumentId, Vec<u64>> = BTreeMap::new();
    let mut left = count;
    while left > 0 {
        let event = tokio::time::timeout(Duration::from_secs(60), live.recv());
        let event = event.await.expect("every act is told").unwrap();
        if let (Some(document), "note") = (event.document, event.kind.as_str()) {
            heard.entry(document).or_default().push(event.seq);
            left -= 1;
        }
    }
    heard
}

#[tokio::test]
async fn fault_075_two_workers_tell_the_events_of_one_ticket_in_order() {
    let bench = Bench::new();
    let tickets = [bench.ticket().await, bench.ticket().await];
    let other = App::open(bench.dir.path(), edge(2), Options::default()).unwrap();
    let mut listeners = [bench.app.subscribe(), other.subscribe()];
    tokio::join!(note(&bench.app, tickets), note(&other, tickets));

    let written = bench
        .app
        .store()
        .read_blocking::<_, StoreError>(|connection| {
            let sql = "SELECT document, seq FROM event WHERE act = 'note' ORDER BY seq";
            let mut statement = connection.prepare(sql)?;
            let mut written: BTreeMap<String, Vec<u64>> = BTreeMap::new();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                written
                    .entry(row.get(0)?)
                    .or_default()
                    .push(row.get::<_, i64>(1)?.cast_unsigned());
            }
            Ok(written)
        })
        .unwrap();
    let authors: BTreeSet<[u8; 16]> = tickets
        .iter()
        .flat_map(|ticket| [bench.app.inner.actor(*ticket), other.inner.actor(*ticket)])
        .collect();
    assert_eq!(authors.len(), 4, "both wrote, each as itself: the fault fired");
    for live in &mut listeners {
        let heard = heard(live, 2 * ACTS).await;
        let heard: BTreeMap<String, Vec<u64>> = heard
            .into_iter()
            .map(|(document, seqs)| (document.to_string(), seqs))
            .collect();
        assert_eq!(heard, written);
    }
}
