//! Arguments of `fieldline phone`. A ticket is named by its number, its place in the list last shown, or
//! its id.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use fieldline_model::operation::{DeclineReason, PauseReason, PhotoKind, QUANTITY_MAX, VisitResult};

use super::help::GLOBAL;

/// Whose phone, and what to do with it.
#[derive(Debug, Args)]
pub(crate) struct PhoneArgs {
    /// Directory that holds the phone's data.
    #[arg(
        long,
        value_name = "DIR",
        env = "FIELDLINE_PHONE",
        default_value = "fieldline-phone",
        global = true,
        display_order = GLOBAL
    )]
    pub(crate) store: PathBuf,
    /// The company's own certificates, PEM: its authority's or its server's; kept once they worked.
    #[arg(long, value_name = "FILE", global = true, display_order = GLOBAL)]
    pub(crate) ca: Option<PathBuf>,
    /// File with the key of an encrypted store: 64 hexadecimal digits. Only in builds with encryption.
    #[arg(long, value_name = "FILE", env = "FIELDLINE_PHONE_KEY", global = true, display_order = GLOBAL)]
    pub(crate) key_file: Option<PathBuf>,
    /// Let `enrol` and `server` use plain HTTP to another machine: tokens and names travel in the clear.
    #[arg(long, global = true, display_order = GLOBAL)]
    pub(crate) allow_plain_http: bool,
    /// The network costs by the byte: photos and manuals wait, small pictures of photos do not.
    #[arg(long, global = true, display_order = GLOBAL)]
    pub(crate) metered: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: PhoneCommand,
}

/// Which ticket.
#[derive(Debug, Clone, Args)]
pub(crate) struct Ticket {
    /// The ticket: number (T-000042), place in the list last shown (1), or id.
    pub(crate) ticket: String,
}

/// Everything a phone can do. What is done is saved first and sent when there is a network.
#[derive(Debug, Subcommand)]
pub(crate) enum PhoneCommand {
    /// Join a company: one enrolment link, or the server's address and a code.
    Enrol {
        /// The link from HQ, or the server's address.
        url: String,
        /// The code, when the address stands alone.
        code: Option<String>,
        /// Name of this phone, for people at HQ.
        #[arg(long, default_value = "terminal")]
        name: String,
        /// Move data that is missing or damaged aside and begin anew; what was not sent is lost.
        #[arg(long)]
        anew: bool,
    },
    /// Use HQ's new address, after asking whether it knows this phone.
    Server {
        /// The server's new address.
        url: String,
    },
    /// The tickets on this phone.
    List {
        /// Also those with nothing left to do.
        #[arg(long)]
        all: bool,
    },
    /// One ticket, whole.
    Show(Ticket),
    /// Take the visit.
    Accept(Ticket),
    /// Turn the visit down.
    Decline {
        #[command(flatten)]
        ticket: Ticket,
        /// Why.
        #[arg(long, value_enum, default_value = "other")]
        reason: Decline,
        /// Why, in words.
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Set out.
    Depart {
        #[command(flatten)]
        ticket: Ticket,
        /// Minutes the drive will take.
        #[arg(long, value_name = "MINUTES", allow_negative_numbers = true, value_parser = minutes)]
        eta: Option<u32>,
    },
    /// Say that you have arrived.
    Arrive(Ticket),
    /// Begin work.
    Start(Ticket),
    /// Let work rest.
    Pause {
        #[command(flatten)]
        ticket: Ticket,
        /// Why.
        #[arg(long, value_enum, default_value = "break")]
        reason: Pause,
    },
    /// Go on with work.
    Resume(Ticket),
    /// Write a note.
    Note {
        #[command(flatten)]
        ticket: Ticket,
        /// The words.
        text: String,
    },
    /// Answer a checklist item; `show` says what each takes.
    Tick {
        #[command(flatten)]
        ticket: Ticket,
        /// The item: its place in the checklist (1) or its key.
        item: String,
        /// yes, no or ok, a number for a reading, or words for a text; nothing means yes.
        #[arg(allow_negative_numbers = true)]
        answer: Vec<String>,
        /// The same as no.
        #[arg(long, conflicts_with_all = ["text", "answer"])]
        off: bool,
        /// The words of a text.
        #[arg(long, conflicts_with = "answer")]
        text: Option<String>,
    },
    /// Write down a reading: a checklist item that takes a number.
    Read {
        #[command(flatten)]
        ticket: Ticket,
        /// The item: its place in the checklist (1) or its key.
        item: String,
        /// The number read.
        #[arg(allow_negative_numbers = true, value_parser = reading)]
        value: f64,
        /// Its unit, where the checklist does not say.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Write down a part that went into the machine.
    UsePart {
        #[command(flatten)]
        ticket: Ticket,
        /// The part: number on the box, or id.
        part: String,
        /// How many.
        #[arg(default_value_t = 1, allow_negative_numbers = true, value_parser = quantity)]
        quantity: u32,
        /// From where, other than the own van: the place's name or id.
        #[arg(long, value_name = "PLACE")]
        from: Option<String>,
    },
    /// Ask for parts for a ticket: HQ reserves them as soon as that many are free there.
    RequestPart {
        #[command(flatten)]
        ticket: Ticket,
        /// The part: number on the box, or id.
        part: String,
        /// Where from: the place's name or id.
        from: String,
        /// How many.
        #[arg(default_value_t = 1, allow_negative_numbers = true, value_parser = quantity)]
        quantity: u32,
    },
    /// Write down parts that went to another van, or back to a warehouse.
    TransferPart {
        #[command(flatten)]
        ticket: Ticket,
        /// The part: number on the box, or id.
        part: String,
        /// Where to: the place's name or id.
        to: String,
        /// How many.
        #[arg(default_value_t = 1, allow_negative_numbers = true, value_parser = quantity)]
        quantity: u32,
        /// From where, other than the own van: the place's name or id.
        #[arg(long, value_name = "PLACE")]
        from: Option<String>,
    },
    /// Keep a photo of the work.
    Photo {
        #[command(flatten)]
        ticket: Ticket,
        /// The photo: JPEG, PNG or WebP, at most 20 MB.
        file: PathBuf,
        /// What it shows.
        #[arg(long, value_enum, default_value = "other")]
        kind: Shows,
        /// What is to be seen, in words.
        #[arg(long, default_value = "")]
        caption: String,
    },
    /// Write the completion report of a ticket as a PDF.
    Report {
        #[command(flatten)]
        ticket: Ticket,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// A font that has Chinese: TrueType, OpenType or a collection [default: one of the system's].
        #[arg(long, value_name = "FILE")]
        font: Option<PathBuf>,
    },
    /// Copy a photo to a file, from this phone or from HQ.
    GetPhoto {
        #[command(flatten)]
        ticket: Ticket,
        /// The photo: its place in `show` (1), or its operation.
        photo: String,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// The small picture of it, where there is one.
        #[arg(long)]
        thumb: bool,
    },
    /// Let photos and manuals wait for a network that costs nothing, or send and fetch them by any.
    WifiOnly {
        /// on, as a new phone has it, or off.
        #[arg(value_enum)]
        on: Switch,
    },
    /// Keep the customer's signature.
    Sign {
        #[command(flatten)]
        ticket: Ticket,
        /// Who signed.
        name: String,
        /// The signature as it was drawn: an SVG file in a 600 × 200 box, or its path data alone.
        #[arg(long, value_name = "FILE", conflicts_with = "path")]
        file: Option<PathBuf>,
        /// The path data itself, such as "M40 120 L420 60".
        #[arg(long, value_name = "DATA")]
        path: Option<String>,
    },
    /// End the visit and report.
    Finish {
        #[command(flatten)]
        ticket: Ticket,
        /// How it ended.
        #[arg(long, value_enum, default_value = "fixed")]
        result: Outcome,
        /// Code of the cause, such as PRN-JAM-C1; one that does not exist is answered with the list.
        #[arg(long, value_name = "CODE")]
        cause: Option<String>,
        /// Code of the remedy, such as PRN-JAM-R1; one that does not exist is answered with the list.
        #[arg(long, value_name = "CODE")]
        remedy: Option<String>,
        /// In words; needed where it could not be done.
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Say when you will be there.
    Estimate {
        #[command(flatten)]
        ticket: Ticket,
        /// Minutes from now.
        #[arg(allow_negative_numbers = true, value_parser = minutes)]
        minutes: u32,
    },
    /// Exchange everything with HQ now.
    Sync,
    /// Stay off the network until `online`.
    Offline,
    /// Use the network again, and sync.
    Online,
    /// What is saved here, what is at HQ, what was overruled or refused and why.
    Status,
    /// Parts in the own van; stock in colleagues' vans is not known on a phone.
    Parts {
        /// Words in number or name.
        words: Vec<String>,
        /// The warehouses too, not only the own van.
        #[arg(long)]
        all: bool,
    },
    /// Search articles and manuals.
    Search {
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Read an article.
    Article {
        /// The article's id.
        article: String,
    },
    /// Fetch a file of an article, to be read without a network, and copy it where it can be opened.
    GetFile {
        /// The article's id.
        article: String,
        /// The file: its place in `article` (1), or its operation.
        file: String,
        /// Where to; without it, it is only fetched.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Write beside an article.
    Annotate {
        /// The article's id.
        article: String,
        /// The words.
        text: String,
    },
    /// Put a card away once read; the record keeps it.
    Dismiss {
        /// The operation the card is about, or `all`.
        operation: String,
    },
    /// Whose phone this is.
    Whoami,
    /// This phone's card, by which a colleague's phone hands it work.
    Me {
        /// Write it to this file; one that ends in .png or .svg is a picture of its QR code.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Draw its QR code here.
        #[arg(long)]
        qr: bool,
    },
    /// Hand over and take what HQ has not got, where no network reaches.
    Bundle {
        /// What to do.
        #[command(subcommand)]
        command: BundleCommand,
    },
    /// Meet a colleague's phone in one network, where HQ cannot be reached: each hands over what HQ has not got.
    Lan {
        /// What to do.
        #[command(subcommand)]
        command: LanCommand,
    },
}

/// What to do in a network of two.
#[derive(Debug, Subcommand)]
pub(crate) enum LanCommand {
    /// Show a code and wait for the colleague's phone, ten minutes at most.
    Wait {
        /// This phone's address in that network; needed where it has several, or none that leads anywhere.
        #[arg(long, value_name = "IP")]
        address: Option<Ipv4Addr>,
        /// Where to listen; 0 is any port that is free.
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
    /// Meet the phone that waits.
    Join {
        /// The code it shows.
        #[arg(required = true)]
        code: Vec<String>,
    },
}

/// What to do with bundles.
#[derive(Debug, Subcommand)]
pub(crate) enum BundleCommand {
    /// Make one for a colleague's phone: unsent work on tickets both of you have.
    #[command(group = ArgGroup::new("as").required(true).multiple(true).args(["out", "qr", "png", "svg"]))]
    Export {
        /// The colleague's card: the file, a picture of its QR code, or the text itself.
        #[arg(long = "for", value_name = "CARD")]
        peer: String,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// As the texts of QR codes, one on a line.
        #[arg(long, requires = "out")]
        frames: bool,
        /// Draw its QR codes here, one below the other.
        #[arg(long)]
        qr: bool,
        /// Write pictures of its QR codes to this directory, as PNG.
        #[arg(long, value_name = "DIR")]
        png: Option<PathBuf>,
        /// The same as SVG.
        #[arg(long, value_name = "DIR")]
        svg: Option<PathBuf>,
    },
    /// Take in one that was made for this phone.
    Import {
        /// The bundle, or the texts of its QR codes.
        #[arg(required_unless_present = "pictures")]
        file: Option<PathBuf>,
        /// Pictures of its QR codes, PNG or JPEG, in any order.
        #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "file")]
        pictures: Vec<PathBuf>,
    },
}

/// What a quantity has to be. Read by `args::wrong` as well, for Chinese.
pub(crate) const QUANTITY_WANTED: &str = "the quantity must be a whole number from 1 to 10000";
/// What a reading has to be.
pub(crate) const READING_WANTED: &str = "the reading must be a number, such as 41.5";
/// What minutes have to be.
pub(crate) const MINUTES_WANTED: &str = "the minutes must be a whole number that is not below zero";

fn quantity(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|quantity| (1..=QUANTITY_MAX).contains(quantity))
        .ok_or_else(|| QUANTITY_WANTED.to_owned())
}

fn reading(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| READING_WANTED.to_owned())
}

/// However many: how far ahead an arrival may lie is the rules' to say.
fn minutes(text: &str) -> Result<u32, String> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Err(_) if is_number => Ok(u32::MAX),
        read => read.map_err(|_| MINUTES_WANTED.to_owned()),
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident => $into:ident { $($(#[$said:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        #[value(rename_all = "snake_case")]
        pub(crate) enum $name { $($(#[$said])* $variant),* }
        impl From<$name> for $into {
            fn from(choice: $name) -> Self {
                match choice { $($name::$variant => Self::$variant),* }
            }
        }
    };
}

choices! {
    /// Why a visit is turned down.
    Decline => DeclineReason {
        /// The day is full
        NoTime,
        /// Lacks the skill or certificate
        Skill,
        /// Lacks the part
        NoPart,
        /// Too far away
        TooFar,
        /// Ill
        Ill,
        /// Something else; say it with --text
        Other,
    }
}
choices! {
    /// Why work rests.
    Pause => PauseReason {
        /// A break
        Break,
        /// A part is missing
        WaitingParts,
        /// The customer must do something first
        WaitingCustomer,
        /// Nobody lets you in
        NoAccess,
        /// Not safe to work
        Unsafe,
    }
}
choices! {
    /// How a visit ended.
    Outcome => VisitResult {
        /// It works again
        Fixed,
        /// It works in part
        Partly,
        /// Nothing was wrong
        NoFaultFound,
        /// It could not be done; say why with --text
        CouldNot,
    }
}
choices! {
    /// What a photo shows.
    Shows => PhotoKind {
        /// How it was found
        Before,
        /// How it was left
        After,
        /// Something else
        Other,
    }
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Wait for a network that costs nothing
    On,
    /// Use any network
    Off,
}
