//! The phone as apps hold it.

use std::sync::Arc;
use std::time::Duration;

use fieldline_engine::clock::with_moment;
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_engine::view::ListFilter;
use fieldline_engine::{BundleError, Config, Engine, EngineError, NewPhoto, STORE_KEY_BYTES, StoreKey};
use fieldline_model::card::Card;
use fieldline_model::frames::split;
use fieldline_model::id::{TicketId, VisitId};
use fieldline_model::operation::Act;
use zeroize::Zeroizing;

use crate::records::{BundleTaken, PhoneError, PhotoLine, PhotoShows, Step, TicketLine, TruthScreen};

/// One store on one device.
#[derive(Debug, uniffi::Object)]
pub struct Phone {
    engine: Arc<Engine>,
    client: SyncClient,
    runtime: tokio::runtime::Runtime,
}

fn ticket_id(text: &str) -> Result<TicketId, PhoneError> {
    text.parse().map_err(|_| PhoneError::bad_id("ticket"))
}

fn visit_id(text: &str) -> Result<VisitId, PhoneError> {
    text.parse().map_err(|_| PhoneError::bad_id("visit"))
}

/// The bytes of the foreign side are wiped here; its own copy is its own to wipe.
fn store_key(bytes: Vec<u8>) -> Result<StoreKey, PhoneError> {
    let bytes = Zeroizing::new(bytes);
    let key = <[u8; STORE_KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| PhoneError::bad_key())?;
    Ok(StoreKey::new(key))
}

#[uniffi::export]
impl Phone {
    /// Opens or makes the store in the file `path`; `app` is the app's version. With `key`, 32 bytes of the keystore's, the
    /// store is encrypted. Plain HTTP is allowed to the device itself only.
    ///
    /// # Errors
    /// `store_busy` while another process has it open, `store_newer` for a file of a newer app; `bad_key` for a key of another
    /// length; `store_key_missing`, `store_key_wrong`, `store_plain` and `cipher_missing` where store and key do not
    /// go together.
    #[uniffi::constructor(default(key = None))]
    pub fn open(path: String, app: String, key: Option<Vec<u8>>) -> Result<Arc<Self>, PhoneError> {
        let config = Config {
            path: path.into(),
            app,
            key: key.map(store_key).transpose()?,
        };
        let engine = Arc::new(with_moment(|moment| Engine::open(config, moment))?);
        let client = SyncClient::new(Arc::clone(&engine), &ClientConfig::default())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(EngineError::from)?;
        Ok(Arc::new(Self {
            engine,
            client,
            runtime,
        }))
    }

    /// Joins the company at `address` with the code from HQ. Waits for the network.
    ///
    /// # Errors
    /// Those of the network; a code that is wrong, used or too old.
    pub fn enrol(&self, address: String, code: String, name: String) -> Result<(), PhoneError> {
        Ok(self.runtime.block_on(self.client.enrol(&address, &code, &name))?)
    }

    /// Tickets where something is left to do, in the order of the day.
    ///
    /// # Errors
    /// Those of the store.
    pub fn list(&self) -> Result<Vec<TicketLine>, PhoneError> {
        let lines = self.engine.list(&ListFilter::default())?;
        Ok(lines.into_iter().map(TicketLine::from).collect())
    }

    /// Saves a step of a visit and returns the operation's id. When this returns, it is on the disk.
    ///
    /// # Errors
    /// The rule's code when the step does not follow; nothing is saved then.
    pub fn step(&self, ticket: String, visit: String, step: Step) -> Result<String, PhoneError> {
        self.perform(ticket_id(&ticket)?, step.act(visit_id(&visit)?))
    }

    /// Saves a note and returns the operation's id. When this returns, it is on the disk.
    ///
    /// # Errors
    /// `text_missing`, `text_too_long`; nothing is saved then.
    pub fn note(&self, ticket: String, text: String) -> Result<String, PhoneError> {
        self.perform(ticket_id(&ticket)?, Act::Note { text })
    }

    /// Saves a photo and returns the operation's id. When this returns, its bytes are on the disk too. `thumb` is a small
    /// JPEG of it where the app has made one, which costs less memory than to have it made here.
    ///
    /// # Errors
    /// `photo_unreadable`, `photo_too_large`, `disk_full`, the rule's code; nothing is saved then.
    pub fn photo(
        &self,
        ticket: String,
        bytes: Vec<u8>,
        kind: PhotoShows,
        caption: String,
        thumb: Option<Vec<u8>>,
    ) -> Result<String, PhoneError> {
        let photo = NewPhoto {
            bytes,
            kind: kind.into(),
            caption,
            thumb,
        };
        let ticket = ticket_id(&ticket)?;
        let saved = with_moment(|moment| self.engine.perform_photo(ticket, photo, moment))?;
        Ok(saved.operation.to_string())
    }

    /// The photos of a ticket, by time.
    ///
    /// # Errors
    /// `unknown_document` when the ticket is not here.
    pub fn photos(&self, ticket: String) -> Result<Vec<PhotoLine>, PhoneError> {
        let ticket = ticket_id(&ticket)?;
        let view = with_moment(|moment| self.engine.ticket(ticket, moment))?;
        Ok(view.photos.into_iter().map(PhotoLine::from).collect())
    }

    /// The bytes of a photo, or of the small picture of it; fetched from HQ where it is not here. Waits for the network then. Its
    /// file on the phone may be sealed under the store's key, and is for nobody else to open.
    ///
    /// # Errors
    /// Those of the network; `not_found` while HQ has not got it.
    pub fn photo_bytes(&self, ticket: String, operation: String, thumb: bool) -> Result<Vec<u8>, PhoneError> {
        let operation = operation.parse().map_err(|_| PhoneError::bad_id("operation"))?;
        let fetched = self
            .client
            .fetch_blob(ticket_id(&ticket)?.into(), operation, thumb);
        Ok(self.runtime.block_on(fetched)?)
    }

    /// Whether the network costs by the byte. Photos wait then, while `wifi_only` is on.
    pub fn set_metered(&self, metered: bool) {
        self.client.set_metered(metered);
    }

    /// Whether photos wait for a network that costs nothing; they do until this is called.
    ///
    /// # Errors
    /// Those of the store.
    pub fn set_wifi_only(&self, on: bool) -> Result<(), PhoneError> {
        Ok(self.engine.set_wifi_only(on)?)
    }

    /// What this phone shows a colleague's, so that it can be handed work: one word for a QR code.
    ///
    /// # Errors
    /// `no_certificate` until it has synced once, `phone_revoked`.
    pub fn card(&self) -> Result<String, PhoneError> {
        Ok(with_moment(|moment| self.engine.card(moment))?.to_text())
    }

    /// A bundle for the phone with this card: what HQ may lack of tickets both may hold. Nothing changes here.
    ///
    /// # Errors
    /// `card_unknown`, `peer_unproven`, `peer_expired`, `peer_self`, `bundle_other_company`; `bundle_nothing`,
    /// `bundle_too_large`.
    pub fn export_bundle(&self, card: String) -> Result<Vec<u8>, PhoneError> {
        let card = Card::read(&card).map_err(|_| EngineError::from(BundleError::NoCard))?;
        Ok(with_moment(|moment| self.engine.export_bundle(&card, moment))?.bytes)
    }

    /// Takes a bundle in that was made for this phone. The same may come twice.
    ///
    /// # Errors
    /// The code of what is wrong with it; nothing of it is taken then.
    pub fn import_bundle(&self, bytes: Vec<u8>) -> Result<BundleTaken, PhoneError> {
        Ok(with_moment(|moment| self.engine.import_bundle(&bytes, moment))?.into())
    }

    /// The texts of the QR codes that hold a bundle, to be shown one after the other.
    ///
    /// # Errors
    /// `bundle_too_large` for one that goes as a file only.
    pub fn bundle_frames(&self, bytes: Vec<u8>) -> Result<Vec<String>, PhoneError> {
        Ok(split(&bytes).map_err(|_| EngineError::from(BundleError::TooLarge))?)
    }

    /// Syncs for at most `limit_ms` milliseconds. True when nothing was left. Waits for the network.
    ///
    /// # Errors
    /// Those of the network; what was saved stays saved.
    pub fn sync(&self, limit_ms: u64) -> Result<bool, PhoneError> {
        let summary = self
            .runtime
            .block_on(self.client.sync(Duration::from_millis(limit_ms)))?;
        Ok(summary.finished)
    }

    /// How much is saved where.
    ///
    /// # Errors
    /// Those of the store.
    pub fn status(&self) -> Result<TruthScreen, PhoneError> {
        Ok(self.engine.status()?.into())
    }
}

impl Phone {
    fn perform(&self, ticket: TicketId, act: Act) -> Result<String, PhoneError> {
        let saved = with_moment(|moment| self.engine.perform(ticket, act, moment))?;
        Ok(saved.operation.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_cross_the_border_with_a_code_and_words() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("phone.db").display().to_string();
        let phone = Phone::open(path.clone(), "test".into(), None).unwrap();
        assert!(!phone.status().unwrap().enrolled);
        assert_eq!(phone.list().unwrap(), []);
        let code = |error| match error {
            PhoneError::Failed { code, zh, en } => {
                assert!(!zh.is_empty() && !en.is_empty());
                code
            }
        };
        assert_eq!(
            code(phone.note("nonsense".into(), "x".into()).unwrap_err()),
            "bad_id"
        );
        let ticket = TicketId::from_bytes([1; 16]).to_string();
        assert_eq!(code(phone.note(ticket, "x".into()).unwrap_err()), "not_enrolled");
        assert_eq!(code(phone.card().unwrap_err()), "not_enrolled");
        assert_eq!(code(phone.export_bundle("x".into()).unwrap_err()), "card_unknown");
        assert_eq!(
            code(phone.import_bundle(b"x".to_vec()).unwrap_err()),
            "bundle_unknown"
        );
        assert_eq!(
            code(Phone::open(path.clone(), "test".into(), None).unwrap_err()),
            "store_busy"
        );
        assert_eq!(
            code(Phone::open(path, "test".into(), Some(vec![1; 31])).unwrap_err()),
            "bad_key"
        );
    }
}
