//! The shared journey from Rust: one visit offline, then one sync, and HQ's record is the one every language gets.
//!
//! `tests/journey/office.py` is HQ for all of them, so this test needs python3; its steps and the record stand beside it.

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use fieldline_engine::clock::{device_time, with_moment};
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_engine::{Config, Engine, NewPhoto};
use fieldline_model::id::TicketId;
use fieldline_model::operation::{Act, Answer, Completion, PhotoKind, Position, VisitResult};
use serde_json::{Value, json};

const SYNC: Duration = Duration::from_secs(60);

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/journey")
        .join(name)
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(beside(name)).expect("it is committed");
    serde_json::from_str(&text).expect("JSON")
}

/// HQ, asked over its pipes.
struct Office {
    child: Child,
    tell: Option<ChildStdin>,
    hear: BufReader<ChildStdout>,
    said: Value,
}

impl Office {
    fn start() -> Self {
        let mut child = Command::new("python3")
            .arg(beside("office.py"))
            .env("FIELDLINE_BIN", env!("CARGO_BIN_EXE_fieldline"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is there: the office of the shared journey is written in it");
        let tell = child.stdin.take();
        let hear = BufReader::new(child.stdout.take().expect("piped"));
        let mut office = Self {
            child,
            tell,
            hear,
            said: Value::Null,
        };
        office.said = office.hears();
        office
    }

    fn hears(&mut self) -> Value {
        let mut line = String::new();
        self.hear.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn ask(&mut self, command: &str) -> Value {
        let tell = self.tell.as_mut().expect("open");
        writeln!(tell, "{command}").expect("it listens");
        self.hears()
    }

    fn text(&self, key: &str) -> &str {
        self.said[key].as_str().expect("a text")
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        // The end of its input ends it, and its server with it.
        drop(self.tell.take());
        let _ = self.child.wait();
    }
}

struct Phone {
    engine: Arc<Engine>,
    client: SyncClient,
    runtime: tokio::runtime::Runtime,
}

impl Phone {
    fn enrolled(dir: &Path, office: &Office) -> Self {
        let config = Config {
            path: dir.join("phone.db"),
            app: "journey".into(),
            key: None,
        };
        let engine = Arc::new(with_moment(|moment| Engine::open(config, moment)).expect("opened"));
        let client = SyncClient::new(Arc::clone(&engine), &ClientConfig::default()).expect("a client");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let phone = Self {
            engine,
            client,
            runtime,
        };
        let joins = phone
            .client
            .enrol(office.text("address"), office.text("code"), "journey");
        phone.runtime.block_on(joins).expect("enrolled");
        phone.sync();
        phone
    }

    fn sync(&self) {
        let summary = self.runtime.block_on(self.client.sync(SYNC)).expect("synced");
        assert!(summary.finished);
    }

    fn take(&self, office: &Office, step: &Value) {
        let ticket: TicketId = office.text("ticket").parse().expect("an id");
        if step["act"] == "photo" {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text(step, "base64"));
            let photo = NewPhoto {
                bytes: bytes.expect("base64"),
                kind: PhotoKind::After,
                caption: text(step, "caption"),
                thumb: None,
            };
            with_moment(|moment| self.engine.perform_photo(ticket, photo, moment)).expect("saved");
            return;
        }
        let act = act(office, step);
        with_moment(|moment| self.engine.perform(ticket, act, moment)).expect("saved");
    }
}

fn text(step: &Value, key: &str) -> String {
    step[key].as_str().expect("a text").to_owned()
}

fn act(office: &Office, step: &Value) -> Act {
    let visit = office.text("visit").parse().expect("an id");
    let number = |key: &str| step[key].as_f64().expect("a number");
    match step["act"].as_str().expect("an act") {
        "accept" => Act::Accept { visit },
        "depart" => {
            let minutes = step["eta_minutes"].as_i64().expect("minutes");
            let eta = Some(device_time().wall.plus_ms(minutes * 60_000));
            Act::Depart { visit, eta }
        }
        "arrive" => {
            let place = Position {
                lat: number("lat"),
                lon: number("lon"),
            };
            let position = Some(place.rounded());
            Act::Arrive { visit, position }
        }
        "start" => Act::Start { visit },
        "answer" => Act::Answer {
            item: text(step, "item"),
            answer: match step["tick"].as_bool() {
                Some(yes) => Answer::Tick(yes),
                None => Answer::Reading {
                    value: number("reading"),
                    unit: text(step, "unit"),
                },
            },
        },
        "use_part" => Act::UsePart {
            part: office.text("part").parse().expect("an id"),
            quantity: u32::try_from(step["quantity"].as_u64().expect("how many")).expect("few"),
            from: office.text("van").parse().expect("an id"),
        },
        "note" => Act::Note {
            text: text(step, "text"),
        },
        "finish" => Act::Finish {
            visit,
            completion: Completion {
                result: VisitResult::Fixed,
                cause: Some(text(step, "cause")),
                remedy: Some(text(step, "remedy")),
                text: text(step, "text"),
            },
        },
        "sign" => Act::Sign {
            name: text(step, "name"),
            path: text(step, "path"),
        },
        other => panic!("{other} is no step this test knows"),
    }
}

#[test]
fn a_whole_visit_offline_leaves_the_committed_record() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut office = Office::start();
    let phone = Phone::enrolled(dir.path(), &office);
    office.ask("stop");
    let journey = read("journey.json");
    let steps = journey["steps"].as_array().expect("steps");
    let following = journey["next"].as_array().expect("what follows");
    assert_eq!(steps.len(), following.len());
    let ticket: TicketId = office.text("ticket").parse().expect("an id");
    for (step, following) in steps.iter().zip(following) {
        phone.take(&office, step);
        let view = with_moment(|moment| phone.engine.ticket(ticket, moment)).expect("it is here");
        assert_eq!(&json!(view.next), following, "{step}");
    }
    let status = phone.engine.status().expect("the truth");
    assert_eq!(json!(status.saved_here), journey["unsent_before_sync"]);
    office.ask("start");
    phone.sync();
    let status = phone.engine.status().expect("the truth");
    let counted = json!({
        "unsent": status.saved_here, "at_hq": status.at_hq, "overruled": status.overruled,
        "refused": status.refused, "cards": status.cards.len(),
    });
    assert_eq!(counted, journey["after_sync"]);
    assert_eq!(office.ask("record"), read("record.json"));
}
