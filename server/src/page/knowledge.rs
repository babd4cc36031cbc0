//! Articles: search, and one article with what the field wrote beside it.

use super::icon::Icon;
use super::label::pill;
use super::pager::{Part, pager};
use super::shell::{Frame, Section, empty, shell};
use super::{Stamp, paths, when};
use crate::words::{Lang, Word, desk as d, shared as s};
use maud::{Markup, html};

/// One article found.
#[derive(Debug, Clone)]
pub struct ArticleHit {
    /// Article's id.
    pub id: String,
    /// Title.
    pub title: String,
    /// A line that tells why it was found, in pieces: text and whether it matched.
    pub excerpt: Vec<(String, bool)>,
    /// Models in one line.
    pub models: String,
    /// Last change.
    pub changed: Stamp,
}

/// The search page.
#[derive(Debug, Clone)]
pub struct ArticlesView {
    /// The search text as typed.
    pub search: String,
    /// What was found, best first; the latest articles when nothing was searched. This part of them.
    pub hits: Vec<ArticleHit>,
    /// Which part.
    pub part: Part,
}

/// One article.
#[derive(Debug, Clone)]
pub struct ArticleView {
    /// Title.
    pub title: String,
    /// Models in one line.
    pub models: String,
    /// Last change.
    pub changed: Stamp,
    /// The symptom.
    pub symptom: String,
    /// Causes, most likely first.
    pub causes: Vec<String>,
    /// Steps, in order.
    pub steps: Vec<String>,
    /// Parts needed.
    pub parts: Vec<String>,
    /// Its files.
    pub files: Vec<File>,
    /// What people wrote beside it.
    pub annotations: Vec<Annotation>,
}

/// A file of an article.
#[derive(Debug, Clone)]
pub struct File {
    /// What people call it.
    pub title: String,
    /// Kind, size and pages in one line.
    pub about: String,
    /// Where it is; `None` while its bytes are not here.
    pub src: Option<String>,
}

/// A remark or a proposed solution from the field.
#[derive(Debug, Clone)]
pub struct Annotation {
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: Stamp,
    /// The text.
    pub text: String,
    /// Whether it proposes a solution that nobody reviewed yet.
    pub proposed: bool,
}

/// The search page. GET with `q`.
pub fn articles(frame: &Frame, view: &ArticlesView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        div.head {
            h1 { (lang.t(s::NAV_KNOWLEDGE)) }
            p.hint { (lang.fill(d::ARTICLES_FOUND, &[("n", &view.part.total().to_string())])) }
        }
        form.filter method="get" action=(paths::ARTICLES) role="search" aria-label=(lang.t(s::NAV_KNOWLEDGE)) {
            label.hidden for="q" { (lang.t(d::ARTICLES_SEARCH)) }
            input type="search" id="q" name="q" value=(view.search) placeholder=(lang.t(d::ARTICLES_SEARCH));
            button { (lang.t(s::SEARCH)) }
        }
        @if view.hits.is_empty() { (empty(lang.t(d::EMPTY_ARTICLES), lang.t(d::EMPTY_ARTICLES_DO), None)) }
        ul.hits { @for hit in &view.hits { li { (hit_line(lang, frame.now, hit)) } } }
        (pager(lang, paths::ARTICLES, &[("q", &view.search)], view.part))
    };
    shell(frame, Section::Knowledge, lang.t(s::NAV_KNOWLEDGE), &body)
}

fn hit_line(lang: Lang, now: Stamp, hit: &ArticleHit) -> Markup {
    html! {
        h2 { a href=(paths::article(&hit.id)) { (hit.title) } }
        p { @for (text, matched) in &hit.excerpt { @if *matched { mark { (text) } } @else { (text) } } }
        p.hint { (hit.models) " · " (lang.fill(d::ART_CHANGED, &[("x", &when::date(lang, hit.changed, now))])) }
    }
}

/// The page of one article.
pub fn article(frame: &Frame, view: &ArticleView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        div.head {
            h1 { (view.title) }
            p.hint { (lang.t(d::ART_MODELS)) " " (view.models) " · " (lang.fill(d::ART_CHANGED, &[("x", &when::date(lang, view.changed, frame.now))])) }
        }
        article.sheet {
            h2 { (lang.t(d::ART_SYMPTOM)) }
            p.typed { (view.symptom) }
            (list(lang, d::ART_CAUSES, &view.causes, false))
            (list(lang, d::ART_STEPS, &view.steps, true))
            (list(lang, d::ART_PARTS, &view.parts, false))
            (files(lang, &view.files))
            (annotations(lang, frame.now, &view.annotations))
        }
    };
    shell(frame, Section::Knowledge, &view.title, &body)
}

fn list(lang: Lang, title: Word, lines: &[String], ordered: bool) -> Markup {
    let items = html! { @for line in lines { li { (line) } } };
    html! {
        @if !lines.is_empty() {
            h2 { (lang.t(title)) }
            @if ordered { ol.text { (items) } } @else { ul.text { (items) } }
        }
    }
}

fn files(lang: Lang, files: &[File]) -> Markup {
    html! {
        @if !files.is_empty() {
            h2 { (lang.t(d::ART_FILES)) }
            ul.text { @for file in files { li {
                @match &file.src {
                    Some(src) => { a href=(src) { (file.title) } }
                    None => { (file.title) " · " (lang.t(d::ART_FILE_GONE)) }
                }
                " " span.hint { (file.about) }
            } } }
        }
    }
}

fn annotations(lang: Lang, now: Stamp, annotations: &[Annotation]) -> Markup {
    html! {
        h2 { (lang.t(d::ART_NOTES)) }
        @if annotations.is_empty() { p.hint { (lang.t(d::ART_NO_NOTES)) } }
        ul.plain { @for note in annotations { li {
            @if note.proposed { p { (pill("pending", Icon::Pen, lang.t(d::ART_PROPOSED))) } }
            p.typed { (note.text) }
            p.hint { (note.who) " · " (when::age_time(lang, note.at, now)) }
        } } }
    }
}
