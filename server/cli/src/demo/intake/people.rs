//! Who reported, and where it is: rows on file, or rows made of what was typed.

use fieldline_model::id::{ContactId, CustomerId, SiteId, TicketId};
use fieldline_model::operation::Position;
use fieldline_model::row::{Contact, Customer, Row, Site};
use fieldline_server::company::{self, Asset, Company, SampleReport};

/// The rows a ticket refers to.
pub(super) struct Who {
    pub(super) customer: CustomerId,
    pub(super) contact: Option<ContactId>,
    pub(super) site: Option<SiteId>,
}

/// The customer is on file; a person who is not becomes a new contact.
pub(super) fn known_people(
    company: &Company,
    customer: &company::Customer,
    asset: Option<&Asset>,
    report: &SampleReport,
) -> (Who, Vec<Row>, Option<Position>) {
    let id: CustomerId = customer
        .id
        .parse()
        .unwrap_or_else(|_| CustomerId::from_bytes([0; 16]));
    let site = asset.map_or(&customer.main_site, |asset| &asset.site);
    let place = company.customers.sites.iter().find(|row| row.id == *site);
    let same = |contact: &&company::Contact| {
        contact.customer == customer.id
            && (report.phone.as_ref() == Some(&contact.phone)
                || report.customer_name.as_ref() == Some(&contact.name))
    };
    let contact = company.customers.contacts.iter().find(same);
    let mut rows = Vec::new();
    let contact = match (contact, &report.customer_name) {
        (Some(contact), _) => contact.id.parse().ok(),
        (None, Some(name)) => {
            let new = ContactId::from_bytes(report_bytes(report));
            let phone = report.phone.clone().unwrap_or_default();
            rows.push(Row::Contact(Contact {
                id: new,
                customer: id,
                name: name.clone(),
                phone,
            }));
            Some(new)
        }
        (None, None) => customer.main_contact.parse().ok(),
    };
    let position = place.map(|place| Position {
        lat: place.position.lat,
        lon: place.position.lon,
    });
    (
        Who {
            customer: id,
            contact,
            site: site.parse().ok(),
        },
        rows,
        position,
    )
}

/// The first report of whoever made this one, who is not on file: one name, one number and one place are one customer.
pub(super) fn first_of<'a>(company: &'a Company, report: &'a SampleReport) -> &'a SampleReport {
    fn typed(report: &SampleReport) -> [&Option<String>; 4] {
        [
            &report.company,
            &report.customer_name,
            &report.phone,
            &report.address,
        ]
    }
    let is_named = report.phone.is_some();
    let mut alike = company.reports.iter().filter(|other| {
        is_named && other.customer.is_none() && typed(other) == typed(report) && other.lang == report.lang
    });
    alike.next().unwrap_or(report)
}

/// Nobody we know: rows from what was typed. An id serves three kinds of rows, which are named by kind and id.
pub(super) fn new_people(report: &SampleReport) -> (Who, Vec<Row>, Option<Position>) {
    let bytes = report_bytes(report);
    let customer = CustomerId::from_bytes(bytes);
    let english = report.lang.starts_with("en");
    let (unnamed_zh, unnamed_en) = ("未留姓名", "Name not given");
    let unnamed = if english { unnamed_en } else { unnamed_zh };
    let person = report.customer_name.clone();
    let (name, name_en) = match report.company.clone().or_else(|| person.clone()) {
        Some(name) => (name.clone(), english.then_some(name)),
        None => (unnamed_zh.to_owned(), Some(unnamed_en.to_owned())),
    };
    let mut rows = vec![Row::Customer(Customer {
        id: customer,
        name,
        name_en,
        vip: None,
        sla_plan: None,
        contract: None,
    })];
    let mut who = Who {
        customer,
        contact: None,
        site: None,
    };
    if person.is_some() || report.phone.is_some() {
        let id = ContactId::from_bytes(bytes);
        let name = person.unwrap_or_else(|| unnamed.to_owned());
        rows.push(Row::Contact(Contact {
            id,
            customer,
            name,
            phone: report.phone.clone().unwrap_or_default(),
        }));
        who.contact = Some(id);
    }
    if let Some(address) = &report.address {
        let id = SiteId::from_bytes(bytes);
        let (city, district, address) = if english {
            english_address(address)
        } else {
            chinese_address(address)
        };
        rows.push(Row::Site(Site {
            id,
            customer,
            city,
            district,
            address,
            position: None,
        }));
        who.site = Some(id);
    }
    (who, rows, None)
}

fn report_bytes(report: &SampleReport) -> [u8; 16] {
    report
        .id
        .parse::<TicketId>()
        .map(TicketId::to_bytes)
        .unwrap_or_default()
}

/// 成都市 · 锦江区 · the rest.
fn chinese_address(text: &str) -> (String, String, String) {
    let cut = |text: &str, mark: char| match text.split_once(mark) {
        Some((head, tail)) => (format!("{head}{mark}"), tail.to_owned()),
        None => (String::new(), text.to_owned()),
    };
    let (city, rest) = cut(text, '市');
    let (district, rest) = cut(&rest, '区');
    (city, district, rest)
}

/// The last two parts between commas are district and city.
fn english_address(text: &str) -> (String, String, String) {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    match parts.as_slice() {
        [rest @ .., district, city] if !rest.is_empty() => {
            ((*city).into(), (*district).into(), rest.join(", "))
        }
        _ => (String::new(), String::new(), text.to_owned()),
    }
}
