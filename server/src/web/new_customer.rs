//! A customer nobody knows yet, made together with the ticket.
//!
//! A name that is not in the list is either a slip of the pen or somebody new; only the person at the telephone knows.
//! So the first try shows the form again with lines for a new customer, and nothing is made until they are filled in.

use fieldline_model::id::{ContactId, CustomerId, SiteId};
use fieldline_model::row::{Contact, Customer, Row, Site};

use super::field::{LINE_CHARS_MAX, needed, optional};
use super::once::Once;
use crate::page::form::{Field, FieldError};
use crate::page::new_ticket::NewCustomerView;

/// Digits a telephone number has at least, and at most with country and extension.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// The lines as they were sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    pub(super) name: &'a str,
    pub(super) contact: &'a str,
    pub(super) phone: &'a str,
    pub(super) district: &'a str,
    pub(super) address: &'a str,
}

/// The rows to write, in order, and their ids.
#[derive(Debug)]
pub(super) struct NewCustomer {
    pub(super) name: String,
    pub(super) customer: CustomerId,
    pub(super) contact: ContactId,
    pub(super) site: SiteId,
    pub(super) rows: Vec<Row>,
}

impl Lines<'_> {
    /// Reads the lines; their ids come from the form, so the same form makes the same customer.
    pub(super) fn read(&self, once: &Once) -> Result<NewCustomer, Box<NewCustomerView>> {
        let name = needed(self.name, LINE_CHARS_MAX);
        let contact = needed(self.contact, LINE_CHARS_MAX);
        let phone = number(self.phone);
        let district = optional(self.district, LINE_CHARS_MAX);
        let address = needed(self.address, LINE_CHARS_MAX);
        let (Ok(name), Ok(person), Ok(phone), Ok(district), Ok(address)) =
            (name, &contact, &phone, &district, &address)
        else {
            let field =
                |typed: &str, read: Result<String, Field>| read.err().unwrap_or_else(|| Field::of(typed));
            return Err(Box::new(NewCustomerView {
                contact: field(self.contact, contact),
                phone: field(self.phone, phone),
                district: field(self.district, district),
                address: field(self.address, address),
                ..NewCustomerView::default()
            }));
        };
        let what = |kind: &str| format!("{kind}\0{name}");
        let customer = named_here(once, &name);
        let contact = once.id(ContactId::new, &what("contact"));
        let site = once.id(SiteId::new, &what("site"));
        let rows = vec![
            Row::Customer(Customer {
                id: customer,
                name: name.clone(),
                name_en: None,
                vip: None,
                sla_plan: None,
                contract: None,
            }),
            Row::Contact(Contact {
                id: contact,
                customer,
                name: person.clone(),
                phone: phone.clone(),
            }),
            Row::Site(Site {
                id: site,
                customer,
                city: String::new(),
                district: district.clone(),
                address: address.clone(),
                position: None,
            }),
        ];
        Ok(NewCustomer {
            name,
            customer,
            contact,
            site,
            rows,
        })
    }
}

/// The id of the customer of this name whom this form makes.
pub(super) fn named_here(once: &Once, name: &str) -> CustomerId {
    once.id(CustomerId::new, &format!("customer\0{name}"))
}

/// A telephone number as digits; what people write between them is dropped.
fn number(typed: &str) -> Result<String, Field> {
    let text = needed(typed, LINE_CHARS_MAX)?;
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let readable = text.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    let enough = DIGITS.contains(&digits.chars().filter(char::is_ascii_digit).count());
    if readable && enough {
        Ok(digits)
    } else {
        Err(Field::of(typed).wrong(FieldError::Number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_what_stands_between_their_digits() {
        assert_eq!(number("(021) 6000-1234").unwrap(), "02160001234");
        assert_eq!(number("+86 139 0000 0000").unwrap(), "+8613900000000");
        for wrong in ["call me", "12", "1".repeat(30).as_str()] {
            assert_eq!(number(wrong).unwrap_err().error, Some(FieldError::Number));
        }
    }
}
