//! One engineer with his phone: a real engine on its own files, syncing over HTTP when there is signal.
//!
//! He looks at his list, does what comes next and waits; what that is, [`script`] says. Nothing about his day is kept
//! here but where he drives and when he will have signal again.

use std::sync::Arc;
use std::time::Duration;

use fieldline_engine::shell::{ClientConfig, Summary, SyncClient};
use fieldline_engine::view::{ListFilter, PartFilter, TicketLine, TicketView};
use fieldline_engine::{Config, Engine, EngineError, Moment};
use fieldline_model::id::{ArticleId, DocumentId, EngineerId, LocationId, OperationId, PartId, TicketId};
use fieldline_model::operation::{Act, Position};
use fieldline_model::row::{Code, Row, RowKind};

use super::day::Day;
use super::ledger::Saved;
use super::pace::{DayMs, Stopwatch};
use super::{notes, script, words as w};
use crate::fault::Fault;
use crate::when;

const MINUTE_MS: DayMs = 60_000;
/// A phone at rest asks for news so often.
const POLL_MS: DayMs = 10 * MINUTE_MS;
/// A position so often, on the way and at no other time.
const FIX_MS: DayMs = 3 * MINUTE_MS;
/// From a finished visit to where there is signal again.
const LEAVE_MS: DayMs = 4 * MINUTE_MS;
/// In a place without signal it ends before the door.
const SIGNAL_ENDS: f64 = 0.6;
/// A sync that takes longer is tried again later.
const SYNC_MAX: Duration = Duration::from_secs(30);
/// How well the phone knows where it is.
const ACCURACY_M: f32 = 20.0;

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

    /// Joins, unless the phone belongs to this very server already.
    pub(super) async fn enrol(
        &self,
        url: &str,
        code: impl AsyncFnOnce() -> Result<String, Fault>,
    ) -> Result<(), Fault> {
        if self.revoked || self.engine.server_url().as_deref() == Some(url) {
            return Ok(());
        }
        Ok(self.client.enrol(url, &code().await?, &self.name).await?)
    }

    /// Exchanges everything.
    pub(super) async fn sync(&mut self) -> Result<Summary, EngineError> {
        let summary = self.client.sync(SYNC_MAX).await?;
        self.revoked |= summary.revoked;
        Ok(summary)
    }

    /// The ticket he is at, and the word of his visit's phase.
    pub(super) fn current(&self) -> Result<Option<(TicketId, String)>, Fault> {
        let under_way =
            |line: &TicketLine| line.phase.as_deref().is_some_and(is_under_way) && !line.withdrawn;
        let lines = self.engine.list(&ListFilter::default())?;
        let line = lines.into_iter().find(under_way);
        Ok(line.and_then(|line| Some((line.ticket, line.phase?))))
    }

    /// Nothing is planned, and nothing is left on his list.
    pub(super) fn is_idle(&self) -> Result<bool, Fault> {
        Ok(self.revoked || (self.plan.is_none() && self.signal && self.choose()?.is_none()))
    }

    /// Lives until something is due and returns when to come back.
    pub(super) async fn step(&mut self, day: &mut Day, now: DayMs) -> Result<DayMs, Fault> {
        if self.signal_at.is_some_and(|at| at <= now) {
            self.come_back(day).await?;
        }
        if self.revoked {
            return Ok(now + POLL_MS);
        }
        match self.plan.take() {
            Some(plan) if plan.at > now => {
                self.on_the_way(day, &plan, now).await?;
                let travels = matches!(plan.act, Act::Arrive { .. });
                let next = if travels {
                    plan.at.min(now + FIX_MS)
                } else {
                    plan.at
                };
                self.plan = Some(plan);
                return Ok(self.signal_at.map_or(next, |back| back.min(next)));
            }
            Some(plan) => self.act(day, plan).await?,
            None if self.signal => {
                self.try_sync(day).await?;
            }
            None => {}
        }
        self.look(day, now)
    }

    /// Looks at the list and decides what to do next.
    fn look(&mut self, day: &Day, now: DayMs) -> Result<DayMs, Fault> {
        if !self.signal && self.signal_at.is_none() && self.current()?.is_none() {
            // He has left the place, whatever became of the visit.
            self.signal_at = Some(now + LEAVE_MS);
        }
        let back = self.signal_at.unwrap_or(now + POLL_MS);
        let Some(ticket) = self.choose()? else {
            return Ok(back.min(now + POLL_MS));
        };
        let view = with(&self.engine, |engine, moment| engine.ticket(ticket, moment))?;
        if self.codes.is_empty() {
            let rows = self.engine.rows(RowKind::Code)?;
            self.codes = rows
                .into_iter()
                .filter_map(|row| {
                    if let Row::Code(code) = row {
                        Some(code)
                    } else {
                        None
                    }
                })
                .collect();
        }
        let part = self.fitting(&view)?;
        let must_fix = day.story.needs(ticket);
        let scene = script::Scene {
            view: &view,
            me: self.engineer,
            seed: day.seed,
            codes: &self.codes,
            part,
            must_fix,
        };
        let Some(step) = script::next(scene) else {
            return Ok(now + POLL_MS);
        };
        let act = match step.act {
            Act::Depart { visit, .. } => {
                let travel = script::travel_ms(day.seed, visit);
                Act::Depart {
                    visit,
                    eta: Some(when::now().plus_ms(day.pace.real_ms(step.after_ms + travel))),
                }
            }
            Act::Arrive { visit, .. } => Act::Arrive {
                visit,
                position: site(&view).map(Position::rounded),
            },
            act => act,
        };
        let at = now + step.after_ms;
        self.plan = Some(Plan {
            began: now,
            at,
            ticket,
            act,
        });
        // Signal may come back before.
        Ok(self.signal_at.map_or(at, |back| back.max(now).min(at)))
    }

    /// What is under way goes first; then two accepted visits are kept ahead; then the first of them.
    fn choose(&self) -> Result<Option<TicketId>, Fault> {
        const AHEAD: usize = 2;
        let lines = self.engine.list(&ListFilter::default())?;
        let of = |wanted: fn(&str) -> bool| {
            let lines = lines
                .iter()
                .filter(move |line| !line.withdrawn && line.phase.as_deref().is_some_and(wanted));
            lines.map(|line| line.ticket).collect::<Vec<_>>()
        };
        let (under_way, offered, accepted) = (
            of(is_under_way),
            of(|phase| phase == "offered"),
            of(|phase| phase == "accepted"),
        );
        if let Some(ticket) = under_way.first() {
            return Ok(Some(*ticket));
        }
        let ahead = if accepted.len() < AHEAD {
            offered.first()
        } else {
            None
        };
        Ok(ahead.or(accepted.first()).or(offered.first()).copied())
    }

    /// A part in the van for this model.
    fn fitting(&self, view: &TicketView) -> Result<Option<(PartId, LocationId)>, Fault> {
        let Some(asset) = &view.asset else { return Ok(None) };
        for line in self.engine.parts(&PartFilter {
            my_van: true,
            ..PartFilter::default()
        })? {
            let row = self.engine.row(RowKind::Part, &line.part.to_string())?;
            let fits = matches!(row, Some(Row::Part(part)) if part.models.contains(&asset.model));
            if fits && line.quantity > 0 {
                return Ok(Some((line.part, line.location)));
            }
        }
        Ok(None)
    }

    /// Between departure and arrival the phone says where it is; in some places signal ends on the way.
    async fn on_the_way(&mut self, day: &mut Day, plan: &Plan, now: DayMs) -> Result<(), Fault> {
        let Act::Arrive { visit, .. } = plan.act else {
            return Ok(());
        };
        let view = with(&self.engine, |engine, moment| engine.ticket(plan.ticket, moment))?;
        let share = share(now - plan.began, plan.at - plan.began);
        if let (Some(from), Some(to)) = (self.place, site(&view)) {
            let between = |from: f64, to: f64| from + (to - from) * share;
            let here = Position {
                lat: between(from.lat, to.lat),
                lon: between(from.lon, to.lon),
            };
            with(&self.engine, |engine, moment| {
                engine.position_add(here, ACCURACY_M, moment)
            })?;
        }
        let dead = day.story.needs(plan.ticket) || script::is_dead(day.seed, visit);
        if self.signal && dead && share >= SIGNAL_ENDS {
            self.lose_signal(day, plan.ticket)?;
        }
        if self.signal {
            self.try_sync(day).await?;
        }
        Ok(())
    }

    fn lose_signal(&mut self, day: &Day, ticket: TicketId) -> Result<(), Fault> {
        self.signal = false;
        let number = self.number(ticket)?;
        day.tell
            .line(&self.name, &number, day.tell.lang.t(w::SIGNAL_LOST));
        Ok(())
    }

    async fn act(&mut self, day: &mut Day, plan: Plan) -> Result<(), Fault> {
        let Plan { ticket, act, .. } = plan;
        if let Act::Arrive { visit, .. } = act
            && self.signal
            && (day.story.needs(ticket) || script::is_dead(day.seed, visit))
        {
            self.lose_signal(day, ticket)?;
        }
        let arrives = matches!(act, Act::Arrive { .. });
        if self.perform(day, ticket.into(), act).await?.is_none() {
            return Ok(());
        }
        if arrives {
            let view = with(&self.engine, |engine, moment| engine.ticket(ticket, moment))?;
            self.place = site(&view).or(self.place);
        }
        Ok(())
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
        let texts = notes::annotations(false);
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
                tracing::debug!(why, "no connection");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What did not become what he meant; each card is told once and put away.
    pub(super) fn tell_cards(&self, day: &Day) -> Result<(), Fault> {
        for card in self.engine.status()?.cards {
            day.tell.card(&self.name, &card);
            self.engine.dismiss(card.operation)?;
        }
        Ok(())
    }
}

/// From departure until done.
fn is_under_way(phase: &str) -> bool {
    matches!(phase, "en_route" | "arrived" | "working" | "paused")
}

fn site(view: &TicketView) -> Option<Position> {
    view.site.as_ref().and_then(|site| site.position)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a day are exact in a double"
)]
fn share(part: DayMs, whole: DayMs) -> f64 {
    if whole <= 0 {
        1.0
    } else {
        (part as f64 / whole as f64).clamp(0.0, 1.0)
    }
}
