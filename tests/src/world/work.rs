//! What people do: honest work, rolled by dice. HQ opens, offers, takes away, cancels; engineers do what the screen
//! offers them, with or without a network.

use fieldline_engine::Bug;
use fieldline_engine::view::{ListFilter, ListScope, TicketView};
use fieldline_model::document::{content, load};
use fieldline_model::fold::{TicketState, fold};
use fieldline_model::id::{DocumentId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{
    Act, Answer, Author, Completion, DeclineReason, FactsEdit, PauseReason, Priority, Span, TicketFacts,
    VisitResult,
};
use fieldline_model::row::Row;
use fieldline_server::door::{DoorError, Performed};
use fieldline_server::store::StoreError;

use super::World;
use super::cast;
use super::phone::Done;

const HOUR_MS: i64 = 3_600_000;

impl World {
    /// HQ does something to a document. `None` when the rules say no or the power goes.
    pub fn hq_does(&mut self, by: Author, document: impl Into<DocumentId>, act: Act) -> Option<Performed> {
        let document = document.into();
        let word = act.word();
        let answer = self
            .hq
            .ask(async move |app| app.perform(by, document, act, None).await)?;
        match answer {
            Ok(performed) => {
                self.tally.count("work.hq");
                Some(performed)
            }
            Err(DoorError::Refused(_) | DoorError::Store(StoreError::Busy | StoreError::Unknown)) => None,
            Err(error) => {
                self.findings.say(format!("HQ cannot {word} {document}: {error}"));
                None
            }
        }
    }

    /// HQ opens a ticket.
    pub fn open_ticket(&mut self) -> Option<TicketId> {
        let facts = TicketFacts {
            // HQ counts for itself.
            number: String::new(),
            ..cast::facts(self.tickets.len())
        };
        let by = Author::Staff(cast::dispatcher());
        let answer = self.hq.ask(async move |app| app.create_ticket(by, facts).await)?;
        let ticket = answer.ok()?;
        self.tickets.push(ticket);
        Some(ticket)
    }

    /// HQ offers a visit of a ticket to these engineers.
    pub fn offer(&mut self, ticket: TicketId, to: Vec<EngineerId>) -> Option<VisitId> {
        let visit = VisitId::new(self.now(), self.dice.bytes());
        let plan = Some(self.plan());
        self.hq_does(
            Author::Staff(cast::dispatcher()),
            ticket,
            Act::Offer { visit, to, plan },
        )?;
        Some(visit)
    }

    fn plan(&mut self) -> Span {
        let start = self.now().plus_ms(self.dice.ms(48) * HOUR_MS);
        Span {
            start,
            end: start.plus_ms(2 * HOUR_MS),
        }
    }

    /// What the server's document says of a ticket now.
    #[must_use]
    pub fn state_at_hq(&self, ticket: TicketId) -> Option<TicketState> {
        let id = DocumentId::from(ticket);
        let mut sql = self
            .hq
            .db()
            .prepare_cached("SELECT snapshot FROM document WHERE id = ?1")
            .ok()?;
        let snapshot: Vec<u8> = sql.query_row([id.to_string()], |row| row.get(0)).ok()?;
        let doc = load(id, &snapshot).ok()?;
        Some(fold(&content(id, &doc).ok()?.events))
    }

    /// Some engineers, each at most once.
    fn some_engineers(&mut self, most: usize) -> Vec<EngineerId> {
        let mut all: Vec<EngineerId> = self.phones.iter().map(|phone| phone.engineer).collect();
        all.sort_unstable();
        all.dedup();
        let many = 1 + self.dice.below(most);
        while all.len() > many {
            let place = self.dice.below(all.len());
            all.swap_remove(place);
        }
        all
    }

    /// Somebody at HQ, or a customer, does one thing.
    pub fn hq_works(&mut self) {
        let new = self.tickets.len() < 3 || self.dice.per_mille(150);
        if new && self.tickets.len() < self.tickets_max() {
            if let Some(ticket) = self.open_ticket() {
                let to = self.some_engineers(3);
                self.offer(ticket, to);
            }
            return;
        }
        if self.dice.per_mille(80) {
            return self.hq_writes_rows();
        }
        if self.dice.per_mille(30) {
            return self.keeper_counts();
        }
        let Some(ticket) = self.dice.pick(&self.tickets).copied() else {
            return;
        };
        if self.dice.per_mille(200) {
            let act = self.customer_act();
            self.hq_does(Author::Customer, ticket, act);
            return;
        }
        let Some(state) = self.state_at_hq(ticket) else {
            return;
        };
        let act = self.hq_act(&state);
        self.hq_does(Author::Staff(cast::dispatcher()), ticket, act);
    }

    /// As many tickets as keep every phone busy and no document long.
    fn tickets_max(&self) -> usize {
        4 + 2 * self.phones.len()
    }

    fn hq_act(&mut self, state: &TicketState) -> Act {
        let visit = VisitId::new(self.now(), self.dice.bytes());
        let open: Vec<VisitId> = state
            .visits
            .values()
            .filter(|visit| visit.is_open())
            .map(|visit| visit.id)
            .collect();
        let some = self.dice.pick(&open).copied();
        if state.status().is_over() {
            return if self.dice.weighted(&[(3, true), (1, false)]) {
                Act::Reopen {
                    reason: "又坏了".into(),
                }
            } else {
                Act::Close
            };
        }
        match (self.dice.below(100), some) {
            (0..=24, Some(from)) => {
                let to = self.some_engineers(2);
                let plan = self.dice.per_mille(500).then(|| self.plan());
                Act::Reassign {
                    from,
                    visit,
                    to,
                    plan,
                }
            }
            (25..=39, Some(visit)) => Act::Reschedule {
                visit,
                plan: self.plan(),
            },
            (40..=49, _) => Act::Cancel {
                reason: "客户取消".into(),
            },
            (50..=55, _) => Act::Resolve {
                text: "电话解决".into(),
            },
            (56..=65, _) => Act::SetFacts(Box::new(FactsEdit {
                priority: Some(Priority::High),
                fault_text: Some(format!("补充 {}", self.dice.below(100))),
                ..FactsEdit::default()
            })),
            (66..=73, _) => Act::Note {
                text: "总部备注".into(),
            },
            _ => Act::Offer {
                visit,
                to: self.some_engineers(3),
                plan: Some(self.plan()),
            },
        }
    }

    fn customer_act(&mut self) -> Act {
        match self.dice.below(4) {
            0 => Act::Message {
                text: "请快一点".into(),
            },
            1 => Act::Urge,
            2 => Act::Wish {
                span: self.plan(),
                text: String::new(),
            },
            _ => Act::Rate {
                stars: 5,
                text: String::new(),
            },
        }
    }

    /// A keeper opens a van or goes through the warehouse, and counts a part.
    fn keeper_counts(&mut self) {
        let place = if self.dice.per_mille(700) {
            let n = self.dice.below(self.phones.len());
            self.van_of(n)
        } else {
            cast::warehouse()
        };
        let parts = cast::parts();
        let part = *self.dice.pick(&parts).expect("there are parts");
        let quantity = i64::try_from(self.dice.below(8)).unwrap_or(0);
        let operation = OperationId::new(self.now(), self.dice.bytes());
        let counted = self
            .hq
            .ask(async move |app| app.set_stock(place, part, quantity, operation).await);
        if let Some(Err(error)) = counted
            && !matches!(error, DoorError::Store(StoreError::Busy | StoreError::Unknown))
        {
            self.findings.say(format!("HQ cannot count: {error}"));
        }
        self.tally.count("stock.counted");
    }

    fn hq_writes_rows(&mut self) {
        let number = self.dice.below(1_000);
        let mut rows = cast::rows(0);
        let place = self.dice.below(8);
        match &mut rows[place] {
            Row::Customer(row) => row.name = format!("客户改名{number}"),
            Row::Contact(row) => row.phone = format!("139{number:08}"),
            Row::Site(row) => row.address = format!("{number}号"),
            Row::Asset(row) => row.serial = format!("SN-{number}"),
            _ => {}
        }
        let row = rows.swap_remove(place);
        if let Some(Err(error)) = self.hq.ask(async move |app| app.put_row(row).await)
            && !matches!(error, DoorError::Store(StoreError::Busy | StoreError::Unknown))
        {
            self.findings.say(format!("HQ cannot write a row: {error}"));
        }
    }

    /// The person with phone `n` does one thing, if there is anything to do.
    pub fn phone_works(&mut self, n: usize) {
        if self.dice.per_mille(40) {
            let text = format!("批注 {}", self.dice.below(1_000));
            self.perform(n, self.article, Act::Annotate { section: None, text });
            return;
        }
        let filter = ListFilter {
            scope: ListScope::All,
            ..ListFilter::default()
        };
        let Done::Well(lines) = self.on(n, |engine, _| engine.list(&filter)) else {
            return;
        };
        let Some(ticket) = self.dice.pick(&lines).map(|line| line.ticket) else {
            return;
        };
        let Done::Well(view) = self.on(n, |engine, moment| engine.ticket(ticket, moment)) else {
            return;
        };
        if self.dice.per_mille(45) {
            self.take_photo(n, ticket);
            return;
        }
        let act = match view.visits.first().map(|view| view.visit.id) {
            Some(visit) if self.lax(n) && self.dice.per_mille(150) => self.step_out_of_order(visit),
            _ => self.field_act(n, &view),
        };
        self.perform(n, ticket, act);
    }

    /// An app of another version, with other rules.
    fn lax(&self, n: usize) -> bool {
        self.phones[n].bugs.contains(&Bug::RulesSkipped)
    }

    fn step_out_of_order(&mut self, visit: VisitId) -> Act {
        let words = ["accept", "depart", "arrive", "start", "resume", "finish"];
        let word = self.dice.pick(&words).expect("there are words");
        self.step(word, visit)
    }

    fn field_act(&mut self, n: usize, view: &TicketView) -> Act {
        let step = self.dice.pick(&view.next).copied();
        if let (Some(word), Some(visit)) = (step, view.mine)
            && self.dice.per_mille(650)
        {
            return self.step(word, visit);
        }
        match (self.dice.below(10), view.mine) {
            (0..=2, _) => Act::Note {
                text: format!("笔记 {}", self.dice.below(1_000)),
            },
            (3, _) => Act::Answer {
                item: "leak".into(),
                answer: Answer::Tick(true),
            },
            (4, _) => Act::Answer {
                item: "pressure".into(),
                answer: Answer::Reading {
                    value: 2.5,
                    unit: "bar".into(),
                },
            },
            (5..=7, _) => {
                let from = if self.dice.per_mille(800) {
                    self.van_of(n)
                } else {
                    cast::warehouse()
                };
                let parts = cast::parts();
                let part = *self.dice.pick(&parts).expect("there are parts");
                let quantity = 1 + u32::from(self.dice.per_mille(200));
                match self.dice.below(10) {
                    0 => Act::RequestPart {
                        part,
                        quantity,
                        from: cast::warehouse(),
                    },
                    1 => {
                        let colleague = self.dice.below(self.phones.len());
                        let to = self.van_of(colleague);
                        Act::TransferPart {
                            part,
                            quantity,
                            from,
                            to: if to == from { cast::warehouse() } else { to },
                        }
                    }
                    _ => Act::UsePart { part, quantity, from },
                }
            }
            (8, _) => Act::Sign {
                name: "客户".into(),
                path: "M0,0 L10,10".into(),
            },
            (_, Some(visit)) => Act::Estimate {
                visit,
                arrival: self.now().plus_ms(HOUR_MS),
            },
            (_, None) => Act::Note {
                text: "看过".into()
            },
        }
    }

    fn van_of(&self, n: usize) -> fieldline_model::id::LocationId {
        let me = self.phones[n].engineer;
        let place = (0..self.phones.len()).find(|place| cast::engineer(*place) == me);
        cast::van(place.unwrap_or(0))
    }

    fn step(&mut self, word: &str, visit: VisitId) -> Act {
        match word {
            "accept" => Act::Accept { visit },
            // Somebody has to work: most offers are taken.
            "decline" if self.dice.per_mille(800) => Act::Note {
                text: "考虑中".into(),
            },
            "decline" => Act::Decline {
                visit,
                reason: DeclineReason::NoTime,
                text: String::new(),
            },
            "depart" => Act::Depart { visit, eta: None },
            "arrive" => Act::Arrive {
                visit,
                position: None,
            },
            "start" => Act::Start { visit },
            "pause" => Act::Pause {
                visit,
                reason: PauseReason::WaitingParts,
            },
            "resume" => Act::Resume { visit },
            "could_not" => Act::Finish {
                visit,
                completion: Completion {
                    result: VisitResult::CouldNot,
                    ..self.completion()
                },
            },
            _ => Act::Finish {
                visit,
                completion: self.completion(),
            },
        }
    }

    fn completion(&mut self) -> Completion {
        let result = self.dice.weighted(&[
            (6, VisitResult::Fixed),
            (2, VisitResult::Partly),
            (1, VisitResult::NoFaultFound),
            (2, VisitResult::CouldNot),
        ]);
        Completion {
            result,
            cause: None,
            remedy: None,
            text: "已处理".into(),
        }
    }
}
