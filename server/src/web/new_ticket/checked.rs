//! The form for a new ticket, read: what its names stand for, and each field good or marked.

use fieldline_model::id::{AssetId, ContactId, CustomerId, SiteId};
use fieldline_model::operation::{Channel, Span, TicketFacts};
use fieldline_model::row::{Asset, Customer};
use rusqlite::Connection;
use serde::Deserialize;

use crate::page::form::{Choice, Field, FieldError};
use crate::page::label::Priority;
use crate::page::new_ticket::{NameQuestion, NewCustomerView, NewTicketView, WHICH_KNOWN, WHICH_NEW};
use crate::store::StoreError;
use crate::store::page_list::{asset_with_serial, customer_first};
use crate::web::field::{TEXT_CHARS_MAX, Times, clean, optional};
use crate::web::namesake::{customers, one_of};
use crate::web::new_customer::{Lines, NewCustomer, named_here};
use crate::web::once::Once;
use crate::web::view::model_priority;
use crate::web::{Web, read};
use crate::words::Lang;

/// The form as sent.
#[derive(Debug, Clone, Default, Deserialize)]
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
    /// The name about which the page asked what is meant.
    asked: String,
    which: String,
    contact: String,
    phone: String,
    district: String,
    address: String,
}

/// What the names in a form stand for.
#[derive(Debug, Default)]
pub(super) struct Found {
    customer: Option<Customer>,
    /// The customers who go by this, where it is not one alone.
    several: Vec<Choice>,
    asset: Option<Asset>,
    /// Whose machine that is.
    owner: Option<CustomerId>,
    site: Option<SiteId>,
    contact: Option<ContactId>,
    fault: Option<String>,
}

impl Found {
    pub(super) fn read(connection: &Connection, lang: Lang, form: &NewTicket) -> Result<Self, StoreError> {
        let (typed, asset) = (clean(&form.customer), clean(&form.asset));
        let named = customers(connection, &typed)?;
        let picked = form.answer().parse().ok().filter(|id| named.contains(id));
        let id = match named.as_slice() {
            [id] => Some(*id),
            _ => picked,
        };
        let several = named.iter().filter(|_| id.is_none());
        let several = several.map(|id| one_of(connection, lang, *id));
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
            several: several.filter_map(Result::transpose).collect::<Result<_, _>>()?,
            site,
            contact: contact.and_then(|id| id.parse().ok()),
            asset,
            owner,
            fault,
        })
    }

    /// What is to be asked about the name.
    fn question(&self) -> NameQuestion {
        match (&self.customer, self.several.as_slice()) {
            (Some(_), _) => NameQuestion::Known,
            (None, []) => NameQuestion::New,
            (None, _) => NameQuestion::Several,
        }
    }

    /// Whether the machine is another's than the customer's, known or new.
    fn is_of_other(&self, new: Option<&NewCustomer>) -> bool {
        let known = self.customer.as_ref().map(|row| row.id);
        let customer = new.map(|new| new.customer).or(known);
        self.owner
            .zip(customer)
            .is_some_and(|(owner, customer)| owner != customer)
    }
}

/// A customer to make before the ticket.
pub(super) struct Making {
    pub(super) new: NewCustomer,
    /// Only if nobody has the name: that is what the page said.
    pub(super) alone: bool,
}

/// A customer that was not found: the field marked, and the lines for a new one.
type Unknown = Box<(Field, NewCustomerView)>;

/// The fields, each good or marked.
pub(super) struct Checked {
    customer: Result<Option<NewCustomer>, Unknown>,
    question: NameQuestion,
    several: Vec<Choice>,
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
            question: found.question(),
            several: found.several.clone(),
            asset,
            fault: unknown(&form.fault_code, found.fault.is_none()),
            text,
            priority: priority(&form.priority),
            wished: times.optional_wish(),
        }
    }

    /// The facts and the customer to make first, or itself back when a field is wrong.
    pub(super) fn facts(self, found: Found) -> Result<(TicketFacts, Option<Making>), Box<Self>> {
        let Self {
            customer: Ok(new),
            question,
            several: _,
            asset: Ok(()),
            fault: Ok(()),
            text: Ok(fault_text),
            priority: Ok(priority),
            wished: Ok(wished),
        } = self
        else {
            return Err(Box::new(self));
        };
        // A new customer of a name that is there has nothing of the other one's.
        let found = match new {
            None => found,
            Some(_) => Found {
                customer: None,
                site: None,
                contact: None,
                ..found
            },
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
            return Ok((facts, None));
        };
        facts.customer = Some(new.customer);
        facts.contact = Some(new.contact);
        facts.site = facts.site.or(Some(new.site));
        let alone = question == NameQuestion::New;
        Ok((facts, Some(Making { new, alone })))
    }

    /// The form again, with what was typed.
    pub(super) fn view(self, form: &NewTicket, empty: NewTicketView) -> NewTicketView {
        let kept = |typed: &str, read: Result<(), Field>| read.err().unwrap_or_else(|| Field::of(typed));
        let (customer, new_customer) = match self.customer {
            Ok(None) if !form.has_lines() => (Field::of(&form.customer), None),
            Ok(_) => (
                Field::of(&form.customer),
                Some(form.new_customer_view(self.question)),
            ),
            Err(unknown) => {
                let (field, view) = *unknown;
                let ask = !form.customer.trim().is_empty();
                let view = NewCustomerView {
                    question: self.question,
                    which: form.answer().to_owned(),
                    several: self.several,
                    ..view
                };
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
    fn new_customer_view(&self, question: NameQuestion) -> NewCustomerView {
        NewCustomerView {
            question,
            which: self.answer().to_owned(),
            several: Vec::new(),
            contact: Field::of(&self.contact),
            phone: Field::of(&self.phone),
            district: Field::of(&self.district),
            address: Field::of(&self.address),
        }
    }
}

impl NewTicket {
    /// What was said about this very name; what was said about another is no answer.
    fn answer(&self) -> &str {
        let about_it = self.asked.trim() == self.customer.trim();
        if about_it { &self.which } else { "" }
    }

    /// Whether a new customer is to come of this name.
    fn is_ticked(&self) -> bool {
        self.new_customer.trim() == self.customer.trim()
    }

    /// Whether something is said of a new customer that a known one would drop.
    fn has_lines(&self) -> bool {
        let lines = [&self.contact, &self.phone, &self.district, &self.address];
        self.is_ticked() || lines.into_iter().any(|line| !line.trim().is_empty())
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
    let question = found.question();
    if let Some(known) = &found.customer {
        // The form came twice: the customer is the one it made.
        let own = known.id == named_here(once, &known.name);
        let said = form.answer() == WHICH_KNOWN || form.answer() == known.id.to_string();
        if own || said || !form.has_lines() {
            return Ok(None);
        }
    }
    let wrong = |error| {
        let field = Field::of(&form.customer).wrong(error);
        Box::new((field, form.new_customer_view(question)))
    };
    if typed.is_empty() {
        return Err(wrong(FieldError::Required));
    }
    // Tick and answer count for the name they stood beside; another name is another question.
    let (wanted, error) = match question {
        NameQuestion::New => (form.is_ticked(), FieldError::Unknown),
        NameQuestion::Known => (form.answer() == WHICH_NEW, FieldError::KnownByNow),
        NameQuestion::Several => (form.answer() == WHICH_NEW, FieldError::Several),
    };
    if !(wanted && may_make && typed.parse::<CustomerId>().is_err()) {
        return Err(wrong(error));
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
