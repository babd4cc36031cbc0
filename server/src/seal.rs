//! The seal on a cursor: HMAC-SHA-256 (RFC 2104) under the server's own key, over device and cursor, cut to 16 bytes.
//!
//! A phone that knows more of the log than the log itself is the proof that the data went back, and a new epoch costs
//! every phone a reading from the start. So only a cursor this server gave out may be such a proof: neither a flipped
//! bit on one phone nor somebody's invention. The key stands in a file beside the database (`keys`) and outlives every
//! older copy that is put in its place.

use fieldline_model::id::DeviceId;
use fieldline_model::wire::{Cursor, Seal};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The server's key for seals.
#[derive(Clone, Copy)]
pub(crate) struct SealKey(pub(crate) [u8; 32]);

impl SealKey {
    /// The cursor with the seal for this device.
    pub(crate) fn sealed(&self, device: DeviceId, cursor: Cursor) -> Cursor {
        let mut seal = Seal::default();
        let whole = self.mac(device, &cursor).finalize().into_bytes();
        seal.copy_from_slice(&whole[..16]);
        Cursor { seal, ..cursor }
    }

    /// True when this server gave the device this cursor. Compares in constant time.
    pub(crate) fn gave(&self, device: DeviceId, cursor: &Cursor) -> bool {
        self.mac(device, cursor)
            .verify_truncated_left(&cursor.seal)
            .is_ok()
    }

    /// Bytes for this name and this purpose, which nobody without the key can foresee.
    pub(crate) fn drawn<const N: usize>(&self, purpose: &str, name: &[u8]) -> [u8; N] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        // A cursor's text has another length and no word in it.
        mac.update(b"fieldline drawn 1\0");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(name);
        let whole = mac.finalize().into_bytes();
        std::array::from_fn(|place| whole[place])
    }

    fn mac(&self, device: DeviceId, cursor: &Cursor) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&device.to_bytes());
        mac.update(&cursor.epoch.to_be_bytes());
        mac.update(&cursor.seq.to_be_bytes());
        mac.update(&cursor.chain);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_for_its_device_and_its_cursor_alone() {
        let key = SealKey([1; 32]);
        let [mine, other] = [[2; 16], [3; 16]].map(DeviceId::from_bytes);
        let cursor = Cursor {
            epoch: 7,
            seq: 42,
            chain: [5; 8],
            seal: Seal::default(),
        };
        assert!(!key.gave(mine, &cursor));
        let sealed = key.sealed(mine, cursor);
        assert!(key.gave(mine, &sealed));
        assert!(!key.gave(other, &sealed));
        assert!(!SealKey([9; 32]).gave(mine, &sealed));
        let changed = [
            Cursor { epoch: 8, ..sealed },
            Cursor { seq: 43, ..sealed },
            Cursor {
                chain: [6; 8],
                ..sealed
            },
        ];
        assert!(changed.iter().all(|cursor| !key.gave(mine, cursor)));
    }
}
