//! Articles and manuals: list and search, read, publish, write beside.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{ArticleId, DocumentId, OperationId};
use fieldline_model::operation::{Act, ArticleHead, REQUIRED_MAX, Section as ModelSection};
use fieldline_model::search::match_expression;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, Done, ReadProblems, WriteProblems, unknown};
use super::attachment::{Attachment, attachments};
use super::body::{Asked, At, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::row::Checks;
use super::shape::{Id, Time, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::article::{ArticleView, article_get, article_list};
use crate::store::event::{EventView, event_list};

/// Most sections of one article: the largest manual, with its language pairs.
pub const SECTIONS_MAX: usize = 100;
/// Entries of an article's document that are read.
const ENTRIES_MAX: u32 = 2_000;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/articles", Permission::ReadArticles, list)
        .post("/articles", Permission::PublishArticles, create)
        .get("/articles/{article}", Permission::ReadArticles, get)
        .put("/articles/{article}", Permission::PublishArticles, publish)
        .post(
            "/articles/{article}/annotations",
            Permission::ReadArticles,
            annotate,
        )
}

/// An article without its sections.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Article {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<ArticleId>,
    /// A manual, not a knowledge article.
    pub manual: bool,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Device category.
    pub category: Option<String>,
    /// Fault codes it helps with.
    pub faults: Vec<String>,
    /// Models it is for.
    pub models: Vec<String>,
    /// How many annotations it has.
    pub annotations: u32,
}

impl From<ArticleView> for Article {
    fn from(view: ArticleView) -> Self {
        let ArticleView {
            id,
            manual,
            title_zh,
            title_en,
            category,
            faults,
            models,
            annotations,
        } = view;
        Self {
            id: Id(id),
            manual,
            title_zh,
            title_en,
            category,
            faults,
            models,
            annotations,
        }
    }
}

/// One section in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Place in the article, ascending. Publishing another text for the same place replaces it.
    pub order: u32,
    /// Heading in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    pub heading_zh: String,
    /// Heading in English.
    #[schema(min_length = 1, max_length = 200)]
    pub heading_en: String,
    /// Text in Chinese.
    #[schema(max_length = 16384)]
    pub body_zh: String,
    /// Text in English.
    #[schema(max_length = 16384)]
    pub body_en: String,
}

impl From<ModelSection> for Section {
    fn from(section: ModelSection) -> Self {
        let ModelSection {
            order,
            heading_zh,
            heading_en,
            body_zh,
            body_en,
        } = section;
        Self {
            order,
            heading_zh,
            heading_en,
            body_zh,
            body_en,
        }
    }
}

impl From<Section> for ModelSection {
    fn from(section: Section) -> Self {
        let Section {
            order,
            heading_zh,
            heading_en,
            body_zh,
            body_en,
        } = section;
        Self {
            order,
            heading_zh,
            heading_en,
            body_zh,
            body_en,
        }
    }
}

/// What somebody wrote beside an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Annotation {
    /// Its operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// Who: `engineer:<id>` or `staff:<id>`.
    pub author: String,
    /// When.
    pub at: Time,
    /// The words.
    pub text: String,
}

/// An article with its sections and what was written beside it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleDetail {
    /// The article.
    pub article: Article,
    /// Its sections in reading order.
    pub sections: Vec<Section>,
    /// Its files, in the order they were attached.
    pub attachments: Vec<Attachment>,
    /// Annotations in the order they came.
    pub annotations: Vec<Annotation>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ArticleQuery {
    /// Words to be found, in Chinese or English; all must occur.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only of this device category.
    category: Option<String>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/articles", tag = "articles", operation_id = "article_list", params(ArticleQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Article>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<ArticleQuery>,
) -> Result<Json<Page<Article>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let expression = match asked.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        // Only signs that no index holds: nothing can be found.
        Some(q) => match match_expression(q) {
            None => {
                return Ok(Json(Page {
                    items: Vec::new(),
                    next: None,
                }));
            }
            found => found,
        },
        None => None,
    };
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| {
        article_list(
            connection,
            expression.as_deref(),
            asked.category.as_deref(),
            &after,
            rows,
        )
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    let articles = found.into_iter().map(Article::from).collect();
    Ok(Json(part.page(&uri, articles, |article: &Article| {
        article.id.to_string()
    })))
}

pub(super) async fn load(app: &App, id: ArticleId) -> Result<ArticleDetail, Problem> {
    let read = move |connection: &rusqlite::Connection| {
        let entries = event_list(connection, &DocumentId::from(id).to_string(), 0, ENTRIES_MAX)?;
        Ok(article_get(connection, id)?.map(|article| (article, entries)))
    };
    let (article, entries) = app
        .store()
        .read::<_, StoreError>(read)
        .await?
        .ok_or_else(unknown)?;
    let mut sections = std::collections::BTreeMap::new();
    let mut annotations = Vec::new();
    for entry in entries {
        match act(&entry) {
            Some(Act::WriteSection(section)) => {
                sections.insert(section.order, Section::from(*section));
            }
            Some(Act::Annotate { text, .. }) => annotations.push(Annotation {
                operation: Id(entry.operation),
                author: entry.author,
                at: Time(entry.at),
                text,
            }),
            _ => {}
        }
    }
    Ok(ArticleDetail {
        article: article.into(),
        sections: sections.into_values().collect(),
        attachments: attachments(app, id).await?,
        annotations,
    })
}

fn act(entry: &EventView) -> Option<Act> {
    fieldline_model::entry::Entry::read(&entry.entry).map(|entry| entry.act)
}

#[utoipa::path(get, path = "/articles/{article}", tag = "articles", operation_id = "article_get",
    params(("article" = String, Path, description = "Id of the article.")),
    responses((status = 200, description = "The article with its sections.", body = ArticleDetail), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<ArticleId>) -> Result<Json<ArticleDetail>, Problem> {
    load(&app, id).await.map(Json)
}

/// An article to publish.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// A manual, not a knowledge article.
    #[serde(default)]
    pub manual: bool,
    /// Title in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    pub title_zh: String,
    /// Title in English.
    #[schema(min_length = 1, max_length = 200)]
    pub title_en: String,
    /// Device category.
    #[schema(max_length = 200)]
    pub category: Option<String>,
    /// Fault codes it helps with.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub faults: Vec<String>,
    /// Models it is for.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub models: Vec<String>,
    /// Its sections; each place once.
    #[schema(max_items = 100)]
    pub sections: Vec<Section>,
}

impl NewArticle {
    async fn publish(self, app: &App, id: ArticleId) -> Result<ArticleDetail, Problem> {
        let mut places: Vec<u32> = self.sections.iter().map(|section| section.order).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() != self.sections.len() {
            return Err(Problem::new(Code::Invalid)
                .detail("sections：每个 order 只能出现一次", "sections: each order once"));
        }
        Checks::default()
            .count("sections", self.sections.len(), SECTIONS_MAX)
            .count("faults", self.faults.len(), REQUIRED_MAX)
            .count("models", self.models.len(), REQUIRED_MAX)
            .words("faults", &self.faults)
            .words("models", &self.models)
            .maybe("category", self.category.as_deref())
            .run(app)
            .await?;
        let head = ArticleHead {
            manual: self.manual,
            title_zh: self.title_zh,
            title_en: self.title_en,
            category: self.category,
            faults: self.faults,
            models: self.models,
        };
        app.publish_article(id, head, self.sections.into_iter().map(Into::into).collect())
            .await?;
        load(app, id).await
    }
}

#[utoipa::path(post, path = "/articles", tag = "articles", operation_id = "article_create", request_body = NewArticle,
    responses((status = 201, description = "The new article.", body = ArticleDetail), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<NewArticle>,
) -> Result<Created<ArticleDetail>, Problem> {
    body.publish(&app, seed.id(ArticleId::new, "article"))
        .await
        .map(Created)
}

#[utoipa::path(put, path = "/articles/{article}", tag = "articles", operation_id = "article_publish",
    request_body = NewArticle, params(("article" = String, Path, description = "Id of the article.")),
    responses((status = 200, description = "As published. What it said before is not written again; a section that is \
        left out stays.", body = ArticleDetail), WriteProblems))]
async fn publish(
    State(app): State<App>,
    At(id): At<ArticleId>,
    Strict(body): Strict<NewArticle>,
) -> Result<Json<ArticleDetail>, Problem> {
    load(&app, id).await?;
    body.publish(&app, id).await.map(Json)
}

/// Something to write beside an article.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnnotation {
    /// The words.
    #[schema(min_length = 1, max_length = 16384)]
    pub text: String,
}

#[utoipa::path(post, path = "/articles/{article}/annotations", tag = "articles", operation_id = "article_annotate",
    request_body = NewAnnotation, params(("article" = String, Path, description = "Id of the article.")),
    responses((status = 200, description = "The annotation is kept.", body = Done), WriteProblems))]
async fn annotate(
    State(app): State<App>,
    api: Api,
    seed: Seed,
    At(id): At<ArticleId>,
    Strict(NewAnnotation { text }): Strict<NewAnnotation>,
) -> Result<Json<Done>, Problem> {
    load(&app, id).await?;
    let operation = seed.id(OperationId::new, "operation");
    let act = Act::Annotate { section: None, text };
    Ok(Json(
        app.perform_as(operation, api.author(), id.into(), act, None)
            .await?
            .into(),
    ))
}
