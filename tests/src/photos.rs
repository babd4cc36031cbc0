//! A company whose phones take photos: a server that listens, phones that sync over real sockets, and between them a network
//! that cuts and damages what goes up. Clocks stand still until a test moves them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum_server::Handle;
use fieldline_engine::clock::with_moment;
use fieldline_engine::shell::{ClientConfig, Summary, SyncClient};
use fieldline_engine::view::FileView;
use fieldline_engine::{Engine, EngineError, NewPhoto};
use fieldline_model::blob::BlobHash;
use fieldline_model::id::{ArticleId, DocumentId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, ArticleHead, Author, PhotoKind, Section};
use fieldline_model::time::Timestamp;
use fieldline_server::app::{App, DATABASE_FILE, Edge, Options};
use fieldline_server::backup;
use fieldline_server::blob::NewFile;
use fieldline_server::http::{HttpOptions, router};
use fieldline_server::problem::Problem;
use fieldline_server::store::StoreError;
use futures_util::StreamExt;
use tokio::runtime::Runtime;

use crate::kit::open_phone;
use crate::world::cast;

/// Longer than any sync here takes.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long bytes that were sent take to leave.
const FLUSH: Duration = Duration::from_millis(30);
/// A day.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the network does to pieces on their way up.
#[derive(Debug, Default)]
pub struct Net {
    /// Each request ends after so many bytes; 0 = none does.
    pub cut_after: AtomicUsize,
    /// The next piece is damaged.
    pub damage: AtomicBool,
    /// Pieces that were cut.
    pub cuts: AtomicUsize,
    /// Pieces that were damaged.
    pub damaged: AtomicUsize,
    /// Each answer with bytes ends after so many; 0 = none does.
    pub cut_down_after: AtomicUsize,
    /// The next answer with bytes is damaged.
    pub damage_down: AtomicBool,
    /// Answers with bytes, cut or not.
    pub answers: AtomicUsize,
    /// Bytes of pieces that reached the server.
    pub bytes: AtomicUsize,
}

/// The company.
pub struct Stage {
    /// What drives the server.
    pub runtime: Runtime,
    app: Option<App>,
    /// The phones; the n-th is the n-th engineer's.
    pub phones: Vec<Arc<Engine>>,
    /// Between them.
    pub net: Arc<Net>,
    clock: Arc<AtomicI64>,
    server: Option<Handle<SocketAddr>>,
    address: SocketAddr,
    dir: tempfile::TempDir,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("phones", &self.phones.len())
            .finish_non_exhaustive()
    }
}

/// A photo of so many bytes that no other `seed` makes. No decoder reads it, so it has the thumbnail it is given.
#[must_use]
pub fn photo(seed: u32, bytes: usize, caption: &str) -> NewPhoto {
    NewPhoto {
        bytes: noise(seed, bytes),
        kind: PhotoKind::Before,
        caption: caption.to_owned(),
        thumb: Some(noise(seed.wrapping_add(0x8000_0000), 2_000)),
    }
}

/// The bytes of a manual of so many bytes, that no other `seed` makes.
#[must_use]
pub fn pdf(seed: u32, bytes: usize) -> Vec<u8> {
    let mut pdf = noise(seed, bytes);
    pdf[..8].copy_from_slice(b"%PDF-1.4");
    pdf
}

fn noise(seed: u32, bytes: usize) -> Vec<u8> {
    let mut state = seed ^ 0x9e37_79b9;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_le_bytes()[3]
    };
    let mut noise = vec![0xff, 0xd8, 0xff, 0xe0];
    noise.extend((4..bytes).map(|_| next()));
    noise
}

impl Stage {
    /// A company with so many phones, none of which holds anything yet.
    ///
    /// # Panics
    /// When anything fails.
    #[must_use]
    pub fn new(phones: usize) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Arc::new(AtomicI64::new((Edge::system().now)().ms()));
        let mut stage = Self {
            runtime: Runtime::new().expect("a runtime"),
            app: None,
            phones: Vec::new(),
            net: Arc::default(),
            clock,
            server: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            dir,
        };
        std::fs::write(stage.font(), fieldline_report::testing::font()).expect("a font");
        stage.start();
        let rows = cast::rows(phones);
        stage
            .runtime
            .block_on(stage.app().put_rows(rows))
            .expect("rows are written");
        for n in 0..phones {
            stage.join(n);
        }
        stage
    }

    fn join(&mut self, n: usize) {
        let phone = Arc::new(open_phone(&self.phone_path(n)));
        let code = self
            .runtime
            .block_on(self.app().enrol_code(cast::engineer(n), 60_000))
            .expect("a code");
        self.phones.push(phone);
        let address = format!("http://{}", self.address);
        let client = self.client(n);
        self.runtime
            .block_on(client.enrol(&address, &code.code, "test"))
            .expect("it joins");
    }

    /// The font of completion reports.
    #[must_use]
    pub fn font(&self) -> PathBuf {
        self.dir.path().join("font.ttf")
    }

    fn phone_path(&self, n: usize) -> PathBuf {
        self.dir.path().join(format!("phone{n}.db"))
    }

    /// The phone's process ends and begins again.
    pub fn restart_phone(&mut self, n: usize) {
        let spare = Arc::new(open_phone(&self.dir.path().join("spare.db")));
        drop(std::mem::replace(&mut self.phones[n], spare));
        self.phones[n] = Arc::new(open_phone(&self.phone_path(n)));
    }

    /// The phone's process ends, its store is damaged, and it begins again.
    ///
    /// # Panics
    /// When that fails.
    pub fn damage_phone(&mut self, n: usize, sql: &str) {
        let spare = Arc::new(open_phone(&self.dir.path().join("spare.db")));
        drop(std::mem::replace(&mut self.phones[n], spare));
        let connection = rusqlite::Connection::open(self.phone_path(n)).expect("the store");
        connection.execute_batch(sql).expect("damaged");
        drop(connection);
        self.phones[n] = Arc::new(open_phone(&self.phone_path(n)));
    }

    /// What `phone0.db` and what lies beside it hold now, for [`Stage::put_back_phone`].
    ///
    /// # Panics
    /// When it cannot be copied.
    #[must_use]
    pub fn copy_phone(&self, n: usize) -> Vec<u8> {
        self.phones[n].suspend().expect("written down");
        std::fs::read(self.phone_path(n)).expect("the store")
    }

    /// The phone is put back to an older copy of its store; its photos are not.
    ///
    /// # Panics
    /// When that fails.
    pub fn put_back_phone(&mut self, n: usize, store: &[u8]) {
        let spare = Arc::new(open_phone(&self.dir.path().join("spare.db")));
        drop(std::mem::replace(&mut self.phones[n], spare));
        std::fs::write(self.phone_path(n), store).expect("put back");
        for beside in ["-wal", "-shm"] {
            std::fs::remove_file(format!("{}{beside}", self.phone_path(n).display())).ok();
        }
        self.phones[n] = Arc::new(open_phone(&self.phone_path(n)));
    }

    /// The server's directory.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("hq")
    }

    /// The directory of the n-th phone's photos.
    #[must_use]
    pub fn photos_of(&self, n: usize) -> PathBuf {
        self.phone_path(n).with_extension("blobs")
    }

    /// The clock of the server.
    #[must_use]
    pub fn edge(&self) -> Edge {
        let clock = Arc::clone(&self.clock);
        Edge {
            now: Arc::new(move || Timestamp::from_ms(clock.load(Ordering::Relaxed))),
            ..Edge::system()
        }
    }

    /// Time passes at HQ.
    pub fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    /// The server.
    ///
    /// # Panics
    /// While it does not run.
    #[must_use]
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the server runs")
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts the server.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&mut self) {
        let data = self.data();
        std::fs::create_dir_all(&data).expect("a directory");
        let edge = self.edge();
        let options = Options {
            report_font: Some(self.font()),
            ..Options::default()
        };
        let app = self
            .runtime
            .block_on(async { App::open(&data, edge, options).expect("the server opens") });
        let service = router(app.clone(), HttpOptions::default())
            .layer(from_fn_with_state(Arc::clone(&self.net), travel));
        self.listen(service);
        self.app = Some(app);
        let address = format!("http://{}", self.address);
        for phone in &self.phones {
            phone.set_server_url(&address).expect("kept");
        }
    }

    fn listen(&mut self, service: Router) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        self.address = listener.local_addr().expect("an address");
        let handle = Handle::new();
        let _entered = self.runtime.enter();
        let server = axum_server::from_tcp(listener)
            .expect("a listener")
            .handle(handle.clone());
        self.runtime
            .spawn(server.serve(service.into_make_service_with_connect_info::<SocketAddr>()));
        self.server = Some(handle);
    }

    /// Stops the server; nothing of it is open afterwards.
    pub fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown();
        }
        self.app = None;
        // Tasks that still hold the database end with the runtime they run in.
        let old = std::mem::replace(&mut self.runtime, Runtime::new().expect("a runtime"));
        old.shutdown_timeout(PATIENCE);
    }

    /// Takes a backup.
    ///
    /// # Panics
    /// When it cannot be taken.
    #[must_use]
    pub fn back_up(&self, name: &str) -> PathBuf {
        let to = self.dir.path().join(name);
        backup::take(&self.data(), &to, self.app().now()).expect("a backup");
        to
    }

    /// Stops the server, puts a backup back, lets `meanwhile` at the directory, and starts again.
    ///
    /// # Panics
    /// When it cannot be put back.
    pub fn restore(&mut self, from: &Path, meanwhile: impl FnOnce(&Path)) {
        self.stop();
        backup::put_back(&self.data(), from, &self.edge(), true).expect("it is put back");
        meanwhile(&self.data());
        self.start();
        self.keep();
    }

    /// Looks after the files, as a worker does from time to time.
    ///
    /// # Panics
    /// When that fails.
    pub fn keep(&self) -> fieldline_server::blob::Kept {
        self.runtime
            .block_on(self.app().keep_blobs())
            .expect("files are looked after")
    }

    /// A new ticket offered to these engineers.
    ///
    /// # Panics
    /// When HQ may not.
    #[must_use]
    pub fn ticket(&self, to: &[usize]) -> TicketId {
        let hq = Author::Staff(cast::dispatcher());
        self.runtime.block_on(async {
            let facts = cast::facts(self.count("SELECT count(*) FROM ticket"));
            let ticket = self.app().create_ticket(hq, facts).await.expect("a ticket");
            let visit = VisitId::from_bytes(ticket.to_bytes());
            let to = to.iter().map(|n| cast::engineer(*n)).collect();
            let offer = Act::Offer {
                visit,
                to,
                plan: None,
            };
            let document = DocumentId::from(ticket);
            self.app()
                .perform(hq, document, offer, None)
                .await
                .expect("an offer");
            ticket
        })
    }

    /// A manual in two languages, with no file yet.
    ///
    /// # Panics
    /// When HQ may not.
    #[must_use]
    pub fn manual(&self, n: u8) -> ArticleId {
        let id = ArticleId::from_bytes([n; 16]);
        let head = ArticleHead {
            manual: true,
            title_zh: "电梯手册".into(),
            title_en: "Elevator manual".into(),
            category: None,
            faults: Vec::new(),
            models: Vec::new(),
        };
        let section = Section {
            order: 1,
            heading_zh: "安全".into(),
            heading_en: "Safety".into(),
            body_zh: "先断电。".into(),
            body_en: "Switch off first.".into(),
        };
        let published = self.app().publish_article(id, head, vec![section]);
        self.runtime.block_on(published).expect("published");
        id
    }

    /// HQ attaches a file; says what it is called by its bytes.
    ///
    /// # Errors
    /// As HQ says.
    pub fn attach(&self, article: ArticleId, bytes: &[u8], title: &str) -> Result<BlobHash, Problem> {
        let file = NewFile {
            bytes: bytes.to_vec(),
            title_zh: title.into(),
            title_en: title.into(),
            pages: Some(2),
        };
        let hq = Author::Staff(cast::dispatcher());
        self.runtime.block_on(self.app().attach(hq, article, file))?;
        Ok(BlobHash::of(bytes))
    }

    /// The files of an article, as a phone shows them.
    ///
    /// # Panics
    /// When the phone does not hold it.
    #[must_use]
    pub fn files_of(&self, n: usize, article: ArticleId) -> Vec<FileView> {
        with_moment(|m| self.phones[n].article(article, m))
            .expect("the article")
            .files
    }

    /// The client of a phone.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn client(&self, n: usize) -> SyncClient {
        SyncClient::new(Arc::clone(&self.phones[n]), &ClientConfig::default()).expect("a client")
    }

    /// Syncs a phone once, over Wi-Fi.
    ///
    /// # Errors
    /// As the network says.
    pub fn sync(&self, n: usize) -> Result<Summary, EngineError> {
        self.runtime.block_on(self.client(n).sync(PATIENCE))
    }

    /// Syncs a phone over a network that costs.
    ///
    /// # Errors
    /// As the network says.
    pub fn sync_metered(&self, n: usize) -> Result<Summary, EngineError> {
        let client = self.client(n);
        client.set_metered(true);
        self.runtime.block_on(client.sync(PATIENCE))
    }

    /// A phone saves a photo.
    ///
    /// # Errors
    /// As the engine says.
    pub fn take(&self, n: usize, ticket: TicketId, photo: NewPhoto) -> Result<OperationId, EngineError> {
        with_moment(|m| self.phones[n].perform_photo(ticket, photo, m)).map(|done| done.operation)
    }

    /// Where a photo is, as its phone says.
    ///
    /// # Panics
    /// When the phone does not have it on the ticket.
    #[must_use]
    pub fn state(&self, n: usize, ticket: TicketId, operation: OperationId) -> &'static str {
        let view = with_moment(|m| self.phones[n].ticket(ticket, m)).expect("the ticket");
        let photo = view.photos.into_iter().find(|photo| photo.operation == operation);
        photo.expect("the photo").state
    }

    /// What a query counts at HQ.
    ///
    /// # Panics
    /// When it cannot be asked.
    #[must_use]
    pub fn count(&self, sql: &str) -> usize {
        let read = |connection: &rusqlite::Connection| {
            let count: i64 = connection.query_row(sql, [], |row| row.get(0))?;
            Ok::<_, StoreError>(usize::try_from(count).expect("a count"))
        };
        self.app().store().read_blocking(read).expect("HQ can be asked")
    }

    /// Does something to HQ's database behind its back.
    ///
    /// # Panics
    /// When that fails.
    pub fn at_hq(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.data().join(DATABASE_FILE)).expect("the database");
        connection.execute_batch(sql).expect("done");
    }

    /// Every file in a directory and below.
    #[must_use]
    pub fn files(directory: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(directory) else {
            return Vec::new();
        };
        let mut files = Vec::new();
        for entry in entries.flatten() {
            if entry.path().is_dir() {
                files.extend(Self::files(&entry.path()));
            } else {
                files.push(entry.path());
            }
        }
        files
    }
}

async fn travel(State(net): State<Arc<Net>>, request: Request, next: Next) -> Response {
    if request.method() == Method::GET && request.uri().path().contains("/blob/") {
        return travel_down(&net, next.run(request).await).await;
    }
    if request.method() != Method::PATCH {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut bytes = bytes.to_vec();
    if net.damage.swap(false, Ordering::Relaxed)
        && let Some(byte) = bytes.last_mut()
    {
        *byte ^= 1;
        net.damaged.fetch_add(1, Ordering::Relaxed);
    }
    let cut = net.cut_after.load(Ordering::Relaxed);
    let is_cut = cut != 0 && bytes.len() > cut;
    if is_cut {
        bytes.truncate(cut);
        net.cuts.fetch_add(1, Ordering::Relaxed);
    }
    net.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
    let came = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
    let broke = futures_util::stream::iter(is_cut.then(|| Err(std::io::ErrorKind::ConnectionReset.into())));
    let response = next
        .run(Request::from_parts(parts, Body::from_stream(came.chain(broke))))
        .await;
    if is_cut {
        // Nobody is there any more to hear it: what a proxy says then.
        return axum::response::IntoResponse::into_response(axum::http::StatusCode::BAD_GATEWAY);
    }
    response
}

/// What the network does to an answer with bytes.
async fn travel_down(net: &Net, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    if !parts.status.is_success() {
        return Response::from_parts(parts, Body::from(bytes));
    }
    net.answers.fetch_add(1, Ordering::Relaxed);
    let mut bytes = bytes.to_vec();
    if net.damage_down.swap(false, Ordering::Relaxed)
        && let Some(byte) = bytes.last_mut()
    {
        *byte ^= 1;
        net.damaged.fetch_add(1, Ordering::Relaxed);
    }
    let cut = net.cut_down_after.load(Ordering::Relaxed);
    if cut == 0 || bytes.len() <= cut {
        return Response::from_parts(parts, Body::from(bytes));
    }
    bytes.truncate(cut);
    net.cuts.fetch_add(1, Ordering::Relaxed);
    let came = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
    // What was sent is on its way before the line breaks.
    let broke = futures_util::stream::once(async {
        tokio::time::sleep(FLUSH).await;
        Err(std::io::ErrorKind::ConnectionReset.into())
    });
    Response::from_parts(parts, Body::from_stream(came.chain(broke)))
}
