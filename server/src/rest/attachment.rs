//! Files of articles and manuals: attached under the SHA-256 of their bytes, read, taken away.
//!
//! The address names the bytes, so a file that comes twice is attached once, and one that was damaged on the way is refused.
//! What a file is, its bytes say; the media type of the request is not asked.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::blob::{BLOB_BYTES_MAX, BlobHash};
use fieldline_model::document::Content;
use fieldline_model::id::{ArticleId, DocumentId, OperationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ReadProblems, WriteProblems};
use super::article::{ArticleDetail, load};
use super::body::{Asked, At, Nothing, Strict};
use super::routes::Routes;
use super::shape::{Id, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::blob::NewFile;
use crate::blob_http::give;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::blob::{BlobState, blob_states};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/articles/{article}/attachments/{sha256}",
            Permission::ReadArticles,
            read,
        )
        .put(
            "/articles/{article}/attachments/{sha256}",
            Permission::PublishArticles,
            attach,
        )
        .post(
            "/articles/{article}/attachments/{sha256}/remove",
            Permission::PublishArticles,
            remove,
        )
}

/// A file of an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// The operation that attached it.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// SHA-256 of its bytes: 64 lower-case hexadecimal digits, and its name in addresses.
    pub sha256: String,
    /// Media type, as its bytes say: `application/pdf`, `image/jpeg`, `image/png` or `image/webp`.
    pub media: String,
    /// Size in bytes.
    pub size: u64,
    /// What people call it, in Chinese.
    pub title_zh: String,
    /// What people call it, in English.
    pub title_en: String,
    /// How many pages it has, where somebody said so.
    pub pages: Option<u32>,
    /// Its bytes are here. Where they were lost, attaching the same file again brings them back.
    pub here: bool,
}

/// The files an article has.
pub(super) async fn attachments(app: &App, id: ArticleId) -> Result<Vec<Attachment>, Problem> {
    let document = DocumentId::from(id);
    let content: Content = app.content(document).await?.unwrap_or_default();
    let read = move |connection: &rusqlite::Connection| blob_states(connection, document);
    let states = app.store().read::<_, StoreError>(read).await?;
    let attached = content
        .attachments()
        .into_iter()
        .map(|(operation, file)| Attachment {
            operation: Id(operation),
            sha256: file.blob.to_string(),
            media: file.media.word().to_owned(),
            size: file.size,
            title_zh: file.title_zh.clone(),
            title_en: file.title_en.clone(),
            pages: file.pages,
            here: states.contains(&(file.blob, BlobState::Here)),
        });
    Ok(attached.collect())
}

fn named(sha256: &str) -> Result<BlobHash, Problem> {
    sha256.parse().map_err(|_| Problem::new(Code::NotFound))
}

#[utoipa::path(get, path = "/articles/{article}/attachments/{sha256}", tag = "articles", operation_id = "attachment_get",
    params(("article" = String, Path, description = "Id of the article."),
        ("sha256" = String, Path, description = "Name of the file.")),
    responses((status = 200, description = "The file, or with `Range` a part of it (206).",
        content_type = "application/octet-stream"), ReadProblems))]
async fn read(
    State(app): State<App>,
    At((id, sha256)): At<(ArticleId, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hash = named(&sha256)?;
    let mut blob = app.readable(id.into(), hash, None).await?;
    let files = attachments(&app, id).await?;
    let file = files.into_iter().find(|file| file.sha256 == sha256);
    blob.title = file.map(|file| file.title_en);
    give(blob, &headers).await
}

/// What people call the file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Titles {
    /// In Chinese.
    #[param(min_length = 1, max_length = 200)]
    title_zh: String,
    /// In English.
    #[param(min_length = 1, max_length = 200)]
    title_en: String,
    /// How many pages it has.
    #[param(minimum = 1, maximum = 10000)]
    pages: Option<u32>,
}

#[utoipa::path(put, path = "/articles/{article}/attachments/{sha256}", tag = "articles", operation_id = "attachment_put",
    request_body(content_type = "application/octet-stream",
        description = "The file: PDF, JPEG, PNG or WebP, at most 20 MiB. What it is, its bytes say."),
    params(("article" = String, Path, description = "Id of the article."),
        ("sha256" = String, Path, description = "SHA-256 of the file: 64 lower-case hexadecimal digits."), Titles),
    responses((status = 200, description = "The article with the file. Phones show it from their next sync on, and fetch it \
        when somebody opens it. The same file under another title takes the older one's place.", body = ArticleDetail),
        WriteProblems))]
async fn attach(
    State(app): State<App>,
    api: Api,
    At((id, sha256)): At<(ArticleId, String)>,
    Asked(titles): Asked<Titles>,
    body: Body,
) -> Result<Json<ArticleDetail>, Problem> {
    let hash = named(&sha256)?;
    load(&app, id).await?;
    let most = usize::try_from(BLOB_BYTES_MAX).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, most).await.map_err(|_| {
        Problem::new(Code::BlobTooLarge).detail(
            format!("最多 {BLOB_BYTES_MAX} 字节"),
            format!("at most {BLOB_BYTES_MAX} bytes"),
        )
    })?;
    if BlobHash::of(&bytes) != hash {
        return Err(Problem::new(Code::BlobHash));
    }
    let file = NewFile {
        bytes: bytes.into(),
        title_zh: titles.title_zh,
        title_en: titles.title_en,
        pages: titles.pages,
    };
    app.attach(api.author(), id, file).await?;
    load(&app, id).await.map(Json)
}

#[utoipa::path(post, path = "/articles/{article}/attachments/{sha256}/remove", tag = "articles",
    operation_id = "attachment_remove", request_body = Nothing,
    params(("article" = String, Path, description = "Id of the article."),
        ("sha256" = String, Path, description = "Name of the file.")),
    responses((status = 200, description = "The article without the file. Phones drop it at their next sync; here its bytes \
        stay for 45 days.", body = ArticleDetail), WriteProblems))]
async fn remove(
    State(app): State<App>,
    api: Api,
    At((id, sha256)): At<(ArticleId, String)>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<ArticleDetail>, Problem> {
    app.detach(api.author(), id, named(&sha256)?).await?;
    load(&app, id).await.map(Json)
}
