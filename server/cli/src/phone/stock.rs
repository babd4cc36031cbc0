//! Parts: in the own van, or wherever they lie; which of them are this phone's to use alone, and what HQ is not sure of.

use fieldline_engine::view::PartFilter;
use serde_json::json;

use super::Phone;
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
            (w::USED_HERE, line.pending),
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
    text.push_str(&fill(lang, w::AS_OF, &[("time", &phone.clock.zoned(as_of))]));
    Ok(Answer::new(text, json))
}
