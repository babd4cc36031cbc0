//! Grants in an exchange: the phone shows what it holds, gets what is due to it, and is told what changed.

use std::sync::Arc;

use fieldline_model::grant::{Grants, GrantsKnown};

use super::Standing;
use crate::app::App;
use crate::door::DoorError;
use crate::grant::{self, Asker};
use crate::problem::Problem;
use crate::store::device::Device;

impl App {
    /// Notes what a phone holds, where this epoch has not heard it yet or it speaks under another install.
    pub(super) async fn note_grants(
        &self,
        standing: &Standing,
        install: [u8; 16],
        known: &GrantsKnown,
    ) -> Result<(), Problem> {
        let is_noted = standing.reported == Some((install, standing.epoch));
        if is_noted && known.held.is_empty() {
            return Ok(());
        }
        let (inner, device, known) = (Arc::clone(&self.inner), standing.device.clone(), known.clone());
        let noted = self.inner.store.write(move |connection| {
            Ok::<_, DoorError>(grant::report(connection, &inner, &device, &install, &known)?)
        });
        Ok(noted.await?)
    }

    /// Gives a phone what is due to it, and says what changed of what it holds. One that is told to take a new install gets
    /// nothing under the old one.
    pub(super) async fn tell_grants(
        &self,
        device: Device,
        asker: Asker,
        known: GrantsKnown,
        must_rotate: bool,
    ) -> Result<Option<Grants>, Problem> {
        let (inner, holder) = (Arc::clone(&self.inner), device.clone());
        let due = self.inner.store.read(move |connection| {
            Ok::<_, DoorError>(!grant::due(connection, &inner, &holder, &asker)?.is_empty())
        });
        if !must_rotate && due.await? {
            let (inner, holder) = (Arc::clone(&self.inner), device.clone());
            let issued = self.inner.store.write(move |connection| {
                Ok::<_, DoorError>(grant::issue(connection, &inner, &holder, &asker)?)
            });
            issued.await?;
        }
        let inner = Arc::clone(&self.inner);
        let told = self
            .inner
            .store
            .read(move |connection| Ok::<_, DoorError>(grant::lines(connection, &inner, &device, &known)?));
        Ok(told.await?)
    }
}
