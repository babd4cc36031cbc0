//! Grants: how many of one part HQ has put at one phone's sole disposal, under HQ's signature.
//!
//! A phone may consume what it was granted without asking anybody, because nobody else may. So a grant is never given out
//! again on time alone: it ends when its holder or somebody who counted says so. What must never happen here: two
//! statements of HQ's that one signature proves.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::actor::{Install, LineSignature};
use crate::id::{DeviceId, GrantId, LocationId, OperationId, OrganisationId, PartId, TicketId};
use crate::receipt::{Node, ReceiptKey, vouches};
use crate::time::Timestamp;

/// Most grants in one message, either way; what does not fit comes with the next.
pub const GRANTS_MAX: usize = 1_000;

/// How a grant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// The holder has it.
    Sound,
    /// The holder may have it: HQ gives it to nobody, and waits for him or for somebody who counts.
    InDoubt,
    /// It is over.
    Ended,
}

impl GrantState {
    /// The word in tables and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::InDoubt => "in_doubt",
            Self::Ended => "ended",
        }
    }
}

/// What one phone may consume of one part at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its name.
    pub id: GrantId,
    /// The phone.
    pub device: DeviceId,
    /// The install on it: a copy of the phone's data that writes on under another one has not got it.
    #[serde(with = "serde_bytes")]
    pub install: Install,
    /// Where the part lies.
    pub location: LocationId,
    /// Which.
    pub part: PartId,
    /// A reservation is for one ticket; without one it is the stock of a van.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// The request it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<OperationId>,
    /// How many there are still, after everything HQ had taken from this phone.
    pub remaining: u32,
    /// Without a word from the holder it is in doubt from then on.
    pub until: Timestamp,
    /// The epoch of HQ's record in which this was said.
    pub epoch: u64,
    /// Counts what was said of grants: of two statements the greater holds, within an epoch.
    pub serial: u64,
    /// How it stands.
    pub state: GrantState,
}

impl Grant {
    /// What is signed: never equal to a leaf or a node of a receipt's tree.
    #[must_use]
    pub fn digest(&self) -> Node {
        let mut hash = Sha256::new();
        hash.update(b"grant\0");
        hash.update(self.id.to_bytes());
        hash.update(self.device.to_bytes());
        hash.update(self.install);
        hash.update(self.location.to_bytes());
        hash.update(self.part.to_bytes());
        let maybe = [
            self.ticket.map(TicketId::to_bytes),
            self.request.map(OperationId::to_bytes),
        ];
        for id in maybe {
            hash.update([u8::from(id.is_some())]);
            hash.update(id.unwrap_or_default());
        }
        hash.update(self.remaining.to_be_bytes());
        hash.update(self.until.ms().to_be_bytes());
        hash.update(self.epoch.to_be_bytes());
        hash.update(self.serial.to_be_bytes());
        hash.update(self.state.word());
        hash.finalize().into()
    }

    /// HQ's word for it.
    #[must_use]
    pub fn signed(self, key: &ReceiptKey, organisation: OrganisationId) -> SignedGrant {
        let signature = key.sign(organisation, &self.digest());
        SignedGrant {
            grant: self,
            signature,
        }
    }
}

/// A grant under the key that no backup of HQ's holds ([`crate::receipt`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedGrant {
    /// What was granted.
    pub grant: Grant,
    /// Over its digest.
    pub signature: LineSignature,
}

impl SignedGrant {
    /// True when the holder of `public` said so.
    #[must_use]
    pub fn is_by(&self, public: &[u8; 32], organisation: OrganisationId) -> bool {
        vouches(public, organisation, &self.grant.digest(), &self.signature)
    }
}

/// What a phone knows of its grants. Sent by apps that know of grants, in every exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantsKnown {
    /// The epoch it was told them in; 0 when it was told none yet.
    pub epoch: u64,
    /// The greatest serial it was told.
    pub serial: u64,
    /// How many grants it holds; where HQ counts otherwise, all come again.
    pub grants: u32,
    /// How many discrepancies it knows of; likewise.
    pub discrepancies: u32,
    /// All it holds, shown once to each new epoch: HQ may have lost them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<SignedGrant>,
}

/// A part that was used without a grant that covered it, and is missing in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// The use.
    pub operation: OperationId,
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// How many the ledger cannot explain.
    pub quantity: u32,
    /// Somebody counted, or what came later explains it.
    pub settled: bool,
}

/// What HQ tells a phone of its grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// The epoch.
    pub epoch: u64,
    /// The phone knows everything up to here now.
    pub serial: u64,
    /// What the phone knew before is forgotten: these are all, or the first of all.
    #[serde(default)]
    pub whole: bool,
    /// More are to come.
    #[serde(default)]
    pub more: bool,
    /// How many grants and open discrepancies the phone holds then, unless more are to come.
    pub count: u32,
    /// Changed ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<SignedGrant>,
    /// Uses of the phone's engineer that the ledger cannot explain, changed ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discrepancies: Vec<Discrepancy>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant() -> Grant {
        Grant {
            id: GrantId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            install: [3; 16],
            location: LocationId::from_bytes([4; 16]),
            part: PartId::from_bytes([5; 16]),
            ticket: None,
            request: None,
            remaining: 2,
            until: Timestamp::from_ms(6),
            epoch: 7,
            serial: 8,
            state: GrantState::Sound,
        }
    }

    #[test]
    fn a_signature_holds_for_each_of_its_words() {
        let organisation = OrganisationId::from_bytes([9; 16]);
        let key = ReceiptKey::from_seed(&[10; 32]);
        let signed = grant().signed(&key, organisation);
        assert!(signed.is_by(&key.public(), organisation));
        let mut others: Vec<Grant> = Vec::new();
        let mut other = |change: &dyn Fn(&mut Grant)| {
            let mut one = grant();
            change(&mut one);
            others.push(one);
        };
        other(&|one| one.id = GrantId::from_bytes([0; 16]));
        other(&|one| one.device = DeviceId::from_bytes([0; 16]));
        other(&|one| one.install = [0; 16]);
        other(&|one| one.location = LocationId::from_bytes([0; 16]));
        other(&|one| one.part = PartId::from_bytes([0; 16]));
        other(&|one| one.ticket = Some(TicketId::from_bytes([0; 16])));
        other(&|one| one.request = Some(OperationId::from_bytes([0; 16])));
        other(&|one| one.remaining = 3);
        other(&|one| one.until = Timestamp::from_ms(0));
        other(&|one| one.epoch = 0);
        other(&|one| one.serial = 0);
        other(&|one| one.state = GrantState::InDoubt);
        for other in others {
            let forged = SignedGrant {
                grant: other,
                signature: signed.signature,
            };
            assert!(!forged.is_by(&key.public(), organisation), "{forged:?}");
        }
        let elsewhere = OrganisationId::from_bytes([0; 16]);
        assert!(!signed.is_by(&key.public(), elsewhere));
    }
}
