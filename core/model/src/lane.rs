//! Whose line is it? Checked before anything of a lane is looked at, by HQ and by a phone that is handed one.
//!
//! A lane that does not verify decides nothing: whoever forges one could otherwise kill another person's operation by
//! getting it refused first.

use sha2::{Digest, Sha256};

use crate::actor::{ActorSource, Line, verify};
use crate::door::{Header, Limits, read_header};
use crate::id::OrganisationId;
use crate::wire::Lane;

/// Bytes in front of what a change's hash covers: magic and checksum.
const UNHASHED: usize = 8;

/// The hash a change has, or would have if it were one: what a phone calls it.
#[must_use]
pub fn change_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(UNHASHED..).unwrap_or_default()).into()
}

/// True when the device signed the newest change of the lane, every change is by the actor derived from the device, and
/// each stands before the next in that line, so that the signature covers them all. A lane without changes says nothing,
/// and that is true.
#[must_use]
pub fn is_signed(organisation: OrganisationId, device_key: &[u8; 32], lane: &Lane) -> bool {
    let Some(last) = lane.changes.last() else {
        return true;
    };
    let source = ActorSource {
        organisation,
        document: lane.document,
        device_key,
        install: &lane.install,
        branch: lane.branch,
    };
    let actor = source.actor();
    let head = change_hash(last);
    let line = Line {
        organisation,
        document: lane.document,
        actor: &actor,
        head: &head,
    };
    verify(device_key, &line, &lane.signature) && is_one_line(&actor, lane)
}

fn is_one_line(actor: &[u8; 16], lane: &Lane) -> bool {
    let limits = Limits::default();
    let headers: Vec<Option<Header>> = lane
        .changes
        .iter()
        .map(|bytes| read_header(bytes, &limits).ok())
        .collect();
    let is_other = |header: &Header| header.actor.to_bytes() != actor;
    if headers.iter().flatten().any(is_other) {
        return false;
    }
    // What follows a damaged change cannot be linked; it was signed all the same, and is refused for its damage.
    lane.changes
        .iter()
        .zip(headers.iter().skip(1))
        .all(|(bytes, next)| {
            let follows = |next: &Header| next.deps.iter().any(|dep| dep.0 == change_hash(bytes));
            next.as_ref().is_none_or(follows)
        })
}
