//! The lines of an article that tell of its files: authored here, like everything that HQ writes.

use fieldline_model::blob::BlobHash;
use fieldline_model::document::Content;
use fieldline_model::id::{ArticleId, DocumentId, OperationId};
use fieldline_model::operation::{ATTACHMENTS_MAX, Act, Attachment, Author, Operation};
use fieldline_model::rules::check_form;
use rusqlite::Connection;

use super::DoorError;
use super::judge::Writer;
use super::perform::{Draft, author_all};
use crate::app::App;
use crate::blob::no_device;
use crate::problem::{Code, Problem};
use crate::store::article::article_get;
use crate::store::blob::{Here, blob_arrived};

fn too_many() -> Problem {
    Problem::new(Code::Invalid).detail(
        format!("每篇最多 {ATTACHMENTS_MAX} 个文件"),
        format!("an article has at most {ATTACHMENTS_MAX} files"),
    )
}

/// What stands of these bytes, and whether another file still fits.
fn standing(content: &Content, blob: BlobHash) -> (Vec<(OperationId, Attachment)>, bool) {
    let all = content.attachments();
    let fits = all.len() < ATTACHMENTS_MAX;
    let same = all.into_iter().filter(|(_, file)| file.blob == blob);
    (same.map(|(id, file)| (id, file.clone())).collect(), fits)
}

/// Operations that take these away, under ids that were drawn before.
fn taken_away(files: Vec<(OperationId, Attachment)>, spare: Vec<Operation>) -> impl Iterator<Item = Draft> {
    files.into_iter().zip(spare).map(|((attachment, _), spare)| {
        let act = Act::Detach { attachment };
        Draft::from(Operation { act, ..spare })
    })
}

impl App {
    /// Names and times for as many operations as an article may have files.
    fn spare(&self, by: Author, document: DocumentId) -> Vec<Operation> {
        let one = || self.operation(by, document, Act::Triage, None);
        std::iter::repeat_with(one).take(ATTACHMENTS_MAX).collect()
    }

    /// Whether this file may be attached there, before its bytes are written anywhere.
    pub(crate) async fn check_attach(&self, id: ArticleId, file: &Attachment) -> Result<(), Problem> {
        let document = DocumentId::from(id);
        let act = Act::Attach(Box::new(file.clone()));
        check_form(&self.operation(Author::Server, document, act, None)).map_err(DoorError::Refused)?;
        let found = self
            .store()
            .read(move |connection| article_get(connection, id))
            .await;
        found?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let content = self.content(document).await?.unwrap_or_default();
        let (same, fits) = standing(&content, file.blob);
        if same.is_empty() && !fits {
            return Err(too_many());
        }
        Ok(())
    }

    /// The article tells of a file whose bytes are here, in the transaction that makes them readable by it.
    pub(crate) async fn write_attachment(
        &self,
        by: Author,
        id: ArticleId,
        file: Attachment,
        here: Here,
    ) -> Result<bool, Problem> {
        let document = DocumentId::from(id);
        let blob = file.blob;
        let attach = self.operation(by, document, Act::Attach(Box::new(file)), None);
        let spare = self.spare(by, document);
        let (inner, now) = (std::sync::Arc::clone(&self.inner), self.now());
        let job = move |connection: &Connection| {
            let ground = inner.grounds.take(connection, document)?;
            let (same, fits) = standing(ground.content(), blob);
            inner.grounds.keep(ground);
            if same.is_empty() && !fits {
                return Ok(None);
            }
            blob_arrived(connection, (document, blob), here, no_device(), now)?;
            let says = |file: &Attachment| attach.act == Act::Attach(Box::new(file.clone()));
            if same.iter().any(|(_, file)| says(file)) {
                return Ok(Some(false));
            }
            // The newer line first: bytes that something refers to are never without a reference between.
            let drafts = std::iter::once(Draft::from(attach)).chain(taken_away(same, spare));
            let drafts = drafts.collect();
            author_all(connection, &inner, document, Writer::Server, drafts).map(|_| Some(true))
        };
        let written = self.inner.store.write::<_, DoorError>(job).await;
        self.inner.wake.notify_one();
        written?.ok_or_else(too_many)
    }

    /// Takes a file away from an article. Its bytes go once nothing else has referred to them for long.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the article has no such file.
    pub async fn detach(&self, by: Author, id: ArticleId, blob: BlobHash) -> Result<(), Problem> {
        let document = DocumentId::from(id);
        let spare = self.spare(by, document);
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| {
            if article_get(connection, id)?.is_none() {
                return Ok(false);
            }
            let ground = inner.grounds.take(connection, document)?;
            let (same, _) = standing(ground.content(), blob);
            inner.grounds.keep(ground);
            if same.is_empty() {
                return Ok(false);
            }
            let drafts = taken_away(same, spare).collect();
            author_all(connection, &inner, document, Writer::Server, drafts).map(|_| true)
        };
        let written = self.inner.store.write::<_, DoorError>(job).await;
        self.inner.wake.notify_one();
        if written? {
            Ok(())
        } else {
            Err(Problem::new(Code::NotFound))
        }
    }
}
