//! Messages as bytes: CBOR inside zstd, bounded before anything is unpacked.

use serde::{Serialize, de::DeserializeOwned};

/// Largest body, packed, in bytes: a phone's whole offline week fits.
pub const PACKED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest body, unpacked, in bytes.
pub const UNPACKED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Largest window a frame may ask for, as a power of two: that of the largest body. A frame's head names it in one byte,
/// and the decoder reserves it before it reads on.
const WINDOW_LOG_MAX: u32 = UNPACKED_BYTES_MAX.ilog2();
/// zstd level: 3 packs as fast as a phone's radio sends.
const ZSTD_LEVEL: i32 = 3;

/// A body that is no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Larger than allowed, packed or unpacked.
    #[error("the message is too large")]
    TooLarge,
    /// Not zstd, or damaged.
    #[error("the message is damaged")]
    Damaged,
    /// Not the message expected.
    #[error("the message cannot be read: {0}")]
    Malformed(String),
}

impl WireError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "message_too_large",
            Self::Damaged => "message_damaged",
            Self::Malformed(_) => "message_malformed",
        }
    }
}

/// Packs a message.
///
/// # Errors
/// [`WireError::TooLarge`] when it would not be read on the other side.
pub fn pack<M: Serialize>(message: &M) -> Result<Vec<u8>, WireError> {
    let mut plain = Vec::new();
    ciborium::into_writer(message, &mut plain).map_err(|error| WireError::Malformed(error.to_string()))?;
    if plain.len() > UNPACKED_BYTES_MAX {
        return Err(WireError::TooLarge);
    }
    let packed = zstd::bulk::compress(&plain, ZSTD_LEVEL).map_err(|_| WireError::Damaged)?;
    if packed.len() > PACKED_BYTES_MAX {
        Err(WireError::TooLarge)
    } else {
        Ok(packed)
    }
}

/// Unpacks a message, never allocating more than [`UNPACKED_BYTES_MAX`].
///
/// # Errors
/// When it is too large, damaged, of another shape, or followed by anything.
pub fn unpack<M: DeserializeOwned>(packed: &[u8]) -> Result<M, WireError> {
    if packed.len() > PACKED_BYTES_MAX {
        return Err(WireError::TooLarge);
    }
    let plain = inflate(packed)?;
    let mut rest = &plain[..];
    // Deep nesting is bounded by ciborium's own limit on recursion.
    let message =
        ciborium::from_reader(&mut rest).map_err(|error| WireError::Malformed(error.to_string()))?;
    if rest.is_empty() {
        Ok(message)
    } else {
        Err(WireError::Malformed("bytes after the end".into()))
    }
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, WireError> {
    use std::io::Read;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| WireError::Damaged)?;
    decoder
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|_| WireError::Damaged)?;
    let mut plain = Vec::new();
    let limit = UNPACKED_BYTES_MAX as u64 + 1;
    decoder
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| WireError::Damaged)?;
    if plain.len() > UNPACKED_BYTES_MAX {
        Err(WireError::TooLarge)
    } else {
        Ok(plain)
    }
}
