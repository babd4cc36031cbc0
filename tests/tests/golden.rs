//! Stores as earlier versions wrote them, kept as files: today's phone and server open them, lose nothing and go on together.
//!
//! `tests/golden/<phone's schema>-<server's schema>/` holds one company with one phone, each file compressed. A new schema adds
//! a directory (`BLESS=1 cargo test --workspace --test golden`) and never changes an older one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fieldline_engine::clock::with_moment;
use fieldline_engine::view::ListFilter;
use fieldline_engine::{Engine, NewPhoto};
use fieldline_model::id::{DocumentId, OperationId, TicketId};
use fieldline_model::operation::{Act, Author, Completion, PhotoKind, VisitResult};
use fieldline_model::row::{Row, Stock};
use fieldline_server::app::{App, DATABASE_FILE, Edge, Options};
use fieldline_server::store::StoreError;
use fieldline_server::store::fate::fate_get;
use fieldline_server::store::migrate;
use fieldline_tests::kit::{Kit, open_phone};
use fieldline_tests::world::cast;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

const PHONE: &str = "phone.db";
const TOLD: &str = "told.json";
/// Made at each opening.
const NOT_KEPT: [&str; 2] = ["phone.lock", "fieldline.lock"];
const LEVEL: i32 = 19;

/// What the program that wrote the files said of them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    saved_here: u64,
    at_hq: u64,
    overruled: u64,
    refused: u64,
    /// Open tickets in the list.
    tickets: usize,
    /// Operations HQ has not heard of.
    unsent: Vec<OperationId>,
    /// Fates it told, by operation.
    fates: BTreeMap<OperationId, String>,
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// All files below a directory, by their path in it.
fn files(dir: &Path, below: &str) -> BTreeMap<String, PathBuf> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let entry = entry.expect("an entry");
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            all.extend(files(&entry.path(), &format!("{name}/")));
        } else {
            all.insert(name, entry.path());
        }
    }
    all
}

fn told(engine: &Engine, app: &App, unsent: Vec<OperationId>, decided: &[OperationId]) -> Told {
    let status = engine.status().expect("a status");
    let fates = decided
        .iter()
        .map(|id| (*id, fate(app, *id).expect("it has one")));
    Told {
        saved_here: status.saved_here,
        at_hq: status.at_hq,
        overruled: status.overruled,
        refused: status.refused,
        tickets: engine.list(&ListFilter::default()).expect("a list").len(),
        fates: fates.collect(),
        unsent,
    }
}

fn fate(app: &App, id: OperationId) -> Option<String> {
    let read = move |connection: &rusqlite::Connection| fate_get(connection, id);
    let fate = app
        .store()
        .read_blocking::<_, StoreError>(read)
        .expect("readable");
    fate.map(|fate| fate.fate)
}

/// A company with a phone: work with every fate, work that is not sent, a photo, parts, an article.
fn write_company(dir: &Path) -> Told {
    let kit = Kit::new(dir, 4);
    let stock = cast::parts().into_iter().map(|part| {
        Row::Stock(Stock {
            location: cast::van(0),
            part,
            quantity: 5,
        })
    });
    kit.runtime
        .block_on(kit.app.put_rows(stock.collect()))
        .expect("stock");
    kit.sync();
    let save = |ticket: TicketId, act: Act| {
        let saved = with_moment(|m| kit.engine.perform(ticket, act, m));
        saved.expect("it is saved").operation
    };
    let note = |text: &str| Act::Note { text: text.into() };
    let use_part = || Act::UsePart {
        part: cast::parts()[0],
        quantity: 1,
        from: cast::van(0),
    };
    let mut decided = Vec::new();
    let (done, visit) = kit.tickets[0];
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换了密封圈".into(),
    };
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        use_part(),
        note("一切正常"),
        Act::Finish { visit, completion },
    ] {
        decided.push(save(done, act));
    }
    kit.sync();
    let (cancelled, visit) = kit.tickets[1];
    decided.push(save(cancelled, Act::Accept { visit }));
    let cancel = Act::Cancel {
        reason: "customer".into(),
    };
    let hq = Author::Staff(cast::dispatcher());
    let performed = kit.app.perform(hq, DocumentId::from(cancelled), cancel, None);
    kit.runtime.block_on(performed).expect("cancelled");
    kit.sync();

    let (open, visit) = kit.tickets[2];
    let mut unsent = vec![save(open, Act::Accept { visit }), save(open, use_part())];
    unsent.push(save(open, note("还没有信号")));
    let photo = NewPhoto {
        bytes: [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 2_000]].concat(),
        kind: PhotoKind::Before,
        caption: "铭牌".into(),
        thumb: None,
    };
    let taken = with_moment(|m| kit.engine.perform_photo(open, photo, m));
    unsent.push(taken.expect("it is saved").operation);
    told(&kit.engine, &kit.app, unsent, &decided)
}

fn schema_of(path: &Path) -> u32 {
    let connection = rusqlite::Connection::open(path).expect("a store");
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .expect("a version")
}

fn name_of(dir: &Path) -> String {
    format!(
        "{}-{}",
        schema_of(&dir.join(PHONE)),
        schema_of(&dir.join(DATABASE_FILE))
    )
}

/// Keeps stores of today's schemas for later versions. Those that are there stay as they are.
fn keep_todays() {
    let dir = tempfile::tempdir().expect("room");
    let told = write_company(dir.path());
    let to = golden().join(name_of(dir.path()));
    if to.exists() {
        return;
    }
    assert!(
        std::env::var_os("BLESS").is_some(),
        "no stores of this schema are kept yet: BLESS=1 keeps them in {}",
        to.display()
    );
    std::fs::create_dir_all(&to).expect("room");
    std::fs::write(
        to.join(TOLD),
        serde_json::to_string_pretty(&told).expect("JSON") + "\n",
    )
    .expect("room");
    for (name, path) in files(dir.path(), "") {
        if NOT_KEPT.contains(&name.as_str()) {
            continue;
        }
        let bytes = std::fs::read(path).expect("a file");
        let packed = zstd::bulk::compress(&bytes, LEVEL).expect("compressed");
        let to = to.join(format!("{name}.zst"));
        std::fs::create_dir_all(to.parent().expect("a directory")).expect("room");
        std::fs::write(to, packed).expect("room");
    }
}

/// The files of one version, put back to work.
fn unpacked(from: &Path) -> (tempfile::TempDir, Told) {
    let dir = tempfile::tempdir().expect("room");
    let mut told = None;
    for (name, path) in files(from, "") {
        let bytes = std::fs::read(path).expect("a file");
        let Some(name) = name.strip_suffix(".zst") else {
            told = serde_json::from_slice(&bytes).ok();
            continue;
        };
        let to = dir.path().join(name);
        std::fs::create_dir_all(to.parent().expect("a directory")).expect("room");
        std::fs::write(to, zstd::stream::decode_all(&bytes[..]).expect("packed")).expect("room");
    }
    (dir, told.expect("what was told"))
}

fn sync(runtime: &Runtime, app: &App, engine: &Engine) {
    for _ in 0..20 {
        let exchange = with_moment(|m| engine.sync_next(m))
            .expect("an exchange")
            .expect("enrolled");
        let token = engine.token().expect("a token");
        let reply = runtime.block_on(app.exchange(&token, exchange.clone()));
        let reply = reply.expect("a reply");
        if !with_moment(|m| engine.sync_take(&exchange, reply, m))
            .expect("it is taken")
            .more
        {
            return;
        }
    }
    panic!("the sync did not end");
}

fn number(database: &Path, sql: &str) -> i64 {
    let database = rusqlite::Connection::open(database).expect("a store");
    database.query_row(sql, [], |row| row.get(0)).expect("a number")
}

/// What migrations write of the stock: why each movement was, and that no grant can be unknown.
fn assert_stock(dir: &Path, version: &str) {
    let hq = dir.join(DATABASE_FILE);
    let of_kind = |kind: &str| {
        number(
            &hq,
            &format!("SELECT count(*) FROM movement WHERE kind = '{kind}'"),
        )
    };
    let counted = number(&hq, "SELECT count(*) FROM movement WHERE document IS NULL");
    assert_eq!((of_kind("count"), of_kind("use")), (counted, 1), "{version}");
    assert!(counted > 0, "{version}: nothing was ever counted");
    let known = "SELECT count(*) FROM meta e JOIN meta g ON g.value = e.value
        WHERE e.key = 'epoch' AND g.key = 'grants_epoch'";
    assert_eq!(number(&hq, known), 1, "{version}: a grant may be unknown");
}

#[test]
fn fault_016_stores_of_every_earlier_schema_open_and_go_on_together() {
    keep_todays();
    let runtime = Runtime::new().expect("a runtime");
    for entry in std::fs::read_dir(golden()).expect("golden stores") {
        let from = entry.expect("an entry").path();
        let (dir, before) = unpacked(&from);
        let version = name_of(dir.path());
        assert!(from.ends_with(&version), "{} holds {version}", from.display());

        let _entered = runtime.enter();
        let app = App::open(dir.path(), Edge::system(), Options::default()).expect("the server opens");
        assert_eq!(schema_of(&dir.path().join(DATABASE_FILE)), migrate::known());
        let found = runtime.block_on(app.check(false)).expect("readable").findings;
        assert!(found.is_empty(), "{version}: {found:?}");
        let engine = open_phone(&dir.path().join(PHONE));
        assert_stock(dir.path(), &version);
        let decided: Vec<OperationId> = before.fates.keys().copied().collect();
        let now = told(&engine, &app, before.unsent.clone(), &decided);
        assert_eq!(now, before, "{version}");

        sync(&runtime, &app, &engine);
        let status = engine.status().expect("a status");
        let all = u64::try_from(decided.len() + before.unsent.len()).expect("few");
        assert_eq!(
            (
                status.saved_here,
                status.at_hq + status.overruled + status.refused,
                status.complete
            ),
            (0, all, true),
            "{version}: {status:?}"
        );
        let granted = "SELECT count(*) FROM stock_grant WHERE remaining > 0 AND NOT in_doubt";
        assert!(
            number(&dir.path().join(PHONE), granted) > 0,
            "{version}: no grants"
        );
        for id in &before.unsent {
            assert_eq!(fate(&app, *id).as_deref(), Some("merged"), "{version}");
        }
        let found = runtime.block_on(app.check(false)).expect("readable").findings;
        assert!(found.is_empty(), "{version}: {found:?}");
    }
}
