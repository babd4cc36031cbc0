//! Whose phone a key is: HQ's word for it, which phones check for each other where no network reaches.
//!
//! HQ signs it with the key of its receipts, for so long that a phone may be away. It says nothing of what a phone may
//! hold: that follows from each document. What must never happen here: a certificate that another company, or another
//! kind of message, could have the same signature for.

use serde::{Deserialize, Serialize};

use crate::actor::LineSignature;
use crate::id::{DeviceId, EngineerId, OrganisationId};
use crate::receipt::{ReceiptKey, verify_message};
use crate::time::Timestamp;

/// How long a certificate is good: a phone that was lost can ask for others' work so long at most, and one that was away
/// for longer meets HQ before it meets a colleague.
pub const CERTIFICATE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// HQ's word that this key is that phone's, and whose phone it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The phone.
    pub device: DeviceId,
    /// Whose it is.
    pub engineer: EngineerId,
    /// Its Ed25519 public key.
    #[serde(with = "serde_bytes")]
    pub device_key: [u8; 32],
    /// Until when it is good, server time.
    pub until: Timestamp,
    /// HQ's, over company and all of that.
    pub signature: LineSignature,
}

/// What a phone needs in order to prove itself, and to know who is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Papers {
    /// The public key of HQ's receipts and certificates.
    #[serde(with = "serde_bytes")]
    pub hq_key: [u8; 32],
    /// This phone's own.
    pub certificate: Certificate,
}

impl Certificate {
    /// HQ's word for this phone.
    #[must_use]
    pub fn issue(
        key: &ReceiptKey,
        organisation: OrganisationId,
        (device, engineer): (DeviceId, EngineerId),
        device_key: [u8; 32],
        until: Timestamp,
    ) -> Self {
        let mut certificate = Self {
            device,
            engineer,
            device_key,
            until,
            signature: LineSignature([0; 64]),
        };
        certificate.signature = key.sign_message(&certificate.message(organisation));
        certificate
    }

    /// True when the holder of `hq_key` gave it, for this company.
    #[must_use]
    pub fn is_by(&self, hq_key: &[u8; 32], organisation: OrganisationId) -> bool {
        verify_message(hq_key, &self.message(organisation), &self.signature)
    }

    /// True as long as it is good.
    #[must_use]
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        now <= self.until
    }

    fn message(&self, organisation: OrganisationId) -> Vec<u8> {
        let mut message = b"fieldline certificate 1\0".to_vec();
        message.extend_from_slice(&organisation.to_bytes());
        message.extend_from_slice(&self.device.to_bytes());
        message.extend_from_slice(&self.engineer.to_bytes());
        message.extend_from_slice(&self.device_key);
        message.extend_from_slice(&self.until.ms().to_be_bytes());
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_holds_for_its_company_its_phone_and_its_key_alone() {
        let [mine, theirs] = [[1; 16], [2; 16]].map(OrganisationId::from_bytes);
        let hq = ReceiptKey::from_seed(&[3; 32]);
        let who = (DeviceId::from_bytes([4; 16]), EngineerId::from_bytes([5; 16]));
        let good = Certificate::issue(&hq, mine, who, [6; 32], Timestamp::from_ms(7));
        assert!(good.is_by(&hq.public(), mine));
        assert!(!good.is_by(&hq.public(), theirs));
        assert!(!good.is_by(&ReceiptKey::from_seed(&[9; 32]).public(), mine));
        let changed = [
            Certificate {
                device: DeviceId::from_bytes([9; 16]),
                ..good
            },
            Certificate {
                engineer: EngineerId::from_bytes([9; 16]),
                ..good
            },
            Certificate {
                device_key: [9; 32],
                ..good
            },
            Certificate {
                until: Timestamp::from_ms(8),
                ..good
            },
        ];
        assert!(changed.iter().all(|other| !other.is_by(&hq.public(), mine)));
        assert!(good.is_good_at(Timestamp::from_ms(7)) && !good.is_good_at(Timestamp::from_ms(8)));
    }
}
