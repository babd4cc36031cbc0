//! The envelope: HPKE (RFC 9180) in its base mode, with X25519, HKDF-SHA-256 and ChaCha20-Poly1305. Only the phone whose
//! key is on the card opens it. Who made it is proven inside, by a signature of the maker's phone over head and contents.
//!
//! In the clear stand a version, the company and the recipient, so that a wrong one is told as what it is. All of it is
//! bound to the contents.

use fieldline_model::actor::DeviceKey;
use fieldline_model::id::{DeviceId, OrganisationId};
use fieldline_model::wire::BUNDLE_BYTES_MAX;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use sha2::{Digest, Sha256};

use super::BundleError;

/// What every bundle begins with.
const MAGIC: [u8; 3] = *b"FLB";
/// Version of the envelope.
const VERSION: u8 = 1;
/// Magic, version, company, recipient.
const HEAD_BYTES: usize = 36;
/// An X25519 public key.
const KEY_BYTES: usize = 32;
/// An Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;
/// What Poly1305 adds.
const TAG_BYTES: usize = 16;
/// Binds the keys to this use.
const INFO: &[u8] = b"fieldline bundle 1";

type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Whom an envelope is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) organisation: OrganisationId,
    pub(crate) to: DeviceId,
}

impl Head {
    fn bytes(self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.organisation.to_bytes());
        bytes.extend_from_slice(&self.to.to_bytes());
        bytes
    }

    /// Reads whom it is for, before anything is opened.
    pub(crate) fn read(sealed: &[u8]) -> Result<Self, BundleError> {
        if sealed.len() > BUNDLE_BYTES_MAX {
            return Err(BundleError::TooLarge);
        }
        match sealed.strip_prefix(&MAGIC) {
            None | Some([]) => return Err(BundleError::NotABundle),
            Some([version, ..]) if *version > VERSION => return Err(BundleError::Newer),
            Some([version, ..]) if *version < VERSION => return Err(BundleError::Older),
            Some(_) => {}
        }
        let ids = sealed.get(4..HEAD_BYTES).ok_or(BundleError::Damaged)?;
        let id = |from: usize| {
            let mut id = [0; 16];
            id.copy_from_slice(&ids[from..from + 16]);
            id
        };
        Ok(Self {
            organisation: OrganisationId::from_bytes(id(0)),
            to: DeviceId::from_bytes(id(16)),
        })
    }
}

/// The pair of keys for bundles, derived from the secret of the phone's key: another use, another key.
fn pair(seed: &[u8; 32]) -> (Private, Public) {
    let mut hash = Sha256::new();
    hash.update(b"fieldline bundle key 1\0");
    hash.update(seed);
    X25519HkdfSha256::derive_keypair(&hash.finalize())
}

/// The public key for bundles of the phone with this secret.
pub(crate) fn public_key(seed: &[u8; 32]) -> [u8; KEY_BYTES] {
    pair(seed).1.to_bytes().into()
}

/// What the maker's phone signs.
fn message(head: Head, contents: &[u8]) -> Vec<u8> {
    let mut message = b"fieldline bundle 1\0".to_vec();
    message.extend_from_slice(&head.bytes());
    message.extend_from_slice(&Sha256::digest(contents));
    message
}

/// Chance that comes from outside, as everything here.
struct Chance<'a>(&'a mut dyn FnMut(&mut [u8]));

impl TryRng for Chance<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        (self.0)(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Chance<'_> {}

/// Seals contents, signed by the maker's phone, for the phone with this public key.
pub(crate) fn seal(
    head: Head,
    to: &[u8; KEY_BYTES],
    key: &DeviceKey,
    contents: &[u8],
    chance: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, BundleError> {
    let to = Public::from_bytes(to).map_err(|_| BundleError::PeerUnproven)?;
    let signature = key.sign_message(&message(head, contents));
    let plain = [&signature.0[..], contents].concat();
    let sealed = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &to,
        INFO,
        &plain,
        &head.bytes(),
        &mut Chance(chance),
    );
    // A key of small order is no phone's.
    let (encapped, sealed) = sealed.map_err(|_| BundleError::PeerUnproven)?;
    let bytes = [&head.bytes()[..], &encapped.to_bytes(), &sealed].concat();
    if bytes.len() > BUNDLE_BYTES_MAX {
        return Err(BundleError::TooLarge);
    }
    Ok(bytes)
}

/// Contents that were opened, with the signature of whoever made them, which nobody has checked yet.
pub(crate) struct Opened {
    head: Head,
    signature: [u8; SIGNATURE_BYTES],
    pub(crate) contents: Vec<u8>,
}

impl Opened {
    /// True when the phone with this key made them, for this recipient.
    pub(crate) fn is_by(&self, device_key: &[u8; 32]) -> bool {
        let signature = fieldline_model::actor::LineSignature(self.signature);
        fieldline_model::receipt::verify_message(device_key, &message(self.head, &self.contents), &signature)
    }
}

/// Opens what was sealed for the phone with this secret.
pub(crate) fn open(head: Head, seed: &[u8; 32], sealed: &[u8]) -> Result<Opened, BundleError> {
    let rest = sealed.get(HEAD_BYTES..).ok_or(BundleError::Damaged)?;
    let (encapped, sealed) = rest.split_at_checked(KEY_BYTES).ok_or(BundleError::Damaged)?;
    if sealed.len() < SIGNATURE_BYTES + TAG_BYTES {
        return Err(BundleError::Damaged);
    }
    let encapped = Encapped::from_bytes(encapped).map_err(|_| BundleError::Damaged)?;
    let plain = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &pair(seed).0,
        &encapped,
        INFO,
        sealed,
        &head.bytes(),
    );
    let plain = plain.map_err(|_| BundleError::Damaged)?;
    let (signature, contents) = plain
        .split_first_chunk::<SIGNATURE_BYTES>()
        .ok_or(BundleError::Damaged)?;
    Ok(Opened {
        head,
        signature: *signature,
        contents: contents.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> (Head, Vec<u8>) {
        let head = Head {
            organisation: OrganisationId::from_bytes([1; 16]),
            to: DeviceId::from_bytes([2; 16]),
        };
        let key = DeviceKey::from_seed(&[3; 32]);
        let mut chance = |bytes: &mut [u8]| bytes.fill(5);
        let sealed = seal(head, &public_key(&[4; 32]), &key, b"what was done", &mut chance).unwrap();
        (head, sealed)
    }

    #[test]
    fn only_the_recipient_opens_it_and_sees_who_made_it() {
        let (head, sealed) = sealed();
        assert_eq!(Head::read(&sealed), Ok(head));
        let opened = open(head, &[4; 32], &sealed).unwrap();
        assert_eq!(opened.contents, b"what was done");
        assert!(opened.is_by(&DeviceKey::from_seed(&[3; 32]).public()));
        assert!(!opened.is_by(&DeviceKey::from_seed(&[9; 32]).public()));
        assert!(open(head, &[9; 32], &sealed).is_err());
        assert!(!sealed.windows(4).any(|window| window == b"done"));
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let (_, sealed) = sealed();
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let opened = Head::read(&damaged).and_then(|head| open(head, &[4; 32], &damaged));
            assert!(opened.is_err(), "bit {bit}");
        }
        for end in 0..sealed.len() {
            let opened = Head::read(&sealed[..end]).and_then(|head| open(head, &[4; 32], &sealed[..end]));
            assert!(opened.is_err(), "cut at {end}");
        }
    }
}
