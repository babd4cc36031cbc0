//! Workers: they follow the domain events that were written with the state they tell of.
//!
//! One tells listeners in this process. It keeps no place in the database, because after a restart nobody listens who
//! could have missed something. It may tell a thing twice, never not at all. Another looks at what waits too long.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::app::{App, Inner, bug};
use crate::blob::Kept;
use crate::compact::Compacted;
use crate::door::DoorError;
use crate::live::LiveEvent;
use crate::store::StoreError;
use crate::store::happened::{Happened, domain_event_last, domain_event_list};

/// Events read at once.
const BATCH_MAX: usize = 500;
/// A wake-up can be lost with the request that should have given it; this is how late such an event comes.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How often somebody looks for held work whose grace has run out: it is counted in days.
const LOOK_AT_HELD: Duration = Duration::from_secs(60 * 60);

/// How often files of blobs are held against the record.
const LOOK_AT_BLOBS: Duration = Duration::from_secs(6 * 60 * 60);

/// How often what is old is looked for: it is counted in days.
const LOOK_AT_OLD: Duration = Duration::from_secs(6 * 60 * 60);

/// Starts the workers, if there is a runtime to run them. They end with the last [`App`].
pub(crate) fn start(app: &App, leave_old: bool) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return;
    };
    let from = app.inner.store.read_blocking(domain_event_last).unwrap_or(0);
    runtime.spawn(tell(
        Arc::downgrade(&app.inner),
        Arc::clone(&app.inner.wake),
        from,
    ));
    runtime.spawn(mind_held(Arc::downgrade(&app.inner)));
    if !leave_old {
        runtime.spawn(mind_blobs(Arc::downgrade(&app.inner)));
        runtime.spawn(mind_old(Arc::downgrade(&app.inner)));
    }
}

async fn mind_held(inner: Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let app = App { inner };
        match app.tell_overdue().await {
            Ok(_) | Err(DoorError::Store(StoreError::Busy | StoreError::Unknown)) => {}
            Err(error) => tracing::error!(%error, "look for held work that is overdue"),
        }
        drop(app);
        tokio::time::sleep(LOOK_AT_HELD).await;
    }
}

async fn mind_blobs(inner: Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let app = App { inner };
        match app.keep_blobs().await {
            Ok(kept) if kept != Kept::default() => {
                let Kept {
                    gone,
                    found,
                    deleted,
                    parts,
                } = kept;
                tracing::info!(gone, found, deleted, parts, "files of blobs were looked after");
            }
            Ok(_) => {}
            Err(problem) => tracing::warn!(code = problem.word(), "look after the files of blobs"),
        }
        drop(app);
        tokio::time::sleep(LOOK_AT_BLOBS).await;
    }
}

async fn mind_old(inner: Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let app = App { inner };
        match app.compact().await {
            Ok(Compacted { documents: 0, .. })
            | Err(DoorError::Store(StoreError::Busy | StoreError::Unknown | StoreError::Full)) => {}
            Ok(Compacted {
                documents,
                changes,
                bytes,
                ..
            }) => tracing::info!(
                documents,
                changes,
                bytes,
                "old changes stand in their documents alone now"
            ),
            Err(error) => tracing::error!(%error, "compact old changes"),
        }
        match app.archive().await {
            Ok(0) | Err(DoorError::Store(StoreError::Busy | StoreError::Unknown | StoreError::Full)) => {}
            Ok(tickets) => tracing::info!(tickets, "tickets that are over since long leave the phones"),
            Err(error) => tracing::error!(%error, "archive what is over"),
        }
        drop(app);
        tokio::time::sleep(LOOK_AT_OLD).await;
    }
}

async fn woken(inner: &Weak<Inner>, wake: &tokio::sync::Notify) {
    if inner.upgrade().is_some_and(|inner| bug!(inner, WakeLost)) {
        std::future::pending::<()>().await;
    }
    wake.notified().await;
}

async fn tell(inner: Weak<Inner>, wake: Arc<tokio::sync::Notify>, mut place: u64) {
    loop {
        // The time limit is on waiting alone, so a slow machine is not hurried.
        let _ = tokio::time::timeout(LOOK_AGAIN, woken(&inner, &wake)).await;
        let Some(inner) = inner.upgrade() else { return };
        loop {
            let from = place;
            let read = inner
                .store
                .read(move |connection| domain_event_list(connection, from, BATCH_MAX));
            let events: Vec<Happened> = match read.await {
                Ok(events) => events,
                Err(StoreError::Busy | StoreError::Unknown) => break,
                Err(error) => {
                    tracing::error!(%error, "read domain events after {from}");
                    break;
                }
            };
            let Some(last) = events.last() else { break };
            place = last.number;
            for Happened {
                document,
                seq,
                kind,
                channels,
                device,
                ..
            } in events
            {
                // Nobody listening is no error.
                let _ = inner.live.send(LiveEvent {
                    document,
                    seq,
                    kind,
                    channels,
                    device,
                });
            }
        }
    }
}
