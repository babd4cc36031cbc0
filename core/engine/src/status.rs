//! The truth screen: what is saved here, what is at HQ, what was overruled or refused and why, what waits for what.

use fieldline_model::operation::Act;

use crate::engine::{Engine, Inner};
use crate::error::EngineError;
use crate::store::blob::{BlobState, blob_counts, blob_own, wifi_only};
use crate::store::carried::carried_count;
use crate::store::cursor::cursor_get;
use crate::store::doc::{doc_manifest, doc_stuck_list};
use crate::store::held::held_documents;
use crate::store::inbox::inbox_list;
use crate::store::intent::{Intent, intent_counts, intent_get, intent_held, intent_saved};
use crate::store::notice::notice_list;
use crate::store::position::position_count;
use crate::store::promise::{promise_broken, promise_unnamed};
use crate::store::ticket_row::ticket_row_number;
use crate::sync::wait::{BEHIND_HELD, HELD};
use crate::view::{Card, LostPhoto, Notice, PhotoCounts, Status, Waiting};

/// Most waiting operations that the truth screen names one by one.
const WAITING_MAX: usize = 200;

impl Engine {
    /// The truth, as this phone knows it. Opens no document.
    ///
    /// # Errors
    /// As the store says.
    pub fn status(&self) -> Result<Status, EngineError> {
        self.read(|inner| {
            let conn = &inner.store.conn;
            let standing = cursor_get(conn)?;
            let [saved_here, at_hq, overruled, refused] = intent_counts(conn)?;
            let me = inner.identity.enrolment.as_ref();
            Ok(Status {
                enrolled: me.is_some(),
                organisation_name: me.map(|me| me.organisation_name.clone()).unwrap_or_default(),
                device: me.map(|me| me.device),
                engineer: me.map(|me| me.engineer),
                saved_here,
                held_at_hq: intent_held(conn)?,
                carried: carried_count(conn)?,
                at_hq,
                overruled,
                refused,
                cards: inbox_list(conn, false)?,
                waiting: waiting(inner)?,
                last_sync: standing.last_sync,
                held: doc_manifest(conn)?.documents,
                expected: standing.expected,
                as_of: standing.as_of,
                complete: standing.complete,
                stuck: doc_stuck_list(conn)?,
                early_changes: held_documents(conn)?.1,
                missing: promise_broken(conn)?
                    .into_iter()
                    .map(|broken| broken.missing)
                    .collect(),
                missing_unnamed: promise_unnamed(conn)?,
                positions: position_count(conn)?,
                photos: photos(inner)?,
                revoked: inner.identity.revoked,
                must_enrol: inner.identity.must_enrol(),
                notices: notice_list(conn)?
                    .into_iter()
                    // Nothing is read any more.
                    .filter(|(code, _)| !inner.identity.revoked || code != "read_again")
                    .map(|(code, at)| Notice { code, at })
                    .collect(),
            })
        })
    }

    /// Every card there ever was, dismissed or not, newest first: what this phone still knows of tickets that are gone.
    ///
    /// # Errors
    /// As the store says.
    pub fn cards(&self) -> Result<Vec<Card>, EngineError> {
        self.read(|inner| inbox_list(&inner.store.conn, true))
    }
}

fn photos(inner: &Inner) -> Result<PhotoCounts, EngineError> {
    let conn = &inner.store.conn;
    let [waiting, at_hq, refused, _, waiting_bytes] = blob_counts(conn)?;
    let mut lost = Vec::new();
    for line in blob_own(conn, BlobState::Lost)?
        .into_iter()
        .rev()
        .take(WAITING_MAX)
    {
        let intent = intent_get(conn, line.operation)?;
        let caption = match intent.map(|intent| intent.entry.act) {
            Some(Act::Photo(photo)) => photo.caption,
            _ => String::new(),
        };
        lost.push(LostPhoto {
            operation: line.operation,
            document: line.document,
            number: ticket_row_number(conn, line.document)?,
            caption,
            saved_at: line.at,
        });
    }
    Ok(PhotoCounts {
        waiting,
        waiting_bytes,
        at_hq,
        refused,
        lost,
        wifi_only: wifi_only(conn)?,
    })
}

fn waiting(inner: &Inner) -> Result<Vec<Waiting>, EngineError> {
    let saved = intent_saved(&inner.store.conn, WAITING_MAX)?;
    let line = |intent: Intent| {
        Ok(Waiting {
            operation: intent.operation,
            document: intent.document,
            number: ticket_row_number(&inner.store.conn, intent.document)?,
            act: intent.entry.act.word(),
            saved_at: intent.saved_at,
            why: why(inner, &intent),
        })
    };
    saved.into_iter().map(line).collect()
}

fn why(inner: &Inner, intent: &Intent) -> &'static str {
    let identity = &inner.identity;
    if intent.held {
        HELD
    } else if identity.must_enrol() {
        // A revoked phone's work goes to a supervisor only while it goes at all.
        "sign_in"
    } else if identity.revoked {
        "revoked"
    } else {
        match inner.waits.why(intent.document) {
            // Not this one: earlier work on the same document.
            Some(HELD) => BEHIND_HELD,
            Some(why) => why,
            None => "next_sync",
        }
    }
}
