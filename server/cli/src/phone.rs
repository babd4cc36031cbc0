//! `fieldline phone`: the real engine in a terminal, for support staff, scripts and tests.
//!
//! Each call opens the store, does one thing and closes it. What is done is saved first; the network may be away.

mod act;
mod article;
mod bundle;
mod checklist;
mod enrol;
mod fresh;
mod happening;
mod label;
mod lan;
mod left;
mod list;
mod names;
mod network;
mod photo;
mod pictures;
mod place;
mod report;
mod save;
mod show;
mod signature;
mod status;
mod stock;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fieldline_engine::{Config, Engine, EngineError, Moment, STORE_KEY_BYTES, StoreKey};
use fieldline_server::words::Lang;
use zeroize::Zeroizing;

use crate::answer::{Answer, Say};
use crate::args::phone::{PhoneArgs, PhoneCommand as Do, Switch};
use crate::fault::Fault;
use crate::named::{self, TEXT_BYTES_MAX};
use crate::when::{self, Clock};
use crate::words::fault as w;
use fresh::{Fresh, came_to_nothing};

/// Name of the database in the store's directory.
const STORE_FILE: &str = "phone.db";

/// One call on one phone.
struct Phone {
    engine: Arc<Engine>,
    store: PathBuf,
    lang: Lang,
    /// For what is said before the end.
    say: Say,
    clock: Clock,
    ca: Option<PathBuf>,
    allow_plain_http: bool,
    /// The network costs by the byte.
    metered: bool,
}

/// Does what was asked.
///
/// # Errors
/// Why it was not done. What was saved stays saved.
pub(crate) fn run(args: &PhoneArgs, say: Say) -> Result<Answer, Fault> {
    answer(args, say).map_err(|fault| hinted(fault, &args.store, args.ca.is_some()))
}

fn answer(args: &PhoneArgs, say: Say) -> Result<Answer, Fault> {
    let fresh = Fresh::look(&args.store);
    let aside = match args.command {
        Do::Enrol { anew: true, .. } => set_aside(args)?,
        _ => None,
    };
    let phone = Phone::open(args, say)?;
    let result = on(&phone, args, aside.as_deref());
    let is_nobodys = phone.engine.server_url().is_none();
    drop(phone);
    if let (Some(fresh), Err(fault)) = (fresh, &result)
        && is_nobodys
        && came_to_nothing(fault.code())
    {
        fresh.tidy();
    }
    result
}

fn on(phone: &Phone, args: &PhoneArgs, aside: Option<&Path>) -> Result<Answer, Fault> {
    let needs_none = matches!(args.command, Do::Enrol { .. } | Do::Offline);
    if !needs_none && phone.engine.server_url().is_none() {
        return Err(EngineError::NotEnrolled.into());
    }
    match &args.command {
        Do::Enrol { url, code, name, .. } => enrol::enrol(phone, url, code.as_deref(), name, aside),
        Do::Server { url } => network::move_to(phone, url),
        Do::List { all } => list::list(phone, *all),
        Do::Show(ticket) => show::show(phone, &ticket.ticket),
        Do::Sync => network::sync(phone),
        Do::Offline => network::set_offline(phone),
        Do::Online => network::set_online(phone),
        Do::Status => status::status(phone),
        Do::Dismiss { operation } => status::dismiss(phone, operation),
        Do::Parts { words, all } => stock::parts(phone, &words.join(" "), *all),
        Do::Search { words } => article::search(phone, &words.join(" ")),
        Do::Article { article } => article::article(phone, article),
        Do::Whoami => status::whoami(phone),
        Do::Me { out, qr } => bundle::me(phone, out.as_deref(), *qr),
        Do::Bundle { command } => bundle::bundle(phone, command),
        Do::Lan { command } => lan::lan(phone, command),
        Do::Photo {
            ticket,
            file,
            kind,
            caption,
        } => photo::take(phone, &ticket.ticket, file, (*kind).into(), caption),
        Do::GetFile { article, file, to } => article::get_file(phone, article, file, to.as_deref()),
        Do::GetPhoto {
            ticket,
            photo,
            to,
            thumb,
        } => photo::get(phone, &ticket.ticket, photo, to, *thumb),
        Do::Report { ticket, out, font } => report::write(phone, &ticket.ticket, out, font.as_deref()),
        Do::WifiOnly { on } => photo::wifi_only(phone, *on == Switch::On),
        command => save::save(phone, command),
    }
}

/// What a person at a terminal can do about it, beside what the engine says.
fn hinted(fault: Fault, store: &Path, ca_named: bool) -> Fault {
    match fault.code() {
        "store_missing" | "store_empty" | "store_damaged" | "store_key_missing" | "store_key_wrong" => {
            fault.and(w::HINT_ANEW, &[])
        }
        "certificate_untrusted" if ca_named || network::has_certificates(store) => {
            fault.and(w::HINT_CA_OTHER, &[])
        }
        "certificate_untrusted" => fault.and(w::HINT_CA, &[]),
        // It cannot be told from here whether HQ forgot the phone or is another one by now.
        "unauthorized" => {
            let other = enrol::beside(store).display().to_string();
            fault.and(w::HINT_SET_UP_ANEW, &[("other", &other)])
        }
        "plain_http" => fault.and(w::HINT_PLAIN_HTTP, &[]),
        _ => fault,
    }
}

/// Data this user may not read or write is named, with the reason: trying again would not help.
fn refuse_unreadable(file: &Path) -> Result<(), Fault> {
    match std::fs::File::options().read(true).write(true).open(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::file(file, &error)),
        // Whether it may be missing is the engine's to say.
        Ok(_) | Err(_) => Ok(()),
    }
}

fn config(args: &PhoneArgs) -> Result<Config, Fault> {
    Ok(Config {
        path: args.store.join(STORE_FILE),
        app: concat!("fieldline ", env!("CARGO_PKG_VERSION")).to_owned(),
        key: args.key_file.as_deref().map(key_in).transpose()?,
    })
}

fn key_in(file: &Path) -> Result<StoreKey, Fault> {
    let text = Zeroizing::new(named::read(file, TEXT_BYTES_MAX).map_err(|error| Fault::file(file, &error))?);
    let mut key = Zeroizing::new([0; STORE_KEY_BYTES]);
    hex::decode_to_slice(text.trim_ascii(), key.as_mut_slice())
        .map_err(|_| Fault::new("key_file", w::KEY_FILE, &[("path", &file.display().to_string())]))?;
    Ok(StoreKey::new(*key))
}

/// Moves data that cannot be used out of the way; says where to.
fn set_aside(args: &PhoneArgs) -> Result<Option<PathBuf>, Fault> {
    crate::data::make(&args.store)?;
    let mut chance = when::random;
    let mut moment = Moment::new(when::device_time(), &mut chance);
    Ok(Engine::set_aside(&config(args)?, &mut moment)?)
}

impl Phone {
    fn open(args: &PhoneArgs, say: Say) -> Result<Self, Fault> {
        let store = &args.store;
        crate::data::make(store)?;
        refuse_unreadable(&store.join(STORE_FILE))?;
        let mut chance = when::random;
        let mut moment = Moment::new(when::device_time(), &mut chance);
        let engine = Engine::open(config(args)?, &mut moment)?;
        Ok(Self {
            engine: Arc::new(engine),
            store: store.clone(),
            lang: say.lang,
            say,
            clock: Clock::system(say.lang),
            ca: args.ca.clone(),
            allow_plain_http: args.allow_plain_http,
            metered: args.metered,
        })
    }

    /// Calls the engine with the present moment.
    fn now<T>(
        &self,
        call: impl FnOnce(&Engine, &mut Moment<'_>) -> Result<T, EngineError>,
    ) -> Result<T, Fault> {
        let mut chance = when::random;
        Ok(call(
            &self.engine,
            &mut Moment::new(when::device_time(), &mut chance),
        )?)
    }

    /// One of two texts a row brings along, the other where it is empty.
    fn either<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        let (wanted, other) = match self.lang {
            Lang::Zh => (zh, en),
            Lang::En => (en, zh),
        };
        if wanted.is_empty() { other } else { wanted }
    }
}
