//! A photo's file under the key of an encrypted store: pieces of 64 KB, each sealed by ChaCha20-Poly1305 and bound to its place,
//! so that any stretch is read without the rest, and a piece that was changed, swapped, cut off or taken from another file does
//! not open.
//!
//! Each file has a key of its own, derived from the store's key and the name of its bytes. Under one name there are ever the same
//! bytes, so that no nonce is used for two texts; whoever seals has looked that they are those of the name.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use fieldline_model::blob::{BLOB_BYTES_MAX, BlobHash};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};

/// What every sealed file begins with; no picture and no manual does.
const HEAD: &[u8; 8] = b"FLBLOB\0\x01";
/// Bytes of a whole piece. What is read at once, and what damage costs in time, not in bytes: a damaged photo is damaged.
const PIECE_BYTES: usize = 64 * 1024;
/// What Poly1305 adds to a piece.
pub(super) const TAG_BYTES: usize = 16;
/// Binds the keys to this use.
const INFO: &[u8] = b"fieldline blob file 1";
const PART_INFO: &[u8] = b"fieldline blob part 1";
const SALT: &[u8] = b"fieldline blobs 1";

const PIECE: u64 = PIECE_BYTES as u64;
const SEALED: u64 = (PIECE_BYTES + TAG_BYTES) as u64;

/// The key of all files of a store.
#[derive(Clone)]
pub(crate) struct BlobKey(Arc<Prk>);

impl BlobKey {
    /// Derived from the store's key.
    pub(crate) fn new(store_key: &[u8]) -> Self {
        Self(Arc::new(Salt::new(HKDF_SHA256, SALT).extract(store_key)))
    }

    fn of(&self, hash: BlobHash) -> Result<LessSafeKey> {
        self.derived(INFO, &hash.0)
    }

    /// The key of a part with this random salt.
    pub(super) fn of_part(&self, salt: &[u8]) -> Result<LessSafeKey> {
        self.derived(PART_INFO, salt)
    }

    fn derived(&self, label: &[u8], of: &[u8]) -> Result<LessSafeKey> {
        let info = [label, of];
        let key = self.0.expand(&info, &CHACHA20_POLY1305).map_err(|_| damaged())?;
        Ok(LessSafeKey::new(UnboundKey::from(key)))
    }
}

impl std::fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlobKey(..)")
    }
}

pub(super) fn damaged() -> Error {
    Error::new(ErrorKind::InvalidData, "a sealed file is damaged")
}

/// True for an error that says so.
pub(crate) fn is_damage(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidData
}

/// Each piece has its own, and the last one another than any before it, so that a file cannot end early.
fn nonce(place: u64, is_last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3] = u8::from(is_last);
    nonce[4..].copy_from_slice(&place.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

/// Whether a file is sealed.
pub(super) fn is_sealed(path: &Path) -> Result<bool> {
    let mut begin = Vec::new();
    std::fs::File::open(path)?
        .take(HEAD.len() as u64)
        .read_to_end(&mut begin)?;
    Ok(begin == HEAD)
}

/// Bytes of what was sealed in a file of so many bytes; `None` where no file of ours has that size.
pub(crate) fn plain_len(len: u64) -> Option<u64> {
    let body = len.checked_sub(HEAD.len() as u64)?;
    let rest = body % SEALED;
    let last = match rest {
        0 if body > 0 => 0,
        _ => rest.checked_sub(TAG_BYTES as u64)?,
    };
    Some(body / SEALED * PIECE + last)
}

/// Seals `bytes`, whose name is `hash`, into `to`.
pub(crate) fn seal(key: &BlobKey, hash: BlobHash, bytes: &[u8], to: &mut impl Write) -> Result<()> {
    let key = key.of(hash)?;
    to.write_all(HEAD)?;
    let last = bytes.len().saturating_sub(1) / PIECE_BYTES;
    let mut buffer = Vec::with_capacity(PIECE_BYTES + TAG_BYTES);
    for place in 0..=last {
        let end = bytes.len().min((place + 1) * PIECE_BYTES);
        buffer.clear();
        buffer.extend_from_slice(&bytes[place * PIECE_BYTES..end]);
        key.seal_in_place_append_tag(nonce(place as u64, place == last), Aad::from(HEAD), &mut buffer)
            .map_err(|_| damaged())?;
        to.write_all(&buffer)?;
    }
    Ok(())
}

/// At most `bytes_max` bytes from `offset` on of what was sealed under this name. Only the pieces that hold them are opened.
///
/// # Errors
/// Damage, as [`is_damage`] knows it; those of the disk.
pub(crate) fn open(
    key: &BlobKey,
    hash: BlobHash,
    from: &mut (impl Read + Seek),
    offset: u64,
    bytes_max: u64,
) -> Result<Vec<u8>> {
    let len = from.seek(SeekFrom::End(0))?;
    let size = plain_len(len)
        .filter(|size| *size <= BLOB_BYTES_MAX)
        .ok_or_else(damaged)?;
    let key = key.of(hash)?;
    let end = offset.saturating_add(bytes_max).min(size);
    let last = size.saturating_sub(1) / PIECE;
    let mut opened = Vec::new();
    let mut at = offset;
    while at < end {
        let place = at / PIECE;
        from.seek(SeekFrom::Start(HEAD.len() as u64 + place * SEALED))?;
        let mut buffer = Vec::with_capacity(PIECE_BYTES + TAG_BYTES);
        from.take(SEALED).read_to_end(&mut buffer)?;
        let piece = key
            .open_in_place(nonce(place, place == last), Aad::from(HEAD), &mut buffer)
            .map_err(|_| damaged())?;
        let begin = place * PIECE;
        let within = |at: u64| usize::try_from(at - begin).unwrap_or(usize::MAX).min(piece.len());
        opened.extend_from_slice(&piece[within(at)..within(end.min(begin + PIECE))]);
        at = begin + PIECE;
    }
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn noise(size: usize) -> Vec<u8> {
        (0..size)
            .map(|n| u8::try_from(n * 31 % 251).unwrap_or(0))
            .collect()
    }

    fn sealed(key: &BlobKey, bytes: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        seal(key, BlobHash::of(bytes), bytes, &mut file).unwrap();
        file
    }

    fn opened(key: &BlobKey, hash: BlobHash, file: &[u8]) -> Result<Vec<u8>> {
        open(key, hash, &mut Cursor::new(file), 0, u64::MAX)
    }

    #[test]
    fn any_stretch_is_read_without_the_rest() {
        let key = BlobKey::new(&[7; 32]);
        for size in [1, 100, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES - 1] {
            let bytes = noise(size);
            let hash = BlobHash::of(&bytes);
            let mut file = sealed(&key, &bytes);
            assert_eq!(plain_len(file.len() as u64), Some(size as u64));
            assert_eq!(opened(&key, hash, &file).unwrap(), bytes);
            for (offset, many) in [(0, 10), (PIECE_BYTES - 3, 7), (size - 1, 5), (size, 5)] {
                let end = size.min(offset + many);
                let wanted = bytes.get(offset..end).unwrap_or_default();
                let at = open(&key, hash, &mut Cursor::new(&file), offset as u64, many as u64);
                assert_eq!(at.unwrap(), wanted, "{size}: {offset}");
            }
            // The first piece is not looked at by who reads the last.
            file[HEAD.len()] ^= 1;
            let last = open(&key, hash, &mut Cursor::new(&file), size as u64 - 1, 1);
            assert_eq!(last.is_ok(), size > PIECE_BYTES);
        }
    }

    #[test]
    fn a_piece_that_was_changed_cut_off_swapped_or_taken_from_elsewhere_does_not_open() {
        let key = BlobKey::new(&[7; 32]);
        let bytes = noise(3 * PIECE_BYTES);
        let hash = BlobHash::of(&bytes);
        let file = sealed(&key, &bytes);
        assert!(
            !file.windows(64).any(|window| window == &bytes[..64]),
            "nothing in the clear"
        );
        let whole = |place: usize| HEAD.len() + place * (PIECE_BYTES + TAG_BYTES);
        for cut in [
            1,
            TAG_BYTES,
            PIECE_BYTES,
            file.len() - whole(2),
            file.len() - whole(1),
        ] {
            let cut = opened(&key, hash, &file[..file.len() - cut]);
            assert!(cut.is_err_and(|error| is_damage(&error)));
        }
        for place in [whole(0), whole(1) + 5, file.len() - 1] {
            let mut flipped = file.clone();
            flipped[place] ^= 4;
            assert!(opened(&key, hash, &flipped).is_err(), "{place}");
        }
        let mut swapped = file[..whole(0)].to_vec();
        swapped.extend_from_slice(&file[whole(1)..whole(2)]);
        swapped.extend_from_slice(&file[whole(0)..whole(1)]);
        swapped.extend_from_slice(&file[whole(2)..]);
        assert!(opened(&key, hash, &swapped).is_err());
        assert!(
            opened(&key, BlobHash::of(b"another"), &file).is_err(),
            "under another name"
        );
        assert!(
            opened(&BlobKey::new(&[8; 32]), hash, &file).is_err(),
            "under another key"
        );
        let mut two = file.clone();
        two.extend_from_slice(&file[whole(2)..]);
        assert!(opened(&key, hash, &two).is_err(), "with more behind its end");
    }
}
