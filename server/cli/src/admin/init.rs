//! Starting a company: its name, its vocabulary, its first administrator, its tables.

use std::path::{Path, PathBuf};

use fieldline_server::app::{App, Edge, Options};
use fieldline_server::auth::Role;
use fieldline_server::company::Company;
use fieldline_server::import::import_company;
use fieldline_server::words::Lang;
use serde_json::json;

use super::{password, tables, user};
use crate::answer::Answer;
use crate::args::admin::InitArgs;
use crate::data;
use crate::fault::Fault;
use crate::when;
use crate::words::{admin as a, fault as w, fill};

/// Starts a company, or with a dry run only says what its tables are worth.
pub(super) async fn init(args: &InitArgs, lang: Lang) -> Result<Answer, Fault> {
    let path = &args.data.data;
    if data::is_there(path) {
        let app = data::open(path)?;
        // A start that was broken off before its administrator existed may be repeated.
        if !app.staff().await?.is_empty() {
            let values = [
                ("path", &*path.display().to_string()),
                ("name", &app.organisation().name),
            ];
            return Err(Fault::new("company_exists", w::COMPANY_THERE, &values));
        }
    }
    if args.tables.dry_run {
        return dry_run(args, lang).await;
    }
    let password = password::read(args.password_stdin, lang)?;
    data::make(path)?;
    let _lock = data::lock(path)?;
    let options = Options {
        organisation_name: Some(args.name.clone()),
        ..Options::default()
    };
    let app = App::open(path, Edge::system(), options)?;
    import_company(&app, &vocabulary()).await?;
    let mut answer = if args.tables.is_empty() {
        Answer::new("", json!(null))
    } else {
        tables::import(&app, &args.tables, lang).await?
    };
    // Last, so that whoever can sign in finds everything there.
    let staff = user::add(&app, &args.admin, None, Role::Admin, password, lang).await?;
    let started = fill(lang, a::STARTED, &[("name", &args.name), ("admin", &staff.name)]);
    let next = fill(lang, a::NEXT_SERVE, &[("data", &path.display().to_string())]);
    answer.text = format!("{}\n{started}\n{next}", answer.text)
        .trim_start()
        .to_owned();
    answer.json = json!({
        "started": true, "company": args.name, "admin": staff.name, "organisation": app.organisation().id,
        "import": answer.json,
    });
    // Bad lines are named and can be imported again; the company is started all the same.
    answer.good = true;
    Ok(answer)
}

/// Tries the tables on a record that is thrown away.
async fn dry_run(args: &InitArgs, lang: Lang) -> Result<Answer, Fault> {
    if args.tables.is_empty() {
        return Err(Fault::new("no_tables", w::NO_TABLES, &[]));
    }
    let scratch = scratch();
    data::make(&scratch)?;
    let answer = try_on(&scratch, args, lang).await;
    // What stays behind holds nobody's data.
    let _ = std::fs::remove_dir_all(&scratch);
    answer
}

/// The company's tables against what it would start with.
async fn try_on(scratch: &Path, args: &InitArgs, lang: Lang) -> Result<Answer, Fault> {
    let app = App::open(scratch, Edge::system(), Options::default())?;
    import_company(&app, &vocabulary()).await?;
    tables::import(&app, &args.tables, lang).await
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
    company.history.clear();
    company.reports.clear();
    company
}
