//! Starting a company and looking after it, as an administrator does.

mod common;

use common::{Hq, company, fieldline, json, run_with, table};

#[test]
fn a_dry_run_names_every_bad_line_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let output = fieldline()
        .args([
            "admin",
            "init",
            "--json",
            "--name",
            "A",
            "--admin",
            "boss",
            "--dry-run",
            "--data",
        ])
        .arg(&data)
        .arg("--customers")
        .arg(table("broken/customers.csv"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answer = json(&output);
    let problems = answer["problems"].as_array().unwrap();
    assert_eq!(
        (problems[0]["line"].as_u64(), problems[0]["code"].as_str()),
        (Some(3), Some("bad_phone"))
    );
    assert_eq!(answer["written"], false);
    assert!(!data.exists());
}

fn init(data: &std::path::Path, more: &[&str], password: &str) -> (Option<i32>, serde_json::Value) {
    let mut init = fieldline();
    init.args([
        "admin",
        "init",
        "--json",
        "--name",
        "A",
        "--admin",
        "boss",
        "--password-stdin",
        "--data",
    ])
    .arg(data)
    .args(more);
    let output = run_with(&mut init, &format!("{password}\n"));
    (output.status.code(), json(&output))
}

/// The tables were written before the password was looked at, and bad lines ended with 0.
#[test]
fn a_company_is_started_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let path = |name: &str| table(name).display().to_string();
    let (good, bad) = (path("engineers.csv"), path("broken/customers.csv"));
    let (code, answer) = init(
        &data,
        &["--engineers", &good, "--customers", &bad],
        "correct horse battery",
    );
    assert_eq!((code, &answer["started"]), (Some(1), &false.into()), "{answer}");
    let problems = answer["import"]["problems"].as_array().unwrap();
    assert!(
        problems.len() > 1 && problems.iter().all(|it| it["line"].as_u64() > Some(0)),
        "{answer}"
    );
    let (code, answer) = init(&data, &["--engineers", &good], "short");
    assert_eq!(
        (code, &answer["error"]["code"]),
        (Some(1), &"password_short".into())
    );
    let mut named = fieldline();
    named
        .args([
            "admin",
            "init",
            "--json",
            "--name",
            "A",
            "--admin",
            " ",
            "--password-stdin",
            "--data",
        ])
        .arg(&data);
    assert_eq!(
        json(&run_with(&mut named, "correct horse battery\n"))["error"]["code"],
        "bad_name"
    );
    assert!(!data.exists(), "nothing was written");

    // A server that was started too early leaves a record without people, which is no company yet.
    drop(common::Server::start(&data, "127.0.0.1:0"));
    let rows = || {
        let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
        let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        (
            count("SELECT count(*) FROM \"row\""),
            count("SELECT count(*) FROM staff"),
        )
    };
    let (code, _) = init(&data, &["--customers", &bad], "correct horse battery");
    assert_eq!((code, rows()), (Some(1), (0, 0)));
    let (code, answer) = init(&data, &["--engineers", &good], "correct horse battery");
    assert_eq!(
        (code, &answer["started"], &answer["import"]["written"]),
        (Some(0), &true.into(), &true.into())
    );
    assert_eq!(rows().1, 1);
}

#[test]
fn a_company_is_started_once_and_its_tables_come_again_for_nothing() {
    let dir = tempfile::tempdir().unwrap();
    company(dir.path());
    let mut again = fieldline();
    again
        .args([
            "admin",
            "init",
            "--json",
            "--name",
            "B",
            "--admin",
            "x",
            "--password-stdin",
            "--data",
        ])
        .arg(dir.path());
    assert_eq!(
        json(&run_with(&mut again, "correct horse battery\n"))["error"]["code"],
        "company_exists"
    );
    let import = fieldline()
        .args(["admin", "import", "--json", "--data"])
        .arg(dir.path())
        .arg("--customers")
        .arg(table("customers.csv"))
        .output()
        .unwrap();
    assert!(import.status.success(), "{import:?}");
    assert_eq!(json(&import)["changed"], 0);
}

#[test]
fn people_are_added_closed_and_given_new_passwords() {
    let dir = tempfile::tempdir().unwrap();
    company(dir.path());
    let user = |args: &[&str], input: &str| {
        let mut command = fieldline();
        command
            .args(["admin", "user"])
            .args(args)
            .args(["--json", "--data"])
            .arg(dir.path());
        run_with(&mut command, input)
    };
    let short = user(&["add", "mei", "--role", "agent", "--password-stdin"], "short\n");
    assert_eq!(json(&short)["error"]["code"], "password_short");
    assert!(
        user(
            &["add", "mei", "--role", "agent", "--password-stdin"],
            "long enough for us\n"
        )
        .status
        .success()
    );
    let taken = user(&["add", "Mei", "--password-stdin"], "long enough for us\n");
    assert_eq!(json(&taken)["error"]["code"], "name_taken");
    assert!(
        user(&["reset", "mei", "--password-stdin"], "another long password\n")
            .status
            .success()
    );
    assert!(user(&["disable", "mei"], "").status.success());
    let last = user(&["disable", "boss"], "");
    assert_eq!(last.status.code(), Some(1));
    assert_eq!(json(&last)["error"]["code"], "last_admin");
    let list = json(&user(&["list"], ""));
    let users = list["users"].as_array().unwrap();
    let mei = users.iter().find(|user| user["name"] == "mei").unwrap();
    assert_eq!(
        (users.len(), &mei["disabled"]),
        (2, &serde_json::Value::Bool(true))
    );
    let unasked = user(&["reset", "boss"], "");
    assert_eq!(json(&unasked)["error"]["code"], "password_none");
}

#[test]
fn a_token_is_shown_once_listed_and_revoked() {
    let dir = tempfile::tempdir().unwrap();
    company(dir.path());
    let token = |args: &[&str]| {
        let mut command = fieldline();
        command
            .args(["admin", "token"])
            .args(args)
            .args(["--json", "--data"])
            .arg(dir.path());
        json(&run_with(&mut command, ""))
    };
    let add = [
        "add",
        "nightly export",
        "--user",
        "boss",
        "--role",
        "agent",
        "--days",
        "30",
    ];
    let made = token(&add);
    assert_eq!(made["token"].as_str().map(str::len), Some(43), "{made}");
    assert_eq!(token(&add)["error"]["code"], "name_taken");
    let nobody = token(&["add", "x", "--user", "nobody"]);
    assert_eq!(nobody["error"]["code"], "no_such_user");
    let listed = token(&["list"]);
    let only = &listed["tokens"].as_array().unwrap()[0];
    assert_eq!(
        (only["role"].as_str(), only["living"].as_bool()),
        (Some("agent"), Some(true))
    );
    assert!(!listed.to_string().contains(made["token"].as_str().unwrap()));
    assert_eq!(token(&["revoke", "nightly export"])["revoked"], true);
    assert_eq!(
        token(&["revoke", "nightly export"])["error"]["code"],
        "no_such_token"
    );
    assert_eq!(token(&["list"])["tokens"][0]["living"], false);
}

#[test]
fn a_check_names_what_does_not_hold_and_a_repair_mends_what_follows_from_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    company(dir.path());
    let hq = Hq::open(dir.path());
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let check = |more: &[&str]| {
        let mut command = fieldline();
        let output = command
            .args(["admin", "check", "--json", "--data"])
            .arg(dir.path())
            .args(more)
            .output()
            .unwrap();
        (output.status.code(), json(&output))
    };
    let (code, whole) = check(&[]);
    assert_eq!((code, whole["tickets"].as_u64()), (Some(0), Some(1)), "{whole}");

    let tamper = |sql: &str| {
        let database = rusqlite::Connection::open(dir.path().join("fieldline.db")).unwrap();
        assert!(database.execute(sql, []).unwrap() > 0);
    };
    tamper("UPDATE ticket SET status = 'closed'");
    tamper("UPDATE visit SET phase = 'done'");
    tamper("UPDATE stock SET quantity = quantity + 5 WHERE part = (SELECT min(part) FROM stock)");
    let what = |report: &serde_json::Value| -> Vec<String> {
        let findings = report["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|finding| finding["what"].as_str().unwrap().to_owned())
            .collect()
    };
    let (code, broken) = check(&[]);
    assert_eq!(
        (code, what(&broken)),
        (Some(1), vec!["ticket".to_owned(), "stock".to_owned()])
    );
    let (code, mended) = check(&["--repair"]);
    assert_eq!(
        (code, mended["repaired"].as_u64()),
        (Some(0), Some(2)),
        "{mended}"
    );
    assert_eq!(check(&[]).0, Some(0));

    tamper(
        "INSERT INTO stock_grant (id, device, install, engineer, location, part, remaining, until, serial)
         VALUES ('x', 'x', zeroblob(16), 'x', 'x', 'x', 0, 0, 0)",
    );
    let (code, odd) = check(&["--repair"]);
    assert_eq!((code, what(&odd)), (Some(1), vec!["grant_of_nothing".to_owned()]));
    assert_eq!(odd["findings"][0]["id"], "x");
    tamper("DELETE FROM stock_grant");

    tamper("UPDATE log SET at = at + 1 WHERE seq = 7");
    let (code, altered) = check(&["--repair"]);
    assert_eq!((code, what(&altered)), (Some(1), vec!["chain".to_owned()]));
    assert_eq!(altered["findings"][0]["id"], "7");
}

/// "No such file or directory (os error 2)", in the middle of a Chinese sentence.
#[test]
fn a_table_that_cannot_be_read_is_told_in_both_languages() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let missing = dir.path().join("missing.csv");
    for (file, zh, en) in [
        (
            missing,
            "没有这个文件或目录",
            "there is no such file or directory",
        ),
        (
            dir.path().to_owned(),
            "这是目录，不是文件",
            "it is a directory, not a file",
        ),
        (
            table("broken/customers_gbk.csv"),
            "请在表格软件中另存为",
            "is not UTF-8",
        ),
    ] {
        for (lang, words) in [("zh", zh), ("en", en)] {
            let mut import = fieldline();
            import
                .args(["--lang", lang, "admin", "import", "--data"])
                .arg(&data);
            let output = import.arg("--customers").arg(&file).output().unwrap();
            let said = [&output.stdout[..], &output.stderr].concat();
            let said = String::from_utf8_lossy(&said).replace('\n', "");
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains(words) && !said.contains("os error"), "{said}");
        }
    }
}

/// A script that reads JSON got a page of words for a slip of its own.
#[test]
fn a_slip_on_the_command_line_is_json_where_json_was_asked_for() {
    for (lang, words) in [("en", "possible values: admin"), ("zh", "可选值：admin")] {
        let line = [
            "--json", "--lang", lang, "admin", "user", "add", "x", "--role", "boss",
        ];
        let output = fieldline().args(line).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        let error = json(&output)["error"].clone();
        assert_eq!(error["code"], "usage", "{error}");
        assert!(error["text"].as_str().unwrap().contains(words), "{error}");
    }
    let output = fieldline().args(["phone", "note", "--jsom"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let output = fieldline().args(["--json", "--help"]).output().unwrap();
    assert!(
        output.status.success() && output.stdout.starts_with(b"Field"),
        "{output:?}"
    );
}

/// A company without a name was started, and a token without a purpose was said to lack a sign-in name.
#[test]
fn a_company_needs_a_name_and_a_token_a_purpose() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for name in ["", " \t", "a\u{7}b", &"长".repeat(101)] {
        let mut init = fieldline();
        init.args([
            "admin",
            "init",
            "--json",
            "--name",
            name,
            "--admin",
            "boss",
            "--password-stdin",
            "--data",
        ]);
        let output = run_with(init.arg(&data), "correct horse battery\n");
        assert_eq!(json(&output)["error"]["code"], "bad_company_name", "{name:?}");
        assert!(!data.exists());
    }
    company(&data);
    let mut add = fieldline();
    add.args(["admin", "token", "add", "", "--user", "boss", "--json", "--data"]);
    let answer = json(&add.arg(&data).output().expect("the binary starts"));
    assert_eq!(answer["error"]["code"], "bad_name");
    assert!(
        answer["error"]["text"].to_string().contains("purpose"),
        "{answer}"
    );
}

#[test]
fn a_customer_is_erased_only_when_that_is_meant() {
    let dir = tempfile::tempdir().unwrap();
    let customers = table("customers.csv").display().to_string();
    let (code, answer) = init(
        dir.path(),
        &[
            "--sla-plans",
            &table("sla_plans.csv").display().to_string(),
            "--customers",
            &customers,
        ],
        "correct horse battery",
    );
    assert_eq!(code, Some(0), "{answer}");
    let erase = |args: &[&str]| {
        let mut command = fieldline();
        command
            .args(["admin", "erase-customer", "--json", "--data"])
            .arg(dir.path())
            .args(args);
        json(&command.output().unwrap())
    };
    assert_eq!(erase(&["C001"])["error"]["code"], "not_sure");
    assert_eq!(erase(&["C999", "--yes"])["error"]["code"], "no_such_customer");
    let erased = erase(&["C001", "--yes"]);
    assert_eq!((&erased["now"], &erased["contacts"]), (&true.into(), &1.into()));
    assert_eq!(erase(&["C001", "--yes"])["now"], false);
    assert_eq!(std::fs::read_dir(dir.path().join("erased")).unwrap().count(), 1);
}
