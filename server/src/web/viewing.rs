//! Who else has a ticket open, with names: for people at HQ alone.

use fieldline_model::id::{StaffId, TicketId};
use rusqlite::Connection;

use super::view::engineer_name;
use super::{Web, read};
use crate::page::viewing::ViewerName;
use crate::store::StoreError;
use crate::store::page_ticket::staff_display_name;
use crate::viewing::Viewer;
use crate::words::Lang;

impl Web {
    /// Everybody who has it open but this person.
    pub(super) fn others_viewing(&self, ticket: TicketId, reader: StaffId) -> Vec<Viewer> {
        let mut viewers = self.app.inner.viewing.of(ticket, self.app.now());
        viewers.retain(|viewer| *viewer != Viewer::Staff(reader));
        viewers
    }

    /// Their names.
    pub(super) async fn viewer_names(
        &self,
        lang: Lang,
        viewers: Vec<Viewer>,
    ) -> Result<Vec<ViewerName>, StoreError> {
        let names = move |connection: &Connection| {
            let named = |viewer| viewer_name(connection, lang, viewer).transpose();
            viewers.into_iter().filter_map(named).collect()
        };
        self.app.store().read(names).await
    }
}

fn viewer_name(
    connection: &Connection,
    lang: Lang,
    viewer: Viewer,
) -> Result<Option<ViewerName>, StoreError> {
    let (name, phone) = match viewer {
        Viewer::Staff(id) => (staff_display_name(connection, id)?, false),
        Viewer::Engineer(id) => {
            let found = read::engineer(connection, id)?;
            (found.map(|row| engineer_name(lang, &row)), true)
        }
    };
    Ok(name.map(|name| ViewerName { name, phone }))
}
