//! The running server: its database, its edge to clock and chance, and what all doors share.
//!
//! Everything that changes the record is a method of [`App`]; the methods stand beside what they do (`door`, `rows`,
//! `stock`, `devices`, `exchange`). Handlers stay thin: they parse, call, render. No SQL here, and no clock but
//! [`Edge::system`].

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fieldline_model::actor::ActorSource;
use fieldline_model::id::{DocumentId, OrganisationId};
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::AppVersion;
use tokio::sync::{Notify, broadcast};

use crate::door::{DoorError, Grounds};
use crate::live::LiveEvent;
use crate::seal::SealKey;
use crate::store::own_keys::{self, KeysFit, Missing};
use crate::store::{self, Store, StoreError, WriterHook, backup, meta};

/// Name of the database file in the server's directory.
pub const DATABASE_FILE: &str = "fieldline.db";
/// Live events a slow listener may lag behind before it misses some (and reads anew).
const LIVE_BACKLOG: usize = 1_024;

/// A clock.
pub type Now = dyn Fn() -> Timestamp + Send + Sync;
/// A source of unguessable bytes.
pub type Random = dyn Fn(&mut [u8]) + Send + Sync;

/// Where time and chance come in. Tests and the simulator bring their own.
#[derive(Clone)]
pub struct Edge {
    /// The server's clock.
    pub now: Arc<Now>,
    /// Fills with unguessable bytes.
    pub random: Arc<Random>,
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Edge(…)")
    }
}

impl Edge {
    /// The machine's own clock and random source.
    #[must_use]
    pub fn system() -> Self {
        Self {
            now: Arc::new(wall_clock),
            random: Arc::new(system_random),
        }
    }

    /// So many unguessable bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// A new id: `edge.id(TicketId::new)`.
    #[must_use]
    pub fn id<T>(&self, make: impl FnOnce(Timestamp, [u8; 10]) -> T) -> T {
        make((self.now)(), self.bytes())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the server reads the clock"
)]
fn wall_clock() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn system_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has a random source, or no token would be safe");
}

/// How to open an [`App`].
#[derive(Clone, Default)]
pub struct Options {
    /// Name of the company; it is written on first open and when it differs.
    pub organisation_name: Option<String>,
    /// The oldest app that is still sent anything; older ones only push.
    pub min_app: Option<AppVersion>,
    /// The font of completion reports; the system's where none is named.
    pub report_font: Option<PathBuf>,
    /// What to do where the record's keys are not there.
    pub missing_keys: Missing,
    /// Files of blobs and old changes are left as they are found: of a command, which is no server.
    pub leave_old: bool,
    /// Stops the writer at chosen moments, for tests.
    pub hook: Option<WriterHook>,
}

/// A bug switched on by a test, to show that the tests find it.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bug {
    /// Phones are told "merged" although the commit did not come to pass.
    AckBeforeCommit,
    /// History is taken back although no receipt has it behind it.
    HealUnproven,
    /// Fates that were told before the record went back are worked out anew.
    FatesForgotten,
    /// A server that went back while it ran goes on under actors whose later changes it has lost.
    ActorsKept,
    /// Nothing is said of documents that go on beside what a phone knows of them.
    StandsUnsaid,
    /// What a phone does not name, because it was the same once, is taken to be so still.
    RestBelieved,
    /// A phone that goes on from a place is taken to hold what it should.
    ResumedUnseen,
    /// An event whose outcome changes later keeps the old one in the record.
    OutcomeKept,
    /// Whoever tells of what happened is never woken.
    WakeLost,
    /// A name of a blob that is here is taken for a proof that its bytes were shown.
    NameIsProof,
    /// A blob goes as soon as nothing refers to it, although the reference may be under way.
    BlobAgeForgotten,
    /// A blob goes when it is old, although documents refer to it.
    BlobReferencesIgnored,
    /// A blob counts as sent whatever its bytes are.
    BlobUnverified,
    /// Work of a revoked phone is taken like anybody's when another phone brings it.
    RelayedUnheld,
    /// What a colleague's phone brings and its author's line has left behind is nobody's.
    LeftBehindDropped,
    /// A grant whose time is over is given to whoever asks next.
    GrantExpires,
    /// What a revoked phone was granted, or another install, is given to whoever asks next.
    GrantFollowsPerson,
    /// After the record went back grants are given out as if none could be unknown.
    GrantsUnasked,
    /// What no grant covered is booked and nobody is told.
    ClaimInSilence,
    /// What was used before a count and came after it is taken from what was counted.
    CountSeesNothing,
    /// What compaction drops is not looked for in the document first.
    CompactsUnseen,
    /// Compaction drops all that is known of a change, not its second copy alone.
    CompactDeletes,
}

/// The planted bugs. Empty, and compiled away, outside tests.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    #[cfg(any(test, feature = "testing"))]
    bugs: Mutex<std::collections::BTreeSet<Bug>>,
}

#[cfg(any(test, feature = "testing"))]
impl Planted {
    pub(crate) fn has(&self, bug: Bug) -> bool {
        self.bugs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&bug)
    }
}

/// True when a test planted this bug; never true, and compiled away, without the `testing` feature.
macro_rules! bug {
    ($inner:expr, $bug:ident) => {{
        #[cfg(any(test, feature = "testing"))]
        let planted = $inner.planted.has($crate::app::Bug::$bug);
        #[cfg(not(any(test, feature = "testing")))]
        let planted = {
            let _ = &$inner.planted;
            false
        };
        planted
    }};
}
pub(crate) use bug;

/// The company this server works for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}

/// The running server. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    directory: PathBuf,
    pub(crate) min_app: Option<AppVersion>,
    pub(crate) edge: Edge,
    pub(crate) organisation: Organisation,
    author: Mutex<ServerAuthor>,
    pub(crate) grounds: Grounds,
    pub(crate) live: broadcast::Sender<LiveEvent>,
    pub(crate) viewing: Arc<crate::viewing::Viewing>,
    pub(crate) wake: Arc<Notify>,
    pub(crate) catch_ups: crate::feed::CatchUps,
    pub(crate) unreadable: crate::compact::Unreadable,
    pub(crate) changes_a_day: crate::quota::DayQuota,
    pub(crate) blobs: crate::blob::Blobs,
    pub(crate) reports: crate::report::Reports,
    pub(crate) enrol_tries: crate::devices::EnrolTries,
    pub(crate) seal_key: SealKey,
    pub(crate) receipt_key: ReceiptKey,
    keys_fit: KeysFit,
    pub(crate) planted: Planted,
}

/// What the server's own actors are derived from. New at every start and in every epoch that begins while it runs, so that
/// a database that went back never sees an actor again whose later changes it has lost.
#[derive(Debug, Clone, Copy)]
struct ServerAuthor {
    organisation: OrganisationId,
    key: [u8; 32],
    install: [u8; 16],
}

impl ServerAuthor {
    fn new(organisation: OrganisationId, edge: &Edge) -> Self {
        Self {
            organisation,
            key: edge.bytes(),
            install: edge.bytes(),
        }
    }

    fn actor(&self, document: DocumentId) -> [u8; 16] {
        let Self {
            organisation,
            key,
            install,
        } = self;
        ActorSource {
            organisation: *organisation,
            document,
            device_key: key,
            install,
            branch: 0,
        }
        .actor()
    }
}

impl Inner {
    fn author(&self) -> MutexGuard<'_, ServerAuthor> {
        self.author.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's actor in a document.
    pub(crate) fn actor(&self, document: DocumentId) -> [u8; 16] {
        self.author().actor(document)
    }

    /// The server goes on under other actors: phones may hold changes of those it had that it does not know any more.
    pub(crate) fn renew_author(&self) {
        if !bug!(self, ActorsKept) {
            *self.author() = ServerAuthor::new(self.organisation.id, &self.edge);
        }
    }
}

impl App {
    /// Opens the server's directory, making database, organisation and epoch when they are not there.
    ///
    /// # Errors
    /// When the database cannot be opened or is newer than this program.
    pub fn open(directory: &Path, edge: Edge, options: Options) -> Result<Self, StoreError> {
        let path = directory.join(DATABASE_FILE);
        let organisation = meta::prepare(&path, &edge, options.organisation_name.as_deref())?;
        let keys = own_keys::take(&path, &edge, options.missing_keys)?;
        let home = crate::home::mark(directory, (edge.now)())?;
        if backup::is_moved(&mut store::connect(&path)?, &home, (edge.now)())? {
            tracing::warn!(
                "the record is in another place than before: messages to people and other systems are held"
            );
        }
        let folded = crate::refold::refold(&path, (edge.now)())?;
        if folded > 0 {
            tracing::info!(folded, "tickets of an older version folded anew");
        }
        crate::erase::again(directory, &path, (edge.now)())?;
        let store = Store::open_with(&path, options.hook)?;
        let author = Mutex::new(ServerAuthor::new(organisation.id, &edge));
        let inner = Inner {
            store,
            directory: directory.to_owned(),
            min_app: options.min_app,
            edge,
            organisation,
            author,
            grounds: Grounds::default(),
            live: broadcast::Sender::new(LIVE_BACKLOG),
            viewing: Arc::default(),
            wake: Arc::default(),
            catch_ups: crate::feed::CatchUps::default(),
            unreadable: crate::compact::Unreadable::default(),
            changes_a_day: crate::quota::DayQuota::new(crate::exchange::DEVICE_CHANGES_PER_DAY_MAX),
            blobs: crate::blob::Blobs::new(directory),
            reports: crate::report::Reports::new(options.report_font),
            enrol_tries: crate::devices::EnrolTries::default(),
            seal_key: SealKey(keys.seal.0),
            receipt_key: ReceiptKey::from_seed(&keys.receipt.0),
            keys_fit: keys.fit,
            planted: Planted::default(),
        };
        let app = Self {
            inner: Arc::new(inner),
        };
        crate::workers::start(&app, options.leave_old);
        Ok(app)
    }

    /// Switches a bug on.
    #[cfg(any(test, feature = "testing"))]
    pub fn plant(&self, bug: Bug) {
        self.inner
            .planted
            .bugs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(bug);
    }

    /// The database, for reading.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Where database, keys and files stand.
    pub(crate) fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// Whether the keys beside the record are its own: as often as it is opened, until they are.
    #[must_use]
    pub fn keys_fit(&self) -> KeysFit {
        self.inner.keys_fit
    }

    /// Clock and chance.
    #[must_use]
    pub fn edge(&self) -> &Edge {
        &self.inner.edge
    }

    /// The server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.inner.edge.now)()
    }

    /// The company.
    #[must_use]
    pub fn organisation(&self) -> &Organisation {
        &self.inner.organisation
    }

    /// The present epoch: new whenever the data may have gone back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn epoch(&self) -> Result<u64, DoorError> {
        self.inner
            .store
            .read(|connection| Ok(meta::epoch(connection)?))
            .await
    }

    /// What happens from now on, as hints: a listener reads the record itself.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.inner.live.subscribe()
    }
}
