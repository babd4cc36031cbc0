//! From the model's values to what pages show: labels, names in the reader's language, deadlines.

use fieldline_model::fold;
use fieldline_model::operation::{
    Completion, PauseReason, Priority as ModelPriority, VisitResult as ModelResult,
};
use fieldline_model::row;
use fieldline_model::time::Timestamp;

use super::Web;
use crate::page::label::{CustomerLabel, Priority, TicketState};
use crate::page::queue::Deadline;
use crate::page::ticket::timeline::happening::{Pause, VisitResult};
use crate::page::when::Window;
use crate::words::{Lang, desk as d};

/// The text of the reader's language; the other one where his is empty.
pub(crate) fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh if !zh.is_empty() => zh,
        Lang::En if !en.is_empty() => en,
        Lang::Zh => en,
        Lang::En => zh,
    }
}

/// A customer's name.
pub(crate) fn customer_name(lang: Lang, customer: &row::Customer) -> String {
    pick(
        lang,
        &customer.name,
        customer.name_en.as_deref().unwrap_or_default(),
    )
    .to_owned()
}

/// An engineer's name.
pub(crate) fn engineer_name(lang: Lang, engineer: &row::Engineer) -> String {
    pick(lang, &engineer.name, &engineer.name_en).to_owned()
}

/// A device category in words, where we have some; a company's own code stays as it is.
pub(crate) fn skill(lang: Lang, code: &str) -> String {
    let word = match code {
        "printer" => d::CAT_PRINTER,
        "aircon" => d::CAT_AIRCON,
        "elevator" => d::CAT_ELEVATOR,
        "medical" => d::CAT_MEDICAL,
        "router" => d::CAT_ROUTER,
        "washer" => d::CAT_WASHER,
        "ev_charger" => d::CAT_EV_CHARGER,
        "pos" => d::CAT_POS,
        "ups" => d::CAT_UPS,
        "generator" => d::CAT_GENERATOR,
        other => return other.to_owned(),
    };
    lang.t(word).to_owned()
}

/// Several, as a list reads in this language.
pub(crate) fn listed(lang: Lang, items: &[String]) -> String {
    items.join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}

/// The status by its word in the tables.
pub(crate) fn state_of(word: &str) -> TicketState {
    TicketState::ALL
        .into_iter()
        .find(|state| state.code() == word)
        .unwrap_or(TicketState::New)
}

/// The priority by its word in the tables.
pub(crate) fn priority_of(word: &str) -> Priority {
    match word {
        "critical" => Priority::Urgent,
        "high" => Priority::High,
        "low" => Priority::Low,
        _ => Priority::Normal,
    }
}

/// The priority as a page names it.
pub(crate) fn priority(priority: ModelPriority) -> Priority {
    match priority {
        ModelPriority::Low => Priority::Low,
        ModelPriority::Normal => Priority::Normal,
        ModelPriority::High => Priority::High,
        ModelPriority::Critical => Priority::Urgent,
    }
}

/// The priority as the model names it.
pub(crate) fn model_priority(priority: Priority) -> ModelPriority {
    match priority {
        Priority::Low => ModelPriority::Low,
        Priority::Normal => ModelPriority::Normal,
        Priority::High => ModelPriority::High,
        Priority::Urgent => ModelPriority::Critical,
    }
}

/// The customer's label.
pub(crate) fn label(label: fold::CustomerLabel) -> CustomerLabel {
    match label {
        fold::CustomerLabel::Received => CustomerLabel::Received,
        fold::CustomerLabel::Assigning => CustomerLabel::Assigning,
        fold::CustomerLabel::OnTheWay => CustomerLabel::OnTheWay,
        fold::CustomerLabel::Arrived => CustomerLabel::Arrived,
        fold::CustomerLabel::InProgress => CustomerLabel::InProgress,
        fold::CustomerLabel::Done => CustomerLabel::Done,
    }
}

/// Why work rests.
pub(crate) fn pause(reason: PauseReason) -> Pause {
    match reason {
        PauseReason::Break => Pause::Break,
        PauseReason::WaitingParts => Pause::Parts,
        PauseReason::WaitingCustomer => Pause::Customer,
        PauseReason::NoAccess => Pause::NoAccess,
        PauseReason::Unsafe => Pause::Unsafe,
    }
}

/// How a visit ended.
pub(crate) fn result(completion: &Completion) -> VisitResult {
    match completion.result {
        ModelResult::Fixed => VisitResult::Fixed,
        ModelResult::Partly => VisitResult::Partly,
        ModelResult::NoFaultFound => VisitResult::NoFaultFound,
        ModelResult::CouldNot => VisitResult::CouldNot(completion.text.clone()),
    }
}

impl Web {
    /// A span as people here read it.
    pub(crate) fn window(&self, span: fieldline_model::operation::Span) -> Window {
        Window {
            from: self.stamp(span.start),
            to: self.stamp(span.end),
        }
    }

    /// A deadline as the countdown shows it. Work counts from when the field did it, not from when HQ heard of it.
    pub(crate) fn deadline(
        &self,
        state: TicketState,
        deadline: Option<Timestamp>,
        ended: Option<Timestamp>,
    ) -> Deadline {
        let Some(deadline) = deadline else {
            return Deadline::None;
        };
        match state {
            TicketState::Cancelled | TicketState::Merged => Deadline::None,
            TicketState::Resolved | TicketState::Closed => match ended {
                Some(ended) if ended > deadline => Deadline::Missed,
                _ => Deadline::Met,
            },
            _ => Deadline::Running(self.stamp(deadline)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_gives_the_other() {
        assert_eq!(
            (pick(Lang::En, "陈", ""), pick(Lang::Zh, "陈", "Chen")),
            ("陈", "陈")
        );
    }
}
