//! Completion reports at HQ: the same paper as on the phone, drawn from the document and the rows it names.
//!
//! The letters come from a font on this machine: the one the settings name, otherwise the first of the places where
//! systems keep one that has Chinese. Without one there is no report, and nothing offers it.

mod font;

use std::path::{Path, PathBuf};

use fieldline_model::blob::{BlobHash, THUMB_BYTES_MAX};
use fieldline_model::id::{DocumentId, TicketId};
use fieldline_model::row::{Row, RowKind};
use fieldline_report::{Paper, Records, Report, collect, report};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::blob::Blobs;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::blob::blob_readable;
use crate::store::row::row_read;
pub use font::{FONT_BYTES_MAX, WELL_KNOWN, found, read_font};

/// Reports drawn at once: each holds a font of some twenty megabytes while it is drawn.
const AT_ONCE: usize = 2;

/// What reports need of this machine.
pub(crate) struct Reports {
    font: Option<PathBuf>,
    drawing: Semaphore,
}

impl Reports {
    /// With the named font, otherwise one of the system's.
    pub(crate) fn new(named: Option<PathBuf>) -> Self {
        let font = match named {
            Some(named) => Some(named).filter(|path| path.is_file()),
            None => found().map(Path::to_path_buf),
        };
        Self {
            font,
            drawing: Semaphore::new(AT_ONCE),
        }
    }
}

/// For whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// HQ, and through it the customer: everything that was signed.
    Hq,
    /// Whoever has the tracking link: what its page shows.
    Link,
}

impl App {
    /// Whether reports can be drawn here.
    pub(crate) fn has_reports(&self) -> bool {
        self.inner.reports.font.is_some()
    }

    /// The completion report of a ticket, as a PDF.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an unknown ticket, [`Code::NotFinished`] while no visit is, [`Code::FontMissing`] without a
    /// font that will do.
    pub(crate) async fn report(&self, ticket: TicketId, paper: Paper, of: For) -> Result<Vec<u8>, Problem> {
        let told = self.report_told(ticket).await?;
        let told = match of {
            For::Hq => told,
            For::Link => told.for_link(),
        };
        let missing = || Problem::new(Code::FontMissing);
        let font = self.inner.reports.font.clone().ok_or_else(missing)?;
        let busy = |_| Problem::new(Code::Busy);
        let _drawing = self.inner.reports.drawing.acquire().await.map_err(busy)?;
        let drawn = tokio::task::spawn_blocking(move || {
            let font = read_font(&font).map_err(|error| error.to_string())?;
            report(&told, &paper, &font).map_err(|error| error.to_string())
        });
        match drawn.await {
            Ok(Ok(pdf)) => Ok(pdf),
            Ok(Err(error)) => {
                tracing::error!(%error, "the font for completion reports will not do");
                Err(missing())
            }
            Err(error) => {
                tracing::error!(%error, "drawing a completion report failed");
                Err(Problem::new(Code::Internal))
            }
        }
    }

    /// What the completion report of a ticket tells.
    async fn report_told(&self, ticket: TicketId) -> Result<Report, Problem> {
        let document = DocumentId::from(ticket);
        let content = self.content(document).await?;
        let content = content.ok_or_else(|| Problem::new(Code::NotFound))?;
        let app = self.clone();
        let read = move |connection: &Connection| {
            let mut here = Here {
                connection,
                blobs: &app.inner.blobs,
                document,
            };
            collect(&app.organisation().name, &content, &[], &mut here)
        };
        let told = self.store().read::<_, StoreError>(read).await?;
        told.ok_or_else(|| Problem::new(Code::NotFinished))
    }
}

/// What HQ has of a ticket.
struct Here<'a> {
    connection: &'a Connection,
    blobs: &'a Blobs,
    document: DocumentId,
}

impl Records for Here<'_> {
    type Error = StoreError;

    fn row(&mut self, kind: RowKind, id: &str) -> Result<Option<Row>, StoreError> {
        Ok(row_read(self.connection, kind, id)?.map(|(row, _)| row))
    }

    fn picture(&mut self, blob: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        let here = blob_readable(self.connection, self.document, blob)?;
        if here.is_none_or(|here| here.size > THUMB_BYTES_MAX) {
            return Ok(None);
        }
        // A file that is gone or damaged is noticed elsewhere; the paper says that there is no picture.
        let bytes = std::fs::read(self.blobs.files.path(blob)).ok();
        Ok(bytes.filter(|bytes| BlobHash::of(bytes) == blob))
    }
}
