//! Machines: the models that exist, the assets at sites, and what was done to each before.

use super::bilingual::Bilingual;
use serde::{Deserialize, Serialize};

/// A model of device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// ULID.
    pub id: String,
    /// As on the plate, `ML-P3200`.
    pub code: String,
    /// Category code.
    pub category: String,
    /// Maker's brand.
    pub brand: Bilingual,
    /// Full name.
    pub name: Bilingual,
    /// What people call it.
    pub aliases: Vec<String>,
    /// How its serial numbers begin.
    pub serial_prefix: String,
}

/// One machine at a customer's site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// ULID.
    pub id: String,
    /// Id of the customer.
    pub customer: String,
    /// Id of the site.
    pub site: String,
    /// Id of the model.
    pub model: String,
    /// Serial number, unique.
    pub serial: String,
    /// Last day of warranty, `YYYY-MM-DD`.
    pub warranty_end: String,
}

/// A ticket from before, cut down to what an asset's history shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastTicket {
    /// ULID whose time is `created_at`.
    pub id: String,
    /// Number people quote, `TK260311-004`.
    pub number: String,
    /// Id of the customer.
    pub customer: String,
    /// Id of the asset.
    pub asset: String,
    /// Fault code.
    pub fault: String,
    /// Company wall time, `YYYY-MM-DDTHH:MM`.
    pub created_at: String,
    /// Company wall time; absent while still open.
    pub closed_at: Option<String>,
    /// Cause code, once known.
    pub cause: Option<String>,
    /// Remedy code, once done.
    pub remedy: Option<String>,
    /// What was done in words; may say more than the code.
    pub remedy_text: Option<Bilingual>,
    /// Parts used.
    pub parts_used: Vec<PartUsed>,
    /// Minutes of travel.
    pub travel_min: Option<u32>,
    /// Minutes of work.
    pub work_min: Option<u32>,
    /// Whether the first visit fixed it.
    pub first_time_fix: Option<bool>,
    /// Customer's rating, 1 to 5.
    pub csat: Option<u8>,
}

/// A part that went into a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartUsed {
    /// Id of the part.
    pub part: String,
    /// How many.
    pub quantity: u32,
}
