//! More tables for a company that is there.

use std::path::Path;

use fieldline_server::words::Lang;

use super::tables;
use crate::answer::Answer;
use crate::args::admin::Tables;
use crate::data;
use crate::fault::Fault;
use crate::words::fault as w;

/// Imports, or tries to.
pub(super) async fn import(path: &Path, named: &Tables, lang: Lang) -> Result<Answer, Fault> {
    if named.is_empty() {
        return Err(Fault::new("no_tables", w::NO_TABLES, &[]));
    }
    tables::import(&data::open(path)?, named, lang).await
}
