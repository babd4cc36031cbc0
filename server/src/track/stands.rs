//! Whether what a customer said still counts as it did, when its form comes again.

use fieldline_model::id::OperationId;
use fieldline_model::operation::{Act, Author};
use fieldline_model::time::Timestamp;

use super::limit::urged;
use crate::web::record::{Line, TicketRecord};

/// It is the last thing he said; and for an urge or a wish the ticket goes on, the urge is the one that counts, and HQ
/// has planned nothing since.
pub(super) fn stands(record: &TicketRecord, id: OperationId, now: Timestamp) -> bool {
    let mut lines = record.lines.iter().skip_while(|line| line.id != id);
    let Some(line) = lines.next().filter(|line| line.overruled.is_none()) else {
        return false;
    };
    let after: Vec<&Line> = lines.collect();
    let said_more = after.iter().any(|line| line.entry.by == Author::Customer);
    let planned = after.iter().any(|line| is_plan(&line.entry.act));
    let open = !record.state.status().is_over();
    !said_more
        && match line.entry.act {
            Act::Wish { .. } => open && !planned,
            Act::Urge => open && urged(record, now).is_some(),
            _ => true,
        }
}

fn is_plan(act: &Act) -> bool {
    matches!(
        act,
        Act::Offer { .. } | Act::Reassign { .. } | Act::Reschedule { .. }
    )
}
