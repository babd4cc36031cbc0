//! A ticket taken by telephone or mail.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::id::{AssetId, ContactId, CustomerId, SiteId, TicketId};
use fieldline_model::operation::{Channel, Span, TicketFacts};
use fieldline_model::reason::Reason;
use fieldline_model::row::{Asset, Customer};
use rusqlite::Connection;
use serde::Deserialize;

use super::field::{TEXT_CHARS_MAX, Times, clean, optional};
use super::frame::{Done, go};
use super::new_customer::{Lines, NewCustomer};
use super::once::Once;
use super::reader::Reader;
use super::view::{model_priority, pick};
use super::{Web, finish, read};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::door::DoorError;
use crate::page::form::{Choice, Field, FieldError};
use crate::page::label::Priority;
use crate::page::new_ticket::{NewCustomerView, NewTicketView, new_ticket};
use crate::page::paths;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_list::{
    asset_choices, asset_with_serial, code_choices, customer_choices, customer_first, customer_named,
};
use crate::store::page_ticket::link_current;
use crate::words::Lang;

/// Suggestions of one kind in a form; whoever has more types the name.
const CHOICES_MAX: u32 = 500;

/// The form as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewTicket {
    once: String,
    customer: String,
    asset: String,
    fault_code: String,
    fault_text: String,
    priority: String,
    wished_from: String,
    wished_to: String,
    new_customer: String,
    contact: String,
    phone: String,
    district: String,
    address: String,
}

/// GET the form.
pub(super) async fn form(State(web): State<Web>, reader: Reader, signed: Signed) -> Result<Response, Problem> {
    signed.check(Permission::TakeReports)?;
    let view = web.empty_form(reader.lang).await?;
    Ok(finish::page(new_ticket(&web.frame(&reader, &signed), &view)))
}

impl Web {
    async fn empty_form(&self, lang: Lang) -> Result<NewTicketView, Problem> {
        let read = move |connection: &Connection| {
            let customers = customer_choices(connection, CHOICES_MAX)?;
            let assets = asset_choices(connection, CHOICES_MAX)?;
            Ok::<_, StoreError>((customers, assets, code_choices(connection, "fault", CHOICES_MAX)?))
        };
        let (customers, assets, codes) = self.app.store().read(read).await?;
        let choice = |value: &str, text: String| Choice { value: value.to_owned(), text };
        let name = |zh: &'_ str, en: &'_ Option<String>| pick(lang, zh, en.as_deref().unwrap_or_default()).to_owned();
        let names: Vec<String> = customers.iter().map(|(_, zh, en)| name(zh, en)).collect();
        let customers = customers.iter().zip(&names).map(|((id, ..), name)| {
            // What people read is what is filled in; only where that names two it is the id.
            let alone = names.iter().filter(|other| *other == name).count() == 1;
            if alone { choice(name, String::new()) } else { choice(id, name.clone()) }
        });
        let assets = assets.iter().map(|[id, zh, en, serial]| {
            let value = if serial.is_empty() { id } else { serial };
            choice(value, pick(lang, zh, en).to_owned())
        });
        let codes = codes.iter().map(|(code, zh, en)| choice(code, format!("{code} {}", pick(lang, zh, en))));
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

/// What the names in a form stand for.
#[derive(Debug, Default)]
struct Found {
    customer: Option<Customer>,
    asset: Option<Asset>,
    site: Option<SiteId>,
    contact: Option<ContactId>,
    fault: Option<String>,
}

impl Found {
    fn read(connection: &Connection, form: &NewTicket) -> Result<Self, StoreError> {
        let (typed, asset) = (clean(&form.customer), clean(&form.asset));
        let id = match typed.parse::<CustomerId>() {
            Ok(id) => Some(id),
            Err(_) => match customer_named(connection, &typed)?.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
        };
        let asset = match asset.parse::<AssetId>() {
            Ok(id) => Some(id),
            Err(_) => asset_with_serial(connection, &asset)?.and_then(|id| id.parse().ok()),
        };
        let asset = asset.map_or(Ok(None), |id| read::asset(connection, id))?;
        let customer = id.map_or(Ok(None), |id| read::customer(connection, id))?;
        let (site, contact) = customer.as_ref().map_or(Ok((None, None)), |row| customer_first(connection, row.id))?;
        let fault = read::code(connection, &form.fault_code)?.filter(|code| code.sort == "fault").map(|code| code.code);
        Ok(Self { customer, site, contact: contact.and_then(|id| id.parse().ok()), asset, fault })
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
    let (facts, rows) = match checked.facts(&form, found) {
        Ok(good) => good,
        Err(checked) => {
            let view = checked.view(&form, web.empty_form(reader.lang).await?);
            let mut frame = web.frame(&reader, &signed);
            frame.here = paths::NEW_TICKET.to_owned();
            return Ok(finish::answer(StatusCode::UNPROCESSABLE_ENTITY, new_ticket(&frame, &view)));
        }
    };
    let ticket = once.id(TicketId::new, &format!("ticket\0{}\0{}", form.customer, form.fault_text));
    if !rows.is_empty() {
        web.app.put_rows(rows).await?;
    }
    match web.app.create_ticket_as(ticket, signed.author(), facts, None).await {
        // The form came twice.
        Ok(_) | Err(DoorError::Refused(Reason::AlreadyExists)) => {}
        Err(error) => return Err(error.into()),
    }
    let now = web.app.now();
    let link = web.app.store().read(move |connection| link_current(connection, ticket, now)).await?;
    if link.is_none() {
        // Whoever takes the report reads the link out before he hangs up.
        web.app.tracking_link(ticket).await?;
    }
    Ok(go(&paths::ticket(&ticket.to_string()), Done::Created))
}

/// The fields, each good or marked.
struct Checked {
    customer: Result<Option<NewCustomer>, (Field, NewCustomerView)>,
    asset: Result<(), Field>,
    fault: Result<(), Field>,
    text: Result<String, Field>,
    wished: Result<Option<Span>, (Field, Field)>,
}

impl Checked {
    fn of(web: &Web, once: &Once, form: &NewTicket, found: &Found, may_make: bool) -> Self {
        let times = Times { from: &form.wished_from, to: &form.wished_to, zone: web.zone, now: web.app.now() };
        let unknown = |typed: &str, missing: bool| {
            let wrong = missing && !typed.trim().is_empty();
            if wrong { Err(Field::of(typed).wrong(FieldError::Unknown)) } else { Ok(()) }
        };
        let text = optional(&form.fault_text, TEXT_CHARS_MAX).and_then(|text| {
            // A code says what is wrong; without one somebody must.
            let silent = text.is_empty() && found.fault.is_none();
            if silent { Err(Field::of(&form.fault_text).wrong(FieldError::Required)) } else { Ok(text) }
        });
        Self {
            customer: customer(once, form, found, may_make),
            asset: unknown(&form.asset, found.asset.is_none()),
            fault: unknown(&form.fault_code, found.fault.is_none()),
            text,
            wished: times.optional(),
        }
    }

    /// The facts and the rows to write first, or itself back when a field is wrong.
    fn facts(self, form: &NewTicket, found: Found) -> Result<(TicketFacts, Vec<fieldline_model::row::Row>), Self> {
        let Self { customer: Ok(new), asset: Ok(()), fault: Ok(()), text: Ok(fault_text), wished: Ok(wished) } = self else {
            return Err(self);
        };
        let priority = Priority::ALL.into_iter().find(|priority| priority.code() == form.priority);
        let category = found.asset.as_ref().map(|asset| asset.category.clone());
        let mut facts = TicketFacts {
            channel: Channel::Phone,
            vip: found.customer.as_ref().is_some_and(|row| row.vip.as_deref().is_some_and(|vip| vip != "none")),
            customer: found.customer.map(|row| row.id),
            contact: found.contact,
            site: found.asset.as_ref().map(|asset| asset.site).or(found.site),
            asset: found.asset.map(|asset| asset.id),
            skills: category.iter().cloned().collect(),
            category,
            fault: found.fault,
            fault_text,
            priority: model_priority(priority.unwrap_or(Priority::Normal)),
            wished,
            ..TicketFacts::default()
        };
        let Some(new) = new else { return Ok((facts, Vec::new())) };
        facts.customer = Some(new.customer);
        facts.contact = Some(new.contact);
        facts.site = facts.site.or(Some(new.site));
        Ok((facts, new.rows))
    }

    /// The form again, with what was typed.
    fn view(self, form: &NewTicket, empty: NewTicketView) -> NewTicketView {
        let kept = |typed: &str, read: Result<(), Field>| read.err().unwrap_or_else(|| Field::of(typed));
        let (customer, new_customer) = match self.customer {
            Ok(None) => (Field::of(&form.customer), None),
            Ok(Some(_)) => (Field::of(&form.customer), Some(form.new_customer_view())),
            Err((field, view)) => {
                let ask = !form.customer.trim().is_empty();
                (field, ask.then_some(view))
            }
        };
        let times = || (Field::of(&form.wished_from), Field::of(&form.wished_to));
        let (wished_from, wished_to) = self.wished.err().unwrap_or_else(times);
        NewTicketView {
            customer,
            new_customer,
            asset: kept(&form.asset, self.asset),
            fault_code: kept(&form.fault_code, self.fault),
            fault_text: kept(&form.fault_text, self.text.map(|_| ())),
            priority: Field::of(&form.priority),
            wished_from,
            wished_to,
            ..empty
        }
    }
}

impl NewTicket {
    fn new_customer_view(&self) -> NewCustomerView {
        NewCustomerView {
            contact: Field::of(&self.contact),
            phone: Field::of(&self.phone),
            district: Field::of(&self.district),
            address: Field::of(&self.address),
        }
    }
}

/// The customer: known, new and wanted, or a question.
fn customer(
    once: &Once,
    form: &NewTicket,
    found: &Found,
    may_make: bool,
) -> Result<Option<NewCustomer>, (Field, NewCustomerView)> {
    let typed = form.customer.trim();
    if found.customer.is_some() {
        return Ok(None);
    }
    let wrong = |error| Field::of(&form.customer).wrong(error);
    if typed.is_empty() {
        return Err((wrong(FieldError::Required), form.new_customer_view()));
    }
    // The tick counts for the name it stood beside; another name is another question.
    let wanted = may_make && form.new_customer.trim() == typed && typed.parse::<CustomerId>().is_err();
    if !wanted {
        return Err((wrong(FieldError::Unknown), form.new_customer_view()));
    }
    let NewTicket { contact, phone, district, address, .. } = form;
    let lines = Lines { name: typed, contact, phone, district, address };
    lines.read(once).map(Some).map_err(|view| (Field::of(&form.customer), view))
}
