//! The workload survives the way through the product: nothing is lost in the mapping that is not named here.

use fieldline_engine::Engine;
use fieldline_server::app::{App, Edge, Options};
use serde_json::{Value, json};

use super::phone::{open_engine, ticket as phone_ticket};
use super::spec::{Changes, Share, Ticket};
use super::{clock, hq, mapping, render, seed};

/// Two tickets, one with parts and one without, and what happens to them.
const SAMPLE: &str = include_str!("sample.json");

struct Bench {
    _dir: tempfile::TempDir,
    app: App,
    engine: Engine,
    share: Share,
}

/// A seeded server and a phone that has synced.
async fn bench() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    let spec = dir.path().join("spec");
    std::fs::create_dir_all(spec.join("p000")).unwrap();
    for name in ["tickets", "changes"] {
        let path = spec.join("p000").join(format!("{name}.json"));
        std::fs::write(path, sample[name].to_string()).unwrap();
    }
    let shares = Share::all(&spec).unwrap();
    let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
    let tokens = dir.path().join("tokens.json");
    seed::seed(&app, &shares, &tokens).await.unwrap();
    let engine = open_engine(dir.path().join("phone.db")).unwrap();
    let code = &seed::codes(&tokens).unwrap()[0][0];
    seed::join(&app, &engine, code).await.unwrap();
    seed::sync(&app, &engine).await.unwrap();
    let share = shares.into_iter().next().unwrap();
    Bench {
        _dir: dir,
        app,
        engine,
        share,
    }
}

impl Bench {
    fn on_phone(&self, id: &str) -> Value {
        phone_ticket(&self.engine, mapping::ticket_id(id).unwrap()).unwrap()
    }

    async fn at_hq(&self, id: &str) -> Value {
        let id = mapping::ticket_id(id).unwrap();
        let read = self.app.store().read(move |db| hq::ticket(db, id));
        read.await.unwrap().unwrap()
    }
}

fn sample_tickets() -> Vec<Value> {
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    sample["tickets"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_install_holds_every_field_of_the_workload() {
    let bench = bench().await;
    for mut ticket in sample_tickets() {
        // The steps of the field are the phone's own engineer's.
        for event in ticket["events"].as_array_mut().unwrap().iter_mut().skip(3) {
            event["by"] = json!("engineer");
        }
        let id = ticket["id"].as_str().unwrap().to_owned();
        assert_eq!(bench.on_phone(&id), ticket);
        assert_eq!(bench.at_hq(&id).await, ticket);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_day_ends_with_all_checks_and_equal_digests() {
    let bench = bench().await;
    let tickets: Vec<Ticket> = bench.share.tickets().unwrap();
    let Changes {
        phone_changes,
        hq_changes,
        new_tickets,
        ..
    } = bench.share.changes().unwrap();
    let of = |id: &str| tickets.iter().find(|ticket| ticket.id == id).unwrap();
    for changed in &phone_changes {
        let ticket = of(&changed.id);
        for act in mapping::phone_acts(changed, ticket, mapping::van(0)).unwrap() {
            let (act, wall_s) = act;
            let id = mapping::ticket_id(&changed.id).unwrap();
            clock::at_moment(wall_s, |m| bench.engine.perform(id, act, m)).unwrap();
        }
    }
    hq::change(&bench.app, &bench.share, 0).await.unwrap();
    seed::sync(&bench.app, &bench.engine).await.unwrap();
    for changed in phone_changes.iter().chain(&hq_changes) {
        for ticket in [bench.on_phone(&changed.id), bench.at_hq(&changed.id).await] {
            for check in &changed.checks {
                assert!(check.holds(&ticket), "{check:?} of {ticket}");
            }
        }
    }
    let new = bench.on_phone(&new_tickets[0].id);
    assert_eq!(new["status"], "assigned", "nobody can have taken it yet");
    let ids: Vec<&String> = tickets
        .iter()
        .chain(&new_tickets)
        .map(|ticket| &ticket.id)
        .collect();
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for id in ids {
        here.push(bench.on_phone(id));
        there.push(bench.at_hq(id).await);
    }
    assert_eq!(render::digest(here), render::digest(there));
}
