//! Who is served and where: customers, the person to call, the site to go to.

use super::bilingual::{Bilingual, Position};
use serde::{Deserialize, Serialize};

/// The three tables that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customers {
    /// Organisations and persons.
    pub customers: Vec<Customer>,
    /// People to call.
    pub contacts: Vec<Contact>,
    /// Places to go to.
    pub sites: Vec<Site>,
}

/// An organisation or a person who is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// ULID.
    pub id: String,
    /// The company's own customer number.
    pub code: String,
    /// Organisation or person.
    pub kind: CustomerKind,
    /// Name.
    pub name: Bilingual,
    /// How much this customer matters to the company.
    pub vip: Vip,
    /// Code of an SLA plan.
    pub sla_plan: String,
    /// Contract number; absent without a contract.
    pub contract_no: Option<String>,
    /// Id of the contact called first.
    pub main_contact: String,
    /// Id of the site meant when none is named.
    pub main_site: String,
}

/// What sort of customer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// Company, school, hospital, committee.
    Organisation,
    /// A household.
    Person,
}

/// VIP level, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vip {
    /// No special level.
    None,
    /// Silver.
    Silver,
    /// Gold.
    Gold,
    /// Platinum.
    Platinum,
}

/// A person to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// ULID.
    pub id: String,
    /// Id of the customer.
    pub customer: String,
    /// Name as the person writes it.
    pub name: String,
    /// National digits.
    pub phone: String,
}

/// A place to go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// ULID.
    pub id: String,
    /// Id of the customer.
    pub customer: String,
    /// Postal address.
    pub address: Address,
    /// Where it is.
    pub position: Position,
    /// IANA name: visits are agreed in the site's own wall time.
    pub time_zone: String,
}

/// An address in parts; a part nobody gave is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// 上海市, Leeds.
    pub city: String,
    /// 徐汇区, Headingley.
    pub district: String,
    /// 漕溪北路, Otley Lane.
    pub road: String,
    /// 88号, 112.
    pub number: String,
    /// Building, floor, room.
    pub detail: String,
}
