//! From a document's state to the central record's rows.
//!
//! The fold decides; this only writes down what it says, in true time. Nothing here reads a document or a clock.

use fieldline_model::document::{self, Content};
use fieldline_model::fold::{Outcome, TicketState};
use fieldline_model::id::{ArticleId, DocumentId, OperationId, TicketId};
use fieldline_model::operation::{Act, ArticleHead, Author, Path, Section};
use fieldline_model::search::index_text;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::app::App;
use crate::check::visit_times;
use crate::door::{DoorError, Ground};
use crate::store::StoreError;
use crate::store::document as documents;
use crate::store::log::{Channel, Entry, Journal};
use crate::store::record::{self, ArticleRow};

/// Writes ticket, visits and review items as the fold says.
pub(crate) fn write_ticket(
    connection: &Connection,
    id: TicketId,
    ground: &Ground,
    now: Timestamp,
) -> Result<(), StoreError> {
    let state = ground.state();
    let Some(created) = state.created else {
        return Ok(());
    };
    let at = |operation: OperationId| ground.time(operation).unwrap_or(now);
    record::ticket_forget_others(connection, id, state)?;
    for item in &state.reviews {
        record::review_add(connection, id, item, at(item.operation))?;
    }
    record::ticket_write(connection, id, state, at(created), now)?;
    let time = |operation| ground.time(operation);
    for visit in state.visits.values() {
        let times = visit_times(ground.content(), visit, &time);
        record::visit_write(connection, id, visit, &times)?;
    }
    Ok(())
}

/// Writes down how events count now that `may_differ` from before, and tells the phones of their authors where that is new.
pub(crate) fn write_outcomes(
    journal: &mut Journal<'_>,
    content: &Content,
    state: &TicketState,
    may_differ: impl Fn(&OperationId, &Outcome) -> bool,
) -> Result<(), StoreError> {
    for (id, outcome) in state.outcomes.iter().filter(|(id, now)| may_differ(id, now)) {
        let is_new = record::event_outcome_write(journal.connection(), *id, *outcome)?;
        let author = content.events.entries().get(id).map(|entry| entry.by);
        if let (true, Some(Author::Engineer(engineer))) = (is_new, author) {
            journal.append(&Entry::Fate { operation: *id }, [Channel::Engineer(engineer)])?;
        }
    }
    Ok(())
}

/// What an article says: of heads, and of sections with the same order, the newest counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ArticleText<'a> {
    /// What it is about.
    pub head: Option<&'a ArticleHead>,
    /// Its sections in order, each with the operation that wrote it.
    pub sections: Vec<(OperationId, &'a Section)>,
}

/// Reads an article's content.
#[must_use]
pub fn article_text(content: &Content) -> ArticleText<'_> {
    let mut text = ArticleText::default();
    // In the order of ids, so a later one replaces an earlier one, alike everywhere.
    for (id, entry) in content.under(Path::Sections) {
        match &entry.act {
            Act::Publish(head) => text.head = Some(head),
            Act::WriteSection(section) => {
                text.sections.retain(|(_, old)| old.order != section.order);
                text.sections.push((id, section));
            }
            _ => {}
        }
    }
    text.sections.sort_by_key(|(_, section)| section.order);
    text
}

/// Whether the article says exactly this already.
pub(crate) fn says(content: &Content, act: &Act) -> bool {
    let text = article_text(content);
    match act {
        Act::Publish(head) => text.head == Some(head),
        Act::WriteSection(section) => text.sections.iter().any(|(_, old)| **old == **section),
        _ => false,
    }
}

/// Writes an article's row and its searchable text.
pub(crate) fn write_article(
    connection: &Connection,
    id: ArticleId,
    content: &Content,
) -> Result<(), StoreError> {
    let text = article_text(content);
    let Some(head) = text.head else { return Ok(()) };
    let mut body: Vec<&str> = Vec::new();
    for (_, section) in &text.sections {
        body.extend([
            &*section.heading_zh,
            &section.heading_en,
            &section.body_zh,
            &section.body_en,
        ]);
    }
    for (_, file) in content.attachments() {
        body.extend([&*file.title_zh, &file.title_en]);
    }
    let mut annotations = 0;
    for (_, entry) in content.under(Path::Annotations) {
        if let Act::Annotate { text, .. } = &entry.act {
            annotations += 1;
            body.push(text);
        }
    }
    let row = ArticleRow {
        id,
        head,
        annotations,
        index_title: index_text(&format!("{} {}", head.title_zh, head.title_en)),
        index_body: index_text(&body.join(" ")),
    };
    record::article_write(connection, &row)
}

impl App {
    /// Everything a document says, read from its newest snapshot: for a ticket's timeline, an article's text.
    ///
    /// # Errors
    /// As the store says; [`DoorError::Document`] for a damaged snapshot.
    pub async fn content(&self, id: DocumentId) -> Result<Option<Content>, DoorError> {
        let read = self.store().read(move |connection| {
            let Some(stored) = documents::document_read(connection, id)? else {
                return Ok(None);
            };
            let doc = document::load(id, &stored.snapshot)?;
            Ok(Some(document::content(id, &doc)?))
        });
        read.await
    }
}
