//! Taking a backup: a copy of the database, looked over before it gets its name.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use fieldline_model::time::Timestamp;

use super::blobs::{copy_blobs, forget_dropped};
use super::{BackupError, FORMAT, MANIFEST_FILE, Manifest, at, checksum, no_damage};
use crate::app::DATABASE_FILE;
use crate::blob::verify::file_faults;
use crate::check::check_copy;
use crate::keys::{make_directory, sync_directory};
use crate::store::backup::{self as store, Stand};
use crate::store::{StoreError, meta};

/// A directory that is not a backup yet.
const PARTIAL: &str = "partial";

/// Takes a backup of the record in `data` into the new directory `to`, and looks it over before it gets its name. Files of
/// photos that are missing or damaged keep nothing else from being backed up: the manifest names them.
///
/// # Errors
/// When something stands there already, when the copy does not hold what it should, and as disk and database say.
pub fn take(data: &Path, to: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".{PARTIAL}-{}", std::process::id()));
    let partial = PathBuf::from(name);
    make_directory(&partial).map_err(at(&partial))?;
    let taken = copy(data, &partial, now).and_then(|manifest| {
        // A rename onto an empty directory would succeed on Unix, and lose nothing.
        std::fs::rename(&partial, to).map_err(|error| match error.kind() {
            // Another backup was quicker.
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => BackupError::Exists(to.to_owned()),
            _ => at(to)(error),
        })?;
        sync_directory(parent(to)).map_err(at(to))?;
        Ok(manifest)
    });
    if taken.is_err() {
        // What is left over holds no backup; the error that is told is the first one.
        let _ = std::fs::remove_dir_all(&partial);
    }
    let manifest = taken?;
    if !manifest.blob_faults.is_empty() {
        // A phone would take it for the second copy of its photos.
        return Ok(manifest);
    }
    let mut live = meta::open(&data.join(DATABASE_FILE))?;
    meta::in_transaction(&mut live, |live| store::covered_write(live, manifest.seq, now))?;
    Ok(manifest)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn copy(data: &Path, partial: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    let database = partial.join(DATABASE_FILE);
    store::copy_whole(&data.join(DATABASE_FILE), &database)?;
    complete(data, partial, now)
}

/// Makes a backup of the copy of a database, while the record and its files go on.
fn complete(data: &Path, partial: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    let database = partial.join(DATABASE_FILE);
    let (stand, tickets) = look_over(&database, now)?;
    let blobs = copy_blobs(data, partial)?;
    let mut blob_faults = file_faults(&store::open_backup(&database)?, partial)?;
    if !blob_faults.missing.is_empty() {
        forget_dropped(
            &mut blob_faults.missing,
            &database,
            &data.join(DATABASE_FILE),
            now,
        )?;
    }
    let file = File::open(&database).map_err(at(&database))?;
    file.sync_all().map_err(at(&database))?;
    let (bytes, sha256) = checksum(&database)?;
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        organisation: stand.organisation,
        company: stand.company,
        schema: stand.schema,
        epoch: stand.epoch,
        seq: stand.seq,
        chain: hex::encode(stand.chain),
        tickets,
        taken_at: now,
        bytes,
        sha256,
        blobs,
        blob_faults,
    };
    let path = partial.join(MANIFEST_FILE);
    let mut file = File::create(&path).map_err(at(&path))?;
    let text = serde_json::to_string_pretty(&manifest).expect("a manifest is plain JSON");
    file.write_all(format!("{text}\n").as_bytes())
        .map_err(at(&path))?;
    file.sync_all().map_err(at(&path))?;
    sync_directory(partial).map_err(at(partial))?;
    Ok(manifest)
}

/// The database is whole, the log's chain fits, record and stock are what documents and ledger say.
fn look_over(database: &Path, now: Timestamp) -> Result<(Stand, usize), BackupError> {
    let mut connection = store::open_copy(database)?;
    no_damage(&connection, database)?;
    let report = check_copy(&mut connection, now)?;
    if !report.findings.is_empty() {
        return Err(BackupError::Unsound(report.findings));
    }
    let stand = store::stand(&connection)?;
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    Ok((stand, report.tickets))
}

#[cfg(test)]
mod tests {
    use fieldline_model::blob::BlobHash;
    use rusqlite::Connection;

    use super::*;
    use crate::app::{App, Edge, Options};

    /// HQ drops what nothing refers to, and the backup that was being made said that a photo is missing.
    #[test]
    fn what_the_record_drops_while_it_is_copied_is_not_missing_in_the_backup() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data, partial) = (dir.path().join("data"), dir.path().join("partial"));
        for made in [&data, &partial] {
            make_directory(made).expect("made");
        }
        drop(App::open(&data, Edge::system(), Options::default()).expect("it opens"));
        let live = Connection::open(data.join(DATABASE_FILE)).expect("it opens");
        let [dropped, given_up, missing] = [1, 2, 3].map(|n| BlobHash([n; 32]));
        let add = |hash: BlobHash| {
            let sql =
                format!("INSERT INTO blob (hash, size, media, at) VALUES (x'{hash}', 3, 'image/jpeg', 0)");
            live.execute(&sql, []).expect("written");
        };
        [dropped, given_up, missing].into_iter().for_each(add);
        let refer = format!(
            "INSERT INTO blob_ref (document, hash, operation, engineer, size, media, thumb)
                VALUES ('d', x'{given_up}', 'o', 'e', 3, 'image/jpeg', 0)"
        );
        live.execute(&refer, []).expect("written");
        let database = partial.join(DATABASE_FILE);
        store::copy_whole(&data.join(DATABASE_FILE), &database).expect("copied");
        let delete = format!("DELETE FROM blob WHERE hash IN (x'{dropped}', x'{given_up}')");
        live.execute(&delete, []).expect("written");

        let manifest = complete(&data, &partial, Timestamp::from_ms(1_790_000_000_000)).expect("a backup");
        assert_eq!(manifest.blob_faults.missing, [given_up, missing]);
        assert_eq!(
            (manifest.bytes, manifest.sha256),
            checksum(&database).expect("read")
        );
        let copy = store::open_backup(&database).expect("it opens");
        let again = file_faults(&copy, &partial).expect("looked through");
        assert_eq!(again, manifest.blob_faults, "what a restore of it finds");
    }
}
