//! What HQ can do to a ticket: assign, move, cancel. Plain forms in disclosures, so they work without scripts.

use crate::page::form::{self, Choice, Field, Input, labelled_as};
use crate::page::shell::Frame;
use crate::page::{paths, when};
use crate::words::{Lang, shared as s, ticket as t};
use maud::{Markup, html};

/// Which forms may be used, and with what.
#[derive(Debug, Clone)]
pub struct ActView {
    /// Assigning or reassigning.
    pub assign: Option<AssignView>,
    /// Moving the plan.
    pub reschedule: Option<MoveView>,
    /// Cancelling.
    pub cancel: Option<CancelView>,
    /// Taking an ended ticket up again: the reason.
    pub reopen: Option<Field>,
    /// What ended or reopened the ticket last, so that a page opened before is noticed.
    pub turned: String,
}

/// The cancel form.
#[derive(Debug, Clone)]
pub struct CancelView {
    /// Reasons to pick from.
    pub reasons: Vec<Choice>,
    /// The reason picked, by code.
    pub reason: Field,
    /// Who was to come when and how far he was, so that a page opened before a change is noticed.
    pub assigned: String,
}

/// The reschedule form.
#[derive(Debug, Clone)]
pub struct MoveView {
    /// Who was to come when and how far he was, so that a page opened before a change is noticed.
    pub assigned: String,
    /// Planned start.
    pub plan_from: Field,
    /// Planned end.
    pub plan_to: Field,
    /// Why it moves.
    pub reason: Field,
}

impl MoveView {
    /// The plan as it stands.
    pub fn of(assigned: String, plan: when::Window) -> MoveView {
        MoveView {
            assigned,
            plan_from: Field::of(form::local_value(plan.from)),
            plan_to: Field::of(form::local_value(plan.to)),
            reason: Field::default(),
        }
    }
}

/// The assign form.
#[derive(Debug, Clone)]
pub struct AssignView {
    /// Who has it now; then the form says "reassign" and asks for a reason.
    pub current: Option<String>,
    /// Who was to come when and how far he was, so that a page opened before a change is noticed.
    pub assigned: String,
    /// Engineers, best first.
    pub engineers: Vec<Candidate>,
    /// The engineer chosen, by id.
    pub engineer: Field,
    /// Planned start.
    pub plan_from: Field,
    /// Planned end.
    pub plan_to: Field,
    /// Why it moves to another engineer.
    pub reason: Field,
}

/// An engineer to choose, with what helps choosing.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Engineer's id.
    pub id: String,
    /// Engineer's name.
    pub name: String,
    /// Visits on the planned day.
    pub load: u32,
    /// Which day that is, where it is not today.
    pub load_day: Option<String>,
    /// Skills the ticket asks for that this engineer lacks, in words.
    pub missing: Vec<String>,
    /// The phone that would bring the visit.
    pub phone: CandidatePhone,
}

/// Whether a visit given to an engineer reaches a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CandidatePhone {
    /// In use, heard of so long ago.
    Seen(String),
    /// Enrolled, and not heard of yet.
    Silent,
    /// Revoked, and no other one there.
    Revoked,
    /// None enrolled.
    Missing,
}

impl CandidatePhone {
    /// Whether the engineer will hear of the visit.
    pub fn reaches(&self) -> bool {
        matches!(self, Self::Seen(_) | Self::Silent)
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            Self::Seen(age) => lang.fill(t::PHONE_SEEN_HINT, &[("x", age)]),
            Self::Silent => lang.t(t::PHONE_SILENT_HINT).to_owned(),
            Self::Revoked => lang.t(t::PHONE_REVOKED_HINT).to_owned(),
            Self::Missing => lang.t(t::PHONE_MISSING_HINT).to_owned(),
        }
    }
}

impl Candidate {
    fn text(&self, lang: Lang) -> String {
        let load = self.load.to_string();
        let mut hints = vec![match &self.load_day {
            Some(day) => lang.fill(t::LOAD_HINT_DAY, &[("x", day), ("n", &load)]),
            None => lang.fill(t::LOAD_HINT, &[("n", &load)]),
        }];
        hints.push(if self.missing.is_empty() {
            lang.t(t::SKILLS_MATCH).to_owned()
        } else {
            lang.fill(t::SKILLS_MISSING, &[("x", &self.missing.join(", "))])
        });
        hints.push(self.phone.text(lang));
        format!("{} · {}", self.name, hints.join(" · "))
    }
}

/// The block of actions.
pub fn actions(frame: &Frame, id: &str, view: &ActView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.assign.is_some() || view.reschedule.is_some() || view.cancel.is_some() || view.reopen.is_some() {
            section.actions aria-labelledby="actions" {
                h2 #actions { (lang.t(t::ACTIONS)) }
                @if let Some(assign) = &view.assign { (assign_form(frame, id, assign)) }
                @if let Some(plan) = &view.reschedule { (reschedule_form(frame, id, plan)) }
                @if let Some(cancel) = &view.cancel { (cancel_form(frame, id, cancel, &view.turned)) }
                @if let Some(reason) = &view.reopen { (reopen_form(frame, id, reason, &view.turned)) }
            }
        }
    }
}

/// Posts `engineer`, `plan_from`, `plan_to`, and `reason` when someone has it already.
fn assign_form(frame: &Frame, id: &str, view: &AssignView) -> Markup {
    let lang = frame.lang;
    let word = if view.current.is_some() {
        t::REASSIGN
    } else {
        t::ASSIGN
    };
    let wrong = [&view.engineer, &view.plan_from, &view.plan_to, &view.reason]
        .into_iter()
        .any(|f| f.error.is_some());
    let choices: Vec<Choice> = view
        .engineers
        .iter()
        .map(|c| Choice {
            value: c.id.clone(),
            text: c.text(lang),
        })
        .collect();
    let pick = Input::Select(&choices, Some(lang.t(t::PICK_ENGINEER)));
    let optional = |word| format!("{}{}", lang.t(word), lang.t(s::OPTIONAL));
    html! {
        details open[view.current.is_none() || wrong] {
            summary { (lang.t(word)) }
            form method="post" action=(paths::ticket_act(id, "assign")) {
                (form::error_summary(lang, wrong))
                (form::hidden(frame))
                (form::hidden_assigned(&view.assigned))
                (labelled_as("assign-engineer", lang, lang.t(t::ASSIGN_TO), "engineer", pick, &view.engineer, None))
                div.pair {
                    (labelled_as("assign-from", lang, &optional(t::PLAN_FROM), "plan_from", Input::Time, &view.plan_from, None))
                    (labelled_as("assign-to", lang, &optional(t::PLAN_TO), "plan_to", Input::Time, &view.plan_to, None))
                }
                @if view.current.is_some() {
                    (labelled_as("assign-reason", lang, lang.t(t::REASON), "reason", Input::Line, &view.reason, Some(lang.t(t::REASON_TOLD))))
                }
                button.primary { (lang.t(word)) }
            }
        }
    }
}

/// Posts `plan_from`, `plan_to`, `reason`.
fn reschedule_form(frame: &Frame, id: &str, view: &MoveView) -> Markup {
    let lang = frame.lang;
    let wrong = [&view.plan_from, &view.plan_to, &view.reason]
        .into_iter()
        .any(|f| f.error.is_some());
    html! {
        details open[wrong] {
            summary { (lang.t(t::RESCHEDULE)) }
            form method="post" action=(paths::ticket_act(id, "reschedule")) {
                (form::error_summary(lang, wrong))
                (form::hidden(frame))
                (form::hidden_assigned(&view.assigned))
                div.pair {
                    (labelled_as("move-from", lang, lang.t(t::PLAN_FROM), "plan_from", Input::Time, &view.plan_from, None))
                    (labelled_as("move-to", lang, lang.t(t::PLAN_TO), "plan_to", Input::Time, &view.plan_to, None))
                }
                (labelled_as("move-reason", lang, &format!("{}{}", lang.t(t::REASON), lang.t(s::OPTIONAL)), "reason", Input::Line, &view.reason, Some(lang.t(t::REASON_TOLD))))
                button { (lang.t(t::RESCHEDULE)) }
            }
        }
    }
}

/// Posts `reason`, one of the reason codes.
fn cancel_form(frame: &Frame, id: &str, view: &CancelView, turned: &str) -> Markup {
    let lang = frame.lang;
    let wrong = view.reason.error.is_some();
    let pick = Input::Select(&view.reasons, None);
    html! {
        details open[wrong] {
            summary { (lang.t(t::CANCEL_TICKET)) }
            form method="post" action=(paths::ticket_act(id, "cancel")) {
                (form::error_summary(lang, wrong))
                (form::hidden(frame))
                (form::hidden_assigned(&view.assigned))
                (form::hidden_turned(turned))
                p.hint { (lang.t(t::CANCEL_CONFIRM)) }
                (labelled_as("cancel-reason", lang, lang.t(t::REASON), "reason", pick, &view.reason, Some(lang.t(t::REASON_TOLD))))
                button.danger { (lang.t(t::CANCEL_TICKET)) }
            }
        }
    }
}

/// Posts `reason`.
fn reopen_form(frame: &Frame, id: &str, reason: &Field, turned: &str) -> Markup {
    let lang = frame.lang;
    let wrong = reason.error.is_some();
    html! {
        details open[wrong] {
            summary { (lang.t(t::REOPEN_TICKET)) }
            form method="post" action=(paths::ticket_act(id, "reopen")) {
                (form::error_summary(lang, wrong))
                (form::hidden(frame))
                (form::hidden_turned(turned))
                p.hint { (lang.t(t::REOPEN_CONFIRM)) }
                (labelled_as("reopen-reason", lang, lang.t(t::REASON), "reason", Input::Line, reason, None))
                button { (lang.t(t::REOPEN_TICKET)) }
            }
        }
    }
}
