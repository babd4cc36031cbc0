//! Lines of the tables as rows. Ids are derived from the company's own codes, so the same line always makes the same row.

use std::collections::BTreeMap;

use fieldline_model::id::{AssetId, ContactId, CustomerId, EngineerId, LocationId, PartId, SiteId};
use fieldline_model::operation::Position;
use fieldline_model::row::{self, Row};

use super::beside::{file_of, price};
use super::known::derived;
use super::rows::{envelope, vip_word};
use crate::company::csv::{AssetLine, CustomerLine, EngineerLine, PartLine};
use crate::hq_row::HqRow;

/// The customer whom a table knows by this number.
#[must_use]
pub fn customer_numbered(code: &str) -> CustomerId {
    CustomerId::from_bytes(derived("customer", code))
}

/// A customer of a table has one site.
fn site_id(code: &str) -> SiteId {
    SiteId::from_bytes(derived("site", code))
}

pub(super) fn customer(line: CustomerLine, rows: &mut Vec<Row>) {
    let (customer, site) = (customer_numbered(&line.code), site_id(&line.code));
    let contact = ContactId::from_bytes(derived("contact", &line.code));
    let address = envelope(&line.address);
    rows.push(Row::Customer(row::Customer {
        id: customer,
        name: line.name,
        name_en: line.name_en,
        vip: vip_word(line.vip),
        sla_plan: line.sla_plan,
        contract: line.contract_no,
    }));
    rows.push(Row::Contact(row::Contact {
        id: contact,
        customer,
        name: line.contact,
        phone: line.phone,
    }));
    rows.push(Row::Site(row::Site {
        id: site,
        customer,
        city: line.address.city,
        district: line.address.district,
        address,
        position: line.position.map(|position| Position {
            lat: position.lat,
            lon: position.lon,
        }),
    }));
}

pub(super) fn asset(line: AssetLine, categories: &BTreeMap<String, String>) -> Row {
    let category = line
        .category
        .or_else(|| categories.get(&line.model).cloned())
        .unwrap_or_default();
    Row::Asset(row::Asset {
        id: AssetId::from_bytes(derived("asset", &line.serial)),
        site: site_id(&line.customer_code),
        category,
        model_zh: line.model.clone(),
        model_en: line.model.clone(),
        model: line.model,
        serial: line.serial,
        warranty_end: line.warranty_end,
        history: Vec::new(),
    })
}

fn part_id(code: &str) -> PartId {
    PartId::from_bytes(derived("part", code))
}

pub(super) fn engineer_id(code: &str) -> EngineerId {
    EngineerId::from_bytes(derived("engineer", code))
}

/// A table that gives no price takes none away.
pub(super) fn part_price(line: &PartLine) -> Option<HqRow> {
    line.price_fen
        .map(|fen| HqRow::Price(part_id(&line.code), Some(price(fen))))
}

pub(super) fn engineer_file(line: &EngineerLine) -> HqRow {
    HqRow::Engineer(engineer_id(&line.code), file_of(line))
}

pub(super) fn parts(lines: Vec<PartLine>, rows: &mut Vec<Row>) {
    let main = LocationId::from_bytes(derived("location", "main warehouse"));
    let (name_zh, name_en) = ("主仓库".to_owned(), "Main warehouse".to_owned());
    if lines.iter().any(|line| line.stock > 0) {
        rows.push(Row::Location(row::Location {
            id: main,
            van: false,
            name_zh,
            name_en,
        }));
    }
    for line in lines {
        let part = part_id(&line.code);
        let name_en = line.name_en.unwrap_or_else(|| line.name.clone());
        let (number, models) = (line.code, line.models);
        rows.push(Row::Part(row::Part {
            id: part,
            number,
            name_zh: line.name,
            name_en,
            models,
        }));
        if line.stock > 0 {
            rows.push(Row::Stock(row::Stock {
                location: main,
                part,
                quantity: line.stock.into(),
            }));
        }
    }
}

pub(super) fn engineer(line: EngineerLine, rows: &mut Vec<Row>) {
    let van = line.van.map(|code| {
        let id = LocationId::from_bytes(derived("location", &code));
        rows.push(Row::Location(row::Location {
            id,
            van: true,
            name_zh: code.clone(),
            name_en: code,
        }));
        id
    });
    rows.push(Row::Engineer(row::Engineer {
        id: engineer_id(&line.code),
        name: line.name,
        name_en: line.name_en.unwrap_or_default(),
        skills: line.skills,
        van,
    }));
}
