//! The files of photos: `<store>.blobs/ab/<hash>`. Each is whole, and on the disk, before it has its name, so that a power
//! cut leaves no half of one under a name that somebody trusts.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fieldline_model::blob::BlobHash;

/// The directory beside the store at `store`.
pub(crate) fn directory(store: &Path) -> PathBuf {
    store.with_extension("blobs")
}

/// Where the blob lies.
pub(crate) fn path(directory: &Path, hash: BlobHash) -> PathBuf {
    let name = hash.to_string();
    directory.join(&name[..2]).join(name)
}

/// Where a blob lies that is being fetched.
pub(crate) fn part_path(directory: &Path, hash: BlobHash) -> PathBuf {
    directory.join(format!("{hash}.part"))
}

/// Writes a blob; `room` is what a test leaves of the disk. Half of one is taken away again.
pub(crate) fn put(
    directory: &Path,
    hash: BlobHash,
    bytes: &[u8],
    room: Option<usize>,
) -> std::io::Result<()> {
    let path = path(directory, hash);
    if holds(&path, hash)? {
        return Ok(());
    }
    let shelf = path.parent().unwrap_or(directory);
    std::fs::create_dir_all(shelf)?;
    let scratch = path.with_extension("new");
    let written = write(&scratch, bytes, room).and_then(|()| std::fs::rename(&scratch, &path));
    if written.is_err() {
        // What is told is the first error; the scratch file has no name that anybody reads.
        std::fs::remove_file(&scratch).ok();
    }
    written?;
    sync_directories(directory, shelf)
}

fn write(path: &Path, bytes: &[u8], room: Option<usize>) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    if let Some(room) = room.filter(|room| *room < bytes.len()) {
        file.write_all(&bytes[..room])?;
        return Err(ErrorKind::StorageFull.into());
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes names outlive a power cut.
fn sync_directories(directory: &Path, shelf: &Path) -> std::io::Result<()> {
    // Only Unix can open a directory; elsewhere the rename itself has to do.
    if cfg!(unix) {
        File::open(shelf)?.sync_all()?;
        File::open(directory)?.sync_all()?;
        if let Some(store) = directory.parent().filter(|store| *store != Path::new("")) {
            File::open(store)?.sync_all()?;
        }
    }
    Ok(())
}

/// Gives a fetched file its name.
pub(crate) fn keep_part(directory: &Path, hash: BlobHash) -> std::io::Result<()> {
    let (part, path) = (part_path(directory, hash), path(directory, hash));
    let shelf = path.parent().unwrap_or(directory);
    std::fs::create_dir_all(shelf)?;
    File::open(&part)?.sync_all()?;
    std::fs::rename(&part, &path)?;
    sync_directories(directory, shelf)
}

/// Appends to a file that is being fetched.
pub(crate) fn add_part(directory: &Path, hash: BlobHash, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let part = part_path(directory, hash);
    File::options()
        .create(true)
        .append(true)
        .open(part)?
        .write_all(bytes)
}

/// Length of a file; 0 when there is none.
pub(crate) fn len(path: &Path) -> std::io::Result<u64> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// When a file was last written, in milliseconds since 1970.
pub(crate) fn modified_ms(path: &Path) -> std::io::Result<i64> {
    let since = std::fs::metadata(path)?.modified()?;
    let since = since.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Whether the file is there and its bytes are those of the name.
pub(crate) fn holds(path: &Path, hash: BlobHash) -> std::io::Result<bool> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(BlobHash::of(&bytes) == hash),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A piece of a file.
pub(crate) fn piece(path: &Path, offset: u64, bytes_max: u64) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut piece = Vec::new();
    file.take(bytes_max).read_to_end(&mut piece)?;
    Ok(piece)
}

/// Deletes a file; one that is gone is.
pub(crate) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Every file that lies here, with its name where it has one that is not on its way.
pub(crate) fn list(directory: &Path) -> std::io::Result<Vec<(PathBuf, Option<BlobHash>)>> {
    let mut found = Vec::new();
    for shelf in entries(directory)? {
        if !shelf.file_type()?.is_dir() {
            // What is being fetched goes on when somebody asks for it again.
            continue;
        }
        for file in entries(&shelf.path())? {
            let name = file.file_name().to_str().and_then(|name| name.parse().ok());
            found.push((file.path(), name));
        }
    }
    Ok(found)
}

fn entries(directory: &Path) -> std::io::Result<Vec<std::fs::DirEntry>> {
    match std::fs::read_dir(directory) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
