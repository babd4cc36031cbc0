//! Whom the ticket is for and which machine it is about.

use crate::page::{Stamp, when};
use crate::words::{Lang, desk as d, ticket as t};
use maud::{Markup, html};

/// Customer, contact, place, asset. Numbers are masked by the caller where the reader's post asks for it.
#[derive(Debug, Clone)]
pub struct PeopleView {
    /// Customer's name.
    pub customer: String,
    /// Whether the customer is a VIP.
    pub vip: bool,
    /// Contract in one line.
    pub contract: Option<String>,
    /// Contact's name.
    pub contact: Option<String>,
    /// Contact's number, perhaps masked.
    pub phone: Option<String>,
    /// Whether the number can be dialled as it stands.
    pub dial: bool,
    /// Address in one line.
    pub address: String,
    /// The asset, if known.
    pub asset: Option<AssetView>,
}

/// One machine.
#[derive(Debug, Clone)]
pub struct AssetView {
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Warranty until.
    pub warranty: Option<Stamp>,
    /// What was done to it before, newest first.
    pub history: Vec<PastJob>,
}

/// One earlier repair.
#[derive(Debug, Clone)]
pub struct PastJob {
    /// The ticket's number.
    pub number: String,
    /// The day, as shown.
    pub date: String,
    /// Fault, cause and remedy in one line.
    pub what: String,
}

/// The block.
pub fn people(lang: Lang, now: Stamp, view: &PeopleView) -> Markup {
    html! {
        section aria-labelledby="customer" {
            h2 #customer { (lang.t(d::COL_CUSTOMER)) }
            p { strong { (view.customer) } }
            dl {
                @if let Some(contract) = &view.contract { dt { (lang.t(t::CONTRACT)) } dd { (contract) } }
                @if let Some(contact) = &view.contact { dt { (lang.t(t::CONTACT)) } dd { (contact) } }
                @if let Some(phone) = &view.phone { dt { (lang.t(t::PHONE)) } dd { (number(phone, view.dial)) } }
                dt { (lang.t(t::ADDRESS)) } dd { (view.address) }
            }
            @if let Some(asset) = &view.asset { (machine(lang, now, asset)) }
        }
    }
}

fn number(phone: &str, dial: bool) -> Markup {
    html! { @if dial { a href={"tel:" (phone)} { (phone) } } @else { (phone) } }
}

fn machine(lang: Lang, now: Stamp, asset: &AssetView) -> Markup {
    html! {
        h3 { (lang.t(d::COL_ASSET)) }
        p { strong { (asset.model) } }
        dl {
            dt { (lang.t(t::SERIAL)) } dd { code { (asset.serial) } }
            @if let Some(until) = asset.warranty {
                dt { (lang.t(t::WARRANTY)) }
                dd { (warranty(lang, until, now)) }
            }
        }
        @if !asset.history.is_empty() {
            details {
                summary { (lang.fill(t::PAST_WORK, &[("n", &asset.history.len().to_string())])) }
                ul.plain { @for job in &asset.history { li { p { (job.what) } p.hint { (job.number) " · " (job.date) } } } }
            }
        }
    }
}

fn warranty(lang: Lang, until: Stamp, now: Stamp) -> String {
    let word = if until >= now {
        t::WARRANTY_UNTIL
    } else {
        t::WARRANTY_ENDED
    };
    lang.fill(word, &[("x", &when::date_with_year(lang, until))])
}
