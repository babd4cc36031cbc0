//! QR codes in pictures: photos and screenshots, JPEG or PNG. Nothing is trusted of what they say; that is the reader's.

use std::io::Cursor;

use image::{ImageReader, Limits};
use rqrr::PreparedImage;

/// Largest picture that is looked at, in bytes: as a photo's.
pub(crate) const PICTURE_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Most memory a picture may unfold to: 50 million pixels in colour.
const DECODE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Bytes that are no picture this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPicture;

/// Whether bytes begin as a picture does.
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(&[0xff, 0xd8, 0xff])
}

/// The texts of the codes in a picture; none where there is none that can be read.
pub(crate) fn codes(bytes: &[u8]) -> Result<Vec<String>, NoPicture> {
    if bytes.len() as u64 > PICTURE_BYTES_MAX {
        return Err(NoPicture);
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| NoPicture)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let image = reader.decode().map_err(|_| NoPicture)?.into_luma8();
    let (width, row) = (image.width() as usize, image.as_raw());
    Ok(codes_in(width, image.height() as usize, |x, y| {
        row[y * width + x]
    }))
}

/// The texts of the codes in grey pixels.
pub(super) fn codes_in(width: usize, height: usize, grey: impl FnMut(usize, usize) -> u8) -> Vec<String> {
    let mut image = PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = image.detect_grids();
    grids
        .iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::Drawn;

    #[test]
    fn what_is_no_picture_or_no_code_is_told_apart_from_one() {
        let png = Drawn::of("FLC1-AAAA").unwrap().png();
        assert!(is_picture(&png));
        assert_eq!(codes(&png).unwrap(), ["FLC1-AAAA"]);
        assert_eq!(codes(&png[..png.len() / 2]), Err(NoPicture), "cut");
        assert_eq!(codes(b"FLC1-AAAA"), Err(NoPicture));
        let mut blank = Cursor::new(Vec::new());
        image::GrayImage::from_pixel(100, 100, image::Luma([255]))
            .write_to(&mut blank, image::ImageFormat::Png)
            .unwrap();
        assert_eq!(codes(&blank.into_inner()).unwrap(), Vec::<String>::new());
        for tiny in 0..4 {
            assert_eq!(codes_in(tiny, tiny, |_, _| 0), Vec::<String>::new());
        }
    }
}
