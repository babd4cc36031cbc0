//! Files that HQ attaches to articles and manuals, and takes away again.
//!
//! The bytes are on the disk, verified, before the document tells of them; the same transaction that writes the line makes
//! them readable by that document. What is attached again says nothing new, and brings bytes back that were lost.

use std::sync::Arc;

use fieldline_model::blob::{BLOB_BYTES_MAX, BlobHash, Media};
use fieldline_model::id::{ArticleId, DeviceId, DocumentId};
use fieldline_model::operation::{Attachment, Author};

use super::files::NotPlaced;
use super::{App, disk, on_disk};
use crate::problem::{Code, Problem};
use crate::store::blob::Here;

/// Stands where a phone would: what HQ wrote itself came from none.
pub(crate) fn no_device() -> DeviceId {
    DeviceId::from_bytes([0; 16])
}

/// A file to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its bytes: PDF, JPEG, PNG or WebP, as they say themselves.
    pub bytes: Vec<u8>,
    /// What people call it, in Chinese.
    pub title_zh: String,
    /// What people call it, in English.
    pub title_en: String,
    /// How many pages it has, where somebody knows.
    pub pages: Option<u32>,
}

impl App {
    /// Attaches a file to an article that is there. Under the same bytes a newer title takes the older one's place. Returns
    /// whether the article says anything new.
    ///
    /// # Errors
    /// [`Code::BlobTooLarge`], [`Code::MediaType`], [`Code::DiskFull`]; [`Code::NotFound`] without such an article,
    /// [`Code::Invalid`] when it has as many files as it may have. The article is as it was then.
    pub async fn attach(&self, by: Author, article: ArticleId, file: NewFile) -> Result<bool, Problem> {
        let NewFile {
            bytes,
            title_zh,
            title_en,
            pages,
        } = file;
        let size = bytes.len() as u64;
        if !(1..=BLOB_BYTES_MAX).contains(&size) {
            return Err(Problem::new(Code::BlobTooLarge).detail(
                format!("1 到 {BLOB_BYTES_MAX} 字节"),
                format!("1 to {BLOB_BYTES_MAX} bytes"),
            ));
        }
        let media = Media::of(&bytes).ok_or_else(|| {
            Problem::new(Code::MediaType).detail("只接受 PDF、JPEG、PNG 和 WebP", "PDF, JPEG, PNG or WebP")
        })?;
        let attachment = Attachment {
            blob: BlobHash::of(&bytes),
            size,
            media,
            title_zh,
            title_en,
            pages,
        };
        self.check_attach(article, &attachment).await?;
        let _changing = self.inner.blobs.changing.lock().await;
        let here = self.place_own(article.into(), attachment.blob, bytes).await?;
        self.write_attachment(by, article, attachment, here).await
    }

    /// Bytes of HQ's own take the way of a phone's: a part, verified, then its name.
    async fn place_own(&self, document: DocumentId, hash: BlobHash, bytes: Vec<u8>) -> Result<Here, Problem> {
        let part = self.inner.blobs.files.part(no_device(), document, hash);
        let part = Arc::new(part.ok_or_else(|| Problem::new(Code::Busy))?);
        let placed = on_disk(move || {
            part.remove()?;
            let placed = part.append(&bytes).map_err(NotPlaced::from);
            let placed = placed.and_then(|_| part.place(document, hash, false));
            if placed.is_err() {
                // What is told is the first error; the worker drops parts that are left.
                part.remove().ok();
            }
            placed
        });
        placed.await?.map_err(|why| match why {
            NotPlaced::OtherBytes => Problem::new(Code::BlobHash),
            NotPlaced::OtherKind => Problem::new(Code::MediaType),
            NotPlaced::Disk(error) => disk(&error),
        })
    }
}
