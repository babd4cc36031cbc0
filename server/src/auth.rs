//! Who somebody at HQ is and what they may do: accounts, sessions, script tokens, one-time links, roles.
//!
//! Pages take [`Signed`] and [`SignedForm`], REST takes [`Api`]. Phones prove themselves elsewhere, customers by their
//! tracking link. Names, passwords and tokens never reach a log; only hashes of secrets are stored.

pub mod account;
pub mod cookie;
pub mod extract;
pub mod password;
pub mod role;
pub mod session;
pub mod token;
pub mod tracking;

pub use account::{AccountError, NewStaff};
pub use extract::{Api, PeerAddress, Signed, SignedForm};
pub use role::{Permission, Role, role_may};
pub use session::{NewSession, SignInFailure};
pub use token::Token;
pub use tracking::TrackingLink;

pub use crate::store::staff::Staff;

#[cfg(test)]
mod tests;
