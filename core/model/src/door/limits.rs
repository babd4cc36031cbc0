//! The sizes a change may have, each with its reason. The server's configuration may narrow them, never widen the
//! meaning: phones and server must refuse alike, or a phone keeps what the server throws away.

/// Bounds on one change. Everything that a stranger's bytes can make grow has a field here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole chunk. The largest honest operation is a note of a few kilobytes.
    pub change_bytes_max: usize,
    /// Operations in one change, and rows in any of its columns. A new ticket filled in at once has about 200.
    pub ops_max: u64,
    /// Predecessor ids in the whole change: conflicts at one key have a few, so twice `ops_max` is generous.
    pub preds_max: u64,
    /// Parents of the change. Grows with the devices that wrote at the same time, not with the history.
    pub deps_max: u64,
    /// Actors the change refers to besides its own: the authors of the values it overwrites and of its containers.
    pub other_actors_max: u64,
    /// Bytes of an actor id in the header. Ours have 16; the birth of a document may have another length.
    pub actor_bytes_max: usize,
    /// Bytes of the message, which holds the operation's id and nothing else.
    pub message_bytes_max: usize,
    /// Bytes of one key. A run header repeats a key for free, so this also bounds what decoding may allocate.
    pub key_bytes_max: usize,
    /// Highest time, milliseconds. Far times overflow the delta column in which a document keeps them.
    pub time_max: i64,
    /// Highest operation counter. Documents keep counters in 32 bits; half of that leaves room to heal.
    pub counter_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            change_bytes_max: 64 * 1024,
            ops_max: 5_000,
            preds_max: 10_000,
            deps_max: 256,
            other_actors_max: 256,
            actor_bytes_max: 64,
            message_bytes_max: 64,
            key_bytes_max: 256,
            time_max: 253_402_300_799_999, // the last millisecond of the year 9999
            counter_max: 1 << 31,
        }
    }
}
