//! A phone whose data is gone or damaged says so, and makes nothing new in its place.

use std::fs;

use fieldline_model::operation::Act;

use super::phone::{Phone, test_key};
use super::server::Server;
use crate::{Config, Engine, EngineError};

/// A phone with a day's work on it, closed.
fn used() -> Phone {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, visit) = server.ticket(1);
    phone.sync(&mut server);
    phone.perform(ticket, Act::Accept { visit });
    phone.engine = None;
    phone
}

fn names(phone: &Phone) -> Vec<String> {
    let entries = fs::read_dir(phone.dir.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with("lock"))
        .collect();
    names.sort();
    names
}

/// Opens, which must fail; the code. Nothing may have changed by it, however often it is tried.
fn refused(phone: &mut Phone) -> String {
    let before = names(phone);
    let codes = [phone.open(), phone.open()].map(|opened| opened.unwrap_err().code().to_owned());
    assert_eq!(codes[0], codes[1]);
    assert_eq!(names(phone), before, "nothing is made anew");
    codes[0].clone()
}

#[test]
fn a_missing_or_empty_database_beside_the_installs_file_is_told() {
    let mut phone = used();
    fs::remove_file(phone.path()).unwrap();
    assert_eq!(refused(&mut phone), "store_missing");
    fs::write(phone.path(), "").unwrap();
    assert_eq!(refused(&mut phone), "store_empty");
    // A database in which nothing ever stood, from a tool that meant well.
    fs::remove_file(phone.path()).unwrap();
    let empty = rusqlite::Connection::open(phone.path()).unwrap();
    if cfg!(feature = "encrypted") {
        empty
            .pragma_update(
                None,
                "key",
                "x'0707070707070707070707070707070707070707070707070707070707070707'",
            )
            .unwrap();
    }
    empty.execute_batch("CREATE TABLE a (b); DROP TABLE a;").unwrap();
    drop(empty);
    assert_eq!(refused(&mut phone), "store_empty");
}

#[test]
fn a_write_ahead_log_without_its_database_is_not_thrown_away() {
    let phone = Phone::new();
    let wal = phone.path().with_extension("db-wal");
    let mut phone = phone;
    phone.engine = None;
    fs::remove_file(phone.path()).unwrap();
    fs::remove_file(phone.path().with_extension("install")).unwrap();
    fs::write(&wal, "work").unwrap();
    assert_eq!(refused(&mut phone), "store_missing");
    assert_eq!(fs::read(&wal).unwrap(), b"work");
}

#[test]
fn a_damaged_database_is_told() {
    let mut phone = used();
    let whole = fs::read(phone.path()).unwrap();
    assert!(whole.len() > 8_192);
    fs::write(phone.path(), &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refused(&mut phone), "store_damaged");
    fs::write(phone.path(), &whole[..100]).unwrap();
    assert_eq!(refused(&mut phone), "store_damaged");
    fs::write(phone.path(), b"no database, whatever its name, and rather long").unwrap();
    assert_eq!(refused(&mut phone), "store_damaged");
    fs::write(phone.path(), &whole).unwrap();
    phone.open().unwrap();
    assert_eq!(
        phone.engine().status().unwrap().saved_here,
        1,
        "the restored file has the work"
    );
}

#[test]
fn a_new_phone_is_no_lost_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut phone = Phone::new();
    phone.dir = dir;
    phone.open().unwrap();
    assert!(!phone.engine().status().unwrap().enrolled);
}

fn set_aside(phone: &mut Phone) -> Result<Option<std::path::PathBuf>, EngineError> {
    let config = Config {
        path: phone.path(),
        app: "test".into(),
        key: test_key(),
    };
    phone.moment(|moment| Engine::set_aside(&config, moment))
}

#[test]
fn what_is_left_is_moved_only_when_asked_and_can_be_moved_back() {
    let mut phone = used();
    assert_eq!(set_aside(&mut phone).unwrap(), None, "a sound store stays");
    let whole = fs::read(phone.path()).unwrap();
    fs::write(phone.path(), &whole[..whole.len() / 2]).unwrap();
    let aside = set_aside(&mut phone).unwrap().expect("moved");
    phone.open().unwrap();
    assert!(!phone.engine().status().unwrap().enrolled, "anew");
    phone.engine = None;
    assert_eq!(
        fs::read(aside.join("fieldline.db")).unwrap().len(),
        whole.len() / 2
    );
    assert!(aside.join("fieldline.install").exists());
    // The second time finds another place.
    fs::remove_file(phone.path()).unwrap();
    assert_ne!(set_aside(&mut phone).unwrap().expect("moved"), aside);
}

#[test]
fn damage_in_the_middle_of_the_file_can_be_set_aside_too() {
    let mut phone = used();
    let mut bytes = fs::read(phone.path()).unwrap();
    let pages = bytes.len() / 4_096;
    // Every page but the first and those of the identity: the store still opens.
    bytes[4_096 * (pages - 3)..].fill(0xa5);
    fs::write(phone.path(), &bytes).unwrap();
    assert!(set_aside(&mut phone).unwrap().is_some());
}
