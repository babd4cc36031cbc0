//! Parts and where they lie.

use super::bilingual::{Bilingual, Position};
use serde::{Deserialize, Serialize};

/// A part of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// ULID.
    pub id: String,
    /// The company's part number.
    pub code: String,
    /// Name.
    pub name: Bilingual,
    /// Ids of the models it fits.
    pub models: Vec<String>,
    /// Price in whole yuan.
    pub price_cny: u32,
}

/// Stock locations and what lies in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Warehouses and vans.
    pub locations: Vec<StockLocation>,
    /// Quantities; a pair that is not listed is zero.
    pub levels: Vec<StockLevel>,
}

/// A warehouse or a van.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum StockLocation {
    /// A building that keeps parts.
    Warehouse {
        /// ULID.
        id: String,
        /// Short code on labels.
        code: String,
        /// Name.
        name: Bilingual,
        /// Where it stands.
        position: Position,
    },
    /// An engineer's van.
    Van {
        /// ULID.
        id: String,
        /// Short code on labels.
        code: String,
        /// Name.
        name: Bilingual,
        /// Number plate.
        plate: String,
        /// Id of the engineer who drives it.
        engineer: String,
    },
}

/// What every stock location has, whichever kind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockPlace<'a> {
    /// ULID.
    pub id: &'a str,
    /// Short code on labels.
    pub code: &'a str,
    /// Name.
    pub name: &'a Bilingual,
}

impl StockLocation {
    /// Id, code and name.
    pub fn place(&self) -> StockPlace<'_> {
        match self {
            Self::Warehouse { id, code, name, .. } | Self::Van { id, code, name, .. } => {
                StockPlace { id, code, name }
            }
        }
    }
}

/// Quantity of one part at one location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockLevel {
    /// Id of the stock location.
    pub location: String,
    /// Id of the part.
    pub part: String,
    /// How many; never zero in the file.
    pub quantity: u32,
}
