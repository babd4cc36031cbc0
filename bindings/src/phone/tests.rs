//! What can be told without a server.

use fieldline_model::id::TicketId;

use super::*;
use crate::act::Act;
use crate::codes::CodeSort;
use crate::record::{PartFilter, TicketFilter, TicketScope};

fn config(path: &std::path::Path) -> PhoneConfig {
    PhoneConfig {
        path: path.display().to_string(),
        app: "test".into(),
        key: None,
        ca_pem: None,
        allow_plain_http: false,
    }
}

fn code(error: &PhoneError) -> &str {
    let PhoneError::Failed { code, zh, en } = error;
    assert!(!zh.is_empty() && !en.is_empty(), "{code}");
    code
}

fn note() -> Act {
    Act::Note { text: "x".into() }
}

#[test]
fn errors_cross_the_border_with_a_code_and_words() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("phone.db");
    let phone = Phone::open(config(&path)).unwrap();
    assert!(!phone.status().unwrap().enrolled);
    assert_eq!(phone.whoami().unwrap(), None);
    let all = TicketFilter {
        scope: TicketScope::All,
        from_ms: None,
        to_ms: None,
        asset: None,
        limit: 500,
        offset: 0,
    };
    assert_eq!(phone.list(all).unwrap(), []);
    assert_eq!(
        code(&phone.perform("nonsense".into(), note()).unwrap_err()),
        "bad_id"
    );
    let ticket = TicketId::from_bytes([1; 16]).to_string();
    assert_eq!(code(&phone.perform(ticket, note()).unwrap_err()), "not_enrolled");
    assert_eq!(code(&phone.card().unwrap_err()), "not_enrolled");
    assert_eq!(
        code(&phone.export_bundle("x".into()).unwrap_err()),
        "card_unknown"
    );
    assert_eq!(
        code(&phone.import_bundle(b"x".to_vec()).unwrap_err()),
        "bundle_unknown"
    );
    assert_eq!(
        code(&phone.join_colleague("x".into()).unwrap_err()),
        "meeting_code_unknown"
    );
    assert_eq!(
        code(&parse_enrol_code("https://a".into()).unwrap_err()),
        "bad_link"
    );
    assert_eq!(code(&Phone::open(config(&path)).unwrap_err()), "store_busy");
    let short = PhoneConfig {
        key: Some(vec![1; 31]),
        ..config(&path)
    };
    assert_eq!(code(&Phone::open(short).unwrap_err()), "bad_key");
    assert_eq!(phone.codes(CodeSort::Fault, None).unwrap(), []);
    let van = PartFilter {
        my_van: true,
        location: None,
        part: None,
        words: String::new(),
    };
    assert_eq!(code(&phone.parts(van).unwrap_err()), "not_enrolled");
}

#[test]
fn a_phone_that_was_shut_says_so_and_can_be_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("phone.db");
    let phone = Phone::open(config(&path)).unwrap();
    phone.start_live().unwrap();
    phone.start_live().unwrap();
    phone.shut();
    phone.shut();
    assert_eq!(code(&phone.status().unwrap_err()), "phone_shut");
    assert_eq!(code(&phone.sync(1).unwrap_err()), "phone_shut");
    let again = Phone::open(config(&path)).unwrap();
    assert!(!again.status().unwrap().enrolled);
}
