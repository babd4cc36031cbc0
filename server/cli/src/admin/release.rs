//! Letting messages go out again after a restore.

use std::path::Path;

use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::Fault;
use crate::words::backup as b;

/// Releases what a restore held. Where nothing is held, that is said and is no failure.
pub(super) async fn release(path: &Path, lang: Lang) -> Result<Answer, Fault> {
    let released = data::open(path)?.release_outbound().await?;
    let word = if released { b::RELEASED } else { b::NOT_HELD };
    Ok(Answer::new(lang.t(word), json!({ "released": released })))
}
