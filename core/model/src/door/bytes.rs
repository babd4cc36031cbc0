//! A reader over foreign bytes: every length is checked against what is there, nothing is allocated.
//! Numbers are LEB128 and must be in their shortest form, as automerge's own parser asks.

use super::refusal::Refusal;

const ENDS_EARLY: Refusal = Refusal::Malformed("ends early");
const BAD_NUMBER: Refusal = Refusal::Malformed("bad number");

#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, count: u64) -> Result<&'a [u8], Refusal> {
        let count = usize::try_from(count).map_err(|_| ENDS_EARLY)?;
        let (head, tail) = self.rest.split_at_checked(count).ok_or(ENDS_EARLY)?;
        self.rest = tail;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(ENDS_EARLY)?;
        self.rest = tail;
        Ok(*head)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Refusal> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A length, then that many bytes.
    pub(super) fn prefixed(&mut self) -> Result<&'a [u8], Refusal> {
        let length = self.unsigned()?;
        self.take(length)
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut value = 0_u64;
        for index in 0..10_u32 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                let too_wide = index == 9 && byte > 1;
                let too_long = index > 0 && byte == 0;
                return if too_wide || too_long {
                    Err(BAD_NUMBER)
                } else {
                    Ok(value)
                };
            }
        }
        Err(BAD_NUMBER)
    }

    pub(super) fn signed(&mut self) -> Result<i64, Refusal> {
        let mut value = 0_i64;
        let mut previous = 0_u8;
        for index in 0..10_u32 {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                let too_wide = index == 9 && byte != 0 && byte != 0x7f;
                let too_long =
                    index > 0 && (byte == 0 && previous & 0x40 == 0 || byte == 0x7f && previous & 0x40 != 0);
                if too_wide || too_long {
                    return Err(BAD_NUMBER);
                }
                if index < 9 && byte & 0x40 != 0 {
                    value |= -1_i64 << (7 * (index + 1));
                }
                return Ok(value);
            }
            previous = byte;
        }
        Err(BAD_NUMBER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_edges_are_read_and_overlong_ones_are_not() {
        let max = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(Reader::new(&max).unsigned(), Ok(u64::MAX));
        let min = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(Reader::new(&min).signed(), Ok(i64::MIN));
        assert_eq!(Reader::new(&[0x3f]).signed(), Ok(63));
        assert_eq!(Reader::new(&[0x80, 0x40]).signed(), Ok(-8192));
        assert_eq!(Reader::new(&[0x81, 0x00]).unsigned(), Err(BAD_NUMBER));
        assert_eq!(Reader::new(&[0x81, 0xff, 0x7f]).signed(), Err(BAD_NUMBER));
        assert_eq!(Reader::new(&[0x80]).unsigned(), Err(ENDS_EARLY));
    }

    #[test]
    fn a_length_past_the_end_is_refused() {
        assert_eq!(Reader::new(&[0xff, 0xff, 0x7f, 1]).prefixed(), Err(ENDS_EARLY));
    }
}
