//! A phone's sync over the world's network, and what counts as everybody being in step.

use fieldline_engine::{EngineError, Progress};
use fieldline_model::wire::{Cursor, Exchange, Reply, pack, unpack};

use super::World;
use super::network::{Answer, MEDIA_TYPE, Request};
use super::phone::Done;

/// Where phones sync.
pub const SYNC: &str = "/sync/v1/exchange";
/// Most exchanges of one sync: far more than any honest amount of work needs.
const EXCHANGES_MAX: usize = 40;
/// Most rounds until everybody is in step: a queue that is still not empty then is blocked.
const ROUNDS_MAX: usize = 12;
/// What an exchange takes, in milliseconds.
const EXCHANGE_MS: i64 = 80;
/// Between rounds: longer than a phone waits at most before it tries a document again.
pub(super) const ROUND_MS: i64 = 31 * 60 * 1_000;

/// Changes replies on their way to phone `n`: a server with a bug of its own.
pub type Tamper = Box<dyn FnMut(usize, &mut Reply)>;

/// A reply under way: to which phone, to which process on it, to which question.
pub type LateReply = (usize, u64, Exchange, Reply);

/// How a sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synced {
    /// There was nothing more to do; `idle` when there had been nothing to do at all.
    Through {
        /// No verdict and no change came.
        idle: bool,
    },
    /// The network or the server failed.
    Cut,
    /// The phone died.
    Died,
    /// It never came to an end.
    Endless,
}

impl World {
    /// One phone syncs until there is nothing more, or something breaks; then its photos go up.
    pub fn sync(&mut self, n: usize) -> Synced {
        match self.sync_words(n) {
            Synced::Through { idle } => Synced::Through {
                idle: self.send_photos(n) && idle,
            },
            cut => cut,
        }
    }

    fn sync_words(&mut self, n: usize) -> Synced {
        if self.phones[n].offline {
            return Synced::Cut;
        }
        let mut idle = true;
        for _ in 0..EXCHANGES_MAX {
            let exchange = match self.on(n, |engine, moment| engine.sync_next(moment)) {
                Done::Well(Some(exchange)) => exchange,
                Done::Well(None) => return Synced::Through { idle },
                Done::Died(_) => return Synced::Died,
                Done::No(error) => return self.sync_failed(n, &error),
            };
            self.watch_cursor(n, exchange.hello.cursor);
            let Some(reply) = self.exchange(n, &exchange) else {
                return Synced::Cut;
            };
            idle &= is_idle(&exchange, &reply);
            if reply.page.as_ref().is_some_and(|page| page.resumed.is_some()) {
                self.tally.count("phone.resumed");
            }
            match self.on(n, |engine, moment| engine.sync_take(&exchange, reply, moment)) {
                Done::Well(Progress { more: true, .. }) => {}
                Done::Well(Progress { compacted, .. }) => {
                    if compacted > 0 {
                        self.tally.count("phone.compacted");
                    }
                    return Synced::Through { idle };
                }
                Done::Died(_) => return Synced::Died,
                Done::No(error) => return self.sync_failed(n, &error),
            }
        }
        Synced::Endless
    }

    /// A cursor only goes forward, unless everything is read again from the start.
    fn watch_cursor(&mut self, n: usize, now: Cursor) {
        let before = std::mem::replace(&mut self.phones[n].stood, now);
        let back = now.epoch == before.epoch && now.seq != 0 && now.seq < before.seq;
        self.findings.expect(!back, || {
            format!(
                "phone {n}: its cursor went back from {} to {}",
                before.seq, now.seq
            )
        });
    }

    fn sync_failed(&mut self, n: usize, error: &EngineError) -> Synced {
        match error {
            EngineError::DiskFull => self.tally.count("disk.full"),
            // The person is told to have it enrolled again.
            EngineError::KeyLost => self.tally.count("phone.key_lost"),
            _ => self.findings.say(format!("phone {n} cannot sync: {error}")),
        }
        Synced::Cut
    }

    /// One exchange over the network. `None` when no reply of the server came.
    fn exchange(&mut self, n: usize, exchange: &Exchange) -> Option<Reply> {
        let token = match self.on(n, |engine, _| Ok(engine.token())) {
            Done::Well(token) => token,
            Done::No(_) | Done::Died(_) => None,
        };
        let body = pack(exchange).expect("an exchange fits a message");
        let request = Request {
            path: SYNC.into(),
            token,
            body,
            ..Request::default()
        };
        self.clock.pass(EXCHANGE_MS);
        let Self {
            network, tally, hq, ..
        } = self;
        let answer = network.carry(request, tally, &mut |request| hq.call(request));
        let mut reply = answer.and_then(|answer| self.reply(n, &answer));
        if let (Some(reply), Some(tamper)) = (&mut reply, &mut self.tamper) {
            tamper(n, reply);
        }
        if reply.is_some() && self.network.reply_is_late(&mut self.tally) {
            let process = self.phones[n].process();
            self.late_replies
                .extend(reply.map(|reply| (n, process, exchange.clone(), reply)));
            return None;
        }
        reply
    }

    /// Replies that phones had given up on come in after all, in any order, if the same process still runs.
    fn deliver_late_replies(&mut self) {
        while !self.late_replies.is_empty() {
            let place = self.dice.below(self.late_replies.len());
            let (n, process, exchange, reply) = self.late_replies.swap_remove(place);
            if !self.phones[n].is_on() || self.phones[n].process() != process {
                continue;
            }
            if let Done::No(error) = self.on(n, |engine, moment| engine.sync_take(&exchange, reply, moment)) {
                self.sync_failed(n, &error);
            }
        }
    }

    /// What the thin shell around the engine does with an answer.
    fn reply(&mut self, n: usize, answer: &Answer) -> Option<Reply> {
        match answer.status {
            200 if answer.content_type == MEDIA_TYPE => unpack(&answer.body).ok(),
            401 => {
                // Another copy of it enrolled again; its person does so too.
                if let Done::No(error) = self.on(n, |engine, _| engine.token_refused()) {
                    self.findings
                        .say(format!("phone {n} cannot note that it is not accepted: {error}"));
                }
                self.tally.count("phone.not_accepted");
                None
            }
            200 | 502 | 503 => None,
            status => {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                self.findings
                    .say(format!("phone {n} was answered {status}: {text}"));
                None
            }
        }
    }

    /// Requests and replies still under way arrive.
    pub fn deliver_late(&mut self) {
        self.deliver_late_replies();
        let Self { network, hq, .. } = self;
        network.deliver_late(&mut |request| hq.call(request));
    }

    /// Everybody in reach syncs, round after round, until a round brings nothing new. That this ends is an invariant.
    pub fn settle(&mut self) {
        if !self.rounds() {
            self.say_blocked();
        }
    }

    pub(super) fn say_blocked(&mut self) {
        self.findings.say(format!(
            "BLOCKED: not everybody is in step after {ROUNDS_MAX} rounds"
        ));
    }

    /// As [`Self::settle`]; false when it did not end.
    pub(super) fn rounds(&mut self) -> bool {
        for _ in 0..ROUNDS_MAX {
            let mut quiet = true;
            for n in 0..self.phones.len() {
                if self.phones[n].offline {
                    continue;
                }
                self.enrol_where_told(n);
                quiet &= matches!(self.sync(n), Synced::Through { idle: true });
            }
            quiet &= !self.decide_all();
            if quiet {
                return true;
            }
            self.clock.pass(ROUND_MS);
        }
        false
    }
}

fn is_idle(exchange: &Exchange, reply: &Reply) -> bool {
    let items = reply
        .page
        .as_ref()
        .is_some_and(|page| !page.items.is_empty() || page.more);
    exchange.push.is_empty()
        && exchange.relay.is_empty()
        && exchange.heal.is_empty()
        && exchange.want.is_empty()
        && reply.verdicts.is_empty()
        && !items
}
