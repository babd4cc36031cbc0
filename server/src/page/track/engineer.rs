//! The engineer's card, and where the engineer roughly is: a distance in words and a sketch, no map of others.

use crate::page::icon::{Icon, icon};
use crate::page::{Stamp, when};
use crate::words::{Lang, track as t};
use maud::{Markup, html};

/// The engineer as the customer may see them.
#[derive(Debug, Clone)]
pub struct EngineerCard {
    /// The name shown.
    pub name: String,
    /// Address of a photo on this server.
    pub photo: Option<String>,
    /// A relay number that may be dialled.
    pub call: Option<String>,
    /// Where, only while on the way.
    pub place: Place,
}

/// What is known of the position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// Nothing to show: not on the way.
    Hidden,
    /// On the way, but no position came in.
    Unknown,
    /// A rounded position.
    Known {
        /// Distance in whole kilometres; 0 is less than one.
        km: u32,
        /// Direction from the customer, rounded.
        towards: Compass,
        /// When it was measured.
        at: Stamp,
    },
}

/// Eight directions are all a sketch needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the eight winds explain themselves")]
pub enum Compass {
    North,
    NorthEast,
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
}

/// The card.
pub(super) fn engineer(lang: Lang, now: Stamp, card: &EngineerCard) -> Markup {
    html! {
        section.engineer aria-labelledby="engineer" {
            @if let Some(photo) = &card.photo {
                img.face src=(photo) alt=(lang.fill(t::PHOTO_OF, &[("x", &card.name)])) width="56" height="56";
            } @else { span.face { (icon(Icon::Person)) } }
            div {
                h2.small #engineer { (lang.t(t::YOUR_ENGINEER)) }
                p { strong { (card.name) } }
            }
            @if let Some(number) = &card.call {
                a.button href={"tel:" (number)} { (icon(Icon::Phone)) (lang.fill(t::CALL, &[("x", number)])) }
                p.quiet.small.full { (lang.t(t::CALL_MASKED)) }
            }
            (place(lang, now, card.place))
        }
    }
}

fn place(lang: Lang, now: Stamp, place: Place) -> Markup {
    match place {
        Place::Hidden => html! {},
        Place::Unknown => html! { p.full { (lang.t(t::POS_NONE)) } },
        Place::Known { km, towards, at } => html! {
            div.place.full {
                (sketch(lang, km, towards))
                p {
                    strong { (distance(lang, km)) } br;
                    span.quiet.small { (position_age(lang, at, now)) }
                }
            }
        },
    }
}

fn distance(lang: Lang, km: u32) -> String {
    match km {
        0 => lang.t(t::POS_NEAR).to_owned(),
        1.. => lang.fill(t::POS_AWAY, &[("n", &km.to_string())]),
    }
}

fn position_age(lang: Lang, at: Stamp, now: Stamp) -> Markup {
    let (before, after) = lang.t(t::POS_AGE).split_once("{x}").unwrap_or_default();
    html! { (before) (when::age_time(lang, at, now)) (after) }
}

/// The customer in the middle, rings around, a dot in the direction of the engineer. Far away means the outer ring.
fn sketch(lang: Lang, km: u32, towards: Compass) -> Markup {
    let radius = match km {
        0 => 14,
        1..5 => 30,
        5.. => 46,
    };
    let (x, y) = towards.offset(radius);
    html! {
        svg.sketch viewBox="0 0 120 120" width="120" height="120" role="img" aria-label=(lang.t(t::POS_SKETCH)) {
            circle.ring cx="60" cy="60" r="30" {}
            circle.ring cx="60" cy="60" r="46" {}
            path.road d={"M60 60L" (x) " " (y)} {}
            circle.home cx="60" cy="60" r="5" {}
            circle.van cx=(x) cy=(y) r="8" {}
            text x="60" y="80" text-anchor="middle" { (lang.t(t::POS_YOU)) }
        }
    }
}

impl Compass {
    /// Where `radius` in this direction ends, on a plane of 120 with y downwards. Diagonals use 7/10 for √½.
    fn offset(self, radius: i32) -> (i32, i32) {
        let diagonal = radius * 7 / 10;
        let (dx, dy) = match self {
            Compass::North => (0, -radius),
            Compass::NorthEast => (diagonal, -diagonal),
            Compass::East => (radius, 0),
            Compass::SouthEast => (diagonal, diagonal),
            Compass::South => (0, radius),
            Compass::SouthWest => (-diagonal, diagonal),
            Compass::West => (-radius, 0),
            Compass::NorthWest => (-diagonal, -diagonal),
        };
        (60 + dx, 60 + dy)
    }
}
