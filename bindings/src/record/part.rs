//! Parts, the places they lie in, and what pickers offer.

use fieldline_engine::view;
use fieldline_model::row;

use crate::codes::{CodeSort, KeptState};
use crate::error::PhoneError;
use crate::id;
use crate::words::Words;

/// What a list of parts asks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PartFilter {
    /// This engineer's van only.
    #[uniffi(default = false)]
    pub my_van: bool,
    /// One place only.
    #[uniffi(default = None)]
    pub location: Option<String>,
    /// One part only, wherever it lies.
    #[uniffi(default = None)]
    pub part: Option<String>,
    /// Number or names must hold this.
    #[uniffi(default = "")]
    pub words: String,
}

impl PartFilter {
    pub(crate) fn read(self) -> Result<view::PartFilter, PhoneError> {
        Ok(view::PartFilter {
            location: self.location.as_deref().map(id::location).transpose()?,
            my_van: self.my_van,
            part: self.part.as_deref().map(id::part).transpose()?,
            words: self.words,
        })
    }
}

/// Stock of one part at one place.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PartLine {
    /// Id of the part.
    pub part: String,
    /// Number on the box.
    pub number: String,
    /// Name.
    pub name: Words,
    /// Id of the place.
    pub location: String,
    /// Name of the place.
    pub place: Words,
    /// HQ's ledger minus what this phone used or transferred since.
    pub quantity: i64,
    /// What this phone used or transferred since.
    pub pending: i64,
    /// How many of those it transferred.
    pub transferred: i64,
    /// How many of them are this phone's to consume alone, what it used taken off.
    pub mine: i64,
    /// How many it was granted of which HQ is not sure.
    pub in_doubt: i64,
    /// What it used beyond what it was granted: shown unconfirmed until HQ says.
    pub unconfirmed: i64,
    /// What its engineer used that HQ's ledger cannot explain.
    pub unexplained: i64,
    /// What this phone asked for that HQ has not reserved yet.
    pub requested: i64,
    /// When HQ's figure was told.
    pub as_of_ms: i64,
}

impl From<view::PartLine> for PartLine {
    fn from(line: view::PartLine) -> Self {
        Self {
            part: line.part.to_string(),
            number: line.number,
            name: Words::either(&line.name_zh, &line.name_en),
            location: line.location.to_string(),
            place: Words::either(&line.location_zh, &line.location_en),
            quantity: line.quantity,
            pending: line.pending,
            transferred: line.transferred,
            mine: line.mine,
            in_doubt: line.in_doubt,
            unconfirmed: line.unconfirmed,
            unexplained: line.unexplained,
            requested: line.requested,
            as_of_ms: line.as_of.ms(),
        }
    }
}

/// Parts that are kept for a ticket, or were asked for and are not yet.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct KeptPart {
    /// Id of the part.
    pub part: String,
    /// Number on the box.
    pub number: String,
    /// Name.
    pub name: Words,
    /// Id of the place.
    pub location: String,
    /// Name of the place.
    pub place: Words,
    /// How many.
    pub quantity: i64,
    /// How it is kept.
    pub state: KeptState,
    /// The words of that.
    pub state_words: Words,
}

impl From<view::KeptPart> for KeptPart {
    fn from(kept: view::KeptPart) -> Self {
        Self {
            part: kept.part.to_string(),
            number: kept.number,
            name: Words::either(&kept.name_zh, &kept.name_en),
            location: kept.location.to_string(),
            place: Words::either(&kept.location_zh, &kept.location_en),
            quantity: kept.quantity,
            state: KeptState::of(kept.state),
            state_words: Words::known(fieldline_engine::words::kept(kept.state), kept.state),
        }
    }
}

/// A part of the catalogue, whether or not one lies anywhere.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CatalogPart {
    /// Id.
    pub part: String,
    /// Number on the box.
    pub number: String,
    /// Name.
    pub name: Words,
    /// Models it fits.
    pub models: Vec<String>,
}

impl From<row::Part> for CatalogPart {
    fn from(part: row::Part) -> Self {
        Self {
            part: part.id.to_string(),
            number: part.number,
            name: Words::either(&part.name_zh, &part.name_en),
            models: part.models,
        }
    }
}

/// A place for parts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StockPlace {
    /// Id.
    pub location: String,
    /// Name.
    pub name: Words,
    /// A van; otherwise a warehouse.
    pub is_van: bool,
    /// This engineer's van.
    pub is_mine: bool,
}

/// A colleague, as phones may know him.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Colleague {
    /// Id.
    pub engineer: String,
    /// Name.
    pub name: Words,
    /// Device categories he is trained for.
    pub skills: Vec<String>,
    /// Id of his van.
    pub van: Option<String>,
    /// It is this phone's engineer.
    pub is_me: bool,
}

/// A code with its words: fault, cause or remedy.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CodeLine {
    /// The code.
    pub code: String,
    /// What it is about.
    pub sort: CodeSort,
    /// Device category it belongs to; none for all.
    pub category: Option<String>,
    /// Its words.
    pub words: Words,
}

impl From<row::Code> for CodeLine {
    fn from(code: row::Code) -> Self {
        Self {
            sort: CodeSort::of(&code.sort),
            words: Words::either(&code.zh, &code.en),
            category: code.category,
            code: code.code,
        }
    }
}

/// What a barcode or a typed number stands for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Scanned {
    /// A part, by the number on its box.
    Part {
        /// It.
        found: CatalogPart,
    },
    /// A machine, by its serial number.
    Asset {
        /// Id.
        asset: String,
        /// Model's name.
        model: Words,
        /// Serial number.
        serial: String,
        /// Tickets on this phone about it.
        tickets: Vec<String>,
    },
}
