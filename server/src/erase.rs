//! Erasing a customer's personal data: for good, also where an older backup brings it back.
//!
//! Personal data stands in rows that documents name by id. Erased, the customer's row and those of its sites say nothing of a
//! person any more, its contacts are gone, and phones are told. That it was erased is kept twice: in the database, which
//! refuses to write such rows again, and as a file beside it that is in no backup. When a server opens a database that does not
//! know of one of these files, it erases again before anybody reads.

mod tombstone;

pub use tombstone::DIRECTORY as ERASED;

use std::path::{Path, PathBuf};

use fieldline_model::id::CustomerId;
use fieldline_model::row::{Customer, Row, RowKind, Site};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use serde::Serialize;

use crate::app::{App, DATABASE_FILE};
use crate::backup::ASIDE;
use crate::door::DoorError;
use crate::rows::{put, take_away};
use crate::store::erased::{
    answers_forget, contacts_of, erased_add, erased_in_record, erased_list, is_erased, log_fold_in,
    overwrite_deleted, reached_before, sites_of, tracking_end_of,
};
use crate::store::happened::domain_event_add;
use crate::store::log::{Channel, Entry, Journal};
use crate::store::row::row_read;
use crate::store::{self, StoreError};

/// What stands in the place of a name.
const NAME_ZH: &str = "（已删除的客户）";
/// The same in English.
const NAME_EN: &str = "(erased customer)";

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// False when that was done before.
    pub now: bool,
    /// Contacts that were taken away.
    pub contacts: usize,
    /// Sites whose address was taken out.
    pub sites: usize,
    /// Tracking links that were ended.
    pub links: usize,
    /// Records a restore moved aside and kept, which hold the data still.
    pub kept: Vec<PathBuf>,
}

impl App {
    /// Erases a customer's personal data. `None` when there is no such customer. Asking again is harmless.
    ///
    /// What people wrote, photographed or signed within a ticket is the record of the work and stays.
    ///
    /// # Errors
    /// As disk and store say. Once the customer is known, what failed is done when the server is started the next time.
    pub async fn erase_customer(&self, customer: CustomerId) -> Result<Option<Erased>, DoorError> {
        let known = move |connection: &Connection| {
            let row = row_read(connection, RowKind::Customer, &customer.to_string())?;
            Ok::<_, StoreError>(row.is_some() || is_erased(connection, customer)?)
        };
        if !self.store().read(known).await? {
            return Ok(None);
        }
        let (now, directory) = (self.now(), self.directory().to_owned());
        let path = directory.join(DATABASE_FILE);
        let on_disk = move || {
            tombstone::write(&directory, customer, now)?;
            kept(&directory)
        };
        let kept = blocking(on_disk).await?;
        let write = move |connection: &Connection| erase(connection, customer, now);
        let erased = self.store().write::<_, StoreError>(write).await?;
        self.inner.wake.notify_one();
        if !blocking(move || log_fold_in(&path)).await? {
            tracing::info!("the write-ahead log is being read and is emptied later");
        }
        Ok(Some(Erased { kept, ..erased }))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::Unknown))
}

/// Erases what was erased before and stands in the database again, because that is of an older day.
pub(crate) fn again(directory: &Path, path: &Path, now: Timestamp) -> Result<(), StoreError> {
    let asked = tombstone::list(directory)?;
    if asked.is_empty() {
        return Ok(());
    }
    let mut connection = store::connect(path)?;
    let known = erased_list(&connection)?;
    for customer in asked.into_iter().filter(|customer| !known.contains(customer)) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        erase(&transaction, customer, now)?;
        transaction.commit()?;
        tracing::warn!(%customer, "customer {customer} was erased before and stood in the record again; erased again");
    }
    Ok(())
}

/// Before a record takes another's place: whom the one that gives way, or one kept earlier, knows as erased is kept beside the
/// database too. How many customers `coming` brings back, who are erased again when it is opened; `None` where nothing here
/// can tell.
pub(crate) fn remember(
    directory: &Path,
    records: Option<&[PathBuf]>,
    coming: &Path,
    now: Timestamp,
) -> Result<Option<usize>, StoreError> {
    let mut asked = tombstone::list(directory)?;
    let has_files = tombstone::is_there(directory);
    let mut can_tell = has_files || records.is_some();
    for record in records.unwrap_or_default() {
        let known = match erased_in_record(record) {
            Ok(known) => known,
            // What cannot be read must not keep the backup out.
            Err(error) if error.is_damage() => {
                can_tell = has_files;
                continue;
            }
            Err(error) => return Err(error),
        };
        for customer in known {
            if !asked.contains(&customer) {
                tombstone::write(directory, customer, now)?;
                asked.push(customer);
            }
        }
    }
    let known = erased_in_record(coming)?;
    let again = asked.iter().filter(|customer| !known.contains(customer)).count();
    Ok(can_tell.then_some(again))
}

/// Erases in one transaction.
fn erase(connection: &Connection, customer: CustomerId, now: Timestamp) -> Result<Erased, StoreError> {
    let mut journal = Journal::begin(connection, now)?;
    overwrite_deleted(connection, true)?;
    let done = erase_rows(&mut journal, customer, now);
    overwrite_deleted(connection, false)?;
    done
}

fn erase_rows(journal: &mut Journal<'_>, customer: CustomerId, now: Timestamp) -> Result<Erased, StoreError> {
    let connection = journal.connection();
    let mut erased = Erased {
        now: erased_add(connection, customer, now)?,
        links: tracking_end_of(connection, customer, now)?,
        ..Erased::default()
    };
    let (contacts, sites) = (
        contacts_of(connection, customer)?,
        sites_of(connection, customer)?,
    );
    let ids = contacts.iter().map(ToString::to_string);
    let ids = ids.chain(sites.iter().map(ToString::to_string));
    let mut names: Vec<String> = ids.collect();
    names.push(customer.to_string());
    answers_forget(connection, &names)?;
    for id in contacts {
        let id = id.to_string();
        tell_who_left(journal, RowKind::Contact, &id)?;
        if let Some((old, _)) = row_read(connection, RowKind::Contact, &id)? {
            take_away(journal, RowKind::Contact, &id, &old)?;
            erased.contacts += 1;
        }
    }
    for id in sites {
        let name = id.to_string();
        if let Some((Row::Site(old), _)) = row_read(connection, RowKind::Site, &name)? {
            tell_who_left(journal, RowKind::Site, &name)?;
            erased.sites += usize::from(put(journal, &Row::Site(without_address(old)))?);
        }
    }
    let name = customer.to_string();
    if let Some((Row::Customer(old), _)) = row_read(connection, RowKind::Customer, &name)? {
        tell_who_left(journal, RowKind::Customer, &name)?;
        put(journal, &Row::Customer(without_name(old)))?;
    }
    domain_event_add(journal, None, "rows", None)?;
    Ok(erased)
}

/// Those who had a ticket of the customer once may hold its rows still, and get no new ones.
fn tell_who_left(journal: &mut Journal<'_>, kind: RowKind, id: &str) -> Result<(), StoreError> {
    let left = reached_before(journal.connection(), kind, id)?;
    if left.is_empty() {
        return Ok(());
    }
    let (id, channels) = (id.to_owned(), left.into_iter().map(Channel::Engineer));
    journal.append(&Entry::RowGone { kind, id }, channels)?;
    Ok(())
}

/// The town stays, for figures by region.
fn without_address(site: Site) -> Site {
    Site {
        district: String::new(),
        address: String::new(),
        position: None,
        ..site
    }
}

/// What was promised stays with the tickets; who it was does not.
fn without_name(customer: Customer) -> Customer {
    Customer {
        name: NAME_ZH.into(),
        name_en: Some(NAME_EN.into()),
        contract: None,
        ..customer
    }
}

/// Records that a restore moved aside.
fn kept(directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let failed = |error| StoreError::file(directory, &error);
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(ASIDE) {
            kept.push(entry.path());
        }
    }
    kept.sort();
    Ok(kept)
}
