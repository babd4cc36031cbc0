//! The bounded version of the fuzzer: a few hundred noisy inputs per target in every test run, and the committed
//! samples with damage. What the targets assert stands in `fuzzing`; a failing input belongs in the fuzzer's corpus.

#![allow(clippy::unwrap_used, reason = "a test")]

use fieldline_model::fuzzing::{
    Sample, bundle, change, change_structured, document, enrol, entry, exchange, line, positions, reply,
    reseal,
};
use fieldline_model::id::{DeviceId, TicketId};
use fieldline_model::operation::Position;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{self, Enrol, Fix, Positions, WIRE, viewing_text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde::Serialize;

/// Damage to a good sample: bytes replaced, and where it ends early.
type Damage = (Vec<(Index, u8)>, Option<Index>);

fn damage() -> impl Strategy<Value = Damage> {
    let ends_early = prop::option::weighted(0.1, any::<Index>());
    (vec((any::<Index>(), any::<u8>()), 1..5), ends_early)
}

fn damaged(sample: &[u8], (flips, end): &Damage) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for (at, byte) in flips {
        let at = at.index(bytes.len());
        bytes[at] = *byte;
    }
    if let Some(end) = end {
        bytes.truncate(end.index(sample.len()));
    }
    bytes
}

fn path(name: &str) -> String {
    format!("{}/samples/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn committed(name: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(path(name)).unwrap();
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

/// Compares with the committed sample; `BLESS=1` writes it anew.
fn is_as_committed(name: &str, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path(name), text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path(name)).unwrap_or_default(),
        text,
        "{name} changed"
    );
}

fn hex(bytes: &[u8]) -> String {
    let line = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    bytes.chunks(40).map(line).collect()
}

fn plain<M: Serialize>(message: &M) -> Vec<u8> {
    let packed = wire::pack(message).unwrap();
    zstd::bulk::decompress(&packed, wire::UNPACKED_BYTES_MAX).unwrap()
}

fn enrolment() -> Enrol {
    Enrol {
        wire: WIRE,
        code: "7K4M-2Q9X".into(),
        device_key: [1; 32],
        install: [2; 16],
        name: "Pixel 8".into(),
        engineer: None,
        organisation: None,
    }
}

fn places() -> Positions {
    let fix = |n: u32| Fix {
        at: Timestamp::from_ms(1_790_000_000_000 + i64::from(n)),
        position: Position {
            lat: 31.2 + f64::from(n),
            lon: 121.5,
        },
        accuracy_m: 12.5,
    };
    Positions {
        device: DeviceId::from_bytes([3; 16]),
        fixes: (0..3).map(fix).collect(),
    }
}

#[test]
fn documents_look_as_committed() {
    is_as_committed("ticket.document.hex", &hex(&Sample::saved()));
    is_as_committed("depart.change.hex", &hex(&Sample::change()));
    is_as_committed("ticket.entries.txt", &(Sample::entries().join("\n") + "\n"));
    is_as_committed("enrol.cbor.hex", &hex(&plain(&enrolment())));
    is_as_committed("positions.cbor.hex", &hex(&plain(&places())));
}

#[test]
fn undamaged_samples_are_taken() {
    exchange(&committed("exchange.cbor.hex"));
    reply(&committed("reply.cbor.hex"));
    enrol(&committed("enrol.cbor.hex"));
    bundle(&committed("bundle.cbor.hex"));
    positions(&committed("positions.cbor.hex"));
    line(viewing_text(Some(TicketId::from_bytes([7; 16]))).as_bytes());
    change(&committed("depart.change.hex"));
    document(&committed("ticket.document.hex"));
    entry(&std::fs::read(path("ticket.entries.txt")).unwrap());
    assert_eq!(reseal(Sample::change()), Sample::change());
}

proptest! {
    // 256 cases each; PROPTEST_CASES=100000 for a long night.

    #[test]
    fn noise_panics_nowhere(bytes in vec(any::<u8>(), 0..400)) {
        exchange(&bytes);
        reply(&bytes);
        enrol(&bytes);
        bundle(&bytes);
        positions(&bytes);
        line(&bytes);
        entry(&bytes);
        change(&bytes);
    }

    #[test]
    fn bent_changes_panic_nowhere_and_hide_nothing(bytes in vec(prop_oneof![2 => 0..0xe0_u8, 1 => any::<u8>()], 0..120)) {
        change_structured(&bytes);
    }

    #[test]
    fn damaged_messages_panic_nowhere(damage in damage()) {
        exchange(&damaged(&committed("exchange.cbor.hex"), &damage));
        reply(&damaged(&committed("reply.cbor.hex"), &damage));
        enrol(&damaged(&committed("enrol.cbor.hex"), &damage));
        bundle(&damaged(&committed("bundle.cbor.hex"), &damage));
        positions(&damaged(&committed("positions.cbor.hex"), &damage));
        line(&damaged(viewing_text(Some(TicketId::from_bytes([7; 16]))).as_bytes(), &damage));
    }

    #[test]
    fn damaged_changes_and_entries_panic_nowhere(damage in damage()) {
        change(&damaged(&committed("depart.change.hex"), &damage));
        entry(&damaged(&std::fs::read(path("ticket.entries.txt")).unwrap(), &damage));
    }

    #[test]
    fn damaged_documents_panic_nowhere(damage in damage()) {
        document(&damaged(&committed("ticket.document.hex"), &damage));
    }
}
