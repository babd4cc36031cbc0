//! Blobs: what is too large for a document, named by what it is.
//!
//! A document refers to bytes by their SHA-256 and never holds them. The name proves the bytes, and nothing else: who
//! knows a name has no right to the bytes yet. Here are names, kinds and limits; bytes are kept by engine and server.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Largest blob: a photo of any phone's camera, or a long manual. What goes up on a weak link goes up in pieces.
pub const BLOB_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Largest thumbnail: thirty of them open a ticket on a weak link within a second or two.
pub const THUMB_BYTES_MAX: u64 = 20 * 1024;
/// What one device may send in one day: a hundred photos of a good camera.
pub const BLOB_DAY_BYTES_MAX: u64 = 500 * 1024 * 1024;
/// Bytes of one piece on the way up; what a cut costs at most is what the server had not read of it.
pub const BLOB_PIECE_BYTES_MAX: u64 = 1024 * 1024;

/// A text that names no blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a blob's name: 64 lower-case hexadecimal digits")]
pub struct BlobNameError;

/// The name of a blob: SHA-256 of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobHash(pub [u8; 32]);

impl BlobHash {
    /// The name of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blob:{self}")
    }
}

impl FromStr for BlobHash {
    type Err = BlobNameError;

    /// One spelling only: names become parts of paths, and two spellings of one file are two rights to it.
    fn from_str(text: &str) -> Result<Self, BlobNameError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(BlobNameError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

fn digit(digit: u8) -> Result<u8, BlobNameError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(BlobNameError),
    }
}

impl Serialize for BlobHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlobHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a blob is. Nothing that a browser would run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Media {
    /// A photo.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A picture.
    #[serde(rename = "image/png")]
    Png,
    /// A picture; no thumbnail is made of it.
    #[serde(rename = "image/webp")]
    Webp,
    /// A manual.
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl Media {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Jpeg, Self::Png, Self::Webp, Self::Pdf];

    /// Its media type.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// How a file of it ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// True for what a photo may be.
    #[must_use]
    pub fn is_picture(self) -> bool {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => true,
            Self::Pdf => false,
        }
    }

    /// What bytes say of themselves. What somebody else says of them is not asked: browsers go by the bytes too.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else if bytes.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }
}

impl FromStr for Media {
    type Err = BlobNameError;

    fn from_str(text: &str) -> Result<Self, BlobNameError> {
        Self::ALL
            .iter()
            .copied()
            .find(|media| media.word() == text)
            .ok_or(BlobNameError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        let hash = BlobHash::of(b"photo");
        let name = hash.to_string();
        assert_eq!(name.parse(), Ok(hash));
        for other in [
            name.to_uppercase(),
            format!("{name}0"),
            name[..62].to_owned(),
            format!("../{}", &name[3..]),
            format!("{}é", &name[..62]),
            String::new(),
        ] {
            assert_eq!(other.parse::<BlobHash>(), Err(BlobNameError), "{other}");
        }
    }

    #[test]
    fn bytes_say_what_they_are() {
        assert_eq!(Media::of(&[0xff, 0xd8, 0xff, 0xe0]), Some(Media::Jpeg));
        assert_eq!(Media::of(b"\x89PNG\r\n\x1a\n..."), Some(Media::Png));
        assert_eq!(Media::of(b"RIFF....WEBPVP8 "), Some(Media::Webp));
        assert_eq!(Media::of(b"%PDF-1.7"), Some(Media::Pdf));
        for other in [&b"<svg onload=x>"[..], b"<html>", b"", b"RIFF....WAVE"] {
            assert_eq!(Media::of(other), None);
        }
        for media in Media::ALL {
            assert_eq!(media.word().parse(), Ok(*media));
            assert_eq!(serde_json::json!(media), media.word());
        }
    }
}
