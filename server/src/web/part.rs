//! Stock by location, and what a keeper counts there.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::id::{LocationId, OperationId, PartId};
use fieldline_model::operation::QUANTITY_MAX;
use serde::Deserialize;

use super::frame::{Done, done, go, told};
use super::once::Once;
use super::reader::Reader;
use super::view::pick;
use super::{Web, finish, paging};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::page::form::{Choice, Field, FieldError};
use crate::page::pager::Part;
use crate::page::parts::{PartsView, StockRow, parts};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::stock::Count;
use crate::store::StoreError;
use crate::store::page_stock::{StockItem, location_choices, stock_count, stock_list};
use crate::store::reference::stock_known;
use crate::words::Lang;

/// Rows of one page: two screens of a desk.
const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    location: String,
    page: String,
}

/// GET the list.
pub(super) async fn list(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadStock)?;
    let Asked { q, location, page } = asked;
    let (search, chosen, page) = (q.clone(), location.clone(), paging::page(&page)?);
    let (now, done) = (web.app.now(), done(&headers));
    let read = move |connection: &rusqlite::Connection| {
        let part = Part::of(page, ROWS, stock_count(connection, &chosen, &search)?);
        let items = stock_list(connection, &chosen, &search, now, part.offset(), part.size())?;
        Ok::<_, StoreError>((items, location_choices(connection)?, part))
    };
    let (items, locations, part) = web.app.store().read(read).await?;
    let choice = |(id, zh, en): &(String, String, String)| Choice {
        value: id.clone(),
        text: pick(reader.lang, zh, en).to_owned(),
    };
    let known = location.is_empty() || locations.iter().any(|(id, ..)| *id == location);
    let place = Field::of(location);
    let view = PartsView {
        rows: items.iter().map(|item| row(&web, reader.lang, item)).collect(),
        locations: locations.iter().map(choice).collect(),
        location: if known {
            place
        } else {
            place.wrong(FieldError::Unknown)
        },
        search: q,
        part,
        may_count: signed.may(Permission::EditStock),
    };
    let mut frame = web.frame(&reader, &signed).await?;
    frame.flash = done.map(|done| done.flash(reader.lang, ""));
    Ok(told(finish::page(parts(&frame, &view)), done))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Counted {
    location: String,
    part: String,
    quantity: String,
    seen: String,
    once: String,
}

/// POST what was counted.
pub(super) async fn count(
    State(web): State<Web>,
    SignedForm { signed, form }: SignedForm<Counted>,
) -> Result<Response, Problem> {
    signed.check(Permission::EditStock)?;
    let (Ok(location), Ok(part)) = (form.location.parse::<LocationId>(), form.part.parse::<PartId>()) else {
        return Err(Problem::new(Code::NotFound));
    };
    let known = move |connection: &rusqlite::Connection| stock_known(connection, location, part);
    if !web.app.store().read::<_, StoreError>(known).await? {
        return Err(Problem::new(Code::NotFound));
    }
    let quantity = form.quantity.trim().parse::<u32>().ok();
    let Some(quantity) = quantity.filter(|quantity| *quantity <= QUANTITY_MAX) else {
        return Err(Problem::new(Code::Invalid).detail(
            format!("实点数量：0 到 {QUANTITY_MAX}"),
            format!("Quantity counted: 0 to {QUANTITY_MAX}"),
        ));
    };
    let once = Once::read(&web, &form.once, &signed.staff.id.to_string());
    let operation = once.id(OperationId::new, &format!("{location}/{part}/{quantity}"));
    let (quantity, seen) = (i64::from(quantity), form.seen.parse().ok());
    let counted = web.app.count_stock(location, part, quantity, operation, seen);
    let done = match counted.await? {
        Count::Booked { .. } => Done::Counted,
        Count::Before => Done::CountedBefore,
        Count::Meanwhile => Done::CountMeanwhile,
    };
    Ok(go(paths::PARTS, done))
}

/// Minima come with the parts rules.
fn row(web: &Web, lang: Lang, item: &StockItem) -> StockRow {
    StockRow {
        number: item.number.clone(),
        name: pick(lang, &item.name_zh, &item.name_en).to_owned(),
        location: pick(lang, &item.location_zh, &item.location_en).to_owned(),
        van: item.van,
        stock: item.quantity.to_string(),
        location_id: item.location.to_string(),
        part_id: item.part.to_string(),
        reserved: count_of(item.held.reserved),
        granted: count_of(item.held.granted),
        in_doubt: count_of(item.held.in_doubt),
        missing: count_of(item.held.missing),
        below: None,
        as_of: web.stamp(item.as_of),
    }
}

fn count_of(quantity: i64) -> u32 {
    u32::try_from(quantity).unwrap_or(0)
}
