//! Parts, and what pickers offer: places, colleagues, codes, what a barcode stands for.

use fieldline_engine::clock::with_moment;
use fieldline_engine::view::{ListFilter, ListScope};
use fieldline_model::row::{self, Row, RowKind};

use super::{Core, Phone};
use crate::codes::CodeSort;
use crate::error::PhoneError;
use crate::record::{CatalogPart, CodeLine, Colleague, PartFilter, PartLine, Scanned, StockPlace};
use crate::words::Words;

/// Most parts of the catalogue in one answer; nobody reads more on a phone.
const CATALOG_MAX: usize = 200;

#[uniffi::export]
impl Phone {
    /// Stock: this van's, one place's, or where one part lies, as HQ told it last, own uses since taken off; at most 200 lines.
    ///
    /// # Errors
    /// `bad_id`, those of the store.
    pub fn parts(&self, filter: PartFilter) -> Result<Vec<PartLine>, PhoneError> {
        let (core, filter) = (self.core()?, filter.read()?);
        let lines = with_moment(|moment| core.engine.parts(&filter, moment))?;
        Ok(lines.into_iter().map(PartLine::from).collect())
    }

    /// Parts of the catalogue whose number or name holds these words, by number, whether or not one lies anywhere;
    /// at most 200.
    ///
    /// # Errors
    /// Those of the store.
    pub fn catalog(&self, words: String) -> Result<Vec<CatalogPart>, PhoneError> {
        let wanted = words.to_lowercase();
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let holds = |part: &row::Part| {
            let text = format!("{} {} {}", part.number, part.name_zh, part.name_en).to_lowercase();
            wanted.iter().all(|word| text.contains(word))
        };
        let mut parts: Vec<row::Part> = self.core()?.parts()?.filter(holds).collect();
        parts.sort_by(|a, b| a.number.cmp(&b.number));
        Ok(parts
            .into_iter()
            .take(CATALOG_MAX)
            .map(CatalogPart::from)
            .collect())
    }

    /// Places for parts: this engineer's van first, then the warehouses, then other vans.
    ///
    /// # Errors
    /// Those of the store.
    pub fn places(&self) -> Result<Vec<StockPlace>, PhoneError> {
        let core = self.core()?;
        let mine = core.van()?;
        let mut places: Vec<StockPlace> = core
            .rows(RowKind::Location)?
            .filter_map(|row| match row {
                Row::Location(place) => Some(StockPlace {
                    is_mine: Some(place.id) == mine,
                    location: place.id.to_string(),
                    name: Words::either(&place.name_zh, &place.name_en),
                    is_van: place.van,
                }),
                _ => None,
            })
            .collect();
        places.sort_by_key(|place| (!place.is_mine, place.is_van));
        Ok(places)
    }

    /// The engineers of the company, as phones may know them.
    ///
    /// # Errors
    /// Those of the store.
    pub fn colleagues(&self) -> Result<Vec<Colleague>, PhoneError> {
        let core = self.core()?;
        let me = core.me();
        let rows = core.rows(RowKind::Engineer)?;
        Ok(rows
            .filter_map(|row| match row {
                Row::Engineer(engineer) => Some(Colleague {
                    is_me: Some(engineer.id) == me,
                    engineer: engineer.id.to_string(),
                    name: Words::either(&engineer.name, &engineer.name_en),
                    skills: engineer.skills,
                    van: engineer.van.map(|van| van.to_string()),
                }),
                _ => None,
            })
            .collect())
    }

    /// Codes of one sort that fit a device category: those of the category and those of none. All without one.
    ///
    /// # Errors
    /// Those of the store.
    pub fn codes(&self, sort: CodeSort, category: Option<String>) -> Result<Vec<CodeLine>, PhoneError> {
        let fits = |code: &row::Code| {
            let is_of = match (&category, &code.category) {
                (Some(wanted), Some(of)) => wanted == of,
                (None, _) | (_, None) => true,
            };
            code.sort == sort.word() && is_of
        };
        let rows = self.core()?.rows(RowKind::Code)?;
        Ok(rows
            .filter_map(|row| match row {
                Row::Code(code) if fits(&code) => Some(CodeLine::from(code)),
                _ => None,
            })
            .collect())
    }

    /// What a barcode, or a number typed by hand, stands for on this phone: parts by the number on the box, machines by their
    /// serial. Case and blanks around it do not matter. Empty where nothing is known by it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn scanned(&self, text: String) -> Result<Vec<Scanned>, PhoneError> {
        let text = text.trim();
        let is = |known: &str| !text.is_empty() && known.eq_ignore_ascii_case(text);
        let core = self.core()?;
        let mut found: Vec<Scanned> = core
            .parts()?
            .filter(|part| is(&part.number))
            .map(|part| Scanned::Part { found: part.into() })
            .collect();
        for row in core.rows(RowKind::Asset)? {
            let Row::Asset(asset) = row else { continue };
            if !is(&asset.serial) {
                continue;
            }
            let lines = core.engine.list(&ListFilter {
                scope: ListScope::All,
                asset: Some(asset.id),
                ..ListFilter::default()
            })?;
            found.push(Scanned::Asset {
                asset: asset.id.to_string(),
                model: Words::either(
                    or(&asset.model_zh, &asset.model),
                    or(&asset.model_en, &asset.model),
                ),
                serial: asset.serial,
                tickets: lines.into_iter().map(|line| line.ticket.to_string()).collect(),
            });
        }
        Ok(found)
    }
}

fn or<'a>(wanted: &'a str, other: &'a str) -> &'a str {
    if wanted.is_empty() { other } else { wanted }
}

impl Core {
    fn rows(&self, kind: RowKind) -> Result<impl Iterator<Item = Row> + use<>, PhoneError> {
        Ok(self.engine.rows(kind)?.into_iter())
    }

    fn parts(&self) -> Result<impl Iterator<Item = row::Part> + use<>, PhoneError> {
        Ok(self.rows(RowKind::Part)?.filter_map(|row| match row {
            Row::Part(part) => Some(part),
            _ => None,
        }))
    }

    fn van(&self) -> Result<Option<fieldline_model::id::LocationId>, PhoneError> {
        let Some(me) = self.me() else { return Ok(None) };
        Ok(match self.engine.row(RowKind::Engineer, &me.to_string())? {
            Some(Row::Engineer(engineer)) => engineer.van,
            _ => None,
        })
    }
}
