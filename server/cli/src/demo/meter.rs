//! What goes over the wire between phones and server: bodies of requests and answers, counted where they arrive.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

/// Where phones exchange.
const EXCHANGE: &str = "/sync/v1/exchange";
const SYNC: &str = "/sync/";

/// The counts so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    round_trips: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// Exchanges.
    pub(super) round_trips: u64,
    /// Bytes to the server.
    pub(super) bytes_up: u64,
    /// Bytes to the phones.
    pub(super) bytes_down: u64,
}

impl Meter {
    /// The same router, counted.
    pub(super) fn on(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), count))
    }

    /// What was counted until now.
    pub(super) fn read(&self) -> Counted {
        let Counts {
            round_trips,
            up,
            down,
        } = &*self.0;
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counted {
            round_trips: read(round_trips),
            bytes_up: read(up),
            bytes_down: read(down),
        }
    }
}

async fn count(State(meter): State<Meter>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with(SYNC) {
        return next.run(request).await;
    }
    let add = |count: &AtomicU64, n: u64| count.fetch_add(n, Ordering::Relaxed);
    add(&meter.0.round_trips, u64::from(path == EXCHANGE));
    add(&meter.0.up, request.body().size_hint().exact().unwrap_or(0));
    let response = next.run(request).await;
    add(&meter.0.down, response.body().size_hint().exact().unwrap_or(0));
    response
}
