//! From a ticket's document and the rows it names to a report: the one way there, for phone and server.
//!
//! Only what both hold alike is asked: entries with the times their devices saw, rows, and small pictures by their
//! name. What the server alone knows (receipt, clamped times) and what the phone alone knows stays out, or the two
//! papers would differ.

use std::collections::BTreeMap;

use fieldline_model::blob::{BlobHash, Media, THUMB_BYTES_MAX};
use fieldline_model::document::Content;
use fieldline_model::entry::Entry;
use fieldline_model::fold::{Phase, TicketState, VisitState, fold};
use fieldline_model::id::{OperationId, PartId};
use fieldline_model::operation::{Act, Answer, Path, Photo, PhotoKind};
use fieldline_model::row::{Checklist, ChecklistItem, Row, RowKind};
use fieldline_model::time::{DeviceTime, Timestamp};

use crate::told::{Answered, Both, Item, List, PartUse, Picture, Report, Shows, Signed, Sound, Visit};

/// Most visits on one report: nobody comes that often.
const VISITS_MAX: usize = 40;
/// Most lines of parts or of the checklist: what is more is counted.
const LINES_MAX: usize = 400;
/// Most pictures, at 20 kB each: what goes by mail.
const PICTURES_MAX: usize = 24;
const MINUTE_MS: i64 = 60_000;

/// Where rows and small pictures lie.
pub trait Records {
    /// Why they could not be read.
    type Error;

    /// A row by its kind and id, if it is here.
    ///
    /// # Errors
    /// As the store says.
    fn row(&mut self, kind: RowKind, id: &str) -> Result<Option<Row>, Self::Error>;

    /// The bytes of a picture of this ticket, if they are here and whole.
    ///
    /// # Errors
    /// As store and disk say.
    fn picture(&mut self, blob: BlobHash) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// The report of a ticket; `None` while no visit is finished. `pending` are operations that one phone alone has.
///
/// # Errors
/// As `records` say.
pub fn collect<R: Records>(
    company: &str,
    content: &Content,
    pending: &[OperationId],
    records: &mut R,
) -> Result<Option<Report>, R::Error> {
    let state = fold(&content.events);
    let done = finished(&state);
    if state.created.is_none() || done.is_empty() {
        return Ok(None);
    }
    let mut report = Report {
        company: company.to_owned(),
        number: state.facts.number.clone(),
        pending: pending
            .iter()
            .filter_map(|id| content.entry(*id))
            .any(|entry| is_told(&entry.act)),
        fault_text: state.facts.fault_text.clone(),
        ..Report::default()
    };
    whose(&state, &mut report, records)?;
    report.fault = code(state.facts.fault.as_deref(), records)?;
    let mut visits = Vec::new();
    for visit in &done {
        visits.extend(told(visit, content, records)?);
    }
    report.visits = List::of(visits, VISITS_MAX);
    report.parts = List::of(parts(content, records)?, LINES_MAX);
    report.checklist = List::of(checklist(&state, content, records)?, LINES_MAX);
    report.photos = photos(content, records)?;
    report.signed = signed(content);
    Ok(Some(report))
}

/// Something of this act stands on the paper: what waits of the rest makes no paper unfinished.
fn is_told(act: &Act) -> bool {
    matches!(act.path(), Path::Events)
        || matches!(
            act,
            Act::Answer { .. } | Act::UsePart { .. } | Act::Photo(_) | Act::Sign { .. }
        )
}

/// The finished visits, oldest first: those that count, or where none does those HQ did not count on. Somebody did that
/// work, and the customer saw it.
fn finished(state: &TicketState) -> Vec<&VisitState> {
    let done = |visit: &&VisitState| visit.phase == Phase::Done && visit.completion.is_some();
    let mut visits: Vec<&VisitState> = state.visits.values().filter(done).collect();
    if visits.iter().any(|visit| visit.withdrawn.is_none()) {
        visits.retain(|visit| visit.withdrawn.is_none());
    }
    visits.sort_by_key(|visit| (visit.times.done.map(|at| at.estimate()), visit.id));
    visits
}

/// Whose machine it is and where. A site that nobody named is that of the machine, a customer that of the site.
fn whose<R: Records>(state: &TicketState, report: &mut Report, records: &mut R) -> Result<(), R::Error> {
    let facts = &state.facts;
    let mut site = facts.site;
    if let Some(id) = facts.asset
        && let Some(Row::Asset(asset)) = records.row(RowKind::Asset, &id.to_string())?
    {
        site = site.or(Some(asset.site));
        report.model = named(&asset.model_zh, &asset.model_en, &asset.model);
        report.serial = asset.serial;
    }
    let mut customer = facts.customer;
    if let Some(id) = site
        && let Some(Row::Site(site)) = records.row(RowKind::Site, &id.to_string())?
    {
        customer = customer.or(Some(site.customer));
        report.site = site.one_line();
    }
    if let Some(id) = customer
        && let Some(Row::Customer(row)) = records.row(RowKind::Customer, &id.to_string())?
    {
        let en = row.name_en.unwrap_or_default();
        report.customer = named(&row.name, &en, "");
    }
    Ok(())
}

/// Both names, and where there is neither what it is called in tables.
fn named(zh: &str, en: &str, otherwise: &str) -> Both {
    if zh.is_empty() && en.is_empty() {
        return Both::same(otherwise);
    }
    Both {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// A code in words, itself where nobody knows it any more.
fn code<R: Records>(code: Option<&str>, records: &mut R) -> Result<Both, R::Error> {
    let Some(code) = code else {
        return Ok(Both::default());
    };
    Ok(match records.row(RowKind::Code, code)? {
        Some(Row::Code(row)) => named(&row.zh, &row.en, code),
        _ => Both::same(code),
    })
}

fn told<R: Records>(
    visit: &VisitState,
    content: &Content,
    records: &mut R,
) -> Result<Option<Visit>, R::Error> {
    let Some(completion) = &visit.completion else {
        return Ok(None);
    };
    let engineer = match visit.engineer {
        Some(id) => records.row(RowKind::Engineer, &id.to_string())?,
        None => None,
    };
    let engineer = match engineer {
        Some(Row::Engineer(row)) => named(&row.name, &row.name_en, ""),
        _ => Both::default(),
    };
    let times = &visit.times;
    let at = |time: Option<DeviceTime>| time.map(|time| time.estimate());
    let travel = at(times.departed).zip(at(times.arrived));
    Ok(Some(Visit {
        engineer,
        accepted: at(times.accepted),
        departed: at(times.departed),
        arrived: at(times.arrived),
        finished: at(times.done),
        travel_minutes: travel.map(|(from, to)| minutes(to.since(from))),
        labour_minutes: times.started.map(|_| labour_minutes(visit, content)),
        result: completion.result,
        cause: code(completion.cause.as_deref(), records)?,
        remedy: code(completion.remedy.as_deref(), records)?,
        text: completion.text.clone(),
    }))
}

/// Time at work: from each start to the next pause or the end, by the steps the fold counts.
fn labour_minutes(visit: &VisitState, content: &Content) -> i64 {
    let (mut since, mut sum) = (None, 0_i64);
    for entry in visit
        .steps
        .iter()
        .filter_map(|id| content.events.entries().get(id))
    {
        let at = entry.at.estimate();
        match entry.act {
            Act::Start { .. } | Act::Resume { .. } => since = since.or(Some(at)),
            Act::Pause { .. } | Act::Finish { .. } => {
                let worked = since.take().map_or(0, |from: Timestamp| at.since(from).max(0));
                sum = sum.saturating_add(worked);
            }
            _ => {}
        }
    }
    minutes(sum)
}

/// Clocks that were turned make a length negative: then it is none.
fn minutes(ms: i64) -> i64 {
    ms.max(0) / MINUTE_MS
}

/// What stands under `field`, by the time devices saw.
fn by_time(content: &Content) -> Vec<(OperationId, &Entry)> {
    let mut entries: Vec<(OperationId, &Entry)> = content.under(Path::Field).collect();
    entries.sort_by_key(|(id, entry)| (entry.at.estimate(), *id));
    entries
}

/// Parts in the order of first use, each once.
fn parts<R: Records>(content: &Content, records: &mut R) -> Result<Vec<PartUse>, R::Error> {
    let mut used: Vec<(PartId, u64)> = Vec::new();
    for (_, entry) in by_time(content) {
        if let Act::UsePart { part, quantity, .. } = entry.act {
            match used.iter_mut().find(|(id, _)| *id == part) {
                Some((_, sum)) => *sum = sum.saturating_add(u64::from(quantity)),
                None => used.push((part, u64::from(quantity))),
            }
        }
    }
    let mut parts = Vec::new();
    for (id, quantity) in used {
        let (number, name) = match records.row(RowKind::Part, &id.to_string())? {
            Some(Row::Part(row)) => (row.number, named(&row.name_zh, &row.name_en, "")),
            _ => (id.to_string(), Both::default()),
        };
        parts.push(PartUse {
            number,
            name,
            quantity,
        });
    }
    Ok(parts)
}

/// The items of the category's checklist with their newest answers, then answers to items that it has no more.
fn checklist<R: Records>(
    state: &TicketState,
    content: &Content,
    records: &mut R,
) -> Result<Vec<Item>, R::Error> {
    let mut answers: BTreeMap<&str, &Answer> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for (_, entry) in by_time(content) {
        let Act::Answer { item, answer } = &entry.act else {
            continue;
        };
        if answers.insert(item, answer).is_none() {
            order.push(item);
        }
    }
    let template = match state.facts.category.as_deref() {
        Some(category) => records.row(RowKind::Checklist, category)?,
        None => None,
    };
    let template = match template {
        Some(Row::Checklist(Checklist { items, .. })) => items,
        _ => Vec::new(),
    };
    // Nobody goes through a list of which not one item was answered.
    let mut items = Vec::new();
    for item in template.iter().filter(|_| !order.is_empty()) {
        let answer = answers.get(item.id.as_str());
        if item.kind == "photo" && answer.is_none() {
            continue;
        }
        items.push(answered(item, answer.copied()));
    }
    let is_unlisted = |id: &&&str| template.iter().all(|item| item.id != **id);
    for id in order.iter().filter(is_unlisted) {
        items.push(Item {
            label: Both::same(id),
            answer: answer_of(answers.get(id).copied()),
            sound: None,
        });
    }
    Ok(items)
}

fn answered(item: &ChecklistItem, answer: Option<&Answer>) -> Item {
    let bounds = Sound {
        min: item.min,
        max: item.max,
        unit: item.unit.clone().unwrap_or_default(),
    };
    Item {
        label: named(&item.zh, &item.en, &item.id),
        answer: answer_of(answer),
        sound: (item.min.is_some() || item.max.is_some()).then_some(bounds),
    }
}

fn answer_of(answer: Option<&Answer>) -> Answered {
    match answer {
        None => Answered::Not,
        Some(Answer::Tick(yes)) => Answered::Tick(*yes),
        Some(Answer::Reading { value, unit }) => Answered::Reading {
            value: *value,
            unit: unit.clone(),
        },
        Some(Answer::Text(text)) => Answered::Text(text.clone()),
    }
}

/// Photos from before and after the work; others show what is nobody's but the company's.
fn photos<R: Records>(content: &Content, records: &mut R) -> Result<List<Picture>, R::Error> {
    let mut pictures = Vec::new();
    for (_, entry) in by_time(content) {
        let Act::Photo(photo) = &entry.act else { continue };
        let shows = match photo.kind {
            PhotoKind::Before => Shows::Before,
            PhotoKind::After => Shows::After,
            PhotoKind::Other => continue,
        };
        pictures.push((shows, &**photo));
    }
    let List { shown, more } = List::of(pictures, PICTURES_MAX);
    let mut list = List {
        shown: Vec::new(),
        more,
    };
    for (shows, photo) in shown {
        let jpeg = match small(photo) {
            Some(blob) => records.picture(blob)?,
            None => None,
        };
        list.shown.push(Picture {
            shows,
            caption: photo.caption.clone(),
            jpeg,
        });
    }
    Ok(list)
}

/// The small picture of a photo: its thumbnail, or itself where it is as small.
fn small(photo: &Photo) -> Option<BlobHash> {
    let itself = || (photo.media == Media::Jpeg && photo.size <= THUMB_BYTES_MAX).then_some(photo.blob);
    photo.thumb.map(|thumb| thumb.blob).or_else(itself)
}

/// The newest signature.
fn signed(content: &Content) -> Option<Signed> {
    by_time(content)
        .into_iter()
        .rev()
        .find_map(|(_, entry)| match &entry.act {
            Act::Sign { name, path } => Some(Signed {
                name: name.clone(),
                at: entry.at.estimate(),
                path: path.clone(),
            }),
            _ => None,
        })
}
