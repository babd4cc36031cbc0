//! What HQ can do to a ticket now, with whom, and what waits for a decision.

use std::collections::HashMap;

use fieldline_model::cancel::CancelReason;
use fieldline_model::fold::Review as Waiting;
use fieldline_model::id::EngineerId;
use fieldline_model::operation::Act;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use super::report::report;
use super::{Loaded, Typed};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::page::form::{Choice, Field, local_value};
use crate::page::ticket::act::{ActView, AssignView, CancelView, Candidate, CandidatePhone, MoveView};
use crate::page::ticket::review::{Review, ReviewItem};
use crate::page::when;
use crate::store::StoreError;
use crate::store::page_list::{EngineerItem, PhoneItem, engineer_list, engineer_loads};
use crate::web::Web;
use crate::web::frame::model_lang;
use crate::web::record::TicketRecord;
use crate::web::view::{pick, skill};
use crate::web::zone::day_of;
use crate::words::Lang;

/// Engineers to choose the best from: the largest company we mean has so many.
const ENGINEERS_MAX: u32 = 5_000;

/// Engineers offered in the list; the best ones come first, so nobody misses the rest.
const CANDIDATES_MAX: usize = 200;
const HOUR_MS: i64 = 60 * 60 * 1000;
/// Length of a visit that nobody has planned yet.
const VISIT_MS: i64 = 2 * HOUR_MS;

/// Who could go, with the visits each has on the planned day.
pub(in crate::web) struct Candidates {
    engineers: Vec<EngineerItem>,
    loads: HashMap<EngineerId, u32>,
    /// The day of those visits; `None`: today.
    day: Option<Timestamp>,
}

impl Candidates {
    pub(super) fn read(
        connection: &Connection,
        web: &Web,
        record: &TicketRecord,
    ) -> Result<Self, StoreError> {
        let (from, to) = day_of(plan(web, record).0, web.zone);
        let loads = engineer_loads(connection, from, to)?.into_iter().collect();
        let (today, _) = day_of(web.app.now(), web.zone);
        Ok(Self {
            engineers: engineer_list(connection, 0, ENGINEERS_MAX)?,
            loads,
            day: (from != today).then_some(from),
        })
    }

    /// Best first: skills, then a phone that brings the visit, then the fewest visits that day, then the name.
    fn choices(&self, web: &Web, lang: Lang, record: &TicketRecord) -> Vec<Candidate> {
        let wanted = &record.state.facts.skills;
        let day = self.day.map(|day| when::date(lang, web.stamp(day), web.now()));
        let mut found: Vec<Candidate> = self
            .engineers
            .iter()
            .map(|engineer| {
                let missing = wanted.iter().filter(|code| !engineer.skills.contains(code));
                Candidate {
                    id: engineer.id.to_string(),
                    name: pick(lang, &engineer.name, &engineer.name_en).to_owned(),
                    load: self.loads.get(&engineer.id).copied().unwrap_or(0),
                    load_day: day.clone(),
                    missing: missing.map(|code| skill(lang, code)).collect(),
                    phone: phone(web, lang, engineer.phone.as_ref()),
                }
            })
            .collect();
        found.sort_by(|a, b| {
            let place = |c: &Candidate| (c.missing.len(), !c.phone.reaches(), c.load);
            place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name))
        });
        found.truncate(CANDIDATES_MAX);
        found
    }

    /// Whether there is such an engineer.
    pub(in crate::web) fn has(&self, id: EngineerId) -> bool {
        self.engineers.iter().any(|engineer| engineer.id == id)
    }
}

fn phone(web: &Web, lang: Lang, phone: Option<&PhoneItem>) -> CandidatePhone {
    match phone {
        None => CandidatePhone::Missing,
        Some(PhoneItem { revoked: true, .. }) => CandidatePhone::Revoked,
        Some(PhoneItem { seen: None, .. }) => CandidatePhone::Silent,
        Some(PhoneItem { seen: Some(at), .. }) => {
            CandidatePhone::Seen(when::age(lang, web.stamp(*at), web.now()))
        }
    }
}

/// The span to begin with: what the customer asked for last and nobody has settled, else the plan as it stands, else the
/// wish he reported with, else from the next full hour.
fn plan(web: &Web, record: &TicketRecord) -> (Timestamp, Timestamp) {
    let now = web.app.now();
    let planned = record.open_visit().and_then(|visit| visit.plan);
    let wished = record.state.facts.wished;
    let spans = [record.open_wish(), planned, wished];
    let known = spans.into_iter().flatten().find(|span| span.end > now);
    known.map_or_else(
        || {
            let next = Timestamp::from_ms((now.ms() / HOUR_MS + 1) * HOUR_MS);
            (next, next.plus_ms(VISIT_MS))
        },
        |span| (span.start, span.end),
    )
}

/// The forms this person may use now.
pub(super) fn acts(web: &Web, lang: Lang, loaded: &Loaded, signed: &Signed, typed: &Typed) -> ActView {
    let record = &loaded.record;
    let open = !record.state.status().is_over();
    let dispatch = open && signed.may(Permission::Dispatch);
    let end = signed.may(Permission::EndTickets);
    ActView {
        assign: dispatch.then(|| assign(web, lang, loaded, typed)),
        reschedule: record
            .open_visit()
            .filter(|_| dispatch)
            .map(|_| moving(web, record, typed)),
        cancel: (open && end).then(|| CancelView {
            reasons: cancel_reasons(lang),
            reason: typed.cancel.clone().unwrap_or_default(),
            assigned: record.assigned(),
        }),
        reopen: (!open && end).then(|| typed.reopen.clone().unwrap_or_default()),
        turned: record.turned(),
    }
}

fn cancel_reasons(lang: Lang) -> Vec<Choice> {
    let choice = |reason: CancelReason| Choice {
        value: reason.code().to_owned(),
        text: reason.words(model_lang(lang)).to_owned(),
    };
    CancelReason::ALL.into_iter().map(choice).collect()
}

fn assign(web: &Web, lang: Lang, loaded: &Loaded, typed: &Typed) -> AssignView {
    let record = &loaded.record;
    let (from, to) = plan(web, record);
    let local = |at| Field::of(local_value(web.stamp(at)));
    let fresh = || [Field::default(), local(from), local(to), Field::default()];
    let [engineer, plan_from, plan_to, reason] = typed.assign.clone().unwrap_or_else(fresh);
    let visit = record.open_visit();
    AssignView {
        current: visit.map(|visit| record.visitors(lang, visit)),
        assigned: record.assigned(),
        engineers: loaded.candidates.choices(web, lang, record),
        engineer,
        plan_from,
        plan_to,
        reason,
    }
}

fn moving(web: &Web, record: &TicketRecord, typed: &Typed) -> MoveView {
    if let Some([plan_from, plan_to, reason]) = typed.moved.clone() {
        return MoveView {
            assigned: record.assigned(),
            plan_from,
            plan_to,
            reason,
        };
    }
    let (from, to) = plan(web, record);
    let window = when::Window {
        from: web.stamp(from),
        to: web.stamp(to),
    };
    MoveView::of(record.assigned(), window)
}

/// The review items that wait, told from the entries they are about.
pub(super) fn reviews(web: &Web, lang: Lang, loaded: &Loaded) -> Vec<ReviewItem> {
    let record = &loaded.record;
    let word = |what: &Waiting| {
        serde_json::to_value(what)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
    };
    let all = [
        Waiting::CompletedAfterCancellation,
        Waiting::CompletedAfterReassignment,
        Waiting::LateAddition,
        Waiting::SecondReport,
        Waiting::CompletedByOther,
    ];
    let item = |open: &crate::store::page_ticket::OpenReview| {
        let what = all
            .iter()
            .find(|what| word(what).as_deref() == Some(&open.what))?;
        let line = record.line(open.operation)?;
        let (who, done) = (record.who(lang, line.entry.by), web.stamp(line.at));
        let withdrawn = || {
            let visit = record.state.visits.get(&line.entry.act.visit()?)?;
            record.line(visit.withdrawn?.by).map(|line| web.stamp(line.at))
        };
        let what = match what {
            Waiting::CompletedAfterCancellation => Review::CompletedAfterCancellation {
                who,
                done,
                cancelled: withdrawn().unwrap_or(done),
            },
            Waiting::CompletedAfterReassignment => Review::CompletedAfterReassignment {
                who,
                done,
                moved: withdrawn().unwrap_or(done),
            },
            Waiting::LateAddition => Review::LateAdditions { who, count: 1 },
            Waiting::SecondReport => Review::SecondReport { who, done },
            Waiting::CompletedByOther => {
                let visit = record.state.visits.get(&line.entry.act.visit()?)?;
                let other = record.engineer(lang, visit.engineer?);
                Review::CompletedByOther { who, done, other }
            }
        };
        Some(ReviewItem {
            id: open.operation.to_string(),
            what,
            report: report(web, lang, record, &loaded.short, line),
        })
    };
    loaded.reviews.iter().filter_map(item).collect()
}

/// Offers a new visit, or takes the open one away and gives a new one.
pub(in crate::web) fn offer(
    record: &TicketRecord,
    visit: fieldline_model::id::VisitId,
    to: EngineerId,
    plan: Option<fieldline_model::operation::Span>,
) -> Act {
    match record.open_visit() {
        Some(open) => Act::Reassign {
            from: open.id,
            visit,
            to: vec![to],
            plan,
        },
        None => Act::Offer {
            visit,
            to: vec![to],
            plan,
        },
    }
}
