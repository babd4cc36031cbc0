//! A one-time code with which an engineer enrols a phone.

use std::path::Path;

use fieldline_model::row::{Engineer, Row, RowKind};
use fieldline_server::import::engineers_numbered;
use fieldline_server::store::reference::row_list;
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::Fault;
use crate::qr::Drawn;
use crate::table::pad;
use crate::when::Clock;
use crate::words::{admin as a, fault as w, fill};

/// A code works for a day: long enough to be sent, short enough to be lost.
const CODE_LIFE_MS: i64 = 24 * 60 * 60 * 1000;
/// The largest company we serve, and some.
const ENGINEERS_MAX: u32 = 20_000;

/// Makes a code.
pub(super) async fn enrol_code(
    path: &Path,
    name: &str,
    public_url: Option<&str>,
    qr: bool,
    lang: Lang,
) -> Result<Answer, Fault> {
    let app = data::open(path)?;
    let server = data::address(path, public_url)?;
    let rows = app
        .store()
        .read(|connection| row_list(connection, RowKind::Engineer, "", ENGINEERS_MAX))
        .await?;
    let engineer = find(&rows, name)?;
    let code = app.enrol_code(engineer.id, CODE_LIFE_MS).await?;
    let link = format!("fieldline://enrol?server={}&code={}", encoded(&server), code.code);
    let command = format!("fieldline phone enrol {server} {}", code.code);
    let until = Clock::system(lang).zoned(code.expires_at);
    let mut text = fill(
        lang,
        a::CODE,
        &[("name", &engineer.name), ("code", &code.code), ("time", &until)],
    );
    for (word, value) in [(a::CODE_LINK, &link), (a::CODE_COMMAND, &command)] {
        text.push_str(&format!("\n  {} {value}", pad(lang.t(word), 9)));
    }
    let json = json!({
        "engineer": engineer.id, "name": engineer.name, "code": code.code, "expires_at": code.expires_at,
        "server": server, "link": link, "command": command,
    });
    let answer = Answer::new(text, json);
    match Drawn::of(&link) {
        Ok(drawn) if qr => Ok(answer.with_code(String::new(), drawn)),
        // An address too long for a code is no reason to withhold the link.
        Ok(_) | Err(_) => Ok(answer),
    }
}

/// The one engineer meant: by id or staff number, by the whole name, or by the only name that holds the words.
fn find<'a>(rows: &'a [Row], name: &str) -> Result<&'a Engineer, Fault> {
    let everybody = || {
        rows.iter().filter_map(|row| match row {
            Row::Engineer(engineer) => Some(engineer),
            _ => None,
        })
    };
    let numbered = engineers_numbered(name);
    let by_number = |engineer: &&Engineer| engineer.id.to_string() == name || numbered.contains(&engineer.id);
    if let Some(engineer) = everybody().find(by_number) {
        return Ok(engineer);
    }
    let whole = |e: &&Engineer| e.name == name || e.name_en.eq_ignore_ascii_case(name);
    let lower = name.to_lowercase();
    let part = |e: &&Engineer| e.name.contains(name) || e.name_en.to_lowercase().contains(&lower);
    // Two people may have one name: then only the number tells them apart.
    let mut fits: Vec<&Engineer> = everybody().filter(whole).collect();
    if fits.is_empty() {
        fits = everybody().filter(part).collect();
    }
    match fits.as_slice() {
        [one] => Ok(one),
        [] => Err(Fault::new("no_such_engineer", w::NO_ENGINEER, &[("name", name)])),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|engineer| format!("{} ({})", engineer.name, engineer.id))
                .take(5)
                .collect();
            let values = [("name", name), ("names", &names.join(", "))];
            Err(Fault::new("many_engineers", w::MANY_ENGINEERS, &values))
        }
    }
}

/// As a value in an address.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::id::EngineerId;
    use fieldline_model::time::Timestamp;

    fn engineer(n: u8, name: &str, name_en: &str) -> Row {
        let id = EngineerId::new(Timestamp::from_ms(1), [n; 10]);
        Row::Engineer(Engineer {
            id,
            name: name.into(),
            name_en: name_en.into(),
            skills: Vec::new(),
            van: None,
        })
    }

    #[test]
    fn an_engineer_is_found_by_what_people_type() {
        let rows = [
            engineer(1, "陈立群", "Chen Liqun"),
            engineer(2, "陈立", "Chen Li"),
            engineer(3, "孙晓峰", "Sun Xiaofeng"),
        ];
        assert_eq!(find(&rows, "陈立").unwrap().name_en, "Chen Li");
        assert_eq!(find(&rows, "sun").unwrap().name, "孙晓峰");
        assert_eq!(find(&rows, "陈").unwrap_err().code(), "many_engineers");
        assert_eq!(find(&rows, "王").unwrap_err().code(), "no_such_engineer");
    }

    #[test]
    fn of_two_engineers_with_one_name_none_is_taken_by_chance() {
        let rows = [engineer(1, "王伟", "Wang Wei"), engineer(2, "王伟", "Wang Wei")];
        for name in ["王伟", "wang wei"] {
            assert_eq!(find(&rows, name).unwrap_err().code(), "many_engineers");
        }
        let Row::Engineer(second) = &rows[1] else {
            unreachable!()
        };
        assert_eq!(find(&rows, &second.id.to_string()).unwrap().id, second.id);
    }

    #[test]
    fn an_address_is_a_value() {
        assert_eq!(encoded("https://a.b:1"), "https%3A%2F%2Fa.b%3A1");
    }
}
