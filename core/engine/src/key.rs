//! The device key, looked at before anything is written with it: a damaged one would make lines that nobody can prove.

use std::path::Path;

use rusqlite::Connection;

use crate::engine::Inner;
use crate::error::EngineError;
use crate::moment::Moment;
use crate::overlay::actor_of;
use crate::store::change::change_newest;
use crate::store::identity::{
    Seal, identity_restore, identity_seal, identity_set_engineer, identity_set_key_lost, identity_set_seed,
};
use crate::store::install::install_write;
use crate::store::intent::intent_engineer;
use crate::store::notice::notice_put;

/// What the phone says until it is enrolled again.
pub(crate) const KEY_LOST: &str = "key_lost";
/// The same, where not even the company and the engineer are known.
pub(crate) const IDENTITY_LOST: &str = "identity_lost";
/// So many of the newest changes are asked whether the key is theirs.
const WITNESSES_MAX: u32 = 20;

/// The line that says whose phone this is, is gone, and the work is not: a new install and a new key, under which a
/// code of the same engineer brings it to HQ.
pub(crate) fn replace_identity(
    conn: &mut Connection,
    path: &Path,
    moment: &mut Moment<'_>,
) -> Result<(), EngineError> {
    let (install, seed) = (moment.bytes(), moment.bytes());
    let tx = conn.transaction()?;
    identity_restore(&tx, &install)?;
    identity_set_seed(&tx, &seed)?;
    identity_set_key_lost(&tx)?;
    if let Some(engineer) = intent_engineer(&tx)? {
        identity_set_engineer(&tx, engineer)?;
    }
    notice_put(&tx, IDENTITY_LOST, moment.time.estimate())?;
    tx.commit()?;
    // A kill before this looks like a restored database, which does no harm.
    install_write(path, &install)
}

impl Inner {
    /// A key that is not what it was is replaced by a new one, under which people work on. Nothing is sent until HQ
    /// knows it; then what was not sent is written again under it.
    pub(crate) fn check_key(&mut self, moment: &mut Moment<'_>) -> Result<(), EngineError> {
        let told = self.identity.key_lost;
        match self.identity.seal {
            // Without it nobody is known at HQ; one code mends that as it mends a key.
            _ if self.identity.broken && !told => self.replace_key(moment)?,
            Seal::Fits => return Ok(()),
            Seal::Missing => identity_seal(&self.store.conn)?,
            // As likely as the key it is the seal that was hit.
            Seal::Broken if self.key_has_written()? => identity_seal(&self.store.conn)?,
            Seal::Broken => self.replace_key(moment)?,
        }
        self.reload_identity()
    }

    /// One of the newest changes is by an actor that only this key and company give.
    fn key_has_written(&self) -> Result<bool, EngineError> {
        let Some(me) = &self.identity.enrolment else {
            return Ok(false);
        };
        let written = change_newest(&self.store.conn, WITNESSES_MAX)?;
        Ok(written
            .iter()
            .any(|change| actor_of(me, change.document, &change.install, change.branch) == change.actor))
    }

    fn replace_key(&mut self, moment: &mut Moment<'_>) -> Result<(), EngineError> {
        let now = self.now(&moment.time);
        let seed = moment.bytes();
        let tx = self.store.conn.transaction()?;
        identity_set_seed(&tx, &seed)?;
        if self.identity.engineer_lost
            && let Some(engineer) = intent_engineer(&tx)?
        {
            identity_set_engineer(&tx, engineer)?;
        }
        // A phone that never was enrolled has nothing to explain.
        if self.identity.enrolment.is_some() {
            identity_set_key_lost(&tx)?;
            notice_put(&tx, KEY_LOST, now)?;
        }
        tx.commit()?;
        Ok(())
    }
}
