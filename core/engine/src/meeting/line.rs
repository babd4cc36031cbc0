//! How two phones that meet show each other that both have the code, and how their words are sealed.
//!
//! Whoever joins says a nonce and a proof; whoever waits says nothing before that proof is good. From the secret and both
//! nonces come two keys, one for each direction, and each word is sealed under the number it has in its direction. So a word
//! that was changed, repeated, left out or recorded in another meeting does not open. Bundles are sealed by themselves: what
//! is hidden here is who meets, and how much he has.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::hmac;

use fieldline_model::meeting::MEETING_SECRET_BYTES;
use fieldline_model::wire::MeetingWord;

use super::MeetingError;

/// Bytes of each side's nonce.
pub(super) const NONCE_BYTES: usize = 16;
/// An HMAC-SHA-256.
const PROOF_BYTES: usize = 32;
/// What a phone says that joins: its nonce and its proof.
pub(super) const HELLO_BYTES: usize = NONCE_BYTES + PROOF_BYTES;
/// What Poly1305 adds.
pub(super) const TAG_BYTES: usize = 16;

const SALT: &[u8] = b"fieldline meeting 1";
const HELLO: &[u8] = b"hello";
const JOINS: &[u8] = b"joins";
const WAITS: &[u8] = b"waits";

pub(super) type Secret = [u8; MEETING_SECRET_BYTES];
pub(super) type Chosen = [u8; NONCE_BYTES];

/// Which end this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Waits,
    Joins,
}

fn prk(secret: &Secret) -> Prk {
    Salt::new(HKDF_SHA256, SALT).extract(secret)
}

fn hello_key(secret: &Secret) -> hmac::Key {
    let prk = prk(secret);
    let okm = prk.expand(&[HELLO], hmac::HMAC_SHA256);
    hmac::Key::from(okm.expect("a key is shorter than HKDF's longest"))
}

/// What a phone says first that joins.
pub(super) fn hello(secret: &Secret, nonce: &Chosen) -> Vec<u8> {
    let proof = hmac::sign(&hello_key(secret), nonce);
    [nonce, proof.as_ref()].concat()
}

/// The nonce in it, if whoever said it has the code.
pub(super) fn read_hello(secret: &Secret, said: &[u8]) -> Option<Chosen> {
    let (nonce, proof) = said.split_first_chunk::<NONCE_BYTES>()?;
    hmac::verify(&hello_key(secret), nonce, proof).ok()?;
    Some(*nonce)
}

/// One end of the sealed line.
pub(super) struct Line {
    mine: Direction,
    theirs: Direction,
}

struct Direction {
    key: LessSafeKey,
    count: u64,
}

impl Direction {
    fn new(secret: &Secret, info: &[&[u8]]) -> Self {
        let prk = prk(secret);
        let okm = prk.expand(info, &CHACHA20_POLY1305);
        let key = UnboundKey::from(okm.expect("a key is shorter than HKDF's longest"));
        Self {
            key: LessSafeKey::new(key),
            count: 0,
        }
    }

    /// The key is of this line alone, and no number comes twice.
    fn nonce(&mut self) -> Nonce {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&self.count.to_be_bytes());
        self.count += 1;
        Nonce::assume_unique_for_key(nonce)
    }
}

impl Line {
    /// The line of a meeting, from what both have said in the clear.
    pub(super) fn new(role: Role, secret: &Secret, joins: &Chosen, waits: &Chosen) -> Self {
        let [from_joining, from_waiting] =
            [JOINS, WAITS].map(|who| Direction::new(secret, &[who, joins, waits]));
        let (mine, theirs) = match role {
            Role::Joins => (from_joining, from_waiting),
            Role::Waits => (from_waiting, from_joining),
        };
        Self { mine, theirs }
    }

    pub(super) fn seal(&mut self, word: &MeetingWord) -> Vec<u8> {
        let mut bytes = Vec::new();
        ciborium::into_writer(word, &mut bytes).expect("a word has a CBOR form, and memory takes it");
        let nonce = self.mine.nonce();
        self.mine
            .key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes)
            .expect("a word is shorter than the cipher's longest text");
        bytes
    }

    pub(super) fn open(&mut self, mut sealed: Vec<u8>) -> Result<MeetingWord, MeetingError> {
        let nonce = self.theirs.nonce();
        let opened = self.theirs.key.open_in_place(nonce, Aad::empty(), &mut sealed);
        let mut rest = &*opened.map_err(|_| MeetingError::Damaged)?;
        let word = ciborium::from_reader(&mut rest).map_err(|_| MeetingError::Damaged)?;
        if rest.is_empty() {
            Ok(word)
        } else {
            Err(MeetingError::Damaged)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: Secret = [1; MEETING_SECRET_BYTES];

    fn ends(nonce: u8) -> [Line; 2] {
        [Role::Joins, Role::Waits].map(|role| Line::new(role, &SECRET, &[2; 16], &[nonce; 16]))
    }

    #[test]
    fn only_who_has_the_code_is_known() {
        let said = hello(&SECRET, &[2; 16]);
        assert_eq!(said.len(), HELLO_BYTES);
        assert_eq!(read_hello(&SECRET, &said), Some([2; 16]));
        assert_eq!(read_hello(&[9; MEETING_SECRET_BYTES], &said), None);
        for bit in 0..said.len() * 8 {
            let mut changed = said.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read_hello(&SECRET, &changed), None, "bit {bit}");
        }
        assert_eq!(read_hello(&SECRET, &said[..40]), None);
    }

    #[test]
    fn a_word_opens_once_in_its_place_in_its_direction_and_in_its_meeting() {
        let [mut joins, mut waits] = ends(3);
        let took = MeetingWord::Took { counts: None };
        let (first, second) = (joins.seal(&took), joins.seal(&MeetingWord::Stop));
        assert_eq!(
            ends(4)[1].open(first.clone()),
            Err(MeetingError::Damaged),
            "of another meeting"
        );
        assert_eq!(
            ends(3)[0].open(first.clone()),
            Err(MeetingError::Damaged),
            "thrown back"
        );
        assert_eq!(
            ends(3)[1].open(second.clone()),
            Err(MeetingError::Damaged),
            "one left out"
        );
        assert_eq!(waits.open(first.clone()), Ok(took));
        assert_eq!(waits.open(first.clone()), Err(MeetingError::Damaged), "repeated");
        for bit in 0..first.len() * 8 {
            let mut changed = first.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(ends(3)[1].open(changed), Err(MeetingError::Damaged), "bit {bit}");
        }
    }
}
