//! Stock by grants: who may consume what alone.
//!
//! The ledger says how many of a part lie somewhere; a grant puts some of them at one phone's sole disposal. What is held,
//! sound or in doubt, is never given out a second time: not when its time is over, not when the phone is revoked, not after
//! the record went back. It ends when its holder consumed it or somebody counted. What a use takes beyond the grants of
//! its phone is booked all the same, because the part is in the machine; where it is missing then stands a discrepancy.

pub(crate) mod asked;
pub(crate) mod over;

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::grant::{GRANTS_MAX, Grant, GrantState, Grants, GrantsKnown, SignedGrant};
use fieldline_model::id::{DeviceId, EngineerId, GrantId, LocationId, OperationId, PartId, TicketId};
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::app::{Inner, bug};
use crate::stock::Taken;
use crate::store::device::Device;
use crate::store::grant::{self as store, GrantRow, NewDiscrepancy, RequestRow};
use crate::store::log::Journal;
use crate::store::record::ticket_is_over;
use crate::store::row::stock_quantity;
use crate::store::{StoreError, meta};

/// How long a van's stock is the phone's without a word from it: longer than a holiday.
pub(crate) const VAN_GRANT_MS: i64 = 45 * 24 * 60 * 60 * 1_000;
/// How long a reservation is.
pub(crate) const RESERVATION_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Who consumes: the phone that says so, and whose it is. Without a phone the server speaks in the engineer's name, or
/// nobody knows any more which of his phones it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Consumer {
    pub(crate) device: Option<(DeviceId, [u8; 16])>,
    pub(crate) engineer: Option<EngineerId>,
    pub(crate) ticket: Option<TicketId>,
}

impl Consumer {
    fn holds(&self, row: &GrantRow) -> bool {
        match self.device {
            Some((device, install)) => (row.device, row.install) == (device, install),
            None => self.engineer == Some(row.engineer),
        }
    }

    /// What was granted to a phone, or an install, that he has not got any more lies in the same van; so does what its driver
    /// before him left in it.
    fn left_behind(&self, row: &GrantRow, drives: Option<LocationId>) -> bool {
        let is_in_his_van = row.ticket.is_none() && drives == Some(row.location);
        row.left_behind && (self.engineer == Some(row.engineer) || is_in_his_van)
    }
}

/// Takes from the consumer's grants what they cover, his reservation for the ticket first; says how many that were. What
/// somebody had seen who counted is taken from none that was given since: those are of what he found.
pub(crate) fn spend(
    connection: &Connection,
    consumer: &Consumer,
    (location, part): (LocationId, PartId),
    quantity: u32,
    counted_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<u32, StoreError> {
    let mut open = quantity;
    let mut own = store::grant_at(connection, location, part)?;
    let drives = match consumer.engineer {
        Some(engineer) => store::engineer_van(connection, engineer)?,
        None => None,
    };
    own.retain(|row| consumer.holds(row) || consumer.left_behind(row, drives));
    own.retain(|row| row.ticket.is_none() || row.ticket == consumer.ticket);
    own.retain(|row| counted_at.is_none_or(|at| born(row.id) <= at));
    own.sort_by_key(|row| (!consumer.holds(row), row.ticket.is_none()));
    for mut row in own {
        let taken = open.min(row.remaining);
        if taken == 0 {
            continue;
        }
        row.remaining -= taken;
        // A van's grant is filled up again; what was reserved and used is over.
        row.ended = row.remaining == 0 && row.ticket.is_some();
        store::grant_write(connection, &row, now)?;
        open -= taken;
    }
    Ok(quantity - open)
}

/// When a grant was given, as its name says.
fn born(id: GrantId) -> Timestamp {
    let mut bytes = [0; 8];
    bytes[2..].copy_from_slice(&id.to_bytes()[..6]);
    Timestamp::from_ms(i64::from_be_bytes(bytes))
}

/// How many of a part are held at a place beyond what the ledger says lies there.
fn shortage(connection: &Connection, location: LocationId, part: PartId) -> Result<i64, StoreError> {
    Ok((-free_of(connection, (location, part))?).max(0))
}

/// Why stock may be missing.
#[derive(Debug, Clone)]
pub(crate) enum Cause {
    /// So many were consumed beyond the grants of the phone.
    Consumed(OperationId, Option<EngineerId>, u32),
    /// A phone showed a grant that this record had lost.
    Shown(GrantId),
    /// Somebody counted.
    Counted(OperationId),
    /// The ledger was set to less; nobody looked at the place.
    Lowered(OperationId),
}

/// After something moved: keeps what is missing now, or settles what was. Holders hear of either.
pub(crate) fn weigh(
    connection: &Connection,
    silent: bool,
    (location, part): (LocationId, PartId),
    cause: &Cause,
    now: Timestamp,
) -> Result<(), StoreError> {
    let missing = shortage(connection, location, part)?;
    if missing == 0 {
        let counted = matches!(cause, Cause::Counted(_));
        return relieve(connection, (location, part), counted, now);
    }
    let holders = store::grant_at(connection, location, part)?;
    let holder = holders.first().map(|row| row.engineer);
    let (cause, engineer, why, most) = match cause {
        Cause::Consumed(_, _, 0) => return Ok(()),
        Cause::Consumed(operation, engineer, beyond) => {
            (operation.to_string(), engineer.or(holder), "not_granted", *beyond)
        }
        Cause::Shown(id) => (id.to_string(), holder, "shown", u32::MAX),
        Cause::Counted(operation) | Cause::Lowered(operation) => {
            (operation.to_string(), holder, "lowered", u32::MAX)
        }
    };
    let Some(engineer) = engineer.filter(|_| !silent) else {
        return Ok(());
    };
    let quantity = u32::try_from(missing).unwrap_or(u32::MAX).min(most);
    let new = NewDiscrepancy {
        cause,
        location,
        part,
        engineer,
        why,
        quantity,
    };
    store::discrepancy_add(connection, &new, now)?;
    touch(connection, &holders, now)
}

/// What was transferred here and could not be told from where: it stands until somebody counts here, or until what was missing
/// there is explained.
pub(crate) fn unproven(
    connection: &Connection,
    taken: &Taken,
    location: LocationId,
    engineer: Option<EngineerId>,
    quantity: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(engineer) = engineer.filter(|_| quantity > 0) else {
        return Ok(());
    };
    let new = NewDiscrepancy {
        cause: taken.operation.to_string(),
        location,
        part: taken.part,
        engineer,
        why: "not_granted",
        quantity,
    };
    store::discrepancy_add(connection, &new, now)?;
    touch(
        connection,
        &store::grant_at(connection, location, taken.part)?,
        now,
    )
}

/// What is free now may explain what was missing; who counted has seen what came without an explanation.
fn relieve(
    connection: &Connection,
    (location, part): (LocationId, PartId),
    counted: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    if shortage(connection, location, part)? > 0
        || !store::discrepancy_settle(connection, location, part, counted, now)?
    {
        return Ok(());
    }
    touch(connection, &store::grant_at(connection, location, part)?, now)
}

/// An engineer drives another van: what his phones hold of the old one's stock is in doubt from now on, and they are told.
pub(crate) fn handed_over(
    connection: &Connection,
    engineer: EngineerId,
    old: LocationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    touch(connection, &store::grant_of_van(connection, engineer, old)?, now)
}

fn touch(connection: &Connection, rows: &[GrantRow], now: Timestamp) -> Result<(), StoreError> {
    rows.iter()
        .try_for_each(|row| store::grant_write(connection, row, now))
}

/// Somebody counted so many at a place. What was in doubt there is over, and where less is there than is held, all of it:
/// who holds some hears so, and is granted what was found.
pub(crate) fn counted(
    connection: &Connection,
    (location, part): (LocationId, PartId),
    quantity: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let held = store::grant_at(connection, location, part)?;
    let (doubtful, sound): (Vec<_>, Vec<_>) = held
        .into_iter()
        .partition(|row| row.left_behind || row.until <= now);
    let kept: i64 = sound.iter().map(|row| i64::from(row.remaining)).sum();
    let over = if kept > quantity { sound } else { Vec::new() };
    for mut row in doubtful.into_iter().chain(over) {
        (row.remaining, row.ended) = (0, true);
        store::grant_write(connection, &row, now)?;
    }
    store::open_write(connection, location, part, meta::epoch(connection)?)
}

/// A phone shows what it holds: once in each epoch, and whenever it speaks under another install. What this record has
/// lost of it comes back; of what both know the smaller counts, because each may have missed a use and neither can have
/// missed a gift that it may spend.
pub(crate) fn report(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    install: &[u8; 16],
    known: &GrantsKnown,
) -> Result<(), StoreError> {
    let (now, epoch) = ((inner.edge.now)(), meta::epoch(connection)?);
    let (mut places, mut proven) = (BTreeSet::new(), true);
    for shown in known.held.iter().filter(|shown| shown.grant.epoch != epoch) {
        if !shown.is_by(&inner.receipt_key.public(), inner.organisation.id) {
            tracing::warn!(device.id = %device.id, grant.id = %shown.grant.id, "a grant is not signed by this server");
            proven = false;
            continue;
        }
        if let Some(mut row) = taken_back(connection, device, &shown.grant)? {
            if let Some(request) = row.request {
                // The request came back with its ticket, and was answered before, perhaps even once more since.
                store::request_end(connection, request, now)?;
                row.request = store::request_is_free(connection, request, row.id)?.then_some(request);
            }
            store::grant_write(connection, &row, now)?;
            places.insert((row.location, row.part, row.id));
        }
    }
    for (location, part, id) in places {
        weigh(connection, false, (location, part), &Cause::Shown(id), now)?;
    }
    // What it holds and did not show, nobody knows.
    let has_shown =
        known.epoch != epoch && usize::try_from(known.grants).is_ok_and(|count| count <= known.held.len());
    let shown_all = has_shown || known.grants == 0 || meta::grants_are_known(connection)?;
    let epoch = if proven && shown_all { epoch } else { 0 };
    store::report_write(connection, device.id, install, epoch)
}

/// The grant as it counts after it was shown; `None` where that changes nothing.
fn taken_back(
    connection: &Connection,
    device: &Device,
    shown: &Grant,
) -> Result<Option<GrantRow>, StoreError> {
    let known = store::grant_read(connection, shown.id)?;
    if known.is_none() && shown.state == GrantState::Ended {
        return Ok(None);
    }
    let Some(mut row) = known else {
        return Ok(Some(GrantRow {
            id: shown.id,
            device: shown.device,
            install: shown.install,
            engineer: device.engineer,
            location: shown.location,
            part: shown.part,
            ticket: shown.ticket,
            request: shown.request,
            remaining: shown.remaining,
            until: shown.until,
            serial: shown.serial,
            ended: false,
            left_behind: false,
        }));
    };
    if row.ended {
        return Ok(None);
    }
    row.remaining = row.remaining.min(shown.remaining);
    row.ended = shown.state == GrantState::Ended;
    Ok(Some(row))
}

/// An engineer asks for parts: kept until as many are free. Twice is once.
pub(crate) fn request(journal: &Journal<'_>, asked: Taken, by: &Consumer) -> Result<(), StoreError> {
    let Some(engineer) = by.engineer else {
        return Ok(());
    };
    let new = RequestRow {
        operation: asked.operation,
        document: asked.document,
        device: by.device.map(|(device, _)| device),
        engineer,
        location: asked.location,
        part: asked.part,
        quantity: asked.quantity,
    };
    store::request_add(journal.connection(), &new, journal.at())
}

/// What is due to a phone that is here.
#[derive(Debug, Default)]
pub(crate) struct Due {
    grants: Vec<GrantRow>,
    answered: Vec<OperationId>,
    /// Asked for a ticket that is over.
    declined: Vec<OperationId>,
}

impl Due {
    /// It would get nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.grants.is_empty() && self.declined.is_empty()
    }
}

/// What a phone says in the exchange that it is given something in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker {
    /// Under which install it speaks.
    pub(crate) install: [u8; 16],
    /// The last statement of its grants that it knows, if it is of this epoch.
    pub(crate) told: Option<u64>,
    /// It had nothing to send: HQ has all it did.
    pub(crate) sent_all: bool,
}

impl Asker {
    /// It knows that the grant is in doubt, since the statement that said so, and has sent what it had used by then.
    fn gives_back(&self, row: &GrantRow) -> bool {
        self.sent_all && self.told.is_some_and(|told| told >= row.serial)
    }
}

/// What is due to a phone: what its engineer asked for, its van's stock that nobody holds, and more time for what it has. What it
/// holds of a van that its engineer gave away it gives back.
pub(crate) fn due(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    asker: &Asker,
) -> Result<Due, StoreError> {
    let install = &asker.install;
    let (now, epoch) = ((inner.edge.now)(), meta::epoch(connection)?);
    let mut due = Due::default();
    if store::report_read(connection, device.id)? != Some((*install, epoch)) {
        return Ok(due);
    }
    let blank = |location, part| GrantRow {
        id: inner.edge.id(GrantId::new),
        device: device.id,
        install: *install,
        engineer: device.engineer,
        location,
        part,
        ticket: None,
        request: None,
        remaining: 0,
        until: now,
        serial: 0,
        ended: false,
        left_behind: false,
    };
    // What is reserved here is not free any more.
    let mut reserved: BTreeMap<(LocationId, PartId), i64> = BTreeMap::new();
    for asked in store::request_waiting(connection, device.engineer, device.id)? {
        if let Some(ticket) = asked.document.ticket()
            && ticket_is_over(connection, ticket)?
        {
            due.declined.push(asked.operation);
            continue;
        }
        let place = (asked.location, asked.part);
        let given = reserved.entry(place).or_default();
        let free = free_of(connection, place)? - *given;
        let open = is_open(connection, asked.location, asked.part, epoch)?;
        if !open || free < i64::from(asked.quantity) {
            continue;
        }
        *given += i64::from(asked.quantity);
        due.answered.push(asked.operation);
        due.grants.push(GrantRow {
            ticket: asked.document.ticket(),
            request: Some(asked.operation),
            remaining: asked.quantity,
            until: now.plus_ms(RESERVATION_MS),
            ..blank(asked.location, asked.part)
        });
    }
    let own = store::grant_of_device(connection, device.id, 0, true, usize::MAX)?;
    let mut own: Vec<GrantRow> = own.into_iter().filter(|row| row.install == *install).collect();
    if let Some(van) = store::engineer_van(connection, device.engineer)? {
        for (part, free) in free(connection, inner, van, now)? {
            let free = free - reserved.get(&(van, part)).copied().unwrap_or(0);
            let open = bug!(inner, GrantsUnasked) || is_open(connection, van, part, epoch)?;
            if !open || free <= 0 {
                continue;
            }
            let is_it = |row: &GrantRow| (row.location, row.part, row.ticket) == (van, part, None);
            let known = own.iter().position(is_it).map(|place| own.swap_remove(place));
            let mut row = known.unwrap_or_else(|| blank(van, part));
            let free = u32::try_from(free).unwrap_or(u32::MAX);
            row.remaining = row.remaining.saturating_add(free);
            row.until = now.plus_ms(VAN_GRANT_MS);
            due.grants.push(row);
        }
    }
    for mut row in own {
        if row.left_behind {
            if asker.gives_back(&row) {
                (row.remaining, row.ended) = (0, true);
                due.grants.push(row);
            }
            continue;
        }
        let life_ms = if row.ticket.is_some() {
            RESERVATION_MS
        } else {
            VAN_GRANT_MS
        };
        if row.until.since(now) < life_ms / 2 {
            row.until = now.plus_ms(life_ms);
            due.grants.push(row);
        }
    }
    Ok(due)
}

/// How many of a part nobody holds at a place.
fn free_of(connection: &Connection, (location, part): (LocationId, PartId)) -> Result<i64, StoreError> {
    let held = store::grant_at(connection, location, part)?;
    let held: i64 = held.iter().map(|row| i64::from(row.remaining)).sum();
    Ok(stock_quantity(connection, location, part)? - held)
}

/// What nobody holds at a place.
fn free(
    connection: &Connection,
    inner: &Inner,
    location: LocationId,
    now: Timestamp,
) -> Result<Vec<(PartId, i64)>, StoreError> {
    if !bug!(inner, GrantExpires) && !bug!(inner, GrantFollowsPerson) {
        return store::stock_free(connection, location);
    }
    let mut free = Vec::new();
    for part in crate::store::row::stock_parts(connection, location)? {
        let held = store::grant_at(connection, location, part)?
            .into_iter()
            .filter(|row| {
                let expired = bug!(inner, GrantExpires) && row.until <= now;
                let behind = bug!(inner, GrantFollowsPerson) && row.left_behind;
                !expired && !behind
            });
        let held: i64 = held.map(|row| i64::from(row.remaining)).sum();
        let more = stock_quantity(connection, location, part)? - held;
        if more > 0 {
            free.push((part, more));
        }
    }
    Ok(free)
}

/// Whether new grants may be given: no grant can be unknown here, every phone that may hold one has shown it, or somebody
/// counted.
fn is_open(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    epoch: u64,
) -> Result<bool, StoreError> {
    Ok(meta::grants_are_known(connection)?
        || store::open_read(connection, location, part, epoch)?
        || store::all_reported(connection, location, epoch)?)
}

/// Gives what is due.
pub(crate) fn issue(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    asker: &Asker,
) -> Result<(), StoreError> {
    let now = (inner.edge.now)();
    let due = due(connection, inner, device, asker)?;
    for row in &due.grants {
        store::grant_write(connection, row, now)?;
        if row.ended {
            relieve(connection, (row.location, row.part), false, now)?;
        }
    }
    for operation in due.answered {
        store::request_end(connection, operation, now)?;
    }
    for operation in due.declined {
        asked::decline(connection, inner, operation)?;
    }
    Ok(())
}

/// What the phone is told: what changed since it was told last, or everything where it knows otherwise.
pub(crate) fn lines(
    connection: &Connection,
    inner: &Inner,
    device: &Device,
    known: &GrantsKnown,
) -> Result<Option<Grants>, StoreError> {
    let (now, epoch) = ((inner.edge.now)(), meta::epoch(connection)?);
    let since = |after, whole| -> Result<_, StoreError> {
        let rows = store::grant_of_device(connection, device.id, after, whole, GRANTS_MAX)?;
        let missing = store::discrepancy_of_engineer(connection, device.engineer, after, whole, GRANTS_MAX)?;
        Ok((rows, missing))
    };
    let mut whole = known.epoch != epoch;
    let (mut rows, mut missing) = since(if whole { 0 } else { known.serial }, whole)?;
    let (held, unexplained) = store::grant_count(connection, device.id, device.engineer)?;
    let is_other = (held, unexplained) != (known.grants, known.discrepancies);
    if !whole && rows.is_empty() && missing.is_empty() && is_other {
        whole = true;
        (rows, missing) = since(0, true)?;
    }
    if !whole && rows.is_empty() && missing.is_empty() {
        return Ok(None);
    }
    let full = |last: Option<u64>, count: usize| last.filter(|_| count == GRANTS_MAX);
    // Of two lists that are cut off, the phone knows everything only up to the earlier end.
    let cut = [
        full(rows.last().map(|row| row.serial), rows.len()),
        full(missing.last().map(|(serial, _)| *serial), missing.len()),
    ];
    let cut = cut.into_iter().flatten().min();
    if let Some(cut) = cut {
        rows.retain(|row| row.serial <= cut);
        missing.retain(|(serial, _)| *serial <= cut);
    }
    let last = rows
        .iter()
        .map(|row| row.serial)
        .chain(missing.iter().map(|(serial, _)| *serial))
        .max();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let short = shortage(connection, row.location, row.part)? > 0;
        lines.push(said(inner, row, short, epoch, now));
    }
    Ok(Some(Grants {
        epoch,
        serial: last.unwrap_or(0),
        whole,
        more: cut.is_some(),
        count: held.saturating_add(unexplained),
        lines,
        discrepancies: missing.into_iter().map(|(_, one)| one).collect(),
    }))
}

/// How a grant stands.
pub(crate) fn state(row: &GrantRow, short: bool, now: Timestamp) -> GrantState {
    if row.ended {
        GrantState::Ended
    } else if row.left_behind || short || row.until <= now {
        GrantState::InDoubt
    } else {
        GrantState::Sound
    }
}

fn said(inner: &Inner, row: GrantRow, short: bool, epoch: u64, now: Timestamp) -> SignedGrant {
    let key: &ReceiptKey = &inner.receipt_key;
    Grant {
        state: state(&row, short, now),
        id: row.id,
        device: row.device,
        install: row.install,
        location: row.location,
        part: row.part,
        ticket: row.ticket,
        request: row.request,
        remaining: row.remaining,
        until: row.until,
        epoch,
        serial: row.serial,
    }
    .signed(key, inner.organisation.id)
}
