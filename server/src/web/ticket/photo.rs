//! Photos on a ticket's page, and the pictures themselves: for staff who may read the ticket, by the ticket.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::blob::BlobHash;
use fieldline_model::id::DocumentId;
use fieldline_model::operation::{Act, PhotoKind};

use super::parse;
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::blob_http::give;
use crate::page::paths;
use crate::page::ticket::photo::{Photo, Place, Shows};
use crate::problem::{Code, Problem};
use crate::store::blob::BlobState;
use crate::web::Web;
use crate::web::record::{Line, TicketRecord};
use crate::words::Lang;

/// The photos, by time.
pub(super) fn photos(
    web: &Web,
    lang: Lang,
    record: &TicketRecord,
    states: &[(BlobHash, BlobState)],
) -> Vec<Photo> {
    let states: BTreeMap<BlobHash, BlobState> = states.iter().copied().collect();
    let mut lines: Vec<&Line> = record.lines.iter().collect();
    lines.sort_by_key(|line| (line.at, line.seq));
    let id = record.id.to_string();
    let src = |hash: BlobHash| paths::photo(&id, &hash.to_string());
    let photo = |line: &Line| {
        let Act::Photo(photo) = &line.entry.act else {
            return None;
        };
        let state = |hash| states.get(&hash).copied().unwrap_or(BlobState::Waiting);
        let thumb = photo.thumb.filter(|thumb| state(thumb.blob) == BlobState::Here);
        Some(Photo {
            shows: shows(photo.kind),
            caption: photo.caption.clone(),
            who: record.who(lang, line.entry.by),
            at: web.stamp(line.at),
            thumb: thumb.map(|thumb| src(thumb.blob)),
            place: match state(photo.blob) {
                BlobState::Here => Place::Here(src(photo.blob)),
                BlobState::Waiting => Place::Waiting,
                BlobState::Lost => Place::Lost,
            },
        })
    };
    lines.into_iter().filter_map(photo).collect()
}

/// What a photo shows, as pages know it.
pub(in crate::web) fn shows(kind: PhotoKind) -> Shows {
    match kind {
        PhotoKind::Before => Shows::Before,
        PhotoKind::After => Shows::After,
        PhotoKind::Other => Shows::Other,
    }
}

/// GET one picture, or a part of it.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    headers: HeaderMap,
    signed: Signed,
    Path((ticket, hash)): Path<(String, String)>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadTickets)?;
    let document = DocumentId::from(parse(&ticket)?);
    let hash = hash.parse().map_err(|_| Problem::new(Code::NotFound))?;
    give(web.app.readable(document, hash, None).await?, &headers).await
}
