//! From what a person types to ids: tickets, checklist items, parts, places, codes.

use fieldline_engine::view::{Card, ListFilter, ListScope, TicketLine, TicketView};
use fieldline_model::id::{LocationId, PartId, TicketId};
use fieldline_model::row::{ChecklistItem, Row, RowKind};

use super::{Phone, label, status};
use crate::fault::{Fault, model_lang};
use crate::words::{fault as w, fill};

/// The ticket named by number, place in the list last shown, or id.
pub(super) fn ticket(phone: &Phone, name: &str) -> Result<TicketId, Fault> {
    let name = name.trim();
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    if let Ok(place) = name.parse::<usize>() {
        return super::place::ticket(phone, place);
    }
    let wanted = number(name);
    // What HQ took away is still here to be read, and cards name it.
    for scope in [ListScope::All, ListScope::Left] {
        let lines = phone.engine.list(&ListFilter {
            scope,
            limit: u32::MAX,
            ..ListFilter::default()
        })?;
        let named = lines.iter().find(|line| number(&line.number) == wanted);
        if let Some(line) = named.or_else(|| lines.iter().find(|line| had_number(line, &wanted))) {
            return Ok(line.ticket);
        }
    }
    let cards = phone.engine.cards()?;
    Err(match cards.iter().find(|card| number(&card.number) == wanted) {
        Some(card) => left(phone, card),
        None => Fault::new("no_such_ticket", w::NO_TICKET, &[("name", name)]),
    })
}

/// What this phone still knows of a ticket that is gone.
fn left(phone: &Phone, card: &Card) -> Fault {
    let time = phone.clock.zoned(card.at);
    Fault::both("ticket_left", |lang| {
        let values = [
            ("number", card.number.as_str()),
            ("time", &time),
            ("act", label::act(lang, &card.act)),
            ("fate", status::fate(lang, card)),
            ("why", &card.reason(model_lang(lang))),
        ];
        fill(lang, w::TICKET_LEFT, &values)
    })
}

/// HQ had given the number twice, and this ticket has added the end of its id since.
fn had_number(line: &TicketLine, wanted: &str) -> bool {
    let (before, end) = line.number.rsplit_once('-').unwrap_or_default();
    let is_added = !end.is_empty() && line.ticket.to_string().ends_with(end);
    is_added && number(before) == wanted
}

/// Numbers are the same whatever their case and leading noughts: `t-42` is `T-000042`.
fn number(text: &str) -> String {
    let text = text.to_uppercase();
    match text.rsplit_once('-') {
        Some((head, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{head}-{}", digits.trim_start_matches('0'))
        }
        _ => text,
    }
}

/// The checklist item named by its place or its key.
pub(super) fn item<'a>(view: &'a TicketView, name: &str) -> Result<&'a ChecklistItem, Fault> {
    let items = view
        .checklist
        .as_ref()
        .map(|list| list.items.as_slice())
        .unwrap_or_default();
    let place = name.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    place
        .and_then(|place| items.get(place))
        .or_else(|| items.iter().find(|item| item.id == name))
        .ok_or_else(|| {
            Fault::new(
                "no_such_item",
                w::NO_ITEM,
                &[("name", name), ("number", &view.facts.number)],
            )
        })
}

/// The part with this number on its box, or this id.
pub(super) fn part(phone: &Phone, name: &str) -> Result<PartId, Fault> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let rows = phone.engine.rows(RowKind::Part)?;
    let found = rows.iter().find_map(|row| match row {
        Row::Part(part) if part.number.eq_ignore_ascii_case(name) => Some(part.id),
        _ => None,
    });
    found.ok_or_else(|| Fault::new("no_such_part", w::NO_PART, &[("name", name)]))
}

/// Where parts come from: a named place, otherwise the own van.
pub(super) fn location(phone: &Phone, name: Option<&str>) -> Result<LocationId, Fault> {
    let Some(name) = name else { return van(phone) };
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let rows = phone.engine.rows(RowKind::Location)?;
    let found = rows.iter().find_map(|row| match row {
        Row::Location(place) if place.name_zh == name || place.name_en.eq_ignore_ascii_case(name) => {
            Some(place.id)
        }
        _ => None,
    });
    found.ok_or_else(|| Fault::new("no_such_location", w::NO_LOCATION, &[("name", name)]))
}

/// What a place is called, in Chinese and English; `None` when that is not here.
pub(super) fn place(phone: &Phone, id: LocationId) -> Result<Option<[String; 2]>, Fault> {
    Ok(match phone.engine.row(RowKind::Location, &id.to_string())? {
        Some(Row::Location(place)) => Some([place.name_zh, place.name_en]),
        _ => None,
    })
}

fn van(phone: &Phone) -> Result<LocationId, Fault> {
    let me = phone
        .engine
        .status()?
        .engineer
        .ok_or(fieldline_engine::EngineError::NotEnrolled)?;
    match phone.engine.row(RowKind::Engineer, &me.to_string())? {
        Some(Row::Engineer(engineer)) => engineer.van,
        _ => None,
    }
    .ok_or_else(|| Fault::new("no_van", w::NO_VAN, &[]))
}

/// A cause or remedy code that exists; the fault names those that do, for the ticket's category.
pub(super) fn code(
    phone: &Phone,
    sort: &str,
    view: &TicketView,
    wanted: Option<&str>,
) -> Result<Option<String>, Fault> {
    let Some(wanted) = wanted else { return Ok(None) };
    let rows = phone.engine.rows(RowKind::Code)?;
    let codes = rows.iter().filter_map(|row| match row {
        Row::Code(code) if code.sort == sort => Some(code),
        _ => None,
    });
    if let Some(code) = codes.clone().find(|code| code.code.eq_ignore_ascii_case(wanted)) {
        return Ok(Some(code.code.clone()));
    }
    let fits = codes.filter(|code| code.category.is_none() || code.category == view.facts.category);
    let lines: Vec<String> = fits
        .map(|code| format!("  {}  {}", code.code, phone.either(&code.zh, &code.en)))
        .take(30)
        .collect();
    Err(Fault::new(
        "no_such_code",
        w::NO_CODE,
        &[("name", wanted), ("codes", &lines.join("\n"))],
    ))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_the_same_without_their_noughts() {
        assert_eq!(number("t-42"), number("T-000042"));
        assert_ne!(number("T-42"), number("T-420"));
        assert_eq!(number("abc"), "ABC");
    }
}
