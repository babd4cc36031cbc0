//! Builds one page.

use std::collections::{HashMap, HashSet};

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::row::{Row, RowKind};
use fieldline_model::wire::{
    Bytes, Cursor, Fate, Item, Manifest, PAGE_BYTES_SOFT, PAGE_ITEMS_MAX, Page, Seal, bucket,
};
use rusqlite::Connection;

use super::Held;
use super::catch_up::{CatchUp, CatchUps};
use crate::compact::{Unfolded, Unreadable, is_damaged};
use crate::store::device::Device;
use crate::store::fate::fate_get;
use crate::store::log::{Channel, Entry, feed_held, feed_holds, feed_list, log_chain, log_head};
use crate::store::{StoreError, document, meta, row, scope};

/// Feed entries read at once, per channel.
const CHUNK: usize = 500;
/// Feed entries one page may look at; a page of few items with more to come is better than one that takes for ever.
const LOOKED_AT_MAX: usize = 20_000;
/// Documents sent whole on request, per page.
const WANT_MAX: usize = 100;
/// What a row weighs about, in bytes.
const ROW_BYTES: usize = 250;

/// What one phone asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Which phone.
    pub(crate) device: Device,
    /// Its install.
    pub(crate) install: [u8; 16],
    /// It lost its own changes, so it gets them too.
    pub(crate) restored: bool,
    /// Where it stands.
    pub(crate) from: Cursor,
    /// Documents to be sent whole.
    pub(crate) want: Vec<DocumentId>,
    /// Operations whose fates it is told in this very answer.
    pub(crate) answered: HashSet<OperationId>,
    /// It goes on from a place, after healing; `from` is the start then.
    pub(crate) held: Option<Held>,
    /// Items at most; the last entry may bring a few more.
    pub(crate) items_max: usize,
}

/// Builds the page.
///
/// A document that is damaged is left out, and the others go.
///
/// # Errors
/// As the store says.
pub(crate) fn build_page(
    connection: &Connection,
    wanted: &Wanted,
    ways: &CatchUps,
    unreadable: &Unreadable,
) -> Result<Page, StoreError> {
    let epoch = meta::epoch(connection)?;
    let (head, chain) = log_head(connection)?;
    let from = wanted.from.seq;
    let resumed = wanted.held.as_ref().map(|held| held.differing);
    let way = match &wanted.held {
        Some(held) => CatchUp::of_resumed(held.from, head),
        None => ways.at(wanted.device.id, from, head),
    };
    let mut builder = Builder::new(connection, wanted, way, unreadable);
    builder.add_wanted()?;
    builder.add_held()?;
    let read_to = builder.read()?;
    let more = read_to.is_some();
    let (seq, chain) = match read_to {
        Some(seq) => {
            let chain = log_chain(connection, seq)?;
            (
                seq,
                chain.ok_or_else(|| StoreError::Corrupt("a feed names no log entry".into()))?,
            )
        }
        None => (head, chain),
    };
    // What it holds already, the snapshots of a page that goes on from a place do not show.
    if more && resumed.is_none() {
        ways.go_on(wanted.device.id, way, from, seq);
    } else {
        ways.forget(wanted.device.id);
    }
    let mut short = [0; 8];
    short.copy_from_slice(&chain[..8]);
    Ok(Page {
        from: wanted.from,
        items: builder.finish()?,
        next: Cursor {
            epoch,
            seq,
            chain: short,
            seal: Seal::default(),
        },
        more,
        manifest: if more {
            None
        } else {
            manifest(connection, wanted, unreadable)?
        },
        resumed,
    })
}

/// None while a document of this phone is damaged: it lacks what it cannot be sent, and would read everything again for
/// that. Once the document is whole, the count tells the phone to.
fn manifest(
    connection: &Connection,
    wanted: &Wanted,
    unreadable: &Unreadable,
) -> Result<Option<Manifest>, StoreError> {
    for id in unreadable.list() {
        let is_its = scope::scope_since(connection, wanted.device.engineer, id)?.is_some();
        if is_its && is_damaged(connection, unreadable, id)? {
            return Ok(None);
        }
    }
    let mut manifest = Manifest::EMPTY;
    scope::scope_heads(connection, wanted.device.engineer, |document, heads| {
        manifest.add(document, heads)
    })?;
    Ok(Some(manifest))
}

/// An item, or the place where a document's content goes once all of it is known.
enum Slot {
    Item(Item),
    Content(DocumentId),
}

#[derive(Default)]
struct Content {
    whole: bool,
    /// Some of its changes cannot be read: none of them goes.
    left_out: bool,
    changes: Vec<Bytes>,
    bytes: usize,
}

struct Builder<'a> {
    connection: &'a Connection,
    wanted: &'a Wanted,
    way: CatchUp,
    channels: [Channel; 3],
    slots: Vec<Slot>,
    contents: HashMap<DocumentId, Content>,
    rows: HashSet<(RowKind, String)>,
    since: HashMap<DocumentId, Option<u64>>,
    held: Option<Held>,
    entered: HashSet<DocumentId>,
    unfolded: Unfolded<'a>,
    bytes: usize,
}

impl<'a> Builder<'a> {
    fn new(connection: &'a Connection, wanted: &'a Wanted, way: CatchUp, unreadable: &'a Unreadable) -> Self {
        let Device { id, engineer, .. } = wanted.device;
        Self {
            connection,
            wanted,
            way,
            channels: [Channel::Shared, Channel::Engineer(engineer), Channel::Device(id)],
            slots: Vec::new(),
            contents: HashMap::new(),
            rows: HashSet::new(),
            since: HashMap::new(),
            held: wanted.held.clone(),
            entered: HashSet::new(),
            unfolded: Unfolded::new(connection, unreadable),
            bytes: 0,
        }
    }

    fn is_full(&self) -> bool {
        let items_max = self.wanted.items_max.clamp(1, PAGE_ITEMS_MAX);
        self.slots.len() >= items_max || self.bytes >= PAGE_BYTES_SOFT
    }

    /// The whole of documents the phone cannot mend itself; of what is not its own it hears that it is not.
    fn add_wanted(&mut self) -> Result<(), StoreError> {
        let wanted = self.wanted;
        for document in wanted.want.iter().take(WANT_MAX) {
            if self.bytes >= PAGE_BYTES_SOFT {
                break;
            }
            match self.since(*document)? {
                Some(_) => self.add_whole(*document)?,
                None => self.slots.push(Slot::Item(Item::Drop { document: *document })),
            }
        }
        Ok(())
    }

    /// After which entry the feeds are read.
    fn from(&self) -> u64 {
        self.held.as_ref().map_or(self.wanted.from.seq, |held| held.from)
    }

    /// Where what the phone holds after healing differs from what it should: those documents whole, and rows that came or
    /// went there in a part of the log that is lost.
    fn add_held(&mut self) -> Result<(), StoreError> {
        let Some(held) = &self.held else {
            return Ok(());
        };
        let (differing, rows) = (held.differing, held.rows());
        for document in scope::scope_documents(self.connection, self.wanted.device.engineer)? {
            if differing.contains(bucket(document)) {
                self.bring(document)?;
            }
        }
        for (kind, id) in rows {
            if let Some((row, _)) = row::row_read(self.connection, kind, &id)?
                && self.may_see(kind, &id)?
                && self.is_for(&row)?
            {
                self.add_row(kind, &id, row);
            }
        }
        Ok(())
    }

    /// A van's stock is for who drives it.
    fn is_for(&self, row: &Row) -> Result<bool, StoreError> {
        let Row::Stock(stock) = row else {
            return Ok(true);
        };
        let is_van = row::location_is_van(self.connection, stock.location)?;
        Ok(!is_van
            || row::van_engineers(self.connection, stock.location)?.contains(&self.wanted.device.engineer))
    }

    fn bring(&mut self, document: DocumentId) -> Result<(), StoreError> {
        if self.entered.insert(document) {
            self.slots.push(Slot::Item(Item::Enter { document }));
        }
        self.add_whole(document)
    }

    fn has(&self, document: DocumentId, seq: u64) -> bool {
        self.held.as_ref().is_some_and(|held| held.has(document, seq))
    }

    /// Reads the feeds until they end (`None`) or the page is full (the last entry it covers).
    fn read(&mut self) -> Result<Option<u64>, StoreError> {
        let mut place = self.from();
        let mut looked_at = 0;
        loop {
            let (entries, ends) = self.chunk(place)?;
            for (seq, entry) in entries {
                if self.is_full() || looked_at >= LOOKED_AT_MAX {
                    return Ok(Some(place));
                }
                self.add(seq, &entry)?;
                place = seq;
                looked_at += 1;
            }
            if ends {
                return Ok(None);
            }
        }
    }

    /// The next entries of all channels in the order of the log, and whether that is all of them.
    fn chunk(&self, after: u64) -> Result<(Vec<(u64, Entry)>, bool), StoreError> {
        let mut entries = Vec::new();
        let mut horizon = u64::MAX;
        for channel in self.channels {
            let some = feed_list(self.connection, channel, after, CHUNK)?;
            if some.len() == CHUNK
                && let Some((last, _)) = some.last()
            {
                horizon = horizon.min(*last);
            }
            entries.extend(some);
        }
        entries.retain(|(seq, _)| *seq <= horizon);
        entries.sort_by_key(|(seq, _)| *seq);
        entries.dedup_by_key(|(seq, _)| *seq);
        Ok((entries, horizon == u64::MAX))
    }

    fn add(&mut self, seq: u64, entry: &Entry) -> Result<(), StoreError> {
        match entry {
            Entry::Enter { document } => self.enter(seq, *document),
            Entry::Drop { document } => self.leave(seq, *document),
            Entry::Change { document, hash, .. } => self.change(seq, *document, hash),
            Entry::Row { kind, id } => self.row(seq, *kind, id),
            Entry::RowGone { kind, id } => self.row_gone(seq, *kind, id),
            Entry::Fate { operation } => self.fate(seq, *operation),
        }
    }

    /// The phone is new, and this was over before it came.
    fn is_old_news(&self, seq: u64) -> bool {
        self.way.began == 0 && seq <= self.way.head
    }

    fn enter(&mut self, seq: u64, document: DocumentId) -> Result<(), StoreError> {
        // Otherwise it has left again, or a later entry brings it.
        if self.since(document)? == Some(seq) {
            if self.has(document, seq) {
                self.add_reached(document)?;
            } else {
                self.bring(document)?;
            }
        }
        Ok(())
    }

    fn leave(&mut self, seq: u64, document: DocumentId) -> Result<(), StoreError> {
        if self.since(document)?.is_none() && !self.is_old_news(seq) {
            self.slots.push(Slot::Item(Item::Drop { document }));
        }
        Ok(())
    }

    fn change(&mut self, seq: u64, document: DocumentId, hash: &[u8; 32]) -> Result<(), StoreError> {
        let from = self.from();
        let is_needed = match self.since(document)? {
            // After healing a phone keeps what left as HQ vouched for it: of more HQ would not know where it stands there.
            None if self.held.is_some() => false,
            // It leaves in this page or a later one; a phone that holds it learns why.
            None => feed_held(self.connection, self.channels[1], document, from)?,
            Some(_) if self.has(document, seq) => false,
            Some(since) if since > seq => false,
            Some(since) => {
                let was_sent_whole = since > self.way.began && since <= from && seq <= self.way.head;
                !was_sent_whole
            }
        };
        let is_done = |content: &Content| content.whole || content.left_out;
        if !is_needed || self.contents.get(&document).is_some_and(is_done) {
            return Ok(());
        }
        let change = document::change_read(self.connection, hash)?;
        let change = change.ok_or_else(|| StoreError::Corrupt("the log names no change".into()))?;
        let own = change.device == Some(self.wanted.device.id) && change.install == Some(self.wanted.install);
        if own && !self.wanted.restored {
            return Ok(());
        }
        let Some(bytes) = self.unfolded.bytes(document, hash, change.bytes)? else {
            self.content(document).left_out = true;
            return Ok(());
        };
        self.bytes += bytes.len();
        let content = self.content(document);
        content.bytes += bytes.len();
        content.changes.push(Bytes::from(bytes));
        Ok(())
    }

    fn row(&mut self, seq: u64, kind: RowKind, id: &str) -> Result<(), StoreError> {
        let Some((found, newest)) = row::row_read(self.connection, kind, id)? else {
            return Ok(());
        };
        if newest > seq && feed_holds(self.connection, &self.channels, newest)? {
            return Ok(());
        }
        if self.may_see(kind, id)? {
            self.add_row(kind, id, found);
        }
        Ok(())
    }

    /// Personal data goes only to those whose documents reach it now.
    fn may_see(&self, kind: RowKind, id: &str) -> Result<bool, StoreError> {
        match kind {
            RowKind::Customer | RowKind::Contact | RowKind::Site | RowKind::Asset => {
                scope::reach_holds(self.connection, self.wanted.device.engineer, kind, id)
            }
            RowKind::Engineer
            | RowKind::Part
            | RowKind::Stock
            | RowKind::Location
            | RowKind::Checklist
            | RowKind::Code => Ok(true),
        }
    }

    fn add_row(&mut self, kind: RowKind, id: &str, row: Row) {
        if self
            .held
            .as_ref()
            .is_some_and(|held| held.has_row(kind, id, &row))
        {
            return;
        }
        if self.rows.insert((kind, id.to_owned())) {
            self.bytes += ROW_BYTES;
            self.slots.push(Slot::Item(Item::Row { row }));
        }
    }

    fn row_gone(&mut self, seq: u64, kind: RowKind, id: &str) -> Result<(), StoreError> {
        if self.is_old_news(seq) && row::row_read(self.connection, kind, id)?.is_none() {
            return Ok(());
        }
        // Should it come back, it is new again.
        self.rows.remove(&(kind, id.to_owned()));
        if let Some(held) = &mut self.held {
            held.forget_row(kind, id);
        }
        self.slots.push(Slot::Item(Item::RowGone {
            kind,
            id: id.to_owned(),
        }));
        Ok(())
    }

    fn fate(&mut self, seq: u64, operation: OperationId) -> Result<(), StoreError> {
        // A fate concerns the phone it came from; that it counts otherwise now, all phones of its author.
        let counts_anew = feed_holds(self.connection, &self.channels[1..2], seq)?;
        if !counts_anew && (self.is_old_news(seq) || self.wanted.answered.contains(&operation)) {
            return Ok(());
        }
        let Some(row) = fate_get(self.connection, operation)? else {
            return Ok(());
        };
        let decided = Fate::from_words(&row.fate, row.code.as_deref());
        let present = row
            .outcome
            .and_then(|(word, code)| Fate::from_words(&word, code.as_deref()));
        if let Some(fate) = decided {
            self.slots.push(Slot::Item(Item::Fate {
                operation,
                present: present.filter(|present| *present != fate),
                fate,
            }));
        }
        Ok(())
    }

    /// The document as it is, and the rows it reaches.
    fn add_whole(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.add_reached(document)?;
        self.bytes += document::document_bytes(self.connection, document)?;
        self.content(document).whole = true;
        Ok(())
    }

    fn add_reached(&mut self, document: DocumentId) -> Result<(), StoreError> {
        for (kind, id) in scope::reach_list(self.connection, document)? {
            if let Some((row, _)) = row::row_read(self.connection, kind, &id)? {
                self.add_row(kind, &id, row);
            }
        }
        Ok(())
    }

    fn content(&mut self, document: DocumentId) -> &mut Content {
        let slots = &mut self.slots;
        self.contents.entry(document).or_insert_with(|| {
            slots.push(Slot::Content(document));
            Content::default()
        })
    }

    fn since(&mut self, document: DocumentId) -> Result<Option<u64>, StoreError> {
        if let Some(since) = self.since.get(&document) {
            return Ok(*since);
        }
        let since = scope::scope_since(self.connection, self.wanted.device.engineer, document)?;
        self.since.insert(document, since);
        Ok(since)
    }

    fn finish(mut self) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(self.slots.len());
        for slot in std::mem::take(&mut self.slots) {
            match slot {
                Slot::Item(item) => items.push(item),
                Slot::Content(document) => items.extend(self.render(document)?),
            }
        }
        Ok(items)
    }

    /// A snapshot goes down when it is smaller than the changes.
    fn render(&mut self, document: DocumentId) -> Result<Option<Item>, StoreError> {
        let Some(content) = self.contents.remove(&document) else {
            return Ok(None);
        };
        if content.left_out && !content.whole {
            return Ok(None);
        }
        let may_be_whole = content.whole || self.since(document)?.is_some();
        if content.whole
            || (may_be_whole && content.bytes > document::document_bytes(self.connection, document)?)
        {
            let stored = document::document_read(self.connection, document)?;
            return Ok(stored.map(|stored| Item::Snapshot {
                document,
                bytes: Bytes::from(stored.snapshot),
            }));
        }
        Ok(Some(Item::Changes {
            document,
            changes: content.changes,
        }))
    }
}
