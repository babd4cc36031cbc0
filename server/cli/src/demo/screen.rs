//! The first screen: what runs, where to look, what to try, how to stop.

use std::path::Path;

use fieldline_model::id::{StaffId, TicketId};
use fieldline_model::operation::Author;
use fieldline_server::app::App;
use fieldline_server::page::paths;
use fieldline_server::store::reference::device_list;
use fieldline_server::store::ticket::TicketRow;
use fieldline_server::words::{Lang, Word};
use serde_json::json;

use super::hq::Hq;
use super::notes;
use super::office::{told, you};
use super::words as w;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::table::pad;

/// A working day.
const LINK_LIFE_MS: i64 = 12 * 3_600_000;
/// Nobody has to hurry.
const CODE_LIFE_MS: i64 = 24 * 3_600_000;
const LABEL_COLUMNS: usize = 13;
const NUMBER_COLUMNS: usize = 10;
/// What customers are shown, in this order, by labels of the record; whatever there is fills the rest.
const LOOKS: [&str; 3] = ["on_the_way", "in_progress", "assigning"];

/// What the screen needs to know.
pub(super) struct Scene<'a> {
    /// The server.
    pub(super) app: &'a App,
    /// HQ.
    pub(super) hq: &'a Hq,
    /// Whose sign-in link.
    pub(super) staff: StaffId,
    /// Language.
    pub(super) lang: Lang,
    /// Address of the server.
    pub(super) url: &'a str,
    /// The port that was wished, when it is another one.
    pub(super) busy: Option<u16>,
    /// Its port.
    pub(super) port: u16,
    /// Where the data is.
    pub(super) dir: &'a Path,
    /// The day was played to its end before.
    pub(super) over: bool,
    /// How long the day takes.
    pub(super) minutes: i64,
}

/// Makes the links and the screen.
pub(super) async fn draw(scene: &Scene<'_>) -> Result<Answer, Fault> {
    let Scene { app, lang, url, .. } = *scene;
    let token = app.signin_link(scene.staff, LINK_LIFE_MS).await?;
    let sign_in = format!("{url}{}", paths::sign_in_link(&token.reveal()));
    let looks = looks(scene).await?;
    let enrol = enrol(scene).await?;
    let dir = scene
        .dir
        .canonicalize()
        .unwrap_or_else(|_| scene.dir.to_owned())
        .display()
        .to_string();
    let port = scene.port.to_string();
    let port_text = match scene.busy {
        Some(wanted) => lang.fill(w::PORT_MOVED, &[("wanted", &wanted.to_string()), ("port", &port)]),
        None => port.clone(),
    };

    let title = &[
        ("version", env!("CARGO_PKG_VERSION")),
        ("company", &*app.organisation().name),
    ];
    let mut lines = vec![
        String::new(),
        lang.fill(w::TITLE, title),
        String::new(),
        if scene.over {
            lang.t(w::OVER).to_owned()
        } else {
            lang.fill(w::ALIVE, &[("minutes", &scene.minutes.to_string())])
        },
        String::new(),
        format!("  {}", lang.t(w::HQ_LINK)),
        format!("    {sign_in}"),
        String::new(),
        format!("  {}", lang.t(w::CUSTOMER_LINKS)),
    ];
    for (word, number, link) in &looks {
        lines.push(format!(
            "    {} {} {link}",
            pad(lang.t(*word), LABEL_COLUMNS),
            pad(number, NUMBER_COLUMNS)
        ));
    }
    let yours = if enrol.is_some() {
        w::YOUR_PHONE
    } else {
        w::YOUR_PHONE_ENROLLED
    };
    lines.extend([String::new(), format!("  {}", lang.t(yours))]);
    lines.push(format!("    {}", enrol.as_deref().unwrap_or(lang.t(w::ENROLLED))));
    if enrol.is_some() {
        lines.push(format!("    {}", lang.t(w::YOUR_NEXT)));
    }
    lines.push(String::new());
    for (word, value) in [
        (w::DATA, &dir),
        (w::PORT, &port_text),
        (w::STOP, &lang.t(w::STOP_HOW).to_owned()),
    ] {
        lines.push(format!("  {} {value}", pad(lang.t(word), 5)));
    }
    lines.extend([String::new(), lang.t(w::LOG).to_owned()]);
    let links: Vec<&String> = looks.iter().map(|(_, _, link)| link).collect();
    let json = json!({
        "event": "listening", "http": url, "port": scene.port, "over": scene.over, "sign_in": sign_in, "tracking": links,
        "enrol": enrol, "data": dir,
    });
    Ok(Answer::new(lines.join("\n").replace('`', ""), json))
}

/// A tracking link for each kind of ticket there is, otherwise for others.
async fn looks(scene: &Scene<'_>) -> Result<Vec<(Word, String, String)>, Fault> {
    let tickets = scene.hq.tickets(None).await?;
    let mut taken: Vec<TicketId> = Vec::new();
    let mut looks = Vec::new();
    for label in LOOKS {
        let foreign = |ticket: &&TicketRow| scene.lang == Lang::En && !notes::is_english(&ticket.fault_text);
        let free = || tickets.iter().filter(|ticket| !taken.contains(&ticket.id));
        let of_kind = free().filter(|ticket| ticket.label == label).min_by_key(foreign);
        let Some(ticket) = of_kind.or_else(|| free().min_by_key(foreign)) else {
            continue;
        };
        taken.push(ticket.id);
        let token = match scene.app.tracking_of(ticket.id).await? {
            Some(token) => token,
            None => scene.app.tracking_link(ticket.id, Author::Server).await?.token,
        };
        looks.push((
            word(&ticket.label),
            ticket.number.clone(),
            format!("{}{}", scene.url, paths::track(&token)),
        ));
    }
    Ok(looks)
}

/// The line that enrols the onlooker's phone; nothing when one is enrolled.
async fn enrol(scene: &Scene<'_>) -> Result<Option<String>, Fault> {
    let devices = scene
        .app
        .store()
        .read(|connection| device_list(connection, you(), "", 1))
        .await?;
    if !devices.is_empty() {
        return Ok(None);
    }
    let code = scene.app.enrol_code(you(), CODE_LIFE_MS).await.map_err(told)?;
    Ok(Some(format!("fieldline phone enrol {} {}", scene.url, code.code)))
}

/// A customer's label.
fn word(label: &str) -> Word {
    match label {
        "received" => w::RECEIVED,
        "assigning" => w::ASSIGNED,
        "on_the_way" => w::ON_THE_WAY,
        "arrived" => w::ARRIVED,
        "in_progress" => w::IN_PROGRESS,
        _ => w::DONE,
    }
}
