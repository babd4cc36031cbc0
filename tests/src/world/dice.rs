//! Chance that can be repeated: xoshiro256** seeded by splitmix64. The only source of randomness of a world.

/// A seeded source of chance. The same seed and the same questions give the same answers on every machine.
#[derive(Debug, Clone)]
pub struct Dice {
    state: [u64; 4],
}

/// One step of splitmix64, which spreads a seed over the state.
fn splitmix(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Dice {
    /// Dice that fall as this seed says.
    #[must_use]
    pub fn new(mut seed: u64) -> Self {
        Self {
            state: std::array::from_fn(|_| splitmix(&mut seed)),
        }
    }

    /// Other dice, decided by these: what one part of a world rolls does not disturb another part.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self::new(self.roll())
    }

    /// 64 random bits.
    pub fn roll(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        result
    }

    /// A number below `limit`; 0 when there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        // The bias of a remainder is far below what any test here could notice.
        usize::try_from(self.roll() % limit.max(1)).unwrap_or(0)
    }

    /// A number of milliseconds from 0 to `limit`, exclusive.
    pub fn ms(&mut self, limit: i64) -> i64 {
        i64::try_from(self.roll() % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// True in so many of a thousand cases.
    pub fn per_mille(&mut self, chance: u32) -> bool {
        self.roll() % 1000 < u64::from(chance)
    }

    /// One of them, if there are any.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// One of them by weight.
    ///
    /// # Panics
    /// When all weights are 0.
    pub fn weighted<T: Copy>(&mut self, from: &[(u32, T)]) -> T {
        let sum: u32 = from.iter().map(|(weight, _)| weight).sum();
        let mut place = self.below(usize::try_from(sum).unwrap_or(0));
        for (weight, item) in from {
            let weight = usize::try_from(*weight).unwrap_or(0);
            if place < weight {
                return *item;
            }
            place -= weight;
        }
        panic!("a choice without weights")
    }

    /// Fills with random bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let roll = self.roll().to_le_bytes();
            chunk.copy_from_slice(&roll[..chunk.len()]);
        }
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_another_seed_does_not() {
        let rolls = |seed| {
            (0..5)
                .map({
                    let mut dice = Dice::new(seed);
                    move |_| dice.roll()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(rolls(1), rolls(1));
        assert_ne!(rolls(1), rolls(2));
    }

    #[test]
    fn every_face_comes_up() {
        let mut dice = Dice::new(7);
        let mut seen = [false; 6];
        for _ in 0..200 {
            seen[dice.below(6)] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
