//! stub
use crate::answer::{Answer, Say};
use crate::args::admin::AdminCommand;
use crate::fault::Fault;
pub(crate) fn run(_: &AdminCommand, _: Say) -> Result<Answer, Fault> {
    Err(Fault::new("x", crate::words::fault::NOT_BUILT, &[]))
}
