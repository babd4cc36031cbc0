//! The frame of HQ's pages, and the one line that tells what the form before did.
//!
//! That line travels in a cookie of one minute, so that neither a reload nor a copied address shows it again. It holds
//! a word and no name.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use fieldline_model::id::EngineerId;
use fieldline_model::reason::Reason;

use super::Web;
use super::before::Before;
use super::once::Once;
use super::partly::{Hindrance, Partly};
use super::reader::Reader;
use super::taken::Taken;
use crate::auth::cookie::named;
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::page::shell::{Flash, Frame};
use crate::problem::Problem;
use crate::store::page_held::held_waiting;
use crate::words::{Lang, Word, held as h, shared as s, ticket as t};

const COOKIE: &str = "fieldline-done";

/// What a form did, as the cookie spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Created,
    /// The form made this ticket when it came first; whatever it says now is not in it.
    CreatedBefore,
    Assigned,
    Planned,
    /// The visit stood at that time already.
    PlannedBefore,
    Cancelled,
    CancelledBefore,
    Reopened,
    ReopenedBefore,
    /// The form came in before, and what it did stands no longer.
    Repeated,
    Reviewed,
    ReviewedBefore,
    Revoked(EngineerId),
    /// The phone was revoked before; nothing was changed.
    RevokedBefore(EngineerId),
    /// The form made a code before, which is used or too old.
    CodeSpent,
    Noted,
    LinkMade,
    LinkBefore,
    LinkEnded,
    LinkEndedBefore,
    /// A link was made and ended since the page that was to make one was opened.
    LinkEndedSince,
    /// The page showed another link than there is now.
    LinkOther,
    Held,
    Adopted(Taken),
    Declined,
    Released,
    Counted,
    CountedBefore,
    /// The figure was another one by then.
    CountMeanwhile,
    /// A request for parts is over.
    RequestDeclined,
    /// It had been granted or declined by then.
    RequestMeanwhile,
    SignedInAlready,
    /// Held work that stays held, and why.
    NotAdopted(Hindrance),
    /// Held work that was built on a step, named by its act, which is held still.
    EarlierFirst(Step),
    /// Of several that were to be taken over, not all were.
    AdoptedPartly(Partly, Taken),
    /// All or some of it was decided before the button was pressed.
    Before(Before, Taken),
    Not(Reason),
}

/// Lines that are one word.
const PLAIN: [Done; 29] = [
    Done::Created,
    Done::CreatedBefore,
    Done::Assigned,
    Done::Planned,
    Done::PlannedBefore,
    Done::Cancelled,
    Done::CancelledBefore,
    Done::Reopened,
    Done::ReopenedBefore,
    Done::Repeated,
    Done::Reviewed,
    Done::ReviewedBefore,
    Done::CodeSpent,
    Done::Noted,
    Done::LinkMade,
    Done::LinkBefore,
    Done::LinkEnded,
    Done::LinkEndedBefore,
    Done::LinkEndedSince,
    Done::LinkOther,
    Done::Held,
    Done::Declined,
    Done::Released,
    Done::Counted,
    Done::CountedBefore,
    Done::CountMeanwhile,
    Done::RequestDeclined,
    Done::RequestMeanwhile,
    Done::SignedInAlready,
];

/// What an engineer did, by the word of its act. Only those of the list: a cookie can hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step(&'static str);

const STEPS: [(&str, Word); 17] = [
    ("accept", t::TL_ACCEPTED),
    ("decline", t::VS_DECLINED),
    ("depart", t::TL_EN_ROUTE),
    ("arrive", t::TL_ARRIVED),
    ("start", t::TL_WORKING),
    ("pause", t::VS_PAUSED),
    ("resume", t::TL_RESUMED),
    ("finish", t::REPORT),
    ("note", h::STEP_NOTE),
    ("estimate", h::STEP_ESTIMATE),
    ("answer", h::STEP_ANSWER),
    ("use_part", h::STEP_PART),
    ("request_part", h::STEP_REQUEST),
    ("transfer_part", h::STEP_TRANSFER),
    ("sign", h::STEP_SIGN),
    ("annotate", h::STEP_ANNOTATE),
    ("", h::EARLIER_STEP),
];

impl Step {
    /// The step of an act; some step where the word is none of a step.
    pub(crate) fn of(word: &str) -> Self {
        let known = STEPS.iter().find(|(known, _)| *known == word);
        Self(known.map_or("", |(known, _)| *known))
    }

    pub(crate) fn word(self) -> &'static str {
        self.0
    }

    pub(crate) fn text(self, lang: Lang) -> &'static str {
        let known = STEPS.iter().find(|(known, _)| *known == self.0);
        lang.t(known.map_or(h::EARLIER_STEP, |(_, word)| *word))
    }
}

impl Done {
    fn word(self) -> String {
        match self {
            Self::Created => "created".into(),
            Self::CreatedBefore => "created-before".into(),
            Self::Assigned => "assigned".into(),
            Self::Planned => "planned".into(),
            Self::PlannedBefore => "planned-before".into(),
            Self::Cancelled => "cancelled".into(),
            Self::CancelledBefore => "cancelled-before".into(),
            Self::Reopened => "reopened".into(),
            Self::ReopenedBefore => "reopened-before".into(),
            Self::Repeated => "repeated".into(),
            Self::Reviewed => "reviewed".into(),
            Self::ReviewedBefore => "reviewed-before".into(),
            Self::Revoked(id) => format!("revoked.{id}"),
            Self::RevokedBefore(id) => format!("revoked-before.{id}"),
            Self::CodeSpent => "code-spent".into(),
            Self::Noted => "noted".into(),
            Self::LinkMade => "link".into(),
            Self::LinkBefore => "link-before".into(),
            Self::LinkEnded => "link-ended".into(),
            Self::LinkEndedBefore => "link-ended-before".into(),
            Self::LinkEndedSince => "link-ended-since".into(),
            Self::LinkOther => "link-other".into(),
            Self::Held => "held".into(),
            Self::Adopted(taken) => format!("adopted.{}", taken.word()),
            Self::Declined => "declined".into(),
            Self::Released => "released".into(),
            Self::Counted => "counted".into(),
            Self::CountedBefore => "counted-before".into(),
            Self::CountMeanwhile => "count-meanwhile".into(),
            Self::RequestDeclined => "request-declined".into(),
            Self::RequestMeanwhile => "request-meanwhile".into(),
            Self::SignedInAlready => "signed".into(),
            Self::NotAdopted(why) => format!("kept.{}", why.word()),
            Self::EarlierFirst(step) => format!("first.{}", step.0),
            Self::Before(before, taken) => format!("before.{}~{}", before.word(), taken.word()),
            Self::AdoptedPartly(partly, taken) => format!("partly.{}~{}", partly.word(), taken.word()),
            Self::Not(reason) => format!("not.{}", reason.code()),
        }
    }

    fn of(word: &str) -> Option<Self> {
        match word.split_once('.') {
            Some(("not", code)) => Reason::from_code(code).map(Self::Not),
            Some(("kept", why)) => Hindrance::read(why).map(Self::NotAdopted),
            Some(("adopted", taken)) => Taken::read(taken).map(Self::Adopted),
            Some(("partly", rest)) => {
                let (partly, taken) = rest.split_once('~')?;
                Some(Self::AdoptedPartly(Partly::read(partly)?, Taken::read(taken)?))
            }
            Some(("before", rest)) => {
                let (before, taken) = rest.split_once('~')?;
                Some(Self::Before(Before::read(before)?, Taken::read(taken)?))
            }
            Some(("first", step)) => Some(Self::EarlierFirst(Step::of(step))),
            Some(("revoked", id)) => id.parse().ok().map(Self::Revoked),
            Some(("revoked-before", id)) => id.parse().ok().map(Self::RevokedBefore),
            _ => PLAIN.into_iter().find(|done| done.word() == word),
        }
    }

    /// The line; `name` is the ticket's number or the person it is about.
    pub(crate) fn flash(self, lang: Lang, name: &str) -> Flash {
        match self {
            Self::Created => Flash::Created(name.to_owned()),
            Self::CreatedBefore => Flash::Unchanged(lang.fill(s::CREATED_BEFORE, &[("x", name)])),
            Self::Assigned => Flash::Assigned(name.to_owned()),
            Self::Planned => Flash::Planned,
            Self::PlannedBefore => Flash::Unchanged(lang.t(s::PLANNED_BEFORE).to_owned()),
            Self::Cancelled => Flash::Cancelled,
            Self::CancelledBefore => Flash::Unchanged(lang.t(s::CANCELLED_BEFORE).to_owned()),
            Self::Reopened => Flash::Reopened,
            Self::ReopenedBefore => Flash::Unchanged(lang.t(s::REOPENED_BEFORE).to_owned()),
            Self::Repeated => Flash::Unchanged(lang.t(s::REPEATED).to_owned()),
            Self::Reviewed => Flash::Reviewed,
            Self::ReviewedBefore => Flash::Unchanged(lang.t(s::REVIEWED_BEFORE).to_owned()),
            Self::Revoked(_) => Flash::Revoked(name.to_owned()),
            Self::RevokedBefore(_) => Flash::Unchanged(lang.fill(s::REVOKED_BEFORE, &[("x", name)])),
            Self::CodeSpent => Flash::Unchanged(lang.t(s::CODE_SPENT).to_owned()),
            Self::Noted => Flash::Noted,
            Self::LinkMade => Flash::LinkMade,
            Self::LinkBefore => Flash::Unchanged(lang.t(s::LINK_BEFORE).to_owned()),
            Self::LinkEnded => Flash::LinkEnded,
            Self::LinkEndedBefore => Flash::Unchanged(lang.t(s::LINK_ENDED_BEFORE).to_owned()),
            Self::LinkEndedSince => Flash::Unchanged(lang.t(s::LINK_ENDED_SINCE).to_owned()),
            Self::LinkOther => Flash::Unchanged(lang.t(s::LINK_OTHER).to_owned()),
            Self::Held => Flash::Held,
            Self::Adopted(taken) => Flash::Adopted(taken.is_whole(), taken.text(lang)),
            Self::Declined => Flash::Declined,
            Self::Released => Flash::Released,
            Self::Counted => Flash::Counted,
            Self::RequestDeclined => Flash::RequestDeclined,
            Self::RequestMeanwhile => Flash::Unchanged(lang.t(s::REQUEST_MEANWHILE).to_owned()),
            Self::CountedBefore => Flash::Unchanged(lang.t(s::COUNTED_BEFORE).to_owned()),
            Self::CountMeanwhile => Flash::Unchanged(lang.t(s::COUNT_MEANWHILE).to_owned()),
            Self::SignedInAlready => Flash::SignedInAlready,
            Self::NotAdopted(why) => Flash::NotAdopted(why.text(lang)),
            Self::EarlierFirst(step) => Flash::EarlierFirst(step.text(lang).to_owned()),
            Self::Before(before, taken) => Flash::Before(
                before.agrees() && taken.is_whole(),
                taken.after(lang, before.text(lang)),
            ),
            Self::AdoptedPartly(partly, taken) => Flash::AdoptedPartly(taken.after(lang, partly.text(lang))),
            Self::Not(reason) => Flash::Not(reason.words(model_lang(lang)).to_owned()),
        }
    }
}

/// The model's own word for a language.
pub(crate) fn model_lang(lang: Lang) -> fieldline_model::reason::Lang {
    match lang {
        Lang::Zh => fieldline_model::reason::Lang::Zh,
        Lang::En => fieldline_model::reason::Lang::En,
    }
}

/// What the form before this page did.
pub(crate) fn done(headers: &HeaderMap) -> Option<Done> {
    named(headers, COOKIE).and_then(Done::of)
}

/// Goes to a page that tells what was done.
pub(crate) fn go(to: &str, done: Done) -> Response {
    let mut response = Redirect::to(to).into_response();
    let line = format!(
        "{COOKIE}={}; Path=/hq; SameSite=Lax; HttpOnly; Max-Age=60",
        done.word()
    );
    let line = HeaderValue::from_str(&line).expect("codes are ASCII");
    response.headers_mut().append(header::SET_COOKIE, line);
    response
}

/// The same page with the line taken back, so that it is told once.
pub(crate) fn told(mut response: Response, done: Option<Done>) -> Response {
    if done.is_some() {
        let line = HeaderValue::from_static("fieldline-done=; Path=/hq; SameSite=Lax; HttpOnly; Max-Age=0");
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

impl Web {
    /// The frame of a page without such a line.
    pub(crate) async fn frame(&self, reader: &Reader, signed: &Signed) -> Result<Frame, Problem> {
        let held = if signed.may(Permission::ReadRefused) {
            Some(self.app.store().read(held_waiting).await?)
        } else {
            None
        };
        Ok(Frame {
            lang: reader.lang,
            now: self.now(),
            who: signed.staff.display_name.clone(),
            csrf: signed.csrf.clone(),
            once: Once::fresh(self.app.edge()),
            here: reader.here.clone(),
            again: Vec::new(),
            held,
            restored: self.restored(signed).await?,
            flash: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_survives_the_cookie() {
        let before = Before {
            adopt: true,
            now: 0,
            adopted: 0,
            declined: 30,
            came: 2,
        };
        let displaced = Taken::of(3, vec![Reason::Reassigned]);
        let some = [
            Done::Adopted(Taken::of(1, Vec::new())),
            Done::Adopted(displaced),
            Done::NotAdopted(Hindrance::Rule(Reason::NotNow)),
            Done::NotAdopted(Hindrance::Without(Reason::NotNow, Step::of("depart"))),
            Done::EarlierFirst(Step::of("depart")),
            Done::EarlierFirst(Step::of("")),
            Done::AdoptedPartly(Partly::of(2, &[]), displaced),
            Done::Before(before, displaced),
            Done::Not(Reason::NotNow),
            Done::Revoked(EngineerId::from_bytes([3; 16])),
            Done::RevokedBefore(EngineerId::from_bytes([3; 16])),
        ];
        for done in PLAIN.into_iter().chain(some) {
            assert_eq!(Done::of(&done.word()), Some(done));
        }
        assert_eq!(Done::of("not.a_code_of_nobody"), None);
        assert_eq!(Done::of("<script>"), None);
    }
}
