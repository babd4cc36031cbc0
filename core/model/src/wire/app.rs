//! The version of an app, as it says it of itself.

use std::fmt;
use std::str::FromStr;

/// Major, minor and patch, compared in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppVersion([u32; 3]);

impl AppVersion {
    /// The version in what an app calls itself, such as `fieldline 0.4.2` or `Fieldline/1.2.0 (Android 14)`: the first three
    /// numbers joined by dots. `None` where there are none; such an app is of no known age.
    #[must_use]
    pub fn of(app: &str) -> Option<Self> {
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        app.split(|c: char| !is_part(c))
            .find_map(|word| word.parse().ok())
    }
}

/// A text that is not three numbers joined by dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version is three numbers, like 1.4.0")]
pub struct BadVersion;

impl FromStr for AppVersion {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let mut parts = text.split('.');
        let mut part = || parts.next().and_then(|part| part.parse().ok()).ok_or(BadVersion);
        let version = [part()?, part()?, part()?];
        match parts.next() {
            None => Ok(Self(version)),
            Some(_) => Err(BadVersion),
        }
    }
}

impl fmt::Display for AppVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_what_an_app_says() {
        let of = |app: &str| AppVersion::of(app).map(|version| version.to_string());
        for (app, version) in [
            ("fieldline 0.4.2", Some("0.4.2")),
            ("Fieldline/1.20.0 (Android 14)", Some("1.20.0")),
            ("14 Fieldline 1.2.3-beta.1", Some("1.2.3")),
            ("bench", None),
            ("1.2", None),
            ("1.2.3.4", None),
            ("99999999999.0.0", None),
            ("", None),
        ] {
            assert_eq!(of(app).as_deref(), version, "{app}");
        }
        assert!(AppVersion::of("a 0.9.9") < AppVersion::of("a 0.10.0"));
    }
}
