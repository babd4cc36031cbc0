//! Encryption at rest: a key and a store that do not go together, told apart before anything is touched.

use std::fs;

#[cfg(feature = "encrypted")]
use fieldline_model::operation::Act;

use super::phone::Phone;
#[cfg(feature = "encrypted")]
use super::phone::test_key;
#[cfg(feature = "encrypted")]
use super::roads::start;
use crate::{Config, Engine, EngineError, StoreKey};

fn open_with(phone: &mut Phone, key: Option<StoreKey>) -> Result<Engine, EngineError> {
    phone.engine = None;
    let config = Config {
        path: phone.path(),
        app: "test".into(),
        key,
    };
    phone.moment(|moment| Engine::open(config, moment))
}

fn refused(phone: &mut Phone, key: Option<StoreKey>) -> String {
    open_with(phone, key).unwrap_err().code().to_owned()
}

fn files(phone: &Phone) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(phone.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_key_is_never_shown() {
    assert_eq!(format!("{:?}", StoreKey::new([0xAB; 32])), "StoreKey(..)");
}

#[cfg(not(feature = "encrypted"))]
#[test]
fn a_key_for_an_app_that_cannot_encrypt_is_refused_and_nothing_is_written_in_the_clear() {
    let mut phone = Phone::new();
    phone.engine = None;
    fs::remove_dir_all(phone.dir.path()).unwrap();
    fs::create_dir(phone.dir.path()).unwrap();
    assert_eq!(
        refused(&mut phone, Some(StoreKey::new([7; 32]))),
        "cipher_missing"
    );
    let written: usize = files(&phone).iter().map(|(_, bytes)| bytes.len()).sum();
    assert_eq!(written, 0);
}

#[test]
fn a_store_in_the_clear_does_not_open_with_a_key() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.db"), b"SQLite format 3\0 and the rest").unwrap();
    let found = crate::store::Store::open(&dir.path().join("a.db"), Some(&StoreKey::new([7; 32])));
    assert_eq!(found.err().unwrap().code(), "store_plain");
}

#[cfg(feature = "encrypted")]
#[test]
fn fault_018_a_wiped_or_foreign_key_is_loud_and_costs_nothing() {
    let (mut server, mut phone, ticket, visit) = start();
    phone.perform(ticket, Act::Accept { visit });
    phone.engine = None;
    let before = files(&phone);
    assert_eq!(refused(&mut phone, None), "store_key_missing");
    assert_eq!(
        refused(&mut phone, Some(StoreKey::new([8; 32]))),
        "store_key_wrong"
    );
    assert_eq!(files(&phone), before, "nothing was touched");

    phone.open().unwrap();
    assert_eq!(phone.engine().status().unwrap().saved_here, 1);
    phone.sync(&mut server);
    assert_eq!(phone.engine().status().unwrap().at_hq, 1);
}

#[cfg(feature = "encrypted")]
#[test]
fn where_the_keys_name_is_gone_the_key_still_opens_and_another_does_not() {
    let mut phone = Phone::new();
    phone.engine = None;
    let name = phone.path().with_extension("key-name");
    fs::remove_file(&name).unwrap();
    assert_eq!(refused(&mut phone, None), "store_damaged");
    assert_eq!(
        refused(&mut phone, Some(StoreKey::new([8; 32]))),
        "store_key_wrong"
    );
    assert!(!name.exists(), "a key that does not open it gives it no name");
    assert!(open_with(&mut phone, test_key()).is_ok());
    assert!(name.exists(), "it is written again");
}

#[cfg(feature = "encrypted")]
#[test]
fn nothing_a_person_wrote_stands_in_the_clear_in_any_file() {
    let (_, mut phone, ticket, _) = start();
    let words = "the spare key is under the third stone";
    phone.perform(ticket, Act::Note { text: words.into() });
    let holds = |phone: &Phone, needle: &[u8]| {
        files(phone)
            .iter()
            .any(|(_, bytes)| bytes.windows(needle.len()).any(|window| window == needle))
    };
    // Before and after the write-ahead log is folded in.
    assert!(!holds(&phone, words.as_bytes()));
    phone.engine().suspend().unwrap();
    assert!(!holds(&phone, words.as_bytes()) && !holds(&phone, b"SQLite format 3"));
}

/// Every file beside the store and below.
#[cfg(feature = "encrypted")]
fn below(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(below(&path));
        } else {
            all.push(path);
        }
    }
    all
}

#[cfg(feature = "encrypted")]
#[test]
fn no_photo_stands_in_the_clear_and_a_damaged_one_is_told() {
    use crate::{BlobStep, NewPhoto};
    use fieldline_model::blob::BlobHash;

    let (_, mut phone, ticket, _) = start();
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend((0..150_000_u32).map(|n| u8::try_from(n % 241).unwrap()));
    let hash = BlobHash::of(&bytes);
    let new = NewPhoto {
        bytes: bytes.clone(),
        caption: "the meter".into(),
        ..NewPhoto::default()
    };
    let engine = phone.engine.take().unwrap();
    phone
        .moment(|moment| engine.perform_photo(ticket, new, moment))
        .unwrap();
    phone.engine = Some(engine);
    let needle = &bytes[70_000..70_064];
    for path in below(phone.dir.path()) {
        let found = fs::read(&path).unwrap();
        assert!(
            !found.windows(64).any(|window| window == needle),
            "{}",
            path.display()
        );
    }
    let next = phone
        .engine()
        .blob_next(false, &std::collections::BTreeSet::default());
    assert!(
        matches!(next, Ok(Some(BlobStep::Send { size, .. })) if size == bytes.len() as u64),
        "{next:?}"
    );
    assert_eq!(
        phone.engine().blob_piece(hash, 65_000, 2_000).unwrap(),
        bytes[65_000..67_000]
    );
    assert_eq!(
        phone.engine().blob_bytes(ticket.into(), hash).unwrap(),
        Some(bytes)
    );
    let file = below(phone.dir.path())
        .into_iter()
        .find(|path| path.ends_with(hash.to_string()))
        .unwrap();
    let mut sealed = fs::read(&file).unwrap();
    sealed[100_000] ^= 1;
    fs::write(&file, sealed).unwrap();
    assert_eq!(phone.engine().blob_bytes(ticket.into(), hash).unwrap(), None);
    let next = phone
        .engine()
        .blob_next(false, &std::collections::BTreeSet::default());
    assert!(matches!(next, Ok(Some(BlobStep::TellLost { .. }))), "{next:?}");
    assert_eq!(phone.engine().status().unwrap().photos.lost.len(), 1);
}
