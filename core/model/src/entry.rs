//! Entries: what an operation leaves in a document, as one JSON string under the operation's id.

use serde::{Deserialize, Serialize};

use crate::id::OperationId;
use crate::operation::{Act, Author, Operation};
use crate::time::DeviceTime;

/// Most predecessors an event may name; an honest one names the heads it saw, nearly always one.
pub const PREV_MAX: usize = 64;

/// The value stored under an operation's id. The field names are part of the document format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What was done.
    pub act: Act,
    /// By whom.
    pub by: Author,
    /// When, as the device saw it.
    pub at: DeviceTime,
    /// Only for events: the newest events the author had seen, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prev: Vec<OperationId>,
}

impl Entry {
    /// The entry of an operation whose author had seen `prev`.
    #[must_use]
    pub fn of(operation: &Operation, mut prev: Vec<OperationId>) -> Self {
        prev.sort_unstable();
        prev.dedup();
        Self {
            act: operation.act.clone(),
            by: operation.by,
            at: operation.at,
            prev,
        }
    }

    /// The JSON text that stands in the document.
    ///
    /// # Errors
    /// When a number in the act has no JSON form (a reading that is not finite).
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a stored entry; `None` for a kind this version does not know, or for damage.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::VisitId;
    use crate::time::Timestamp;

    #[test]
    fn the_stored_text_is_as_committed() {
        let entry = Entry {
            act: Act::Accept {
                visit: VisitId::from_bytes([1; 16]),
            },
            by: Author::Customer,
            at: DeviceTime::exact(Timestamp::from_ms(5)),
            prev: vec![OperationId::from_bytes([2; 16])],
        };
        let text = entry.to_text().unwrap();
        let visit = VisitId::from_bytes([1; 16]);
        let prev = OperationId::from_bytes([2; 16]);
        let expected = format!(
            r#"{{"act":{{"accept":{{"visit":"{visit}"}}}},"by":"customer","at":{{"wall":5,"boot":0,"up_ms":0,"offset_ms":0}},"prev":["{prev}"]}}"#
        );
        assert_eq!(text, expected);
        assert_eq!(Entry::read(&text), Some(entry));
    }

    #[test]
    fn a_stored_photo_is_as_committed() {
        use crate::blob::{BlobHash, Media};
        use crate::operation::{Photo, PhotoKind, Thumb};
        let photo = Photo {
            blob: BlobHash([0xab; 32]),
            size: 3_000_000,
            media: Media::Jpeg,
            kind: PhotoKind::Before,
            caption: "铭牌".into(),
            thumb: Some(Thumb {
                blob: BlobHash([0xcd; 32]),
                size: 9_000,
            }),
        };
        let entry = Entry {
            act: Act::Photo(Box::new(photo)),
            by: Author::Server,
            at: DeviceTime::exact(Timestamp::from_ms(5)),
            prev: vec![],
        };
        let (blob, thumb) = ("ab".repeat(32), "cd".repeat(32));
        let expected = format!(
            r#"{{"act":{{"photo":{{"blob":"{blob}","size":3000000,"media":"image/jpeg","kind":"before","caption":"铭牌","thumb":{{"blob":"{thumb}","size":9000}}}}}},"by":"server","at":{{"wall":5,"boot":0,"up_ms":0,"offset_ms":0}}}}"#
        );
        assert_eq!(entry.to_text().unwrap(), expected);
        assert_eq!(Entry::read(&expected), Some(entry));
    }

    #[test]
    fn a_stored_attachment_is_as_committed() {
        use crate::blob::{BlobHash, Media};
        use crate::operation::Attachment;
        let file = Attachment {
            blob: BlobHash([0xab; 32]),
            size: 180_000,
            media: Media::Pdf,
            title_zh: "接线图".into(),
            title_en: "Wiring".into(),
            pages: Some(4),
        };
        let written = |act| Entry {
            act,
            by: Author::Server,
            at: DeviceTime::exact(Timestamp::from_ms(5)),
            prev: vec![],
        };
        let (blob, id) = ("ab".repeat(32), OperationId::from_bytes([2; 16]));
        let rest = r#""by":"server","at":{"wall":5,"boot":0,"up_ms":0,"offset_ms":0}}"#;
        let attach = format!(
            r#"{{"act":{{"attach":{{"blob":"{blob}","size":180000,"media":"application/pdf","title_zh":"接线图","title_en":"Wiring","pages":4}}}},{rest}"#
        );
        let detach = format!(r#"{{"act":{{"detach":{{"attachment":"{id}"}}}},{rest}"#);
        for (act, text) in [
            (Act::Attach(Box::new(file)), attach),
            (Act::Detach { attachment: id }, detach),
        ] {
            let entry = written(act);
            assert_eq!(entry.to_text().unwrap(), text);
            assert_eq!(Entry::read(&text), Some(entry));
        }
    }

    /// Found by `fuzzing::entry`: serde_json's quick reader misses some long numbers by the last place, so a phone's
    /// cached content and the document it wrote disagreed. Its feature `float_roundtrip` reads them exactly.
    #[test]
    fn a_number_is_read_as_it_was_written() {
        for value in [
            7.581573316513816e263,
            31.190_412_345_678_903,
            0.1 + 0.2,
            5e-324,
            f64::MAX,
        ] {
            let entry = Entry {
                act: Act::Answer {
                    item: "pressure".into(),
                    answer: crate::operation::Answer::Reading {
                        value,
                        unit: "bar".into(),
                    },
                },
                by: Author::Server,
                at: DeviceTime::exact(Timestamp::from_ms(5)),
                prev: vec![],
            };
            assert_eq!(Entry::read(&entry.to_text().unwrap()), Some(entry), "{value}");
        }
    }

    #[test]
    fn an_unknown_act_is_not_an_entry() {
        assert_eq!(
            Entry::read(r#"{"act":{"levitate":{}},"by":"server","at":{"wall":5}}"#),
            None
        );
    }
}
