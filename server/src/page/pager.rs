//! Long lists in parts: which part a page shows, and the way to the others.

use crate::words::{Lang, desk as d};
use maud::{Markup, html};

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its number, from 1.
    page: u32,
    /// Entries of a full part.
    size: u32,
    /// Entries of the whole list.
    total: u32,
}

impl Part {
    /// The part asked for, or the last one where the list has become shorter.
    pub fn of(page: u32, size: u32, total: u32) -> Part {
        let pages = total.div_ceil(size.max(1)).max(1);
        Part {
            page: page.clamp(1, pages),
            size: size.max(1),
            total,
        }
    }

    /// Its number, from 1.
    pub fn number(self) -> u32 {
        self.page
    }

    /// Entries before this part.
    pub fn offset(self) -> u32 {
        (self.page - 1) * self.size
    }

    /// Entries of a full part.
    pub fn size(self) -> u32 {
        self.size
    }

    /// Entries of the whole list.
    pub fn total(self) -> u32 {
        self.total
    }

    fn last(self) -> u32 {
        self.total.min(self.page * self.size)
    }
}

/// The way to the parts before and after; absent where there is only one. `fields` are the list's own, which the way
/// keeps. Adds `page`.
pub fn pager(lang: Lang, path: &str, fields: &[(&str, &str)], part: Part) -> Markup {
    let Part { page, size, total } = part;
    let span = [
        ("from", (part.offset() + 1).to_string()),
        ("to", part.last().to_string()),
        ("n", total.to_string()),
    ];
    let span = span.each_ref().map(|(key, value)| (*key, value.as_str()));
    let way = |to: u32, word| {
        html! {
            form method="get" action=(path) {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button name="page" value=(to) { (lang.t(word)) }
            }
        }
    };
    html! {
        @if total > size {
            nav.pager aria-label=(lang.t(d::PAGES)) {
                p.hint { (lang.fill(d::PAGE_SPAN, &span)) }
                @if page > 1 { (way(page - 1, d::PREVIOUS_PAGE)) }
                @if part.last() < total { (way(page + 1, d::NEXT_PAGE)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(page: u32, total: u32) -> String {
        pager(Lang::En, "/hq/x", &[("q", "a\"b")], Part::of(page, 40, total)).into_string()
    }

    #[test]
    fn a_list_of_one_part_needs_no_way() {
        for total in [0, 1, 40] {
            assert_eq!(drawn(1, total), "");
        }
    }

    #[test]
    fn each_part_tells_where_it_is_and_leads_to_its_neighbours() {
        let first = drawn(1, 74);
        assert!(first.contains("1–40 of 74") && first.contains("value=\"2\"") && !first.contains("Previous"));
        assert!(first.contains("name=\"q\" value=\"a&quot;b\""));
        let last = drawn(2, 74);
        assert!(last.contains("41–74 of 74") && last.contains("Previous") && !last.contains("Next"));
    }

    #[test]
    fn a_part_behind_the_end_is_the_last_one() {
        for (asked, page) in [(0, 1), (9, 2), (u32::MAX, 2)] {
            assert_eq!(Part::of(asked, 40, 74).page, page);
        }
        assert_eq!(Part::of(3, 40, 0).offset(), 0);
    }
}
