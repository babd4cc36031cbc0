//! What tables may point at: the product's own vocabulary, and what the record holds already.
//!
//! Customer numbers are not kept in rows; a customer from a table has an id derived from its number, so a number is
//! known when that id is.

use std::collections::BTreeMap;

use fieldline_model::row::RowKind;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::company::Company;
use crate::company::csv::{Known, KnownPhone, same_phone};
use crate::store::StoreError;
use crate::store::erased::erased_list;
use crate::store::hq_row::{engineer_phone_list, sla_plan_list};
use crate::store::reference::{model_list, row_get};

/// SLA plans looked at: as many as one table may bring.
const PLANS_MAX: u32 = 50_000;

/// 16 bytes of an id derived from a company's own code: the same table always makes the same ids.
pub(super) fn derived(kind: &str, code: &str) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update("fieldline import 1\0")
        .chain_update(kind)
        .chain_update([0]);
    let digest = digest.chain_update(code).finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    id
}

/// What is known before a table is read, and the category of each known model.
pub(super) fn known(
    connection: &Connection,
    assets: Option<&[u8]>,
) -> Result<(Known, BTreeMap<String, String>), StoreError> {
    let demo = Known::of(&Company::demo());
    let plans = sla_plan_list(connection, "", PLANS_MAX)?;
    let mut known = Known {
        sla_plans: plans.into_iter().map(|plan| plan.code).collect(),
        customers: Default::default(),
        models: Default::default(),
        ..demo
    };
    let categories: BTreeMap<String, String> = model_list(connection)?.into_iter().collect();
    known.erased = erased_list(connection)?.iter().map(ToString::to_string).collect();
    known.models.extend(categories.keys().cloned());
    known.categories.extend(categories.values().cloned());
    for code in assets.map(customer_codes).unwrap_or_default() {
        let id = fieldline_model::id::CustomerId::from_bytes(derived("customer", &code)).to_string();
        if !known.erased.contains(&id) && row_get(connection, RowKind::Customer, &id)?.is_some() {
            known.customers.insert(code);
        }
    }
    for (engineer, name, phone) in engineer_phone_list(connection)? {
        let phone = same_phone(&phone).to_owned();
        known.engineer_phones.insert(phone, KnownPhone { engineer, name });
    }
    Ok((known, categories))
}

/// The customer numbers a table of assets names, as far as it can be read at all; reading it properly comes after.
fn customer_codes(bytes: &[u8]) -> Vec<String> {
    if bytes.len() > crate::company::csv::CSV_BYTES_MAX {
        return Vec::new();
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let column = reader
        .headers()
        .ok()
        .and_then(|names| names.iter().position(|name| name.trim() == "customer_code"));
    let Some(column) = column else { return Vec::new() };
    let records = reader.records().take(crate::company::csv::CSV_LINES_MAX);
    let codes = records.filter_map(|record| Some(record.ok()?.get(column)?.trim().to_owned()));
    let mut codes: Vec<String> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
