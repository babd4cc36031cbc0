//! What HQ decides while the field cannot hear it: a visit given to a colleague, a ticket cancelled, a phone revoked, one
//! visit offered to two. The story says to whom; each waits for the moment at which it hurts.

use fieldline_model::cancel::CancelReason;
use fieldline_model::id::{EngineerId, VisitId};
use fieldline_model::operation::{Act, Span};
use fieldline_model::time::Timestamp;
use fieldline_server::store::ticket::{VisitFilter, VisitRow, visit_list};

use super::super::day::Day;
use super::super::dice::Dice;
use super::super::dispatch::WINDOW_MS;
use super::super::office::{told, visit_id};
use super::super::pace::DayMs;
use super::super::phone::Phone;
use super::super::story::Turn;
use super::super::words as w;
use super::{Hq, ROWS_MAX};
use crate::fault::{Fault, model_lang};

/// Engineers have had a look at their day by then.
const RACE_FROM_MS: DayMs = 6 * 60_000;
/// Operations on the phone before it is revoked.
const UNSENT_MIN: u64 = 3;

impl Hq {
    /// Two engineers are offered one visit and both take it before either has heard of the other.
    pub(in super::super) async fn race(
        &self,
        day: &mut Day,
        phones: &mut [Phone],
        now: DayMs,
    ) -> Result<(), Fault> {
        let Some(race) = day
            .story
            .race
            .clone()
            .filter(|race| !race.fired && now >= RACE_FROM_MS)
        else {
            return Ok(());
        };
        let places: Vec<usize> = race
            .engineers
            .iter()
            .filter_map(|engineer| {
                phones
                    .iter()
                    .position(|phone| phone.engineer == *engineer && phone.signal)
            })
            .collect();
        let &[one, other] = places.as_slice() else {
            return Ok(());
        };
        let Ok([one, other]) = phones.get_disjoint_mut([one, other]) else {
            return Ok(());
        };
        let visit = visit_id(day.seed, race.ticket, 0);
        let number = self.number(race.ticket).await?;
        let offer = Act::Offer {
            visit,
            to: race.engineers.to_vec(),
            plan: self.after_both(race.engineers).await?,
        };
        if !self.does(race.ticket, offer).await? {
            return Ok(());
        }
        day.tell
            .line(day.tell.lang.t(w::HQ), &number, day.tell.lang.t(w::OFFERED_TWO));
        if !(one.try_sync(day).await? && other.try_sync(day).await?) {
            return Ok(());
        }
        for phone in [&mut *one, &mut *other] {
            // The tap comes before the answer to anybody's tap.
            phone.signal = false;
            phone
                .perform(day, race.ticket.into(), Act::Accept { visit })
                .await?;
            phone.signal = true;
        }
        // One after the other: two at once would leave it to the machine who is first, and the day would differ.
        one.sync().await?;
        other.sync().await?;
        one.tell_cards(day)?;
        other.tell_cards(day)?;
        day.told(|story| story.race.iter_mut().for_each(|race| race.fired = true))
    }

    /// Whether this engineer is now where the story wants him; then HQ decides.
    pub(in super::super) async fn clash(&self, day: &mut Day, phone: &Phone) -> Result<(), Fault> {
        if phone.signal {
            return Ok(());
        }
        let Some((ticket, phase)) = phone.current()? else {
            return Ok(());
        };
        let Some(clash) = day
            .story
            .clash(phone.engineer, ticket)
            .filter(|clash| !clash.fired)
        else {
            return Ok(());
        };
        let turn = clash.turn;
        let status = phone.engine().status()?;
        if phase != "working" || status.saved_here < UNSENT_MIN {
            return Ok(());
        }
        let number = self.number(ticket).await?;
        let hq = day.tell.lang.t(w::HQ);
        match turn {
            Turn::Cancel => {
                // One of the list is read in every reader's language.
                let reason =
                    CancelReason::from_code("self").map(|reason| reason.words(model_lang(day.tell.lang)));
                let reason = reason.unwrap_or_default().to_owned();
                self.does(ticket, Act::Cancel { reason }).await?;
                day.tell.line(
                    hq,
                    &number,
                    &day.tell.lang.fill(w::CANCELLED, &[("name", &phone.name)]),
                );
            }
            Turn::Reassign => {
                let visits = self
                    .open_visits(VisitFilter {
                        ticket: Some(ticket),
                        ..VisitFilter::default()
                    })
                    .await?;
                for visit in visits {
                    self.hand_over(day, &visit, phone.engineer).await?;
                }
                day.tell.line(
                    hq,
                    &number,
                    &day.tell.lang.fill(w::REASSIGNED, &[("name", &phone.name)]),
                );
            }
            Turn::Revoke => {
                if let Some(device) = status.device {
                    self.app.revoke(device).await.map_err(told)?;
                }
                let filter = VisitFilter {
                    engineer: Some(phone.engineer),
                    ..VisitFilter::default()
                };
                for visit in self.open_visits(filter).await? {
                    self.hand_over(day, &visit, phone.engineer).await?;
                }
                let unsent = status.saved_here.to_string();
                day.tell.line(
                    hq,
                    "",
                    &day.tell
                        .lang
                        .fill(w::REVOKED, &[("name", &phone.name), ("n", &unsent)]),
                );
            }
        }
        day.told(|story| {
            story
                .clashes
                .iter_mut()
                .filter(|clash| clash.ticket == ticket)
                .for_each(|clash| clash.fired = true)
        })
    }

    /// Two engineers write beside one article, one of them where nobody can hear him.
    pub(in super::super) async fn annotate(
        &self,
        day: &mut Day,
        phones: &mut [Phone],
        place: usize,
    ) -> Result<(), Fault> {
        let revoked = |id: EngineerId| {
            day.story
                .clashes
                .iter()
                .any(|clash| clash.turn == Turn::Revoke && clash.engineer == id)
        };
        let one = &phones[place];
        if day.story.annotators.len() >= 2 || one.signal || revoked(one.engineer) {
            return Ok(());
        }
        let Some((ticket, _)) = one.current()? else {
            return Ok(());
        };
        let Some(article) = one.article_for(ticket)? else {
            return Ok(());
        };
        let others = (0..phones.len()).filter(|other| *other != place && !revoked(phones[*other].engineer));
        let others: Vec<usize> = others.collect();
        let Some(other) = Dice::of(day.seed, "annotate").pick(&others).copied() else {
            return Ok(());
        };
        for (n, place) in [place, other].into_iter().enumerate() {
            if phones[place].annotate(day, article, n).await? {
                let engineer = phones[place].engineer;
                day.told(|story| story.annotators.push(engineer))?;
            }
        }
        Ok(())
    }

    async fn open_visits(&self, filter: VisitFilter) -> Result<Vec<VisitRow>, Fault> {
        let read = self
            .app
            .store()
            .read(move |connection| visit_list(connection, &filter, "", ROWS_MAX));
        let is_open = |visit: &VisitRow| {
            visit.withdrawn.is_none() && !matches!(visit.phase.as_str(), "done" | "declined")
        };
        Ok(read.await?.into_iter().filter(is_open).collect())
    }

    /// Gives a visit to a colleague who knows the kind of device and whose phone works.
    async fn hand_over(&self, day: &Day, visit: &VisitRow, from: EngineerId) -> Result<(), Fault> {
        let Some(ticket) = self.ticket(visit.ticket).await? else {
            return Ok(());
        };
        let lost = day
            .story
            .clashes
            .iter()
            .filter(|clash| clash.turn == Turn::Revoke)
            .map(|clash| clash.engineer);
        let but: Vec<EngineerId> = lost.chain([from]).collect();
        let category = ticket.category.unwrap_or_default();
        let able = self
            .skills
            .iter()
            .filter(|(id, skills)| !but.contains(id) && skills.contains(&category));
        let able: Vec<EngineerId> = able.map(|(id, _)| *id).collect();
        let Some(to) = Dice::of(day.seed, &format!("to/{}", visit.id))
            .pick(&able)
            .copied()
        else {
            return Ok(());
        };
        let new: VisitId = visit_id(day.seed, visit.ticket, 1);
        self.does(
            visit.ticket,
            Act::Reassign {
                from: visit.id,
                visit: new,
                to: vec![to],
                plan: span(visit.plan_start, visit.plan_end),
            },
        )
        .await?;
        Ok(())
    }

    /// When both have done what they have. A visit without a plan would stand in a list by its ticket's deadline, whose
    /// place among the plans' half hours depends on the minute at which the demo was started.
    async fn after_both(&self, engineers: [EngineerId; 2]) -> Result<Option<Span>, Fault> {
        let mut last = None;
        for engineer in engineers {
            let filter = VisitFilter {
                engineer: Some(engineer),
                ..VisitFilter::default()
            };
            let ends = self
                .open_visits(filter)
                .await?
                .into_iter()
                .filter_map(|visit| visit.plan_end);
            last = last.max(ends.max());
        }
        Ok(last.map(|start| Span {
            start,
            end: start.plus_ms(WINDOW_MS),
        }))
    }
}

fn span(start: Option<Timestamp>, end: Option<Timestamp>) -> Option<Span> {
    start.zip(end).map(|(start, end)| Span { start, end })
}
