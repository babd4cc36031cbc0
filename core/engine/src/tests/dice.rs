//! Dice: taps, lost and late replies, kills, refusals, restored servers and phones, in any order. Whatever happened,
//! in the end every operation has one fate and both sides hold the same.

use std::collections::BTreeMap;

use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, PauseReason};
use fieldline_model::wire::{Exchange, Fate, Reply};

use super::phone::Phone;
use super::server::Server;
use crate::{Bug, EngineError, FaultPoint, Killed};

/// Seeds in an everyday run; `FIELDLINE_SEEDS` asks for more.
const SEEDS: u64 = 20;
const STEPS: usize = 60;
/// A planted bug must show within so many seeds.
const BUG_SEEDS: u64 = 60;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

struct World {
    dice: Dice,
    server: Server,
    phone: Phone,
    tickets: Vec<(TicketId, VisitId)>,
    saved: BTreeMap<OperationId, TicketId>,
    replies: Vec<(Exchange, Reply)>,
    backup: Option<Server>,
    seed: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut server = Server::new();
        let mut phone = Phone::enrolled(&mut server);
        let tickets = vec![server.ticket(1), server.ticket(2), server.ticket(3)];
        phone.sync(&mut server);
        let dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995);
        Self {
            dice,
            server,
            phone,
            tickets,
            saved: BTreeMap::new(),
            replies: vec![],
            backup: None,
            seed,
        }
    }

    fn step(&mut self) {
        let place = self.dice.roll(3);
        let (ticket, visit) = self.tickets[place];
        match self.dice.roll(20) {
            0..=6 => self.tap(ticket, visit),
            7 => self.hq_writes(ticket),
            8..=10 => self.send(),
            11 | 12 => self.receive(),
            13 => self.replies.clear(),
            14 => self.phone.open().unwrap(),
            15 => self.toggle_refusal(),
            16 => self.server.later = !self.server.later,
            17 => self.server_backup_or_restore(),
            18 => self.kill_somewhere(ticket, visit),
            _ => {
                self.server.page_max = [1, 2, 1_000][self.dice.roll(3)];
                self.phone.clock += 600_000;
            }
        }
    }

    fn tap(&mut self, ticket: TicketId, visit: VisitId) {
        let act = match self.dice.roll(8) {
            0 => Act::Accept { visit },
            1 => Act::Depart { visit, eta: None },
            2 => Act::Arrive {
                visit,
                position: None,
            },
            3 => Act::Start { visit },
            4 => Act::Pause {
                visit,
                reason: PauseReason::Break,
            },
            5 => Act::Resume { visit },
            _ => Act::Note {
                text: format!("note {}", self.saved.len()),
            },
        };
        match self.phone.try_perform(ticket, act) {
            Ok(id) => drop(self.saved.insert(id, ticket)),
            Err(EngineError::Rule(_)) => {}
            Err(error) => panic!("seed {}: {error}", self.seed),
        }
    }

    /// Two notes, the later one first in the log: what it builds on comes behind it.
    fn hq_writes(&mut self, ticket: TicketId) {
        for text in ["first", "second"] {
            self.server.staff(ticket.into(), Act::Note { text: text.into() });
        }
        let end = self.server.log.len();
        self.server.log.swap(end - 1, end - 2);
    }

    fn send(&mut self) {
        self.server.now = self.server.now.max(self.phone.clock);
        let exchange = self.phone.next();
        let reply = self.server.take(&exchange);
        self.replies.push((exchange, reply));
    }

    /// Any reply under way arrives, perhaps twice, perhaps late.
    fn receive(&mut self) {
        if self.replies.is_empty() {
            return;
        }
        let place = self.dice.roll(self.replies.len());
        let (exchange, reply) = self.replies[place].clone();
        if self.dice.roll(3) > 0 {
            self.replies.remove(place);
        }
        let before = self.phone.cursor();
        self.phone
            .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
            .unwrap();
        let after = self.phone.cursor();
        let back = after.epoch == before.epoch && after.seq < before.seq;
        assert!(
            !back || self.phone.resets() > 0,
            "seed {}: the cursor went back",
            self.seed
        );
    }

    fn toggle_refusal(&mut self) {
        let word = ["accept", "note", "depart"][self.dice.roll(3)];
        if !self.server.refuse.remove(word) {
            self.server.refuse.insert(word);
        }
    }

    fn server_backup_or_restore(&mut self) {
        match self.backup.take() {
            Some(backup) if self.dice.roll(2) == 0 => {
                let (epoch, now) = (self.server.epoch, self.server.now);
                self.server = backup;
                self.server.epoch = epoch + 1;
                self.server.now = now;
            }
            _ => self.backup = Some(self.server.clone()),
        }
    }

    fn kill_somewhere(&mut self, ticket: TicketId, visit: VisitId) {
        let point = FaultPoint::ALL[self.dice.roll(FaultPoint::ALL.len())];
        self.phone
            .engine()
            .set_fault_hook(Box::new(move |at| if at == point { Err(Killed) } else { Ok(()) }));
        let act = if self.dice.roll(2) == 0 {
            Act::Accept { visit }
        } else {
            Act::Note {
                text: "killed".into(),
            }
        };
        if let Ok(id) = self.phone.try_perform(ticket, act) {
            self.saved.insert(id, ticket);
        }
        let exchange = self.phone.with(|engine, moment| engine.sync_next(moment));
        if let Ok(Some(exchange)) = exchange {
            let reply = self.server.take(&exchange);
            self.phone
                .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
                .ok();
        }
        self.phone.open().unwrap();
    }

    fn heal(&mut self) {
        self.server.later = false;
        self.server.page_max = 1_000;
        for _ in 0..6 {
            self.phone.clock += 4_000_000;
            self.server.now = self.server.now.max(self.phone.clock);
            self.phone.sync(&mut self.server);
        }
    }

    fn check(&mut self) {
        let seed = self.seed;
        let status = self.phone.engine().status().unwrap();
        assert_eq!(status.saved_here, 0, "seed {seed}: {:?}", status.waiting);
        assert!(
            status.complete && status.stuck.is_empty(),
            "seed {seed}: {status:?}"
        );
        // Reading everything again is the net under all others; only a bug falls into it.
        assert_eq!(
            self.phone.resets(),
            0,
            "seed {seed}: everything had to be read again"
        );
        for (id, ticket) in &self.saved {
            let Some(fate) = self.server.fates.get(id) else {
                // A restored server forgets what it refused; the person was told and the phone does not ask again.
                let told = status
                    .cards
                    .iter()
                    .any(|card| card.operation == *id && card.fate == "refused");
                assert!(told, "seed {seed}: {id} was lost");
                continue;
            };
            let holds = self.server.holds((*ticket).into(), *id);
            assert_eq!(
                holds,
                !matches!(fate.0, Fate::Refused { .. }),
                "seed {seed}: {id}"
            );
        }
        for (ticket, _) in self.tickets.clone() {
            let view = self
                .phone
                .with(|engine, moment| engine.ticket(ticket, moment))
                .unwrap();
            assert_eq!(view.pending, 0, "seed {seed}");
        }
    }
}

fn play(seed: u64, bug: Option<Bug>) {
    let mut world = World::new(seed);
    world.phone.bug = bug;
    world.phone.open().unwrap();
    for _ in 0..STEPS {
        world.step();
    }
    world.heal();
    world.check();
}

/// Every planted bug is found by the same dice that find nothing without it.
#[test]
fn planted_bugs_are_found() {
    for bug in Bug::ALL {
        let found = (0..BUG_SEEDS).any(|seed| std::panic::catch_unwind(|| play(seed, Some(*bug))).is_err());
        assert!(found, "{bug:?} was not found within {BUG_SEEDS} seeds");
    }
}

#[test]
fn whatever_the_dice_say_every_operation_has_one_fate() {
    if let Some(seed) = std::env::var("FIELDLINE_SEED").ok().and_then(|n| n.parse().ok()) {
        return play(seed, None);
    }
    let seeds = std::env::var("FIELDLINE_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(SEEDS);
    for seed in 0..seeds {
        play(seed, None);
    }
}
