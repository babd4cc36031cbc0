//! Two phones that meet in one network where HQ cannot be reached: who speaks when, as a machine without sockets.
//!
//! One waits and shows a code, the other joins with it. Both say who they are, both hand over, and only when both bundles
//! are across is anything taken in. A meeting that is cut before leaves both as they were; one that is cut later has taken a
//! bundle that may come twice. Bundles are made, checked and taken as they are everywhere; a meeting frees nobody's work.

mod line;

use fieldline_model::card::Card;
use fieldline_model::id::EngineerId;
use fieldline_model::meeting::MEETING_SECRET_BYTES;
use fieldline_model::wire::{
    Bytes, MEETING_BUNDLE_BYTES_MAX, MEETING_WORD_BYTES_MAX, MeetingWord, TookCounts,
};

use crate::bundle::{BundleError, Imported};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::moment::Moment;
use line::{Chosen, HELLO_BYTES, Line, NONCE_BYTES, Role, Secret, TAG_BYTES, hello, read_hello};

/// Why two phones did not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MeetingError {
    /// What was typed is not the code of a phone that waits.
    #[error("not the code of a phone that waits")]
    NoCode,
    /// This phone cannot be reached at the address it was told to wait at.
    #[error("cannot wait at this address")]
    NoPlace,
    /// Nobody answers where the code says.
    #[error("nobody waits there")]
    Nobody,
    /// Whoever answered has not shown that he has the code.
    #[error("whoever answered does not have the code")]
    NotKnown,
    /// Nobody came in time.
    #[error("nobody came")]
    NobodyCame,
    /// Too many came who did not have the code.
    #[error("too many strangers")]
    Strangers,
    /// The line broke, or fell silent, before both had handed over.
    #[error("the line was cut")]
    Cut,
    /// What came is not what the other phone said, or not what it says at this point.
    #[error("what came is damaged")]
    Damaged,
    /// The other phone does not go on, and tells its owner why.
    #[error("the other phone does not go on")]
    Stopped,
}

impl MeetingError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoCode => "meeting_code_unknown",
            Self::NoPlace => "meeting_no_place",
            Self::Nobody => "meeting_nobody",
            Self::NotKnown => "meeting_not_known",
            Self::NobodyCame => "meeting_nobody_came",
            Self::Strangers => "meeting_strangers",
            Self::Cut => "meeting_cut",
            Self::Damaged => "meeting_damaged",
            Self::Stopped => "meeting_stopped",
        }
    }
}

/// What came of a meeting.
#[derive(Debug)]
pub struct Met {
    /// Whose phone the other one is.
    pub with: EngineerId,
    /// Operations in the bundle that was handed over; [`BundleError::Nothing`] or [`BundleError::TooLarge`] where there was none.
    pub handed: Result<usize, BundleError>,
    /// What the other phone says came of it.
    pub told: Told,
    /// What came of the bundle that was handed to this phone; `None` when there was none.
    pub taken: Option<Result<Imported, EngineError>>,
}

/// What the other phone says came of what it was handed. It is a word to a person: work waits here until HQ has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing: the line broke first, or it was handed nothing. It may have taken it and it may not.
    Nothing,
    /// It could not take it.
    NotTaken,
    /// It took it, with this result.
    Took(TookCounts),
}

/// One meeting, at one end.
pub(crate) struct Meeting {
    line: Option<Line>,
    state: State,
}

enum State {
    /// Waits for the other one's hello.
    Knocked(Secret),
    /// Has said hello.
    Greeted(Secret, Chosen),
    /// Waits for the other one's card.
    Unnamed(Role),
    /// Waits for the other one's bundle. Who joined has handed his over before.
    Named {
        card: Box<Card>,
        joined: Option<Met>,
    },
    /// Both have the other one's bundle; waits for what came of his own. Who waited still has to take what he was handed.
    Handed {
        met: Met,
        theirs: Option<Bytes>,
    },
    /// Who joined has taken what he was handed.
    Taken(Met),
    Over,
}

/// What is to be done now.
pub(crate) struct Step {
    /// To be sent.
    pub(crate) send: Option<Vec<u8>>,
    /// The meeting is over, once that is sent.
    pub(crate) met: Option<Met>,
}

impl Step {
    fn send(bytes: Vec<u8>) -> Self {
        Self {
            send: Some(bytes),
            met: None,
        }
    }
}

impl Meeting {
    /// The end that waits, for whoever knocks.
    pub(crate) fn waits(secret: [u8; MEETING_SECRET_BYTES]) -> Self {
        Self {
            line: None,
            state: State::Knocked(secret),
        }
    }

    /// The end that joins, and what it says first.
    pub(crate) fn joins(secret: [u8; MEETING_SECRET_BYTES], moment: &mut Moment<'_>) -> (Self, Vec<u8>) {
        let nonce = moment.bytes();
        let meeting = Self {
            line: None,
            state: State::Greeted(secret, nonce),
        };
        (meeting, hello(&secret, &nonce))
    }

    /// None any more.
    pub(crate) fn over() -> Self {
        Self {
            line: None,
            state: State::Over,
        }
    }

    /// Most bytes of what comes next. More need not be read.
    pub(crate) fn expects(&self) -> usize {
        match self.state {
            State::Knocked(_) => HELLO_BYTES,
            State::Greeted(..) => NONCE_BYTES,
            State::Named { .. } => MEETING_BUNDLE_BYTES_MAX + TAG_BYTES,
            State::Unnamed(_) | State::Handed { .. } | State::Taken(_) => MEETING_WORD_BYTES_MAX + TAG_BYTES,
            State::Over => 0,
        }
    }

    /// True once the other one has shown that he has the code, by a word that only he could seal.
    pub(crate) fn is_known(&self) -> bool {
        match self.state {
            State::Named { .. } | State::Handed { .. } | State::Taken(_) => true,
            State::Knocked(_) | State::Greeted(..) | State::Unnamed(_) | State::Over => false,
        }
    }

    /// Something larger comes than may.
    pub(crate) fn too_large(&self) -> EngineError {
        match self.state {
            State::Named { .. } => BundleError::TooLarge.into(),
            _ if self.is_known() => MeetingError::Damaged.into(),
            _ => MeetingError::NotKnown.into(),
        }
    }

    /// The line broke. What was taken before is the meeting's end all the same.
    pub(crate) fn cut(&mut self) -> Result<Met, EngineError> {
        let is_known = self.is_known();
        match std::mem::replace(&mut self.state, State::Over) {
            State::Taken(met) => Ok(met),
            _ if is_known => Err(MeetingError::Cut.into()),
            _ => Err(MeetingError::NotKnown.into()),
        }
    }

    /// The last word where this phone does not go on.
    pub(crate) fn stop(&mut self) -> Option<Vec<u8>> {
        self.state = State::Over;
        self.line.as_mut().map(|line| line.seal(&MeetingWord::Stop))
    }

    fn seal(&mut self, word: &MeetingWord) -> Result<Vec<u8>, EngineError> {
        let line = self.line.as_mut().ok_or(MeetingError::Damaged)?;
        Ok(line.seal(word))
    }

    fn open(&mut self, sealed: Vec<u8>) -> Result<MeetingWord, EngineError> {
        let line = self.line.as_mut().ok_or(MeetingError::Damaged)?;
        match line.open(sealed)? {
            MeetingWord::Stop => Err(MeetingError::Stopped.into()),
            word => Ok(word),
        }
    }
}

impl Engine {
    /// Takes what the other phone said, and says what to do. After an error the meeting is over; [`Meeting::stop`] tells the
    /// other one.
    pub(crate) fn meeting_take(
        &self,
        meeting: &mut Meeting,
        said: Vec<u8>,
        moment: &mut Moment<'_>,
    ) -> Result<Step, EngineError> {
        match std::mem::replace(&mut meeting.state, State::Over) {
            State::Knocked(secret) => {
                let theirs = read_hello(&secret, &said).ok_or(MeetingError::NotKnown)?;
                let mine = moment.bytes();
                meeting.line = Some(Line::new(Role::Waits, &secret, &theirs, &mine));
                meeting.state = State::Unnamed(Role::Waits);
                Ok(Step::send(mine.to_vec()))
            }
            State::Greeted(secret, mine) => {
                let theirs = said.try_into().map_err(|_| MeetingError::NotKnown)?;
                meeting.line = Some(Line::new(Role::Joins, &secret, &mine, &theirs));
                meeting.state = State::Unnamed(Role::Joins);
                let card = Box::new(self.card(moment)?);
                Ok(Step::send(meeting.seal(&MeetingWord::Card { card })?))
            }
            State::Unnamed(role) => self.named(meeting, role, said, moment),
            State::Named { card, joined } => {
                let MeetingWord::Handed { bundle } = meeting.open(said)? else {
                    return Err(MeetingError::Damaged.into());
                };
                match joined {
                    Some(met) => self.took_first(meeting, met, bundle, moment),
                    None => {
                        let (met, word) = self.hand_over(&card, moment)?;
                        meeting.state = State::Handed { met, theirs: bundle };
                        Ok(Step::send(meeting.seal(&word)?))
                    }
                }
            }
            State::Handed { mut met, theirs } => {
                met.told = told(&met, &meeting.open(said)?)?;
                let (taken, word) = self.take_over(theirs, moment);
                met.taken = taken;
                Ok(Step {
                    send: Some(meeting.seal(&word)?),
                    met: Some(met),
                })
            }
            State::Taken(mut met) => {
                // Whatever came, this one has taken what it was handed.
                let word = meeting.open(said).ok();
                met.told = word
                    .and_then(|word| told(&met, &word).ok())
                    .unwrap_or(Told::Nothing);
                Ok(Step {
                    send: None,
                    met: Some(met),
                })
            }
            State::Over => Err(MeetingError::Damaged.into()),
        }
    }

    /// The other one's card came: a word that opens shows that he has the code, the card whose phone it is.
    fn named(
        &self,
        meeting: &mut Meeting,
        role: Role,
        said: Vec<u8>,
        moment: &mut Moment<'_>,
    ) -> Result<Step, EngineError> {
        let word = meeting.open(said).map_err(|error| match error {
            // It may be anybody who threw back what he had heard.
            EngineError::Meeting(MeetingError::Damaged) => MeetingError::NotKnown.into(),
            other => other,
        })?;
        let MeetingWord::Card { card } = word else {
            return Err(MeetingError::Damaged.into());
        };
        let (word, joined) = match role {
            Role::Waits => {
                self.check_peer(&card, moment)?;
                let card = Box::new(self.card(moment)?);
                (MeetingWord::Card { card }, None)
            }
            Role::Joins => {
                let (met, word) = self.hand_over(&card, moment)?;
                (word, Some(met))
            }
        };
        meeting.state = State::Named { card, joined };
        Ok(Step::send(meeting.seal(&word)?))
    }

    /// Who joined has both bundles' word: he is the first to take.
    fn took_first(
        &self,
        meeting: &mut Meeting,
        mut met: Met,
        theirs: Option<Bytes>,
        moment: &mut Moment<'_>,
    ) -> Result<Step, EngineError> {
        let (taken, word) = self.take_over(theirs, moment);
        met.taken = taken;
        meeting.state = State::Taken(met);
        Ok(Step::send(meeting.seal(&word)?))
    }

    /// What goes to the phone with this card. That nothing does hinders it from nothing.
    fn hand_over(&self, card: &Card, moment: &mut Moment<'_>) -> Result<(Met, MeetingWord), EngineError> {
        let (handed, bundle) = match self.export_bundle(card, moment) {
            Ok(made) => (Ok(made.operations), Some(Bytes::from(made.bytes))),
            Err(EngineError::Bundle(error @ (BundleError::Nothing | BundleError::TooLarge))) => {
                (Err(error), None)
            }
            Err(error) => return Err(error),
        };
        let met = Met {
            with: card.certificate.engineer,
            handed,
            told: Told::Nothing,
            taken: None,
        };
        Ok((met, MeetingWord::Handed { bundle }))
    }

    /// Takes in what was handed to this phone, in one transaction, and what is said of it.
    fn take_over(
        &self,
        theirs: Option<Bytes>,
        moment: &mut Moment<'_>,
    ) -> (Option<Result<Imported, EngineError>>, MeetingWord) {
        let taken = theirs.map(|bundle| self.import_bundle(&bundle, moment));
        let counts = match &taken {
            Some(Ok(imported)) => Some(counts(imported)),
            Some(Err(_)) | None => None,
        };
        (taken, MeetingWord::Took { counts })
    }
}

fn counts(imported: &Imported) -> TookCounts {
    let refused: usize = imported.refused.iter().map(|refused| refused.changes).sum();
    TookCounts {
        carried: imported.carried as u64,
        known: imported.known as u64,
        refused: refused as u64,
    }
}

fn told(met: &Met, word: &MeetingWord) -> Result<Told, MeetingError> {
    match word {
        MeetingWord::Took { counts: Some(counts) } => Ok(Told::Took(*counts)),
        MeetingWord::Took { counts: None } if met.handed.is_err() => Ok(Told::Nothing),
        MeetingWord::Took { counts: None } => Ok(Told::NotTaken),
        MeetingWord::Card { .. } | MeetingWord::Handed { .. } | MeetingWord::Stop => {
            Err(MeetingError::Damaged)
        }
    }
}
