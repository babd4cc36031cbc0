//! A ticket taken by telephone or mail.

mod checked;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::id::TicketId;
use fieldline_model::reason::Reason;
use rusqlite::Connection;

use super::frame::{Done, go};
use super::once::Once;
use super::reader::Reader;
use super::view::pick;
use super::{Web, finish};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::door::DoorError;
use crate::page::form::{Choice, Field};
use crate::page::label::Priority;
use crate::page::new_ticket::{NewTicketView, new_ticket};
use crate::page::paths;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_list::{asset_choices, code_choices, customer_choices};
use crate::store::page_ticket::link_current;
use crate::words::Lang;
use checked::{Checked, Found, NewTicket};

/// Suggestions of one kind in a form; whoever has more types the name.
const CHOICES_MAX: u32 = 500;

/// GET the form.
pub(super) async fn form(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
) -> Result<Response, Problem> {
    signed.check(Permission::TakeReports)?;
    let view = web.empty_form(reader.lang).await?;
    Ok(finish::page(new_ticket(
        &web.frame(&reader, &signed).await?,
        &view,
    )))
}

impl Web {
    async fn empty_form(&self, lang: Lang) -> Result<NewTicketView, Problem> {
        let read = move |connection: &Connection| {
            let customers = customer_choices(connection, CHOICES_MAX)?;
            let assets = asset_choices(connection, CHOICES_MAX)?;
            Ok::<_, StoreError>((customers, assets, code_choices(connection, "fault", CHOICES_MAX)?))
        };
        let (customers, assets, codes) = self.app.store().read(read).await?;
        let choice = |value: &str, text: String| Choice {
            value: value.to_owned(),
            text,
        };
        let name = |zh: &'_ str, en: &'_ Option<String>| {
            pick(lang, zh, en.as_deref().unwrap_or_default()).to_owned()
        };
        let names: Vec<String> = customers.iter().map(|(_, zh, en)| name(zh, en)).collect();
        let customers = customers.iter().zip(&names).map(|((id, ..), name)| {
            // What people read is what is filled in; only where that names two it is the id.
            let alone = names.iter().filter(|other| *other == name).count() == 1;
            if alone {
                choice(name, String::new())
            } else {
                choice(id, name.clone())
            }
        });
        let assets = assets.iter().map(|[id, zh, en, serial]| {
            let value = if serial.is_empty() { id } else { serial };
            choice(value, pick(lang, zh, en).to_owned())
        });
        let codes = codes
            .iter()
            .map(|(code, zh, en)| choice(code, format!("{code} {}", pick(lang, zh, en))));
        Ok(NewTicketView {
            customer: Field::default(),
            asset: Field::default(),
            fault_code: Field::default(),
            fault_text: Field::default(),
            priority: Field::of(Priority::Normal.code()),
            wished_from: Field::default(),
            wished_to: Field::default(),
            new_customer: None,
            customers: customers.collect(),
            assets: assets.collect(),
            fault_codes: codes.collect(),
        })
    }
}

/// POST the ticket.
pub(super) async fn create(
    State(web): State<Web>,
    reader: Reader,
    SignedForm { signed, form }: SignedForm<NewTicket>,
) -> Result<Response, Problem> {
    signed.check(Permission::TakeReports)?;
    let once = Once::read(&web, &form.once, &signed.staff.id.to_string());
    let (found, form) = web
        .app
        .store()
        .read(move |connection| Found::read(connection, &form).map(|found| (found, form)))
        .await?;
    let checked = Checked::of(&web, &once, &form, &found, signed.may(Permission::EditCustomers));
    let (facts, rows) = match checked.facts(found) {
        Ok(good) => good,
        Err(checked) => {
            let view = checked.view(&form, web.empty_form(reader.lang).await?);
            let mut frame = web.frame(&reader, &signed).await?;
            frame.here = paths::NEW_TICKET.to_owned();
            return Ok(finish::answer(
                StatusCode::UNPROCESSABLE_ENTITY,
                new_ticket(&frame, &view),
            ));
        }
    };
    let ticket = once.id(
        TicketId::new,
        &format!("ticket\0{}\0{}", form.customer, form.fault_text),
    );
    if !rows.is_empty() {
        web.app.put_rows(rows).await?;
    }
    match web
        .app
        .create_ticket_as(ticket, signed.author(), facts, None)
        .await
    {
        // The form came twice.
        Ok(_) | Err(DoorError::Refused(Reason::AlreadyExists)) => {}
        Err(error) => return Err(error.into()),
    }
    let now = web.app.now();
    let link = web
        .app
        .store()
        .read(move |connection| link_current(connection, ticket, now))
        .await?;
    if link.is_none() {
        // Whoever takes the report reads the link out before he hangs up.
        web.app.tracking_link(ticket).await?;
    }
    Ok(go(&paths::ticket(&ticket.to_string()), Done::Created))
}
