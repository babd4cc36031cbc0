//! Which of a phone's unsent work goes into lanes that it signs.

use fieldline_model::actor::DeviceKey;
use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;

use super::phone::Phone;
use super::roads::note;
use super::server::Server;
use crate::overlay::Work;
use crate::sync::own_lanes;

/// Changes of the ticket that a phone would hand over which signs with this key.
fn handed(phone: &Phone, ticket: TicketId, key: Option<&[u8; 32]>) -> usize {
    let lanes = phone.engine().read(|inner| {
        let mut me = inner.identity.enrolled()?.clone();
        if let Some(seed) = key {
            me.key = DeviceKey::from_seed(seed);
        }
        let work = Work {
            conn: &inner.store.conn,
            me: &me,
            install: inner.identity.install,
            faults: &inner.faults,
            now: Timestamp::from_ms(1),
        };
        own_lanes(&work, ticket.into())
    });
    lanes.unwrap().iter().map(|lane| lane.changes.len()).sum()
}

/// HQ has it, its answer was lost, and then the key was: signed with the new key it would be nobody's lane, and what was
/// written after it would be refused with it.
#[test]
fn nothing_is_handed_over_of_what_was_written_under_a_key_that_is_lost() {
    let mut server = Server::new();
    let mut phone = Phone::seeded(6);
    phone.enrol(&mut server);
    let (ticket, _) = server.ticket(1);
    phone.sync(&mut server);
    phone.perform(ticket, note("去机房的路上"));
    phone.sync(&mut server);
    assert_eq!(handed(&phone, ticket, None), 0, "HQ has it");
    let lost = "UPDATE change SET state = 'sent'";
    assert_eq!(phone.raw().execute(lost, []).unwrap(), 1);
    assert_eq!(handed(&phone, ticket, None), 1);
    assert_eq!(handed(&phone, ticket, Some(&[9; 32])), 0);
}
