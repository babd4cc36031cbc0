//! A company's data as reference rows. Pure.

use std::collections::BTreeMap;

use fieldline_model::operation::Position;
use fieldline_model::row::{self, Row};

use super::ImportError;
use crate::company::{Address, Answer, Bilingual, Company, PastTicket, StockLocation, Vip};

/// Earlier repairs kept with an asset.
const HISTORY_MAX: usize = 50;

/// Every row, in an order in which each finds what it points at: stock is told to whoever drives its van.
pub(super) fn of_company(company: &Company) -> Result<Vec<Row>, ImportError> {
    let mut rows = Vec::new();
    locations(company, &mut rows)?;
    engineers(company, &mut rows)?;
    parts(company, &mut rows)?;
    codes(company, &mut rows);
    checklists(company, &mut rows);
    customers(company, &mut rows)?;
    assets(company, &mut rows)?;
    for level in &company.stock.levels {
        let (location, part) = (level.location.parse()?, level.part.parse()?);
        rows.push(Row::Stock(row::Stock {
            location,
            part,
            quantity: level.quantity.into(),
        }));
    }
    Ok(rows)
}

fn locations(company: &Company, rows: &mut Vec<Row>) -> Result<(), ImportError> {
    for location in &company.stock.locations {
        let place = location.place();
        rows.push(Row::Location(row::Location {
            id: place.id.parse()?,
            van: matches!(location, StockLocation::Van { .. }),
            name_zh: place.name.zh.clone(),
            name_en: place.name.en.clone(),
        }));
    }
    Ok(())
}

fn engineers(company: &Company, rows: &mut Vec<Row>) -> Result<(), ImportError> {
    for engineer in &company.engineers {
        rows.push(Row::Engineer(row::Engineer {
            id: engineer.id.parse()?,
            name: engineer.name.zh.clone(),
            name_en: engineer.name.en.clone(),
            skills: engineer.skills.clone(),
            van: Some(engineer.van.parse()?),
        }));
    }
    Ok(())
}

fn parts(company: &Company, rows: &mut Vec<Row>) -> Result<(), ImportError> {
    let models: BTreeMap<&str, &str> = company
        .models
        .iter()
        .map(|model| (model.id.as_str(), model.code.as_str()))
        .collect();
    for part in &company.parts {
        rows.push(Row::Part(row::Part {
            id: part.id.parse()?,
            number: part.code.clone(),
            name_zh: part.name.zh.clone(),
            name_en: part.name.en.clone(),
            models: part
                .models
                .iter()
                .filter_map(|id| Some((*models.get(id.as_str())?).to_owned()))
                .collect(),
        }));
    }
    Ok(())
}

fn codes(company: &Company, rows: &mut Vec<Row>) {
    let categories: BTreeMap<&str, &str> = company
        .faults
        .iter()
        .map(|fault| (fault.code.as_str(), fault.category.as_str()))
        .collect();
    let category = |fault: &Option<String>| {
        fault
            .as_deref()
            .and_then(|fault| categories.get(fault))
            .map(|category| (*category).to_owned())
    };
    let code = |code: &str, sort: &str, category: Option<String>, words: &Bilingual| {
        Row::Code(row::Code {
            code: code.to_owned(),
            sort: sort.to_owned(),
            category,
            zh: words.zh.clone(),
            en: words.en.clone(),
        })
    };
    for fault in &company.faults {
        rows.push(code(
            &fault.code,
            "fault",
            Some(fault.category.clone()),
            &fault.name,
        ));
    }
    for cause in &company.reasons.causes {
        rows.push(code(&cause.code, "cause", category(&cause.fault), &cause.text));
    }
    for remedy in &company.reasons.remedies {
        rows.push(code(
            &remedy.code,
            "remedy",
            category(&remedy.fault),
            &remedy.text,
        ));
    }
}

fn checklists(company: &Company, rows: &mut Vec<Row>) {
    for checklist in &company.checklists {
        let items = checklist.items.iter().map(|item| {
            let (kind, unit, min, max) = match &item.answer {
                Answer::Tick {} => ("tick", None, None, None),
                Answer::Reading { unit, min, max } => ("reading", Some(unit.clone()), Some(*min), Some(*max)),
                Answer::Photo {} => ("photo", None, None, None),
                Answer::Text {} => ("text", None, None, None),
            };
            row::ChecklistItem {
                id: item.key.clone(),
                kind: kind.to_owned(),
                zh: item.label.zh.clone(),
                en: item.label.en.clone(),
                unit,
                min,
                max,
            }
        });
        let category = checklist.category.clone();
        rows.push(Row::Checklist(row::Checklist {
            category,
            items: items.collect(),
        }));
    }
}

/// The word of a VIP level; the lowest has none.
pub(super) fn vip_word(vip: Vip) -> Option<String> {
    let word = match vip {
        Vip::None => return None,
        Vip::Silver => "silver",
        Vip::Gold => "gold",
        Vip::Platinum => "platinum",
    };
    Some(word.to_owned())
}

/// Road, number and the rest on one line, as on an envelope: Chinese runs together, other scripts get spaces.
pub(super) fn envelope(address: &Address) -> String {
    let pieces = [&address.road, &address.number, &address.detail];
    let pieces: Vec<&str> = pieces
        .into_iter()
        .map(|piece| piece.trim())
        .filter(|piece| !piece.is_empty())
        .collect();
    let joint = if address.road.is_ascii() { " " } else { "" };
    pieces.join(joint)
}

fn customers(company: &Company, rows: &mut Vec<Row>) -> Result<(), ImportError> {
    for customer in &company.customers.customers {
        rows.push(Row::Customer(row::Customer {
            id: customer.id.parse()?,
            name: customer.name.zh.clone(),
            name_en: Some(customer.name.en.clone()),
            vip: vip_word(customer.vip),
            sla_plan: Some(customer.sla_plan.clone()),
            contract: customer.contract_no.clone(),
        }));
    }
    for contact in &company.customers.contacts {
        rows.push(Row::Contact(row::Contact {
            id: contact.id.parse()?,
            customer: contact.customer.parse()?,
            name: contact.name.clone(),
            phone: contact.phone.clone(),
        }));
    }
    for site in &company.customers.sites {
        rows.push(Row::Site(row::Site {
            id: site.id.parse()?,
            customer: site.customer.parse()?,
            city: site.address.city.clone(),
            district: site.address.district.clone(),
            address: envelope(&site.address),
            position: Some(Position {
                lat: site.position.lat,
                lon: site.position.lon,
            }),
        }));
    }
    Ok(())
}

fn assets(company: &Company, rows: &mut Vec<Row>) -> Result<(), ImportError> {
    let models: BTreeMap<&str, _> = company
        .models
        .iter()
        .map(|model| (model.id.as_str(), model))
        .collect();
    for asset in &company.assets {
        let Some(model) = models.get(asset.model.as_str()) else {
            continue;
        };
        rows.push(Row::Asset(row::Asset {
            id: asset.id.parse()?,
            site: asset.site.parse()?,
            category: model.category.clone(),
            model: model.code.clone(),
            model_zh: model.name.zh.clone(),
            model_en: model.name.en.clone(),
            serial: asset.serial.clone(),
            warranty_end: Some(asset.warranty_end.clone()),
            history: history(company, &asset.id),
        }));
    }
    Ok(())
}

/// What was done to an asset before, newest first.
fn history(company: &Company, asset: &str) -> Vec<row::PastWork> {
    let both = |words: &Bilingual| row::in_both(&words.zh, &words.en);
    let cause = |code: &str| {
        company
            .reasons
            .causes
            .iter()
            .find(|cause| cause.code == code)
            .map(|cause| both(&cause.text))
    };
    let remedy = |code: &str| {
        company
            .reasons
            .remedies
            .iter()
            .find(|remedy| remedy.code == code)
            .map(|remedy| both(&remedy.text))
    };
    let past = |ticket: &PastTicket| {
        let date = ticket.closed_at.as_deref()?.get(..10)?.to_owned();
        Some(row::PastWork {
            number: ticket.number.clone(),
            date,
            fault: ticket.fault.clone(),
            cause: ticket.cause.as_deref().and_then(cause).unwrap_or_default(),
            remedy: ticket
                .remedy_text
                .as_ref()
                .map(both)
                .or_else(|| ticket.remedy.as_deref().and_then(remedy))
                .unwrap_or_default(),
        })
    };
    let mut history: Vec<_> = company
        .history
        .iter()
        .filter(|ticket| ticket.asset == asset)
        .filter_map(past)
        .collect();
    history.sort_by(|one, other| other.date.cmp(&one.date));
    history.truncate(HISTORY_MAX);
    history
}
