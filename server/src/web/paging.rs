//! Which part of a long list somebody asks for.

use crate::problem::{Code, Problem};

/// The number of a part in an address; none is the first, and a word that is no number leads nowhere.
pub(super) fn page(asked: &str) -> Result<u32, Problem> {
    match asked {
        "" => Ok(1),
        text => text.parse().map_err(|_| Problem::new(Code::NotFound)),
    }
}
