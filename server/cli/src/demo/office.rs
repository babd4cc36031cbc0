//! Opening the company: its data, its people, this morning's tickets and the plan of the day.
//!
//! All ids are known beforehand, so an opening that was cut short is simply done again.

use fieldline_model::id::{DocumentId, EngineerId, LocationId, StaffId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Position};
use fieldline_model::reason::Reason;
use fieldline_model::row::{Engineer, Location, Row, Stock};
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_server::app::App;
use fieldline_server::auth::{NewStaff, Role};
use fieldline_server::company::{Company, Grade};
use fieldline_server::door::DoorError;
use fieldline_server::import::import_company;
use fieldline_server::store::StoreError;
use fieldline_server::store::ticket::ticket_get;
use fieldline_server::words::Lang;

use super::dice::Dice;
use super::dispatch::{self, Hand, Planned};
use super::intake::{self, Intake};
use super::story::{Cast, Story};
use super::words as w;
use crate::fault::Fault;
use crate::words::fault as f;

/// Name of the one account.
const STAFF: &str = "demo";
/// Visits for whoever looks on.
const YOUR_VISITS: usize = 2;
/// Visit ids sort by when they were made; these are made from the seed.
const VISIT_TIME_MS: i64 = 1_790_000_000_000;

/// What the server's errors mean here.
pub(super) fn told(error: DoorError) -> Fault {
    match error {
        DoorError::Refused(reason) => reason.into(),
        DoorError::Store(error) => error.into(),
        DoorError::NotHeld | DoorError::EarlierHeld(_) => internal("not held"),
        DoorError::Erased(_) => internal("erased"),
        DoorError::Meanwhile => internal("changed meanwhile"),
        DoorError::Document(why) => internal(&why),
    }
}

fn internal(why: &str) -> Fault {
    Fault::new("internal", f::INTERNAL, &[("why", why)])
}

/// The n-th visit of a ticket.
pub(super) fn visit_id(seed: u64, ticket: TicketId, n: i64) -> VisitId {
    let mut dice = Dice::of(seed, &format!("visit/{ticket}/{n}"));
    VisitId::new(Timestamp::from_ms(VISIT_TIME_MS + n), dice.bytes())
}

/// The ninth engineer: whoever looks on.
pub(super) fn you() -> EngineerId {
    EngineerId::from_bytes([9; 16])
}

/// The company's engineers, as the plan sees them.
pub(super) fn hands(company: &Company) -> Vec<Hand> {
    let hand = |engineer: &fieldline_server::company::Engineer| {
        let at = engineer.home.position;
        Some(Hand {
            engineer: engineer.id.parse().ok()?,
            skills: engineer.skills.clone(),
            home: Position {
                lat: at.lat,
                lon: at.lon,
            },
            senior: engineer.grade == Grade::Senior,
        })
    };
    company.engineers.iter().filter_map(hand).collect()
}

/// The plan, as the story sees it.
pub(super) fn cast(hands: &[Hand], jobs: &[Intake], plan: &[Planned]) -> Cast {
    let mut cast = Cast::default();
    for hand in hands {
        cast.skills.insert(hand.engineer, hand.skills.clone());
    }
    let line = |job: &Intake| (job.ticket, job.facts.category.clone().unwrap_or_default());
    for visit in plan {
        cast.visits
            .entry(hands[visit.hand].engineer)
            .or_default()
            .push(line(&jobs[visit.job]));
    }
    let planned = |place: usize| plan.iter().any(|visit| visit.job == place);
    let waits = jobs
        .iter()
        .enumerate()
        .filter(|(place, job)| job.visit && !planned(*place));
    cast.queue = waits.map(|(_, job)| line(job)).collect();
    cast
}

/// The account at HQ.
pub(super) async fn staff(app: &App, lang: Lang) -> Result<StaffId, Fault> {
    if let Some(staff) = app.staff_named(STAFF).await? {
        return Ok(staff.id);
    }
    let new = NewStaff {
        name: STAFF.to_owned(),
        display_name: lang.t(w::STAFF_NAME).to_owned(),
        role: Role::Admin,
        lang: lang.code().to_owned(),
        password: None,
    };
    app.create_staff(new)
        .await
        .map(|staff| staff.id)
        .map_err(|error| internal(&error.to_string()))
}

/// The deadline the record gave a ticket.
async fn deadline(app: &App, ticket: TicketId) -> Result<Option<Timestamp>, Fault> {
    let read = app.store().read(move |connection| ticket_get(connection, ticket));
    let found: Result<_, StoreError> = read.await;
    Ok(found?.and_then(|row| row.deadline))
}

/// Opens the company and returns the day's story.
pub(super) async fn open(
    app: &App,
    company: &Company,
    staff: StaffId,
    lang: Lang,
    seed: u64,
    with_you: bool,
) -> Result<Story, Fault> {
    let now = app.now();
    let (hands, mut jobs) = (hands(company), intake::take_in(company, lang, now));
    let yours = if with_you { yours(&mut jobs) } else { Vec::new() };
    import_company(app, company)
        .await
        .map_err(|error| internal(&error.to_string()))?;
    if with_you {
        app.put_rows(your_rows(company)).await.map_err(told)?;
    }
    app.put_rows(jobs.iter().flat_map(|job| job.rows.clone()).collect())
        .await
        .map_err(told)?;
    for job in &mut jobs {
        let at = Some(DeviceTime::exact(job.received));
        again(
            app.create_ticket_as(job.ticket, Author::Staff(staff), job.facts.clone(), at)
                .await,
        )?;
        job.facts.deadline = deadline(app, job.ticket).await?;
    }
    let plan = dispatch::plan(&hands, &jobs, lang, now);
    for visit in &plan {
        let ticket = jobs[visit.job].ticket;
        let to = vec![hands[visit.hand].engineer];
        let act = Act::Offer {
            visit: visit_id(seed, ticket, 0),
            to,
            plan: Some(visit.span),
        };
        again(app.perform(Author::Staff(staff), ticket.into(), act, None).await)?;
    }
    let cast = cast(&hands, &jobs, &plan);
    for (place, ticket) in yours.iter().enumerate() {
        let span = plan.get(place).map(|visit| visit.span);
        let act = Act::Offer {
            visit: visit_id(seed, *ticket, 0),
            to: vec![you()],
            plan: span,
        };
        again(
            app.perform(Author::Staff(staff), DocumentId::from(*ticket), act, None)
                .await,
        )?;
    }
    Ok(Story::choose(seed, &cast))
}

/// Visits for whoever looks on, which nobody else is then sent to: in words he can read, about a fault of a machine on
/// file, which shows more than a name and a number typed in a hurry, and the least urgent ones.
pub(super) fn yours(jobs: &mut [Intake]) -> Vec<TicketId> {
    let mut order: Vec<&mut Intake> = jobs.iter_mut().filter(|job| job.visit).collect();
    order.sort_by_key(|job| {
        let facts = &job.facts;
        (
            !job.readable,
            facts.asset.is_none(),
            facts.fault.is_none(),
            facts.priority,
        )
    });
    let take = |job: &mut Intake| {
        job.visit = false;
        job.ticket
    };
    order.into_iter().take(YOUR_VISITS).map(take).collect()
}

/// What was done before needs no doing.
fn again<T>(result: Result<T, DoorError>) -> Result<(), Fault> {
    match result {
        Ok(_) | Err(DoorError::Refused(Reason::AlreadyExists)) => Ok(()),
        Err(error) => Err(told(error)),
    }
}

/// An engineer who can do everything, with a van as full as the first engineer's.
fn your_rows(company: &Company) -> Vec<Row> {
    let van = LocationId::from_bytes([9; 16]);
    let skills = company
        .profile
        .categories
        .iter()
        .map(|category| category.code.clone())
        .collect();
    let location = Location {
        id: van,
        van: true,
        name_zh: w::YOUR_VAN.zh.into(),
        name_en: w::YOUR_VAN.en.into(),
    };
    let (name, name_en) = (w::YOU.zh.to_owned(), w::YOU.en.to_owned());
    let mut rows = vec![
        Row::Location(location),
        Row::Engineer(Engineer {
            id: you(),
            name,
            name_en,
            skills,
            van: Some(van),
        }),
    ];
    let model = company.engineers.first().map(|engineer| &engineer.van);
    let levels = company
        .stock
        .levels
        .iter()
        .filter(|level| Some(&level.location) == model);
    rows.extend(levels.filter_map(|level| {
        let part = level.part.parse().ok()?;
        Some(Row::Stock(Stock {
            location: van,
            part,
            quantity: i64::from(level.quantity),
        }))
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_server::app::{Edge, Options};
    use fieldline_server::sla;
    use fieldline_server::store::hq_row::sla_plan_of;
    use fieldline_server::store::ticket::{TicketFilter, ticket_list};

    #[tokio::test]
    async fn a_ticket_is_due_as_its_customers_plan_says() {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
        let account = staff(&app, Lang::En).await.unwrap();
        open(&app, &Company::demo(), account, Lang::En, 1, false)
            .await
            .unwrap();
        let read = app.store().read::<_, StoreError>(|connection| {
            let tickets = ticket_list(connection, &TicketFilter::default(), "", 200)?;
            let with_plan = tickets.into_iter().map(|ticket| {
                let plan = ticket
                    .customer
                    .map(|customer| sla_plan_of(connection, customer))
                    .transpose()?;
                Ok((ticket, plan.flatten()))
            });
            with_plan.collect::<Result<Vec<_>, StoreError>>()
        });
        let tickets = read.await.unwrap();
        let promised = tickets.iter().filter(|(_, plan)| plan.is_some()).count();
        assert!(
            (20..tickets.len()).contains(&promised),
            "{promised} of {}",
            tickets.len()
        );
        for (ticket, plan) in &tickets {
            let due = plan.as_ref().map(|plan| sla::deadline(plan, ticket.created_at));
            assert_eq!(ticket.deadline, due, "{}", ticket.number);
        }
    }
}
