//! Reference rows: what tickets point at by id. The server writes them; phones keep what their tickets reach.
//!
//! Personal data travels here and nowhere else, so it can be corrected and erased.

use serde::{Deserialize, Serialize};

use crate::id::{AssetId, ContactId, CustomerId, EngineerId, LocationId, PartId, SiteId};
use crate::operation::Position;

/// The kind of a row; with the id it is the row's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// [`Customer`]
    Customer,
    /// [`Contact`]
    Contact,
    /// [`Site`]
    Site,
    /// [`Asset`]
    Asset,
    /// [`Engineer`]
    Engineer,
    /// [`Part`]
    Part,
    /// [`Stock`], id `<location>/<part>`
    Stock,
    /// [`Location`]
    Location,
    /// [`Checklist`], id = category
    Checklist,
    /// [`Code`], id = code
    Code,
}

impl RowKind {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Contact => "contact",
            Self::Site => "site",
            Self::Asset => "asset",
            Self::Engineer => "engineer",
            Self::Part => "part",
            Self::Stock => "stock",
            Self::Location => "location",
            Self::Checklist => "checklist",
            Self::Code => "code",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        use RowKind::{Asset, Checklist, Code, Contact, Customer, Engineer, Location, Part, Site, Stock};
        [
            Customer, Contact, Site, Asset, Engineer, Part, Stock, Location, Checklist, Code,
        ]
        .into_iter()
        .find(|kind| kind.word() == word)
    }

    /// Everyone's phone holds these, whatever its tickets.
    #[must_use]
    pub fn is_shared(self) -> bool {
        matches!(
            self,
            Self::Part | Self::Location | Self::Checklist | Self::Code | Self::Engineer
        )
    }
}

/// A row's body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// Whose machines we look after.
    Customer(Customer),
    /// Whom to talk to.
    Contact(Contact),
    /// Where.
    Site(Site),
    /// What.
    Asset(Asset),
    /// A colleague.
    Engineer(Engineer),
    /// A spare part.
    Part(Part),
    /// How many of a part lie where.
    Stock(Stock),
    /// A van or a warehouse.
    Location(Location),
    /// A checklist template.
    Checklist(Checklist),
    /// A code with its words.
    Code(Code),
}

impl Row {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> RowKind {
        match self {
            Self::Customer(_) => RowKind::Customer,
            Self::Contact(_) => RowKind::Contact,
            Self::Site(_) => RowKind::Site,
            Self::Asset(_) => RowKind::Asset,
            Self::Engineer(_) => RowKind::Engineer,
            Self::Part(_) => RowKind::Part,
            Self::Stock(_) => RowKind::Stock,
            Self::Location(_) => RowKind::Location,
            Self::Checklist(_) => RowKind::Checklist,
            Self::Code(_) => RowKind::Code,
        }
    }

    /// Its id, unique among its kind.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Customer(row) => row.id.to_string(),
            Self::Contact(row) => row.id.to_string(),
            Self::Site(row) => row.id.to_string(),
            Self::Asset(row) => row.id.to_string(),
            Self::Engineer(row) => row.id.to_string(),
            Self::Part(row) => row.id.to_string(),
            Self::Stock(row) => format!("{}/{}", row.location, row.part),
            Self::Location(row) => row.id.to_string(),
            Self::Checklist(row) => row.category.clone(),
            Self::Code(row) => row.code.clone(),
        }
    }
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Id.
    pub id: CustomerId,
    /// Name in the customer's own language.
    pub name: String,
    /// Name in English, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// `gold`, `platinum` … or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vip: Option<String>,
    /// SLA plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_plan: Option<String>,
    /// Contract number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
}

/// A person at a customer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Id.
    pub id: ContactId,
    /// Whose.
    pub customer: CustomerId,
    /// Name.
    pub name: String,
    /// Phone number, national digits.
    pub phone: String,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Id.
    pub id: SiteId,
    /// Whose.
    pub customer: CustomerId,
    /// City.
    pub city: String,
    /// District or suburb.
    pub district: String,
    /// Road, house number, floor and room, as written on an envelope.
    pub address: String,
    /// Where, WGS-84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// One machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// Id.
    pub id: AssetId,
    /// Where it stands.
    pub site: SiteId,
    /// Device category, for instance `printer`.
    pub category: String,
    /// Model code.
    pub model: String,
    /// Model name in Chinese.
    #[serde(default)]
    pub model_zh: String,
    /// Model name in English.
    #[serde(default)]
    pub model_en: String,
    /// Serial number.
    pub serial: String,
    /// Last day of warranty, ISO date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty_end: Option<String>,
    /// What was done to it before, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<PastWork>,
}

/// One earlier repair of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastWork {
    /// The ticket's number.
    pub number: String,
    /// ISO date it was closed.
    pub date: String,
    /// Fault code.
    #[serde(default)]
    pub fault: String,
    /// Cause in words.
    #[serde(default)]
    pub cause: String,
    /// Remedy in words.
    #[serde(default)]
    pub remedy: String,
}

/// Between the languages of a text that is written in both.
const BOTH: &str = " / ";

/// Earlier work in both languages, as [`PastWork`] has room for one text.
#[must_use]
pub fn in_both(zh: &str, en: &str) -> String {
    format!("{zh}{BOTH}{en}")
}

/// The Chinese and the English of a text that is written in both.
#[must_use]
pub fn of_both(text: &str) -> Option<(&str, &str)> {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let (zh, en) = text.split_once(BOTH)?;
    (zh.contains(is_chinese) && !en.contains(is_chinese)).then_some((zh, en))
}

/// A colleague, as phones may know him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engineer {
    /// Id.
    pub id: EngineerId,
    /// Name.
    pub name: String,
    /// Name in Latin letters.
    #[serde(default)]
    pub name_en: String,
    /// Device categories he is trained for.
    #[serde(default)]
    pub skills: Vec<String>,
    /// His van.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub van: Option<LocationId>,
}

/// A spare part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Id.
    pub id: PartId,
    /// Number on the box.
    pub number: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Models it fits.
    #[serde(default)]
    pub models: Vec<String>,
}

/// Stock of one part at one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// How many the ledger says; below zero where more was used than booked.
    pub quantity: i64,
}

/// Where parts lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Id.
    pub id: LocationId,
    /// `true` for a van.
    pub van: bool,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
}

/// A checklist template of a device category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    /// Device category.
    pub category: String,
    /// Its items, in order.
    pub items: Vec<ChecklistItem>,
}

/// One item of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Key, unique in its template.
    pub id: String,
    /// `tick`, `reading`, `photo` or `text`.
    pub kind: String,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
    /// Unit of a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Least sound value of a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest sound value of a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// A code with its words: fault, cause or remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The code, unique over all sorts.
    pub code: String,
    /// `fault`, `cause` or `remedy`.
    pub sort: String,
    /// Device category it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
}
