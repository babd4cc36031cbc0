//! The form for a new ticket, read: what its names stand for, and each field good or marked.

use fieldline_model::id::{AssetId, ContactId, CustomerId, SiteId};
use fieldline_model::operation::{Channel, Span, TicketFacts};
use fieldline_model::row::{Asset, Customer, Row};
use rusqlite::Connection;
use serde::Deserialize;

use crate::page::form::{Field, FieldError};
use crate::page::label::Priority;
use crate::page::new_ticket::{NewCustomerView, NewTicketView};
use crate::store::StoreError;
use crate::store::page_list::{asset_with_serial, customer_first, customer_named};
use crate::web::field::{TEXT_CHARS_MAX, Times, clean, optional};
use crate::web::new_customer::{Lines, NewCustomer};
use crate::web::once::Once;
use crate::web::view::model_priority;
use crate::web::{Web, read};

/// The form as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct NewTicket {
    pub(super) once: String,
    pub(super) customer: String,
    asset: String,
    fault_code: String,
    pub(super) fault_text: String,
    priority: String,
    wished_from: String,
    wished_to: String,
    new_customer: String,
    contact: String,
    phone: String,
    district: String,
    address: String,
}

/// What the names in a form stand for.
#[derive(Debug, Default)]
pub(super) struct Found {
    customer: Option<Customer>,
    asset: Option<Asset>,
    /// Whose machine that is.
    owner: Option<CustomerId>,
    site: Option<SiteId>,
    contact: Option<ContactId>,
    fault: Option<String>,
}

impl Found {
    pub(super) fn read(connection: &Connection, form: &NewTicket) -> Result<Self, StoreError> {
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
        let at = asset.as_ref().map(|asset| read::site(connection, asset.site));
        let owner = at.transpose()?.flatten().map(|site| site.customer);
        let customer = id.map_or(Ok(None), |id| read::customer(connection, id))?;
        let (site, contact) = customer
            .as_ref()
            .map_or(Ok((None, None)), |row| customer_first(connection, row.id))?;
        let fault = read::code(connection, &form.fault_code)?
            .filter(|code| code.sort == "fault")
            .map(|code| code.code);
        Ok(Self {
            customer,
            site,
            contact: contact.and_then(|id| id.parse().ok()),
            asset,
            owner,
            fault,
        })
    }

    /// Whether the machine is another's than the customer's, known or new.
    fn is_of_other(&self, new: Option<&NewCustomer>) -> bool {
        let customer = self
            .customer
            .as_ref()
            .map(|row| row.id)
            .or(new.map(|new| new.customer));
        self.owner
            .zip(customer)
            .is_some_and(|(owner, customer)| owner != customer)
    }
}

/// A customer that was not found: the field marked, and the lines for a new one.
type Unknown = Box<(Field, NewCustomerView)>;

/// The fields, each good or marked.
pub(super) struct Checked {
    customer: Result<Option<NewCustomer>, Unknown>,
    asset: Result<(), Field>,
    fault: Result<(), Field>,
    text: Result<String, Field>,
    priority: Result<Priority, Field>,
    wished: Result<Option<Span>, (Field, Field)>,
}

impl Checked {
    pub(super) fn of(web: &Web, once: &Once, form: &NewTicket, found: &Found, may_make: bool) -> Self {
        let times = Times {
            from: &form.wished_from,
            to: &form.wished_to,
            zone: web.zone,
            now: web.app.now(),
        };
        let unknown = |typed: &str, missing: bool| {
            let wrong = missing && !typed.trim().is_empty();
            if wrong {
                Err(Field::of(typed).wrong(FieldError::Unknown))
            } else {
                Ok(())
            }
        };
        let text = optional(&form.fault_text, TEXT_CHARS_MAX).and_then(|text| {
            // A code says what is wrong; without one somebody must.
            let silent = text.is_empty() && found.fault.is_none();
            if silent {
                Err(Field::of(&form.fault_text).wrong(FieldError::Required))
            } else {
                Ok(text)
            }
        });
        let customer = customer(once, form, found, may_make);
        let new = customer.as_ref().ok().and_then(Option::as_ref);
        let asset = if found.is_of_other(new) {
            Err(Field::of(&form.asset).wrong(FieldError::OtherCustomer))
        } else {
            unknown(&form.asset, found.asset.is_none())
        };
        Self {
            customer,
            asset,
            fault: unknown(&form.fault_code, found.fault.is_none()),
            text,
            priority: priority(&form.priority),
            wished: times.optional(),
        }
    }

    /// The facts and the rows to write first, or itself back when a field is wrong.
    pub(super) fn facts(self, found: Found) -> Result<(TicketFacts, Vec<Row>), Box<Self>> {
        let Self {
            customer: Ok(new),
            asset: Ok(()),
            fault: Ok(()),
            text: Ok(fault_text),
            priority: Ok(priority),
            wished: Ok(wished),
        } = self
        else {
            return Err(Box::new(self));
        };
        let category = found.asset.as_ref().map(|asset| asset.category.clone());
        let mut facts = TicketFacts {
            channel: Channel::Phone,
            vip: found
                .customer
                .as_ref()
                .is_some_and(|row| row.vip.as_deref().is_some_and(|vip| vip != "none")),
            customer: found.customer.map(|row| row.id),
            contact: found.contact,
            site: found.asset.as_ref().map(|asset| asset.site).or(found.site),
            asset: found.asset.map(|asset| asset.id),
            skills: category.iter().cloned().collect(),
            category,
            fault: found.fault,
            fault_text,
            priority: model_priority(priority),
            wished,
            ..TicketFacts::default()
        };
        let Some(new) = new else {
            return Ok((facts, Vec::new()));
        };
        facts.customer = Some(new.customer);
        facts.contact = Some(new.contact);
        facts.site = facts.site.or(Some(new.site));
        Ok((facts, new.rows))
    }

    /// The form again, with what was typed.
    pub(super) fn view(self, form: &NewTicket, empty: NewTicketView) -> NewTicketView {
        let kept = |typed: &str, read: Result<(), Field>| read.err().unwrap_or_else(|| Field::of(typed));
        let (customer, new_customer) = match self.customer {
            Ok(None) => (Field::of(&form.customer), None),
            Ok(Some(_)) => (Field::of(&form.customer), Some(form.new_customer_view())),
            Err(unknown) => {
                let (field, view) = *unknown;
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
            priority: kept(&form.priority, self.priority.map(|_| ())),
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

/// One of the list, and the usual one where the form has no such field.
fn priority(typed: &str) -> Result<Priority, Field> {
    if typed.is_empty() {
        return Ok(Priority::Normal);
    }
    Priority::ALL
        .into_iter()
        .find(|priority| priority.code() == typed)
        .ok_or_else(|| Field::of(typed).wrong(FieldError::Unknown))
}

/// The customer: known, new and wanted, or a question.
fn customer(
    once: &Once,
    form: &NewTicket,
    found: &Found,
    may_make: bool,
) -> Result<Option<NewCustomer>, Unknown> {
    let typed = form.customer.trim();
    if found.customer.is_some() {
        return Ok(None);
    }
    let wrong = |error| Field::of(&form.customer).wrong(error);
    if typed.is_empty() {
        return Err(Box::new((wrong(FieldError::Required), form.new_customer_view())));
    }
    // The tick counts for the name it stood beside; another name is another question.
    let wanted = may_make && form.new_customer.trim() == typed && typed.parse::<CustomerId>().is_err();
    if !wanted {
        return Err(Box::new((wrong(FieldError::Unknown), form.new_customer_view())));
    }
    let NewTicket {
        contact,
        phone,
        district,
        address,
        ..
    } = form;
    let lines = Lines {
        name: typed,
        contact,
        phone,
        district,
        address,
    };
    lines
        .read(once)
        .map(Some)
        .map_err(|view| Box::new((Field::of(&form.customer), *view)))
}
