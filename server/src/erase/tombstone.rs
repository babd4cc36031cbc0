//! One small file for each erased customer, in `erased/` beside the database and in no backup of it.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use fieldline_model::id::CustomerId;
use fieldline_model::time::Timestamp;

use crate::keys::{make_directory, sync_directory};
use crate::store::StoreError;

/// The directory of these files, in the server's own.
pub const DIRECTORY: &str = "erased";

/// Keeps on the disk that a customer is to be erased. The name says whom, the text when.
pub(super) fn write(directory: &Path, customer: CustomerId, at: Timestamp) -> Result<(), StoreError> {
    let files = directory.join(DIRECTORY);
    let path = files.join(customer.to_string());
    let keep = || {
        make_directory(&files)?;
        let mut file = File::create(&path)?;
        file.write_all(format!("{}\n", at.to_utc().format("%Y-%m-%dT%H:%M:%SZ")).as_bytes())?;
        file.sync_all()?;
        sync_directory(&files)?;
        sync_directory(directory)
    };
    keep().map_err(|error| StoreError::file(&path, &error))
}

/// There is the directory.
pub(super) fn is_there(directory: &Path) -> bool {
    directory.join(DIRECTORY).is_dir()
}

/// Who is to be erased. The name alone counts; a file with another name is passed over and told.
pub(super) fn list(directory: &Path) -> Result<Vec<CustomerId>, StoreError> {
    let files = directory.join(DIRECTORY);
    let failed = |error: std::io::Error| StoreError::file(&files, &error);
    let entries = match std::fs::read_dir(&files) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut customers = Vec::new();
    for entry in entries {
        match entry.map_err(failed)?.file_name().to_string_lossy().parse() {
            Ok(customer) => customers.push(customer),
            Err(_) => tracing::warn!("a file in {} names no customer", files.display()),
        }
    }
    customers.sort_unstable();
    Ok(customers)
}
