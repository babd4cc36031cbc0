//! What the engineer does. When a call here returns, it is on the disk, whatever happens next.

use fieldline_engine::NewPhoto as EnginePhoto;
use fieldline_engine::clock::with_moment;
use fieldline_engine::view::PartFilter;
use fieldline_model::operation as op;

use super::{Core, Phone};
use crate::act::Act;
use crate::codes::PhotoShows;
use crate::error::PhoneError;
use crate::id;
use crate::record::Saved;
use crate::words::Words;

/// A photo that was just taken.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewPhoto {
    /// The picture: JPEG, PNG or WebP, at most 20 MB.
    pub bytes: Vec<u8>,
    /// What it shows.
    pub shows: PhotoShows,
    /// In words; may be empty.
    #[uniffi(default = "")]
    pub caption: String,
    /// A small JPEG of it, where the app has made one: that costs less memory than to have it made here.
    #[uniffi(default = None)]
    pub thumb: Option<Vec<u8>>,
}

#[uniffi::export]
impl Phone {
    /// Saves what the engineer did. When this returns, it is on the disk and will reach HQ as exactly one of merged, overruled
    /// with a reason, or refused with a reason. Legal without a network.
    ///
    /// # Errors
    /// The rule's code when the rules say no to what the person can see, such as `not_now`, `not_yours`, `text_missing`,
    /// `wrong_answer`; `bad_id`, `unknown_document`, `disk_full`. Nothing is saved then.
    pub fn perform(&self, ticket: String, act: Act) -> Result<Saved, PhoneError> {
        let (core, id, act) = (self.core()?, id::ticket(&ticket)?, act.read()?);
        let there = there(&core, &act);
        let words = said(&core, &act, id);
        let saved = with_moment(|moment| core.engine.perform(id, act, moment))?;
        core.client.kick();
        Ok(Saved {
            operation: saved.operation.to_string(),
            words,
            there,
        })
    }

    /// Saves a photo. When this returns, its bytes are on the disk too.
    ///
    /// # Errors
    /// `photo_unreadable`, `photo_too_large`, `disk_full`, the rule's code; nothing is saved then.
    pub fn add_photo(&self, ticket: String, photo: NewPhoto) -> Result<Saved, PhoneError> {
        let (core, id) = (self.core()?, id::ticket(&ticket)?);
        let detail = Words::same(&photo.caption);
        let photo = EnginePhoto {
            bytes: photo.bytes,
            kind: photo.shows.into(),
            caption: photo.caption,
            thumb: photo.thumb,
        };
        let saved = with_moment(|moment| core.engine.perform_photo(id, photo, moment))?;
        core.client.kick();
        Ok(Saved {
            operation: saved.operation.to_string(),
            words: both("photo", &detail),
            there: None,
        })
    }

    /// The bytes of a photo, or of the small picture of it; fetched from HQ where it is not here. Waits for the network then. Its
    /// file on the phone may be sealed under the store's key, and is for nobody else to open.
    ///
    /// # Errors
    /// Those of the network; `not_found` while HQ has not got it; `called_off`.
    pub fn photo_bytes(&self, ticket: String, operation: String, thumb: bool) -> Result<Vec<u8>, PhoneError> {
        let (core, id) = (self.core()?, id::ticket(&ticket)?);
        core.fetch(id.into(), id::operation(&operation)?, thumb)
    }

    /// Saves what the engineer writes beside an article, or one of its sections: a new solution, a correction.
    ///
    /// # Errors
    /// `text_missing`, `text_too_long`, `unknown_document`, `bad_id`; nothing is saved then.
    pub fn annotate(
        &self,
        article: String,
        section: Option<String>,
        text: String,
    ) -> Result<Saved, PhoneError> {
        let (core, id) = (self.core()?, id::article(&article)?);
        let section = section.as_deref().map(id::operation).transpose()?;
        let words = both("annotate", &Words::same(&text));
        let act = op::Act::Annotate { section, text };
        let saved = with_moment(|moment| core.engine.perform(id, act, moment))?;
        core.client.kick();
        Ok(Saved {
            operation: saved.operation.to_string(),
            words,
            there: None,
        })
    }

    /// Ends every fetch of a photo or a file that is under way; they fail with `called_off`. What came stays.
    pub fn cancel_fetch(&self) {
        if let Ok(core) = self.core() {
            core.fetch_called_off.notify_waiters();
        }
    }
}

fn both(word: &'static str, detail: &Words) -> Words {
    let label = Words::known(fieldline_engine::words::act(word), word);
    Words::each(|lang| {
        let parts = [label.of(lang), detail.of(lang)];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    })
}

/// The words of what is about to be saved. A checklist item is called by its own, where the ticket is here.
fn said(core: &Core, act: &op::Act, ticket: fieldline_model::id::TicketId) -> Words {
    let checklist = match act {
        op::Act::Answer { .. } => with_moment(|moment| core.engine.ticket(ticket, moment))
            .ok()
            .and_then(|view| view.checklist),
        _ => None,
    };
    both(act.word(), &core.engine.detail(act, checklist.as_ref()).into())
}

/// How many of a part lie where it is taken from; what cannot be counted here keeps nothing from being saved.
fn there(core: &Core, act: &op::Act) -> Option<i64> {
    let (part, from) = match act {
        op::Act::UsePart { part, from, .. } | op::Act::TransferPart { part, from, .. } => (*part, *from),
        _ => return None,
    };
    let filter = PartFilter {
        location: Some(from),
        part: Some(part),
        ..PartFilter::default()
    };
    let lines = with_moment(|moment| core.engine.parts(&filter, moment)).ok()?;
    Some(lines.first().map_or(0, |line| line.quantity.max(0)))
}
