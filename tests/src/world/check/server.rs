//! The server's documents, fates and log.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::Author;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::{Documents, Findings, read_document};
use crate::world::ledger::Ledger;

/// Reads every document, and holds it against its heads and the table of changes.
pub(super) fn documents(db: &Connection, findings: &mut Findings) -> Documents {
    let mut sql = db
        .prepare("SELECT id, snapshot, heads FROM document")
        .expect("schema");
    let rows = sql
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, Vec<u8>>(2)?,
            ))
        })
        .expect("documents");
    let mut documents = Documents::new();
    for row in rows {
        let (id, snapshot, heads) = row.expect("document");
        let id: DocumentId = id.parse().expect("document id");
        let Some(held) = read_document(id, &snapshot, findings) else {
            continue;
        };
        findings.expect(held.heads.concat() == heads, || {
            format!("{id}: stored heads are not the document's")
        });
        changes(db, id, &held.changes, findings);
        documents.insert(id, held);
    }
    documents
}

/// Every change of the document stands in the table, and nothing else; so does one change per place in a line.
fn changes(db: &Connection, id: DocumentId, held: &[[u8; 32]], findings: &mut Findings) {
    let mut sql = db
        .prepare_cached("SELECT hash, actor, actor_seq FROM change WHERE document = ?1")
        .expect("schema");
    let rows = sql
        .query_map([id.to_string()], |row| {
            Ok((
                row.get::<_, [u8; 32]>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, i64>(2)?,
            ))
        })
        .expect("changes");
    let mut table = BTreeSet::new();
    let mut places = BTreeSet::new();
    for row in rows {
        let (hash, actor, seq) = row.expect("change");
        table.insert(hash);
        findings.expect(places.insert((actor, seq)), || {
            format!("{id}: two changes at one place of a line")
        });
    }
    let held: BTreeSet<[u8; 32]> = held.iter().copied().collect();
    let birth = held.difference(&table).count();
    findings.expect(birth <= 1 && table.is_subset(&held), || {
        format!(
            "{id}: {} changes in the table, {} in the document",
            table.len(),
            held.len()
        )
    });
}

/// Notes every fate; one that changed, or was there before and is gone, is a finding. Those that were only worked out, after
/// the record went back, may still give way to what the phone was told.
pub(super) fn see_fates(
    db: &Connection,
    ledger: &mut Ledger,
    findings: &mut Findings,
) -> BTreeMap<OperationId, (String, Option<String>)> {
    let mut sql = db
        .prepare_cached(
            "SELECT operation, fate, code, device, operation IN (SELECT operation FROM unsure_fate) FROM fate",
        )
        .expect("schema");
    let rows = sql
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, Option<String>>(3)?,
                row.get::<_, bool>(4)?,
            ))
        })
        .expect("fates");
    let mut fates = BTreeMap::new();
    for row in rows {
        let (id, word, code, device, unsure) = row.expect("fate");
        let id: OperationId = id.parse().expect("operation id");
        let before = if unsure {
            None
        } else {
            ledger.see_fate(id, &word, code.as_deref())
        };
        if let Some(before) = before {
            findings.say(format!("fate of {id} was {before} and is now {word} {code:?}"));
        }
        if device.is_some() && !ledger.knows(id) {
            findings.say(format!("a fate for {id}, which nobody performed"));
        }
        fates.insert(id, (word, code));
    }
    for id in ledger.fates_seen() {
        findings.expect(fates.contains_key(&id), || format!("the fate of {id} is gone"));
    }
    fates
}

/// Every promise has one fate, and the document says the same.
pub(super) fn fates(db: &Connection, documents: &Documents, ledger: &mut Ledger, findings: &mut Findings) {
    let fates = see_fates(db, ledger, findings);
    let mut held: BTreeSet<(DocumentId, OperationId)> = BTreeSet::new();
    for (id, document) in documents {
        let events = document.content.events.entries().iter();
        let others = document
            .content
            .entries
            .iter()
            .map(|((_, operation), entry)| (operation, entry));
        for (operation, entry) in events.chain(others) {
            held.insert((*id, *operation));
            let stranger = matches!(entry.by, Author::Engineer(_)) && !ledger.knows(*operation);
            findings.expect(!stranger, || {
                format!("{id} holds {operation}, which nobody performed")
            });
        }
    }
    let anywhere: BTreeSet<OperationId> = held.iter().map(|(_, operation)| *operation).collect();
    // What was written off may have lost its place in its line to what its phone wrote there since.
    let missing = ledger.to_come_back().difference(&anywhere);
    // Or a supervisor has decided otherwise since.
    let declined = |id: &OperationId| fates.get(id).is_some_and(|(word, _)| word == "refused");
    for id in missing.filter(|id| !ledger.is_written_off(**id) && !declined(id)) {
        findings.say(format!(
            "LOST: {id} was proven on a phone when HQ went back, and did not come back"
        ));
    }
    for (id, promise) in ledger.promises() {
        let place = (promise.document, *id);
        let what = promise.act;
        match fates.get(id).map(|(word, _)| word.as_str()) {
            None => findings.expect(ledger.is_written_off(*id), || {
                format!("LOST: {id} ({what} by phone {}) has no fate", promise.phone)
            }),
            Some("refused") => {
                findings.expect(!held.contains(&place), || {
                    format!("{id} ({what}) is refused and in the document")
                });
            }
            Some(word) => {
                findings.expect(held.contains(&place), || {
                    format!("{id} ({what}) is {word} and not in the document")
                });
            }
        }
    }
}

/// The log's numbers have no gap and its chain of hashes holds.
pub(super) fn log(db: &Connection, findings: &mut Findings) {
    let mut sql = db
        .prepare(
            "SELECT seq, at, kind, document, hash, row_kind, row_id, operation, chain FROM log ORDER BY seq",
        )
        .expect("schema");
    let mut rows = sql.query([]).expect("log");
    let (mut last, mut chain) = (0_i64, [0_u8; 32]);
    while let Some(row) = rows.next().expect("log") {
        let (seq, at): (i64, i64) = (row.get_unwrap(0), row.get_unwrap(1));
        let mut hash = Sha256::new();
        hash.update(chain);
        hash.update(seq.to_be_bytes());
        hash.update(at.to_be_bytes());
        for column in 2..8 {
            let field = row
                .get_ref_unwrap(column)
                .as_bytes_or_null()
                .expect("text or bytes");
            hash.update(field.map_or(u64::MAX, |field| field.len() as u64).to_be_bytes());
            hash.update(field.unwrap_or_default());
        }
        chain = hash.finalize().into();
        findings.expect(seq == last + 1, || format!("log: {seq} follows {last}"));
        findings.expect(row.get_unwrap::<_, [u8; 32]>(8) == chain, || {
            format!("log: chain breaks at {seq}")
        });
        (last, chain) = (seq, row.get_unwrap(8));
    }
}
