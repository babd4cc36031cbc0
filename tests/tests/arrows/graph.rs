//! Which crate depends on which, as `cargo metadata` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Crates by name; several versions of one name count as one.
#[derive(Default)]
pub(crate) struct Graph {
    normal: BTreeMap<String, BTreeSet<String>>,
    any: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// The workspace on this platform; others need crates that a build here never fetched.
    pub(crate) fn of_workspace() -> Self {
        let version = run(Command::new("rustc").arg("-vV"));
        let host = version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap();
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let text = run(Command::new(cargo)
            .args([
                "metadata",
                "--format-version",
                "1",
                "--offline",
                "--filter-platform",
                host,
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR")));
        Self::read(&serde_json::from_str(&text).unwrap())
    }

    pub(crate) fn read(metadata: &Value) -> Self {
        let list = |value: &Value| value.as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|p| (text(&p["id"]), text(&p["name"])))
            .collect();
        let mut graph = Self::default();
        for node in list(&metadata["resolve"]["nodes"]) {
            let from = &names[node["id"].as_str().unwrap()];
            graph.normal.entry(from.clone()).or_default();
            for dep in list(&node["deps"]) {
                let to = &names[dep["pkg"].as_str().unwrap()];
                graph.any.entry(from.clone()).or_default().insert(to.clone());
                if list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                    graph.normal.entry(from.clone()).or_default().insert(to.clone());
                }
            }
        }
        graph
    }

    pub(crate) fn holds(&self, name: &str) -> bool {
        self.normal.contains_key(name)
    }

    /// How normal dependencies lead from one crate to another, shortest first.
    pub(crate) fn way(&self, from: &str, to: &str) -> Option<String> {
        let mut seen = BTreeSet::from([from.to_owned()]);
        let mut ways = vec![vec![from.to_owned()]];
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for next in self.normal.get(way.last()?).into_iter().flatten() {
                    let further = [way.clone(), vec![next.clone()]].concat();
                    if next == to {
                        return Some(further.join(" → "));
                    }
                    if seen.insert(next.clone()) {
                        longer.push(further);
                    }
                }
            }
            ways = longer;
        }
        None
    }

    /// Who depends on it in any way, itself apart.
    pub(crate) fn users_of(&self, name: &str) -> Vec<&str> {
        let users = self
            .any
            .iter()
            .filter(|(from, to)| from.as_str() != name && to.contains(name));
        users.map(|(from, _)| from.as_str()).collect()
    }
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn small() -> Graph {
        let dep = |to: &str, kind: Value| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] });
        Graph::read(&json!({
            "packages": [
                { "id": "m", "name": "model" }, { "id": "x", "name": "middle" },
                { "id": "t", "name": "tokio" }, { "id": "p", "name": "proptest" },
            ],
            "resolve": { "nodes": [
                { "id": "m", "deps": [dep("x", Value::Null), dep("p", json!("dev")), dep("m", json!("dev"))] },
                { "id": "x", "deps": [dep("t", Value::Null)] },
                { "id": "t", "deps": [] }, { "id": "p", "deps": [] },
            ] },
        }))
    }

    #[test]
    fn a_forbidden_crate_is_found_behind_another() {
        assert_eq!(
            small().way("model", "tokio").as_deref(),
            Some("model → middle → tokio")
        );
        assert!(small().holds("model") && !small().holds("engine"));
    }

    #[test]
    fn dev_dependencies_are_no_arrows_but_are_users() {
        assert_eq!(small().way("model", "proptest"), None);
        assert_eq!(small().users_of("proptest"), ["model"]);
        assert_eq!(small().users_of("model"), [""; 0]);
    }
}
