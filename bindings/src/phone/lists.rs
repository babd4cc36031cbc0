//! Tickets: the day, lists, one ticket whole.

use fieldline_engine::clock::with_moment;
use fieldline_engine::view::{ListFilter, ListScope};
use fieldline_model::operation::{Act, Answer};

use super::Phone;
use crate::detail;
use crate::error::PhoneError;
use crate::id;
use crate::record::{EarlierReading, TicketDetail, TicketFilter, TicketLine, Today, count};

/// Earlier tickets of one machine that are opened for their readings.
const EARLIER_TICKETS_MAX: usize = 3;

#[uniffi::export]
impl Phone {
    /// The first screen: open visits sorted to the day that ends at `day_end_ms`, midnight where the engineer is, and the badge.
    /// Opens no document.
    ///
    /// # Errors
    /// Those of the store.
    pub fn today(&self, day_end_ms: i64) -> Result<Today, PhoneError> {
        let core = self.core()?;
        let lines = core.engine.list(&ListFilter::default())?;
        let status = core.engine.status()?;
        let mut today = Today::of(lines.into_iter().map(TicketLine::from).collect(), day_end_ms);
        today.unsent = status.saved_here.saturating_sub(status.held_at_hq);
        today.cards = u32::try_from(count(status.cards.len())).unwrap_or(u32::MAX);
        Ok(today)
    }

    /// Tickets in the order of the day. Opens no document.
    ///
    /// # Errors
    /// `bad_id`, those of the store.
    pub fn list(&self, filter: TicketFilter) -> Result<Vec<TicketLine>, PhoneError> {
        let lines = self.core()?.engine.list(&filter.read()?)?;
        Ok(lines.into_iter().map(TicketLine::from).collect())
    }

    /// Everything about one ticket, read from this phone alone.
    ///
    /// # Errors
    /// `unknown_document` when it is not here, `document_stuck` when its copy is damaged: it comes again with the next sync.
    pub fn ticket(&self, ticket: String) -> Result<TicketDetail, PhoneError> {
        let (core, id) = (self.core()?, id::ticket(&ticket)?);
        let view = with_moment(|moment| core.engine.ticket(id, moment))?;
        detail::ticket(&core, &view)
    }

    /// Readings of the same machine on earlier tickets that are on this phone, the newest of each item. Opens at most three
    /// documents.
    ///
    /// # Errors
    /// As `ticket`.
    pub fn earlier_readings(&self, ticket: String) -> Result<Vec<EarlierReading>, PhoneError> {
        let (core, id) = (self.core()?, id::ticket(&ticket)?);
        let view = with_moment(|moment| core.engine.ticket(id, moment))?;
        let Some(asset) = view.facts.asset else {
            return Ok(Vec::new());
        };
        let mut others = core.engine.list(&ListFilter {
            scope: ListScope::All,
            asset: Some(asset),
            ..ListFilter::default()
        })?;
        others.retain(|line| line.ticket != id);
        let mut readings: Vec<EarlierReading> = Vec::new();
        for line in others.iter().take(EARLIER_TICKETS_MAX) {
            // One that cannot be read keeps nobody from the others.
            let Ok(other) = with_moment(|moment| core.engine.ticket(line.ticket, moment)) else {
                continue;
            };
            for entry in &other.field {
                let Act::Answer {
                    item,
                    answer: Answer::Reading { value, unit },
                } = &entry.act
                else {
                    continue;
                };
                readings.push(EarlierReading {
                    item: item.clone(),
                    value: *value,
                    unit: unit.clone(),
                    at_ms: entry.at.estimate().ms(),
                    number: other.facts.number.clone(),
                });
            }
        }
        readings.sort_by(|a, b| a.item.cmp(&b.item).then(b.at_ms.cmp(&a.at_ms)));
        readings.dedup_by(|later, first| later.item == first.item);
        Ok(readings)
    }
}
