//! Photos, and the files of articles: bytes beside the documents that tell of them.
//!
//! A photo is an operation like any other, with one fate; its bytes have a way of their own. They are on the disk before
//! the operation is saved, and stay there until HQ has them and a backup of HQ's holds them. A file that the system took
//! away before it went up is told, here and to HQ, and never passed over. Networks are the shell's: here is only what to
//! send next.

pub(crate) mod files;
mod keep;
mod part;
pub(crate) mod seal;
mod thumb;

use std::collections::BTreeSet;

use fieldline_model::blob::{BLOB_BYTES_MAX, BlobHash, Media, THUMB_BYTES_MAX};
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::{Act, Photo, PhotoKind, Thumb};
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use files::Files;
pub use keep::{PHOTO_KEEP_MS, PHOTOS_BYTES_SOFT};

use crate::engine::{Engine, Inner};
use crate::error::EngineError;
use crate::fault::FaultPoint;
use crate::moment::Moment;
use crate::observe::Changed;
use crate::perform::Performed;
use crate::store::blob::{
    BlobLine, BlobState, blob_delete, blob_due, blob_get, blob_insert, blob_is_named, blob_refused,
    blob_renew, blob_sent, blob_set_state, blob_told, wifi_only, wifi_only_set,
};
use crate::store::notice::notice_put;

/// A photo to save.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPhoto {
    /// The file's bytes: JPEG, PNG or WebP.
    pub bytes: Vec<u8>,
    /// What it shows.
    pub kind: PhotoKind,
    /// In words.
    pub caption: String,
    /// A small JPEG of it, where the app has made one; otherwise one is made here, but not of WebP.
    pub thumb: Option<Vec<u8>>,
}

/// What is to be said to HQ of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobStep {
    /// Send it.
    Send {
        /// For which document.
        document: DocumentId,
        /// Its name.
        hash: BlobHash,
        /// Its size in bytes.
        size: u64,
    },
    /// Say that this phone has it no more.
    TellLost {
        /// For which document.
        document: DocumentId,
        /// Its name.
        hash: BlobHash,
    },
}

/// Blobs that are left for later in one go of syncing.
pub type Skipped = BTreeSet<(DocumentId, BlobHash)>;

impl Engine {
    /// Saves a photo. When this returns `Ok`, its bytes and the operation that tells of it are on the disk.
    ///
    /// # Errors
    /// As [`Engine::perform`]; [`EngineError::PhotoUnreadable`], [`EngineError::PhotoTooLarge`]. Nothing is saved then, and
    /// no file is left.
    pub fn perform_photo(
        &self,
        document: impl Into<DocumentId>,
        photo: NewPhoto,
        moment: &mut Moment<'_>,
    ) -> Result<Performed, EngineError> {
        let document = document.into();
        let (photo, files) = described(photo)?;
        self.read(|inner| inner.faults.at(FaultPoint::PhotoBeforeFile))?;
        let saved = self.write_all(&files).and_then(|()| {
            self.write(|inner| {
                inner.faults.at(FaultPoint::PhotoAfterFile)?;
                let operation = inner.perform_photo(document, photo, moment)?;
                Ok((Performed { operation }, Changed::document(document)))
            })
        });
        if let Err(error) = &saved
            && !error.is_death()
        {
            self.take_back(&files)?;
        }
        saved
    }

    /// Writes the files of a photo. Where the disk is full, what can be fetched again goes first.
    fn write_all(&self, files: &[(BlobHash, Vec<u8>)]) -> Result<(), EngineError> {
        let needed: u64 = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        loop {
            let (place, room) = self.read(|inner| Ok((inner.files.clone(), inner.faults.room)))?;
            match write_all(&place, files, room) {
                Err(EngineError::DiskFull) if self.read(|inner| inner.blobs_make_room(needed))? > 0 => {}
                written => return written,
            }
        }
    }

    /// Files of a photo that was not saved.
    fn take_back(&self, written: &[(BlobHash, Vec<u8>)]) -> Result<(), EngineError> {
        self.read(|inner| {
            for (hash, _) in written {
                if !blob_is_named(&inner.store.conn, *hash)? {
                    inner.files.remove(*hash)?;
                }
            }
            Ok(())
        })
    }

    /// What to say to HQ next, `None` when nothing is left or everything else is `skipped`. Thumbnails go first and always;
    /// photos wait for a network that is not `metered`, unless the person said otherwise.
    ///
    /// # Errors
    /// As store and disk say.
    pub fn blob_next(&self, metered: bool, skipped: &Skipped) -> Result<Option<BlobStep>, EngineError> {
        self.write(|inner| {
            if inner.identity.enrolment.is_none() || inner.identity.revoked || inner.identity.must_enrol() {
                return Ok((None, Changed::default()));
            }
            let mut changed = Changed::default();
            let waits_for_wifi = metered && wifi_only(&inner.store.conn)?;
            for line in blob_due(&inner.store.conn)? {
                if skipped.contains(&(line.document, line.hash)) || (waits_for_wifi && !line.thumb) {
                    continue;
                }
                match inner.blob_step(&line)? {
                    Some(step) => return Ok((Some(step), changed)),
                    None => changed.join(Changed::document(line.document)),
                }
            }
            Ok((None, changed))
        })
    }

    /// At most `bytes_max` bytes of a blob that lies here, from `offset` on.
    ///
    /// # Errors
    /// As the disk says.
    pub fn blob_piece(&self, hash: BlobHash, offset: u64, bytes_max: u64) -> Result<Vec<u8>, EngineError> {
        let files = self.read(|inner| Ok(inner.files.clone()))?;
        Ok(files.piece(hash, offset, bytes_max)?)
    }

    /// HQ has it; its log stood at `seq` then.
    ///
    /// # Errors
    /// As the store says.
    pub fn blob_sent(&self, document: DocumentId, hash: BlobHash, seq: u64) -> Result<(), EngineError> {
        self.write(|inner| {
            blob_sent(&inner.store.conn, document, hash, seq)?;
            Ok(((), Changed::document(document)))
        })
    }

    /// HQ will never have it, for this reason.
    ///
    /// # Errors
    /// As the store says.
    pub fn blob_refused(&self, document: DocumentId, hash: BlobHash, code: &str) -> Result<(), EngineError> {
        self.write(|inner| {
            blob_refused(&inner.store.conn, document, hash, code)?;
            Ok(((), Changed::document(document)))
        })
    }

    /// HQ knows that it is lost.
    ///
    /// # Errors
    /// As the store says.
    pub fn blob_lost_told(&self, document: DocumentId, hash: BlobHash) -> Result<(), EngineError> {
        self.read(|inner| blob_told(&inner.store.conn, document, hash))
    }

    /// Whether photos wait for a network that costs nothing; they do until somebody says otherwise.
    ///
    /// # Errors
    /// As the store says.
    pub fn wifi_only(&self) -> Result<bool, EngineError> {
        self.read(|inner| wifi_only(&inner.store.conn))
    }

    /// Sets whether photos wait for a network that costs nothing.
    ///
    /// # Errors
    /// As the store says.
    pub fn set_wifi_only(&self, on: bool) -> Result<(), EngineError> {
        self.read(|inner| wifi_only_set(&inner.store.conn, on))
    }

    /// The bytes of a blob of this document, if it is here and whole. Its file may be sealed, and is for nobody else to open.
    ///
    /// # Errors
    /// As store and disk say.
    pub fn blob_bytes(&self, document: DocumentId, hash: BlobHash) -> Result<Option<Vec<u8>>, EngineError> {
        let (named, files) = self.read(|inner| {
            let named = blob_get(&inner.store.conn, document, hash)?.is_some();
            Ok((named, inner.files.clone()))
        })?;
        if named { Ok(files.bytes(hash)?) } else { Ok(None) }
    }

    /// The photo, or its thumbnail, or the file of an article, of which this operation tells.
    pub(crate) fn blob_of(
        &self,
        document: DocumentId,
        operation: OperationId,
        thumb: bool,
    ) -> Result<Wanted, EngineError> {
        let unknown = || EngineError::UnknownDocument(document);
        if let Some(article) = document.article() {
            let view = crate::clock::with_moment(|moment| self.article(article, moment))?;
            let file = view.files.into_iter().find(|file| file.operation == operation);
            let file = file.ok_or_else(unknown)?.file;
            return Ok(Wanted {
                document,
                hash: file.blob,
                operation,
                size: file.size,
                thumb: false,
            });
        }
        let ticket = document.ticket().ok_or_else(unknown)?;
        let view = crate::clock::with_moment(|moment| self.ticket(ticket, moment))?;
        let photo = view.photos.into_iter().find(|photo| photo.operation == operation);
        let photo = photo.ok_or_else(unknown)?.photo;
        let (hash, size) = match photo.thumb.filter(|_| thumb) {
            Some(small) => (small.blob, small.size),
            None => (photo.blob, photo.size),
        };
        Ok(Wanted {
            document,
            hash,
            operation,
            size,
            thumb: photo.blob != hash,
        })
    }

    /// Bytes of a blob that came so far.
    pub(crate) fn blob_part(&self, hash: BlobHash) -> Result<u64, EngineError> {
        let files = self.read(|inner| Ok(inner.files.clone()))?;
        Ok(files.part_len(hash)?)
    }

    /// Appends to what came of a blob so far.
    pub(crate) fn blob_add(&self, hash: BlobHash, bytes: &[u8]) -> Result<(), EngineError> {
        let salt = crate::clock::with_moment(|moment| moment.bytes());
        let (files, room) = self.read(|inner| Ok((inner.files.clone(), inner.faults.room)))?;
        Ok(files.add_part(hash, bytes, salt, room)?)
    }

    /// The disk was full while this was fetched: whether other files that can be fetched again made room. Where none did,
    /// what came of it goes too.
    pub(crate) fn blob_no_room(&self, wanted: &Wanted) -> Result<bool, EngineError> {
        self.read(|inner| {
            let freed = inner.blobs_make_room(wanted.size)?;
            if freed == 0 {
                inner.files.drop_part(wanted.hash)?;
            }
            Ok(freed > 0)
        })
    }

    /// A fetched part is whole: verifies it and keeps it. `None` when its bytes are others; it is gone then.
    pub(crate) fn blob_fetched(
        &self,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        self.read(|inner| {
            if !inner.files.keep_part(wanted.hash)? {
                return Ok(None);
            }
            let line = BlobLine {
                document: wanted.document,
                hash: wanted.hash,
                operation: wanted.operation,
                size: wanted.size,
                thumb: wanted.thumb,
                own: false,
                state: BlobState::AtHq,
                seq: None,
                at: now,
            };
            blob_insert(&inner.store.conn, &line)?;
            Ok(inner.files.bytes(wanted.hash)?)
        })
    }
}

/// A blob to fetch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) document: DocumentId,
    pub(crate) hash: BlobHash,
    pub(crate) operation: OperationId,
    pub(crate) size: u64,
    pub(crate) thumb: bool,
}

type Described = (Photo, Vec<(BlobHash, Vec<u8>)>);

/// What the document will say of a photo, and its files.
fn described(new: NewPhoto) -> Result<Described, EngineError> {
    let size = new.bytes.len() as u64;
    if size > BLOB_BYTES_MAX {
        return Err(EngineError::PhotoTooLarge);
    }
    let media = Media::of(&new.bytes)
        .filter(|media| media.is_picture())
        .ok_or(EngineError::PhotoUnreadable)?;
    let small = new.thumb.or_else(|| thumb::thumb(&new.bytes));
    if let Some(small) = &small
        && (Media::of(small) != Some(Media::Jpeg) || small.len() as u64 > THUMB_BYTES_MAX)
    {
        return Err(EngineError::Rule(Reason::OutOfRange));
    }
    let blob = BlobHash::of(&new.bytes);
    // A photo that is its own thumbnail needs none.
    let small = small.map(|small| (BlobHash::of(&small), small));
    let small = small.filter(|(hash, _)| *hash != blob);
    let photo = Photo {
        blob,
        size,
        media,
        kind: new.kind,
        caption: new.caption,
        thumb: small.as_ref().map(|(hash, small)| Thumb {
            blob: *hash,
            size: small.len() as u64,
        }),
    };
    let mut files = vec![(blob, new.bytes)];
    files.extend(small);
    Ok((photo, files))
}

fn write_all(place: &Files, files: &[(BlobHash, Vec<u8>)], room: Option<usize>) -> Result<(), EngineError> {
    for (hash, bytes) in files {
        place.put(*hash, bytes, room)?;
    }
    Ok(())
}

/// The lines of a photo that waits to go up.
pub(crate) fn blob_lines(
    conn: &Connection,
    id: OperationId,
    at: (DocumentId, Timestamp),
    photo: &Photo,
) -> Result<(), EngineError> {
    let (document, at) = at;
    let whole = (photo.blob, photo.size, false);
    let thumb = photo.thumb.map(|thumb| (thumb.blob, thumb.size, true));
    for (hash, size, thumb) in [Some(whole), thumb].into_iter().flatten() {
        // Taken again on the same ticket, after it was lost or refused, or where a colleague's was fetched.
        blob_renew(conn, document, hash, id)?;
        let line = BlobLine {
            document,
            hash,
            operation: id,
            size,
            thumb,
            own: true,
            state: BlobState::Waiting,
            seq: None,
            at,
        };
        blob_insert(conn, &line)?;
    }
    Ok(())
}

impl Inner {
    fn perform_photo(
        &mut self,
        document: DocumentId,
        photo: Photo,
        moment: &mut Moment<'_>,
    ) -> Result<OperationId, EngineError> {
        self.perform(document, Act::Photo(Box::new(photo)), moment)
    }

    /// What to do about a line that is due; `None` when nothing is left to do.
    fn blob_step(&mut self, line: &BlobLine) -> Result<Option<BlobStep>, EngineError> {
        let BlobLine {
            document, hash, size, ..
        } = *line;
        if line.state == BlobState::Lost {
            return Ok(Some(BlobStep::TellLost { document, hash }));
        }
        if self.files.holds(hash)? {
            return Ok(Some(BlobStep::Send { document, hash, size }));
        }
        self.blob_missed(line)?;
        let line = blob_get(&self.store.conn, document, hash)?;
        let is_lost = line.is_some_and(|line| line.state == BlobState::Lost);
        Ok(is_lost.then_some(BlobStep::TellLost { document, hash }))
    }

    /// The file of a line is not there. HQ had it once, and will say if it has it no more; otherwise it is lost.
    pub(crate) fn blob_missed(&mut self, line: &BlobLine) -> Result<(), EngineError> {
        let conn = &self.store.conn;
        let BlobLine { document, hash, .. } = *line;
        if line.seq.is_some() {
            return blob_set_state(conn, document, hash, BlobState::AtHq);
        }
        if !line.own {
            // A copy that was to go back to HQ; its own is who lost something.
            return blob_delete(conn, document, hash);
        }
        tracing::warn!(blob = %hash, "the file of a photo is gone before it went up");
        blob_set_state(conn, document, hash, BlobState::Lost)?;
        if line.thumb {
            Ok(())
        } else {
            notice_put(conn, "photo_lost", line.at)
        }
    }
}
