//! Short words for telling a story about one fault: who has what, when somebody dies, what became of an operation.

use std::sync::PoisonError;

use fieldline_engine::view::Status;
use fieldline_engine::{Bug, FaultPoint};
use fieldline_model::id::{DocumentId, OperationId, TicketId, VisitId};
use fieldline_model::operation::Act;
use fieldline_model::wire::{Exchange, Reply, pack, unpack};
use fieldline_server::store::WriterPoint;
use rusqlite::OptionalExtension;

use super::World;
use super::check::look;
use super::network::{NetFault, Request};
use super::phone::Done;
use super::sync::{SYNC, Synced};

/// Pages a nearly full disk still takes.
const NEARLY_FULL_PAGES: u32 = 4;
/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

impl World {
    /// A company with so many engineers and one ticket, offered to the first of them; everybody is in step.
    ///
    /// # Panics
    /// When that does not come to pass.
    #[must_use]
    pub fn with_ticket(seed: u64, engineers: usize) -> (Self, TicketId, VisitId) {
        let mut world = Self::new(seed, engineers);
        let (ticket, visit) = world.new_ticket(&[0]);
        world.settle();
        (world, ticket, visit)
    }

    /// One more ticket, offered to the engineers with these numbers.
    ///
    /// # Panics
    /// When HQ cannot.
    pub fn new_ticket(&mut self, to: &[usize]) -> (TicketId, VisitId) {
        let ticket = self.open_ticket().expect("HQ opens a ticket");
        let to = to.iter().map(|n| super::cast::engineer(*n)).collect();
        let visit = self.offer(ticket, to).expect("HQ offers a visit");
        (ticket, visit)
    }

    /// Somebody writes a note on a phone.
    ///
    /// # Panics
    /// When the phone does not save it.
    pub fn note(&mut self, n: usize, document: impl Into<DocumentId>, text: &str) -> OperationId {
        self.perform(n, document, Act::Note { text: text.into() })
            .expect("a note is always allowed")
    }

    /// A bug is in a phone's app from its next start on, which is now.
    pub fn plant(&mut self, n: usize, bug: Bug) {
        self.phones[n].kill();
        self.phones[n].bugs.push(bug);
    }

    /// A phone's disk is nearly full.
    pub fn fill_disk(&mut self, n: usize) {
        self.phones[n].limit_disk(Some(NEARLY_FULL_PAGES));
    }

    /// There is room on it again.
    pub fn empty_disk(&mut self, n: usize) {
        self.phones[n].limit_disk(None);
    }

    /// A phone dies the next time it passes this point, after letting it pass so many times.
    pub fn dies_at(&mut self, n: usize, point: FaultPoint, after: u32) {
        let mut deaths = self.phones[n]
            .deaths
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        deaths.at = Some((point, after));
    }

    /// Where a phone died so far.
    #[must_use]
    pub fn deaths(&self, n: usize) -> Vec<FaultPoint> {
        self.phones[n]
            .deaths
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fired
            .clone()
    }

    /// The server loses power the next time it passes this point.
    pub fn power_cut_at(&mut self, point: WriterPoint) {
        self.hq.cuts.lock().unwrap_or_else(PoisonError::into_inner).at = Some((point, 0));
    }

    /// Where the server lost power so far.
    #[must_use]
    pub fn power_cuts(&self) -> Vec<WriterPoint> {
        self.hq
            .cuts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fired
            .clone()
    }

    /// A phone syncs while one exchange goes wrong like this.
    pub fn sync_with(&mut self, n: usize, fault: NetFault) -> Synced {
        self.network.forced.push_back(fault);
        self.sync(n)
    }

    /// What the server answers to an exchange, in fair weather: for stories in which something falls between question
    /// and answer.
    ///
    /// # Panics
    /// When it does not answer it.
    pub fn answer(&mut self, n: usize, exchange: &Exchange) -> Reply {
        let token = match self.on(n, |engine, _| Ok(engine.token())) {
            Done::Well(token) => token,
            other => panic!("phone {n} has no token: {other:?}"),
        };
        let request = Request {
            path: SYNC.into(),
            token,
            body: pack(exchange).expect("an exchange fits a message"),
            ..Request::default()
        };
        let answer = self.hq.call(request).expect("the server is up");
        unpack(&answer.body).unwrap_or_else(|_| {
            panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        })
    }

    /// The fate of an operation at the server: word and code.
    #[must_use]
    pub fn fate_at_hq(&self, id: OperationId) -> Option<(String, Option<String>)> {
        self.hq
            .db()
            .prepare_cached("SELECT fate, code FROM fate WHERE operation = ?1")
            .expect("schema")
            .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .expect("fate")
    }

    /// What a phone knows of its operation: `saved`, or a fate's word; `None` when it has forgotten it.
    #[must_use]
    pub fn fate_on_phone(&self, n: usize, id: OperationId) -> Option<String> {
        look(&self.phones[n].db())
            .query_row(
                "SELECT state FROM intent WHERE operation = ?1",
                [id.to_string()],
                |row| row.get(0),
            )
            .optional()
            .expect("intent")
    }

    /// One number out of a phone's store.
    #[must_use]
    pub fn count_on_phone(&self, n: usize, sql: &str) -> i64 {
        look(&self.phones[n].db())
            .query_row(sql, [], |row| row.get(0))
            .expect("a number")
    }

    /// One number out of the server's database.
    #[must_use]
    pub fn count_at_hq(&self, sql: &str) -> i64 {
        self.hq
            .db()
            .query_row(sql, [], |row| row.get(0))
            .expect("a number")
    }

    /// A phone's truth screen.
    ///
    /// # Panics
    /// When it cannot be shown.
    pub fn status(&mut self, n: usize) -> Status {
        match self.on(n, |engine, _| engine.status()) {
            Done::Well(status) => status,
            other => panic!("phone {n} shows no status: {other:?}"),
        }
    }

    /// True when a phone says this of itself.
    pub fn says(&mut self, n: usize, notice: &str) -> bool {
        self.status(n).notices.iter().any(|said| said.code == notice)
    }
}
