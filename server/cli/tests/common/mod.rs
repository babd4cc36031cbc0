//! The real binary in tests: servers and phones as processes, ended by their own id only.

#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use fieldline_model::id::{ArticleId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, ArticleHead, Author, Section, TicketFacts};
use fieldline_model::row::{Row, RowKind};
use fieldline_server::app::{App, Edge, Options};
use fieldline_server::blob::NewFile;
use fieldline_server::store::reference::row_list;
use serde_json::Value;

/// Tries before a poll gives up; with the pause half a minute, so a slow machine is no failure.
const POLLS_MAX: u32 = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// The binary under test with a plain environment.
pub(crate) fn fieldline() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldline"));
    for name in [
        "FIELDLINE_LANG",
        "FIELDLINE_DATA",
        "FIELDLINE_PHONE",
        "FIELDLINE_CONFIG",
        "FIELDLINE_LISTEN",
        "FIELDLINE_PUBLIC_URL",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.env("FIELDLINE_LANG", "en").stdin(Stdio::null());
    command
}

/// Runs to the end with `input` on standard input.
pub(crate) fn run_with(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let written = child.stdin.take().expect("piped").write_all(input.as_bytes());
    // What refuses before it reads has closed the pipe.
    let closed = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    assert!(written.as_ref().err().is_none_or(closed), "{written:?}");
    child.wait_with_output().expect("it ends")
}

/// The JSON object on standard output.
pub(crate) fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim())
        .unwrap_or_else(|error| panic!("{error}: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Asks until there is an answer.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..POLLS_MAX {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("never: {what}");
}

/// A table of the demo.
pub(crate) fn table(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../demo/csv")
        .join(name)
}

/// Starts a company with the demo's tables.
pub(crate) fn company(data: &Path) {
    let mut init = fieldline();
    init.args([
        "admin",
        "init",
        "--json",
        "--name",
        "晨光维修",
        "--admin",
        "boss",
        "--password-stdin",
        "--data",
    ])
    .arg(data);
    for name in ["customers", "assets", "parts", "engineers"] {
        init.arg(format!("--{name}")).arg(table(&format!("{name}.csv")));
    }
    let output = run_with(&mut init, "correct horse battery\n");
    assert!(output.status.success(), "{output:?}");
    let answer = json(&output);
    assert_eq!(answer["import"]["good"], answer["import"]["lines"], "{answer}");
}

/// A running server; dropped, it is ended.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) http: String,
    /// The first thing it said.
    pub(crate) said: Value,
}

impl Server {
    /// Starts one at `listen` and waits until it says where it listens.
    pub(crate) fn start(data: &Path, listen: &str) -> Self {
        let data = data.to_str().expect("a plain path");
        Self::with(&["--listen", listen, "--data", data])
    }

    /// Starts one with these arguments and waits until it says where it listens.
    pub(crate) fn with(args: &[&str]) -> Self {
        let mut child = fieldline()
            .args(["serve", "--json"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("it says where it listens");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(said["event"], "listening");
        Self {
            child,
            http: said["http"].as_str().expect("an address").to_owned(),
            said,
        }
    }

    /// `127.0.0.1:PORT`, to start at the same place again.
    pub(crate) fn address(&self) -> String {
        let (_, address) = self.http.split_once("://").expect("an address");
        address.to_owned()
    }

    /// The same address as another scheme and host would name it.
    pub(crate) fn as_url(&self, scheme: &str, host: &str) -> String {
        let (_, port) = self.http.rsplit_once(':').expect("a port");
        format!("{scheme}://{host}:{port}")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for it to end by itself.
    pub(crate) fn wait(mut self) -> std::process::ExitStatus {
        until("the server ends", || self.child.try_wait().expect("our child"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// A phone: a store and the binary.
pub(crate) struct Phone {
    store: PathBuf,
}

impl Phone {
    /// A phone that is not enrolled.
    pub(crate) fn new(store: PathBuf) -> Self {
        Self { store }
    }

    /// A phone enrolled for the engineer of this name, by the link of `admin enrol-code`.
    pub(crate) fn enrolled(store: PathBuf, data: &Path, server: &str, engineer: &str) -> Self {
        let phone = Self::new(store);
        let answer = phone.good(&["enrol", &link(data, server, engineer)]);
        assert_eq!(answer["sync"]["done"], true, "{answer}");
        phone
    }

    /// Its directory.
    pub(crate) fn store(&self) -> &Path {
        &self.store
    }

    /// Runs a command with more arguments of its own.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let mut command = fieldline();
        command
            .args(["phone", "--json", "--store"])
            .arg(&self.store)
            .args(args);
        command.output().expect("the binary starts")
    }

    /// A command that must succeed.
    pub(crate) fn good(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        json(&output)
    }

    /// What a person reads who types this in this language.
    pub(crate) fn says(&self, lang: &str, args: &[&str]) -> String {
        let mut command = fieldline();
        command
            .args(["phone", "--lang", lang, "--store"])
            .arg(&self.store)
            .args(args);
        let output = command.output().expect("the binary starts");
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).expect("words"));
        // However the lines are broken; Chinese breaks anywhere.
        let blank = if lang == "zh" { "" } else { " " };
        said.concat().split_whitespace().collect::<Vec<_>>().join(blank)
    }

    /// A command that must fail; its code.
    pub(crate) fn bad(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
        json(&output)["error"]["code"]
            .as_str()
            .expect("a code")
            .to_owned()
    }
}

/// A fresh enrolment link for the engineer of this name.
pub(crate) fn link(data: &Path, server: &str, engineer: &str) -> String {
    let code = fieldline()
        .args([
            "admin",
            "enrol-code",
            engineer,
            "--json",
            "--public-url",
            server,
            "--data",
        ])
        .arg(data)
        .output()
        .expect("the binary starts");
    json(&code)["link"].as_str().expect("a link").to_owned()
}

/// HQ in the test's own process, on the same data as the server.
pub(crate) struct Hq {
    runtime: tokio::runtime::Runtime,
    /// The application.
    pub(crate) app: App,
}

impl Hq {
    /// Opens the data.
    pub(crate) fn open(data: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let entered = runtime.enter();
        let app = App::open(data, Edge::system(), Options::default()).expect("the data opens");
        drop(entered);
        Self { runtime, app }
    }

    /// The engineer of this name in Latin letters.
    pub(crate) fn engineer(&self, name: &str) -> EngineerId {
        let rows = self
            .runtime
            .block_on(
                self.app
                    .store()
                    .read(|c| row_list(c, RowKind::Engineer, "", 1_000)),
            )
            .expect("the record is read");
        let found = rows.iter().find_map(|row| match row {
            Row::Engineer(row) if row.name_en == name => Some(row.id),
            _ => None,
        });
        found.expect("an engineer of the demo")
    }

    /// A ticket with a visit offered to one engineer.
    pub(crate) fn offer(&self, to: EngineerId, fault_text: &str) -> (TicketId, VisitId) {
        self.offer_to_any(vec![to], fault_text)
    }

    /// A ticket with a visit offered to several: whoever accepts first has it.
    pub(crate) fn offer_to_any(&self, to: Vec<EngineerId>, fault_text: &str) -> (TicketId, VisitId) {
        let facts = TicketFacts {
            category: Some("printer".into()),
            fault_text: fault_text.into(),
            ..TicketFacts::default()
        };
        let visit = self.app.edge().id(VisitId::new);
        let ticket = self
            .runtime
            .block_on(self.app.create_ticket(Author::Server, facts))
            .expect("a ticket");
        self.perform(
            ticket,
            Act::Offer {
                visit,
                to,
                plan: None,
            },
        );
        (ticket, visit)
    }

    /// Performs an act of HQ.
    pub(crate) fn perform(&self, ticket: TicketId, act: Act) {
        self.runtime
            .block_on(self.app.perform(Author::Server, ticket.into(), act, None))
            .expect("it is performed");
    }

    /// Publishes an article.
    pub(crate) fn publish(&self, id: ArticleId, head: ArticleHead, sections: Vec<Section>) {
        let published = self.app.publish_article(id, head, sections);
        self.runtime.block_on(published).expect("it is published");
    }

    /// Attaches a file to an article.
    pub(crate) fn attach(&self, id: ArticleId, file: NewFile) {
        let attached = self.app.attach(Author::Server, id, file);
        self.runtime.block_on(attached).expect("it is attached");
    }

    /// Revokes a phone.
    pub(crate) fn revoke(&self, device: fieldline_model::id::DeviceId) {
        self.runtime
            .block_on(self.app.revoke(device))
            .expect("it is revoked");
    }

    /// The word of an operation's fate, once there is one.
    pub(crate) fn fate(&self, operation: OperationId) -> Option<String> {
        let read = self
            .app
            .store()
            .read(move |c| fieldline_server::store::fate::fate_get(c, operation));
        self.runtime
            .block_on(read)
            .expect("the record is read")
            .map(|row| row.fate)
    }
}
