//! Articles and manuals: searching, reading, their files.

use fieldline_engine::clock::with_moment;
use fieldline_engine::view::EntryView;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::Act;

use super::{Core, Phone};
use crate::codes::Who;
use crate::error::PhoneError;
use crate::id;
use crate::record::{Annotation, ArticleDetail, ArticleFile, ArticleLine, ArticleSection};
use crate::words::Words;

#[uniffi::export]
impl Phone {
    /// Articles and manuals that hold all words of the query, in Chinese or English, best first; at most 200. Works offline.
    ///
    /// # Errors
    /// Those of the store.
    pub fn search(&self, query: String) -> Result<Vec<ArticleLine>, PhoneError> {
        let lines = self.core()?.engine.articles(&query)?;
        Ok(lines.into_iter().map(ArticleLine::from).collect())
    }

    /// Articles and manuals that may help with this ticket, the probable causes first: by fault, by model, by category.
    ///
    /// # Errors
    /// As `ticket`.
    pub fn articles_for(&self, ticket: String) -> Result<Vec<ArticleLine>, PhoneError> {
        let (core, id) = (self.core()?, id::ticket(&ticket)?);
        let lines = with_moment(|moment| core.engine.articles_for(id, moment))?;
        Ok(lines.into_iter().map(ArticleLine::from).collect())
    }

    /// One article to read.
    ///
    /// # Errors
    /// `unknown_document` when it is not here, `document_stuck` when its copy is damaged.
    pub fn article(&self, article: String) -> Result<ArticleDetail, PhoneError> {
        let (core, id) = (self.core()?, id::article(&article)?);
        let view = with_moment(|moment| core.engine.article(id, moment))?;
        let files = view.files.into_iter().map(|file| ArticleFile {
            operation: file.operation.to_string(),
            title: Words::either(&file.file.title_zh, &file.file.title_en),
            media: file.file.media.word().to_owned(),
            size: file.file.size,
            pages: file.file.pages,
            here: file.here,
        });
        let me = core.me();
        Ok(ArticleDetail {
            line: view.line.into(),
            sections: view.sections.iter().filter_map(section).collect(),
            files: files.collect(),
            annotations: view
                .annotations
                .iter()
                .filter_map(|entry| annotation(&core, entry, me))
                .collect(),
        })
    }

    /// The bytes of an article's file; fetched from HQ where it is not here, and kept. Waits for the network then.
    ///
    /// # Errors
    /// `network_metered` while files wait for a network that costs nothing; those of the network; `called_off`.
    pub fn file_bytes(&self, article: String, operation: String) -> Result<Vec<u8>, PhoneError> {
        let (core, id) = (self.core()?, id::article(&article)?);
        core.fetch(id.into(), id::operation(&operation)?, false)
    }
}

impl Core {
    pub(super) fn fetch(
        &self,
        document: DocumentId,
        operation: OperationId,
        thumb: bool,
    ) -> Result<Vec<u8>, PhoneError> {
        let fetch = self.client.fetch_blob(document, operation, thumb);
        self.online(fetch, &self.fetch_called_off)
    }
}

fn section(entry: &EntryView) -> Option<ArticleSection> {
    let Act::WriteSection(section) = &entry.act else {
        return None;
    };
    Some(ArticleSection {
        operation: entry.operation.to_string(),
        heading: Words::either(&section.heading_zh, &section.heading_en),
        body: Words::either(&section.body_zh, &section.body_en),
    })
}

fn annotation(
    core: &Core,
    entry: &EntryView,
    me: Option<fieldline_model::id::EngineerId>,
) -> Option<Annotation> {
    let Act::Annotate { section, text } = &entry.act else {
        return None;
    };
    Some(Annotation {
        operation: entry.operation.to_string(),
        section: section.map(|section| section.to_string()),
        text: text.clone(),
        by: Who::of(entry.by, me),
        by_name: core.engine.author_words(entry.by).into(),
        at_ms: entry.at.estimate().ms(),
        pending: entry.pending,
        held: entry.held,
        carried: entry.carried,
    })
}
