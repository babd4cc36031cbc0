//! Stock by location, and what a keeper counts there.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use fieldline_model::id::{LocationId, OperationId, PartId};
use fieldline_model::operation::QUANTITY_MAX;
use serde::Deserialize;

use super::frame::{Done, done, go, told};
use super::once::Once;
use super::reader::Reader;
use super::view::pick;
use super::{Web, finish, paging};
use crate::auth::extract::{Signed, SignedForm, query_value};
use crate::auth::role::Permission;
use crate::page::form::{Choice, Field, FieldError};
use crate::page::pager::Part;
use crate::page::parts::{CountAgain, PartsView, StockRow, parts};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::stock::{Count, Stocktake};
use crate::store::StoreError;
use crate::store::page_stock::{StockItem, location_choices, stock_count, stock_list};
use crate::store::reference::stock_known;
use crate::words::Lang;

/// Rows of one page: two screens of a desk.
const ROWS: u32 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) q: String,
    pub(super) location: String,
    pub(super) page: String,
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
    let (page, done) = (paging::page(&asked.page)?, done(&headers));
    let view = web
        .stock(reader.lang, &signed, asked.q, asked.location, page)
        .await?;
    let mut frame = web.frame(&reader, &signed).await?;
    frame.flash = done.map(|done| done.flash(reader.lang, ""));
    Ok(told(finish::page(parts(&frame, &view)), done))
}

impl Web {
    /// A page of the list.
    pub(super) async fn stock(
        &self,
        lang: Lang,
        signed: &Signed,
        q: String,
        location: String,
        page: u32,
    ) -> Result<PartsView, Problem> {
        let (search, chosen, now) = (q.clone(), location.clone(), self.app.now());
        let read = move |connection: &rusqlite::Connection| {
            let part = Part::of(page, ROWS, stock_count(connection, &chosen, &search)?);
            let items = stock_list(connection, &chosen, &search, now, part.offset(), part.size())?;
            Ok::<_, StoreError>((items, location_choices(connection)?, part))
        };
        let (items, locations, part) = self.app.store().read(read).await?;
        let choice = |(id, zh, en): &(String, String, String)| Choice {
            value: id.clone(),
            text: pick(lang, zh, en).to_owned(),
        };
        let known = location.is_empty() || locations.iter().any(|(id, ..)| *id == location);
        let place = Field::of(location);
        Ok(PartsView {
            rows: items.iter().map(|item| row(self, lang, item)).collect(),
            locations: locations.iter().map(choice).collect(),
            location: if known {
                place
            } else {
                place.wrong(FieldError::Unknown)
            },
            search: q,
            part,
            may_count: signed.may(Permission::EditStock),
            requests: self.requests(lang, signed).await?,
            wrong: None,
        })
    }

    /// The page again, with what was typed: as it was searched, or with that part alone where it stands elsewhere by now.
    async fn count_again(
        &self,
        reader: &Reader,
        signed: &Signed,
        form: Counted,
        error: FieldError,
    ) -> Result<Response, Problem> {
        let Counted {
            location,
            part,
            quantity,
            q,
            at,
            page,
            ..
        } = form;
        let is_it = |row: &StockRow| row.location_id == location && row.part_id == part;
        let page = paging::page(&page).unwrap_or_default();
        let mut view = self.stock(reader.lang, signed, q, at, page).await?;
        if !view.rows.iter().any(is_it) {
            let number = self.part_number(&part).await?;
            view = self
                .stock(reader.lang, signed, number, location.clone(), 0)
                .await?;
        }
        view.wrong = Some(CountAgain {
            quantity: Field::of(quantity).wrong(error),
            location,
            part,
        });
        let mut frame = self.frame(reader, signed).await?;
        frame.here = paths::PARTS.to_owned();
        let page = parts(&frame, &view);
        Ok(finish::answer(StatusCode::UNPROCESSABLE_ENTITY, page))
    }

    async fn part_number(&self, part: &str) -> Result<String, Problem> {
        let part: PartId = part.parse().map_err(|_| Problem::new(Code::NotFound))?;
        let read = move |connection: &rusqlite::Connection| super::read::part(connection, part);
        let found = self.app.store().read::<_, StoreError>(read).await?;
        Ok(found.map(|row| row.number).unwrap_or_default())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Counted {
    location: String,
    part: String,
    quantity: String,
    seen: String,
    once: String,
    /// The list as it was: what was searched for, at which place, which page.
    q: String,
    at: String,
    page: String,
}

/// How many were counted.
fn counted(typed: &str) -> Result<u32, FieldError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(FieldError::Required);
    }
    let quantity = typed.parse().ok().filter(|quantity| *quantity <= QUANTITY_MAX);
    quantity.ok_or(FieldError::Quantity(QUANTITY_MAX))
}

/// POST what was counted.
pub(super) async fn count(
    State(web): State<Web>,
    reader: Reader,
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
    let quantity = match counted(&form.quantity) {
        Ok(quantity) => quantity,
        Err(error) => return web.count_again(&reader, &signed, form, error).await,
    };
    let once = Once::read(&web, &form.once, &signed.staff.id.to_string());
    let operation = once.id(OperationId::new, &format!("{location}/{part}/{quantity}"));
    let (quantity, seen) = (i64::from(quantity), form.seen.parse().ok());
    let counted = Stocktake {
        location,
        part,
        quantity,
        operation,
        seen,
        at: None,
    };
    let done = match web.app.count_stock(counted).await? {
        Count::Booked { .. } => Done::Counted,
        Count::Before => Done::CountedBefore,
        Count::Meanwhile | Count::Older => Done::CountMeanwhile,
    };
    Ok(go(&searched(&form), done))
}

/// The list as it was: what was searched for, at which place, which page.
fn searched(form: &Counted) -> String {
    let page = form.page.parse::<u32>().ok().filter(|page| *page > 1);
    let page = page.map(|page| page.to_string()).unwrap_or_default();
    let fields = [("q", &form.q), ("location", &form.at), ("page", &page)];
    let asked = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let asked: Vec<String> = asked
        .map(|(name, value)| format!("{name}={}", query_value(value)))
        .collect();
    match asked.as_slice() {
        [] => paths::PARTS.to_owned(),
        _ => format!("{}?{}", paths::PARTS, asked.join("&")),
    }
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
        unproven: count_of(item.held.unproven),
        below: None,
        as_of: web.stamp(item.as_of),
    }
}

fn count_of(quantity: i64) -> u32 {
    u32::try_from(quantity).unwrap_or(0)
}
