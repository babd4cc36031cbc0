//! Photos of the work: small ones in a grid, each leading to the photo itself, and what has not come in words.

use crate::page::icon::{Icon, icon};
use crate::page::{Stamp, when};
use crate::words::{Lang, Word, ticket as t};
use maud::{Markup, html};

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// How it was found.
    Before,
    /// How it was left.
    After,
    /// Something else.
    Other,
}

/// Where the photo itself is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Here, at this address.
    Here(String),
    /// On the phone still.
    Waiting,
    /// Lost on the phone before it came.
    Lost,
}

/// A photo.
#[derive(Debug, Clone)]
pub struct Photo {
    /// What it shows.
    pub shows: Shows,
    /// In the engineer's words; may be empty.
    pub caption: String,
    /// Who took it.
    pub who: String,
    /// When.
    pub at: Stamp,
    /// Address of the small picture, if it is here.
    pub thumb: Option<String>,
    /// Where the photo is.
    pub place: Place,
}

impl Shows {
    pub(super) fn word(self) -> Word {
        match self {
            Self::Before => t::PHOTO_BEFORE,
            Self::After => t::PHOTO_AFTER,
            Self::Other => t::PHOTO_OTHER,
        }
    }
}

/// The photos, by time; absent when there are none.
pub fn photos(lang: Lang, now: Stamp, photos: &[Photo]) -> Markup {
    html! {
        @if photos.is_empty() { section #part-photos hidden {} } @else {
            section #part-photos aria-labelledby="photos" {
                h2 #photos { (lang.t(t::PHOTOS)) }
                ul.photos { @for photo in photos { li { (figure(lang, now, photo)) } } }
            }
        }
    }
}

fn figure(lang: Lang, now: Stamp, photo: &Photo) -> Markup {
    html! {
        figure {
            @match &photo.place {
                Place::Here(src) => a href=(src) { (picture(lang, photo)) },
                Place::Waiting | Place::Lost => (picture(lang, photo)),
            }
            figcaption {
                strong { (lang.t(photo.shows.word())) }
                @if !photo.caption.is_empty() { " " span.typed { (photo.caption) } }
                br; span.hint { (photo.who) " · " (when::time(photo.at, &when::short(lang, photo.at, now))) }
                @match &photo.place {
                    Place::Here(_) => {}
                    Place::Waiting => { br; span.hint { (lang.t(t::PHOTO_WAITING)) } }
                    Place::Lost => { br; span.error { (lang.t(t::PHOTO_LOST)) } }
                }
            }
        }
    }
}

/// What stands for the photo: the small picture, or a sign that there is none.
fn picture(lang: Lang, photo: &Photo) -> Markup {
    html! {
        @match &photo.thumb {
            Some(src) => img src=(src) alt=(alt(lang, photo)) width="160" height="120" loading="lazy";,
            None => span.none role="img" aria-label=(alt(lang, photo)) { (icon(Icon::Camera)) },
        }
    }
}

fn alt(lang: Lang, photo: &Photo) -> String {
    let shows = lang.t(photo.shows.word());
    if photo.caption.is_empty() {
        lang.fill(t::PHOTO_ALT, &[("x", shows), ("who", &photo.who)])
    } else {
        lang.fill(t::PHOTO_ALT_CAPTION, &[("x", shows), ("text", &photo.caption)])
    }
}
