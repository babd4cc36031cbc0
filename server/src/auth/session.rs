//! Signing in and out: from a password or a one-time link to a session, and from a cookie back to a person.
//!
//! Functions here take the moment and the random bytes as arguments; [`crate::auth`] binds them to the edge. Tries are
//! counted before the password is looked at, so a thousand tries at once are a thousand tries.

use std::net::IpAddr;

use fieldline_model::id::StaffId;
use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};

use super::password;
use super::token::Token;
use crate::store::session::{
    SessionRow, session_delete, session_extend, session_get, session_insert, signin_link_get,
    signin_link_insert, signin_link_use, signin_try_add, signin_try_forgive, signin_try_get,
};
use crate::store::staff::{Staff, staff_password};
use crate::store::{Store, StoreError};

/// A session ends when it was not used for so long: a shift with its breaks.
pub const SESSION_IDLE_MS: i64 = 12 * 60 * 60 * 1000;
/// A session ends after so long however it is used.
pub const SESSION_LIFE_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// A session is written again only when it would live so much longer: not every request is a write.
pub const SESSION_TOUCH_MS: i64 = 10 * 60 * 1000;
/// Tries counted together.
pub const TRY_WINDOW_MS: i64 = 15 * 60 * 1000;
/// Failed tries for one name in a window.
pub const TRIES_PER_NAME_MAX: u32 = 10;
/// Failed tries from one address in a window: a whole office may sit behind one.
pub const TRIES_PER_ADDRESS_MAX: u32 = 50;
/// Longest sign-in name, in bytes.
pub const NAME_BYTES_MAX: usize = 100;

/// Why nobody was signed in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SignInFailure {
    /// Name or password is wrong, or the account is disabled; which is not told.
    #[error("name or password is wrong")]
    Wrong,
    /// Too many tries.
    #[error("too many tries; wait {minutes} minutes")]
    TooMany {
        /// Until the window ends, at least 1.
        minutes: u32,
    },
    /// The database would not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A session that just began. The token goes into the cookie and nowhere else.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The secret.
    pub token: Token,
    /// Who it is.
    pub staff: Staff,
}

/// A sign-in name as it is stored and compared.
#[must_use]
pub fn plain_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What tries are counted under.
#[derive(Debug, Clone, Copy)]
struct TryKeys {
    name: [u8; 32],
    address: Option<[u8; 32]>,
}

impl TryKeys {
    fn of(name: &str, peer: Option<IpAddr>) -> Self {
        let name = Sha256::new()
            .chain_update("name\0")
            .chain_update(name)
            .finalize()
            .into();
        let address = peer.map(|peer| {
            let digest = Sha256::new().chain_update("address\0");
            match peer.to_canonical() {
                IpAddr::V4(address) => digest.chain_update(address.octets()),
                // One subscriber has a whole /64.
                IpAddr::V6(address) => digest.chain_update(&address.octets()[..8]),
            }
            .finalize()
            .into()
        });
        Self { name, address }
    }
}

/// Counts a try, or says how long to wait.
async fn take_try(store: &Store, keys: TryKeys, now: Timestamp) -> Result<(), SignInFailure> {
    let limits = [
        (Some(keys.name), TRIES_PER_NAME_MAX),
        (keys.address, TRIES_PER_ADDRESS_MAX),
    ];
    store
        .write(move |connection| {
            let begun = now.plus_ms(-TRY_WINDOW_MS);
            for (key, tries_max) in limits.into_iter().filter_map(|(key, max)| Some((key?, max))) {
                let Some((tries, first)) = signin_try_get(connection, key)? else {
                    continue;
                };
                if first > begun && tries >= tries_max {
                    let left_ms = first.plus_ms(TRY_WINDOW_MS).since(now);
                    let minutes = u32::try_from(left_ms.div_euclid(60_000) + 1).unwrap_or(1);
                    return Err(SignInFailure::TooMany { minutes });
                }
            }
            for (key, _) in limits.into_iter().filter_map(|(key, max)| Some((key?, max))) {
                signin_try_add(connection, key, now, begun)?;
            }
            Ok(())
        })
        .await
}

/// Signs a person in by name and password. `random` becomes the token and the form token.
///
/// # Errors
/// [`SignInFailure`]; after `TooMany` the password was not looked at.
pub async fn sign_in(
    store: &Store,
    now: Timestamp,
    random: [u8; 64],
    name: &str,
    password: String,
    peer: Option<IpAddr>,
) -> Result<NewSession, SignInFailure> {
    let name = plain_name(name);
    let keys = TryKeys::of(&name, peer);
    take_try(store, keys, now).await?;
    let known = name.len() <= NAME_BYTES_MAX;
    let looked_up = name.clone();
    let stored = store
        .read::<_, StoreError>(move |connection| staff_password(connection, &looked_up))
        .await?;
    let (id, hash) = stored.filter(|_| known).unzip();
    if !password::verify(password, hash).await {
        tracing::info!("a sign-in failed");
        return Err(SignInFailure::Wrong);
    }
    let id = id.ok_or(SignInFailure::Wrong)?;
    begin(store, now, random, id, Some(keys)).await
}

/// Begins a session for `staff`, whoever vouched for it.
async fn begin(
    store: &Store,
    now: Timestamp,
    random: [u8; 64],
    staff: StaffId,
    tried: Option<TryKeys>,
) -> Result<NewSession, SignInFailure> {
    let (token, csrf) = split(random);
    let hash = token.hash();
    let staff = store
        .write(move |connection| {
            if let Some(keys) = tried {
                signin_try_forgive(connection, keys.name, true)?;
                if let Some(address) = keys.address {
                    signin_try_forgive(connection, address, false)?;
                }
            }
            session_insert(
                connection,
                hash,
                staff,
                &csrf.reveal(),
                now,
                now.plus_ms(SESSION_IDLE_MS),
            )?;
            let session = session_get(connection, hash, now)?;
            session.map(|session| session.staff).ok_or(SignInFailure::Wrong)
        })
        .await?;
    tracing::info!(staff.id = %staff.id, "staff {} signed in", staff.id);
    Ok(NewSession { token, staff })
}

fn split(random: [u8; 64]) -> (Token, Token) {
    let (mut one, mut other) = ([0; 32], [0; 32]);
    one.copy_from_slice(&random[..32]);
    other.copy_from_slice(&random[32..]);
    (Token::of(one), Token::of(other))
}

/// The session a cookie names, living longer by being used.
///
/// # Errors
/// As the database says; an unknown or ended session is `None`.
pub async fn session_of(
    store: &Store,
    now: Timestamp,
    token: &Token,
) -> Result<Option<SessionRow>, StoreError> {
    let hash = token.hash();
    let found = store
        .read(move |connection| session_get(connection, hash, now))
        .await?;
    let Some(session) = found else { return Ok(None) };
    let end = session.created_at.plus_ms(SESSION_LIFE_MS);
    if now >= end {
        return Ok(None);
    }
    let expires_at = now.plus_ms(SESSION_IDLE_MS).min(end);
    if expires_at.since(session.expires_at) >= SESSION_TOUCH_MS {
        store
            .write::<_, StoreError>(move |connection| session_extend(connection, hash, expires_at))
            .await?;
    }
    Ok(Some(session))
}

/// Ends the session of a cookie; ending it twice changes nothing.
///
/// # Errors
/// As the database says.
pub async fn sign_out(store: &Store, token: &Token) -> Result<(), StoreError> {
    let hash = token.hash();
    store
        .write(move |connection| session_delete(connection, hash))
        .await
}

/// Makes a link that signs `staff` in once, within `life_ms`.
///
/// # Errors
/// As the database says.
pub async fn link_for(
    store: &Store,
    now: Timestamp,
    random: [u8; 32],
    staff: StaffId,
    life_ms: i64,
) -> Result<Token, StoreError> {
    let token = Token::of(random);
    let hash = token.hash();
    store
        .write::<_, StoreError>(move |connection| {
            signin_link_insert(connection, hash, staff, now.plus_ms(life_ms))
        })
        .await?;
    Ok(token)
}

/// Whom a link would sign in, without using it: mail scanners and previews visit links.
///
/// # Errors
/// As the database says; used, expired and unknown links are all `None`.
pub async fn link_holder(store: &Store, now: Timestamp, token: &str) -> Result<Option<Staff>, StoreError> {
    let Some(token) = Token::parse(token) else {
        return Ok(None);
    };
    store
        .read(move |connection| signin_link_get(connection, token.hash(), now))
        .await
}

/// Uses a link up and signs its person in.
///
/// # Errors
/// [`SignInFailure::Wrong`] for used, expired and unknown links alike.
pub async fn sign_in_by_link(
    store: &Store,
    now: Timestamp,
    random: [u8; 64],
    token: &str,
) -> Result<NewSession, SignInFailure> {
    let token = Token::parse(token).ok_or(SignInFailure::Wrong)?;
    let staff = store
        .write::<_, StoreError>(move |connection| signin_link_use(connection, token.hash(), now))
        .await?;
    let staff = staff.ok_or(SignInFailure::Wrong)?;
    begin(store, now, random, staff.id, None).await
}
