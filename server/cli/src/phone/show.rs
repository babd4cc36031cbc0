//! One ticket, whole: whose, where, what, the own visit, the checklist and what happened.

use fieldline_engine::said::{self, Said as Both};
use fieldline_engine::view::{Card, EntryView, TicketView};
use fieldline_model::operation::{Act, Answer};
use fieldline_model::reason::Reason;
use fieldline_model::row::ChecklistItem;
use fieldline_server::words::{Lang, Word};
use serde_json::json;

use super::{Phone, checklist, happening, label, left, names, photo, status};
use crate::answer::Answer as Said;
use crate::fault::{Fault, model_lang};
use crate::table::{WIDTH, hanging, one_line, pad, wrap};
use crate::words::{fill, phone as w};

/// Columns of a line's name, of which the longest is "Other visit".
const NAME_WIDTH: usize = 11;
/// Earlier repairs shown.
const HISTORY_MAX: usize = 3;

/// Shows a ticket.
pub(super) fn show(phone: &Phone, name: &str) -> Result<Said, Fault> {
    let id = names::ticket(phone, name)?;
    let view = phone.now(|engine, moment| engine.ticket(id, moment))?;
    let mut page = Page {
        phone,
        text: head(phone, &view),
    };
    let status = phone.engine.status()?;
    let about = status
        .cards
        .iter()
        .filter(|card| card.document == view.ticket.into());
    let cards: Vec<&Card> = about.collect();
    page.warnings(&view, &cards, left::why(phone, &view, phone.lang)?);
    page.facts(&view);
    page.visits(&view);
    page.checklist(&view);
    page.kept(&view);
    page.photos(&view);
    page.entries(w::FIELD, &view, &without_answers(&view));
    page.entries(
        w::CUSTOMER_SAYS,
        &view,
        &view.customer_entries.iter().collect::<Vec<_>>(),
    );
    page.entries(w::TIMELINE, &view, &view.events.iter().collect::<Vec<_>>());
    let zone = fill(phone.lang, w::ZONE, &[("zone", &phone.clock.zone())]);
    page.text.push_str(&format!("\n{zone}\n"));
    let mut json = json!(view);
    json["cards"] = cards.iter().map(|card| status::card_json(phone, card)).collect();
    Ok(Said::new(page.text, json))
}

fn head(phone: &Phone, view: &TicketView) -> String {
    let lang = phone.lang;
    let mut head = format!(
        "{}  {}  {}",
        view.facts.number,
        label::status(lang, view.status),
        lang.t(label::priority(view.facts.priority))
    );
    if view.facts.vip {
        head.push_str(&format!("  {}", lang.t(w::VIP)));
    }
    head.push('\n');
    if let Some(customer) = &view.customer {
        let en = customer.name_en.as_deref().unwrap_or_default();
        head.push_str(&format!("{}\n", one_line(phone.either(&customer.name, en))));
    }
    head
}

fn without_answers(view: &TicketView) -> Vec<&EntryView> {
    let listed = |item: &str| {
        view.checklist
            .as_ref()
            .is_some_and(|list| list.items.iter().any(|i| i.id == item))
    };
    view.field
        .iter()
        .filter(|entry| !matches!(&entry.act, Act::Answer { item, .. } if listed(item)))
        .collect()
}

struct Page<'a> {
    phone: &'a Phone,
    text: String,
}

impl Page<'_> {
    fn title(&mut self, word: Word) {
        self.text.push_str(&format!("\n{}\n", self.phone.lang.t(word)));
    }

    /// "  name      value", the value broken under itself.
    fn line(&mut self, word: Word, value: &str) {
        if value.is_empty() {
            return;
        }
        let head = named(self.phone.lang, word);
        self.text.push_str(&hanging(&head, value, WIDTH));
    }

    fn warnings(&mut self, view: &TicketView, cards: &[&Card], gone: Option<String>) {
        let lang = self.phone.lang;
        let unreadable =
            (view.unreadable > 0).then(|| fill(lang, w::UNREADABLE, &[("n", &view.unreadable.to_string())]));
        let left_at = view.left_at.filter(|_| gone.is_some());
        let as_of = left_at.map(|at| fill(lang, w::LEFT_AS_OF, &[("time", &self.phone.clock.short(at))]));
        let lines = [
            gone,
            as_of,
            view.stuck.then(|| lang.t(w::DAMAGED).to_owned()),
            unreadable,
        ];
        let told = cards.iter().map(|card| {
            let values = [
                ("act", label::act(lang, &card.act)),
                ("fate", status::fate(lang, card)),
                ("why", &card.reason(model_lang(lang))),
            ];
            fill(lang, w::CARD_HERE, &values)
        });
        for line in lines.into_iter().flatten().chain(told) {
            self.text.push_str(&hanging("  ! ", &line, WIDTH));
        }
    }

    fn facts(&mut self, view: &TicketView) {
        let (phone, facts) = (self.phone, &view.facts);
        if let Some(site) = &view.site {
            self.line(w::ADDRESS, &site.one_line());
        }
        if let Some(contact) = &view.contact {
            self.line(w::CONTACT, &format!("{}  {}", contact.name, contact.phone));
        }
        if let Some(asset) = &view.asset {
            let lang = phone.lang;
            let model = phone.either(&asset.model_zh, &asset.model_en);
            let mut parts = vec![format!("{} {model}", asset.model).trim_end().to_owned()];
            parts.push(fill(lang, w::SERIAL, &[("x", &asset.serial)]));
            let today = phone.clock.today();
            parts.extend(asset.warranty_end.as_ref().map(|end| warranty(lang, end, &today)));
            self.line(w::MACHINE, &parts.join(" · "));
        }
        let code = facts
            .fault
            .as_deref()
            .map(|code| happening::code_words(phone, code))
            .unwrap_or_default();
        let fault = [code.as_str(), &facts.fault_text]
            .into_iter()
            .filter(|text| !text.is_empty());
        self.line(w::FAULT, &fault.collect::<Vec<_>>().join(" · "));
        self.line(
            w::DEADLINE,
            &facts.deadline.map(|at| phone.clock.short(at)).unwrap_or_default(),
        );
        self.line(
            w::WISHED,
            &facts
                .wished
                .map(|s| phone.clock.window(s.start, s.end))
                .unwrap_or_default(),
        );
        if let Some(asset) = &view.asset {
            for past in asset.history.iter().take(HISTORY_MAX) {
                let words = [past.cause.as_str(), &past.remedy].map(|text| one_language(phone, text));
                let words = words.into_iter().filter(|text| !text.is_empty());
                self.line(
                    w::HISTORY,
                    &format!("{}  {}", past.date, words.collect::<Vec<_>>().join(" / ")),
                );
            }
        }
    }

    fn visits(&mut self, view: &TicketView) {
        let (phone, lang) = (self.phone, self.phone.lang);
        let mut visits: Vec<_> = view.visits.iter().collect();
        // What is to be done comes before what was taken away.
        visits.sort_by_key(|visit| view.mine != Some(visit.visit.id));
        for visit in visits {
            let state = &visit.visit;
            let mut parts = vec![if visit.taken {
                label::phase(lang, "taken").to_owned()
            } else {
                label::phase_whole(lang, state.phase)
            }];
            parts.extend(
                state
                    .plan
                    .map(|p| fill(lang, w::PLANNED, &[("x", &phone.clock.window(p.start, p.end))])),
            );
            parts.extend(
                state
                    .eta
                    .map(|at| fill(lang, w::ARRIVING, &[("x", &phone.clock.short(at))])),
            );
            if !visit.mine {
                parts.extend(state.engineer.map(|id| happening::engineer(phone, id)));
            }
            if visit.accepted_not_at_hq {
                parts.push(Reason::AcceptedNotAtHq.words(model_lang(lang)).to_owned());
            }
            if state.withdrawn.is_some() {
                parts.push(lang.t(w::WITHDRAWN).to_owned());
            }
            let word = if visit.mine { w::MY_VISIT } else { w::OTHER_VISIT };
            self.line(word, &parts.join(" · "));
            if view.mine == Some(state.id) {
                self.line(w::NEXT_STEPS, &label::next(lang, &visit.next));
            }
        }
    }

    fn checklist(&mut self, view: &TicketView) {
        let Some(list) = view.checklist.as_ref().filter(|list| !list.items.is_empty()) else {
            return;
        };
        self.title(w::CHECKLIST);
        for (place, item) in list.items.iter().enumerate() {
            let head = format!("  {:>2}  {} ", place + 1, mark(view, item));
            let mut line = self.item(view, item);
            let takes = checklist::takes(self.phone.lang, item);
            if !takes.is_empty() {
                line.push_str(&format!("  ({takes})"));
            }
            self.text.push_str(&hanging(&head, &line, WIDTH));
        }
    }

    fn item(&self, view: &TicketView, item: &ChecklistItem) -> String {
        let words = self.phone.either(&item.zh, &item.en).to_owned();
        match newest(view, item) {
            None | Some(Answer::Tick(_)) => words,
            Some(answer) => {
                let mut text = format!("{words}: {}", happening::answer_words(self.phone, answer));
                if let (Answer::Reading { value, .. }, Some(min), Some(max)) = (answer, item.min, item.max)
                    && !(min..=max).contains(value)
                {
                    let bounds = [("min", min.to_string()), ("max", max.to_string())];
                    let word = fill(
                        self.phone.lang,
                        w::OUT_OF_BOUNDS,
                        &bounds.each_ref().map(|(k, v)| (*k, v.as_str())),
                    );
                    text.push_str(&format!("  ! {word}"));
                }
                text
            }
        }
    }

    fn kept(&mut self, view: &TicketView) {
        if view.kept.is_empty() {
            return;
        }
        self.title(w::PARTS_KEPT);
        for kept in &view.kept {
            let name = self.phone.either(&kept.name_zh, &kept.name_en);
            let lang = self.phone.lang;
            let part = Both::either(&format!("{} {name}", kept.number), "");
            let place = Both::either(&kept.location_zh, &kept.location_en);
            let times = said::part_times(&part, kept.quantity, &place);
            let line = format!(
                "{} · {}",
                times.t(model_lang(lang)),
                label::kept(lang, kept.state)
            );
            self.text.push_str(&wrap(&line, "  ", WIDTH));
        }
    }

    fn photos(&mut self, view: &TicketView) {
        if !view.photos.is_empty() {
            self.title(w::PHOTOS);
            self.text.push_str(&photo::lines(self.phone, view));
        }
    }

    fn entries(&mut self, word: Word, view: &TicketView, entries: &[&EntryView]) {
        if entries.is_empty() {
            return;
        }
        self.title(word);
        for entry in entries {
            let line = happening::line(self.phone, view, entry);
            self.text.push_str(&wrap(&line, "  ", WIDTH));
        }
    }
}

/// The name at the beginning of a line; however long, a blank parts it from the value.
fn named(lang: Lang, word: Word) -> String {
    format!("  {} ", pad(lang.t(word), NAME_WIDTH))
}

/// Both are ISO dates; the last day still counts.
fn warranty(lang: Lang, end: &str, today: &str) -> String {
    let word = if end < today {
        w::WARRANTY_EXPIRED
    } else {
        w::WARRANTY
    };
    fill(lang, word, &[("x", end)])
}

/// Earlier work is written in both languages, or in one.
fn one_language<'a>(phone: &Phone, text: &'a str) -> &'a str {
    fieldline_model::row::of_both(text).map_or(text, |(zh, en)| phone.either(zh, en))
}

fn newest<'a>(view: &'a TicketView, item: &ChecklistItem) -> Option<&'a Answer> {
    view.field.iter().rev().find_map(|entry| match &entry.act {
        Act::Answer { item: key, answer } if *key == item.id => Some(answer),
        _ => None,
    })
}

fn mark(view: &TicketView, item: &ChecklistItem) -> &'static str {
    match newest(view, item) {
        None => "[ ]",
        Some(Answer::Tick(false)) => "[-]",
        Some(_) => "[x]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::width;

    /// "Other visit" filled its column, and the phase stood right behind it: "Other visitdone".
    #[test]
    fn a_value_stands_apart_from_its_name_and_under_the_others() {
        for lang in [Lang::Zh, Lang::En] {
            let names = [
                w::ADDRESS,
                w::WISHED,
                w::MY_VISIT,
                w::OTHER_VISIT,
                w::NEXT_STEPS,
                w::HISTORY,
            ];
            for word in names {
                let name = named(lang, word);
                assert!(name.ends_with(' '), "{name}");
                assert_eq!(width(&name), NAME_WIDTH + 3, "{name}");
            }
        }
    }

    /// "Until" stood before a day that was long past.
    #[test]
    fn a_warranty_that_is_over_reads_so() {
        let said = |end| warranty(Lang::En, end, "2026-11-22");
        assert_eq!(said("2026-11-21"), "warranty expired on 2026-11-21");
        assert_eq!(said("2026-11-22"), "warranty until 2026-11-22");
        assert_eq!(
            warranty(Lang::Zh, "2025-01-01", "2026-11-22"),
            "已过保（2025-01-01 到期）"
        );
    }
}
