//! Which ticket a phone shows now: told by its live line and by nothing else. Never kept, never part of a document, and
//! gone by itself when it is not told again.

use crate::id::TicketId;

/// So long counts what was told once, in milliseconds: the line may be lost without a word.
pub const VIEWING_KEEP_MS: i64 = 45_000;
/// While the ticket stays open it is told again after so long, in milliseconds: twice before it is forgotten.
pub const VIEWING_AGAIN_MS: u64 = 20_000;

const WORD: &str = "viewing";

/// What the line says: this ticket, or none.
#[must_use]
pub fn viewing_text(ticket: Option<TicketId>) -> String {
    match ticket {
        Some(ticket) => format!("{WORD} {ticket}"),
        None => WORD.to_owned(),
    }
}

/// What was said; `None` for anything else.
#[must_use]
pub fn read_viewing(text: &str) -> Option<Option<TicketId>> {
    match text.strip_prefix(WORD)?.strip_prefix(' ') {
        Some(ticket) => ticket.parse().ok().map(Some),
        None => (text == WORD).then_some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_and_nothing_else_is() {
        let ticket = TicketId::from_bytes([7; 16]);
        for said in [None, Some(ticket)] {
            assert_eq!(read_viewing(&viewing_text(said)), Some(said));
        }
        for other in [
            "",
            "poke",
            "viewing ",
            "viewing x",
            "viewingx",
            " viewing",
            "viewing  01",
        ] {
            assert_eq!(read_viewing(other), None, "{other:?}");
        }
    }
}
