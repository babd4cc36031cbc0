//! HQ's part of the day: it closes what is solved, and ([`clash`]) decides while the field cannot hear it.

mod clash;

use std::collections::BTreeMap;

use fieldline_model::id::{DocumentId, EngineerId, StaffId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::reason::Reason;
use fieldline_server::app::App;
use fieldline_server::door::DoorError;
use fieldline_server::store::ticket::{TicketFilter, TicketRow, ticket_get, ticket_list};

use super::day::Day;
use super::dice::Dice;
use super::office::told;
use super::pace::DayMs;
use super::words as w;
use crate::fault::Fault;

/// HQ looks at the queue so often.
pub(super) const LOOK_MS: DayMs = 5 * 60_000;
/// More than one demo's tickets.
const ROWS_MAX: u32 = 1_000;
/// Customers of a hundred who rate.
const RATES_PERCENT: i64 = 60;

/// Headquarters.
pub(super) struct Hq {
    app: App,
    staff: StaffId,
    skills: BTreeMap<EngineerId, Vec<String>>,
}

impl Hq {
    /// The office, with these people in the field.
    pub(super) fn new(app: App, staff: StaffId, skills: BTreeMap<EngineerId, Vec<String>>) -> Self {
        Self { app, staff, skills }
    }

    /// All tickets.
    pub(super) async fn tickets(&self, status: Option<&'static str>) -> Result<Vec<TicketRow>, Fault> {
        let filter = TicketFilter {
            status,
            ..TicketFilter::default()
        };
        Ok(self
            .app
            .store()
            .read(move |connection| ticket_list(connection, &filter, "", ROWS_MAX))
            .await?)
    }

    /// Closes what is solved; some customers say how it was.
    pub(super) async fn close_resolved(&self, day: &Day) -> Result<usize, Fault> {
        let resolved = self.tickets(Some("resolved")).await?;
        for ticket in &resolved {
            if self.does(ticket.id, Act::Close).await? {
                day.tell
                    .line(day.tell.lang.t(w::HQ), &ticket.number, day.tell.lang.t(w::CLOSED));
            }
            let mut dice = Dice::of(day.seed, &format!("rate/{}", ticket.id));
            if dice.percent(RATES_PERCENT) {
                let stars = if dice.percent(75) { 5 } else { 4 };
                let rate = Act::Rate {
                    stars,
                    text: String::new(),
                };
                self.perform(Author::Customer, ticket.id, rate).await?;
            }
        }
        Ok(resolved.len())
    }

    /// Decides about the work of a revoked phone: what was written and used is taken over; a step of a visit that a
    /// colleague has now is not.
    pub(super) async fn decide_held(&self, day: &Day) -> Result<usize, Fault> {
        let held = self.app.held(ROWS_MAX).await.map_err(told)?;
        let (mut adopted, mut declined) = (0_usize, 0_usize);
        for (operation, entry) in &held {
            let is_step = entry.as_ref().is_none_or(|entry| entry.act.visit().is_some());
            let taken = match is_step {
                true => Err(DoorError::Refused(Reason::NotNow)),
                false => self.app.adopt(*operation, self.staff).await,
            };
            match taken {
                Ok(_) => adopted += 1,
                Err(DoorError::Refused(_)) => {
                    self.app
                        .decline_held(*operation, self.staff)
                        .await
                        .map_err(told)?;
                    declined += 1;
                }
                Err(error) => return Err(told(error)),
            }
        }
        if !held.is_empty() {
            let counts = [("n", adopted.to_string()), ("m", declined.to_string())];
            let counts = counts.each_ref().map(|(key, count)| (*key, count.as_str()));
            let lang = day.tell.lang;
            day.tell
                .line(lang.t(w::HQ), "", &lang.fill(w::DECIDED_HELD, &counts));
        }
        Ok(held.len())
    }

    async fn ticket(&self, id: TicketId) -> Result<Option<TicketRow>, Fault> {
        Ok(self
            .app
            .store()
            .read(move |connection| ticket_get(connection, id))
            .await?)
    }

    async fn number(&self, id: TicketId) -> Result<String, Fault> {
        Ok(self
            .ticket(id)
            .await?
            .map(|ticket| ticket.number)
            .unwrap_or_default())
    }

    async fn does(&self, ticket: TicketId, act: Act) -> Result<bool, Fault> {
        self.perform(Author::Staff(self.staff), ticket, act).await
    }

    /// False when a rule says no: somebody at the desk was faster.
    async fn perform(&self, by: Author, ticket: TicketId, act: Act) -> Result<bool, Fault> {
        match self.app.perform(by, DocumentId::from(ticket), act, None).await {
            Ok(_) => Ok(true),
            Err(DoorError::Refused(_)) => Ok(false),
            Err(error) => Err(told(error)),
        }
    }
}
