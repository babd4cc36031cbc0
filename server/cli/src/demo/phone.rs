//! One engineer with his phone: a real engine on its own files, syncing over HTTP when there is signal.
//!
//! Saving, sending and what comes back stand here; [`round`] is his day. Nothing about it is kept but what he is about to
//! do, where he is and when he will have signal again.

mod round;

use std::sync::Arc;
use std::time::Duration;

use fieldline_engine::shell::{ClientConfig, Summary, SyncClient};
use fieldline_engine::view::{ListFilter, TicketLine};
use fieldline_engine::{Config, Engine, EngineError, Moment};
use fieldline_model::id::{ArticleId, DocumentId, EngineerId, OperationId, TicketId};
use fieldline_model::operation::{Act, Position};
use fieldline_model::row::Code;
use fieldline_server::words::Lang;

use super::day::Day;
use super::ledger::Saved;
use super::pace::{DayMs, Stopwatch};
use super::{notes, words as w};
use crate::fault::Fault;
use crate::when;

/// A sync that takes longer is tried again later.
const SYNC_MAX: Duration = Duration::from_secs(30);

/// What he is about to do.
#[derive(Debug)]
struct Plan {
    began: DayMs,
    at: DayMs,
    ticket: TicketId,
    act: Act,
}

/// An engineer with his phone.
pub(super) struct Phone {
    /// Who.
    pub(super) engineer: EngineerId,
    /// His name in the log.
    pub(super) name: String,
    /// There is signal where he is.
    pub(super) signal: bool,
    engine: Arc<Engine>,
    client: SyncClient,
    place: Option<Position>,
    plan: Option<Plan>,
    signal_at: Option<DayMs>,
    revoked: bool,
    codes: Vec<Code>,
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone")
            .field("engineer", &self.engineer)
            .finish_non_exhaustive()
    }
}

/// Calls the engine with the present moment.
fn with<T>(
    engine: &Engine,
    call: impl FnOnce(&Engine, &mut Moment<'_>) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let mut chance = when::random;
    call(engine, &mut Moment::new(when::device_time(), &mut chance))
}

impl Phone {
    /// Switches the phone on: its store is made, or found as it was left.
    pub(super) fn open(
        dir: &std::path::Path,
        engineer: EngineerId,
        name: String,
        home: Option<Position>,
    ) -> Result<Self, Fault> {
        crate::data::make(dir)?;
        let app = concat!("fieldline-demo ", env!("CARGO_PKG_VERSION")).to_owned();
        let mut chance = when::random;
        let config = Config {
            path: dir.join("phone.db"),
            app,
            key: None,
        };
        let engine = Arc::new(Engine::open(
            config,
            &mut Moment::new(when::device_time(), &mut chance),
        )?);
        let client = SyncClient::new(Arc::clone(&engine), &ClientConfig::default())?;
        let revoked = engine.status()?.revoked;
        let codes = Vec::new();
        Ok(Self {
            engineer,
            name,
            signal: true,
            engine,
            client,
            place: home,
            plan: None,
            signal_at: None,
            revoked,
            codes,
        })
    }

    /// The engine, for looking.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// HQ has revoked the phone, and the phone knows.
    pub(super) fn is_revoked(&self) -> bool {
        self.revoked
    }

    /// Joins, or follows the server to its new port.
    pub(super) async fn enrol(
        &self,
        url: &str,
        code: impl AsyncFnOnce() -> Result<String, Fault>,
    ) -> Result<(), Fault> {
        match self.engine.server_url() {
            _ if self.revoked => Ok(()),
            Some(known) if known == url => Ok(()),
            Some(_) => Ok(self.client.move_to(url).await?),
            None => Ok(self.client.enrol(url, &code().await?, &self.name).await?),
        }
    }

    /// Exchanges everything.
    pub(super) async fn sync(&mut self) -> Result<Summary, EngineError> {
        let summary = self.client.sync(SYNC_MAX).await?;
        self.revoked |= summary.revoked;
        Ok(summary)
    }

    /// The first visit of his list was reported in this language.
    pub(super) fn reads_next(&self, lang: Lang) -> Result<bool, Fault> {
        let lines = self.engine.list(&ListFilter::default())?;
        let english = lines.first().map(|line| notes::is_english(&line.fault_text));
        Ok(english.is_some_and(|english| english == (lang == Lang::En)))
    }

    /// The ticket he is at, and the word of his visit's phase.
    pub(super) fn current(&self) -> Result<Option<(TicketId, String)>, Fault> {
        let under_way =
            |line: &TicketLine| line.phase.as_deref().is_some_and(is_under_way) && !line.withdrawn;
        let lines = self.engine.list(&ListFilter::default())?;
        let line = lines.into_iter().find(under_way);
        Ok(line.and_then(|line| Some((line.ticket, line.phase?))))
    }

    /// Saves, writes into the book, and sends where there is signal. `None` when the world has moved on meanwhile.
    pub(super) async fn perform(
        &mut self,
        day: &mut Day,
        document: DocumentId,
        act: Act,
    ) -> Result<Option<OperationId>, Fault> {
        let watch = Stopwatch::start();
        let said = day.tell.act(&act);
        let saved = match with(&self.engine, |engine, moment| {
            engine.perform(document, act, moment)
        }) {
            Ok(saved) => saved.operation,
            Err(EngineError::Rule(_) | EngineError::UnknownDocument(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        day.ledger.promise(Saved {
            operation: saved,
            offline: !self.signal,
        })?;
        if let (Some(said), Some(ticket)) = (said, document.ticket()) {
            day.tell.line(&self.name, &self.number(ticket)?, &said);
        }
        if self.signal && self.try_sync(day).await? && !self.waits(saved)? {
            day.taps_ms.push(watch.ms());
        }
        Ok(Some(saved))
    }

    /// Writes beside an article about what is before him, or about anything.
    pub(super) async fn annotate(
        &mut self,
        day: &mut Day,
        article: ArticleId,
        place: usize,
    ) -> Result<bool, Fault> {
        let texts = notes::annotations(day.tell.lang == Lang::En);
        let text = texts[place % texts.len()].to_owned();
        let done = self
            .perform(day, article.into(), Act::Annotate { section: None, text })
            .await?;
        if done.is_some() {
            day.tell.line(&self.name, "", day.tell.lang.t(w::ANNOTATED));
        }
        Ok(done.is_some())
    }

    /// The article that helps most with a ticket.
    pub(super) fn article_for(&self, ticket: TicketId) -> Result<Option<ArticleId>, Fault> {
        let lines = with(&self.engine, |engine, moment| engine.articles_for(ticket, moment))?;
        Ok(lines.first().map(|line| line.article))
    }

    fn waits(&self, operation: OperationId) -> Result<bool, Fault> {
        Ok(self
            .engine
            .status()?
            .waiting
            .iter()
            .any(|waiting| waiting.operation == operation))
    }

    fn number(&self, ticket: TicketId) -> Result<String, Fault> {
        Ok(
            with(&self.engine, |engine, moment| engine.ticket(ticket, moment))?
                .facts
                .number,
        )
    }

    /// There is signal again.
    pub(super) async fn come_back(&mut self, day: &mut Day) -> Result<(), Fault> {
        (self.signal, self.signal_at) = (true, None);
        let waiting = self.engine.status()?.saved_here;
        day.tell.line(
            &self.name,
            "",
            &day.tell.lang.fill(w::SIGNAL_BACK, &[("n", &waiting.to_string())]),
        );
        self.try_sync(day).await?;
        Ok(())
    }

    /// Syncs; a network that fails is no failure of the day.
    pub(super) async fn try_sync(&mut self, day: &mut Day) -> Result<bool, Fault> {
        let was_revoked = self.revoked;
        match self.sync().await {
            Ok(summary) => {
                if summary.overruled + summary.refused > 0 {
                    self.tell_cards(day)?;
                }
                if self.revoked && !was_revoked {
                    day.tell.line(&self.name, "", day.tell.lang.t(w::PHONE_REVOKED));
                }
                Ok(summary.finished)
            }
            Err(EngineError::Offline(why)) => {
                tracing::debug!(%why, "no connection");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What did not become what he meant; each card is told once and put away.
    pub(super) fn tell_cards(&self, day: &Day) -> Result<(), Fault> {
        for card in self.engine.status()?.cards.iter().rev() {
            day.tell.card(&self.name, card);
            self.engine.dismiss(card.operation)?;
        }
        Ok(())
    }
}

/// From departure until done.
fn is_under_way(phase: &str) -> bool {
    matches!(phase, "en_route" | "arrived" | "working" | "paused")
}
