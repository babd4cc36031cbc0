//! The bounded version of the fuzzer for the tables: a few hundred noisy inputs each in every test run, and the sample
//! tables with damage. What the targets assert stands in `fuzzing`.

use fieldline_server::fuzzing::{assets, customers, engineers, parts, range, sla_plans};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

const TARGETS: [fn(&[u8]); 5] = [assets, customers, engineers, parts, sla_plans];
const TABLES: [&[u8]; 10] = [
    include_bytes!("../../demo/csv/assets.csv"),
    include_bytes!("../../demo/csv/customers.csv"),
    include_bytes!("../../demo/csv/engineers.csv"),
    include_bytes!("../../demo/csv/parts.csv"),
    include_bytes!("../../demo/csv/sla_plans.csv"),
    include_bytes!("../../demo/csv/broken/assets.csv"),
    include_bytes!("../../demo/csv/broken/customers.csv"),
    include_bytes!("../../demo/csv/broken/engineers.csv"),
    include_bytes!("../../demo/csv/broken/parts.csv"),
    include_bytes!("../../demo/csv/broken/sla_plans.csv"),
];

#[test]
fn every_reader_takes_every_table_as_far_as_it_goes() {
    for target in TARGETS {
        TABLES.into_iter().for_each(target);
    }
}

proptest! {
    // 256 cases each; PROPTEST_CASES=100000 for a long night.

    #[test]
    fn noise_panics_nowhere(bytes in vec(any::<u8>(), 0..600)) {
        TARGETS.into_iter().for_each(|target| target(&bytes));
        range(&bytes);
    }

    #[test]
    fn a_range_of_any_numbers_lies_inside(size in any::<u64>(), from in any::<u64>(), to in any::<u64>()) {
        for text in [format!("bytes={from}-"), format!("bytes={from}-{to}"), format!("bytes={}-{to}", from % (size / 2 + 1))] {
            range(&[&size.to_be_bytes(), text.as_bytes()].concat());
        }
    }

    #[test]
    fn damaged_tables_lose_no_line_without_a_word(
        table in 0..TABLES.len(),
        flips in vec((any::<Index>(), prop_oneof![prop::sample::select(b",\"\r\n|:;\t0".to_vec()), any::<u8>()]), 1..6),
        swap in any::<(Index, Index)>(),
    ) {
        let mut bytes = TABLES[table].to_vec();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // A piece taken out joins two lines, or leaves a quotation open.
        let (one, other) = (swap.0.index(bytes.len()), swap.1.index(bytes.len()));
        TARGETS[table % TARGETS.len()](&bytes);
        bytes.drain(one.min(other)..one.max(other));
        TARGETS[table % TARGETS.len()](&bytes);
    }
}
