//! The random mode: many seeds, each a small company with everything going wrong, and then everything in order.
//!
//! `FIELDLINE_SEED=n` runs one seed; `FIELDLINE_SEEDS=n` so many.

#![allow(clippy::print_stdout, reason = "the seed and the figures are what this test is for")]

use std::sync::atomic::{AtomicU64, Ordering};

use fieldline_tests::world::chaos::{Outcome, Plan, run};
use fieldline_tests::world::tally::Tally;

/// Seeds of one ordinary run: about a minute on two cores.
const SEEDS: u64 = 300;
/// Seeds of ordinary runs begin here; `make test-long` goes on from the same place.
const FIRST_SEED: u64 = 1;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

fn assert_well(outcome: &Outcome) {
    assert!(
        outcome.findings.is_empty(),
        "seed {}:\n{}{}\nagain with: {}",
        outcome.seed,
        outcome.findings,
        outcome.tally,
        outcome.reproduce()
    );
    for class in ["net.", "phone.killed", "clock.", "hq.killed"] {
        assert!(outcome.tally.class(class) > 0, "seed {}: no fault of class {class}", outcome.seed);
    }
}

#[test]
fn any_seed_heals() {
    if let Some(seed) = number("FIELDLINE_SEED") {
        let outcome = run(seed, &Plan::default());
        println!("seed {seed}: {}", outcome.tally);
        assert_well(&outcome);
        return;
    }
    let seeds = number("FIELDLINE_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(FIRST_SEED);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let all = std::sync::Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= FIRST_SEED + seeds {
                        break;
                    }
                    let outcome = run(seed, &Plan::default());
                    assert_well(&outcome);
                    all.lock().expect("no thread failed").add(&outcome.tally);
                }
            });
        }
    });
    println!("{seeds} seeds: {}", all.into_inner().expect("no thread failed"));
}
