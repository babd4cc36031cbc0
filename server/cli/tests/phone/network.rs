//! Foreign networks, a server that dies, and one that cannot take what is sent.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;

use crate::common::{Hq, Phone, Server, company, json, until};
use crate::{AtWork, operation};

#[test]
fn a_portal_and_a_server_that_is_gone_never_fail_a_save() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.address();
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    server.kill();

    let gone = phone.good(&["accept", "1"]);
    assert_eq!(
        (gone["saved"].as_bool(), gone["sync"]["code"].as_str()),
        (Some(true), Some("connection_refused")),
        "{gone}"
    );
    let portal = portal(&address);
    let caught = phone.good(&["depart", "1"]);
    assert_eq!(caught["sync"]["code"], "not_our_server", "{caught}");
    assert_eq!(caught["waiting"], 2);
    assert_eq!(phone.bad(&["sync"]), "not_our_server");
    portal.end();

    let server = Server::start(&data, &address);
    assert_eq!(phone.good(&["sync"])["saved_here"], 0);
    assert_eq!(hq.fate(operation(&gone)).as_deref(), Some("merged"));
    drop(server);
}

#[test]
fn a_server_killed_while_phones_sync_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.address();
    let hq = Hq::open(&data);
    let names = ["Chen Liqun", "Sun Xiaofeng"];
    let phones: Vec<Phone> = names
        .iter()
        .map(|name| {
            hq.offer(hq.engineer(name), "故障");
            Phone::enrolled(dir.path().join(name), &data, &server.http, name)
        })
        .collect();
    let mut saved: Vec<Vec<Value>> = Vec::new();
    for round in 0..3 {
        // The kill comes while the phones work, wherever they then are; whatever they call saved must arrive.
        let under_way: Vec<Vec<Value>> = std::thread::scope(|scope| {
            let working: Vec<_> = phones
                .iter()
                .map(|phone| {
                    scope.spawn(move || {
                        (0..4)
                            .map(|n| phone.good(&["note", "1", &format!("第 {round} 轮 {n}")]))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            server.kill();
            server = Server::start(&data, &address);
            working
                .into_iter()
                .map(|phone| phone.join().expect("no save fails"))
                .collect()
        });
        saved.extend(under_way);
    }
    for phone in &phones {
        until("everything is sent", || {
            let output = phone.run(&["sync"]);
            (output.status.success() && json(&output)["saved_here"] == 0).then_some(())
        });
    }
    for answer in saved.iter().flatten() {
        assert_eq!(hq.fate(operation(answer)).as_deref(), Some("merged"), "{answer}");
    }
}

/// Something that answers every request with a page of its own.
struct Portal {
    thread: std::thread::JoinHandle<()>,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
    address: String,
}

fn portal(address: &str) -> Portal {
    let listener = until("the port is free again", || TcpListener::bind(address).ok());
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = std::sync::Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        for stream in listener.incoming() {
            if seen.load(std::sync::atomic::Ordering::SeqCst) {
                return;
            }
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 65_536]);
            let page = "<html>please sign in</html>";
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n";
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{page}", page.len());
        }
    });
    Portal {
        thread,
        stop,
        address: address.to_owned(),
    }
}

impl Portal {
    fn end(self) {
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = std::net::TcpStream::connect(&self.address);
        self.thread.join().expect("the portal ends");
    }
}

/// "Synced. 1 saved here" was all it said, and of a note "HQ decides at the next sync".
#[test]
fn what_hq_cannot_take_now_is_said_and_stays_here() {
    let at = AtWork::begin();
    let phone = &at.phone;
    let database = rusqlite::Connection::open(at.data.join("fieldline.db")).unwrap();
    // As a full disk: nothing that is brought can be written.
    let full = "CREATE TRIGGER full BEFORE INSERT ON fate BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute_batch(full).unwrap();
    let said = phone.says("en", &["note", "1", "first"]);
    assert!(said.contains("could not take it now"), "{said}");
    for (lang, words) in [
        (
            "en",
            "HQ could not take all now; still here and sent again with a later sync: 1",
        ),
        ("zh", "总部这次没能接收1项"),
    ] {
        let said = phone.says(lang, &["sync"]);
        assert!(said.contains(words), "{said}");
    }
    let synced = phone.good(&["sync"]);
    assert_eq!(
        (&synced["not_taken"], &synced["saved_here"]),
        (&1.into(), &1.into())
    );
    database.execute_batch("DROP TRIGGER full").unwrap();
    let synced = phone.good(&["sync"]);
    assert_eq!(
        (&synced["not_taken"], &synced["saved_here"]),
        (&0.into(), &0.into())
    );
    assert!(!phone.says("en", &["sync"]).contains("could not take"));
}
