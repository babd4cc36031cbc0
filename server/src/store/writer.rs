//! The one writer: it runs the waiting writes in groups, each write in its own SAVEPOINT, each group in one COMMIT.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::{StoreError, is_full};

/// Writes that may wait for the writer; the next one is told to come back.
const QUEUE_MAX: usize = 4_096;
/// Writes that share one COMMIT at most, so that nobody waits long behind a crowd.
const GROUP_MAX: usize = 256;

pub(super) type Job = Box<dyn FnOnce(&Connection) -> bool + Send>;
/// Tells the waiting caller how the group ended.
pub(super) type Ack = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A moment of the writer at which a test may stop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriterPoint {
    /// Everything is written, nothing committed.
    BeforeCommit,
    /// Committed, nobody told.
    AfterCommit,
}

/// Asked at every [`WriterPoint`]; `false` kills the writer there, as a power cut would.
pub type WriterHook = Arc<dyn Fn(WriterPoint) -> bool + Send + Sync>;

/// Where writes wait for their turn.
#[derive(Clone)]
pub(super) enum Writer {
    /// On a thread of its own.
    Thread(SyncSender<(Job, Ack)>),
    /// On the thread of whoever waits: which writes share a group depends on no race, so that a world with power cuts
    /// can be played again from its seed.
    Here(Arc<Mutex<Here>>),
}

/// A writer without a thread.
pub(super) struct Here {
    connection: Connection,
    waiting: Vec<(Job, Ack)>,
    hook: WriterHook,
    full: Arc<AtomicBool>,
    killed: bool,
}

impl Writer {
    /// With a hook that may stop it, it has no thread of its own.
    pub(super) fn new(
        connection: Connection,
        hook: Option<WriterHook>,
        full: Arc<AtomicBool>,
    ) -> Result<Self, StoreError> {
        if let Some(hook) = hook {
            return Ok(Self::Here(Arc::new(Mutex::new(Here {
                connection,
                waiting: Vec::new(),
                hook,
                full,
                killed: false,
            }))));
        }
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        std::thread::Builder::new()
            .name("fieldline-writer".into())
            .spawn(move || write_until_closed(&connection, &jobs, &full))
            .map_err(|_| StoreError::Busy)?;
        Ok(Self::Thread(queue))
    }

    /// Puts a write behind the others.
    pub(super) fn queue(&self, job: Job, ack: Ack) -> Result<(), StoreError> {
        match self {
            Self::Thread(queue) => queue.try_send((job, ack)).map_err(|_| StoreError::Busy),
            Self::Here(here) => {
                let mut here = here.lock().unwrap_or_else(PoisonError::into_inner);
                if here.killed {
                    return Err(StoreError::Busy);
                }
                here.waiting.push((job, ack));
                Ok(())
            }
        }
    }

    /// Lets the writer go on where it has no thread of its own.
    pub(super) async fn turn(&self) {
        if let Self::Here(here) = self {
            // Whoever asks at the same time comes into the same group.
            tokio::task::yield_now().await;
            here.lock().unwrap_or_else(PoisonError::into_inner).run();
        }
    }
}

impl Here {
    fn run(&mut self) {
        while !self.killed && !self.waiting.is_empty() {
            let rest = self.waiting.split_off(self.waiting.len().min(GROUP_MAX));
            let group = std::mem::replace(&mut self.waiting, rest);
            let mut acks = Vec::with_capacity(group.len());
            let outcome = run_group(&self.connection, group, &mut acks, Some(&self.hook), &self.full);
            self.killed = matches!(outcome, Err(StoreError::Unknown));
            acks.into_iter().for_each(|ack| ack(outcome.clone()));
        }
        if self.killed {
            // Nobody answers them.
            self.waiting.clear();
        }
    }
}

fn write_until_closed(connection: &Connection, jobs: &Receiver<(Job, Ack)>, full: &AtomicBool) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX
            && let Ok(next) = jobs.try_recv()
        {
            group.push(next);
        }
        let mut acks = Vec::with_capacity(group.len());
        let outcome = run_group(connection, group, &mut acks, None, full);
        acks.into_iter().for_each(|ack| ack(outcome.clone()));
    }
}

fn run_group(
    connection: &Connection,
    group: Vec<(Job, Ack)>,
    acks: &mut Vec<Ack>,
    hook: Option<&WriterHook>,
    full: &AtomicBool,
) -> Result<(), StoreError> {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        acks.extend(group.into_iter().map(|(_, ack)| ack));
        full.store(is_full(&error), Ordering::Relaxed);
        return Err(error.into());
    }
    let mut failed = None;
    for (job, ack) in group {
        acks.push(ack);
        if failed.is_none() {
            failed = run_one(connection, job).err();
        }
    }
    let alive = |point| hook.is_none_or(|hook| hook(point));
    if let Some(error) = failed {
        tracing::error!(%error, "a group of writes was rolled back");
        connection
            .execute_batch("ROLLBACK")
            .map_err(|_| StoreError::Unknown)?;
        return Err(error);
    }
    if !alive(WriterPoint::BeforeCommit) {
        connection
            .execute_batch("ROLLBACK")
            .map_err(|_| StoreError::Unknown)?;
        return Err(StoreError::Unknown);
    }
    if let Err(error) = connection.execute_batch("COMMIT") {
        tracing::error!(%error, "COMMIT failed");
        // Its last page may have been kept all the same, so that it is full is told beside.
        full.store(is_full(&error), Ordering::Relaxed);
        if !connection.is_autocommit() {
            connection
                .execute_batch("ROLLBACK")
                .map_err(|_| StoreError::Unknown)?;
        }
        return Err(StoreError::Unknown);
    }
    full.store(false, Ordering::Relaxed);
    if alive(WriterPoint::AfterCommit) {
        Ok(())
    } else {
        Err(StoreError::Unknown)
    }
}

fn run_one(connection: &Connection, job: Job) -> Result<(), StoreError> {
    connection.execute_batch("SAVEPOINT job")?;
    // A job that panics must take neither the writer nor its neighbours with it.
    let good = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(connection))).unwrap_or(false);
    if good {
        connection.execute_batch("RELEASE job")?;
    } else {
        connection.execute_batch("ROLLBACK TO job; RELEASE job")?;
    }
    Ok(())
}
