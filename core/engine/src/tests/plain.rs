//! Texts are saved without what would turn a page around, and without a refusal: copied words bring it unseen.

use fieldline_model::operation::Act;

use super::phone::Phone;
use super::server::Server;

#[test]
fn stray_characters_are_taken_out_at_the_tap() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let (ticket, _) = server.ticket(1);
    phone.sync(&mut server);
    let note = |text: &str| Act::Note { text: text.into() };
    phone.perform(ticket, note("\u{202d}0571 5550\u{202c}\u{1b}[2J, 卡纸\u{200e}"));
    let refused = phone
        .try_perform(ticket, note("\u{202e}\u{2066}\u{0}"))
        .unwrap_err();
    assert_eq!(refused.code(), "text_missing");
    phone.sync(&mut server);
    let view = phone
        .with(|engine, moment| engine.ticket(ticket, moment))
        .unwrap();
    let acts: Vec<&Act> = view.field.iter().map(|entry| &entry.act).collect();
    assert_eq!(acts, [&note("0571 5550[2J, 卡纸\u{200e}")]);
    assert_eq!(phone.engine().status().unwrap().at_hq, 1);
}
