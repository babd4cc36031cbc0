//! One phone against the server: fates, documents, list, rows, and what it says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use fieldline_engine::SETTLED_KEEP_MS;
use fieldline_model::entry::Entry;
use fieldline_model::fold::TicketState;
use fieldline_model::id::{DocumentId, EngineerId, OperationId};
use fieldline_model::operation::Author;
use rusqlite::{Connection, OptionalExtension};

use super::{Documents, Findings, look, read_document};
use crate::world::ledger::Ledger;

/// What the world knows of a phone that is to be checked.
#[derive(Debug, Clone)]
pub struct PhoneAccount {
    /// Its number.
    pub number: usize,
    /// Its store.
    pub db: PathBuf,
    /// Whose it is.
    pub engineer: EngineerId,
    /// Operations its store must hold.
    pub saved: BTreeSet<OperationId>,
    /// The device was revoked: it gets nothing any more.
    pub revoked: bool,
    /// It, or the server, was put back to an older copy: only then may it have to read everything again.
    pub restored: bool,
}

/// Everything about one phone.
pub(super) fn check(
    server: &Connection,
    documents: &Documents,
    account: &PhoneAccount,
    ledger: &Ledger,
    findings: &mut Findings,
) {
    let db = look(&account.db);
    fates(server, &db, account, ledger, findings);
    carried(&db, account, findings);
    if account.revoked {
        let told: bool = db
            .query_row("SELECT revoked FROM identity", [], |row| row.get(0))
            .expect("schema");
        findings.expect(told, || {
            format!("phone {} does not know that it is revoked", account.number)
        });
        return;
    }
    scope(server, &db, documents, account, findings);
    rows(server, &db, account, findings);
    standing(&db, account, findings);
}

/// Nothing that was handed over waits for ever.
fn carried(db: &Connection, account: &PhoneAccount, findings: &mut Findings) {
    let sql = "SELECT count(*) FROM carried WHERE taken_at IS NULL AND refused IS NULL";
    let waiting: i64 = db.query_row(sql, [], |row| row.get(0)).expect("schema");
    findings.expect(waiting == 0, || {
        format!("BLOCKED: phone {} still carries {waiting} lanes", account.number)
    });
    let sql = "SELECT count(*) FROM carried WHERE refused IS NOT NULL";
    let refused: i64 = db.query_row(sql, [], |row| row.get(0)).expect("schema");
    findings.expect(refused == 0, || {
        format!(
            "LOST: HQ would not have {refused} honest lanes of phone {}",
            account.number
        )
    });
}

/// Each saved operation is in the store, settled, and as the server settled it.
fn fates(
    server: &Connection,
    db: &Connection,
    account: &PhoneAccount,
    ledger: &Ledger,
    findings: &mut Findings,
) {
    let n = account.number;
    let mut sql = db
        .prepare("SELECT operation, state, code FROM intent")
        .expect("schema");
    let rows = sql
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
            ))
        })
        .expect("intents");
    let intents: BTreeMap<OperationId, (String, Option<String>)> = rows
        .map(|row| row.expect("intent"))
        .map(|(id, state, code)| (id.parse().expect("operation id"), (state, code)))
        .collect();
    let put_away: Vec<&OperationId> = account
        .saved
        .iter()
        .filter(|id| !intents.contains_key(id))
        .collect();
    for id in &put_away {
        findings.expect(is_put_away(server, db, account, **id), || {
            format!("LOST: phone {n} saved {id} and has forgotten it")
        });
    }
    let counted: i64 = db
        .query_row("SELECT coalesce(sum(value), 0) FROM counter", [], |row| {
            row.get(0)
        })
        .expect("schema");
    let fewer = usize::try_from(counted).unwrap_or(0) >= put_away.len();
    findings.expect(fewer, || {
        format!(
            "LOST: phone {n} has put away {}, counted {counted}",
            put_away.len()
        )
    });
    for (id, (state, code)) in &intents {
        findings.expect(ledger.knows(*id), || {
            format!("phone {n} holds {id}, which nobody performed")
        });
        let there: Option<(String, Option<String>)> = server
            .prepare_cached("SELECT fate, code FROM fate WHERE operation = ?1")
            .expect("schema")
            .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .expect("fate");
        let here = (state.clone(), code.clone());
        // What a phone was told is told for good, and no fate that HQ might still work out otherwise.
        let unsure = server
            .prepare_cached("SELECT 1 FROM unsure_fate WHERE operation = ?1")
            .expect("schema")
            .exists([id.to_string()])
            .expect("unsure_fate");
        findings.expect(!unsure, || {
            format!("phone {n} was told of {id}, and HQ is not sure")
        });
        findings.expect(there.as_ref() == Some(&here), || {
            let act = ledger.promises().get(id).map_or("?", |promise| promise.act);
            format!("phone {n}: {id} ({act}) is {here:?} here and {there:?} at the server")
        });
        if state != "refused" && !account.revoked {
            present(server, db, n, *id, findings);
        }
    }
}

/// How the operation counts by now, as HQ's record says, also on a ticket that has left the phone.
fn present(server: &Connection, db: &Connection, n: usize, id: OperationId, findings: &mut Findings) {
    let code = |db: &Connection, sql: &str| -> Option<String> {
        db.prepare_cached(sql)
            .expect("schema")
            .query_row([id.to_string()], |row| row.get(0))
            .optional()
            .expect("code")
    };
    let here = code(
        db,
        "SELECT code FROM inbox WHERE operation = ?1 AND fate = 'overruled'",
    );
    let there = code(
        server,
        "SELECT code FROM event WHERE operation = ?1 AND outcome = 'overruled'",
    );
    findings.expect(here == there, || {
        format!("phone {n}: {id} is overruled by {here:?} here and by {there:?} at the server")
    });
}

/// Work that was settled so long ago that the phone only counts it. A server that was put back decides anew.
fn is_put_away(server: &Connection, db: &Connection, account: &PhoneAccount, id: OperationId) -> bool {
    let decided: Option<i64> = server
        .prepare_cached("SELECT at FROM fate WHERE operation = ?1")
        .expect("schema")
        .query_row([id.to_string()], |row| row.get(0))
        .optional()
        .expect("fate");
    let compacted: Option<i64> = db
        .query_row("SELECT compacted_at FROM cursor", [], |row| row.get(0))
        .expect("schema");
    match (decided, compacted) {
        (Some(decided), Some(compacted)) => account.restored || decided < compacted - SETTLED_KEEP_MS,
        _ => false,
    }
}

/// The work of its own that a phone holds.
pub(super) fn own(db: &Connection) -> Vec<OperationId> {
    let mut sql = db.prepare("SELECT operation FROM intent").expect("schema");
    let ids = sql.query_map([], |row| row.get::<_, String>(0)).expect("intents");
    ids.map(|id| id.expect("intent").parse().expect("operation id"))
        .collect()
}

/// Everybody's work in documents that stand at heads which HQ's receipt covers; in others of those that HQ ever vouched for,
/// what is not this phone's own: that came with a page, and its receipt with it.
pub(super) fn proven(db: &Connection) -> Vec<OperationId> {
    let sql = "SELECT id, snapshot, vouched = heads FROM doc
        WHERE snapshot IS NOT NULL AND stuck = 0 AND want = 0 AND vouched IS NOT NULL";
    let mut sql = db.prepare(sql).expect("schema");
    let rows = sql.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?))
    });
    let me: Option<String> = db
        .query_row("SELECT engineer FROM identity", [], |row| row.get(0))
        .expect("schema");
    let is_other = |entry: &Entry| !matches!(entry.by, Author::Engineer(id) if Some(id.to_string()) == me);
    let mut proven = Vec::new();
    for row in rows.expect("docs") {
        let (id, bytes, whole): (String, Vec<u8>, bool) = row.expect("doc");
        let id: DocumentId = id.parse().expect("document id");
        // What does not load is damaged, and proves nothing.
        let Some(doc) = read_document(id, &bytes, &mut Findings::default()) else {
            continue;
        };
        let events = doc.content.events.entries().iter();
        let entries = doc.content.entries.iter().map(|((_, id), entry)| (id, entry));
        let known = events
            .chain(entries)
            .filter(|(_, entry)| whole || is_other(entry));
        proven.extend(known.map(|(id, _)| *id));
    }
    proven
}

/// The phone holds what the server says it should, and the same of it.
fn scope(
    server: &Connection,
    db: &Connection,
    documents: &Documents,
    account: &PhoneAccount,
    findings: &mut Findings,
) {
    let n = account.number;
    let wanted: BTreeSet<String> = server
        .prepare_cached("SELECT document FROM scope WHERE engineer IN (?1, 'shared')")
        .expect("schema")
        .query_map([account.engineer.to_string()], |row| row.get(0))
        .expect("scope")
        .collect::<Result<_, _>>()
        .expect("scope");
    let mut sql = db
        .prepare("SELECT id, snapshot FROM doc WHERE in_scope = 1")
        .expect("schema");
    let rows = sql.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
    });
    let mut held = BTreeSet::new();
    for row in rows.expect("docs") {
        let (id, snapshot) = row.expect("doc");
        held.insert(id.clone());
        let id: DocumentId = id.parse().expect("document id");
        let Some(snapshot) = snapshot else {
            findings.say(format!("phone {n}: {id} never came"));
            continue;
        };
        let Some(here) = read_document(id, &snapshot, findings) else {
            continue;
        };
        let there = documents.get(&id);
        findings.expect(there.is_some_and(|there| there.heads == here.heads), || {
            let many = there.map_or(0, |there| there.changes.len());
            format!(
                "phone {n}: {id} has {} changes here, {many} at the server",
                here.changes.len()
            )
        });
        if let Some(state) = &here.state {
            line(db, n, id, account.engineer, state, findings);
        }
    }
    findings.expect(held == wanted, || {
        let extra: Vec<_> = held.difference(&wanted).collect();
        let missing: Vec<_> = wanted.difference(&held).collect();
        format!("phone {n}: holds too much {extra:?}, lacks {missing:?}")
    });
}

/// The line of the list says what the fold says.
fn line(
    db: &Connection,
    n: usize,
    id: DocumentId,
    me: EngineerId,
    state: &TicketState,
    findings: &mut Findings,
) {
    if state.created.is_none() {
        return;
    }
    let found = db
        .prepare_cached("SELECT status, number, visit, phase, pending FROM ticket_row WHERE document = ?1")
        .expect("schema")
        .query_row([id.to_string()], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, Option<String>>(3)?,
                row.get::<_, i64>(4)?,
            ))
        })
        .optional()
        .expect("ticket_row");
    let Some((status, number, visit, phase, pending)) = found else {
        findings.say(format!("phone {n}: {id} is not in the list"));
        return;
    };
    let fold = (state.status().word(), state.facts.number.as_str(), 0);
    let list = (status.as_str(), number.as_str(), pending);
    findings.expect(list == fold, || {
        format!("phone {n}: {id} is {list:?} in the list, {fold:?} in the fold")
    });
    let shown = visit
        .and_then(|visit| visit.parse().ok())
        .and_then(|visit| state.visits.get(&visit));
    match shown {
        Some(visit) => findings.expect(
            visit.is_for(me) && phase.as_deref() == Some(visit.phase_for(me).word()),
            || format!("phone {n}: {id} shows visit {} as {phase:?}", visit.id),
        ),
        None => findings.expect(!state.visits.values().any(|visit| visit.is_for(me)), || {
            format!("phone {n}: {id} shows no visit of its engineer")
        }),
    }
}

/// The rows the phone should have are here and the server's: those everybody has, and those its documents reach. Rows
/// of a ticket that went away may stay behind for a while.
fn rows(server: &Connection, db: &Connection, account: &PhoneAccount, findings: &mut Findings) {
    let n = account.number;
    let wanted = "SELECT kind, id, body FROM row
        WHERE kind IN ('part', 'location', 'checklist', 'code', 'engineer') OR EXISTS (
            SELECT 1 FROM reach JOIN scope ON scope.document = reach.document
            WHERE row_kind = kind AND row_id = id AND engineer = ?1)";
    let mut sql = server.prepare_cached(wanted).expect("schema");
    let mut rows = sql.query([account.engineer.to_string()]).expect("rows");
    while let Some(row) = rows.next().expect("row") {
        let (kind, id, there): (String, String, String) =
            (row.get_unwrap(0), row.get_unwrap(1), row.get_unwrap(2));
        let here: Option<String> = db
            .prepare_cached("SELECT json FROM \"row\" WHERE kind = ?1 AND id = ?2")
            .expect("schema")
            .query_row([&kind, &id], |row| row.get(0))
            .optional()
            .expect("row");
        findings.expect(here.as_ref() == Some(&there), || {
            format!("phone {n}: {kind} {id} is {here:?} here and {there} at the server")
        });
    }
    let mut sql = db
        .prepare("SELECT location, part, quantity FROM stock")
        .expect("schema");
    let mut found = sql.query([]).expect("stock");
    while let Some(row) = found.next().expect("stock") {
        let (location, part, here): (String, String, i64) =
            (row.get_unwrap(0), row.get_unwrap(1), row.get_unwrap(2));
        let there: Option<i64> = server
            .prepare_cached("SELECT quantity FROM stock WHERE location = ?1 AND part = ?2")
            .expect("schema")
            .query_row([&location, &part], |row| row.get(0))
            .optional()
            .expect("stock");
        findings.expect(there == Some(here), || {
            format!("phone {n}: stock {location}/{part} is {here}, not {there:?}")
        });
    }
}

/// Nothing waits, nothing is stuck, and the manifest fits.
fn standing(db: &Connection, account: &PhoneAccount, findings: &mut Findings) {
    let n = account.number;
    let count = |sql: &str| -> i64 { db.query_row(sql, [], |row| row.get(0)).expect("schema") };
    for (what, sql) in [
        (
            "changes wait for others",
            "SELECT count(*) FROM held JOIN doc ON id = document WHERE in_scope = 1 AND since <> 0",
        ),
        (
            "changes are on their way",
            "SELECT count(*) FROM change WHERE state IN ('pending', 'sent')",
        ),
    ] {
        let found = count(sql);
        findings.expect(found == 0, || format!("phone {n}: {found} {what}"));
    }
    let mut sql = db
        .prepare("SELECT id, stuck, want, in_scope FROM doc WHERE (stuck = 1 AND in_scope = 1) OR want = 1")
        .expect("schema");
    let mut rows = sql.query([]).expect("docs");
    while let Some(row) = rows.next().expect("doc") {
        let (id, flags): (String, [bool; 3]) =
            (row.get_unwrap(0), [1, 2, 3].map(|column| row.get_unwrap(column)));
        let [stuck, want, scope] = flags;
        findings.say(format!(
            "phone {n}: {id} is not in order: stuck {stuck}, wanted {want}, in scope {scope}"
        ));
    }
    let again = count("SELECT reset_at IS NOT NULL FROM cursor") == 1;
    findings.expect(account.restored || !again, || {
        format!("phone {n}: missed something and had to read again")
    });
    findings.expect(count("SELECT complete FROM cursor") == 1, || {
        format!("phone {n}: the manifest does not fit")
    });
}
