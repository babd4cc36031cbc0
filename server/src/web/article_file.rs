//! Files of an article on its page, and the files themselves: for staff who may read articles, by the article.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::id::{ArticleId, DocumentId};
use fieldline_model::operation::Attachment;

use super::Web;
use super::reader::Reader;
use super::view::pick;
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::blob_http::give;
use crate::page::knowledge::File;
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::blob::{BlobState, blob_states};
use crate::words::{Lang, desk as d};

/// Bytes that are called one megabyte.
const MEGABYTE: u64 = 1_000_000;

/// The files of an article, as its page shows them.
pub(super) async fn files(web: &Web, lang: Lang, id: ArticleId) -> Result<Vec<File>, Problem> {
    let document = DocumentId::from(id);
    let content = web.app.content(document).await?.unwrap_or_default();
    let states = web
        .app
        .store()
        .read(move |connection| blob_states(connection, document))
        .await?;
    let one = |file: &Attachment| {
        let is_here = states.contains(&(file.blob, BlobState::Here));
        File {
            title: pick(lang, &file.title_zh, &file.title_en).to_owned(),
            about: about(lang, file),
            src: is_here.then(|| paths::article_file(&id.to_string(), &file.blob.to_string())),
        }
    };
    Ok(content
        .attachments()
        .into_iter()
        .map(|(_, file)| one(file))
        .collect())
}

fn about(lang: Lang, file: &Attachment) -> String {
    let size = if file.size < MEGABYTE {
        format!("{} kB", file.size.div_ceil(1_000))
    } else {
        format!("{}.{} MB", file.size / MEGABYTE, file.size % MEGABYTE / 100_000)
    };
    let kind = file.media.ending().to_uppercase();
    match file.pages {
        Some(pages) => {
            let pages = lang.fill(d::ART_FILE_PAGES, &[("n", &pages.to_string())]);
            format!("{kind} · {pages} · {size}")
        }
        None => format!("{kind} · {size}"),
    }
}

/// GET one file, or a part of it.
pub(super) async fn show(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    signed: Signed,
    Path((id, hash)): Path<(String, String)>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadArticles)?;
    let nowhere = || Problem::new(Code::NotFound);
    let id: ArticleId = id.parse().map_err(|_| nowhere())?;
    let hash = hash.parse().map_err(|_| nowhere())?;
    let mut blob = web.app.readable(id.into(), hash, None).await?;
    let content = web.app.content(id.into()).await?.unwrap_or_default();
    let file = content
        .attachments()
        .into_iter()
        .find(|(_, file)| file.blob == hash);
    blob.title = file.map(|(_, file)| pick(reader.lang, &file.title_zh, &file.title_en).to_owned());
    give(blob, &headers).await
}
