//! The command line the harness gives every peer.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

/// Which half of the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// HQ.
    Server,
    /// One phone, or a swarm of them.
    Client,
}

/// The arguments.
#[derive(Debug)]
pub(super) struct Args {
    /// Which half.
    pub(super) side: Side,
    /// Where its data lies.
    pub(super) dir: PathBuf,
    /// Where the workload lies.
    pub(super) spec: PathBuf,
    /// Where the server leaves the codes by which phones join.
    pub(super) tokens: PathBuf,
    /// Server: where to listen.
    pub(super) port: u16,
    /// Client: where the server, or the proxy before it, is.
    pub(super) url: String,
    /// Client: how many phones.
    pub(super) phones: usize,
    /// Client: `phone`, or `hq2` for the second screen.
    pub(super) name: String,
}

impl Args {
    /// Reads `server|client --name value …`.
    pub(super) fn read(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let side = match words.next().as_deref() {
            Some("server") => Side::Server,
            Some("client") => Side::Client,
            _ => bail!("usage: bench-peer server|client --dir D --spec S --tokens T …"),
        };
        let mut given = BTreeMap::new();
        while let Some(name) = words.next() {
            let value = words.next().with_context(|| format!("{name} has no value"))?;
            given.insert(name, value);
        }
        let get = |name: &str| given.get(name).with_context(|| format!("{name} is missing"));
        let or = |name: &str, value: &str| given.get(name).map_or(value.to_owned(), Clone::clone);
        Ok(Self {
            side,
            dir: get("--dir")?.into(),
            spec: get("--spec")?.into(),
            tokens: get("--tokens")?.into(),
            port: or("--port", "0").parse()?,
            url: or("--url", ""),
            phones: or("--phones", "1").parse()?,
            name: or("--name", "phone"),
        })
    }
}
