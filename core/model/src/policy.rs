//! From the writes of a foreign change back to the operation, refusing whatever no honest author writes.
//!
//! An operation writes exactly one entry: one scalar text, at `<path>/<operation id>`, and its id is the change's
//! message. Everything else is forbidden.

use crate::entry::{Entry, PREV_MAX};
use crate::id::{DocumentId, OperationId};
use crate::operation::Operation;
use crate::reason::Reason;
use crate::rules;

/// One write of a change, as the door found it.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// Containers from the root joined by `/`; empty for the root itself.
    pub path: &'a str,
    /// Key in that container.
    pub key: &'a str,
    /// The value when it is a text, otherwise `None`.
    pub text: Option<&'a str>,
    /// Something stands at that key already.
    pub overwrites: bool,
}

/// An operation and the events its author had seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What was done.
    pub operation: Operation,
    /// The newest events the author had seen; empty for entries that are no events.
    pub prev: Vec<OperationId>,
}

/// Reads the one operation a change carries.
///
/// # Errors
/// [`Reason::ForbiddenPath`] for several writes, other places, other keys; [`Reason::BadEntry`] for a value or a
/// message that cannot be read; a reason of [`rules::check_form`] otherwise.
pub fn read(document: DocumentId, message: Option<&str>, writes: &[Write<'_>]) -> Result<Claim, Reason> {
    let [write] = writes else {
        return Err(Reason::ForbiddenPath);
    };
    let id: OperationId = message
        .ok_or(Reason::BadEntry)?
        .parse()
        .map_err(|_| Reason::BadEntry)?;
    if write.overwrites || write.key.parse() != Ok(id) {
        return Err(Reason::ForbiddenPath);
    }
    let text = write.text.ok_or(Reason::BadEntry)?;
    let entry = Entry::read(text).ok_or(Reason::BadEntry)?;
    let path = entry.act.path();
    if write.path != path.key() {
        return Err(Reason::ForbiddenPath);
    }
    let is_event = path == crate::operation::Path::Events;
    if entry.prev.len() > PREV_MAX || (!is_event && !entry.prev.is_empty()) || entry.prev.contains(&id) {
        return Err(Reason::BadEntry);
    }
    let operation = Operation {
        id,
        document,
        by: entry.by,
        at: entry.at,
        act: entry.act,
    };
    rules::check_form(&operation)?;
    Ok(Claim {
        operation,
        prev: entry.prev,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{TicketId, VisitId};
    use crate::operation::{Act, Author};
    use crate::time::{DeviceTime, Timestamp};

    fn sample() -> (DocumentId, OperationId, String) {
        let id = OperationId::from_bytes([3; 16]);
        let document = TicketId::from_bytes([1; 16]).into();
        let engineer = crate::id::EngineerId::from_bytes([5; 16]);
        let operation = Operation {
            id,
            document,
            by: Author::Engineer(engineer),
            at: DeviceTime::exact(Timestamp::from_ms(7)),
            act: Act::Accept {
                visit: VisitId::from_bytes([2; 16]),
            },
        };
        (document, id, Entry::of(&operation, vec![]).to_text().unwrap())
    }

    #[test]
    fn the_honest_write_is_read() {
        let (document, id, text) = sample();
        let key = id.to_string();
        let write = Write {
            path: "events",
            key: &key,
            text: Some(&text),
            overwrites: false,
        };
        let claim = read(document, Some(&key), &[write]).unwrap();
        assert_eq!(claim.operation.id, id);
        assert_eq!(claim.operation.act.word(), "accept");
    }

    #[test]
    fn other_places_keys_and_counts_are_forbidden() {
        let (document, id, text) = sample();
        let key = id.to_string();
        let good = Write {
            path: "events",
            key: &key,
            text: Some(&text),
            overwrites: false,
        };
        let places = [
            Write {
                path: "field",
                ..good
            },
            Write { path: "", ..good },
            Write { key: "x", ..good },
        ];
        for bad in places.into_iter().chain([Write {
            overwrites: true,
            ..good
        }]) {
            assert_eq!(read(document, Some(&key), &[bad]), Err(Reason::ForbiddenPath));
        }
        assert_eq!(
            read(document, Some(&key), &[good, good]),
            Err(Reason::ForbiddenPath)
        );
        assert_eq!(read(document, Some(&key), &[]), Err(Reason::ForbiddenPath));
        assert_eq!(read(document, None, &[good]), Err(Reason::BadEntry));
        assert_eq!(
            read(document, Some(&key), &[Write { text: None, ..good }]),
            Err(Reason::BadEntry)
        );
    }
}
