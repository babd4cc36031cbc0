//! The day itself: who is due next, and when it is over.
//!
//! One loop over the engineers and HQ, each of whom says when he wants to be woken. In a hurry the loop does not wait;
//! otherwise it waits for the minute to come. What happens is the same.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::dice::Dice;
use super::ground::Ground;
use super::hq::{self, Hq};
use super::ledger::Ledger;
use super::pace::{DayMs, Pace};
use super::phone::Phone;
use super::story::Story;
use super::tell::Tell;
use super::words as w;
use crate::fault::Fault;

/// A day that is not over by then is broken off; what was saved is brought home all the same.
const DAY_MS_MAX: DayMs = 30 * 3_600_000;
/// Nobody has anything to do for so long: what the story still wants will not come any more.
const IDLE_MS: DayMs = 60 * MINUTE_MS;
/// The engineers begin within so many minutes.
const BEGIN_MINUTES: i64 = 12;
/// Rounds in which everything must be home.
const ROUNDS_MAX: usize = 40;
const MINUTE_MS: DayMs = 60_000;

/// What everybody shares.
#[derive(Debug)]
pub(super) struct Day {
    /// Seed of everything left to chance.
    pub(super) seed: u64,
    /// How fast it passes.
    pub(super) pace: Pace,
    /// What is told.
    pub(super) tell: Tell,
    /// What was promised.
    pub(super) ledger: Ledger,
    /// What goes wrong.
    pub(super) story: Story,
    /// From a tap with signal to its fate on the phone.
    pub(super) taps_ms: Vec<f64>,
    /// Where it is kept.
    pub(super) ground: Ground,
}

/// Who can be woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Phone(usize),
    Hq,
}

impl Day {
    /// Changes the story, and keeps it.
    pub(super) fn told(&mut self, change: impl FnOnce(&mut Story)) -> Result<(), Fault> {
        change(&mut self.story);
        self.ground.marker.story = Some(self.story.clone());
        self.ground.keep()
    }

    /// Plays until everything is done; with `goes_on`, until somebody drops this.
    pub(super) async fn play(&mut self, hq: &Hq, phones: &mut [Phone], goes_on: bool) -> Result<(), Fault> {
        let begin = |place: usize| {
            Dice::of(self.seed, &format!("begin/{place}")).between(0, BEGIN_MINUTES) * MINUTE_MS
        };
        let mut due: BinaryHeap<Reverse<(DayMs, Who)>> = (0..phones.len())
            .map(|place| Reverse((begin(place), Who::Phone(place))))
            .collect();
        due.push(Reverse((hq::LOOK_MS, Who::Hq)));
        let mut is_over = self.ground.marker.over;
        let mut idle_since = None;
        while let Some(Reverse((now, who))) = due.pop() {
            self.pace.until(now).await;
            let next = match who {
                Who::Phone(place) => {
                    let next = phones[place].step(self, now).await?;
                    hq.clash(self, &phones[place]).await?;
                    hq.annotate(self, phones, place).await?;
                    next
                }
                Who::Hq => {
                    hq.race(self, phones, now).await?;
                    let closed = hq.close_resolved(self).await?;
                    let idle = closed == 0 && all_idle(phones)?;
                    idle_since = if idle { idle_since.or(Some(now)) } else { None };
                    let waited = idle_since.is_some_and(|since| now - since >= IDLE_MS);
                    if idle && !is_over && (self.story.is_told() || waited) {
                        is_over = true;
                        self.ground.marker.over = true;
                        self.ground.keep()?;
                        self.tell
                            .line(self.tell.lang.t(w::HQ), "", self.tell.lang.t(w::DAY_OVER));
                    }
                    if !goes_on && (is_over || now > DAY_MS_MAX) {
                        return Ok(());
                    }
                    now + hq::LOOK_MS
                }
            };
            due.push(Reverse((next.max(now + 1), who)));
        }
        Ok(())
    }

    /// Hurries two engineers ahead, so that somebody is on the way and somebody at work when people begin to watch.
    pub(super) async fn set_the_scene(&mut self, hq: &Hq, phones: &mut [Phone]) -> Result<(), Fault> {
        const STEPS_MAX: usize = 40;
        let there = hq.tickets(Some("in_progress")).await?;
        self.tell.hush = true;
        for (label, phase) in [("in_progress", "working"), ("on_the_way", "en_route")] {
            if there.iter().any(|ticket| ticket.label == label) {
                continue;
            }
            let busy: Vec<bool> = phones
                .iter()
                .map(|phone| Ok(phone.current()?.is_some()))
                .collect::<Result<_, Fault>>()?;
            let free = (0..phones.len()).filter(|place| !busy[*place] && !phones[*place].is_revoked());
            // Whose customer people can read, where there is one.
            let readable = |place: &usize| phones[*place].reads_next(self.tell.lang).unwrap_or(false);
            let best = free.max_by_key(|place| (readable(place), *place));
            let Some(phone) = best.map(|place| &mut phones[place]) else {
                break;
            };
            let mut now = 0;
            for _ in 0..STEPS_MAX {
                now = phone.step(self, now).await?;
                if phone.current()?.is_some_and(|(_, found)| found == phase) {
                    break;
                }
            }
            // HQ must know of it.
            phone.signal = true;
            phone.try_sync(self).await?;
        }
        self.tell.hush = false;
        Ok(())
    }

    /// Brings every phone to where there is signal, until nothing waits and HQ has nothing to close.
    pub(super) async fn come_home(&mut self, hq: &Hq, phones: &mut [Phone]) -> Result<(), Fault> {
        for _ in 0..ROUNDS_MAX {
            let mut waits = hq.close_resolved(self).await? + hq.decide_held(self).await? > 0;
            for phone in phones.iter_mut() {
                if !phone.signal {
                    phone.come_back(self).await?;
                }
                phone.try_sync(self).await?;
                let status = phone.engine().status()?;
                waits |= status.saved_here > 0 || !(status.complete || phone.is_revoked());
            }
            if !waits {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn all_idle(phones: &[Phone]) -> Result<bool, Fault> {
    phones
        .iter()
        .try_fold(true, |all, phone| Ok(all && phone.is_idle()?))
}
