//! Arguments of `fieldline admin`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use fieldline_model::id::OperationId;
use fieldline_server::auth::Role;

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub(crate) struct DataArgs {
    /// Directory that holds the company's data.
    #[arg(long, value_name = "DIR", env = "FIELDLINE_DATA", default_value = crate::config::DATA_DEFAULT)]
    pub(crate) data: PathBuf,
}

/// Tables to read; demo/csv/README.md says what stands in each.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Tables {
    /// Table of SLA plans, CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) sla_plans: Option<PathBuf>,
    /// Table of customers, CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) customers: Option<PathBuf>,
    /// Table of machines, CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) assets: Option<PathBuf>,
    /// Table of parts with their stock, CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) parts: Option<PathBuf>,
    /// Table of engineers, CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) engineers: Option<PathBuf>,
    /// Read and check only: name every bad line, write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Tables {
    /// No table was named.
    pub(crate) fn is_empty(&self) -> bool {
        [
            &self.sla_plans,
            &self.customers,
            &self.assets,
            &self.parts,
            &self.engineers,
        ]
        .iter()
        .all(|file| file.is_none())
    }
}

/// What an administrator does.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Start a company: its name, its first administrator, its tables.
    Init(InitArgs),
    /// Read more tables into a company, or the same ones again with corrections.
    Import {
        #[command(flatten)]
        data: DataArgs,
        #[command(flatten)]
        tables: Tables,
    },
    /// People at HQ who sign in.
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens with which scripts and other systems speak REST.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Make a one-time code with which an engineer enrols a phone.
    EnrolCode {
        #[command(flatten)]
        data: DataArgs,
        /// The engineer: staff number, name, name in Latin letters, or id.
        engineer: String,
        /// Address phones reach the server at [default: as the server said when it last ran].
        #[arg(long, value_name = "URL", env = "FIELDLINE_PUBLIC_URL")]
        public_url: Option<String>,
        /// Draw the QR code of the link here.
        #[arg(long)]
        qr: bool,
    },
    /// Make a customer's tracking link for a ticket.
    Link {
        #[command(flatten)]
        data: DataArgs,
        /// The ticket: number or id.
        ticket: String,
        /// Address customers reach the server at [default: as the server said when it last ran].
        #[arg(long, value_name = "URL", env = "FIELDLINE_PUBLIC_URL")]
        public_url: Option<String>,
    },
    /// Look up what became of an operation.
    Fate {
        #[command(flatten)]
        data: DataArgs,
        /// The operation's id, as the phone shows it.
        operation: OperationId,
    },
    /// Let messages to customers and other systems go out again after a restore.
    ReleaseOutbound {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Erase a customer's names, numbers and addresses for good, on phones too.
    EraseCustomer {
        #[command(flatten)]
        data: DataArgs,
        /// The customer: number in the company's own table, or id.
        customer: String,
        /// Yes, this cannot be undone.
        #[arg(long)]
        yes: bool,
    },
    /// Verify the data: the log's chain, the record against its documents, the stock against its ledger, the files of photos and manuals.
    /// Exit code 1: something is wrong that was not put right. Files that phones are asked for, or that are lost for
    /// good, are told and leave it at 0.
    Check {
        #[command(flatten)]
        data: DataArgs,
        /// Write the derived tables anew where they differ.
        #[arg(long)]
        repair: bool,
    },
}

/// How to start a company.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The company's name.
    #[arg(long, value_name = "COMPANY")]
    pub(crate) name: String,
    /// Sign-in name of the first administrator.
    #[arg(long, value_name = "NAME")]
    pub(crate) admin: String,
    /// Read the password from standard input instead of asking twice.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) tables: Tables,
}

/// What can be done about people at HQ.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a person.
    Add {
        #[command(flatten)]
        data: DataArgs,
        /// Sign-in name.
        name: String,
        /// What the person may do.
        #[arg(long, default_value = "dispatcher", value_parser = role())]
        role: Role,
        /// Name as others see it.
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// Read the password from standard input instead of asking twice.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Close an account: no sign-in, session or token of it works any more.
    Disable {
        #[command(flatten)]
        data: DataArgs,
        /// Sign-in name.
        name: String,
    },
    /// Set a new password and end all sessions of the account.
    Reset {
        #[command(flatten)]
        data: DataArgs,
        /// Sign-in name.
        name: String,
        /// Read the password from standard input instead of asking twice.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// What can be done about tokens for scripts.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token. It is shown once; only its hash is kept.
    Add {
        #[command(flatten)]
        data: DataArgs,
        /// What it is for.
        purpose: String,
        /// Sign-in name of the person in whose name it acts.
        #[arg(long, value_name = "NAME")]
        user: String,
        /// What it may do at most [default: as the person].
        #[arg(long, value_parser = role())]
        role: Option<Role>,
        /// Days until it ends [default: until it is revoked].
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3_650))]
        days: Option<u32>,
    },
    /// List all of them, without the tokens themselves.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// End a token.
    Revoke {
        #[command(flatten)]
        data: DataArgs,
        /// What it was for.
        purpose: String,
    },
}

fn role() -> impl TypedValueParser<Value = Role> {
    let words = PossibleValuesParser::new(Role::ALL.map(Role::word));
    words.map(|word| Role::from_word(&word).expect("one of those"))
}
