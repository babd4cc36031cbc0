//! FAULTS, photos (7, 19, 32, 67, 97, 98): their bytes, on the way up, at HQ, and where they are gone.

use std::path::Path;
use std::sync::atomic::Ordering;

use fieldline_engine::{Bug, EngineError};
use fieldline_model::blob::BlobHash;
use fieldline_model::id::{DocumentId, TicketId};
use fieldline_server::app::Bug as ServerBug;
use fieldline_server::blob::{FileFaults, UNREFERENCED_KEEP_MS};
use fieldline_server::check::{CheckReport, Wrong};
use fieldline_tests::photos::{DAY_MS, Stage, photo};
use fieldline_tests::world::cast;

const BLOBS: &str = "SELECT count(*) FROM blob";

/// A phone with one ticket.
fn stage(phones: usize) -> (Stage, TicketId) {
    let stage = Stage::new(phones);
    let ticket = stage.ticket(&(0..phones).collect::<Vec<_>>());
    for n in 0..phones {
        stage.sync(n).expect("the ticket comes");
    }
    (stage, ticket)
}

/// Bytes of a photo as a phone fetches them.
fn fetch(
    stage: &Stage,
    n: usize,
    ticket: TicketId,
    operation: fieldline_model::id::OperationId,
) -> Result<Vec<u8>, EngineError> {
    let client = stage.client(n);
    stage
        .runtime
        .block_on(client.fetch_blob(ticket.into(), operation, false))
}

#[test]
fn a_photo_reaches_hq_and_who_shares_the_ticket() {
    let (stage, ticket) = stage(2);
    let new = photo(1, 300_000, "铭牌");
    let bytes = new.bytes.clone();
    let id = stage.take(0, ticket, new).expect("saved");
    assert_eq!(stage.state(0, ticket, id), "waiting");
    // Over a network that costs, the thumbnail goes and the photo waits.
    stage.sync_metered(0).expect("synced");
    assert_eq!((stage.state(0, ticket, id), stage.count(BLOBS)), ("waiting", 1));
    stage.sync(0).expect("synced");
    assert_eq!((stage.state(0, ticket, id), stage.count(BLOBS)), ("at_hq", 2));
    let status = stage.phones[0].status().expect("a status");
    assert_eq!((status.photos.waiting, status.photos.at_hq), (0, 1));
    stage.sync(1).expect("synced");
    assert_eq!(stage.state(1, ticket, id), "elsewhere");
    assert_eq!(fetch(&stage, 1, ticket, id).expect("fetched"), bytes);
}

#[test]
fn fault_007_a_full_disk_saves_nothing_of_a_photo() {
    let (mut stage, ticket) = stage(1);
    let before = stage.phones[0].status().expect("a status").saved_here;
    // In the photo, in its thumbnail, and in the database.
    for room in [1_000, 0] {
        stage.phones[0].limit_photo_bytes(Some(room));
        let told = stage.take(0, ticket, photo(7, 300_000, "full"));
        assert!(matches!(told, Err(EngineError::DiskFull)), "{told:?}");
        assert_eq!(
            Stage::files(&stage.photos_of(0)),
            Vec::<std::path::PathBuf>::new()
        );
    }
    stage.phones[0].limit_photo_bytes(None);
    stage.phones[0].limit_pages(Some(0)).expect("a limit");
    let told = stage.take(0, ticket, photo(7, 300_000, &"full ".repeat(40)));
    let mut n = 0;
    let mut told = told;
    while told.is_ok() && n < 200 {
        n += 1;
        told = stage.take(0, ticket, photo(100 + n, 5_000, &"full ".repeat(40)));
    }
    assert!(matches!(told, Err(EngineError::DiskFull)), "{told:?}");
    stage.phones[0].limit_pages(None).expect("room again");
    let saved = stage.phones[0].status().expect("a status").saved_here - before;
    let files = Stage::files(&stage.photos_of(0)).len() as u64;
    assert_eq!(
        files,
        saved * 2,
        "each photo that is saved has its two files, and no other"
    );
    stage.restart_phone(0);
    stage
        .take(0, ticket, photo(8, 300_000, "room again"))
        .expect("saved");
    stage.sync(0).expect("synced");
    assert_eq!(stage.count(BLOBS) as u64, (saved + 1) * 2);
}

fn purge(stage: &Stage, n: usize, name: BlobHash) {
    let name = name.to_string();
    let path = stage.photos_of(n).join(&name[..2]).join(&name);
    std::fs::remove_file(path).expect("the file was there");
}

#[test]
fn fault_019_a_photo_the_system_purged_is_told_on_the_phone_and_at_hq() {
    let (mut stage, ticket) = stage(1);
    let new = photo(19, 300_000, "断裂的轴");
    let name = BlobHash::of(&new.bytes);
    let id = stage.take(0, ticket, new).expect("saved");
    let kept = stage
        .take(0, ticket, photo(20, 9_000, "the other"))
        .expect("saved");
    purge(&stage, 0, name);
    stage.restart_phone(0);
    let lost = stage.phones[0].status().expect("a status").photos.lost;
    assert_eq!(lost.len(), 1, "told before anything is sent");
    assert_eq!((lost[0].operation, lost[0].caption.as_str()), (id, "断裂的轴"));
    assert!(lost[0].number.starts_with("W-"), "{lost:?}");
    stage.sync(0).expect("synced");
    assert_eq!(stage.state(0, ticket, id), "lost");
    assert_eq!(stage.state(0, ticket, kept), "at_hq", "others do not wait for it");
    let told = "SELECT count(*) FROM blob_wanted WHERE lost_at IS NOT NULL";
    assert_eq!(stage.count(told), 1, "HQ knows that it will not come");
    assert_eq!(stage.count("SELECT count(*) FROM event WHERE act = 'photo'"), 2);
    // Told once, and not again at every sync.
    stage.sync(0).expect("synced");
    assert_eq!(stage.count(told), 1);
}

#[test]
fn fault_014_photos_of_which_the_storage_lost_every_line_go_up_all_the_same() {
    let (mut stage, ticket) = stage(1);
    let sent = stage.take(0, ticket, photo(14, 9_000, "sent")).expect("saved");
    stage.sync(0).expect("synced");
    let unsent = stage
        .take(0, ticket, photo(15, 9_000, "not sent"))
        .expect("saved");
    let gone = stage
        .take(0, ticket, photo(16, 9_000, "gone too"))
        .expect("saved");
    purge(&stage, 0, BlobHash::of(&photo(14, 9_000, "").bytes));
    purge(&stage, 0, BlobHash::of(&photo(16, 9_000, "").bytes));
    stage.damage_phone(0, "DELETE FROM blob");
    stage.sync(0).expect("synced");
    let states = [sent, unsent, gone].map(|id| stage.state(0, ticket, id));
    assert_eq!(states, ["at_hq", "at_hq", "lost"]);
    assert_eq!(stage.phones[0].status().expect("a status").photos.lost.len(), 1);
}

#[test]
fn fault_011_a_photo_whose_store_was_put_back_goes_up_when_hq_gives_the_words_back() {
    let (mut stage, ticket) = stage(1);
    let before = stage.copy_phone(0);
    let id = stage
        .take(0, ticket, photo(11, 90_000, "words first"))
        .expect("saved");
    // The words arrive, and the line breaks before the bytes do.
    stage.sync_metered(0).expect("synced");
    assert_eq!((stage.state(0, ticket, id), stage.count(BLOBS)), ("waiting", 1));
    stage.put_back_phone(0, &before);
    for _ in 0..3 {
        stage.sync(0).expect("synced");
    }
    assert_eq!((stage.state(0, ticket, id), stage.count(BLOBS)), ("at_hq", 2));
}

#[test]
fn a_photo_that_was_lost_is_taken_again_and_reaches_hq() {
    let (mut stage, ticket) = stage(1);
    let new = photo(12, 9_000, "again");
    stage.take(0, ticket, new.clone()).expect("saved");
    purge(&stage, 0, BlobHash::of(&new.bytes));
    stage.restart_phone(0);
    stage.sync(0).expect("synced");
    let told = "SELECT count(*) FROM blob_wanted WHERE lost_at IS NOT NULL";
    assert_eq!(stage.count(told), 1);
    let again = stage.take(0, ticket, new).expect("saved");
    stage.sync(0).expect("synced");
    assert_eq!((stage.state(0, ticket, again), stage.count(told)), ("at_hq", 0));
    assert_eq!(stage.phones[0].status().expect("a status").photos.lost, []);
}

fn parts(data: &Path) -> Vec<std::path::PathBuf> {
    Stage::files(&data.join("blobs").join("part"))
}

#[test]
fn fault_032_an_upload_cut_at_every_64_kb_arrives_though_its_part_is_lost_once() {
    let (stage, ticket) = stage(1);
    let new = photo(32, 1_000_000, "long");
    let id = stage.take(0, ticket, new).expect("saved");
    stage.net.cut_after.store(64 * 1024, Ordering::Relaxed);
    let mut syncs = 0;
    let mut lost = 0;
    while stage.state(0, ticket, id) == "waiting" {
        syncs += 1;
        assert!(syncs < 60, "it goes on where it was cut");
        stage.sync(0).ok();
        if syncs == 6 {
            let parts = parts(&stage.data());
            assert_eq!(parts.len(), 1);
            let length = parts[0].metadata().expect("a part").len();
            assert!(length > 0 && length.is_multiple_of(64 * 1024), "{length}");
            std::fs::remove_file(&parts[0]).expect("the server loses it");
            lost += 1;
        }
    }
    assert_eq!(stage.state(0, ticket, id), "at_hq");
    assert_eq!(lost, 1);
    let cuts = stage.net.cuts.load(Ordering::Relaxed);
    assert!((15..=25).contains(&cuts), "{cuts}");
    let sent = stage.net.bytes.load(Ordering::Relaxed);
    assert!(
        sent < 1_002_000 + 7 * 64 * 1024,
        "{sent}: only what was lost went twice"
    );
    assert_eq!(parts(&stage.data()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn fault_032_bytes_damaged_on_the_way_are_refused_and_sent_again() {
    let (stage, ticket) = stage(1);
    let id = stage
        .take(0, ticket, photo(33, 400_000, "damaged on the way"))
        .expect("saved");
    stage.net.damage.store(true, Ordering::Relaxed);
    stage.sync(0).expect("synced");
    assert_eq!(stage.net.damaged.load(Ordering::Relaxed), 1);
    assert_eq!(stage.state(0, ticket, id), "at_hq");
    assert_eq!(fetch_at_hq(&stage), 2);
}

/// How many of HQ's files hold what their names say.
fn fetch_at_hq(stage: &Stage) -> usize {
    let whole = |path: &std::path::PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        std::fs::read(path).is_ok_and(|bytes| BlobHash::of(&bytes).to_string() == name)
    };
    Stage::files(&stage.data().join("blobs"))
        .iter()
        .filter(|path| whole(path))
        .count()
}

#[test]
fn fault_032_without_a_look_at_the_bytes_hq_keeps_damage() {
    let (stage, ticket) = stage(1);
    stage.app().plant(ServerBug::BlobUnverified);
    stage
        .take(0, ticket, photo(34, 400_000, "damaged on the way"))
        .expect("saved");
    stage.net.damage.store(true, Ordering::Relaxed);
    stage.sync(0).expect("synced");
    assert_eq!(fetch_at_hq(&stage), 1, "the thumbnail or the photo is damaged");
}

#[test]
fn fault_067_files_older_than_the_database_come_again_or_are_told_as_lost() {
    let (mut stage, ticket) = stage(2);
    let early = stage
        .take(0, ticket, photo(67, 200_000, "kept by its author"))
        .expect("saved");
    stage.sync(0).expect("synced");
    let gone = photo(68, 200_000, "kept by nobody");
    let name = BlobHash::of(&gone.bytes);
    let gone = stage.take(0, ticket, gone).expect("saved");
    let seen = photo(69, 200_000, "kept by a colleague");
    let seen_name = BlobHash::of(&seen.bytes);
    let seen = stage.take(0, ticket, seen).expect("saved");
    stage.sync(0).expect("synced");
    stage.sync(1).expect("synced");
    fetch(&stage, 1, ticket, seen).expect("the colleague looks at it");
    let whole = stage.count(BLOBS);
    // The author's phone made room.
    purge(&stage, 0, name);
    purge(&stage, 0, seen_name);
    // The database is today's, the files are of a day before there were photos.
    stage.stop();
    std::fs::remove_dir_all(stage.data().join("blobs")).expect("the files are gone");
    stage.start();
    stage.keep();
    assert_eq!(stage.count(BLOBS), 0);
    for _ in 0..3 {
        stage.sync(0).expect("synced");
        stage.sync(1).expect("synced");
    }
    assert_eq!(stage.state(0, ticket, early), "at_hq");
    let missed = format!("SELECT count(*) FROM blob_wanted WHERE hash = x'{name}' AND lost_at IS NOT NULL");
    assert_eq!(stage.count(&missed), 1, "HQ was told");
    let check = stage.runtime.block_on(stage.app().check(false)).expect("checked");
    assert_eq!((check.blobs_asked, check.blobs_lost), (0, 1));
    assert_eq!(stage.state(0, ticket, gone), "lost", "and so was the engineer");
    assert_eq!(
        stage.count("SELECT count(*) FROM blob_wanted"),
        1,
        "all others came again"
    );
    assert_eq!(fetch_at_hq(&stage), whole - 1);
    assert_eq!(stage.state(1, ticket, seen), "elsewhere");
}

/// HQ loses its files after a phone sent photos, a backup is taken, and the phone comes again when it may make room.
/// Returns how many of the photos are on the phone, and how many blobs HQ has.
fn hq_loses_files_and_is_backed_up(photos: u32, and_then: impl Fn(&Stage, TicketId)) -> (usize, usize) {
    let (mut stage, ticket) = stage(2);
    for n in 0..photos {
        stage
            .take(0, ticket, photo(500 + n, 9_000, "kept"))
            .expect("saved");
    }
    stage.sync(0).expect("synced");
    assert_eq!(stage.count(BLOBS), 2 * photos as usize);
    stage.pass(20 * DAY_MS);
    stage.stop();
    std::fs::remove_dir_all(stage.data().join("blobs")).expect("the files are gone");
    stage.start();
    stage.keep();
    and_then(&stage, ticket);
    let _ = stage.ticket(&[0]);
    let _ = stage.back_up("after");
    for _ in 0..4 {
        let _ = stage.ticket(&[0]);
        stage.sync(0).expect("synced");
    }
    (Stage::files(&stage.photos_of(0)).len(), stage.count(BLOBS))
}

#[test]
fn fault_067_no_phone_makes_room_for_what_hq_lost_before_a_backup() {
    let photos: u32 = 12;
    let all = 2 * photos as usize;
    assert_eq!(
        hq_loses_files_and_is_backed_up(photos, |_, _| ()),
        (all, all),
        "more than HQ asks for at once"
    );
}

#[test]
fn fault_067_what_hq_lost_of_a_ticket_that_left_the_phone_comes_again() {
    let leaves = |stage: &Stage, ticket: TicketId| {
        stage.at_hq(&format!(
            "DELETE FROM scope WHERE document = '{}'",
            DocumentId::from(ticket)
        ));
    };
    assert_eq!(hq_loses_files_and_is_backed_up(1, leaves), (2, 2));
}

#[test]
fn fault_067_no_phone_makes_room_by_a_backup_from_before_a_colleague_brought_the_photo_back() {
    let (mut stage, ticket) = stage(2);
    let new = photo(540, 9_000, "both took it");
    stage.take(0, ticket, new.clone()).expect("saved");
    stage.sync(0).expect("synced");
    stage.pass(20 * DAY_MS);
    stage.stop();
    std::fs::remove_dir_all(stage.data().join("blobs")).expect("the files are gone");
    stage.start();
    stage.keep();
    let _ = stage.ticket(&[0]);
    let _ = stage.back_up("lacks it");
    stage.sync(1).expect("synced");
    stage.take(1, ticket, new).expect("saved");
    for _ in 0..2 {
        stage.sync(1).expect("synced");
    }
    assert_eq!(stage.count(BLOBS), 2, "the colleague brought it");
    let comes = |stage: &mut Stage| {
        for _ in 0..4 {
            let _ = stage.ticket(&[0]);
            stage.sync(0).expect("synced");
        }
        Stage::files(&stage.photos_of(0)).len()
    };
    assert_eq!(comes(&mut stage), 2, "that backup lacks it");
    let _ = stage.back_up("has it");
    assert_eq!(comes(&mut stage), 1, "the thumbnail stays");
}

#[test]
fn fault_067_files_newer_than_the_database_are_found_again() {
    let (mut stage, ticket) = stage(2);
    stage.sync(0).expect("synced");
    let backup = stage.back_up("old");
    let new = photo(70, 200_000, "after the backup");
    let name = BlobHash::of(&new.bytes);
    let bytes = new.bytes.clone();
    let id = stage.take(0, ticket, new).expect("saved");
    stage.sync(0).expect("synced");
    // Another backup covered it, so that the phone made room, and that one is lost.
    purge(&stage, 0, name);
    stage.restore(&backup, |_| ());
    assert_eq!(
        stage.count("SELECT count(*) FROM blob_ref"),
        0,
        "the record went back"
    );
    for _ in 0..3 {
        stage.sync(0).expect("healed");
        stage.sync(1).expect("healed");
    }
    stage.keep();
    stage.pass(2 * DAY_MS);
    stage.sync(0).expect("synced");
    assert_eq!(stage.state(0, ticket, id), "at_hq", "nobody calls it lost");
    assert_eq!(stage.count("SELECT count(*) FROM blob_wanted"), 0);
    assert_eq!(fetch(&stage, 1, ticket, id).expect("it is there"), bytes);
}

/// An engineer names a colleague's photo in his own ticket, and asks for its bytes.
fn names_a_foreign_photo(bug: Option<ServerBug>) -> Result<Vec<u8>, EngineError> {
    let stage = Stage::new(2);
    bug.into_iter().for_each(|bug| stage.app().plant(bug));
    let (his, mine) = (stage.ticket(&[0]), stage.ticket(&[1]));
    stage.sync(0).expect("synced");
    stage.sync(1).expect("synced");
    let secret = photo(97, 200_000, "secret");
    stage.take(0, his, secret.clone()).expect("saved");
    stage.sync(0).expect("synced");
    // He knows the name: his phone makes the operation as any phone does, and loses the bytes.
    let named = stage.take(1, mine, secret.clone()).expect("saved");
    for bytes in [&secret.bytes, secret.thumb.as_ref().expect("a thumbnail")] {
        purge(&stage, 1, BlobHash::of(bytes));
    }
    if bug.is_some() {
        // What a hostile phone does: it asks how far HQ is, and goes no further.
        let path = stage.phones[1].clone();
        let token = path.token().expect("a token");
        stage.sync(1).expect("synced");
        let hash = BlobHash::of(&secret.bytes);
        let asked = stage.app().blob_offset(&token, DocumentId::from(mine), hash);
        let got = stage.runtime.block_on(asked).expect("an answer");
        return if got.whole.is_some() {
            Ok(secret.bytes)
        } else {
            fetch(&stage, 1, mine, named)
        };
    }
    stage.sync(1).expect("synced");
    assert_eq!(stage.count("SELECT count(*) FROM blob_ref"), 4, "both name it");
    fetch(&stage, 1, mine, named)
}

#[test]
fn fault_097_a_reference_to_a_foreign_photo_gives_no_right_to_it() {
    let told = names_a_foreign_photo(None);
    assert_eq!(
        told.as_ref().map_err(EngineError::code),
        Err("not_found"),
        "{told:?}"
    );
}

#[test]
fn fault_097_where_a_name_counts_for_the_bytes_anybody_gets_them() {
    assert!(names_a_foreign_photo(Some(ServerBug::NameIsProof)).is_ok());
}

/// The bytes are there, the words that refer to them are still under way, and the files are looked after.
fn cleared_between(bug: Option<ServerBug>) -> (Stage, usize) {
    let (stage, ticket) = stage(1);
    bug.into_iter().for_each(|bug| stage.app().plant(bug));
    let new = photo(98, 200_000, "first the bytes");
    let hash = BlobHash::of(&new.bytes);
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(new.bytes.clone().into())]);
    let token = stage.phones[0].token().expect("a token");
    let length = new.bytes.len() as u64;
    let sent = stage
        .app()
        .blob_append(&token, (DocumentId::from(ticket), hash), (0, length), pieces);
    let got = stage.runtime.block_on(sent).expect("sent");
    assert!(got.whole.is_some());
    assert_eq!(
        stage.count("SELECT count(*) FROM blob_ref"),
        0,
        "nothing refers to it yet"
    );
    stage.pass(UNREFERENCED_KEEP_MS - DAY_MS);
    let deleted = stage.keep().deleted;
    (stage, deleted)
}

#[test]
fn fault_098_what_nothing_refers_to_yet_stays_until_it_is_old() {
    let (stage, deleted) = cleared_between(None);
    assert_eq!((deleted, stage.count(BLOBS)), (0, 1));
    stage.pass(2 * DAY_MS);
    assert_eq!(stage.keep().deleted, 1, "and goes then");
    assert_eq!((stage.count(BLOBS), fetch_at_hq(&stage)), (0, 0));
    assert_eq!(stage.count("SELECT count(*) FROM blob_proof"), 0);
}

/// Its words are held because the phone was revoked meanwhile, and nobody decides for months.
#[test]
fn fault_098_a_photo_of_held_work_stays_until_somebody_decides() {
    let (stage, ticket) = stage(1);
    let new = photo(99, 200_000, "held");
    let hash = BlobHash::of(&new.bytes);
    let operation = stage.take(0, ticket, new.clone()).expect("saved");
    let token = stage.phones[0].token().expect("a token");
    let (place, length) = ((DocumentId::from(ticket), hash), new.bytes.len() as u64);
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(new.bytes.into())]);
    let sent = stage.app().blob_append(&token, place, (0, length), pieces);
    assert!(stage.runtime.block_on(sent).expect("sent").whole.is_some());
    let device = stage.phones[0].status().expect("a status").device;
    let revoked = stage.app().revoke(device.expect("it is enrolled"));
    assert!(stage.runtime.block_on(revoked).expect("revoked"));
    stage.sync(0).expect("a revoked phone pushes");
    assert_eq!(
        stage.count("SELECT count(*) FROM refused WHERE code = 'device_revoked'"),
        1,
        "the fault fired"
    );
    stage.pass(UNREFERENCED_KEEP_MS + DAY_MS);
    assert_eq!((stage.keep().deleted, stage.count(BLOBS)), (0, 1));
    let adopted = stage.app().adopt(operation, cast::dispatcher());
    stage.runtime.block_on(adopted).expect("taken over");
    let named = format!("SELECT count(*) FROM blob_ref WHERE hash = x'{hash}'");
    assert_eq!((stage.count(&named), stage.count(BLOBS)), (1, 1));
}

#[test]
fn fault_098_without_regard_to_age_it_goes_between_upload_and_reference() {
    let (stage, deleted) = cleared_between(Some(ServerBug::BlobAgeForgotten));
    assert_eq!((deleted, stage.count(BLOBS)), (1, 0));
}

/// A phone with a photo HQ has, long enough ago that room may be made.
fn old_photo(bug: Option<Bug>) -> (Stage, TicketId, usize) {
    let (stage, ticket) = stage(1);
    bug.into_iter().for_each(|bug| stage.phones[0].plant(bug));
    stage.take(0, ticket, photo(5, 200_000, "old")).expect("saved");
    stage.sync(0).expect("synced");
    stage.pass(20 * DAY_MS);
    stage.sync(0).expect("synced");
    let here = Stage::files(&stage.photos_of(0)).len();
    (stage, ticket, here)
}

#[test]
fn a_photo_stays_on_the_phone_until_a_backup_of_hq_holds_it() {
    let (stage, ticket, here) = old_photo(None);
    assert_eq!(here, 2, "HQ has it, and nobody else");
    let _older = stage.back_up("holds it");
    let _ = stage.ticket(&[0]);
    stage.sync(0).expect("synced");
    assert_eq!(
        Stage::files(&stage.photos_of(0)).len(),
        2,
        "whether that backup holds it cannot be told"
    );
    let backup = stage.back_up("holds it surely");
    let _ = stage.ticket(&[0]);
    stage.sync(0).expect("synced");
    assert_eq!(Stage::files(&stage.photos_of(0)).len(), 1, "the thumbnail stays");
    assert_eq!(
        Stage::files(&backup.join("blobs")).len(),
        4,
        "two blobs, shown for one ticket each"
    );
    let view =
        fieldline_engine::clock::with_moment(|m| stage.phones[0].ticket(ticket, m)).expect("the ticket");
    assert_eq!((view.photos[0].state, view.photos[0].here), ("at_hq", false));
}

/// Damages one file of HQ's, or takes it away; links to it in backups stay as they are.
fn spoil(path: &Path, to: Option<&[u8]>) {
    std::fs::remove_file(path).expect("the file was there");
    to.into_iter()
        .for_each(|bytes| std::fs::write(path, bytes).expect("written"));
}

/// HQ counted such a backup as the second copy, and the phone made room of the last one.
#[test]
fn a_photo_stays_on_the_phone_while_backups_lack_its_file_and_comes_again_when_asked_for() {
    let (stage, _, here) = old_photo(None);
    let mut files = Stage::files(&stage.data().join("blobs"));
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "shown"));
    assert_eq!((here, files.len()), (2, 2));
    let damaged = std::fs::read(&files[0]).expect("a photo").len();
    spoil(&files[0], Some(&vec![7; damaged]));
    spoil(&files[1], None);
    for name in ["lacks one", "lacks it still"] {
        let copy = fieldline_server::backup::verify(&stage.back_up(name)).expect("a backup");
        let FileFaults {
            missing,
            damaged,
            unreadable,
        } = copy.blob_faults;
        assert_eq!((missing.len(), damaged.len(), unreadable.len()), (1, 1, 0));
        let _ = stage.ticket(&[0]);
        stage.sync(0).expect("synced");
    }
    assert_eq!(Stage::files(&stage.photos_of(0)).len(), 2, "the only copies");

    let check = |repair| {
        stage
            .runtime
            .block_on(stage.app().check(repair))
            .expect("checked")
    };
    let what = |report: &CheckReport| {
        report
            .findings
            .iter()
            .map(|finding| finding.what)
            .collect::<Vec<_>>()
    };
    let found = check(false);
    assert_eq!(what(&found), [Wrong::BlobMissing, Wrong::BlobDamaged]);
    assert_eq!((found.blobs, found.blobs_asked), (2, 0));
    let repair = check(true);
    assert_eq!(
        (repair.repaired, repair.blobs_given_up, repair.blobs_asked),
        (0, 2, 2)
    );
    let asked = check(false);
    assert_eq!(
        (asked.findings.len(), asked.blobs_asked, asked.blobs_lost),
        (0, 2, 0),
        "known, and no finding any more"
    );
    stage.sync(0).expect("synced");
    stage.sync(0).expect("synced");
    let after = check(false);
    assert_eq!(
        (after.findings.as_slice(), after.blobs, after.blobs_asked),
        (&[][..], 2, 0)
    );
}

#[test]
fn what_a_backup_has_whole_takes_the_place_of_a_damaged_file() {
    let (mut stage, _, _) = old_photo(None);
    let whole = stage.back_up("whole");
    let mut files = Stage::files(&stage.data().join("blobs"));
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "shown"));
    let before = std::fs::read(&files[0]).expect("a photo");
    spoil(&files[0], Some(&vec![7; before.len()]));
    stage.restore(&whole, |_| {});
    assert!(
        std::fs::read(&files[0]).expect("a photo") == before,
        "the backup's"
    );
    let check = stage.runtime.block_on(stage.app().check(false)).expect("checked");
    assert_eq!(check.findings, []);
}

#[test]
fn a_photo_that_is_for_two_tickets_stays_until_both_are_safe() {
    let (stage, first) = stage(1);
    let second = stage.ticket(&[0]);
    stage.sync(0).expect("synced");
    let both = photo(51, 9_000, "the same bytes");
    stage.take(0, first, both.clone()).expect("saved");
    stage.sync(0).expect("synced");
    let _ = stage.ticket(&[0]);
    let _backup = stage.back_up("holds the first");
    stage.pass(20 * DAY_MS);
    let waits = stage.take(0, second, both).expect("saved");
    // The words go up and the bytes wait for a Wi-Fi; there would be room to make.
    let _ = stage.ticket(&[0]);
    stage.sync_metered(0).expect("synced");
    let _ = stage.ticket(&[0]);
    stage.sync_metered(0).expect("synced");
    assert_eq!(stage.state(0, second, waits), "waiting");
    stage.sync(0).expect("synced");
    assert_eq!(stage.state(0, second, waits), "at_hq");
}

#[test]
fn a_photo_hq_had_lost_is_missed_by_no_ticket_once_it_is_back() {
    let (mut stage, first) = stage(1);
    let second = stage.ticket(&[0]);
    stage.sync(0).expect("synced");
    let both = photo(52, 9_000, "the same bytes");
    stage.take(0, first, both.clone()).expect("saved");
    stage.take(0, second, both).expect("saved");
    stage.sync(0).expect("synced");
    stage.stop();
    std::fs::remove_dir_all(stage.data().join("blobs")).expect("the files are gone");
    stage.start();
    stage.keep();
    assert_eq!(stage.count("SELECT count(*) FROM blob_wanted"), 4);
    stage.sync(0).expect("synced");
    assert_eq!(
        (
            stage.count(BLOBS),
            stage.count("SELECT count(*) FROM blob_wanted")
        ),
        (2, 0)
    );
}

#[test]
fn a_photo_that_a_copy_of_the_phone_called_lost_comes_from_the_other_a_day_later() {
    let (mut stage, ticket) = stage(1);
    let new = photo(53, 9_000, "on one of two phones");
    let names = [&new.bytes, new.thumb.as_ref().expect("a thumbnail")].map(|bytes| BlobHash::of(bytes));
    let id = stage.take(0, ticket, new).expect("saved");
    stage.sync(0).expect("synced");
    stage.stop();
    std::fs::remove_dir_all(stage.data().join("blobs")).expect("the files are gone");
    stage.start();
    stage.keep();
    // A copy of its data without the files is the same phone for HQ.
    let token = stage.phones[0].token().expect("a token");
    for name in names {
        let told = stage.app().blob_lost(&token, DocumentId::from(ticket), name);
        stage.runtime.block_on(told).expect("told");
    }
    stage.sync(0).expect("synced");
    assert_eq!(stage.count(BLOBS), 0, "it is believed for a day");
    stage.pass(DAY_MS + 60_000);
    stage.sync(0).expect("synced");
    assert_eq!(stage.state(0, ticket, id), "at_hq");
    assert_eq!(
        (
            stage.count(BLOBS),
            stage.count("SELECT count(*) FROM blob_wanted")
        ),
        (2, 0)
    );
}

#[test]
fn a_phone_that_makes_room_before_a_backup_may_hold_the_only_copy() {
    let (_stage, _, here) = old_photo(Some(Bug::PhotosPurgedUnsaved));
    assert_eq!(here, 1);
}
