//! From a command to the act it means.

use fieldline_engine::view::TicketView;
use fieldline_model::id::{ArticleId, DocumentId, VisitId};
use fieldline_model::operation::{Act, Answer, Completion};

use super::{Phone, checklist, names, signature};
use crate::args::phone::PhoneCommand as Do;
use crate::fault::Fault;
use crate::words::fault as w;

/// What will be saved where.
pub(super) struct Meant {
    /// The document.
    pub(super) document: DocumentId,
    /// The ticket's number, or the article's title.
    pub(super) number: String,
    /// The act.
    pub(super) act: Act,
}

/// Reads a command that writes; `None` for one that does not.
pub(super) fn meant(phone: &Phone, command: &Do) -> Result<Option<Meant>, Fault> {
    if let Do::Annotate { article, text } = command {
        return annotate(phone, article, text).map(Some);
    }
    let Some(name) = ticket_of(command) else {
        return Ok(None);
    };
    let ticket = names::ticket(phone, name)?;
    let view = phone.now(|engine, moment| engine.ticket(ticket, moment))?;
    let act = act(phone, command, &view)?;
    Ok(act.map(|act| Meant {
        document: ticket.into(),
        number: view.facts.number.clone(),
        act,
    }))
}

fn ticket_of(command: &Do) -> Option<&str> {
    match command {
        Do::Accept(ticket) | Do::Arrive(ticket) | Do::Start(ticket) | Do::Resume(ticket) => Some(ticket),
        Do::Decline { ticket, .. }
        | Do::Depart { ticket, .. }
        | Do::Pause { ticket, .. }
        | Do::Note { ticket, .. }
        | Do::Tick { ticket, .. }
        | Do::Read { ticket, .. }
        | Do::UsePart { ticket, .. }
        | Do::RequestPart { ticket, .. }
        | Do::TransferPart { ticket, .. }
        | Do::Sign { ticket, .. }
        | Do::Finish { ticket, .. }
        | Do::Estimate { ticket, .. } => Some(ticket),
        Do::Enrol { .. }
        | Do::List { .. }
        | Do::Show(_)
        | Do::Server { .. }
        | Do::Sync
        | Do::Offline
        | Do::Online
        | Do::Status
        | Do::Parts { .. }
        | Do::Search { .. }
        | Do::Article { .. }
        | Do::Annotate { .. }
        | Do::Dismiss { .. }
        | Do::Photo { .. }
        | Do::GetFile { .. }
        | Do::GetPhoto { .. }
        | Do::Report { .. }
        | Do::WifiOnly { .. }
        | Do::Whoami
        | Do::Me { .. }
        | Do::Bundle { .. }
        | Do::Lan { .. } => None,
    }
    .map(|ticket| ticket.ticket.as_str())
}

fn act(phone: &Phone, command: &Do, view: &TicketView) -> Result<Option<Act>, Fault> {
    let in_minutes = |minutes: u32| phone.clock.now().plus_ms(i64::from(minutes) * 60_000);
    Ok(Some(match command {
        Do::Accept(_) => Act::Accept { visit: visit(view)? },
        Do::Decline { reason, text, .. } => Act::Decline {
            visit: visit(view)?,
            reason: (*reason).into(),
            text: text.clone(),
        },
        Do::Depart { eta, .. } => Act::Depart {
            visit: visit(view)?,
            eta: eta.map(in_minutes),
        },
        Do::Arrive(_) => Act::Arrive {
            visit: visit(view)?,
            position: None,
        },
        Do::Start(_) => Act::Start { visit: visit(view)? },
        Do::Pause { reason, .. } => Act::Pause {
            visit: visit(view)?,
            reason: (*reason).into(),
        },
        Do::Resume(_) => Act::Resume { visit: visit(view)? },
        Do::Estimate { minutes, .. } => Act::Estimate {
            visit: visit(view)?,
            arrival: in_minutes(*minutes),
        },
        Do::Note { text, .. } => Act::Note { text: text.clone() },
        Do::Tick {
            item,
            answer,
            off,
            text,
            ..
        } => {
            let (item, answer) = match (text, off) {
                (Some(text), _) => checklist::checked(phone, view, item, Answer::Text(text.clone()))?,
                (None, true) => checklist::checked(phone, view, item, Answer::Tick(false))?,
                (None, false) => checklist::answer(phone, view, item, &answer.join(" "))?,
            };
            Act::Answer { item, answer }
        }
        Do::Read {
            item, value, unit, ..
        } => read(phone, view, item, *value, unit.as_deref())?,
        Do::UsePart {
            part, quantity, from, ..
        } => Act::UsePart {
            part: names::part(phone, part)?,
            quantity: *quantity,
            from: names::location(phone, from.as_deref())?,
        },
        Do::RequestPart {
            part, quantity, from, ..
        } => Act::RequestPart {
            part: names::part(phone, part)?,
            quantity: *quantity,
            from: names::location(phone, Some(from))?,
        },
        Do::TransferPart {
            part,
            to,
            quantity,
            from,
            ..
        } => Act::TransferPart {
            part: names::part(phone, part)?,
            quantity: *quantity,
            from: names::location(phone, from.as_deref())?,
            to: names::location(phone, Some(to))?,
        },
        Do::Sign { name, file, path, .. } => Act::Sign {
            name: name.clone(),
            path: signature::read(file.as_deref(), path.as_deref())?,
        },
        Do::Finish {
            result,
            cause,
            remedy,
            text,
            ..
        } => {
            let completion = Completion {
                result: (*result).into(),
                cause: names::code(phone, "cause", view, cause.as_deref())?,
                remedy: names::code(phone, "remedy", view, remedy.as_deref())?,
                text: text.clone(),
            };
            Act::Finish {
                visit: visit(view)?,
                completion,
            }
        }
        _ => return Ok(None),
    }))
}

fn read(phone: &Phone, view: &TicketView, name: &str, value: f64, unit: Option<&str>) -> Result<Act, Fault> {
    let item = names::item(view, name)?;
    let is_reading = item.kind == "reading";
    let unit = unit.map(str::to_owned).or_else(|| item.unit.clone());
    if is_reading && unit.is_none() {
        return Err(Fault::new("unit_missing", w::NO_UNIT, &[]));
    }
    let unit = unit.unwrap_or_default();
    let (item, answer) = checklist::checked(phone, view, name, Answer::Reading { value, unit })?;
    Ok(Act::Answer { item, answer })
}

/// The engineer's own visit: the one under way, else the open one, else the newest.
fn visit(view: &TicketView) -> Result<VisitId, Fault> {
    view.mine
        .ok_or_else(|| Fault::new("no_visit", w::NO_VISIT, &[("number", &view.facts.number)]))
}

fn annotate(phone: &Phone, article: &str, text: &str) -> Result<Meant, Fault> {
    let id: ArticleId = article
        .parse()
        .map_err(|_| Fault::new("no_such_article", w::NO_ARTICLE, &[("name", article)]))?;
    let view = phone.now(|engine, moment| engine.article(id, moment))?;
    let number = phone.either(&view.line.title_zh, &view.line.title_en).to_owned();
    let act = Act::Annotate {
        section: None,
        text: text.to_owned(),
    };
    Ok(Meant {
        document: id.into(),
        number,
        act,
    })
}
