//! PRODUCT's truth table as tests, odd graphs, and the properties every replica relies on.

use proptest::prelude::*;

use super::*;
use crate::id::{EngineerId, VisitId};
use crate::operation::{
    Act, Author, Completion, DeclineReason, PauseReason, Ruling, Span, TicketFacts, VisitResult,
};
use crate::reason::Reason;
use crate::time::{DeviceTime, Timestamp};

fn engineer(n: u8) -> EngineerId {
    EngineerId::from_bytes([n; 16])
}

fn visit(n: u8) -> VisitId {
    VisitId::from_bytes([n; 16])
}

/// A log that several people write, each knowing what he has seen.
#[derive(Default, Clone)]
struct Log {
    events: Events,
    next: u8,
}

const HQ: Author = Author::Server;
const ANN: u8 = 1;
const BOB: u8 = 2;

fn by(n: u8) -> Author {
    Author::Engineer(engineer(n))
}

impl Log {
    fn born() -> Self {
        let mut log = Self::default();
        log.after(
            HQ,
            Act::Create(Box::new(TicketFacts {
                number: "T-1".into(),
                fault_text: "it leaks".into(),
                ..TicketFacts::default()
            })),
            &[],
        );
        log
    }

    /// Ann has been offered the first visit.
    fn offered() -> Self {
        let mut log = Self::born();
        log.add(HQ, offer(1, &[ANN]));
        log
    }

    /// Ann is at work.
    fn working() -> Self {
        let mut log = Self::offered();
        for act in [accept(1), depart(1), arrive(1), start(1)] {
            log.add(by(ANN), act);
        }
        log
    }

    fn after(&mut self, by: Author, act: Act, prev: &[OperationId]) -> OperationId {
        self.next += 1;
        let id = OperationId::from_bytes([self.next; 16]);
        let at = DeviceTime::exact(Timestamp::from_ms(1000 - i64::from(self.next)));
        let mut prev = prev.to_vec();
        prev.sort_unstable();
        self.events.insert_entry(id, Entry { act, by, at, prev });
        id
    }

    /// By someone who has seen everything.
    fn add(&mut self, by: Author, act: Act) -> OperationId {
        let heads = self.events.heads();
        self.after(by, act, &heads)
    }

    /// By someone who has seen `known` and then his own events only.
    fn chain(&mut self, by: Author, known: &[OperationId], acts: Vec<Act>) -> Vec<OperationId> {
        let mut prev = known.to_vec();
        let mut ids = Vec::new();
        for act in acts {
            let id = self.after(by, act, &prev);
            prev = vec![id];
            ids.push(id);
        }
        ids
    }

    fn state(&self) -> TicketState {
        fold(&self.events)
    }

    fn outcome(&self, id: OperationId) -> Outcome {
        self.state().outcomes[&id]
    }
}

fn decline(v: u8) -> Act {
    Act::Decline {
        visit: visit(v),
        reason: DeclineReason::TooFar,
        text: String::new(),
    }
}

fn offer(v: u8, to: &[u8]) -> Act {
    Act::Offer {
        visit: visit(v),
        to: to.iter().map(|n| engineer(*n)).collect(),
        plan: None,
    }
}
fn reassign(from: u8, v: u8, to: u8) -> Act {
    Act::Reassign {
        from: visit(from),
        visit: visit(v),
        to: vec![engineer(to)],
        plan: None,
    }
}
fn accept(v: u8) -> Act {
    Act::Accept { visit: visit(v) }
}
fn depart(v: u8) -> Act {
    Act::Depart {
        visit: visit(v),
        eta: None,
    }
}
fn arrive(v: u8) -> Act {
    Act::Arrive {
        visit: visit(v),
        position: None,
    }
}
fn start(v: u8) -> Act {
    Act::Start { visit: visit(v) }
}
fn finish_with(v: u8, result: VisitResult) -> Act {
    let completion = Completion {
        result,
        cause: None,
        remedy: None,
        text: "said".into(),
    };
    Act::Finish {
        visit: visit(v),
        completion,
    }
}
fn finish(v: u8) -> Act {
    finish_with(v, VisitResult::Fixed)
}
fn cancel() -> Act {
    Act::Cancel {
        reason: "customer changed his mind".into(),
    }
}
fn day(v: u8) -> Vec<Act> {
    vec![accept(v), depart(v), arrive(v), start(v), finish(v)]
}
fn over(reason: Reason) -> Outcome {
    Outcome::Overruled(reason)
}

#[test]
fn a_plain_visit_walks_through_the_statuses_and_labels() {
    use CustomerLabel::{Arrived, Assigning, Done, InProgress, OnTheWay, Received};
    let mut log = Log::born();
    let mut seen = vec![(log.state().status(), log.state().customer_label())];
    let mut acts = vec![(HQ, Act::Triage), (HQ, offer(1, &[ANN]))];
    acts.extend(day(1).into_iter().map(|act| (by(ANN), act)));
    acts.push((HQ, Act::Close));
    for (who, act) in acts {
        let id = log.add(who, act);
        assert_eq!(log.outcome(id), Outcome::Merged);
        seen.push((log.state().status(), log.state().customer_label()));
    }
    use TicketStatus::{Closed, InProgress as Under, New, Planned, Resolved, Triaged};
    let expected = [
        (New, Received),
        (Triaged, Received),
        (Planned, Assigning),
        (Planned, Assigning),
        (Under, OnTheWay),
        (Under, Arrived),
        (Under, InProgress),
        (Resolved, Done),
        (Closed, Done),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn completed_while_hq_cancelled_keeps_both_and_asks_for_review() {
    let mut log = Log::offered();
    let known = log.events.heads();
    let cancelled = log.chain(HQ, &known, vec![cancel()]);
    let done = log.chain(by(ANN), &known, day(1));
    let state = log.state();
    assert_eq!(state.status(), TicketStatus::Cancelled);
    assert_eq!(log.outcome(cancelled[0]), Outcome::Merged);
    assert_eq!(log.outcome(done[4]), over(Reason::CompletedAfterCancellation));
    assert_eq!(log.outcome(done[0]), over(Reason::Cancelled));
    assert_eq!(
        state.reviews,
        [ReviewItem {
            what: Review::CompletedAfterCancellation,
            operation: done[4]
        }]
    );
    let seen = &state.visits[&visit(1)];
    assert_eq!(seen.phase, Phase::Done);
    assert!(
        seen.times.done.is_some() && seen.completion.is_some(),
        "the field's facts stay"
    );
}

#[test]
fn accepted_offline_while_hq_gave_it_to_another_is_overruled_and_kept() {
    let mut log = Log::offered();
    let known = log.events.heads();
    log.chain(HQ, &known, vec![reassign(1, 2, BOB)]);
    let day = log.chain(by(ANN), &known, day(1));
    let state = log.state();
    assert_eq!(log.outcome(day[0]), over(Reason::Reassigned));
    assert_eq!(log.outcome(day[4]), over(Reason::CompletedAfterReassignment));
    assert_eq!(
        state.status(),
        TicketStatus::Planned,
        "Bob's visit is still to be done"
    );
    assert_eq!(state.holders(), [engineer(BOB)]);
    assert_eq!(state.reviews.len(), 1);
}

#[test]
fn of_two_accepts_the_causally_first_stands() {
    let mut log = Log::born();
    log.add(HQ, offer(1, &[ANN, BOB]));
    log.add(by(BOB), accept(1));
    let second = log.add(by(ANN), accept(1));
    assert_eq!(log.outcome(second), over(Reason::TakenByOther));
    assert_eq!(log.state().visits[&visit(1)].engineer, Some(engineer(BOB)));
    assert!(log.state().contests.is_empty(), "nobody has to rule");
}

#[test]
fn between_concurrent_accepts_the_ruling_decides_whoever_the_hash_prefers() {
    let mut log = Log::born();
    log.add(HQ, offer(1, &[ANN, BOB]));
    let known = log.events.heads();
    let ann = log.chain(by(ANN), &known, vec![accept(1), depart(1)]);
    let bob = log.chain(by(BOB), &known, vec![accept(1)]);
    let contests = log.state().contests;
    assert_eq!(contests.len(), 1);
    for (stands, loses, holder) in [(ann[0], bob[0], ANN), (bob[0], ann[0], BOB)] {
        let mut ruled = log.clone();
        ruled.add(
            HQ,
            Act::Rule(Ruling {
                stands,
                over: vec![loses],
            }),
        );
        let state = ruled.state();
        assert_eq!(state.visits[&visit(1)].engineer, Some(engineer(holder)));
        assert_eq!(state.outcomes[&loses], over(Reason::TakenByOther));
        assert_eq!(state.outcomes[&stands], Outcome::Merged);
        assert!(state.contests.is_empty());
    }
}

#[test]
fn of_contradicting_rulings_the_first_counts() {
    let mut log = Log::born();
    log.add(HQ, offer(1, &[ANN, BOB]));
    let known = log.events.heads();
    let ann = log.chain(by(ANN), &known, vec![accept(1)])[0];
    let bob = log.chain(by(BOB), &known, vec![accept(1)])[0];
    log.add(
        HQ,
        Act::Rule(Ruling {
            stands: ann,
            over: vec![bob],
        }),
    );
    log.add(
        HQ,
        Act::Rule(Ruling {
            stands: bob,
            over: vec![ann],
        }),
    );
    assert_eq!(log.state().visits[&visit(1)].engineer, Some(engineer(ANN)));
}

#[test]
fn a_ruling_by_anybody_but_the_server_is_nothing() {
    let mut log = Log::born();
    log.add(HQ, offer(1, &[ANN, BOB]));
    let known = log.events.heads();
    let ann = log.chain(by(ANN), &known, vec![accept(1)])[0];
    let bob = log.chain(by(BOB), &known, vec![accept(1)])[0];
    let before = log.state().visits[&visit(1)].engineer;
    let (stands, loses) = if before == Some(engineer(ANN)) {
        (bob, ann)
    } else {
        (ann, bob)
    };
    log.add(
        by(BOB),
        Act::Rule(Ruling {
            stands,
            over: vec![loses],
        }),
    );
    assert_eq!(log.state().visits[&visit(1)].engineer, before);
}

#[test]
fn a_moved_plan_leaves_actual_times_alone() {
    let mut log = Log::working();
    let before = log.state().visits[&visit(1)].times;
    let plan = Span {
        start: Timestamp::from_ms(5),
        end: Timestamp::from_ms(9),
    };
    let moved = log.add(
        HQ,
        Act::Reschedule {
            visit: visit(1),
            plan,
        },
    );
    let after = log.state().visits[&visit(1)].clone();
    assert_eq!(log.outcome(moved), Outcome::Merged);
    assert_eq!(
        (after.times, after.plan, after.phase),
        (before, Some(plan), Phase::Working)
    );
}

#[test]
fn work_that_comes_in_after_a_merge_is_a_late_addition() {
    let mut log = Log::offered();
    let known = log.events.heads();
    log.chain(
        HQ,
        &known,
        vec![Act::MergeInto {
            ticket: crate::id::TicketId::from_bytes([9; 16]),
        }],
    );
    let done = log.chain(by(ANN), &known, day(1));
    assert_eq!(log.outcome(done[4]), over(Reason::TicketEnded));
    assert_eq!(log.state().reviews[0].what, Review::LateAddition);
    assert_eq!(log.state().status(), TicketStatus::MergedInto);
}

#[test]
fn could_not_at_the_door_is_legal_and_leaves_the_ticket_waiting() {
    let mut log = Log::offered();
    for act in [
        accept(1),
        depart(1),
        arrive(1),
        finish_with(1, VisitResult::CouldNot),
    ] {
        let id = log.add(by(ANN), act);
        assert_eq!(log.outcome(id), Outcome::Merged);
    }
    assert_eq!(log.state().status(), TicketStatus::Waiting);
}

#[test]
fn fixed_at_the_door_without_starting_does_not_follow() {
    let mut log = Log::offered();
    for act in [accept(1), depart(1), arrive(1)] {
        log.add(by(ANN), act);
    }
    let id = log.add(by(ANN), finish(1));
    assert_eq!(log.outcome(id), over(Reason::Superseded));
}

#[test]
fn declined_goes_back_to_the_dispatcher() {
    let mut log = Log::offered();
    log.add(by(ANN), decline(1));
    assert_eq!(log.state().status(), TicketStatus::Triaged);
    assert!(log.state().holders().is_empty());
}

#[test]
fn who_declines_an_offer_to_several_leaves_it_to_the_others() {
    let mut log = Log::born();
    log.add(HQ, offer(1, &[ANN, BOB]));
    let no = log.add(by(ANN), decline(1));
    let state = log.state();
    assert_eq!(state.outcomes[&no], Outcome::Merged);
    assert_eq!(state.status(), TicketStatus::Planned);
    assert_eq!(state.holders(), [engineer(BOB)]);
    let offered = &state.visits[&visit(1)];
    assert_eq!(
        offered.phase_for(engineer(ANN)),
        Phase::Declined(DeclineReason::TooFar)
    );
    assert_eq!(offered.phase_for(engineer(BOB)), Phase::Offered);
    assert!(!offered.is_open_for(engineer(ANN)) && offered.is_open_for(engineer(BOB)));

    let mut all = log.clone();
    all.add(by(BOB), decline(1));
    assert_eq!(all.state().status(), TicketStatus::Triaged);
    assert!(all.state().holders().is_empty());

    let changed_mind = log.add(by(ANN), accept(1));
    assert_eq!(log.outcome(changed_mind), over(Reason::Superseded));
    for act in day(1) {
        let id = log.add(by(BOB), act);
        assert_eq!(log.outcome(id), Outcome::Merged);
    }
    assert_eq!(log.state().status(), TicketStatus::Resolved);
}

/// The only visit that was made was overruled because a colleague, who had been asked too, did not want it.
#[test]
fn a_colleagues_refusal_does_not_undo_what_was_done_meanwhile() {
    for seed in 0..32 {
        let mut log = Log::born();
        log.add(HQ, offer(1, &[ANN, BOB]));
        log.next = 10 + seed * 6;
        let known = log.events.heads();
        let no = log.chain(by(ANN), &known, vec![decline(1)]);
        let done = log.chain(by(BOB), &known, day(1));
        let state = log.state();
        let merged = |id| state.outcomes[id] == Outcome::Merged;
        assert!(no.iter().chain(&done).all(merged), "seed {seed}");
        assert_eq!(state.status(), TicketStatus::Resolved);
    }
}

#[test]
fn who_declines_on_one_phone_and_comes_by_the_other_has_come() {
    for seed in 0..32 {
        let mut log = Log::offered();
        log.next = 10 + seed * 6;
        let known = log.events.heads();
        let no = log.chain(by(ANN), &known, vec![decline(1)]);
        let done = log.chain(by(ANN), &known, day(1));
        let state = log.state();
        assert_eq!(state.outcomes[&no[0]], over(Reason::Superseded), "seed {seed}");
        assert!(
            done.iter().all(|id| state.outcomes[id] == Outcome::Merged),
            "seed {seed}"
        );
        assert_eq!(state.status(), TicketStatus::Resolved);
        assert!(state.reviews.is_empty());
    }
}

#[test]
fn pausing_from_two_phones_at_once_keeps_the_visit_paused() {
    let mut log = Log::working();
    let known = log.events.heads();
    let pause = |reason| Act::Pause {
        visit: visit(1),
        reason,
    };
    log.chain(by(ANN), &known, vec![pause(PauseReason::Break)]);
    log.chain(by(ANN), &known, vec![pause(PauseReason::WaitingParts)]);
    assert!(matches!(log.state().visits[&visit(1)].phase, Phase::Paused(_)));
    let overruled = log
        .state()
        .outcomes
        .values()
        .filter(|o| **o == over(Reason::Superseded))
        .count();
    assert_eq!(overruled, 1);
}

/// Who took each step that led to where the visit is, by the phone whose steps these are.
fn tellers(log: &Log, phones: &[&[OperationId]]) -> Vec<usize> {
    let state = log.state();
    let of = |id| phones.iter().position(|steps| steps.contains(id));
    state.visits[&visit(1)].steps.iter().filter_map(of).collect()
}

/// The start of one phone stood between the arrival and the finish of the other: a visit that nobody made, done before it
/// began. Whatever the hash prefers, one telling counts whole.
#[test]
fn two_phones_that_tell_of_one_visit_are_not_mixed() {
    for seed in 0..32 {
        let mut log = Log::offered();
        log.add(by(ANN), accept(1));
        log.next = 10 + seed * 7;
        let known = log.events.heads();
        let trip = || vec![depart(1), arrive(1), start(1), finish(1)];
        let one = log.chain(by(ANN), &known, trip());
        let two = log.chain(by(ANN), &known, trip());
        let tellers = tellers(&log, &[&one, &two]);
        assert!(tellers == [0; 4] || tellers == [1; 4], "seed {seed}: {tellers:?}");
        let state = log.state();
        let (counts, other) = if tellers[0] == 0 {
            (&one, &two)
        } else {
            (&two, &one)
        };
        assert!(
            counts.iter().all(|id| state.outcomes[id] == Outcome::Merged),
            "seed {seed}"
        );
        assert!(
            other
                .iter()
                .all(|id| state.outcomes[id] == over(Reason::Superseded)),
            "seed {seed}"
        );
        let second = ReviewItem {
            what: Review::SecondReport,
            operation: other[3],
        };
        assert_eq!(state.reviews, [second]);
        let completion = &log.events.entries()[&counts[3]];
        assert_eq!(state.visits[&visit(1)].times.done, Some(completion.at));
    }
}

#[test]
fn a_phone_that_only_set_out_does_not_keep_back_the_one_that_finished() {
    for seed in 0..32 {
        let mut log = Log::offered();
        log.add(by(ANN), accept(1));
        log.next = 10 + seed * 7;
        let known = log.events.heads();
        let out = log.chain(by(ANN), &known, vec![depart(1)]);
        let whole = log.chain(by(ANN), &known, vec![depart(1), arrive(1), start(1), finish(1)]);
        assert_eq!(tellers(&log, &[&out, &whole]), [1; 4], "seed {seed}");
        assert_eq!(log.outcome(out[0]), over(Reason::Superseded));
        assert_eq!(log.state().status(), TicketStatus::Resolved);
    }
}

#[test]
fn phones_that_met_on_the_way_go_on_from_one_telling() {
    for seed in 0..32 {
        let mut log = Log::offered();
        log.add(by(ANN), accept(1));
        log.next = 10 + seed * 7;
        let known = log.events.heads();
        let one = log.chain(by(ANN), &known, vec![depart(1), arrive(1)]);
        let two = log.chain(by(ANN), &known, vec![depart(1), arrive(1)]);
        let met: Vec<OperationId> = [start(1), finish(1)].map(|act| log.add(by(ANN), act)).to_vec();
        let tellers = tellers(&log, &[&one, &two, &met]);
        assert!(
            tellers == [0, 0, 2, 2] || tellers == [1, 1, 2, 2],
            "seed {seed}: {tellers:?}"
        );
    }
}

#[test]
fn who_finishes_a_visit_that_a_colleague_has_is_reviewed() {
    let mut log = Log::born();
    log.add(HQ, offer(1, &[ANN, BOB]));
    let known = log.events.heads();
    let ann = log.chain(by(ANN), &known, day(1));
    let bob = log.chain(by(BOB), &known, day(1));
    let ruling = Ruling {
        stands: ann[0],
        over: vec![bob[0]],
    };
    log.add(HQ, Act::Rule(ruling));
    let state = log.state();
    assert_eq!(state.outcomes[&bob[0]], over(Reason::TakenByOther));
    assert_eq!(state.outcomes[&bob[4]], over(Reason::CompletedTakenByOther));
    let item = ReviewItem {
        what: Review::CompletedByOther,
        operation: bob[4],
    };
    assert_eq!(state.reviews, [item]);
    assert!(ann.iter().all(|id| state.outcomes[id] == Outcome::Merged));
}

fn rules(stands: OperationId, over: &[OperationId]) -> Act {
    Act::Rule(Ruling {
        stands,
        over: over.to_vec(),
    })
}

/// A finish became "superseded" and nobody looked at it: where the hash took a lost claim's telling first, its steps were
/// judged as if they had followed nothing.
#[test]
fn a_telling_whose_claim_lost_is_over_wherever_it_stands() {
    for seed in 0..16 {
        let mut log = Log::born();
        log.add(HQ, offer(1, &[ANN, BOB]));
        log.next = 10 + seed * 13;
        let known = log.events.heads();
        let bob = log.chain(by(BOB), &known, vec![accept(1)]);
        let ann_b = log.chain(by(ANN), &known, vec![accept(1), depart(1)]);
        let ann = log.chain(by(ANN), &known, day(1));
        log.add(HQ, rules(bob[0], &[ann_b[0], ann[0]]));
        let state = log.state();
        assert_eq!(state.outcomes[&bob[0]], Outcome::Merged, "seed {seed}");
        for id in ann_b.iter().chain(&ann[..4]) {
            assert_eq!(state.outcomes[id], over(Reason::TakenByOther), "seed {seed}");
        }
        assert_eq!(state.outcomes[&ann[4]], over(Reason::CompletedTakenByOther));
        let item = ReviewItem {
            what: Review::CompletedByOther,
            operation: ann[4],
        };
        assert_eq!(state.reviews, [item], "seed {seed}");
    }
}

/// It was merged, then overruled by steps of his other phone that count no more than it did.
#[test]
fn a_refusal_stands_beside_a_telling_whose_claim_lost() {
    for seed in 0..16 {
        let mut log = Log::born();
        log.add(HQ, offer(1, &[ANN, BOB]));
        log.next = 10 + seed * 13;
        let known = log.events.heads();
        let bob = log.chain(by(BOB), &known, vec![accept(1)]);
        let no = log.chain(by(ANN), &known, vec![decline(1)]);
        let done = log.chain(by(ANN), &known, day(1));
        log.add(HQ, rules(bob[0], &[done[0]]));
        assert_eq!(log.outcome(no[0]), Outcome::Merged, "seed {seed}");
        assert_eq!(
            log.outcome(done[4]),
            over(Reason::CompletedTakenByOther),
            "seed {seed}"
        );
    }
}

#[test]
fn work_done_for_a_colleague_who_then_declined_is_reviewed() {
    for seed in 0..16 {
        let mut log = Log::born();
        log.add(HQ, offer(1, &[ANN, BOB]));
        log.next = 10 + seed * 13;
        let known = log.events.heads();
        let bob = log.chain(by(BOB), &known, vec![accept(1), decline(1)]);
        let done = log.chain(by(ANN), &known, day(1));
        log.add(HQ, rules(bob[0], &[done[0]]));
        let item = ReviewItem {
            what: Review::CompletedByOther,
            operation: done[4],
        };
        assert_eq!(log.state().reviews, [item], "seed {seed}");
    }
}

#[test]
fn reopening_takes_a_resolved_ticket_up_again() {
    let mut log = Log::working();
    log.add(by(ANN), finish(1));
    assert_eq!(log.state().status(), TicketStatus::Resolved);
    log.add(
        HQ,
        Act::Reopen {
            reason: "broken again".into(),
        },
    );
    assert_eq!(log.state().status(), TicketStatus::Triaged);
    log.add(HQ, offer(2, &[BOB]));
    for act in day(2) {
        log.add(by(BOB), act);
    }
    assert_eq!(log.state().status(), TicketStatus::Resolved);
}

#[test]
fn odd_graphs_have_results_and_are_reported() {
    let mut log = Log::offered();
    let nowhere = OperationId::from_bytes([99; 16]);
    let dangling = log.after(by(ANN), accept(1), &[nowhere]);
    let (x, y) = (
        OperationId::from_bytes([50; 16]),
        OperationId::from_bytes([51; 16]),
    );
    let at = DeviceTime::exact(Timestamp::from_ms(0));
    log.events.insert_entry(
        x,
        Entry {
            act: Act::Triage,
            by: HQ,
            at,
            prev: vec![y],
        },
    );
    log.events.insert_entry(
        y,
        Entry {
            act: Act::Triage,
            by: HQ,
            at,
            prev: vec![x],
        },
    );
    let unknown = OperationId::from_bytes([52; 16]);
    log.events.insert(unknown, ["{}"]);
    let anomalies = log.state().anomalies;
    assert!(anomalies.contains(&Anomaly::DanglingPrev(dangling)));
    assert!(anomalies.contains(&Anomaly::UnknownKind(unknown)));
    assert!(anomalies.iter().any(|a| matches!(a, Anomaly::Cycle(_))));
    assert_eq!(log.state().outcomes.len(), log.events.entries().len());
}

#[test]
fn several_values_at_one_key_count_once_in_any_order() {
    let entry = |act| Entry {
        act,
        by: HQ,
        at: DeviceTime::exact(Timestamp::from_ms(0)),
        prev: vec![],
    };
    let (a, b) = (
        entry(Act::Triage).to_text().unwrap(),
        entry(Act::Close).to_text().unwrap(),
    );
    let id = OperationId::from_bytes([1; 16]);
    let (mut one, mut two) = (Events::default(), Events::default());
    one.insert(id, [a.as_str(), b.as_str()]);
    two.insert(id, [b.as_str(), a.as_str(), a.as_str()]);
    assert_eq!(one, two);
    assert_eq!(fold(&one).anomalies, [Anomaly::SeveralValues(id)]);
}

fn any_act() -> impl Strategy<Value = Act> {
    let v = 1_u8..4;
    prop_oneof![
        (v.clone(), prop::collection::vec(1_u8..4, 1..3)).prop_map(|(v, to)| offer(v, &to)),
        (v.clone(), v.clone(), 1_u8..4).prop_map(|(from, v, to)| reassign(from, v, to)),
        v.clone().prop_map(accept),
        v.clone().prop_map(depart),
        v.clone().prop_map(arrive),
        v.clone().prop_map(start),
        v.clone().prop_map(finish),
        v.prop_map(|v| Act::Pause {
            visit: visit(v),
            reason: PauseReason::Break
        }),
        Just(cancel()),
        Just(Act::Close),
        Just(Act::Reopen { reason: "r".into() }),
        Just(Act::Triage),
        (0_u8..24, 0_u8..24).prop_map(|(stands, over)| {
            let [stands, over] = [stands, over].map(|n| OperationId::from_bytes([n; 16]));
            rules(stands, &[over])
        }),
    ]
}

/// Any graph at all: predecessors point anywhere, forwards, at nothing, in circles.
fn any_log() -> impl Strategy<Value = Vec<(OperationId, Entry)>> {
    let who = prop_oneof![Just(HQ), (1_u8..4).prop_map(by), Just(Author::Customer)];
    let one = (
        any_act(),
        who,
        prop::collection::vec(0_u8..24, 0..3),
        any::<i64>(),
    );
    prop::collection::vec(one, 1..24).prop_map(|entries| {
        let make = |(n, (act, by, prev, wall)): (usize, (Act, Author, Vec<u8>, i64))| {
            let id = OperationId::from_bytes([u8::try_from(n).unwrap(); 16]);
            let at = DeviceTime {
                wall: Timestamp::from_ms(wall),
                boot: 0,
                up_ms: 0,
                offset_ms: None,
            };
            let prev = prev
                .into_iter()
                .map(|p| OperationId::from_bytes([p; 16]))
                .collect();
            (id, Entry { act, by, at, prev })
        };
        entries.into_iter().enumerate().map(make).collect()
    })
}

proptest! {
    #[test]
    fn any_arrival_order_folds_alike(log in any_log(), seed in any::<u64>()) {
        let mut shuffled = log.clone();
        let mut state = seed | 1;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
        }
        let collect = |log: Vec<(OperationId, Entry)>| {
            let mut events = Events::default();
            for (id, entry) in log { events.insert_entry(id, entry); }
            fold(&events)
        };
        prop_assert_eq!(collect(log), collect(shuffled));
    }

    #[test]
    fn device_time_decides_nothing(log in any_log()) {
        let collect = |shift: i64| {
            let mut events = Events::default();
            for (id, mut entry) in log.clone() {
                entry.at.wall = Timestamp::from_ms(entry.at.wall.ms().wrapping_mul(shift));
                events.insert_entry(id, entry);
            }
            let state = fold(&events);
            (state.status(), state.outcomes, state.reviews, state.contests)
        };
        prop_assert_eq!(collect(1), collect(-7));
    }

    #[test]
    fn every_event_has_exactly_one_outcome(log in any_log()) {
        let mut events = Events::default();
        for (id, entry) in log { events.insert_entry(id, entry); }
        prop_assert_eq!(fold(&events).outcomes.len(), events.entries().len());
    }
    /// Work that does not count is never passed over in silence, unless nobody asked for it.
    #[test]
    fn a_finish_that_does_not_count_is_reviewed(log in any_log()) {
        let mut events = Events::default();
        for (id, entry) in log { events.insert_entry(id, entry); }
        let state = fold(&events);
        for (id, entry) in events.entries() {
            let Some(Outcome::Overruled(reason)) = state.outcomes.get(id) else { continue };
            let unasked = [Reason::NotYours, Reason::NotAllowed, Reason::UnknownVisit].contains(reason);
            let reviewed = state.reviews.iter().any(|item| item.operation == *id);
            let finish = matches!(entry.act, Act::Finish { .. });
            prop_assert_eq!(reviewed, finish && !unasked, "{:?} {:?}", id, reason);
        }
    }
}
