//! The tests are tested: each bug planted on purpose is found by the random mode within 500 seeds.

#![allow(
    clippy::print_stdout,
    reason = "how many seeds each bug took is what this test tells"
)]

use fieldline_engine::Bug;
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::chaos::{Plan, run};

/// A bug that takes longer than this is not found.
const SEEDS_MAX: u64 = 500;

fn seeds_until_found(name: &str, plan: &Plan) {
    let found = (1..=SEEDS_MAX).find_map(|seed| {
        let outcome = std::panic::catch_unwind(|| run(seed, plan));
        match outcome {
            Ok(outcome) if outcome.findings.is_empty() => None,
            Ok(outcome) => Some((seed, outcome.findings.list()[0].clone())),
            Err(_) => Some((seed, "it panicked".to_owned())),
        }
    });
    let (seed, finding) = found.unwrap_or_else(|| panic!("{name} was not found in {SEEDS_MAX} seeds"));
    let clean = run(seed, &Plan::default()).findings;
    assert!(
        clean.is_empty(),
        "seed {seed} finds something without {name}, too:\n{clean}"
    );
    println!("{name}: found by seed {seed}: {finding}");
}

macro_rules! planted {
    ($($test:ident: $field:ident = $bug:expr;)*) => {$(
        #[test]
        fn $test() {
            seeds_until_found(stringify!($test), &Plan { $field: vec![$bug], ..Plan::default() });
        }
    )*};
}

planted! {
    replay_with_new_ids_is_found: bugs = Bug::ReplayWithNewIds;
    a_cursor_outside_the_page_is_found: bugs = Bug::CursorOutsidePage;
    sending_taken_for_merging_is_found: bugs = Bug::SentIsMerged;
    forgotten_dependents_are_found: bugs = Bug::DependentsForgotten;
    a_page_from_anywhere_is_found: bugs = Bug::PageFromAnywhere;
    a_reused_branch_is_found: bugs = Bug::BranchReused;
    a_displacement_in_silence_is_found: bugs = Bug::DisplacedInSilence;
    an_acknowledgement_before_the_commit_is_found: server_bugs = ServerBug::AckBeforeCommit;
    a_decision_read_without_a_proof_is_found: server_bugs = ServerBug::StandsUnsaid;
    an_outcome_never_corrected_is_found: server_bugs = ServerBug::OutcomeKept;
    a_compaction_that_drops_more_than_bytes_is_found: server_bugs = ServerBug::CompactDeletes;
    a_count_that_sees_nothing_is_found: server_bugs = ServerBug::CountSeesNothing;
    photos_gone_before_a_backup_holds_them_are_found: bugs = Bug::PhotosPurgedUnsaved;
    collecting_what_is_referred_to_is_found: server_bugs = ServerBug::BlobReferencesIgnored;
    bytes_kept_unverified_are_found: server_bugs = ServerBug::BlobUnverified;
}
