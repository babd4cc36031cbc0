//! Taking a reply: greeting, verdicts, then the page. Each is one transaction, in this order.

use std::collections::BTreeSet;

use fieldline_model::id::DocumentId;
use fieldline_model::wire::{Exchange, HeldDigest, Page, Receipt, Reply, Resume, Stood, WIRE, Welcome};
use rusqlite::Connection;

use super::wait::SERVER_LATER;
use super::{heal, page, resume, stood, verdict};
use crate::engine::{Engine, Inner, work_in};
use crate::error::EngineError;
use crate::fault::{FaultPoint, bug};
use crate::moment::Moment;
use crate::observe::Changed;
use crate::store::blob::blob_doubt;
use crate::store::carried::carried_offer_again;
use crate::store::change::change_live_documents;
use crate::store::cursor::{
    EPOCH_LOST, Standing, cursor_covered, cursor_get, cursor_heard_set, cursor_restart, cursor_set,
    cursor_set_digest, cursor_synced,
};
use crate::store::doc::{doc_forget_left, doc_note_left, doc_set_want, doc_want_proof};
use crate::store::grant::{grants_known, grants_take};
use crate::store::heal::receipt_put;
use crate::store::identity::identity_greeted;
use crate::store::notice::{notice_delete, notice_put};
use crate::store::stock::part_use_clear_settled;
use crate::store::wait::wait_delete_all;

/// HQ sends this app nothing any more.
const APP_TOO_OLD: &str = "app_too_old";
/// So often this phone waits for others to give the server what it lacks.
const NEED_TRIES: u32 = 3;

/// What a reply brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Call `sync_next` again at once: there is more to fetch or to send.
    pub more: bool,
    /// The page continued the cursor and was applied.
    pub applied: bool,
    /// Operations merged by this reply.
    pub merged: usize,
    /// Operations overruled by this reply.
    pub overruled: usize,
    /// Operations refused by this reply.
    pub refused: usize,
    /// The server's epoch is another one: everything is kept and offered again.
    pub epoch_changed: bool,
    /// This phone writes under a new install from now on.
    pub rotated: bool,
    /// The device is revoked.
    pub revoked: bool,
    /// Operations settled long ago that are only counted from now on.
    pub compacted: usize,
}

/// What the server vouches for beside a page.
struct Signed<'a> {
    receipt: Option<&'a Receipt>,
    stood: Option<&'a Stood>,
    /// Documents whose pushed changes were given fates in the same reply.
    fated: BTreeSet<DocumentId>,
    /// The page brings documents that were asked for whole.
    asked: bool,
    /// What this phone knows of its grants is not older than the page.
    granted: bool,
    /// From where the phone could go on.
    resume: Option<&'a Resume>,
}

impl Signed<'_> {
    /// Keeps the receipt with the documents as the page leaves them. Where one of them stands here otherwise the receipt
    /// proves none: the others are asked for whole once, which brings another. True when there are such.
    fn keep(&self, conn: &Connection, page: &Page) -> Result<bool, EngineError> {
        self.stood.map_or(Ok(()), |stood| stood::keep(conn, stood))?;
        let Some(receipt) = self.receipt else {
            return Ok(false);
        };
        let mut documents = page.documents(&self.fated);
        for id in &receipt.except {
            documents.remove(id);
        }
        if receipt_put(conn, &documents, &receipt.root, &receipt.signature)? || self.asked {
            return Ok(false);
        }
        let mut wanted = false;
        for id in &documents {
            wanted |= doc_want_proof(conn, *id)?;
        }
        Ok(wanted)
    }
}

impl Engine {
    /// Takes the reply to an exchange. Late, repeated and swapped replies do no harm.
    ///
    /// # Errors
    /// As the store says; what was committed before stays, and the next exchange asks for the rest.
    pub fn sync_take(
        &self,
        exchange: &Exchange,
        reply: Reply,
        moment: &mut Moment<'_>,
    ) -> Result<Progress, EngineError> {
        self.write(|inner| {
            let mut changed = Changed::status();
            let now = reply.welcome.server_time;
            let mut progress = inner.take_reply(exchange, reply, moment, &mut changed)?;
            inner.blobs_adopt(&changed.documents, now)?;
            if progress.applied && !progress.more {
                inner.purge_photos(now)?;
                progress.compacted = inner.compact_if_due(now)?;
                inner.forget_carried(now)?;
            }
            Ok((progress, changed))
        })
    }
}

impl Inner {
    fn take_reply(
        &mut self,
        exchange: &Exchange,
        reply: Reply,
        moment: &mut Moment<'_>,
        changed: &mut Changed,
    ) -> Result<Progress, EngineError> {
        let mut progress = Progress {
            revoked: reply.welcome.revoked,
            ..Progress::default()
        };
        let Standing {
            cursor, last_sync, ..
        } = cursor_get(&self.store.conn)?;
        let newest = last_sync.is_none_or(|last| reply.welcome.server_time > last);
        if exchange.hello.cursor.epoch != cursor.epoch {
            // An answer to a question from before the epoch changed: whatever it decided, the server has lost.
            progress.more = true;
            return Ok(progress);
        }
        self.greet(&reply.welcome, moment)?;
        let silent = reply.verdicts.is_empty() && reply.page.is_none();
        if reply.welcome.epoch != cursor.epoch && (cursor.epoch != 0 || silent) {
            self.change_epoch(&reply.welcome, reply.digest.as_ref(), cursor.epoch, changed)?;
            progress.epoch_changed = cursor.epoch > EPOCH_LOST;
            progress.more = true;
            return Ok(progress);
        }
        if reply.welcome.must_reread && exchange.hello.cursor == cursor {
            self.reread(&reply.welcome, changed)?;
            progress.more = true;
            return Ok(progress);
        }
        if exchange.have.is_some() {
            self.take_lacks(exchange, &reply, &mut progress, changed)?;
            return Ok(progress);
        }
        if !exchange.heal.is_empty() {
            self.take_healed(exchange, &reply, &mut progress, changed)?;
            return Ok(progress);
        }
        progress.rotated = self.rotate_if_told(exchange, &reply.welcome, moment)?;
        self.take_verdicts(exchange, &reply, &mut progress, changed)?;
        let granted = self.take_grants(exchange, &reply, &mut progress)?;
        if let Some(page) = &reply.page {
            notice_delete(&self.store.conn, APP_TOO_OLD)?;
            if let Some(seq) = reply.welcome.backup_seq {
                cursor_covered(&self.store.conn, seq)?;
            }
            let signed = Signed {
                receipt: reply.receipt.as_ref(),
                stood: reply.stood.as_ref(),
                fated: Exchange::fated(&exchange.push, &reply.verdicts),
                asked: !exchange.want.is_empty(),
                granted,
                resume: exchange.resume.as_ref(),
            };
            let now = reply.welcome.server_time;
            self.take_page(page, &signed, newest, now, &mut progress, changed)?;
            self.rotate_if_unequal(page, &mut progress, moment)?;
        }
        self.blobs_lacking(&reply.lacks_blobs, reply.welcome.server_time)?;
        let carries_more = self.take_relayed(exchange, &reply)?;
        progress.more |= self.has_due_changes(&reply)?;
        progress.more &= !reply.welcome.revoked || self.has_due_changes(&reply)?;
        progress.more |= carries_more;
        Ok(progress)
    }

    fn greet(&mut self, welcome: &Welcome, moment: &Moment<'_>) -> Result<(), EngineError> {
        let offset_ms = welcome.server_time.since(moment.time.wall);
        let tx = self.store.conn.transaction()?;
        identity_greeted(&tx, offset_ms, welcome.revoked)?;
        cursor_synced(&tx, welcome.server_time)?;
        if welcome.min_app.is_some() {
            notice_put(&tx, APP_TOO_OLD, welcome.server_time)?;
        }
        if welcome.wire > WIRE {
            notice_put(&tx, "server_newer", welcome.server_time)?;
        }
        tx.commit()?;
        self.identity.offset_ms = Some(offset_ms);
        self.identity.revoked = welcome.revoked;
        self.identity.token_refused = false;
        Ok(())
    }

    /// Another epoch: nothing of the exchange was taken. Everything is kept, and what the server has lost is given back,
    /// unless this is the first epoch of all.
    fn change_epoch(
        &mut self,
        welcome: &Welcome,
        digest: Option<&HeldDigest>,
        before: u64,
        changed: &mut Changed,
    ) -> Result<(), EngineError> {
        self.open.clear();
        self.waits.clear_all();
        let tx = self.store.conn.transaction()?;
        wait_delete_all(&tx)?;
        cursor_restart(&tx, welcome.epoch, None)?;
        doc_forget_left(&tx)?;
        blob_doubt(&tx)?;
        carried_offer_again(&tx)?;
        if before != 0 {
            cursor_set_digest(&tx, digest)?;
            let work = work_in(&tx, &self.identity, &self.faults, welcome.server_time)?;
            changed.documents.extend(heal::begin(&work)?);
            // Of a lost place mark nobody knows whether HQ changed.
            if before != EPOCH_LOST {
                notice_put(&tx, "epoch_changed", welcome.server_time)?;
            }
        }
        self.faults.at(FaultPoint::EpochBeforeCommit)?;
        tx.commit()?;
        self.faults.at(FaultPoint::EpochAfterCommit)
    }

    /// The server does not know this phone's cursor as one it gave: the disk damaged it. What is here is kept.
    fn reread(&mut self, welcome: &Welcome, changed: &mut Changed) -> Result<(), EngineError> {
        let tx = self.store.conn.transaction()?;
        cursor_restart(&tx, welcome.epoch, Some(welcome.server_time))?;
        // Nothing shows any more whether the server went back as well.
        heal::ask(&work_in(&tx, &self.identity, &self.faults, welcome.server_time)?)?;
        notice_put(&tx, "read_again", welcome.server_time)?;
        tx.commit()?;
        changed.join(Changed::status());
        Ok(())
    }

    /// The server knows more of this install than this phone does: another copy wrote under it.
    fn rotate_if_told(
        &mut self,
        exchange: &Exchange,
        welcome: &Welcome,
        moment: &mut Moment<'_>,
    ) -> Result<bool, EngineError> {
        let current = exchange.hello.install == self.identity.install;
        let behind = welcome.acked_counter > self.identity.write_counter;
        if !current || !(welcome.must_rotate || behind) {
            return Ok(false);
        }
        self.rotate(Some("line_continued_elsewhere"), moment)?;
        Ok(true)
    }

    /// The count differs and everything is read again. Another copy may write under the same install, and HQ hold back
    /// what that one wrote as this phone's own: under a new install that ends.
    fn rotate_if_unequal(
        &mut self,
        page: &Page,
        progress: &mut Progress,
        moment: &mut Moment<'_>,
    ) -> Result<(), EngineError> {
        let standing = cursor_get(&self.store.conn)?;
        let begins = standing.rereading && standing.cursor.seq == 0 && page.next.seq != 0;
        if begins && progress.applied && !progress.rotated {
            self.rotate(None, moment)?;
            progress.rotated = true;
        }
        Ok(())
    }

    fn take_verdicts(
        &mut self,
        exchange: &Exchange,
        reply: &Reply,
        progress: &mut Progress,
        changed: &mut Changed,
    ) -> Result<(), EngineError> {
        let now = reply.welcome.server_time;
        let tx = self.store.conn.transaction()?;
        let work = work_in(&tx, &self.identity, &self.faults, now)?;
        let judgement = verdict::take(&work, &reply.verdicts)?;
        if let Some(page) = reply.page.as_ref().filter(|_| !reply.verdicts.is_empty()) {
            // Should the page not be taken, this is all that shows a server that goes back now what it has lost.
            cursor_heard_set(&tx, &page.next)?;
        }
        if let Some(place) = &reply.heard {
            // A revoked phone gets no page.
            cursor_heard_set(&tx, place)?;
            heal::page_came(&tx)?;
        }
        self.faults.at(FaultPoint::VerdictsBeforeCommit)?;
        tx.commit()?;
        progress.merged = judgement.merged;
        progress.overruled = judgement.overruled;
        progress.refused = judgement.refused;
        for (id, judged) in &judgement.documents {
            self.close(*id);
            changed.documents.insert(*id);
            match judged.waits {
                // Every fate is progress, and there are only so many: go on at once.
                _ if judged.progress => self.waits.clear(*id),
                _ if judged.rewritten => self.waits.rewritten(*id, now),
                Some(why) => self.waits.again(*id, why, now),
                None => {}
            }
            if (judged.rewritten || !judged.lacking.is_empty()) && self.waits.tries(*id) >= NEED_TRIES {
                // Nobody gave back what it lacks, or it does not take what is written again. The server's state becomes the base, and own work is written again upon it.
                let tx = self.store.conn.transaction()?;
                let work = work_in(&tx, &self.identity, &self.faults, now)?;
                if heal::fall_back(&work, *id, &judged.lacking, self.identity.revoked)? {
                    self.waits.retry(*id, now);
                } else {
                    doc_set_want(&tx, *id)?;
                }
                tx.commit()?;
                if judged.unproven {
                    notice_put(&self.store.conn, "not_recognised", now)?;
                }
            }
        }
        // What was pushed and not answered is tried later, not at once.
        let pushed: BTreeSet<DocumentId> = exchange.push.iter().map(|lane| lane.document).collect();
        for id in pushed.iter().filter(|id| !judgement.documents.contains_key(id)) {
            self.waits.again(*id, SERVER_LATER, now);
        }
        let tx = self.store.conn.transaction()?;
        self.waits.keep(&tx, judgement.documents.keys().chain(&pushed))?;
        tx.commit()?;
        self.faults.at(FaultPoint::VerdictsAfterCommit)
    }

    /// What changed of this phone's grants since it asked. False when it has heard otherwise meanwhile: then the next
    /// exchange asks for the rest.
    fn take_grants(
        &mut self,
        exchange: &Exchange,
        reply: &Reply,
        progress: &mut Progress,
    ) -> Result<bool, EngineError> {
        let Some(asked) = &exchange.grants else {
            return Ok(true);
        };
        let tx = self.store.conn.transaction()?;
        let known = grants_known(&tx, asked.epoch)?;
        if (known.epoch, known.serial) != (asked.epoch, asked.serial) {
            return Ok(false);
        }
        if let Some(grants) = &reply.grants {
            progress.more |= !grants_take(&tx, grants)? || grants.more;
        }
        self.faults.at(FaultPoint::GrantsBeforeCommit)?;
        tx.commit()?;
        Ok(!reply.grants.as_ref().is_some_and(|grants| grants.more))
    }

    fn take_page(
        &mut self,
        page: &Page,
        signed: &Signed<'_>,
        newest: bool,
        now: fieldline_model::time::Timestamp,
        progress: &mut Progress,
        changed: &mut Changed,
    ) -> Result<(), EngineError> {
        let standing = cursor_get(&self.store.conn)?;
        if page.from != standing.cursor && !bug!(self.faults, PageFromAnywhere) {
            return Ok(());
        }
        if bug!(self.faults, CursorOutsidePage) {
            cursor_set(&self.store.conn, &page.next)?;
        }
        // Planted hooks need the faults mutable while the work borrows them: they are set aside for the page.
        let mut faults = std::mem::take(&mut self.faults);
        let result = self.apply_page(page, signed, newest, now, &mut faults, changed);
        self.faults = faults;
        progress.more |= result? || page.more;
        progress.applied = true;
        self.faults.at(FaultPoint::PageAfterCommit)
    }

    fn apply_page(
        &mut self,
        page: &Page,
        signed: &Signed<'_>,
        newest: bool,
        now: fieldline_model::time::Timestamp,
        faults: &mut crate::fault::Faults,
        changed: &mut Changed,
    ) -> Result<bool, EngineError> {
        let tx = self.store.conn.transaction()?;
        let mut touched = Changed::default();
        for item in &page.items {
            faults.at(FaultPoint::PageItem)?;
            let work = work_in(&tx, &self.identity, faults, now)?;
            page::take_item(&work, item, resume::rows_at(page), &mut touched)?;
        }
        faults.at(FaultPoint::PageBeforeCursor)?;
        cursor_set(&tx, &page.next)?;
        heal::page_came(&tx)?;
        resume::page_came(&tx, page, signed.resume, &mut touched)?;
        doc_note_left(&tx, page.next.seq, now)?;
        let mut again = signed.keep(&tx, page)?;
        // A late reply counts what was there before this phone's newest work was merged.
        if !page.more && newest {
            if signed.granted {
                part_use_clear_settled(&tx)?;
            }
            again |= page::count(&work_in(&tx, &self.identity, faults, now)?, page)?;
        }
        faults.at(FaultPoint::PageBeforeCommit)?;
        tx.commit()?;
        for id in &touched.documents {
            self.close(*id);
            self.waits.clear_held(*id);
        }
        self.waits.keep(&self.store.conn, &touched.documents)?;
        changed.join(touched);
        Ok(again)
    }

    /// Live changes whose document does not wait.
    fn has_due_changes(&self, reply: &Reply) -> Result<bool, EngineError> {
        let now = reply.welcome.server_time;
        Ok(change_live_documents(&self.store.conn)?
            .into_iter()
            .any(|id| self.waits.is_due(id, now)))
    }
}
