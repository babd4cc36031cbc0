//! Starting a company: its name, its vocabulary, its first administrator, its tables.

use std::path::{Path, PathBuf};

use fieldline_server::app::{App, Edge, Options};
use fieldline_server::auth::account::check_name;
use fieldline_server::auth::password::check as check_password;
use fieldline_server::auth::{NewStaff, Role};
use fieldline_server::company::Company;
use fieldline_server::import::{CsvReport, StartError, start_company, try_tables};
use fieldline_server::words::Lang;
use serde_json::json;

use super::{password, tables, user};
use crate::answer::Answer;
use crate::args::admin::InitArgs;
use crate::data;
use crate::fault::Fault;
use crate::when;
use crate::words::{admin as a, fault as w, fill};

/// Longest name of a company: it has to fit the head of a page.
const COMPANY_CHARS_MAX: usize = 100;

/// Starts a company, or with a dry run only says what its tables are worth. Everything is checked before anything is
/// written, and then written in one transaction.
pub(super) async fn init(args: &InitArgs, lang: Lang) -> Result<Answer, Fault> {
    let path = &args.data.data;
    refuse_nameless(&args.name)?;
    refuse_second(path).await?;
    if args.tables.dry_run && args.tables.is_empty() {
        return Err(Fault::new("no_tables", w::NO_TABLES, &[]));
    }
    check_name(&args.admin).map_err(|error| user::fault(error, &args.admin))?;
    let tried = try_tables_of(args).await?;
    let answer = tables::answer(&tried, &args.tables, lang);
    if args.tables.dry_run || !answer.good {
        return Ok(Answer {
            json: if args.tables.dry_run {
                answer.json
            } else {
                json!({ "started": false, "import": answer.json })
            },
            ..answer
        });
    }
    let password = password::read(args.password_stdin, lang)?;
    check_password(&password).map_err(|error| user::fault(error.into(), &args.admin))?;
    start(args, password, lang).await
}

/// The name stands on every page that customers see.
fn refuse_nameless(name: &str) -> Result<(), Fault> {
    let is_plain = !name.trim().is_empty() && !name.chars().any(char::is_control);
    let fits = name.chars().count() <= COMPANY_CHARS_MAX;
    if is_plain && fits {
        return Ok(());
    }
    let most = COMPANY_CHARS_MAX.to_string();
    Err(Fault::new(
        "bad_company_name",
        w::COMPANY_NAME_BAD,
        &[("n", &most)],
    ))
}

/// A company that somebody can sign in to is there already.
async fn refuse_second(path: &Path) -> Result<(), Fault> {
    if !data::is_there(path) {
        return Ok(());
    }
    let app = data::open(path)?;
    // A server that ran before the company was started leaves a record without people.
    if app.staff().await?.is_empty() {
        return Ok(());
    }
    let values = [
        ("path", &*path.display().to_string()),
        ("name", &app.organisation().name),
    ];
    Err(Fault::new("company_exists", w::COMPANY_THERE, &values))
}

async fn start(args: &InitArgs, password: String, lang: Lang) -> Result<Answer, Fault> {
    let path = &args.data.data;
    let files = tables::files(&args.tables)?;
    data::make(path)?;
    let _lock = data::lock(path)?;
    let options = Options {
        organisation_name: Some(args.name.clone()),
        ..Options::default()
    };
    let app = App::open(path, Edge::system(), options)?;
    let admin = NewStaff {
        name: args.admin.clone(),
        display_name: args.admin.clone(),
        role: Role::Admin,
        lang: lang.code().to_owned(),
        password: Some(password),
    };
    let (report, staff) = match start_company(&app, &vocabulary(), files, admin).await {
        Ok(started) => started,
        // The files changed between the trial and now.
        Err(StartError::BadLines(report) | StartError::Tried(report)) => {
            return Ok(tables::answer(&report, &args.tables, lang));
        }
        Err(StartError::Account(error)) => return Err(user::fault(error, &args.admin)),
        Err(StartError::Import(error)) => return Err(error.into()),
    };
    let import = (!args.tables.is_empty()).then(|| tables::answer(&report, &args.tables, lang));
    let (read, import) = import.map_or_else(Default::default, |answer| (answer.text, answer.json));
    let started = fill(lang, a::STARTED, &[("name", &args.name), ("admin", &staff.name)]);
    let next = fill(lang, a::NEXT_SERVE, &[("data", &path.display().to_string())]);
    let json = json!({
        "started": true, "company": args.name, "admin": staff.name, "organisation": app.organisation().id,
        "import": import,
    });
    Ok(Answer::new(
        format!("{read}\n{started}\n{next}").trim_start(),
        json,
    ))
}

/// What the tables are worth: for the record that is there, otherwise for one that is thrown away.
async fn try_tables_of(args: &InitArgs) -> Result<CsvReport, Fault> {
    let files = tables::files(&args.tables)?;
    if data::is_there(&args.data.data) {
        let app = data::open(&args.data.data)?;
        return Ok(try_tables(&app, &vocabulary(), files).await?);
    }
    let scratch = scratch();
    data::make(&scratch)?;
    let tried = match App::open(&scratch, Edge::system(), Options::default()) {
        Ok(app) => try_tables(&app, &vocabulary(), files).await.map_err(Fault::from),
        Err(error) => Err(error.into()),
    };
    // What stays behind holds nobody's data: a trial is taken back.
    let _ = std::fs::remove_dir_all(&scratch);
    tried
}

fn scratch() -> PathBuf {
    let mut bytes = [0_u8; 8];
    when::random(&mut bytes);
    std::env::temp_dir().join(format!("fieldline-dry-run-{:016x}", u64::from_be_bytes(bytes)))
}

/// SLA plans, fault, cause and remedy codes and checklists: what every company starts with. Nobody's customers or
/// machines.
fn vocabulary() -> Company {
    let mut company = Company::demo();
    company.customers.customers.clear();
    company.customers.contacts.clear();
    company.customers.sites.clear();
    company.assets.clear();
    company.models.clear();
    company.parts.clear();
    company.stock.locations.clear();
    company.stock.levels.clear();
    company.engineers.clear();
    company.articles.clear();
    company.manuals.clear();
    company.files.clear();
    company.history.clear();
    company.reports.clear();
    company
}
