//! What HQ may do to a ticket, and how long and how empty words may be.

use super::*;
use crate::entry::Entry;
use crate::fold::{Events, fold};
use crate::id::{OperationId, TicketId};
use crate::operation::FactsEdit;
use crate::time::{DeviceTime, Timestamp};

fn facts() -> TicketFacts {
    TicketFacts {
        number: "T-1".into(),
        fault_text: "卡纸".into(),
        ..TicketFacts::default()
    }
}

fn by_hq(n: u8, act: Act) -> Operation {
    Operation {
        id: OperationId::from_bytes([n; 16]),
        document: TicketId::from_bytes([1; 16]).into(),
        by: Author::Server,
        at: DeviceTime::exact(Timestamp::from_ms(1)),
        act,
    }
}

/// What HQ is told that does this to a ticket after those acts.
fn told(before: &[Act], act: Act) -> Result<(), Reason> {
    let mut events = Events::default();
    let mut prev = Vec::new();
    let create = Act::Create(Box::new(facts()));
    for (n, act) in (1_u8..).zip([&create].into_iter().chain(before)) {
        let operation = by_hq(n, act.clone());
        events.insert_entry(operation.id, Entry::of(&operation, prev));
        prev = vec![operation.id];
    }
    check_ticket(&fold(&events), &by_hq(99, act))
}

fn cancel() -> Act {
    Act::Cancel { reason: "x".into() }
}

fn resolve() -> Act {
    Act::Resolve { text: "x".into() }
}

fn reopen() -> Act {
    Act::Reopen { reason: "x".into() }
}

#[test]
fn a_ticket_that_is_over_says_so_and_only_what_was_solved_is_filed() {
    for over in [vec![cancel()], vec![resolve()], vec![resolve(), Act::Close]] {
        for act in [cancel(), resolve(), Act::Triage] {
            assert_eq!(told(&over, act), Err(Reason::TicketOver));
        }
        assert_eq!(told(&over, reopen()), Ok(()));
    }
    assert_eq!(told(&[resolve()], Act::Close), Ok(()));
    assert_eq!(told(&[cancel()], Act::Close), Err(Reason::TicketOver));
    assert_eq!(
        told(&[resolve(), Act::Close], Act::Close),
        Err(Reason::TicketOver)
    );
    for act in [Act::Close, reopen()] {
        assert_eq!(told(&[], act), Err(Reason::TicketOpen));
    }
    assert_eq!(told(&[Act::Triage], Act::Triage), Err(Reason::NotNow));
}

#[test]
fn a_span_that_ends_before_it_begins_is_called_that() {
    let (start, end) = (Timestamp::from_ms(2), Timestamp::from_ms(1));
    let plan = Span { start, end };
    let offer = Act::Offer {
        visit: VisitId::from_bytes([1; 16]),
        to: vec![EngineerId::from_bytes([2; 16])],
        plan: Some(plan),
    };
    assert_eq!(told(&[], offer), Err(Reason::EndBeforeStart));
    let wished = TicketFacts {
        wished: Some(plan),
        ..facts()
    };
    let create = by_hq(1, Act::Create(Box::new(wished)));
    assert_eq!(check_form(&create), Err(Reason::EndBeforeStart));
}

#[test]
fn a_word_is_counted_in_characters_of_any_script() {
    for letter in ["a", "辊", "🛠"] {
        let code = |count: usize| {
            let fault = Some(letter.repeat(count));
            let facts = TicketFacts { fault, ..facts() };
            check_form(&by_hq(1, Act::Create(Box::new(facts))))
        };
        assert_eq!(code(WORD_CHARS_MAX), Ok(()), "{letter}");
        assert_eq!(code(WORD_CHARS_MAX + 1), Err(Reason::TextTooLong), "{letter}");
    }
}

#[test]
fn a_ticket_says_what_is_wrong_in_words_or_by_a_code() {
    let said = |text: &str, code: Option<&str>| {
        let (fault_text, fault) = (text.to_owned(), code.map(str::to_owned));
        let edit = FactsEdit {
            fault_text: Some(fault_text.clone()),
            fault: fault.clone(),
            ..FactsEdit::default()
        };
        let facts = TicketFacts {
            fault_text,
            fault,
            ..facts()
        };
        let one = check_form(&by_hq(1, Act::Create(Box::new(facts))));
        assert_eq!(one, check_form(&by_hq(1, Act::SetFacts(Box::new(edit)))));
        one
    };
    assert_eq!(said("", None), Err(Reason::TextMissing));
    assert_eq!(said(" \n\u{3000}", None), Err(Reason::TextMissing));
    assert_eq!(said("\u{200b}\u{2060}\u{feff}", None), Err(Reason::TextMissing));
    assert_eq!(said("\u{200b}卡纸", None), Ok(()));
    assert_eq!(said("", Some("PRN-JAM")), Ok(()));
    assert_eq!(said("卡纸", None), Ok(()));
}

#[test]
fn a_photo_is_a_picture_of_a_size_that_is_taken() {
    use crate::blob::{BLOB_BYTES_MAX, BlobHash, Media, THUMB_BYTES_MAX};
    use crate::operation::{PhotoKind, Thumb};
    let (blob, small) = (BlobHash([1; 32]), BlobHash([2; 32]));
    let photo = Photo {
        blob,
        size: 1,
        media: Media::Jpeg,
        kind: PhotoKind::Before,
        caption: String::new(),
        thumb: None,
    };
    let told = |photo: Photo, by: Author| {
        let act = Act::Photo(Box::new(photo));
        check_form(&Operation { by, ..by_hq(1, act) })
    };
    let engineer = Author::Engineer(EngineerId::from_bytes([2; 16]));
    assert_eq!(told(photo.clone(), engineer), Ok(()));
    assert_eq!(told(photo.clone(), Author::Server), Err(Reason::NotAllowed));
    assert_eq!(told(photo.clone(), Author::Customer), Err(Reason::NotAllowed));
    let thumb = |blob, size| Photo {
        thumb: Some(Thumb { blob, size }),
        ..photo.clone()
    };
    assert_eq!(told(thumb(small, THUMB_BYTES_MAX), engineer), Ok(()));
    let bad = [
        Photo {
            size: 0,
            ..photo.clone()
        },
        Photo {
            size: BLOB_BYTES_MAX + 1,
            ..photo.clone()
        },
        Photo {
            media: Media::Pdf,
            ..photo.clone()
        },
        thumb(small, 0),
        thumb(small, THUMB_BYTES_MAX + 1),
        thumb(blob, 1),
    ];
    for photo in bad {
        assert_eq!(told(photo, engineer), Err(Reason::OutOfRange));
    }
    let caption = "长".repeat(WORD_CHARS_MAX + 1);
    assert_eq!(
        told(Photo { caption, ..photo }, engineer),
        Err(Reason::TextTooLong)
    );
}

/// "The number is out of range" was told of one van named twice.
#[test]
fn parts_go_to_another_place_than_they_come_from() {
    use crate::id::{LocationId, PartId};
    let told = |quantity, to: u8| {
        let act = Act::TransferPart {
            part: PartId::from_bytes([1; 16]),
            quantity,
            from: LocationId::from_bytes([2; 16]),
            to: LocationId::from_bytes([to; 16]),
        };
        let by = Author::Engineer(EngineerId::from_bytes([2; 16]));
        check_form(&Operation { by, ..by_hq(1, act) })
    };
    assert_eq!(told(1, 3), Ok(()));
    assert_eq!(told(1, 2), Err(Reason::SamePlace));
    assert_eq!(told(0, 2), Err(Reason::OutOfRange));
}

#[test]
fn only_hq_attaches_a_file_and_one_of_a_size_that_is_taken() {
    use crate::blob::{BLOB_BYTES_MAX, BlobHash, Media};
    use crate::id::ArticleId;
    use crate::operation::{Attachment, PAGES_MAX};
    let file = Attachment {
        blob: BlobHash([1; 32]),
        size: BLOB_BYTES_MAX,
        media: Media::Pdf,
        title_zh: "接线图".into(),
        title_en: "Wiring".into(),
        pages: Some(PAGES_MAX),
    };
    let told = |act: Act, by: Author| {
        let document = ArticleId::from_bytes([1; 16]).into();
        check_form(&Operation {
            by,
            document,
            ..by_hq(1, act)
        })
    };
    let attach = |file: Attachment| Act::Attach(Box::new(file));
    let detach = Act::Detach {
        attachment: OperationId::from_bytes([2; 16]),
    };
    for act in [attach(file.clone()), detach] {
        assert_eq!(told(act.clone(), Author::Server), Ok(()));
        for by in [
            Author::Engineer(EngineerId::from_bytes([2; 16])),
            Author::Customer,
        ] {
            assert_eq!(told(act.clone(), by), Err(Reason::NotAllowed));
        }
        assert_eq!(check_form(&by_hq(1, act)), Err(Reason::WrongDocument));
    }
    for (size, pages) in [
        (0, None),
        (BLOB_BYTES_MAX + 1, None),
        (1, Some(0)),
        (1, Some(PAGES_MAX + 1)),
    ] {
        let file = Attachment {
            size,
            pages,
            ..file.clone()
        };
        assert_eq!(told(attach(file), Author::Server), Err(Reason::OutOfRange));
    }
    let nameless = Attachment {
        title_en: " ".into(),
        ..file
    };
    assert!(told(attach(nameless), Author::Server).is_err());
}
