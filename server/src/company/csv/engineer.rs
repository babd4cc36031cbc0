//! The table of engineers with skills, certificates, home and van.

use super::cells::{Cells, Seen};
use super::problem::ProblemCode;
use super::table::{Column, optional, read, required};
use super::{Known, Report, same_phone, value};
use crate::company::Position;
use serde::Serialize;

const COLUMNS: &[Column] = &[
    required("code"),
    required("name"),
    optional("name_en"),
    required("phone"),
    required("skills"),
    optional("certificates"),
    optional("home_lat"),
    optional("home_lon"),
    optional("van"),
];

/// An engineer as a table gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EngineerLine {
    /// Line of the file.
    pub line: u64,
    /// Staff number.
    pub code: String,
    /// Name.
    pub name: String,
    /// English name, where given.
    pub name_en: Option<String>,
    /// Digits, with `+` in front of a country code.
    pub phone: String,
    /// Category codes.
    pub skills: Vec<String>,
    /// Certificates held.
    pub certificates: Vec<CertificateHeld>,
    /// Where the day starts, where given.
    pub home: Option<Position>,
    /// Code of the van, where there is one.
    pub van: Option<String>,
}

/// A certificate and how long it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateHeld {
    /// Kind of certificate, such as `LIFT`.
    pub code: String,
    /// Last valid day, `YYYY-MM-DD`.
    pub expires_on: String,
}

/// Reads engineers. Checks `skills` against [`Known::categories`]; `code`, `phone` and `van` must be unique in the
/// file: a phone is enrolled for one person and a van's stock has one holder.
pub fn read_engineers(bytes: &[u8], known: &Known) -> Report<EngineerLine> {
    let (mut codes, mut phones, mut vans) = (Seen::new(), Seen::new(), Seen::new());
    read(bytes, COLUMNS, |cells| {
        engineer(cells, known, [&mut codes, &mut phones, &mut vans])
    })
}

fn engineer(cells: &mut Cells<'_>, known: &Known, seen: [&mut Seen; 3]) -> Option<EngineerLine> {
    let [codes, phones, vans] = seen;
    let code = cells.unique("code", codes);
    let name = cells.required("name");
    let phone = cells.phone("phone");
    if let Some(phone) = &phone {
        cells.note_key("phone", same_phone(phone), phones);
    }
    cells.required("skills");
    let skills = cells.list("skills");
    cells.refer("skills", skills.iter().copied(), &known.categories);
    let certificates = certificates(cells);
    let home = cells.position("home_lat", "home_lon");
    let van = cells.optional("van");
    if let Some(van) = van {
        cells.note_key("van", van, vans);
    }
    Some(EngineerLine {
        line: cells.line(),
        name_en: cells.optional("name_en").map(str::to_owned),
        code: code?,
        name: name?,
        phone: phone?,
        skills: skills.into_iter().map(str::to_owned).collect(),
        certificates,
        home,
        van: van.map(str::to_owned),
    })
}

fn certificates(cells: &mut Cells<'_>) -> Vec<CertificateHeld> {
    let mut held = Vec::new();
    for text in cells.list("certificates") {
        let Some((code, expires_on)) = text.split_once(':').filter(|(code, _)| !code.trim().is_empty())
        else {
            cells.problem(
                "certificates",
                ProblemCode::BadFormat,
                "LIFT:2026-12-31|HIGH:2028-02-29",
            );
            continue;
        };
        match value::date(expires_on.trim()) {
            Some(expires_on) => held.push(CertificateHeld {
                code: code.trim().to_owned(),
                expires_on,
            }),
            None => cells.problem("certificates", ProblemCode::BadDate, expires_on.trim()),
        }
    }
    held
}
