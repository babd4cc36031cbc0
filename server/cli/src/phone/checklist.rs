//! Checklist items: what each takes, and from what a person types to the answer he means.

use fieldline_engine::view::TicketView;
use fieldline_engine::words;
use fieldline_model::operation::Answer;
use fieldline_model::row::ChecklistItem;
use fieldline_server::words::Lang;

use super::{Phone, label, names};
use crate::fault::Fault;
use crate::words::{fault as f, fill, phone as w};

/// What people type for yes, in either language.
const YES: [&str; 10] = ["yes", "y", "ok", "true", "是", "是的", "对", "好", "√", "✓"];
/// What people type for no.
const NO: [&str; 9] = ["no", "n", "false", "否", "不", "不是", "不对", "×", "✗"];

/// What an item takes. A kind of a newer server takes anything, as the rules say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tick,
    Photo,
    Reading,
    Text,
    Unknown,
}

fn kind(item: &ChecklistItem) -> Kind {
    match item.kind.as_str() {
        "tick" => Kind::Tick,
        "photo" => Kind::Photo,
        "reading" => Kind::Reading,
        "text" => Kind::Text,
        _ => Kind::Unknown,
    }
}

/// What the item takes, in a few words; empty for a kind nobody here knows.
pub(super) fn takes(lang: Lang, item: &ChecklistItem) -> String {
    let (min, max) = (item.min.map(|n| n.to_string()), item.max.map(|n| n.to_string()));
    let values = [
        ("unit", item.unit.as_deref().unwrap_or_default()),
        ("min", min.as_deref().unwrap_or_default()),
        ("max", max.as_deref().unwrap_or_default()),
    ];
    let word = match kind(item) {
        Kind::Tick => w::TAKES_TICK,
        Kind::Photo => w::TAKES_PHOTO,
        Kind::Text => w::TAKES_TEXT,
        Kind::Unknown => return String::new(),
        Kind::Reading => match (item.unit.is_some(), min.is_some() && max.is_some()) {
            (true, true) => w::TAKES_READING,
            (true, false) => w::TAKES_UNIT,
            (false, _) => w::TAKES_NUMBER,
        },
    };
    fill(lang, word, &values)
}

/// An answer in a person's words: yes or no, a number with or without its unit, a text. No words mean yes.
pub(super) fn answer(
    phone: &Phone,
    view: &TicketView,
    name: &str,
    said: &str,
) -> Result<(String, Answer), Fault> {
    let item = names::item(view, name)?;
    let said = said.trim();
    let meant = match kind(item) {
        Kind::Tick | Kind::Photo if said.is_empty() => Some(Answer::Tick(true)),
        Kind::Tick | Kind::Photo => yes_or_no(said).map(Answer::Tick),
        Kind::Reading => reading(said, item.unit.as_deref()),
        Kind::Text if said.is_empty() => None,
        Kind::Text => Some(Answer::Text(said.to_owned())),
        Kind::Unknown if said.is_empty() => Some(Answer::Tick(true)),
        Kind::Unknown => Some(yes_or_no(said).map_or_else(|| Answer::Text(said.to_owned()), Answer::Tick)),
    };
    let meant = meant.ok_or_else(|| wrong(phone, view, item, said))?;
    Ok((item.id.clone(), meant))
}

/// The answer, when the item takes one of its kind; whoever uses `--text`, `--off` or `read` means a kind himself.
pub(super) fn checked(
    phone: &Phone,
    view: &TicketView,
    name: &str,
    answer: Answer,
) -> Result<(String, Answer), Fault> {
    let item = names::item(view, name)?;
    let fits = match (kind(item), &answer) {
        (Kind::Tick | Kind::Photo, Answer::Tick(_)) | (Kind::Text, Answer::Text(_)) | (Kind::Unknown, _) => {
            true
        }
        (Kind::Reading, Answer::Reading { unit, .. }) => {
            item.unit.as_ref().is_none_or(|wanted| wanted == unit)
        }
        (Kind::Tick | Kind::Photo | Kind::Text | Kind::Reading, _) => false,
    };
    if fits {
        return Ok((item.id.clone(), answer));
    }
    let said = match &answer {
        Answer::Tick(yes) => {
            let word = if *yes { words::YES } else { words::NO };
            phone.lang.t(label::word(word)).to_owned()
        }
        Answer::Reading { value, unit } => format!("{value} {unit}").trim_end().to_owned(),
        Answer::Text(text) => text.clone(),
    };
    Err(wrong(phone, view, item, &said))
}

fn wrong(phone: &Phone, view: &TicketView, item: &ChecklistItem, said: &str) -> Fault {
    let items = view.checklist.iter().flat_map(|list| &list.items);
    let place = items.take_while(|other| other.id != item.id).count() + 1;
    let word = if said.is_empty() {
        f::ANSWER_MISSING
    } else {
        f::ANSWER_WRONG
    };
    let code = if said.is_empty() {
        "answer_missing"
    } else {
        "wrong_answer"
    };
    let place = place.to_string();
    // A fault speaks both languages; the item's own words are picked once, for who reads.
    let name = phone.either(&item.zh, &item.en);
    Fault::both(code, |lang| {
        let takes = takes(lang, item);
        fill(
            lang,
            word,
            &[
                ("place", &place),
                ("item", name),
                ("takes", &takes),
                ("said", said),
            ],
        )
    })
}

fn yes_or_no(said: &str) -> Option<bool> {
    let said = said.to_lowercase();
    let is = |words: &[&str]| words.contains(&said.as_str());
    if is(&YES) {
        Some(true)
    } else {
        is(&NO).then_some(false)
    }
}

/// "23.5", "23.5V" or "23.5 V". A number in another unit is none.
fn reading(said: &str, unit: Option<&str>) -> Option<Answer> {
    let number = match unit {
        Some(unit) => said.strip_suffix(unit).unwrap_or(said).trim_end(),
        None => said,
    };
    let value = number.parse::<f64>().ok().filter(|value| value.is_finite())?;
    Some(Answer::Reading {
        value,
        unit: unit.unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: &str, unit: Option<&str>, bounds: Option<(f64, f64)>) -> ChecklistItem {
        ChecklistItem {
            id: "a".into(),
            kind: kind.into(),
            zh: "电压".into(),
            en: "Voltage".into(),
            unit: unit.map(str::to_owned),
            min: bounds.map(|(min, _)| min),
            max: bounds.map(|(_, max)| max),
        }
    }

    #[test]
    fn what_an_item_takes_is_said_with_unit_and_bounds() {
        let said = |item: &ChecklistItem| takes(Lang::En, item);
        assert_eq!(said(&item("tick", None, None)), "yes or no");
        assert_eq!(
            said(&item("reading", Some("V"), Some((200.0, 240.5)))),
            "a number in V, sound from 200 to 240.5"
        );
        assert_eq!(said(&item("reading", Some("V"), None)), "a number in V");
        assert_eq!(said(&item("reading", None, None)), "a number");
        assert_eq!(said(&item("of_tomorrow", None, None)), "");
        assert_eq!(
            takes(Lang::Zh, &item("reading", Some("V"), Some((200.0, 240.5)))),
            "数字，单位 V，正常范围 200 到 240.5"
        );
    }

    #[test]
    fn yes_no_and_numbers_are_read_as_people_type_them() {
        for yes in ["yes", "Y", "OK", "是", "√"] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for no in ["no", "No", "否", "不是"] {
            assert_eq!(yes_or_no(no), Some(false), "{no}");
        }
        assert_eq!(yes_or_no("not ok"), None);
        let value = |said| match reading(said, Some("V")) {
            Some(Answer::Reading { value, unit }) => Some((value, unit)),
            _ => None,
        };
        for good in ["23.5", "23.5V", "23.5 V"] {
            assert_eq!(value(good), Some((23.5, "V".to_owned())), "{good}");
        }
        assert_eq!(value("-4"), Some((-4.0, "V".to_owned())));
        for bad in ["", "V", "yes", "23 A", "NaN", "inf"] {
            assert_eq!(value(bad), None, "{bad}");
        }
    }
}
