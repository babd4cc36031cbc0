//! Who holds a document, and which rows it reaches: kept in step with the fold, told through the feeds.

use std::collections::BTreeSet;

use fieldline_model::fold::TicketState;
use fieldline_model::id::{DocumentId, EngineerId, SiteId};
use fieldline_model::operation::TicketFacts;
use fieldline_model::row::{Row, RowKind};
use rusqlite::Connection;

use crate::store::log::{Channel, Entry, Journal};
use crate::store::record::ticket_facts;
use crate::store::{StoreError, row, scope};

/// Brings scope and reach of a ticket in step with its state. `before` held it until now.
pub(crate) fn follow(
    journal: &mut Journal<'_>,
    document: DocumentId,
    state: &TicketState,
    before: &[EngineerId],
) -> Result<(), StoreError> {
    let connection = journal.connection();
    let after: BTreeSet<EngineerId> = state.holders().into_iter().collect();
    let stays: Vec<EngineerId> = before
        .iter()
        .copied()
        .filter(|engineer| after.contains(engineer))
        .collect();
    reach(journal, document, &state.facts, &stays)?;
    for engineer in before.iter().filter(|engineer| !after.contains(engineer)) {
        scope::scope_leave(connection, *engineer, document)?;
        journal.append(&Entry::Drop { document }, [Channel::Engineer(*engineer)])?;
    }
    for engineer in after.iter().filter(|engineer| !before.contains(engineer)) {
        let seq = journal.append(&Entry::Enter { document }, [Channel::Engineer(*engineer)])?;
        scope::scope_enter(connection, Some(*engineer), document, seq)?;
    }
    Ok(())
}

/// Everybody holds the document from now on.
pub(crate) fn share(journal: &mut Journal<'_>, document: DocumentId) -> Result<(), StoreError> {
    let seq = journal.append(&Entry::Enter { document }, [Channel::Shared])?;
    scope::scope_enter(journal.connection(), None, document, seq)
}

/// A machine or a site says anew where it is or whose: tickets that named nothing else reach other rows now.
pub(crate) fn follow_row(journal: &mut Journal<'_>, row: &Row) -> Result<(), StoreError> {
    if !matches!(row, Row::Asset(_) | Row::Site(_)) {
        return Ok(());
    }
    let connection = journal.connection();
    for document in scope::reach_documents(connection, row.kind(), &row.id())? {
        let facts = document.ticket().map(|ticket| ticket_facts(connection, ticket));
        if let Some(facts) = facts.transpose()?.flatten() {
            let holders = scope::scope_holders(connection, document)?;
            reach(journal, document, &facts, &holders)?;
        }
    }
    Ok(())
}

/// Rows newly reached are told to those who hold the document and go on holding it; whoever gets the document now
/// gets all its rows with it.
fn reach(
    journal: &mut Journal<'_>,
    document: DocumentId,
    facts: &TicketFacts,
    holders: &[EngineerId],
) -> Result<(), StoreError> {
    let connection = journal.connection();
    let new = reached(connection, facts)?;
    let old: BTreeSet<(RowKind, String)> = scope::reach_list(connection, document)?.into_iter().collect();
    for (kind, id) in old.difference(&new) {
        scope::reach_drop(connection, document, *kind, id)?;
    }
    for (kind, id) in new.difference(&old) {
        scope::reach_add(connection, document, *kind, id)?;
        if !holders.is_empty() && row::row_read(connection, *kind, id)?.is_some() {
            let entry = Entry::Row {
                kind: *kind,
                id: id.clone(),
            };
            journal.append(&entry, holders.iter().copied().map(Channel::Engineer))?;
        }
    }
    Ok(())
}

/// Customer, contact, site and asset; a site that nobody named is that of the asset, a customer that of the site.
fn reached(connection: &Connection, facts: &TicketFacts) -> Result<BTreeSet<(RowKind, String)>, StoreError> {
    let mut rows = BTreeSet::new();
    let mut add = |kind: RowKind, id: Option<String>| rows.extend(id.map(|id| (kind, id)));
    let site = match (facts.site, facts.asset) {
        (None, Some(asset)) => match row::row_read(connection, RowKind::Asset, &asset.to_string())? {
            Some((Row::Asset(asset), _)) => Some(asset.site),
            _ => None,
        },
        (site, _) => site,
    };
    let of_site = |site: SiteId| row::row_read(connection, RowKind::Site, &site.to_string());
    let customer = match (facts.customer, site) {
        (None, Some(site)) => match of_site(site)? {
            Some((Row::Site(site), _)) => Some(site.customer),
            _ => None,
        },
        (customer, _) => customer,
    };
    add(RowKind::Customer, customer.map(|id| id.to_string()));
    add(RowKind::Contact, facts.contact.map(|id| id.to_string()));
    add(RowKind::Site, site.map(|id| id.to_string()));
    add(RowKind::Asset, facts.asset.map(|id| id.to_string()));
    Ok(rows)
}
