//! Starting a company and looking after it, as an administrator does.

mod common;

use common::{company, fieldline, json, run_with, table};

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
