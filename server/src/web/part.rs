//! Stock by location.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::reader::Reader;
use super::view::pick;
use super::{Web, finish};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::page::form::Choice;
use crate::page::parts::{PartsView, StockRow, parts};
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_stock::{StockItem, location_choices, stock_list};
use crate::words::Lang;

/// Rows shown; whoever has more searches or picks a location.
const ROWS_MAX: u32 = 300;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    location: String,
}

/// GET the list.
pub(super) async fn list(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadStock)?;
    let Asked { q, location } = asked;
    let (search, chosen) = (q.clone(), location.clone());
    let read = move |connection: &rusqlite::Connection| {
        Ok::<_, StoreError>((
            stock_list(connection, &chosen, &search, ROWS_MAX)?,
            location_choices(connection)?,
        ))
    };
    let (items, locations) = web.app.store().read(read).await?;
    let choice = |(id, zh, en): &(String, String, String)| Choice {
        value: id.clone(),
        text: pick(reader.lang, zh, en).to_owned(),
    };
    let view = PartsView {
        rows: items.iter().map(|item| row(&web, reader.lang, item)).collect(),
        locations: locations.iter().map(choice).collect(),
        location,
        search: q,
    };
    Ok(finish::page(parts(&web.frame(&reader, &signed), &view)))
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
