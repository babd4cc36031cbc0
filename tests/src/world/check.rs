//! What must hold once all faults are off and everybody has synced (DESIGN §7), read from the stores themselves.
//!
//! The checks share no code with what they check but the model: SQL and hashes are written again here.

mod phone;
mod photo;
mod record;
mod server;
mod stock;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fieldline_engine::StoreKey;
use fieldline_model::document::{Content, content, heads, load};
use fieldline_model::fold::{TicketState, fold};
use fieldline_model::id::{DocumentId, OperationId};
use rusqlite::Connection;

use super::ledger::Ledger;
pub use phone::PhoneAccount;
pub use photo::photos;

/// What was found wrong, in words for whoever reads the failing seed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<String>);

impl Findings {
    /// Notes one.
    pub fn say(&mut self, what: impl Into<String>) {
        self.0.push(what.into());
    }

    /// Notes it unless it holds.
    pub fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    /// Takes over others.
    pub fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// True when nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[String] {
        &self.0
    }
}

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: usize = 12;
        for finding in self.0.iter().take(SHOWN) {
            writeln!(f, "  - {finding}")?;
        }
        if self.0.len() > SHOWN {
            writeln!(f, "  … and {} more", self.0.len() - SHOWN)?;
        }
        Ok(())
    }
}

/// A document as the server holds it.
pub struct Held {
    /// Sorted heads.
    pub heads: Vec<[u8; 32]>,
    /// Hashes of all its changes.
    pub changes: Vec<[u8; 32]>,
    /// What it says.
    pub content: Content,
    /// Folded, for tickets.
    pub state: Option<TicketState>,
}

impl Held {
    fn operations(&self) -> impl Iterator<Item = OperationId> {
        let events = self.content.events.entries().keys();
        let others = self.content.entries.keys().map(|(_, operation)| operation);
        events.chain(others).copied()
    }
}

/// The server's documents, read once for all checks.
pub type Documents = BTreeMap<DocumentId, Held>;

/// Built with encryption, every phone of the world has an encrypted store.
pub(super) fn test_key() -> Option<StoreKey> {
    cfg!(feature = "encrypted").then(|| StoreKey::new([7; 32]))
}

/// Opens a store beside whoever uses it, to look or to damage.
///
/// # Panics
/// When there is no such store.
#[must_use]
pub fn look(path: &Path) -> Connection {
    fieldline_engine::raw(path, test_key().as_ref())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Loads a saved document and reads it.
pub(super) fn read_document(id: DocumentId, bytes: &[u8], findings: &mut Findings) -> Option<Held> {
    let doc = match load(id, bytes) {
        Ok(doc) => doc,
        Err(error) => {
            findings.say(format!("{id} does not load: {error}"));
            return None;
        }
    };
    let content = content(id, &doc).ok()?;
    findings.expect(content.unreadable == 0, || {
        format!("{id}: {} entries cannot be read", content.unreadable)
    });
    let state = id.ticket().map(|_| fold(&content.events));
    Some(Held {
        heads: heads(&doc),
        changes: doc
            .get_changes(&[])
            .iter()
            .map(|change| change.hash().0)
            .collect(),
        content,
        state,
    })
}

/// The operations that phones can give back: their own, and what others did that they read or HQ's receipt covers.
pub fn held_on_phones(
    stores: impl Iterator<Item = PathBuf>,
) -> (BTreeSet<OperationId>, BTreeSet<OperationId>) {
    let (mut own, mut proven) = (BTreeSet::new(), BTreeSet::new());
    for path in stores {
        let db = look(&path);
        own.extend(phone::own(&db));
        proven.extend(phone::proven(&db));
    }
    (own, proven)
}

/// The operations that stand in the server's documents.
pub fn held_at_hq(server_db: &Path) -> BTreeSet<OperationId> {
    let documents = server::documents(&look(server_db), &mut Findings::default());
    documents.values().flat_map(Held::operations).collect()
}

/// Looks at everything.
#[must_use]
pub fn check(server_db: &Path, phones: &[PhoneAccount], ledger: &mut Ledger) -> Findings {
    let mut findings = Findings::default();
    let db = look(server_db);
    let documents = server::documents(&db, &mut findings);
    server::fates(&db, &documents, ledger, &mut findings);
    server::log(&db, &mut findings);
    record::projection(&db, &documents, &mut findings);
    stock::ledger(&db, ledger, &mut findings);
    stock::counts(&db, &mut findings);
    stock::grants(&db, &mut findings);
    for account in phones {
        phone::check(&db, &documents, account, ledger, &mut findings);
    }
    findings
}

/// Notes the fates the server has decided so far, so that a later change or loss of one is found.
#[must_use]
pub fn see_fates(server_db: &Path, ledger: &mut Ledger) -> Findings {
    let mut findings = Findings::default();
    server::see_fates(&look(server_db), ledger, &mut findings);
    findings
}
