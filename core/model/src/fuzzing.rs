//! One plain function per kind of foreign bytes, for the fuzzer in `fuzz/` and its bounded version in `tests/noise.rs`.
//!
//! Each takes any bytes, must not panic, and asserts what is true of everything that was taken: a message packs to
//! itself, an accepted change adds to the document and hides nothing, a fold has an outcome for every event.
//! A panic in here is a finding; nothing in here may excuse one. What touches automerge stands in `door/fuzzing`.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::door::fuzzing::{Sample, change, change_structured, document, reseal};

use crate::card::Card;
use crate::document::Content;
use crate::entry::Entry;
use crate::fold::{Events, fold};
use crate::frames::{FRAMED_BYTES_MAX, FRAMES_MAX, Joiner, Rows};
use crate::id::OperationId;
use crate::meeting::MeetingCode;
use crate::operation::Operation;
use crate::wire::{
    self, AppVersion, Bundle, Enrol, Exchange, MeetingWord, Positions, Reply, UNPACKED_BYTES_MAX, WireError,
    read_viewing, viewing_text,
};
use crate::{policy, rules};

/// Most entries one input may hold: enough for any tangle of predecessors, few enough to be quick.
const ENTRIES_MAX: usize = 64;
/// zstd level for inputs that are read as plain CBOR; how well it packs is not the point.
const QUICK: i32 = 1;

/// The body a phone posts, packed or plain.
pub fn exchange(bytes: &[u8]) {
    message::<Exchange>(bytes, |exchange| {
        let changes = exchange.push.iter().flat_map(|lane| &lane.changes);
        changes.map(|change| change.len()).sum()
    });
}

/// The body a server answers, packed or plain.
pub fn reply(bytes: &[u8]) {
    message::<Reply>(bytes, |reply| {
        let items = reply.page.iter().flat_map(|page| &page.items);
        items
            .map(|item| match item {
                wire::Item::Changes { changes, .. } => changes.iter().map(|change| change.len()).sum(),
                wire::Item::Snapshot { bytes, .. } => bytes.len(),
                wire::Item::Enter { .. }
                | wire::Item::Drop { .. }
                | wire::Item::Row { .. }
                | wire::Item::RowGone { .. }
                | wire::Item::Fate { .. } => 0,
            })
            .sum()
    });
}

/// The body of a phone that joins, packed or plain.
pub fn enrol(bytes: &[u8]) {
    message::<Enrol>(bytes, |enrol| enrol.name.len() + enrol.code.len());
}

/// Where a phone says it was, packed or plain.
pub fn positions(bytes: &[u8]) {
    message::<Positions>(bytes, |positions| positions.fixes.len());
}

/// What a phone says over its live line, and what it calls its app.
pub fn line(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(ticket) = read_viewing(&text) {
        assert_eq!(read_viewing(&viewing_text(ticket)), Some(ticket), "a line drifts");
    }
    if let Some(version) = AppVersion::of(&text) {
        assert_eq!(version.to_string().parse(), Ok(version), "a version drifts");
    }
}

/// What one phone hands another and says to it, unsealed; and the texts it shows of itself and of that.
pub fn bundle(bytes: &[u8]) {
    message::<Bundle>(bytes, |bundle| {
        let lanes = bundle.documents.iter().flat_map(|shared| &shared.lanes);
        let handed = lanes.flat_map(|relayed| &relayed.lane.changes);
        let history = bundle.documents.iter().flat_map(|shared| &shared.history);
        handed.chain(history).map(|change| change.len()).sum()
    });
    message::<Vec<MeetingWord>>(bytes, |words| {
        let handed = words.iter().map(|word| match word {
            MeetingWord::Handed { bundle: Some(bundle) } => bundle.len(),
            _ => 0,
        });
        handed.sum()
    });
    let text = String::from_utf8_lossy(bytes);
    if let Ok(card) = Card::read(&text) {
        assert_eq!(Card::read(&card.to_text()), Ok(card), "a card drifts");
    }
    if let Ok(code) = MeetingCode::read(&text) {
        assert_eq!(MeetingCode::read(&code.to_text()), Ok(code), "a code drifts");
    }
    let (mut joiner, mut rows) = (Joiner::default(), Rows::default());
    for line in text.lines().take(FRAMES_MAX) {
        let _ = rows.add(line);
        if let Ok(Some(whole)) = joiner.add(line) {
            assert!(whole.len() <= FRAMED_BYTES_MAX, "more came out than may");
        }
    }
    let mut whole = rows.whole();
    assert!(
        whole.all(|whole| whole.len() <= FRAMED_BYTES_MAX),
        "more came out than may"
    );
}

/// A fuzzer hardly ever finds a valid zstd frame, so the bytes are also taken for the CBOR inside one.
fn message<M: Serialize + DeserializeOwned + Debug>(bytes: &[u8], payload: impl Fn(&M) -> usize) {
    let packed = zstd::bulk::compress(bytes, QUICK).expect("memory to pack the input");
    for body in [bytes, &packed] {
        let Ok(message) = wire::unpack::<M>(body) else {
            continue;
        };
        assert!(payload(&message) <= UNPACKED_BYTES_MAX, "more came out than may");
        let first = match wire::pack(&message) {
            Ok(first) => first,
            Err(WireError::TooLarge) => continue,
            Err(error) => panic!("read but not written: {error}"),
        };
        // Bytes, not values: a value that is unequal to itself still has to travel unchanged.
        let second = wire::unpack::<M>(&first).and_then(|again| wire::pack(&again));
        assert_eq!(second, Ok(first), "{message:?} does not pack to itself");
    }
}

/// Entries, one per line, folded with a ticket's others. A line that begins with `+` is a second value at the key of
/// the line before.
pub fn entry(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut keys: Vec<(OperationId, Vec<&str>)> = Vec::new();
    for line in text.lines().take(ENTRIES_MAX) {
        match (line.strip_prefix('+'), keys.last_mut()) {
            (Some(second), Some((_, values))) => values.push(second),
            (_, _) => {
                let number = u8::try_from(keys.len()).expect("fewer lines than a byte can count");
                keys.push((OperationId::from_bytes([0x80 + number; 16]), vec![line]));
            }
        }
    }
    let sample = Sample::content();
    let mut events = sample.events.clone();
    for (id, values) in &keys {
        events.insert(*id, values.iter().copied());
        values
            .iter()
            .for_each(|value| entry_is_sound(*id, value, &sample));
    }
    let mut backwards = sample.events;
    for (id, values) in keys.iter().rev() {
        backwards.insert(*id, values.iter().rev().copied());
    }
    assert_eq!(events, backwards, "arrival order is content");
    fold_is_total(&events);
}

fn entry_is_sound(id: OperationId, text: &str, sample: &Content) {
    let Some(entry) = Entry::read(text) else { return };
    let written = entry.to_text().expect("what was read from JSON has a JSON form");
    let again = Entry::read(&written).expect("what was written is read");
    assert_eq!(again.to_text().ok(), Some(written), "an entry drifts");
    let operation = Operation {
        id,
        document: Sample::document(),
        by: entry.by,
        at: entry.at,
        act: entry.act.clone(),
    };
    // Verdicts may be either; they must come.
    let _ = rules::check_form(&operation);
    let _ = rules::check_ticket(&fold(&sample.events.known_to(&entry.prev)), &operation);
    let key = id.to_string();
    let write = policy::Write {
        path: entry.act.path().key(),
        key: &key,
        text: Some(text),
        overwrites: false,
    };
    if let Ok(claim) = policy::read(Sample::document(), Some(&key), &[write]) {
        assert_eq!((claim.operation, claim.prev), (operation, entry.prev));
    }
}

/// Asserts that every readable event has an outcome, and that the same events fold to the same state.
pub(crate) fn fold_is_total(events: &Events) {
    let state = fold(events);
    for id in events.entries().keys() {
        assert!(state.outcomes.contains_key(id), "{id} has no outcome");
    }
    assert_eq!(fold(events), state, "the fold is a function");
    for head in events.heads() {
        let known = events.known_to(&[head]);
        assert!(known.entries().contains_key(&head));
    }
}
