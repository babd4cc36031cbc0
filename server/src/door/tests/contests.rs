//! Concurrent claims: one ruling, and whoever came first stands.

use fieldline_model::operation::Act;

use super::bench::{Bench, Phone, engineer, fates, note};

#[tokio::test]
async fn of_two_concurrent_accepts_the_first_to_arrive_stands_in_any_hash_order() {
    let mut fold_disagreed = 0;
    for seed in 1..=8 {
        let bench = Bench::seeded(seed);
        let mut one = Phone::join(&bench.app, 1).await;
        let mut two = Phone::join(&bench.app, 2).await;
        let ticket = bench.ticket().await;
        let visit = bench.offer(ticket, &[engineer(1), engineer(2)]).await;
        one.sync(&bench.app).await;
        two.sync(&bench.app).await;
        // Other operation ids with every seed, so the fold's own order differs.
        for _ in 0..seed {
            one.counter += 1;
            two.counter += 3;
        }
        one.perform(ticket, Act::Accept { visit });
        let lost = two.perform(ticket, Act::Accept { visit });
        two.perform(ticket, note("on my way"));
        two.perform(ticket, Act::Depart { visit, eta: None });

        assert_eq!(fates(&one.sync(&bench.app).await), ["merged"]);
        let second = two.sync(&bench.app).await;

        let second = fates(&second);
        assert_eq!(second[..2], ["overruled taken_by_other", "merged"], "seed {seed}");
        assert!(
            second[2].starts_with("overruled"),
            "what he built on it does not count either: {second:?}"
        );
        assert_eq!(bench.count("SELECT count(*) FROM event WHERE act = 'rule'"), 1);
        assert_eq!(bench.text("SELECT engineer FROM visit"), engineer(1).to_string());
        assert_eq!(bench.text("SELECT engineer FROM ticket"), engineer(1).to_string());
        let kept = format!("SELECT outcome FROM event WHERE operation = '{lost}'");
        assert_eq!(bench.text(&kept), "overruled");
        assert!(
            !two.docs.contains_key(&ticket),
            "the other learns who has it and lets go"
        );
        one.sync(&bench.app).await;
        assert!(one.docs.contains_key(&ticket));
        let rule = bench.text("SELECT entry FROM event WHERE act = 'rule'");
        fold_disagreed += i32::from(rule.contains(&lost.to_string()));
    }
    assert_eq!(fold_disagreed, 8, "every ruling names the later claim");
}

#[tokio::test]
async fn three_concurrent_accepts_end_with_the_first() {
    let bench = Bench::seeded(5);
    let ticket = bench.ticket().await;
    let everybody = [engineer(1), engineer(2), engineer(3)];
    let mut phones = Vec::new();
    for n in 1..=3 {
        phones.push(Phone::join(&bench.app, n).await);
    }
    let visit = bench.offer(ticket, &everybody).await;
    for phone in &mut phones {
        phone.sync(&bench.app).await;
        phone.perform(ticket, Act::Accept { visit });
    }
    let mut all = Vec::new();
    for phone in phones.iter_mut().rev() {
        all.extend(fates(&phone.sync(&bench.app).await));
    }
    assert_eq!(
        all,
        ["merged", "overruled taken_by_other", "overruled taken_by_other"]
    );
    assert_eq!(bench.text("SELECT engineer FROM visit"), engineer(3).to_string());
}
