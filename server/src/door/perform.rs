//! Acts of HQ, of customers and of the server itself: authored here, then through the same door as everybody's.

use std::collections::HashMap;

use fieldline_model::document;
use fieldline_model::door::{Door, Judged, Limits, Outcome, Refusal};
use fieldline_model::id::{ArticleId, DocumentId, OperationId, TicketId};
use fieldline_model::operation::{Act, ArticleHead, Author, Operation, Section, TicketFacts};
use fieldline_model::reason::Reason;
use fieldline_model::time::DeviceTime;
use rusqlite::Connection;

use super::judge::{Judge, Writer};
use super::settle::{Bounds, Settle, Taken};
use super::{DoorError, Performed};
use crate::app::{App, Inner};
use crate::projection;
use crate::sla;
use crate::store::log::Journal;
use crate::store::{StoreError, document as documents, meta, record};

impl App {
    /// Performs one act of HQ, a customer or the server. Checked by the same rules as a phone's; `at` is now unless
    /// it is known better (imports).
    ///
    /// # Errors
    /// [`DoorError::Refused`] when a rule says no; then nothing was written.
    pub async fn perform(
        &self,
        by: Author,
        document: DocumentId,
        act: Act,
        at: Option<DeviceTime>,
    ) -> Result<Performed, DoorError> {
        self.perform_as(self.inner.edge.id(OperationId::new), by, document, act, at)
            .await
    }

    /// As [`App::perform`], under an id the caller knows. An operation that was performed before is not performed
    /// again: the answer is its first fate, whatever this call says it does.
    ///
    /// # Errors
    /// As [`App::perform`].
    pub async fn perform_as(
        &self,
        id: OperationId,
        by: Author,
        document: DocumentId,
        act: Act,
        at: Option<DeviceTime>,
    ) -> Result<Performed, DoorError> {
        let operation = Operation {
            id,
            ..self.operation(by, document, act, at)
        };
        self.author(operation, |_| Ok(true)).await
    }

    /// As [`App::perform_as`], while `still` holds of the record as it is when this is written: between the look by
    /// which somebody decided and his press, others may have acted.
    ///
    /// # Errors
    /// [`DoorError::Meanwhile`] when it does not hold any more; otherwise as [`App::perform`].
    pub(crate) async fn perform_while(
        &self,
        id: OperationId,
        by: Author,
        document: DocumentId,
        act: Act,
        still: impl FnOnce(&Connection) -> Result<bool, StoreError> + Send + 'static,
    ) -> Result<Performed, DoorError> {
        let operation = Operation {
            id,
            ..self.operation(by, document, act, None)
        };
        self.author(operation, still).await
    }

    async fn author(
        &self,
        operation: Operation,
        still: impl FnOnce(&Connection) -> Result<bool, StoreError> + Send + 'static,
    ) -> Result<Performed, DoorError> {
        let (id, document) = (operation.id, operation.document);
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| match recalled(connection, id)? {
            Some(performed) => Ok(vec![performed]),
            None if !still(connection)? => Err(DoorError::Meanwhile),
            None => {
                check_survivor(connection, &operation)?;
                author_all(
                    connection,
                    &inner,
                    document,
                    Writer::Server,
                    vec![operation.into()],
                )
            }
        };
        let written = self.inner.store.write(job).await;
        self.first_of(id, written).await
    }

    /// Opens a ticket. An empty number is filled with the next one, for instance `T-000042`; a missing deadline with
    /// that of the customer's SLA plan.
    ///
    /// # Errors
    /// As [`App::perform`]; [`Reason::AlreadyExists`] for a number another ticket has.
    pub async fn create_ticket(&self, by: Author, facts: TicketFacts) -> Result<TicketId, DoorError> {
        let ticket = self.inner.edge.id(TicketId::new);
        self.create_ticket_as(ticket, by, facts, None)
            .await
            .map(|_| ticket)
    }

    /// As [`App::create_ticket`], under an id and at a moment the caller knows: an import that runs again finds
    /// [`Reason::AlreadyExists`].
    ///
    /// # Errors
    /// As [`App::create_ticket`].
    pub async fn create_ticket_as(
        &self,
        ticket: TicketId,
        by: Author,
        facts: TicketFacts,
        at: Option<DeviceTime>,
    ) -> Result<Performed, DoorError> {
        let document = DocumentId::from(ticket);
        let mut operation = self.operation(by, document, Act::Triage, at);
        let id = operation.id;
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| {
            let mut facts = facts;
            number(connection, ticket, &mut facts)?;
            sla::set_deadline(connection, operation.at.estimate(), &mut facts)?;
            operation.act = Act::Create(Box::new(facts)).plain();
            author_all(
                connection,
                &inner,
                document,
                Writer::Server,
                vec![operation.into()],
            )
        };
        let written = self.inner.store.write(job).await;
        self.first_of(id, written).await
    }

    /// Writes an article or manual: its head, and its sections by their order. What stands there already is not
    /// written again; sections are never taken away. Returns whether anything changed.
    ///
    /// # Errors
    /// As [`App::perform`].
    pub async fn publish_article(
        &self,
        id: ArticleId,
        head: ArticleHead,
        sections: Vec<Section>,
    ) -> Result<bool, DoorError> {
        let document = DocumentId::from(id);
        let mut acts = vec![Act::Publish(Box::new(head))];
        acts.extend(
            sections
                .into_iter()
                .map(|section| Act::WriteSection(Box::new(section))),
        );
        let operations: Vec<Operation> = acts
            .into_iter()
            .map(|act| self.operation(Author::Server, document, act, None))
            .collect();
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| {
            let ground = inner.grounds.take(connection, document)?;
            let fresh: Vec<Operation> = operations
                .into_iter()
                .filter(|new| !projection::says(ground.content(), &new.act))
                .collect();
            inner.grounds.keep(ground);
            if fresh.is_empty() {
                return Ok(false);
            }
            let drafts = fresh.into_iter().map(Draft::from).collect();
            author_all(connection, &inner, document, Writer::Server, drafts).map(|_| true)
        };
        let changed = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        changed
    }

    pub(super) fn operation(
        &self,
        by: Author,
        document: DocumentId,
        act: Act,
        at: Option<DeviceTime>,
    ) -> Operation {
        let edge = &self.inner.edge;
        let at = at.unwrap_or_else(|| DeviceTime::exact((edge.now)()));
        Operation {
            id: edge.id(OperationId::new),
            document,
            by,
            at,
            act: act.plain(),
        }
    }

    /// What became of the one operation that was to be written.
    async fn first_of(
        &self,
        id: OperationId,
        written: Result<Vec<Performed>, DoorError>,
    ) -> Result<Performed, DoorError> {
        self.inner.wake.notify_one();
        match written {
            Ok(performed) => performed
                .into_iter()
                .next()
                .ok_or_else(|| DoorError::Document("nothing was performed".into())),
            Err(DoorError::Store(StoreError::Unknown)) => self.look_up(id).await,
            Err(error) => Err(error),
        }
    }

    /// After a commit of unknown outcome: what was performed, if it was.
    async fn look_up(&self, operation: OperationId) -> Result<Performed, DoorError> {
        let found = self
            .inner
            .store
            .read(move |connection| recalled(connection, operation))
            .await?;
        found.ok_or(DoorError::Store(StoreError::Unknown))
    }
}

/// What was performed under this id, if anything was.
fn recalled(connection: &Connection, operation: OperationId) -> Result<Option<Performed>, DoorError> {
    let decided = documents::fate_read(connection, operation)?;
    let seq = documents::operation_seq(connection, operation)?;
    Ok(decided.zip(seq).map(|(decided, seq)| Performed {
        operation,
        fate: decided.fate,
        seq,
    }))
}

/// A ticket is merged into one that goes on by itself. Two that were merged into each other would both be over, and the
/// problem nobody's.
fn check_survivor(connection: &Connection, operation: &Operation) -> Result<(), DoorError> {
    let Act::MergeInto { ticket } = operation.act else {
        return Ok(());
    };
    if operation.document == DocumentId::from(ticket) {
        return Err(DoorError::Refused(Reason::NotNow));
    }
    match record::ticket_merged_into(connection, ticket)? {
        None => Err(DoorError::Refused(Reason::UnknownTicket)),
        Some(Some(_)) => Err(DoorError::Refused(Reason::TicketOver)),
        Some(None) => Ok(()),
    }
}

fn number(connection: &Connection, ticket: TicketId, facts: &mut TicketFacts) -> Result<(), DoorError> {
    if !facts.number.trim().is_empty() {
        let taken = record::ticket_has_number(connection, &facts.number, ticket)?;
        return if taken {
            Err(DoorError::Refused(Reason::AlreadyExists))
        } else {
            Ok(())
        };
    }
    loop {
        facts.number = format!("T-{:06}", meta::counter_next(connection, meta::TICKET_NUMBER)?);
        // An import may have brought numbers of this form.
        if !record::ticket_has_number(connection, &facts.number, ticket)? {
            return Ok(());
        }
    }
}

/// An operation the server is about to author.
pub(super) struct Draft {
    pub(super) operation: Operation,
    /// The events its author knew; `None` = all there are.
    pub(super) prev: Option<Vec<OperationId>>,
    /// For what was done before it is written here.
    pub(super) bounds: Option<Bounds>,
}

impl From<Operation> for Draft {
    fn from(operation: Operation) -> Self {
        Self {
            operation,
            prev: None,
            bounds: None,
        }
    }
}

/// Authors operations on one document, in order, and takes them through the door. All or nothing.
pub(super) fn author_all(
    connection: &Connection,
    inner: &Inner,
    document: DocumentId,
    writer: Writer,
    drafts: Vec<Draft>,
) -> Result<Vec<Performed>, DoorError> {
    let ground = inner.grounds.take(connection, document)?;
    let actor = inner.actor(document);
    let mut doc = ground.doc.clone();
    let mut content = ground.content().clone();
    let mut changes = Vec::with_capacity(drafts.len());
    let mut bounds = HashMap::new();
    for draft in drafts {
        let Draft { operation, prev, .. } = draft;
        bounds.extend(draft.bounds.map(|bound| (operation.id, bound)));
        let prev = prev.unwrap_or_else(|| content.events.heads());
        let authored = document::author(&mut doc, &actor, &operation, prev.clone())?;
        content.add(&operation, prev);
        changes.push(authored.bytes);
    }
    let judge = Judge::new(connection, &ground, writer);
    let limits = Limits::default();
    let door = Door {
        limits: &limits,
        is_refused: &|_| false,
        allow: &|header, puts| judge.allow(header, puts),
    };
    let checked = door.check_lane(&ground.doc, &changes);
    let Judged { mut claims, .. } = judge.finish()?;
    let mut taken = Vec::with_capacity(changes.len());
    for (outcome, bytes) in checked.outcomes.iter().zip(changes) {
        let header = match outcome {
            Outcome::Applied(header) => header,
            Outcome::Refused(Refusal::Policy(denial)) => {
                let reason = Reason::from_code(denial.code).unwrap_or(Reason::DamagedChange);
                inner.grounds.keep(ground);
                return Err(DoorError::Refused(reason));
            }
            Outcome::Refused(Refusal::TooLarge { .. }) => {
                inner.grounds.keep(ground);
                return Err(DoorError::Refused(Reason::TextTooLong));
            }
            other => return Err(DoorError::Document(format!("the server's own change: {other:?}"))),
        };
        let claim = claims
            .remove(&header.hash)
            .ok_or_else(|| DoorError::Document("change without claim".into()))?;
        let bounds = bounds.remove(&claim.operation.id);
        taken.push(Taken::of(header, bytes, claim, None).within(bounds));
    }
    let doc = checked
        .doc
        .ok_or_else(|| DoorError::Document("nothing was taken".into()))?;
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    let (ground, performed) = Settle {
        inner,
        journal: &mut journal,
    }
    .run(ground, doc, None, taken)?;
    inner.grounds.keep(ground);
    Ok(performed)
}
