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
mod stage;
mod story;
mod tell;
mod verify;
pub(crate) mod words;

use fieldline_server::words::Lang;

use crate::answer::{Answer, Say};
use crate::args::demo::DemoArgs;
use crate::data;
use crate::fault::Fault;
use ground::Ground;
use pace::Pace;
use report::Account;
use stage::Demo;
use words as w;

/// The fastest day: faster ones would only wait for the disk.
const SPEED_MAX: f64 = 100_000.0;
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
        drop((phones, hq, day, lock));
        result
    })
}

impl Demo {
    /// One day, as fast as it goes, and the account of it.
    async fn once(&mut self, lang: Lang) -> Result<Answer, Fault> {
        let Self { day, phones, hq, .. } = self;
        tokio::select! {
            ended = day.play(hq, phones, false) => ended?,
            () = crate::serve::asked_to_stop() => return Err(Fault::new("stopped", w::BROKEN_OFF, &[])),
        }
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
        let over = day.ground.marker.over;
        if !over {
            day.set_the_scene(hq, phones).await?;
        }
        let scene = screen::Scene {
            app,
            hq,
            staff: self.staff,
            lang: say.lang,
            url: &self.url,
            busy: (self.wished != 0 && self.wished != self.port).then_some(self.wished),
            port: self.port,
            dir: &day.ground.dir,
            over,
            minutes: (day.pace.real_ms(DAY_MS) / 60_000).max(1),
        };
        say.answer(&screen::draw(&scene).await?);
        day.pace = Pace::live(args.speed);
        tokio::select! {
            ended = day.play(hq, phones, true) => ended?,
            () = crate::serve::asked_to_stop() => {}
        }
        self.stopped(say.lang).await
    }

    /// What is at HQ and what is still on the phones.
    async fn stopped(&self, lang: Lang) -> Result<Answer, Fault> {
        let saved = self.day.ledger.all();
        let pending = verify::fates(&self.app, saved).await?.pending;
        let held = verify::held(&self.app, saved).await?.min(pending);
        let on_phones = pending - held;
        let [all, decided, waits, held_text] =
            [saved.len(), saved.len() - pending, on_phones, held].map(|count| count.to_string());
        let word = if pending == 0 { w::STOPPED_ALL } else { w::STOPPED };
        let mut text = lang.fill(word, &[("saved", &all), ("fates", &decided)]);
        if on_phones > 0 {
            text.push_str(&lang.fill(w::STOPPED_WAITING, &[("n", &waits)]));
        }
        if held > 0 {
            text.push_str(&lang.fill(w::STOPPED_HELD, &[("n", &held_text)]));
        }
        let json = serde_json::json!({
            "event": "stopped", "operations": saved.len(), "pending": pending, "held": held,
        });
        Ok(Answer::new(format!("\n{text}"), json))
    }
}
