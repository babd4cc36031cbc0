//! The completion reports: the one that counts, and those that were overruled. Somebody did that work and wrote it down,
//! so none of them is left out. The customer's page takes the pieces of the one that counts.

use fieldline_model::id::{OperationId, VisitId};
use fieldline_model::operation::{Act, Completion, VisitResult};

use super::field::part_use;
use crate::page::ticket::report::{Report, Signature};
use crate::page::when::Window;
use crate::web::record::{Line, TicketRecord};
use crate::web::view::result;
use crate::web::why::why;
use crate::web::{Web, signature};
use crate::words::Lang;

/// Every report, newest first.
pub(super) fn reports(web: &Web, lang: Lang, record: &TicketRecord, short: &[String]) -> Vec<Report> {
    let mut lines: Vec<&Line> = record.lines.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.seq)));
    lines
        .into_iter()
        .filter_map(|line| report(web, lang, record, short, line))
        .collect()
}

/// What an engineer reported in this line, if it is the end of a visit.
pub(super) fn report(
    web: &Web,
    lang: Lang,
    record: &TicketRecord,
    short: &[String],
    line: &Line,
) -> Option<Report> {
    let Act::Finish { visit, completion } = &line.entry.act else {
        return None;
    };
    let own: Vec<&Line> = in_order(record, line)
        .into_iter()
        .filter(|other| report_of(record, other) == Some(line.id))
        .collect();
    let on_site = own.iter().find_map(|other| match other.entry.act {
        Act::Arrive { .. } => Some(Window {
            from: web.stamp(other.at),
            to: web.stamp(line.at),
        }),
        _ => None,
    });
    Some(Report {
        who: record.who(lang, line.entry.by),
        at: web.stamp(line.at),
        overruled: line.overruled.as_deref().map(|code| why(lang, code)),
        result: result(completion),
        cause: completion.cause.as_deref().map(|code| record.code(lang, code)),
        remedy: remedy(lang, record, completion),
        on_site,
        parts: own
            .iter()
            .filter_map(|other| part_use(lang, record, short, &other.entry.act))
            .collect(),
        labour_minutes: Some(labour_minutes(&own, *visit, line.overruled.is_some())),
        signature: own.iter().rev().find_map(|other| drawn(web, other)),
    })
}

/// What one person did, in order.
fn in_order<'a>(record: &'a TicketRecord, like: &Line) -> Vec<&'a Line> {
    let mut lines: Vec<&Line> = record
        .lines
        .iter()
        .filter(|line| line.entry.by == like.entry.by)
        .collect();
    lines.sort_by_key(|line| (line.at, line.seq));
    lines
}

/// The report a person's work belongs to. Parts and signatures name no visit: they belong to the one the person was at,
/// and before the first step to the report that follows.
fn report_of(record: &TicketRecord, work: &Line) -> Option<OperationId> {
    let lines = in_order(record, work);
    let place = (work.at, work.seq);
    let before = |line: &&&Line| (line.at, line.seq) <= place;
    let visit = lines.iter().filter(before).rev().find_map(|line| step(line));
    let ends = lines.iter().filter_map(|line| match line.entry.act {
        Act::Finish { visit, .. } => Some((visit, *line)),
        _ => None,
    });
    let ends: Vec<(VisitId, &Line)> = ends.collect();
    // An end that counts goes before one that was overruled: of two phones of one engineer both may have reported.
    let of_visit = |counts: bool| {
        let mut found = ends.iter().filter(|(of, _)| Some(*of) == visit);
        found.find(|(_, line)| line.overruled.is_none() == counts)
    };
    let own = ends.iter().find(|(_, line)| line.id == work.id);
    let next = || ends.iter().find(|(_, line)| (line.at, line.seq) >= place);
    own.or_else(|| of_visit(true))
        .or_else(|| of_visit(false))
        .or_else(next)
        .or(ends.last())
        .map(|(_, line)| line.id)
}

/// The visit of a step in the field.
fn step(line: &Line) -> Option<VisitId> {
    line.entry.act.visit()
}

/// What was done: the code's words and the engineer's own.
pub(crate) fn remedy(lang: Lang, record: &TicketRecord, completion: &Completion) -> Option<String> {
    let code = completion.remedy.as_deref().map(|code| record.code(lang, code));
    let told = completion.result == VisitResult::CouldNot;
    let text = Some(completion.text.trim()).filter(|text| !text.is_empty() && !told);
    match (code, text) {
        (Some(code), Some(text)) => Some(format!("{code} · {text}")),
        (Some(code), None) => Some(code),
        (None, text) => text.map(str::to_owned),
    }
}

/// Time at work: from each start to the next pause or the end. Where the whole visit was overruled its steps were too,
/// and the time was worked all the same.
fn labour_minutes(own: &[&Line], visit: VisitId, overruled: bool) -> i64 {
    let (mut since, mut sum) = (None, 0);
    let steps = own
        .iter()
        .filter(|line| line.entry.act.visit() == Some(visit) && (overruled || line.overruled.is_none()));
    for line in steps {
        match line.entry.act {
            Act::Start { .. } | Act::Resume { .. } => since = since.or(Some(line.at)),
            Act::Pause { .. } | Act::Finish { .. } => {
                sum += since.take().map_or(0, |from| line.at.since(from));
            }
            _ => {}
        }
    }
    sum / 60_000
}

/// The newest signature.
pub(crate) fn signed(web: &Web, record: &TicketRecord) -> Option<Signature> {
    record.lines.iter().rev().find_map(|line| drawn(web, line))
}

fn drawn(web: &Web, line: &Line) -> Option<Signature> {
    match &line.entry.act {
        Act::Sign { name, path } => Some(Signature {
            name: name.clone(),
            at: web.stamp(line.at),
            src: signature::src(path)?,
        }),
        _ => None,
    }
}
