//! The thin shell: sockets, clocks and patience around the sans-IO engine.
//!
//! Every answer is bounded and checked to be ours before the engine sees it; whatever else answers (a captive portal,
//! a proxy's page) is a clear error and changes nothing. No transaction is open while the network is waited for.

mod blob;
mod http;
pub mod lan;
mod line;
mod trouble;
mod trust;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use fieldline_model::id::TicketId;
use fieldline_model::wire::{Enrolled, Reply, VIEWING_AGAIN_MS, viewing_text};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::clock::with_moment;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::sync::Progress;
pub use http::{ClientConfig, check_address};
use http::{Http, Method};
use line::Line;

/// How often the phone asks while all is well but no line stands by which the server could say that something is new.
pub const POLL: Duration = Duration::from_secs(30);
/// How often it asks while the line stands: a hint can be lost.
pub const POLL_WITH_LINE: Duration = Duration::from_secs(15 * 60);
/// The first pause after a failure.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// The longest pause: a phone that finds signal syncs within five minutes even if nobody tells it.
const RETRY_MAX: Duration = Duration::from_secs(300);
/// Most exchanges in one go. A first install takes a few; a server that always says "more" is stopped here.
const EXCHANGES_MAX: usize = 500;

/// What one go of syncing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Exchanges made.
    pub exchanges: usize,
    /// Operations merged.
    pub merged: usize,
    /// Operations overruled.
    pub overruled: usize,
    /// Operations refused.
    pub refused: usize,
    /// Nothing was left to fetch or to send; `false` when the time was up first.
    pub finished: bool,
    /// The device is revoked.
    pub revoked: bool,
}

impl Summary {
    fn count(&mut self, progress: &Progress) {
        self.exchanges += 1;
        self.merged += progress.merged;
        self.overruled += progress.overruled;
        self.refused += progress.refused;
        self.revoked = progress.revoked;
        self.finished = !progress.more;
    }
}

/// Syncs an engine over HTTP.
#[derive(Clone)]
pub struct SyncClient {
    engine: Arc<Engine>,
    http: Http,
    kick: Arc<Notify>,
    metered: Arc<AtomicBool>,
    /// Two goes at once would fetch and send the same.
    going: Arc<tokio::sync::Mutex<()>>,
    /// The ticket on the screen.
    viewing: Arc<watch::Sender<Option<TicketId>>>,
}

impl std::fmt::Debug for SyncClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncClient").finish_non_exhaustive()
    }
}

impl SyncClient {
    /// A client for this engine. Opens no connection yet.
    ///
    /// # Errors
    /// [`EngineError::NoCertificate`] and [`EngineError::BadCertificate`] for the company's own certificates.
    pub fn new(engine: Arc<Engine>, config: &ClientConfig) -> Result<Self, EngineError> {
        Ok(Self {
            engine,
            http: Http::new(config)?,
            kick: Arc::new(Notify::new()),
            metered: Arc::default(),
            going: Arc::default(),
            viewing: Arc::new(watch::Sender::new(None)),
        })
    }

    /// Joins the company whose server is at `address`, with the one-time code from HQ.
    ///
    /// # Errors
    /// As [`Engine::enrol_take`], and those of the network. A request whose answer was lost may be repeated.
    pub async fn enrol(&self, address: &str, code: &str, name: &str) -> Result<(), EngineError> {
        let (code, name) = (code.to_owned(), name.to_owned());
        let request = self
            .blocking(move |engine| with_moment(|moment| engine.enrol_request(&code, &name, moment)))
            .await?;
        let enrolled: Enrolled = self.http.send(Method::Enrol, address, None, &request).await?;
        let address = address.to_owned();
        self.blocking(move |engine| with_moment(|moment| engine.enrol_take(&enrolled, &address, moment)))
            .await
    }

    /// Asks the server at `address`, where the company's has moved to, and keeps the address when it knows this phone.
    ///
    /// # Errors
    /// [`EngineError::PhoneUnknown`] when it does not, as another company's does not; those of the network. The old
    /// address is kept then.
    pub async fn move_to(&self, address: &str) -> Result<(), EngineError> {
        let token = self.engine.token().ok_or(EngineError::NotEnrolled)?;
        let next = self
            .blocking(|engine| with_moment(|moment| engine.sync_next(moment)))
            .await?;
        let mut exchange = next.ok_or(EngineError::NotEnrolled)?;
        // Whoever is there, nobody's work goes to him before he is known to be HQ.
        exchange.push.clear();
        let reply: Reply = self
            .http
            .send(Method::Exchange, address, Some(&token), &exchange)
            .await
            .map_err(|error| match error {
                EngineError::Unauthorized => EngineError::PhoneUnknown,
                other => other,
            })?;
        let address = address.to_owned();
        self.blocking(move |engine| {
            engine.set_server_url(&address)?;
            with_moment(|moment| engine.sync_take(&exchange, reply, moment)).map(|_| ())
        })
        .await
    }

    /// Syncs until nothing is left, or until `limit` has passed: then what was committed stays and the rest follows
    /// next time. Positions go after it, and photos last.
    ///
    /// # Errors
    /// Those of the network and of the store. [`EngineError::Unauthorized`] is also shown on the truth screen.
    pub async fn sync(&self, limit: Duration) -> Result<Summary, EngineError> {
        let end = tokio::time::sleep(limit);
        tokio::pin!(end);
        let mut summary = Summary::default();
        let _going = tokio::select! {
            biased;
            () = &mut end => return Ok(summary),
            going = self.going.lock() => going,
        };
        while summary.exchanges < EXCHANGES_MAX {
            // Only the waiting is cut off; what the engine has begun, it ends.
            let next = self
                .blocking(|engine| with_moment(|moment| engine.sync_next(moment)))
                .await?;
            let Some(exchange) = next else {
                return Err(EngineError::NotEnrolled);
            };
            let reply: Reply = tokio::select! {
                biased;
                () = &mut end => return Ok(summary),
                reply = self.authorised(Method::Exchange, &exchange) => reply?,
            };
            let take =
                move |engine: &Engine| with_moment(|moment| engine.sync_take(&exchange, reply, moment));
            let progress = self.blocking(take).await?;
            summary.count(&progress);
            if summary.finished {
                break;
            }
        }
        tokio::select! {
            biased;
            () = &mut end => {}
            sent = self.send_rest() => sent?,
        }
        Ok(summary)
    }

    /// Syncs for ever: at once, after [`SyncClient::kick`], when the server says that something is new, from time to
    /// time, and after failures with growing, jittered pauses. Drop the future to stop it.
    pub async fn run(&self) {
        let mut failures = 0_u32;
        let mut hold = Hold::default();
        let mut viewing = self.viewing.subscribe();
        loop {
            // Before the exchange: what comes after it is then said by the line.
            self.hold_line(&mut hold).await;
            let pause = match self.sync(RETRY_MAX).await {
                Ok(_) => {
                    failures = 0;
                    hold.pause()
                }
                Err(error) => {
                    tracing::info!(code = error.code(), "sync did not succeed");
                    failures = failures.saturating_add(1);
                    let pause = retry_pause(failures, jitter());
                    hold.not_within(pause);
                    pause
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.kick.notified() => {}
                () = hold.attend(&mut viewing) => {}
            }
        }
    }

    async fn hold_line(&self, hold: &mut Hold) {
        let (Some(token), Some(address)) = (self.engine.token(), self.engine.server_url()) else {
            *hold = Hold::default();
            return;
        };
        if hold.line.is_some() || hold.due.is_some_and(|due| Instant::now() < due) {
            return;
        }
        match Line::open(&self.http, &address, &token).await {
            Ok(line) => {
                *hold = Hold {
                    line: Some(line),
                    ..Hold::default()
                }
            }
            Err(error) => {
                tracing::debug!(code = error.code(), "no line to the server");
                hold.put_off();
            }
        }
    }

    /// Something was saved, or the server poked: sync now.
    pub fn kick(&self) {
        self.kick.notify_one();
    }

    /// The ticket that is on the screen now, or none: HQ's people see so while the line stands. It is not saved, not sent
    /// later, and forgotten soon after nobody says it any more.
    pub fn viewing(&self, ticket: Option<TicketId>) {
        self.viewing.send_replace(ticket);
    }

    async fn send_rest(&self) -> Result<(), EngineError> {
        self.send_positions().await?;
        self.send_blobs().await
    }

    async fn send_positions(&self) -> Result<(), EngineError> {
        while let Some((positions, mark)) = self.blocking(Engine::positions_next).await? {
            let token = self.engine.token().ok_or(EngineError::NotEnrolled)?;
            let address = self.engine.server_url().ok_or(EngineError::NotEnrolled)?;
            self.http
                .send_only(Method::Positions, &address, &token, &positions)
                .await?;
            self.blocking(move |engine| engine.positions_taken(mark)).await?;
        }
        Ok(())
    }

    async fn authorised<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        request: &Q,
    ) -> Result<A, EngineError> {
        let token = self.engine.token().ok_or(EngineError::NotEnrolled)?;
        let address = self.engine.server_url().ok_or(EngineError::NotEnrolled)?;
        let answer = self.http.send(method, &address, Some(&token), request).await;
        if let Err(EngineError::Unauthorized) = answer {
            self.blocking(Engine::token_refused).await?;
        }
        answer
    }

    /// Runs the engine's work where blocking is allowed; it is never cut off in the middle.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let engine = Arc::clone(&self.engine);
        tokio::task::spawn_blocking(move || work(&engine))
            .await
            .map_err(|error| EngineError::File(std::io::Error::other(error)))?
    }
}

/// The line, or when to try for one.
#[derive(Default)]
struct Hold {
    line: Option<Line>,
    failures: u32,
    due: Option<Instant>,
    /// What the line was told last, and when.
    told: Option<(Option<TicketId>, Instant)>,
}

impl Hold {
    fn put_off(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.due = Some(Instant::now() + retry_pause(self.failures, jitter()));
    }

    /// Where no exchange succeeds no line is tried either.
    fn not_within(&mut self, pause: Duration) {
        if self.line.is_none() {
            self.due = self.due.max(Some(Instant::now() + pause));
        }
    }

    /// How long nothing need be asked.
    fn pause(&self) -> Duration {
        match (&self.line, self.due) {
            (Some(_), _) => POLL_WITH_LINE,
            (None, Some(due)) => due.saturating_duration_since(Instant::now()).min(POLL),
            (None, None) => POLL,
        }
    }

    /// Waits for a hint, and says meanwhile what is on the screen.
    async fn attend(&mut self, viewing: &mut watch::Receiver<Option<TicketId>>) {
        loop {
            if self.line.is_none() {
                return self.poked().await;
            }
            let shown = *viewing.borrow_and_update();
            let again = match self.told {
                // Of nothing shown nothing need be said first.
                None if shown.is_none() => None,
                None => Some(Instant::now()),
                Some((told, _)) if told != shown => Some(Instant::now()),
                Some((Some(_), at)) => Some(at + Duration::from_millis(VIEWING_AGAIN_MS)),
                Some((None, _)) => None,
            };
            tokio::select! {
                biased;
                () = at(again) => self.say(shown).await,
                () = self.poked() => return,
                Ok(()) = viewing.changed() => {}
            }
        }
    }

    async fn say(&mut self, shown: Option<TicketId>) {
        // Before it is known to have arrived: a call that is dropped here is made again soon enough.
        self.told = Some((shown, Instant::now()));
        if let Some(line) = &mut self.line
            && !line.say(viewing_text(shown)).await
        {
            self.line = None;
            self.put_off();
        }
    }

    /// Waits for a hint. A line that is lost is no hint: all phones lose theirs at once when a server restarts, so each
    /// waits its own pause.
    async fn poked(&mut self) {
        if let Some(line) = &mut self.line {
            if line.poked().await {
                return;
            }
            self.line = None;
            self.put_off();
        }
        at(self.due).await;
    }
}

/// Waits until then, or for ever.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn jitter() -> u32 {
    getrandom::u32().unwrap_or(0)
}

/// Doubling pauses, each between half and all of its length, so that phones do not come back in step.
fn retry_pause(failures: u32, jitter: u32) -> Duration {
    let whole = RETRY_FIRST
        .saturating_mul(1 << failures.saturating_sub(1).min(16))
        .min(RETRY_MAX);
    let half = whole / 2;
    half + half.mul_f64(f64::from(jitter) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests;
