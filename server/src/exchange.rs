//! One exchange: who is it, where does he stand, take what he brings, give him what is new.
//!
//! Nothing is taken from a phone of another epoch, and no lane the phone did not sign. A phone that knows more of the log
//! than the log itself, by a cursor under this server's seal, proves that the data went back: then a new epoch begins,
//! and the phone is told only that.

mod grants;
mod heal;
mod relay;
mod resume;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use fieldline_model::blob::BlobHash;
use fieldline_model::grant::GRANTS_MAX;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::lane::is_signed;
use fieldline_model::wire::{
    AppVersion, BlobName, Cursor, Exchange, Hash, Heal, Hello, Lane, PUSH_CHANGES_MAX, Page, Reply, Verdict,
    WIRE, Welcome,
};
use futures_util::future::join_all;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::devices::token_hash;
use crate::door::{DoorError, decided_held, hold_lane, recall, release_relayed, remind, take_lane};
use crate::feed::{Wanted, build_page};
use crate::grant::Asker;
use crate::problem::{Code, Problem};
use crate::store::device::{self, Device, Seen};
use crate::store::{backup, blob, grant, log, meta};

use heal::{Covered, covered};
use resume::Asked;

/// Changes one device may push in a day: a hundred times what a diligent engineer writes. The rest waits on the phone.
pub const DEVICE_CHANGES_PER_DAY_MAX: u64 = 20_000;
/// A phone that said nothing new is written down at most this often.
const SEEN_EVERY_MS: i64 = 60_000;
/// A phone is told only after so long that HQ has not got a blob of its own: until then it knows best why it waits.
const BLOB_MISSED_MS: i64 = 24 * 60 * 60 * 1_000;
/// Most blobs a phone is told of at once; the others follow when these have come.
const LACKS_BLOBS_MAX: usize = 16;
/// So long after HQ lost a blob of theirs do an engineer's phones hear of no backup: none may hold it, and what every copy of
/// a phone knows of it is known by then.
const BLOB_DOUBT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// Where a phone stands, read once.
struct Standing {
    device: Device,
    epoch: u64,
    /// The log holds the entry the cursor names, with the same history before it.
    cursor_is_ours: bool,
    /// So it does with the place of which the phone heard.
    heard_is_ours: bool,
    install: Option<(u64, bool)>,
    /// Under which install it showed its grants, and in which epoch.
    reported: Option<([u8; 16], u64)>,
}

impl App {
    /// One exchange of Hello, Push and Pull. Verdicts are given only for what is committed.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`], [`Code::WireVersion`], [`Code::MessageTooLarge`]: then nothing was taken.
    pub async fn exchange(&self, token: &str, exchange: Exchange) -> Result<Reply, Problem> {
        let Exchange {
            hello,
            push,
            want,
            page_items_max,
            have,
            heal,
            rest,
            trail,
            resume,
            relay,
            papers,
            grants,
        } = exchange;
        if hello.wire != WIRE {
            return Err(Problem::new(Code::WireVersion));
        }
        let carried = relay.iter().map(|relayed| &relayed.lane);
        if push
            .iter()
            .chain(carried)
            .map(|lane| lane.changes.len())
            .sum::<usize>()
            > PUSH_CHANGES_MAX
        {
            return Err(Problem::new(Code::MessageTooLarge)
                .detail("一次发送的变更太多", "too many changes in one push"));
        }
        if grants.as_ref().is_some_and(|known| known.held.len() > GRANTS_MAX) {
            return Err(Problem::new(Code::MessageTooLarge)
                .detail("一次发送的配额太多", "too many grants in one message"));
        }
        let standing = self.standing(token, &hello).await?;
        let device = standing.device.clone();
        let (stored, was_rotated) = standing.install.unwrap_or((0, false));
        let restored = was_rotated || hello.write_counter < stored;
        let welcome = Welcome {
            wire: WIRE,
            epoch: standing.epoch,
            server_time: self.now(),
            acked_counter: stored.max(hello.write_counter),
            must_rotate: restored,
            revoked: device.revoked,
            must_reread: false,
            backup_seq: None,
            min_app: None,
        };
        let greet = Reply::greeting;
        let is_new = hello.cursor.epoch == Cursor::START.epoch;
        if !is_new && hello.cursor.epoch != standing.epoch {
            return self.tell_epoch(&device, welcome).await;
        }
        let gone = |heard: &Cursor| {
            heard.epoch == standing.epoch
                && !standing.heard_is_ours
                && self.inner.seal_key.gave(device.id, heard)
        };
        if hello.heard.as_ref().is_some_and(gone) {
            let epoch = self.begin_epoch(standing.epoch).await?;
            return self.tell_epoch(&device, Welcome { epoch, ..welcome }).await;
        }
        if !is_new && !standing.cursor_is_ours {
            if !self.inner.seal_key.gave(device.id, &hello.cursor) {
                tracing::warn!(device.id = %device.id, "the cursor of phone {} is damaged or made up", device.id);
                return Ok(greet(Welcome {
                    must_reread: true,
                    ..welcome
                }));
            }
            let epoch = self.begin_epoch(standing.epoch).await?;
            return self.tell_epoch(&device, Welcome { epoch, ..welcome }).await;
        }
        if have.is_some() || !heal.is_empty() {
            let asked = have.map(|have| Asked { have, rest, trail });
            return self.take_healing(&device, welcome, asked, heal).await;
        }
        if restored {
            self.inner.catch_ups.forget(device.id);
        }
        if let Some(known) = grants.as_ref().filter(|_| !device.revoked) {
            // Before anything of this epoch is booked: what the phone was told includes all that was booked before.
            self.note_grants(&standing, hello.install, known).await?;
        }
        // It said what it holds before it brings anything.
        let begins = hello.cursor.seq == 0 && !is_new && !device.revoked;
        let held = match resume.filter(|_| begins) {
            Some(resume) => self.resume(&device, resume).await?,
            None => None,
        };
        let pushed = push.clone();
        let verdicts = self.push(&standing, &hello, restored, push).await?;
        let relayed = self.relay(&device, relay).await?;
        if device.revoked {
            let (decided, heard) = self.decided(device, standing.epoch).await?;
            let answered: HashSet<Hash> = verdicts.iter().map(|(hash, _)| *hash).collect();
            let mut verdicts = verdicts;
            let is_new = |(hash, _): &(Hash, Verdict)| !answered.contains(hash);
            verdicts.extend(decided.into_iter().filter(is_new));
            return Ok(Reply {
                verdicts,
                relayed,
                heard: Some(heard),
                ..greet(welcome)
            });
        }
        if let Some(min) = self.too_old(&hello.app) {
            tracing::info!(device.id = %device.id, "phone {} has an app older than {min}", device.id);
            let (_, heard) = self.decided(device, standing.epoch).await?;
            return Ok(Reply {
                verdicts,
                relayed,
                heard: Some(heard),
                ..greet(Welcome {
                    min_app: Some(min.to_string()),
                    ..welcome
                })
            });
        }
        let papers = if papers { self.papers(&device) } else { None };
        let holder = device.clone();
        let (page, backup_seq, lacks_blobs, receipt, stood) = if page_items_max == 0 {
            (None, None, Vec::new(), None, None)
        } else {
            let from = if is_new { Cursor::START } else { hello.cursor };
            let wanted = Wanted {
                device,
                install: hello.install,
                restored,
                from,
                want,
                answered: answered(&verdicts),
                held,
                items_max: usize::try_from(page_items_max).unwrap_or(usize::MAX),
            };
            let fated = Exchange::fated(&pushed, &verdicts);
            let (page, backup_seq, lacks, mut covered) = self.page(wanted, fated).await?;
            let stood = self.vouch_stands(&mut covered);
            (Some(page), backup_seq, lacks, self.vouch(covered), stood)
        };
        // After the page, so that no fate in it is newer.
        let grants = match grants {
            Some(known) => {
                let asker = Asker {
                    install: hello.install,
                    told: (known.epoch == standing.epoch).then_some(known.serial),
                    sent_all: pushed.is_empty(),
                };
                self.tell_grants(holder, asker, known, restored).await?
            }
            None => None,
        };
        Ok(Reply {
            verdicts,
            page,
            receipt,
            stood,
            lacks_blobs,
            relayed,
            papers,
            grants,
            ..greet(Welcome {
                backup_seq,
                ..welcome
            })
        })
    }

    /// The oldest app that gets pages, where this one is older. One that does not say how old it is is not.
    fn too_old(&self, app: &str) -> Option<AppVersion> {
        let min = self.inner.min_app?;
        AppVersion::of(app).filter(|app| *app < min).map(|_| min)
    }

    async fn standing(&self, token: &str, hello: &Hello) -> Result<Standing, Problem> {
        let token = token_hash(token);
        let (cursor, heard, install, claimed) = (hello.cursor, hello.heard, hello.install, hello.device);
        let read = self.inner.store.read(move |connection| {
            let Some(device) = device::device_by_token(connection, &token)? else {
                return Ok(None);
            };
            if device.id != claimed {
                return Ok(None);
            }
            let is_ours = |place: &Cursor| {
                let chain = log::log_chain(connection, place.seq)?;
                Ok::<_, DoorError>(chain.is_some_and(|chain| chain[..8] == place.chain))
            };
            let install = device::install_read(connection, device.id, &install)?;
            Ok::<_, DoorError>(Some(Standing {
                device,
                epoch: meta::epoch(connection)?,
                cursor_is_ours: is_ours(&cursor)?,
                heard_is_ours: heard.as_ref().map_or(Ok(true), is_ours)?,
                install,
                reported: grant::report_read(connection, claimed)?,
            }))
        });
        read.await?.ok_or_else(|| Problem::new(Code::Unauthenticated))
    }

    /// A new epoch, unless somebody else began one meanwhile.
    async fn begin_epoch(&self, old: u64) -> Result<u64, Problem> {
        let new = meta::new_epoch(&self.inner.edge);
        let inner = Arc::clone(&self.inner);
        let begun = self.inner.store.write(move |connection| {
            let now = meta::epoch(connection)?;
            if now != old {
                return Ok(now);
            }
            meta::epoch_write(connection, new)?;
            meta::ticket_numbers_pass(connection)?;
            inner.renew_author();
            Ok::<_, DoorError>(new)
        });
        let epoch = begun.await?;
        tracing::warn!(
            epoch,
            "a phone knows a log that this server does not: the data went back; new epoch {epoch}"
        );
        Ok(epoch)
    }

    /// Takes what a phone brings. All lanes and what it said of itself go into the writer's next group together.
    async fn push(
        &self,
        standing: &Standing,
        hello: &Hello,
        restored: bool,
        lanes: Vec<Lane>,
    ) -> Result<Vec<(Hash, Verdict)>, Problem> {
        let device = &standing.device;
        let lanes: Arc<Vec<Lane>> = Arc::new(
            lanes
                .into_iter()
                .filter(|lane| !lane.changes.is_empty())
                .collect(),
        );
        let proven = self.prove(device, &lanes).await?;
        let changes: usize = lanes.iter().map(|lane| lane.changes.len()).sum();
        let fits = changes == 0
            || self
                .inner
                .changes_a_day
                .admit(device.id, self.now(), changes as u64);
        if !fits {
            tracing::warn!(device.id = %device.id, "phone {} has pushed its share of today", device.id);
        }
        let count = if fits { lanes.len() } else { 0 };
        let taken = join_all((0..count).map(|place| self.take(device, &lanes, place, proven[place])));
        let (verdicts, ()) = tokio::join!(taken, self.note_seen(standing, hello, restored, changes > 0));
        if changes > 0 {
            self.inner.wake.notify_one();
        }
        if !fits {
            let all = lanes.iter().flat_map(|lane| undecided(lane, &Verdict::Later));
            return Ok(all.collect());
        }
        Ok(verdicts.into_iter().flatten().collect())
    }

    /// Which lanes the device signed, in their order.
    async fn prove(&self, device: &Device, lanes: &Arc<Vec<Lane>>) -> Result<Vec<bool>, Problem> {
        if lanes.is_empty() {
            return Ok(Vec::new());
        }
        let (organisation, device, lanes) = (self.organisation().id, device.clone(), Arc::clone(lanes));
        let id = device.id;
        let proven: Vec<bool> = tokio::task::spawn_blocking(move || {
            let check = |lane| is_signed(organisation, &device.public_key, lane);
            lanes.iter().map(check).collect()
        })
        .await
        .map_err(|_| Problem::new(Code::Internal))?;
        if proven.contains(&false) {
            tracing::warn!(device.id = %id, "a lane of phone {id} is not signed by it");
        }
        Ok(proven)
    }

    async fn take(
        &self,
        device: &Device,
        lanes: &Arc<Vec<Lane>>,
        place: usize,
        proven: bool,
    ) -> Vec<(Hash, Verdict)> {
        if !proven {
            // Nothing of it is taken. A phone that had to take a new key is told all the same what was decided.
            let verdicts = self.recall(lanes, place, Verdict::Unproven).await;
            let (inner, device, told) = (Arc::clone(&self.inner), device.clone(), verdicts.clone());
            let reminded = self
                .inner
                .store
                .write(move |connection| remind(connection, &inner, &device, &told));
            return match reminded.await {
                Ok(()) => verdicts,
                Err(error) => {
                    tracing::warn!(%error, "an unproven lane waits");
                    undecided(&lanes[place], &Verdict::Later)
                }
            };
        }
        let (inner, device, all) = (Arc::clone(&self.inner), device.clone(), Arc::clone(lanes));
        let written = self.inner.store.write(move |connection| {
            let lane = &all[place];
            if device.revoked {
                hold_lane(connection, &inner, &device, lane)
            } else {
                release_relayed(connection, lane)?;
                take_lane(connection, &inner, &device, lane, lane.install)
            }
        });
        match written.await {
            Ok(verdicts) => verdicts,
            #[cfg(any(test, feature = "testing"))]
            Err(_) if self.inner.planted.has(crate::app::Bug::AckBeforeCommit) => merged(&lanes[place]),
            Err(error) => {
                let document = lanes[place].document;
                tracing::warn!(document.id = %document, %error, "a lane of {document} was not taken");
                self.recall(lanes, place, Verdict::Later).await
            }
        }
    }

    /// What was decided about a lane that is not taken now: a commit may have been kept all the same. The rest is told
    /// `otherwise`.
    async fn recall(&self, lanes: &Arc<Vec<Lane>>, place: usize, otherwise: Verdict) -> Vec<(Hash, Verdict)> {
        let (all, rest) = (Arc::clone(lanes), otherwise.clone());
        let read = self.inner.store.read(move |connection| {
            let mut verdicts = undecided(&all[place], &rest);
            for (hash, verdict) in &mut verdicts {
                if let Some(known) = recall(connection, hash)? {
                    *verdict = known;
                }
            }
            Ok::<_, DoorError>(verdicts)
        });
        read.await
            .unwrap_or_else(|_| undecided(&lanes[place], &otherwise))
    }

    async fn note_seen(&self, standing: &Standing, hello: &Hello, restored: bool, brought: bool) {
        let now = self.now();
        let device = &standing.device;
        let is_news = device.cursor_seq != Some(hello.cursor.seq)
            || standing
                .install
                .is_none_or(|(counter, rotated)| hello.write_counter > counter || (restored && !rotated));
        let is_due = device
            .last_seen_at
            .is_none_or(|last| now.since(last) > SEEN_EVERY_MS);
        if !is_news && !is_due && !brought {
            return;
        }
        let seen = Seen {
            device: device.id,
            install: hello.install,
            counter: hello.write_counter,
            rotated: restored,
            app: hello.app.chars().take(40).collect(),
            cursor_seq: hello.cursor.seq,
        };
        let written = self
            .inner
            .store
            .write(move |connection| Ok::<_, DoorError>(device::device_seen(connection, &seen, now)?));
        if let Err(error) = written.await {
            tracing::warn!(device.id = %device.id, %error, "phone {} was not noted as seen", device.id);
        }
    }

    /// What was decided about a revoked phone's work, and where the log stands.
    async fn decided(&self, device: Device, epoch: u64) -> Result<(Vec<(Hash, Verdict)>, Cursor), Problem> {
        let id = device.id;
        let asked = device.clone();
        let read = self
            .inner
            .store
            .read(move |connection| decided_held(connection, &asked));
        let mut decided = read.await?;
        if !decided.is_empty() {
            let inner = Arc::clone(&self.inner);
            let told = self.inner.store.write(move |connection| {
                // Told, it is told for good; what was read may have been worked out otherwise since.
                let decided = decided_held(connection, &device)?;
                remind(connection, &inner, &device, &decided)?;
                Ok::<_, DoorError>(decided)
            });
            decided = told.await?;
        }
        let head = self.inner.store.read(log::log_head);
        let (seq, whole) = head.await?;
        let mut heard = Cursor {
            epoch,
            seq,
            ..Cursor::START
        };
        heard.chain.copy_from_slice(&whole[..8]);
        Ok((decided, self.inner.seal_key.sealed(id, heard)))
    }

    /// After this server went back: first what it lacks is found and given back, and nothing else happens meanwhile. A
    /// revoked phone does so too: what proves it is the receipt, and not who brings it.
    async fn take_healing(
        &self,
        device: &Device,
        welcome: Welcome,
        asked: Option<Asked>,
        heal: Vec<Heal>,
    ) -> Result<Reply, Problem> {
        let mut reply = Reply::greeting(welcome);
        match asked {
            Some(asked) => self.answer_ask(device, asked, &mut reply).await?,
            None => self.heal(device, heal, &mut reply).await,
        }
        Ok(reply)
    }

    /// The page, how far the newest backup covers the log where the page brings something, and what a receipt covers.
    async fn page(
        &self,
        wanted: Wanted,
        fated: BTreeSet<DocumentId>,
    ) -> Result<(Page, Option<u64>, Vec<BlobName>, Covered), Problem> {
        let inner = Arc::clone(&self.inner);
        let device = wanted.device.id;
        let (before, doubt) = (
            self.now().plus_ms(-BLOB_MISSED_MS),
            self.now().plus_ms(-BLOB_DOUBT_MS),
        );
        let built = self.inner.store.read(move |connection| {
            let page = build_page(connection, &wanted, &inner.catch_ups, &inner.unreadable)?;
            let engineer = wanted.device.engineer;
            let lacks = blob::blob_lacks(connection, engineer, before, LACKS_BLOBS_MAX)?;
            let backup_seq = match backup::covered(connection)? {
                0 => None,
                _ if page.next.seq == wanted.from.seq => None,
                _ if is_cut(&lacks) || blob::blob_misses(connection, engineer, doubt)? => None,
                seq => Some(seq),
            };
            let covered = covered(connection, &page, &fated, &wanted, &inner.unreadable)?;
            Ok::<_, DoorError>((page, backup_seq, lacks, covered))
        });
        let (page, backup_seq, lacks, covered) = built.await?;
        let name = |(document, hash): (DocumentId, BlobHash)| BlobName(document, Hash::new(hash.0));
        let lacks = lacks.into_iter().map(name).collect();
        let next = self.inner.seal_key.sealed(device, page.next);
        Ok((Page { next, ..page }, backup_seq, lacks, covered))
    }
}

/// There may be photos that were not told of; files of articles come after all of those.
fn is_cut(lacks: &[(DocumentId, BlobHash)]) -> bool {
    lacks.len() == LACKS_BLOBS_MAX
        && lacks
            .last()
            .is_some_and(|(document, _)| document.ticket().is_some())
}

/// What a server says that does not wait for COMMIT.
#[cfg(any(test, feature = "testing"))]
fn merged(lane: &Lane) -> Vec<(Hash, Verdict)> {
    use fieldline_model::wire::Fate;
    let fate = |bytes: &[u8]| {
        let operation = crate::door::peek(bytes)?;
        Some(Verdict::Fate {
            operation,
            fate: Fate::Merged,
            other: false,
        })
    };
    let told = undecided(lane, &Verdict::Later).into_iter().zip(&lane.changes);
    told.map(|((hash, later), bytes)| (hash, fate(bytes).unwrap_or(later)))
        .collect()
}

/// One answer to every change of a lane that nothing was decided about.
fn undecided(lane: &Lane, verdict: &Verdict) -> Vec<(Hash, Verdict)> {
    let hash = |bytes: &[u8]| Hash::new(Sha256::digest(bytes.get(8..).unwrap_or_default()).into());
    lane.changes
        .iter()
        .map(|bytes| (hash(bytes), verdict.clone()))
        .collect()
}

fn answered(verdicts: &[(Hash, Verdict)]) -> HashSet<OperationId> {
    let fates = verdicts.iter().filter_map(|(_, verdict)| match verdict {
        Verdict::Fate { operation, .. } => Some(*operation),
        Verdict::Need { .. } | Verdict::Replay | Verdict::Later | Verdict::Held | Verdict::Unproven => None,
    });
    fates.collect()
}
