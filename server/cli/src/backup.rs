//! `fieldline backup` and `fieldline restore`: where things are, who may be running, and what to say.

use std::path::{Path, PathBuf};

use fieldline_model::time::Timestamp;
use fieldline_server::app::Edge;
use fieldline_server::backup::{self, ASIDE, BackupError, Manifest, ManifestFault, PutBack};
use fieldline_server::blob::FileFaults;
use fieldline_server::erase::ERASED;
use fieldline_server::words::{Lang, Word};
use serde_json::json;

use crate::answer::Answer;
use crate::args::backup::{BackupArgs, RestoreArgs};
use crate::data;
use crate::fault::Fault;
use crate::when::{self, Clock};
use crate::words::{backup as b, fill};

/// Names tried for backups that begin in one second.
const IN_ONE_SECOND_MAX: u32 = 100;

/// Takes a backup of a record that may be in use.
///
/// # Errors
/// Why there is none.
pub(crate) fn take(args: &BackupArgs, lang: Lang) -> Result<Answer, Fault> {
    let data = &args.data.data;
    data::must_be_there(data)?;
    let begun = when::now();
    data::make(&args.to)?;
    let (to, manifest) = take_into(data, &args.to, begun).map_err(|error| fault(error, data))?;
    let ms = when::now().since(begun);
    let values = [
        ("path", to.display().to_string()),
        ("company", manifest.company.clone()),
        ("tickets", manifest.tickets.to_string()),
        ("seq", manifest.seq.to_string()),
        ("size", size(manifest.bytes)),
        ("seconds", format!("{}.{}", ms / 1_000, ms % 1_000 / 100)),
    ];
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    let done = if manifest.blob_faults.is_empty() {
        b::TAKEN
    } else {
        b::TAKEN_NOT_WHOLE
    };
    let mut text = format!(
        "{}\n  {}\n{}",
        fill(lang, done, &values),
        fill(lang, b::TAKEN_WHAT, &values),
        keys_words(data, lang)
    );
    let erased = data.join(ERASED);
    if erased.is_dir() {
        let path = erased.display().to_string();
        text.push_str(&format!("\n{}", fill(lang, b::TAKEN_ERASED, &[("path", &path)])));
    }
    text.push_str(&lacks_words(&manifest.blob_faults, b::TAKEN_LACKS, data, lang));
    let json = json!({ "backup": to, "manifest": manifest, "ms": ms });
    Ok(Answer {
        good: manifest.blob_faults.is_empty(),
        ..Answer::new(text, json)
    })
}

/// Takes it into a new directory inside `to`, named after the time; another that began in the same second has another
/// name. Never into one inside a backup: that is refused.
fn take_into(data: &Path, to: &Path, now: Timestamp) -> Result<(PathBuf, Manifest), BackupError> {
    if to.join(backup::MANIFEST_FILE).exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let name = now.to_utc().format("fieldline-%Y%m%dT%H%M%SZ").to_string();
    let mut place = to.join(&name);
    for n in 2..=IN_ONE_SECOND_MAX {
        match backup::take(data, &place, now) {
            Err(BackupError::Exists(_)) => place = to.join(format!("{name}-{n}")),
            taken => return taken.map(|manifest| (place, manifest)),
        }
    }
    Err(BackupError::Exists(place))
}

/// Files of photos that are not whole, by name; no words where all are.
fn lacks_words(faults: &FileFaults, head: Word, data: &Path, lang: Lang) -> String {
    if faults.is_empty() {
        return String::new();
    }
    let missing = faults.missing.iter().map(|hash| (b::BLOB_MISSING, hash));
    let damaged = faults.damaged.iter().map(|hash| (b::BLOB_DAMAGED, hash));
    let unreadable = faults.unreadable.iter().map(|hash| (b::BLOB_UNREADABLE, hash));
    let named: Vec<_> = missing.chain(damaged).chain(unreadable).collect();
    let (n, data) = (named.len().to_string(), data.display().to_string());
    let mut text = format!("\n{}", fill(lang, head, &[("n", &n), ("data", &data)]));
    for (word, hash) in named {
        text.push_str(&format!("\n  {}", fill(lang, word, &[("id", &hash.to_string())])));
    }
    text
}

/// Where the keys are that the backup has not.
fn keys_words(data: &Path, lang: Lang) -> String {
    let beside = data.join(data::KEYS);
    // What a restore moved aside has left its keys where they were: with the data it made way for.
    let above = data.join("..").join(data::KEYS);
    let shown = |path: &Path| path.display().to_string();
    let (word, path) = if beside.is_dir() {
        (b::TAKEN_KEYS, shown(&beside))
    } else if is_aside(data) && above.is_dir() {
        let above = above.canonicalize().unwrap_or(above);
        (b::TAKEN_KEYS, shown(&above))
    } else {
        (b::TAKEN_NO_KEYS, shown(data))
    };
    fill(lang, word, &[("path", &path)])
}

/// So many bytes, in the unit that fits.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1_000;
        unit += 1;
    }
    if unit == 0 {
        return format!("{bytes} B");
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// Puts a backup back while no server runs.
///
/// # Errors
/// Why nothing was changed.
pub(crate) fn put_back(args: &RestoreArgs, lang: Lang) -> Result<Answer, Fault> {
    let data = &args.data.data;
    // A wrong name must not leave a directory behind.
    backup::verify(&args.from).map_err(|error| fault(error, &args.from))?;
    data::make(data)?;
    let _lock = data::lock(data)?;
    let put_back = backup::put_back(data, &args.from, &Edge::system(), args.yes_go_back)
        .map_err(|error| fault(error, data))?;
    let json = json!({ "restored": put_back, "outbound_held": true });
    Ok(Answer {
        good: put_back.blob_faults.is_empty(),
        ..Answer::new(words(&put_back, data, lang), json)
    })
}

fn words(done: &PutBack, data: &Path, lang: Lang) -> String {
    let backup = &done.backup;
    let values = [
        ("time", Clock::system(lang).zoned(backup.taken_at)),
        ("company", backup.company.clone()),
        ("tickets", backup.tickets.to_string()),
        ("seq", backup.seq.to_string()),
    ];
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    let mut lines = vec![fill(lang, b::PUT_BACK, &values)];
    if done.lost > 0 {
        lines.push(fill(lang, b::PUT_BACK_LOST, &[("lost", &done.lost.to_string())]));
    }
    if let Some(aside) = &done.aside {
        lines.push(fill(
            lang,
            b::PUT_BACK_ASIDE,
            &[("path", &aside.display().to_string())],
        ));
    }
    match done.closed_again {
        Some(0) => {}
        Some(n) => lines.push(fill(lang, b::PUT_BACK_CLOSED, &[("n", &n.to_string())])),
        None => lines.push(fill(lang, b::PUT_BACK_UNKNOWN, &[])),
    }
    match done.erased_again {
        Some(0) => {}
        Some(n) => lines.push(fill(lang, b::PUT_BACK_ERASED, &[("n", &n.to_string())])),
        None => {
            let path = data.join(ERASED).display().to_string();
            lines.push(fill(lang, b::PUT_BACK_ERASED_UNKNOWN, &[("path", &path)]));
        }
    }
    if !done.keys_there {
        let keys = data.join(data::KEYS).display().to_string();
        lines.push(fill(lang, b::PUT_BACK_KEYS, &[("path", &keys)]));
    }
    lines.push(fill(
        lang,
        b::PUT_BACK_HELD,
        &[("data", &data.display().to_string())],
    ));
    lines.join("\n") + &lacks_words(&done.blob_faults, b::PUT_BACK_LACKS, data, lang)
}

fn fault(error: BackupError, data: &Path) -> Fault {
    let shown = |path: &Path| path.display().to_string();
    match error {
        BackupError::Exists(path) => Fault::new("backup_exists", b::EXISTS, &[("path", &shown(&path))]),
        BackupError::Damaged { path, why } => Fault::new(
            "backup_damaged",
            b::DAMAGED,
            &[("path", &shown(&path)), ("why", &why)],
        ),
        BackupError::Unsound(findings) => Fault::new(
            "data_unsound",
            b::UNSOUND,
            &[("n", &findings.len().to_string()), ("data", &shown(data))],
        ),
        BackupError::Manifest { path, .. } if is_aside(&path) => {
            Fault::new("no_backup", b::NOT_A_BACKUP_ASIDE, &[("path", &shown(&path))])
        }
        BackupError::Manifest { path, fault } => {
            let word = match fault {
                ManifestFault::Missing => b::MANIFEST_MISSING,
                ManifestFault::Unreadable => b::MANIFEST_UNREADABLE,
                ManifestFault::Other => b::MANIFEST_OTHER,
            };
            let values = [("path", shown(&path))];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            Fault::new("backup_damaged", word, &values).and(b::OTHER_BACKUP, &values)
        }
        BackupError::NotABackup(path) => Fault::new("no_backup", b::NOT_A_BACKUP, &[("path", &shown(&path))]),
        BackupError::OtherCompany { here, there } => Fault::new(
            "other_company",
            b::OTHER_COMPANY,
            &[("here", &here), ("there", &there)],
        ),
        BackupError::WouldGoBack { lost } => {
            Fault::new("would_go_back", b::WOULD_GO_BACK, &[("lost", &lost.to_string())])
        }
        BackupError::Unreadable { why } => Fault::new("data_unreadable", b::UNREADABLE, &[("why", &why)]),
        BackupError::InUse => Fault::new("data_in_use", b::IN_USE, &[("path", &shown(data))]),
        BackupError::File { path, error } => Fault::file(&path, &error),
        BackupError::Store(error) => error.into(),
    }
}

/// True of what a restore kept, by its name: live data without a manifest is something else.
fn is_aside(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(ASIDE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second of two scripts that began in one second was told that its backup exists.
    #[tokio::test]
    async fn backups_that_begin_in_one_second_have_names_of_their_own() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data, shelf) = (dir.path().join("data"), dir.path().join("shelf"));
        for made in [&data, &shelf] {
            data::make(made).unwrap_or_else(|fault| panic!("{fault:?}"));
        }
        let options = fieldline_server::app::Options::default();
        let _app = fieldline_server::app::App::open(&data, Edge::system(), options).expect("it opens");
        let now = Timestamp::from_ms(1_790_000_000_000);
        let taken = [(); 3].map(|()| take_into(&data, &shelf, now).expect("a backup").0);
        let names = taken.map(|place| place.file_name().map(|name| name.to_string_lossy().into_owned()));
        let name = |more: &str| Some(format!("fieldline-20260921T141320Z{more}"));
        assert_eq!(names, [name(""), name("-2"), name("-3")]);
    }

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        let said = [999, 1_000, 1_234_567, 9_999_999_999_999].map(size);
        assert_eq!(said, ["999 B", "1.0 kB", "1.2 MB", "9999.9 GB"]);
    }
}
