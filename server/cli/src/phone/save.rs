//! Saving first, sending after: the answer to every command that writes.

use fieldline_engine::Performed;
use fieldline_engine::view::Status;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::reason::{self, Reason};
use fieldline_server::words::Lang;
use serde_json::json;

use super::network::{self, Sent};
use super::{Phone, act, label, left, status, stock};
use crate::answer::Answer;
use crate::args::phone::PhoneCommand;
use crate::fault::{Fault, model_lang, stopped};
use crate::table::{WIDTH, hanging};
use crate::words::{fault as f, fill, phone as w};

/// What became of an operation, as far as this phone knows.
enum Known {
    /// Why, as the truth screen says it.
    Waiting(&'static str),
    Merged,
    Displaced {
        refused: bool,
        code: String,
    },
}

/// Saves what the command means, then tries to send it. A network that is away never fails the save.
pub(super) fn save(phone: &Phone, command: &PhoneCommand) -> Result<Answer, Fault> {
    let Some(meant) = act::meant(phone, command)? else {
        return Err(Fault::new(
            "internal",
            f::INTERNAL,
            &[("why", "a command without its act")],
        ));
    };
    let (word, document, number) = (meant.act.word(), meant.document, meant.number);
    // What cannot be counted here keeps nothing from being saved.
    let used = stock::used(phone, &meant.act).ok().flatten();
    let saved = phone
        .now(|engine, moment| engine.perform(document, meant.act, moment))
        .map_err(|fault| with_flag(command, with_next(phone, document, fault)))?;
    let mut answer = self::saved(phone, saved, word, (document, &number))?;
    if let Some(used) = used {
        answer.json["there"] = json!(used.there);
        if let Some(words) = used.beyond(phone.lang) {
            let line = hanging("! ", &words, WIDTH);
            answer.text = format!("{}\n{}", answer.text.trim_end(), line.trim_end());
        }
    }
    Ok(answer)
}

/// Missing words are given with a flag; where they are an argument, that says so itself.
fn with_flag(command: &PhoneCommand, fault: Fault) -> Fault {
    let has_flag = matches!(
        command,
        PhoneCommand::Finish { .. } | PhoneCommand::Decline { .. }
    );
    if has_flag && fault.code() == Reason::TextMissing.code() {
        return fault.and(f::TEXT_FLAG, &[]);
    }
    fault
}

/// Tries to send what is saved, and tells what became of it.
pub(super) fn saved(
    phone: &Phone,
    saved: Performed,
    word: &'static str,
    (document, number): (DocumentId, &str),
) -> Result<Answer, Fault> {
    // From here on the work is on the disk: whatever goes wrong, the answer is "saved".
    let sent = network::send(phone);
    let status = phone.engine.status()?;
    let known = known(&status, saved.operation);
    let next = document
        .ticket()
        .and_then(|ticket| phone.now(|engine, moment| engine.ticket(ticket, moment)).ok())
        .map(|view| view.next)
        .unwrap_or_default();

    let json = json!({
        "saved": true,
        "operation": saved.operation,
        "act": word,
        "document": document,
        "ticket": document.ticket(),
        "number": number,
        "fate": match &known {
            Known::Waiting(_) => json!(null),
            Known::Merged => json!({ "fate": "merged" }),
            Known::Displaced { refused, code } => {
                json!({ "fate": if *refused { "refused" } else { "overruled" }, "code": code })
            }
        },
        "waiting": status.saved_here,
        "sync": sent.to_json(phone.lang),
        "next": next,
    });
    let lang = phone.lang;
    let act = label::act(lang, word);
    let mut text = fill(lang, w::SAVED, &[("act", act), ("number", number)]);
    text.push_str(&format!(
        "\n  {}",
        fill(lang, w::OPERATION, &[("id", &saved.operation.to_string())])
    ));
    text.push_str(&format!("\n  {}", outcome(lang, &known, &sent, &status)));
    if !next.is_empty() {
        text.push_str(&format!(
            "\n  {}",
            fill(lang, w::NEXT, &[("acts", &label::next(lang, &next))])
        ));
    }
    Ok(Answer::new(text, json))
}

/// A step that does not follow is told with where the ticket stands and what does.
fn with_next(phone: &Phone, document: DocumentId, fault: Fault) -> Fault {
    let is_gone = fault.code() == Reason::OutOfScope.code();
    let view = document
        .ticket()
        .filter(|_| is_gone || fault.code() == Reason::NotNow.code())
        .and_then(|ticket| phone.now(|engine, moment| engine.ticket(ticket, moment)).ok());
    let Some(view) = view else { return fault };
    if is_gone {
        let why = |lang| left::why(phone, &view, lang).ok().flatten();
        return match (why(Lang::Zh), why(Lang::En)) {
            (Some(zh), Some(en)) => fault.and_said(|lang| match lang {
                Lang::Zh => zh.clone(),
                Lang::En => en.clone(),
            }),
            _ => fault,
        };
    }
    let mine = view.visits.iter().find(|visit| Some(visit.visit.id) == view.mine);
    let more = |lang| {
        let state = mine.map_or_else(
            || label::status(lang, view.status).to_owned(),
            |visit| label::phase(lang, visit.phase).to_owned(),
        );
        let word = if view.next.is_empty() {
            f::STANDS_OVER
        } else {
            f::STANDS
        };
        let values = [
            ("number", view.facts.number.as_str()),
            ("state", &state),
            ("acts", &label::next(lang, &view.next)),
        ];
        fill(lang, word, &values)
    };
    fault.and_said(more)
}

fn known(status: &Status, operation: OperationId) -> Known {
    if let Some(card) = status.cards.iter().find(|card| card.operation == operation) {
        return Known::Displaced {
            refused: card.fate == "refused",
            code: card.code.clone(),
        };
    }
    let listed = u64::try_from(status.waiting.len()).unwrap_or(u64::MAX);
    // The list names the oldest only; beyond it the newest is certainly waiting.
    let here = status
        .waiting
        .iter()
        .find(|waiting| waiting.operation == operation);
    match here {
        Some(waiting) => Known::Waiting(waiting.why),
        None if status.saved_here > listed => Known::Waiting(status::NEXT_SYNC),
        None => Known::Merged,
    }
}

fn outcome(lang: Lang, known: &Known, sent: &Sent, status: &Status) -> String {
    match known {
        Known::Merged => lang.t(w::SENT_MERGED).to_owned(),
        Known::Displaced { refused, code } => {
            let word = if *refused {
                w::SENT_REFUSED
            } else {
                w::SENT_OVERRULED
            };
            fill(lang, word, &[("why", &reason::words(code, model_lang(lang)))])
        }
        Known::Waiting(_) if status.revoked && matches!(sent, Sent::Done) => {
            fill(lang, w::KEPT_HELD, &[("n", &status.held_at_hq.to_string())])
        }
        Known::Waiting(reason) => {
            let n = status::here(status).to_string();
            // What HQ answered is told as the truth screen tells it.
            let answered = || sentence(lang, label::waiting(lang, reason));
            let why = sent.why(lang).unwrap_or_else(answered);
            fill(lang, w::KEPT, &[("n", &n), ("why", &why)])
        }
    }
}

/// The end of a line as a sentence of its own.
fn sentence(lang: Lang, text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    stopped(lang, &format!("{first}{}", chars.as_str()))
}
