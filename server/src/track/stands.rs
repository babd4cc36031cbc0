//! Whether what a customer said still counts as it did, when its form comes again.

use fieldline_model::id::OperationId;
use fieldline_model::operation::{Act, Author};
use fieldline_model::time::Timestamp;

use super::limit::urged;
use crate::web::record::{Line, TicketRecord};
use crate::web::wish::settles_wish;

/// It is the last thing he said; and for an urge or a wish the ticket goes on, the urge is the one that counts, and
/// nothing has settled the wish since.
pub(super) fn stands(record: &TicketRecord, id: OperationId, now: Timestamp) -> bool {
    let mut lines = record.lines.iter().skip_while(|line| line.id != id);
    let Some(line) = lines.next().filter(|line| line.overruled.is_none()) else {
        return false;
    };
    let after: Vec<&Line> = lines.collect();
    let said_more = after.iter().any(|line| line.entry.by == Author::Customer);
    let settled = after.iter().any(|line| settles_wish(&line.entry.act));
    let open = !record.state.status().is_over();
    !said_more
        && match line.entry.act {
            Act::Wish { .. } => open && !settled,
            Act::Urge => open && urged(record, now).is_some(),
            _ => true,
        }
}
