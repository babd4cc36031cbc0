//! The arrows of ARCHITECTURE.md, held: who may depend on whom, who may know automerge, and where SQL may stand.
//!
//! Dependencies are asked of `cargo metadata`; the sources are read as text. Each checker also has a test that it can
//! fail, because a checker that looks in the wrong place is always content.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "arrows/graph.rs"]
mod graph;
#[path = "arrows/source.rs"]
mod source;

use graph::Graph;
use source::{Source, literals, names_automerge, speaks_sql};

/// What each crate's normal dependencies must never reach.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "fieldline-model",
        &[
            "tokio",
            "rusqlite",
            "reqwest",
            "hyper",
            "axum",
            "fieldline-engine",
            "fieldline-server",
        ],
    ),
    (
        "fieldline-report",
        &[
            "tokio",
            "rusqlite",
            "reqwest",
            "hyper",
            "axum",
            "image",
            "fieldline-engine",
            "fieldline-server",
        ],
    ),
    ("fieldline-engine", &["axum", "fieldline-server"]),
    ("fieldline-bindings", &["axum", "fieldline-server"]),
    ("fieldline-server", &["fieldline-engine"]),
];
/// The crates whose sources are read. `tests/` is one big test.
const CRATES: &[&str] = &[
    "core/model",
    "core/report",
    "core/engine",
    "server",
    "server/cli",
    "bindings",
];

#[test]
fn crates_reach_only_what_the_map_allows() {
    let graph = Graph::of_workspace();
    for (from, never) in FORBIDDEN {
        assert!(graph.holds(from), "there is no crate {from}");
        for to in *never {
            assert_eq!(graph.way(from, to), None, "{from} must not reach {to}");
        }
    }
    assert_eq!(
        graph.users_of("fieldline-tests"),
        [""; 0],
        "nothing depends on the tests"
    );
    // The arrows that exist: without them the questions above would be about nothing.
    for (from, to) in [
        ("fieldline-engine", "rusqlite"),
        ("fieldline-engine", "fieldline-report"),
        ("fieldline-server", "fieldline-report"),
        ("fieldline-server", "axum"),
        ("fieldline", "fieldline-model"),
    ] {
        assert!(graph.way(from, to).is_some(), "{from} should reach {to}");
    }
}

#[test]
fn automerge_is_named_in_document_and_door_only() {
    let sources = Source::all_below("core/model/src");
    let may = |source: &Source| {
        let path = source.path.strip_prefix("core/model/src/").unwrap();
        path == "document.rs"
            || path == "door.rs"
            || path.starts_with("door/")
            || path.starts_with("document/")
    };
    let (inside, outside): (Vec<Source>, Vec<Source>) = sources.into_iter().partition(may);
    assert!(
        inside.iter().any(|source| names_automerge(&source.text)),
        "the checker sees nothing"
    );
    let guilty: Vec<&str> = outside
        .iter()
        .filter(|s| names_automerge(&s.text))
        .map(|s| s.path.as_str())
        .collect();
    assert_eq!(guilty, [""; 0]);
}

#[test]
fn sql_stands_below_store_only() {
    let (mut guilty, mut seen) = (Vec::new(), 0);
    for krate in CRATES {
        for source in Source::all_below(&format!("{krate}/src")) {
            let sql = literals(source.without_tests())
                .into_iter()
                .filter(|(_, text)| speaks_sql(text));
            if source.path.contains("/src/store/") || source.path.ends_with("/src/store.rs") {
                seen += sql.count();
            } else {
                guilty.extend(sql.map(|(line, text)| format!("{}:{line}: {text}", source.path)));
            }
        }
    }
    assert_eq!(guilty, [""; 0]);
    assert!(seen > 0, "the checker sees nothing");
}
