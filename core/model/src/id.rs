//! Identifiers: one newtype per thing, parsed at the edge and valid inside.
//!
//! All are ULIDs (26 Crockford characters in text and JSON, 16 bytes in CBOR). Whoever makes one supplies
//! the time and the random bytes: nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;

use crate::time::Timestamp;

/// A text that is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct IdError {
    /// The kind that was wanted, for instance `ticket`.
    pub kind: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// Makes an id from the time of its birth and ten random bytes.
            #[must_use]
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(ulid_of(at, random))
            }

            /// The 16 bytes, most significant first.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_bytes()
            }

            /// The id with these 16 bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Ulid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self).ok_or(IdError { kind: $kind })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self.0, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize($kind, deserializer).map(Self)
            }
        }
    )*};
}

ids! {
    /// One company: one database, one log, one epoch.
    OrganisationId = "organisation";
    /// The customer's problem, and the document that records it.
    TicketId = "ticket";
    /// One engineer's one trip for a ticket.
    VisitId = "visit";
    /// A person who works with a phone.
    EngineerId = "engineer";
    /// A person who works at HQ.
    StaffId = "staff";
    /// An enrolled phone.
    DeviceId = "device";
    /// One thing a person did; the key of everything it writes and of its fate.
    OperationId = "operation";
    /// A customer, company or person.
    CustomerId = "customer";
    /// A person to talk to at a customer.
    ContactId = "contact";
    /// A place with an address.
    SiteId = "site";
    /// One machine at a customer's site.
    AssetId = "asset";
    /// A spare part.
    PartId = "part";
    /// Where parts lie: a van or a warehouse.
    LocationId = "location";
    /// A knowledge article or a manual.
    ArticleId = "article";
    /// A quantity of one part at one phone's sole disposal.
    GrantId = "grant";
}

fn ulid_of(at: Timestamp, random: [u8; 10]) -> Ulid {
    let mut wide = [0_u8; 16];
    wide[6..].copy_from_slice(&random);
    Ulid::from_parts(at.unsigned_ms(), u128::from_be_bytes(wide))
}

/// Only the canonical spelling is an id: two texts for one id would be two keys in a map.
fn parse(text: &str) -> Option<Ulid> {
    let id = Ulid::from_string(text).ok()?;
    (id.to_string() == text).then_some(id)
}

fn serialize<S: Serializer>(id: Ulid, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.collect_str(&id)
    } else {
        serializer.serialize_bytes(&id.to_bytes())
    }
}

fn deserialize<'de, D: Deserializer<'de>>(kind: &'static str, deserializer: D) -> Result<Ulid, D::Error> {
    use serde::de::Error;
    if deserializer.is_human_readable() {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| D::Error::custom(IdError { kind }))
    } else {
        let bytes = serde_bytes::ByteArray::<16>::deserialize(deserializer)?;
        Ok(Ulid::from_bytes(*bytes))
    }
}

/// What kind of document an id names; it decides the birth and the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A ticket with its events, field entries and the customer's words.
    Ticket,
    /// A knowledge article or manual with its annotations.
    Article,
}

impl DocumentKind {
    /// The word in ids and tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Article => "article",
        }
    }
}

/// The name of one CRDT document, for instance `ticket-01J…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId {
    kind: DocumentKind,
    id: Ulid,
}

impl DocumentId {
    /// What kind of document it names.
    #[must_use]
    pub fn kind(self) -> DocumentKind {
        self.kind
    }

    /// The ticket, if it is a ticket's document.
    #[must_use]
    pub fn ticket(self) -> Option<TicketId> {
        match self.kind {
            DocumentKind::Ticket => Some(TicketId(self.id)),
            DocumentKind::Article => None,
        }
    }

    /// The article, if it is an article's document.
    #[must_use]
    pub fn article(self) -> Option<ArticleId> {
        match self.kind {
            DocumentKind::Article => Some(ArticleId(self.id)),
            DocumentKind::Ticket => None,
        }
    }
}

impl From<TicketId> for DocumentId {
    fn from(id: TicketId) -> Self {
        Self {
            kind: DocumentKind::Ticket,
            id: id.0,
        }
    }
}

impl From<ArticleId> for DocumentId {
    fn from(id: ArticleId) -> Self {
        Self {
            kind: DocumentKind::Article,
            id: id.0,
        }
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.word(), self.id)
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DocumentId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = IdError { kind: "document" };
        let (kind, id) = text.split_once('-').ok_or(wrong.clone())?;
        let kind = match kind {
            "ticket" => DocumentKind::Ticket,
            "article" => DocumentKind::Article,
            _ => return Err(wrong),
        };
        Ok(Self {
            kind,
            id: parse(id).ok_or(wrong)?,
        })
    }
}

impl Serialize for DocumentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_str(self);
        }
        let mut bytes = [0_u8; 17];
        bytes[0] = match self.kind {
            DocumentKind::Ticket => 0,
            DocumentKind::Article => 1,
        };
        bytes[1..].copy_from_slice(&self.id.to_bytes());
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for DocumentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            return text.parse().map_err(D::Error::custom);
        }
        let bytes = serde_bytes::ByteArray::<17>::deserialize(deserializer)?;
        let kind = match bytes[0] {
            0 => DocumentKind::Ticket,
            1 => DocumentKind::Article,
            _ => return Err(D::Error::custom(IdError { kind: "document" })),
        };
        let mut id = [0_u8; 16];
        id.copy_from_slice(&bytes[1..]);
        Ok(Self {
            kind,
            id: Ulid::from_bytes(id),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_return_the_same_id() {
        let id = TicketId::new(Timestamp::from_ms(1_790_000_000_000), [7; 10]);
        assert_eq!(id.to_string().parse::<TicketId>(), Ok(id));
        let mut cbor = Vec::new();
        ciborium::into_writer(&id, &mut cbor).unwrap();
        assert_eq!(cbor.len(), 17);
        assert_eq!(ciborium::from_reader::<TicketId, _>(&cbor[..]).unwrap(), id);
        let document = DocumentId::from(id);
        assert_eq!(document.to_string().parse::<DocumentId>(), Ok(document));
        assert_eq!(document.ticket(), Some(id));
    }

    #[test]
    fn only_the_canonical_spelling_is_an_id() {
        let id = TicketId::new(Timestamp::from_ms(1_790_000_000_000), [200; 10]).to_string();
        assert!(id.to_lowercase().parse::<TicketId>().is_err());
        assert!("".parse::<TicketId>().is_err());
        assert!("8ZZZZZZZZZZZZZZZZZZZZZZZZZ".parse::<TicketId>().is_err());
    }
}
