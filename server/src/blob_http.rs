//! Blobs over HTTP. Up: the core of tus 1.0, `HEAD` and `PATCH` with `Upload-Offset`; the address is known, so nothing is
//! created first, and every `PATCH` says the whole length. Down: `GET` with `Range`.

use std::io::SeekFrom;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{head, post};
use axum::{Router, routing};
use fieldline_model::blob::{BlobHash, Media};
use fieldline_model::id::DocumentId;
use futures_util::stream;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::app::App;
use crate::blob::{Got, Readable};
use crate::problem::{Code, Problem};
use crate::sync_http::bearer;

/// Bytes of a blob in memory for each reader.
const READ_BYTES: u64 = 64 * 1024;
/// Media type of a piece on its way up.
const PIECE: &str = "application/offset+octet-stream";
const TUS: (HeaderName, HeaderValue) = (
    HeaderName::from_static("tus-resumable"),
    HeaderValue::from_static("1.0.0"),
);
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// Place in the log at which a whole blob is in the record: a backup beyond it holds the blob.
const SEQ: HeaderName = HeaderName::from_static("fieldline-seq");

pub(crate) fn blob_routes() -> Router<App> {
    Router::new()
        .route(
            "/sync/v1/blob/{document}/{hash}",
            routing::get(read).merge(head(offset)).patch(append),
        )
        .route("/sync/v1/blob/{document}/{hash}/lost", post(lost))
}

/// A document and a blob, as an address names them; an address that names none leads nowhere.
fn named(Path((document, hash)): Path<(String, String)>) -> Result<(DocumentId, BlobHash), Problem> {
    let nowhere = || Problem::new(Code::NotFound);
    Ok((
        document.parse().map_err(|_| nowhere())?,
        hash.parse().map_err(|_| nowhere())?,
    ))
}

async fn offset(
    State(app): State<App>,
    path: Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (document, hash) = named(path)?;
    let got = app.blob_offset(bearer(&headers)?, document, hash).await?;
    Ok((StatusCode::OK, told(got)).into_response())
}

async fn append(
    State(app): State<App>,
    path: Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (document, hash) = named(path)?;
    let token = bearer(&headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != PIECE) {
        return Err(Problem::new(Code::MediaType));
    }
    let place = (number(&headers, &OFFSET)?, number(&headers, &LENGTH)?);
    let pieces = body.into_data_stream();
    let got = app.blob_append(token, (document, hash), place, pieces).await?;
    Ok((StatusCode::NO_CONTENT, told(got)).into_response())
}

async fn lost(
    State(app): State<App>,
    path: Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let (document, hash) = named(path)?;
    app.blob_lost(bearer(&headers)?, document, hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read(
    State(app): State<App>,
    path: Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (document, hash) = named(path)?;
    let blob = app.blob_for_phone(bearer(&headers)?, document, hash).await?;
    give(blob, &headers).await
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .ok_or_else(|| Problem::new(Code::BadRequest))
}

fn told(got: Got) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([TUS]);
    headers.insert(OFFSET, got.offset.into());
    if let Some(seq) = got.whole {
        headers.insert(LENGTH, got.offset.into());
        headers.insert(SEQ, seq.into());
    }
    headers
}

/// The blob, or the part of it that was asked for. Nothing in it is ever run: it is of the kind its own bytes say, and no
/// page of its own.
pub(crate) async fn give(blob: Readable, asked: &HeaderMap) -> Result<Response, Problem> {
    let Readable {
        path,
        hash,
        here,
        title,
    } = blob;
    let etag = format!("\"{hash}\"");
    let same = |name| {
        asked
            .get(name)
            .is_some_and(|value| value.as_bytes() == etag.as_bytes())
    };
    let file_name = file_name(hash, here.media, title.as_deref());
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        let value = HeaderValue::from_str(value).expect("names and numbers are plain ASCII");
        headers.insert(name, value);
    };
    put(header::ETAG, &etag);
    put(header::ACCEPT_RANGES, "bytes");
    put(header::CACHE_CONTROL, "private, no-cache");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if same(header::IF_NONE_MATCH) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    put(header::CONTENT_TYPE, here.media.word());
    put(header::CONTENT_DISPOSITION, &file_name);
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    let whole_wanted = asked.contains_key(header::IF_RANGE) && !same(header::IF_RANGE);
    let range = asked.get(header::RANGE).filter(|_| !whole_wanted);
    let (status, from, to) = match range.map(|range| range_of(range, here.size)) {
        None | Some(Range::Unread) => (StatusCode::OK, 0, here.size),
        Some(Range::Part(from, to)) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(Range::Beyond) => {
            put(header::CONTENT_RANGE, &format!("bytes */{}", here.size));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{}", to - 1, here.size);
        put(header::CONTENT_RANGE, &range);
    }
    put(header::CONTENT_LENGTH, &(to - from).to_string());
    let mut file = File::open(&path).await.map_err(|error| {
        // The next look at the files notices, and phones are asked for it.
        tracing::error!(blob = %hash, %error, "the file of blob {hash} cannot be opened");
        Problem::new(Code::Internal)
    })?;
    file.seek(SeekFrom::Start(from))
        .await
        .map_err(|_| Problem::new(Code::Internal))?;
    Ok((status, headers, pieces(file, to - from)).into_response())
}

/// A picture is shown. A PDF is saved, under its title where it has one: no browser shows one that may run nothing.
fn file_name(hash: BlobHash, media: Media, title: Option<&str>) -> String {
    let how = if media.is_picture() {
        "inline"
    } else {
        "attachment"
    };
    let (short, ending) = (&hash.to_string()[..12], media.ending());
    let mut text = format!("{how}; filename=\"{short}.{ending}\"");
    if let Some(title) = title {
        text.push_str("; filename*=UTF-8''");
        for byte in format!("{title}.{ending}").bytes() {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
                // A separator of paths is no part of a name, whatever reads it.
                b'/' | b'\\' => text.push('_'),
                other => text.push_str(&format!("%{other:02X}")),
            }
        }
    }
    text
}

fn pieces(file: File, left: u64) -> Body {
    let read = async |(mut file, left): (File, u64)| {
        if left == 0 {
            return Ok::<_, std::io::Error>(None);
        }
        let wanted = usize::try_from(left.min(READ_BYTES)).unwrap_or(usize::MAX);
        let mut piece = vec![0; wanted];
        file.read_exact(&mut piece).await?;
        Ok(Some((Bytes::from(piece), (file, left - wanted as u64))))
    };
    Body::from_stream(stream::try_unfold((file, left), read))
}

/// Which bytes were asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Range {
    /// From here to before there.
    Part(u64, u64),
    /// None that exist.
    Beyond,
    /// In words that need not be understood: all are given.
    Unread,
}

pub(crate) fn range_of(value: &HeaderValue, size: u64) -> Range {
    let text = value.to_str().ok().and_then(|text| text.strip_prefix("bytes="));
    let Some((from, to)) = text.and_then(|text| text.split_once('-')) else {
        return Range::Unread;
    };
    let (Ok(from), Ok(to)) = (
        from.parse::<u64>(),
        if to.is_empty() { Ok(u64::MAX) } else { to.parse() },
    ) else {
        return Range::Unread;
    };
    if to < from {
        Range::Unread
    } else if from >= size {
        Range::Beyond
    } else {
        Range::Part(from, to.saturating_add(1).min(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_is_saved_under_its_title_and_a_picture_is_shown() {
        let hash = BlobHash([0xab; 32]);
        assert_eq!(
            file_name(hash, Media::Jpeg, None),
            "inline; filename=\"abababababab.jpg\""
        );
        assert_eq!(
            file_name(hash, Media::Pdf, Some("../图 \"A\"\r\n")),
            "attachment; filename=\"abababababab.pdf\"; filename*=UTF-8''.._%E5%9B%BE%20%22A%22%0D%0A.pdf"
        );
    }

    #[test]
    fn a_range_is_one_part_of_the_blob_or_all_of_it() {
        let range = |text: &'static str| range_of(&HeaderValue::from_static(text), 10);
        assert_eq!(range("bytes=0-"), Range::Part(0, 10));
        assert_eq!(range("bytes=3-4"), Range::Part(3, 5));
        assert_eq!(range("bytes=9-18446744073709551615"), Range::Part(9, 10));
        assert_eq!(range("bytes=10-"), Range::Beyond);
        for other in ["bytes=5-4", "bytes=-3", "bytes=0-1,3-4", "lines=1-2", "bytes=--1"] {
            assert_eq!(range(other), Range::Unread, "{other}");
        }
    }
}
