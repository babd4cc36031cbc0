//! Counts what a whole saved document claims, before automerge believes it.
//!
//! A saved document has the run headers that a change has: of 1,338 bytes automerge asked for 256 MiB. Its columns may be
//! deflated besides. Every change of ours carries the name of its operation and every operation its key, so neither can
//! outnumber the bytes: that is the bound, and it needs no figure that a long life could reach.

use std::io::Read;

use flate2::bufread::DeflateDecoder;

use super::bytes::Reader;
use super::columns::{DEFLATED, runs};
use super::header::MAGIC;
use super::refusal::{Bounded, Refusal};

const CHECKSUM_BYTES: u64 = 4;
const CHUNK_DOCUMENT: u8 = 0;
/// Most columns of changes or of operations; the format knows 9 and 15.
const COLUMNS_MAX: u64 = 32;
/// Largest saved document, in bytes once inflated: ten thousand entries of the longest text a person may write.
pub const SAVED_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// Parents and successors for each byte. A change names at most 256 parents and takes more than 64 bytes.
const LINKS_PER_BYTE: u64 = 4;

/// Columns of links: what the rows of a group point to.
const PARENTS: u64 = 0x43;
const SUCCESSOR_ACTORS: u64 = 0x81;
const SUCCESSOR_COUNTERS: u64 = 0x83;
/// The type of a column, in the low bits of its specification; the others are plain numbers.
const TYPE: u64 = 0x07;
const DELTA: u64 = 3;
const BOOLEAN: u64 = 4;
const TEXT: u64 = 5;
const RAW: u64 = 7;

/// Whether the bytes are one saved document that claims no more rows than its bytes can hold.
///
/// # Errors
/// `malformed` for anything else than one document chunk, `too_large` above [`SAVED_BYTES_MAX`], `too_many_ops` where run
/// headers claim more rows.
pub(crate) fn check_saved(bytes: &[u8]) -> Result<(), Refusal> {
    let mut reader = Reader::new(bytes);
    if reader.array::<4>()? != MAGIC {
        return Err(Refusal::Malformed("not a saved document"));
    }
    reader.take(CHECKSUM_BYTES)?;
    let kind = reader.byte()?;
    if kind != CHUNK_DOCUMENT {
        return Err(Refusal::NotAChangeChunk(kind));
    }
    let body = reader.prefixed()?;
    if !reader.is_empty() {
        return Err(Refusal::Malformed("bytes after the document"));
    }
    check_body(body)
}

fn check_body(body: &[u8]) -> Result<(), Refusal> {
    let mut reader = Reader::new(body);
    for _ in 0..reader.unsigned()? {
        reader.prefixed()?; // an actor
    }
    for _ in 0..reader.unsigned()? {
        reader.array::<32>()?; // a head
    }
    let changes = layout(&mut reader)?;
    let operations = layout(&mut reader)?;
    let mut room = SAVED_BYTES_MAX;
    let mut columns = Vec::new();
    for (spec, length) in changes.into_iter().chain(operations) {
        let column = inflated(spec, reader.take(length)?, room)?;
        room = room.saturating_sub(column.len() as u64);
        columns.push((spec & !DEFLATED, column));
    }
    let there = SAVED_BYTES_MAX - room;
    for (spec, column) in &columns {
        rows(*spec, column, there)?;
    }
    Ok(())
}

fn layout(reader: &mut Reader<'_>) -> Result<Vec<(u64, u64)>, Refusal> {
    let count = reader.unsigned()?;
    if count > COLUMNS_MAX {
        return Err(Refusal::Malformed("too many columns"));
    }
    (0..count)
        .map(|_| Ok((reader.unsigned()?, reader.unsigned()?)))
        .collect()
}

/// The bytes of a column; inflating stops where there is no room for more.
fn inflated(spec: u64, column: &[u8], room: u64) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    if spec & DEFLATED == 0 {
        out.extend_from_slice(column);
    } else {
        DeflateDecoder::new(column)
            .take(room.saturating_add(1))
            .read_to_end(&mut out)
            .map_err(|_| Refusal::Malformed("a column does not inflate"))?;
    }
    if out.len() as u64 > room {
        return Err(Refusal::TooLarge {
            bytes: out.len(),
            bytes_max: usize::try_from(SAVED_BYTES_MAX).unwrap_or(usize::MAX),
        });
    }
    Ok(out)
}

/// Walks the run headers of one column of a document whose columns have `there` bytes.
fn rows(spec: u64, column: &[u8], there: u64) -> Result<u64, Refusal> {
    let most = match spec {
        PARENTS | SUCCESSOR_ACTORS | SUCCESSOR_COUNTERS => there.saturating_mul(LINKS_PER_BYTE),
        _ => there,
    };
    match spec & TYPE {
        RAW => Ok(0),
        BOOLEAN => booleans(column, most),
        TEXT => runs(column, most, Reader::prefixed, |_, _| Ok(())),
        DELTA => runs(column, most, Reader::signed, |_, _| Ok(())),
        _ => runs(column, most, Reader::unsigned, |_, _| Ok(())),
    }
}

/// Alternating counts, false first.
fn booleans(column: &[u8], most: u64) -> Result<u64, Refusal> {
    let mut reader = Reader::new(column);
    let mut rows = 0_u64;
    while !reader.is_empty() {
        rows = rows.saturating_add(reader.unsigned()?);
    }
    if rows > most {
        return Err(Refusal::TooMany {
            what: Bounded::Ops,
            found: rows,
            max: most,
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::DeflateEncoder;

    use super::super::forge::{prefixed, run, unsigned};
    use super::super::fuzzing::{Sample, reseal};
    use super::*;
    use crate::document::{DocumentError, load};

    const CHANGE_ACTOR: u64 = 0x01;
    const TIME: u64 = 0x23;

    /// One saved document of an actor, without heads, with these columns of changes and none of operations.
    fn saved(columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
        let mut body = [unsigned(1), prefixed(&[7; 16]), unsigned(0)].concat();
        body.extend(unsigned(columns.len() as u64));
        for (spec, column) in columns {
            body.extend([unsigned(*spec), unsigned(column.len() as u64)].concat());
        }
        body.extend(unsigned(0));
        body.extend(columns.iter().flat_map(|(_, column)| column.clone()));
        reseal([&MAGIC[..], &[0; 4], &[CHUNK_DOCUMENT], &prefixed(&body)].concat())
    }

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn code(bytes: &[u8]) -> &'static str {
        check_saved(bytes).unwrap_err().code()
    }

    #[test]
    fn fault_050_a_saved_document_claims_no_more_rows_than_it_has_bytes() {
        let bomb = saved(&[(CHANGE_ACTOR, run(50_000_000, &[0]))]);
        assert!(
            bomb.len() < 100,
            "{} bytes claim fifty million changes",
            bomb.len()
        );
        assert_eq!(code(&bomb), "too_many_ops");
        let document = Sample::document();
        assert!(matches!(load(document, &bomb), Err(DocumentError::Saved(_))));
        for spec in [
            0x03,
            0x13,
            TIME,
            0x34,
            0x35,
            0x40,
            PARENTS,
            SUCCESSOR_ACTORS,
            SUCCESSOR_COUNTERS,
        ] {
            let column = if spec & TYPE == BOOLEAN {
                unsigned(50_000_000)
            } else if spec & TYPE == TEXT {
                run(50_000_000, &prefixed(b"k"))
            } else {
                run(50_000_000, &[0])
            };
            assert_eq!(
                code(&saved(&[(spec, column.clone())])),
                "too_many_ops",
                "{spec:#x}"
            );
            let hidden = saved(&[(spec | DEFLATED, deflated(&column))]);
            assert_eq!(code(&hidden), "too_many_ops", "{spec:#x}, deflated");
        }
        assert_eq!(check_saved(&saved(&[(CHANGE_ACTOR, run(2, &[0]))])), Ok(()));
    }

    #[test]
    fn what_a_column_inflates_to_is_bounded() {
        let zeros = vec![0; usize::try_from(SAVED_BYTES_MAX).unwrap() / 2 + 1];
        let column = deflated(&zeros);
        assert!(column.len() < 100_000, "{} bytes", column.len());
        let raw = 0x57 | DEFLATED;
        assert_eq!(check_saved(&saved(&[(raw, column.clone())])), Ok(()));
        assert_eq!(code(&saved(&[(raw, column.clone()), (raw, column)])), "too_large");
        assert_eq!(code(&saved(&[(raw, vec![0xff; 8])])), "malformed");
    }

    #[test]
    fn anything_but_one_document_is_refused() {
        let honest = saved(&[]);
        assert_eq!(check_saved(&honest), Ok(()));
        assert_eq!(code(&[&honest[..], &honest[..]].concat()), "malformed");
        for end in 0..honest.len() {
            assert!(check_saved(&honest[..end]).is_err(), "cut at {end}");
        }
    }
}
