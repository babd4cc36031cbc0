//! The banner of a restored record, and its button.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::Web;
use super::frame::{Done, go};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::page::paths;
use crate::page::restored::RestoredView;
use crate::problem::Problem;

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// POST that messages may go out again. Pressed twice is as good as once.
pub(super) async fn release(
    State(web): State<Web>,
    SignedForm {
        signed,
        form: Nothing {},
    }: SignedForm<Nothing>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReleaseOutbound)?;
    web.app.release_outbound().await?;
    Ok(go(paths::QUEUE, Done::Released))
}

impl Web {
    /// What the banner says; nothing while messages go out.
    pub(super) async fn restored(&self, signed: &Signed) -> Result<Option<RestoredView>, Problem> {
        let restored = self.app.restored().await?.filter(|it| it.outbound_held);
        Ok(restored.map(|restored| RestoredView {
            at: self.stamp(restored.at),
            to: restored.to.map(|to| self.stamp(to)),
            may_release: signed.may(Permission::ReleaseOutbound),
        }))
    }
}
