//! A ticket taken by telephone or mail.

mod checked;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::id::TicketId;
use fieldline_model::reason::Reason;
use rusqlite::Connection;

use super::frame::{Done, go};
use super::namesake::Suggested;
use super::once::Once;
use super::reader::Reader;
use super::view::pick;
use super::{Web, finish};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::auth::tracking::tracking_mark_never;
use crate::door::DoorError;
use crate::page::form::{Choice, Field};
use crate::page::label::Priority;
use crate::page::new_ticket::{NewTicketView, new_ticket};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_list::{asset_choices, code_choices};
use crate::store::page_queue::ticket_number;
use crate::words::Lang;
use checked::{Checked, Found, Making, NewTicket};

/// Suggestions of one kind in a form; whoever has more types the name.
const CHOICES_MAX: u32 = 500;

/// GET the form.
pub(super) async fn form(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
) -> Result<Response, Problem> {
    signed.check(Permission::TakeReports)?;
    let view = web.empty_form(reader.lang).await?;
    Ok(finish::page(new_ticket(
        &web.frame(&reader, &signed).await?,
        &view,
    )))
}

impl Web {
    async fn empty_form(&self, lang: Lang) -> Result<NewTicketView, Problem> {
        let read = move |connection: &Connection| {
            let customers = Suggested::list(connection, CHOICES_MAX)?;
            let assets = asset_choices(connection, CHOICES_MAX)?;
            Ok::<_, StoreError>((customers, assets, code_choices(connection, "fault", CHOICES_MAX)?))
        };
        let (customers, assets, codes) = self.app.store().read(read).await?;
        let choice = |value: &str, text: String| Choice {
            value: value.to_owned(),
            text,
        };
        let assets = assets.iter().map(|[id, zh, en, serial]| {
            let value = if serial.is_empty() { id } else { serial };
            choice(value, pick(lang, zh, en).to_owned())
        });
        let codes = codes
            .iter()
            .map(|(code, zh, en)| choice(code, format!("{code} {}", pick(lang, zh, en))));
        Ok(NewTicketView {
            customer: Field::default(),
            asset: Field::default(),
            fault_code: Field::default(),
            fault_text: Field::default(),
            priority: Field::of(Priority::Normal.code()),
            wished_from: Field::default(),
            wished_to: Field::default(),
            new_customer: None,
            customers: customers.iter().map(|customer| customer.choice(lang)).collect(),
            assets: assets.collect(),
            fault_codes: codes.collect(),
        })
    }
}

/// POST the ticket.
pub(super) async fn create(
    State(web): State<Web>,
    reader: Reader,
    SignedForm { signed, form }: SignedForm<NewTicket>,
) -> Result<Response, Problem> {
    signed.check(Permission::TakeReports)?;
    let once = Once::read(&web, &form.once, &signed.staff.id.to_string());
    // One form makes one ticket, whatever it says when it comes again.
    let ticket = once.id(TicketId::new, "ticket");
    let number = move |connection: &Connection| ticket_number(connection, ticket);
    let is_new = web.app.store().read(number).await?.is_none();
    if is_new && let Err(checked) = web.take(ticket, &reader, &signed, &once, &form).await? {
        let view = checked.view(&form, web.empty_form(reader.lang).await?);
        let mut frame = web.frame(&reader, &signed).await?;
        frame.here = paths::NEW_TICKET.to_owned();
        return Ok(finish::answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            new_ticket(&frame, &view),
        ));
    }
    // Whoever takes the report reads the link out before he hangs up. One that was ended since is not made anew.
    web.app
        .make_tracking(ticket, signed.author(), tracking_mark_never())
        .await?;
    let done = if is_new {
        Done::Created
    } else {
        Done::CreatedBefore
    };
    Ok(go(&paths::ticket(&ticket.to_string()), done))
}

impl Web {
    /// Makes the ticket and the customer it may need, or gives the form back.
    async fn take(
        &self,
        ticket: TicketId,
        reader: &Reader,
        signed: &Signed,
        once: &Once,
        form: &NewTicket,
    ) -> Result<Result<(), Box<Checked>>, Problem> {
        let (lang, may_make) = (reader.lang, signed.may(Permission::EditCustomers));
        // Somebody may make a customer of that name between reading and writing; then it is read once more.
        for _ in 0..2 {
            let asked = form.clone();
            let read = move |connection: &Connection| Found::read(connection, lang, &asked);
            let found = self.app.store().read(read).await?;
            let checked = Checked::of(self, once, form, &found, may_make);
            let (facts, making) = match checked.facts(found) {
                Ok(good) => good,
                Err(checked) => return Ok(Err(checked)),
            };
            let made = match making {
                Some(Making { new, alone: true }) => self.app.put_customer_alone(new.name, new.rows).await?,
                Some(Making { new, alone: false }) => self.app.put_rows(new.rows).await.map(|_| true)?,
                None => true,
            };
            if !made {
                continue;
            }
            let created = self.app.create_ticket_as(ticket, signed.author(), facts, None);
            return match created.await {
                // The form came twice.
                Ok(_) | Err(DoorError::Refused(Reason::AlreadyExists)) => Ok(Ok(())),
                Err(error) => Err(error.into()),
            };
        }
        Err(Problem::new(Code::Busy))
    }
}
