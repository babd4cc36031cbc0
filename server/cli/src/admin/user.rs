//! People at HQ who sign in.

use fieldline_server::app::App;
use fieldline_server::auth::account::{AccountError, NewStaff};
use fieldline_server::auth::password::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PasswordError};
use fieldline_server::auth::{Role, Staff};
use fieldline_server::words::Lang;
use serde_json::json;

use super::password;
use crate::answer::Answer;
use crate::args::admin::UserCommand;
use crate::data;
use crate::fault::Fault;
use crate::table::table;
use crate::words::{admin as a, fault as w, fill};

/// Adds, lists, closes, resets.
pub(super) async fn run(command: &UserCommand, lang: Lang) -> Result<Answer, Fault> {
    match command {
        UserCommand::Add {
            data,
            name,
            role,
            display_name,
            password_stdin,
        } => {
            let app = data::open(&data.data)?;
            let password = password::read(*password_stdin, lang)?;
            let staff = add(&app, name, display_name.as_deref(), *role, password, lang).await?;
            let text = fill(
                lang,
                a::USER_ADDED,
                &[("name", &staff.name), ("role", role_word(lang, staff.role))],
            );
            Ok(Answer::new(text, to_json(&staff)))
        }
        UserCommand::List { data } => list(&data::open_to_look(&data.data)?, lang).await,
        UserCommand::Disable { data, name } => {
            let app = data::open(&data.data)?;
            let staff = named(&app, name).await?;
            app.disable_staff(staff.id)
                .await
                .map_err(|error| fault(error, name))?;
            let text = fill(lang, a::USER_CLOSED, &[("name", &staff.name)]);
            Ok(Answer::new(text, json!({ "name": staff.name, "disabled": true })))
        }
        UserCommand::Reset {
            data,
            name,
            password_stdin,
        } => {
            let app = data::open(&data.data)?;
            let staff = named(&app, name).await?;
            let password = password::read(*password_stdin, lang)?;
            app.set_password(staff.id, password)
                .await
                .map_err(|error| fault(error, name))?;
            let text = fill(lang, a::USER_RESET, &[("name", &staff.name)]);
            Ok(Answer::new(text, json!({ "name": staff.name, "reset": true })))
        }
    }
}

/// Makes an account.
pub(super) async fn add(
    app: &App,
    name: &str,
    display_name: Option<&str>,
    role: Role,
    password: String,
    lang: Lang,
) -> Result<Staff, Fault> {
    let new = NewStaff {
        name: name.to_owned(),
        display_name: display_name.unwrap_or(name).to_owned(),
        role,
        lang: lang.code().to_owned(),
        password: Some(password),
    };
    app.create_staff(new).await.map_err(|error| fault(error, name))
}

pub(super) async fn named(app: &App, name: &str) -> Result<Staff, Fault> {
    app.staff_named(name)
        .await?
        .ok_or_else(|| fault(AccountError::Unknown, name))
}

async fn list(app: &App, lang: Lang) -> Result<Answer, Fault> {
    let everybody = app.staff().await?;
    let json = json!({ "users": everybody.iter().map(to_json).collect::<Vec<_>>() });
    if everybody.is_empty() {
        return Ok(Answer::new(fill(lang, a::USERS_NONE, &[]), json));
    }
    let mut cells = vec![
        [a::COL_NAME, a::COL_SHOWN, a::COL_ROLE, a::COL_STATE]
            .map(|word| lang.t(word).to_owned())
            .to_vec(),
    ];
    cells.extend(everybody.iter().map(|staff| {
        let state = if staff.disabled_at.is_some() {
            a::CLOSED
        } else {
            a::OPEN
        };
        let role = role_word(lang, staff.role).to_owned();
        vec![
            staff.name.clone(),
            staff.display_name.clone(),
            role,
            lang.t(state).to_owned(),
        ]
    }));
    Ok(Answer::new(table(&cells, 1), json))
}

fn to_json(staff: &Staff) -> serde_json::Value {
    json!({
        "id": staff.id, "name": staff.name, "display_name": staff.display_name, "role": staff.role.word(),
        "disabled": staff.disabled_at.is_some(),
    })
}

pub(super) fn role_word(lang: Lang, role: Role) -> &'static str {
    lang.t(match role {
        Role::Admin => a::ROLE_ADMIN,
        Role::Manager => a::ROLE_MANAGER,
        Role::Dispatcher => a::ROLE_DISPATCHER,
        Role::Agent => a::ROLE_AGENT,
        Role::Keeper => a::ROLE_KEEPER,
    })
}

pub(super) fn fault(error: AccountError, name: &str) -> Fault {
    let named = [("name", name)];
    match error {
        AccountError::BadName => Fault::new("bad_name", w::NAME_BAD, &[]),
        AccountError::NameTaken => Fault::new("name_taken", w::NAME_TAKEN, &named),
        AccountError::Unknown => Fault::new("no_such_user", w::NAME_UNKNOWN, &named),
        AccountError::LastAdmin => Fault::new("last_admin", w::LAST_ADMIN, &named),
        AccountError::Password(PasswordError::TooShort) => Fault::new(
            "password_short",
            w::PASSWORD_SHORT,
            &[("n", &PASSWORD_CHARS_MIN.to_string())],
        ),
        AccountError::Password(PasswordError::TooLong) => Fault::new(
            "password_long",
            w::PASSWORD_LONG,
            &[("n", &PASSWORD_BYTES_MAX.to_string())],
        ),
        AccountError::Password(PasswordError::Failed) => {
            Fault::new("internal", w::INTERNAL, &[("why", &error.to_string())])
        }
        AccountError::Store(error) => error.into(),
    }
}
