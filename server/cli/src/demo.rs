//! `fieldline demo`: an invented company at work on this machine, with nothing to set up.
//!
//! A real server on the loopback address, and eight real engines that sync with it over HTTP, each in a store of its
//! own. The same driver shows a day to people who watch, and plays one as fast as it can to verify, operation by
//! operation, that nothing is lost. It may be killed at any time: what it knows is in the stores, the marker and its
//! book of promises.

mod day;
mod dice;
mod dispatch;
mod ground;
mod host;
mod hq;
mod intake;
mod ledger;
mod meter;
mod notes;
mod office;
mod pace;
mod phone;
mod report;
mod screen;
mod script;
mod story;
mod tell;
mod verify;
pub(crate) mod words;

use std::collections::BTreeMap;

use fieldline_server::app::{App, Edge, Options};
use fieldline_server::company::{Company, Engineer};
use fieldline_server::words::Lang;

use crate::answer::{Answer, Say};
use crate::args::demo::DemoArgs;
use crate::data;
use crate::fault::Fault;
use day::Day;
use ground::Ground;
use host::{Host, Port};
use hq::Hq;
use ledger::Ledger;
use meter::Meter;
use office::told;
use pace::{Pace, Stopwatch};
use phone::Phone;
use report::Account;
use tell::Tell;
use words as w;

/// The fastest day: faster ones would only wait for the disk.
const SPEED_MAX: f64 = 100_000.0;
/// Codes for the demo's own phones are used at once.
const CODE_LIFE_MS: i64 = 600_000;
/// A day's work, as people count it.
const DAY_MS: pace::DayMs = 10 * 3_600_000;

/// Shows the company, or plays its day once.
///
/// # Errors
/// What keeps it from starting, and what breaks it off.
pub(crate) fn run(args: &DemoArgs, say: Say) -> Result<Answer, Fault> {
    if !(args.speed > 0.0 && args.speed <= SPEED_MAX) {
        return Err(Fault::new("bad_speed", w::BAD_SPEED, &[]));
    }
    crate::runtime()?.block_on(async {
        let ground = Ground::take(args.data.as_deref(), args.seed, args.reset, args.once)?;
        let lock = data::lock(&ground.dir)?;
        let mut demo = Demo::open(ground, args, say).await?;
        let result = if args.once {
            demo.once(say.lang).await
        } else {
            demo.show(args, say).await
        };
        let Demo {
            day,
            phones,
            hq,
            host,
            ..
        } = demo;
        host.stop().await;
        drop((phones, hq));
        let Day { ground, ledger, .. } = day;
        drop((ledger, lock));
        ground.leave()?;
        result
    })
}

/// Everything that runs.
struct Demo {
    app: App,
    day: Day,
    phones: Vec<Phone>,
    hq: Hq,
    host: Host,
    meter: Meter,
    staff: fieldline_model::id::StaffId,
    port: u16,
    url: String,
    watch: Stopwatch,
}

impl Demo {
    async fn open(mut ground: Ground, args: &DemoArgs, say: Say) -> Result<Self, Fault> {
        let watch = Stopwatch::start();
        let lang = say.lang;
        let company = Company::demo();
        let port = Port::take(if args.once {
            0
        } else {
            wished_port(&ground, args.port)
        })?;
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
                office::open(&app, &company, staff, ground.marker.seed, !args.once).await?
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
            url,
            watch,
        })
    }

    /// One day, as fast as it goes, and the account of it.
    async fn once(&mut self, lang: Lang) -> Result<Answer, Fault> {
        self.day.play(&self.hq, &mut self.phones, false).await?;
        Ok(self.account().await?.answer(lang))
    }

    /// Brings everything home and holds it against HQ's tables.
    async fn account(&mut self) -> Result<Account, Fault> {
        self.day.come_home(&self.hq, &mut self.phones).await?;
        let saved = self.day.ledger.all();
        let tickets = self.hq.tickets(None).await?;
        Ok(Account {
            seed: self.day.seed,
            phones: self.phones.len(),
            tickets: tickets.len(),
            tickets_closed: tickets.iter().filter(|ticket| ticket.status == "closed").count(),
            operations: saved.len(),
            operations_offline: saved.iter().filter(|saved| saved.offline).count(),
            fates: verify::fates(&self.app, saved).await?,
            differences: verify::differences(&self.app, &self.phones).await?,
            sync: self.meter.read(),
            taps_ms: self.day.taps_ms.clone(),
            seconds: self.watch.ms() / 1_000.0,
        })
    }

    /// A day for people who watch, until they have seen enough.
    async fn show(&mut self, args: &DemoArgs, say: Say) -> Result<Answer, Fault> {
        let Self {
            app, day, phones, hq, ..
        } = self;
        day.set_the_scene(hq, phones).await?;
        let scene = screen::Scene {
            app,
            hq,
            staff: self.staff,
            lang: say.lang,
            url: &self.url,
            busy: (args.port != 0 && args.port != self.port).then_some(args.port),
            port: self.port,
            dir: &day.ground.dir,
            minutes: (day.pace.real_ms(DAY_MS) / 60_000).max(1),
        };
        say.answer(&screen::draw(&scene).await?);
        day.pace = Pace::live(args.speed);
        tokio::select! {
            ended = day.play(hq, phones, true) => ended?,
            () = crate::serve::asked_to_stop() => {}
        }
        let saved = self.day.ledger.all();
        let fates = verify::fates(&self.app, saved).await?;
        let n = |count: usize| count.to_string();
        let (all, waiting) = (saved.len(), fates.pending);
        let values = [
            ("saved", n(all)),
            ("fates", n(all - waiting)),
            ("waiting", n(waiting)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let json = serde_json::json!({ "event": "stopped", "operations": all, "pending": waiting });
        Ok(Answer::new(
            format!("\n{}", say.lang.fill(w::STOPPED, &values)),
            json,
        ))
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
