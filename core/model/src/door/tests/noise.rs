use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::super::forge::{Forge, RawChange};
use super::super::{columns, read_header};
use super::*;

/// Gives mutated bytes a right checksum again, so that the mutation reaches the parsers behind it.
fn reseal(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > 9 {
        let sum = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&sum[..4]);
    }
    bytes
}

fn judge(doc: &Automerge, bytes: Vec<u8>) {
    let outcome = lane(doc, &[bytes]).outcomes.remove(0);
    assert_ne!(outcome, Outcome::Refused(Refusal::Panicked));
    assert_ne!(outcome, Outcome::Stuck);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_header(&bytes, &Limits::default());
        judge(&birth(), bytes);
    }

    #[test]
    fn mutated_changes_never_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        cuts in prop::bool::weighted(0.1),
    ) {
        let mut phone = birth();
        honest(&mut phone, OTHER, "field", "a");
        let doc = phone.clone();
        let puts = [("field", "a", 7_i64.into()), ("field/notes", "n", "text".into()), ("", "k", 1.5_f64.into())];
        let mut bytes = write(&mut phone, PHONE, &puts).unwrap().raw_bytes().to_vec();
        for (index, value) in &flips {
            // The envelope is the least interesting part: leave its first nine bytes alone.
            let at = 9 + index.index(bytes.len() - 9);
            bytes[at] = *value;
        }
        if cuts {
            let length = 9 + cut.index(bytes.len() - 9);
            bytes.truncate(length);
        }
        judge(&doc, reseal(bytes));
    }

    #[test]
    fn columns_of_noise_never_panic(
        spec in prop::sample::select(vec![
            columns::OBJECT_ACTOR, columns::OBJECT_COUNTER, columns::ELEMENT_ACTOR, columns::ELEMENT_COUNTER, columns::KEY,
            columns::INSERT, columns::ACTION, columns::VALUE_META, columns::VALUE, columns::PRED_COUNT,
            columns::PRED_ACTOR, columns::PRED_COUNTER, columns::EXPAND, columns::MARK_NAME, 0x0f, 0x63,
        ]),
        noise in prop::collection::vec(prop_oneof![0..4_u8, any::<u8>()], 1..24),
        count in 1..4_i64,
        start_op in prop_oneof![Just(7_u64), any::<u64>()],
        seq in prop_oneof![Just(1_u64), any::<u64>()],
    ) {
        let doc = birth();
        let raw = RawChange::like(&Forge::next(&doc, &PHONE, OPERATION), count).column(spec, noise);
        judge(&doc, RawChange { start_op, seq, ..raw }.bytes());
    }
}
