//! The keys data may point at, and the list of what points nowhere.

use std::collections::BTreeSet;

pub(super) type Keys<'a> = BTreeSet<&'a str>;

pub(super) struct Index<'a> {
    pub(super) categories: Keys<'a>,
    pub(super) plans: Keys<'a>,
    pub(super) customers: Keys<'a>,
    pub(super) contacts: Keys<'a>,
    pub(super) sites: Keys<'a>,
    pub(super) models: Keys<'a>,
    pub(super) model_codes: Keys<'a>,
    pub(super) assets: Keys<'a>,
    pub(super) serials: Keys<'a>,
    pub(super) faults: Keys<'a>,
    pub(super) causes: Keys<'a>,
    pub(super) remedies: Keys<'a>,
    pub(super) parts: Keys<'a>,
    pub(super) locations: Keys<'a>,
    pub(super) engineers: Keys<'a>,
    pub(super) tickets: Keys<'a>,
}

#[derive(Default)]
pub(super) struct Check {
    pub(super) broken: Vec<String>,
}

impl Check {
    pub(super) fn keys<'a, K: AsRef<str> + ?Sized + 'a>(
        &mut self,
        kind: &str,
        keys: impl IntoIterator<Item = &'a K>,
    ) -> Keys<'a> {
        let mut seen = Keys::new();
        for key in keys {
            if !seen.insert(key.as_ref()) {
                self.broken.push(format!("{kind} {} exists twice", key.as_ref()));
            }
        }
        seen
    }

    pub(super) fn one(&mut self, owner: &str, kind: &str, known: &Keys<'_>, key: &str) {
        self.holds(owner, &format!("{kind} {key}"), known.contains(key));
    }

    pub(super) fn all<'k>(
        &mut self,
        owner: &str,
        kind: &str,
        known: &Keys<'_>,
        keys: impl IntoIterator<Item = &'k String>,
    ) {
        for key in keys {
            self.one(owner, kind, known, key);
        }
    }

    pub(super) fn holds(&mut self, owner: &str, what: &str, holds: bool) {
        if !holds {
            self.broken.push(format!("{owner}: no such {what}"));
        }
    }
}
