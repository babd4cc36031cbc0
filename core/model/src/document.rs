//! The layout of documents over automerge: births, authoring, reading.
//!
//! A document is a few flat maps made at birth, into which entries are inserted under the id of their operation.
//! Nothing is overwritten, deleted or nested later, and there is no Text and no list: concurrent writers can then
//! neither hide nor splice each other's work. Births are byte-identical wherever they are made.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, AutomergeError, ChangeHash, ObjType, ROOT, ReadDoc, Value};

use crate::entry::Entry;
use crate::fold::Events;
use crate::id::{DocumentId, DocumentKind, OperationId};
use crate::operation::{Act, Attachment, Operation, Path};

/// The actor of every birth. No device's actor can equal it but by a hash collision.
const BIRTH_ACTOR: &[u8; 16] = b"fieldline birth\0";

/// What authoring or reading a document can fail with.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// automerge would not have it.
    #[error("document: {0}")]
    Crdt(#[from] AutomergeError),
    /// A value has no JSON form.
    #[error("entry: {0}")]
    Entry(#[from] serde_json::Error),
    /// The bytes are no single saved document, or claim more than they can hold.
    #[error("saved document: {0}")]
    Saved(#[from] crate::door::Refusal),
    /// The bytes hold a document that was not born as this one.
    #[error("not a document of this kind: {0} is missing")]
    Layout(&'static str),
    /// The operation's id stands in the document already.
    #[error("operation {0} is in the document already")]
    Twice(OperationId),
    /// automerge panicked on these bytes.
    #[error("the CRDT library panicked")]
    Panicked,
}

/// The containers a kind of document is born with.
#[must_use]
pub fn paths(kind: DocumentKind) -> &'static [Path] {
    match kind {
        DocumentKind::Ticket => &[Path::Events, Path::Field, Path::Customer],
        DocumentKind::Article => &[Path::Sections, Path::Annotations],
    }
}

/// A new document as everybody makes it: same bytes and same head everywhere for the same id.
///
/// # Errors
/// Only if automerge refuses to make a map, which it never did.
pub fn birth(document: DocumentId) -> Result<Automerge, DocumentError> {
    let mut doc = Automerge::new();
    doc.set_actor(ActorId::from(&BIRTH_ACTOR[..]));
    let mut tx = doc.transaction();
    for path in paths(document.kind()) {
        tx.put_object(ROOT, path.key(), ObjType::Map)?;
    }
    tx.commit_with(
        CommitOptions::default()
            .with_time(0)
            .with_message(format!("birth {document}")),
    );
    Ok(doc)
}

/// Loads a whole saved document. Damage and panics are errors; partial loads do not happen.
///
/// # Errors
/// When the bytes are damaged, claim more rows than they can hold, or hold no document of this kind.
pub fn load(document: DocumentId, bytes: &[u8]) -> Result<Automerge, DocumentError> {
    crate::door::check_saved(bytes)?;
    let loaded =
        std::panic::catch_unwind(|| Automerge::load(bytes)).map_err(|_| DocumentError::Panicked)??;
    for path in paths(document.kind()) {
        container(&loaded, *path)?;
    }
    Ok(loaded)
}

fn container(doc: &Automerge, path: Path) -> Result<automerge::ObjId, DocumentError> {
    match doc.get(ROOT, path.key())? {
        Some((Value::Object(ObjType::Map), id)) => Ok(id),
        _ => Err(DocumentError::Layout(path.key())),
    }
}

/// A change just authored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authored {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its bytes, uncompressed, as the wire carries them.
    pub bytes: Vec<u8>,
    /// The entry's text, as it stands in the document.
    pub text: String,
}

/// Writes an operation into the document as one change by `actor`. `prev` are the newest events the author has
/// seen; it counts for events only.
///
/// # Errors
/// [`DocumentError::Twice`] when the id stands there already; otherwise as automerge says. The document is unchanged
/// on error.
pub fn author(
    doc: &mut Automerge,
    actor: &[u8],
    operation: &Operation,
    prev: Vec<OperationId>,
) -> Result<Authored, DocumentError> {
    let path = operation.act.path();
    let container = container(doc, path)?;
    let key = operation.id.to_string();
    if doc.get(&container, key.as_str())?.is_some() {
        return Err(DocumentError::Twice(operation.id));
    }
    let prev = if path == Path::Events { prev } else { Vec::new() };
    let text = Entry::of(operation, prev).to_text()?;
    doc.set_actor(ActorId::from(actor));
    let mut tx = doc.transaction();
    tx.put(&container, key.as_str(), text.as_str())?;
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(0).with_message(&key));
    let hash = hash.ok_or(DocumentError::Layout("a change"))?;
    let change = doc
        .get_change_by_hash(&hash)
        .ok_or(DocumentError::Layout("the new change"))?;
    Ok(Authored {
        hash,
        bytes: change.raw_bytes().to_vec(),
        text,
    })
}

/// Everything a document says, read once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// The events, for the fold. Empty for articles.
    pub events: Events,
    /// All other entries by path and operation; unreadable ones are left out and counted.
    pub entries: BTreeMap<(Path, OperationId), Entry>,
    /// Entries this version cannot read.
    pub unreadable: usize,
}

impl Content {
    /// The entries under one path, by operation id.
    pub fn under(&self, path: Path) -> impl Iterator<Item = (OperationId, &Entry)> {
        self.entries
            .iter()
            .filter(move |((p, _), _)| *p == path)
            .map(|((_, id), entry)| (*id, entry))
    }

    /// All operations, each with its path.
    pub fn operations(&self) -> impl Iterator<Item = (Path, OperationId)> {
        let events = self.events.entries().keys().map(|id| (Path::Events, *id));
        events.chain(self.entries.keys().copied())
    }

    /// Adds what [`author`] just wrote, so that a cached content need not be read again.
    pub fn add(&mut self, operation: &Operation, prev: Vec<OperationId>) {
        let path = operation.act.path();
        if path == Path::Events {
            self.events.insert_entry(operation.id, Entry::of(operation, prev));
        } else {
            self.entries
                .insert((path, operation.id), Entry::of(operation, Vec::new()));
        }
    }

    /// The files an article has: what was attached and not taken away, whatever came first. Each with the operation that
    /// attached it, in their order.
    #[must_use]
    pub fn attachments(&self) -> Vec<(OperationId, &Attachment)> {
        let gone: BTreeSet<OperationId> = self
            .under(Path::Sections)
            .filter_map(|(_, entry)| match entry.act {
                Act::Detach { attachment } => Some(attachment),
                _ => None,
            })
            .collect();
        let files = self
            .under(Path::Sections)
            .filter_map(|(id, entry)| match &entry.act {
                Act::Attach(file) => Some((id, &**file)),
                _ => None,
            });
        files.filter(|(id, _)| !gone.contains(id)).collect()
    }

    /// The operation's entry, under whatever path.
    #[must_use]
    pub fn entry(&self, id: OperationId) -> Option<&Entry> {
        let others = || self.entries.iter().find(|((_, other), _)| *other == id);
        self.events
            .entries()
            .get(&id)
            .or_else(|| others().map(|(_, entry)| entry))
    }

    /// True when the operation's entry is here.
    #[must_use]
    pub fn holds(&self, path: Path, id: OperationId) -> bool {
        if path == Path::Events {
            self.events.holds(id)
        } else {
            self.entries.contains_key(&(path, id))
        }
    }
}

/// Reads a document.
///
/// # Errors
/// When it was not born as this kind.
pub fn content(document: DocumentId, doc: &Automerge) -> Result<Content, DocumentError> {
    let mut content = Content::default();
    for path in paths(document.kind()) {
        let container = container(doc, *path)?;
        let keys: Vec<String> = doc.keys(&container).collect();
        for key in keys {
            let Ok(id) = key.parse::<OperationId>() else {
                content.unreadable += 1;
                continue;
            };
            let values = doc.get_all(&container, key.as_str())?;
            let texts: Vec<&str> = values.iter().filter_map(|(value, _)| value.as_str()).collect();
            if *path == Path::Events {
                content.events.insert(id, texts.iter().copied());
            } else {
                let mut sorted = texts;
                sorted.sort_unstable();
                match sorted.into_iter().find_map(Entry::read) {
                    Some(entry) => {
                        content.entries.insert((*path, id), entry);
                    }
                    None => content.unreadable += 1,
                }
            }
        }
    }
    Ok(content)
}

/// The bytes of every change of a document, as its author wrote them and the wire carries them, by hash. A document holds
/// its whole history; that is how a change comes back whose bytes are kept nowhere else.
#[must_use]
pub fn changes(doc: &Automerge) -> BTreeMap<[u8; 32], Vec<u8>> {
    let all = doc.get_changes(&[]);
    all.iter()
        .map(|change| (change.hash().0, change.raw_bytes().to_vec()))
        .collect()
}

/// The heads as sorted 32-byte hashes.
#[must_use]
pub fn heads(doc: &Automerge) -> Vec<[u8; 32]> {
    let mut heads: Vec<[u8; 32]> = doc.get_heads().iter().map(|hash| hash.0).collect();
    heads.sort_unstable();
    heads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob::{BlobHash, Media};
    use crate::id::{ArticleId, EngineerId, TicketId, VisitId};
    use crate::operation::Author;
    use crate::time::{DeviceTime, Timestamp};

    fn ticket() -> DocumentId {
        TicketId::from_bytes([1; 16]).into()
    }

    fn operation(n: u8) -> Operation {
        Operation {
            id: OperationId::from_bytes([n; 16]),
            document: ticket(),
            by: Author::Engineer(EngineerId::from_bytes([9; 16])),
            at: DeviceTime::exact(Timestamp::from_ms(1)),
            act: Act::Accept {
                visit: VisitId::from_bytes([4; 16]),
            },
        }
    }

    #[test]
    fn births_are_byte_identical() {
        let one = birth(ticket()).unwrap().save();
        assert_eq!(one, birth(ticket()).unwrap().save());
        let other = birth(TicketId::from_bytes([2; 16]).into()).unwrap();
        assert_ne!(birth(ticket()).unwrap().get_heads(), other.get_heads());
    }

    #[test]
    fn authored_changes_are_read_again_elsewhere() {
        let mut here = birth(ticket()).unwrap();
        let authored = author(&mut here, &[7; 16], &operation(3), vec![]).unwrap();
        let mut there = birth(ticket()).unwrap();
        let change = automerge::Change::from_bytes(authored.bytes.clone()).unwrap();
        assert_eq!(change.hash(), authored.hash);
        there.apply_changes([change]).unwrap();
        assert_eq!(
            content(ticket(), &here).unwrap(),
            content(ticket(), &there).unwrap()
        );
        let mut quick = content(ticket(), &birth(ticket()).unwrap()).unwrap();
        quick.add(&operation(3), vec![]);
        assert_eq!(quick, content(ticket(), &there).unwrap());
    }

    #[test]
    fn a_document_gives_its_changes_back_as_they_were_written() {
        let mut doc = birth(ticket()).unwrap();
        let one = author(&mut doc, &[7; 16], &operation(3), vec![]).unwrap();
        let two = author(&mut doc, &[8; 16], &operation(4), vec![]).unwrap();
        let again = load(ticket(), &doc.save_nocompress()).unwrap();
        let changes = changes(&again);
        assert_eq!(changes.len(), 3, "the birth and two");
        assert_eq!(changes[&one.hash.0], one.bytes);
        assert_eq!(changes[&two.hash.0], two.bytes);
    }

    #[test]
    fn a_long_document_loads_saved_either_way() {
        let mut doc = birth(ticket()).unwrap();
        for n in 0..120 {
            let side = doc.fork();
            author(&mut doc, &[7; 16], &operation(2 * n + 3), vec![]).unwrap();
            let mut side = side;
            author(&mut side, &[8; 16], &operation(2 * n + 4), vec![]).unwrap();
            doc.merge(&mut side).unwrap();
        }
        for bytes in [doc.save(), doc.save_nocompress()] {
            assert_eq!(heads(&load(ticket(), &bytes).unwrap()), heads(&doc));
        }
    }

    #[test]
    fn an_operation_is_written_once() {
        let mut doc = birth(ticket()).unwrap();
        author(&mut doc, &[7; 16], &operation(3), vec![]).unwrap();
        let again = author(&mut doc, &[7; 16], &operation(3), vec![]);
        assert!(matches!(again, Err(DocumentError::Twice(_))));
    }

    #[test]
    fn a_foreign_document_does_not_load_as_a_ticket() {
        assert!(matches!(
            load(ticket(), &Automerge::new().save()),
            Err(DocumentError::Layout("events"))
        ));
        assert!(load(ticket(), b"not a document").is_err());
    }

    fn file(blob: u8, title: &str) -> Act {
        Act::Attach(Box::new(Attachment {
            blob: BlobHash([blob; 32]),
            size: 9,
            media: Media::Pdf,
            title_zh: title.into(),
            title_en: title.into(),
            pages: None,
        }))
    }

    /// Some acts of HQ on one article, under ids 1, 2, 3 …
    fn article(acts: &[Act]) -> (DocumentId, Automerge) {
        let document: DocumentId = ArticleId::from_bytes([1; 16]).into();
        let mut doc = birth(document).unwrap();
        for (n, act) in (1..).zip(acts) {
            let operation = Operation {
                document,
                by: Author::Server,
                act: act.clone(),
                ..operation(n)
            };
            author(&mut doc, &[7; 16], &operation, vec![]).unwrap();
        }
        (document, doc)
    }

    #[test]
    fn an_article_has_the_files_that_were_not_taken_away() {
        let away = |n| Act::Detach {
            attachment: OperationId::from_bytes([n; 16]),
        };
        // The first is taken away by an id below its own: clocks at HQ go back.
        let acts = [away(2), file(1, "a"), file(2, "b"), file(1, "again"), away(3)];
        let (document, doc) = article(&acts);
        let content = content(document, &doc).unwrap();
        let titles: Vec<&str> = content
            .attachments()
            .iter()
            .map(|(_, file)| file.title_en.as_str())
            .collect();
        assert_eq!(titles, ["again"]);
    }

    /// What a reader of before makes of an act it does not know, as of `attach` in the version before it.
    #[test]
    fn an_act_of_a_newer_version_leaves_the_rest_of_an_article_readable() {
        let (document, mut doc) = article(&[file(1, "a"), file(2, "b")]);
        let sections = container(&doc, Path::Sections).unwrap();
        let mut tx = doc.transaction();
        let key = OperationId::from_bytes([9; 16]).to_string();
        let newer = r#"{"act":{"engrave":{"depth":3}},"by":"server","at":{"wall":5,"boot":0,"up_ms":0,"offset_ms":0}}"#;
        tx.put(&sections, key.as_str(), newer).unwrap();
        tx.commit();
        let loaded = load(document, &doc.save()).unwrap();
        let read = content(document, &loaded).unwrap();
        assert_eq!((read.attachments().len(), read.unreadable), (2, 1));
    }
}
