//! Pages of a list: an opaque cursor over the ids, which never move, so rows that come or change meanwhile neither
//! repeat nor hide others.

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::BASE;
use crate::problem::{Code, Problem};

/// Entries of a page when nothing is asked.
pub const LIMIT_DEFAULT: u32 = 50;
/// Most entries of a page.
pub const LIMIT_MAX: u32 = 200;

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries, in the list's order.
    pub items: Vec<T>,
    /// Where the next page is; null on the last one.
    pub next: Option<String>,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Key after which it begins; empty at the start.
    pub after: String,
    /// Entries wanted, 1 to [`LIMIT_MAX`].
    pub limit: u32,
}

impl Window {
    /// Reads cursor and limit. A cursor counts for the list and the filters it was made for only.
    ///
    /// # Errors
    /// [`Code::BadCursor`], or [`Code::BadQuery`] for the limit.
    pub fn of(uri: &Uri, cursor: Option<&str>, limit: Option<u32>) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(LIMIT_DEFAULT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Problem::new(Code::BadQuery).detail(
                format!("limit：1 到 {LIMIT_MAX}"),
                format!("limit: 1 to {LIMIT_MAX}"),
            ));
        }
        let after = match cursor {
            None => String::new(),
            Some(cursor) => open(uri, cursor).ok_or_else(|| Problem::new(Code::BadCursor))?,
        };
        Ok(Self { after, limit })
    }

    /// How many rows to read: one more than wanted tells whether there is a next page.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.limit + 1
    }

    /// The page of what was read.
    pub fn page<T>(&self, uri: &Uri, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let wanted = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next = items
            .last()
            .filter(|_| more)
            .map(|last| link(uri, &seal(uri, &key(last))));
        Page { items, next }
    }
}

/// The query without its cursor.
fn filters(uri: &Uri) -> impl Iterator<Item = &str> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
}

/// What the cursor is bound to: the list and its filters, the page's size left out.
fn digest(uri: &Uri) -> [u8; 8] {
    let mut digest = Sha256::new().chain_update(path(uri));
    for pair in filters(uri).filter(|pair| !pair.starts_with("limit=")) {
        digest.update([0]);
        digest.update(pair);
    }
    let mut short = [0; 8];
    short.copy_from_slice(&digest.finalize()[..8]);
    short
}

/// The path below the base, whether or not the router has cut the base off already.
fn path(uri: &Uri) -> &str {
    uri.path().strip_prefix(BASE).unwrap_or(uri.path())
}

fn seal(uri: &Uri, key: &str) -> String {
    URL_SAFE_NO_PAD.encode([&digest(uri)[..], key.as_bytes()].concat())
}

fn open(uri: &Uri, cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (bound, key) = bytes.split_at_checked(8)?;
    let key = String::from_utf8(key.to_vec()).ok()?;
    (bound == digest(uri) && !key.is_empty()).then_some(key)
}

fn link(uri: &Uri, cursor: &str) -> String {
    let mut query: Vec<String> = filters(uri).map(str::to_owned).collect();
    query.push(format!("cursor={cursor}"));
    format!("{BASE}{}?{}", path(uri), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    fn cursor(next: &str) -> String {
        next.rsplit_once("cursor=").unwrap().1.to_owned()
    }

    #[test]
    fn a_page_links_to_the_next_with_the_same_filters() {
        let first = uri("/api/v1/tickets?status=new&limit=2");
        let part = Window::of(&first, None, Some(2)).unwrap();
        let page = part.page(&first, vec!["c", "b", "a"], ToString::to_string);
        assert_eq!(page.items, ["c", "b"]);
        let next = page.next.unwrap();
        assert!(
            next.starts_with("/api/v1/tickets?status=new&limit=2&cursor="),
            "{next}"
        );
        let second = Window::of(&uri(&next), Some(&cursor(&next)), Some(2)).unwrap();
        assert_eq!(second.after, "b");
        assert_eq!(
            second.page(&uri(&next), vec!["a"], ToString::to_string).next,
            None
        );
    }

    #[test]
    fn a_cursor_of_another_list_or_filter_is_no_cursor() {
        let first = uri("/tickets?status=new");
        let page =
            Window::of(&first, None, Some(1))
                .unwrap()
                .page(&first, vec!["b", "a"], ToString::to_string);
        let cursor = cursor(&page.next.unwrap());
        assert!(Window::of(&uri("/tickets?status=new&limit=7"), Some(&cursor), Some(7)).is_ok());
        for other in ["/tickets", "/tickets?status=closed", "/visits?status=new"] {
            assert_eq!(
                Window::of(&uri(other), Some(&cursor), None).unwrap_err().code(),
                Code::BadCursor
            );
        }
        for bad in ["", "x", "%%", "AAAAAAAAAAA"] {
            assert_eq!(
                Window::of(&first, Some(bad), None).unwrap_err().code(),
                Code::BadCursor
            );
        }
    }

    #[test]
    fn a_page_has_one_to_two_hundred_entries() {
        for bad in [0, 201, u32::MAX] {
            assert_eq!(
                Window::of(&uri("/tickets"), None, Some(bad)).unwrap_err().code(),
                Code::BadQuery
            );
        }
    }
}
