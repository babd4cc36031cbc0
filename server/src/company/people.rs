//! The company itself and the people who go out.

use super::bilingual::{Bilingual, Position};
use serde::{Deserialize, Serialize};

/// Name, time zone, hotline and the vocabularies other rows point at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// ULID.
    pub id: String,
    /// Name of the company.
    pub name: Bilingual,
    /// IANA name; wall times without a zone are in this one.
    pub time_zone: String,
    /// Number customers call.
    pub hotline: String,
    /// Device categories, the unit of engineers' skills.
    pub categories: Vec<Category>,
    /// SLA plans customers may have.
    pub sla_plans: Vec<SlaPlan>,
}

/// A kind of device, such as `printer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Key other rows use.
    pub code: String,
    /// Name on screen.
    pub name: Bilingual,
}

/// How fast a customer is owed an answer and a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaPlan {
    /// Key other rows use.
    pub code: String,
    /// Name on screen.
    pub name: Bilingual,
    /// Minutes of service time until the first response.
    pub response_min: u32,
    /// Minutes of service time until an engineer is on site.
    pub onsite_min: u32,
    /// When the clock runs.
    pub hours: ServiceHours,
}

/// The hours in which an SLA clock runs, the same on each of its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceHours {
    /// ISO weekdays, 1 = Monday.
    pub weekdays: Vec<u8>,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`, up to `24:00`.
    pub to: String,
}

/// One engineer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engineer {
    /// ULID.
    pub id: String,
    /// Staff number.
    pub code: String,
    /// Name.
    pub name: Bilingual,
    /// Mobile number, digits.
    pub phone: String,
    /// VIP customers go to seniors.
    pub grade: Grade,
    /// Language tags, best first.
    pub languages: Vec<String>,
    /// Category codes.
    pub skills: Vec<String>,
    /// Certificates held, expired ones included.
    pub certificates: Vec<Certificate>,
    /// Where the day starts.
    pub home: Home,
    /// Id of the van, a stock location.
    pub van: String,
}

/// Seniority of an engineer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Takes ordinary jobs.
    Standard,
    /// Takes VIP and complex jobs too.
    Senior,
}

/// A certificate without which some jobs may not be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Kind of certificate, such as `LIFT`.
    pub code: String,
    /// Name on screen.
    pub name: Bilingual,
    /// Categories it is asked for.
    pub categories: Vec<String>,
    /// Last valid day, `YYYY-MM-DD`.
    pub expires_on: String,
}

/// Where an engineer's day starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Area in words; never a full address.
    pub place: Bilingual,
    /// The point routes start from.
    pub position: Position,
}
