//! Passwords: argon2id, its price, and a hash for people who do not exist.
//!
//! Hashing takes tens of milliseconds and megabytes on purpose; callers on the runtime use [`hash`] and [`verify`],
//! which move it to the blocking pool. A password is never stored, returned or logged.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Memory of one hash in KiB: what OWASP asks of argon2id with two passes.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
pub const PASSES: u32 = 2;
/// Lanes: one, because a server has better use for its other cores.
pub const LANES: u32 = 1;
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in bytes: beyond it somebody tries how much we hash.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Hashes computed at the same time; more wait, so that a flood of tries cannot take all memory.
const AT_ONCE_MAX: usize = 4;

/// Why a password cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("the password is shorter than {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// More than [`PASSWORD_BYTES_MAX`] bytes.
    #[error("the password is longer than {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Failed,
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn slots() -> &'static tokio::sync::Semaphore {
    static SLOTS: OnceLock<tokio::sync::Semaphore> = OnceLock::new();
    SLOTS.get_or_init(|| tokio::sync::Semaphore::new(AT_ONCE_MAX))
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|_| PasswordError::Failed)?;
    Ok(hash.to_string())
}

/// The hash of nobody's password. Verifying against it costs what a real one costs.
fn nobody() -> &'static str {
    static NOBODY: OnceLock<String> = OnceLock::new();
    NOBODY.get_or_init(|| hash_now("a password nobody has", b"fieldline nobody").unwrap_or_default())
}

/// Whether a new password will do, before anything else is done.
///
/// # Errors
/// [`PasswordError::TooShort`] and [`PasswordError::TooLong`] tell the person what to change.
pub fn check(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(PasswordError::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    Ok(())
}

/// Hashes a new password.
///
/// # Errors
/// As [`check`].
pub async fn hash(password: String, salt: [u8; 16]) -> Result<String, PasswordError> {
    check(&password)?;
    let _slot = slots().acquire().await.map_err(|_| PasswordError::Failed)?;
    tokio::task::spawn_blocking(move || hash_now(&password, &salt))
        .await
        .map_err(|_| PasswordError::Failed)?
}

/// Whether `password` is the one that was hashed to `stored`. Without a stored hash the answer is no, after the same
/// work, so the time it takes tells nobody which names exist.
pub async fn verify(password: String, stored: Option<String>) -> bool {
    if password.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let Ok(_slot) = slots().acquire().await else {
        return false;
    };
    let check = move || {
        // Asked for on both roads, so that its first use does not show either.
        let nobody = nobody();
        let real = stored.is_some();
        let stored = stored.unwrap_or_else(|| nobody.to_owned());
        let Ok(parsed) = PasswordHash::new(&stored) else {
            return false;
        };
        let same = argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &parsed).is_ok());
        same && real
    };
    tokio::task::spawn_blocking(check).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_that_was_hashed_is_verified() {
        let stored = hash("correct horse".into(), [1; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse".into(), Some(stored.clone())).await);
        assert!(!verify("correct hors".into(), Some(stored.clone())).await);
        assert!(!verify("a password nobody has".into(), None).await);
        assert!(!verify("x".repeat(PASSWORD_BYTES_MAX + 1), Some(stored)).await);
        assert!(!verify("correct horse".into(), Some("damaged".into())).await);
    }

    #[tokio::test]
    async fn short_and_huge_passwords_are_not_taken() {
        assert_eq!(
            hash("123456789".into(), [1; 16]).await,
            Err(PasswordError::TooShort)
        );
        assert_eq!(hash("x".repeat(300), [1; 16]).await, Err(PasswordError::TooLong));
        assert!(hash("密码密码密码密码密码".into(), [1; 16]).await.is_ok());
    }
}
