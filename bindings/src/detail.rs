//! From the engine's view of a ticket to the record of its screen: names for ids, words for codes, the checklist with its answers.

use fieldline_engine::view::{EntryView, TicketView, VisitView};
use fieldline_engine::{Gone, said, words};
use fieldline_model::cancel::cancel_words;
use fieldline_model::fold::Phase;
use fieldline_model::id::EngineerId;
use fieldline_model::operation::{Act, Answer, Completion};
use fieldline_model::row::{Asset, ChecklistItem, PastWork, of_both};
use fieldline_model::time::{DeviceTime, Timestamp};

use crate::codes::{CheckKind, EntryKind, NextStep, TicketStatus, VisitPhase, Who};
use crate::error::PhoneError;
use crate::phone::Core;
use crate::record::{
    AssetCard, CheckItem, CompletionCard, ContactCard, CustomerCard, EarlierWork, FactsCard, GivenAnswer,
    GoneWhy, HistoryLine, KeptPart, PhotoLine, Reason, Signature, SiteCard, TicketDetail, VisitCard, ms,
};
use crate::words::Words;

struct Maker<'a> {
    core: &'a Core,
    view: &'a TicketView,
    me: Option<EngineerId>,
}

pub(crate) fn ticket(core: &Core, view: &TicketView) -> Result<TicketDetail, PhoneError> {
    let make = Maker {
        core,
        view,
        me: core.me(),
    };
    let gone = core.engine.gone(view)?;
    let entries = || {
        view.events
            .iter()
            .chain(&view.field)
            .chain(&view.customer_entries)
    };
    let mut history: Vec<HistoryLine> = entries().map(|entry| make.line(entry)).collect();
    history.sort_by(|a, b| (a.at_ms, &a.operation).cmp(&(b.at_ms, &b.operation)));
    let photos = view
        .photos
        .iter()
        .map(|photo| PhotoLine::of(photo, make.name(photo.by)));
    let kept = view.kept.iter().cloned();
    let is_urge = |entry: &&EntryView| matches!(entry.act, Act::Urge);
    Ok(TicketDetail {
        ticket: view.ticket.to_string(),
        number: view.facts.number.clone(),
        status: TicketStatus::of(view.status),
        status_words: Words::known(words::status(view.status), view.status),
        facts: make.facts(),
        customer: view.customer.as_ref().map(|customer| CustomerCard {
            name: Words::either(&customer.name, customer.name_en.as_deref().unwrap_or_default()),
            vip: customer.vip.clone(),
            sla_plan: customer.sla_plan.clone(),
            contract: customer.contract.clone(),
        }),
        contact: view.contact.as_ref().map(|contact| ContactCard {
            name: contact.name.clone(),
            phone: contact.phone.clone(),
        }),
        site: view.site.as_ref().map(|site| SiteCard {
            address: Words::same(&site.one_line()),
            city: site.city.clone(),
            place: site.position.map(Into::into),
        }),
        asset: view.asset.as_ref().map(|asset| make.asset(asset)),
        visits: view.visits.iter().map(|visit| make.visit(visit)).collect(),
        mine: view.mine.map(|visit| visit.to_string()),
        next: view.next.iter().map(|word| NextStep::of(word)).collect(),
        checklist: make.checklist(),
        history,
        photos: photos.collect(),
        kept: kept.map(KeptPart::from).collect(),
        signature: view.field.iter().rev().find_map(signature),
        urges: u32::try_from(view.customer_entries.iter().filter(is_urge).count()).unwrap_or(u32::MAX),
        pending: view.pending,
        gone_words: gone.as_ref().map(gone_words),
        gone: gone.map(GoneWhy::from),
        left_at_ms: ms(view.left_at),
        stuck: view.stuck,
        unreadable: u32::try_from(view.unreadable).unwrap_or(u32::MAX),
    })
}

impl Maker<'_> {
    fn name(&self, by: fieldline_model::operation::Author) -> Words {
        self.core.engine.author_words(by).into()
    }

    fn code(&self, code: Option<&String>) -> Words {
        code.map_or_else(
            || Words::same(""),
            |code| self.core.engine.code_words(code).into(),
        )
    }

    fn facts(&self) -> FactsCard {
        let facts = &self.view.facts;
        FactsCard {
            fault: self.code(facts.fault.as_ref()),
            fault_code: facts.fault.clone(),
            fault_text: facts.fault_text.clone(),
            category: facts.category.clone(),
            priority: facts.priority.into(),
            priority_words: words::priority(facts.priority).into(),
            vip: facts.vip,
            deadline_ms: ms(facts.deadline),
            wished: facts.wished.map(Into::into),
            skills: facts.skills.clone(),
            parts: facts.parts.iter().map(ToString::to_string).collect(),
        }
    }

    fn asset(&self, asset: &Asset) -> AssetCard {
        let either = |text: &str| match of_both(text) {
            Some((zh, en)) => Words::either(zh, en),
            None => Words::same(text),
        };
        let earlier = |work: &PastWork| EarlierWork {
            number: work.number.clone(),
            date: work.date.clone(),
            fault: self.code(Some(&work.fault).filter(|code| !code.is_empty())),
            cause: either(&work.cause),
            remedy: either(&work.remedy),
        };
        AssetCard {
            asset: asset.id.to_string(),
            model: asset.model.clone(),
            model_name: Words::either(&asset.model_zh, &asset.model_en),
            serial: asset.serial.clone(),
            category: asset.category.clone(),
            warranty_end: asset.warranty_end.clone(),
            history: asset.history.iter().map(earlier).collect(),
        }
    }

    fn visit(&self, visit: &VisitView) -> VisitCard {
        let state = &visit.visit;
        let at = |time: Option<DeviceTime>| time.map(|time| time.estimate().ms());
        let word = if visit.taken { "taken" } else { visit.phase };
        let (worked_ms, working_since_ms) = self.worked(visit);
        VisitCard {
            visit: state.id.to_string(),
            is_mine: visit.mine,
            phase: VisitPhase::of(word),
            phase_words: Words::known(words::phase(word), word),
            declined: match state.phase {
                Phase::Declined(reason) => Some(reason.into()),
                _ => None,
            },
            paused: match state.phase {
                Phase::Paused(reason) => Some(reason.into()),
                _ => None,
            },
            engineer_name: state
                .engineer
                .map(|id| self.core.engine.engineer_words(id).into()),
            plan: state.plan.map(Into::into),
            eta_ms: ms(state.eta),
            withdrawn: state.withdrawn.is_some(),
            taken: visit.taken,
            accepted_not_at_hq: visit.accepted_not_at_hq,
            accepted_ms: at(state.times.accepted),
            departed_ms: at(state.times.departed),
            arrived_ms: at(state.times.arrived),
            started_ms: at(state.times.started),
            done_ms: at(state.times.done),
            worked_ms,
            working_since_ms,
            completion: state
                .completion
                .as_ref()
                .map(|completion| self.completion(completion)),
            next: visit.next.iter().map(|word| NextStep::of(word)).collect(),
        }
    }

    /// Time at work that is over, and since when the present stretch lasts.
    fn worked(&self, visit: &VisitView) -> (i64, Option<i64>) {
        let (mut worked, mut since) = (0_i64, None::<Timestamp>);
        let steps = self.view.events.iter().filter(|entry| {
            entry.act.visit() == Some(visit.visit.id) && entry.overruled.is_none() && !entry.carried
        });
        for entry in steps {
            let at = entry.at.estimate();
            match entry.act {
                Act::Start { .. } | Act::Resume { .. } => since = since.or(Some(at)),
                Act::Pause { .. } | Act::Finish { .. } => {
                    worked = worked.saturating_add(since.take().map_or(0, |from| at.since(from).max(0)));
                }
                _ => {}
            }
        }
        (worked, ms(since))
    }

    fn completion(&self, completion: &Completion) -> CompletionCard {
        CompletionCard {
            outcome: completion.result.into(),
            outcome_words: words::result(completion.result).into(),
            cause_words: self.code(completion.cause.as_ref()),
            cause: completion.cause.clone(),
            remedy_words: self.code(completion.remedy.as_ref()),
            remedy: completion.remedy.clone(),
            text: completion.text.clone(),
        }
    }

    fn checklist(&self) -> Vec<CheckItem> {
        let items = self.view.checklist.iter().flat_map(|list| &list.items);
        items.map(|item| self.item(item)).collect()
    }

    fn item(&self, item: &ChecklistItem) -> CheckItem {
        let given = |entry: &EntryView| match &entry.act {
            Act::Answer { item: key, answer } if *key == item.id => Some(self.given(item, entry, answer)),
            _ => None,
        };
        CheckItem {
            item: item.id.clone(),
            kind: CheckKind::of(&item.kind),
            words: Words::either(&item.zh, &item.en),
            unit: item.unit.clone(),
            min: item.min,
            max: item.max,
            answers: self.view.field.iter().rev().filter_map(given).collect(),
        }
    }

    fn given(&self, item: &ChecklistItem, entry: &EntryView, answer: &Answer) -> GivenAnswer {
        let is_outside = match answer {
            Answer::Reading { value, .. } => {
                item.min.is_some_and(|min| *value < min) || item.max.is_some_and(|max| *value > max)
            }
            Answer::Tick(_) | Answer::Text(_) => false,
        };
        GivenAnswer {
            operation: entry.operation.to_string(),
            answer: answer.clone().into(),
            words: said::answer(answer).into(),
            is_outside,
            by: Who::of(entry.by, self.me),
            by_name: self.name(entry.by),
            at_ms: entry.at.estimate().ms(),
            pending: entry.pending,
        }
    }

    fn line(&self, entry: &EntryView) -> HistoryLine {
        let detail = self.core.engine.detail(&entry.act, self.view.checklist.as_ref());
        HistoryLine {
            operation: entry.operation.to_string(),
            kind: EntryKind::of(entry.word),
            label: Words::known(words::act(entry.word), entry.word),
            detail: detail.into(),
            when: said::when(&entry.act).map(Into::into),
            by: Who::of(entry.by, self.me),
            by_name: self.name(entry.by),
            at_ms: entry.at.estimate().ms(),
            pending: entry.pending,
            held: entry.held,
            carried: entry.carried,
            // What HQ has not decided is overruled by nobody.
            overruled: entry.overruled.filter(|_| !entry.pending).map(Reason::of),
        }
    }
}

fn signature(entry: &EntryView) -> Option<Signature> {
    let Act::Sign { name, path } = &entry.act else {
        return None;
    };
    Some(Signature {
        name: name.clone(),
        path: path.clone(),
        at_ms: entry.at.estimate().ms(),
    })
}

impl From<Gone> for GoneWhy {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Cancelled { at, .. } => Self::Cancelled { at_ms: at.ms() },
            Gone::Taken => Self::Taken,
            Gone::LostAtHq => Self::LostAtHq,
            Gone::NotHis => Self::NotHis,
        }
    }
}

fn gone_words(gone: &Gone) -> Words {
    match (gone, gone.words()) {
        (_, Some(words)) => words.into(),
        (Gone::Cancelled { why, .. }, None) => Words::each(|lang| {
            let why = cancel_words(why, lang);
            words::CANCELLED.t(lang).replace("{why}", why)
        }),
        (_, None) => Words::from(words::GONE),
    }
}
