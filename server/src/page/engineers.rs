//! Engineers and the phones they carry: last contact, what is still on the phone, whether it holds all its jobs.

use super::form;
use super::icon::Icon;
use super::label::pill;
use super::pager::{Part, pager};
use super::shell::{Frame, Section, empty, shell};
use super::{Stamp, paths, when};
use crate::words::{Lang, desk as d, shared as s};
use maud::{Markup, html};

/// A phone's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneState {
    /// None enrolled.
    None,
    /// In use, heard of lately.
    InUse,
    /// In use, silent for a while. Normal, never an alarm.
    Offline,
    /// Revoked.
    Revoked,
    /// Revoked, and its unsent work waits for a decision.
    Quarantine,
}

/// One engineer.
#[derive(Debug, Clone)]
pub struct EngineerRow {
    /// Engineer's id.
    pub id: String,
    /// Engineer's name.
    pub name: String,
    /// Skills in one line.
    pub skills: String,
    /// The phone.
    pub phone: PhoneState,
    /// Last contact.
    pub seen: Option<Stamp>,
    /// Operations the phone said it still holds at last contact.
    pub pending: Option<u32>,
    /// What the phone holds of the jobs.
    pub jobs: PhoneJobs,
}

/// What is known of an engineer's jobs on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneJobs {
    /// There is no phone in use to hold any.
    NoPhone,
    /// There is no job.
    None,
    /// The phone has not been heard of.
    Silent,
    /// They went out, and it has confirmed nothing yet: it does so at the contact after the one that brought them.
    Sent,
    /// So many it confirmed to hold whole, of all in its scope.
    Confirmed(u32, u32),
}

/// The list.
#[derive(Debug, Clone)]
pub struct EngineersView {
    /// The engineers of this part of the list.
    pub rows: Vec<EngineerRow>,
    /// Which part.
    pub part: Part,
    /// Whether the reader may enrol and revoke phones.
    pub may_edit: bool,
}

/// The page.
pub fn engineers(frame: &Frame, view: &EngineersView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        div.head {
            h1 { (lang.t(s::NAV_ENGINEERS)) }
            p.hint { (lang.fill(d::ENGINEERS_COUNT, &[("n", &view.part.total().to_string())])) }
        }
        @if view.rows.is_empty() { (empty(lang.t(d::EMPTY_ENGINEERS), lang.t(d::EMPTY_ENGINEERS_DO), None)) } @else { (table(frame, view)) }
        (pager(lang, paths::ENGINEERS, &[], view.part))
    };
    shell(frame, Section::Engineers, lang.t(s::NAV_ENGINEERS), &body)
}

fn table(frame: &Frame, view: &EngineersView) -> Markup {
    let lang = frame.lang;
    // Where no phone says what it still holds, the column would only repeat that.
    let told = view.rows.iter().any(|row| row.pending.is_some());
    let mut columns = vec![d::COL_ENGINEER, d::COL_SKILLS, d::COL_PHONE, d::COL_SEEN];
    columns.extend(told.then_some(d::COL_PENDING));
    columns.push(d::COL_COMPLETE);
    html! {
        table.list role="table" {
            caption.hidden { (lang.t(s::NAV_ENGINEERS)) }
            thead role="rowgroup" { tr role="row" {
                @for word in columns { th scope="col" role="columnheader" { (lang.t(word)) } }
                td role="cell" {}
            } }
            tbody role="rowgroup" { @for row in &view.rows { (engineer_row(frame, row, told, view.may_edit)) } }
        }
    }
}

fn engineer_row(frame: &Frame, row: &EngineerRow, told: bool, may_edit: bool) -> Markup {
    let lang = frame.lang;
    html! {
        tr role="row" {
            th scope="row" role="rowheader" { (row.name) }
            td role="cell" data-label=(lang.t(d::COL_SKILLS)) { (row.skills) }
            td role="cell" data-label=(lang.t(d::COL_PHONE)) { (phone_label(lang, row.phone)) }
            td role="cell" data-label=(lang.t(d::COL_SEEN)) {
                @if let Some(seen) = row.seen { (when::age_time(lang, seen, frame.now)) } @else { (lang.t(d::NEVER)) }
            }
            @if told {
                td role="cell" data-label=(lang.t(d::COL_PENDING)) {
                    @if let Some(n) = row.pending { (n) } @else { span.hint { (lang.t(d::PENDING_UNKNOWN)) } }
                }
            }
            td role="cell" data-label=(lang.t(d::COL_COMPLETE)) { (jobs(lang, row.jobs)) }
            td.acts role="cell" { @if may_edit { (acts(frame, row)) } }
        }
    }
}

fn jobs(lang: Lang, jobs: PhoneJobs) -> Markup {
    let text = |n: u32, all: u32| lang.fill(d::N_OF_N, &[("n", &n.to_string()), ("all", &all.to_string())]);
    html! {
        @match jobs {
            PhoneJobs::NoPhone => {},
            PhoneJobs::None => span.hint { (lang.t(d::NO_JOBS)) },
            PhoneJobs::Silent => span.hint { (lang.t(d::PENDING_UNKNOWN)) },
            PhoneJobs::Sent => span.hint { (lang.t(d::NOT_CONFIRMED)) },
            PhoneJobs::Confirmed(n, all) => (text(n, all)),
        }
    }
}

fn acts(frame: &Frame, row: &EngineerRow) -> Markup {
    let lang = frame.lang;
    html! {
        form method="post" action=(paths::engineer_act(&row.id, "enrol")) {
            (form::hidden(frame))
            button aria-label={(lang.t(d::ENROL)) " " (row.name)} { (lang.t(d::ENROL)) }
        }
        @if matches!(row.phone, PhoneState::InUse | PhoneState::Offline) {
            a.button href=(paths::engineer_act(&row.id, "revoke")) aria-label={(lang.t(d::REVOKE)) " " (row.name)} { (lang.t(d::REVOKE)) }
        }
    }
}

fn phone_label(lang: Lang, phone: PhoneState) -> Markup {
    let (colour, picture, word) = match phone {
        PhoneState::None => ("pending", Icon::Phone, d::PHONE_NONE),
        PhoneState::InUse => ("done", Icon::Tick, d::PHONE_OK),
        PhoneState::Offline => ("pending", Icon::Clock, d::PHONE_OFFLINE),
        PhoneState::Revoked => ("refused", Icon::Cross, d::PHONE_REVOKED),
        PhoneState::Quarantine => ("overruled", Icon::Scales, d::PHONE_QUARANTINE),
    };
    pill(colour, picture, lang.t(word))
}
