//! The truth screen: what is saved here, what is at HQ, what was overruled or refused and why, what waits for what.

use fieldline_engine::EngineError;
use fieldline_engine::shell::check_address;
use fieldline_engine::view::{Card, Status, Waiting};
use fieldline_model::id::OperationId;
use fieldline_server::words::{Lang, Word};
use serde_json::{Value, json};

use super::{Phone, enrol, happening, label, network, photo};
use crate::answer::Answer;
use crate::fault::{Fault, model_lang};
use crate::table::{WIDTH, hanging, pad, wrap};
use crate::words::{fault as f, fill, phone as w};

/// Waiting operations named one by one.
const WAITING_SHOWN_MAX: usize = 12;

/// The sentence of the truth screen.
pub(super) fn truth(phone: &Phone, status: &Status) -> String {
    let counts = [
        ("here", here(status)),
        ("hq", status.at_hq),
        ("overruled", status.overruled),
        ("refused", status.refused),
    ];
    let counts = counts.map(|(key, n)| (key, n.to_string()));
    let truth = fill(
        phone.lang,
        w::TRUTH,
        &counts.each_ref().map(|(key, n)| (*key, n.as_str())),
    );
    if status.held_at_hq == 0 {
        return truth;
    }
    let held = fill(
        phone.lang,
        w::TRUTH_HELD,
        &[("held", &status.held_at_hq.to_string())],
    );
    match phone.lang {
        Lang::Zh => format!("{truth}，{held}"),
        Lang::En => format!("{truth}, {held}"),
    }
}

/// Saved here, and not at HQ either.
pub(super) fn here(status: &Status) -> u64 {
    status.saved_here.saturating_sub(status.held_at_hq)
}

/// What `--json` says of a status, with the reasons in words.
pub(super) fn to_json(phone: &Phone, status: &Status) -> Value {
    let mut value = json!(status);
    value["cards"] = status.cards.iter().map(|card| card_json(phone, card)).collect();
    value["server_url"] = json!(phone.engine.server_url());
    value["not_taken"] = json!(not_taken(status));
    value["offline"] = json!(network::is_offline(phone));
    value
}

/// What `--json` says of a card, with its reason in words.
pub(super) fn card_json(phone: &Phone, card: &Card) -> Value {
    let mut value = json!(card);
    value["reason"] = json!(card.reason(model_lang(phone.lang)));
    value
}

/// Shows the truth.
pub(super) fn status(phone: &Phone) -> Result<Answer, Fault> {
    let status = phone.engine.status()?;
    if !status.enrolled {
        return Err(EngineError::NotEnrolled.into());
    }
    let lang = phone.lang;
    let mut text = format!("{}\n", truth(phone, &status));
    text.push_str(&format!("{}\n", complete(phone, &status)));
    text.extend(contact(phone, &status).map(|line| format!("{line}\n")));
    text.push_str(&headquarters(phone));
    text.push_str(&photo::truth(phone, &status));
    if status.carried > 0 {
        let n = status.carried.to_string();
        text.push_str(&format!("{}\n", fill(lang, w::CARRIED_TRUTH, &[("n", &n)])));
    }
    if network::is_offline(phone) {
        text.push_str(&hanging("! ", &fill(lang, w::SET_OFFLINE, &[]), WIDTH));
    }
    if status.must_enrol {
        let other = enrol::beside(&phone.store).display().to_string();
        let words = fill(lang, w::MUST_ENROL, &[("other", &other)]);
        text.push_str(&hanging("! ", &words, WIDTH));
    }
    if status.revoked {
        text.push_str(&hanging("! ", &revoked(lang, &status), WIDTH));
    }
    if !status.stuck.is_empty() && !status.revoked {
        let n = status.stuck.len().to_string();
        text.push_str(&hanging("! ", &fill(lang, w::STUCK, &[("n", &n)]), WIDTH));
    }
    for notice in &status.notices {
        let line = format!(
            "{}  {}",
            phone.clock.short(notice.at),
            notice.words(model_lang(lang))
        );
        text.push_str(&hanging("! ", &line, WIDTH));
    }
    missing(phone, &status, &mut text);
    cards(phone, &status.cards, &mut text);
    waiting(phone, &status, &mut text);
    Ok(Answer::new(text, to_json(phone, &status)))
}

/// What is said, and below it that HQ has revoked the phone, where it has.
pub(super) fn warned(phone: &Phone, status: &Status, text: String) -> String {
    if !status.revoked {
        return text;
    }
    let warning = hanging("! ", &fill(phone.lang, w::IS_REVOKED, &[]), WIDTH);
    format!("{}\n{warning}", text.trim_end())
}

/// Work of which HQ said just now that it cannot take it yet.
pub(super) fn not_taken(status: &Status) -> usize {
    status.waiting.iter().filter(|one| one.why == NOT_TAKEN).count()
}

/// Why something waits that HQ could not take: its server was short of time or of room.
pub(super) const NOT_TAKEN: &str = "server_later";

/// Why something waits that nothing keeps from the next sync.
pub(super) const NEXT_SYNC: &str = "next_sync";

/// That HQ revoked the phone, and where its work is.
fn revoked(lang: Lang, status: &Status) -> String {
    let still_here = if status.must_enrol {
        w::REVOKED_HERE_UNSENT
    } else {
        w::REVOKED_HERE
    };
    let counted = [
        (w::REVOKED_HELD, "held", status.held_at_hq),
        (still_here, "here", here(status)),
        (w::REVOKED_PHOTOS, "n", status.photos.waiting),
    ];
    let mut work: Vec<String> = counted
        .iter()
        .filter(|(.., n)| *n > 0)
        .map(|(word, key, n)| fill(lang, *word, &[(*key, n.to_string().as_str())]))
        .collect();
    if work.is_empty() {
        work.push(fill(lang, w::REVOKED_NONE, &[]));
    }
    let gap = match lang {
        Lang::Zh => "",
        Lang::En => " ",
    };
    fill(lang, w::REVOKED, &[("work", &work.join(gap))])
}

fn complete(phone: &Phone, status: &Status) -> String {
    if status.revoked {
        let word = if status.complete && status.stuck.is_empty() {
            w::NOT_RENEWED
        } else {
            w::NOT_RENEWED_PARTLY
        };
        return fill(phone.lang, word, &[("held", &status.held.to_string())]);
    }
    let (Some(expected), Some(as_of)) = (status.expected, status.as_of) else {
        return not_counted(phone.lang, status);
    };
    let word = if status.complete {
        w::COMPLETE
    } else if status.held == expected {
        w::NOT_AS_COUNTED
    } else {
        w::INCOMPLETE
    };
    let values = [
        ("held", status.held.to_string()),
        ("expected", expected.to_string()),
        ("time", phone.clock.short(as_of)),
    ];
    fill(
        phone.lang,
        word,
        &values.each_ref().map(|(key, value)| (*key, value.as_str())),
    )
}

/// No count of HQ's is here: none came yet, or the storage lost it.
fn not_counted(lang: Lang, status: &Status) -> String {
    if status.held == 0 && status.at_hq == 0 {
        return lang.t(w::NEVER_SYNCED).to_owned();
    }
    fill(lang, w::NOT_COUNTED, &[("held", &status.held.to_string())])
}

fn contact(phone: &Phone, status: &Status) -> Option<String> {
    let at = status.last_sync?;
    let values = [("time", phone.clock.zoned(at)), ("age", phone.clock.age(at))];
    Some(fill(
        phone.lang,
        w::LAST_SYNC,
        &values.each_ref().map(|(key, value)| (*key, value.as_str())),
    ))
}

/// Where HQ's server is, or that the storage lost it.
fn headquarters(phone: &Phone) -> String {
    let url = phone.engine.server_url().unwrap_or_default();
    // Whether it may be a plain one was decided when it was given.
    if check_address(&url, true).is_err() {
        return hanging("! ", &fill(phone.lang, f::ADDRESS_DAMAGED, &[]), WIDTH);
    }
    format!("{}\n", fill(phone.lang, w::HQ_AT, &[("url", &url)]))
}

fn cards(phone: &Phone, cards: &[Card], text: &mut String) {
    let lang = phone.lang;
    if cards.is_empty() {
        return;
    }
    text.push_str(&format!("\n{}\n", lang.t(w::CARDS)));
    for card in cards {
        let fate = fate(lang, card);
        let why = card.reason(model_lang(lang));
        let act = label::act(lang, &card.act);
        let values = [
            ("number", card.number.as_str()),
            ("act", act),
            ("fate", fate),
            ("why", &why),
        ];
        text.push_str(&wrap(&fill(lang, w::CARD, &values), "  ", WIDTH));
        if !card.own_words.is_empty() {
            text.push_str(&wrap(
                &fill(lang, w::OWN_WORDS, &[("text", &card.own_words)]),
                "    ",
                WIDTH,
            ));
        }
        let how = fill(lang, w::DISMISS_HOW, &[("id", &card.operation.to_string())]);
        text.push_str(&wrap(&how, "    ", WIDTH));
    }
}

/// The word of a card's fate.
pub(super) fn fate(lang: Lang, card: &Card) -> &str {
    let code = if card.fate != "refused" && card.displaced {
        "displaced"
    } else {
        card.fate.as_str()
    };
    label::fate(lang, code)
}

/// What the storage lost: the person has to know what to do again.
fn missing(phone: &Phone, status: &Status, text: &mut String) {
    let lang = phone.lang;
    if !status.missing.is_empty() {
        text.push_str(&format!("\n{}\n", lang.t(w::MISSING)));
    }
    for one in &status.missing {
        let (at, act) = (phone.clock.short(one.saved_at), label::act(lang, &one.act));
        text.push_str(&format!("  {at}  {}  {}\n", one.number, pad(act, 10)));
        let how = fill(lang, w::DISMISS_HOW, &[("id", &one.operation.to_string())]);
        text.push_str(&hanging("    ", &how, WIDTH));
    }
    if status.missing_unnamed > 0 {
        let n = status.missing_unnamed.to_string();
        text.push_str(&hanging("! ", &fill(lang, w::MISSING_MORE, &[("n", &n)]), WIDTH));
    }
}

/// What is still to be sent, and apart from it what HQ has and decides about.
fn waiting(phone: &Phone, status: &Status, text: &mut String) {
    let (held, unsent): (Vec<_>, Vec<_>) = status.waiting.iter().partition(|one| one.why == "held");
    group(phone, w::WAITING, &unsent, here(status), text);
    group(phone, w::WAITING_HELD, &held, status.held_at_hq, text);
}

/// One heading with the oldest of `count` operations.
fn group(phone: &Phone, heading: Word, oldest: &[&Waiting], count: u64, text: &mut String) {
    let lang = phone.lang;
    if oldest.is_empty() {
        return;
    }
    text.push_str(&format!("\n{}\n", lang.t(heading)));
    let shown = oldest.iter().take(WAITING_SHOWN_MAX);
    for one in shown.clone() {
        let (at, act) = (phone.clock.short(one.saved_at), label::act(lang, one.act));
        let line = format!(
            "{}  {}  {}",
            one.number,
            pad(act, 10),
            label::waiting(lang, one.why)
        );
        text.push_str(&hanging(&format!("  {at}  "), &line, WIDTH));
    }
    let more = count.saturating_sub(u64::try_from(shown.len()).unwrap_or(u64::MAX));
    if more > 0 {
        let more = fill(lang, w::WAITING_MORE, &[("n", &more.to_string())]);
        text.push_str(&format!("  {more}\n"));
    }
}

/// Puts one card away, or all of them.
pub(super) fn dismiss(phone: &Phone, name: &str) -> Result<Answer, Fault> {
    let unknown = || Fault::new("no_such_card", f::NO_CARD, &[("name", name)]);
    let wanted: Vec<OperationId> = if name == "all" {
        phone
            .engine
            .status()?
            .cards
            .iter()
            .map(|card| card.operation)
            .collect()
    } else {
        vec![name.parse().map_err(|_| unknown())?]
    };
    let mut put_away = 0_usize;
    for operation in wanted {
        put_away += usize::from(phone.engine.dismiss(operation)?);
    }
    if put_away == 0 && name != "all" {
        return Err(unknown());
    }
    let text = fill(phone.lang, w::DISMISSED, &[("n", &put_away.to_string())]);
    Ok(Answer::new(text, json!({ "dismissed": put_away })))
}

/// Whose phone this is.
pub(super) fn whoami(phone: &Phone) -> Result<Answer, Fault> {
    let status = phone.engine.status()?;
    let (Some(engineer), Some(device)) = (status.engineer, status.device) else {
        return Err(EngineError::NotEnrolled.into());
    };
    let lang = phone.lang;
    let name = happening::engineer(phone, engineer);
    let server = phone.engine.server_url().unwrap_or_default();
    let store = phone.store.display().to_string();
    let offline = network::is_offline(phone);
    let network = lang.t(if offline { w::SET_OFFLINE } else { w::NETWORK_USED });
    let mut text = fill(
        lang,
        w::WHOAMI,
        &[("name", &name), ("company", &status.organisation_name)],
    );
    for (word, value) in [
        (w::SERVER, server.as_str()),
        (w::ENGINEER, &engineer.to_string()),
        (w::DEVICE, &device.to_string()),
        (w::STORE, &store),
        (w::NETWORK, network),
    ] {
        text.push_str(&format!("\n  {} {value}", pad(lang.t(word), 12)));
    }
    let json = json!({
        "name": name, "company": status.organisation_name, "server": server, "engineer": engineer,
        "device": device, "store": store, "offline": offline, "revoked": status.revoked,
    });
    Ok(Answer::new(text, json))
}
