//! Thumbnails: a small JPEG of a photo, upright, and without what the camera wrote beside the picture.
//!
//! Pictures come from a camera or from any file a person picked, so the decoder is bounded, and what it makes of damage
//! ends here: a photo without a thumbnail is still a photo.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fieldline_model::blob::THUMB_BYTES_MAX;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

/// Longest side of the first try, and how it goes down until the bytes fit.
const SIDES: [u32; 4] = [320, 240, 160, 96];
const QUALITIES: [u8; 3] = [75, 55, 35];
/// Memory for a picture: 64 megapixels, more than a phone's camera has.
const DECODE_BYTES_MAX: u64 = 64 * 1_000_000 * 4;

/// A thumbnail; `None` where the picture cannot be read, is too large, or is of a kind that only apps can read.
pub(crate) fn thumb(photo: &[u8]) -> Option<Vec<u8>> {
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(photo))).ok()?;
    let image = match decoded {
        Ok(image) => image,
        Err(error) => {
            tracing::debug!(%error, "no thumbnail");
            return None;
        }
    };
    for side in SIDES {
        let small = image.thumbnail(side, side).to_rgb8();
        for quality in QUALITIES {
            let mut bytes = Vec::new();
            JpegEncoder::new_with_quality(&mut bytes, quality)
                .encode_image(&small)
                .ok()?;
            if bytes.len() as u64 <= THUMB_BYTES_MAX {
                return Some(bytes);
            }
        }
    }
    None
}

fn decode(photo: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::new(Cursor::new(photo)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(width: u32, height: u32) -> Vec<u8> {
        let mut state = 1_u32;
        let image = image::RgbImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_le_bytes();
            image::Rgb([a, b, c])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 95)
            .encode_image(&image)
            .unwrap();
        bytes
    }

    #[test]
    fn even_noise_fits_and_damage_makes_no_thumbnail() {
        let photo = noise(1_600, 1_200);
        assert!(photo.len() > 1_000_000);
        let small = thumb(&photo).unwrap();
        assert!(small.len() as u64 <= THUMB_BYTES_MAX, "{}", small.len());
        let back = image::load_from_memory(&small).unwrap();
        assert!(back.width() > back.height() && back.width() <= 320);
        assert_eq!(thumb(b"\xff\xd8\xff\xe0 and nothing more"), None);
        assert_eq!(thumb(b"RIFF....WEBPVP8 "), None);
    }

    /// What a camera writes beside a picture tells where it was taken. A turned phone writes there as well how to hold it.
    #[test]
    fn a_thumbnail_is_upright_and_tells_no_place() {
        let photo = noise(400, 200);
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS 30.27 120.15";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let turned = [&photo[..2], &[0xff, 0xe1], &length, exif, &photo[2..]].concat();
        let small = thumb(&turned).unwrap();
        let back = image::load_from_memory(&small).unwrap();
        assert!(back.height() > back.width(), "turned upright");
        assert!(!small.windows(3).any(|bytes| bytes == b"GPS"));
    }
}
