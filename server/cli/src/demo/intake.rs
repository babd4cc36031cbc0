//! From a sample report to a ticket: plain field mapping, no guessing.
//!
//! What the report identifies by a number is referred to; what somebody only typed becomes a new customer, contact and
//! site. Ids come from the report's own, so taking it in twice makes nothing twice.

mod people;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use fieldline_model::id::{AssetId, TicketId};
use fieldline_model::operation::{Channel, Position, Priority, Span, TicketFacts};
use fieldline_model::row::Row;
use fieldline_model::time::Timestamp;
use fieldline_server::company::{self, Company, Intent, SampleReport, Urgency, Vip};
use fieldline_server::words::Lang;

use people::{first_of, known_people, new_people};

/// China's clock, in which the reports were written down.
const ZONE_MS: i64 = 8 * 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// A report, taken in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Intake {
    /// The ticket to be.
    pub(super) ticket: TicketId,
    /// What HQ knows of it.
    pub(super) facts: TicketFacts,
    /// Rows for whoever was not known before.
    pub(super) rows: Vec<Row>,
    /// Where the machine stands, if anybody knows.
    pub(super) position: Option<Position>,
    /// When it came in.
    pub(super) received: Timestamp,
    /// Somebody has to go there; others ask, complain, or say that it works again.
    pub(super) visit: bool,
    /// Told in the language of the demo.
    pub(super) readable: bool,
}

/// Takes in every report, as if the newest had come in just before `now`. Two of three were told in Chinese, and nobody's
/// words are translated; so a demo in English has what was told in English last, where people look.
pub(super) fn take_in(company: &Company, lang: Lang, now: Timestamp) -> Vec<Intake> {
    let count = i64::try_from(company.reports.len()).unwrap_or(0);
    let ages = (0..count).map(|place| (count - place) * 2 * MINUTE_MS);
    let mut reports: Vec<&SampleReport> = company.reports.iter().collect();
    if lang == Lang::En {
        reports.sort_by_key(|report| is_readable(report, lang));
    }
    reports
        .into_iter()
        .zip(ages)
        .filter_map(|(report, age)| one(company, report, lang, now.plus_ms(-age)))
        .collect()
}

fn is_readable(report: &SampleReport, lang: Lang) -> bool {
    Lang::parse(&report.lang) == Some(lang)
}

fn one(company: &Company, report: &SampleReport, lang: Lang, received: Timestamp) -> Option<Intake> {
    let ticket: TicketId = report.id.parse().ok()?;
    let asset = report
        .asset
        .as_ref()
        .and_then(|id| company.assets.iter().find(|asset| asset.id == *id));
    let known = report.customer.as_ref();
    let customer = known.and_then(|id| {
        company
            .customers
            .customers
            .iter()
            .find(|customer| customer.id == *id)
    });
    let (who, rows, position) = match customer {
        Some(customer) => known_people(company, customer, asset, report),
        // Who reports a second time is who he was.
        None => new_people(first_of(company, report)),
    };
    let model = asset.and_then(|asset| company.models.iter().find(|model| model.id == asset.model));
    let category = model
        .map(|model| model.category.clone())
        .or_else(|| report.device_category.first().cloned());
    let facts = TicketFacts {
        number: String::new(),
        channel: channel(report.channel),
        customer: Some(who.customer),
        contact: who.contact,
        site: who.site,
        asset: asset.and_then(|asset| asset.id.parse::<AssetId>().ok()),
        skills: category.iter().cloned().collect(),
        category,
        fault: report.symptoms.first().cloned(),
        fault_text: report.summary.clone(),
        priority: priority(report.urgency),
        vip: customer.is_some_and(|customer| customer.vip >= Vip::Gold),
        // The record gives it, from the customer's plan.
        deadline: None,
        wished: wished(report, received),
        parts: Vec::new(),
    };
    let visit = matches!(
        report.intent,
        Intent::Fault | Intent::Repeat | Intent::Maintenance | Intent::Install
    );
    Some(Intake {
        ticket,
        facts,
        rows,
        position,
        received,
        visit,
        readable: is_readable(report, lang),
    })
}

fn channel(channel: company::Channel) -> Channel {
    match channel {
        company::Channel::Phone => Channel::Phone,
        company::Channel::Wechat => Channel::Wechat,
        company::Channel::Web => Channel::Web,
        company::Channel::Email => Channel::Email,
    }
}

fn priority(urgency: Urgency) -> Priority {
    match urgency {
        Urgency::Low => Priority::Low,
        Urgency::Normal => Priority::Normal,
        Urgency::High => Priority::High,
        Urgency::Critical => Priority::Critical,
    }
}

/// The wished time, as many days after today as it was after the day of the report.
fn wished(report: &SampleReport, received: Timestamp) -> Option<Span> {
    let wished = report.wished.as_ref()?;
    let told = wall(&report.received_at)?.date();
    let today = received.plus_ms(ZONE_MS).to_utc().date_naive();
    let moved = |text: &str| {
        let at = wall(text)?;
        Some(stamp(today.checked_add_signed(at.date() - told)?, at.time()))
    };
    let (start, end) = (moved(&wished.start)?, moved(&wished.end)?);
    (start <= end).then_some(Span { start, end })
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()
}

fn stamp(day: NaiveDate, time: NaiveTime) -> Timestamp {
    Timestamp::from_ms(day.and_time(time).and_utc().timestamp_millis() - ZONE_MS)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fieldline_model::id::CustomerId;

    use super::*;

    /// 2026-11-20 10:00 in China.
    const NOW: Timestamp = Timestamp::from_ms(1_795_140_000_000);

    #[test]
    fn a_report_of_a_known_machine_refers_and_adds_nothing() {
        let company = Company::demo();
        let first = take_in(&company, Lang::Zh, NOW).into_iter().next().unwrap();
        assert!(first.rows.is_empty() && first.position.is_some());
        assert_eq!(first.facts.fault.as_deref(), Some("PRN-JAM"));
        assert_eq!(first.facts.category.as_deref(), Some("printer"));
        assert!(first.facts.asset.is_some());
        let span = first.facts.wished.unwrap();
        // "Tomorrow from two to four".
        assert_eq!((span.start.ms() - NOW.ms()) / 3_600_000, 28);
        assert_eq!(span.end.since(span.start), 2 * 3_600_000);
    }

    #[test]
    fn strangers_become_rows_with_their_address_in_parts() {
        let intakes = take_in(&Company::demo(), Lang::Zh, NOW);
        let strangers: Vec<&Intake> = intakes
            .iter()
            .filter(|intake| intake.position.is_none())
            .collect();
        assert!(strangers.len() > 10);
        let cities = strangers
            .iter()
            .flat_map(|intake| &intake.rows)
            .filter_map(|row| match row {
                Row::Site(site) => Some(site.city.as_str()),
                _ => None,
            });
        let cities: Vec<&str> = cities.collect();
        assert!(
            cities.contains(&"成都市") && cities.contains(&"Glasgow"),
            "{cities:?}"
        );
    }

    /// "Weaver Mill Cold Store" stood there twice, with one number and one address.
    #[test]
    fn no_two_customers_of_the_demo_look_alike() {
        let company = Company::demo();
        let people = &company.customers;
        let of = |id: &str| id.parse::<CustomerId>().unwrap();
        let mut seen = BTreeMap::new();
        for customer in &people.customers {
            let contact = people.contacts.iter().find(|row| row.id == customer.main_contact);
            let looks = (customer.name.zh.clone(), contact.unwrap().phone.clone(), None);
            assert_eq!(seen.insert(looks, of(&customer.id)), None, "{}", customer.code);
        }
        for intake in take_in(&company, Lang::Zh, NOW) {
            let [mut name, mut phone, mut address] = [None, None, None];
            for row in intake.rows {
                match row {
                    Row::Customer(row) => name = Some(row.name),
                    Row::Contact(row) => phone = Some(row.phone),
                    Row::Site(row) => address = Some(row.one_line()),
                    _ => {}
                }
            }
            let Some(name) = name else { continue };
            let id = intake.facts.customer.unwrap();
            let other = seen.insert((name.clone(), phone.unwrap_or_default(), address), id);
            assert!(other.is_none_or(|other| other == id), "{name}");
        }
        // Both reports are there, of one customer.
        let twice: Vec<_> = company
            .reports
            .iter()
            .filter(|report| report.company.as_deref() == Some("Weaver Mill Cold Store"))
            .collect();
        assert_eq!(twice.len(), 2);
    }

    #[test]
    fn every_ticket_is_sound() {
        let intakes = take_in(&Company::demo(), Lang::Zh, NOW);
        assert_eq!(intakes.len(), 80);
        for intake in &intakes {
            assert!(
                intake.received < NOW && !intake.facts.fault_text.is_empty(),
                "{intake:?}"
            );
        }
    }

    /// Nobody's words are translated, and the few in English were lost among the others.
    #[test]
    fn a_demo_in_english_has_the_reports_in_english_last() {
        let company = Company::demo();
        let intakes = take_in(&company, Lang::En, NOW);
        let readable = intakes.iter().filter(|intake| intake.readable).count();
        assert!(readable >= 25 && intakes.len() == 80, "{readable}");
        assert!(
            intakes[intakes.len() - readable..]
                .iter()
                .all(|intake| intake.readable)
        );
        let chinese = take_in(&company, Lang::Zh, NOW);
        assert_eq!(
            chinese.iter().filter(|intake| intake.readable).count(),
            80 - readable
        );
        let mut both = [intakes, chinese].map(|intakes| {
            let mut tickets: Vec<TicketId> = intakes.iter().map(|intake| intake.ticket).collect();
            tickets.sort();
            tickets
        });
        assert_eq!(
            std::mem::take(&mut both[0]),
            both[1],
            "the same tickets in both languages"
        );
    }
}
