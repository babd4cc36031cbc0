//! The road between phones and server: it loses, repeats, delays and cuts, and sometimes somebody else answers.
//!
//! It knows nothing of what it carries. A fault is rolled per exchange, or forced by a test.

use std::collections::VecDeque;

use axum::http::HeaderMap;

use super::dice::Dice;
use super::tally::Tally;

/// Media type of the wire.
pub const MEDIA_TYPE: &str = "application/vnd.fieldline+cbor-zstd";

/// How it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verb {
    /// Takes a message.
    #[default]
    Post,
    /// How much of a blob is there.
    Head,
    /// The bytes of a blob.
    Get,
    /// More bytes of a blob.
    Patch {
        /// From here on.
        offset: u64,
        /// Of so many in all.
        length: u64,
    },
}

/// What a phone sends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Path and query.
    pub path: String,
    /// Bearer token, once there is one.
    pub token: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// How it asks.
    pub verb: Verb,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub content_type: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// What may go wrong with one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetFault {
    /// The server never hears of it.
    RequestLost,
    /// The server did it, the phone never hears.
    ReplyLost,
    /// The server gets it twice; the phone hears the second answer.
    RequestTwice,
    /// The phone gives up, and the request arrives after others.
    RequestLate,
    /// Half of the request arrives.
    RequestCut,
    /// Half of the reply arrives.
    ReplyCut,
    /// A captive portal answers 200 with a page.
    Portal,
    /// A proxy answers 502.
    Gateway,
    /// The server says it is busy.
    Busy,
}

impl NetFault {
    /// All of them, for the dice.
    pub const ALL: &'static [Self] = &[
        Self::RequestLost,
        Self::ReplyLost,
        Self::RequestTwice,
        Self::RequestLate,
        Self::RequestCut,
        Self::ReplyCut,
        Self::Portal,
        Self::Gateway,
        Self::Busy,
    ];

    /// Its name in a [`Tally`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestLost => "net.request_lost",
            Self::ReplyLost => "net.reply_lost",
            Self::RequestTwice => "net.request_twice",
            Self::RequestLate => "net.request_late",
            Self::RequestCut => "net.request_cut",
            Self::ReplyCut => "net.reply_cut",
            Self::Portal => "net.portal",
            Self::Gateway => "net.gateway",
            Self::Busy => "net.busy",
        }
    }
}

/// The road, with its weather.
#[derive(Debug)]
pub struct Network {
    /// How many of a thousand exchanges go wrong.
    pub faults_per_mille: u32,
    /// Faults of the next exchanges, before any dice.
    pub forced: VecDeque<NetFault>,
    /// So many of the next replies come late.
    pub replies_late: u32,
    dice: Dice,
    late: Vec<Request>,
}

const PORTAL: &str = "<!doctype html><title>Guest Wi-Fi</title><p>Please sign in.</p>";

fn page(status: u16, body: &str) -> Answer {
    Answer {
        status,
        content_type: "text/html".into(),
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    }
}

impl Network {
    /// A calm network.
    #[must_use]
    pub fn new(dice: Dice) -> Self {
        Self {
            faults_per_mille: 0,
            forced: VecDeque::new(),
            replies_late: 0,
            dice,
            late: Vec::new(),
        }
    }

    /// Requests still under way from phones that gave up.
    #[must_use]
    pub fn late_requests(&self) -> usize {
        self.late.len()
    }

    /// Carries one exchange. `None`: the phone hears nothing.
    pub fn carry(
        &mut self,
        request: Request,
        tally: &mut Tally,
        server: &mut dyn FnMut(Request) -> Option<Answer>,
    ) -> Option<Answer> {
        let fault = self.forced.pop_front().or_else(|| self.roll());
        if let Some(fault) = fault {
            tally.count(fault.name());
        }
        match fault {
            None => server(request),
            Some(NetFault::RequestLost) => None,
            Some(NetFault::ReplyLost) => {
                server(request);
                None
            }
            Some(NetFault::RequestTwice) => {
                server(request.clone());
                server(request)
            }
            Some(NetFault::RequestLate) => {
                self.late.push(request);
                None
            }
            Some(NetFault::RequestCut) => {
                let half = self.dice.below(request.body.len());
                let body = request.body[..half].to_vec();
                server(Request { body, ..request });
                None
            }
            Some(NetFault::ReplyCut) => server(request).map(|mut answer| {
                answer.body.truncate(self.dice.below(answer.body.len()));
                answer
            }),
            Some(NetFault::Portal) => Some(page(200, PORTAL)),
            Some(NetFault::Gateway) => Some(page(502, "Bad Gateway")),
            Some(NetFault::Busy) => Some(page(503, "")),
        }
    }

    fn roll(&mut self) -> Option<NetFault> {
        let wrong = self.dice.per_mille(self.faults_per_mille);
        wrong.then(|| self.dice.pick(NetFault::ALL).copied()).flatten()
    }

    /// True when this reply, which the phone will give up on, comes in after others.
    pub fn reply_is_late(&mut self, tally: &mut Tally) -> bool {
        let late = self.replies_late > 0 || self.dice.per_mille(self.faults_per_mille / 6);
        self.replies_late = self.replies_late.saturating_sub(1);
        if late {
            tally.count("net.reply_late");
        }
        late
    }

    /// What was under way arrives now, in any order; nobody waits for the answers.
    pub fn deliver_late(&mut self, server: &mut dyn FnMut(Request) -> Option<Answer>) {
        while !self.late.is_empty() {
            let place = self.dice.below(self.late.len());
            server(self.late.swap_remove(place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carry(fault: NetFault) -> (Option<Answer>, usize) {
        let mut network = Network::new(Dice::new(1));
        network.forced.push_back(fault);
        let mut heard = 0;
        let mut tally = Tally::default();
        let request = Request {
            path: "/".into(),
            token: None,
            body: vec![1; 10],
            ..Request::default()
        };
        let mut server = |request: Request| {
            heard += 1;
            Some(Answer {
                status: 200,
                content_type: "x".into(),
                headers: HeaderMap::new(),
                body: request.body,
            })
        };
        let answer = network.carry(request, &mut tally, &mut server);
        network.deliver_late(&mut server);
        assert_eq!(tally.of(fault.name()), 1);
        (answer, heard)
    }

    #[test]
    fn each_fault_does_what_it_says() {
        assert_eq!(carry(NetFault::RequestLost), (None, 0));
        assert_eq!(carry(NetFault::ReplyLost), (None, 1));
        assert_eq!(carry(NetFault::RequestLate), (None, 1));
        assert_eq!(carry(NetFault::RequestTwice).1, 2);
        assert!(
            carry(NetFault::ReplyCut)
                .0
                .is_some_and(|answer| answer.body.len() < 10)
        );
        assert!(
            carry(NetFault::Portal)
                .0
                .is_some_and(|answer| answer.status == 200)
        );
    }
}
