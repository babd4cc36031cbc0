//! Who wrote a change: actors that certify themselves, and the device's signature over a line of changes.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{DocumentId, OrganisationId};

/// An install of the app: random, made when the store is made, never part of a backup that is restored.
pub type Install = [u8; 16];

/// What an actor id is derived from. The same five facts give the same 16 bytes on phone and server, so nobody
/// can write under an actor whose key he does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorSource<'a> {
    /// The company.
    pub organisation: OrganisationId,
    /// The document: an actor has one line of history, in one document.
    pub document: DocumentId,
    /// The device's Ed25519 public key.
    pub device_key: &'a [u8; 32],
    /// The install of the app.
    pub install: &'a Install,
    /// Counts up when a line of history in this document had to be left behind.
    pub branch: u32,
}

impl ActorSource<'_> {
    /// First 16 bytes of SHA-256 over the length-fixed concatenation of the five facts.
    #[must_use]
    pub fn actor(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        hash.update(b"fieldline actor 1\0");
        hash.update(self.organisation.to_bytes());
        hash.update(self.document.to_string().as_bytes());
        hash.update(self.device_key);
        hash.update(self.install);
        hash.update(self.branch.to_be_bytes());
        let mut actor = [0_u8; 16];
        actor.copy_from_slice(&hash.finalize()[..16]);
        actor
    }
}

/// What a device signs: that the line of `actor` in this document ends, for now, at `head`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The company, so a frame cannot be replayed into another.
    pub organisation: OrganisationId,
    /// The document, so a frame cannot be replayed into another.
    pub document: DocumentId,
    /// The actor whose line it is.
    pub actor: &'a [u8],
    /// Hash of the newest change of that line.
    pub head: &'a [u8; 32],
}

impl Line<'_> {
    fn message(&self) -> Vec<u8> {
        let mut message = b"fieldline line 1\0".to_vec();
        message.extend_from_slice(&self.organisation.to_bytes());
        message.extend_from_slice(self.document.to_string().as_bytes());
        message.push(0);
        message.extend_from_slice(self.actor);
        message.extend_from_slice(self.head);
        message
    }
}

/// The device's key pair. The secret never leaves the phone and never prints.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey(…)")
    }
}

/// The 64 bytes of an Ed25519 signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSignature(#[serde(with = "serde_bytes")] pub [u8; 64]);

impl DeviceKey {
    /// The key pair with this secret seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half, shown to the server at enrolment.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Vouches for a line of this device's own changes.
    #[must_use]
    pub fn sign(&self, line: &Line<'_>) -> LineSignature {
        self.sign_message(&line.message())
    }

    /// Signs a message that says by its first bytes of which kind it is.
    #[must_use]
    pub fn sign_message(&self, message: &[u8]) -> LineSignature {
        LineSignature(self.0.sign(message).to_bytes())
    }
}

/// True when the holder of `public` signed this line. A malformed public key verifies nothing.
#[must_use]
pub fn verify(public: &[u8; 32], line: &Line<'_>, signature: &LineSignature) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        key.verify(&line.message(), &Signature::from_bytes(&signature.0))
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TicketId;
    use crate::time::Timestamp;

    fn document(n: u8) -> DocumentId {
        TicketId::new(Timestamp::from_ms(1), [n; 10]).into()
    }

    #[test]
    fn every_fact_changes_the_actor() {
        let organisation = OrganisationId::from_bytes([1; 16]);
        let source = ActorSource {
            organisation,
            document: document(1),
            device_key: &[2; 32],
            install: &[3; 16],
            branch: 0,
        };
        let others = [
            ActorSource {
                organisation: OrganisationId::from_bytes([9; 16]),
                ..source
            },
            ActorSource {
                document: document(2),
                ..source
            },
            ActorSource {
                device_key: &[9; 32],
                ..source
            },
            ActorSource {
                install: &[9; 16],
                ..source
            },
            ActorSource { branch: 1, ..source },
        ];
        for other in others {
            assert_ne!(other.actor(), source.actor());
        }
    }

    #[test]
    fn a_signature_holds_for_its_line_alone() {
        let key = DeviceKey::from_seed(&[5; 32]);
        let line = Line {
            organisation: OrganisationId::from_bytes([1; 16]),
            document: document(1),
            actor: &[4; 16],
            head: &[6; 32],
        };
        let signature = key.sign(&line);
        assert!(verify(&key.public(), &line, &signature));
        assert!(!verify(
            &key.public(),
            &Line {
                document: document(2),
                ..line
            },
            &signature
        ));
        assert!(!verify(
            &key.public(),
            &Line {
                head: &[7; 32],
                ..line
            },
            &signature
        ));
        assert!(!verify(
            &DeviceKey::from_seed(&[6; 32]).public(),
            &line,
            &signature
        ));
    }
}
