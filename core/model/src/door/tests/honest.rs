use proptest::prelude::*;

use super::*;

/// What a device does next.
#[derive(Debug, Clone)]
enum Step {
    Write {
        device: usize,
        puts: Vec<(usize, u8, i64)>,
    },
    Meet {
        device: usize,
        other: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let put = (0..CONTAINERS.len(), 0..4_u8, -3..3_i64);
    prop_oneof![
        3 => (0..4_usize, prop::collection::vec(put, 1..5)).prop_map(|(device, puts)| Step::Write { device, puts }),
        1 => (0..4_usize, 0..4_usize).prop_map(|(device, other)| Step::Meet { device, other }),
    ]
}

fn value(seed: i64) -> ScalarValue {
    match seed {
        -3 => ScalarValue::Null,
        -2 => true.into(),
        -1 => 1.5_f64.into(),
        0 => ScalarValue::Bytes(vec![1, 2, 3]),
        1 => ScalarValue::Timestamp(1_700_000_000_000),
        other => ScalarValue::Str(format!("text {other}").into()),
    }
}

/// Runs the steps on four devices and returns the changes in the order they were made, and all devices merged.
fn play(steps: &[Step]) -> (Vec<Vec<u8>>, Automerge) {
    let mut devices: Vec<Automerge> = (0..4).map(|_| birth()).collect();
    let mut changes = Vec::new();
    for step in steps {
        match step {
            Step::Write { device, puts } => {
                let keys: Vec<String> = puts.iter().map(|(_, key, _)| format!("k{key}")).collect();
                let put =
                    |((at, _, seed), key): (&(usize, u8, i64), &'_ String)| (*at, key.clone(), value(*seed));
                let rows: Vec<(usize, String, ScalarValue)> = puts.iter().zip(&keys).map(put).collect();
                let puts: Vec<(&str, &str, ScalarValue)> = rows
                    .iter()
                    .map(|(at, key, value)| (CONTAINERS[*at], key.as_str(), value.clone()))
                    .collect();
                let actor = [u8::try_from(device + 1).unwrap(); 16];
                changes.extend(write(&mut devices[*device], actor, &puts).map(|c| c.raw_bytes().to_vec()));
            }
            Step::Meet { device, other } if device != other => {
                let mut met = devices[*other].clone();
                devices[*device].merge(&mut met).unwrap();
            }
            Step::Meet { .. } => {}
        }
    }
    let mut merged = birth();
    devices
        .iter_mut()
        .for_each(|device| drop(merged.merge(device).unwrap()));
    (changes, merged)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn honest_changes_pass_whole_in_pieces_and_again(steps in prop::collection::vec(step(), 1..40), size in 1..6_usize) {
        let (changes, merged) = play(&steps);

        let whole = lane(&birth(), &changes);
        prop_assert!(whole.outcomes.iter().all(|o| matches!(o, Outcome::Applied(_))), "{:?}", whole.outcomes);
        let doc = whole.doc.unwrap_or_else(birth);
        prop_assert_eq!(doc.get_heads(), merged.get_heads());
        prop_assert_eq!(doc.hydrate(None), merged.hydrate(None));

        let mut pieces = birth();
        for piece in changes.chunks(size) {
            let result = lane(&pieces, piece);
            prop_assert!(result.outcomes.iter().all(|o| matches!(o, Outcome::Applied(_))), "{:?}", result.outcomes);
            pieces = result.doc.unwrap();
        }
        prop_assert_eq!(pieces.get_heads(), merged.get_heads());

        let again = lane(&pieces, &changes);
        prop_assert!(again.doc.is_none());
        prop_assert!(again.outcomes.iter().all(|o| matches!(o, Outcome::Duplicate(_))));
    }

    #[test]
    fn honest_changes_pass_in_any_order(steps in prop::collection::vec(step(), 1..24), seed in any::<u64>()) {
        let (mut changes, merged) = play(&steps);
        let mut order = seed;
        for i in (1..changes.len()).rev() {
            order = order.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            changes.swap(i, usize::try_from(order >> 33).unwrap() % (i + 1));
        }
        let result = lane(&birth(), &changes);
        prop_assert!(result.outcomes.iter().all(|o| matches!(o, Outcome::Applied(_))), "{:?}", result.outcomes);
        prop_assert_eq!(result.doc.unwrap_or_else(birth).get_heads(), merged.get_heads());
    }
}

#[test]
fn a_long_note_and_many_fields_at_once_pass() {
    let mut phone = birth();
    let fields: Vec<(String, ScalarValue)> = (0..200)
        .map(|i| (format!("field{i}"), "x".repeat(i).into()))
        .collect();
    let puts: Vec<(&str, &str, ScalarValue)> = fields
        .iter()
        .map(|(k, v)| ("field", k.as_str(), v.clone()))
        .collect();
    let change = write(&mut phone, PHONE, &puts).unwrap().raw_bytes().to_vec();

    let result = lane(&birth(), &[change]);

    let Outcome::Applied(header) = &result.outcomes[0] else {
        panic!("{:?}", result.outcomes)
    };
    assert_eq!(
        (header.ops, header.seq, header.message.as_deref()),
        (200, 1, Some(OPERATION))
    );
    assert_eq!(result.doc.unwrap().hydrate(None), phone.hydrate(None));
}

#[test]
fn birth_pushed_again_is_a_duplicate() {
    let doc = birth();
    let bytes = doc.get_changes(&[])[0].raw_bytes().to_vec();
    // Its object operations may not pass, but it is recognised by its hash before that is asked.
    assert!(matches!(
        lane(&doc, &[bytes]).outcomes[..],
        [Outcome::Duplicate(_)]
    ));
}
