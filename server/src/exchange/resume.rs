//! Healing by what differs: what this server holds of what a phone should hold, in 256 buckets, and from where a phone can
//! go on in the log that was here before the record went back.

use fieldline_model::id::{DocumentId, EngineerId};
use fieldline_model::wire::{
    BucketSet, Have, HeldDigest, PAGE_BYTES_SOFT, PAGE_ITEMS_MAX, Place, ROWS_HELD_MAX, Reply, Rest, Resume,
    TRAIL_MAX, Welcome, bucket, document_digest,
};
use rusqlite::Connection;

use crate::app::{App, bug};
use crate::door::DoorError;
use crate::feed::Held;
use crate::problem::Problem;
use crate::store::device::Device;
use crate::store::heal::unsure_holds;
use crate::store::{StoreError, document, log, meta, scope};

/// What a phone told of what it holds.
pub(super) struct Asked {
    pub(super) have: Vec<Have>,
    pub(super) rest: Option<Rest>,
    pub(super) trail: Vec<Place>,
}

/// Every document this engineer's phones should hold, by its digest.
fn held(connection: &Connection, engineer: EngineerId) -> Result<Vec<Have>, StoreError> {
    let mut held = Vec::new();
    scope::scope_heads(connection, engineer, |id, heads| {
        held.push(Have(id, document_digest(id, heads)));
    })?;
    Ok(held)
}

fn digest(held: &[Have]) -> HeldDigest {
    let mut digest = HeldDigest::default();
    for Have(id, one) in held {
        digest.add(*id, *one);
    }
    digest
}

/// As [`digest`]; of a document with fates that were worked out and not told, its bucket is to differ.
fn digest_to_heal(connection: &Connection, engineer: EngineerId) -> Result<HeldDigest, StoreError> {
    let held = held(connection, engineer)?;
    let mut digest = digest(&held);
    for Have(id, _) in held {
        if unsure_holds(connection, id)? {
            digest.mark(id);
        }
    }
    Ok(digest)
}

/// The newest of these places that stands in this log as well. None before the present key of the receipts: what was
/// vouched for under another one is worth nothing, so everything has to come again.
fn known(connection: &Connection, trail: &[Place]) -> Result<Option<u64>, StoreError> {
    let since = meta::receipt_key_since(connection)?;
    let mut known = None;
    for Place(seq, chain) in trail.iter().take(TRAIL_MAX) {
        if *seq > since.max(known.unwrap_or(0))
            && log::log_chain(connection, *seq)?.is_some_and(|here| here[..8] == chain[..])
        {
            known = Some(*seq);
        }
    }
    Ok(known)
}

/// What of this stands here as the phone says. `None`: it is to read everything.
fn compare(
    connection: &Connection,
    engineer: EngineerId,
    resume: &Resume,
) -> Result<Option<Held>, StoreError> {
    if resume.rows.len() > ROWS_HELD_MAX || known(connection, &[resume.place])?.is_none() {
        return Ok(None);
    }
    let held = held(connection, engineer)?;
    let differing = digest(&held).differing(&resume.documents);
    let whole: Vec<DocumentId> = held
        .into_iter()
        .map(|Have(id, _)| id)
        .filter(|id| differing.contains(bucket(*id)))
        .collect();
    let mut bytes = 0;
    for id in &whole {
        bytes += document::document_bytes(connection, *id)?;
    }
    // They all stand in one page.
    if whole.len() > PAGE_ITEMS_MAX / 2 || bytes > PAGE_BYTES_SOFT {
        return Ok(None);
    }
    let (until, _) = log::log_head(connection)?;
    Ok(Some(Held::new(resume, until, differing)))
}

impl App {
    /// All that a phone of another epoch is told.
    pub(super) async fn tell_epoch(&self, device: &Device, welcome: Welcome) -> Result<Reply, Problem> {
        let digest = self.digest_to_heal(device).await?;
        Ok(Reply {
            digest: Some(digest),
            ..Reply::greeting(welcome)
        })
    }

    async fn digest_to_heal(&self, device: &Device) -> Result<HeldDigest, Problem> {
        let engineer = device.engineer;
        let read = move |connection: &Connection| Ok::<_, DoorError>(digest_to_heal(connection, engineer)?);
        Ok(self.inner.store.read(read).await?)
    }

    /// What this server lacks of what a phone holds, and from where that phone can go on. Where it has otherwise what the
    /// phone did not name, it says instead what it has.
    pub(super) async fn answer_ask(
        &self,
        device: &Device,
        asked: Asked,
        reply: &mut Reply,
    ) -> Result<(), Problem> {
        let Asked { have, rest, trail } = asked;
        if let Some(rest) = rest
            && !bug!(self.inner, RestBelieved)
        {
            let digest = self.digest_to_heal(device).await?;
            if digest.without(&rest.named) != rest.others {
                reply.digest = Some(digest);
                return Ok(());
            }
        }
        reply.lacks = Some(self.lacks(have).await?);
        let read = move |connection: &Connection| Ok::<_, DoorError>(known(connection, &trail)?);
        reply.known = self.inner.store.read(read).await?;
        Ok(())
    }

    /// From where a phone goes on, and what it holds otherwise. Before anything is taken from it in this exchange.
    pub(super) async fn resume(&self, device: &Device, resume: Resume) -> Result<Option<Held>, Problem> {
        let engineer = device.engineer;
        let read = move |connection: &Connection| Ok::<_, DoorError>(compare(connection, engineer, &resume)?);
        let held = self.inner.store.read(read).await?;
        let unseen = bug!(self.inner, ResumedUnseen);
        Ok(held.map(|mut held| {
            if unseen {
                held.differing = BucketSet::default();
            }
            held
        }))
    }
}
