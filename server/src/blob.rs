//! Blobs at HQ: taken from phones piece by piece, given to who may read them, kept while something refers to them.
//!
//! A phone sends a blob for a document it may write in, and sends all of it, also when another phone sent the same
//! before: showing the bytes is what gives the document's readers the right to them, a name alone gives none. Nothing
//! counts before it is verified, on the disk and in the database. What must never happen here: a path made of text from
//! outside, and a blob deleted while a document refers to it.

mod attach;
pub(crate) mod files;
mod keep;
pub(crate) mod verify;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use fieldline_model::blob::{BLOB_BYTES_MAX, BLOB_DAY_BYTES_MAX, BlobHash};
use fieldline_model::id::{DocumentId, EngineerId};
use futures_util::{Stream, StreamExt};

use crate::app::{App, bug};
use crate::door::DoorError;
use crate::problem::{Code, Problem};
use crate::quota::DayQuota;
use crate::store::StoreError;
use crate::store::blob::{self as store, Here};
use crate::store::device::Device;
use crate::store::happened::domain_event_add;
use crate::store::log::{Journal, log_head};
use crate::store::scope::scope_since;
pub use attach::NewFile;
pub(crate) use attach::no_device;
use files::{Files, NotPlaced, Part};
pub use keep::{Kept, UNREFERENCED_KEEP_MS};
pub use verify::FileFaults;

/// Word of the domain event that tells that a blob came, went or was lost.
pub(crate) const BLOB_EVENT: &str = "blob";
/// What a request counts for itself, so that no device leaves millions of empty parts.
const REQUEST_COSTS: u64 = 4 * 1024;
/// So long the next bytes of a piece may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server keeps of blobs beside the database.
#[derive(Debug)]
pub(crate) struct Blobs {
    pub(crate) files: Arc<Files>,
    bytes_a_day: DayQuota,
    /// Held while a file and its row change together.
    changing: tokio::sync::Mutex<()>,
}

impl Blobs {
    pub(crate) fn new(data: &std::path::Path) -> Self {
        Self {
            files: Arc::new(Files::new(data)),
            bytes_a_day: DayQuota::new(BLOB_DAY_BYTES_MAX),
            changing: tokio::sync::Mutex::default(),
        }
    }
}

/// How far an upload got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Got {
    /// Bytes that are here.
    pub offset: u64,
    /// All of it is here and verified; the log's last entry when that was committed.
    pub whole: Option<u64>,
}

/// A blob to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Readable {
    pub(crate) path: std::path::PathBuf,
    pub(crate) hash: BlobHash,
    pub(crate) here: Here,
    /// What people call it, where it is a file of an article.
    pub(crate) title: Option<String>,
}

/// One blob of one document, and the phone that sends it.
struct Sending {
    device: Device,
    document: DocumentId,
    hash: BlobHash,
    /// What the document says of it by this phone's engineer.
    said: Option<Here>,
    /// It was sent for this document before.
    shown: Option<(Here, u64)>,
}

fn disk(error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Problem::new(Code::DiskFull);
    }
    tracing::error!(%error, "a blob's file failed");
    Problem::new(Code::Internal)
}

/// Work on files, where blocking is allowed.
async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::new(Code::Internal))
}

impl App {
    /// The phone's bytes of this blob that are here.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`], [`Code::DeviceRevoked`]; [`Code::NotFound`] for a document that is not the phone's.
    pub async fn blob_offset(
        &self,
        token: &str,
        document: DocumentId,
        hash: BlobHash,
    ) -> Result<Got, Problem> {
        let sending = self.sending(token, document, hash).await?;
        if let Some((here, seq)) = sending.shown {
            return Ok(Got {
                offset: here.size,
                whole: Some(seq),
            });
        }
        let files = Arc::clone(&self.inner.blobs.files);
        let device = sending.device.id;
        let offset = on_disk(move || files.part_len(device, document, hash)).await?;
        Ok(Got {
            offset: offset.map_err(|error| disk(&error))?,
            whole: None,
        })
    }

    /// Takes more of a blob of `length` bytes, from `offset` on. What came before the line broke stays.
    ///
    /// # Errors
    /// As [`App::blob_offset`]; [`Code::BlobOffset`], [`Code::BlobTooLarge`], [`Code::BlobHash`], [`Code::MediaType`],
    /// [`Code::BlobQuota`], [`Code::DiskFull`].
    pub async fn blob_append<E>(
        &self,
        token: &str,
        (document, hash): (DocumentId, BlobHash),
        (offset, length): (u64, u64),
        pieces: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Got, Problem> {
        let sending = self.sending(token, document, hash).await?;
        if let Some((here, seq)) = sending.shown {
            return Ok(Got {
                offset: here.size,
                whole: Some(seq),
            });
        }
        if !(1..=BLOB_BYTES_MAX).contains(&length) || sending.said.is_some_and(|said| said.size != length) {
            return Err(Problem::new(Code::BlobTooLarge));
        }
        let part = self.inner.blobs.files.part(sending.device.id, document, hash);
        let part = Arc::new(part.ok_or_else(|| Problem::new(Code::Busy))?);
        let there = {
            let part = Arc::clone(&part);
            on_disk(move || part.len()).await?.map_err(|error| disk(&error))?
        };
        if offset != there {
            return Err(Problem::new(Code::BlobOffset));
        }
        let there = self.take_pieces(&sending, &part, there, length, pieces).await?;
        if there < length {
            return Ok(Got {
                offset: there,
                whole: None,
            });
        }
        let seq = self.place(sending, part).await?;
        Ok(Got {
            offset: length,
            whole: Some(seq),
        })
    }

    async fn take_pieces<E>(
        &self,
        sending: &Sending,
        part: &Arc<Part>,
        mut there: u64,
        length: u64,
        pieces: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<u64, Problem> {
        let mut pieces = std::pin::pin!(pieces);
        let (device, now) = (sending.device.id, self.now());
        let quota = &self.inner.blobs.bytes_a_day;
        if !quota.admit(device, now, REQUEST_COSTS) {
            return Err(Problem::new(Code::BlobQuota));
        }
        loop {
            let piece = match tokio::time::timeout(PATIENCE, pieces.next()).await {
                Ok(Some(Ok(piece))) => piece,
                Ok(None) => return Ok(there),
                // The line broke. What came is kept, and nobody hears this.
                Ok(Some(Err(_))) | Err(_) => return Err(Problem::new(Code::BadRequest)),
            };
            if there + piece.len() as u64 > length {
                let part = Arc::clone(part);
                on_disk(move || part.remove())
                    .await?
                    .map_err(|error| disk(&error))?;
                return Err(Problem::new(Code::BlobTooLarge));
            }
            if !quota.admit(device, now, piece.len() as u64) {
                return Err(Problem::new(Code::BlobQuota));
            }
            // The part is this task's until the bytes are written, also if who sends has gone away meanwhile.
            let part = Arc::clone(part);
            let written = on_disk(move || part.append(&piece)).await?;
            there = written.map_err(|error| disk(&error))?;
        }
    }

    /// All bytes are here: verifies them, gives them their name, and commits.
    async fn place(&self, sending: Sending, part: Arc<Part>) -> Result<u64, Problem> {
        let Sending {
            device,
            document,
            hash,
            said,
            ..
        } = sending;
        let _changing = self.inner.blobs.changing.lock().await;
        let unverified = bug!(self.inner, BlobUnverified);
        let placed = on_disk(move || part.place(document, hash, unverified)).await?;
        let here = placed.map_err(|why| match why {
            NotPlaced::OtherBytes => Problem::new(Code::BlobHash),
            NotPlaced::OtherKind => Problem::new(Code::MediaType),
            NotPlaced::Disk(error) => disk(&error),
        })?;
        if said.is_some_and(|said| said.media != here.media) {
            return Err(Problem::new(Code::MediaType));
        }
        let now = self.now();
        let written = self.inner.store.write(move |connection| {
            store::blob_arrived(connection, (document, hash), here, device.id, now)?;
            let journal = Journal::begin(connection, now)?;
            domain_event_add(&journal, Some(document), BLOB_EVENT, None)?;
            Ok::<_, DoorError>(journal.seq())
        });
        let seq = written.await?;
        self.inner.wake.notify_one();
        Ok(seq)
    }

    /// The phone has lost what it was to send: HQ says so.
    ///
    /// # Errors
    /// As [`App::blob_offset`].
    pub async fn blob_lost(&self, token: &str, document: DocumentId, hash: BlobHash) -> Result<(), Problem> {
        let sending = self.sending(token, document, hash).await?;
        let (engineer, now) = (sending.device.engineer, self.now());
        let written = self.inner.store.write(move |connection| {
            let is_news = store::blob_lost(connection, document, hash, engineer, now)?;
            if is_news {
                let journal = Journal::begin(connection, now)?;
                domain_event_add(&journal, Some(document), BLOB_EVENT, None)?;
            }
            Ok::<_, DoorError>(is_news)
        });
        if written.await? {
            tracing::info!(document.id = %document, blob = %hash, "a phone has lost a photo of {document}");
            self.inner.wake.notify_one();
        }
        Ok(())
    }

    /// A blob for a phone: by a document it holds, that refers to it.
    pub(crate) async fn blob_for_phone(
        &self,
        token: &str,
        document: DocumentId,
        hash: BlobHash,
    ) -> Result<Readable, Problem> {
        let device = self.device(token).await?;
        if device.revoked {
            return Err(Problem::new(Code::DeviceRevoked));
        }
        self.readable(document, hash, Some(device.engineer)).await
    }

    /// A blob by a document that refers to it, for an engineer who holds the document, or for HQ.
    pub(crate) async fn readable(
        &self,
        document: DocumentId,
        hash: BlobHash,
        holder: Option<EngineerId>,
    ) -> Result<Readable, Problem> {
        let read = self.inner.store.read(move |connection| {
            if let Some(engineer) = holder
                && scope_since(connection, engineer, document)?.is_none()
            {
                return Ok(None);
            }
            store::blob_readable(connection, document, hash)
        });
        let here = read.await?.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok(Readable {
            path: self.inner.blobs.files.path(hash),
            hash,
            here,
            title: None,
        })
    }

    /// Who sends what for which document, if he may: he holds it, or what he wrote in it refers to the blob.
    async fn sending(&self, token: &str, document: DocumentId, hash: BlobHash) -> Result<Sending, Problem> {
        let device = self.device(token).await?;
        if device.revoked {
            return Err(Problem::new(Code::DeviceRevoked));
        }
        let engineer = device.engineer;
        let short_cut = bug!(self.inner, NameIsProof);
        let read = self.inner.store.read(move |connection| {
            let said = store::blob_ref_by(connection, document, hash, engineer)?;
            let holds = scope_since(connection, engineer, document)?.is_some();
            let mut shown = store::blob_shown(connection, document, hash)?;
            if short_cut && store::blob_is_here(connection, hash)? {
                shown = said;
            }
            let (seq, _) = log_head(connection)?;
            Ok::<_, StoreError>((holds || said.is_some()).then_some((said, shown.map(|here| (here, seq)))))
        });
        let (said, shown) = read.await?.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok(Sending {
            device,
            document,
            hash,
            said,
            shown,
        })
    }
}
