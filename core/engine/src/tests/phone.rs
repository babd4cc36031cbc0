//! A phone in a directory: it can be killed, reopened, backed up and restored.

use std::path::{Path, PathBuf};

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::Act;
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_model::wire::{Cursor, Exchange};

use super::server::Server;
use crate::store::cursor::cursor_get;
use crate::{Bug, Config, Engine, EngineError, Moment, Progress, StoreKey};

/// Built with encryption, every test runs on an encrypted store.
pub(crate) fn test_key() -> Option<StoreKey> {
    cfg!(feature = "encrypted").then(|| StoreKey::new([7; 32]))
}

pub(crate) struct Phone {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) engine: Option<Engine>,
    pub(crate) clock: i64,
    pub(crate) bug: Option<Bug>,
    chance: u64,
}

impl Phone {
    pub(crate) fn new() -> Self {
        Self::seeded(1)
    }

    /// A phone with chance of its own.
    pub(crate) fn seeded(chance: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut phone = Self {
            dir,
            engine: None,
            clock: 1_790_000_000_000,
            bug: None,
            chance,
        };
        phone.open().unwrap();
        phone
    }

    pub(crate) fn enrolled(server: &mut Server) -> Self {
        let mut phone = Self::new();
        phone.enrol(server);
        phone
    }

    pub(crate) fn enrol(&mut self, server: &mut Server) {
        let enrol = self
            .with(|engine, moment| engine.enrol_request("code", "phone", moment))
            .unwrap();
        let enrolled = server.enrol(&enrol);
        self.with(|engine, moment| engine.enrol_take(&enrolled, "http://localhost", moment))
            .unwrap();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("fieldline.db")
    }

    /// The database itself, for what no engine would do to it.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        crate::raw(&self.path(), test_key().as_ref()).unwrap()
    }

    pub(crate) fn open(&mut self) -> Result<(), EngineError> {
        self.engine = None;
        let config = Config {
            path: self.path(),
            app: "test".into(),
            key: test_key(),
        };
        let engine = self.moment(|moment| Engine::open(config, moment))?;
        if let Some(bug) = self.bug {
            engine.plant(bug);
        }
        self.engine = Some(engine);
        Ok(())
    }

    pub(crate) fn moment<T>(&mut self, call: impl FnOnce(&mut Moment<'_>) -> T) -> T {
        self.clock += 1_000;
        let time = DeviceTime {
            wall: Timestamp::from_ms(self.clock),
            boot: 1,
            up_ms: 1,
            offset_ms: None,
        };
        let chance = &mut self.chance;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                *byte = chance.to_be_bytes()[2];
            }
        };
        call(&mut Moment::new(time, &mut random))
    }

    pub(crate) fn with<T>(&mut self, call: impl FnOnce(&Engine, &mut Moment<'_>) -> T) -> T {
        let engine = self.engine.take().unwrap();
        let result = self.moment(|moment| call(&engine, moment));
        self.engine = Some(engine);
        result
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    pub(crate) fn perform(&mut self, document: impl Into<DocumentId>, act: Act) -> OperationId {
        self.try_perform(document, act).unwrap()
    }

    pub(crate) fn try_perform(
        &mut self,
        document: impl Into<DocumentId>,
        act: Act,
    ) -> Result<OperationId, EngineError> {
        self.with(|engine, moment| engine.perform(document, act, moment))
            .map(|done| done.operation)
    }

    pub(crate) fn next(&mut self) -> Exchange {
        self.with(|engine, moment| engine.sync_next(moment))
            .unwrap()
            .unwrap()
    }

    pub(crate) fn try_sync(&mut self, server: &mut Server) -> Result<Progress, EngineError> {
        for _ in 0..50 {
            let exchange = self.with(|engine, moment| engine.sync_next(moment))?.unwrap();
            let reply = server.take(&exchange);
            let progress = self.with(|engine, moment| engine.sync_take(&exchange, reply, moment))?;
            if !progress.more {
                return Ok(progress);
            }
        }
        panic!("sync does not come to rest");
    }

    pub(crate) fn sync(&mut self, server: &mut Server) -> Progress {
        server.now += 1_000;
        self.try_sync(server).unwrap()
    }

    pub(crate) fn cursor(&self) -> Cursor {
        self.engine()
            .read(|inner| Ok(cursor_get(&inner.store.conn)?.cursor))
            .unwrap()
    }

    /// How often this phone began to read the same epoch again.
    pub(crate) fn resets(&mut self) -> i64 {
        self.engine = None;
        let conn = self.raw();
        let resets = conn
            .query_row("SELECT reset_at IS NOT NULL FROM cursor", [], |row| row.get(0))
            .unwrap();
        drop(conn);
        self.open().unwrap();
        resets
    }

    pub(crate) fn copy_to(&self, to: &Path, with_install: bool) {
        for entry in std::fs::read_dir(self.dir.path()).unwrap() {
            let entry = entry.unwrap().path();
            let name = entry.file_name().unwrap().to_str().unwrap();
            if name.ends_with("lock") || (name.ends_with("install") && !with_install) {
                continue;
            }
            std::fs::copy(&entry, to.join(name)).unwrap();
        }
    }
}
