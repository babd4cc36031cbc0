//! Why work does not count, as HQ reads it. The model's words speak to the engineer who did it.

use fieldline_model::reason::{self, Reason};

use super::frame::model_lang;
use crate::door::BUILT_ON_REFUSED;
use crate::words::{Lang, ticket as t};

/// The words for a code.
pub(crate) fn why(lang: Lang, code: &str) -> String {
    if code == BUILT_ON_REFUSED {
        return lang.t(t::WHY_BUILT_ON).to_owned();
    }
    let word = match Reason::from_code(code) {
        Some(Reason::Cancelled | Reason::CompletedAfterCancellation) => t::WHY_CANCELLED,
        Some(Reason::Reassigned | Reason::CompletedAfterReassignment) => t::WHY_MOVED,
        Some(Reason::TakenByOther | Reason::CompletedTakenByOther) => t::WHY_TAKEN,
        Some(Reason::Superseded) => t::WHY_SUPERSEDED,
        Some(Reason::NotYours) => t::WHY_NOT_YOURS,
        Some(Reason::NotAllowed) => t::WHY_NOT_ALLOWED,
        Some(Reason::OutOfScope) => t::WHY_OUT_OF_SCOPE,
        Some(Reason::TextMissing) => t::WHY_TEXT_MISSING,
        Some(Reason::DeviceRevoked) => t::WHY_REVOKED,
        Some(Reason::NotAdopted) => t::WHY_NOT_ADOPTED,
        _ => return reason::words(code, model_lang(lang)),
    };
    lang.t(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reason_speaks_to_the_engineer() {
        let codes = Reason::ALL.iter().map(|reason| reason.code());
        for code in codes.chain([BUILT_ON_REFUSED]) {
            let (zh, en) = (why(Lang::Zh, code), why(Lang::En, code).to_lowercase());
            assert!(!zh.contains(['您', '请']), "{code}: {zh}");
            assert!(
                !en.split(' ').any(|word| ["you", "your", "yours"].contains(&word)),
                "{code}: {en}"
            );
        }
    }
}
