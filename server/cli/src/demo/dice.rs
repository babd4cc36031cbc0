//! Chance that can be repeated: everything the day leaves to chance is a function of the seed and a name.
//!
//! A decision is drawn from the thing it is about, never from a running stream: a demo that was killed and started
//! again decides the same, because nothing depends on how often somebody asked before.

/// Draws for one named thing.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    /// The dice of the thing with this name under this seed.
    pub(super) fn of(seed: u64, name: &str) -> Self {
        // FNV-1a; the mixing below does the rest.
        let bytes = seed.to_be_bytes().into_iter().chain(name.bytes());
        let state = bytes.fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self { state }
    }

    /// Sixty-four bits: splitmix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low))
            .unwrap_or(0)
            .saturating_add(1);
        low.saturating_add(i64::try_from(self.next() % span).unwrap_or(0))
    }

    /// True in so many cases of a hundred.
    pub(super) fn percent(&mut self, share: i64) -> bool {
        self.between(0, 99) < share
    }

    /// A number from 0 up to, not including, 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }

    /// So many bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_be_bytes()[0])
    }

    /// The same things in another order.
    pub(super) fn shuffled<T>(&mut self, things: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut keyed: Vec<(u64, T)> = things.into_iter().map(|thing| (self.next(), thing)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, thing)| thing).collect()
    }

    /// One of these, if there are any.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).ok()?.checked_sub(1)?;
        let place = if last < 0 {
            return None;
        } else {
            self.between(0, last)
        };
        from.get(usize::try_from(place).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_draws_the_same_again_and_another_name_something_else() {
        let draw = |name: &str| {
            (0..8)
                .map({
                    let mut dice = Dice::of(7, name);
                    move |_| dice.between(0, 1_000)
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut dice = Dice::of(1, "range");
        for _ in 0..1_000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert!((0.0..1.0).contains(&dice.share()));
        }
        assert!(dice.pick::<u8>(&[]).is_none());
        assert!(!dice.percent(0) && dice.percent(100));
    }
}
