//! The code by which two phones in one network find each other: where the first one waits, and a secret of this meeting alone.
//!
//! One person shows or reads it aloud, the other types it in. It is 24 capitals and digits; hyphens and blanks are for the
//! eye. The secret lets a phone in and hides who meets from others in the network; what is handed over is sealed by itself.
//! What must never happen here: a secret in a log.

use std::net::{Ipv4Addr, SocketAddrV4};

use sha2::{Digest, Sha256};

use crate::text32;

/// Bytes of the secret. It is new for each meeting and good for minutes; nobody tries 2^64 of them for two phones' ids.
pub const MEETING_SECRET_BYTES: usize = 8;
/// Address, port, secret, and a byte that tells a slip of the pen.
const CODE_BYTES: usize = 4 + 2 + MEETING_SECRET_BYTES + 1;
/// Characters that stand together.
const GROUP_CHARS: usize = 4;
/// Longest text that is looked at.
const TEXT_CHARS_MAX: usize = 200;

/// Where a phone waits for a colleague's, and what lets that one in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MeetingCode {
    /// Where it listens. Phones' own networks have addresses of this kind.
    pub address: SocketAddrV4,
    /// Of this meeting alone.
    pub secret: [u8; MEETING_SECRET_BYTES],
}

/// A text that is no such code, or one with a slip in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a phone that waits")]
pub struct NoCode;

impl std::fmt::Debug for MeetingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MeetingCode(..)")
    }
}

impl MeetingCode {
    /// Six groups of four.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = self.address.ip().octets().to_vec();
        bytes.extend_from_slice(&self.address.port().to_be_bytes());
        bytes.extend_from_slice(&self.secret);
        bytes.push(check(&bytes));
        let text = text32::encode(&bytes);
        let groups: Vec<&str> = (0..text.len())
            .step_by(GROUP_CHARS)
            .map(|from| &text[from..from + GROUP_CHARS])
            .collect();
        groups.join("-")
    }

    /// The code in a text as people type it: in small letters too, and with digits for the letters that look like them.
    ///
    /// # Errors
    /// [`NoCode`].
    pub fn read(text: &str) -> Result<Self, NoCode> {
        if text.len() > TEXT_CHARS_MAX {
            return Err(NoCode);
        }
        let letters = text.chars().filter(|c| *c != '-' && !c.is_whitespace());
        let plain: String = letters.map(meant).collect();
        let bytes = text32::decode(&plain).ok_or(NoCode)?;
        let bytes: [u8; CODE_BYTES] = bytes.try_into().map_err(|_| NoCode)?;
        let (said, check_byte) = bytes.split_at(CODE_BYTES - 1);
        if check(said) != check_byte[0] {
            return Err(NoCode);
        }
        let mut secret = [0; MEETING_SECRET_BYTES];
        secret.copy_from_slice(&said[6..]);
        let ip = Ipv4Addr::new(said[0], said[1], said[2], said[3]);
        let port = u16::from_be_bytes([said[4], said[5]]);
        Ok(Self {
            address: SocketAddrV4::new(ip, port),
            secret,
        })
    }
}

/// None of these digits is in the alphabet.
fn meant(c: char) -> char {
    match c.to_ascii_uppercase() {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    }
}

/// The label binds the version: a code of another one does not fit.
fn check(said: &[u8]) -> u8 {
    let mut hash = Sha256::new();
    hash.update(b"fieldline meeting 1\0");
    hash.update(said);
    hash.finalize()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> MeetingCode {
        MeetingCode {
            address: SocketAddrV4::new(Ipv4Addr::new(192, 168, 43, 1), 47_128),
            secret: [1, 2, 3, 4, 5, 6, 7, 0xf8],
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let text = code().to_text();
        assert_eq!(text.len(), 29, "{text}");
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', ""),
            text.replace('O', "0").replace('I', "1").replace('B', "8"),
        ] {
            assert_eq!(MeetingCode::read(&typed), Ok(code()), "{typed}");
        }
        assert!(
            !format!("{:?}", code()).contains('7'),
            "the secret stays out of logs"
        );
    }

    /// One byte tells all but one of 256; none of these is the one.
    #[test]
    fn a_slip_is_told_before_anybody_is_called() {
        let text = code().to_text();
        let place = |n: usize| n + n / GROUP_CHARS;
        for n in 0..24 {
            let mut slipped = text.clone().into_bytes();
            let letter = &mut slipped[place(n)];
            *letter = if *letter == b'A' { b'C' } else { b'A' };
            let slipped = String::from_utf8(slipped).unwrap();
            assert_eq!(MeetingCode::read(&slipped), Err(NoCode), "{slipped}");
        }
        for bad in [
            "",
            "AAAA",
            "FLC1-AAAA",
            &text[1..],
            &format!("{text}A"),
            &"A".repeat(1_000),
        ] {
            assert_eq!(MeetingCode::read(bad), Err(NoCode), "{bad}");
        }
    }
}
