//! Whether the data is what it says; exit code 1 with what is wrong.

use std::path::Path;

use fieldline_server::check::{CheckReport, Finding, Wrong};
use fieldline_server::store::look::Look;
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::Fault;
use crate::words::{admin as a, backup as b, fill};

/// Checks, and with `repair` writes anew what follows from documents and ledger.
pub(super) async fn check(path: &Path, repair: bool, lang: Lang) -> Result<Answer, Fault> {
    data::check(path, Look::Whole)?;
    let app = data::open_to_look(path)?;
    let report = app.check(repair).await?;
    let left = report.findings.len() - report.repaired - report.blobs_given_up;
    Ok(Answer {
        good: left == 0,
        ..Answer::new(text(&report, repair, path, lang), json!(report))
    })
}

fn text(report: &CheckReport, repair: bool, data: &Path, lang: Lang) -> String {
    let n = |n: usize| n.to_string();
    if report.findings.is_empty() {
        let values = [
            ("log", report.log.to_string()),
            ("tickets", n(report.tickets)),
            ("stock", report.stock.to_string()),
            ("blobs", report.blobs.to_string()),
        ];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        let all_here = report.blobs_asked == 0 && report.blobs_lost == 0;
        let word = if all_here { a::CHECK_GOOD } else { a::CHECK_LACKS };
        return fill(lang, word, &values) + &gone_words(report, data, lang);
    }
    let mut text = fill(lang, a::CHECK_BAD, &[("n", &n(report.findings.len()))]);
    for finding in &report.findings {
        text.push_str(&format!("\n  {}", words(lang, finding)));
    }
    // What to do about keys stands with them: nothing that follows from documents is wrong.
    let is_keys = |finding: &Finding| matches!(finding.what, Wrong::KeysMissing | Wrong::KeysOther);
    if repair {
        if report.repaired > 0 || report.blobs_given_up == 0 {
            let repaired = fill(lang, a::CHECK_REPAIRED, &[("n", &n(report.repaired))]);
            text.push_str(&format!("\n{repaired}"));
        }
        if report.blobs_given_up > 0 {
            let given_up = n(report.blobs_given_up);
            let given_up = fill(lang, a::CHECK_BLOBS_GIVEN_UP, &[("n", &given_up)]);
            text.push_str(&format!("\n{given_up}"));
        }
    } else if !report.findings.iter().all(is_keys) {
        text.push_str(&format!("\n{}", fill(lang, a::CHECK_REPAIR_HOW, &[])));
    }
    text + &gone_words(report, data, lang)
}

/// Files that were here once: waited for, and lost. No words where there are none.
fn gone_words(report: &CheckReport, data: &Path, lang: Lang) -> String {
    let data = data.display().to_string();
    let told = [
        (a::CHECK_BLOBS_ASKED, report.blobs_asked),
        (a::CHECK_BLOBS_LOST, report.blobs_lost),
    ];
    let told = told.into_iter().filter(|(_, n)| *n > 0);
    told.map(|(word, n)| {
        let values = [("n", n.to_string()), ("data", data.clone())];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        format!("\n{}", fill(lang, word, &values))
    })
    .collect()
}

fn words(lang: Lang, finding: &Finding) -> String {
    let word = match finding.what {
        Wrong::Chain => return fill(lang, a::CHECK_CHAIN, &[("seq", &finding.id)]),
        Wrong::Document => a::CHECK_DOCUMENT,
        Wrong::Change => a::CHECK_CHANGE,
        Wrong::Ticket => a::CHECK_TICKET,
        Wrong::Stock => a::CHECK_STOCK,
        Wrong::Counted => a::CHECK_COUNTED,
        Wrong::HeldBeyond => a::CHECK_HELD_BEYOND,
        Wrong::NothingMissing => a::CHECK_NOTHING_MISSING,
        Wrong::GrantBelowZero => a::CHECK_GRANT_BELOW_ZERO,
        Wrong::GrantOfNothing => a::CHECK_GRANT_OF_NOTHING,
        Wrong::GrantAhead => a::CHECK_GRANT_AHEAD,
        Wrong::RequestTwice => a::CHECK_REQUEST_TWICE,
        Wrong::BlobMissing => b::BLOB_MISSING,
        Wrong::BlobDamaged => b::BLOB_DAMAGED,
        Wrong::BlobUnreadable => b::BLOB_UNREADABLE,
        Wrong::KeysMissing => return fill(lang, a::CHECK_KEYS_MISSING, &[("path", &finding.id)]),
        Wrong::KeysOther => return fill(lang, a::CHECK_KEYS_OTHER, &[("path", &finding.id)]),
    };
    fill(lang, word, &[("id", &finding.id)])
}
