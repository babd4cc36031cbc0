//! HQ's queue: filter, search, cursor, and one row at a time for the live stream.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::frame::{done, told};
use super::reader::Reader;
use super::view::{pick, priority_of, state_of};
use super::{Web, finish};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::door::HELD_GRACE_MS;
use crate::page::queue::{Counts, QueueRow, QueueView, Shown, queue};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::held::held_overdue;
use crate::store::page_queue::{
    QueueCounts, QueueCursor, QueueFilter, QueueItem, queue_counts, queue_found, queue_list,
};
use crate::words::Lang;

/// Rows of one page: two screens of a desk.
const ROWS: u32 = 50;
/// Longest search, in characters.
const SEARCH_CHARS_MAX: usize = 100;
/// No ticket has it: a filter that names nothing shows nothing.
const NOTHING: &str = "unknown";
/// The fault in one line, in characters.
const FAULT_CHARS_MAX: usize = 80;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    q: String,
    after: String,
}

/// GET the queue.
pub(super) async fn show(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadTickets)?;
    let shown = Shown::parse(&asked.state);
    let after = match asked.after.as_str() {
        "" => None,
        text => Some(cursor(text).ok_or_else(|| Problem::new(Code::NotFound))?),
    };
    let search: String = asked.q.chars().take(SEARCH_CHARS_MAX).collect();
    let filter = QueueFilter {
        shown: shown.map_or(NOTHING, Shown::code),
        search: search.clone(),
        after,
    };
    let now = web.app.now();
    let may_read_held = signed.may(Permission::ReadRefused);
    let read = move |connection: &rusqlite::Connection| {
        Ok::<_, StoreError>((
            queue_list(connection, &filter, ROWS + 1)?,
            queue_found(connection, &filter)?,
            queue_counts(connection, now)?,
            if may_read_held {
                held_overdue(connection, now.plus_ms(-HELD_GRACE_MS))?
            } else {
                0
            },
        ))
    };
    let (mut items, found, counted, overdue) = web.app.store().read(read).await?;
    let more = items.len() > ROWS as usize;
    items.truncate(ROWS as usize);
    let names = signed.may(Permission::ReadCustomers);
    let view = QueueView {
        next: items
            .last()
            .filter(|_| more)
            .map(|last| cursor_text(last.cursor())),
        rows: items
            .iter()
            .map(|item| row(&web, reader.lang, names, item))
            .collect(),
        unknown: shown.is_none().then_some(asked.state),
        shown: shown.unwrap_or_default(),
        search,
        found,
        counts: counts(&counted),
        overdue,
        later_page: after.is_some(),
        since: now.ms(),
    };
    let done = done(&headers);
    let mut frame = web.frame(&reader, &signed).await?;
    frame.flash = done.map(|done| done.flash(reader.lang, ""));
    Ok(told(finish::page(queue(&frame, &view)), done))
}

fn counts(counted: &QueueCounts) -> Counts {
    let states = counted
        .states
        .iter()
        .map(|(word, count)| (state_of(word), *count));
    Counts {
        open: counted.states.iter().map(|(_, count)| count).sum(),
        late: counted.late,
        review: counted.review,
        ended: counted.ended,
        states: states.collect(),
    }
}

/// One row. `names` says whether the reader's post includes customers.
pub(super) fn row(web: &Web, lang: Lang, names: bool, item: &QueueItem) -> QueueRow {
    let state = state_of(&item.status);
    let customer = item
        .customer
        .as_ref()
        .map(|(zh, en)| pick(lang, zh, en.as_deref().unwrap_or_default()));
    // The fault's name first: the customer's words may be in a language the reader has not.
    let named = item.fault.as_ref().map(|(zh, en)| pick(lang, zh, en));
    let fault: Vec<&str> = named
        .into_iter()
        .chain([item.fault_text.trim()])
        .filter(|text| !text.is_empty())
        .collect();
    let asset = item
        .asset
        .as_ref()
        .map(|(zh, en, serial)| format!("{} · {serial}", pick(lang, zh, en)));
    let area = [&item.district, &item.city]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty());
    QueueRow {
        id: item.id.to_string(),
        number: item.number.clone(),
        deadline: web.deadline(state, item.deadline, item.ended),
        customer: if names {
            customer.unwrap_or_default().to_owned()
        } else {
            "•••".to_owned()
        },
        vip: item.vip,
        priority: priority_of(&item.priority),
        fault: in_one_line(&fault.join(" · ")),
        area: area.cloned().unwrap_or_default(),
        asset: asset.unwrap_or_default(),
        state,
        engineer: item
            .engineer
            .as_ref()
            .map(|(zh, en)| pick(lang, zh, en).to_owned()),
        created: web.stamp(item.created),
        urged: item.urged.map(|at| web.stamp(at)),
        reviews: item.reviews,
    }
}

fn in_one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= FAULT_CHARS_MAX {
        return line;
    }
    let mut short: String = line.chars().take(FAULT_CHARS_MAX - 1).collect();
    short.push('…');
    short
}

fn cursor_text(cursor: QueueCursor) -> String {
    format!("{}.{}", cursor.deadline_ms, cursor.id)
}

fn cursor(text: &str) -> Option<QueueCursor> {
    let (deadline, id) = text.split_once('.')?;
    Some(QueueCursor {
        deadline_ms: deadline.parse().ok()?,
        id: id.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_fault_is_cut_between_characters() {
        assert_eq!(in_one_line("卡\n 纸"), "卡 纸");
        assert_eq!(in_one_line(&"机".repeat(200)).chars().count(), FAULT_CHARS_MAX);
    }

    #[test]
    fn a_cursor_is_read_again_and_nothing_else_is() {
        let at = QueueCursor {
            deadline_ms: i64::MAX,
            id: "01JGEQ4200B5NT6X3DHWE925NQ".parse().unwrap(),
        };
        assert_eq!(cursor(&cursor_text(at)), Some(at));
        for wrong in [
            "1",
            "x.01JGEQ4200B5NT6X3DHWE925NQ",
            "1.x",
            "1.01JGEQ4200B5NT6X3DHWE925NQ.2",
        ] {
            assert_eq!(cursor(wrong), None);
        }
    }
}
