//! The random mode: many seeds, each a small company with everything going wrong, and then everything in order.
//!
//! `FIELDLINE_SEED=n` runs one seed; `FIELDLINE_SEEDS=n` so many.

#![allow(
    clippy::print_stdout,
    reason = "the seed and the figures are what this test is for"
)]

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use fieldline_tests::world::chaos::{Plan, run};
use fieldline_tests::world::tally::Tally;

/// Seeds of one ordinary run: about a minute on two cores.
const SEEDS: u64 = 100;
/// Seeds of ordinary runs begin here; `make test-long` goes on from the same place.
const FIRST_SEED: u64 = 1;
/// Seeds between two lines that count those played: a run that is cut off has said how far it got.
const TOLD_EVERY: u64 = 50;
/// A seed that met none of one of these says little.
const CLASSES: [&str; 5] = ["net.", "phone.killed", "disk.", "clock.", "hq.killed"];

/// What must have happened to photos somewhere in an ordinary run.
const PHOTOS: [&str; 13] = [
    "photo.cut",
    "photo.damaged",
    "photo.files_newer",
    "photo.files_older",
    "photo.found",
    "photo.gone",
    "photo.hidden",
    "photo.lost_told",
    "photo.part_lost",
    "photo.purged",
    "photo.read",
    "photo.resumed",
    "photo.same",
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Straight to standard error: what a test prints otherwise is kept until it ends.
fn progress(played: u64, seeds: u64) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "played {played} of {seeds} seeds");
}

/// Runs one seed; its story when something is wrong.
fn story(seed: u64, all: &Mutex<Tally>) -> Option<String> {
    let outcome = std::panic::catch_unwind(|| run(seed, &Plan::default()));
    let Ok(outcome) = outcome else {
        return Some(format!("seed {seed} panicked; its words are above\n"));
    };
    all.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .add(&outcome.tally);
    let missed = CLASSES.iter().find(|class| outcome.tally.class(class) == 0);
    let worked = outcome.tally.of("work.saved") >= Plan::default().operations;
    if outcome.findings.is_empty() && missed.is_none() && worked {
        return None;
    }
    let mut story = format!("seed {seed}:\n{}{}\n", outcome.findings, outcome.tally);
    if let Some(class) = missed {
        let _ = writeln!(story, "no fault of class {class}");
    }
    if !worked {
        let _ = writeln!(story, "too few operations");
    }
    let _ = writeln!(story, "again with: {}", outcome.reproduce());
    Some(story)
}

#[test]
fn a_seed_plays_the_same_world_again() {
    // Its power cuts fall between the writes of many lanes.
    let seed = 728;
    let again = || run(seed, &Plan::default());
    let (first, second) = (again(), again());
    assert_eq!(first.tally.to_string(), second.tally.to_string(), "seed {seed}");
    assert_eq!(first.chain, second.chain, "seed {seed}: HQ's log");
}

#[test]
fn any_seed_heals() {
    let all = Mutex::new(Tally::default());
    let stories = Mutex::new(Vec::new());
    if let Some(seed) = number("FIELDLINE_SEED") {
        let story = story(seed, &all);
        println!("seed {seed}: {}", all.into_inner().expect("no thread failed"));
        assert!(story.is_none(), "{}", story.unwrap_or_default());
        return;
    }
    let seeds = number("FIELDLINE_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(FIRST_SEED);
    let played = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= FIRST_SEED + seeds {
                        break;
                    }
                    if let Some(story) = story(seed, &all) {
                        // At once, should the rest take long or never end.
                        println!("{story}");
                        stories.lock().unwrap_or_else(PoisonError::into_inner).push(story);
                    }
                    let told = played.fetch_add(1, Ordering::Relaxed) + 1;
                    if told.is_multiple_of(TOLD_EVERY) || told == seeds {
                        progress(told, seeds);
                    }
                }
            });
        }
    });
    let stories = stories.into_inner().expect("no thread failed");
    let all = all.into_inner().expect("no thread failed");
    println!("{} of {seeds} seeds: {all}", played.into_inner());
    let compacted = all.of("phone.compacted");
    assert!(
        seeds < SEEDS || compacted > 0,
        "no phone ever compacted what was old"
    );
    let grew_old = ["hq.compacted", "hq.archived"]
        .into_iter()
        .find(|what| all.of(what) == 0);
    assert!(seeds < SEEDS || grew_old.is_none(), "no seed met {grew_old:?}");
    let missed = PHOTOS.iter().find(|what| all.of(what) == 0);
    assert!(seeds < SEEDS || missed.is_none(), "no seed met {missed:?}");
    assert!(
        stories.is_empty(),
        "{} of {seeds} seeds:\n{}",
        stories.len(),
        stories.join("\n")
    );
}
