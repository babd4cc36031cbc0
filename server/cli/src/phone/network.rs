//! When the phone may use the network, and what a try to sync came to.
//!
//! `offline` is a file beside the store, so scripts and people see it. A sync after a save has a short deadline and
//! never fails what was saved.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fieldline_engine::EngineError;
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_server::words::Lang;
use serde_json::{Value, json};

use super::{Phone, status};
use crate::answer::Answer;
use crate::fault::{Fault, model_lang};
use crate::words::{fill, phone as w};

/// The file that keeps the phone off the network.
const OFFLINE_FILE: &str = "offline";
/// A company's own certificate authority, PEM.
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
    Not(EngineError),
}

impl Sent {
    /// Why something still waits, in words.
    pub(super) fn why(&self, lang: Lang) -> String {
        match self {
            Self::Done => lang.t(w::KEPT_LATER).to_owned(),
            Self::SetOffline => fill(lang, w::KEPT_OFFLINE, &[]).to_owned(),
            Self::Not(error) => stop(lang, &error.words(model_lang(lang))),
        }
    }

    /// For programs: `code` is absent when HQ answered.
    pub(super) fn to_json(&self, lang: Lang) -> Value {
        match self {
            Self::Done => json!({ "done": true }),
            Self::SetOffline => {
                json!({ "done": false, "code": "set_offline", "text": fill(lang, w::SET_OFFLINE, &[]) })
            }
            Self::Not(error) => {
                json!({ "done": false, "code": error.code(), "text": error.words(model_lang(lang)) })
            }
        }
    }
}

/// A sentence ends with a stop.
fn stop(lang: Lang, text: &str) -> String {
    match lang {
        Lang::Zh => format!("{text}。"),
        Lang::En => format!("{text}."),
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
        Err(error) => Sent::Not(error),
    }
}

/// Exchanges everything, or says why not.
pub(super) fn sync(phone: &Phone) -> Result<Answer, Fault> {
    if is_offline(phone) {
        return Err(Fault::new("set_offline", w::IS_OFFLINE, &[]));
    }
    exchange(phone, Duration::from_millis(SYNC_MS_MAX))?;
    let status = phone.engine.status()?;
    let text = fill(
        phone.lang,
        w::SYNCED,
        &[("truth", &stop(phone.lang, &status::truth(phone, &status)))],
    );
    Ok(Answer::new(text, status::to_json(phone, &status)))
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

/// Uses the network again, and sends at once; a network that is away is no failure of this.
pub(super) fn set_online(phone: &Phone) -> Result<Answer, Fault> {
    let file = file(phone);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Fault::file(&file, &error)),
        Ok(()) | Err(_) => {}
    }
    let sent = match exchange(phone, Duration::from_millis(SYNC_MS_MAX)) {
        Ok(()) => Sent::Done,
        Err(error) => Sent::Not(error),
    };
    let status = phone.engine.status()?;
    let lang = phone.lang;
    let mut text = fill(
        lang,
        w::NOW_ONLINE,
        &[("truth", &stop(lang, &status::truth(phone, &status)))],
    );
    if let Sent::Not(_) = &sent {
        text.push_str(&format!("\n{}", sent.why(lang)));
    }
    let mut json = status::to_json(phone, &status);
    json["sync"] = sent.to_json(lang);
    Ok(Answer::new(text, json))
}

/// Joins a company. A certificate authority of its own is kept beside the store.
pub(super) fn enrol(phone: &Phone, url: &str, code: &str, name: &str) -> Result<(), Fault> {
    if let Some(ca) = &phone.ca {
        let kept = phone.store.join(CA_FILE);
        std::fs::copy(ca, &kept).map_err(|error| Fault::file(ca, &error))?;
    }
    let client = client(phone, phone.allow_plain_http)?;
    let limit = Duration::from_millis(SYNC_MS_MAX);
    let joined = crate::runtime()?.block_on(async {
        match tokio::time::timeout(limit, client.enrol(url, code, name)).await {
            Ok(joined) => joined,
            Err(_) => Err(EngineError::Offline("no answer in time".to_owned())),
        }
    });
    Ok(joined?)
}

fn client(phone: &Phone, allow_plain_http: bool) -> Result<SyncClient, EngineError> {
    let extra_ca_pem = std::fs::read(phone.store.join(CA_FILE)).ok();
    SyncClient::new(
        Arc::clone(&phone.engine),
        &ClientConfig {
            extra_ca_pem,
            allow_plain_http,
        },
    )
}

fn exchange(phone: &Phone, limit: Duration) -> Result<(), EngineError> {
    // Whoever enrolled by plain HTTP allowed it then.
    let plain = phone
        .engine
        .server_url()
        .is_some_and(|url| url.starts_with("http://"));
    let client = client(phone, plain)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match runtime.block_on(client.sync(limit))? {
        summary if summary.finished || summary.revoked => Ok(()),
        _ => Err(EngineError::TimeUp),
    }
}
