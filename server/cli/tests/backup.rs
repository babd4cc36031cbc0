//! Backups of a running server and putting them back, as an administrator does it with the real binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Output;

use common::{Hq, Phone, Server, company, fieldline, json, run_with};
use serde_json::Value;

fn backup(data: &Path, to: &Path) -> Output {
    let mut command = fieldline();
    command.args(["backup", "--json", "--data"]).arg(data);
    command.arg("--to").arg(to).output().expect("the binary starts")
}

/// Takes a backup into this shelf; where it is.
fn taken(data: &Path, shelf: &Path) -> PathBuf {
    let said = good(&backup(data, shelf));
    PathBuf::from(said["backup"].as_str().unwrap())
}

fn restore(data: &Path, from: &Path, more: &[&str]) -> Output {
    let mut command = fieldline();
    command.args(["restore", "--json", "--data"]).arg(data);
    command
        .arg("--from")
        .arg(from)
        .args(more)
        .output()
        .expect("the binary starts")
}

fn code(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    json(output)["error"]["code"].as_str().expect("a code").to_owned()
}

fn good(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    json(output)
}

fn number(database: &Path, sql: &str) -> i64 {
    let database = rusqlite::Connection::open(database).unwrap();
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn text(data: &Path, key: &str) -> String {
    let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
    let sql = "SELECT coalesce((SELECT value FROM meta WHERE key = ?1), '')";
    database.query_row(sql, [key], |row| row.get(0)).unwrap()
}

const TICKETS: &str = "SELECT count(*) FROM ticket";

/// A company with one ticket, its backup, and one ticket more.
fn gone_on(dir: &Path) -> (PathBuf, PathBuf) {
    let data = dir.join("data");
    company(&data);
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let copy = taken(&data, &dir.join("copies"));
    hq.offer(hq.engineer("Chen Liqun"), "异响");
    (data, copy)
}

#[test]
fn a_running_server_is_backed_up_without_its_keys_and_nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let (data, shelf) = (dir.path().join("data"), dir.path().join("backups/nightly"));
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    phone.good(&["sync"]);

    let said = good(&backup(&data, &shelf));
    let copy = PathBuf::from(said["backup"].as_str().unwrap());
    assert_eq!(copy.parent(), Some(shelf.as_path()), "made where nothing was");
    let manifest = &said["manifest"];
    assert_eq!(
        (manifest["tickets"].as_u64(), manifest["company"].as_str()),
        (Some(1), Some("晨光维修"))
    );
    assert!(
        said["ms"].as_i64().is_some() && manifest["bytes"].as_u64() > Some(100_000),
        "{said}"
    );
    let mut names: Vec<_> = std::fs::read_dir(&copy)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["fieldline.db", "manifest.json"]);
    let database = std::fs::read(copy.join("fieldline.db")).unwrap();
    let keys: Vec<_> = std::fs::read_dir(data.join("keys")).unwrap().collect();
    assert!(!keys.is_empty());
    for key in keys {
        let key = std::fs::read_to_string(key.unwrap().path()).unwrap();
        let (hex, raw) = (key.trim().as_bytes(), hex_bytes(key.trim()));
        let holds = |bytes: &[u8]| database.windows(bytes.len()).any(|window| window == bytes);
        assert!(!holds(hex) && !holds(&raw), "a key is in the backup");
    }
    assert_eq!(text(&data, "backup_seq"), manifest["seq"].to_string());

    assert_eq!(code(&backup(&data, &copy)), "backup_exists");
    let shelf = dir.path().join("shelf");
    std::fs::create_dir(&shelf).unwrap();
    let inside = good(&backup(&data, &shelf))["backup"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(Path::new(&inside).starts_with(&shelf) && Path::new(&inside).join("manifest.json").is_file());
    assert_eq!(
        code(&restore(&data, &copy, &[])),
        "data_in_use",
        "the server runs"
    );
    assert_eq!(code(&backup(&dir.path().join("nowhere"), &shelf)), "data_missing");
}

fn hex_bytes(text: &str) -> Vec<u8> {
    let byte = |n: usize| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap();
    (0..text.len() / 2).map(byte).collect()
}

#[test]
fn a_newer_record_gives_way_only_when_told_to_and_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    let epoch = text(&data, "epoch");
    assert_eq!(code(&restore(&data, &copy, &[])), "would_go_back");
    assert_eq!(
        (number(&data.join("fieldline.db"), TICKETS), text(&data, "epoch")),
        (2, epoch.clone())
    );

    let said = good(&restore(&data, &copy, &["--yes-go-back"]));
    let restored = &said["restored"];
    assert!(
        restored["lost"].as_u64() > Some(0) && restored["keys_there"] == true,
        "{said}"
    );
    assert_eq!(number(&data.join("fieldline.db"), TICKETS), 1);
    assert_ne!(text(&data, "epoch"), epoch, "a new epoch");
    assert_eq!(text(&data, "backup_seq"), restored["backup"]["seq"].to_string());
    let aside = Path::new(restored["aside"].as_str().unwrap());
    assert_eq!(
        number(&aside.join("fieldline.db"), TICKETS),
        2,
        "the newer record is kept"
    );

    // The same again: nothing would be lost, so no word is needed; an epoch begins all the same.
    let epoch = text(&data, "epoch");
    assert_eq!(good(&restore(&data, &copy, &[]))["restored"]["lost"], 0);
    assert_ne!(text(&data, "epoch"), epoch);
}

/// What a restore moved aside was "no backup", and nothing said how to go back to it.
#[test]
fn what_a_restore_moved_aside_can_be_put_back_as_it_says() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    let said = good(&restore(&data, &copy, &["--yes-go-back"]));
    let aside = PathBuf::from(said["restored"]["aside"].as_str().unwrap());
    let refused = restore(&data, &aside, &[]);
    assert_eq!(code(&refused), "no_backup");
    let words = json(&refused)["error"]["text"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        words.contains(&format!("fieldline backup --data {}", aside.display())),
        "{words}"
    );
    // Its keys are where they were; none can be kept of a directory that has none.
    let command = |from: &Path, shelf: &str| {
        let mut command = fieldline();
        command.args(["backup", "--data"]).arg(from);
        let output = command.arg("--to").arg(dir.path().join(shelf)).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let keys = data.canonicalize().unwrap().join("keys");
    let words = command(&aside, "words");
    assert!(
        words.contains(&format!("keep a copy of {}", keys.display())),
        "{words}"
    );
    let alone = dir.path().join("alone");
    std::fs::create_dir(&alone).unwrap();
    std::fs::copy(aside.join("fieldline.db"), alone.join("fieldline.db")).unwrap();
    let words = command(&alone, "words");
    assert!(
        words.contains("there are none in") && !words.contains("keep a copy of"),
        "{words}"
    );

    let again = taken(&aside, &dir.path().join("more"));
    good(&restore(&data, &again, &["--yes-go-back"]));
    assert_eq!(number(&data.join("fieldline.db"), TICKETS), 2);
}

#[test]
fn messages_are_held_after_a_restore_until_they_are_released() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    let release = || {
        let mut command = fieldline();
        command
            .args(["admin", "release-outbound", "--json", "--data"])
            .arg(&data);
        good(&command.output().unwrap())["released"].as_bool().unwrap()
    };
    assert!(!release(), "nothing was restored");
    assert_eq!(
        good(&restore(&data, &copy, &["--yes-go-back"]))["outbound_held"],
        true
    );
    assert_eq!(text(&data, "outbound_held"), "1");
    assert!(release());
    assert!(!release());
    assert_eq!(text(&data, "outbound_held"), "");
}

#[test]
fn what_was_closed_since_the_backup_stays_closed_and_nobody_is_signed_in() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let admin = |args: &[&str], input: &str| {
        let mut command = fieldline();
        command
            .arg("admin")
            .args(args)
            .args(["--json", "--data"])
            .arg(&data);
        good(&run_with(&mut command, input))
    };
    admin(
        &["user", "add", "mei", "--password-stdin"],
        "long enough for us\n",
    );
    admin(&["token", "add", "export", "--user", "boss"], "");
    let server = Server::start(&data, "127.0.0.1:0");
    let _phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    drop(server);
    let database = || rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
    let session = "INSERT INTO session (token_hash, staff, csrf, created_at, expires_at)
        SELECT x'01', id, 'x', 0, 9e15 FROM staff LIMIT 1";
    database().execute(session, []).unwrap();
    let copy = taken(&data, &dir.path().join("copies"));
    admin(&["user", "disable", "mei"], "");
    admin(&["token", "revoke", "export"], "");
    database()
        .execute("UPDATE device SET revoked_at = 5", [])
        .unwrap();

    let said = good(&restore(&data, &copy, &["--yes-go-back"]));
    assert_eq!(said["restored"]["closed_again"], 3, "{said}");
    let closed = "SELECT (SELECT count(*) FROM staff WHERE disabled_at > 0)
        + (SELECT count(*) FROM api_token WHERE revoked_at > 0) + (SELECT count(*) FROM device WHERE revoked_at = 5)";
    assert_eq!(number(&data.join("fieldline.db"), closed), 3);
    assert_eq!(
        number(&data.join("fieldline.db"), "SELECT count(*) FROM session"),
        0
    );
}

#[test]
fn a_newer_backup_put_back_after_an_older_one_opens_nothing_that_was_closed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let admin = |args: &[&str], input: &str| {
        let mut command = fieldline();
        command
            .arg("admin")
            .args(args)
            .args(["--json", "--data"])
            .arg(&data);
        good(&run_with(&mut command, input))
    };
    let older = taken(&data, &dir.path().join("older"));
    admin(
        &["user", "add", "mei", "--password-stdin"],
        "long enough for us\n",
    );
    admin(&["token", "add", "export", "--user", "boss"], "");
    let newer = taken(&data, &dir.path().join("newer"));
    admin(&["user", "disable", "mei"], "");
    admin(&["token", "revoke", "export"], "");

    // The older backup knows neither the account nor the token.
    good(&restore(&data, &older, &["--yes-go-back"]));
    let said = good(&restore(&data, &newer, &["--yes-go-back"]));
    assert_eq!(said["restored"]["closed_again"], 2, "{said}");
    let closed = "SELECT (SELECT count(*) FROM staff WHERE disabled_at > 0)
        + (SELECT count(*) FROM api_token WHERE revoked_at > 0)";
    assert_eq!(number(&data.join("fieldline.db"), closed), 2);
}

#[test]
fn what_is_not_a_whole_backup_of_this_company_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    assert_eq!(code(&restore(&data, dir.path(), &["--yes-go-back"])), "no_backup");

    let other = dir.path().join("other");
    company(&other);
    assert_eq!(code(&restore(&other, &copy, &["--yes-go-back"])), "other_company");

    let mut bytes = std::fs::read(copy.join("fieldline.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(copy.join("fieldline.db"), bytes).unwrap();
    assert_eq!(code(&restore(&data, &copy, &["--yes-go-back"])), "backup_damaged");
    assert_eq!(number(&data.join("fieldline.db"), TICKETS), 2);
    let left: Vec<_> = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("restor"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_record_that_does_not_hold_is_not_backed_up_and_an_unreadable_one_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    let database = data.join("fieldline.db");
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute("UPDATE ticket SET status = 'closed'", [])
        .unwrap();
    let second = dir.path().join("second");
    assert_eq!(code(&backup(&data, &second)), "data_unsound");
    assert_eq!(std::fs::read_dir(&second).unwrap().count(), 0);
    let before = text(&data, "backup_seq");

    std::fs::write(&database, vec![7; 50_000]).unwrap();
    assert_eq!(code(&restore(&data, &copy, &[])), "data_unreadable");
    let said = good(&restore(&data, &copy, &["--yes-go-back"]));
    assert_eq!(said["restored"]["closed_again"], Value::Null);
    let aside = Path::new(said["restored"]["aside"].as_str().unwrap());
    assert_eq!(
        std::fs::read(aside.join("fieldline.db")).unwrap(),
        vec![7; 50_000]
    );
    assert_eq!(
        (number(&database, TICKETS), text(&data, "backup_seq")),
        (1, before)
    );
}

/// The record tells of two files; one is not there, the bytes of the other are not those of its name.
#[test]
fn files_of_photos_that_are_missing_or_damaged_are_named_and_keep_nothing_from_being_backed_up() {
    let dir = tempfile::tempdir().unwrap();
    let (data, shelf) = (dir.path().join("data"), dir.path().join("shelf"));
    company(&data);
    let (gone, other) = ("ab".repeat(32), "cd".repeat(32));
    let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
    let sql = format!(
        "INSERT INTO blob (hash, size, media, at) VALUES (x'{gone}', 3, 'image/jpeg', 0), (x'{other}', 3, 'image/jpeg', 0)"
    );
    database.execute(&sql, []).unwrap();
    drop(database);
    std::fs::create_dir_all(data.join("blobs/cd")).unwrap();
    std::fs::write(data.join("blobs/cd").join(&other), b"abc").unwrap();

    let taken = backup(&data, &shelf);
    let said = json(&taken);
    assert_eq!(taken.status.code(), Some(1), "{said}");
    let lacks = serde_json::json!({ "missing": [gone.clone()], "damaged": [other.clone()] });
    assert_eq!(said["manifest"]["blob_faults"], lacks);
    assert_eq!(text(&data, "backup_seq"), "", "phones make no room by it");

    let copy = PathBuf::from(said["backup"].as_str().unwrap());
    let elsewhere = dir.path().join("elsewhere");
    let back = restore(&elsewhere, &copy, &[]);
    let said = json(&back);
    assert_eq!(back.status.code(), Some(1), "{said}");
    assert_eq!(said["restored"]["blob_faults"], lacks);
    assert_eq!(
        number(&elsewhere.join("fieldline.db"), TICKETS),
        0,
        "it is back all the same"
    );

    let check = |more: &[&str]| {
        let mut command = fieldline();
        command
            .args(["admin", "check", "--lang", "en", "--data"])
            .arg(&data);
        let output = command.args(more).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, words) = check(&[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("Problems found: 2"), "{words}");
    assert!(words.contains(&gone) && words.contains(&other), "{words}");
    let (code, words) = check(&["--repair"]);
    assert!(code == Some(0) && !words.contains("Put right"), "{words}");
    assert!(words.contains("given up, missing or damaged: 2"), "{words}");
    assert!(
        !words.contains("asked to send"),
        "no ticket refers to them: {words}"
    );
    let (code, words) = check(&[]);
    assert!(code == Some(0) && words.contains("All is well"), "{words}");
    assert!(good(&backup(&data, &shelf))["manifest"]["blob_faults"].is_null());
}

/// "All is well" was said while every phone had told that it has the photo no more.
#[test]
fn photos_that_are_waited_for_or_lost_are_said_and_not_called_well() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let says = |rows: &str| {
        let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
        let sql = format!(
            "DELETE FROM blob_wanted;
            INSERT INTO blob_wanted (document, hash, engineer, since, once_here, lost_at) VALUES {rows}"
        );
        database.execute_batch(&sql).unwrap();
        drop(database);
        let mut command = fieldline();
        command
            .args(["admin", "check", "--lang", "en", "--data"])
            .arg(&data);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(!words.contains("All is well"), "{words}");
        words
    };
    let (one, two) = ("ab".repeat(32), "cd".repeat(32));
    let words = says(&format!(
        "('a', x'{one}', 'e', 0, 1, 5), ('b', x'{one}', 'e', 0, 1, NULL), ('a', x'{two}', 'e', 0, 1, 5)"
    ));
    assert!(words.contains("send again: 1\n"), "{words}");
    assert!(words.contains("phone as well: 1."), "{words}");
    let words = says(&format!("('a', x'{two}', 'e', 0, 1, 5)"));
    assert!(
        words.contains("phone as well: 1.") && !words.contains("send again"),
        "{words}"
    );
}

/// A file that cannot be read was deleted as if it were damaged, and a damaged one was gone for good.
#[test]
fn a_repair_leaves_a_file_it_cannot_read_and_keeps_a_damaged_one() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let (damaged, unreadable) = ("cd".repeat(32), "ef".repeat(32));
    let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
    let sql = format!(
        "INSERT INTO blob (hash, size, media, at)
            VALUES (x'{damaged}', 3, 'image/jpeg', 0), (x'{unreadable}', 3, 'image/jpeg', 0)"
    );
    database.execute(&sql, []).unwrap();
    drop(database);
    for shelf in ["cd", "ef"] {
        std::fs::create_dir_all(data.join("blobs").join(shelf)).unwrap();
    }
    std::fs::write(data.join("blobs/cd").join(&damaged), b"abc").unwrap();
    // Opening it fails, for root too; deleting it would not.
    let looped = data.join("blobs/ef").join(&unreadable);
    std::os::unix::fs::symlink(&unreadable, &looped).unwrap();

    let check = |more: &[&str]| {
        let mut command = fieldline();
        command.args(["admin", "check", "--data"]).arg(&data).args(more);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        output
    };
    let report = json(&check(&["--repair", "--json"]));
    assert!(looped.symlink_metadata().is_ok(), "it is as it was: {report}");
    let kept: Vec<_> = std::fs::read_dir(data.join("blobs/damaged"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), b"abc");
    assert!(kept[0].display().to_string().contains(&damaged), "{kept:?}");
    let words = String::from_utf8(check(&["--lang", "en"]).stdout).unwrap();
    assert!(
        words.contains(&format!("{unreadable} of a photo or manual cannot be read")),
        "{words}"
    );
    assert!(!words.contains(&damaged), "{words}");
}

/// Fills the first page of a table with what is none.
fn damage(database: &Path, table: &str) {
    let sql = format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'");
    let page = usize::try_from(number(database, &sql)).unwrap();
    let size = usize::try_from(number(database, "PRAGMA page_size")).unwrap();
    let open = rusqlite::Connection::open(database).unwrap();
    let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
    open.query_row(fold, [], |_| Ok(())).unwrap();
    drop(open);
    let mut bytes = std::fs::read(database).unwrap();
    bytes[(page - 1) * size..page * size].fill(0xff);
    std::fs::write(database, bytes).unwrap();
}

/// The server said "is running" and answered 500 to everything that needed the page.
#[test]
fn a_damaged_database_is_not_served_and_a_backup_takes_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    damage(&data.join("fieldline.db"), "counter");
    for (lang, said) in [("en", "is damaged"), ("zh", "已损坏")] {
        let serve = ["serve", "--listen", "127.0.0.1:0"];
        for (command, names) in [(&serve[..], "fieldline admin check"), (&["admin", "check"], said)] {
            let mut run = fieldline();
            run.args(command)
                .args(["--json", "--lang", lang, "--data"])
                .arg(&data);
            let output = run.output().unwrap();
            assert_eq!(code(&output), "data_damaged");
            let text = json(&output)["error"]["text"].as_str().unwrap().to_owned();
            for word in [said, names, "fieldline restore"] {
                assert!(text.contains(word), "{text}");
            }
        }
    }
    let back = good(&restore(&data, &copy, &["--yes-go-back"]));
    assert_eq!(back["restored"]["closed_again"], Value::Null);
    assert_eq!(number(&data.join("fieldline.db"), TICKETS), 1);
    drop(Server::start(&data, "127.0.0.1:0"));
}

#[test]
fn a_machine_without_the_keys_is_told_of_them_and_a_phone_gives_its_work_back() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    assert_eq!(server.said["other_keys"], false);
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let hq = Hq::open(&data);
    let (_ticket, _) = hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    phone.good(&["sync"]);
    let copy = taken(&data, &dir.path().join("copies"));
    phone.good(&["list"]);
    phone.good(&["note", "1", "后来写的"]);
    phone.good(&["sync"]);
    let address = server.address();
    server.kill();
    drop(hq);

    let elsewhere = dir.path().join("elsewhere");
    let said = good(&restore(&elsewhere, &copy, &[]));
    assert_eq!(
        (&said["restored"]["keys_there"], &said["restored"]["aside"]),
        (&Value::Bool(false), &Value::Null)
    );
    let notes = "SELECT count(*) FROM event WHERE act = 'note'";
    assert_eq!(number(&elsewhere.join("fieldline.db"), notes), 0);
    let server = Server::start(&elsewhere, &address);
    assert_eq!(server.said["other_keys"], true);
    phone.good(&["sync"]);
    assert_eq!(
        number(&elsewhere.join("fieldline.db"), notes),
        1,
        "the phone gave it back"
    );
    assert_eq!(phone.good(&["status"])["saved_here"], 0);
}

/// To go forward again to the newer of two backups needed `--yes-go-back`, and "431 log entries" were said to be lost.
#[test]
fn going_forward_to_a_newer_backup_loses_nothing_and_what_was_written_since_counts_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (data, older) = gone_on(dir.path());
    let newer = taken(&data, &dir.path().join("copies"));
    good(&restore(&data, &older, &["--yes-go-back"]));
    assert_eq!(number(&data.join("fieldline.db"), TICKETS), 1);
    assert_eq!(good(&restore(&data, &newer, &[]))["restored"]["lost"], 0);
    assert_eq!(number(&data.join("fieldline.db"), TICKETS), 2);

    // Back once more; now the record goes on by itself, and only that would be lost.
    good(&restore(&data, &older, &["--yes-go-back"]));
    let database = data.join("fieldline.db");
    let entries = || number(&database, "SELECT max(seq) FROM log");
    let shared = entries();
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "漏墨");
    drop(hq);
    let own = entries() - shared;
    assert!(own > 0);
    let refused = restore(&data, &newer, &[]);
    assert_eq!(code(&refused), "would_go_back");
    let words = json(&refused)["error"]["text"].to_string();
    assert!(
        words.contains(&format!("knows {own} log entries")) || words.contains(&format!("多 {own} 条")),
        "{words}"
    );
    let back = good(&restore(&data, &newer, &["--yes-go-back"]));
    assert_eq!(back["restored"]["lost"], own);
}

/// Said "is no backup" of a backup whose database was whole.
#[test]
fn a_backup_whose_manifest_is_gone_or_changed_says_what_is_damaged_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    let manifest = copy.join("manifest.json");
    let whole = std::fs::read_to_string(&manifest).unwrap();
    let said = |lang: &str| {
        let mut command = fieldline();
        command.args(["restore", "--json", "--yes-go-back", "--lang", lang, "--data"]);
        let output = command.arg(&data).arg("--from").arg(&copy).output().unwrap();
        assert_eq!(code(&output), "backup_damaged");
        json(&output)["error"]["text"].as_str().unwrap().to_owned()
    };
    let chain = serde_json::from_str::<Value>(&whole).unwrap()["chain"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = whole.replace(&chain, &"0".repeat(64));
    let ways = [
        (None, "has no manifest.json", "缺少 manifest.json"),
        (Some(&whole[..whole.len() / 2]), "cannot be read", "无法读取"),
        (Some(other.as_str()), "do not fit together", "不符"),
    ];
    for (text, en, zh) in ways {
        match text {
            Some(text) => std::fs::write(&manifest, text).unwrap(),
            None => std::fs::remove_file(&manifest).unwrap(),
        }
        for (lang, words, more) in [("en", en, "Take another backup"), ("zh", zh, "请换一份备份")] {
            let text = said(lang);
            assert!(text.contains(words) && text.contains(more), "{text}");
            assert!(text.contains("fieldline backup --data"), "{text}");
        }
    }
    assert_eq!(
        number(&data.join("fieldline.db"), TICKETS),
        2,
        "nothing was changed"
    );
    // What it says to do helps.
    std::fs::remove_file(&manifest).unwrap();
    let again = taken(&copy, &dir.path().join("more"));
    good(&restore(&data, &again, &["--yes-go-back"]));
    // A server's own data is no backup that lost something.
    assert_eq!(code(&restore(&dir.path().join("x"), &data, &[])), "no_backup");
}

fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Put back in another directory a backup brought an erased customer back, and nothing said so.
#[test]
fn whom_a_restore_would_bring_back_is_erased_again_or_said() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = gone_on(dir.path());
    let mut erase = fieldline();
    erase.args(["admin", "erase-customer", "C001", "--yes", "--json", "--data"]);
    good(&erase.arg(&data).output().unwrap());
    let here = |name: &str| dir.path().join(name);

    // Nothing here knows of it.
    let again = |output: &Output| good(output)["restored"]["erased_again"].clone();
    assert_eq!(again(&restore(&here("bare"), &copy, &[])), Value::Null);
    for (lang, words) in [
        ("en", "copy that directory from the old data"),
        ("zh", "会重新出现"),
    ] {
        let mut command = fieldline();
        command
            .args(["restore", "--lang", lang, "--data"])
            .arg(here(lang));
        let said = command.arg("--from").arg(&copy).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.contains(words) && said.contains("erased"), "{said}");
    }

    // Taken along: the server erases before anybody reads.
    copy_directory(&data.join("erased"), &here("whole").join("erased"));
    assert_eq!(again(&restore(&here("whole"), &copy, &[])), 1);
    let known = "SELECT count(*) FROM erased";
    let database = here("whole").join("fieldline.db");
    assert_eq!(number(&database, known), 0);
    drop(Hq::open(&here("whole")));
    assert_eq!(number(&database, known), 1);

    // In its own place the record that gives way knows, also where the files are gone.
    std::fs::remove_dir_all(data.join("erased")).unwrap();
    assert_eq!(again(&restore(&data, &copy, &["--yes-go-back"])), 1);
    assert_eq!(std::fs::read_dir(data.join("erased")).unwrap().count(), 1);

    // Whoever keeps the keys is told to keep this as well.
    let mut command = fieldline();
    command.args(["backup", "--data"]).arg(&data);
    let said = command.arg("--to").arg(here("kept")).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("which customers are erased after it"), "{said}");
}
