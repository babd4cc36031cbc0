//! Everything that runs, set up: server, company, phones, driver.

use std::collections::BTreeMap;

use fieldline_server::app::{App, Edge, Options};
use fieldline_server::company::{Company, Engineer};
use fieldline_server::words::Lang;

use super::day::Day;
use super::ground::Ground;
use super::host::{Host, Port};
use super::hq::Hq;
use super::ledger::Ledger;
use super::meter::Meter;
use super::office::{self, told};
use super::pace::{Pace, Stopwatch};
use super::phone::Phone;
use super::tell::Tell;
use super::words as w;
use crate::answer::{Answer, Say};
use crate::args::demo::DemoArgs;
use crate::fault::Fault;

/// Codes for the demo's own phones are used at once.
const CODE_LIFE_MS: i64 = 600_000;

/// Everything that runs.
pub(super) struct Demo {
    pub(super) app: App,
    pub(super) day: Day,
    pub(super) phones: Vec<Phone>,
    pub(super) hq: Hq,
    pub(super) host: Host,
    pub(super) meter: Meter,
    pub(super) staff: fieldline_model::id::StaffId,
    pub(super) port: u16,
    pub(super) wished: u16,
    pub(super) url: String,
    pub(super) watch: Stopwatch,
}

impl Demo {
    /// Opens everything that is there, and makes what is not.
    pub(super) async fn open(mut ground: Ground, args: &DemoArgs, say: Say) -> Result<Self, Fault> {
        let watch = Stopwatch::start();
        let lang = say.lang;
        let company = Company::demo();
        let wished = if args.once {
            0
        } else {
            wished_port(&ground, args.port)
        };
        let port = Port::take(wished)?;
        let (number, url) = (port.number, port.url());
        let name = match lang {
            Lang::Zh => company.profile.name.zh.clone(),
            Lang::En => company.profile.name.en.clone(),
        };
        let options = Options {
            organisation_name: Some(name),
            ..Options::default()
        };
        let app = App::open(&ground.dir, Edge::system(), options)?;
        let meter = Meter::default();
        let host = Host::start(app.clone(), port, &meter)?;
        if !args.once {
            crate::data::keep_address(&ground.dir, Some(&url))?;
        }
        let staff = office::staff(&app, lang).await?;
        let story = match ground.marker.story.clone() {
            Some(story) => story,
            None => {
                if !args.once {
                    say.answer(&Answer::new(
                        lang.t(w::OPENING),
                        serde_json::json!({ "event": "opening" }),
                    ));
                }
                office::open(&app, &company, staff, lang, ground.marker.seed, !ground.temporary).await?
            }
        };
        ground.marker.port = (!args.once).then_some(number).or(ground.marker.port);
        ground.marker.story = Some(story.clone());
        ground.keep()?;
        let mut phones = Vec::new();
        for engineer in &company.engineers {
            phones.push(phone(&app, &ground, engineer, lang, &url).await?);
        }
        let skills: BTreeMap<_, _> = office::hands(&company)
            .into_iter()
            .map(|hand| (hand.engineer, hand.skills))
            .collect();
        let pace = if args.once {
            Pace::rushed(args.speed)
        } else {
            Pace::live(args.speed)
        };
        let tell = Tell {
            lang,
            say,
            aside: args.once,
            hush: false,
        };
        let seed = ground.marker.seed;
        let ledger = Ledger::open(&ground.ledger())?;
        let day = Day {
            seed,
            pace,
            tell,
            ledger,
            story,
            taps_ms: Vec::new(),
            ground,
        };
        let hq = Hq::new(app.clone(), staff, skills);
        Ok(Self {
            app,
            day,
            phones,
            hq,
            host,
            meter,
            staff,
            port: number,
            wished,
            url,
            watch,
        })
    }
}

/// Where it listened last: the onlooker's phone and links point there.
fn wished_port(ground: &Ground, asked: u16) -> u16 {
    match ground.marker.port {
        Some(last) if asked == crate::args::demo::PORT_DEFAULT => last,
        _ => asked,
    }
}

async fn phone(
    app: &App,
    ground: &Ground,
    engineer: &Engineer,
    lang: Lang,
    url: &str,
) -> Result<Phone, Fault> {
    let name = match lang {
        Lang::Zh => engineer.name.zh.clone(),
        Lang::En => engineer.name.en.clone(),
    };
    let id = engineer.id.parse().map_err(|_| {
        Fault::new(
            "bad_value",
            crate::words::fault::INTERNAL,
            &[("why", &engineer.id)],
        )
    })?;
    let at = engineer.home.position;
    let home = fieldline_model::operation::Position {
        lat: at.lat,
        lon: at.lon,
    };
    let phone = Phone::open(&ground.phone(&engineer.code.to_lowercase()), id, name, Some(home))?;
    let code = async || Ok(app.enrol_code(id, CODE_LIFE_MS).await.map_err(told)?.code);
    phone.enrol(url, code).await?;
    Ok(phone)
}
