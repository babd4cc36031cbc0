//! A company's own data before it enters the central record: the invented demo company, and the tables (`csv`) a real
//! one starts from.
//!
//! Everything here is plain values and pure functions; writing them into the record is the importer's other half and
//! lives with the store. Ids are ULIDs still as text: they become `model::id` newtypes where they enter the record.
//! Nothing here reads a file, a clock or a random source, and no input from outside may panic.

mod bilingual;
mod check;
pub mod csv;
mod customer;
mod knowledge;
mod machine;
mod people;
mod reason;
mod sample;
mod stock;

pub use bilingual::{Bilingual, Position};
pub use customer::{Address, Contact, Customer, CustomerKind, Customers, Site, Vip};
pub use knowledge::{
    Answer, Article, ArticleSection, ArticleSectionKind, Checklist, ChecklistItem, Manual, ManualFile,
    ManualSection, ManualSectionKind,
};
pub use machine::{Asset, Model, PartUsed, PastTicket};
pub use people::{BadHours, Category, Certificate, Engineer, Grade, Home, Profile, ServiceHours, SlaPlan};
pub use reason::{Cause, Fault, Reason, Reasons, Remedy};
pub use sample::{Channel, Intent, SampleReport, Speaker, Urgency, Utterance, Wished};
pub use stock::{Part, Stock, StockLevel, StockLocation, StockPlace};

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

/// Everything a company brings along on its first day.
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    /// Name, time zone, hotline, categories and SLA plans.
    pub profile: Profile,
    /// Customers with their contacts and sites.
    pub customers: Customers,
    /// The machines at the customers' sites.
    pub assets: Vec<Asset>,
    /// The models those machines are of.
    pub models: Vec<Model>,
    /// Fault codes: what is seen.
    pub faults: Vec<Fault>,
    /// Cause, remedy and other reason codes.
    pub reasons: Reasons,
    /// The parts catalogue.
    pub parts: Vec<Part>,
    /// Warehouses, vans and what lies in them.
    pub stock: Stock,
    /// The people who go out.
    pub engineers: Vec<Engineer>,
    /// Knowledge articles, one per fault.
    pub articles: Vec<Article>,
    /// Service manuals, by model.
    pub manuals: Vec<Manual>,
    /// Files of manuals, by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// One checklist per category.
    pub checklists: Vec<Checklist>,
    /// Past tickets, oldest first, for the history of an asset.
    pub history: Vec<PastTicket>,
    /// Reports as a form or an agent would have sent them.
    pub reports: Vec<SampleReport>,
}

impl Company {
    /// The invented company of `demo/`, built into the program so that a first start needs no file.
    pub fn demo() -> Self {
        Self {
            profile: parse(include_str!("../../demo/company.json")),
            customers: parse(include_str!("../../demo/customers.json")),
            assets: parse(include_str!("../../demo/assets.json")),
            models: parse(include_str!("../../demo/models.json")),
            faults: parse(include_str!("../../demo/symptoms.json")),
            reasons: parse(include_str!("../../demo/reasons.json")),
            parts: parse(include_str!("../../demo/parts.json")),
            stock: parse(include_str!("../../demo/stock.json")),
            engineers: parse(include_str!("../../demo/engineers.json")),
            articles: parse(include_str!("../../demo/articles.json")),
            manuals: parse(include_str!("../../demo/manuals.json")),
            files: BTreeMap::from([(
                "MAN-ST-E1000.pdf".to_owned(),
                include_bytes!("../../demo/manuals/MAN-ST-E1000.pdf").to_vec(),
            )]),
            checklists: parse(include_str!("../../demo/checklists.json")),
            history: parse(include_str!("../../demo/history.json")),
            reports: parse(include_str!("../../demo/reports.json")),
        }
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("demo files are part of the program and a test reads each of them")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_company_is_complete() {
        let demo = Company::demo();
        assert_eq!(demo.profile.categories.len(), 10);
        assert_eq!(demo.customers.customers.len(), 42);
        assert_eq!(
            (demo.assets.len(), demo.models.len(), demo.parts.len()),
            (81, 40, 84)
        );
        assert_eq!(
            (demo.faults.len(), demo.articles.len(), demo.checklists.len()),
            (63, 60, 10)
        );
        assert_eq!((demo.history.len(), demo.reports.len()), (200, 80));
        assert_eq!((demo.engineers.len(), demo.stock.locations.len()), (8, 10));
        assert!(demo.manuals.len() >= 12);
    }

    /// "Name or customer number", the form says, and C001 named nobody.
    #[test]
    fn customers_have_the_ids_that_an_import_gives_their_numbers() {
        let people = Company::demo().customers;
        for customer in &people.customers {
            let id = crate::import::customer_numbered(&customer.code);
            assert_eq!(customer.id, id.to_string(), "{}", customer.code);
        }
    }

    #[test]
    fn every_category_has_two_engineers_a_checklist_and_a_manual() {
        let demo = Company::demo();
        for category in demo.profile.categories.iter().map(|c| &c.code) {
            let skilled = demo
                .engineers
                .iter()
                .filter(|e| e.skills.contains(category))
                .count();
            assert!(skilled >= 2, "{category}: {skilled} engineers");
            assert!(
                demo.checklists.iter().any(|c| &c.category == category),
                "{category}: no checklist"
            );
            let of_category =
                |id: &String| demo.models.iter().any(|m| &m.id == id && &m.category == category);
            assert!(
                demo.manuals.iter().any(|m| m.models.iter().any(of_category)),
                "{category}: no manual"
            );
        }
    }

    #[test]
    fn manuals_have_six_to_ten_sections_in_both_languages() {
        for manual in Company::demo().manuals {
            assert!((6..=10).contains(&manual.sections.len()), "{}", manual.code);
            for section in manual.sections {
                assert!(
                    section.text.zh.ends_with('。') && section.text.en.ends_with('.'),
                    "{section:?}"
                );
            }
        }
    }
}
