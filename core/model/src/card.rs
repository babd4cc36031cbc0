//! What a phone shows a colleague's: who it is, proven by HQ, and the key under which it can be handed work.
//!
//! As text it is one word of capitals and digits, which QR codes hold best and people can send as a message. It tells no
//! name. What must never happen here: a key for bundles that the phone's own key did not sign.

use serde::{Deserialize, Serialize};

use crate::actor::{DeviceKey, LineSignature};
use crate::certificate::Certificate;
use crate::id::OrganisationId;
use crate::receipt::verify_message;
use crate::text32;

/// What the text begins with; the digit is the card's version.
const CARD: &str = "FLC1-";
/// Longest text that is looked at: four times what a card has.
const CARD_CHARS_MAX: usize = 2_048;

/// A phone's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The company.
    pub organisation: OrganisationId,
    /// HQ's word for the phone.
    pub certificate: Certificate,
    /// The X25519 public key for bundles.
    #[serde(with = "serde_bytes")]
    pub bundle_key: [u8; 32],
    /// The phone's own, over company and that key.
    pub signature: LineSignature,
}

/// A text that is no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a phone's card")]
pub struct NoCard;

impl Card {
    /// The card of the phone with this key.
    #[must_use]
    pub fn issue(
        organisation: OrganisationId,
        certificate: Certificate,
        key: &DeviceKey,
        bundle_key: [u8; 32],
    ) -> Self {
        Self {
            organisation,
            certificate,
            bundle_key,
            signature: key.sign_message(&message(organisation, &bundle_key)),
        }
    }

    /// True when HQ, whose key this is, knows the phone, and the phone this key for bundles.
    #[must_use]
    pub fn is_proven(&self, hq_key: &[u8; 32]) -> bool {
        let message = message(self.organisation, &self.bundle_key);
        self.certificate.is_by(hq_key, self.organisation)
            && verify_message(&self.certificate.device_key, &message, &self.signature)
    }

    /// One word.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::new();
        ciborium::into_writer(self, &mut bytes).expect("a card has a CBOR form, and memory takes it");
        format!("{CARD}{}", text32::encode(&bytes))
    }

    /// The card in a text, however it was broken into lines.
    ///
    /// # Errors
    /// [`NoCard`].
    pub fn read(text: &str) -> Result<Self, NoCard> {
        let text: String = text.split_whitespace().collect();
        let body = text.strip_prefix(CARD).filter(|_| text.len() <= CARD_CHARS_MAX);
        let bytes = body.and_then(text32::decode).ok_or(NoCard)?;
        let mut rest = &bytes[..];
        let card = ciborium::from_reader(&mut rest).map_err(|_| NoCard)?;
        if rest.is_empty() { Ok(card) } else { Err(NoCard) }
    }
}

fn message(organisation: OrganisationId, bundle_key: &[u8; 32]) -> Vec<u8> {
    let mut message = b"fieldline card 1\0".to_vec();
    message.extend_from_slice(&organisation.to_bytes());
    message.extend_from_slice(bundle_key);
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DeviceId, EngineerId};
    use crate::receipt::ReceiptKey;
    use crate::time::Timestamp;

    fn card() -> (Card, ReceiptKey) {
        let hq = ReceiptKey::from_seed(&[1; 32]);
        let organisation = OrganisationId::from_bytes([2; 16]);
        let key = DeviceKey::from_seed(&[3; 32]);
        let who = (DeviceId::from_bytes([4; 16]), EngineerId::from_bytes([5; 16]));
        let certificate = Certificate::issue(&hq, organisation, who, key.public(), Timestamp::from_ms(6));
        (Card::issue(organisation, certificate, &key, [7; 32]), hq)
    }

    #[test]
    fn a_card_is_read_from_its_text_and_fits_a_small_code() {
        let (card, _) = card();
        let text = card.to_text();
        assert_eq!(Card::read(&text), Ok(card));
        let (head, tail) = text.split_at(100);
        assert_eq!(Card::read(&format!(" {head}\n  {tail}\n")), Ok(card));
        assert!(text.len() < 700, "{} characters", text.len());
        for bad in [
            "",
            "FLC1-",
            "FLC2-AAAA",
            "https://example.com",
            &text[..text.len() - 8],
            &format!("{text}77"),
        ] {
            assert_eq!(Card::read(bad), Err(NoCard), "{bad}");
        }
    }

    #[test]
    fn only_the_phone_itself_names_its_key_and_only_hq_the_phone() {
        let (card, hq) = card();
        assert!(card.is_proven(&hq.public()));
        assert!(!card.is_proven(&ReceiptKey::from_seed(&[9; 32]).public()));
        let anothers = Card {
            bundle_key: [9; 32],
            ..card
        };
        assert!(!anothers.is_proven(&hq.public()));
        let elsewhere = Card {
            organisation: OrganisationId::from_bytes([9; 16]),
            ..card
        };
        assert!(!elsewhere.is_proven(&hq.public()));
        let stranger = DeviceKey::from_seed(&[9; 32]);
        let by_stranger = Card::issue(card.organisation, card.certificate, &stranger, card.bundle_key);
        assert!(!by_stranger.is_proven(&hq.public()));
    }
}
