//! FAULTS, files of manuals (7, 32, 67, 97, 98): on the way down, where there is no room, and where HQ went back.

use std::sync::atomic::Ordering;

use fieldline_engine::EngineError;
use fieldline_engine::clock::with_moment;
use fieldline_model::blob::{BLOB_BYTES_MAX, BlobHash};
use fieldline_model::id::{ArticleId, DocumentId};
use fieldline_model::operation::{ATTACHMENTS_MAX, Act, Author};
use fieldline_server::blob::UNREFERENCED_KEEP_MS;
use fieldline_server::check::Wrong;
use fieldline_server::problem::Code;
use fieldline_tests::photos::{DAY_MS, Stage, pdf, photo};
use fieldline_tests::world::cast;

const KB: usize = 1024;
const BLOBS: &str = "SELECT count(*) FROM blob";

/// Phones that hold a manual with one file of so many bytes.
fn stage(phones: usize, bytes: usize) -> (Stage, ArticleId, Vec<u8>) {
    let stage = Stage::new(phones);
    let manual = stage.manual(1);
    let file = pdf(1, bytes);
    stage.attach(manual, &file, "接线图").expect("attached");
    for n in 0..phones {
        stage.sync(n).expect("the manual comes");
    }
    (stage, manual, file)
}

fn fetch_metered(stage: &Stage, n: usize, manual: ArticleId, metered: bool) -> Result<Vec<u8>, EngineError> {
    let file = stage.files_of(n, manual).remove(0);
    let client = stage.client(n);
    client.set_metered(metered);
    stage
        .runtime
        .block_on(client.fetch_blob(manual.into(), file.operation, false))
}

fn fetch(stage: &Stage, n: usize, manual: ArticleId) -> Result<Vec<u8>, EngineError> {
    fetch_metered(stage, n, manual, false)
}

fn kept(stage: &Stage, n: usize) -> usize {
    Stage::files(&stage.photos_of(n)).len()
}

fn hq_files(stage: &Stage) -> Vec<std::path::PathBuf> {
    let mut files = Stage::files(&stage.data().join("blobs"));
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "shown"));
    files
}

#[test]
fn fault_032_a_manual_cut_at_every_64_kb_arrives_and_is_read_without_a_network() {
    let (mut stage, manual, bytes) = stage(1, 400 * KB);
    assert!(!stage.files_of(0, manual)[0].here);
    stage.net.cut_down_after.store(64 * KB, Ordering::Relaxed);
    let mut tries = 0;
    let fetched = loop {
        tries += 1;
        assert!(tries < 20, "it goes on from where it was cut");
        match fetch(&stage, 0, manual) {
            Ok(fetched) => break fetched,
            Err(EngineError::Offline(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
        if tries == 3 {
            stage.restart_phone(0);
        }
    };
    let cuts = stage.net.cuts.load(Ordering::Relaxed);
    assert!(
        cuts >= 6 && tries > cuts,
        "6.25 × 64 kB: {cuts} cuts, {tries} tries"
    );
    assert!(fetched == bytes);
    stage.stop();
    let file = stage.files_of(0, manual).remove(0);
    assert!(file.here);
    let read = stage.phones[0].blob_bytes(manual.into(), file.file.blob);
    assert!(read.expect("readable") == Some(bytes));
}

#[test]
fn fault_032_a_manual_damaged_on_the_way_is_fetched_again_and_never_kept() {
    let (stage, manual, bytes) = stage(1, 100 * KB);
    stage.net.damage_down.store(true, Ordering::Relaxed);
    let fetched = fetch(&stage, 0, manual).expect("fetched at the second try");
    let answers = stage.net.answers.load(Ordering::Relaxed);
    assert_eq!((stage.net.damaged.load(Ordering::Relaxed), answers), (1, 2));
    assert!(fetched == bytes);
    assert_eq!(kept(&stage, 0), 1);
}

#[test]
fn a_manual_waits_for_wifi_until_the_person_says_otherwise() {
    let (stage, manual, _) = stage(1, 100 * KB);
    let told = fetch_metered(&stage, 0, manual, true);
    assert!(matches!(told, Err(EngineError::NetworkMetered)), "{told:?}");
    assert_eq!(
        stage.net.answers.load(Ordering::Relaxed),
        0,
        "nothing was asked for"
    );
    stage.phones[0].set_wifi_only(false).expect("set");
    fetch_metered(&stage, 0, manual, true).expect("by any network");
    // What is here costs nothing, whatever the network.
    stage.phones[0].set_wifi_only(true).expect("set");
    fetch_metered(&stage, 0, manual, true).expect("it is here");
    assert_eq!(stage.net.answers.load(Ordering::Relaxed), 1);
}

#[test]
fn fault_007_a_manual_that_finds_no_room_leaves_nothing_and_comes_later() {
    let (stage, manual, bytes) = stage(1, 300 * KB);
    stage.phones[0].limit_photo_bytes(Some(100 * KB));
    let told = fetch(&stage, 0, manual);
    assert!(matches!(told, Err(EngineError::DiskFull)), "{told:?}");
    assert_eq!(kept(&stage, 0), 0);
    assert!(!stage.files_of(0, manual)[0].here);
    stage.phones[0].limit_photo_bytes(None);
    assert!(fetch(&stage, 0, manual).expect("fetched") == bytes);
}

#[test]
fn fault_007_a_fetched_manual_makes_room_for_a_photo_and_no_photo_for_a_manual() {
    let (stage, manual, bytes) = stage(1, 300 * KB);
    let ticket = stage.ticket(&[0]);
    stage.sync(0).expect("the ticket comes");
    fetch(&stage, 0, manual).expect("fetched");
    stage.phones[0].limit_photo_bytes(Some(10 * KB));
    let taken = stage.take(0, ticket, photo(7, 200 * KB, "full")).expect("saved");
    assert!(!stage.files_of(0, manual)[0].here, "it made room");
    assert_eq!(kept(&stage, 0), 2, "the photo and its thumbnail");
    stage.phones[0].limit_photo_bytes(Some(10 * KB));
    stage.sync(0).expect("synced");
    let told = fetch(&stage, 0, manual);
    assert!(matches!(told, Err(EngineError::DiskFull)), "{told:?}");
    let view = with_moment(|m| stage.phones[0].ticket(ticket, m)).expect("the ticket");
    assert_eq!((view.photos[0].operation, view.photos[0].here), (taken, true));
    stage.phones[0].limit_photo_bytes(None);
    assert!(fetch(&stage, 0, manual).expect("it is at HQ") == bytes);
}

#[test]
fn fault_007_a_manual_that_hq_misses_makes_no_room() {
    let (stage, manual, bytes) = stage(1, 100 * KB);
    let ticket = stage.ticket(&[0]);
    stage.sync(0).expect("the ticket comes");
    fetch(&stage, 0, manual).expect("fetched");
    std::fs::remove_file(&hq_files(&stage)[0]).expect("it was there");
    assert_eq!(stage.keep().gone, 1);
    // It is asked for over a network on which it waits.
    stage.sync_metered(0).expect("synced");
    stage.phones[0].limit_photo_bytes(Some(10 * KB));
    let told = stage.take(0, ticket, photo(7, 50 * KB, "full"));
    assert!(matches!(told, Err(EngineError::DiskFull)), "{told:?}");
    assert!(stage.files_of(0, manual)[0].here, "the only copy");
    stage.phones[0].limit_photo_bytes(None);
    stage.sync(0).expect("it goes up");
    assert_eq!(std::fs::read(&hq_files(&stage)[0]).expect("it is back"), bytes);
}

#[test]
fn fault_098_a_manual_stays_while_its_article_has_it_and_goes_when_taken_away() {
    let (stage, manual, bytes) = stage(2, 100 * KB);
    fetch(&stage, 0, manual).expect("fetched");
    stage.pass(3 * UNREFERENCED_KEEP_MS);
    assert_eq!(stage.keep().deleted, 0);
    fetch(&stage, 1, manual).expect("it is there after all that time");
    let hq = Author::Staff(cast::dispatcher());
    let hash = BlobHash::of(&bytes);
    let operation = stage.files_of(0, manual)[0].operation;
    let away = stage.app().detach(hq, manual, hash);
    stage.runtime.block_on(away).expect("taken away");
    stage.sync(0).expect("synced");
    assert_eq!(stage.files_of(0, manual), []);
    let gone = stage
        .runtime
        .block_on(stage.client(0).fetch_blob(manual.into(), operation, false));
    assert!(matches!(gone, Err(EngineError::UnknownDocument(_))), "{gone:?}");
    assert_eq!(stage.keep().deleted, 0, "from now on it is 45 days");
    stage.pass(UNREFERENCED_KEEP_MS + DAY_MS);
    assert_eq!(stage.keep().deleted, 1);
    assert_eq!((stage.count(BLOBS), hq_files(&stage).len()), (0, 0));
    // The file is taken back as new.
    stage.attach(manual, &bytes, "接线图").expect("attached");
    stage.sync(0).expect("synced");
    assert!(fetch(&stage, 0, manual).expect("fetched") == bytes);
}

#[test]
fn fault_097_a_file_is_read_by_the_article_that_has_it_and_by_no_other_document() {
    // The client wants one even where nothing is encrypted; another test may have installed it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (stage, manual, bytes) = stage(1, 50 * KB);
    let (other, ticket) = (stage.manual(2), stage.ticket(&[0]));
    stage.sync(0).expect("synced");
    let (hash, http) = (BlobHash::of(&bytes), reqwest::Client::new());
    let token = stage.phones[0].token().expect("a token");
    let status = |document: DocumentId, hash: BlobHash| {
        let url = format!("http://{}/sync/v1/blob/{document}/{hash}", stage.address());
        let asked = http.get(url).bearer_auth(&token).send();
        stage
            .runtime
            .block_on(asked)
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(status(manual.into(), hash), 200);
    assert_eq!(status(other.into(), hash), 404);
    assert_eq!(status(ticket.into(), hash), 404);
    assert_eq!(status(manual.into(), BlobHash([7; 32])), 404);
    let hq = Author::Staff(cast::dispatcher());
    let away = stage.app().detach(hq, manual, hash);
    stage.runtime.block_on(away).expect("taken away");
    assert_eq!(status(manual.into(), hash), 404, "nor by that one any more");
}

#[test]
fn fault_067_a_manual_attached_after_the_backup_comes_back_from_who_fetched_it() {
    let mut stage = Stage::new(2);
    let manual = stage.manual(1);
    let backup = stage.back_up("before");
    let bytes = pdf(1, 200 * KB);
    stage.attach(manual, &bytes, "接线图").expect("attached");
    for n in 0..2 {
        stage.sync(n).expect("synced");
    }
    fetch(&stage, 0, manual).expect("fetched");
    let files = stage.data().join("blobs");
    stage.restore(&backup, |_| {
        if files.exists() {
            std::fs::remove_dir_all(&files).expect("they were there");
        }
    });
    assert_eq!(stage.count("SELECT count(*) FROM blob_ref"), 0);
    // The line comes back with whatever phone comes first, the bytes from the one that has them.
    for n in [1, 0, 0] {
        stage.sync(n).expect("synced");
    }
    assert_eq!(hq_files(&stage).len(), 1);
    assert!(fetch(&stage, 1, manual).expect("it is back") == bytes);
    assert_eq!(stage.count("SELECT count(*) FROM blob_wanted"), 0);
}

#[test]
fn fault_067_what_hq_lost_is_named_and_attaching_it_again_brings_it_back() {
    let (stage, manual, bytes) = stage(1, 100 * KB);
    let whole = fieldline_server::backup::verify(&stage.back_up("whole")).expect("a backup");
    assert!(whole.blob_faults.is_empty());
    let file = hq_files(&stage).remove(0);
    std::fs::remove_file(&file).expect("it was there");
    std::fs::write(&file, vec![7; bytes.len()]).expect("damaged");
    let check = |repair| {
        let report = stage.runtime.block_on(stage.app().check(repair));
        report.expect("checked")
    };
    let found: Vec<Wrong> = check(false).findings.iter().map(|one| one.what).collect();
    assert_eq!(found, [Wrong::BlobDamaged]);
    assert_eq!(check(true).blobs_given_up, 1);
    assert_eq!(check(false).blobs_asked, 1);
    // No phone had it; nobody calls it lost, and no phone's photos wait for it.
    stage.sync(0).expect("synced");
    assert_eq!((check(false).blobs_asked, check(false).blobs_lost), (1, 0));
    stage.attach(manual, &bytes, "接线图").expect("attached again");
    assert_eq!((check(false).findings.len(), check(false).blobs_asked), (0, 0));
    let lines = "SELECT count(*) FROM event WHERE act = 'attach'";
    assert_eq!(stage.count(lines), 1, "the article says nothing new");
    assert!(fetch(&stage, 0, manual).expect("fetched") == bytes);
}

#[test]
fn hq_takes_what_a_phone_can_open_and_no_more_of_it() {
    let stage = Stage::new(1);
    let manual = stage.manual(1);
    let told = |bytes: &[u8]| {
        stage
            .attach(manual, bytes, "图")
            .map_err(|problem| problem.code())
    };
    assert_eq!(told(b"<html>%PDF-"), Err(Code::MediaType));
    assert_eq!(told(b""), Err(Code::BlobTooLarge));
    let large = usize::try_from(BLOB_BYTES_MAX + 1).expect("a size");
    assert_eq!(told(&pdf(1, large)), Err(Code::BlobTooLarge));
    let nowhere = stage.attach(ArticleId::from_bytes([9; 16]), &pdf(1, KB), "图");
    assert_eq!(nowhere.map_err(|problem| problem.code()), Err(Code::NotFound));
    assert_eq!(stage.count(BLOBS), 0);
    for n in 0..ATTACHMENTS_MAX {
        told(&pdf(u32::try_from(n).expect("a number"), KB)).expect("attached");
    }
    assert_eq!(told(&pdf(99, KB)), Err(Code::Invalid));
    assert_eq!(stage.count(BLOBS), ATTACHMENTS_MAX);
    // Under a newer title it is the same file.
    stage.attach(manual, &pdf(3, KB), "新图").expect("renamed");
    stage.sync(0).expect("synced");
    let files = stage.files_of(0, manual);
    let titles: Vec<&str> = files.iter().map(|file| file.file.title_zh.as_str()).collect();
    assert_eq!(titles.iter().filter(|title| **title == "新图").count(), 1);
    assert_eq!(files.len(), ATTACHMENTS_MAX);
    let refs = "SELECT count(*) FROM blob_ref";
    assert_eq!(
        stage.count(refs),
        ATTACHMENTS_MAX,
        "of the older line nothing is left"
    );
}

/// An engineer's phone is no place from which files of articles come, whatever its program says.
#[test]
fn a_phone_attaches_nothing() {
    let (stage, manual, _) = stage(1, KB);
    let act = Act::Detach {
        attachment: stage.files_of(0, manual)[0].operation,
    };
    let told = with_moment(|m| stage.phones[0].perform(manual, act, m));
    assert!(told.is_err(), "{told:?}");
    assert_eq!(stage.files_of(0, manual).len(), 1);
}
