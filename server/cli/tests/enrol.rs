//! Joining a company, and what may be wrong with the phone, the code or the way to HQ.

#![expect(clippy::unwrap_used, reason = "a test that unwraps says where it broke")]

mod common;

use common::{Hq, Phone, Server, company, fieldline, json, link};

fn devices(data: &std::path::Path) -> i64 {
    let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
    database
        .query_row("SELECT count(*) FROM device", [], |row| row.get(0))
        .unwrap()
}

/// The code was spent and HQ had one phone more.
#[test]
fn an_enrolled_phone_refuses_before_it_asks_anybody() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.address();
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let (own, colleagues) = (
        link(&data, &server.http, "Chen Liqun"),
        link(&data, &server.http, "Sun Xiaofeng"),
    );
    server.kill();
    for link in [&own, &colleagues] {
        // Nobody is there to be asked, and the answer is not about that.
        assert_eq!(phone.bad(&["enrol", link]), "enrolled_already");
    }
    let server = Server::start(&data, &address);
    let other = Phone::new(dir.path().join("other"));
    assert_eq!(other.good(&["enrol", &colleagues])["name"], "Sun Xiaofeng");
    assert_eq!(devices(&data), 2);
    drop(server);
}

#[test]
fn lost_data_is_told_and_replaced_only_when_asked() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let database = phone.store().join("phone.db");
    let whole = std::fs::read(&database).unwrap();
    let again = link(&data, &server.http, "Chen Liqun");

    std::fs::remove_file(&database).unwrap();
    for command in [
        &["status"][..],
        &["list"],
        &["sync"],
        &["offline"],
        &["enrol", &again],
    ] {
        assert_eq!(phone.bad(command), "store_missing", "{command:?}");
    }
    assert!(!database.exists(), "nothing was made anew");
    std::fs::write(&database, "").unwrap();
    assert_eq!(phone.bad(&["status"]), "store_empty");
    std::fs::write(&database, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(phone.bad(&["status"]), "store_damaged");
    for (lang, words) in [("en", "enrol --anew"), ("zh", "从备份恢复")] {
        let output = phone.run(&["status", "--lang", lang]);
        let text = json(&output)["error"]["text"].as_str().unwrap().to_owned();
        assert!(text.contains(words), "{text}");
    }

    // A mistyped code does not hide where the data went.
    let wrong = phone.run(&["enrol", &server.http, "WRONG-CODES", "--anew"]);
    let said = json(&wrong)["error"].clone();
    assert_eq!(said["code"], "code_unknown");
    assert!(said["text"].as_str().unwrap().contains("phone.aside-1"), "{said}");
    std::fs::write(&database, &whole[..whole.len() / 2]).unwrap();
    // The lost phone was kept off the network; the new one is not, or it would stay as empty as it is.
    std::fs::write(phone.store().join("offline"), "").unwrap();
    std::fs::write(phone.store().join("last-list"), "a list of the lost phone").unwrap();
    let answer = phone.good(&["enrol", &again, "--anew"]);
    assert_eq!(
        (&answer["was_offline"], &answer["sync"]["done"]),
        (&true.into(), &true.into()),
        "{answer}"
    );
    assert!(!phone.store().join("last-list").exists());
    let aside = answer["set_aside"].as_str().expect("a place");
    assert_eq!(
        std::fs::read(std::path::Path::new(aside).join("phone.db"))
            .unwrap()
            .len(),
        whole.len() / 2
    );
    assert_eq!(phone.good(&["whoami"])["name"], "Chen Liqun");
    // A sound store is never moved.
    let third = link(&data, &server.http, "Chen Liqun");
    assert_eq!(phone.bad(&["enrol", &third, "--anew"]), "enrolled_already");
    assert!(phone.good(&["status"])["enrolled"].as_bool().unwrap());
}

#[test]
fn a_server_that_moved_is_followed_when_it_knows_the_phone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    server.kill();
    assert_eq!(phone.bad(&["sync"]), "connection_refused");
    phone.good(&["accept", "1"]);
    // Another company's: "HQ no longer accepts this phone", it said, and meant its own.
    let other = tempfile::tempdir().unwrap();
    company(other.path());
    let stranger = Server::start(other.path(), "127.0.0.1:0");
    assert_eq!(phone.bad(&["server", &stranger.http]), "phone_unknown");
    let said = phone.says("en", &["server", &stranger.http]);
    assert!(
        said.contains("another company's") && said.contains("is kept"),
        "{said}"
    );
    assert!(
        phone
            .says("zh", &["server", &stranger.http])
            .contains("另一家公司")
    );
    assert_eq!(phone.good(&["whoami"])["server"], server.http.as_str());
    let status = phone.good(&["status"]);
    assert_eq!(
        (&status["saved_here"], &status["must_enrol"]),
        (&1.into(), &false.into()),
        "{status}"
    );
    let moved = Server::start(&data, "127.0.0.1:0");
    phone.good(&["server", &moved.http]);
    phone.good(&["sync"]);
    assert_eq!(phone.good(&["whoami"])["server"], moved.http.as_str());
    assert_eq!(phone.good(&["status"])["at_hq"], 1);
}

#[test]
fn what_is_wrong_with_a_code_or_an_address_is_a_sentence_in_both_languages() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path(), "127.0.0.1:0");
    let phone = Phone::new(dir.path().join("phone"));
    let cases = [
        (
            server.http.as_str(),
            "code_unknown",
            "ask HQ for another",
            "向总部要一个新的",
        ),
        (
            "http://192.0.2.1",
            "plain_http",
            "--allow-plain-http",
            "--allow-plain-http",
        ),
        (
            "hq",
            "bad_address",
            "https://service.example.com",
            "https://service.example.com",
        ),
        ("https://nowhere.invalid", "host_unknown", "spelling", "拼写"),
    ];
    for (address, code, en, zh) in cases {
        for (lang, words) in [("en", en), ("zh", zh)] {
            let output = phone.run(&["enrol", address, "7KQ4M-2XDAB", "--lang", lang]);
            assert_eq!(output.status.code(), Some(1));
            let error = &json(&output)["error"];
            assert_eq!(error["code"], code, "{address}");
            let text = error["text"].as_str().unwrap();
            assert!(text.contains(words) && !text.contains(code), "{text}");
        }
    }
}

#[test]
fn a_code_is_made_for_a_staff_number_and_leads_to_the_server_that_runs() {
    let dir = tempfile::tempdir().unwrap();
    company(dir.path());
    let code = |more: &[&str]| {
        let output = fieldline()
            .args(["admin", "enrol-code", "e01", "--json", "--data"])
            .arg(dir.path())
            .args(more)
            .output()
            .unwrap();
        json(&output)
    };
    assert_eq!(
        code(&[])["error"]["code"],
        "address_unknown",
        "no address is made up"
    );
    assert_eq!(
        code(&["--public-url", "hq.example"])["error"]["code"],
        "config_failed"
    );
    let given = code(&["--public-url", "https://hq.example/"]);
    assert!(
        given["command"]
            .as_str()
            .unwrap()
            .contains(" https://hq.example "),
        "{given}"
    );

    let server = Server::start(dir.path(), "127.0.0.1:0");
    let made = code(&[]);
    assert_eq!(
        (&made["name"], &made["server"]),
        (&"陈立群".into(), &server.http.as_str().into())
    );
    let phone = Phone::new(dir.path().join("phone"));
    let command = made["command"].as_str().unwrap();
    let words: Vec<&str> = command.split(' ').skip(2).collect();
    assert_eq!(phone.good(&words)["name"], "Chen Liqun");
}

/// Whoever mistyped a directory or a code had a phone's files there, and an empty directory.
#[test]
fn an_enrolment_that_came_to_nothing_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&dir.path().join("data"), "127.0.0.1:0");
    let phone = Phone::new(dir.path().join("phones").join("mine"));
    assert_eq!(phone.bad(&["enrol", &server.http, "WRONG-CODES"]), "code_unknown");
    assert_eq!(phone.bad(&["enrol", "hq", "WRONG-CODES"]), "bad_address");
    assert_eq!(phone.bad(&["list"]), "not_enrolled");
    assert!(!dir.path().join("phones").exists());

    // What was there stays, whatever it is.
    std::fs::create_dir_all(phone.store()).unwrap();
    let mine = phone.store().join("mine.txt");
    std::fs::write(&mine, "mine").unwrap();
    assert_eq!(phone.bad(&["enrol", &server.http, "WRONG-CODES"]), "code_unknown");
    let left: Vec<_> = std::fs::read_dir(phone.store())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(left, [mine]);
    // A phone that is set offline before it is enrolled is a phone.
    phone.good(&["offline"]);
    assert_eq!(phone.bad(&["enrol", &server.http, "WRONG-CODES"]), "code_unknown");
    assert!(phone.store().join("phone.db").exists() && phone.store().join("offline").exists());
}

/// A phone that was set offline when HQ revoked it did not know; HQ's new code for it was refused without a way on.
#[test]
fn a_phone_that_has_not_heard_of_its_revocation_says_what_to_do_before_the_code() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let device = phone.good(&["whoami"])["device"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    phone.good(&["offline"]);
    Hq::open(&data).revoke(device);
    let code = link(&data, &server.http, "Chen Liqun");
    assert_eq!(phone.bad(&["enrol", &code]), "enrolled_already");
    assert!(
        phone
            .says("en", &["enrol", &code])
            .contains("Run fieldline phone online first")
    );
    assert!(
        phone
            .says("zh", &["enrol", &code])
            .contains("请先运行fieldlinephoneonline")
    );
    phone.good(&["online"]);
    phone.good(&["enrol", &code]);
    assert!(
        phone
            .says("en", &["enrol", &code])
            .contains("run fieldline phone sync first")
    );
}

/// "Reading or writing on this phone failed. Try again" was said of a file this user may not open.
#[cfg(unix)]
#[test]
fn data_that_may_not_be_opened_is_named() {
    let dir = tempfile::tempdir().unwrap();
    // A link to itself: whoever runs the test may not open it either.
    let looped = |path: std::path::PathBuf| std::os::unix::fs::symlink(&path, &path).unwrap();
    let store = dir.path().join("phone");
    std::fs::create_dir(&store).unwrap();
    looped(store.join("phone.db"));
    let phone = Phone::new(store);
    assert_eq!(phone.bad(&["status"]), "file_failed");
    assert!(phone.says("en", &["status"]).contains("phone.db"));

    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    looped(data.join("fieldline.db"));
    let to = dir.path().join("shelf");
    let to = to.to_str().unwrap();
    for line in [
        &["admin", "check"][..],
        &["admin", "user", "list"],
        &["backup", "--to", to],
    ] {
        let mut command = fieldline();
        let output = command
            .args(line)
            .args(["--json", "--data"])
            .arg(&data)
            .output()
            .unwrap();
        assert_eq!(json(&output)["error"]["code"], "file_failed", "{line:?}");
    }
}

/// It was told to enrol, and then that it was enrolled already, with its code spent: a circle.
#[test]
fn a_phone_of_a_server_that_was_set_up_anew_is_told_so_and_what_it_is_told_works() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.address();
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    drop(hq);
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    server.kill();
    phone.good(&["accept", "1"]);
    std::fs::remove_dir_all(&data).unwrap();
    company(&data);
    let server = Server::start(&data, &address);
    let link = link(&data, &server.http, "Chen Liqun");
    let said = phone.says("en", &["enrol", &link]);
    assert!(said.contains("set up anew, name another directory"), "{said}");
    assert_eq!(phone.bad(&["sync"]), "unauthorized");
    assert_eq!(phone.bad(&["enrol", &link]), "other_company");
    let other = format!("{}-2", phone.store().display());
    // Said "enrol it again" alone, and that could not be done.
    for command in ["sync", "status"] {
        for (lang, words) in [("en", "set up anew"), ("zh", "已重新建立")] {
            let said = phone.says(lang, &[command]);
            let store = format!("--store{other}");
            assert!(
                said.contains(words) && said.replace([' ', '\n'], "").contains(&store),
                "{said}"
            );
        }
    }
    for (lang, told) in [
        ("en", ["set up anew", "The code was not used", "not sent yet: 1"]),
        ("zh", ["已重新建立", "绑定码没有被使用", "待发送1项"]),
    ] {
        let said = phone.says(lang, &["enrol", &link]);
        assert!(told.iter().all(|words| said.contains(words)), "{said}");
        assert!(
            said.replace(' ', "").contains(&format!("--store{other}")),
            "{said}"
        );
    }
    assert_eq!(phone.good(&["status"])["saved_here"], 1, "its work is kept");
    assert_eq!(devices(&data), 0);
    let beside = Phone::new(other.into());
    assert_eq!(beside.good(&["enrol", &link])["name"], "Chen Liqun");
}
