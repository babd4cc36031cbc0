//! A form sent twice counts once: everything it does is named after its `once`, its sender and its content.
//!
//! The name of an operation is derived, so a form that comes again makes the same name and the door tells the first
//! fate. The content is part of it because a browser's "back" brings an old form with new words in it.

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};

use super::Web;
use crate::app::Edge;

/// A form is taken for this long; an older one gets names of its own.
const AGE_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;

/// Where the names of one form's work come from.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    at: Timestamp,
    seed: [u8; 32],
}

impl Once {
    /// A value for the hidden field of a form that is drawn now.
    pub(crate) fn fresh(edge: &Edge) -> String {
        edge.id(OperationId::new).to_string()
    }

    /// Reads the field back. `sender` keeps one person's names out of another's; a field that is no name, is too old or
    /// from the future counts as fresh.
    pub(crate) fn read(web: &Web, field: &str, sender: &str) -> Self {
        let now = web.app.now();
        let (at, name) = named(now, field).unwrap_or_else(|| (now, Self::fresh(web.app.edge())));
        let seed = Sha256::new()
            .chain_update("once\0")
            .chain_update(sender)
            .chain_update([0])
            .chain_update(name)
            .finalize();
        Self {
            at,
            seed: seed.into(),
        }
    }

    /// The field for the same form drawn again: what came in after all counts once, and a field that is no name any
    /// more is replaced.
    pub(crate) fn kept(web: &Web, field: &str) -> String {
        match named(web.app.now(), field) {
            Some((_, name)) => name,
            None => Self::fresh(web.app.edge()),
        }
    }

    /// The id called `what` in this form: `once.id(VisitId::new, "visit")`.
    pub(crate) fn id<T>(&self, make: impl FnOnce(Timestamp, [u8; 10]) -> T, what: &str) -> T {
        let digest = Sha256::new()
            .chain_update(self.seed)
            .chain_update(what)
            .finalize();
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        make(self.at, random)
    }

    /// The name of an operation of this form; `content` is what the person typed and chose, not what follows from it:
    /// the second time the same form may find another record.
    pub(crate) fn operation(&self, document: DocumentId, content: &str) -> OperationId {
        self.id(OperationId::new, &format!("{document}\0{content}"))
    }
}

/// The name of the note that gives the reason of an operation. It is derived, so that whoever finds both in a ticket
/// knows what the note explains.
pub(crate) fn reason_of(operation: OperationId) -> OperationId {
    let digest = Sha256::new()
        .chain_update("reason\0")
        .chain_update(operation.to_bytes())
        .finalize();
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    OperationId::new(born(operation), random)
}

/// A field that is a name and young enough, with the moment in it.
fn named(now: Timestamp, field: &str) -> Option<(Timestamp, String)> {
    let at = born(field.parse().ok()?);
    (0..AGE_MS_MAX)
        .contains(&now.since(at))
        .then(|| (at, field.to_owned()))
}

/// The moment in a name.
fn born(id: OperationId) -> Timestamp {
    let bytes = id.to_bytes();
    let ms = bytes[..6]
        .iter()
        .fold(0_i64, |ms, byte| ms << 8 | i64::from(*byte));
    Timestamp::from_ms(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_its_moment() {
        let at = Timestamp::from_ms(1_790_000_000_123);
        assert_eq!(born(OperationId::new(at, [9; 10])), at);
    }
}
