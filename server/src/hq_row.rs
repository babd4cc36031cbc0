//! What HQ keeps beside the reference rows: SLA plans, an engineer's file, prices of parts.
//!
//! Reference rows travel to phones; none of this ever does. That is why it stands in tables of its own and is no
//! `model::row::Row`: what a phone never holds cannot be read off a lost one.

use fieldline_model::id::{EngineerId, PartId};
use fieldline_model::operation::Position;

/// Longest time an SLA plan may give, in minutes: a year.
pub const PLAN_MINUTES_MAX: u32 = 366 * 24 * 60;
/// Highest price of one part, in minor units: what ten million of any currency in use come to.
pub const PRICE_MINOR_MAX: u64 = 1_000_000_000;
/// Most certificates of one engineer.
pub const CERTIFICATES_MAX: usize = 100;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub enum HqRow {
    /// An SLA plan.
    Plan(SlaPlan),
    /// An engineer's file.
    Engineer(EngineerId, EngineerFile),
    /// What a part costs; `None` when nobody knows.
    Price(PartId, Option<Price>),
}

/// How fast a customer is owed an answer and a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlaPlan {
    /// Code customers point at.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Minutes of service time until the first response.
    pub response_min: u32,
    /// Minutes of service time until an engineer is on site.
    pub onsite_min: u32,
    /// When the clock runs, as `company::ServiceHours` writes it: `1-5 09:00-18:00`.
    pub hours: String,
}

/// What HQ knows of an engineer and his colleagues' phones must not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EngineerFile {
    /// Number he is called on, digits with perhaps a `+`.
    pub phone: Option<String>,
    /// Where his day starts.
    pub home: Option<Position>,
    /// Certificates, expired ones included; by code, each once.
    pub certificates: Vec<Certificate>,
}

/// A certificate and how long it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Certificate {
    /// Kind of certificate, such as `LIFT`.
    pub code: String,
    /// Last valid day, `YYYY-MM-DD`.
    pub expires_on: String,
}

impl EngineerFile {
    /// With the certificates by code; of several of one kind the one that holds longest.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.certificates.sort_by(|one, other| other.cmp(one));
        self.certificates
            .dedup_by(|shorter, longer| shorter.code == longer.code);
        self.certificates.reverse();
        self
    }
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// In the currency's minor unit: fen, cents.
    pub minor: u64,
    /// ISO 4217, `CNY`.
    pub currency: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_certificates_of_a_kind_the_longer_one_is_kept() {
        let held = |code: &str, expires_on: &str| Certificate {
            code: code.into(),
            expires_on: expires_on.into(),
        };
        let certificates = vec![
            held("LIFT", "2028-01-01"),
            held("HIGH", "2027-01-01"),
            held("LIFT", "2026-01-01"),
        ];
        let file = EngineerFile {
            certificates,
            ..EngineerFile::default()
        };
        assert_eq!(
            file.sorted().certificates,
            [held("HIGH", "2027-01-01"), held("LIFT", "2028-01-01")]
        );
    }
}
