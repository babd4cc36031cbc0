//! Tracking links: a customer's way to one ticket, without an account.
//!
//! Unguessable, ending by themselves, revocable; a wrong one and an ended one look alike. They are kept as they are,
//! so that HQ can give the same link out twice.

use fieldline_model::id::TicketId;
use fieldline_model::operation::Author;
use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};

use super::Token;
use crate::app::App;
use crate::store::StoreError;
use crate::store::happened::domain_event_add;
use crate::store::log::Journal;
use crate::store::tracking::{tracking_count, tracking_get, tracking_insert, tracking_of, tracking_revoke};

/// How long a link lives: a repair with its waits, and some time to read the report.
pub const TRACKING_LIFE_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// A link and its end.
#[derive(Debug, Clone)]
pub struct TrackingLink {
    /// What stands in the address: `page::paths::track(token)`.
    pub token: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// How making a link went, from a page that showed none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrackingMake {
    /// There is one now.
    Made,
    /// There was one already.
    Before,
    /// One was made after the page was opened, and is ended by now: it stays so.
    Ended,
}

/// How ending a link that a page showed went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrackingEnd {
    /// It is ended.
    Ended,
    /// There was none any more.
    Gone,
    /// It was ended before, and there is a newer one, which stays.
    Other,
}

/// Bytes of a link's mark: enough to tell one ticket's links apart.
const MARK_BYTES: usize = 8;

/// The [`tracking_mark_none`] of a ticket that never had one.
pub(crate) fn tracking_mark_never() -> String {
    mark_after(0)
}

fn mark_after(links: i64) -> String {
    format!("after-{links}")
}

/// The mark of a ticket without a link: another once one was made, also when that is ended.
///
/// # Errors
/// As the database says.
pub(crate) fn tracking_mark_none(
    connection: &rusqlite::Connection,
    ticket: TicketId,
) -> Result<String, StoreError> {
    Ok(mark_after(tracking_count(connection, ticket)?))
}

/// What tells a link from another without giving it away.
pub(crate) fn tracking_mark(token: &str) -> String {
    let digest = Sha256::new()
        .chain_update("link\0")
        .chain_update(token)
        .finalize();
    digest[..MARK_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The kinds of the events that tell pages of a link: they stand in no document.
const MADE: &str = "tracking_made";
const ENDED: &str = "tracking_ended";

/// Tells that something became of a ticket's links.
fn tell(
    connection: &rusqlite::Connection,
    ticket: TicketId,
    kind: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let journal = Journal::begin(connection, now)?;
    domain_event_add(&journal, Some(ticket.into()), kind, None)
}

impl App {
    /// Makes a link to a ticket.
    ///
    /// # Errors
    /// As the database says.
    pub async fn tracking_link(&self, ticket: TicketId, by: Author) -> Result<TrackingLink, StoreError> {
        let now = self.now();
        let (token, expires_at) = (
            Token::of(self.edge().bytes()).reveal(),
            now.plus_ms(TRACKING_LIFE_MS),
        );
        let kept = token.clone();
        let keep = move |connection: &rusqlite::Connection| {
            tracking_insert(connection, &kept, ticket, by, now, expires_at)?;
            tell(connection, ticket, MADE, now)
        };
        self.store().write::<_, StoreError>(keep).await?;
        self.inner.wake.notify_one();
        Ok(TrackingLink { token, expires_at })
    }

    /// Makes a link to a ticket that has none. `mark` is the [`tracking_mark_none`] that the page showed, empty for an
    /// older page: whoever ended a link meanwhile does not find it made anew.
    ///
    /// # Errors
    /// As the database says.
    pub(crate) async fn make_tracking(
        &self,
        ticket: TicketId,
        by: Author,
        mark: String,
    ) -> Result<TrackingMake, StoreError> {
        let now = self.now();
        let (token, expires_at) = (
            Token::of(self.edge().bytes()).reveal(),
            now.plus_ms(TRACKING_LIFE_MS),
        );
        let make = move |connection: &rusqlite::Connection| {
            if tracking_of(connection, ticket, now)?.is_some() {
                return Ok(TrackingMake::Before);
            }
            if !mark.is_empty() && mark != tracking_mark_none(connection, ticket)? {
                return Ok(TrackingMake::Ended);
            }
            tracking_insert(connection, &token, ticket, by, now, expires_at)?;
            tell(connection, ticket, MADE, now)?;
            Ok(TrackingMake::Made)
        };
        let made = self.store().write::<_, StoreError>(make).await?;
        self.inner.wake.notify_one();
        Ok(made)
    }

    /// The token of a ticket's newest living link.
    ///
    /// # Errors
    /// As the database says.
    pub async fn tracking_of(&self, ticket: TicketId) -> Result<Option<String>, StoreError> {
        let now = self.now();
        self.store()
            .read(move |connection| tracking_of(connection, ticket, now))
            .await
    }

    /// The ticket a link shows.
    ///
    /// # Errors
    /// As the database says; revoked, expired and unknown links are all `None`.
    pub async fn tracked(&self, token: &str) -> Result<Option<TicketId>, StoreError> {
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let now = self.now();
        self.store()
            .read(move |connection| tracking_get(connection, &token.reveal(), now))
            .await
    }

    /// Ends all links to a ticket, if the newest is the one with this [`tracking_mark`]: a page that was opened before
    /// that one was made ends none.
    ///
    /// # Errors
    /// As the database says.
    pub(crate) async fn end_tracking(
        &self,
        ticket: TicketId,
        by: Author,
        mark: String,
    ) -> Result<TrackingEnd, StoreError> {
        let now = self.now();
        let end = move |connection: &rusqlite::Connection| {
            let Some(token) = tracking_of(connection, ticket, now)? else {
                return Ok(TrackingEnd::Gone);
            };
            if tracking_mark(&token) != mark {
                return Ok(TrackingEnd::Other);
            }
            tracking_revoke(connection, ticket, by, now)?;
            tell(connection, ticket, ENDED, now)?;
            Ok(TrackingEnd::Ended)
        };
        let ended = self.store().write::<_, StoreError>(end).await?;
        self.inner.wake.notify_one();
        Ok(ended)
    }

    /// Ends all links to a ticket and says how many there were.
    ///
    /// # Errors
    /// As the database says.
    pub async fn revoke_tracking(&self, ticket: TicketId, by: Author) -> Result<usize, StoreError> {
        let now = self.now();
        let revoke = move |connection: &rusqlite::Connection| {
            let ended = tracking_revoke(connection, ticket, by, now)?;
            if ended > 0 {
                tell(connection, ticket, ENDED, now)?;
            }
            Ok(ended)
        };
        let ended = self.store().write::<_, StoreError>(revoke).await?;
        self.inner.wake.notify_one();
        Ok(ended)
    }
}
