//! Verdicts: what the server decided about this phone's changes.
//!
//! Merged and overruled changes move into the accepted state. A refused one, one the server has under other bytes and
//! one whose line was left behind leave the overlay; what was built on them is written again under the same operation
//! ids. All verdicts of a reply are one transaction.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::document::{birth, content};
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::wire::{Fate, Hash, Verdict};

use super::wait::{BEHIND_HELD, HELD, NEEDS_OTHERS, SERVER_LATER};
use crate::audit::missing_told;
use crate::base;
use crate::error::EngineError;
use crate::overlay::{Leave, Work, base_load, base_put};
use crate::settle::settle;
use crate::store::change::{Change, ChangeState, change_by_hash, change_of_document, change_set_state};
use crate::store::doc::{doc_set_stuck, doc_set_want};
use crate::store::held::held_put;
use crate::store::intent::{Intent, intent_get, intent_held_in, intent_set_held, intent_settle};

/// What the verdicts on one document ask for.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    merged: Vec<Change>,
    refused: Vec<[u8; 32]>,
    leave: Leave,
    /// The server has the operation under bytes this phone lacks.
    elsewhere: Vec<OperationId>,
    /// Why it waits, when nothing was decided.
    pub(crate) waits: Option<&'static str>,
    /// A fate was given.
    pub(crate) progress: bool,
    /// Changes were written again.
    pub(crate) rewritten: bool,
    /// The server did not recognise a line as this phone's.
    pub(crate) unproven: bool,
    /// What the server lacks, and this phone can not give back: it is not its own, no signature of now proves it, or its place
    /// in the line is taken.
    pub(crate) lacking: BTreeSet<[u8; 32]>,
}

/// What the verdicts of a reply did, by document.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) documents: BTreeMap<DocumentId, Judged>,
    pub(crate) merged: usize,
    pub(crate) overruled: usize,
    pub(crate) refused: usize,
}

/// Takes all verdicts of a reply.
pub(crate) fn take(work: &Work<'_>, verdicts: &[(Hash, Verdict)]) -> Result<Judgement, EngineError> {
    let mut judgement = Judgement::default();
    for (hash, verdict) in verdicts {
        judge(work, &mut judgement, hash, verdict)?;
    }
    for (document, judged) in &mut judgement.documents {
        conclude(work, *document, judged)?;
    }
    Ok(judgement)
}

fn judge(
    work: &Work<'_>,
    judgement: &mut Judgement,
    hash: &Hash,
    verdict: &Verdict,
) -> Result<(), EngineError> {
    let Some(change) = change_by_hash(work.conn, hash)? else {
        return Ok(());
    };
    let judged = judgement.documents.entry(change.document).or_default();
    match verdict {
        Verdict::Fate {
            operation,
            fate,
            other,
        } => {
            if change.operation != *operation {
                return Ok(());
            }
            match fate {
                Fate::Merged => judgement.merged += 1,
                Fate::Overruled { .. } => judgement.overruled += 1,
                Fate::Refused { .. } => judgement.refused += 1,
            }
            fated(work, judged, change, fate, *other)
        }
        Verdict::Need { hashes } => {
            judged.waits = Some(NEEDS_OTHERS);
            intent_set_held(work.conn, change.operation, false)?;
            hashes
                .iter()
                .try_for_each(|needed| supply(work, judged, &change, needed))
        }
        Verdict::Replay | Verdict::Unproven => {
            if *verdict == Verdict::Replay {
                intent_set_held(work.conn, change.operation, false)?;
                if intent_held_in(work.conn, change.document)? {
                    // Written again it would stand upon the same work.
                    judged.waits = Some(BEHIND_HELD);
                    return Ok(());
                }
            }
            if *verdict == Verdict::Unproven {
                judged.unproven = true;
                judged.lacking.insert(change.hash);
            }
            if change.state.is_live() {
                judged.leave.forced.insert(change.hash);
                judged.leave.broken = true;
                judged.rewritten = true;
            }
            Ok(())
        }
        Verdict::Later => {
            judged.waits = Some(SERVER_LATER);
            Ok(())
        }
        Verdict::Held => {
            judged.waits = Some(HELD);
            intent_set_held(work.conn, change.operation, true)
        }
    }
}

fn fated(
    work: &Work<'_>,
    judged: &mut Judged,
    change: Change,
    fate: &Fate,
    other: bool,
) -> Result<(), EngineError> {
    let Some(intent) = intent_get(work.conn, change.operation)? else {
        // The disk lost what the person did, not what was sent of it.
        let taken = !other && !matches!(fate, Fate::Refused { .. });
        let state = if taken {
            ChangeState::Merged
        } else {
            ChangeState::Left
        };
        change_set_state(work.conn, &change.hash, state)?;
        judged.progress = true;
        judged.leave.broken |= !taken;
        judged.merged.extend(taken.then_some(change));
        return Ok(());
    };
    let is_taken = !matches!(fate, Fate::Refused { .. });
    let anew = is_taken && matches!(intent.fate, Some(Fate::Refused { .. }));
    if change.state == ChangeState::Refused && anew && other {
        // HQ went back, and a supervisor took over what another had declined.
        change_set_state(work.conn, &change.hash, ChangeState::Left)?;
        judged.leave.broken = true;
        return settle(work, &intent, fate);
    }
    if !change.state.is_live() {
        // A late answer about bytes this phone has left behind. If the server took them, they are what counts.
        let took = change.state == ChangeState::Left && !other && !matches!(fate, Fate::Refused { .. });
        if !took || intent.fate.is_some() {
            return Ok(());
        }
        leave_live(
            work,
            judged,
            &intent.document,
            change.operation,
            ChangeState::Left,
        )?;
    }
    judged.progress = true;
    let state = match (fate, other) {
        (Fate::Refused { .. }, _) => ChangeState::Refused,
        (_, true) => ChangeState::Left,
        (Fate::Merged, false) => ChangeState::Merged,
        (Fate::Overruled { .. }, false) => ChangeState::Overruled,
    };
    change_set_state(work.conn, &change.hash, state)?;
    settle(work, &intent, fate)?;
    match state {
        ChangeState::Merged | ChangeState::Overruled => judged.merged.push(change),
        _ => {
            judged.leave.broken = true;
            if state == ChangeState::Left {
                judged.elsewhere.push(change.operation);
            } else {
                judged.refused.push(change.hash);
            }
        }
    }
    Ok(())
}

/// The operation's live change, if it has one, is not what counts.
fn leave_live(
    work: &Work<'_>,
    judged: &mut Judged,
    document: &DocumentId,
    operation: OperationId,
    state: ChangeState,
) -> Result<(), EngineError> {
    for change in change_of_document(work.conn, *document)? {
        if change.operation == operation && change.state.is_live() {
            change_set_state(work.conn, &change.hash, state)?;
            judged.leave.broken = true;
        }
    }
    Ok(())
}

/// The server lacks a change that another one builds on. If it is this phone's own, there is something to do.
fn supply(work: &Work<'_>, judged: &mut Judged, built_on: &Change, needed: &Hash) -> Result<(), EngineError> {
    let Some(own) = change_by_hash(work.conn, needed)? else {
        judged.lacking.insert(**needed);
        return Ok(());
    };
    match own.state {
        ChangeState::Pending | ChangeState::Sent => {}
        ChangeState::Merged | ChangeState::Overruled => {
            // It was there once: the server lost it, and what it is built on perhaps.
            for before in change_of_document(work.conn, own.document)? {
                if matches!(before.state, ChangeState::Merged | ChangeState::Overruled) {
                    change_set_state(work.conn, &before.hash, ChangeState::Pending)?;
                    intent_settle(work.conn, before.operation, None, work.now)?;
                }
                if before.hash == own.hash {
                    break;
                }
            }
        }
        ChangeState::Refused | ChangeState::Left => {
            if built_on.state.is_live() {
                judged.leave.forced.insert(built_on.hash);
                judged.leave.broken = true;
                judged.rewritten = true;
            }
        }
    }
    Ok(())
}

/// Moves what was taken into the accepted state and lays the rest over it anew.
fn conclude(work: &Work<'_>, id: DocumentId, judged: &mut Judged) -> Result<(), EngineError> {
    let nothing = judged.merged.is_empty() && !judged.leave.broken && judged.leave.forced.is_empty();
    if nothing {
        return Ok(());
    }
    let accepted = match base_load(work.conn, id) {
        Ok(Some(doc)) => doc,
        Ok(None) => birth(id)?,
        Err(EngineError::Stuck(_)) => {
            // Fates and bytes are kept; the document comes whole with one of the next pages.
            return doc_set_stuck(work.conn, id);
        }
        Err(error) => return Err(error),
    };
    let forced = judged.leave.forced.iter();
    let based: Vec<_> = forced
        .filter(|hash| base::holds(&accepted, hash))
        .copied()
        .collect();
    if !based.is_empty() {
        // What stands in the accepted state is not written again: first the server's part of that must be known.
        judged.rewritten = false;
        judged.waits = Some(NEEDS_OTHERS);
        judged.lacking.extend(based);
    }
    let merged: Vec<_> = judged.merged.iter().filter_map(base::parse_own).collect();
    if merged.len() < judged.merged.len() {
        // The server has what the disk damaged meanwhile.
        doc_set_want(work.conn, id)?;
    }
    let Ok(batch) = base::apply_ready(&accepted, merged) else {
        return doc_set_stuck(work.conn, id);
    };
    for change in &batch.waiting {
        held_put(work.conn, id, &change.hash().0, change.raw_bytes(), work.now)?;
    }
    let Ok(bytes) = base::save(id, &batch.doc) else {
        return doc_set_stuck(work.conn, id);
    };
    if judged.refused.iter().any(|hash| base::holds(&batch.doc, hash)) {
        // A restored server refuses what the one before it had merged. Nothing can be taken out of a document.
        doc_set_want(work.conn, id)?;
    }
    let held = content(id, &batch.doc)?;
    for operation in &judged.elsewhere {
        if let Some(intent) = intent_get(work.conn, *operation)?
            && !matches!(intent.fate, Some(Fate::Refused { .. }))
            && !held.holds(intent.entry.act.path(), *operation)
        {
            doc_set_want(work.conn, id)?;
        }
    }
    base_put(work, id, &batch.doc, &bytes, &judged.leave)
}

/// HQ's word counts, whatever it was before.
fn decided_anew(
    work: &Work<'_>,
    intent: &Intent,
    told: &Fate,
    fate: &Fate,
) -> Result<Option<DocumentId>, EngineError> {
    let is_refusal = |fate: &Fate| matches!(fate, Fate::Refused { .. });
    if is_refusal(told) && is_refusal(fate) {
        return settle(work, intent, fate).map(|()| None);
    }
    if is_refusal(told) == is_refusal(fate) {
        intent_settle(work.conn, intent.operation, Some(fate), work.now)?;
        return Ok(None);
    }
    let state = if is_refusal(fate) {
        ChangeState::Refused
    } else {
        ChangeState::Left
    };
    let id = intent.document;
    let own = change_of_document(work.conn, id)?;
    for change in own.iter().filter(|change| change.operation == intent.operation) {
        change_set_state(work.conn, &change.hash, state)?;
    }
    settle(work, intent, fate)?;
    doc_set_want(work.conn, id)?;
    Ok(Some(id))
}

/// A fate told in a page, because its acknowledgement may have been lost.
pub(crate) fn announced(
    work: &Work<'_>,
    operation: OperationId,
    fate: &Fate,
) -> Result<Option<DocumentId>, EngineError> {
    let Some(intent) = intent_get(work.conn, operation)? else {
        return missing_told(work, operation, fate);
    };
    if let Some(told) = &intent.fate {
        // HQ went back and has decided anew: about a copy's change, or a supervisor did once more.
        return if told == fate {
            Ok(None)
        } else {
            decided_anew(work, &intent, told, fate)
        };
    }
    let id = intent.document;
    let live = change_of_document(work.conn, id)?
        .into_iter()
        .find(|change| change.operation == operation && change.state.is_live());
    let Some(live) = live else {
        settle(work, &intent, fate)?;
        return Ok(Some(id));
    };
    let accepted = match base_load(work.conn, id) {
        Ok(Some(doc)) => doc,
        // The push of the change itself will be answered with its fate.
        Ok(None) | Err(EngineError::Stuck(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let state = match fate {
        Fate::Refused { .. } => ChangeState::Refused,
        _ if base::holds(&accepted, &live.hash) => match fate {
            Fate::Overruled { .. } => ChangeState::Overruled,
            _ => ChangeState::Merged,
        },
        _ if content(id, &accepted)?.holds(intent.entry.act.path(), operation) => ChangeState::Left,
        _ => return Ok(None),
    };
    change_set_state(work.conn, &live.hash, state)?;
    settle(work, &intent, fate)?;
    if state == ChangeState::Refused && base::holds(&accepted, &live.hash) {
        doc_set_want(work.conn, id)?;
    }
    let leave = Leave {
        broken: matches!(state, ChangeState::Refused | ChangeState::Left),
        ..Leave::default()
    };
    let laid = crate::overlay::lay(work, id, &accepted, &leave)?;
    crate::overlay::project(work, id, &laid)?;
    Ok(Some(id))
}
