//! Blobs over HTTP: up in pieces from where the server stands, down from where the file ends. A cut costs what was under
//! way; nothing counts before it is verified, there by the server and here by the phone.

use fieldline_model::blob::{BLOB_PIECE_BYTES_MAX, BlobHash};
use fieldline_model::id::{DocumentId, OperationId};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RANGE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};

use super::SyncClient;
use super::http::problem;
use super::trouble::told;
use crate::blob::{BlobStep, Skipped};
use crate::error::EngineError;

/// Bytes sent at once: what a slow link carries well within the patience for one request.
const PIECE_BYTES: u64 = BLOB_PIECE_BYTES_MAX / 4;
/// So often one blob is begun anew in one go: its part was lost there, or its bytes came damaged.
const RESTARTS_MAX: usize = 3;
/// What pieces are called.
const PIECE: &str = "application/offset+octet-stream";

/// How far the server is with a blob.
struct Got {
    offset: u64,
    /// It is whole; the server's log stood here.
    whole: Option<u64>,
}

impl SyncClient {
    /// Whether the network costs by the byte. The app knows; until it says so it does not.
    pub fn set_metered(&self, metered: bool) {
        self.metered.store(metered, std::sync::atomic::Ordering::Relaxed);
    }

    /// Sends what is due. What this server cannot take now is left for the next time, and nothing else waits for it.
    pub(super) async fn send_blobs(&self) -> Result<(), EngineError> {
        let mut skipped = Skipped::new();
        loop {
            let metered = self.metered.load(std::sync::atomic::Ordering::Relaxed);
            let left = skipped.clone();
            let next = self
                .blocking(move |engine| engine.blob_next(metered, &left))
                .await?;
            let Some(step) = next else { return Ok(()) };
            match step {
                BlobStep::TellLost { document, hash } => {
                    match self.tell_lost(document, hash).await {
                        Ok(()) => {
                            self.blocking(move |engine| engine.blob_lost_told(document, hash))
                                .await?;
                        }
                        Err(EngineError::Server { .. }) => {}
                        Err(error) => return Err(error),
                    }
                    skipped.insert((document, hash));
                }
                BlobStep::Send { document, hash, size } => {
                    let sent = self.send_blob(document, hash, size).await;
                    self.note_sent(document, hash, sent).await?;
                    skipped.insert((document, hash));
                }
            }
        }
    }

    async fn note_sent(
        &self,
        document: DocumentId,
        hash: BlobHash,
        sent: Result<u64, EngineError>,
    ) -> Result<(), EngineError> {
        match sent {
            Ok(seq) => {
                self.blocking(move |engine| engine.blob_sent(document, hash, seq))
                    .await
            }
            Err(EngineError::Server { code, .. }) if is_final(&code) => {
                self.blocking(move |engine| engine.blob_refused(document, hash, &code))
                    .await
            }
            Err(EngineError::Server { status, code, .. }) => {
                tracing::info!(code, status, "a photo waits");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn send_blob(&self, document: DocumentId, hash: BlobHash, size: u64) -> Result<u64, EngineError> {
        let mut restarts = 0;
        loop {
            let mut got = self.blob_asked(document, hash).await?;
            let error = loop {
                if let Some(seq) = got.whole {
                    return Ok(seq);
                }
                match self.send_piece(document, hash, size, got.offset).await {
                    Ok(next) => got = next,
                    Err(error) => break error,
                }
            };
            let again = matches!(&error, EngineError::Server { code, .. } if code == "blob_offset" || code == "blob_hash");
            restarts += 1;
            if !again || restarts > RESTARTS_MAX {
                return Err(error);
            }
        }
    }

    async fn blob_asked(&self, document: DocumentId, hash: BlobHash) -> Result<Got, EngineError> {
        let response = self
            .blob_request(Method::HEAD, document, hash, "")?
            .send()
            .await
            .map_err(told)?;
        match response.status() {
            StatusCode::OK => got(response.headers()),
            // The answer to HEAD has no body that could say more.
            StatusCode::UNAUTHORIZED => self.unauthorised().await,
            status if is_ours(response.headers()) => Err(EngineError::Server {
                status: status.as_u16(),
                code: "blob_not_taken".into(),
                retry_after_s: None,
            }),
            _ => Err(problem(response).await),
        }
    }

    async fn send_piece(
        &self,
        document: DocumentId,
        hash: BlobHash,
        size: u64,
        offset: u64,
    ) -> Result<Got, EngineError> {
        let piece = self
            .blocking(move |engine| engine.blob_piece(hash, offset, PIECE_BYTES))
            .await?;
        let response = self
            .blob_request(Method::PATCH, document, hash, "")?
            .header(CONTENT_TYPE, PIECE)
            .header("upload-offset", offset)
            .header("upload-length", size)
            .body(piece)
            .send()
            .await
            .map_err(told)?;
        if response.status() != StatusCode::NO_CONTENT {
            return self.refused(response).await;
        }
        let next = got(response.headers())?;
        // A server that goes nowhere is asked no further.
        if next.whole.is_none() && next.offset <= offset {
            return Err(EngineError::NotOurServer);
        }
        Ok(next)
    }

    async fn tell_lost(&self, document: DocumentId, hash: BlobHash) -> Result<(), EngineError> {
        let request = self.blob_request(Method::POST, document, hash, "/lost")?;
        let response = request.send().await.map_err(told)?;
        if response.status() == StatusCode::NO_CONTENT {
            Ok(())
        } else {
            self.refused(response).await
        }
    }

    /// The bytes of a blob that an operation of this document refers to; fetched, unless it is here.
    ///
    /// # Errors
    /// [`EngineError::UnknownDocument`] where the document does not refer to it; [`EngineError::NetworkMetered`] for a file of
    /// an article while large ones wait for Wi-Fi; [`EngineError::DiskFull`]; those of the network, of the disk, and
    /// of the server: `not_found` while HQ has not got it. What came stays, and the next call goes on from there.
    pub async fn fetch_blob(
        &self,
        document: DocumentId,
        operation: OperationId,
        thumb: bool,
    ) -> Result<Vec<u8>, EngineError> {
        let wanted = self
            .blocking(move |engine| engine.blob_of(document, operation, thumb))
            .await?;
        let hash = wanted.hash;
        if let Some(bytes) = self
            .blocking(move |engine| engine.blob_bytes(document, hash))
            .await?
        {
            return Ok(bytes);
        }
        self.check_network(document).await?;
        for _ in 0..=RESTARTS_MAX {
            match self.fetch_part(document, hash, wanted.size).await {
                Err(EngineError::DiskFull) => {
                    if self.blocking(move |engine| engine.blob_no_room(&wanted)).await? {
                        continue;
                    }
                    return Err(EngineError::DiskFull);
                }
                fetched => fetched?,
            }
            let kept = self
                .blocking(move |engine| {
                    crate::clock::with_moment(|moment| engine.blob_fetched(&wanted, moment.time.estimate()))
                })
                .await?;
            if let Some(bytes) = kept {
                return Ok(bytes);
            }
        }
        Err(EngineError::NotOurServer)
    }

    /// A manual is many photos large, and can wait for a network that costs nothing; a photo is of a job under way.
    async fn check_network(&self, document: DocumentId) -> Result<(), EngineError> {
        let is_metered = self.metered.load(std::sync::atomic::Ordering::Relaxed);
        if document.ticket().is_none() && is_metered && self.blocking(|engine| engine.wifi_only()).await? {
            return Err(EngineError::NetworkMetered);
        }
        Ok(())
    }

    async fn fetch_part(&self, document: DocumentId, hash: BlobHash, size: u64) -> Result<(), EngineError> {
        let mut there = self.blocking(move |engine| engine.blob_part(hash)).await?;
        if there >= size {
            // Whole, or more than that: what it is worth is seen when it is verified.
            return Ok(());
        }
        let mut response = self
            .blob_request(Method::GET, document, hash, "")?
            .header(RANGE, format!("bytes={there}-"))
            .send()
            .await
            .map_err(told)?;
        let is_part = response.status() == StatusCode::PARTIAL_CONTENT
            || (response.status() == StatusCode::OK && there == 0);
        if !is_part {
            return self.refused(response).await;
        }
        while let Some(chunk) = response.chunk().await.map_err(told)? {
            there += chunk.len() as u64;
            if there > size {
                return Err(EngineError::NotOurServer);
            }
            self.blocking(move |engine| engine.blob_add(hash, &chunk)).await?;
        }
        Ok(())
    }

    fn blob_request(
        &self,
        method: Method,
        document: DocumentId,
        hash: BlobHash,
        rest: &str,
    ) -> Result<RequestBuilder, EngineError> {
        let token = self.engine.token().ok_or(EngineError::NotEnrolled)?;
        let address = self.engine.server_url().ok_or(EngineError::NotEnrolled)?;
        let path = format!("sync/v1/blob/{document}/{hash}{rest}");
        self.http.request(method, &address, &path, &token)
    }

    async fn refused<T>(&self, response: Response) -> Result<T, EngineError> {
        match problem(response).await {
            EngineError::Unauthorized => self.unauthorised().await,
            error => Err(error),
        }
    }

    async fn unauthorised<T>(&self) -> Result<T, EngineError> {
        self.blocking(crate::engine::Engine::token_refused).await?;
        Err(EngineError::Unauthorized)
    }
}

/// Codes after which sending the same bytes again would be told the same.
fn is_final(code: &str) -> bool {
    matches!(code, "media_type" | "blob_too_large")
}

fn is_ours(headers: &HeaderMap) -> bool {
    headers.contains_key("tus-resumable")
        || headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"))
}

/// A portal that answers everything with a page says none of this.
fn got(headers: &HeaderMap) -> Result<Got, EngineError> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    let offset = number("upload-offset").ok_or(EngineError::NotOurServer)?;
    Ok(Got {
        offset,
        whole: number("fieldline-seq"),
    })
}
