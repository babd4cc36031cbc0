//! Times that lie ahead: what REST takes for a wish or a plan, by the rules of the pages.

use super::shape::Span;
use super::wrong;
use crate::app::App;
use crate::problem::{Code, Problem, Said};
use crate::web::wish::{WISH_AHEAD_DAYS_MAX, is_past, is_too_far};

/// A wish is no further ahead than on the pages.
pub(super) fn check_near(app: &App, field: &str, span: Option<&Span>) -> Result<(), Problem> {
    let now = app.now();
    if span.is_none_or(|span| !is_too_far(span.start.0, now) && !is_too_far(span.end.0, now)) {
        return Ok(());
    }
    let wants = Said::new(
        format!("不超过 {WISH_AHEAD_DAYS_MAX} 天"),
        format!("at most {WISH_AHEAD_DAYS_MAX} days ahead"),
    );
    Err(Problem::new(Code::WishTooFar).said(wrong::field(field, &wants)))
}

/// A wish or a plan is not all over. A span that ends before it begins has an error of its own.
pub(super) fn check_ahead(app: &App, field: &str, span: Option<&Span>) -> Result<(), Problem> {
    let past = |span: &&Span| span.start.0 <= span.end.0 && is_past((**span).into(), app.now());
    if span.filter(past).is_none() {
        return Ok(());
    }
    let wants = Said::new("`end` 要晚于现在", "`end` must be later than now");
    Err(Problem::new(Code::TimePast).said(wrong::field(field, &wants)))
}
