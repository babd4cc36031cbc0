//! Erasing a customer's personal data.

use std::path::Path;

use fieldline_model::id::CustomerId;
use fieldline_server::import::customer_numbered;
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::Fault;
use crate::words::{admin as a, fault as w, fill};

/// Erases; without `sure` nothing is done.
pub(super) async fn erase(path: &Path, customer: &str, sure: bool, lang: Lang) -> Result<Answer, Fault> {
    let id = customer
        .parse::<CustomerId>()
        .unwrap_or_else(|_| customer_numbered(customer));
    if !sure {
        return Err(Fault::new("not_sure", w::ERASE_NOT_SURE, &[("id", customer)]));
    }
    let app = data::open(path)?;
    let erased = app.erase_customer(id).await?;
    let unknown = || Fault::new("no_such_customer", w::CUSTOMER_UNKNOWN, &[("id", customer)]);
    let erased = erased.ok_or_else(unknown)?;
    let (contacts, sites, links) = (
        erased.contacts.to_string(),
        erased.sites.to_string(),
        erased.links.to_string(),
    );
    let word = if erased.now { a::ERASED } else { a::ERASED_BEFORE };
    let counts = [
        ("id", customer),
        ("contacts", &contacts),
        ("sites", &sites),
        ("links", &links),
    ];
    let mut text = format!("{}\n{}", fill(lang, word, &counts), lang.t(a::ERASED_LEFT));
    for kept in &erased.kept {
        let kept = kept.display().to_string();
        text = format!("{text}\n{}", fill(lang, a::ERASED_KEPT, &[("path", &kept)]));
    }
    Ok(Answer::new(text, json!(erased)))
}
