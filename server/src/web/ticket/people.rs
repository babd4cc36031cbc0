//! Whom the ticket is for: names, address and number for those whose post includes customers, masked for others.

use fieldline_model::row;

use crate::page::ticket::people::{AssetView, PastJob, PeopleView};
use crate::web::Web;
use crate::web::record::TicketRecord;
use crate::web::view::pick;
use crate::web::zone::end_of_day;
use crate::words::Lang;

/// What stands where a post may not read.
const MASK: &str = "•••";

/// The block.
pub(super) fn view(web: &Web, lang: Lang, record: &TicketRecord, may_read: bool) -> PeopleView {
    let shown = |text: String| {
        if may_read || text.is_empty() {
            text
        } else {
            MASK.to_owned()
        }
    };
    let customer = record.customer.as_ref();
    let contact = record.contact.as_ref();
    let place = record.site.as_ref().map(row::Site::one_line);
    PeopleView {
        customer: shown(record.customer_name(lang)),
        vip: record.state.facts.vip,
        contract: customer.and_then(contract).map(shown),
        contact: contact.map(|contact| shown(contact.name.clone())),
        phone: contact
            .filter(|contact| !contact.phone.trim().is_empty())
            .map(|contact| {
                if may_read {
                    contact.phone.clone()
                } else {
                    masked(&contact.phone)
                }
            }),
        dial: may_read,
        address: shown(place.unwrap_or_default()),
        asset: record
            .asset
            .as_ref()
            .map(|asset| machine(web, lang, record, asset)),
    }
}

fn contract(customer: &row::Customer) -> Option<String> {
    let parts: Vec<&str> = [&customer.contract, &customer.sla_plan]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The last two digits tell a colleague that it is the same number, and no more.
fn masked(phone: &str) -> String {
    let tail: String = phone
        .chars()
        .rev()
        .take(2)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    format!("{MASK}{tail}")
}

fn machine(web: &Web, lang: Lang, record: &TicketRecord, asset: &row::Asset) -> AssetView {
    let named = pick(lang, &asset.model_zh, &asset.model_en);
    AssetView {
        model: if named.is_empty() {
            asset.model.clone()
        } else {
            named.to_owned()
        },
        serial: asset.serial.clone(),
        warranty: asset
            .warranty_end
            .as_deref()
            .and_then(|day| end_of_day(day, web.zone)),
        history: asset.history.iter().map(|work| job(lang, record, work)).collect(),
    }
}

fn job(lang: Lang, record: &TicketRecord, work: &row::PastWork) -> PastJob {
    let fault = record.code(lang, &work.fault);
    let words = [&work.cause, &work.remedy].map(|text| one_language(lang, text));
    let said: Vec<&str> = [fault.as_str(), words[0], words[1]]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    PastJob {
        number: work.number.clone(),
        date: work.date.clone(),
        what: said.join(" · "),
    }
}

/// Earlier work may be told in both languages.
fn one_language(lang: Lang, text: &str) -> &str {
    row::of_both(text).map_or(text, |(zh, en)| pick(lang, zh, en))
}
