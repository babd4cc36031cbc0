//! What came so far of a blob that is being fetched, under the key of an encrypted store: one sealed record for each stretch that
//! came, so that the next one goes on from there.
//!
//! Nobody has looked yet at what these bytes are, so that their name decides nothing: each part has a key of its own from a
//! random salt at its begin. A record's nonce is its place in the file, and a file with half a record is given up, not mended:
//! no place is ever sealed twice.

use std::io::{ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::Path;

use fieldline_model::blob::BLOB_BYTES_MAX;
use ring::aead::{Aad, LessSafeKey, Nonce};

use super::seal::{BlobKey, TAG_BYTES, damaged};

/// What every sealed part begins with.
const HEAD: &[u8; 8] = b"FLPART\0\x01";
/// Random bytes behind it.
pub(super) const SALT_BYTES: usize = 32;
/// Bytes that tell a record's length.
const LEN_BYTES: u64 = 4;
/// What a record adds to the bytes in it.
const RECORD_BYTES: u64 = LEN_BYTES + TAG_BYTES as u64;

/// Whether a file is a sealed part.
pub(super) fn is_sealed(path: &Path) -> Result<bool> {
    let mut begin = Vec::new();
    std::fs::File::open(path)?
        .take(HEAD.len() as u64)
        .read_to_end(&mut begin)?;
    Ok(begin == HEAD)
}

fn nonce(place: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&place.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

/// The key; the file stands at the first record then. Damage where it does not begin as a part.
fn begin(key: &BlobKey, file: &mut (impl Read + Seek)) -> Result<LessSafeKey> {
    let mut head = [0; HEAD.len() + SALT_BYTES];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut head).map_err(|_| damaged())?;
    if !head.starts_with(HEAD) {
        return Err(damaged());
    }
    key.of_part(&head[HEAD.len()..])
}

/// Appends a record; `salt` is used where this begins the part.
pub(super) fn add(
    key: &BlobKey,
    file: &mut (impl Read + Write + Seek),
    bytes: &[u8],
    salt: [u8; SALT_BYTES],
) -> Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        file.write_all(&[&HEAD[..], &salt[..]].concat())?;
    }
    let key = begin(key, file)?;
    let place = file.seek(SeekFrom::End(0))?;
    let len = u32::try_from(bytes.len()).map_err(|_| damaged())?.to_be_bytes();
    let mut record = bytes.to_vec();
    key.seal_in_place_append_tag(nonce(place), Aad::from(len), &mut record)
        .map_err(|_| damaged())?;
    file.write_all(&[&len[..], &record].concat())
}

/// Place, length as written, and length of the next record; `None` at the end.
fn next(file: &mut (impl Read + Seek), end: u64) -> Result<Option<(u64, [u8; 4], u64)>> {
    let place = file.stream_position()?;
    if place == end {
        return Ok(None);
    }
    let mut len = [0; 4];
    file.read_exact(&mut len).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => damaged(),
        _ => error,
    })?;
    let many = u64::from(u32::from_be_bytes(len));
    if place + RECORD_BYTES + many > end || many > BLOB_BYTES_MAX {
        return Err(damaged());
    }
    Ok(Some((place, len, many)))
}

/// How many bytes came so far.
///
/// # Errors
/// Damage, also where the last record is not whole; those of the disk.
pub(super) fn len(key: &BlobKey, file: &mut (impl Read + Seek)) -> Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    begin(key, file)?;
    let mut came = 0;
    while let Some((place, _, many)) = next(file, end)? {
        came += many;
        file.seek(SeekFrom::Start(place + RECORD_BYTES + many))?;
    }
    Ok(came)
}

/// All that came so far.
///
/// # Errors
/// As [`len`].
pub(super) fn open(key: &BlobKey, file: &mut (impl Read + Seek)) -> Result<Vec<u8>> {
    let end = file.seek(SeekFrom::End(0))?;
    let key = begin(key, file)?;
    let mut came = Vec::new();
    while let Some((place, len, many)) = next(file, end)? {
        let mut record = Vec::new();
        file.take(many + TAG_BYTES as u64).read_to_end(&mut record)?;
        let bytes = key
            .open_in_place(nonce(place), Aad::from(len), &mut record)
            .map_err(|_| damaged())?;
        came.extend_from_slice(bytes);
        if came.len() as u64 > BLOB_BYTES_MAX {
            return Err(damaged());
        }
    }
    Ok(came)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_came_goes_on_and_half_a_record_is_damage() {
        let key = BlobKey::new(&[7; 32]);
        let mut file = Cursor::new(Vec::new());
        for stretch in [&b"one "[..], b"two ", b"three"] {
            add(&key, &mut file, stretch, [1; SALT_BYTES]).unwrap();
        }
        assert_eq!(len(&key, &mut file).unwrap(), 13);
        assert_eq!(open(&key, &mut file).unwrap(), b"one two three");
        let whole = file.into_inner();
        assert!(!whole.windows(4).any(|window| window == b"thre"));
        for cut in 1..whole.len() {
            let mut torn = Cursor::new(whole[..whole.len() - cut].to_vec());
            let (len, opened) = (len(&key, &mut torn), open(&key, &mut torn));
            assert_eq!(len.is_err(), opened.is_err(), "{cut}");
            assert!(
                opened.is_err() || b"one two ".starts_with(&opened.unwrap()[..]),
                "{cut}"
            );
        }
        for place in [0, 10, 45, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            assert!(open(&key, &mut Cursor::new(flipped)).is_err(), "{place}");
        }
        assert!(open(&BlobKey::new(&[8; 32]), &mut Cursor::new(whole)).is_err());
    }
}
