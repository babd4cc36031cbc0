//! Whether the data is what it says.

use std::path::Path;

use fieldline_server::words::Lang;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::words::fault as w;

/// Checks.
pub(super) async fn check(_path: &Path, _repair: bool, _lang: Lang) -> Result<Answer, Fault> {
    Err(Fault::new("not_built", w::NOT_BUILT, &[]))
}
