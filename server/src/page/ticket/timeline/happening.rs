//! What an entry of the timeline tells, in words and with an icon.

use crate::page::icon::Icon;
use crate::page::ticket::photo::Shows;
use crate::page::{Stamp, when};
use crate::words::{Lang, Word, ticket as t};

/// What happened. Names and reasons come in as shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// The ticket was created.
    Created,
    /// It was sorted and prioritised.
    Triaged,
    /// A visit was offered to this engineer.
    Offered(String),
    /// The engineer accepted.
    Accepted,
    /// The engineer declined, with a reason.
    Declined(String),
    /// Set out.
    EnRoute,
    /// Arrived on site.
    Arrived,
    /// Work began.
    Working,
    /// Work went on after a pause.
    Resumed,
    /// Work paused.
    Paused(Pause),
    /// The visit ended.
    Done(VisitResult),
    /// HQ moved it to another engineer.
    Reassigned {
        /// From whom.
        from: String,
        /// To whom.
        to: String,
    },
    /// HQ moved the plan.
    Replanned(when::Window),
    /// HQ cancelled, with a reason.
    Cancelled(String),
    /// Someone wrote a note.
    Note(String),
    /// HQ gave the reason of what it did, in a whole sentence.
    Because(String),
    /// A checklist item or reading was answered.
    Answer {
        /// The item.
        item: String,
        /// The answer.
        value: String,
    },
    /// A part was used.
    PartUsed {
        /// The part.
        part: String,
        /// How many, with unit.
        count: String,
        /// Out of which van or warehouse; empty where HQ does not know it.
        from: String,
    },
    /// Parts were asked for.
    PartAsked {
        /// Which.
        part: String,
        /// How many.
        count: String,
        /// Out of which place; empty where HQ does not know it.
        from: String,
    },
    /// Parts went to another place.
    PartMoved {
        /// Which.
        part: String,
        /// How many.
        count: String,
        /// Out of which place; empty where HQ does not know it.
        from: String,
        /// To where.
        to: String,
    },
    /// A photo was taken, with its caption.
    Photo(Shows, String),
    /// The customer signed; the name.
    Signed(String),
    /// The customer wrote.
    Message(String),
    /// The customer urged.
    Urged,
    /// The customer rated, 1 to 5.
    Rated(u8),
    /// The server ruled between concurrent claims; the ruling in words.
    Ruling(String),
    /// Lives on in this ticket.
    Merged(String),
    /// HQ changed what it knows.
    Edited,
    /// The engineer told when to expect him.
    Estimated(Stamp),
    /// The customer would like another time, with a remark.
    Wished(when::Window, String),
    /// Solved without a visit; how.
    Resolved(String),
    /// Settled.
    Closed,
    /// Opened again, with a reason.
    Reopened(String),
    /// The customer's link was made.
    LinkMade,
    /// So many of the customer's links were ended together.
    LinksEnded(usize),
    /// The deadline passed.
    Breached,
    /// The breach was none by device time.
    BreachCorrected,
}

/// Why work pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// A break.
    Break,
    /// Parts are missing.
    Parts,
    /// The customer must act.
    Customer,
    /// No way in.
    NoAccess,
    /// Not safe.
    Unsafe,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitResult {
    /// Repaired.
    Fixed,
    /// Repaired in part.
    Partly,
    /// Nothing was found.
    NoFaultFound,
    /// Not possible, with a reason.
    CouldNot(String),
}

impl Pause {
    /// The word shown.
    pub fn word(self) -> Word {
        match self {
            Pause::Break => t::PS_BREAK,
            Pause::Parts => t::PS_PARTS,
            Pause::Customer => t::PS_CUSTOMER,
            Pause::NoAccess => t::PS_ACCESS,
            Pause::Unsafe => t::PS_UNSAFE,
        }
    }
}

impl VisitResult {
    /// The result in words.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            VisitResult::Fixed => lang.t(t::RS_FIXED).to_owned(),
            VisitResult::Partly => lang.t(t::RS_PARTLY).to_owned(),
            VisitResult::NoFaultFound => lang.t(t::RS_NO_FAULT).to_owned(),
            VisitResult::CouldNot(why) => lang.fill(t::RS_COULD_NOT, &[("x", why)]),
        }
    }
}

impl Happening {
    pub(super) fn icon(&self) -> Icon {
        match self {
            Self::Created | Self::Reopened(_) => Icon::Inbox,
            Self::Triaged => Icon::List,
            Self::Offered(_) | Self::Accepted | Self::Declined(_) | Self::Reassigned { .. } => Icon::Person,
            Self::EnRoute => Icon::Van,
            Self::Arrived => Icon::Pin,
            Self::Working | Self::Resumed => Icon::Wrench,
            Self::Paused(_) => Icon::Pause,
            Self::Done(_) | Self::Closed | Self::Resolved(_) | Self::BreachCorrected => Icon::Tick,
            Self::Replanned(_) | Self::Wished(..) => Icon::Calendar,
            Self::Estimated(_) => Icon::Clock,
            Self::Edited => Icon::Pen,
            Self::Cancelled(_) => Icon::Cross,
            Self::Note(_) | Self::Because(_) | Self::Message(_) => Icon::Speech,
            Self::Answer { .. } | Self::Signed(_) => Icon::Pen,
            Self::PartUsed { .. } | Self::PartAsked { .. } | Self::PartMoved { .. } => Icon::Parts,
            Self::Photo(..) => Icon::Camera,
            Self::Urged => Icon::Bell,
            Self::Rated(_) => Icon::Star,
            Self::Ruling(_) => Icon::Scales,
            Self::Merged(_) => Icon::Merge,
            Self::LinkMade => Icon::Link,
            Self::LinksEnded(_) => Icon::Unlink,
            Self::Breached => Icon::Warning,
        }
    }

    pub(in crate::page) fn text(&self, lang: Lang, now: Stamp) -> String {
        let x = |word, x: &str| lang.fill(word, &[("x", x)]);
        let n = |word, n: &str| lang.fill(word, &[("n", n)]);
        match self {
            Self::Created => lang.t(t::TL_CREATED).to_owned(),
            Self::Triaged => lang.t(t::TL_TRIAGED).to_owned(),
            Self::Offered(to) => x(t::TL_OFFERED, to),
            Self::Accepted => lang.t(t::TL_ACCEPTED).to_owned(),
            Self::Declined(why) => x(t::TL_DECLINED, why),
            Self::EnRoute => lang.t(t::TL_EN_ROUTE).to_owned(),
            Self::Arrived => lang.t(t::TL_ARRIVED).to_owned(),
            Self::Working => lang.t(t::TL_WORKING).to_owned(),
            Self::Resumed => lang.t(t::TL_RESUMED).to_owned(),
            Self::Paused(why) => x(t::TL_PAUSED, lang.t(why.word())),
            Self::Done(result) => x(t::TL_DONE, &result.text(lang)),
            Self::Reassigned { from, to } => lang.fill(t::TL_REASSIGNED, &[("from", from), ("to", to)]),
            Self::Replanned(plan) => x(t::TL_PLANNED, &when::window(lang, *plan, now)),
            Self::Cancelled(why) => x(t::TL_CANCELLED, why),
            Self::Note(text) => x(t::TL_NOTE, text),
            Self::Because(text) => text.clone(),
            Self::Answer { item, value } => lang.fill(t::TL_ANSWER, &[("item", item), ("x", value)]),
            Self::PartUsed { part, count, from } => {
                let line = lang.fill(t::TL_PART, &[("part", part), ("n", count)]);
                line + &out_of(lang, from)
            }
            Self::PartAsked { part, count, from } => {
                let line = lang.fill(t::TL_PART_ASKED, &[("part", part), ("n", count)]);
                line + &out_of(lang, from)
            }
            Self::PartMoved {
                part,
                count,
                from,
                to,
            } => {
                let values = [("part", part.as_str()), ("n", count), ("place", to)];
                lang.fill(t::TL_PART_MOVED, &values) + &out_of(lang, from)
            }
            Self::Photo(shows, caption) => photo(lang, *shows, caption),
            Self::Signed(name) => x(t::TL_SIGNED, name),
            Self::Message(text) => x(t::TL_MESSAGE, text),
            Self::Urged => lang.t(t::TL_URGE).to_owned(),
            Self::Rated(stars) => n(t::TL_RATED, &stars.to_string()),
            Self::Ruling(text) => x(t::TL_RULING, text),
            Self::Merged(number) => x(t::TL_MERGED, number),
            Self::Edited => lang.t(t::TL_EDITED).to_owned(),
            Self::Estimated(at) => x(t::TL_ESTIMATED, &when::short(lang, *at, now)),
            Self::Wished(span, text) => wished(lang, now, *span, text),
            Self::Resolved(text) => x(t::TL_RESOLVED, text),
            Self::Closed => lang.t(t::TL_CLOSED).to_owned(),
            Self::Reopened(why) => x(t::TL_REOPENED, why),
            Self::LinkMade => lang.t(t::TL_LINK_MADE).to_owned(),
            Self::LinksEnded(1) => lang.t(t::TL_LINK_ENDED).to_owned(),
            Self::LinksEnded(count) => n(t::TL_LINKS_ENDED, &count.to_string()),
            Self::Breached => lang.t(t::TL_BREACH).to_owned(),
            Self::BreachCorrected => lang.t(t::TL_BREACH_UNDONE).to_owned(),
        }
    }
}

/// From where parts come, behind what became of them.
fn out_of(lang: Lang, place: &str) -> String {
    match place {
        "" => String::new(),
        place => lang.fill(t::TL_PART_FROM, &[("place", place)]),
    }
}

fn photo(lang: Lang, shows: Shows, caption: &str) -> String {
    let kind = lang.t(shows.word());
    if caption.is_empty() {
        lang.fill(t::TL_PHOTO, &[("kind", kind)])
    } else {
        lang.fill(t::TL_PHOTO_CAPTION, &[("kind", kind), ("x", caption)])
    }
}

fn wished(lang: Lang, now: Stamp, span: when::Window, text: &str) -> String {
    let line = lang.fill(t::TL_WISHED, &[("x", &when::window(lang, span, now))]);
    if text.is_empty() {
        line
    } else {
        format!("{line}\n{text}")
    }
}
