//! SLA plans: what contracts promise, and from which a ticket gets its deadline.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems, unknown};
use super::body::{Asked, At, Strict};
use super::cursor::{Page, Window};
use super::routes::Routes;
use super::row::Checks;
use crate::app::App;
use crate::auth::Permission;
use crate::company::{BadHours, ServiceHours};
use crate::hq_row::{self, HqRow, PLAN_MINUTES_MAX};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::hq_row::{sla_plan_get, sla_plan_list};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/sla-plans", Permission::ReadCustomers, list)
        .post("/sla-plans", Permission::EditPlans, create)
        .get("/sla-plans/{plan}", Permission::ReadCustomers, get)
        .put("/sla-plans/{plan}", Permission::EditPlans, update)
}

/// How fast a customer is owed an answer and a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaPlan {
    /// Code customers point at; it never changes.
    #[schema(min_length = 1, max_length = 200)]
    pub code: String,
    /// Name in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    pub name_zh: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 200)]
    pub name_en: String,
    /// Minutes until the first response.
    #[schema(minimum = 1, maximum = 527_040)]
    pub response_min: u32,
    /// Minutes until an engineer is on site; a new ticket's deadline lies so far ahead, round the clock for now.
    #[schema(minimum = 1, maximum = 527_040)]
    pub onsite_min: u32,
    /// When the clock is to run: ISO weekdays and hours, `1-5 09:00-18:00`. Kept, and not yet reckoned with.
    #[schema(min_length = 1, max_length = 200)]
    pub hours: String,
}

/// What may change about an SLA plan: everything but its code.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaPlanTerms {
    /// Name in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    name_zh: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 200)]
    name_en: String,
    /// Minutes until the first response.
    #[schema(minimum = 1, maximum = 527_040)]
    response_min: u32,
    /// Minutes until an engineer is on site.
    #[schema(minimum = 1, maximum = 527_040)]
    onsite_min: u32,
    /// When the clock is to run: `1-5 09:00-18:00`.
    #[schema(min_length = 1, max_length = 200)]
    hours: String,
}

impl From<hq_row::SlaPlan> for SlaPlan {
    fn from(plan: hq_row::SlaPlan) -> Self {
        Self {
            code: plan.code,
            name_zh: plan.name_zh,
            name_en: plan.name_en,
            response_min: plan.response_min,
            onsite_min: plan.onsite_min,
            hours: plan.hours,
        }
    }
}

impl SlaPlan {
    fn checks(&self) -> Checks {
        let minutes = 1..=PLAN_MINUTES_MAX;
        let (response, onsite) = (
            minutes.contains(&self.response_min),
            minutes.contains(&self.onsite_min),
        );
        Checks::default()
            .word("code", &self.code)
            .word("name_zh", &self.name_zh)
            .word("name_en", &self.name_en)
            .that(
                response,
                "response_min",
                ("1 到 527040 分钟", "1 to 527040 minutes"),
            )
            .that(onsite, "onsite_min", ("1 到 527040 分钟", "1 to 527040 minutes"))
    }

    /// Writes it, with its hours in their one spelling.
    async fn put(mut self, app: &App) -> Result<Self, Problem> {
        self.checks().run(app).await?;
        let hours: Result<ServiceHours, _> = self.hours.parse();
        let wrong = |BadHours| {
            Problem::new(Code::Invalid).detail(
                "hours：服务时间应写成 1-5 09:00-18:00",
                "hours: service hours are written like 1-5 09:00-18:00",
            )
        };
        self.hours = hours.map_err(wrong)?.to_string();
        let plan = self.clone();
        let row = HqRow::Plan(hq_row::SlaPlan {
            code: plan.code,
            name_zh: plan.name_zh,
            name_en: plan.name_en,
            response_min: plan.response_min,
            onsite_min: plan.onsite_min,
            hours: plan.hours,
        });
        app.put_rows_and(Vec::new(), vec![row]).await?;
        Ok(self)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SlaPlanQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/sla-plans", tag = "customers", operation_id = "sla_plan_list", params(SlaPlanQuery),
    responses((status = 200, description = "In the order of their codes.", body = Page<SlaPlan>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<SlaPlanQuery>,
) -> Result<Json<Page<SlaPlan>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| sla_plan_list(connection, &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().map(SlaPlan::from).collect();
    Ok(Json(part.page(&uri, items, |item| item.code.clone())))
}

async fn find(app: &App, code: String) -> Result<Option<SlaPlan>, Problem> {
    let read = move |connection: &rusqlite::Connection| sla_plan_get(connection, &code);
    let found = app.store().read::<_, StoreError>(read).await?;
    Ok(found.map(SlaPlan::from))
}

#[utoipa::path(get, path = "/sla-plans/{plan}", tag = "customers", operation_id = "sla_plan_get",
    params(("plan" = String, Path, description = "Code.")),
    responses((status = 200, description = "As it is now.", body = SlaPlan), ReadProblems))]
async fn get(State(app): State<App>, At(code): At<String>) -> Result<Json<SlaPlan>, Problem> {
    find(&app, code).await?.map(Json).ok_or_else(unknown)
}

#[utoipa::path(post, path = "/sla-plans", tag = "customers", operation_id = "sla_plan_create", request_body = SlaPlan,
    responses((status = 201, description = "As it is now.", body = SlaPlan), WriteProblems))]
async fn create(State(app): State<App>, Strict(plan): Strict<SlaPlan>) -> Result<Created<SlaPlan>, Problem> {
    match find(&app, plan.code.clone()).await? {
        // A repetition after a crash finds what the first time made.
        Some(there) if there != plan => {
            Err(Problem::new(Code::Conflict).detail("code：已被使用", "code: taken"))
        }
        _ => plan.put(&app).await.map(Created),
    }
}

#[utoipa::path(put, path = "/sla-plans/{plan}", tag = "customers", operation_id = "sla_plan_update",
    request_body = SlaPlanTerms, params(("plan" = String, Path, description = "Code.")),
    responses((status = 200, description = "As it is now; tickets keep their deadlines.", body = SlaPlan), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(code): At<String>,
    Strict(body): Strict<SlaPlanTerms>,
) -> Result<Json<SlaPlan>, Problem> {
    find(&app, code.clone()).await?.ok_or_else(unknown)?;
    let plan = SlaPlan {
        code,
        name_zh: body.name_zh,
        name_en: body.name_en,
        response_min: body.response_min,
        onsite_min: body.onsite_min,
        hours: body.hours,
    };
    plan.put(&app).await.map(Json)
}
