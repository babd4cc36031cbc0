//! The customer's page, live: the changed part drawn by the same function as the page.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::broadcast::Receiver;

use super::view::view;
use crate::live::LiveEvent;
use crate::page::label::CustomerLabel;
use crate::page::track::track_fragment;
use crate::problem::{Code, Problem};
use crate::web::Web;
use crate::web::reader::Reader;
use crate::web::stream::{Gone, Hint, Pen, Seat, next_hint, open};
use crate::words::Lang;

/// Positions of all engineers are told with one word; a page looks for its own at most this often.
const POSITION_EVERY: Duration = Duration::from_secs(5);
/// Without any news the page is drawn again this often: times pass, and a range with them.
const DRAW_EVERY: Duration = Duration::from_secs(60);

/// Who watches.
struct Watcher {
    web: Web,
    lang: Lang,
    token: String,
    pen: Pen,
    events: Receiver<LiveEvent>,
    drawn_at: Timestamp,
    ticket: TicketId,
    label: CustomerLabel,
    _seat: Seat,
}

/// What became of a drawing.
enum Drawn {
    /// It was sent.
    Sent,
    /// The link ended, the ticket is done, or nobody reads.
    Over,
}

/// GET the stream: `update`, the first one at once.
pub(super) async fn live(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let seat = web.streams.seat(Sha256::digest(&tracked.token).into())?;
    let events = web.app.subscribe();
    let (pen, response) = open();
    let watcher = Watcher {
        lang: reader.lang,
        token: tracked.token,
        pen,
        events,
        drawn_at: web.app.now(),
        ticket: tracked.record.id,
        label: CustomerLabel::Received,
        _seat: seat,
        web,
    };
    tokio::spawn(watch(watcher));
    Ok(response)
}

async fn watch(mut watcher: Watcher) {
    // What happened between the page and this stream is told first.
    let mut drawn = watcher.draw().await;
    while matches!(drawn, Drawn::Sent) {
        let hint = tokio::select! {
            hint = next_hint(&mut watcher.events) => hint,
            () = watcher.pen.gone() => return,
        };
        let Some(hint) = hint else { return };
        if watcher.concerns(&hint) {
            drawn = watcher.draw().await;
        }
    }
}

impl Watcher {
    fn concerns(&self, hint: &Hint) -> bool {
        let since = Duration::from_millis(self.web.app.now().since(self.drawn_at).try_into().unwrap_or(0));
        let looks = self.label == CustomerLabel::OnTheWay;
        match hint {
            Hint::Missed => true,
            Hint::Event {
                document: Some(document),
                ..
            } => document.ticket() == Some(self.ticket),
            Hint::Event { document: None, kind } => looks && kind == "position" && since >= POSITION_EVERY,
            Hint::Quiet => since >= DRAW_EVERY,
        }
    }

    async fn draw(&mut self) -> Drawn {
        let tracked = match self.web.tracked(&self.token).await {
            Ok(tracked) => tracked,
            Err(problem) if problem.code() == Code::NotFound => return Drawn::Over,
            // The next hint tries again.
            Err(_) => return Drawn::Sent,
        };
        let view = view(&self.web, self.lang, &tracked, None);
        (self.ticket, self.label, self.drawn_at) = (tracked.record.id, view.current, self.web.app.now());
        match self
            .pen
            .write("update", 0, track_fragment(self.lang, self.web.now(), &view))
            .await
        {
            Err(Gone) => Drawn::Over,
            Ok(()) if view.current == CustomerLabel::Done => Drawn::Over,
            Ok(()) => Drawn::Sent,
        }
    }
}
