//! A stolen phone: the secrets out of its store, and what can be signed with them. It has a good token and key, and
//! follows none of the rules its app would.

use std::path::Path;

use automerge::Automerge;
use fieldline_model::actor::{ActorSource, DeviceKey, Line, LineSignature};
use fieldline_model::document::load;
use fieldline_model::door::forge::Forge;
use fieldline_model::id::{DeviceId, DocumentId, OperationId, OrganisationId};
use fieldline_model::wire::{Bytes, Cursor, Exchange, Hello, Lane, WIRE};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::world::check::look;

/// The branch its lines are written on: far from what the honest phone uses.
const BRANCH: u32 = 7_000;

/// A phone in bad hands.
#[derive(Debug, Clone)]
pub struct Stolen {
    /// Its key.
    pub key: DeviceKey,
    /// Its place in the company.
    pub device: DeviceId,
    /// What lets it in.
    pub token: String,
    organisation: OrganisationId,
    install: [u8; 16],
}

impl Stolen {
    /// Takes the secrets out of a phone's store.
    ///
    /// # Panics
    /// When the phone is not enrolled.
    #[must_use]
    pub fn of(store: &Path) -> Self {
        let sql = "SELECT key_seed, organisation, device, token FROM identity";
        look(store)
            .query_row(sql, [], |row| {
                Ok(Self {
                    key: DeviceKey::from_seed(&row.get(0)?),
                    organisation: row.get::<_, String>(1)?.parse().expect("organisation"),
                    device: row.get::<_, String>(2)?.parse().expect("device"),
                    token: row.get(3)?,
                    install: [0xBA; 16],
                })
            })
            .expect("an enrolled phone")
    }

    /// The same phone, with words for another company.
    #[must_use]
    pub fn of_organisation(self, organisation: OrganisationId) -> Self {
        Self { organisation, ..self }
    }

    /// The actor of its lines in a document.
    #[must_use]
    pub fn actor(&self, document: DocumentId) -> [u8; 16] {
        let key = self.key.public();
        let Self {
            organisation,
            install,
            ..
        } = self;
        ActorSource {
            organisation: *organisation,
            document,
            device_key: &key,
            install,
            branch: BRANCH,
        }
        .actor()
    }

    /// The next change it could honestly write in a document, without operations yet.
    #[must_use]
    pub fn forge(&self, id: DocumentId, document: &Automerge, operation: OperationId) -> Forge {
        Forge::next(document, &self.actor(id), &operation.to_string())
    }

    /// A lane signed as an honest phone would sign it.
    #[must_use]
    pub fn lane(&self, document: DocumentId, changes: &[Vec<u8>]) -> Lane {
        let actor = self.actor(document);
        let head = changes.last().map(|bytes| change_hash(bytes)).unwrap_or_default();
        let line = Line {
            organisation: self.organisation,
            document,
            actor: &actor,
            head: &head,
        };
        Lane {
            document,
            install: self.install,
            branch: BRANCH,
            changes: changes.iter().cloned().map(Bytes::from).collect(),
            signature: self.key.sign(&line),
        }
    }

    /// An exchange that brings these lanes and asks for no page.
    #[must_use]
    pub fn exchange(&self, push: Vec<Lane>) -> Exchange {
        let hello = Hello {
            wire: WIRE,
            device: self.device,
            install: self.install,
            cursor: Cursor::START,
            write_counter: 1,
            app: "hostile".into(),
            heard: None,
        };
        Exchange {
            hello,
            push,
            want: Vec::new(),
            page_items_max: 0,
            have: None,
            heal: Vec::new(),
            rest: None,
            trail: Vec::new(),
            resume: None,
            relay: Vec::new(),
            papers: false,
            grants: None,
        }
    }
}

/// The hash a change has.
#[must_use]
pub fn change_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(8..).unwrap_or_default()).into()
}

/// A signature by nobody.
#[must_use]
pub fn no_signature() -> LineSignature {
    LineSignature([0; 64])
}

/// The server's copy of a document.
///
/// # Panics
/// When there is none, or it does not load.
#[must_use]
pub fn document_at(server: &Connection, id: DocumentId) -> Automerge {
    let sql = "SELECT snapshot FROM document WHERE id = ?1";
    let bytes: Vec<u8> = server
        .query_row(sql, [id.to_string()], |row| row.get(0))
        .expect("the document is there");
    load(id, &bytes).expect("the server's documents load")
}
