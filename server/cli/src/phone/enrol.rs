//! Joining a company with one pasted link, or an address and a code.

use std::path::{Path, PathBuf};

use fieldline_model::invitation::Invitation;
use serde_json::json;

use super::{Phone, happening, network, place};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::words::{fault as f, fill, phone as w};

/// Enrols and brings everything down. `aside` is where data went that could not be used.
pub(super) fn enrol(
    phone: &Phone,
    url: &str,
    code: Option<&str>,
    name: &str,
    aside: Option<&Path>,
) -> Result<Answer, Fault> {
    refuse_again(phone)?;
    let aside = aside.map(|path| path.display().to_string());
    let joined = invitation(url, code).and_then(|(url, code)| network::enrol(phone, &url, &code, name));
    if let Err(fault) = joined {
        let fault = match fault.code() {
            "other_company" => elsewhere(phone, fault)?,
            _ => fault,
        };
        // Whoever had data set aside must hear where it is, however this ends.
        return Err(match &aside {
            Some(path) => fault.and(w::SET_ASIDE, &[("path", path)]),
            None => fault,
        });
    }
    // What the numbers of another phone meant is over, and whoever enrols is on the network.
    place::forget(phone)?;
    let was_offline = network::go_online(phone)?;
    // Enrolled is enrolled: what did not come down now comes with the next sync.
    let sent = network::send(phone);
    let status = phone.engine.status()?;
    let engineer = status
        .engineer
        .ok_or(fieldline_engine::EngineError::NotEnrolled)?;
    let who = happening::engineer(phone, engineer);
    let lang = phone.lang;
    let mut text = String::new();
    if let Some(path) = &aside {
        text.push_str(&format!("{}\n", fill(lang, w::SET_ASIDE, &[("path", path)])));
    }
    let values = [("company", status.organisation_name.as_str()), ("name", &who)];
    text.push_str(&format!("{}\n", fill(lang, w::ENROLLED, &values)));
    if was_offline {
        text.push_str(&format!("{}\n", fill(lang, w::ENROLLED_ONLINE, &[])));
    }
    text.push_str(&fill(lang, w::ENROLLED_HELD, &[("n", &status.held.to_string())]));
    let json = json!({
        "enrolled": true, "company": status.organisation_name, "name": who, "engineer": engineer,
        "device": status.device, "held": status.held, "sync": sent.to_json(lang),
        "set_aside": aside, "was_offline": was_offline,
    });
    Ok(Answer::new(text, json))
}

/// What can be done where the server is not the one whose work is on this phone: another phone beside this one.
fn elsewhere(phone: &Phone, fault: Fault) -> Result<Fault, Fault> {
    let status = phone.engine.status()?;
    let values = [
        ("company", status.organisation_name.clone()),
        ("n", status.saved_here.to_string()),
        ("store", phone.store.display().to_string()),
        ("other", beside(&phone.store).display().to_string()),
    ];
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    Ok(fault.and(f::ENROL_BESIDE, &values))
}

/// The first directory beside this one that is free.
pub(super) fn beside(store: &Path) -> PathBuf {
    let name = |n: u32| {
        let mut name = store.as_os_str().to_owned();
        name.push(format!("-{n}"));
        PathBuf::from(name)
    };
    let mut free = (2..).map(name).filter(|path| !path.exists());
    free.next().unwrap_or_else(|| name(2))
}

/// Server and code, from a link or side by side.
fn invitation(url: &str, code: Option<&str>) -> Result<(String, String), Fault> {
    match code {
        Some(code) => Ok((url.trim_end_matches('/').to_owned(), code.to_owned())),
        None => Invitation::read(url)
            .map(|found| (found.server, found.code))
            .ok_or_else(|| Fault::new("bad_link", f::BAD_LINK, &[])),
    }
}

/// A phone in use is asked about before anybody else is: the code stays whole.
fn refuse_again(phone: &Phone) -> Result<(), Fault> {
    let status = phone.engine.status()?;
    let Some(engineer) = status.engineer.filter(|_| !status.must_enrol && !status.revoked) else {
        return Ok(());
    };
    let name = happening::engineer(phone, engineer);
    let values = [("name", name.as_str()), ("company", &status.organisation_name)];
    let fault = Fault::new("enrolled_already", f::ENROLLED_ALREADY, &values);
    // HQ may have revoked it, which is why there is a code; a phone that did not hear of it cannot know.
    let first = if network::is_offline(phone) {
        f::ENROL_ONLINE_FIRST
    } else {
        f::ENROL_SYNC_FIRST
    };
    Err(fault.and(first, &[]))
}
