//! What stays and what goes: files that nothing names, photos HQ asks for again, and room for new ones.

use std::collections::BTreeSet;

use fieldline_model::blob::BlobHash;
use fieldline_model::id::DocumentId;
use fieldline_model::operation::{Act, Author, Path};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::BlobName;

use super::blob_lines;
use crate::engine::{Inner, work_in};
use crate::error::EngineError;
use crate::fault::bug;
use crate::perform::open;
use crate::store::blob::{
    BlobLine, BlobState, blob_delete, blob_doubt_of, blob_get, blob_is_named, blob_own, blob_purgeable,
    blob_set_state, blob_unlisted,
};
use crate::store::intent::intent_get;
use crate::store::notice::notice_put;

/// How long a photo stays on the phone that HQ has, by a backup as well: as long as somebody may want to look at it.
pub const PHOTO_KEEP_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// How long a file stays that nothing names.
const LOOSE_KEEP_MS: i64 = 45 * 24 * 60 * 60 * 1_000;
/// Bytes of photos beyond which those go sooner; what HQ has not, or no backup holds, never goes.
pub const PHOTOS_BYTES_SOFT: u64 = 1024 * 1024 * 1024;

impl Inner {
    /// At the start: lines that a damaged file lost are written again, files gone are told, files nobody names go.
    pub(crate) fn blobs_look(&mut self, now: Timestamp) -> Result<(), EngineError> {
        for operation in blob_unlisted(&self.store.conn)? {
            if let Some(intent) = intent_get(&self.store.conn, operation)?
                && let Act::Photo(photo) = &intent.entry.act
            {
                blob_lines(
                    &self.store.conn,
                    operation,
                    (intent.document, intent.saved_at),
                    photo,
                )?;
                if intent.fate.is_some() {
                    // HQ may have it, and says so if it has not; that the file is gone proves no loss.
                    blob_doubt_of(&self.store.conn, operation)?;
                }
            }
        }
        // Before anybody asks how long a file is: an app of before may have left some in the clear.
        self.loose = self.blobs_sweep(now)?;
        for line in blob_own(&self.store.conn, BlobState::Waiting)? {
            if self.files.len(line.hash)? != line.size {
                self.blob_missed(&line)?;
            }
        }
        Ok(())
    }

    /// Files nobody names: what is left of a photo that was not saved, or the only copy of one that a store of before knew.
    fn blobs_sweep(&self, now: Timestamp) -> Result<BTreeSet<BlobHash>, EngineError> {
        let mut loose = BTreeSet::new();
        for hash in self.files.tidy()? {
            self.files.seal_plain(hash)?;
            if blob_is_named(&self.store.conn, hash)? {
                continue;
            }
            let age = now.since(Timestamp::from_ms(self.files.modified_ms(hash)?));
            if age > LOOSE_KEEP_MS {
                self.files.remove(hash)?;
            } else {
                loose.insert(hash);
            }
        }
        Ok(loose)
    }

    /// HQ gave documents back that this store had lost: photos of this engineer that lie here go up, should HQ lack them.
    pub(crate) fn blobs_adopt(
        &mut self,
        documents: &BTreeSet<DocumentId>,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        if self.loose.is_empty() {
            return Ok(());
        }
        let tx = self.store.conn.transaction()?;
        for id in documents.iter().filter(|id| id.ticket().is_some()) {
            let work = work_in(&tx, &self.identity, &self.faults, now)?;
            let laid = match open(&work, *id) {
                Ok(laid) => laid,
                Err(EngineError::UnknownDocument(_) | EngineError::Stuck(_)) => continue,
                Err(error) => return Err(error),
            };
            let me = Author::Engineer(work.me.engineer);
            for (operation, entry) in laid
                .content
                .under(Path::Field)
                .filter(|(_, entry)| entry.by == me)
            {
                let Act::Photo(photo) = &entry.act else { continue };
                if self.loose.remove(&photo.blob) {
                    blob_lines(&tx, operation, (*id, entry.at.wall), photo)?;
                }
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// HQ has not got these: those that are here go up again, those of this phone that are not are lost.
    pub(crate) fn blobs_lacking(&mut self, lacking: &[BlobName], now: Timestamp) -> Result<(), EngineError> {
        for BlobName(document, hash) in lacking {
            let hash = BlobHash(**hash);
            let Some(line) = blob_get(&self.store.conn, *document, hash)? else {
                continue;
            };
            let is_here = self.files.len(hash)? == line.size;
            match (line.state, is_here, line.own) {
                (BlobState::Waiting | BlobState::AtHq | BlobState::Lost, true, _) => {
                    blob_set_state(&self.store.conn, *document, hash, BlobState::Waiting)?;
                }
                (BlobState::Waiting | BlobState::AtHq, false, true) => {
                    blob_set_state(&self.store.conn, *document, hash, BlobState::Lost)?;
                    if !line.thumb {
                        notice_put(&self.store.conn, "photo_lost", now)?;
                    }
                }
                (BlobState::AtHq | BlobState::Waiting, false, false) => {
                    blob_delete(&self.store.conn, *document, hash)?;
                }
                (BlobState::Lost, false, _) => {
                    // HQ was not told, or has forgotten it.
                    blob_set_state(&self.store.conn, *document, hash, BlobState::Lost)?;
                }
                (BlobState::Refused, ..) => {}
            }
        }
        Ok(())
    }

    /// Makes room: what HQ has and a backup of HQ's holds goes after a while, and sooner where there is much. It can
    /// wait: that it fails fails no sync.
    pub(crate) fn blobs_purge(&mut self, now: Timestamp) -> Result<usize, EngineError> {
        let lines = if bug!(self.faults, PhotosPurgedUnsaved) {
            blob_own(&self.store.conn, BlobState::AtHq)?
        } else {
            blob_purgeable(&self.store.conn)?
        };
        let mut here: Vec<BlobLine> = Vec::new();
        for line in lines {
            if self.files.len(line.hash)? > 0 {
                here.push(line);
            }
        }
        let gone_from = self.files_taken_away(&here, now)?;
        // Manuals first: they can be fetched by whoever needs them, and are of no one job.
        here.sort_by_key(|line| !is_manual(line));
        let mut bytes: u64 = here.iter().map(|line| line.size).sum();
        let mut gone = 0;
        for line in here {
            let is_old = if is_manual(&line) {
                gone_from.contains(&(line.document, line.hash))
            } else {
                now.since(line.at) >= PHOTO_KEEP_MS
            };
            if !is_old && bytes <= PHOTOS_BYTES_SOFT && !bug!(self.faults, PhotosPurgedUnsaved) {
                continue;
            }
            self.files.remove(line.hash)?;
            if !line.own {
                blob_delete(&self.store.conn, line.document, line.hash)?;
            }
            bytes = bytes.saturating_sub(line.size);
            gone += 1;
        }
        Ok(gone)
    }

    /// Fetched files that HQ has taken away from their articles. What a damaged document says nobody knows, and it stays.
    fn files_taken_away(
        &mut self,
        lines: &[BlobLine],
        now: Timestamp,
    ) -> Result<BTreeSet<(DocumentId, BlobHash)>, EngineError> {
        let mut gone: BTreeSet<_> = lines
            .iter()
            .filter(|line| is_manual(line))
            .map(|line| (line.document, line.hash))
            .collect();
        let documents: BTreeSet<DocumentId> = gone.iter().map(|(document, _)| *document).collect();
        let tx = self.store.conn.transaction()?;
        for id in documents {
            let work = work_in(&tx, &self.identity, &self.faults, now)?;
            match open(&work, id) {
                Ok(laid) => {
                    for (_, file) in laid.content.attachments() {
                        gone.remove(&(id, file.blob));
                    }
                }
                Err(EngineError::UnknownDocument(_)) => {}
                Err(EngineError::Stuck(_)) => gone.retain(|(document, _)| *document != id),
                Err(error) => return Err(error),
            }
        }
        tx.commit()?;
        Ok(gone)
    }

    /// The disk is full: what HQ has and this phone only fetched goes, manuals first, until so many bytes are free. Says how
    /// many are; nothing that this phone took, and nothing HQ misses, is touched.
    pub(crate) fn blobs_make_room(&mut self, bytes: u64) -> Result<u64, EngineError> {
        let mut lines = blob_purgeable(&self.store.conn)?;
        lines.retain(|line| !line.own);
        lines.sort_by_key(|line| !is_manual(line));
        let mut freed = 0;
        for line in lines {
            if freed >= bytes {
                break;
            }
            let len = self.files.len(line.hash)?;
            if len == 0 {
                continue;
            }
            self.files.remove(line.hash)?;
            blob_delete(&self.store.conn, line.document, line.hash)?;
            freed += len;
        }
        if freed > 0 {
            tracing::info!(freed, "files that can be fetched again made room");
        }
        if let Some(room) = &mut self.faults.room {
            *room = room.saturating_add(usize::try_from(freed).unwrap_or(usize::MAX));
        }
        Ok(freed)
    }
}

/// Fetched for an article, not for a ticket.
fn is_manual(line: &BlobLine) -> bool {
    !line.own && line.document.ticket().is_none()
}
