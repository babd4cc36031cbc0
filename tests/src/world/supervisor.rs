//! Phones that HQ revokes, and what its supervisors decide about the work that was on them.

use fieldline_model::id::OperationId;
use fieldline_server::door::DoorError;
use fieldline_server::store::StoreError;
use rusqlite::OptionalExtension;

use super::World;
use super::cast;
use super::phone::Done;

/// Counts phones revoked by the dice. Then somebody decides about held work in the end.
const REVOKED: &str = "phone.revoked";
/// Counts bundles that were taken in. What they brought may be held for a supervisor as well.
const HANDED: &str = "bundle.taken";
/// How much a supervisor looks at in one go.
const AT_ONCE: u32 = 4;
/// More than all phones of a world can have held.
const ALL: u32 = 10_000;

impl World {
    /// HQ revokes a phone, and every copy of it with it.
    pub fn revoke(&mut self, n: usize) {
        let Done::Well(status) = self.on(n, |engine, _| engine.status()) else {
            return;
        };
        let Some(device) = status.device else { return };
        let revoked = self.hq.ask(async move |app| app.revoke(device).await);
        // Of a power cut nobody knows whether it came before or after.
        if matches!(revoked, None | Some(Ok(true))) {
            self.tally.count(REVOKED);
        }
    }

    /// Somebody finds out that a revoked phone is in good hands, and gives it a new code.
    pub fn enrol_revoked(&mut self, n: usize) {
        let told = self.on(n, |engine, _| engine.status());
        if matches!(told, Done::Well(status) if status.revoked) {
            self.try_enrol(n);
        }
    }

    /// A supervisor decides about some of the held work.
    pub fn supervisor_works(&mut self) {
        for id in self.held(AT_ONCE) {
            if !self.hq.is_up() {
                return;
            }
            match self.dice.below(10) {
                0 => self.decline(id),
                1..=6 => {
                    self.adopt(id);
                }
                _ => {}
            }
        }
    }

    /// All of it: what the rules forbid is declined. False when nothing waited.
    pub(super) fn decide_all(&mut self) -> bool {
        if self.tally.of(REVOKED) == 0 && self.tally.of(HANDED) == 0 {
            return false;
        }
        let held = self.held(ALL);
        for id in &held {
            if !self.adopt(*id) {
                self.decline(*id);
            }
        }
        !held.is_empty()
    }

    /// A record that went back may have forgotten who was revoked.
    pub(super) fn know_revoked(&mut self) {
        if self.tally.of(REVOKED) == 0 {
            return;
        }
        for n in 0..self.phones.len() {
            let Some(device) = self.status(n).device else {
                continue;
            };
            let sql = "SELECT revoked_at IS NOT NULL FROM device WHERE id = ?1";
            let found = self
                .hq
                .db()
                .query_row(sql, [device.to_string()], |row| row.get(0));
            self.phones[n].revoked = found.optional().expect("schema").unwrap_or(false);
        }
    }

    fn held(&mut self, limit: u32) -> Vec<OperationId> {
        let held = self.hq.ask(async move |app| app.held(limit).await);
        let Some(Ok(held)) = held else {
            return Vec::new();
        };
        held.into_iter().map(|(id, _)| id).collect()
    }

    fn adopt(&mut self, id: OperationId) -> bool {
        let adopted = self
            .hq
            .ask(async move |app| app.adopt(id, cast::dispatcher()).await.map(drop));
        self.decided(id, "work.adopted", adopted)
    }

    fn decline(&mut self, id: OperationId) {
        let declined = self
            .hq
            .ask(async move |app| app.decline_held(id, cast::dispatcher()).await);
        self.decided(id, "work.declined", declined);
    }

    fn decided(
        &mut self,
        id: OperationId,
        word: &'static str,
        answer: Option<Result<(), DoorError>>,
    ) -> bool {
        match answer {
            Some(Ok(())) => {
                self.tally.count(word);
                true
            }
            None
            | Some(Err(
                DoorError::Refused(_)
                | DoorError::EarlierHeld(_)
                | DoorError::NotHeld
                | DoorError::Store(StoreError::Busy | StoreError::Unknown),
            )) => false,
            Some(Err(error)) => {
                self.findings.say(format!("HQ cannot decide about {id}: {error}"));
                false
            }
        }
    }
}
