//! Who performed an operation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{EngineerId, IdError, StaffId};

/// Who performed an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// An engineer, on a phone.
    Engineer(EngineerId),
    /// A dispatcher, agent, manager or other person at HQ.
    Staff(StaffId),
    /// The customer, through the tracking link.
    Customer,
    /// The server itself: imports, rulings.
    Server,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engineer(id) => write!(f, "engineer:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Customer => f.write_str("customer"),
            Self::Server => f.write_str("server"),
        }
    }
}

impl FromStr for Author {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("engineer", id)) => id.parse().map(Self::Engineer),
            Some(("staff", id)) => id.parse().map(Self::Staff),
            None if text == "customer" => Ok(Self::Customer),
            None if text == "server" => Ok(Self::Server),
            _ => Err(IdError { kind: "author" }),
        }
    }
}

impl Serialize for Author {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Author {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
