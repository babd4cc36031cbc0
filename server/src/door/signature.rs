//! Whose line is it? Checked before anything of an exchange is taken, outside every transaction.
//!
//! A lane that does not verify decides nothing: whoever forges one could otherwise kill another person's operation by
//! getting it refused first. Only that lane is turned away: one damaged line must not keep a phone's other work from
//! HQ. An honest phone writes it again, and says so aloud when that does not help.

use fieldline_model::actor::{ActorSource, Line, verify};
use fieldline_model::door::{Header, Limits, read_header};
use fieldline_model::id::OrganisationId;
use fieldline_model::wire;
use sha2::{Digest, Sha256};

use crate::store::device::Device;

/// Bytes in front of what a change's hash covers: magic and checksum.
const UNHASHED: usize = 8;

/// The lane is not this device's own, or was tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lane is not signed by this device")]
pub(crate) struct BadSignature;

/// The hash a change has, or would have if it were one: what a phone calls it.
pub(super) fn change_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(UNHASHED..).unwrap_or_default()).into()
}

/// Checks that the device signed the newest change of the lane, that every change is by the actor derived from the
/// device, and that each stands before the next in that line, so that the signature covers them all.
pub(crate) fn check_signature(
    organisation: OrganisationId,
    device: &Device,
    lane: &wire::Lane,
) -> Result<(), BadSignature> {
    let Some(last) = lane.changes.last() else {
        return Ok(());
    };
    let source = ActorSource {
        organisation,
        document: lane.document,
        device_key: &device.public_key,
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
    if !verify(&device.public_key, &line, &lane.signature) {
        return Err(BadSignature);
    }
    let limits = Limits::default();
    let headers: Vec<Option<Header>> = lane
        .changes
        .iter()
        .map(|bytes| read_header(bytes, &limits).ok())
        .collect();
    if headers
        .iter()
        .flatten()
        .any(|header| header.actor.to_bytes() != actor)
    {
        return Err(BadSignature);
    }
    for (bytes, next) in lane.changes.iter().zip(headers.iter().skip(1)) {
        // What follows a damaged change cannot be linked; it was signed all the same, and is refused for its damage.
        if let Some(next) = next
            && !next.deps.iter().any(|dep| dep.0 == change_hash(bytes))
        {
            return Err(BadSignature);
        }
    }
    Ok(())
}
