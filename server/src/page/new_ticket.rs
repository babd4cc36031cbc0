//! The form for a ticket taken by phone or mail.

use super::form::{self, Choice, Field, Input, labelled};
use super::label::Priority;
use super::paths;
use super::shell::{Frame, Section, shell};
use crate::words::{Lang, desk as d, shared as s};
use maud::{Markup, html};

/// The form as it was sent, or empty.
#[derive(Debug, Clone)]
pub struct NewTicketView {
    /// Customer's name, number or id.
    pub customer: Field,
    /// Asset's serial number, or id; may stay empty.
    pub asset: Field,
    /// Fault code; may stay empty.
    pub fault_code: Field,
    /// What the customer sees.
    pub fault_text: Field,
    /// One of [`Priority::code`].
    pub priority: Field,
    /// Wished start, as `datetime-local`.
    pub wished_from: Field,
    /// Wished end, as `datetime-local`.
    pub wished_to: Field,
    /// The lines for a customer nobody knows yet; shown once the name given is unknown.
    pub new_customer: Option<NewCustomerView>,
    /// Customers to suggest: what is typed for them, and what tells them apart. The caller limits them.
    pub customers: Vec<Choice>,
    /// Assets to suggest: serial number, and model.
    pub assets: Vec<Choice>,
    /// Fault codes with their text.
    pub fault_codes: Vec<Choice>,
}

/// What is asked about a name, beside the lines for a new customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameQuestion {
    /// Nobody has it: is it somebody new.
    #[default]
    New,
    /// One has it: is that one meant, or another.
    Known,
    /// Several have it: which one, or another.
    Several,
}

/// An answer to a [`NameQuestion`], as the field `which` spells it; of several customers the id is one too.
pub const WHICH_KNOWN: &str = "known";
/// The other one.
pub const WHICH_NEW: &str = "new";

/// What must be known of a new customer before anybody can be sent.
#[derive(Debug, Clone, Default)]
pub struct NewCustomerView {
    /// What is asked about the name.
    pub question: NameQuestion,
    /// The answer, as it was sent.
    pub which: String,
    /// The customers who go by this name, with what tells them apart, where several do.
    pub several: Vec<Choice>,
    /// Name of the person to talk to.
    pub contact: Field,
    /// That person's number.
    pub phone: Field,
    /// District or suburb.
    pub district: Field,
    /// Road, house number, room.
    pub address: Field,
}

impl NewTicketView {
    fn is_wrong(&self) -> bool {
        let fields = [
            &self.customer,
            &self.asset,
            &self.fault_code,
            &self.fault_text,
            &self.priority,
            &self.wished_from,
            &self.wished_to,
        ];
        let new = self
            .new_customer
            .iter()
            .flat_map(|new| [&new.contact, &new.phone, &new.district, &new.address]);
        fields.into_iter().chain(new).any(|field| field.error.is_some())
    }
}

/// The page. Posts `customer`, `asset`, `fault_code`, `fault_text`, `priority`, `wished_from`, `wished_to`.
pub fn new_ticket(frame: &Frame, view: &NewTicketView) -> Markup {
    let lang = frame.lang;
    let priorities: Vec<Choice> = Priority::ALL
        .map(|p| Choice {
            value: p.code().to_owned(),
            text: lang.t(p.word()).to_owned(),
        })
        .into();
    let optional = |word| format!("{}{}", lang.t(word), lang.t(s::OPTIONAL));
    let body = html! {
        div.head { h1 { (lang.t(d::NEW_TICKET)) } }
        (form::error_summary(lang, view.is_wrong()))
        form.sheet method="post" action=(paths::TICKETS) {
            (form::hidden(frame))
            (labelled(lang, lang.t(d::COL_CUSTOMER), "customer", Input::Pick(&view.customers), &view.customer, Some(lang.t(d::PICK_CUSTOMER))))
            @if let Some(new) = &view.new_customer { (new_customer(lang, &view.customer.value, new)) }
            (labelled(lang, &optional(d::COL_ASSET), "asset", Input::Pick(&view.assets), &view.asset, Some(lang.t(d::PICK_ASSET))))
            (labelled(lang, &optional(d::FAULT_CODE), "fault_code", Input::Select(&view.fault_codes, Some(lang.t(d::NO_CODE))), &view.fault_code, None))
            (labelled(lang, lang.t(d::FAULT_TEXT), "fault_text", Input::Text, &view.fault_text, None))
            (labelled(lang, lang.t(s::PRIORITY), "priority", Input::Select(&priorities, None), &view.priority, None))
            div.pair {
                (labelled(lang, &optional(d::WISHED_FROM), "wished_from", Input::Time, &view.wished_from, None))
                (labelled(lang, &optional(d::WISHED_TO), "wished_to", Input::Time, &view.wished_to, None))
            }
            div.buttons {
                button.primary { (lang.t(d::CREATE)) }
                a.button href=(paths::QUEUE) { (lang.t(s::CANCEL_FORM)) }
            }
        }
    };
    shell(frame, Section::Queue, lang.t(d::NEW_TICKET), &body)
}

fn question(lang: Lang, name: &str, view: &NewCustomerView) -> Markup {
    let hint = |word| lang.fill(word, &[("x", name)]);
    let which = |value: &str, word| {
        html! {
            label.check { input type="radio" name="which" value=(value) checked[view.which == value]; " " (lang.t(word)) }
        }
    };
    html! {
        @match view.question {
            NameQuestion::New => {
                p.hint { (hint(d::NEW_CUSTOMER_HINT)) }
                label.check { input type="checkbox" name="new_customer" value=(name) checked; " " (lang.t(d::NEW_CUSTOMER_YES)) }
            },
            NameQuestion::Known => {
                p.hint { (hint(d::KNOWN_CUSTOMER_HINT)) }
                input type="hidden" name="asked" value=(name);
                (which(WHICH_KNOWN, d::KNOWN_CUSTOMER_USE))
                (which(WHICH_NEW, d::KNOWN_CUSTOMER_NEW))
            },
            NameQuestion::Several => {
                p.hint { (hint(d::SEVERAL_CUSTOMERS_HINT)) }
                input type="hidden" name="asked" value=(name);
                @for one in &view.several {
                    label.check { input type="radio" name="which" value=(one.value) checked[view.which == one.value]; " " (one.text) }
                }
                (which(WHICH_NEW, d::SEVERAL_CUSTOMERS_NEW))
            },
        }
    }
}

/// Posts `new_customer` = the name that is to become a customer, or `asked` = the name that one or several have and
/// `which` = what is meant by it; and `contact`, `phone`, `district`, `address`.
fn new_customer(lang: Lang, name: &str, view: &NewCustomerView) -> Markup {
    let optional = format!("{}{}", lang.t(d::NEW_DISTRICT), lang.t(s::OPTIONAL));
    let legend = match view.question {
        NameQuestion::New | NameQuestion::Known => d::NEW_CUSTOMER,
        NameQuestion::Several => d::WHICH_CUSTOMER,
    };
    html! {
        fieldset {
            legend { (lang.t(legend)) }
            (question(lang, name, view))
            div.pair {
                (labelled(lang, lang.t(d::NEW_CONTACT), "contact", Input::Line, &view.contact, None))
                (labelled(lang, lang.t(d::NEW_PHONE), "phone", Input::Line, &view.phone, None))
            }
            div.pair {
                (labelled(lang, &optional, "district", Input::Line, &view.district, None))
                (labelled(lang, lang.t(d::NEW_ADDRESS), "address", Input::Line, &view.address, None))
            }
        }
    }
}
