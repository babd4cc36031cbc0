//! The server: the real application and its router without a socket. It can lose power at every commit, be backed up,
//! and be put back to an older copy.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::AppVersion;
use fieldline_server::app::{App, Bug, DATABASE_FILE, Edge, Options};
use fieldline_server::backup::{self, PutBack};
use fieldline_server::store::{WriterHook, WriterPoint};
use fieldline_server::sync_http::sync_router;
use http_body_util::BodyExt;
use rusqlite::Connection;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::check::look;
use super::clock::Clock;
use super::dice::Dice;
use super::network::{Answer, Request, Verb};

/// Where its blobs lie.
const BLOBS: &str = "blobs";
/// Media type of a piece of a blob.
const PIECE: &str = "application/offset+octet-stream";

/// When the server loses power, and where it did.
#[derive(Debug, Default)]
pub struct PowerCuts {
    /// At the n-th passing of this point from now on; 0 = the next.
    pub at: Option<(WriterPoint, u32)>,
    /// How many of a thousand passings of any point are deadly.
    pub per_mille: u32,
    /// Only the writer ends, and the process lives long enough to answer.
    pub answers: bool,
    /// Where it was cut, oldest first.
    pub fired: Vec<WriterPoint>,
    dice: Option<Dice>,
    dead: bool,
}

impl PowerCuts {
    /// True when the writer lives on.
    fn decide(&mut self, point: WriterPoint) -> bool {
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
        if planned || rolled {
            if planned {
                self.at = None;
            }
            self.fired.push(point);
            self.dead = true;
        }
        !self.dead
    }
}

struct Running {
    app: App,
    router: Router,
    runtime: Runtime,
}

/// The server of a world.
pub struct Hq {
    /// When it loses power.
    pub cuts: Arc<Mutex<PowerCuts>>,
    /// The oldest app that is still sent anything, from the next start on.
    pub min_app: Option<AppVersion>,
    bugs: Vec<Bug>,
    root: PathBuf,
    dir: PathBuf,
    places: usize,
    edge: Edge,
    dice: Arc<Mutex<Dice>>,
    /// As they lay when the process of now began.
    began: Dice,
    running: Option<Running>,
    db: Option<Connection>,
}

impl std::fmt::Debug for Hq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hq").finish_non_exhaustive()
    }
}

impl Hq {
    /// A new server with its directory under `root`, running.
    #[must_use]
    pub fn new(root: &Path, clock: &Clock, mut dice: Dice) -> Self {
        let cuts = PowerCuts {
            dice: Some(dice.fork()),
            ..PowerCuts::default()
        };
        let clock = clock.clone();
        let began = dice.clone();
        let dice = Arc::new(Mutex::new(dice));
        let rolled = Arc::clone(&dice);
        let edge = Edge {
            now: Arc::new(move || clock.now()),
            random: Arc::new(move |bytes| rolled.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes)),
        };
        let mut hq = Self {
            cuts: Arc::new(Mutex::new(cuts)),
            min_app: None,
            bugs: Vec::new(),
            root: root.to_owned(),
            dir: PathBuf::new(),
            places: 0,
            edge,
            dice,
            began,
            running: None,
            db: None,
        };
        hq.move_to(None);
        hq.start();
        hq
    }

    /// A fresh directory, so that nothing of the process before can reach the files; with a copy of a database in it.
    fn move_to(&mut self, copy_of: Option<&Path>) {
        self.places += 1;
        let before = std::mem::replace(&mut self.dir, self.root.join(format!("hq{}", self.places)));
        std::fs::create_dir_all(&self.dir).expect("room for a server");
        if let Some(from) = copy_of {
            std::fs::copy(from, self.path()).expect("room for a database");
            // Nothing of the process before finds the files where they were.
            match std::fs::rename(before.join(BLOBS), self.blobs()) {
                Err(error) if error.kind() != ErrorKind::NotFound => panic!("the files stay: {error}"),
                _ => {}
            }
            // The keys are in no backup and outlive it.
            let (old, new) = (before.join("keys"), self.dir.join("keys"));
            std::fs::create_dir(&new).expect("room for keys");
            for key in std::fs::read_dir(old).expect("the server has keys") {
                let key = key.expect("a key");
                std::fs::copy(key.path(), new.join(key.file_name())).expect("room for a key");
            }
        }
    }

    /// Its database file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.dir.join(DATABASE_FILE)
    }

    /// The directory of its blobs.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.dir.join(BLOBS)
    }

    /// Its database, to look at.
    ///
    /// # Panics
    /// When it never ran.
    #[must_use]
    pub fn db(&self) -> &Connection {
        self.db.as_ref().expect("the server ran")
    }

    /// Starts it. Nothing happens when it runs.
    ///
    /// # Panics
    /// When the database does not open: no fault of this world may do that.
    pub fn start(&mut self) {
        if self.running.is_some() {
            return;
        }
        self.cuts().dead = false;
        self.began = self.dice.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let cuts = Arc::clone(&self.cuts);
        let hook: WriterHook =
            Arc::new(move |point| cuts.lock().unwrap_or_else(PoisonError::into_inner).decide(point));
        let options = Options {
            organisation_name: Some("World".into()),
            min_app: self.min_app,
            hook: Some(hook),
            ..Options::default()
        };
        // Outside the runtime: its workers would wait for real time.
        let app = App::open(&self.dir, self.edge.clone(), options).expect("the server's database opens");
        self.bugs.iter().for_each(|bug| app.plant(*bug));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        self.running = Some(Running {
            router: sync_router(app.clone()),
            app,
            runtime,
        });
        self.db = Some(look(&self.path()));
    }

    /// A bug is in the server from now on.
    pub fn plant(&mut self, bug: Bug) {
        self.bugs.push(bug);
        if let Some(running) = &self.running {
            running.app.plant(bug);
        }
    }

    fn cuts(&self) -> std::sync::MutexGuard<'_, PowerCuts> {
        self.cuts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True while it runs.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// The process is gone.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Asks the running application for something; `None` when the power went before the answer.
    ///
    /// # Panics
    /// When it does not run.
    pub fn ask<T>(&mut self, question: impl AsyncFnOnce(App) -> T) -> Option<T> {
        let running = self.running.as_ref().expect("the server runs");
        let answer = running.runtime.block_on(question(running.app.clone()));
        if self.cuts().dead {
            self.kill();
            return None;
        }
        Some(answer)
    }

    /// One request over its router. `None` while it is down, or when the power goes in the middle.
    ///
    /// # Panics
    /// When the request is none.
    pub fn call(&mut self, request: Request) -> Option<Answer> {
        let running = self.running.as_ref()?;
        let mut builder = http::Request::builder().uri(&request.path);
        builder = match request.verb {
            Verb::Post => builder
                .method(http::Method::POST)
                .header(http::header::CONTENT_TYPE, super::network::MEDIA_TYPE),
            Verb::Head => builder.method(http::Method::HEAD),
            Verb::Get => builder.method(http::Method::GET),
            Verb::Patch { offset, length } => builder
                .method(http::Method::PATCH)
                .header(http::header::CONTENT_TYPE, PIECE)
                .header("upload-offset", offset)
                .header("upload-length", length),
        };
        if let Some(token) = &request.token {
            builder = builder.header(http::header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let http = builder.body(Body::from(request.body)).expect("a request");
        let router = running.router.clone();
        let answer = running.runtime.block_on(async move {
            let response = router.oneshot(http).await.expect("routers do not fail");
            let content_type = response.headers().get(http::header::CONTENT_TYPE);
            let content_type = content_type
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned();
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let body = response
                .into_body()
                .collect()
                .await
                .expect("a body")
                .to_bytes()
                .to_vec();
            Answer {
                status,
                content_type,
                headers,
                body,
            }
        });
        if self.cuts().dead {
            self.kill();
            // Whoever acknowledges before the commit has spoken before the power goes.
            let speaks = self.cuts().answers || self.bugs.contains(&Bug::AckBeforeCommit);
            return speaks.then_some(answer);
        }
        Some(answer)
    }

    /// A consistent copy of the database, as a backup makes it.
    ///
    /// # Panics
    /// When there is no room.
    #[must_use]
    pub fn back_up(&mut self) -> PathBuf {
        self.places += 1;
        let copy = self.root.join(format!("backup{}.db", self.places));
        let name = copy.to_str().expect("temporary paths are plain text");
        self.db()
            .execute("VACUUM INTO ?1", [name])
            .expect("room for a backup");
        copy
    }

    /// Puts an older copy in the place of the database and starts again.
    pub fn restore(&mut self, backup: &Path) {
        self.kill();
        self.move_to(Some(backup));
        self.start();
    }

    /// As [`Self::back_up`], the files after the record, and the record tells its phones how far the copy reaches.
    ///
    /// # Panics
    /// When there is no room.
    #[must_use]
    pub fn back_up_with_files(&mut self) -> PathBuf {
        let copy = self.back_up();
        link_all(&self.blobs(), &copy.with_extension(BLOBS), &["part"]);
        let reach: i64 = look(&copy)
            .query_row("SELECT coalesce(max(seq), 0) FROM log", [], |row| row.get(0))
            .expect("a log");
        let sql = "INSERT INTO meta (key, value) VALUES ('backup_seq', ?1)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.db()
            .execute(sql, [reach.to_string()])
            .expect("the record takes it");
        copy
    }

    /// Puts an older copy in the place of the database, and its files in the place of the files.
    pub fn restore_with_files(&mut self, backup: &Path) {
        self.kill();
        self.move_to(Some(backup));
        self.swap_files(backup);
        self.start();
    }

    /// Puts the files of an older copy in the place of the files; the record stays.
    pub fn restore_files(&mut self, backup: &Path) {
        self.kill();
        self.swap_files(backup);
        self.start();
    }

    fn swap_files(&mut self, backup: &Path) {
        match std::fs::remove_dir_all(self.blobs()) {
            Err(error) if error.kind() != ErrorKind::NotFound => panic!("the files stay: {error}"),
            _ => {}
        }
        link_all(&backup.with_extension(BLOBS), &self.blobs(), &[]);
    }

    /// A virtual machine goes back to a snapshot of when the process of now ran: its memory does so too, and what it
    /// rolled then it rolls again.
    pub fn revert(&mut self, snapshot: &Path) {
        self.kill();
        *self.dice.lock().unwrap_or_else(PoisonError::into_inner) = self.began.clone();
        self.move_to(Some(snapshot));
        self.start();
    }

    /// A backup as the product takes it.
    ///
    /// # Panics
    /// When it cannot be taken.
    pub fn take_backup(&mut self) -> PathBuf {
        self.places += 1;
        let to = self.root.join(format!("backup{}", self.places));
        backup::take(&self.dir, &to, self.now()).expect("a sound record can be backed up");
        to
    }

    /// Puts one of those back over a newer record, as the product does.
    ///
    /// # Panics
    /// When it cannot be put back.
    pub fn put_back(&mut self, taken: &Path) -> PutBack {
        self.kill();
        self.db = None;
        let back = backup::put_back(&self.dir, taken, &self.edge, true).expect("a sound backup comes back");
        self.start();
        back
    }

    /// As [`Self::restore`], onto a machine that has none of the keys.
    ///
    /// # Panics
    /// When the keys cannot be deleted.
    pub fn restore_without_keys(&mut self, backup: &Path) {
        self.kill();
        self.move_to(Some(backup));
        std::fs::remove_dir_all(self.dir.join("keys")).expect("the keys");
        self.start();
    }

    /// The server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.edge.now)()
    }
}

/// Links every file of one directory into another, but for these; a blob never changes.
pub(super) fn link_all(from: &Path, to: &Path, but: &[&str]) {
    std::fs::create_dir_all(to).expect("room for files");
    for entry in std::fs::read_dir(from).into_iter().flatten() {
        let entry = entry.expect("a file");
        let name = entry.file_name();
        if but.iter().any(|but| name == *but) {
            continue;
        }
        if entry.path().is_dir() {
            link_all(&entry.path(), &to.join(name), &[]);
        } else {
            std::fs::hard_link(entry.path(), to.join(name)).expect("room for a file");
        }
    }
}
