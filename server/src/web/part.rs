//! Stock by location.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::reader::Reader;
use super::view::pick;
use super::{Web, finish, paging};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::page::form::{Choice, Field, FieldError};
use crate::page::pager::Part;
use crate::page::parts::{PartsView, StockRow, parts};
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_stock::{StockItem, location_choices, stock_count, stock_list};
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
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadStock)?;
    let Asked { q, location, page } = asked;
    let (search, chosen, page) = (q.clone(), location.clone(), paging::page(&page)?);
    let read = move |connection: &rusqlite::Connection| {
        let part = Part::of(page, ROWS, stock_count(connection, &chosen, &search)?);
        let items = stock_list(connection, &chosen, &search, part.offset(), part.size())?;
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
    };
    Ok(finish::page(parts(&web.frame(&reader, &signed).await?, &view)))
}

/// Reservations, grants and minima come with the parts rules; until then the ledger's sum is all there is to tell.
fn row(web: &Web, lang: Lang, item: &StockItem) -> StockRow {
    StockRow {
        number: item.number.clone(),
        name: pick(lang, &item.name_zh, &item.name_en).to_owned(),
        location: pick(lang, &item.location_zh, &item.location_en).to_owned(),
        van: item.van,
        stock: item.quantity.to_string(),
        reserved: 0,
        granted: 0,
        in_doubt: 0,
        below: None,
        as_of: web.stamp(item.as_of),
    }
}
