//! Secrets that name a session, a script or a one-time link: 256 random bits, of which only the hash is stored.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A secret as its holder has it. It never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A token of these random bytes.
    #[must_use]
    pub fn of(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Reads what [`Token::reveal`] wrote; any other text is no token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The secret as text: 43 characters fit for an address, a cookie or a header.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored and looked up. A look-up by hash tells nothing by its timing: nobody can choose a hash's prefix.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Compares two secrets in a time that depends on their lengths only.
#[must_use]
pub fn same_secret(one: &str, other: &str) -> bool {
    // Hashing first makes the lengths equal and the prefix of a guess worthless.
    let (one, other) = (Sha256::digest(one), Sha256::digest(other));
    one.iter()
        .zip(other.iter())
        .fold(0_u8, |differ, (a, b)| differ | (a ^ b))
        == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_again_and_never_printed() {
        let token = Token::of([7; 32]);
        let text = token.reveal();
        assert_eq!(text.len(), 43);
        assert_eq!(Token::parse(&text), Some(token.clone()));
        assert!(!format!("{token:?}").contains(&text));
        for bad in ["", "x", &text[1..], "ä", &format!("{text}=")] {
            assert_eq!(Token::parse(bad), None);
        }
    }

    #[test]
    fn secrets_compare_by_all_their_bytes() {
        assert!(same_secret("abc", "abc"));
        assert!(!same_secret("abc", "abd"));
        assert!(!same_secret("abc", "abcd"));
    }
}
