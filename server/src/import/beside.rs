//! What HQ keeps beside the rows, from a company's data or from its tables.

use fieldline_model::operation::Position;
use rusqlite::Connection;

use super::ImportError;
use crate::company::csv::{EngineerLine, SlaPlanLine};
use crate::company::{self, Company, Engineer};
use crate::hq_row::{Certificate, EngineerFile, HqRow, Price, SlaPlan};
use crate::store::StoreError;
use crate::store::hq_row::engineer_file_get;

/// Currency of the tables' `price_cny`, whose minor unit is the fen.
const CURRENCY: &str = "CNY";
const FEN_PER_YUAN: u64 = 100;

/// SLA plans, engineers' files and prices.
pub(super) fn of_company(company: &Company) -> Result<Vec<HqRow>, ImportError> {
    let plans = company.profile.sla_plans.iter().map(|plan| {
        HqRow::Plan(SlaPlan {
            code: plan.code.clone(),
            name_zh: plan.name.zh.clone(),
            name_en: plan.name.en.clone(),
            response_min: plan.response_min,
            onsite_min: plan.onsite_min,
            hours: plan.hours.to_string(),
        })
    });
    let mut kept: Vec<HqRow> = plans.collect();
    for engineer in &company.engineers {
        kept.push(HqRow::Engineer(engineer.id.parse()?, file(engineer)));
    }
    for part in &company.parts {
        let fen = u64::from(part.price_cny) * FEN_PER_YUAN;
        kept.push(HqRow::Price(part.id.parse()?, Some(price(fen))));
    }
    Ok(kept)
}

fn file(engineer: &Engineer) -> EngineerFile {
    let certificates = engineer.certificates.iter().map(|held| Certificate {
        code: held.code.clone(),
        expires_on: held.expires_on.clone(),
    });
    EngineerFile {
        phone: Some(engineer.phone.clone()),
        home: Some(position(&engineer.home.position)),
        certificates: certificates.collect(),
    }
}

fn position(place: &company::Position) -> Position {
    Position {
        lat: place.lat,
        lon: place.lon,
    }
}

pub(super) fn price(fen: u64) -> Price {
    Price {
        minor: fen,
        currency: CURRENCY.to_owned(),
    }
}

pub(super) fn plan_of(line: SlaPlanLine) -> HqRow {
    HqRow::Plan(SlaPlan {
        name_en: line.name_en.unwrap_or_else(|| line.name.clone()),
        code: line.code,
        name_zh: line.name,
        response_min: line.response_min,
        onsite_min: line.onsite_min,
        hours: line.hours.to_string(),
    })
}

pub(super) fn file_of(line: &EngineerLine) -> EngineerFile {
    let certificates = line.certificates.iter().map(|held| Certificate {
        code: held.code.clone(),
        expires_on: held.expires_on.clone(),
    });
    EngineerFile {
        phone: Some(line.phone.clone()),
        home: line.home.as_ref().map(position),
        certificates: certificates.collect(),
    }
}

/// What is to be written: a home or certificates that the data says nothing of stay as the record has them.
pub(super) fn settled(connection: &Connection, new: HqRow) -> Result<HqRow, StoreError> {
    let HqRow::Engineer(engineer, mut file) = new else {
        return Ok(new);
    };
    let old = engineer_file_get(connection, engineer)?;
    file.home = file.home.or(old.home);
    if file.certificates.is_empty() {
        file.certificates = old.certificates;
    }
    Ok(HqRow::Engineer(engineer, file))
}
