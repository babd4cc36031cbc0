//! The server's keys where a record was put back without them, as an administrator meets it with the real binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{Hq, Phone, Server, company, fieldline, json};
use serde_json::Value;

fn run(args: &[&str], data: &Path) -> Output {
    let mut command = fieldline();
    command.args(args).args(["--json", "--data"]).arg(data);
    command.output().expect("the binary starts")
}

fn good(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    json(output)
}

/// What a check says of the keys, with its exit code.
fn check(data: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let output = run(&[&["admin", "check"], more].concat(), data);
    (output.status.code(), json(&output)["findings"].clone())
}

fn keys(what: &str, data: &Path) -> Value {
    serde_json::json!([{ "what": what, "id": data.join("keys").to_str().unwrap() }])
}

/// A backup of this data, put back where there are no keys.
fn put_back_elsewhere(data: &Path, dir: &Path) -> PathBuf {
    let mut command = fieldline();
    command.args(["backup", "--json", "--data"]).arg(data);
    let taken = good(&command.arg("--to").arg(dir.join("copies")).output().unwrap());
    let other = dir.join("other");
    let from = ["restore", "--from", taken["backup"].as_str().unwrap()];
    let said = good(&run(&from, &other));
    assert_eq!(said["restored"]["keys"], "missing");
    other
}

fn serve(data: &Path) -> Value {
    Server::start(data, "127.0.0.1:0").said["other_keys"].clone()
}

/// The command that the words of a restore and a check name, with the directory that was kept.
fn bring_back(from: &Path, to: &Path) {
    let output = run(&["admin", "check"], to);
    let mut command = fieldline();
    command.args(["admin", "check", "--lang", "en", "--data"]).arg(to);
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let begins = words
        .find("cp -a")
        .unwrap_or_else(|| panic!("{words} {output:?}"));
    let line = words[begins..].split([')', ';']).next().unwrap();
    let line = line.replace("OLD", from.to_str().unwrap());
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
}

/// `admin check` said "All is well" and made new keys without a word; the server then said nothing of them.
#[test]
fn looking_things_up_makes_no_keys_and_a_check_names_those_that_are_missing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let other = put_back_elsewhere(&data, dir.path());
    assert_eq!(check(&other, &[]), (Some(1), keys("keys_missing", &other)));
    assert_eq!(
        check(&other, &["--repair"]).0,
        Some(1),
        "nobody can write keys anew"
    );
    // Who only looks needs none; who writes something down is stopped.
    for command in [["user", "list"], ["token", "list"]] {
        good(&run(&["admin", command[0], command[1]], &other));
    }
    let output = run(&["admin", "user", "disable", "admin"], &other);
    assert_eq!(json(&output)["error"]["code"], "keys_missing");
    assert!(!other.join("keys").exists());
    for (lang, words) in [("en", "put them back"), ("zh", "没有这份数据的密钥")] {
        let mut command = fieldline();
        command
            .args(["admin", "check", "--lang", lang, "--data"])
            .arg(&other);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("--repair"), "it does not help: {said}");
    }
    // The way out that is named, where there is no directory yet.
    bring_back(&data, &other);
    assert_eq!(check(&other, &[]).0, Some(0));
    good(&run(&["admin", "user", "list"], &other));
    assert_eq!(serve(&other), false);
}

#[test]
fn the_server_says_each_time_that_the_keys_are_others_until_its_own_are_back() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let other = put_back_elsewhere(&data, dir.path());
    assert_eq!([serve(&other), serve(&other)], [true, true]);
    good(&run(&["admin", "user", "list"], &other));
    assert_eq!(check(&other, &[]), (Some(1), keys("keys_other", &other)));
    // Where there is a directory already, the same command puts them into it.
    bring_back(&data, &other);
    assert_eq!([serve(&other), serve(&other)], [false, false]);
    assert_eq!(check(&other, &[]).0, Some(0));
}

#[test]
fn keys_that_are_lost_for_good_give_way_to_others_when_somebody_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    // The receipt's alone: phones' proofs are under it.
    std::fs::remove_file(data.join("keys/receipt")).unwrap();
    assert_eq!(check(&data, &[]).1, keys("keys_missing", &data));
    assert_eq!(serve(&data), true);
    assert_eq!(check(&data, &["--repair"]).0, Some(0));
    assert_eq!(serve(&data), false);
    assert_eq!(check(&data, &[]).0, Some(0));
}

/// It lost the visit that came after the backup: its receipts could not be proved, and nobody had said why.
#[test]
fn a_phone_heals_a_record_that_was_looked_over_before_its_keys_came_back() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let other = put_back_elsewhere(&data, dir.path());
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    phone.good(&["sync"]);
    let address = server.address();
    server.kill();
    drop(hq);

    assert_eq!(check(&other, &[]).0, Some(1));
    bring_back(&data, &other);
    let server = Server::start(&other, &address);
    assert_eq!(server.said["other_keys"], false);
    phone.good(&["sync"]);
    let database = rusqlite::Connection::open(other.join("fieldline.db")).unwrap();
    let sql = "SELECT count(*) FROM ticket";
    let tickets: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(tickets, 1, "the phone gave it back");
}
