//! How a phone joins.

use serde::{Deserialize, Serialize};

use crate::actor::Install;
use crate::id::{DeviceId, EngineerId, OrganisationId};
use crate::time::Timestamp;

/// A phone's request to join, with the one-time code from HQ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrol {
    /// Version of the messages.
    pub wire: u16,
    /// The code.
    pub code: String,
    /// The device's Ed25519 public key.
    #[serde(with = "serde_bytes")]
    pub device_key: [u8; 32],
    /// The install.
    #[serde(with = "serde_bytes")]
    pub install: Install,
    /// Name of the phone, for people.
    pub name: String,
    /// Whose phone it was before, if it was anybody's: his work is on it, so a code of another is not for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engineer: Option<EngineerId>,
    /// The company it belonged to, if it belonged to any: its work is of that company, so a code of another is not for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
}

/// The server's answer to a good code.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The company.
    pub organisation: OrganisationId,
    /// The company's name.
    pub organisation_name: String,
    /// The device's id.
    pub device: DeviceId,
    /// Whose phone it is.
    pub engineer: EngineerId,
    /// Bearer token for every later request.
    pub token: String,
    /// The server's clock.
    pub server_time: Timestamp,
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolled")
            .field("device", &self.device)
            .field("engineer", &self.engineer)
            .finish_non_exhaustive()
    }
}
