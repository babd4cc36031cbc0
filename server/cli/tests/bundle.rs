//! Two phones in a terminal that hand work to each other while HQ cannot be reached: by file, by QR codes, by pictures of these,
//! and in one network.

mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use common::{Hq, Phone, Server, company, fieldline};
use fieldline_model::id::VisitId;
use fieldline_model::operation::Act;

/// Two phones of one ticket, both set offline.
struct Crew {
    server: Server,
    hq: Hq,
    author: Phone,
    carrier: Phone,
}

fn crew(dir: &Path) -> Crew {
    let data = dir.join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let (ticket, _) = hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let second = hq.app.edge().id(VisitId::new);
    let to = vec![hq.engineer("Sun Xiaofeng")];
    hq.perform(
        ticket,
        Act::Offer {
            visit: second,
            to,
            plan: None,
        },
    );
    let [author, carrier] = ["Chen Liqun", "Sun Xiaofeng"].map(|name| {
        let phone = Phone::enrolled(dir.join(name), &data, &server.http, name);
        phone.good(&["offline"]);
        phone
    });
    Crew {
        server,
        hq,
        author,
        carrier,
    }
}

#[test]
fn work_handed_to_a_colleague_reaches_hq_with_him_and_stays_with_its_author() {
    let dir = tempfile::tempdir().unwrap();
    let Crew {
        hq,
        author,
        carrier,
        server: _server,
    } = crew(dir.path());
    let path = |name: &str| dir.path().join(name).display().to_string();
    let saved = author.good(&["note", "1", "配电间没有信号"]);
    let operation = saved["operation"].as_str().unwrap().parse().unwrap();

    let card = carrier.good(&["me", "--out", &path("card")])["card"]
        .as_str()
        .unwrap()
        .to_owned();
    let made = author.good(&[
        "bundle",
        "export",
        "--for",
        &path("card"),
        "--out",
        &path("bundle"),
    ]);
    assert_eq!(
        (made["documents"].as_u64(), made["operations"].as_u64()),
        (Some(1), Some(1))
    );
    let taken = carrier.good(&["bundle", "import", &path("bundle")]);
    assert_eq!(
        (taken["carried"].as_u64(), taken["not_carried"].as_u64()),
        (Some(1), Some(0))
    );
    assert!(
        carrier
            .says("en", &["show", "1"])
            .contains("[handed over, not at HQ yet]")
    );
    let told = carrier.says("zh", &["status"]);
    assert!(told.contains("代同事保管1项"), "{told}");

    // The same by codes; what is known is not taken twice.
    author.good(&[
        "bundle",
        "export",
        "--for",
        &card,
        "--out",
        &path("codes"),
        "--frames",
    ]);
    let codes = std::fs::read_to_string(path("codes")).unwrap();
    let shuffled: Vec<&str> = codes.lines().rev().collect();
    std::fs::write(path("codes"), shuffled.join("\r\n")).unwrap();
    assert_eq!(carrier.good(&["bundle", "import", &path("codes")])["known"], 1);
    assert!(shuffled.len() > 1, "{codes}");
    std::fs::write(path("codes"), shuffled[1..].join("\n")).unwrap();
    assert_eq!(
        carrier.bad(&["bundle", "import", &path("codes")]),
        "frames_missing"
    );

    assert_eq!(
        author.bad(&["bundle", "import", &path("bundle")]),
        "bundle_not_for_me"
    );
    assert_eq!(author.bad(&["bundle", "import", &path("card")]), "bundle_unknown");
    assert_eq!(author.bad(&["bundle", "import", &path("none")]), "file_failed");
    assert_eq!(
        author.bad(&["bundle", "export", "--for", &path("bundle"), "--out", &path("x")]),
        "card_unknown"
    );
    assert_eq!(
        carrier.bad(&["bundle", "export", "--for", &card, "--out", &path("x")]),
        "peer_self"
    );

    carrier.good(&["online"]);
    assert_eq!(
        hq.fate(operation).as_deref(),
        Some("merged"),
        "the carrier brought it"
    );
    assert_eq!(
        author.good(&["status"])["saved_here"],
        1,
        "and its author has it until HQ tells him"
    );
    let again = carrier.says("en", &["bundle", "import", &path("bundle")]);
    assert_eq!(again.trim(), "Nothing new from Chen Liqun (1 known before).");
    author.good(&["online"]);
    let status = author.good(&["status"]);
    assert_eq!(
        (status["saved_here"].as_u64(), status["at_hq"].as_u64()),
        (Some(0), Some(1))
    );
}

/// The paths an export wrote.
fn paths(made: &serde_json::Value) -> Vec<String> {
    let paths = made["paths"].as_array().expect("paths");
    paths
        .iter()
        .map(|path| path.as_str().expect("paths").to_owned())
        .collect()
}

#[test]
fn pictures_of_codes_are_read_in_any_order_with_gaps_damage_and_others_among_them_told() {
    let dir = tempfile::tempdir().unwrap();
    let Crew {
        author,
        carrier,
        server: _server,
        ..
    } = crew(dir.path());
    let path = |name: &str| dir.path().join(name).display().to_string();
    author.good(&["note", "1", "配电间没有信号"]);
    let card = path("card.png");
    carrier.good(&["me", "--out", &card]);
    let export = |to: &str, form: &str| {
        let made = author.good(&["bundle", "export", "--for", &card, form, &path(to)]);
        paths(&made)
    };
    let (mine, others) = (export("mine", "--png"), export("others", "--png"));
    assert!(mine.len() > 2, "{mine:?}");
    let svg = export("drawn", "--svg");
    assert!(std::fs::read_to_string(&svg[0]).unwrap().starts_with("<svg "));
    let import = |pictures: &[&String]| -> Vec<String> {
        let begin = ["bundle", "import", "--pictures"].map(str::to_owned);
        begin
            .into_iter()
            .chain(pictures.iter().map(|p| (*p).clone()))
            .collect()
    };
    let told = |pictures: &[&String]| {
        let args = import(pictures);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        (carrier.bad(&args), carrier.says("en", &args))
    };

    // A damaged one: half of it is gone.
    let cut = path("cut.png");
    let whole = std::fs::read(&mine[1]).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let mut gap: Vec<&String> = mine.iter().filter(|path| **path != mine[1]).collect();
    gap.extend([&cut, &others[0]]);
    let (code, words) = told(&gap);
    assert_eq!(code, "frames_missing");
    let (seen, count) = (mine.len() - 1, mine.len());
    assert!(
        words.contains(&format!("{seen} of {count} seen, missing 2.")),
        "{words}"
    );
    assert!(
        words.contains(&format!("No code could be read in {cut}.")),
        "{words}"
    );
    assert!(words.contains("something else: 1."), "{words}");
    assert_eq!(told(&[&cut]).0, "pictures_without_code");
    let all: Vec<&String> = mine.iter().chain(&others).collect();
    assert_eq!(told(&all).0, "frames_of_several");
    assert_eq!(told(&[&path("none.png")]).0, "file_failed");
    assert_eq!(
        carrier.good(&["status"])["carried"],
        0,
        "nothing of that was taken"
    );

    // Backwards, one twice, the damaged one, one of another bundle and one that is no bundle's.
    let mut mixed: Vec<&String> = mine.iter().rev().collect();
    mixed.extend([&mine[0], &cut, &others[0], &card]);
    let args = import(&mixed);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let taken = carrier.good(&args);
    assert_eq!(taken["carried"], 1);
    let pictures = &taken["pictures"];
    assert_eq!(
        (&pictures["again"], &pictures["strange"], &pictures["unfinished"]),
        (&1.into(), &1.into(), &1.into()),
        "{taken}"
    );
    assert_eq!(pictures["unreadable"].as_array().unwrap().len(), 1);

    // In a terminal: each code under its number, in colours of its own.
    let shown = fieldline()
        .args(["phone", "--lang", "en", "--store"])
        .arg(author.store())
        .args(["bundle", "export", "--for", &card, "--qr"])
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains(&format!("QR code {count} of {count}")), "{shown}");
    let lines = shown.lines().filter(|line| line.contains("\u{1b}[48;5;231m"));
    assert_eq!(lines.count(), count * 39);
}

/// A phone that waits; what it says comes line by line.
struct Waits(Child, BufReader<std::process::ChildStdout>);

impl Waits {
    fn start(phone: &Phone) -> Self {
        let mut child = fieldline()
            .args(["phone", "--json", "--store"])
            .arg(phone.store())
            .args(["lan", "wait", "--address", "127.0.0.1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let said = BufReader::new(child.stdout.take().expect("piped"));
        Self(child, said)
    }

    fn says(&mut self) -> serde_json::Value {
        let mut line = String::new();
        self.1.read_line(&mut line).expect("it speaks");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn two_phones_in_one_network_hand_each_other_what_hq_has_not_got() {
    let dir = tempfile::tempdir().unwrap();
    let Crew {
        hq,
        author,
        carrier,
        server: _server,
    } = crew(dir.path());
    let saved = author.good(&["note", "1", "配电间没有信号"]);
    let operation = saved["operation"].as_str().unwrap().parse().unwrap();
    let mut waits = Waits::start(&carrier);
    let shown = waits.says();
    let code = shown["code"].as_str().unwrap();
    assert_eq!(author.bad(&["lan", "join", &code[5..]]), "meeting_code_unknown");
    let joined = author.good(&["lan", "join", &code.to_lowercase()]);
    assert_eq!(
        (&joined["handed"], &joined["told"]["carried"]),
        (&1.into(), &1.into())
    );
    assert!(joined["taken"].is_null(), "{joined}");
    let met = waits.says();
    assert_eq!(
        (&met["not_handed"], &met["taken"]["carried"]),
        (&"bundle_nothing".into(), &1.into())
    );
    assert!(waits.0.wait().unwrap().success());
    assert_eq!(author.bad(&["lan", "join", code]), "meeting_nobody");
    assert_eq!(
        author.good(&["status"])["saved_here"],
        1,
        "its author has it until HQ tells him"
    );
    carrier.good(&["online"]);
    assert_eq!(
        hq.fate(operation).as_deref(),
        Some("merged"),
        "the carrier brought it"
    );
}
