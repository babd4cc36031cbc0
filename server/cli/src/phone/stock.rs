//! Parts: in the own van and in warehouses; which of them are this phone's to use alone, and what HQ is not sure of.

use fieldline_engine::view::PartFilter;
use fieldline_model::operation::Act;
use fieldline_server::words::{Lang, Word};
use serde_json::json;

use super::{Phone, names};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::table::table;
use crate::words::{fill, phone as w};

/// Shows parts whose number or name holds the words.
pub(super) fn parts(phone: &Phone, words: &str, all: bool) -> Result<Answer, Fault> {
    let filter = PartFilter {
        my_van: !all,
        words: words.to_owned(),
        ..PartFilter::default()
    };
    let lines = phone.now(|engine, moment| engine.parts(&filter, moment))?;
    let json = json!({ "parts": lines });
    let lang = phone.lang;
    let Some(as_of) = lines.iter().map(|line| line.as_of).max() else {
        return Ok(Answer::new(fill(lang, w::PARTS_EMPTY, &[]), json));
    };
    let t = |word| lang.t(word).to_owned();
    let mut cells = vec![vec![
        t(w::COL_PART),
        t(w::COL_NAME),
        t(w::COL_PLACE),
        t(w::COL_QUANTITY),
        t(w::COL_MINE),
        String::new(),
    ]];
    cells.extend(lines.iter().map(|line| {
        let said = [
            (w::USED_HERE, line.pending - line.transferred),
            (w::MOVED_HERE, line.transferred),
            (w::IN_DOUBT, line.in_doubt),
            (w::UNCONFIRMED, line.unconfirmed),
            (w::REQUESTED, line.requested),
            (w::UNEXPLAINED, line.unexplained),
        ];
        let said = said.into_iter().filter(|(_, n)| *n > 0);
        let said: Vec<String> = said
            .map(|(word, n)| fill(lang, word, &[("n", &n.to_string())]))
            .collect();
        vec![
            line.number.clone(),
            phone.either(&line.name_zh, &line.name_en).to_owned(),
            phone.either(&line.location_zh, &line.location_en).to_owned(),
            line.quantity.to_string(),
            line.mine.to_string(),
            said.join(" · "),
        ]
    }));
    let mut text = table(&cells, 1);
    if lines.iter().any(|line| line.in_doubt > 0) {
        text.push_str(&format!("{}\n", lang.t(w::IN_DOUBT_HINT)));
    }
    text.push_str(&fill(lang, w::AS_OF, &[("time", &phone.clock.zoned(as_of))]));
    Ok(Answer::new(text, json))
}

/// A use or a transfer of parts beside what is there by this phone's count.
pub(super) struct Used {
    /// What lay there before, never below nothing.
    pub(super) there: i64,
    quantity: i64,
    /// What to say where it is more than that.
    beyond: Word,
    /// The place, in Chinese and English.
    place: [String; 2],
}

impl Used {
    /// More than is there, in words. It is no refusal: the part is in the machine, or in the other van.
    pub(super) fn beyond(&self, lang: Lang) -> Option<String> {
        let [zh, en] = &self.place;
        let place = match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let values = [
            ("place", place.as_str()),
            ("n", &self.there.to_string()),
            ("used", &self.quantity.to_string()),
        ];
        (self.quantity > self.there).then(|| fill(lang, self.beyond, &values))
    }
}

/// What an act that uses or transfers parts takes, and what is there.
///
/// # Errors
/// As the store says.
pub(super) fn used(phone: &Phone, act: &Act) -> Result<Option<Used>, Fault> {
    let (part, quantity, from, beyond) = match act {
        Act::UsePart { part, quantity, from } => (part, quantity, from, w::BEYOND),
        Act::TransferPart {
            part, quantity, from, ..
        } => (part, quantity, from, w::BEYOND_MOVED),
        _ => return Ok(None),
    };
    let filter = PartFilter {
        location: Some(*from),
        part: Some(*part),
        ..PartFilter::default()
    };
    let lines = phone.now(|engine, moment| engine.parts(&filter, moment))?;
    let is_van = names::location(phone, None).is_ok_and(|van| van == *from);
    let place = match names::place(phone, *from)? {
        _ if is_van => [Lang::Zh, Lang::En].map(|lang| lang.t(w::BEYOND_VAN).to_owned()),
        Some(names) => names,
        None => [Lang::Zh, Lang::En].map(|_| from.to_string()),
    };
    Ok(Some(Used {
        there: lines.first().map_or(0, |line| line.quantity.max(0)),
        quantity: i64::from(*quantity),
        beyond,
        place,
    }))
}
