//! `fieldline demo` through the real binary: a day played to the end and accounted for, a kill in the middle, a busy
//! port, a clean stop.

use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

fn demo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldline"));
    command
        .args(["demo", "--json", "--lang", "en"])
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs to the end and returns the one JSON object on standard output.
fn account(arguments: &[&str]) -> (Value, String, bool) {
    let output = demo(arguments).output().expect("the binary starts");
    let text = String::from_utf8(output.stdout).expect("words");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let account = serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}\n{told}"));
    (account, told, output.status.success())
}

/// A demo for people who watch.
struct Show {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Show {
    fn start(arguments: &[&str]) -> Self {
        let mut child = demo(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, lines }
    }

    fn next(&mut self) -> Option<Value> {
        let line = self.lines.next()?.expect("words");
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    /// Skips to the next line about this event.
    fn event(&mut self, event: &str) -> Value {
        loop {
            let line = self.next().unwrap_or_else(|| panic!("it ended before {event}"));
            if line["event"] == event {
                return line;
            }
        }
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

#[track_caller]
fn kept_its_promise(account: &Value) {
    assert_eq!(account["lost"], 0, "{account}");
    assert_eq!(account["replicas_equal"], true, "{account}");
    let fates = &account["fates"];
    assert_eq!(fates["pending"], 0, "{account}");
    let decided: u64 = ["merged", "overruled", "refused"]
        .iter()
        .map(|fate| count(&fates[fate]))
        .sum();
    assert_eq!(decided, count(&account["operations"]), "{account}");
}

#[test]
fn a_day_is_played_and_every_operation_accounted_for() {
    let day = || account(&["--once", "--seed", "1"]);
    // Two at a time, so that neither has the machine for itself.
    let [(account, told, good), (again, retold, _)] = std::thread::scope(|scope| {
        let days = [scope.spawn(day), scope.spawn(day)];
        days.map(|day| day.join().expect("a day"))
    });
    assert!(good, "{account}\n{told}");
    // The same seed is the same day, line by line.
    for figure in [
        "tickets",
        "tickets_closed",
        "operations",
        "operations_offline",
        "fates",
        "reasons",
    ] {
        assert_eq!(account[figure], again[figure], "{figure}");
    }
    assert_eq!(without_times(&told), without_times(&retold));
    kept_its_promise(&account);
    assert_eq!((&account["phones"], &account["seed"]), (&8.into(), &1.into()));
    assert!(count(&account["tickets_closed"]) >= 30, "{account}");
    assert!(
        count(&account["tickets"]) >= count(&account["tickets_closed"]),
        "{account}"
    );
    assert!(
        2 * count(&account["operations_offline"]) >= count(&account["operations"]),
        "{account}"
    );
    assert!(
        count(&account["fates"]["overruled"]) >= 1 && count(&account["fates"]["refused"]) >= 1,
        "{account}"
    );
    for reason in [
        "completed_after_cancellation",
        "completed_after_reassignment",
        "taken_by_other",
        "not_adopted",
    ] {
        assert!(
            account["reasons"][reason].as_u64() >= Some(1),
            "{reason}: {account}"
        );
    }
    for figure in ["round_trips", "bytes_up", "bytes_down"] {
        assert!(count(&account["sync"][figure]) > 0, "{account}");
    }
    let tap = &account["tap_to_hq_ms"];
    assert!(
        tap["p50"].as_f64() > Some(0.0) && tap["p95"].as_f64() >= tap["p50"].as_f64(),
        "{account}"
    );
    assert!(account["seconds"].as_f64() > Some(0.0));
    let annotated = told
        .lines()
        .filter(|line| line.contains("writes beside an article"))
        .count();
    assert_eq!(annotated, 2, "{told}");
}

#[test]
fn a_demo_killed_in_the_middle_of_the_day_goes_on_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("demo");
    let data = data.to_str().unwrap();
    let mut show = Show::start(&["--data", data, "--port", "0", "--speed", "2000", "--seed", "3"]);
    let first = show.event("listening");
    assert_eq!(first["over"], false);
    assert_eq!(first["tracking"].as_array().map(Vec::len), Some(3), "{first}");
    // Somebody works where nobody can hear him.
    while !show.event("line")["what"].as_str().unwrap().contains("finishes") {}
    show.child.kill().unwrap();
    show.child.wait().unwrap();

    let before = promises(Path::new(data));
    assert!(before > 20, "{before}");
    let (account, told, good) = account(&["--once", "--data", data]);
    assert!(good, "{account}\n{told}");
    kept_its_promise(&account);
    assert_eq!(account["seed"], 3);
    assert!(
        count(&account["operations"]) >= before + 300,
        "the day went on: {account}"
    );
    assert!(count(&account["tickets_closed"]) >= 30, "{account}");

    // Who starts a finished day again is told so, in words and as data.
    for (lang, words) in [("en", "This day is over"), ("zh", "这一天已经结束")] {
        let said = first_screen(&["--data", data, "--port", "0", "--lang", lang]);
        assert!(said.contains(words) && !said.contains("at work"), "{said}");
    }
    let mut again = Show::start(&["--data", data, "--port", "0"]);
    assert_eq!(again.event("listening")["over"], true);
    drop(again);

    // A promise that HQ has never heard of is told, or the account would be worth nothing.
    let book = Path::new(data).join("saved.log");
    let text = std::fs::read_to_string(&book).unwrap();
    std::fs::write(&book, format!("{text}01KKAMT0R0MS85A510GCC6R5S8 offline\n")).unwrap();
    let (account, told, good) = self::account(&["--once", "--data", data]);
    assert!(
        !good && account["lost"] == 1 && account["fates"]["pending"] == 1,
        "{account}\n{told}"
    );
}

#[test]
fn a_busy_port_moves_on_and_ctrl_c_ends_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("demo");
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port();
    let mut show = Show::start(&["--data", data.to_str().unwrap(), "--port", &port.to_string()]);
    let listening = show.event("listening");
    assert!(count(&listening["port"]) > u64::from(port), "{listening}");
    show.event("line");
    let id = show.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let stopped = show.event("stopped");
    assert!(count(&stopped["operations"]) > 0, "{stopped}");
    assert!(show.next().is_none(), "nothing is said afterwards");
    assert!(show.child.wait().unwrap().success());
    // Everything the server and the phones made there is the demo's.
    let mut anew = Show::start(&["--data", data.to_str().unwrap(), "--reset"]);
    anew.event("listening");
    anew.event("line");
}

#[test]
fn a_companys_own_directory_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("fieldline.db"), "a company").unwrap();
    let data = dir.path().to_str().unwrap();
    for arguments in [vec!["--data", data], vec!["--data", data, "--reset"]] {
        let (told, _, good) = account(&arguments);
        assert_eq!(
            (told["error"]["code"].as_str(), good),
            (Some("demo_not_ours"), false)
        );
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

/// The log's lines without the times before them.
fn without_times(told: &str) -> Vec<&str> {
    let lines = told.lines();
    lines
        .map(|line| line.split_once("  ").map_or(line, |(_, rest)| rest))
        .collect()
}

/// What people read when it starts, up to the log.
fn first_screen(arguments: &[&str]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fieldline"))
        .arg("demo")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let lines = lines.map_while(Result::ok);
    let said: Vec<String> = lines
        .take_while(|line| !line.contains("As it happens") && !line.contains("正在发生"))
        .collect();
    child.kill().expect("our child");
    child.wait().expect("our child");
    said.join("\n")
}

/// Operations in the driver's book.
fn promises(data: &Path) -> u64 {
    let text = std::fs::read_to_string(data.join("saved.log")).expect("a book");
    text.lines().count().try_into().expect("few")
}
