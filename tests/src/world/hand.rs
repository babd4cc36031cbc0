//! Two phones at a site without signal: one shows its card, the other hands it a bundle.

use fieldline_engine::{BundleError, EngineError, Imported, NotCarried};
use fieldline_model::card::Card;
use fieldline_model::reason::Reason;

use super::World;
use super::phone::Done;

impl World {
    /// What a phone shows.
    ///
    /// # Panics
    /// When it shows nothing.
    pub fn card(&mut self, n: usize) -> Card {
        match self.on(n, |engine, moment| engine.card(moment)) {
            Done::Well(card) => card,
            done => panic!("phone {n} has no card: {done:?}"),
        }
    }

    /// What a phone makes for the phone with this card.
    ///
    /// # Errors
    /// As the phone says.
    ///
    /// # Panics
    /// When it fails otherwise.
    pub fn bundle(&mut self, from: usize, card: &Card) -> Result<Vec<u8>, BundleError> {
        match self.on(from, |engine, moment| engine.export_bundle(card, moment)) {
            Done::Well(made) => Ok(made.bytes),
            Done::No(EngineError::Bundle(error)) => Err(error),
            done => panic!("phone {from} makes no bundle: {done:?}"),
        }
    }

    /// A phone takes a bundle in.
    ///
    /// # Errors
    /// As the phone says.
    ///
    /// # Panics
    /// When it fails otherwise.
    pub fn take_bundle(&mut self, n: usize, bytes: &[u8]) -> Result<Imported, BundleError> {
        match self.on(n, |engine, moment| engine.import_bundle(bytes, moment)) {
            Done::Well(imported) => {
                self.tally.count("bundle.taken");
                Ok(imported)
            }
            Done::No(EngineError::Bundle(error)) => Err(error),
            done => panic!("phone {n} takes no bundle: {done:?}"),
        }
    }

    /// Two phones meet, in whatever state they are. What stands in the way is told, and nothing changes then.
    pub fn try_hand(&mut self, from: usize, to: usize) {
        let Done::Well(card) = self.on(to, |engine, moment| engine.card(moment)) else {
            return;
        };
        let Done::Well(made) = self.on(from, |engine, moment| engine.export_bundle(&card, moment)) else {
            return;
        };
        self.tally.count("bundle.made");
        match self.on(to, |engine, moment| engine.import_bundle(&made.bytes, moment)) {
            Done::Well(imported) => {
                self.tally.count("bundle.taken");
                // Who may hold what each knows as of its own last sync.
                let is_wrong = |refused: &NotCarried| refused.code != Reason::OutOfScope.code();
                self.findings.expect(!imported.refused.iter().any(is_wrong), || {
                    format!("phone {to} does not carry for {from}: {:?}", imported.refused)
                });
            }
            Done::No(EngineError::Bundle(_) | EngineError::DiskFull) | Done::Died(_) => {}
            Done::No(error) => self.findings.say(format!("phone {to} takes no bundle: {error}")),
        }
    }

    /// One phone hands another all it may.
    ///
    /// # Panics
    /// When either will not.
    pub fn hand(&mut self, from: usize, to: usize) -> Imported {
        let card = self.card(to);
        let bytes = self.bundle(from, &card).expect("something to hand over");
        self.take_bundle(to, &bytes).expect("it is for this phone")
    }
}
