//! Sample views with realistic content, for the page tests and the preview.

pub(crate) mod customer;
pub(crate) mod desk;
pub(crate) mod ticket;

use chrono::TimeDelta;
use fieldline_server::page::Stamp;
use fieldline_server::page::form::Choice;
use fieldline_server::page::shell::Frame;
use fieldline_server::page::when::Window;
use fieldline_server::words::Lang;

/// A Friday afternoon in Hangzhou.
pub(crate) fn now() -> Stamp {
    at("2026-11-20T13:52:00+08:00")
}

pub(crate) fn at(text: &str) -> Stamp {
    Stamp::parse_from_rfc3339(text).expect("a time")
}

pub(crate) fn ago(minutes: i64) -> Stamp {
    now() - TimeDelta::minutes(minutes)
}

pub(crate) fn ahead(minutes: i64) -> Stamp {
    now() + TimeDelta::minutes(minutes)
}

pub(crate) fn window(from: &str, to: &str) -> Window {
    Window {
        from: at(&format!("2026-11-{from}:00+08:00")),
        to: at(&format!("2026-11-{to}:00+08:00")),
    }
}

/// Picks sample content by language, as a company of that language would have typed it.
pub(crate) fn say(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

pub(crate) fn choice(value: &str, text: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        text: text.to_owned(),
    }
}

pub(crate) fn frame(lang: Lang, here: &str) -> Frame {
    Frame {
        lang,
        now: now(),
        who: say(lang, "陈静", "Alex Doe"),
        csrf: "csrf-token".to_owned(),
        once: "01KAH7Y0000000000000000000".to_owned(),
        here: here.to_owned(),
        again: Vec::new(),
        held: Some(0),
        restored: None,
        flash: None,
    }
}

/// A signature drawn as a small picture.
pub(crate) const SIGNATURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 240 80'%3E%3Cpath d='M20 50c20-40 30-20 25 5s20-30 30-15-10 25 15 10 30-25 40-10 20 10 45-10' fill='none' stroke='%23000' stroke-width='2'/%3E%3C/svg%3E";
