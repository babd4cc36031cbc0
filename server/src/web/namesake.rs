//! Customers by what people say of them: a name, the company's own number, or which of several of one name is meant.
//!
//! Whoever is at the telephone knows no ids. So beside a name that several have stand the end of the number and the
//! place, and never the whole number: a list of customers is read by many.

use std::collections::{BTreeSet, HashMap};

use fieldline_model::id::CustomerId;
use rusqlite::Connection;

use super::read;
use super::view::pick;
use crate::import::customer_numbered;
use crate::page::form::Choice;
use crate::store::StoreError;
use crate::store::page_list::{customer_choices, customer_first, customer_named};
use crate::words::Lang;

/// Digits of a telephone number that tell one customer from another.
const TAIL_DIGITS: usize = 4;

/// The customers that go by this: an id, a name in either language, or a number of the company's own.
pub(super) fn customers(connection: &Connection, typed: &str) -> Result<Vec<CustomerId>, StoreError> {
    if let Ok(id) = typed.parse() {
        return Ok(vec![id]);
    }
    let mut found = customer_named(connection, typed)?;
    // People say c001 for C001.
    for number in [typed, &typed.to_ascii_uppercase()] {
        let id = customer_numbered(number);
        if !found.contains(&id) && read::customer(connection, id)?.is_some() {
            found.push(id);
        }
    }
    Ok(found)
}

/// A customer to suggest.
pub(super) struct Suggested {
    id: CustomerId,
    zh: String,
    en: String,
    /// Where others have one of the names: what tells this one from them.
    marks: Option<String>,
}

impl Suggested {
    /// At most so many, by name.
    pub(super) fn list(connection: &Connection, limit: u32) -> Result<Vec<Self>, StoreError> {
        let all = customer_choices(connection, limit)?;
        let mut bearers: HashMap<String, u32> = HashMap::new();
        let names = |zh: &String, en: &Option<String>| {
            let both = [Some(zh), en.as_ref()].into_iter().flatten();
            both.map(|name| name.to_ascii_lowercase())
                .collect::<BTreeSet<String>>()
        };
        for (_, zh, en) in &all {
            for name in names(zh, en) {
                *bearers.entry(name).or_default() += 1;
            }
        }
        let suggested = all.into_iter().map(|(id, zh, en)| {
            let shared = names(&zh, &en).iter().any(|name| bearers.get(name) != Some(&1));
            let marks = shared.then(|| marks(connection, id)).transpose()?;
            let en = en.unwrap_or_default();
            Ok(Self { id, zh, en, marks })
        });
        suggested.collect()
    }

    /// What people read is what is filled in; only where that names several it is the id.
    pub(super) fn choice(&self, lang: Lang) -> Choice {
        let name = pick(lang, &self.zh, &self.en);
        match &self.marks {
            None => Choice {
                value: name.to_owned(),
                text: String::new(),
            },
            Some(marks) => told(self.id, name, marks),
        }
    }
}

/// One of several customers who go by the same, to choose from.
pub(super) fn one_of(
    connection: &Connection,
    lang: Lang,
    id: CustomerId,
) -> Result<Option<Choice>, StoreError> {
    let Some(row) = read::customer(connection, id)? else {
        return Ok(None);
    };
    let name = pick(lang, &row.name, row.name_en.as_deref().unwrap_or_default());
    Ok(Some(told(id, name, &marks(connection, id)?)))
}

fn told(id: CustomerId, name: &str, marks: &str) -> Choice {
    let value = id.to_string();
    let text = match marks {
        // Nothing else is known of it.
        "" => format!("{name} · {value}"),
        marks => format!("{name} · {marks}"),
    };
    Choice { value, text }
}

/// The end of the first contact's number, and the first site.
fn marks(connection: &Connection, id: CustomerId) -> Result<String, StoreError> {
    let (site, contact) = customer_first(connection, id)?;
    let contact = contact.and_then(|id| id.parse().ok());
    let contact = contact.map_or(Ok(None), |id| read::contact(connection, id))?;
    let site = site.map_or(Ok(None), |id| read::site(connection, id))?;
    let tail = contact.map(|row| tail(&row.phone)).unwrap_or_default();
    let place = site.map(|row| row.one_line()).unwrap_or_default();
    let known = [tail, place].into_iter().filter(|mark| !mark.is_empty());
    Ok(known.collect::<Vec<_>>().join(" · "))
}

fn tail(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(TAIL_DIGITS)..]
        .iter()
        .collect()
}
