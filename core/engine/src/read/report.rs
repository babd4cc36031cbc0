//! The completion report of a ticket, drawn on the phone: what HQ draws of the same document, to the byte.

use std::borrow::Cow;

use fieldline_model::blob::BlobHash;
use fieldline_model::fold::fold;
use fieldline_model::id::{DocumentId, TicketId};
use fieldline_model::row::{Row, RowKind};
use fieldline_report::{Paper, Records, Report, collect, report};

use super::{pending, told};
use crate::engine::{Engine, Inner};
use crate::error::EngineError;
use crate::moment::Moment;
use crate::store::blob::blob_get;
use crate::store::row::row_get;

impl Engine {
    /// The completion report as a PDF, with the letters of `font`: the bytes of a TrueType or OpenType file, or of a
    /// collection, that holds Chinese. What colleagues handed over and HQ has not got does not stand on it.
    ///
    /// # Errors
    /// As [`Engine::ticket`]; [`EngineError::NotFinished`] while no visit of it is, [`EngineError::Report`] for a font that
    /// will not do.
    pub fn report(
        &self,
        ticket: TicketId,
        paper: &Paper,
        font: &[u8],
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, EngineError> {
        let told = self.report_told(ticket, moment)?;
        // Without the lock: a long one takes as long as some taps.
        Ok(report(&told, paper, font)?)
    }

    /// What the completion report of a ticket tells, for whoever draws it himself.
    ///
    /// # Errors
    /// As [`Engine::report`].
    pub fn report_told(&self, ticket: TicketId, moment: &mut Moment<'_>) -> Result<Report, EngineError> {
        self.read(|inner| {
            let document = DocumentId::from(ticket);
            inner.open_for_reading(document, moment)?;
            let company = inner.identity.enrolled()?.organisation_name.clone();
            let pending = pending(&inner.store.conn, document)?;
            let unknown = || EngineError::UnknownDocument(document);
            let (_, laid) = inner.open.last().ok_or_else(unknown)?;
            let mut content = Cow::Borrowed(&laid.content);
            if fold(&content.events).created.is_none() {
                let kept = told::kept(&inner.store.conn, document)?;
                content = Cow::Owned(kept.ok_or_else(unknown)?);
            }
            let mut here = Here { inner, document };
            let told = collect(&company, &content, &pending, &mut here)?;
            told.ok_or(EngineError::NotFinished)
        })
    }
}

/// What this phone has of a ticket.
struct Here<'a> {
    inner: &'a Inner,
    document: DocumentId,
}

impl Records for Here<'_> {
    type Error = EngineError;

    fn row(&mut self, kind: RowKind, id: &str) -> Result<Option<Row>, EngineError> {
        row_get(&self.inner.store.conn, kind, id)
    }

    fn picture(&mut self, blob: BlobHash) -> Result<Option<Vec<u8>>, EngineError> {
        if blob_get(&self.inner.store.conn, self.document, blob)?.is_none() {
            return Ok(None);
        }
        Ok(self.inner.files.bytes(blob)?)
    }
}
