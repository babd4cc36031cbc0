//! Golden samples: a change of the wire shows in the diff of `samples/`.

use super::*;
use crate::certificate::Certificate;
use crate::grant::{Discrepancy, Grant, GrantState, SignedGrant};
use crate::id::{EngineerId, OperationId, TicketId};
use crate::row::{Row, RowKind};

fn granted(state: GrantState) -> SignedGrant {
    let is_ended = state == GrantState::Ended;
    SignedGrant {
        grant: Grant {
            id: crate::id::GrantId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            install: [3; 16],
            location: crate::id::LocationId::from_bytes([7; 16]),
            part: crate::id::PartId::from_bytes([8; 16]),
            ticket: is_ended.then(|| TicketId::from_bytes([1; 16])),
            request: is_ended.then(|| OperationId::from_bytes([2; 16])),
            remaining: 5,
            until: Timestamp::from_ms(1_790_000_000_000),
            epoch: 4,
            serial: 9,
            state,
        },
        signature: LineSignature([12; 64]),
    }
}

fn held() -> HeldDigest {
    let mut held = HeldDigest::default();
    held.add(TicketId::from_bytes([1; 16]).into(), [33; 8]);
    held
}

fn exchange() -> Exchange {
    let ticket: DocumentId = TicketId::from_bytes([1; 16]).into();
    Exchange {
        hello: Hello {
            wire: WIRE,
            device: DeviceId::from_bytes([2; 16]),
            install: [3; 16],
            cursor: Cursor {
                epoch: 4,
                seq: 5,
                chain: [6; 8],
                seal: [4; 16],
            },
            write_counter: 7,
            app: "0.1.0".into(),
            heard: Some(Cursor {
                epoch: 4,
                seq: 6,
                chain: [7; 8],
                seal: [8; 16],
            }),
        },
        push: vec![Lane {
            document: ticket,
            install: [3; 16],
            branch: 1,
            changes: vec![Bytes::from(vec![8, 9])],
            signature: LineSignature([10; 64]),
        }],
        want: vec![ticket],
        page_items_max: 100,
        have: Some(vec![Have(ticket, [11; 8])]),
        heal: vec![Heal {
            document: ticket,
            changes: vec![Bytes::from(vec![12])],
            proof: Some(Proof {
                heads: vec![Hash::new([13; 32])],
                place: 1,
                count: 2,
                path: vec![Hash::new([14; 32])],
                signature: LineSignature([15; 64]),
            }),
            told: vec![Told {
                operation: OperationId::from_bytes([2; 16]),
                fate: Fate::Merged,
                present: Some(Fate::Overruled {
                    code: "superseded".into(),
                }),
                hash: Hash::new([16; 32]),
                install: [3; 16],
                branch: 1,
                bytes: Bytes::from(vec![17]),
            }],
        }],
        rest: Some(Rest {
            named: BucketSet([1; 32]),
            others: [31; 8],
        }),
        trail: vec![Place(5, serde_bytes::ByteArray::new([6; 8]))],
        resume: Some(Resume {
            place: Place(5, serde_bytes::ByteArray::new([6; 8])),
            documents: held(),
            rows: vec![
                RowHeld(
                    RowKind::Site,
                    "x".into(),
                    Some(serde_bytes::ByteArray::new([32; 8])),
                ),
                RowHeld(RowKind::Site, "y".into(), None),
            ],
        }),
        relay: vec![relayed()],
        papers: true,
        grants: Some(GrantsKnown {
            epoch: 4,
            serial: 9,
            grants: 1,
            discrepancies: 1,
            held: vec![granted(GrantState::Sound)],
        }),
    }
}

fn relayed() -> Relayed {
    Relayed {
        device: DeviceId::from_bytes([19; 16]),
        lane: Lane {
            document: TicketId::from_bytes([1; 16]).into(),
            install: [20; 16],
            branch: 2,
            changes: vec![Bytes::from(vec![21])],
            signature: LineSignature([22; 64]),
        },
        certificate: Some(certificate()),
        orphaned: true,
    }
}

fn certificate() -> Certificate {
    Certificate {
        device: DeviceId::from_bytes([19; 16]),
        engineer: EngineerId::from_bytes([23; 16]),
        device_key: [24; 32],
        until: Timestamp::from_ms(1_790_000_000_000),
        signature: LineSignature([25; 64]),
    }
}

fn bundle() -> Bundle {
    Bundle {
        version: BUNDLE,
        made_at: Timestamp::from_ms(1_780_000_000_000),
        from: certificate(),
        authors: vec![certificate()],
        documents: vec![Shared {
            document: TicketId::from_bytes([1; 16]).into(),
            history: vec![Bytes::from(vec![26])],
            proof: exchange().heal.swap_remove(0).proof,
            lanes: vec![relayed()],
        }],
    }
}

fn meeting() -> Vec<MeetingWord> {
    let card = Box::new(crate::card::Card {
        organisation: crate::id::OrganisationId::from_bytes([27; 16]),
        certificate: certificate(),
        bundle_key: [28; 32],
        signature: LineSignature([29; 64]),
    });
    let counts = TookCounts {
        carried: 3,
        known: 2,
        refused: 1,
    };
    let bundle = Some(Bytes::from(vec![30]));
    vec![
        MeetingWord::Card { card },
        MeetingWord::Handed { bundle },
        MeetingWord::Handed { bundle: None },
        MeetingWord::Took { counts: Some(counts) },
        MeetingWord::Took { counts: None },
        MeetingWord::Stop,
    ]
}

fn reply() -> Reply {
    let ticket: DocumentId = TicketId::from_bytes([1; 16]).into();
    let operation = OperationId::from_bytes([2; 16]);
    let from = Cursor {
        epoch: 4,
        seq: 5,
        chain: [6; 8],
        seal: [4; 16],
    };
    Reply {
        welcome: Welcome {
            wire: WIRE,
            epoch: 4,
            server_time: Timestamp::from_ms(1_790_000_000_000),
            acked_counter: 7,
            must_rotate: false,
            revoked: false,
            must_reread: false,
            backup_seq: Some(3),
            min_app: Some("1.2.0".into()),
        },
        verdicts: vec![
            (
                Hash::new([1; 32]),
                Verdict::Fate {
                    operation,
                    fate: Fate::Merged,
                    other: false,
                },
            ),
            (
                Hash::new([2; 32]),
                Verdict::Fate {
                    operation,
                    fate: Fate::Overruled {
                        code: "cancelled".into(),
                    },
                    other: true,
                },
            ),
            (
                Hash::new([3; 32]),
                Verdict::Need {
                    hashes: vec![Hash::new([4; 32])],
                },
            ),
            (Hash::new([5; 32]), Verdict::Replay),
            (Hash::new([6; 32]), Verdict::Later),
            (Hash::new([7; 32]), Verdict::Unproven),
            (Hash::new([8; 32]), Verdict::Held),
        ],
        page: Some(Page {
            from,
            items: vec![
                Item::Enter { document: ticket },
                Item::Snapshot {
                    document: ticket,
                    bytes: Bytes::from(vec![1]),
                },
                Item::Changes {
                    document: ticket,
                    changes: vec![Bytes::from(vec![2])],
                },
                Item::Row {
                    row: Row::Stock(crate::row::Stock {
                        location: crate::id::LocationId::from_bytes([7; 16]),
                        part: crate::id::PartId::from_bytes([8; 16]),
                        quantity: -1,
                    }),
                },
                Item::RowGone {
                    kind: RowKind::Site,
                    id: "x".into(),
                },
                Item::Fate {
                    operation,
                    fate: Fate::Refused {
                        code: "not_yours".into(),
                    },
                    present: None,
                },
                Item::Fate {
                    operation,
                    fate: Fate::Merged,
                    present: Some(Fate::Overruled {
                        code: "superseded".into(),
                    }),
                },
                Item::Drop { document: ticket },
            ],
            next: Cursor { seq: 6, ..from },
            more: false,
            manifest: Some(Manifest {
                documents: 1,
                heads: [9; 8],
            }),
            resumed: Some(BucketSet([2; 32])),
        }),
        receipt: Some(Receipt {
            root: [10; 8],
            signature: LineSignature([11; 64]),
            except: vec![ticket],
        }),
        stood: Some(Stood {
            at: vec![Stand(ticket, vec![Hash::new([13; 32])])],
            signature: LineSignature([14; 64]),
        }),
        lacks: Some(vec![Lacks {
            document: ticket,
            heads: vec![Hash::new([12; 32])],
        }]),
        digest: Some(held()),
        known: Some(5),
        healed: vec![(ticket, true)],
        lacks_blobs: vec![BlobName(ticket, Hash::new([18; 32]))],
        heard: Some(from),
        relayed: vec![
            (Hash::new([26; 32]), Relay::Taken),
            (
                Hash::new([27; 32]),
                Relay::Need {
                    hashes: vec![Hash::new([28; 32])],
                },
            ),
            (Hash::new([29; 32]), Relay::Later),
            (
                Hash::new([30; 32]),
                Relay::Refused {
                    code: "foreign_actor".into(),
                },
            ),
        ],
        papers: Some(Papers {
            hq_key: [31; 32],
            certificate: certificate(),
        }),
        grants: Some(Grants {
            epoch: 4,
            serial: 9,
            whole: true,
            more: true,
            count: 2,
            lines: vec![granted(GrantState::InDoubt), granted(GrantState::Ended)],
            discrepancies: vec![Discrepancy {
                operation,
                location: crate::id::LocationId::from_bytes([7; 16]),
                part: crate::id::PartId::from_bytes([8; 16]),
                quantity: 1,
                settled: false,
            }],
        }),
    }
}

fn cbor<M: Serialize>(message: &M) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(message, &mut bytes).unwrap();
    bytes
}

/// Compares with the committed sample; `BLESS=1` writes it anew.
fn sample(name: &str, bytes: &[u8]) {
    let path = format!("{}/samples/{name}.cbor.hex", env!("CARGO_MANIFEST_DIR"));
    let hex: Vec<String> = bytes
        .chunks(40)
        .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        .collect();
    let text = hex.join("\n") + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        text,
        "{path}: the wire changed"
    );
}

#[test]
fn messages_look_as_committed() {
    sample("exchange", &cbor(&exchange()));
    sample("reply", &cbor(&reply()));
    sample("bundle", &cbor(&bundle()));
    sample("meeting", &cbor(&meeting()));
}

#[test]
fn packed_messages_return() {
    assert_eq!(unpack::<Exchange>(&pack(&exchange()).unwrap()), Ok(exchange()));
    assert_eq!(unpack::<Reply>(&pack(&reply()).unwrap()), Ok(reply()));
    assert_eq!(unpack::<Bundle>(&pack(&bundle()).unwrap()), Ok(bundle()));
}

#[test]
fn a_bomb_is_refused_before_it_unfolds() {
    let bomb = zstd::bulk::compress(&vec![0_u8; UNPACKED_BYTES_MAX + 2], 3).unwrap();
    assert_eq!(unpack::<Exchange>(&bomb), Err(WireError::TooLarge));
}

/// Found while the fuzz targets were written: the few bytes of a frame's head made the decoder reserve 128 MiB.
#[test]
fn a_frame_that_asks_for_more_memory_than_a_message_may_have_is_refused() {
    let plain = cbor(&exchange());
    let frame = |window_log: u8| {
        let block = u32::try_from(plain.len()).unwrap() << 3 | 1;
        let head = [0x28, 0xb5, 0x2f, 0xfd, 0, (window_log - 10) << 3];
        [&head[..], &block.to_le_bytes()[..3], &plain].concat()
    };
    assert_eq!(unpack::<Exchange>(&frame(25)), Ok(exchange()));
    assert_eq!(unpack::<Exchange>(&frame(27)), Err(WireError::Damaged));
}

#[test]
fn damage_and_trailing_bytes_are_named() {
    assert_eq!(
        unpack::<Exchange>(b"<html>").unwrap_err().code(),
        "message_damaged"
    );
    let mut plain = cbor(&exchange());
    plain.push(0);
    let packed = zstd::bulk::compress(&plain, 3).unwrap();
    assert_eq!(
        unpack::<Exchange>(&packed).unwrap_err().code(),
        "message_malformed"
    );
}
