//! Which line of a text a byte stands on.

/// Counts lines as an editor does. The reader's own count lags behind blank lines and CRLF.
pub(super) struct LineCounter<'a> {
    text: &'a [u8],
    counted_to: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            counted_to: 0,
            line: 1,
        }
    }

    /// The line of the first byte at or after `start` that is not a line end; `start` never goes back.
    pub(super) fn line_at(&mut self, start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.counted_to) {
            let is_end = matches!(byte, b'\n' | b'\r');
            if self.counted_to >= start && !is_end {
                break;
            }
            let lone_return = *byte == b'\r' && self.text.get(self.counted_to + 1) != Some(&b'\n');
            self.line += u64::from(*byte == b'\n' || lone_return);
            self.counted_to += 1;
        }
        self.line
    }
}
