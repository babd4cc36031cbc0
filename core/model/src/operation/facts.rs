//! What HQ knows of a ticket, and how an edit changes it.

use serde::{Deserialize, Serialize};

use crate::id::{AssetId, ContactId, CustomerId, PartId, SiteId};
use crate::time::Timestamp;

/// How urgent HQ holds a ticket to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Nothing is broken now.
    Low,
    /// The usual fault.
    #[default]
    Normal,
    /// Business is stopped.
    High,
    /// People are in danger, or a whole site is down.
    Critical,
}

/// Way by which a report came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A call.
    Phone,
    /// The portal or an embedded form.
    #[default]
    Web,
    /// A WeChat message.
    Wechat,
    /// A mail.
    Email,
    /// The customer's app.
    App,
    /// Another system.
    Api,
}

/// A span of time agreed for a visit, or wished by the customer. `start <= end` is a rule, not a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Not before.
    pub start: Timestamp,
    /// Not after.
    pub end: Timestamp,
}

/// A place, WGS-84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Latitude, −90 to 90.
    pub lat: f64,
    /// Longitude, −180 to 180.
    pub lon: f64,
}

impl Position {
    /// Rounded to about 100 m, which is what a document or a customer may see.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
        Self {
            lat: round(self.lat),
            lon: round(self.lon),
        }
    }

    /// False for numbers that are no place on Earth.
    #[must_use]
    pub fn is_valid(self) -> bool {
        (-90.0..=90.0).contains(&self.lat) && (-180.0..=180.0).contains(&self.lon)
    }
}

/// What HQ knows of a ticket. Personal data is referred to by id only.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TicketFacts {
    /// Human number, for instance `T-000042`.
    pub number: String,
    /// How it came in.
    #[serde(default)]
    pub channel: Channel,
    /// Whose problem it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Whom to talk to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// The machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// Device category, for instance `printer`; it names the checklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Fault code from the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The fault in words.
    #[serde(default)]
    pub fault_text: String,
    /// Urgency.
    #[serde(default)]
    pub priority: Priority,
    /// Pinned and served by senior people.
    #[serde(default)]
    pub vip: bool,
    /// When the SLA plan runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// When the customer would like it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wished: Option<Span>,
    /// Skills the engineer must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Parts probably needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartId>,
}

/// An edit of facts: only what is given changes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FactsEdit {
    /// New number, by the server alone: HQ had given the old one to two tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// New customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// New contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// New site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// New asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// New category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// New fault code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// New words for the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_text: Option<String>,
    /// New urgency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// New deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
}

impl FactsEdit {
    /// Writes what is given over `facts`.
    pub fn apply(&self, facts: &mut TicketFacts) {
        macro_rules! set {
            ($($field:ident),*) => {$(if self.$field.is_some() { facts.$field.clone_from(&self.$field); })*};
        }
        set!(customer, contact, site, asset, category, fault, deadline);
        if let Some(number) = &self.number {
            facts.number.clone_from(number);
        }
        if let Some(text) = &self.fault_text {
            facts.fault_text.clone_from(text);
        }
        if let Some(priority) = self.priority {
            facts.priority = priority;
        }
    }
}
