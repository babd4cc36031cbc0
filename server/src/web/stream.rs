//! Live streams: a bounded number of them, each with a small queue, each ending when its reader may no longer read.
//!
//! A stream is a hint drawn as markup: what it sends is read from the record after the hint, so a reader that lagged
//! behind is told the present state and misses nothing that still holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use fieldline_model::id::DocumentId;
use fieldline_model::plain::plain;
use maud::Markup;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use crate::live::LiveEvent;
use crate::problem::{Code, Problem};

/// Streams of this process at once.
const STREAMS_MAX: usize = 4_000;
/// Streams of one session or one customer's link at once: some open tabs.
const STREAMS_EACH_MAX: usize = 12;
/// Events that may wait for one slow reader; behind a full queue he gets the present state later, not every step.
const QUEUE_MAX: usize = 32;
/// A comment this often keeps proxies from closing a quiet line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Whether the reader may still read is asked at least this often.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// From where on a stream tells: the place in its address, or the last one this browser was told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resumed(pub(crate) u64);

impl<S: Sync> FromRequestParts<S> for Resumed {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let told = parts
            .headers
            .get("last-event-id")
            .and_then(|value| value.to_str().ok());
        let query = parts.uri.query().unwrap_or_default();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("since="));
        let place = told.or(asked).and_then(|text| text.parse().ok());
        Ok(Self(place.unwrap_or(u64::MAX)))
    }
}

/// Who holds how many streams.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<[u8; 32], usize>>,
}

/// One open stream; gives its place back when it ends.
pub(crate) struct Seat {
    streams: Arc<Streams>,
    holder: [u8; 32],
}

impl Streams {
    /// A place for one more stream.
    ///
    /// # Errors
    /// [`Code::Busy`] when there is none.
    pub(crate) fn seat(self: &Arc<Self>, holder: [u8; 32]) -> Result<Seat, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let held = open.entry(holder).or_default();
        if all >= STREAMS_MAX || *held >= STREAMS_EACH_MAX {
            return Err(Problem::new(Code::Busy));
        }
        *held += 1;
        Ok(Seat {
            streams: Arc::clone(self),
            holder,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = open.get_mut(&self.holder) {
            *held -= 1;
            if *held == 0 {
                open.remove(&self.holder);
            }
        }
    }
}

/// Why a stream draws something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Something happened to a document, or to something else.
    Event {
        /// The document; `None` for rows, positions and devices.
        document: Option<DocumentId>,
        /// The word of the act.
        kind: String,
    },
    /// Some hints were missed: draw the present state.
    Missed,
    /// Nothing happened for a while.
    Quiet,
}

/// The next hint; `None` when nothing will come any more.
pub(crate) async fn next_hint(events: &mut Receiver<LiveEvent>) -> Option<Hint> {
    match tokio::time::timeout(ASK_AGAIN, events.recv()).await {
        Ok(Ok(LiveEvent { document, kind, .. })) => Some(Hint::Event { document, kind }),
        Ok(Err(RecvError::Lagged(_))) => Some(Hint::Missed),
        Ok(Err(RecvError::Closed)) => None,
        Err(_) => Some(Hint::Quiet),
    }
}

/// The writing end of a stream.
pub(crate) struct Pen(mpsc::Sender<Event>);

/// The reader went away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

impl Pen {
    /// Sends markup under an event's name, waiting for a slow reader. `place` comes back as [`Resumed`] when the browser
    /// opens the stream again.
    pub(crate) async fn write(&self, name: &'static str, place: u64, markup: Markup) -> Result<(), Gone> {
        // Stray characters, of which a carriage return would end the line of an event.
        let data = plain(&markup.into_string()).into_owned();
        self.0
            .send(Event::default().event(name).id(place.to_string()).data(data))
            .await
            .map_err(|_| Gone)
    }

    /// Resolves when the reader has gone away.
    pub(crate) async fn gone(&self) {
        self.0.closed().await;
    }
}

/// An answer that stays open, and the pen to write into it. The task that holds the pen must end when it is `gone`.
pub(crate) fn open() -> (Pen, Response) {
    let (sender, receiver) = mpsc::channel(QUEUE_MAX);
    let events = ReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>);
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    (Pen(sender), sse.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_takes_some_seats_and_gives_them_back() {
        let streams = Arc::new(Streams::default());
        let seats: Vec<Seat> = (0..STREAMS_EACH_MAX)
            .map(|_| streams.seat([1; 32]).unwrap())
            .collect();
        assert!(streams.seat([1; 32]).is_err());
        assert!(streams.seat([2; 32]).is_ok());
        drop(seats);
        assert!(streams.seat([1; 32]).is_ok());
        assert!(streams.open.lock().unwrap().is_empty());
    }
}
