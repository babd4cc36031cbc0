//! `fieldline admin`: starting a company, its people, its tables, and looking things up.
//!
//! Most of it works beside a running server: the database takes writers in turn, and pages hear of it within a second.

mod check;
mod engineer;
mod erase;
mod fate;
mod import;
mod init;
mod link;
mod password;
mod release;
mod tables;
mod token;
mod user;

use crate::answer::{Answer, Say};
use crate::args::admin::AdminCommand;
use crate::fault::Fault;

/// Does what was asked.
///
/// # Errors
/// Why it was not done.
pub(crate) fn run(command: &AdminCommand, say: Say) -> Result<Answer, Fault> {
    let lang = say.lang;
    crate::runtime()?.block_on(async {
        match command {
            AdminCommand::Init(args) => init::init(args, lang).await,
            AdminCommand::Import { data, tables } => import::import(&data.data, tables, lang).await,
            AdminCommand::User(command) => user::run(command, lang).await,
            AdminCommand::Token(command) => token::run(command, lang).await,
            AdminCommand::EnrolCode {
                data,
                engineer,
                public_url,
                qr,
            } => {
                let url = public_url.as_deref();
                engineer::enrol_code(&data.data, engineer, url, *qr, lang).await
            }
            AdminCommand::Link {
                data,
                ticket,
                public_url,
            } => link::link(&data.data, ticket, public_url.as_deref(), lang).await,
            AdminCommand::Fate { data, operation } => fate::fate(&data.data, *operation, lang).await,
            AdminCommand::EraseCustomer { data, customer, yes } => {
                erase::erase(&data.data, customer, *yes, lang).await
            }
            AdminCommand::ReleaseOutbound { data } => release::release(&data.data, lang).await,
            AdminCommand::Check { data, repair } => check::check(&data.data, *repair, lang).await,
        }
    })
}
