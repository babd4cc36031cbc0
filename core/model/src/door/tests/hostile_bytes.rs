use std::time::Instant;

use super::super::columns;
use super::super::forge::{Forge, RawChange, prefixed, run, unsigned};
use super::super::{read_hash, read_header};
use super::*;

fn raw(doc: &Automerge) -> RawChange {
    RawChange::like(&Forge::next(doc, &PHONE, OPERATION), 1)
}

#[test]
fn the_forged_chunk_is_what_automerge_would_write() {
    let doc = birth();
    let by_hand = raw(&doc).bytes();
    let by_automerge = Forge::next(&doc, &PHONE, OPERATION)
        .put(&ROOT, "k", (), &[])
        .bytes();
    assert_eq!(by_hand, by_automerge);
    assert!(matches!(
        lane(&doc, &[by_hand]).outcomes[..],
        [Outcome::Applied(_)]
    ));
}

#[test]
fn fault_050_run_length_bomb_is_refused_from_its_header() {
    let doc = birth();
    let bomb = RawChange::like(&Forge::next(&doc, &PHONE, OPERATION), 5_000_000).bytes();
    assert!(
        bomb.len() < 200,
        "{} bytes claim five million operations",
        bomb.len()
    );

    let why = read_header(&bomb, &Limits::default()).unwrap_err();
    assert_eq!(why.code(), "too_many_ops");
    assert_eq!(code(&doc, &bomb), "too_many_ops");

    for count in [i64::MAX, i64::MIN, -5_000_000] {
        let bomb = raw(&doc).column(columns::ACTION, run(count, &[1])).bytes();
        assert_eq!(code(&doc, &bomb), "too_many_ops");
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "prints a duration, asserts nothing about it"
)]
fn the_cost_of_refusing_a_bomb_is_printed() {
    let bomb = RawChange::like(&Forge::next(&birth(), &PHONE, OPERATION), i64::MAX).bytes();
    let start = Instant::now();
    for _ in 0..1_000 {
        assert!(read_header(&bomb, &Limits::default()).is_err());
    }
    println!("refusing a bomb: {:?}", start.elapsed() / 1_000);
}

#[test]
fn bombs_in_any_other_column_are_refused_too() {
    let doc = birth();
    let huge = i64::MAX;
    for (spec, bytes) in [
        (columns::OBJECT_ACTOR, run(huge, &[0])),
        (columns::OBJECT_COUNTER, run(huge, &[1])),
        (columns::KEY, run(huge, &[1, b'k'])),
        (columns::KEY, [&run(0, &[])[..], &unsigned(u64::MAX)].concat()),
        (columns::INSERT, unsigned(u64::MAX)),
        (columns::VALUE_META, run(huge, &[0])),
        (columns::PRED_COUNT, run(huge, &[0])),
        (columns::PRED_COUNT, run(1, &unsigned(u64::MAX))),
        (columns::PRED_ACTOR, run(huge, &[0])),
        (columns::PRED_COUNTER, run(huge, &[0])),
    ] {
        assert_eq!(
            code(&doc, &raw(&doc).column(spec, bytes).bytes()),
            "too_many_ops",
            "column {spec:#x}"
        );
    }
}

#[test]
fn inflation_is_refused_before_anything_is_inflated() {
    let doc = birth();
    let deflated = RawChange {
        chunk_type: 2,
        ..raw(&doc)
    };
    assert_eq!(code(&doc, &deflated.bytes()), "compressed_chunk");
    let column = raw(&doc).column(columns::KEY | 0x08, vec![1, 2, 3]);
    assert_eq!(code(&doc, &column.bytes()), "compressed_chunk");
    // What automerge's own `Change::bytes` gives for any change above 256 bytes.
    let mut change = write(&mut birth(), PHONE, &[("", "k", "x".repeat(2_000).into())]).unwrap();
    assert_eq!(code(&doc, &change.bytes()), "compressed_chunk");
}

#[test]
fn other_chunks_and_broken_envelopes_are_refused() {
    let doc = birth();
    assert_eq!(code(&doc, &doc.save()), "not_a_change_chunk");
    assert_eq!(
        code(
            &doc,
            &RawChange {
                chunk_type: 3,
                ..raw(&doc)
            }
            .bytes()
        ),
        "not_a_change_chunk"
    );
    assert_eq!(
        code(
            &doc,
            &RawChange {
                wrong_checksum: true,
                ..raw(&doc)
            }
            .bytes()
        ),
        "malformed"
    );
    assert_eq!(
        code(
            &doc,
            &RawChange {
                extra: vec![1, 1, 65],
                ..raw(&doc)
            }
            .bytes()
        ),
        "malformed"
    );
    assert_eq!(code(&doc, b""), "malformed");
    assert_eq!(code(&doc, &[raw(&doc).bytes(), vec![0]].concat()), "malformed");
    assert_eq!(code(&doc, &vec![0; 70_000]), "too_large");
}

#[test]
fn automerge_alone_takes_a_wrong_checksum() {
    let bytes = RawChange {
        wrong_checksum: true,
        ..raw(&birth())
    }
    .bytes();
    assert!(
        Change::from_bytes(bytes).is_ok(),
        "if this fails, our own check may go"
    );
}

#[test]
fn columns_that_disagree_with_each_other_are_refused() {
    let doc = birth();
    for (spec, bytes) in [
        (columns::KEY, run(2, &[1, b'k'])),
        (columns::INSERT, unsigned(2)),
        (columns::VALUE_META, run(1, &[0x16])),
        (columns::VALUE_META, run(1, &unsigned(!0x0f | 6))),
        (columns::VALUE, vec![1]),
        (columns::PRED_COUNT, run(1, &[1])),
        (columns::OBJECT_ACTOR, run(1, &[3])),
        (columns::OBJECT_COUNTER, run(1, &unsigned(u64::MAX))),
        (columns::KEY, Vec::new()),
        (0x110, run(1, &[0])),
    ] {
        let why = refusal(&doc, &raw(&doc).column(spec, bytes).bytes());
        assert!(
            matches!(why.code(), "malformed" | "wrong_key_type"),
            "column {spec:#x}: {why:?}"
        );
    }
    let preds = raw(&doc)
        .column(columns::PRED_COUNT, run(1, &[1]))
        .column(columns::PRED_ACTOR, run(1, &[0]));
    assert_eq!(
        code(
            &doc,
            &preds.column(columns::PRED_COUNTER, run(1, &[0x7f])).bytes()
        ),
        "malformed"
    );
    let no_ops = RawChange {
        columns: Vec::new(),
        ..raw(&doc)
    };
    assert_eq!(code(&doc, &no_ops.bytes()), "no_ops");
    let mut twice = raw(&doc);
    twice.columns.push(twice.columns[4].clone());
    assert_eq!(code(&doc, &twice.bytes()), "malformed");
}

#[test]
fn the_same_meaning_in_other_bytes_is_refused() {
    let doc = birth();
    let run_of_one = raw(&doc).column(columns::KEY, vec![1, 1, b'k']);
    assert_eq!(code(&doc, &run_of_one.bytes()), "not_canonical");
    let unused = RawChange {
        other_actors: vec![vec![0; 16]],
        ..raw(&doc)
    };
    assert_eq!(code(&doc, &unused.bytes()), "not_canonical");
    let stranger = RawChange {
        other_actors: vec![vec![0x55; 16]],
        ..raw(&doc)
    };
    assert_eq!(code(&doc, &stranger.bytes()), "not_canonical");
    let twice = RawChange {
        deps: [doc.get_heads(), doc.get_heads()].concat(),
        ..raw(&doc)
    };
    assert_eq!(code(&doc, &twice.bytes()), "not_canonical");
}

#[test]
fn odd_heads_are_refused() {
    let doc = birth();
    let raw = raw(&doc);
    let with = |change: RawChange| code(&doc, &change.bytes());
    assert_eq!(
        with(RawChange {
            actor: vec![1; 17],
            ..raw.clone()
        }),
        "odd_actor"
    );
    assert_eq!(
        with(RawChange {
            actor: Vec::new(),
            ..raw.clone()
        }),
        "odd_actor"
    );
    assert_eq!(
        with(RawChange {
            message: Vec::new(),
            ..raw.clone()
        }),
        "missing_message"
    );
    assert_eq!(
        with(RawChange {
            message: b"two words".to_vec(),
            ..raw.clone()
        }),
        "odd_message"
    );
    assert_eq!(
        with(RawChange {
            message: vec![b'0'; 65],
            ..raw.clone()
        }),
        "odd_message"
    );
    assert_eq!(
        with(RawChange {
            message: vec![0xff],
            ..raw.clone()
        }),
        "odd_message"
    );
    assert_eq!(
        with(RawChange {
            time: -1,
            ..raw.clone()
        }),
        "odd_time"
    );
    assert_eq!(
        with(RawChange {
            time: i64::MAX,
            ..raw.clone()
        }),
        "odd_time"
    );
    assert_eq!(
        with(RawChange {
            seq: 0,
            ..raw.clone()
        }),
        "malformed"
    );
    assert_eq!(
        with(RawChange {
            start_op: 0,
            ..raw.clone()
        }),
        "malformed"
    );
    assert_eq!(
        with(RawChange {
            deps: vec![ChangeHash([1; 32]); 257],
            ..raw.clone()
        }),
        "too_many_deps"
    );
    assert_eq!(
        with(RawChange {
            other_actors: vec![vec![1; 16]; 257],
            ..raw.clone()
        }),
        "too_many_actors"
    );
    assert_eq!(with(raw.clone().column(columns::KEY, run(1, &[0]))), "odd_key");
    assert_eq!(
        with(raw.column(columns::KEY, run(1, &prefixed(&[b'k'; 257])))),
        "odd_key"
    );
}

#[test]
fn actions_of_the_future_are_refused() {
    let doc = birth();
    assert_eq!(
        code(&doc, &raw(&doc).column(columns::ACTION, run(1, &[8])).bytes()),
        "unknown_action"
    );
    assert_eq!(
        code(
            &doc,
            &raw(&doc).column(columns::VALUE_META, run(1, &[0x0b])).bytes()
        ),
        "forbidden_value"
    );
}

#[test]
fn the_hash_is_the_one_automerge_gives() {
    let mut phone = birth();
    let change = write(&mut phone, PHONE, &[("field", "k", 7_i64.into())]).unwrap();
    assert_eq!(
        read_hash(change.raw_bytes(), &Limits::default()),
        Ok(change.hash())
    );
}
