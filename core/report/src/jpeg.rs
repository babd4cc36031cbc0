//! A small picture as it goes into the file: the same compressed bytes, without what cameras write beside them.
//!
//! Where a picture was taken is nobody's business on paper, so of a JPEG's segments only those that draw it stay. One
//! that ends too early, has no size or a form viewers disagree about is no picture here.

/// Largest side: thumbnails are far smaller, and no viewer must be made to unpack a poster.
const SIDE_MAX: u16 = 4_096;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Jpeg {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) is_grey: bool,
}

/// Start of a picture, its end, start of the compressed part.
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

impl Jpeg {
    /// The picture in these bytes; `None` for a damaged one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[0xff, SOI])?;
        // Bytes after the end draw nothing.
        let end = bytes.windows(2).rposition(|pair| pair == [0xff, EOI])?;
        let mut kept = vec![0xff, SOI];
        let mut size = None;
        loop {
            let (marker, tail) = marker(rest)?;
            let length = usize::from(u16::from_be_bytes([*tail.first()?, *tail.get(1)?]));
            let segment = tail.get(..length).filter(|_| length >= 2)?;
            if marker == SOS {
                let scan = bytes.get(bytes.len() - rest.len()..end + 2)?;
                // A head without anything compressed behind it.
                if scan.len() <= length + 4 {
                    return None;
                }
                kept.extend(scan);
                break;
            }
            if is_frame(marker) {
                size = Some(frame(marker, segment)?);
            }
            if draws(marker) {
                kept.extend([0xff, marker]);
                kept.extend(segment);
            }
            rest = tail.get(length..)?;
        }
        let (width, height, is_grey) = size?;
        Some(Self {
            bytes: kept,
            width,
            height,
            is_grey,
        })
    }
}

/// The next marker, past what fills before it, and what follows.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes.strip_prefix(&[0xff])?;
    while let Some(tail) = rest.strip_prefix(&[0xff]) {
        rest = tail;
    }
    let (marker, tail) = rest.split_first()?;
    // Others have no length, and none of them stands before the compressed part.
    matches!(marker, 0xc0..=0xcf | SOS..=0xfe).then_some((*marker, tail))
}

/// Tells the size: SOF0 to SOF15 but for three that are tables.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Frames, tables, the restart interval, and the two application segments that say how colours are meant.
fn draws(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf | 0xdb | 0xdd | 0xe0 | 0xee)
}

/// Width, height and whether it is grey, of a form every viewer knows: 8 bits, grey or three colours.
fn frame(marker: u8, segment: &[u8]) -> Option<(u16, u16, bool)> {
    let is_common = matches!(marker, 0xc0..=0xc2);
    let &[_, _, bits, h1, h0, w1, w0, colours, ..] = segment else {
        return None;
    };
    let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
    let is_sized = (1..=SIDE_MAX).contains(&width) && (1..=SIDE_MAX).contains(&height);
    (is_common && bits == 8 && is_sized && matches!(colours, 1 | 3)).then_some((width, height, colours == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sample::{JPEG_TAIL, jpeg};

    #[test]
    fn a_picture_keeps_what_draws_it_and_loses_where_it_was_taken() {
        let plain = Jpeg::read(&jpeg(&[])).unwrap();
        assert_eq!((plain.width, plain.height, plain.is_grey), (16, 8, true));
        let mut beside = vec![0xff, 0xe1, 0, 8];
        beside.extend(b"Exif\0\0");
        let with = jpeg(&beside);
        assert_ne!(with, jpeg(&[]));
        assert_eq!(Jpeg::read(&with).unwrap(), plain);
        let mut longer = with.clone();
        longer.extend(b"more after the end");
        assert_eq!(Jpeg::read(&longer).unwrap(), plain);
    }

    #[test]
    fn a_damaged_picture_is_none() {
        let whole = jpeg(&[]);
        let end = whole.len() - 2;
        for cut in 0..=end {
            assert_eq!(Jpeg::read(&whole[..cut]), None, "{cut} of {}", whole.len());
        }
        assert_eq!(JPEG_TAIL, &whole[end..]);
        for (at, value) in [(0, 0), (3, 0), (4, 0xff)] {
            let mut bad = whole.clone();
            bad[at] = value;
            assert_eq!(Jpeg::read(&bad), None, "byte {at}");
        }
        assert_eq!(Jpeg::read(b"\x89PNG\r\n\x1a\n"), None);
    }
}
