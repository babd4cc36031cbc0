//! From an engineer's staff number to his id.

use fieldline_model::id::EngineerId;

use super::known::derived;
use crate::company::Company;

/// Ids an engineer with this number can have: as the tables make it, and as the demo company has it. Which of them is
/// in the record, the record knows.
#[must_use]
pub fn engineers_numbered(number: &str) -> Vec<EngineerId> {
    let number = number.trim();
    let mut ids: Vec<EngineerId> = [number.to_owned(), number.to_uppercase()]
        .map(|number| EngineerId::from_bytes(derived("engineer", &number)))
        .into();
    let demo = Company::demo();
    let named = demo
        .engineers
        .iter()
        .filter(|it| it.code.eq_ignore_ascii_case(number));
    ids.extend(named.filter_map(|it| it.id.parse::<EngineerId>().ok()));
    ids
}
