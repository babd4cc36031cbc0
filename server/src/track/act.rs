//! What a customer says through a link: urge, message, another time, rating. Each is one operation of the customer,
//! counted once however often its form comes, and bounded in number.
//!
//! What is not taken is said so, with the reason and when it can be tried again, and whatever was typed comes back.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use fieldline_model::operation::{Act, Author};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use maud::Markup;
use rusqlite::Connection;
use serde::Deserialize;

use super::Tracked;
use super::limit::{URGE_EVERY_MS, next_words, rated, to_minutes, urged};
use super::stands::stands;
use super::told::{Told, go};
use super::view::{is_served, is_there, not_plannable, view};
use crate::door::DoorError;
use crate::page::form::{Field, FieldError};
use crate::page::track::act::{Shut, TrackForm, TrackFormView, track_form, track_shut};
use crate::page::track::end::{Rating, RatingForm};
use crate::page::track::{NotSent, Sent, TrackView, track};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::web::field::{Times, needed, optional};
use crate::web::once::Once;
use crate::web::reader::Reader;
use crate::web::record::TicketRecord;
use crate::web::{Web, finish};
use crate::words::Lang;

/// Longest message, in characters.
const MESSAGE_CHARS_MAX: u32 = 1_000;
/// A busy server may be asked again after this.
const BUSY_S: i64 = 60;

/// A form of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    once: String,
    text: String,
    from: String,
    to: String,
    rating: String,
}

/// A form as it came. The link is looked at first: a wrong one is told nothing about its form.
type Came = Result<Form<Said>, FormRejection>;

/// Why nothing was sent, and when that may change.
struct Not {
    why: NotSent,
    again: Option<Timestamp>,
}

impl From<NotSent> for Not {
    fn from(why: NotSent) -> Self {
        Self { why, again: None }
    }
}

impl Not {
    fn status(&self) -> StatusCode {
        match self.why {
            NotSent::TooMany(_) | NotSent::Urged(_) => StatusCode::TOO_MANY_REQUESTS,
            NotSent::Over
            | NotSent::There
            | NotSent::OnTheWay
            | NotSent::Begun
            | NotSent::Rated
            | NotSent::Unfinished => StatusCode::CONFLICT,
            NotSent::Busy => StatusCode::SERVICE_UNAVAILABLE,
            NotSent::Incomplete | NotSent::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn retry_after(&self, now: Timestamp) -> Option<HeaderValue> {
        let seconds = match (self.again, self.why) {
            (Some(again), _) => again.since(now).div_euclid(1_000) + 1,
            (None, NotSent::Busy) => BUSY_S,
            (None, _) => return None,
        };
        Some(HeaderValue::from(seconds.max(0)))
    }
}

/// Whether something may be sent, by the record as it stands.
type May = fn(&Web, &TicketRecord) -> Result<(), Not>;

fn may_urge(web: &Web, record: &TicketRecord) -> Result<(), Not> {
    match urged(record, web.app.now()) {
        _ if record.state.status().is_over() => Err(NotSent::Over.into()),
        _ if is_there(record) => Err(NotSent::There.into()),
        Some(at) => Err(NotSent::Urged(web.stamp(at.plus_ms(URGE_EVERY_MS))).into()),
        None => Ok(()),
    }
}

fn may_write(web: &Web, record: &TicketRecord) -> Result<(), Not> {
    match next_words(record, web.app.now()) {
        None => Ok(()),
        Some(again) => Err(Not {
            why: NotSent::TooMany(web.stamp(to_minutes(again))),
            again: Some(again),
        }),
    }
}

fn may_wish(web: &Web, record: &TicketRecord) -> Result<(), Not> {
    match not_plannable(record) {
        Some(why) => Err(why.into()),
        None => may_write(web, record),
    }
}

fn may_rate(_: &Web, record: &TicketRecord) -> Result<(), Not> {
    if rated(record).is_some() {
        Err(NotSent::Rated.into())
    } else if is_served(record) {
        Ok(())
    } else {
        Err(NotSent::Unfinished.into())
    }
}

/// One form of one customer, after his link was opened.
struct Desk<'a> {
    web: &'a Web,
    reader: &'a Reader,
    tracked: Tracked,
    said: Said,
}

impl<'a> Desk<'a> {
    async fn open(web: &'a Web, reader: &'a Reader, token: &str, came: Came) -> Result<Self, Problem> {
        let tracked = web.tracked(token).await?;
        let Form(said) = came.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::MessageTooLarge),
            _ => Problem::new(Code::BadRequest),
        })?;
        Ok(Self {
            web,
            reader,
            tracked,
            said,
        })
    }

    /// Performs an act that `may` be performed now, also by the record as it is when the act is written: another form may
    /// come in between. `content` is what was typed and chosen.
    async fn perform(&self, act: Act, content: &str, may: May) -> Result<Result<Told, Not>, Problem> {
        let (web, ticket) = (self.web, self.tracked.record.id);
        let document = ticket.into();
        let once = Once::read(
            web,
            &self.said.once,
            &format!("customer\0{}", self.tracked.record.id),
        );
        let id = once.operation(document, &format!("{}\0{content}", act.word()));
        // The same form again is not too soon: it is the same form.
        match web.fate(id).await? {
            None => {}
            Some(Fate::Refused { .. }) => return Ok(Err(NotSent::Refused.into())),
            Some(_) if stands(&self.tracked.record, id, web.app.now()) => return Ok(Ok(Told::Sent(id))),
            // It counted, and what it said is not how things are.
            Some(_) => return Ok(Ok(Told::Before(id))),
        }
        if let Err(not) = may(web, &self.tracked.record) {
            return Ok(Err(not));
        }
        let here = web.clone();
        let still = move |connection: &Connection| {
            let record = TicketRecord::load(connection, ticket)?;
            Ok(record.is_some_and(|record| may(&here, &record).is_ok()))
        };
        match web
            .app
            .perform_while(id, Author::Customer, document, act, still)
            .await
        {
            Ok(_) => Ok(Ok(Told::Sent(id))),
            Err(DoorError::Meanwhile) => self.why_not(may).await.map(Err),
            Err(DoorError::Refused(_)) => Ok(Err(NotSent::Refused.into())),
            Err(DoorError::Store(StoreError::Busy | StoreError::Unknown)) => Ok(Err(NotSent::Busy.into())),
            Err(error) => Err(error.into()),
        }
    }

    /// What came in between.
    async fn why_not(&self, may: May) -> Result<Not, Problem> {
        let tracked = self.web.tracked(&self.tracked.token).await?;
        let not = may(self.web, &tracked.record).err();
        // It may be gone again by now; then he may try once more.
        Ok(not.unwrap_or_else(|| NotSent::Busy.into()))
    }

    /// Back to the progress page, which tells what was done.
    fn back(&self, told: Told) -> Response {
        go(&self.tracked.token, told)
    }

    /// A form, again with what was entered.
    fn again(&self, form: TrackForm, status: StatusCode, not: Option<NotSent>) -> Response {
        let view = TrackFormView {
            // Sent once more it is the same form: what came in after all is not added twice.
            once: Once::kept(self.web, &self.said.once),
            not,
            ..fresh(self.web, &self.tracked, form)
        };
        let page = track_form(self.reader.lang, self.web.now(), &view);
        finish::answer(status, page)
    }

    fn not_sent(&self, form: TrackForm, not: &Not) -> Response {
        let mut response = self.again(form, not.status(), Some(not.why));
        if let Some(after) = not.retry_after(self.web.app.now()) {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}

fn fresh(web: &Web, tracked: &Tracked, form: TrackForm) -> TrackFormView {
    TrackFormView {
        token: tracked.token.clone(),
        company: web.app.organisation().name.clone(),
        number: tracked.record.state.facts.number.clone(),
        once: Once::fresh(web.app.edge()),
        form,
        not: None,
    }
}

/// POST an urge. It holds no words, so the progress page tells what became of it.
pub(super) async fn urge(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    came: Came,
) -> Result<Response, Problem> {
    let desk = Desk::open(&web, &reader, &token, came).await?;
    Ok(match desk.perform(Act::Urge, "", may_urge).await? {
        Ok(told) => desk.back(told),
        Err(not) => desk.back(Told::Not(not.why)),
    })
}

/// GET the page for a message.
pub(super) async fn message_form(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let form = fresh(&web, &tracked, written(Field::default()));
    let may = may_write(&web, &tracked.record);
    Ok(finish::page(asked(&web, reader.lang, &form, may)))
}

/// A form that was asked for; in its place what it would be answered, where that is known already.
fn asked(web: &Web, lang: Lang, form: &TrackFormView, may: Result<(), Not>) -> Markup {
    let shut = match may.map_err(|not| not.why) {
        Err(NotSent::TooMany(again)) => Shut::Until(again),
        Err(NotSent::Over) => Shut::Over,
        Err(NotSent::OnTheWay) => Shut::OnTheWay,
        Err(NotSent::Begun) => Shut::Begun,
        Ok(())
        | Err(
            NotSent::Urged(_)
            | NotSent::There
            | NotSent::Rated
            | NotSent::Unfinished
            | NotSent::Incomplete
            | NotSent::Busy
            | NotSent::Refused,
        ) => return track_form(lang, web.now(), form),
    };
    track_shut(lang, web.now(), form, shut)
}

fn written(field: Field) -> TrackForm {
    TrackForm::Message(field, MESSAGE_CHARS_MAX)
}

/// POST a message.
pub(super) async fn message(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    came: Came,
) -> Result<Response, Problem> {
    let desk = Desk::open(&web, &reader, &token, came).await?;
    let text = match needed(&desk.said.text, MESSAGE_CHARS_MAX) {
        Ok(text) => text,
        Err(field) => return Ok(desk.again(written(field), StatusCode::UNPROCESSABLE_ENTITY, None)),
    };
    let act = Act::Message { text: text.clone() };
    Ok(match desk.perform(act, &text, may_write).await? {
        Ok(told) => desk.back(told),
        Err(not) => desk.not_sent(written(Field::of(&desk.said.text)), &not),
    })
}

/// GET the page for another time.
pub(super) async fn time_form(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let form = fresh(&web, &tracked, wish(Field::default(), Field::default()));
    let may = may_wish(&web, &tracked.record);
    Ok(finish::page(asked(&web, reader.lang, &form, may)))
}

/// The company offers no times of its own yet, so the customer names one.
fn wish(from: Field, to: Field) -> TrackForm {
    TrackForm::Time {
        slots: Vec::new(),
        slot: Field::default(),
        from,
        to,
    }
}

/// POST another time.
pub(super) async fn time(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    came: Came,
) -> Result<Response, Problem> {
    let desk = Desk::open(&web, &reader, &token, came).await?;
    let Said { from, to, .. } = &desk.said;
    let times = Times {
        from,
        to,
        zone: web.zone,
        now: web.app.now(),
    };
    let span = match times.wish_from_today() {
        Ok(span) => span,
        Err((from, to)) => {
            return Ok(desk.again(wish(from, to), StatusCode::UNPROCESSABLE_ENTITY, None));
        }
    };
    let act = Act::Wish {
        span,
        text: String::new(),
    };
    Ok(
        match desk.perform(act, &format!("{from}\0{to}"), may_wish).await? {
            Ok(told) => desk.back(told),
            Err(not) => desk.not_sent(wish(Field::of(from), Field::of(to)), &not),
        },
    )
}

/// POST a rating. Only the first one counts.
pub(super) async fn rating(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    came: Came,
) -> Result<Response, Problem> {
    let desk = Desk::open(&web, &reader, &token, came).await?;
    let Said { rating, text, .. } = &desk.said;
    let stars: Option<u8> = rating.parse().ok().filter(|stars| (1..=5).contains(stars));
    let (stars, remark) = match (stars, optional(text, MESSAGE_CHARS_MAX)) {
        (Some(stars), Ok(remark)) => (stars, remark),
        (stars, remark) => {
            return Ok(match may_rate(&web, &desk.tracked.record) {
                Ok(()) => desk.rating_again(stars.is_none(), remark.err()),
                Err(not) => desk.not_rated(&not),
            });
        }
    };
    // The remark is part of it: other words under the same stars are not what was sent before.
    let content = format!("{stars}\0{remark}");
    let act = Act::Rate { stars, text: remark };
    Ok(match desk.perform(act, &content, may_rate).await? {
        Ok(told) => desk.back(told),
        Err(not) => desk.not_rated(&not),
    })
}

impl Desk<'_> {
    /// The progress page with the rating as it was filled in. At the end it no longer loads itself again.
    fn rating_again(&self, no_stars: bool, wrong_text: Option<Field>) -> Response {
        let mut stars = Field::of(&self.said.rating);
        if no_stars {
            stars = stars.wrong(FieldError::Required);
        }
        let form = RatingForm {
            once: Once::kept(self.web, &self.said.once),
            stars,
            text: wrong_text.unwrap_or_else(|| Field::of(&self.said.text)),
        };
        let lang = self.reader.lang;
        let page = TrackView {
            rating: Some(Rating::Ask(form)),
            sent: Some(Sent::Not(NotSent::Incomplete)),
            ..view(self.web, lang, &self.tracked, None)
        };
        finish::answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            track(lang, self.web.now(), &page),
        )
    }

    /// There is no form for a rating any more, but there is one for its words.
    fn not_rated(&self, not: &Not) -> Response {
        if self.said.text.trim().is_empty() {
            self.back(Told::Not(not.why))
        } else {
            self.not_sent(written(Field::of(&self.said.text)), not)
        }
    }
}
