//! Bytes as a row of QR codes that one phone shows and another films: numbered texts, joined in any order.
//!
//! Each frame names the whole it belongs to by a hash, its place and how many there are, so frames of another row are
//! told from those of this one, and what was joined is known to be whole. No frame can be done without: the row is shown
//! again until the last one is seen.

mod rows;

use std::collections::BTreeMap;

pub use rows::{Row, Rows};
use sha2::{Digest, Sha256};

use crate::text32;

/// What every frame begins with; the digit is the version.
const FRAME: &str = "FLQ1";
/// The QR version that every frame is drawn as, at correction level M: 69 by 69 modules. On a phone's screen of 60 mm each is 0.8 mm
/// wide, which another phone reads from two hands away; with its quiet zone the code is 77 wide and fits a terminal of 80. M mends
/// the 15 % that a lamp's reflection takes; a higher level would make the row a third longer.
pub const FRAME_VERSION: u8 = 13;
/// Longest frame: what such a code holds of capitals and digits.
pub const FRAME_CHARS_MAX: usize = 483;
/// Bytes in one frame: 456 characters, and 27 in front of them.
pub const FRAME_BYTES_MAX: usize = 285;
/// Most frames in a row: half a minute of film. What is larger goes as a file.
pub const FRAMES_MAX: usize = 100;
/// Most bytes a row holds: 28,500.
pub const FRAMED_BYTES_MAX: usize = FRAME_BYTES_MAX * FRAMES_MAX;
/// Characters of the hash that names the whole.
const NAME_BYTES: usize = 8;

/// Why bytes make no row, or a text is no frame of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// More bytes than a row holds.
    #[error("more than a row of codes holds")]
    TooLarge,
    /// Not a frame, or one of another version.
    #[error("not a frame of a bundle")]
    NotAFrame,
    /// A frame of another row.
    #[error("a frame of another row")]
    OtherRow,
    /// All frames are here, and what they make is not what was shown.
    #[error("the row of codes is damaged")]
    Damaged,
}

impl FrameError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "frames_too_many",
            Self::NotAFrame => "frame_unknown",
            Self::OtherRow => "frame_of_another",
            Self::Damaged => "frames_damaged",
        }
    }
}

fn name(bytes: &[u8]) -> String {
    text32::encode(&Sha256::digest(bytes)[..NAME_BYTES])
}

/// The texts of the codes, in the order in which they are shown.
///
/// # Errors
/// [`FrameError::TooLarge`].
pub fn split(bytes: &[u8]) -> Result<Vec<String>, FrameError> {
    if bytes.len() > FRAMED_BYTES_MAX {
        return Err(FrameError::TooLarge);
    }
    let name = name(bytes);
    let count = bytes.len().div_ceil(FRAME_BYTES_MAX).max(1);
    let part = |place: usize| {
        let from = place * FRAME_BYTES_MAX;
        let until = bytes.len().min(from + FRAME_BYTES_MAX);
        text32::encode(&bytes[from..until])
    };
    Ok((0..count)
        .map(|place| format!("{FRAME}:{name}:{}:{count}:{}", place + 1, part(place)))
        .collect())
}

/// The frames seen so far of one row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joiner {
    name: String,
    count: usize,
    parts: BTreeMap<usize, Vec<u8>>,
}

impl Joiner {
    /// Adds what was seen; the bytes once nothing is missing. The same frame may be seen again.
    ///
    /// # Errors
    /// [`FrameError::NotAFrame`] and [`FrameError::OtherRow`] change nothing; after [`FrameError::Damaged`] it begins anew.
    pub fn add(&mut self, text: &str) -> Result<Option<Vec<u8>>, FrameError> {
        let frame = Frame::read(text.trim()).ok_or(FrameError::NotAFrame)?;
        if self.parts.is_empty() {
            (self.name, self.count) = (frame.name.to_owned(), frame.count);
        } else if self.name != frame.name || self.count != frame.count {
            return Err(FrameError::OtherRow);
        }
        self.parts.insert(frame.place, frame.bytes);
        if self.parts.len() < self.count {
            return Ok(None);
        }
        let Self {
            name: wanted, parts, ..
        } = std::mem::take(self);
        let bytes: Vec<u8> = parts.into_values().flatten().collect();
        if name(&bytes) == wanted {
            Ok(Some(bytes))
        } else {
            Err(FrameError::Damaged)
        }
    }

    /// How many frames were seen, and how many there are; of none nobody knows.
    #[must_use]
    pub fn seen(&self) -> (usize, usize) {
        (self.parts.len(), self.count)
    }

    /// The places that were not seen yet, counted from 1.
    #[must_use]
    pub fn missing(&self) -> Vec<usize> {
        (1..=self.count)
            .filter(|place| !self.parts.contains_key(place))
            .collect()
    }
}

struct Frame<'a> {
    name: &'a str,
    place: usize,
    count: usize,
    bytes: Vec<u8>,
}

impl<'a> Frame<'a> {
    fn read(text: &'a str) -> Option<Self> {
        // Longer is none, and need not be looked at.
        if text.len() > FRAME_CHARS_MAX {
            return None;
        }
        let mut fields = text.split(':');
        let (head, name) = (fields.next()?, fields.next()?);
        let (place, count): (usize, usize) = (number(fields.next()?)?, number(fields.next()?)?);
        let bytes = text32::decode(fields.next()?)?;
        let fits = head == FRAME
            && fields.next().is_none()
            && text32::decode(name).is_some_and(|name| name.len() == NAME_BYTES)
            && (1..=count).contains(&place)
            && count <= FRAMES_MAX
            && bytes.len() <= FRAME_BYTES_MAX;
        fits.then_some(Self {
            name,
            place,
            count,
            bytes,
        })
    }
}

/// Only as it is written: no sign, no leading zero.
fn number(text: &str) -> Option<usize> {
    let number = text.parse::<usize>().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|n| u8::try_from(n % 251).unwrap()).collect()
    }

    proptest! {
        #[test]
        fn frames_join_in_any_order_and_twice(
            count in 0..FRAME_BYTES_MAX * 4,
            order in proptest::collection::vec(0_usize..1_000, 0..12),
        ) {
            let whole = bytes(count);
            let frames = split(&whole).unwrap();
            let mut joiner = Joiner::default();
            let mut done = None;
            let shown = order.iter().map(|n| n % frames.len()).chain((0..frames.len()).rev());
            for n in shown {
                if done.is_none() {
                    done = joiner.add(&frames[n]).unwrap();
                }
            }
            prop_assert_eq!(done, Some(whole));
        }

        #[test]
        fn no_text_is_trusted(text in "(FLQ1:)?[A-Z2-7:0-9]{0,60}") {
            let mut joiner = Joiner::default();
            if let Ok(Some(bytes)) = joiner.add(&text) {
                prop_assert_eq!(split(&bytes).unwrap(), vec![text]);
            }
        }
    }

    #[test]
    fn a_row_has_its_limit() {
        let frames = split(&bytes(FRAMED_BYTES_MAX)).unwrap();
        assert_eq!(frames.len(), FRAMES_MAX);
        let longest = frames.iter().map(String::len).max();
        assert_eq!(longest, Some(FRAME_CHARS_MAX));
        assert_eq!(split(&bytes(FRAMED_BYTES_MAX + 1)), Err(FrameError::TooLarge));
    }

    #[test]
    fn frames_of_another_row_and_damage_are_told() {
        let [mine, other] = [bytes(800), bytes(700)].map(|bytes| split(&bytes).unwrap());
        let mut joiner = Joiner::default();
        assert_eq!(joiner.add(&mine[2]), Ok(None));
        assert_eq!(joiner.add(&other[0]), Err(FrameError::OtherRow));
        assert_eq!(joiner.add("https://example.com"), Err(FrameError::NotAFrame));
        assert_eq!(joiner.seen(), (1, 3));
        let changed = mine[0].replace(":1:3:A", ":1:3:B");
        assert_ne!(changed, mine[0]);
        assert_eq!(joiner.add(&changed), Ok(None));
        assert_eq!(joiner.add(&mine[1]), Err(FrameError::Damaged));
        for frame in &mine {
            joiner.add(frame).unwrap();
        }
        assert_eq!(joiner, Joiner::default(), "it began anew and came to its end");
    }
}
