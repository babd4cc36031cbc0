//! The world simulator: phones, network, server, disks, clocks and people in one process, repeatable by its seed.
//!
//! Everything real is real (engines, stores, router, door); everything that chance or time touches is an argument. A
//! world runs on one thread and in virtual time. `chaos` rolls the dice; the named tests in `tests/` tell one story
//! each; `check` says what must hold when all faults are off and everybody has synced.
//!
//! Whoever adds a fault adds a name in the [`Tally`], so that a test can assert that it fired.

pub mod cast;
pub mod chaos;
pub mod check;
pub mod clock;
pub mod damage;
pub mod dice;
mod founding;
pub mod hand;
pub mod hostile;
pub mod hq;
pub mod ledger;
pub mod network;
pub mod old;
pub mod phone;
pub mod photo;
pub mod story;
pub mod supervisor;
pub mod sync;
pub mod tally;
pub mod work;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use fieldline_engine::{Engine, EngineError, FaultPoint, Moment, OTHERS_WAIT_MS, Performed};
use fieldline_model::id::{ArticleId, DocumentId, OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::time::Timestamp;
use tempfile::TempDir;

use check::Findings;
use clock::Clock;
use dice::Dice;
use hq::Hq;
use ledger::Ledger;
use network::Network;
use phone::{Backup, Done, InstallFile, Phone};
use photo::Album;
use tally::Tally;

/// Memory as a disk, where there is one: a world writes thousands of small transactions.
const FAST_DISK: &str = "/dev/shm";

/// A world.
pub struct World {
    /// All chance.
    pub dice: Dice,
    /// The true time.
    pub clock: Clock,
    /// The server.
    pub hq: Hq,
    /// The phones. Numbers are places in this list.
    pub phones: Vec<Phone>,
    /// Between them.
    pub network: Network,
    /// Replies that phones have given up on.
    pub late_replies: Vec<sync::LateReply>,
    /// Somebody who changes replies.
    pub tamper: Option<sync::Tamper>,
    /// What people were promised.
    pub ledger: Ledger,
    /// What photos were taken.
    pub album: Album,
    /// What happened.
    pub tally: Tally,
    /// What was found wrong on the way.
    pub findings: Findings,
    /// Every ticket, as HQ opened them.
    pub tickets: Vec<TicketId>,
    /// The one article everybody has.
    pub article: ArticleId,
    scratch: TempDir,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("tally", &self.tally)
            .finish_non_exhaustive()
    }
}

fn scratch() -> TempDir {
    let fast = Path::new(FAST_DISK);
    let made = if fast.is_dir() {
        TempDir::new_in(fast)
    } else {
        TempDir::new()
    };
    made.expect("room for a world")
}

impl World {
    /// A company with so many engineers, each with an enrolled phone that has synced once.
    ///
    /// # Panics
    /// When the server would not have it.
    #[must_use]
    pub fn new(seed: u64, engineers: usize) -> Self {
        let mut dice = Dice::new(seed);
        let clock = Clock::default();
        let scratch = scratch();
        let hq = Hq::new(scratch.path(), &clock, dice.fork());
        let network = Network::new(dice.fork());
        let article = ArticleId::new(clock.now(), dice.bytes());
        let mut world = Self {
            dice,
            clock,
            hq,
            phones: Vec::new(),
            network,
            late_replies: Vec::new(),
            tamper: None,
            ledger: Ledger::default(),
            album: Album::default(),
            tally: Tally::default(),
            findings: Findings::default(),
            tickets: Vec::new(),
            article,
            scratch,
        };
        world.found(engineers);
        (0..engineers).for_each(|n| world.add_phone(cast::engineer(n)));
        world
    }

    /// Where a phone's files lie.
    #[must_use]
    pub fn phone_dir(&self, number: usize) -> PathBuf {
        self.scratch.path().join(format!("phone{number}"))
    }

    /// Runs a call on a phone, which is switched on for it. A death is noted, and what was saved just before it.
    pub fn on<T>(
        &mut self,
        n: usize,
        work: impl FnOnce(&Engine, &mut Moment<'_>) -> Result<T, EngineError>,
    ) -> Done<T> {
        let now = self.clock.now();
        self.phones[n].switch_on(now);
        let done = self.phones[n].run(now, work);
        if let Done::Died(point) = done {
            self.after_death(n, point);
        }
        done
    }

    fn after_death(&mut self, n: usize, point: FaultPoint) {
        self.tally.count("phone.killed");
        let unheard = self.phones[n].saved_unheard();
        let wanted = usize::from(point == FaultPoint::PerformAfterCommit);
        self.findings.expect(unheard.len() == wanted, || {
            format!(
                "phone {n} died at {point:?} and holds {} operations nobody was told of",
                unheard.len()
            )
        });
        for (id, document, act) in unheard {
            self.ledger.promise(id, n, document, &act);
            self.note_shot(id, n, document, &act);
        }
    }

    /// A person does something on a phone. Returns the operation when the phone said "saved".
    pub fn perform(&mut self, n: usize, document: impl Into<DocumentId>, act: Act) -> Option<OperationId> {
        let document = document.into();
        let told = act.clone();
        self.perform_with(n, document, &told, |engine, moment| {
            engine.perform(document, act, moment)
        })
    }

    /// As [`World::perform`], by another call that does this act.
    fn perform_with(
        &mut self,
        n: usize,
        document: DocumentId,
        told: &Act,
        work: impl FnOnce(&Engine, &mut Moment<'_>) -> Result<Performed, EngineError>,
    ) -> Option<OperationId> {
        match self.on(n, work) {
            Done::Well(performed) => {
                self.phones[n].saved.insert(performed.operation);
                self.ledger.promise(performed.operation, n, document, told);
                self.note_shot(performed.operation, n, document, told);
                self.tally.count("work.saved");
                Some(performed.operation)
            }
            Done::No(EngineError::DiskFull) => {
                self.tally.count("disk.full");
                None
            }
            Done::No(EngineError::Rule(_) | EngineError::UnknownDocument(_) | EngineError::Stuck(_)) => {
                self.tally.count("work.forbidden");
                None
            }
            Done::No(error) => {
                self.findings
                    .say(format!("phone {n} cannot save {}: {error}", told.word()));
                None
            }
            Done::Died(_) => None,
        }
    }

    /// Puts an older copy in the place of a phone's files. What only this phone held is written off.
    pub fn restore_phone(&mut self, n: usize, backup: &Backup, install: InstallFile) {
        self.findings
            .join(check::see_fates(&self.hq.path(), &mut self.ledger));
        let before = photo::names_in(&self.phones[n].blobs());
        let lost = self.phones[n].restore(backup, install);
        let after = photo::names_in(&self.phones[n].blobs());
        for id in lost {
            // Another copy of the phone may still hold it, or a late request; then it may have a fate all the same.
            self.ledger.write_off(id, "phone restored from an older copy");
        }
        self.album.destroyed.extend(before.difference(&after));
        self.copies_went();
        self.tally.count("phone.restored");
    }

    /// A second phone begins from a copy of this one's files.
    pub fn clone_phone(&mut self, n: usize, install: InstallFile) -> usize {
        let number = self.phones.len();
        let dir = self.phone_dir(number);
        let backup = self.phones[n].back_up();
        let clone = self.phones[n].clone_from_backup(number, &dir, &backup, install);
        // A copy without the files says that they are lost.
        let before = photo::names_in(&self.phones[n].blobs());
        let after = photo::names_in(&clone.blobs());
        self.album.destroyed.extend(before.difference(&after));
        self.phones.push(clone);
        self.tally.count("phone.cloned");
        number
    }

    /// Puts an older copy in the place of the server's database.
    pub fn restore_hq(&mut self, backup: &Path) {
        self.hq.restore(backup);
        self.hq_went_back();
    }

    /// As [`Self::restore_hq`], with the process's memory, as a virtual machine goes back.
    pub fn revert_hq(&mut self, snapshot: &Path) {
        self.hq.revert(snapshot);
        self.hq_went_back();
    }

    /// Puts a backup back over the newer record, as the product does.
    pub fn put_back_hq(&mut self, taken: &Path) {
        self.hq.put_back(taken);
        self.hq_went_back();
    }

    fn hq_went_back(&mut self) {
        let (own, proven) = check::held_on_phones(self.phones.iter().map(Phone::db));
        let promised: Vec<OperationId> = self.ledger.promises().keys().copied().collect();
        for id in promised {
            // The phone it came from was put back to an older copy before.
            let is_held = own.contains(&id) || proven.contains(&id);
            if !is_held && self.fate_at_hq(id).is_none() {
                self.ledger
                    .write_off(id, "HQ went back, and no phone holds it any more");
            }
        }
        self.ledger.server_went_back(proven);
        self.phones.iter_mut().for_each(|phone| phone.restored = true);
        self.tally.count("hq.restored");
    }

    /// A phone's files are others now: what it alone could prove can not come back any more.
    fn copies_went(&mut self) {
        if self.ledger.to_come_back().is_empty() {
            return;
        }
        let (_, proven) = check::held_on_phones(self.phones.iter().map(Phone::db));
        let at_hq = check::held_at_hq(&self.hq.path());
        self.ledger
            .keep_to_come_back(|id| proven.contains(id) || at_hq.contains(id));
    }

    /// Starts the server again after a power cut; counts the cut.
    pub fn repair_hq(&mut self) {
        if !self.hq.is_up() {
            self.tally.count("hq.killed");
            self.hq.start();
        }
    }

    /// The true time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// All faults off: everybody is on, in reach and knows the time again; nothing dies.
    pub fn calm(&mut self) {
        self.network.faults_per_mille = 0;
        self.network.forced.clear();
        self.album.cut = false;
        let mut cuts = self.hq.cuts.lock().unwrap_or_else(PoisonError::into_inner);
        (cuts.at, cuts.per_mille) = (None, 0);
        drop(cuts);
        self.repair_hq();
        self.keep_photos();
        for phone in &mut self.phones {
            let mut deaths = phone.deaths.lock().unwrap_or_else(PoisonError::into_inner);
            (deaths.at, deaths.per_mille) = (None, 0);
            drop(deaths);
            (phone.offline, phone.metered) = (false, false);
            phone.limit_disk(None);
        }
        (0..self.phones.len()).for_each(|n| self.enrol_where_told(n));
        self.deliver_late();
    }

    /// Heals everything and looks at everything. The story of what is wrong, if anything is.
    pub fn heal_and_check(&mut self) -> Findings {
        self.calm();
        // Whatever waits for its next try is due.
        self.clock.pass(sync::ROUND_MS);
        if !self.rounds() {
            // Only what waits for colleagues may take longer.
            if !(0..self.phones.len()).any(|n| self.waits_for_others(n)) {
                self.say_blocked();
            }
            self.clock.pass(OTHERS_WAIT_MS);
            self.tally.count("time.others_waited");
            self.settle();
        }
        if !(0..self.phones.len()).all(|n| self.is_complete(n)) {
            // A phone reads everything again once in an hour, and has done so just now.
            self.clock.pass(2 * sync::ROUND_MS);
            self.settle();
        }
        (0..self.phones.len()).for_each(|n| self.hear_of_missing(n));
        self.know_revoked();
        self.photos_come_home();
        let accounts: Vec<_> = self.phones.iter().map(Phone::account).collect();
        let mut findings = check::check(&self.hq.path(), &accounts, &mut self.ledger);
        findings.join(check::photos(&self.hq, &self.phones, &self.album, &self.ledger));
        findings.join(self.readers());
        findings.join(std::mem::take(&mut self.findings));
        findings
    }

    fn is_complete(&mut self, n: usize) -> bool {
        let status = self.status(n);
        status.complete || status.revoked
    }

    fn waits_for_others(&mut self, n: usize) -> bool {
        let waiting = self.status(n).waiting;
        waiting.iter().any(|line| line.why == "needs_others") || self.status(n).carried > 0
    }

    /// What the disk swept away is back, has its fate, or is told by name; and nothing else is told.
    fn hear_of_missing(&mut self, n: usize) {
        let status = self.status(n);
        let told: BTreeSet<OperationId> = status.missing.iter().map(|line| line.operation).collect();
        let swept = std::mem::take(&mut self.phones[n].swept);
        self.findings.expect(told.is_subset(&swept), || {
            format!("phone {n} misses {told:?}, and only {swept:?} is gone")
        });
        self.findings.expect(status.missing_unnamed == 0, || {
            format!(
                "phone {n} misses {} more of which nobody knows",
                status.missing_unnamed
            )
        });
        for id in swept {
            if self.fate_on_phone(n, id).is_some() {
                continue;
            }
            if told.contains(&id) {
                self.tally.count("work.missing");
                self.ledger.write_off(id, "its phone told that it is missing");
            }
            if told.contains(&id) || self.fate_at_hq(id).is_some() {
                self.phones[n].saved.remove(&id);
            }
        }
    }

    /// As [`World::heal_and_check`], for tests.
    ///
    /// # Panics
    /// When something is wrong.
    pub fn assert_healed(&mut self) {
        let findings = self.heal_and_check();
        assert!(findings.is_empty(), "after healing:\n{findings}\n{}", self.tally);
    }

    /// The chain over HQ's whole log, in hexadecimal digits.
    #[must_use]
    pub fn chain(&self) -> String {
        self.hq
            .db()
            .query_row(
                "SELECT hex(chain) FROM log ORDER BY seq DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .expect("a log")
    }

    /// Operations whose fate at the server is `word`.
    #[must_use]
    pub fn fated(&self, word: &str) -> BTreeSet<OperationId> {
        let mut sql = self
            .hq
            .db()
            .prepare_cached("SELECT operation FROM fate WHERE fate = ?1")
            .expect("schema");
        let rows = sql
            .query_map([word], |row| row.get::<_, String>(0))
            .expect("fates");
        rows.map(|id| id.expect("fate").parse().expect("operation id"))
            .collect()
    }
}
