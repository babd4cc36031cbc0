//! What a phone's line may say of the ticket it shows.

use fieldline_model::time::Timestamp;
use fieldline_model::wire::{VIEWING_KEEP_MS, viewing_text};

use super::bench::{Bench, Phone, engineer, ticket_of};
use crate::viewing::{Desk, Viewer};

const NOW: Timestamp = Timestamp::from_ms(1_790_000_000_000);

#[tokio::test]
async fn a_phone_shows_its_own_tickets_alone_and_one_at_a_time() {
    let bench = Bench::new();
    let (own, also, others) = (bench.ticket().await, bench.ticket().await, bench.ticket().await);
    let phone = Phone::join(&bench.app, 1).await;
    for document in [own, also] {
        bench.offer(document, &[engineer(1)]).await;
    }
    bench.offer(others, &[engineer(2)]).await;
    let device = bench.app.device(&phone.token).await.unwrap();
    let mut desk = Desk::new(&bench.app, device);
    let inner = &bench.app.inner;
    let seen = |document, now| inner.viewing.of(ticket_of(document), now);
    let here = [Viewer::Engineer(engineer(1))];
    let text = |document| viewing_text(Some(ticket_of(document)));

    desk.hear_at(&text(others), inner, NOW).await;
    assert_eq!(seen(others, NOW), [], "not his");
    let mut now = NOW.plus_ms(1_000);
    desk.hear_at(&text(own), inner, now).await;
    assert_eq!(seen(own, now), here);
    // Too soon for another look at the record; what was shown before is shut all the same.
    desk.hear_at(&text(also), inner, now.plus_ms(10)).await;
    assert_eq!((seen(own, now), seen(also, now)), (vec![], vec![]));
    now = now.plus_ms(1_000);
    desk.hear_at(&text(also), inner, now).await;
    assert_eq!((seen(own, now), seen(also, now)), (vec![], here.to_vec()));
    // Noise changes nothing; silence does, and so does what is said again.
    desk.hear_at("viewing nothing", inner, now).await;
    assert_eq!(seen(also, now), here);
    let later = now.plus_ms(VIEWING_KEEP_MS);
    assert_eq!(seen(also, later), []);
    desk.hear_at(&text(also), inner, later).await;
    assert_eq!(seen(also, later), here);
    desk.hear_at(&viewing_text(None), inner, later).await;
    assert_eq!(seen(also, later), []);
    desk.hear_at(&text(also), inner, later.plus_ms(1_000)).await;
    assert_eq!(seen(also, later), here);
    drop(desk);
    assert_eq!(seen(also, later), [], "the line is gone");
}
