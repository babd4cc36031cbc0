//! What a phone's line says of the ticket it shows. Only of tickets its engineer holds, and not more often than people tap.

use std::sync::{Arc, Weak};

use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::read_viewing;
use rusqlite::Connection;

use super::{Shown, Viewer, Viewing};
use crate::app::{App, Inner};
use crate::store::StoreError;
use crate::store::device::Device;
use crate::store::scope::scope_since;

/// What is said within this time of what was heard before is passed over, in milliseconds: each may cost a look at the record.
const HEAR_EVERY_MS: i64 = 500;

/// One phone's line. It keeps no server running that ends.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) device: Device,
    app: Weak<Inner>,
    viewing: Arc<Viewing>,
    shown: Option<Shown>,
    heard_at: Option<Timestamp>,
}

impl Desk {
    pub(crate) fn new(app: &App, device: Device) -> Self {
        Self {
            device,
            app: Arc::downgrade(&app.inner),
            viewing: Arc::clone(&app.inner.viewing),
            shown: None,
            heard_at: None,
        }
    }

    /// Takes what the phone says. Anything else than a ticket of its own is as if it showed none.
    pub(crate) async fn hear(&mut self, text: &str) {
        if let Some(inner) = self.app.upgrade() {
            let now = (inner.edge.now)();
            self.hear_at(text, &inner, now).await;
        }
    }

    pub(crate) async fn hear_at(&mut self, text: &str, inner: &Inner, now: Timestamp) {
        let Some(said) = read_viewing(text) else {
            return;
        };
        match (&self.shown, said) {
            (Some(shown), Some(ticket)) if shown.ticket() == ticket => return shown.again(now),
            // Shut is shut at once.
            _ => self.shown = None,
        }
        let is_early = self
            .heard_at
            .is_some_and(|before| now.since(before) < HEAR_EVERY_MS);
        let Some(ticket) = said.filter(|_| !is_early) else {
            return;
        };
        self.heard_at = Some(now);
        if self.holds(inner, ticket).await {
            let viewer = Viewer::Engineer(self.device.engineer);
            self.shown = Some(self.viewing.open(ticket, viewer, now));
        }
    }

    async fn holds(&self, inner: &Inner, ticket: TicketId) -> bool {
        let engineer = self.device.engineer;
        let holds = move |connection: &Connection| {
            Ok::<_, StoreError>(scope_since(connection, engineer, ticket.into())?.is_some())
        };
        // Not known now is told again soon.
        inner.store.read(holds).await.unwrap_or(false)
    }
}
