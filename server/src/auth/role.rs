//! What each post at HQ may do: one table.

use serde::{Deserialize, Serialize};

/// The post of a person at HQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the installation.
    Admin,
    /// Reads everything, decides what others may not.
    Manager,
    /// Assigns and watches.
    Dispatcher,
    /// Takes reports.
    Agent,
    /// Keeps the parts.
    Keeper,
}

impl Role {
    /// Every role, in the order of lists.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Manager,
        Self::Dispatcher,
        Self::Agent,
        Self::Keeper,
    ];

    /// The word in tables and scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Dispatcher => "dispatcher",
            Self::Agent => "agent",
            Self::Keeper => "keeper",
        }
    }

    /// The role with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Something a role may or may not do. Endpoints and pages ask for exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Read tickets, visits, events, fates.
    ReadTickets,
    /// Open tickets, edit their facts, write notes, give out tracking links.
    TakeReports,
    /// Triage, offer, reassign, reschedule.
    Dispatch,
    /// Cancel, resolve, close, reopen; settle review items.
    EndTickets,
    /// Read customers, contacts, sites, assets.
    ReadCustomers,
    /// Create and correct them.
    EditCustomers,
    /// Create and correct SLA plans: what contracts promise.
    EditPlans,
    /// Read engineers and their devices.
    ReadEngineers,
    /// Create and correct engineers, enrol and revoke their phones.
    EditEngineers,
    /// Read parts, locations and stock.
    ReadStock,
    /// Create and correct parts and locations, set counted stock.
    EditStock,
    /// Read and search articles, write beside them.
    ReadArticles,
    /// Publish articles.
    PublishArticles,
    /// Read changes that were refused, with their authors' words.
    ReadRefused,
    /// Accounts, tokens.
    ManageStaff,
    /// Let messages go out again after a restore.
    ReleaseOutbound,
    /// Erase a customer's personal data for good.
    EraseCustomers,
}

impl Permission {
    /// Every permission, for tables and tests.
    pub const ALL: [Self; 17] = [
        Self::ReadTickets,
        Self::TakeReports,
        Self::Dispatch,
        Self::EndTickets,
        Self::ReadCustomers,
        Self::EditCustomers,
        Self::EditPlans,
        Self::ReadEngineers,
        Self::EditEngineers,
        Self::ReadStock,
        Self::EditStock,
        Self::ReadArticles,
        Self::PublishArticles,
        Self::ReadRefused,
        Self::ManageStaff,
        Self::ReleaseOutbound,
        Self::EraseCustomers,
    ];
}

/// Whether people of `role` may do what `permission` names.
#[must_use]
pub fn role_may(role: Role, permission: Permission) -> bool {
    use Role::{Admin, Agent, Dispatcher, Keeper, Manager};
    match permission {
        Permission::ReadTickets
        | Permission::ReadStock
        | Permission::ReadArticles
        | Permission::ReadEngineers => true,
        Permission::TakeReports | Permission::ReadCustomers | Permission::EditCustomers => {
            matches!(role, Admin | Manager | Dispatcher | Agent)
        }
        Permission::Dispatch | Permission::EndTickets | Permission::ReadRefused => {
            matches!(role, Admin | Manager | Dispatcher)
        }
        Permission::EditEngineers | Permission::EditPlans | Permission::PublishArticles => {
            matches!(role, Admin | Manager)
        }
        Permission::EditStock => matches!(role, Admin | Manager | Keeper),
        Permission::ManageStaff | Permission::ReleaseOutbound | Permission::EraseCustomers => {
            matches!(role, Admin)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_as_agreed() {
        let may = |role| {
            Permission::ALL
                .into_iter()
                .filter(|permission| role_may(role, *permission))
                .count()
        };
        assert_eq!(Role::ALL.map(may), [17, 14, 10, 7, 5]);
        assert!(!role_may(Role::Agent, Permission::Dispatch));
        assert!(!role_may(Role::Keeper, Permission::ReadCustomers));
        assert!(!role_may(Role::Dispatcher, Permission::EditStock));
    }

    #[test]
    fn words_are_found_again() {
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.word()), Some(role));
        }
        assert_eq!(Role::from_word("root"), None);
    }
}
