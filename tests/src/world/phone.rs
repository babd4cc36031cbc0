//! One phone: a real engine on real files, which can die at every write, be copied, and come back from an old copy.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fieldline_engine::{Bug, Config, Engine, EngineError, FaultPoint, Killed, Moment};
use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, EngineerId, OperationId};
use fieldline_model::operation::Act;
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_model::wire::Cursor;

use super::check::{PhoneAccount, look, test_key};
use super::clock::Watch;
use super::dice::Dice;
use super::hq::link_all;

/// Name of the database file in a phone's directory.
const DB: &str = "phone.db";
/// How the directory of its photos ends.
const BLOBS: &str = "blobs";
/// What a copy of a phone's files holds. The lock belongs to the process, the shared memory to the machine.
const COPIED: [&str; 3] = ["phone.db", "phone.db-wal", "phone.install"];

/// When a phone dies next, and where it died.
#[derive(Debug, Default)]
pub struct Deaths {
    /// At the n-th passing of this point from now on; 0 = the next.
    pub at: Option<(FaultPoint, u32)>,
    /// How many of a thousand passings of any point are deadly.
    pub per_mille: u32,
    /// Where it died, oldest first.
    pub fired: Vec<FaultPoint>,
    dice: Option<Dice>,
}

impl Deaths {
    fn decide(&mut self, point: FaultPoint) -> Result<(), Killed> {
        let planned = match &mut self.at {
            Some((at, 0)) if *at == point => true,
            Some((at, wait)) if *at == point => {
                *wait -= 1;
                false
            }
            Some(_) | None => false,
        };
        let rolled = self
            .dice
            .as_mut()
            .is_some_and(|dice| dice.per_mille(self.per_mille));
        if planned {
            self.at = None;
        }
        if planned || rolled {
            self.fired.push(point);
            return Err(Killed);
        }
        Ok(())
    }
}

/// What a restored or copied phone finds in the place that backups should leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallFile {
    /// Nothing: the backup left it out, as it should.
    Missing,
    /// What the phone had before: only the database was put back.
    Kept,
    /// The copy's own: somebody copied everything.
    Copied,
}

/// A copy of a phone's files.
#[derive(Debug, Clone)]
pub struct Backup {
    dir: PathBuf,
    saved: BTreeSet<OperationId>,
    swept: BTreeSet<OperationId>,
}

impl Backup {
    /// The directory of the photos it holds.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.dir.join(DB).with_extension(BLOBS)
    }
}

/// What a call to the engine came to.
#[derive(Debug)]
pub enum Done<T> {
    /// It worked.
    Well(T),
    /// The engine said no; nothing was saved.
    No(EngineError),
    /// The phone died in the middle. It is off.
    Died(FaultPoint),
}

/// A phone of the world.
pub struct Phone {
    /// Its number.
    pub number: usize,
    /// Whose it is.
    pub engineer: EngineerId,
    /// Its clocks.
    pub watch: Watch,
    /// No network reaches it.
    pub offline: bool,
    /// The network that reaches it costs by the byte.
    pub metered: bool,
    /// The world has revoked the device.
    pub revoked: bool,
    /// It, another copy of it, or the server was put back to an older copy.
    pub restored: bool,
    /// When it dies.
    pub deaths: Arc<Mutex<Deaths>>,
    /// The disk holds so many pages more than now, and the phone knows no way out.
    pub disk_pages: Option<u32>,
    /// What its app calls itself.
    pub app: &'static str,
    /// Bugs planted in its engine.
    pub bugs: Vec<Bug>,
    /// Operations its store must hold.
    pub saved: BTreeSet<OperationId>,
    /// Those of them of which the disk left nothing but the promise.
    pub swept: BTreeSet<OperationId>,
    /// Where it stood in the server's log when it last asked.
    pub stood: Cursor,
    dir: PathBuf,
    engine: Option<Engine>,
    starts: u64,
    dice: Dice,
    copies: usize,
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Phone {
    /// A new phone with its store in `dir`, switched on.
    #[must_use]
    pub fn new(number: usize, engineer: EngineerId, dir: &Path, mut dice: Dice, now: Timestamp) -> Self {
        std::fs::create_dir_all(dir).expect("room for a phone");
        let deaths = Deaths {
            dice: Some(dice.fork()),
            ..Deaths::default()
        };
        let mut phone = Self {
            number,
            engineer,
            watch: Watch::right(now),
            offline: false,
            metered: false,
            revoked: false,
            restored: false,
            deaths: Arc::new(Mutex::new(deaths)),
            disk_pages: None,
            app: "world",
            bugs: Vec::new(),
            saved: BTreeSet::new(),
            swept: BTreeSet::new(),
            stood: Cursor::START,
            dir: dir.to_owned(),
            engine: None,
            starts: 0,
            dice,
            copies: 0,
        };
        phone.switch_on(now);
        phone
    }

    /// Its database file.
    #[must_use]
    pub fn db(&self) -> PathBuf {
        self.dir.join(DB)
    }

    /// The directory of its photos.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.db().with_extension(BLOBS)
    }

    /// What checks need to know of it.
    #[must_use]
    pub fn account(&self) -> PhoneAccount {
        PhoneAccount {
            number: self.number,
            db: self.db(),
            engineer: self.engineer,
            saved: self.saved.clone(),
            revoked: self.revoked,
            restored: self.restored,
        }
    }

    /// True while the engine runs.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.engine.is_some()
    }

    /// The app starts. Nothing happens when it runs.
    ///
    /// # Panics
    /// When the store does not open: no fault of this world may do that.
    pub fn switch_on(&mut self, now: Timestamp) {
        if self.engine.is_some() {
            return;
        }
        let engine = self
            .open(now)
            .unwrap_or_else(|error| panic!("phone {}: {error}", self.number));
        let deaths = Arc::clone(&self.deaths);
        engine.set_fault_hook(Box::new(move |point| {
            deaths
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .decide(point)
        }));
        self.bugs.iter().for_each(|bug| engine.plant(*bug));
        if self.disk_pages.is_some() {
            engine.limit_pages(self.disk_pages).expect("a limit");
        }
        self.engine = Some(engine);
        self.starts += 1;
    }

    /// Which start of the app this is.
    #[must_use]
    pub fn process(&self) -> u64 {
        self.starts
    }

    /// Opens an engine on its files, whoever else has them open.
    ///
    /// # Errors
    /// As the engine says.
    pub fn open(&mut self, now: Timestamp) -> Result<Engine, EngineError> {
        let config = self.config();
        let time = self.watch.read(now);
        let dice = &mut self.dice;
        Engine::open(config, &mut Moment::new(time, &mut |bytes| dice.fill(bytes)))
    }

    /// Its person begins anew, with what is left of the files moved aside. The app is closed for it.
    ///
    /// # Errors
    /// As the engine says.
    pub fn set_aside(&mut self, now: Timestamp) -> Result<Option<PathBuf>, EngineError> {
        self.kill();
        let config = self.config();
        let time = self.watch.read(now);
        let dice = &mut self.dice;
        Engine::set_aside(&config, &mut Moment::new(time, &mut |bytes| dice.fill(bytes)))
    }

    fn config(&self) -> Config {
        Config {
            path: self.db(),
            app: self.app.into(),
            key: test_key(),
        }
    }

    /// The disk gets full after so many more pages, or has room again.
    ///
    /// # Panics
    /// When the database takes no limit.
    pub fn limit_disk(&mut self, pages: Option<u32>) {
        self.disk_pages = pages;
        if let Some(engine) = &self.engine {
            engine.limit_pages(pages).expect("a limit");
        }
    }

    /// The process is gone, whatever it was doing.
    pub fn kill(&mut self) {
        self.engine = None;
    }

    /// Runs a call of the engine at the true time `now`. A death switches the phone off.
    ///
    /// # Panics
    /// When the phone is off.
    pub fn run<T>(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(&Engine, &mut Moment<'_>) -> Result<T, EngineError>,
    ) -> Done<T> {
        let time: DeviceTime = self.watch.read(now);
        let engine = self.engine.as_ref().expect("the phone is on");
        let dice = &mut self.dice;
        let mut random = |bytes: &mut [u8]| dice.fill(bytes);
        let result = work(engine, &mut Moment::new(time, &mut random));
        match result {
            Ok(value) => Done::Well(value),
            Err(EngineError::Killed(point)) => {
                self.kill();
                Done::Died(point)
            }
            Err(error) => Done::No(error),
        }
    }

    /// Operations in the store that the world has not heard of: saved just before a death. They count as saved from
    /// now on.
    pub fn saved_unheard(&mut self) -> Vec<(OperationId, DocumentId, Act)> {
        let db = look(&self.db());
        let mut sql = db
            .prepare("SELECT operation, document, entry FROM intent")
            .expect("schema");
        let mut rows = sql.query([]).expect("intents");
        let mut unheard = Vec::new();
        while let Some(row) = rows.next().expect("intent") {
            let [id, document, entry] = [0, 1, 2].map(|column| row.get_unwrap::<_, String>(column));
            let id: OperationId = id.parse().expect("operation id");
            if self.saved.insert(id) {
                let entry = Entry::read(&entry).expect("entry");
                unheard.push((id, document.parse().expect("document id"), entry.act));
            }
        }
        unheard
    }

    /// Copies its files, as a backup does.
    ///
    /// # Panics
    /// When there is no room.
    pub fn back_up(&mut self) -> Backup {
        self.copies += 1;
        let dir = self.dir.with_extension(format!("copy{}", self.copies));
        std::fs::create_dir_all(&dir).expect("room for a copy");
        copy(&self.dir, &dir, &COPIED);
        link_all(&self.blobs(), &dir.join(DB).with_extension(BLOBS), &[]);
        Backup {
            dir,
            saved: self.saved.clone(),
            swept: self.swept.clone(),
        }
    }

    /// Puts an older copy in the place of its files; returns what was saved since and is on this phone no more.
    pub fn restore(&mut self, backup: &Backup, install: InstallFile) -> Vec<OperationId> {
        self.kill();
        self.restored = true;
        let [db, wal, file] = COPIED;
        for name in [db, wal, "phone.db-shm"] {
            std::fs::remove_file(self.dir.join(name)).ok();
        }
        copy(&backup.dir, &self.dir, &[db, wal]);
        match install {
            InstallFile::Missing => std::fs::remove_file(self.dir.join(file)).unwrap_or_default(),
            InstallFile::Kept => {}
            InstallFile::Copied => {
                copy(&backup.dir, &self.dir, &[file]);
                std::fs::remove_dir_all(self.blobs()).ok();
                link_all(&backup.blobs(), &self.blobs(), &[]);
            }
        }
        let lost = self.saved.difference(&backup.saved).copied().collect();
        self.saved.clone_from(&backup.saved);
        self.swept.clone_from(&backup.swept);
        self.stood = Cursor::START;
        lost
    }

    /// A second phone from a copy of this one's files: same person, same keys.
    #[must_use]
    pub fn clone_from_backup(
        &mut self,
        number: usize,
        dir: &Path,
        backup: &Backup,
        install: InstallFile,
    ) -> Self {
        self.restored = true;
        std::fs::create_dir_all(dir).expect("room for a phone");
        let [db, wal, file] = COPIED;
        copy(&backup.dir, dir, &[db, wal]);
        if install == InstallFile::Copied {
            copy(&backup.dir, dir, &[file]);
            link_all(&backup.blobs(), &dir.join(DB).with_extension(BLOBS), &[]);
        }
        let mut dice = self.dice.fork();
        let deaths = Deaths {
            dice: Some(dice.fork()),
            ..Deaths::default()
        };
        Self {
            number,
            engineer: self.engineer,
            watch: self.watch.clone(),
            offline: false,
            metered: false,
            revoked: self.revoked,
            restored: true,
            deaths: Arc::new(Mutex::new(deaths)),
            disk_pages: None,
            app: self.app,
            bugs: self.bugs.clone(),
            saved: backup.saved.clone(),
            swept: backup.swept.clone(),
            stood: Cursor::START,
            dir: dir.to_owned(),
            engine: None,
            starts: 0,
            dice,
            copies: 0,
        }
    }
}

fn copy(from: &Path, to: &Path, names: &[&str]) {
    for name in names {
        let there = from.join(name);
        if there.exists() {
            std::fs::copy(there, to.join(name)).expect("room for a copy");
        }
    }
}
