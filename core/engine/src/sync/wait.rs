//! Documents whose changes the server could not take now: each waits longer than the time before, others go on.
//!
//! How often and why is kept; until when is not: after a restart everything is tried once more.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::id::DocumentId;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::error::EngineError;
use crate::store::wait::{wait_delete, wait_list, wait_put};

/// The first wait: the server had too much to do, or a colleague's change is on its way.
const WAIT_MS_FIRST: i64 = 5_000;
/// The longest wait: a day of bad luck still ends within the hour.
const WAIT_MS_MAX: i64 = 30 * 60 * 1_000;
/// After so many doublings the longest wait is reached.
const DOUBLINGS_MAX: u32 = 10;

/// It is built on a colleague's change that HQ lacks.
pub(crate) const NEEDS_OTHERS: &str = "needs_others";
/// HQ had too much to do, or failed in mid-way.
pub(crate) const SERVER_LATER: &str = "server_later";
/// HQ could not take it as it was.
pub(crate) const WRITTEN_AGAIN: &str = "written_again";
/// HQ has it, and a supervisor decides.
pub(crate) const HELD: &str = "held";
/// It is built on work that HQ holds.
pub(crate) const BEHIND_HELD: &str = "behind_held";
/// All of them.
const WORDS: [&str; 5] = [NEEDS_OTHERS, SERVER_LATER, WRITTEN_AGAIN, HELD, BEHIND_HELD];

#[derive(Debug)]
struct Wait {
    tries: u32,
    until: Timestamp,
    why: &'static str,
}

/// Who waits, until when and why.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    by_document: BTreeMap<DocumentId, Wait>,
    /// Damaged work that could not be mended before its document comes whole: asking again at once brings nothing.
    left_out: BTreeSet<DocumentId>,
}

impl Waits {
    /// What waited when the process before ended. All of it is due.
    pub(crate) fn load(conn: &Connection) -> Result<Self, EngineError> {
        let mut waits = BTreeMap::new();
        for (document, tries, why) in wait_list(conn)? {
            let until = Timestamp::from_ms(i64::MIN);
            if let Some(why) = WORDS.into_iter().find(|word| *word == why) {
                waits.insert(document, Wait { tries, until, why });
            }
        }
        Ok(Self {
            by_document: waits,
            left_out: BTreeSet::new(),
        })
    }

    /// Keeps what is known of these documents for the next process.
    pub(crate) fn keep<'a>(
        &self,
        conn: &Connection,
        documents: impl IntoIterator<Item = &'a DocumentId>,
    ) -> Result<(), EngineError> {
        documents
            .into_iter()
            .try_for_each(|document| match self.by_document.get(document) {
                Some(wait) => wait_put(conn, *document, wait.tries, wait.why),
                None => wait_delete(conn, *document),
            })
    }

    /// True unless the document waits. A clock that was turned back does not make it wait longer than the maximum.
    pub(crate) fn is_due(&self, document: DocumentId, now: Timestamp) -> bool {
        let waits = self.by_document.get(&document);
        !self.left_out.contains(&document)
            && waits.is_none_or(|wait| wait.until <= now || wait.until.since(now) > WAIT_MS_MAX)
    }

    /// Why it waits, for the truth screen.
    pub(crate) fn why(&self, document: DocumentId) -> Option<&'static str> {
        self.by_document.get(&document).map(|wait| wait.why)
    }

    /// How often it has waited without progress.
    pub(crate) fn tries(&self, document: DocumentId) -> u32 {
        self.by_document.get(&document).map_or(0, |wait| wait.tries)
    }

    /// No progress once more.
    pub(crate) fn again(&mut self, document: DocumentId, why: &'static str, now: Timestamp) {
        let tries = self.by_document.get(&document).map_or(0, |wait| wait.tries);
        let ms = (WAIT_MS_FIRST << tries.min(DOUBLINGS_MAX)).min(WAIT_MS_MAX);
        self.by_document.insert(
            document,
            Wait {
                tries: tries.saturating_add(1),
                until: now.plus_ms(ms),
                why,
            },
        );
    }

    /// It stands upon something else now: due at once, however often it waited.
    pub(crate) fn retry(&mut self, document: DocumentId, now: Timestamp) {
        if let Some(wait) = self.by_document.get_mut(&document) {
            wait.until = now;
        }
    }

    /// It was written again: the first time it may go at once.
    pub(crate) fn rewritten(&mut self, document: DocumentId, now: Timestamp) {
        match self.by_document.get(&document) {
            Some(_) => self.again(document, WRITTEN_AGAIN, now),
            None => {
                self.by_document.insert(
                    document,
                    Wait {
                        tries: 1,
                        until: now,
                        why: WRITTEN_AGAIN,
                    },
                );
            }
        }
    }

    /// There was progress.
    pub(crate) fn clear(&mut self, document: DocumentId) {
        self.by_document.remove(&document);
    }

    /// The document is another now: what HQ held of it may be decided, and damage be mended.
    pub(crate) fn clear_held(&mut self, document: DocumentId) {
        self.left_out.remove(&document);
        if matches!(self.why(document), Some(HELD | BEHIND_HELD)) {
            self.clear(document);
        }
    }

    /// What had to stay out of the exchange under way.
    pub(crate) fn set_left_out(&mut self, documents: BTreeSet<DocumentId>) {
        self.left_out = documents;
    }

    /// Everything may be tried at once.
    pub(crate) fn clear_all(&mut self) {
        self.left_out.clear();
        self.by_document.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::id::TicketId;

    #[test]
    fn waits_double_up_to_the_maximum_and_end_with_progress() {
        let document = TicketId::from_bytes([1; 16]).into();
        let mut waits = Waits::default();
        let mut now = Timestamp::from_ms(0);
        waits.again(document, "server_later", now);
        assert!(!waits.is_due(document, now));
        assert!(waits.is_due(document, now.plus_ms(WAIT_MS_FIRST)));
        for _ in 0..100 {
            waits.again(document, "server_later", now);
            now = now.plus_ms(WAIT_MS_MAX);
            assert!(waits.is_due(document, now));
        }
        assert!(
            waits.is_due(document, Timestamp::from_ms(i64::MIN)),
            "a clock turned back"
        );
        waits.clear(document);
        assert!(waits.is_due(document, Timestamp::from_ms(0)));
    }
}
