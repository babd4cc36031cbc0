//! What the core may not find out by itself: the time, and chance. Shells and simulators supply both.

use fieldline_model::id::OperationId;
use fieldline_model::time::DeviceTime;

/// The time of a call and a source of random bytes for it.
pub struct Moment<'a> {
    /// The device's clocks. `offset_ms` may be `None`: the engine knows it from the last sync.
    pub time: DeviceTime,
    /// Fills a buffer with random bytes.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

impl std::fmt::Debug for Moment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Moment")
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

impl<'a> Moment<'a> {
    /// A moment at `time` with this source of chance.
    pub fn new(time: DeviceTime, random: &'a mut dyn FnMut(&mut [u8])) -> Self {
        Self { time, random }
    }

    /// So many random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// A new operation id, sorted by the device's estimate of server time.
    pub(crate) fn operation(&mut self) -> OperationId {
        let at = self.time.estimate();
        OperationId::new(at, self.bytes())
    }
}
