//! When the phone may use the network, and what a try to sync came to.
//!
//! `offline` is a file beside the store, so scripts and people see it. A sync after a save has a short deadline and
//! never fails what was saved.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_engine::view::Status;
use fieldline_engine::{EngineError, Silence};
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_server::words::Lang;
use serde_json::{Value, json};

use super::{Phone, hinted, left, status};
use crate::answer::Answer;
use crate::fault::{Fault, stopped};
use crate::named::{self, TEXT_BYTES_MAX};
use crate::table::{WIDTH, hanging};
use crate::words::{fault as f, fill, phone as w};

/// The file that keeps the phone off the network.
const OFFLINE_FILE: &str = "offline";
/// A company's own certificates, PEM.
const CA_FILE: &str = "ca.pem";
/// How long a command that saved something tries to send it.
const SEND_MS_MAX: u64 = 4_000;
/// How long `sync` tries.
const SYNC_MS_MAX: u64 = 60_000;

/// What a try to send came to.
pub(super) enum Sent {
    /// HQ answered.
    Done,
    /// The person wants it so.
    SetOffline,
    /// It did not work; the work waits.
    Not(Fault),
}

impl Sent {
    /// Why HQ has heard nothing, in words; `None` when it answered, and why something waits is a matter of that.
    pub(super) fn why(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Done => None,
            Self::SetOffline => Some(fill(lang, w::KEPT_OFFLINE, &[]).to_owned()),
            Self::Not(fault) => Some(stopped(lang, fault.words(lang))),
        }
    }

    /// For programs: `code` is absent when HQ answered.
    pub(super) fn to_json(&self, lang: Lang) -> Value {
        match self {
            Self::Done => json!({ "done": true }),
            Self::SetOffline => {
                json!({ "done": false, "code": "set_offline", "text": fill(lang, w::SET_OFFLINE, &[]) })
            }
            Self::Not(fault) => {
                json!({ "done": false, "code": fault.code(), "text": fault.words(lang) })
            }
        }
    }
}

fn file(phone: &Phone) -> PathBuf {
    phone.store.join(OFFLINE_FILE)
}

/// The person keeps the phone off the network.
pub(super) fn is_offline(phone: &Phone) -> bool {
    file(phone).exists()
}

/// Tries to send, for a short time.
pub(super) fn send(phone: &Phone) -> Sent {
    if is_offline(phone) {
        return Sent::SetOffline;
    }
    match exchange(phone, Duration::from_millis(SEND_MS_MAX)) {
        Ok(()) => Sent::Done,
        Err(fault) => Sent::Not(hinted(fault, &phone.store, phone.ca.is_some())),
    }
}

/// Exchanges everything, or says why not.
pub(super) fn sync(phone: &Phone) -> Result<Answer, Fault> {
    if is_offline(phone) {
        return Err(Fault::new("set_offline", w::IS_OFFLINE, &[]));
    }
    let before = left::unfinished(phone)?.iter().map(|line| line.ticket).collect();
    exchange(phone, Duration::from_millis(SYNC_MS_MAX))?;
    let status = phone.engine.status()?;
    let text = fill(
        phone.lang,
        w::SYNCED,
        &[("truth", &stopped(phone.lang, &status::truth(phone, &status)))],
    );
    let text = left::warned(phone, &left::since(phone, &before)?, text);
    let text = status::warned(phone, &status, with_not_taken(phone, &status, text));
    Ok(Answer::new(text, status::to_json(phone, &status)))
}

/// What is said of a sync, and below it what HQ could not take in it.
fn with_not_taken(phone: &Phone, status: &Status, text: String) -> String {
    let n = status::not_taken(status);
    if n == 0 {
        return text;
    }
    let warning = fill(phone.lang, w::NOT_TAKEN, &[("n", &n.to_string())]);
    format!("{}\n{}", text.trim_end(), hanging("! ", &warning, WIDTH))
}

/// Stays off the network until told otherwise.
pub(super) fn set_offline(phone: &Phone) -> Result<Answer, Fault> {
    let file = file(phone);
    std::fs::write(&file, "").map_err(|error| Fault::file(&file, &error))?;
    Ok(Answer::new(
        fill(phone.lang, w::NOW_OFFLINE, &[]),
        json!({ "offline": true }),
    ))
}

/// Uses the network again; says whether it did not.
pub(super) fn go_online(phone: &Phone) -> Result<bool, Fault> {
    let file = file(phone);
    match std::fs::remove_file(&file) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Fault::file(&file, &error)),
    }
}

/// Uses the network again, and sends at once; a network that is away is no failure of this.
pub(super) fn set_online(phone: &Phone) -> Result<Answer, Fault> {
    go_online(phone)?;
    let sent = match exchange(phone, Duration::from_millis(SYNC_MS_MAX)) {
        Ok(()) => Sent::Done,
        Err(fault) => Sent::Not(hinted(fault, &phone.store, phone.ca.is_some())),
    };
    let status = phone.engine.status()?;
    let lang = phone.lang;
    let mut text = fill(
        lang,
        w::NOW_ONLINE,
        &[("truth", &stopped(lang, &status::truth(phone, &status)))],
    );
    match sent.why(lang) {
        Some(why) => text.push_str(&format!("\n{why}")),
        None => text = with_not_taken(phone, &status, text),
    }
    let text = status::warned(phone, &status, text);
    let mut json = status::to_json(phone, &status);
    json["sync"] = sent.to_json(lang);
    Ok(Answer::new(text, json))
}

/// Joins a company. Its own certificates are kept once they have proved themselves.
pub(super) fn enrol(phone: &Phone, url: &str, code: &str, name: &str) -> Result<(), Fault> {
    let client = client(phone, phone.allow_plain_http)?;
    within(SYNC_MS_MAX, client.enrol(url, code, name))?;
    keep_certificates(phone)
}

/// Asks HQ's server at its new address and keeps it when the server there knows this phone.
pub(super) fn move_to(phone: &Phone, url: &str) -> Result<Answer, Fault> {
    if is_offline(phone) {
        return Err(Fault::new("set_offline", w::IS_OFFLINE, &[]));
    }
    let url = url.trim_end_matches('/');
    let client = client(phone, phone.allow_plain_http)?;
    within(SYNC_MS_MAX, client.move_to(url))?;
    keep_certificates(phone)?;
    let text = fill(phone.lang, w::MOVED, &[("url", url)]);
    Ok(Answer::new(text, json!({ "server": url })))
}

/// Fetches a photo, or a file of an article, from HQ.
pub(super) fn fetch_blob(
    phone: &Phone,
    document: DocumentId,
    operation: OperationId,
    thumb: bool,
) -> Result<Vec<u8>, Fault> {
    if is_offline(phone) {
        return Err(Fault::new("set_offline", w::IS_OFFLINE, &[]));
    }
    let plain = is_plain(phone);
    let client = client(phone, plain)?;
    client.set_metered(phone.metered);
    within(SYNC_MS_MAX, client.fetch_blob(document, operation, thumb))
}

/// Whoever enrolled by plain HTTP allowed it then.
fn is_plain(phone: &Phone) -> bool {
    phone
        .engine
        .server_url()
        .is_some_and(|url| url.starts_with("http://"))
}

/// Waits no longer than so many milliseconds.
fn within<T>(ms_max: u64, call: impl Future<Output = Result<T, EngineError>>) -> Result<T, Fault> {
    let limit = Duration::from_millis(ms_max);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(EngineError::from)?;
    let ended = runtime.block_on(async { tokio::time::timeout(limit, call).await });
    Ok(ended.unwrap_or(Err(Silence::TimedOut.into()))?)
}

/// The company's own certificates were kept.
pub(super) fn has_certificates(store: &Path) -> bool {
    store.join(CA_FILE).exists()
}

/// The company's own certificates: those named now, otherwise those kept.
fn certificates(phone: &Phone) -> Result<Option<(PathBuf, Vec<u8>)>, Fault> {
    let kept = phone.store.join(CA_FILE);
    let path = phone.ca.clone().unwrap_or(kept);
    match named::read(&path, TEXT_BYTES_MAX) {
        Ok(pem) => Ok(Some((path, pem))),
        Err(error) if phone.ca.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::file(&path, &error)),
    }
}

/// Keeps certificates that were named now, for every sync to come.
fn keep_certificates(phone: &Phone) -> Result<(), Fault> {
    let Some(named) = &phone.ca else { return Ok(()) };
    let kept = phone.store.join(CA_FILE);
    std::fs::copy(named, &kept)
        .map(|_| ())
        .map_err(|error| Fault::file(&kept, &error))
}

fn client(phone: &Phone, allow_plain_http: bool) -> Result<SyncClient, Fault> {
    let (path, extra_ca_pem) = certificates(phone)?.unzip();
    let config = ClientConfig {
        extra_ca_pem,
        allow_plain_http,
    };
    SyncClient::new(Arc::clone(&phone.engine), &config).map_err(|error| {
        let path = path.unwrap_or_default().display().to_string();
        match error {
            EngineError::NoCertificate => Fault::new(error.code(), f::CA_NONE, &[("path", &path)]),
            EngineError::BadCertificate(_) => Fault::new(error.code(), f::CA_UNREADABLE, &[("path", &path)]),
            other => other.into(),
        }
    })
}

fn exchange(phone: &Phone, limit: Duration) -> Result<(), Fault> {
    let client = client(phone, is_plain(phone))?;
    client.set_metered(phone.metered);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(EngineError::from)?;
    let synced = runtime.block_on(client.sync(limit)).map_err(|error| match error {
        EngineError::BadAddress(_) => Fault::new(error.code(), f::ADDRESS_DAMAGED, &[]),
        other => other.into(),
    });
    match synced? {
        summary if summary.finished || summary.revoked => keep_certificates(phone),
        _ => Err(EngineError::TimeUp.into()),
    }
}
