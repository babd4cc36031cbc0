//! A full device and a revoked phone: what is saved stays, what cannot be saved is not called saved.

use fieldline_model::id::{TicketId, VisitId};
use fieldline_model::operation::{Act, ArticleHead};
use fieldline_model::wire::Verdict;

use super::phone::Phone;
use super::server::Server;
use crate::view::ListFilter;

fn start() -> (Server, Phone, TicketId, VisitId) {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, visit) = server.ticket(1);
    phone.sync(&mut server);
    (server, phone, ticket, visit)
}

fn note(n: usize) -> Act {
    // Long and never twice the same, so that each takes room.
    let text: String = (0..400)
        .map(|i| format!("{:x} ", (n * 7_919 + i).wrapping_mul(2_654_435_761)))
        .collect();
    Act::Note { text }
}

/// Writes until the device is full; how many were saved.
fn fill(phone: &mut Phone, ticket: TicketId) -> usize {
    phone.engine().limit_pages(Some(20)).unwrap();
    for n in 0..500 {
        match phone.try_perform(ticket, note(n)) {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.code(), "disk_full");
                return n;
            }
        }
    }
    panic!("the disk is never full");
}

#[test]
fn a_full_disk_refuses_the_save_and_keeps_what_was_saved() {
    let (mut server, mut phone, ticket, visit) = start();
    let saved = fill(&mut phone, ticket);
    assert!(saved > 0);
    let status = phone.engine().status().unwrap();
    assert_eq!(status.saved_here, u64::try_from(saved).unwrap());
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(view.field.len(), saved, "what was not saved is not shown");
    // Reading goes on after a reopening, and with room the same tap is saved.
    phone.open().unwrap();
    phone.engine().limit_pages(None).unwrap();
    phone.perform(ticket, Act::Accept { visit });
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!(
        (status.saved_here, status.at_hq),
        (0, u64::try_from(saved + 1).unwrap())
    );
}

#[test]
fn a_page_that_finds_no_room_is_taken_whole_later() {
    let (mut server, mut phone, ticket, _) = start();
    let before = phone.cursor();
    for n in 0..100 {
        server.staff(ticket.into(), note(n));
    }
    phone.engine().limit_pages(Some(2)).unwrap();
    assert_eq!(phone.try_sync(&mut server).unwrap_err().code(), "disk_full");
    assert_eq!(phone.cursor(), before, "items and cursor go together");
    phone.engine().limit_pages(None).unwrap();
    phone.sync(&mut server);
    assert!(phone.engine().status().unwrap().complete);
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    assert_eq!(view.field.len(), 100);
}

#[test]
fn a_revoked_phone_says_so_keeps_its_work_and_goes_on_saving() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    reply.welcome.revoked = true;
    // The server holds a revoked phone's work for a supervisor: no verdict comes, and nothing goes down.
    (reply.verdicts, reply.page) = (Vec::new(), None);
    let progress = phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    assert!(progress.revoked);
    let status = phone.engine().status().unwrap();
    assert!(status.revoked && status.enrolled);
    assert_eq!((status.saved_here, status.waiting[0].why), (1, "revoked"));
    assert_eq!(status.waiting[0].operation, accept);
    phone.perform(ticket, Act::Depart { visit, eta: None });
    // Nothing is forgotten by closing the app, and a phone that HQ takes back is one again.
    phone.open().unwrap();
    assert_eq!(phone.engine().status().unwrap().saved_here, 2);
    phone.sync(&mut server);
    let status = phone.engine().status().unwrap();
    assert_eq!((status.revoked, status.saved_here, status.at_hq), (false, 0, 2));
}

/// "A supervisor decides" stood beside work that had never left the phone.
#[test]
fn a_revoked_phone_tells_what_hq_holds_from_what_is_still_here() {
    let (mut server, mut phone, ticket, visit) = start();
    let accept = phone.perform(ticket, Act::Accept { visit });
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    reply.welcome.revoked = true;
    reply.page = None;
    for (_, verdict) in &mut reply.verdicts {
        *verdict = Verdict::Held;
    }
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    let depart = phone.perform(ticket, Act::Depart { visit, eta: None });
    // A message that HQ never answers takes nothing there.
    phone.next();
    phone.open().unwrap();
    let status = phone.engine().status().unwrap();
    assert_eq!((status.saved_here, status.held_at_hq), (2, 1));
    let waits: Vec<_> = status
        .waiting
        .iter()
        .map(|one| (one.operation, one.why))
        .collect();
    assert_eq!(waits, [(accept, "held"), (depart, "revoked")]);
    // The list and the ticket say the same.
    let lines = phone.engine().list(&ListFilter::default()).unwrap();
    assert_eq!((lines[0].pending, lines[0].held), (2, 1));
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    let held = |id| {
        view.events
            .iter()
            .find(|entry| entry.operation == id)
            .map(|entry| (entry.pending, entry.held))
    };
    assert_eq!(
        (held(accept), held(depart)),
        (Some((true, true)), Some((true, false)))
    );
}

/// An annotation that HQ held was shown as still to be sent.
#[test]
fn an_article_tells_what_hq_holds_of_it() {
    let (mut server, mut phone, ..) = start();
    let article = server.article(1);
    let head = ArticleHead {
        manual: false,
        title_zh: "卡纸".into(),
        title_en: "Paper jam".into(),
        category: None,
        faults: Vec::new(),
        models: Vec::new(),
    };
    server.staff(article.into(), Act::Publish(Box::new(head)));
    phone.sync(&mut server);
    let act = Act::Annotate {
        section: None,
        text: "the new model differs".into(),
    };
    phone.perform(article, act);
    let exchange = phone.next();
    let mut reply = server.take(&exchange);
    reply.page = None;
    for (_, verdict) in &mut reply.verdicts {
        *verdict = Verdict::Held;
    }
    phone
        .with(|engine, moment| engine.sync_take(&exchange, reply, moment))
        .unwrap();
    let view = phone
        .with(|engine, moment| engine.article(article, moment))
        .unwrap();
    assert!(
        view.annotations[0].pending && view.annotations[0].held,
        "{view:?}"
    );
}
