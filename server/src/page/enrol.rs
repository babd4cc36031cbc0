//! Enrolling a phone by a one-time code, and revoking one after a question.

use super::form::{self, Field};
use super::shell::{Frame, Section, shell};
use super::{Stamp, paths, when};
use crate::words::{Lang, desk as d, shared as s};
use maud::{Markup, html};
use qrcode::{Color, QrCode};

/// A fresh enrolment code.
#[derive(Debug, Clone)]
pub struct EnrolView {
    /// Engineer's id.
    pub id: String,
    /// Engineer's name.
    pub name: String,
    /// The code as people type it.
    pub code: String,
    /// What the QR picture says: the whole enrolment text the app reads.
    pub qr: String,
    /// The exact command for a terminal.
    pub command: String,
    /// Until when the code works.
    pub until: Stamp,
    /// Whether a phone is enrolled already and will be revoked.
    pub replaces: bool,
}

/// The question before a phone is revoked.
#[derive(Debug, Clone)]
pub struct RevokeView {
    /// Engineer's id.
    pub id: String,
    /// Engineer's name.
    pub name: String,
    /// Operations the phone still held at last contact.
    pub pending: Option<u32>,
    /// All phones that are not revoked, in the order they were enrolled. Of several one is picked.
    pub phones: Vec<PhoneChoice>,
    /// The phone that was named, and what is wrong with it.
    pub device: Field,
}

/// One of an engineer's phones.
#[derive(Debug, Clone)]
pub struct PhoneChoice {
    /// Its id.
    pub id: String,
    /// The name it was enrolled with.
    pub name: String,
    /// Version of its app, where it has said so.
    pub app: Option<String>,
    /// When that was.
    pub enrolled: Stamp,
    /// Last contact.
    pub seen: Option<Stamp>,
}

/// The page with code, QR picture and command. Shown as the answer to a POST, once.
pub fn enrol(frame: &Frame, view: &EnrolView) -> Markup {
    let lang = frame.lang;
    let title = lang.fill(d::ENROL_FOR, &[("x", &view.name)]);
    let until = when::short(lang, view.until, frame.now);
    let body = html! {
        div.head { h1 { (title) } }
        section.sheet {
            p { (lang.t(d::ENROL_SCAN)) @if lang == Lang::En { " " } (lang.t(d::ENROL_TYPE)) }
            p.code { (view.code) }
            (qr_picture(lang, &view.qr))
            p { (lang.fill(d::ENROL_UNTIL, &[("x", &until)])) }
            @if view.replaces { p.hint { (lang.t(d::ENROL_OLD)) } }
            div.field {
                label for="command" { (lang.t(d::ENROL_COMMAND)) }
                div.copy {
                    input #command readonly value=(view.command);
                    button type="button" data-copy="command" data-done=(lang.t(d::COPIED)) hidden { (lang.t(d::COPY)) }
                }
            }
            form.buttons method="post" action=(paths::engineer_act(&view.id, "enrol")) {
                (form::hidden(frame))
                button { (lang.t(d::ENROL_AGAIN)) }
                a.button href=(paths::ENGINEERS) { (lang.t(s::CANCEL_FORM)) }
            }
        }
    };
    shell(frame, Section::Engineers, &title, &body)
}

/// The question before revoking. The form posts to the same address.
pub fn revoke(frame: &Frame, view: &RevokeView) -> Markup {
    let lang = frame.lang;
    let title = format!("{}: {}", lang.t(d::REVOKE), view.name);
    let body = html! {
        div.head { h1 { (title) } }
        (form::error_summary(lang, view.device.error.is_some()))
        section.sheet {
            @if !view.phones.is_empty() { p { (lang.t(d::REVOKE_CONFIRM)) } }
            @if let Some(n) = view.pending { dl { dt { (lang.t(d::COL_PENDING)) } dd { (n) } } }
            form.buttons method="post" action=(paths::engineer_act(&view.id, "revoke")) {
                (form::hidden(frame))
                @match view.phones.as_slice() {
                    [] => div.which { (revoke_error(lang, &view.device)) p { (lang.t(d::REVOKE_NONE)) } },
                    [phone] => div.which { (revoke_error(lang, &view.device)) (only(frame, phone)) },
                    phones => (which(frame, phones, &view.device)),
                }
                @if !view.phones.is_empty() { button.danger { (lang.t(d::REVOKE_DO)) } }
                a.button href=(paths::ENGINEERS) { (lang.t(s::CANCEL_FORM)) }
            }
        }
    };
    shell(frame, Section::Engineers, &title, &body)
}

fn revoke_error(lang: Lang, device: &Field) -> Markup {
    html! { @if let Some(error) = device.error { p.error #device-error { (error.text(lang)) } } }
}

/// The one phone. The form names it too: when it is sent, the engineer may have another.
fn only(frame: &Frame, phone: &PhoneChoice) -> Markup {
    let lang = frame.lang;
    html! {
        input type="hidden" name="device" value=(phone.id);
        dl {
            dt { (lang.t(d::COL_PHONE)) } dd { (phone.name) " · " (marks(lang, phone)) }
            dt { (lang.t(d::COL_ENROLLED)) } dd { (when::short(lang, phone.enrolled, frame.now)) }
            dt { (lang.t(d::COL_SEEN)) } dd { (seen(frame, phone)) }
        }
    }
}

/// Which of several phones: none is picked beforehand. "All" names those that are shown.
fn which(frame: &Frame, phones: &[PhoneChoice], device: &Field) -> Markup {
    let lang = frame.lang;
    let ids: Vec<&str> = phones.iter().map(|phone| phone.id.as_str()).collect();
    let wrong = device.error.is_some();
    html! {
        fieldset aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("device-error")] {
            legend { (lang.fill(d::REVOKE_WHICH, &[("n", &phones.len().to_string())])) }
            @for phone in phones {
                label.check {
                    input type="radio" name="device" value=(phone.id) required;
                    span { (phone.name) " · " (enrolled(frame, phone)) " · " (lang.t(d::COL_SEEN)) " " (seen(frame, phone)) " · " (marks(lang, phone)) }
                }
            }
            label.check { input type="radio" name="device" value=(ids.join(".")) required; span { (lang.t(d::REVOKE_ALL)) } }
            (revoke_error(lang, device))
        }
    }
}

fn enrolled(frame: &Frame, phone: &PhoneChoice) -> String {
    let at = when::short(frame.lang, phone.enrolled, frame.now);
    frame.lang.fill(d::ENROLLED_AT, &[("x", &at)])
}

/// Characters of an id that a person compares with what the phone shows.
const ID_TAIL: usize = 6;

/// What tells phones of one name apart, beside their times.
fn marks(lang: Lang, phone: &PhoneChoice) -> String {
    let tail = phone.id.get(phone.id.len().saturating_sub(ID_TAIL)..);
    let tail = lang.fill(d::PHONE_ID, &[("x", tail.unwrap_or_default())]);
    match &phone.app {
        Some(app) => format!("{} · {tail}", lang.fill(d::PHONE_APP, &[("x", app)])),
        None => tail,
    }
}

fn seen(frame: &Frame, phone: &PhoneChoice) -> Markup {
    html! {
        @if let Some(seen) = phone.seen { (when::age_time(frame.lang, seen, frame.now)) } @else { (frame.lang.t(d::NEVER)) }
    }
}

/// Quiet zone around the code, in modules, as the standard asks.
const QUIET: usize = 4;

/// The picture as one path, dark on white in both schemes so that every camera reads it. A text too long for any QR
/// code gives no picture; code and command still stand.
fn qr_picture(lang: Lang, text: &str) -> Markup {
    let Ok(code) = QrCode::new(text) else {
        return html! {};
    };
    let (width, colours) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let path: String = colours
        .iter()
        .enumerate()
        .filter(|(_, colour)| **colour == Color::Dark)
        .map(|(i, _)| format!("M{} {}h1v1h-1z", i % width + QUIET, i / width + QUIET))
        .collect();
    html! {
        svg.qr viewBox={"0 0 " (side) " " (side)} width="240" height="240" role="img" aria-label=(lang.t(d::ENROL_QR)) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}
