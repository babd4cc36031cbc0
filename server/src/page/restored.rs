//! The banner over every page of HQ while the record was put back from a backup, or is in another place, and nothing goes out.

use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::shell::Frame;
use super::{Stamp, paths, when};
use crate::words::restored as w;

/// What the banner knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoredView {
    /// When the record was put back, or found in another place.
    pub at: Stamp,
    /// When the backup was taken; `None` when it was moved or copied.
    pub to: Option<Stamp>,
    /// The reader may let messages go out again.
    pub may_release: bool,
}

/// The banner.
pub fn banner(frame: &Frame, view: &RestoredView) -> Markup {
    let lang = frame.lang;
    let short = |at| when::short(lang, at, frame.now);
    let at = short(view.at);
    let why = match view.to.map(short) {
        Some(to) => lang.fill(w::RESTORED, &[("at", &at), ("to", &to)]),
        None => lang.fill(w::MOVED, &[("at", &at)]),
    };
    html! {
        div.flash.restored.c-pending role="status" {
            (icon(Icon::Warning))
            div {
                p { (why) " " (lang.t(w::OUTBOUND_HELD)) }
                @if view.may_release {
                    form method="post" action=(paths::RELEASE) {
                        input type="hidden" name="csrf" value=(frame.csrf);
                        button { (lang.t(w::RELEASE)) }
                    }
                }
            }
        }
    }
}
