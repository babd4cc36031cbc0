//! The small shapes all resources share: ids, times, words. Each knows its own place in the OpenAPI document.

use std::fmt;

use chrono::SecondsFormat;
use fieldline_model::operation as op;
use fieldline_model::time::{Timestamp, YEARS};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// An id: 26 characters of Crockford's base 32, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<T>(pub T);

impl<T: fmt::Display> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How an [`Id`] of any kind stands in the document.
pub struct Ulid;

impl PartialSchema for Ulid {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"))
            .description(Some("A ULID in its canonical spelling."))
            .into()
    }
}

impl ToSchema for Ulid {}

/// A moment: RFC 3339 in UTC with milliseconds, `2026-11-20T08:30:00.000Z`. Other offsets are read, never written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use chrono::Datelike;
        use serde::de::Error;
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let read = chrono::DateTime::parse_from_rfc3339(&text)
            .map_err(|_| D::Error::custom("not a time like 2026-11-20T08:30:00.000Z"))?;
        if !YEARS.contains(&read.year()) {
            return Err(D::Error::custom("not a year that is taken"));
        }
        Ok(Self(Timestamp::from_ms(read.timestamp_millis())))
    }
}

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some(format!(
                "RFC 3339 in UTC with milliseconds, `2026-11-20T08:30:00.000Z`; taken from the year {} to {}.",
                YEARS.start(),
                YEARS.end()
            )))
            .into()
    }
}

impl ToSchema for Time {
    fn name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

/// A span of time; `start` is not after `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Not before.
    pub start: Time,
    /// Not after.
    pub end: Time,
}

impl From<Span> for op::Span {
    fn from(span: Span) -> Self {
        Self {
            start: span.start.0,
            end: span.end.0,
        }
    }
}

/// A place, WGS-84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Latitude.
    #[schema(minimum = -90, maximum = 90)]
    pub lat: f64,
    /// Longitude.
    #[schema(minimum = -180, maximum = 180)]
    pub lon: f64,
}

impl From<op::Position> for Place {
    fn from(position: op::Position) -> Self {
        Self {
            lat: position.lat,
            lon: position.lon,
        }
    }
}

impl From<Place> for op::Position {
    fn from(place: Place) -> Self {
        Self {
            lat: place.lat,
            lon: place.lon,
        }
    }
}

/// Words of a closed list, each with its meaning in the document. A variant missing from `model` does not compile.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident ($($model:tt)+) { $($variant:ident = $word:literal: $text:literal;)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = $text] #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value with its meaning.
            const MEANINGS: &'static [(&'static str, &'static str)] = &[$(($word, $text)),+];

            /// The word.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let lines: Vec<String> = Self::MEANINGS.iter().map(|(word, text)| format!("- `{word}`: {text}")).collect();
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some(Self::MEANINGS.iter().map(|(word, _)| *word)))
                    .description(Some(lines.join("\n")))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        words!(@model $name ($($model)+) $($variant)+);
    )+};
    (@model $name:ident (none) $($variant:ident)+) => {};
    (@model $name:ident ($model:ident in $home:ident) $($variant:ident)+) => {
        impl From<$home::$model> for $name {
            fn from(value: $home::$model) -> Self {
                match value { $($home::$model::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $home::$model {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}

use fieldline_model::fold;
use fieldline_model::wire;

words! {
    /// How urgent a ticket is.
    Priority(Priority in op) {
        Low = "low": "Nothing is broken now.";
        Normal = "normal": "The usual fault.";
        High = "high": "Business is stopped.";
        Critical = "critical": "People are in danger, or a whole site is down.";
    }
    /// The way by which a report came in.
    Channel(Channel in op) {
        Phone = "phone": "A call.";
        Web = "web": "The portal or an embedded form.";
        Wechat = "wechat": "A WeChat message.";
        Email = "email": "A mail.";
        App = "app": "The customer's app.";
        Api = "api": "Another system.";
    }
    /// Where a ticket stands.
    TicketStatus(TicketStatus in fold) {
        New = "new": "Reported.";
        Triaged = "triaged": "Looked at.";
        Planned = "planned": "A visit is offered or accepted.";
        InProgress = "in_progress": "An engineer is under way or at work.";
        Waiting = "waiting": "Not solved and nobody is on it: a part, a date or a decision is missing.";
        Resolved = "resolved": "Solved.";
        Closed = "closed": "Filed.";
        Cancelled = "cancelled": "Given up.";
        MergedInto = "merged_into": "The same problem as another ticket.";
    }
    /// What the customer sees.
    CustomerLabel(CustomerLabel in fold) {
        Received = "received": "The report is there.";
        Assigning = "assigning": "A visit is offered or accepted; nobody has set out yet.";
        OnTheWay = "on_the_way": "The engineer has set out.";
        Arrived = "arrived": "The engineer is there.";
        InProgress = "in_progress": "Work goes on or rests.";
        Done = "done": "It is over.";
    }
    /// What became of an operation.
    Fate(none) {
        Merged = "merged": "It counts.";
        Overruled = "overruled": "It is kept and does not count as meant; `code` says why.";
        Refused = "refused": "It was not taken; `code` says why.";
    }
    /// How an operation that stands in its document counts at present.
    Outcome(none) {
        Merged = "merged": "It counts.";
        Overruled = "overruled": "It is kept and does not count as meant; `code` says why.";
    }
    /// How far the field got with a visit.
    Phase(none) {
        Offered = "offered": "Nobody has answered yet.";
        Accepted = "accepted": "An engineer has it.";
        Declined = "declined": "The engineer will not come; `phase_reason` says why.";
        EnRoute = "en_route": "On the road.";
        Arrived = "arrived": "At the door.";
        Working = "working": "At work.";
        Paused = "paused": "Work rests; `phase_reason` says why.";
        Done = "done": "Over; `result` says how.";
    }
    /// Why HQ took a visit away.
    Withdrawal(Withdrawal in fold) {
        Reassigned = "reassigned": "Somebody else has it now.";
        Cancelled = "cancelled": "The ticket was cancelled.";
        Ended = "ended": "The ticket was closed, resolved or merged.";
    }
    /// How a visit ended.
    VisitResult(VisitResult in op) {
        Fixed = "fixed": "It works again.";
        Partly = "partly": "It works in part; another visit is needed.";
        NoFaultFound = "no_fault_found": "Nothing was wrong.";
        CouldNot = "could_not": "It could not be done; `report` says why.";
    }
    /// What a supervisor must look at.
    ReviewKind(Review in fold) {
        CompletedAfterCancellation = "completed_after_cancellation": "Work was finished although HQ had cancelled.";
        CompletedAfterReassignment = "completed_after_reassignment": "Work was finished although HQ had given it to somebody else.";
        LateAddition = "late_addition": "Work came in after the ticket had ended.";
        SecondReport = "second_report": "The visit was finished twice; this report does not count.";
        CompletedByOther = "completed_by_other": "The visit was a colleague's, whose acceptance had reached HQ first; this report does not count.";
    }
    /// VIP level of a customer.
    VipLevel(none) {
        Silver = "silver": "Silver.";
        Gold = "gold": "Gold.";
        Platinum = "platinum": "Platinum.";
    }
}

impl From<&wire::Fate> for Fate {
    fn from(fate: &wire::Fate) -> Self {
        match fate {
            wire::Fate::Merged => Self::Merged,
            wire::Fate::Overruled { .. } => Self::Overruled,
            wire::Fate::Refused { .. } => Self::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc_with_milliseconds() {
        let time: Time = serde_json::from_str("\"2026-11-20T16:30:00+08:00\"").unwrap();
        assert_eq!(
            serde_json::to_string(&time).unwrap(),
            "\"2026-11-20T08:30:00.000Z\""
        );
        for bad in [
            "\"2026-11-20\"",
            "\"2026-11-20T16:30:00\"",
            "1790000000000",
            "\"0001-01-01T00:00:00Z\"",
            "null",
        ] {
            assert!(serde_json::from_str::<Time>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words_are_the_models_own() {
        assert_eq!(
            serde_json::to_string(&TicketStatus::MergedInto).unwrap(),
            "\"merged_into\""
        );
        for status in [fold::TicketStatus::InProgress, fold::TicketStatus::MergedInto] {
            assert_eq!(TicketStatus::from(status).word(), status.word());
        }
        assert_eq!(Priority::from(op::Priority::Critical).word(), "critical");
    }
}
