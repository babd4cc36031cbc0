//! Accounts, sign-in and tokens as methods of [`App`], bound to its clock and chance.

use std::net::IpAddr;

use fieldline_model::id::StaffId;

use super::password::{self, PasswordError};
use super::session::{self, NAME_BYTES_MAX, NewSession, SignInFailure, plain_name};
use super::{Role, Staff, Token};
use crate::app::App;
use crate::store::StoreError;
use crate::store::session::{api_token_insert, api_token_revoke};
use crate::store::staff::{
    staff_by_name, staff_disable, staff_insert, staff_is_last_admin, staff_list, staff_set_password,
};

/// An account to be made.
#[derive(Clone)]
pub struct NewStaff {
    /// Name to sign in with.
    pub name: String,
    /// Name on screens.
    pub display_name: String,
    /// Post.
    pub role: Role,
    /// `zh` or `en`.
    pub lang: String,
    /// Password; without one only links sign it in.
    pub password: Option<String>,
}

/// Why an account or a token could not be made or changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AccountError {
    /// The name is empty, too long, or holds a control character.
    #[error("a name has 1 to {NAME_BYTES_MAX} bytes and no control characters")]
    BadName,
    /// Somebody has the name.
    #[error("the name is taken")]
    NameTaken,
    /// There is no such account or token.
    #[error("there is no such account or token")]
    Unknown,
    /// Nobody else could administer the company.
    #[error("the last administrator")]
    LastAdmin,
    /// The password will not do.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database would not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An account that only has to be written.
pub(crate) struct Prepared {
    /// The account.
    pub(crate) staff: Staff,
    /// Its password's hash.
    pub(crate) hash: Option<String>,
}

/// Whether an account can have this name, before anything else is done.
///
/// # Errors
/// [`AccountError::BadName`].
pub fn check_name(name: &str) -> Result<(), AccountError> {
    good_name(name).map(|_| ())
}

fn good_name(name: &str) -> Result<String, AccountError> {
    let name = plain_name(name);
    let good = !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.chars().any(char::is_control);
    if good {
        Ok(name)
    } else {
        Err(AccountError::BadName)
    }
}

impl App {
    /// Makes an account.
    ///
    /// # Errors
    /// [`AccountError`]; nothing was made.
    pub async fn create_staff(&self, new: NewStaff) -> Result<Staff, AccountError> {
        let Prepared { staff, hash } = self.prepare_staff(new).await?;
        let kept = staff.clone();
        let made = move |connection: &rusqlite::Connection| staff_insert(connection, &kept, hash.as_deref());
        if self.store().write::<_, StoreError>(made).await? {
            Ok(staff)
        } else {
            Err(AccountError::NameTaken)
        }
    }

    /// Checks an account and hashes its password: everything but writing it.
    pub(crate) async fn prepare_staff(&self, new: NewStaff) -> Result<Prepared, AccountError> {
        let name = good_name(&new.name)?;
        let hash = match new.password {
            Some(password) => Some(password::hash(password, self.edge().bytes()).await?),
            None => None,
        };
        let staff = Staff {
            id: self.edge().id(StaffId::new),
            name,
            display_name: new.display_name,
            role: new.role,
            lang: new.lang,
            disabled_at: None,
        };
        Ok(Prepared { staff, hash })
    }

    /// The account with this sign-in name.
    ///
    /// # Errors
    /// As the database says.
    pub async fn staff_named(&self, name: &str) -> Result<Option<Staff>, StoreError> {
        let name = plain_name(name);
        self.store()
            .read(move |connection| staff_by_name(connection, &name))
            .await
    }

    /// Every account by name.
    ///
    /// # Errors
    /// As the database says.
    pub async fn staff(&self) -> Result<Vec<Staff>, StoreError> {
        self.store().read(staff_list).await
    }

    /// Sets a password and ends the account's sessions.
    ///
    /// # Errors
    /// [`AccountError`]; the old password counts on.
    pub async fn set_password(&self, staff: StaffId, password: String) -> Result<(), AccountError> {
        let hash = password::hash(password, self.edge().bytes()).await?;
        let set = self
            .store()
            .write::<_, StoreError>(move |c| staff_set_password(c, staff, &hash))
            .await?;
        if set { Ok(()) } else { Err(AccountError::Unknown) }
    }

    /// Closes an account with its sessions and tokens.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when it is closed already, [`AccountError::LastAdmin`] for the only open account of an
    /// administrator.
    pub async fn disable_staff(&self, staff: StaffId) -> Result<(), AccountError> {
        let now = self.now();
        let close = move |connection: &rusqlite::Connection| {
            if staff_is_last_admin(connection, staff)? {
                return Err(AccountError::LastAdmin);
            }
            if staff_disable(connection, staff, now)? {
                Ok(())
            } else {
                Err(AccountError::Unknown)
            }
        };
        self.store().write(close).await
    }

    /// Signs a person in by name and password.
    ///
    /// # Errors
    /// [`SignInFailure`].
    pub async fn sign_in(
        &self,
        name: &str,
        password: String,
        peer: Option<IpAddr>,
    ) -> Result<NewSession, SignInFailure> {
        session::sign_in(
            self.store(),
            self.now(),
            self.edge().bytes(),
            name,
            password,
            peer,
        )
        .await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As the database says.
    pub async fn sign_out(&self, token: &Token) -> Result<(), StoreError> {
        session::sign_out(self.store(), token).await
    }

    /// Makes a link that signs `staff` in once, within `life_ms`. Its page is `page::paths::sign_in_link(token)`.
    ///
    /// # Errors
    /// As the database says.
    pub async fn signin_link(&self, staff: StaffId, life_ms: i64) -> Result<Token, StoreError> {
        session::link_for(self.store(), self.now(), self.edge().bytes(), staff, life_ms).await
    }

    /// Whom a link would sign in; looking does not use it.
    ///
    /// # Errors
    /// As the database says; used, expired and unknown links are all `None`.
    pub async fn link_holder(&self, token: &str) -> Result<Option<Staff>, StoreError> {
        session::link_holder(self.store(), self.now(), token).await
    }

    /// Uses a link up and signs its person in.
    ///
    /// # Errors
    /// [`SignInFailure::Wrong`] for used, expired and unknown links alike.
    pub async fn sign_in_by_link(&self, token: &str) -> Result<NewSession, SignInFailure> {
        session::sign_in_by_link(self.store(), self.now(), self.edge().bytes(), token).await
    }

    /// Makes a token for a script that acts in the name of `staff` and may do at most what `role` may. It is shown
    /// once; only its hash is kept.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn create_api_token(
        &self,
        name: &str,
        staff: StaffId,
        role: Role,
        life_ms: Option<i64>,
    ) -> Result<Token, AccountError> {
        let (name, now) = (good_name(name)?, self.now());
        let token = Token::of(self.edge().bytes());
        let hash = token.hash();
        let until = life_ms.map(|ms| now.plus_ms(ms));
        let make = move |connection: &rusqlite::Connection| {
            api_token_insert(connection, hash, &name, staff, role, now, until)
        };
        if self.store().write::<_, StoreError>(make).await? {
            Ok(token)
        } else {
            Err(AccountError::NameTaken)
        }
    }

    /// Ends a script's token.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is none of this name.
    pub async fn revoke_api_token(&self, name: &str) -> Result<(), AccountError> {
        let (name, now) = (plain_name(name), self.now());
        let done = self
            .store()
            .write::<_, StoreError>(move |c| api_token_revoke(c, &name, now))
            .await?;
        if done { Ok(()) } else { Err(AccountError::Unknown) }
    }
}
