//! Two phones in one network without HQ: one shows a code and waits, the other joins with it.
//!
//! `offline` keeps a phone from HQ's network, and not from a colleague's phone.

use std::net::Ipv4Addr;
use std::sync::Arc;

use fieldline_engine::shell::lan::{WAIT, Waiting, join, own_address};
use fieldline_engine::{BundleError, EngineError, MeetingError, Met, Told};
use fieldline_model::meeting::MeetingCode;
use serde_json::{Value, json};

use super::bundle;
use super::{Phone, happening};
use crate::answer::Answer;
use crate::args::phone::LanCommand as Do;
use crate::fault::{Fault, model_lang, stopped};
use crate::qr::Drawn;
use crate::words::{fault as f, fill, phone as w};

/// Waits, or joins.
pub(super) fn lan(phone: &Phone, command: &Do) -> Result<Answer, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(EngineError::from)?;
    let engine = Arc::clone(&phone.engine);
    let met = match command {
        Do::Wait { address, port } => {
            let address = address.map_or_else(own_address_here, Ok)?;
            runtime.block_on(async {
                let waiting = Waiting::open(engine, address, *port).await?;
                phone.say.answer(&shown(phone, waiting.code()));
                waiting.meet().await
            })?
        }
        Do::Join { code } => {
            let code = MeetingCode::read(&code.join(" "));
            let code = code.map_err(|_| EngineError::from(MeetingError::NoCode))?;
            runtime.block_on(join(engine, &code))?
        }
    };
    told(phone, met)
}

fn own_address_here() -> Result<Ipv4Addr, Fault> {
    own_address().ok_or_else(|| Fault::new("address_unclear", f::ADDRESS_UNCLEAR, &[]))
}

fn shown(phone: &Phone, code: &MeetingCode) -> Answer {
    let text = code.to_text();
    let minutes = (WAIT.as_secs() / 60).to_string();
    let answer = Answer::new(
        fill(
            phone.lang,
            w::LAN_WAITS,
            &[("code", &text), ("minutes", &minutes)],
        ),
        json!({ "event": "waiting", "code": text, "address": code.address }),
    );
    match Drawn::of(&text) {
        Ok(drawn) => answer.with_code(String::new(), drawn),
        Err(_) => answer,
    }
}

/// What came of it. A bundle that could not be taken is this phone's failure, whatever the other one did.
fn told(phone: &Phone, met: Met) -> Result<Answer, Fault> {
    let lang = phone.lang;
    let name = happening::engineer(phone, met.with);
    let mut lines = vec![fill(lang, w::LAN_MET, &[("name", &name)]), handed(phone, &met)];
    let taken = met.taken.transpose()?;
    lines.push(match &taken {
        Some(imported) => bundle::told(phone, imported),
        None => fill(lang, w::LAN_NOTHING_TAKEN, &[("name", &name)]),
    });
    let told = match met.told {
        Told::Nothing => Value::Null,
        Told::NotTaken => json!({ "taken": false }),
        Told::Took(counts) => {
            json!({ "taken": true, "carried": counts.carried, "known": counts.known, "refused": counts.refused })
        }
    };
    let json = json!({
        "event": "met", "with": met.with, "handed": met.handed.unwrap_or(0),
        "not_handed": met.handed.err().map(BundleError::code), "told": told,
        "taken": taken.as_ref().map(bundle::to_json),
    });
    Ok(Answer::new(lines.join("\n"), json))
}

fn handed(phone: &Phone, met: &Met) -> String {
    let lang = phone.lang;
    let n = match met.handed {
        Ok(n) => n.to_string(),
        Err(error) => return stopped(lang, &EngineError::from(error).words(model_lang(lang))),
    };
    match met.told {
        Told::Nothing => fill(lang, w::LAN_HANDED_UNHEARD, &[("n", &n)]),
        Told::NotTaken => fill(lang, w::LAN_HANDED_NOT_TAKEN, &[("n", &n)]),
        Told::Took(counts) => {
            let values = [
                ("n", n),
                ("carried", counts.carried.to_string()),
                ("known", counts.known.to_string()),
                ("refused", counts.refused.to_string()),
            ];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            let word = if counts.refused == 0 {
                w::LAN_HANDED
            } else {
                w::LAN_HANDED_PARTLY
            };
            fill(lang, word, &values)
        }
    }
}
