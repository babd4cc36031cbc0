//! Codes of the engine as people read them.

use fieldline_model::fold::Phase;
use fieldline_model::operation::{DeclineReason, PauseReason, Priority, VisitResult};
use fieldline_server::words::{Lang, Word};

use crate::words::phone as w;

/// A ticket's status; an unknown code stays as it is.
pub(super) fn status(lang: Lang, code: &str) -> &str {
    let word = match code {
        "new" => w::ST_NEW,
        "triaged" => w::ST_TRIAGED,
        "planned" => w::ST_PLANNED,
        "in_progress" => w::ST_IN_PROGRESS,
        "waiting" => w::ST_WAITING,
        "resolved" => w::ST_RESOLVED,
        "closed" => w::ST_CLOSED,
        "cancelled" => w::ST_CANCELLED,
        "merged_into" => w::ST_MERGED,
        other => return other,
    };
    lang.t(word)
}

/// A visit's phase; an unknown code stays as it is.
pub(super) fn phase(lang: Lang, code: &str) -> &str {
    let word = match code {
        "offered" => w::VS_OFFERED,
        "accepted" => w::VS_ACCEPTED,
        "declined" => w::VS_DECLINED,
        "en_route" => w::VS_EN_ROUTE,
        "arrived" => w::VS_ARRIVED,
        "working" => w::VS_WORKING,
        "paused" => w::VS_PAUSED,
        "done" => w::VS_DONE,
        "taken" => w::TAKEN,
        other => return other,
    };
    lang.t(word)
}

/// A phase with its reason.
pub(super) fn phase_whole(lang: Lang, state: Phase) -> String {
    let word = phase(lang, state.word());
    match state {
        Phase::Declined(reason) => format!("{word} ({})", lang.t(decline(reason))),
        Phase::Paused(reason) => format!("{word} ({})", lang.t(pause(reason))),
        Phase::Offered | Phase::Accepted | Phase::EnRoute | Phase::Arrived | Phase::Working | Phase::Done => {
            word.to_owned()
        }
    }
}

/// Why a visit was turned down.
pub(super) fn decline(reason: DeclineReason) -> Word {
    match reason {
        DeclineReason::NoTime => w::DR_NO_TIME,
        DeclineReason::Skill => w::DR_SKILL,
        DeclineReason::NoPart => w::DR_NO_PART,
        DeclineReason::TooFar => w::DR_TOO_FAR,
        DeclineReason::Ill => w::DR_ILL,
        DeclineReason::Other => w::DR_OTHER,
    }
}

/// Why work rests.
pub(super) fn pause(reason: PauseReason) -> Word {
    match reason {
        PauseReason::Break => w::PS_BREAK,
        PauseReason::WaitingParts => w::PS_PARTS,
        PauseReason::WaitingCustomer => w::PS_CUSTOMER,
        PauseReason::NoAccess => w::PS_ACCESS,
        PauseReason::Unsafe => w::PS_UNSAFE,
    }
}

/// How a visit ended.
pub(super) fn result(result: VisitResult) -> Word {
    match result {
        VisitResult::Fixed => w::RS_FIXED,
        VisitResult::Partly => w::RS_PARTLY,
        VisitResult::NoFaultFound => w::RS_NO_FAULT,
        VisitResult::CouldNot => w::RS_COULD_NOT,
    }
}

/// How urgent.
pub(super) fn priority(priority: Priority) -> Word {
    match priority {
        Priority::Low => w::PR_LOW,
        Priority::Normal => w::PR_NORMAL,
        Priority::High => w::PR_HIGH,
        Priority::Critical => w::PR_CRITICAL,
    }
}

/// An act by its code; an unknown code stays as it is.
pub(super) fn act(lang: Lang, code: &str) -> &str {
    let word = match code {
        "create" => w::A_CREATE,
        "set_facts" => w::A_SET_FACTS,
        "triage" => w::A_TRIAGE,
        "offer" => w::A_OFFER,
        "reassign" => w::A_REASSIGN,
        "reschedule" => w::A_RESCHEDULE,
        "cancel" => w::A_CANCEL,
        "resolve" => w::A_RESOLVE,
        "close" => w::A_CLOSE,
        "reopen" => w::A_REOPEN,
        "merge_into" => w::A_MERGE,
        "rule" => w::A_RULE,
        "accept" => w::A_ACCEPT,
        "decline" => w::A_DECLINE,
        "depart" => w::A_DEPART,
        "arrive" => w::A_ARRIVE,
        "start" => w::A_START,
        "pause" => w::A_PAUSE,
        "resume" => w::A_RESUME,
        "finish" => w::A_FINISH,
        "note" => w::A_NOTE,
        "estimate" => w::A_ESTIMATE,
        "answer" => w::A_ANSWER,
        "use_part" => w::A_USE_PART,
        "request_part" => w::A_REQUEST_PART,
        "transfer_part" => w::A_TRANSFER_PART,
        "photo" => w::A_PHOTO,
        "sign" => w::A_SIGN,
        "message" => w::A_MESSAGE,
        "urge" => w::A_URGE,
        "wish" => w::A_WISH,
        "rate" => w::A_RATE,
        "publish" => w::A_PUBLISH,
        "write_section" => w::A_SECTION,
        "attach" => w::A_ATTACH,
        "detach" => w::A_DETACH,
        "annotate" => w::A_ANNOTATE,
        other => return other,
    };
    lang.t(word)
}

/// Acts that follow now: the command to type, with its word in Chinese.
pub(super) fn next(lang: Lang, codes: &[&str]) -> String {
    let one = |code: &&str| match lang {
        _ if *code == "could_not" => lang.t(w::NEXT_COULD_NOT).replace('`', ""),
        Lang::Zh => format!("{} ({code})", act(lang, code)),
        Lang::En => (*code).to_owned(),
    };
    codes.iter().map(one).collect::<Vec<_>>().join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}
