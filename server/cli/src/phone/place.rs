//! Which ticket stood where in the list last shown. A number that is typed means what the person saw, whatever was
//! finished or came since; the next `list` numbers anew.

use std::path::PathBuf;

use fieldline_engine::view::{ListFilter, ListScope, TicketLine};
use fieldline_model::id::TicketId;

use super::Phone;
use crate::fault::Fault;
use crate::words::fault as w;

/// The tickets of that list, one a line.
const LAST_LIST_FILE: &str = "last-list";

fn file(phone: &Phone) -> PathBuf {
    phone.store.join(LAST_LIST_FILE)
}

/// Keeps what is shown now.
///
/// # Errors
/// When an earlier list stays in the way: its numbers would mean other tickets than those on the screen.
pub(super) fn keep(phone: &Phone, lines: &[TicketLine]) -> Result<(), Fault> {
    let (file, fresh) = (file(phone), phone.store.join("last-list.new"));
    let text: String = lines.iter().map(|line| format!("{}\n", line.ticket)).collect();
    let kept = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &file));
    if kept.is_ok() {
        return Ok(());
    }
    // A full disk must not hide the list. Without the file, numbers mean the list as it then is.
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::file(&file, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Numbers mean nothing any more: another phone lies here now.
pub(super) fn forget(phone: &Phone) -> Result<(), Fault> {
    let file = file(phone);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::file(&file, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The ticket at this place, from 1. Where no list was shown yet, the whole list is what the number means from now on.
pub(super) fn ticket(phone: &Phone, place: usize) -> Result<TicketId, Fault> {
    let path = file(phone);
    let shown = match std::fs::read_to_string(&path) {
        Ok(text) => text.lines().filter_map(|line| line.parse().ok()).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => now(phone)?,
        Err(error) => return Err(Fault::file(&path, &error)),
    };
    let found = place.checked_sub(1).and_then(|place| shown.get(place).copied());
    found.ok_or_else(|| Fault::new("no_such_ticket", w::NO_PLACE, &[("name", &place.to_string())]))
}

fn now(phone: &Phone) -> Result<Vec<TicketId>, Fault> {
    let lines = phone.engine.list(&ListFilter {
        scope: ListScope::All,
        limit: u32::MAX,
        ..ListFilter::default()
    })?;
    keep(phone, &lines)?;
    Ok(lines.iter().map(|line| line.ticket).collect())
}
