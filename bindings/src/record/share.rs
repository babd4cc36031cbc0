//! What came of handing work to a colleague's phone, and of a sync.

use fieldline_engine::shell::Summary;
use fieldline_engine::{Imported, Met, Told};

use super::count;
use crate::words::Words;

/// What one go of syncing did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Synced {
    /// Nothing was left to fetch or to send. Otherwise the time was up, or it was called off.
    pub finished: bool,
    /// It was called off by `cancel_sync`.
    pub called_off: bool,
    /// Operations merged.
    pub merged: u64,
    /// Operations overruled.
    pub overruled: u64,
    /// Operations refused.
    pub refused: u64,
    /// The phone is revoked.
    pub revoked: bool,
}

impl Synced {
    pub(crate) fn called_off() -> Self {
        Self {
            called_off: true,
            ..Self::from(Summary::default())
        }
    }
}

impl From<Summary> for Synced {
    fn from(summary: Summary) -> Self {
        Self {
            finished: summary.finished,
            called_off: false,
            merged: count(summary.merged),
            overruled: count(summary.overruled),
            refused: count(summary.refused),
            revoked: summary.revoked,
        }
    }
}

/// Work that was not taken out of a bundle, and why.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NotTaken {
    /// How many changes.
    pub changes: u64,
    /// Stable code of the reason.
    pub code: String,
    /// The reason.
    pub why: Words,
}

/// What came of a bundle that a colleague's phone made.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleTaken {
    /// Id of the colleague.
    pub from: String,
    /// His name.
    pub from_name: Words,
    /// Changes this phone brings to HQ from now on.
    pub carried: u64,
    /// Changes that were known here.
    pub known: u64,
    /// Changes that were not taken.
    pub not_taken: Vec<NotTaken>,
}

impl BundleTaken {
    pub(crate) fn of(imported: &Imported, from_name: Words) -> Self {
        let not_taken = imported.refused.iter().map(|refused| NotTaken {
            changes: count(refused.changes),
            why: Words::reason(&refused.code),
            code: refused.code.clone(),
        });
        Self {
            from: imported.from.to_string(),
            from_name,
            carried: count(imported.carried),
            known: count(imported.known),
            not_taken: not_taken.collect(),
        }
    }
}

/// A bundle for a colleague's phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BundleMade {
    /// The bundle, sealed for that phone alone.
    pub bytes: Vec<u8>,
    /// Id of the colleague.
    pub to: String,
    /// His name.
    pub to_name: Words,
    /// Tickets and articles in it.
    pub documents: u64,
    /// Operations in it.
    pub operations: u64,
}

/// What the other phone said came of what it was handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HandedOver {
    /// There was nothing to hand over.
    Nothing,
    /// What there was is too large for a meeting; it goes as a file.
    TooLarge,
    /// The line broke before an answer came: it may have taken it and it may not. Meeting once more does no harm.
    Unheard {
        /// Operations handed over.
        operations: u64,
    },
    /// It could not take it and tells its owner why.
    NotTaken {
        /// Operations handed over.
        operations: u64,
    },
    /// It took it.
    Taken {
        /// Operations handed over.
        operations: u64,
        /// Changes that were new there.
        carried: u64,
        /// Changes that were known there.
        known: u64,
        /// Changes that it did not take.
        refused: u64,
    },
}

/// What came of a meeting with a colleague's phone. Everything stays here until HQ has answered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Meet {
    /// Id of the colleague.
    pub with: String,
    /// His name.
    pub with_name: Words,
    /// What he was handed.
    pub handed: HandedOver,
    /// What he handed over, if anything.
    pub taken: Option<BundleTaken>,
}

impl HandedOver {
    pub(crate) fn of(met: &Met) -> Self {
        let operations = match met.handed {
            Ok(n) => count(n),
            Err(fieldline_engine::BundleError::TooLarge) => return Self::TooLarge,
            Err(_) => return Self::Nothing,
        };
        match met.told {
            Told::Nothing => Self::Unheard { operations },
            Told::NotTaken => Self::NotTaken { operations },
            Told::Took(counts) => Self::Taken {
                operations,
                carried: counts.carried,
                known: counts.known,
                refused: counts.refused,
            },
        }
    }
}

/// What HQ's enrolment code says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EnrolInvitation {
    /// The server's address.
    pub address: String,
    /// The one-time code.
    pub code: String,
}

/// Whose phone this is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WhoAmI {
    /// The company's name.
    pub company: String,
    /// Id of the engineer.
    pub engineer: String,
    /// His name.
    pub name: Words,
    /// Id of this device.
    pub device: String,
    /// The server's address.
    pub address: String,
    /// Id of his van.
    pub van: Option<String>,
}
