//! What goes wrong today: chosen once from the plan, written into the marker, ticked off as it happens.
//!
//! Each clash waits for its moment, the engineer offline and at work on the very ticket, so the same story comes about
//! at any speed and after any restart.

use std::collections::BTreeMap;

use fieldline_model::id::{EngineerId, TicketId};
use serde::{Deserialize, Serialize};

use super::dice::Dice;

/// What HQ does to somebody it cannot reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Turn {
    /// Gives the visit to a colleague.
    Reassign,
    /// Cancels the ticket.
    Cancel,
    /// Revokes the phone.
    Revoke,
}

/// One clash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Clash {
    /// What HQ does.
    pub(super) turn: Turn,
    /// To whom.
    pub(super) engineer: EngineerId,
    /// While he works on this.
    pub(super) ticket: TicketId,
    /// It has happened.
    #[serde(default)]
    pub(super) fired: bool,
}

/// Two engineers who want the same visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Race {
    /// The ticket.
    pub(super) ticket: TicketId,
    /// To whom HQ offers it.
    pub(super) engineers: [EngineerId; 2],
    /// It has happened.
    #[serde(default)]
    pub(super) fired: bool,
}

/// The day's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Story {
    /// Reassignment, cancellation, revocation.
    pub(super) clashes: Vec<Clash>,
    /// The race.
    pub(super) race: Option<Race>,
    /// Who have written beside one article so far; two make the story.
    #[serde(default)]
    pub(super) annotators: Vec<EngineerId>,
}

/// A day's plan as the story sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct Cast {
    /// Engineers and their skills.
    pub(super) skills: BTreeMap<EngineerId, Vec<String>>,
    /// Their visits in order: ticket and category.
    pub(super) visits: BTreeMap<EngineerId, Vec<(TicketId, String)>>,
    /// What nobody has: ticket and category.
    pub(super) queue: Vec<(TicketId, String)>,
}

impl Cast {
    /// Who else knows this kind of device.
    pub(super) fn able(&self, category: &str, but: &[EngineerId]) -> Vec<EngineerId> {
        let knows = |skills: &Vec<String>| skills.iter().any(|skill| skill == category);
        let able = self
            .skills
            .iter()
            .filter(|(id, skills)| !but.contains(id) && knows(skills));
        able.map(|(id, _)| *id).collect()
    }
}

impl Story {
    /// Chooses who meets what.
    pub(super) fn choose(seed: u64, cast: &Cast) -> Self {
        let mut dice = Dice::of(seed, "story");
        let people = dice.shuffled(cast.visits.keys().copied());
        let mut clashes = Vec::new();
        // The revoked phone first: its owner can help nobody afterwards.
        let revoked = people.first().copied();
        if let Some(engineer) = revoked
            && let Some((ticket, _)) = cast.visits[&engineer].iter().rev().nth(1)
        {
            clashes.push(Clash {
                turn: Turn::Revoke,
                engineer,
                ticket: *ticket,
                fired: false,
            });
        }
        let reassigned = people.iter().skip(1).find_map(|engineer| {
            let early = dice.shuffled(cast.visits[engineer].iter().skip(1).take(2));
            let but: Vec<EngineerId> = revoked.into_iter().chain([*engineer]).collect();
            let found = early
                .into_iter()
                .find(|(_, category)| !cast.able(category, &but).is_empty());
            found.map(|(ticket, _)| (*engineer, *ticket))
        });
        if let Some((engineer, ticket)) = reassigned {
            clashes.push(Clash {
                turn: Turn::Reassign,
                engineer,
                ticket,
                fired: false,
            });
        }
        let taken: Vec<EngineerId> = clashes.iter().map(|clash| clash.engineer).collect();
        if let Some(engineer) = people.iter().find(|engineer| !taken.contains(engineer)) {
            let early = dice.shuffled(cast.visits[engineer].iter().skip(1).take(2));
            clashes.extend(early.first().map(|(ticket, _)| Clash {
                turn: Turn::Cancel,
                engineer: *engineer,
                ticket: *ticket,
                fired: false,
            }));
        }
        Self {
            clashes,
            race: race(&mut dice, cast, revoked),
            annotators: Vec::new(),
        }
    }

    /// The clash in which this engineer meets this ticket.
    pub(super) fn clash(&self, engineer: EngineerId, ticket: TicketId) -> Option<&Clash> {
        self.clashes
            .iter()
            .find(|clash| clash.engineer == engineer && clash.ticket == ticket)
    }

    /// The ticket's visits must lie in a place without signal and end well.
    pub(super) fn needs(&self, ticket: TicketId) -> bool {
        self.clashes.iter().any(|clash| clash.ticket == ticket)
    }

    /// Everything has happened.
    pub(super) fn is_told(&self) -> bool {
        let clashed = self.clashes.iter().all(|clash| clash.fired);
        clashed && self.race.as_ref().is_none_or(|race| race.fired) && self.annotators.len() >= 2
    }
}

fn race(dice: &mut Dice, cast: &Cast, revoked: Option<EngineerId>) -> Option<Race> {
    let but: Vec<EngineerId> = revoked.into_iter().collect();
    dice.shuffled(cast.queue.iter())
        .into_iter()
        .find_map(|(ticket, category)| {
            let able = dice.shuffled(cast.able(category, &but));
            let &[one, other, ..] = able.as_slice() else {
                return None;
            };
            Some(Race {
                ticket: *ticket,
                engineers: [one, other],
                fired: false,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::super::{dispatch, intake, office};
    use super::*;
    use fieldline_model::time::Timestamp;
    use fieldline_server::company::Company;
    use fieldline_server::words::Lang;

    #[test]
    fn every_seed_has_its_story_and_nobody_meets_two_clashes() {
        let company = Company::demo();
        let now = Timestamp::from_ms(1_795_140_000_000);
        for (lang, with_you) in [
            (Lang::Zh, false),
            (Lang::Zh, true),
            (Lang::En, false),
            (Lang::En, true),
        ] {
            let (hands, mut jobs) = (office::hands(&company), intake::take_in(&company, lang, now));
            if with_you {
                assert_eq!(office::yours(&mut jobs).len(), 2);
            }
            let cast = office::cast(&hands, &jobs, &dispatch::plan(&hands, &jobs, lang, now));
            let mut seen = Vec::new();
            for seed in 0..200 {
                let story = Story::choose(seed, &cast);
                let people: Vec<EngineerId> = story.clashes.iter().map(|clash| clash.engineer).collect();
                assert_eq!(people.len(), 3, "seed {seed}");
                assert!(
                    people[0] != people[1] && people[1] != people[2] && people[0] != people[2],
                    "seed {seed}"
                );
                let race = story.race.clone().unwrap();
                assert!(race.engineers[0] != race.engineers[1] && !race.engineers.contains(&people[0]));
                seen.push(story);
            }
            seen.dedup();
            assert!(seen.len() > 150, "seeds differ");
        }
    }
}
