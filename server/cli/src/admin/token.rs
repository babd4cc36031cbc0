//! Tokens with which scripts and other systems speak REST, each in the name of a person at HQ.

use fieldline_model::time::Timestamp;
use fieldline_server::app::App;
use fieldline_server::auth::Role;
use fieldline_server::auth::account::AccountError;
use fieldline_server::store::session::{ApiTokenView, api_token_list};
use fieldline_server::words::Lang;
use serde_json::json;

use super::user;
use crate::answer::Answer;
use crate::args::admin::TokenCommand;
use crate::data;
use crate::fault::Fault;
use crate::table::table;
use crate::when::Clock;
use crate::words::{admin as a, fault as w, fill};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Makes, lists, revokes.
pub(super) async fn run(command: &TokenCommand, lang: Lang) -> Result<Answer, Fault> {
    match command {
        TokenCommand::Add {
            data,
            purpose,
            user,
            role,
            days,
        } => add(&data::open(&data.data)?, purpose, user, *role, *days, lang).await,
        TokenCommand::List { data } => list(&data::open_to_look(&data.data)?, lang).await,
        TokenCommand::Revoke { data, purpose: name } => {
            let app = data::open(&data.data)?;
            let done = app.revoke_api_token(name).await;
            done.map_err(|error| fault(error, name))?;
            let text = fill(lang, a::TOKEN_REVOKED, &[("name", name)]);
            Ok(Answer::new(text, json!({ "name": name, "revoked": true })))
        }
    }
}

/// Makes a token and shows it this once.
async fn add(
    app: &App,
    name: &str,
    user: &str,
    role: Option<Role>,
    days: Option<u32>,
    lang: Lang,
) -> Result<Answer, Fault> {
    let staff = user::named(app, user).await?;
    let role = role.unwrap_or(staff.role);
    let life_ms = days.map(|days| i64::from(days) * DAY_MS);
    let token = app
        .create_api_token(name, staff.id, role, life_ms)
        .await
        .map_err(|error| fault(error, name))?
        .reveal();
    let values = [
        ("name", name),
        ("user", &staff.name),
        ("role", user::role_word(lang, role)),
    ];
    let text = format!("{}\n  {token}", fill(lang, a::TOKEN_ADDED, &values));
    let json = json!({ "name": name, "user": staff.name, "role": role.word(), "days": days, "token": token });
    Ok(Answer::new(text, json))
}

async fn list(app: &App, lang: Lang) -> Result<Answer, Fault> {
    let all = app.store().read(api_token_list).await?;
    let (now, clock) = (app.now(), Clock::system(lang));
    let json = json!({ "tokens": all.iter().map(|token| to_json(token, now)).collect::<Vec<_>>() });
    if all.is_empty() {
        return Ok(Answer::new(fill(lang, a::TOKENS_NONE, &[]), json));
    }
    let head = [a::COL_TOKEN, a::COL_NAME, a::COL_ROLE, a::COL_UNTIL, a::COL_STATE];
    let zone = clock.zone();
    let mut cells = vec![head.map(|word| fill(lang, word, &[("zone", &zone)])).to_vec()];
    cells.extend(all.iter().map(|token| {
        let until = token.expires_at.map(|at| clock.short(at));
        let state = if token.is_living(now) { a::OPEN } else { a::ENDED };
        vec![
            token.name.clone(),
            token.user.clone(),
            user::role_word(lang, token.role).to_owned(),
            until.unwrap_or_else(|| lang.t(a::UNTIL_REVOKED).to_owned()),
            lang.t(state).to_owned(),
        ]
    }));
    Ok(Answer::new(table(&cells, 0), json))
}

fn to_json(token: &ApiTokenView, now: Timestamp) -> serde_json::Value {
    json!({
        "name": token.name, "user": token.user, "role": token.role.word(), "created_at": token.created_at,
        "expires_at": token.expires_at, "revoked_at": token.revoked_at, "living": token.is_living(now),
    })
}

fn fault(error: AccountError, name: &str) -> Fault {
    let named = [("name", name)];
    match error {
        AccountError::BadName => Fault::new("bad_name", w::PURPOSE_BAD, &[]),
        AccountError::NameTaken => Fault::new("name_taken", a::TOKEN_TAKEN, &named),
        AccountError::Unknown => Fault::new("no_such_token", a::TOKEN_UNKNOWN, &named),
        AccountError::LastAdmin | AccountError::Password(_) => {
            Fault::new("internal", w::INTERNAL, &[("why", &error.to_string())])
        }
        AccountError::Store(error) => error.into(),
    }
}
