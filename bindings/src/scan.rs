//! A row of QR codes, as a camera sees them.

use std::sync::{Arc, Mutex, PoisonError};

use fieldline_model::frames::Joiner;

/// The frames of a bundle that a camera has seen so far.
#[derive(Debug, Default, uniffi::Object)]
pub struct BundleScan {
    joiner: Mutex<Joiner>,
}

#[uniffi::export]
impl BundleScan {
    /// Nothing was seen so far.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Adds the text of a code; the bundle's bytes once the last one was seen. Other codes, and those of another bundle,
    /// change nothing. What turns out damaged begins anew.
    #[must_use]
    pub fn seen(&self, text: String) -> Option<Vec<u8>> {
        let mut joiner = self.joiner.lock().unwrap_or_else(PoisonError::into_inner);
        joiner.add(&text).unwrap_or_default()
    }

    /// How many codes were seen.
    #[must_use]
    pub fn count(&self) -> u32 {
        let joiner = self.joiner.lock().unwrap_or_else(PoisonError::into_inner);
        u32::try_from(joiner.seen().0).unwrap_or(u32::MAX)
    }

    /// How many there are; 0 until one was seen.
    #[must_use]
    pub fn total(&self) -> u32 {
        let joiner = self.joiner.lock().unwrap_or_else(PoisonError::into_inner);
        u32::try_from(joiner.seen().1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use fieldline_model::frames::split;

    use super::*;

    #[test]
    fn a_bundle_is_joined_from_its_codes_in_any_order() {
        let bytes: Vec<u8> = (0..800_u16).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let frames = split(&bytes).unwrap();
        let scan = BundleScan::new();
        assert_eq!((scan.count(), scan.total()), (0, 0));
        assert_eq!(scan.seen("https://example.com".into()), None);
        assert_eq!(scan.seen(frames[2].clone()), None);
        assert_eq!(scan.seen(frames[0].clone()), None);
        assert_eq!((scan.count(), scan.total()), (2, 3));
        assert_eq!(scan.seen(frames[1].clone()), Some(bytes));
    }
}
