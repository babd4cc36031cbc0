//! Lanes that a phone carries for others, and the papers by which phones know each other.
//!
//! A lane is proven by its author's signature and not by who brings it, so a revoked carrier's are taken too. A phone that this
//! record has forgotten since it went back is proven by its certificate, under a key that no backup holds. The carrier hears that it need not carry any longer, its author what became of the work.

use std::collections::HashMap;
use std::sync::Arc;

use fieldline_model::certificate::{CERTIFICATE_MS, Certificate, Papers};
use fieldline_model::id::DeviceId;
use fieldline_model::lane::{change_hash, is_signed};
use fieldline_model::reason::Reason;
use fieldline_model::wire::{Hash, Relay, Relayed};
use futures_util::future::join_all;
use rusqlite::Connection;

use crate::app::App;
use crate::door::{Author, DoorError, take_relayed};
use crate::problem::{Code, Problem};
use crate::store::device::{self, Device};

/// A lane and its author's phone, or why it is not taken.
type Proven = Result<(Author, Relayed), Reason>;

impl App {
    /// Takes what a phone carries for others; one answer per lane, in their order.
    pub(super) async fn relay(
        &self,
        carrier: &Device,
        relayed: Vec<Relayed>,
    ) -> Result<Vec<(Hash, Relay)>, Problem> {
        let lanes: Vec<Relayed> = relayed
            .into_iter()
            .filter(|relayed| !relayed.lane.changes.is_empty())
            .collect();
        if lanes.is_empty() {
            return Ok(Vec::new());
        }
        let heads: Vec<Hash> = lanes.iter().map(head).collect();
        let changes: usize = lanes.iter().map(|relayed| relayed.lane.changes.len()).sum();
        let quota = &self.inner.changes_a_day;
        if !quota.admit(carrier.id, self.now(), changes as u64) {
            return Ok(heads.into_iter().map(|head| (head, Relay::Later)).collect());
        }
        let proven = self.prove_authors(lanes).await?;
        let answers = join_all(
            proven
                .into_iter()
                .map(|proven| self.take_relayed(carrier, proven)),
        )
        .await;
        self.inner.wake.notify_one();
        Ok(heads.into_iter().zip(answers).collect())
    }

    async fn prove_authors(&self, lanes: Vec<Relayed>) -> Result<Vec<Proven>, Problem> {
        let ids: Vec<DeviceId> = lanes.iter().map(|relayed| relayed.device).collect();
        let read = self.inner.store.read(move |connection| {
            let mut authors: HashMap<DeviceId, Device> = HashMap::new();
            for id in ids {
                if let Some(device) = device::device_get(connection, id)? {
                    authors.insert(id, device);
                }
            }
            Ok::<_, DoorError>(authors)
        });
        let (authors, organisation) = (read.await?, self.organisation().id);
        let hq_key = self.inner.receipt_key.public();
        let prove = move |relayed: Relayed| {
            let is_his =
                |word: &Certificate| word.device == relayed.device && word.is_by(&hq_key, organisation);
            let author = match authors.get(&relayed.device) {
                Some(device) => Author::Known(device.clone()),
                None => {
                    let word = relayed.certificate.filter(is_his);
                    Author::Certified(word.ok_or(Reason::ForeignActor)?)
                }
            };
            if is_signed(organisation, author.key(), &relayed.lane) {
                Ok((author, relayed))
            } else {
                Err(Reason::BadSignature)
            }
        };
        tokio::task::spawn_blocking(move || lanes.into_iter().map(prove).collect())
            .await
            .map_err(|_| Problem::new(Code::Internal))
    }

    async fn take_relayed(&self, carrier: &Device, proven: Proven) -> Relay {
        let (author, relayed) = match proven {
            Ok(proven) => proven,
            Err(reason) => {
                tracing::warn!(device.id = %carrier.id, code = reason.code(), "phone {} carries what nobody here wrote", carrier.id);
                return Relay::Refused {
                    code: reason.code().to_owned(),
                };
            }
        };
        let (inner, document) = (Arc::clone(&self.inner), relayed.lane.document);
        let job = move |connection: &Connection| take_relayed(connection, &inner, &author, &relayed);
        match self.inner.store.write(job).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::warn!(document.id = %document, %error, "a relayed lane of {document} was not taken");
                Relay::Later
            }
        }
    }

    /// What this phone needs to prove itself to others; nothing for a revoked one.
    pub(super) fn papers(&self, device: &Device) -> Option<Papers> {
        let key = &self.inner.receipt_key;
        let until = self.now().plus_ms(CERTIFICATE_MS);
        let who = (device.id, device.engineer);
        (!device.revoked).then(|| Papers {
            hq_key: key.public(),
            certificate: Certificate::issue(key, self.organisation().id, who, device.public_key, until),
        })
    }
}

fn head(relayed: &Relayed) -> Hash {
    Hash::new(
        relayed
            .lane
            .changes
            .last()
            .map(|bytes| change_hash(bytes))
            .unwrap_or_default(),
    )
}
