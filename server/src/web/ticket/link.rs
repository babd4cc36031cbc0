//! What became of the customer's links, for the timeline. They stand in no document: who made and ended them the table of
//! links says.

use fieldline_model::id::TicketId;
use fieldline_model::operation::Author;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::auth::tracking::tracking_mark;
use crate::page::ticket::timeline::{Entry, Happening, Item};
use crate::store::StoreError;
use crate::store::page_ticket::staff_display_name;
use crate::store::tracking::{TrackingRow, tracking_list};
use crate::web::Web;
use crate::words::{Lang, ticket as t};

/// Links of a ticket that are told of, the newest: more than any customer is given.
const LINKS_MAX: u32 = 100;

/// Links that were made or ended.
#[derive(Debug, Clone)]
pub(in crate::web) struct LinkLine {
    /// Tells it from other lines, and gives no link away.
    pub(in crate::web) id: String,
    pub(in crate::web) at: Timestamp,
    what: Happening,
    by: Option<Author>,
    /// The name of a person at HQ.
    name: Option<String>,
}

impl LinkLine {
    /// Of one ticket, oldest first.
    pub(super) fn list(connection: &Connection, ticket: TicketId) -> Result<Vec<Self>, StoreError> {
        let mut lines = of_rows(&tracking_list(connection, ticket, LINKS_MAX)?);
        for line in &mut lines {
            if let Some(Author::Staff(id)) = line.by {
                line.name = staff_display_name(connection, id)?;
            }
        }
        Ok(lines)
    }

    /// As the timeline shows it.
    pub(in crate::web) fn item(&self, web: &Web, lang: Lang) -> Item {
        let who = match (&self.name, self.by) {
            (Some(name), _) => name.clone(),
            (None, Some(Author::Server)) => lang.t(t::BY_SERVER).to_owned(),
            (None, None | Some(Author::Staff(_) | Author::Engineer(_) | Author::Customer)) => {
                lang.t(t::SOMEBODY).to_owned()
            }
        };
        Item::Entry(Entry {
            id: self.id.clone(),
            who,
            what: self.what.clone(),
            at: web.stamp(self.at),
            device: None,
            received: None,
            fate: None,
        })
    }
}

/// Each making is a line; links that one person ended together end in one.
fn of_rows(links: &[TrackingRow]) -> Vec<LinkLine> {
    let mut lines = Vec::new();
    for link in links {
        let mark = tracking_mark(&link.token);
        let mut line = |id, at, what, by| {
            lines.push(LinkLine {
                id,
                at,
                what,
                by,
                name: None,
            });
        };
        line(
            format!("made-{mark}"),
            link.made_at,
            Happening::LinkMade,
            link.made_by,
        );
        let Some(at) = link.ended_at else { continue };
        let together = |other: &&TrackingRow| (other.ended_at, other.ended_by) == (Some(at), link.ended_by);
        let all: Vec<&TrackingRow> = links.iter().filter(together).collect();
        if all.first().is_some_and(|first| first.token == link.token) {
            let what = Happening::LinksEnded(all.len());
            line(format!("ended-{mark}"), at, what, link.ended_by);
        }
    }
    lines.sort_by_key(|line| line.at);
    lines
}
