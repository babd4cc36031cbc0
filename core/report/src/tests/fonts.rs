//! Fonts: which are taken, and what a damaged one does.

use proptest::prelude::*;

use super::sample::{EN, ZH, font, sample};
use crate::{ReportError, report};

#[test]
fn bytes_that_are_no_font_are_an_error() {
    for bytes in [
        &b""[..],
        b"OTTO",
        b"not a font at all",
        &[0, 1, 0, 0, 0, 200],
        b"ttcf\0\x01\0\0\xff\xff\xff\xff",
    ] {
        assert_eq!(report(&sample(), &ZH, bytes), Err(ReportError::NoFont));
    }
}

/// A font in which nobody could read the form is no help to whoever signs it.
#[test]
fn a_font_without_the_letters_of_the_form_is_an_error_in_that_language_only() {
    let mut latin = font();
    // The range of Chinese letters begins one later, and ends where it begins.
    let range = [0x4e00_u32.to_be_bytes(), 0x9fff_u32.to_be_bytes()].concat();
    let at = latin.windows(8).position(|part| part == range).unwrap();
    latin[at + 4..at + 8].copy_from_slice(&0x4e00_u32.to_be_bytes());
    assert_eq!(report(&sample(), &ZH, &latin), Err(ReportError::LettersMissing));
    assert!(report(&sample(), &EN, &latin).is_ok());
}

#[test]
fn only_the_letters_that_are_used_go_into_the_file() {
    let whole = font().len();
    let pdf = report(&sample(), &ZH, &font()).unwrap();
    assert!(pdf.len() < whole / 4, "{} of {whole}", pdf.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_damaged_font_is_an_error_or_a_paper(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut font = font();
        // Where tables are told and the small ones stand, rather than in the long rows of numbers.
        let few = font.len().min(1_200);
        for (at, value) in damage {
            font[at.index(few)] = value;
        }
        if is_cut {
            font.truncate(length.index(font.len()));
        }
        let _ = report(&sample(), &ZH, &font);
    }
}
