//! FAULTS.md as stories: one fault each, in the smallest world that shows it.
//!
//! Each asserts that its fault fired. Where a planted bug switches the defence off, a sibling shows that the same story
//! then ends badly. All of them are dice in the random mode, too.

#[path = "faults/archived.rs"]
mod archived;
#[path = "faults/asked.rs"]
mod asked;
#[path = "faults/blob.rs"]
mod blob;
#[path = "faults/bundle.rs"]
mod bundle;
#[path = "faults/certified.rs"]
mod certified;
#[path = "faults/claims.rs"]
mod claims;
#[path = "faults/compacted.rs"]
mod compacted;
#[path = "faults/copied.rs"]
mod copied;
#[path = "faults/counted.rs"]
mod counted;
#[path = "faults/crowd.rs"]
mod crowd;
#[path = "faults/decided.rs"]
mod decided;
#[path = "faults/deleted.rs"]
mod deleted;
#[path = "faults/documents.rs"]
mod documents;
#[path = "faults/erased.rs"]
mod erased;
#[path = "faults/gone.rs"]
mod gone;
#[path = "faults/grant_check.rs"]
mod grant_check;
#[path = "faults/grants.rs"]
mod grants;
#[path = "faults/healing.rs"]
mod healing;
#[path = "faults/held.rs"]
mod held;
#[path = "faults/hostile.rs"]
mod hostile;
#[path = "faults/key.rs"]
mod key;
#[path = "faults/large.rs"]
mod large;
#[path = "faults/leave.rs"]
mod leave;
#[path = "faults/little.rs"]
mod little;
#[path = "faults/manual.rs"]
mod manual;
#[path = "faults/network.rs"]
mod network;
#[path = "faults/one_visit.rs"]
mod one_visit;
#[path = "faults/phone.rs"]
mod phone;
#[path = "faults/process.rs"]
mod process;
#[path = "faults/relayed.rs"]
mod relayed;
#[path = "faults/restored.rs"]
mod restored;
#[path = "faults/resumed.rs"]
mod resumed;
#[path = "faults/rows.rs"]
mod rows;
#[path = "faults/server.rs"]
mod server;
#[path = "faults/stands.rs"]
mod stands;
#[path = "faults/taken_over.rs"]
mod taken_over;
#[path = "faults/time.rs"]
mod time;
#[path = "faults/values.rs"]
mod values;
#[path = "faults/van.rs"]
mod van;
#[path = "faults/went_back.rs"]
mod went_back;
#[path = "faults/wire.rs"]
mod wire;
