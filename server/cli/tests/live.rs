//! What happens is seen while it happens: phones are poked, and the customer's page changes, through the real binary.

#![expect(clippy::unwrap_used, reason = "a test that unwraps says where it broke")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use common::{Hq, Phone, Server, company, fieldline, json, link};

/// Longer than anything here takes; what never comes fails by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a request and returns the head of the answer with whatever follows.
fn ask(server: &Server, request: &str) -> (String, BufReader<TcpStream>) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "{request}\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(answer.read_line(&mut head).unwrap() > 0, "{head}");
    }
    (head, answer)
}

fn upgrade(server: &Server, token: &str) -> (String, BufReader<TcpStream>) {
    let request = [
        "GET /sync/v1/poke HTTP/1.1",
        "connection: upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
    ];
    ask(
        server,
        &format!("{}\r\nauthorization: Bearer {token}", request.join("\r\n")),
    )
}

/// The next message of a socket: its kind and its text. A server does not mask.
fn message(socket: &mut impl Read) -> Option<(u8, String)> {
    let mut head = [0; 2];
    socket.read_exact(&mut head).ok()?;
    let mut text = vec![0; usize::from(head[1])];
    socket.read_exact(&mut text).ok()?;
    Some((head[0] & 0x0f, String::from_utf8(text).ok()?))
}

/// Everything a socket says, as it comes.
fn listen(mut socket: BufReader<TcpStream>) -> Receiver<(u8, String)> {
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        while let Some(said) = message(&mut socket) {
            if tell.send(said).is_err() {
                return;
            }
        }
    });
    heard
}

fn token(phone: &Phone) -> String {
    let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
    database
        .query_row("SELECT token FROM identity", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_phone_is_poked_when_something_is_there_for_it_and_only_then() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let joined = |name: &str| Phone::enrolled(dir.path().join(name), &data, &server.http, name);
    let (chen, sun) = (joined("Chen Liqun"), joined("Sun Xiaofeng"));
    assert!(upgrade(&server, "wrong").0.starts_with("HTTP/1.1 401"));
    let connected = |phone: &Phone| {
        let (head, socket) = upgrade(&server, &token(phone));
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        listen(socket)
    };
    let (for_chen, for_sun) = (connected(&chen), connected(&sun));
    let poke = (1, "poke".to_owned());

    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    assert_eq!(for_chen.recv_timeout(PATIENCE).as_ref(), Ok(&poke));
    assert_eq!(
        chen.good(&["sync"])["held"],
        sun.good(&["status"])["held"].as_u64().unwrap() + 1
    );
    // What was Chen's business reached nobody else: the first thing Sun hears is his own.
    let earlier: Vec<_> = for_sun.try_iter().collect();
    assert_eq!(earlier, []);
    hq.offer(hq.engineer("Sun Xiaofeng"), "不制冷");
    assert_eq!(for_sun.recv_timeout(PATIENCE).as_ref(), Ok(&poke));
}

#[test]
fn a_phone_is_not_poked_for_what_it_brought_itself() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let joined = |name: &str| Phone::enrolled(dir.path().join(name), &data, &server.http, "Chen Liqun");
    let (phone, tablet) = (joined("phone"), joined("tablet"));
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    phone.good(&["sync"]);
    let connected = |phone: &Phone| listen(upgrade(&server, &token(phone)).1);
    let (for_phone, for_tablet) = (connected(&phone), connected(&tablet));
    let poke = Ok((1, "poke".to_owned()));
    let sent = phone.good(&["accept", "1"]);
    assert_eq!(sent["fate"]["fate"], "merged", "{sent}");
    assert_eq!(for_tablet.recv_timeout(PATIENCE), poke);
    // Its first poke is HQ's, and the only one.
    hq.offer(hq.engineer("Chen Liqun"), "不制冷");
    assert_eq!(for_tablet.recv_timeout(PATIENCE), poke);
    assert_eq!(for_phone.recv_timeout(PATIENCE), poke);
    assert_eq!(for_phone.try_iter().count(), 0);
}

/// The customer's page as it changes; ends when the reader does.
fn watch(server: &Server, data: &Path, number: &str) -> Receiver<String> {
    let made = fieldline()
        .args(["admin", "link", number, "--json", "--data"])
        .arg(data)
        .output()
        .unwrap();
    let url = json(&made)["url"].as_str().expect("a link").to_owned();
    let path = url.strip_prefix(&server.http).expect("at this server").to_owned();
    let (head, stream) = ask(
        server,
        &format!("GET {path}/live?lang=en HTTP/1.1\r\naccept: text/event-stream"),
    );
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for line in stream.lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    heard
}

/// Waits until the page says so.
fn says(page: &Receiver<String>, words: &str, patience: Duration) {
    loop {
        match page.recv_timeout(patience) {
            Ok(line) if line.contains(words) => return,
            Ok(_) => {}
            Err(error) => panic!("no “{words}”: {error}"),
        }
    }
}

#[test]
fn the_customer_sees_each_step_as_the_phone_sends_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::new(dir.path().join("phone"));
    phone.good(&["enrol", &link(&data, &server.http, "Chen Liqun")]);
    let page = watch(&server, &data, "T-000001");
    says(&page, "Assigning", PATIENCE);
    phone.good(&["accept", "1"]);
    for (act, label) in [
        ("depart", "On the way"),
        ("arrive", "Arrived"),
        ("start", "In progress"),
    ] {
        let sent = phone.good(&[act, "1"]);
        assert_eq!(sent["fate"]["fate"], "merged", "{sent}");
        says(&page, label, PATIENCE);
    }
}
