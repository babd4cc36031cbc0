//! The table of customers, each with one contact and one site.

use super::cells::{Cells, Seen};
use super::problem::ProblemCode;
use super::table::{Column, optional, read, required};
use super::{Known, Report};
use crate::company::{Address, Position, Vip};
use serde::Serialize;

const COLUMNS: &[Column] = &[
    required("code"),
    required("name"),
    optional("name_en"),
    required("contact"),
    required("phone"),
    required("city"),
    optional("district"),
    required("road"),
    optional("number"),
    optional("detail"),
    optional("lat"),
    optional("lon"),
    optional("vip"),
    optional("sla_plan"),
    optional("contract_no"),
];

/// A customer as a table gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CustomerLine {
    /// Line of the file.
    pub line: u64,
    /// The company's own customer number.
    pub code: String,
    /// Name.
    pub name: String,
    /// English name, where given.
    pub name_en: Option<String>,
    /// Person to call.
    pub contact: String,
    /// Digits, with `+` in front of a country code.
    pub phone: String,
    /// Address in parts.
    pub address: Address,
    /// Where it is, where given.
    pub position: Option<Position>,
    /// VIP level; none when not given.
    pub vip: Vip,
    /// Code of an SLA plan, where given.
    pub sla_plan: Option<String>,
    /// Contract number, where given.
    pub contract_no: Option<String>,
}

/// Reads customers. Checks `sla_plan` against [`Known::sla_plans`]; `code` must be unique in the file.
pub fn read_customers(bytes: &[u8], known: &Known) -> Report<CustomerLine> {
    let mut codes = Seen::new();
    read(bytes, COLUMNS, |cells| customer(cells, known, &mut codes))
}

fn customer(cells: &mut Cells<'_>, known: &Known, codes: &mut Seen) -> Option<CustomerLine> {
    let code = cells.unique("code", codes);
    let name = cells.required("name");
    let contact = cells.required("contact");
    let phone = cells.phone("phone");
    let (city, road) = (cells.required("city"), cells.required("road"));
    // Not every town has districts, in China neither.
    let district = cells.text("district");
    let (number, detail) = (cells.text("number"), cells.text("detail"));
    let position = cells.position("lat", "lon");
    let vip = vip(cells);
    let sla_plan = cells.optional("sla_plan");
    cells.refer("sla_plan", sla_plan, &known.sla_plans);
    Some(CustomerLine {
        line: cells.line(),
        name_en: cells.optional("name_en").map(str::to_owned),
        contract_no: cells.optional("contract_no").map(str::to_owned),
        code: code?,
        name: name?,
        contact: contact?,
        phone: phone?,
        address: Address {
            city: city?,
            district,
            road: road?,
            number,
            detail,
        },
        position,
        vip: vip?,
        sla_plan: sla_plan.map(str::to_owned),
    })
}

fn vip(cells: &mut Cells<'_>) -> Option<Vip> {
    match cells.optional("vip").map(str::to_ascii_lowercase).as_deref() {
        None | Some("none") => Some(Vip::None),
        Some("silver") => Some(Vip::Silver),
        Some("gold") => Some(Vip::Gold),
        Some("platinum") => Some(Vip::Platinum),
        Some(_) => {
            cells.problem("vip", ProblemCode::BadChoice, "none, silver, gold, platinum");
            None
        }
    }
}
