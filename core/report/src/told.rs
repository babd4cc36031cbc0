//! What a report tells, in no language yet: names and codes in both, the words of people as they wrote them.

use fieldline_model::operation::VisitResult;
use fieldline_model::reason::Lang;
use fieldline_model::time::Timestamp;

/// One text in both languages; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in this language, the other where it is empty.
    #[must_use]
    pub fn pick(&self, lang: Lang) -> &str {
        let (wanted, other) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        if wanted.is_empty() { other } else { wanted }
    }

    /// The same text, which has one language.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self {
            zh: text.to_owned(),
            en: text.to_owned(),
        }
    }
}

/// The first of something that can be without end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// Those that are shown.
    pub shown: Vec<T>,
    /// How many are not.
    pub more: usize,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            shown: Vec::new(),
            more: 0,
        }
    }
}

impl<T> List<T> {
    /// The first `max` of these.
    pub(crate) fn of(mut all: Vec<T>, max: usize) -> Self {
        let more = all.len().saturating_sub(max);
        all.truncate(max);
        Self { shown: all, more }
    }
}

/// Everything on the paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Who did the work.
    pub company: String,
    /// The ticket's number.
    pub number: String,
    /// Something of it is on one phone only.
    pub pending: bool,
    /// For whom.
    pub customer: Both,
    /// Where, in one line.
    pub site: String,
    /// Which machine.
    pub model: Both,
    /// Its serial number.
    pub serial: String,
    /// The fault that was reported, by its code.
    pub fault: Both,
    /// The fault in the customer's words.
    pub fault_text: String,
    /// The finished visits, oldest first.
    pub visits: List<Visit>,
    /// Parts that went into the machine.
    pub parts: List<PartUse>,
    /// The checklist as it was answered.
    pub checklist: List<Item>,
    /// How it was found and how it was left.
    pub photos: List<Picture>,
    /// The customer's signature.
    pub signed: Option<Signed>,
}

impl Report {
    /// The same without what a customer's page never shows, because whoever has the link can open it: whose machine it
    /// is and where, its number, what was read on it, and pictures of the place.
    #[must_use]
    pub fn for_link(self) -> Self {
        Self {
            customer: Both::default(),
            site: String::new(),
            model: Both::default(),
            serial: String::new(),
            checklist: List::default(),
            photos: List::default(),
            ..self
        }
    }
}

/// One finished visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Who came.
    pub engineer: Both,
    /// He took it.
    pub accepted: Option<Timestamp>,
    /// He set out.
    pub departed: Option<Timestamp>,
    /// He was there.
    pub arrived: Option<Timestamp>,
    /// Work ended.
    pub finished: Option<Timestamp>,
    /// Minutes on the road.
    pub travel_minutes: Option<i64>,
    /// Minutes of work, without pauses.
    pub labour_minutes: Option<i64>,
    /// How it ended.
    pub result: VisitResult,
    /// Why it was broken.
    pub cause: Both,
    /// What was done.
    pub remedy: Both,
    /// In the engineer's words; the reason where it could not be done.
    pub text: String,
}

/// A part that went into the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartUse {
    /// Number on the box.
    pub number: String,
    /// What it is.
    pub name: Both,
    /// How many.
    pub quantity: u64,
}

/// One item of the checklist.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What was to be done or read.
    pub label: Both,
    /// What was answered.
    pub answer: Answered,
    /// Which readings are sound.
    pub sound: Option<Sound>,
}

/// What was answered to an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    /// Nothing.
    Not,
    /// Yes or no.
    Tick(bool),
    /// A number with its unit.
    Reading {
        /// The number.
        value: f64,
        /// Its unit.
        unit: String,
    },
    /// Words.
    Text(String),
}

/// Which readings are sound; open where there is no bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Not below.
    pub min: Option<f64>,
    /// Not above.
    pub max: Option<f64>,
    /// In which unit.
    pub unit: String,
}

impl Sound {
    /// False for a reading outside.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// How it was found.
    Before,
    /// How it was left.
    After,
}

/// A small picture of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it shows.
    pub shows: Shows,
    /// In words.
    pub caption: String,
    /// A JPEG, if it is here.
    pub jpeg: Option<Vec<u8>>,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who signed.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// SVG path data in a 600 × 200 box.
    pub path: String,
}
