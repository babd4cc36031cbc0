//! Photos: each one's bytes are at HQ, or on a phone that HQ does not hear any more, or told as lost for a reason; nothing that a
//! document refers to was collected, and no phone made room for what no backup holds.

use std::collections::BTreeSet;

use fieldline_model::blob::BlobHash;
use fieldline_model::id::OperationId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Findings, look};
use crate::world::hq::Hq;
use crate::world::ledger::Ledger;
use crate::world::phone::Phone;
use crate::world::photo::{Album, Shot, file_of, names_in};

/// Everything about photos, at HQ and on the phones.
#[must_use]
pub fn photos(hq: &Hq, phones: &[Phone], album: &Album, ledger: &Ledger) -> Findings {
    let mut findings = Findings::default();
    files(hq, &mut findings);
    let on_phones: Vec<BTreeSet<BlobHash>> = phones.iter().map(|phone| names_in(&phone.blobs())).collect();
    for (id, shot) in &album.shots {
        if ledger.is_written_off(*id) || !is_in_document(hq.db(), *id) {
            continue;
        }
        for name in shot.names() {
            let place = Place {
                hq,
                phones,
                on_phones: &on_phones,
                album,
            };
            place.check(*id, shot, name, &mut findings);
        }
    }
    for phone in phones.iter().filter(|phone| !phone.revoked) {
        waiting(phone, &mut findings);
    }
    findings
}

/// Record and files tell of the same blobs, and each is what its name says.
fn files(hq: &Hq, findings: &mut Findings) {
    let mut sql = hq.db().prepare("SELECT hash, size FROM blob").expect("schema");
    let rows = sql
        .query_map([], |row| Ok((BlobHash(row.get(0)?), row.get::<_, i64>(1)?)))
        .expect("blobs");
    let mut named = BTreeSet::new();
    for row in rows {
        let (name, size) = row.expect("blob");
        named.insert(name);
        let bytes = std::fs::read(file_of(&hq.blobs(), name)).unwrap_or_default();
        let is_whole = BlobHash::of(&bytes) == name && i64::try_from(bytes.len()) == Ok(size);
        findings.expect(is_whole, || format!("HQ holds {name} and its file is not it"));
    }
    for name in names_in(&hq.blobs()) {
        findings.expect(named.contains(&name), || {
            format!("HQ does not know its file {name}")
        });
    }
}

fn is_in_document(db: &Connection, id: OperationId) -> bool {
    db.prepare_cached("SELECT 1 FROM fate WHERE operation = ?1 AND fate <> 'refused'")
        .expect("schema")
        .exists([id.to_string()])
        .expect("fate")
}

struct Place<'a> {
    hq: &'a Hq,
    phones: &'a [Phone],
    on_phones: &'a [BTreeSet<BlobHash>],
    album: &'a Album,
}

impl Place<'_> {
    fn check(&self, id: OperationId, shot: &Shot, name: BlobHash, findings: &mut Findings) {
        let (db, document) = (self.hq.db(), shot.document.to_string());
        let refers = db
            .prepare_cached("SELECT 1 FROM blob_ref WHERE document = ?1 AND hash = ?2 AND operation = ?3")
            .expect("schema")
            .exists(params![document, &name.0[..], id.to_string()])
            .expect("blob_ref");
        findings.expect(refers, || {
            format!("photo {id}: HQ's record does not refer to {name}")
        });
        let here = db
            .prepare_cached(
                "SELECT 1 FROM blob b JOIN blob_proof p ON p.hash = b.hash WHERE p.document = ?1 AND b.hash = ?2",
            )
            .expect("schema")
            .exists(params![document, &name.0[..]])
            .expect("blob");
        let wanted: Option<bool> = db
            .prepare_cached("SELECT lost_at IS NOT NULL FROM blob_wanted WHERE document = ?1 AND hash = ?2")
            .expect("schema")
            .query_row(params![document, &name.0[..]], |row| row.get(0))
            .optional()
            .expect("blob_wanted");
        let destroyed = self.album.destroyed.contains(&name);
        let is_on_his = shot.phone < self.phones.len() && self.on_phones[shot.phone].contains(&name);
        match (here, wanted) {
            (true, None) => {}
            (true, Some(_)) => findings.say(format!("photo {id}: HQ has {name} and misses it")),
            (false, None) => {
                findings.say(format!(
                    "LOST: photo {id}: HQ has not got {name}, and does not miss it"
                ));
            }
            (false, Some(true)) => {
                findings.expect(destroyed, || {
                    format!("LOST: photo {id}: {name} is told as lost, and nobody destroyed it")
                });
                let heard = |phone: &&Phone| phone.engineer == shot.engineer && !phone.revoked;
                for phone in self.phones.iter().filter(heard) {
                    let lies_there = self.on_phones[phone.number].contains(&name);
                    findings.expect(!(lies_there && is_for(phone, &document, name)), || {
                        format!(
                            "LOST: photo {id}: {name} is told as lost, and lies on phone {}",
                            phone.number
                        )
                    });
                }
            }
            (false, Some(false)) => {
                let silent = |phone: &&Phone| phone.engineer == shot.engineer && phone.revoked;
                let has = |phone: &Phone| self.on_phones[phone.number].contains(&name);
                // A colleague's, too, who took the same picture of the same ticket.
                let waits = self.phones.iter().any(|phone| {
                    let may_bring = silent(&phone) || is_taken_for(phone, &document, name);
                    phone.revoked && may_bring && has(phone)
                });
                let gone = destroyed && self.phones.iter().any(|phone| silent(&phone));
                findings.expect(waits || gone, || {
                    format!("BLOCKED: photo {id} of phone {}: {name} never came, and is not told as lost (destroyed {destroyed}, on its phone {is_on_his})", shot.phone)
                });
            }
        }
        let has_room = self.album.backed_up.contains(&name) || destroyed;
        findings.expect(is_on_his || has_room, || {
            format!(
                "photo {id}: phone {} made room for {name}, and no backup holds it",
                shot.phone
            )
        });
    }
}

/// Whether a phone's file is that of this document's photo, or nobody's. The same photo of another ticket, taken with another
/// phone, is brought for that ticket: of this one its phone knows nothing.
fn is_for(phone: &Phone, document: &str, name: BlobHash) -> bool {
    let nobodys = "SELECT 1 FROM blob WHERE ?1 <> '' AND hash = ?2";
    is_taken_for(phone, document, name) || !knows(phone, nobodys, document, name)
}

/// Whether a photo of that name was taken for this document with this phone, or fetched for it.
fn is_taken_for(phone: &Phone, document: &str, name: BlobHash) -> bool {
    let its = "SELECT 1 FROM blob WHERE document = ?1 AND hash = ?2";
    knows(phone, its, document, name)
}

fn knows(phone: &Phone, sql: &str, document: &str, name: BlobHash) -> bool {
    let db = look(&phone.db());
    let mut sql = db.prepare(sql).expect("schema");
    sql.exists(params![document, &name.0[..]]).expect("blob")
}

/// What a phone still means to send or to tell.
fn waiting(phone: &Phone, findings: &mut Findings) {
    let sql = "SELECT count(*) FROM blob WHERE (state = 'waiting' OR (state = 'lost' AND told = 0))
        AND operation IN (SELECT operation FROM intent WHERE state <> 'refused')";
    let waits: i64 = look(&phone.db())
        .query_row(sql, [], |row| row.get(0))
        .expect("schema");
    findings.expect(waits == 0, || {
        format!("BLOCKED: {waits} photos still wait on phone {}", phone.number)
    });
}
