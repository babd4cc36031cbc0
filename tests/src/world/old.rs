//! What grows old at HQ: changes that their documents alone hold from then on, tickets that leave the phones.

use fieldline_model::time::Timestamp;
use fieldline_server::compact::Compacted;
use fieldline_server::door::DoorError;
use fieldline_server::store::StoreError;

use super::World;

impl World {
    /// HQ compacts what its log took before this moment. `None` when the power goes.
    pub fn compact_hq(&mut self, before: Timestamp) -> Option<Compacted> {
        let answer = self.hq.ask(async move |app| app.compact_before(before).await)?;
        match answer {
            Ok(done) => {
                if done.changes > 0 {
                    self.tally.count("hq.compacted");
                }
                Some(done)
            }
            Err(DoorError::Store(StoreError::Busy | StoreError::Unknown)) => None,
            Err(error) => {
                self.findings.say(format!("HQ cannot compact: {error}"));
                None
            }
        }
    }

    /// HQ archives what was over and quiet at this moment. `None` when the power goes.
    pub fn archive_hq(&mut self, before: Timestamp) -> Option<usize> {
        let answer = self.hq.ask(async move |app| app.archive_before(before).await)?;
        match answer {
            Ok(done) => {
                if done > 0 {
                    self.tally.count("hq.archived");
                }
                Some(done)
            }
            Err(DoorError::Store(StoreError::Busy | StoreError::Unknown)) => None,
            Err(error) => {
                self.findings.say(format!("HQ cannot archive: {error}"));
                None
            }
        }
    }
}
