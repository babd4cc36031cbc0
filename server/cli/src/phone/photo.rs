//! Photos: saving one with its bytes, telling where each is, fetching one, and by what network they go.

use std::path::Path;

use fieldline_engine::NewPhoto;
use fieldline_engine::view::{PhotoView, Status, TicketView};
use fieldline_model::blob::BLOB_BYTES_MAX;
use fieldline_model::id::DocumentId;
use fieldline_model::operation::PhotoKind;
use fieldline_server::words::Word;
use serde_json::json;

use super::{Phone, happening, label, names, network, save};
use crate::answer::Answer;
use crate::backup::size;
use crate::fault::Fault;
use crate::named::{read, write_new};
use crate::table::{WIDTH, hanging};
use crate::words::{fault as f, fill, phone as w};

/// Saves a photo, then tries to send it.
pub(super) fn take(
    phone: &Phone,
    ticket: &str,
    file: &Path,
    kind: PhotoKind,
    caption: &str,
) -> Result<Answer, Fault> {
    let ticket = names::ticket(phone, ticket)?;
    let view = phone.now(|engine, moment| engine.ticket(ticket, moment))?;
    let photo = NewPhoto {
        bytes: read(file, BLOB_BYTES_MAX).map_err(|error| Fault::file(file, &error))?,
        kind,
        caption: caption.to_owned(),
        thumb: None,
    };
    let saved = phone.now(|engine, moment| engine.perform_photo(ticket, photo, moment))?;
    let mut answer = save::saved(phone, saved, "photo", (ticket.into(), &view.facts.number))?;
    // HQ has the operation before it has the bytes.
    let state = phone
        .now(|engine, moment| engine.ticket(ticket, moment))?
        .photos
        .iter()
        .find(|photo| photo.operation == saved.operation)
        .map_or("waiting", |photo| photo.state);
    answer.json["photo"] = json!(state);
    answer.text.push_str(&format!(
        "\n  {}",
        fill(
            phone.lang,
            w::PHOTO_IS,
            &[("state", label::photo_state(phone.lang, state))]
        )
    ));
    Ok(answer)
}

/// Fetches a photo of a ticket, unless it is here, and copies it to a file.
pub(super) fn get(phone: &Phone, ticket: &str, name: &str, to: &Path, thumb: bool) -> Result<Answer, Fault> {
    let ticket = names::ticket(phone, ticket)?;
    let view = phone.now(|engine, moment| engine.ticket(ticket, moment))?;
    let photo = named(&view, name)?;
    let picture = fetched(phone, ticket.into(), photo, thumb)?;
    write_new(to, &picture)?;
    let bytes = picture.len() as u64;
    let shown = to.display().to_string();
    let text = fill(
        phone.lang,
        w::PHOTO_COPIED,
        &[("path", &shown), ("size", &size(bytes))],
    );
    Ok(Answer::new(
        text,
        json!({ "path": shown, "bytes": bytes, "operation": photo.operation }),
    ))
}

fn fetched(phone: &Phone, document: DocumentId, photo: &PhotoView, thumb: bool) -> Result<Vec<u8>, Fault> {
    let hash = match photo.photo.thumb.filter(|_| thumb) {
        Some(small) => small.blob,
        None => photo.photo.blob,
    };
    if let Some(bytes) = phone.engine.blob_bytes(document, hash)? {
        return Ok(bytes);
    }
    network::fetch_blob(phone, document, photo.operation, thumb)
}

/// A photo by its place in `show`, or by its operation.
fn named<'a>(view: &'a TicketView, name: &str) -> Result<&'a PhotoView, Fault> {
    let by_place = name
        .parse::<usize>()
        .ok()
        .and_then(|place| view.photos.get(place.checked_sub(1)?));
    let by_id = || {
        view.photos
            .iter()
            .find(|photo| photo.operation.to_string() == name)
    };
    by_place.or_else(by_id).ok_or_else(|| {
        let values = [("name", name), ("number", view.facts.number.as_str())];
        Fault::new("no_such_photo", f::NO_PHOTO, &values)
    })
}

/// Lets photos wait for a network that costs nothing, or not.
pub(super) fn wifi_only(phone: &Phone, on: bool) -> Result<Answer, Fault> {
    phone.engine.set_wifi_only(on)?;
    let word = if on { w::WIFI_ONLY } else { w::ANY_NETWORK };
    Ok(Answer::new(
        fill(phone.lang, word, &[]),
        json!({ "wifi_only": on }),
    ))
}

/// The word of what a photo shows.
pub(super) fn kind(kind: PhotoKind) -> Word {
    label::word(fieldline_engine::words::photo(kind))
}

/// The photos of a ticket, with the places by which they are fetched.
pub(super) fn lines(phone: &Phone, view: &TicketView) -> String {
    let lang = phone.lang;
    let mut text = String::new();
    for (n, photo) in view.photos.iter().enumerate() {
        let parts = [
            lang.t(kind(photo.photo.kind)).to_owned(),
            photo.photo.caption.clone(),
            size(photo.photo.size),
            happening::author(phone, photo.by),
            label::photo_state(lang, photo.state).to_owned(),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        text.push_str(&hanging(&format!("  {:>2}  ", n + 1), &parts.join(" · "), WIDTH));
    }
    text
}

/// What the truth screen says of photos; nothing where there are none.
pub(super) fn truth(phone: &Phone, status: &Status) -> String {
    let (lang, photos) = (phone.lang, &status.photos);
    let lost = u64::try_from(photos.lost.len()).unwrap_or(u64::MAX);
    if photos.waiting + photos.at_hq + photos.refused + lost == 0 {
        return String::new();
    }
    let counts = [
        ("waiting", photos.waiting.to_string()),
        ("size", size(photos.waiting_bytes)),
        ("hq", photos.at_hq.to_string()),
        ("refused", photos.refused.to_string()),
        ("lost", lost.to_string()),
    ];
    let counts = counts.each_ref().map(|(key, value)| (*key, value.as_str()));
    let mut text = format!("{}\n", fill(lang, w::PHOTOS_TRUTH, &counts));
    if !photos.lost.is_empty() {
        text.push_str(&format!("\n{}\n", lang.t(w::PHOTOS_LOST)));
    }
    for one in &photos.lost {
        let caption = if one.caption.is_empty() {
            label::act(lang, "photo")
        } else {
            one.caption.as_str()
        };
        let at = phone.clock.short(one.saved_at);
        let line = format!("{at}  {}  {caption}", one.number);
        text.push_str(&hanging("  ", &line, WIDTH));
    }
    text
}
