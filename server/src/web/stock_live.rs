//! The parts page, live: cells of the rows it shows, where their figures changed, and who waits for parts. Rows of stock that
//! come, go or move are seen when the page is asked for again, and no form is touched.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Response;

use super::live::Listener;
use super::part::Asked;
use super::reader::Reader;
use super::stream::{Gone, Hint, Resumed};
use super::{Web, paging};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::live::POSITION;
use crate::page::parts::{PartsView, live_cells, live_requests, parts_mark};
use crate::problem::Problem;

/// Any change may be one of stock, and a page is read whole to see: what comes within this time is looked for once.
const GATHER: Duration = Duration::from_millis(500);

/// GET the stream of a page of the list: `part` and `requests`. Begins with what differs from the page.
pub(super) async fn parts(
    State(web): State<Web>,
    reader: Reader,
    Resumed(since): Resumed,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    paging::page(&asked.page)?;
    let (listener, response) = Listener::open(&web, &reader, signed, Permission::ReadStock)?;
    let told = Told {
        reader,
        asked,
        mark: since,
        cells: HashMap::new(),
        requests: None,
    };
    tokio::spawn(tell_stock(listener, told));
    Ok(response)
}

/// What a reader of the list was sent.
struct Told {
    reader: Reader,
    asked: Asked,
    /// Of the figures and requests as they were told last.
    mark: u64,
    /// Each cell as it was drawn last, by location, part and place in the row.
    cells: HashMap<(String, String, usize), String>,
    /// The requests that were told last, by name.
    requests: Option<Vec<String>>,
}

async fn tell_stock(mut listener: Listener, mut told: Told) {
    let mut drawn = listener.tell_stock(&mut told).await;
    while drawn.is_ok() {
        match listener.hint().await {
            // Phones tell where they are all day.
            Some(Hint::Event { kind, .. }) if kind == POSITION => continue,
            Some(Hint::Event { .. } | Hint::Missed) => {}
            Some(Hint::Quiet) => continue,
            None => return,
        }
        tokio::time::sleep(GATHER).await;
        // What came since is read with it.
        listener.events = listener.events.resubscribe();
        drawn = listener.tell_stock(&mut told).await;
    }
}

impl Listener {
    async fn tell_stock(&self, told: &mut Told) -> Result<(), Gone> {
        let Asked { q, location, page } = told.asked.clone();
        let page = paging::page(&page).unwrap_or_default();
        // A read that fails now is told by the next hint.
        let Ok(view) = self.web.stock(self.lang, &self.signed, q, location, page).await else {
            return Ok(());
        };
        let mark = parts_mark(self.lang, &view);
        let is_known = mark == told.mark;
        let requests: Vec<String> = view.requests.names().map(str::to_owned).collect();
        let waiting = if is_known || told.requests.as_ref() == Some(&requests) {
            None
        } else {
            // Its forms are this reader's.
            let Ok(frame) = self.web.frame(&told.reader, &self.signed).await else {
                return Ok(());
            };
            Some(("requests", live_requests(&frame, &view)))
        };
        told.requests = Some(requests);
        let cells = told.changed(self, &view);
        // Cut in the middle, the stream begins again with what stood before.
        let before = std::mem::replace(&mut told.mark, mark);
        if is_known {
            return Ok(());
        }
        let pieces: Vec<_> = cells
            .into_iter()
            .map(|cell| ("part", cell))
            .chain(waiting)
            .collect();
        let last = pieces.len().saturating_sub(1);
        for (n, (name, piece)) in pieces.into_iter().enumerate() {
            let place = if n == last { mark } else { before };
            self.pen.write(name, place, piece).await?;
        }
        Ok(())
    }
}

impl Told {
    /// The cells that look different now, and the age beside them.
    fn changed(&mut self, listener: &Listener, view: &PartsView) -> Vec<maud::Markup> {
        let (lang, now) = (listener.lang, listener.web.now());
        let mut changed = Vec::new();
        for row in &view.rows {
            let [figures @ .., age] = live_cells(lang, now, row);
            let before = changed.len();
            for (place, cell) in figures.into_iter().enumerate() {
                let key = (row.location_id.clone(), row.part_id.clone(), place);
                if self.cells.insert(key, cell.0.clone()).as_ref() != Some(&cell.0) {
                    changed.push(cell);
                }
            }
            if changed.len() > before {
                changed.push(age);
            }
        }
        changed
    }
}
