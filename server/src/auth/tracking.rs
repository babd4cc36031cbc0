//! Tracking links: a customer's way to one ticket, without an account.
//!
//! Unguessable, ending by themselves, revocable; a wrong one and an ended one look alike. They are kept as they are,
//! so that HQ can give the same link out twice.

use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;

use super::Token;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tracking::{tracking_get, tracking_insert, tracking_of, tracking_revoke};

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

impl App {
    /// Makes a link to a ticket.
    ///
    /// # Errors
    /// As the database says.
    pub async fn tracking_link(&self, ticket: TicketId) -> Result<TrackingLink, StoreError> {
        let now = self.now();
        let (token, expires_at) = (
            Token::of(self.edge().bytes()).reveal(),
            now.plus_ms(TRACKING_LIFE_MS),
        );
        let kept = token.clone();
        let keep = move |connection: &rusqlite::Connection| {
            tracking_insert(connection, &kept, ticket, now, expires_at)
        };
        self.store().write::<_, StoreError>(keep).await?;
        Ok(TrackingLink { token, expires_at })
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

    /// Ends all links to a ticket and says how many there were.
    ///
    /// # Errors
    /// As the database says.
    pub async fn revoke_tracking(&self, ticket: TicketId) -> Result<usize, StoreError> {
        let now = self.now();
        self.store()
            .write(move |connection| tracking_revoke(connection, ticket, now))
            .await
    }
}
