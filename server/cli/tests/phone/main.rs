//! A phone in a terminal, by the real binary against the real server.

#[path = "../common/mod.rs"]
mod common;
mod damage;
mod day;
mod manual;
mod network;
mod parts;
mod photo;
mod revoked;
mod wrong;

use std::path::PathBuf;

use common::{Hq, Phone, Server, company};
use serde_json::Value;

/// A company at work: one visit is offered to the engineer of this phone.
struct AtWork {
    phone: Phone,
    hq: Hq,
    server: Server,
    data: PathBuf,
    /// Goes last.
    dir: tempfile::TempDir,
}

impl AtWork {
    fn begin() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let data = dir.path().join("data");
        company(&data);
        let server = Server::start(&data, "127.0.0.1:0");
        let hq = Hq::open(&data);
        hq.offer(hq.engineer("Chen Liqun"), "卡纸");
        let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
        Self {
            phone,
            hq,
            server,
            data,
            dir,
        }
    }
}

/// The operation that a save names.
fn operation(answer: &Value) -> fieldline_model::id::OperationId {
    answer["operation"]
        .as_str()
        .expect("an operation")
        .parse()
        .expect("an id")
}
