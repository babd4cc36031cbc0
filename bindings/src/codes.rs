//! Codes as enums, so that a compiler visits every case. Their words stand in `engine::words`; see `words_of_*`.

use fieldline_model::operation::{self as op, Author};

/// An enum that is one of the model's, case for case.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident = $model:ty { $($(#[$said:meta])* $case:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum $name { $($(#[$said])* $case),* }

        impl From<$model> for $name {
            fn from(case: $model) -> Self {
                match case { $(<$model>::$case => Self::$case),* }
            }
        }

        impl From<$name> for $model {
            fn from(case: $name) -> Self {
                match case { $($name::$case => Self::$case),* }
            }
        }
    };
}

/// An enum of words that the engine gives.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident or $other:ident { $($(#[$said:meta])* $case:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum $name { $($(#[$said])* $case),* }

        impl $name {
            pub(crate) fn of(word: &str) -> Self {
                match word {
                    $($word => Self::$case,)*
                    _ => Self::$other,
                }
            }
        }
    };
}

mirror! {
    /// Why an engineer will not take a visit.
    DeclineReason = op::DeclineReason {
        /// The day is full.
        NoTime,
        /// Lacks the skill or certificate.
        Skill,
        /// Lacks the part.
        NoPart,
        /// Too far from where he is.
        TooFar,
        /// Ill.
        Ill,
        /// Something else; the text says what.
        Other,
    }
}

mirror! {
    /// Why work rests.
    PauseReason = op::PauseReason {
        /// The engineer's break.
        Break,
        /// A part is missing.
        WaitingParts,
        /// The customer must do something first.
        WaitingCustomer,
        /// Nobody lets the engineer in.
        NoAccess,
        /// It is not safe to work.
        Unsafe,
    }
}

mirror! {
    /// How a visit ended.
    VisitResult = op::VisitResult {
        /// It works again.
        Fixed,
        /// It works in part; another visit is needed.
        Partly,
        /// Nothing was wrong.
        NoFaultFound,
        /// It could not be done; the text says why.
        CouldNot,
    }
}

mirror! {
    /// What a photo shows.
    PhotoShows = op::PhotoKind {
        /// How it was found.
        Before,
        /// How it was left.
        After,
        /// Something else.
        Other,
    }
}

mirror! {
    /// How urgent HQ holds a ticket to be.
    Priority = op::Priority {
        /// Nothing is broken now.
        Low,
        /// The usual fault.
        Normal,
        /// Business is stopped.
        High,
        /// People are in danger, or a whole site is down.
        Critical,
    }
}

impl Priority {
    /// By the word of a list; of another one nothing urgent is known.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "low" => Self::Low,
            "high" => Self::High,
            "critical" => Self::Critical,
            _ => Self::Normal,
        }
    }
}

words! {
    /// Where a ticket stands.
    TicketStatus or Unknown {
        /// Reported.
        New = "new",
        /// Looked at.
        Triaged = "triaged",
        /// A visit is offered or accepted.
        Planned = "planned",
        /// An engineer is under way or at work.
        InProgress = "in_progress",
        /// Not solved, and nobody is on it: a part, a date or a decision is missing.
        Waiting = "waiting",
        /// Solved.
        Resolved = "resolved",
        /// Filed.
        Closed = "closed",
        /// Given up.
        Cancelled = "cancelled",
        /// The same problem as another ticket.
        MergedInto = "merged_into",
        /// Of a newer version.
        Unknown = "",
    }
}

words! {
    /// How far the field got with a visit.
    VisitPhase or Unknown {
        /// Nobody has answered yet.
        Offered = "offered",
        /// An engineer has it.
        Accepted = "accepted",
        /// The engineer will not come.
        Declined = "declined",
        /// On the road.
        EnRoute = "en_route",
        /// At the door.
        Arrived = "arrived",
        /// At work.
        Working = "working",
        /// Work rests.
        Paused = "paused",
        /// Over; the completion says how.
        Done = "done",
        /// A colleague has it; how far he got is not known here.
        Taken = "taken",
        /// Of a newer version.
        Unknown = "",
    }
}

words! {
    /// A step that a screen offers now. `CouldNot` is a finish that passes with that result only.
    NextStep or Finish {
        /// Take it.
        Accept = "accept",
        /// Leave it.
        Decline = "decline",
        /// Set out.
        Depart = "depart",
        /// Be there.
        Arrive = "arrive",
        /// Begin.
        Start = "start",
        /// Rest.
        Pause = "pause",
        /// Go on.
        Resume = "resume",
        /// End and report.
        Finish = "finish",
        /// End with the result that it could not be done.
        CouldNot = "could_not",
    }
}

words! {
    /// What an entry of a ticket or an article tells.
    EntryKind or Unknown {
        /// HQ opened the ticket.
        Create = "create",
        /// HQ changed what it knows.
        SetFacts = "set_facts",
        /// HQ has looked at it.
        Triage = "triage",
        /// HQ offered a visit.
        Offer = "offer",
        /// HQ gave a visit to somebody else.
        Reassign = "reassign",
        /// HQ moved a visit.
        Reschedule = "reschedule",
        /// HQ gave the ticket up.
        Cancel = "cancel",
        /// HQ called it solved.
        Resolve = "resolve",
        /// HQ filed it.
        Close = "close",
        /// HQ took it up again.
        Reopen = "reopen",
        /// HQ says it is the same as another.
        MergeInto = "merge_into",
        /// The server decided between claims.
        Rule = "rule",
        /// An engineer took the visit.
        Accept = "accept",
        /// An engineer did not.
        Decline = "decline",
        /// He set out.
        Depart = "depart",
        /// He was there.
        Arrive = "arrive",
        /// Work began.
        Start = "start",
        /// Work rested.
        Pause = "pause",
        /// Work went on.
        Resume = "resume",
        /// Work ended.
        Finish = "finish",
        /// A note.
        Note = "note",
        /// A new estimate of arrival.
        Estimate = "estimate",
        /// An answer on the checklist.
        Answer = "answer",
        /// A part went in.
        UsePart = "use_part",
        /// Parts were asked for.
        RequestPart = "request_part",
        /// Parts were moved.
        TransferPart = "transfer_part",
        /// A photo.
        Photo = "photo",
        /// The customer signed.
        Sign = "sign",
        /// The customer wrote.
        Message = "message",
        /// The customer asked to hurry.
        Urge = "urge",
        /// The customer would like another time.
        Wish = "wish",
        /// The customer rated the work.
        Rate = "rate",
        /// HQ opened an article.
        Publish = "publish",
        /// HQ wrote a section.
        WriteSection = "write_section",
        /// HQ attached a file.
        Attach = "attach",
        /// HQ took a file away.
        Detach = "detach",
        /// Somebody wrote beside an article.
        Annotate = "annotate",
        /// Of a newer version.
        Unknown = "",
    }
}

words! {
    /// Where a photo is.
    PhotoState or Elsewhere {
        /// Taken here, on its way to HQ.
        Waiting = "waiting",
        /// Taken here, and at HQ.
        AtHq = "at_hq",
        /// Taken here; HQ will not have it.
        Refused = "refused",
        /// Taken here, and gone before HQ had it.
        Lost = "lost",
        /// A colleague's.
        Elsewhere = "elsewhere",
    }
}

words! {
    /// How a part is kept for a ticket.
    KeptState or InDoubt {
        /// HQ keeps it for this ticket.
        Reserved = "reserved",
        /// HQ kept it, and something about it is not sure.
        InDoubt = "in_doubt",
        /// It was asked for, and HQ has not answered.
        Requested = "requested",
    }
}

words! {
    /// Why something that was saved waits.
    WaitingFor or NextSync {
        /// The next sync.
        NextSync = "next_sync",
        /// A colleague's phone, which has what it is built on.
        NeedsOthers = "needs_others",
        /// HQ, which could not take it now.
        ServerLater = "server_later",
        /// It was written again and goes with the next sync.
        WrittenAgain = "written_again",
        /// HQ has it and decides.
        Held = "held",
        /// HQ decides about earlier work first.
        BehindHeld = "behind_held",
        /// The phone was revoked: it goes to HQ to be decided there.
        Revoked = "revoked",
        /// The phone has to be enrolled again first.
        SignIn = "sign_in",
    }
}

words! {
    /// What a checklist item takes.
    CheckKind or Unknown {
        /// Yes or no.
        Tick = "tick",
        /// A number with the item's unit.
        Reading = "reading",
        /// Yes, once the photo is taken.
        Photo = "photo",
        /// Words.
        Text = "text",
        /// Of a newer version: any answer.
        Unknown = "",
    }
}

words! {
    /// What a code is about.
    CodeSort or Fault {
        /// What is seen.
        Fault = "fault",
        /// Why.
        Cause = "cause",
        /// What was done.
        Remedy = "remedy",
    }
}

impl CodeSort {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Cause => "cause",
            Self::Remedy => "remedy",
        }
    }
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum Who {
    /// The engineer whose phone this is.
    Me,
    /// Another engineer.
    Colleague,
    /// Somebody at HQ.
    Hq,
    /// The customer.
    Customer,
    /// The server itself.
    Server,
}

impl Who {
    pub(crate) fn of(by: Author, me: Option<fieldline_model::id::EngineerId>) -> Self {
        match by {
            Author::Engineer(id) if Some(id) == me => Self::Me,
            Author::Engineer(_) => Self::Colleague,
            Author::Staff(_) => Self::Hq,
            Author::Customer => Self::Customer,
            Author::Server => Self::Server,
        }
    }
}
