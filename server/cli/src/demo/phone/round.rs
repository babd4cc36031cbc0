//! An engineer's round: he looks at his list, does what comes next, and waits. What comes next, [`script`] says.

use fieldline_engine::view::{ListFilter, PartFilter, TicketView};
use fieldline_model::id::{LocationId, PartId, TicketId};
use fieldline_model::operation::{Act, Position};
use fieldline_model::row::{Row, RowKind};
use fieldline_server::words::Lang;

use super::super::day::Day;
use super::super::pace::DayMs;
use super::super::{notes, script, words as w};
use super::{Phone, Plan, is_under_way, with};
use crate::fault::Fault;
use crate::when;

const MINUTE_MS: DayMs = 60_000;
/// A phone at rest asks for news so often.
const POLL_MS: DayMs = 10 * MINUTE_MS;
/// A position so often, on the way and at no other time.
const FIX_MS: DayMs = 3 * MINUTE_MS;
/// From a finished visit to where there is signal again.
const LEAVE_MS: DayMs = 4 * MINUTE_MS;
/// In a place without signal it ends before the door.
const SIGNAL_ENDS: f64 = 0.6;
/// How well the phone knows where it is.
const ACCURACY_M: f32 = 20.0;

impl Phone {
    /// Nothing is planned, and nothing is left on his list.
    pub(in super::super) fn is_idle(&self) -> Result<bool, Fault> {
        Ok(self.revoked || (self.plan.is_none() && self.signal && self.choose()?.is_none()))
    }

    /// Lives until something is due and returns when to come back.
    pub(in super::super) async fn step(&mut self, day: &mut Day, now: DayMs) -> Result<DayMs, Fault> {
        if self.signal_at.is_some_and(|at| at <= now) {
            self.come_back(day).await?;
        }
        if self.revoked {
            return Ok(now + POLL_MS);
        }
        match self.plan.take() {
            Some(plan) if plan.at > now => {
                self.on_the_way(day, &plan, now).await?;
                let travels = matches!(plan.act, Act::Arrive { .. });
                let next = if travels {
                    plan.at.min(now + FIX_MS)
                } else {
                    plan.at
                };
                self.plan = Some(plan);
                return Ok(self.signal_at.map_or(next, |back| back.min(next)));
            }
            Some(plan) => self.act(day, plan).await?,
            None if self.signal => {
                self.try_sync(day).await?;
            }
            None => {}
        }
        self.look(day, now)
    }

    /// Looks at the list and decides what to do next.
    fn look(&mut self, day: &Day, now: DayMs) -> Result<DayMs, Fault> {
        if !self.signal && self.signal_at.is_none() && self.current()?.is_none() {
            // He has left the place, whatever became of the visit.
            self.signal_at = Some(now + LEAVE_MS);
        }
        let back = self.signal_at.unwrap_or(now + POLL_MS);
        let Some(ticket) = self.choose()? else {
            return Ok(back.min(now + POLL_MS));
        };
        let view = with(&self.engine, |engine, moment| engine.ticket(ticket, moment))?;
        if self.codes.is_empty() {
            let rows = self.engine.rows(RowKind::Code)?;
            self.codes = rows
                .into_iter()
                .filter_map(|row| {
                    if let Row::Code(code) = row {
                        Some(code)
                    } else {
                        None
                    }
                })
                .collect();
        }
        let part = self.fitting(&view)?;
        let must_fix = day.story.needs(ticket);
        let scene = script::Scene {
            view: &view,
            me: self.engineer,
            seed: day.seed,
            codes: &self.codes,
            part,
            english: day.tell.lang == Lang::En || notes::is_english(&view.facts.fault_text),
            must_fix,
        };
        let Some(step) = script::next(scene) else {
            return Ok(now + POLL_MS);
        };
        let act = match step.act {
            Act::Depart { visit, .. } => {
                let travel = script::travel_ms(day.seed, visit);
                Act::Depart {
                    visit,
                    eta: Some(when::now().plus_ms(day.pace.real_ms(step.after_ms + travel))),
                }
            }
            Act::Arrive { visit, .. } => Act::Arrive {
                visit,
                position: site(&view).map(Position::rounded),
            },
            act => act,
        };
        let at = now + step.after_ms;
        self.plan = Some(Plan {
            began: now,
            at,
            ticket,
            act,
        });
        // Signal may come back before.
        Ok(self.signal_at.map_or(at, |back| back.max(now).min(at)))
    }

    /// What is under way goes first; then two accepted visits are kept ahead; then the first of them.
    fn choose(&self) -> Result<Option<TicketId>, Fault> {
        const AHEAD: usize = 2;
        let lines = self.engine.list(&ListFilter::default())?;
        let of = |wanted: fn(&str) -> bool| {
            let lines = lines
                .iter()
                .filter(move |line| !line.withdrawn && line.phase.as_deref().is_some_and(wanted));
            lines.map(|line| line.ticket).collect::<Vec<_>>()
        };
        let (under_way, offered, accepted) = (
            of(is_under_way),
            of(|phase| phase == "offered"),
            of(|phase| phase == "accepted"),
        );
        if let Some(ticket) = under_way.first() {
            return Ok(Some(*ticket));
        }
        let ahead = if accepted.len() < AHEAD {
            offered.first()
        } else {
            None
        };
        Ok(ahead.or(accepted.first()).or(offered.first()).copied())
    }

    /// A part in the van for this model.
    fn fitting(&self, view: &TicketView) -> Result<Option<(PartId, LocationId)>, Fault> {
        let Some(asset) = &view.asset else { return Ok(None) };
        let mine = PartFilter {
            my_van: true,
            ..PartFilter::default()
        };
        for line in with(&self.engine, |engine, moment| engine.parts(&mine, moment))? {
            let row = self.engine.row(RowKind::Part, &line.part.to_string())?;
            let fits = matches!(row, Some(Row::Part(part)) if part.models.contains(&asset.model));
            if fits && line.quantity > 0 {
                return Ok(Some((line.part, line.location)));
            }
        }
        Ok(None)
    }

    /// Between departure and arrival the phone says where it is; in some places signal ends on the way.
    async fn on_the_way(&mut self, day: &mut Day, plan: &Plan, now: DayMs) -> Result<(), Fault> {
        let Act::Arrive { visit, .. } = plan.act else {
            return Ok(());
        };
        let view = with(&self.engine, |engine, moment| engine.ticket(plan.ticket, moment))?;
        let share = share(now - plan.began, plan.at - plan.began);
        if let (Some(from), Some(to)) = (self.place, site(&view)) {
            let between = |from: f64, to: f64| from + (to - from) * share;
            let here = Position {
                lat: between(from.lat, to.lat),
                lon: between(from.lon, to.lon),
            };
            with(&self.engine, |engine, moment| {
                engine.position_add(here, ACCURACY_M, moment)
            })?;
        }
        let dead = day.story.needs(plan.ticket) || script::is_dead(day.seed, visit);
        if self.signal && dead && share >= SIGNAL_ENDS {
            self.lose_signal(day, plan.ticket)?;
        }
        if self.signal {
            self.try_sync(day).await?;
        }
        Ok(())
    }

    fn lose_signal(&mut self, day: &Day, ticket: TicketId) -> Result<(), Fault> {
        self.signal = false;
        let number = self.number(ticket)?;
        day.tell
            .line(&self.name, &number, day.tell.lang.t(w::SIGNAL_LOST));
        Ok(())
    }

    async fn act(&mut self, day: &mut Day, plan: Plan) -> Result<(), Fault> {
        let Plan { ticket, act, .. } = plan;
        if let Act::Arrive { visit, .. } = act
            && self.signal
            && (day.story.needs(ticket) || script::is_dead(day.seed, visit))
        {
            self.lose_signal(day, ticket)?;
        }
        let arrives = matches!(act, Act::Arrive { .. });
        if self.perform(day, ticket.into(), act).await?.is_none() {
            return Ok(());
        }
        if arrives {
            let view = with(&self.engine, |engine, moment| engine.ticket(ticket, moment))?;
            self.place = site(&view).or(self.place);
        }
        Ok(())
    }
}

fn site(view: &TicketView) -> Option<Position> {
    view.site.as_ref().and_then(|site| site.position)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a day are exact in a double"
)]
fn share(part: DayMs, whole: DayMs) -> f64 {
    if whole <= 0 {
        1.0
    } else {
        (part as f64 / whole as f64).clamp(0.0, 1.0)
    }
}
