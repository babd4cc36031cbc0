//! The random mode: a seed decides who does what and what breaks when, and in the end everything must be in order.

use std::path::PathBuf;
use std::sync::PoisonError;

use fieldline_engine::{Bug, FaultPoint, SETTLED_KEEP_MS};
use fieldline_model::operation::Act;
use fieldline_server::store::WriterPoint;

use super::World;
use super::check::Findings;
use super::clock::Lie;
use super::damage::Damage;
use super::dice::Dice;
use super::phone::{Backup, InstallFile};
use super::photo::HqFiles;
use super::tally::Tally;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What a random world is made of.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Engineers, each with a phone.
    pub engineers: usize,
    /// Operations that people save before everything heals.
    pub operations: u64,
    /// Bugs planted in every phone.
    pub bugs: Vec<Bug>,
    /// Bugs planted in the server.
    pub server_bugs: Vec<fieldline_server::app::Bug>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            engineers: 3,
            operations: 200,
            bugs: Vec::new(),
            server_bugs: Vec::new(),
        }
    }
}

/// What one seed came to.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What was wrong; nothing, if all is well.
    pub findings: Findings,
    /// What happened.
    pub tally: Tally,
    /// The chain over HQ's whole log: two runs that came to the same one did the same.
    pub chain: String,
}

impl Outcome {
    /// How to see it again.
    #[must_use]
    pub fn reproduce(&self) -> String {
        format!(
            "FIELDLINE_SEED={} cargo test -p fieldline-tests --test random_world",
            self.seed
        )
    }
}

/// Everything that may happen in one step.
#[derive(Debug, Clone, Copy)]
enum Step {
    Field,
    Hq,
    Sync,
    Radio,
    Weather,
    Time,
    Watch,
    Death,
    PowerCut,
    Repair,
    Late,
    Backup,
    Restore,
    Clone,
    DiskFull,
    Damage,
    Enrol,
    Season,
    BackUpHq,
    RestoreHq,
    Revoke,
    Supervisor,
    PurgePhoto,
    CutPhoto,
    DropParts,
    RestoreFiles,
    KeepPhotos,
}

const STEPS: &[(u32, Step)] = &[
    (560, Step::Field),
    (120, Step::Hq),
    (150, Step::Sync),
    (25, Step::Radio),
    (20, Step::Weather),
    (30, Step::Time),
    (8, Step::Watch),
    (24, Step::Death),
    (10, Step::PowerCut),
    (12, Step::Repair),
    (12, Step::Late),
    (8, Step::Backup),
    (4, Step::Restore),
    (1, Step::Clone),
    (6, Step::DiskFull),
    (5, Step::Damage),
    (8, Step::Enrol),
    (2, Step::Season),
    (6, Step::BackUpHq),
    (2, Step::RestoreHq),
    (3, Step::Revoke),
    (12, Step::Supervisor),
    (4, Step::PurgePhoto),
    (8, Step::CutPhoto),
    (8, Step::DropParts),
    (2, Step::RestoreFiles),
    (6, Step::KeepPhotos),
];

/// After so many of a thousand steps HQ compacts.
const COMPACTS_PER_MILLE: u32 = 25;
/// After so many it archives.
const ARCHIVES_PER_MILLE: u32 = 6;
/// Sets the dice of what grows old apart from a world's own.
const OLD: u64 = 0x01D0_01D0;

/// Most steps of a world, should people find nothing to do.
const STEPS_MAX: usize = 8_000;
/// Most phones, clones included: each costs a store.
const PHONES_MAX: usize = 5;

/// Runs one seed from the founding of the company to the last check.
#[must_use]
pub fn run(seed: u64, plan: &Plan) -> Outcome {
    let mut world = World::new(seed, plan.engineers);
    for phone in &mut world.phones {
        phone.kill();
        phone.bugs.clone_from(&plan.bugs);
    }
    plan.server_bugs.iter().for_each(|bug| world.hq.plant(*bug));
    // One phone runs an app of another version, whose rules allow more: what it saves may be refused.
    world.plant(0, Bug::RulesSkipped);
    let mut chaos = Chaos {
        backups: Vec::new(),
        of_hq: None,
        old: Dice::new(seed ^ OLD),
    };
    for _ in 0..STEPS_MAX {
        if world.tally.of("work.saved") >= plan.operations {
            break;
        }
        let step = world.dice.weighted(STEPS);
        chaos.step(&mut world, step);
        chaos.grow_old(&mut world);
    }
    top_up(&mut world, plan.operations);
    chaos.at_least_once(&mut world);
    let findings = world.heal_and_check();
    Outcome {
        seed,
        findings,
        tally: world.tally.clone(),
        chain: world.chain(),
    }
}

/// A world in which everything stood still for too long gets its work done in fair weather.
fn top_up(world: &mut World, operations: u64) {
    for turn in 0..STEPS_MAX {
        if world.tally.of("work.saved") >= operations {
            return;
        }
        let n = turn % world.phones.len();
        world.repair_hq();
        world.empty_disk(n);
        world.network.faults_per_mille = 0;
        world.phones[n].offline = false;
        world.hq_works();
        world.sync(n);
        world.phone_works(n);
    }
}

struct Chaos {
    backups: Vec<(usize, Backup)>,
    /// The newest of the server's database.
    of_hq: Option<PathBuf>,
    /// When HQ looks at what is old: dice apart, so that a seed's other faults stay where they were.
    old: Dice,
}

impl Chaos {
    /// HQ's worker comes by at any moment, and takes for old what lies hours back, or minutes.
    fn grow_old(&mut self, world: &mut World) {
        if self.old.per_mille(COMPACTS_PER_MILLE) {
            world.repair_hq();
            let before = world.now().plus_ms(-self.old.ms(4 * HOUR_MS));
            world.compact_hq(before);
        }
        if self.old.per_mille(ARCHIVES_PER_MILLE) {
            world.repair_hq();
            let before = world.now().plus_ms(-self.old.ms(4 * HOUR_MS));
            world.archive_hq(before);
        }
    }

    fn step(&mut self, world: &mut World, step: Step) {
        let n = world.dice.below(world.phones.len());
        match step {
            Step::Field => world.phone_works(n),
            Step::Hq => {
                world.repair_hq();
                world.hq_works();
            }
            Step::Sync => {
                world.sync(n);
            }
            Step::Radio => {
                world.phones[n].offline = world.dice.per_mille(500);
                world.phones[n].metered = world.dice.per_mille(300);
                // Whoever has no signal hands what he did to a colleague who comes by.
                if world.phones[n].offline {
                    world.try_hand(n, (n + 1) % world.phones.len());
                }
            }
            Step::Weather => {
                world.network.faults_per_mille = world.dice.weighted(&[(3, 0), (3, 100), (2, 400)])
            }
            Step::Time => {
                let ms = world.dice.ms(4 * HOUR_MS);
                world.clock.pass(ms);
            }
            Step::Season => {
                // What is settled is old now: the next complete syncs compact it.
                world.tally.count("time.season");
                world.clock.pass(SETTLED_KEEP_MS + HOUR_MS);
                // Of a copy older than that, phones can not give back everything.
                self.of_hq = None;
            }
            Step::Watch => watch(world, n),
            Step::Death => death(world, n),
            Step::PowerCut => power_cut(world),
            Step::Repair => {
                world.repair_hq();
                world.empty_disk(n);
            }
            Step::Late => world.deliver_late(),
            Step::Backup => {
                world.phones[n].kill();
                let backup = world.phones[n].back_up();
                self.backups.push((n, backup));
            }
            Step::Restore => self.restore(world),
            Step::Clone => {
                if world.phones.len() < PHONES_MAX {
                    let install = any_install(world);
                    world.clone_phone(n, install);
                }
            }
            Step::Damage => {
                let damage = *world.dice.pick(Damage::ALL).expect("there are kinds");
                world.damage(n, damage);
            }
            Step::Enrol => {
                world.enrol_where_told(n);
                if world.dice.per_mille(300) {
                    world.enrol_revoked(n);
                }
            }
            Step::Revoke => {
                world.repair_hq();
                world.revoke(n);
            }
            Step::Supervisor => {
                world.repair_hq();
                world.supervisor_works();
            }
            Step::BackUpHq => {
                world.repair_hq();
                self.of_hq = Some(world.back_up_hq());
            }
            Step::RestoreHq => {
                if let Some(backup) = &self.of_hq {
                    let files = world
                        .dice
                        .weighted(&[(1, HqFiles::Newer), (1, HqFiles::OfBackup)]);
                    world.restore_hq_with(backup, files);
                }
            }
            Step::RestoreFiles => {
                if let Some(backup) = &self.of_hq {
                    world.restore_hq_files(backup);
                }
            }
            Step::PurgePhoto => {
                world.purge_photo(n);
            }
            Step::CutPhoto => world.album.cut = true,
            Step::DropParts => world.drop_parts(),
            Step::KeepPhotos => world.keep_photos(),
            Step::DiskFull => {
                if world.phones[n].disk_pages.is_some() {
                    world.empty_disk(n);
                } else {
                    world.fill_disk(n);
                }
            }
        }
    }

    fn restore(&mut self, world: &mut World) {
        let Some((n, backup)) = world.dice.pick(&self.backups).cloned() else {
            return;
        };
        let install = any_install(world);
        world.restore_phone(n, &backup, install);
    }

    /// The dice may spare a class of faults; a seed that met none of it would say little.
    fn at_least_once(&mut self, world: &mut World) {
        world.repair_hq();
        if world.tally.class("net.") == 0 {
            world
                .network
                .forced
                .push_back(super::network::NetFault::ReplyLost);
            // A phone that cannot get as far as the network leaves the fault to the next one.
            for n in 0..world.phones.len() {
                world.empty_disk(n);
                world.phones[n].offline = false;
                world.sync(n);
                world.sync(n);
            }
        }
        if world.tally.class("clock.") == 0 {
            watch(world, 0);
        }
        for n in 0..world.phones.len() {
            if world.tally.of("phone.killed") > 0 {
                break;
            }
            // Whatever state it is in, a phone saves; whether it can sync depends.
            world.empty_disk(n);
            world.dies_at(n, FaultPoint::PerformAfterCommit, 0);
            let text = "the last words".to_owned();
            world.perform(n, world.article, Act::Annotate { section: None, text });
        }
        if world.tally.class("disk.") == 0 {
            world.fill_disk(0);
            let text = "x".repeat(12_000);
            for _ in 0..8 {
                world.perform(
                    0,
                    world.article,
                    Act::Annotate {
                        section: None,
                        text: text.clone(),
                    },
                );
            }
            world.empty_disk(0);
        }
        // A power cut that nobody has noticed yet counts.
        world.repair_hq();
        if world.tally.of("hq.killed") == 0 {
            world.power_cut_at(WriterPoint::BeforeCommit);
            world.open_ticket();
            world.repair_hq();
        }
    }
}

fn any_install(world: &mut World) -> InstallFile {
    world.dice.weighted(&[
        (1, InstallFile::Missing),
        (1, InstallFile::Kept),
        (1, InstallFile::Copied),
    ])
}

fn watch(world: &mut World, n: usize) {
    let now = world.now();
    let leap = world.dice.ms(20 * HOUR_MS) - 10 * HOUR_MS;
    let (name, lie) = world.dice.weighted(&[
        (1, ("clock.1970", Lie::Epoch(now))),
        (1, ("clock.five_hours", Lie::Off(5 * HOUR_MS))),
        (2, ("clock.leap", Lie::Off(leap))),
        (1, ("clock.right", Lie::Off(0))),
    ]);
    world.tally.count(name);
    world.phones[n].watch.lie = lie;
    if world.dice.per_mille(300) {
        world.phones[n].kill();
        world.phones[n].watch.reboot(now);
    }
}

fn death(world: &mut World, n: usize) {
    let points = if world.dice.per_mille(100) {
        FaultPoint::OF_PHOTOS
    } else {
        FaultPoint::ALL
    };
    let point = *world.dice.pick(points).expect("there are points");
    plan_death(world, n, point);
}

fn plan_death(world: &mut World, n: usize, point: FaultPoint) {
    let wait = if point == FaultPoint::PageItem {
        world.dice.below(6)
    } else {
        world.dice.below(2)
    };
    let mut deaths = world.phones[n]
        .deaths
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    deaths.at = Some((point, u32::try_from(wait).unwrap_or(0)));
}

fn power_cut(world: &mut World) {
    let point = world
        .dice
        .weighted(&[(1, WriterPoint::BeforeCommit), (1, WriterPoint::AfterCommit)]);
    let wait = u32::try_from(world.dice.below(4)).unwrap_or(0);
    world.hq.cuts.lock().unwrap_or_else(PoisonError::into_inner).at = Some((point, wait));
}
