//! Small line icons, 20 × 20, drawn in the colour of the text beside them. They never carry a meaning alone.

use maud::{Markup, html};

/// An icon by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A list.
    List,
    /// A person.
    Person,
    /// A box of parts.
    Parts,
    /// An open book.
    Book,
    /// An envelope or tray: received.
    Inbox,
    /// Looking for someone.
    Find,
    /// A van on the way.
    Van,
    /// A pin on the ground: arrived.
    Pin,
    /// A wrench: at work.
    Wrench,
    /// A tick: done.
    Tick,
    /// A cross: cancelled, refused.
    Cross,
    /// Two bars: paused.
    Pause,
    /// A clock.
    Clock,
    /// A triangle with a mark.
    Warning,
    /// Scales: overruled.
    Scales,
    /// Two lines joining.
    Merge,
    /// A speech bubble.
    Speech,
    /// A bell.
    Bell,
    /// A phone.
    Phone,
    /// A calendar sheet.
    Calendar,
    /// A star.
    Star,
    /// A plus.
    Plus,
    /// A camera.
    Camera,
    /// A pen.
    Pen,
    /// Two links of a chain.
    Link,
    /// Two links, apart.
    Unlink,
    /// A broken line: gap.
    Gap,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::List => "M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01",
            Icon::Person => "M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 17c0-3 2.7-5 6-5s6 2 6 5",
            Icon::Parts => "M3 6l7-3 7 3v8l-7 3-7-3ZM3 6l7 3 7-3M10 9v8",
            Icon::Book => {
                "M10 5C8 3.6 5.5 3.5 3 4v11c2.5-.5 5-.4 7 1 2-1.4 4.5-1.5 7-1V4c-2.5-.5-5-.4-7 1ZM10 5v11"
            }
            Icon::Inbox => "M3 11l2.5-7h9L17 11v5H3ZM3 11h4l1 2h4l1-2h4",
            Icon::Find => "M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM13.5 13.5 17 17",
            Icon::Van => {
                "M2 14V5h10v9M12 8h3.5L18 11v3h-1M8 14h5M5.5 16a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM14.5 16a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z"
            }
            Icon::Pin => "M10 18s6-5 6-10a6 6 0 0 0-12 0c0 5 6 10 6 10ZM10 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
            Icon::Wrench => {
                "M16.5 5.5 14 8l-2-2 2.5-2.5A4.5 4.5 0 0 0 8.6 9.3L3 15l2 2 5.7-5.6a4.5 4.5 0 0 0 5.8-5.9Z"
            }
            Icon::Tick => "M4 10.5 8 14.5 16 6",
            Icon::Cross => "M5 5l10 10M15 5 5 15",
            Icon::Pause => "M7 4v12M13 4v12",
            Icon::Clock => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4l3 2",
            Icon::Warning => "M10 3 18 17H2ZM10 8v4M10 14.5v.01",
            Icon::Scales => "M10 3v14M6 17h8M4 6h12M4 6l-2 5h4ZM16 6l-2 5h4Z",
            Icon::Merge => "M5 3c0 6 5 5 5 9v5M15 3c0 6-5 5-5 9M7.5 14.5 10 17l2.5-2.5",
            Icon::Speech => "M3 4h14v9H9l-4 4v-4H3Z",
            Icon::Bell => "M5 14V9a5 5 0 0 1 10 0v5l1.5 1h-13ZM8.5 17.5h3",
            Icon::Phone => "M6 2.5h8v15H6ZM9 15h2",
            Icon::Calendar => "M3 5h14v12H3ZM3 9h14M7 3v3M13 3v3",
            Icon::Star => "M10 3l2.1 4.6 5 .6-3.7 3.4 1 4.9L10 14l-4.4 2.5 1-4.9L2.9 8.2l5-.6Z",
            Icon::Plus => "M10 4v12M4 10h12",
            Icon::Camera => "M3 6h3l1.5-2h5L14 6h3v10H3ZM10 13.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
            Icon::Pen => "M4 16l1-4 8.5-8.5 3 3L8 15ZM11.5 5.5l3 3",
            Icon::Link => {
                "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2L10.5 5.3M11.5 8.5a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l1-1"
            }
            Icon::Unlink => {
                "M10.8 6.6l2-2a2.6 2.6 0 0 1 3.7 3.7l-2 2M9.2 13.4l-2 2a2.6 2.6 0 0 1-3.7-3.7l2-2M7 3v2.5M3 7h2.5M13 17v-2.5M17 13h-2.5"
            }
            Icon::Gap => "M10 2v4M10 9v2M10 14v4",
        }
    }
}

/// The picture, hidden from screen readers: the word beside it says the same.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" { path d=(icon.path()) {} }
    }
}
