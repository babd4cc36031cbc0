//! Who else has this ticket open: one short line in the frame, empty without script and where nobody else looks.

use maud::{Markup, html};

use crate::words::{Lang, ticket as t};

/// Names shown; of the others, how many.
const NAMES_MAX: usize = 3;

/// Somebody else who has the ticket open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewerName {
    /// Name in the reader's language.
    pub name: String,
    /// An engineer, on his phone.
    pub phone: bool,
}

/// The line; also the data of a live event `part`. Its place is in the frame, so that nothing moves when it fills.
pub fn viewing(lang: Lang, others: &[ViewerName]) -> Markup {
    let named = |viewer: &ViewerName| {
        if viewer.phone {
            lang.fill(t::VIEWING_PHONE, &[("x", &viewer.name)])
        } else {
            viewer.name.clone()
        }
    };
    let names: Vec<String> = others.iter().take(NAMES_MAX).map(named).collect();
    let names = names.join(lang.t(t::VIEWING_AND));
    let more = others.len().saturating_sub(NAMES_MAX);
    html! {
        span.viewing #viewing {
            @if more > 0 { (lang.fill(t::VIEWING_MORE, &[("x", &names), ("n", &more.to_string())])) }
            @else if !names.is_empty() { (lang.fill(t::VIEWING, &[("x", &names)])) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lang: Lang, names: &[&str]) -> String {
        let viewer = |name: &&str| ViewerName {
            name: (*name).to_owned(),
            phone: *name == "D",
        };
        viewing(lang, &names.iter().map(viewer).collect::<Vec<_>>()).into_string()
    }

    #[test]
    fn some_names_are_said_and_of_the_others_how_many() {
        assert!(
            said(Lang::En, &[]).ends_with("></span>"),
            "{}",
            said(Lang::En, &[])
        );
        assert!(said(Lang::En, &["A", "D"]).contains(">Also here: A, D (phone)<"));
        assert!(said(Lang::Zh, &["A", "D"]).contains(">也在查看：A、D（手机）<")); // sample
        assert!(said(Lang::En, &["A", "B", "C", "D"]).contains(">Also here: A, B, C and 1 more<"));
        assert!(said(Lang::Zh, &["A", "B", "C", "D", "E"]).contains(">也在查看：A、B、C，另有 2 人<")); // sample
    }
}
