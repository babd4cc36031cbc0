//! Whether the data is what it says: the log's chain, the record against its documents, the stock against its ledger, its
//! counts and the grants, the files of photos against their names.
//!
//! A ticket's record is status, visits, how each event counts, and what is to be reviewed. It is written anew inside a write that is undone unless a repair is asked for, so check and repair can not
//! disagree. The log and the documents are never changed here.

use fieldline_model::id::TicketId;
use fieldline_model::row::{Row, Stock};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;
use serde::Serialize;

pub(crate) use crate::anew::visit_times;
use crate::anew::{Told, write_anew};
use crate::app::App;
use crate::compact::documents_lacking;
use crate::keys;
use crate::rows;
use crate::store::log::{Journal, log_broken};
use crate::store::own_keys::{self, KeysFit};
use crate::store::{StoreError, check as store, check_grant as grants};

/// What does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// From this log entry on the chain does not fit.
    Chain,
    /// The document cannot be read.
    Document,
    /// The document lacks a change that it alone should hold.
    Change,
    /// The ticket's record differs from its document.
    Ticket,
    /// The stock figure differs from its ledger.
    Stock,
    /// The stock is not what was counted last and what moved since.
    Counted,
    /// More is held than lies there, and no discrepancy says so.
    HeldBeyond,
    /// A discrepancy is open where nothing is missing.
    NothingMissing,
    /// A grant of less than nothing.
    GrantBelowZero,
    /// A grant of a part, at a place or of a phone that the record does not know.
    GrantOfNothing,
    /// A grant whose statement is later than the last one counted.
    GrantAhead,
    /// A request that was answered and waits all the same.
    RequestTwice,
    /// The file of a photo is not there.
    BlobMissing,
    /// The file of a photo has other bytes than its name says.
    BlobDamaged,
    /// The file of a photo is there and cannot be read.
    BlobUnreadable,
    /// The keys that the record worked with are not there.
    KeysMissing,
    /// Other keys are there than those it worked with.
    KeysOther,
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub what: Wrong,
    /// Of which: a log entry's number, a ticket's, grant's or operation's id, `<location>/<part>`, a file's name, the keys' directory.
    pub id: String,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Log entries.
    pub log: u64,
    /// Tickets.
    pub tickets: usize,
    /// Stock figures.
    pub stock: u64,
    /// Files of photos.
    pub blobs: u64,
    /// Photos whose files were here once and are not: phones are asked for them, also for those this repair gave up.
    pub blobs_asked: u64,
    /// Such photos that their author's phone has no more either.
    pub blobs_lost: u64,
    /// What does not hold; after a repair, what did not.
    pub findings: Vec<Finding>,
    /// How many of them were written anew.
    pub repaired: usize,
    /// How many of them are files that the repair gave up: no finding any more, and not here either.
    pub blobs_given_up: usize,
}

/// Why the writing of a ticket's record ended.
enum Stop {
    Store(StoreError),
    Unreadable,
    /// Undone, because only a check was asked for.
    Undone {
        differs: bool,
    },
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl App {
    /// Checks everything; with `repair`, record and stock are written anew where they differ, and phones are asked for the
    /// files of photos that are not what they should be.
    ///
    /// # Errors
    /// As the store says.
    pub async fn check(&self, repair: bool) -> Result<CheckReport, StoreError> {
        let broken = self.store().read(log_broken).await?;
        let (log, stock) = self.store().read(store::counts).await?;
        let tickets = self.store().read(store::ticket_documents).await?;
        let mut report = CheckReport {
            log,
            stock,
            tickets: tickets.len(),
            ..CheckReport::default()
        };
        self.check_keys(repair, &mut report).await?;
        report.findings.extend(broken.map(|seq| Finding {
            what: Wrong::Chain,
            id: seq.to_string(),
        }));
        for id in tickets {
            let Some(ticket) = id.ticket() else { continue };
            let what = match self.check_ticket(ticket, repair).await {
                Ok(differs) | Err(Stop::Undone { differs }) => differs.then_some(Wrong::Ticket),
                Err(Stop::Unreadable) => Some(Wrong::Document),
                Err(Stop::Store(error)) => return Err(error),
            };
            report.repaired += usize::from(repair && what == Some(Wrong::Ticket));
            report.findings.extend(what.map(|what| Finding {
                what,
                id: ticket.to_string(),
            }));
        }
        report.findings.extend(self.store().read(check_changes).await?);
        self.check_stock(repair, &mut report).await?;
        report.findings.extend(self.store().read(check_grants).await?);
        self.check_blobs(repair, &mut report).await?;
        Ok(report)
    }

    /// A repair takes other keys as the record's own; those that are not there nobody can write anew.
    async fn check_keys(&self, repair: bool, report: &mut CheckReport) -> Result<(), StoreError> {
        let what = match self.keys_fit() {
            KeysFit::Own => return Ok(()),
            KeysFit::Missing => Wrong::KeysMissing,
            KeysFit::Other => Wrong::KeysOther,
        };
        let id = keys::directory(self.directory()).display().to_string();
        report.findings.push(Finding { what, id });
        if repair && what == Wrong::KeysOther {
            report.repaired += usize::from(self.store().write(own_keys::accept).await?);
        }
        Ok(())
    }

    async fn check_ticket(&self, ticket: TicketId, repair: bool) -> Result<bool, Stop> {
        let now = self.now();
        let job = move |connection: &Connection| {
            let differs = differs(connection, ticket, now)?;
            if repair {
                Ok(differs)
            } else {
                Err(Stop::Undone { differs })
            }
        };
        self.store().write(job).await
    }

    async fn check_stock(&self, repair: bool, report: &mut CheckReport) -> Result<(), StoreError> {
        let differing = self.store().read(store::stock_differing).await?;
        let id = |location, part| format!("{location}/{part}");
        report
            .findings
            .extend(differing.iter().map(|(location, part, _)| Finding {
                what: Wrong::Stock,
                id: id(location, part),
            }));
        if !repair || differing.is_empty() {
            return Ok(());
        }
        report.repaired += differing.len();
        let now = self.now();
        let job = move |connection: &Connection| {
            let mut journal = Journal::begin(connection, now)?;
            for (location, part, quantity) in differing {
                store::stock_rewrite(connection, location, part, quantity)?;
                rows::put(
                    &mut journal,
                    &Row::Stock(Stock {
                        location,
                        part,
                        quantity,
                    }),
                )?;
            }
            Ok::<_, StoreError>(())
        };
        self.store().write(job).await
    }
}

/// The same check of a database file that no server uses, without the files beside it. Nothing stays changed.
///
/// # Errors
/// As the store says.
pub(crate) fn check_copy(connection: &mut Connection, now: Timestamp) -> Result<CheckReport, StoreError> {
    // Never committed.
    let undone = connection.transaction()?;
    let (log, stock) = store::counts(&undone)?;
    let mut report = CheckReport {
        log,
        stock,
        ..CheckReport::default()
    };
    report.findings.extend(log_broken(&undone)?.map(|seq| Finding {
        what: Wrong::Chain,
        id: seq.to_string(),
    }));
    for id in store::ticket_documents(&undone)? {
        report.tickets += 1;
        let Some(ticket) = id.ticket() else { continue };
        let what = match differs(&undone, ticket, now) {
            Ok(differs) | Err(Stop::Undone { differs }) => differs.then_some(Wrong::Ticket),
            Err(Stop::Unreadable) => Some(Wrong::Document),
            Err(Stop::Store(error)) => return Err(error),
        };
        report.findings.extend(what.map(|what| Finding {
            what,
            id: ticket.to_string(),
        }));
    }
    report.findings.extend(check_changes(&undone)?);
    let differing = store::stock_differing(&undone)?;
    report
        .findings
        .extend(differing.into_iter().map(|(location, part, _)| Finding {
            what: Wrong::Stock,
            id: format!("{location}/{part}"),
        }));
    report.findings.extend(check_grants(&undone)?);
    Ok(report)
}

/// Documents without a change whose bytes were dropped because they held it.
fn check_changes(connection: &Connection) -> Result<Vec<Finding>, StoreError> {
    let lacking = documents_lacking(connection)?.into_iter();
    Ok(lacking
        .map(|id| Finding {
            what: Wrong::Change,
            id: id.to_string(),
        })
        .collect())
}

/// What does not hold of counts, grants and what is missing. Nothing of it can be written anew: only who counts knows.
fn check_grants(connection: &Connection) -> Result<Vec<Finding>, StoreError> {
    let asked = [
        (Wrong::Counted, grants::counts_missed(connection)?),
        (Wrong::HeldBeyond, grants::held_beyond(connection)?),
        (Wrong::NothingMissing, grants::missing_nothing(connection)?),
        (Wrong::GrantBelowZero, grants::grants_below_zero(connection)?),
        (Wrong::GrantOfNothing, grants::grants_of_nothing(connection)?),
        (Wrong::GrantAhead, grants::grants_ahead(connection)?),
        (Wrong::RequestTwice, grants::requests_twice(connection)?),
    ];
    let findings = asked
        .into_iter()
        .flat_map(|(what, ids)| ids.into_iter().map(move |id| Finding { what, id }));
    Ok(findings.collect())
}

/// Writes a ticket's record as its document says, and whether it said something else before.
fn differs(connection: &Connection, ticket: TicketId, now: Timestamp) -> Result<bool, Stop> {
    let before = store::record_text(connection, ticket)?;
    match write_anew(&mut Journal::begin(connection, now)?, ticket)? {
        Told::Unreadable => Err(Stop::Unreadable),
        Told::Nothing => Ok(false),
        Told::State(_) => Ok(before != store::record_text(connection, ticket)?),
    }
}
