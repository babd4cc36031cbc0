//! Photos in a world: people take them, phones bring their bytes to HQ piece by piece over the world's network, and disks lose
//! them. The shell's part is played here; engine and server are real.
//!
//! The world's own book ([`Album`]) says what was taken, which bytes anybody ever sent for which document, what a backup of
//! HQ's files holds, and of which files the world itself destroyed the last copy. Nothing else may be lost or read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use fieldline_engine::{BlobStep, EngineError, NewPhoto, Skipped};
use fieldline_model::blob::{BlobHash, Media};
use fieldline_model::id::{DocumentId, EngineerId, OperationId, TicketId};
use fieldline_model::operation::{Act, Photo, PhotoKind, Thumb};
use fieldline_model::time::Timestamp;
use fieldline_server::blob::Kept;

use super::World;
use super::check::Findings;
use super::dice::Dice;
use super::network::{Answer, Request, Verb};
use super::phone::Done;

/// Bytes of one piece: a photo of this world takes a few.
const PIECE_BYTES: u64 = 300;
/// Bytes of the smallest photo, and of how much larger the largest is.
const PHOTO_BYTES: usize = 120;
const PHOTO_BYTES_SPREAD: usize = 700;
/// Bytes of a thumbnail.
const THUMB_BYTES: usize = 60;
/// Longer than HQ waits before it asks a phone for what it misses of its own.
const MISSED_MS: i64 = 25 * 60 * 60 * 1_000;
/// So often a photo is begun anew in one go.
const RESTARTS_MAX: usize = 3;

/// What was taken with a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shot {
    /// The phone that said "saved".
    pub phone: usize,
    /// Whose it is.
    pub engineer: EngineerId,
    /// For which ticket.
    pub document: DocumentId,
    /// Name of the photo.
    pub blob: BlobHash,
    /// Name of its thumbnail.
    pub thumb: Option<BlobHash>,
}

impl Shot {
    /// Photo and thumbnail.
    pub fn names(&self) -> impl Iterator<Item = BlobHash> {
        [Some(self.blob), self.thumb].into_iter().flatten()
    }
}

/// The book of photos.
#[derive(Debug, Clone, Default)]
pub struct Album {
    /// What was saved, by operation.
    pub shots: BTreeMap<OperationId, Shot>,
    /// What chance made each photo of, to take the same again.
    seeds: Vec<u64>,
    /// Somebody has sent all bytes of it for this document.
    pub sent: BTreeSet<(DocumentId, BlobHash)>,
    /// A backup of HQ's files holds it.
    pub backed_up: BTreeSet<BlobHash>,
    /// The world took files of it away, so that it may be gone.
    pub destroyed: BTreeSet<BlobHash>,
    /// The line breaks in the middle of the next photo that goes up.
    pub cut: bool,
}

/// What HQ's files are when its record goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HqFiles {
    /// As they were: newer than the record.
    Newer,
    /// Those of the backup.
    OfBackup,
}

/// How far the server is with a photo.
struct Got {
    offset: u64,
    whole: Option<u64>,
}

/// How an upload ended.
enum Sent {
    /// HQ has it.
    Whole(u64),
    /// HQ will never have it, for this reason.
    Never(String),
    /// HQ does not take it now.
    NotNow,
    /// The network, the server or the phone failed.
    Cut,
}

/// A photo that this number makes, and no other number.
fn new_photo(seed: u64) -> NewPhoto {
    let mut dice = Dice::new(seed);
    let size = PHOTO_BYTES + dice.below(PHOTO_BYTES_SPREAD);
    let mut jpeg = |size: usize| {
        let mut bytes = vec![0; size];
        dice.fill(&mut bytes);
        bytes[..4].copy_from_slice(&[0xff, 0xd8, 0xff, 0xe0]);
        bytes
    };
    let (bytes, thumb) = (jpeg(size), jpeg(THUMB_BYTES));
    NewPhoto {
        bytes,
        kind: PhotoKind::Other,
        caption: "铭牌".into(),
        thumb: Some(thumb),
    }
}

/// What the document will say of it.
fn told(new: &NewPhoto) -> Act {
    Act::Photo(Box::new(Photo {
        blob: BlobHash::of(&new.bytes),
        size: new.bytes.len() as u64,
        media: Media::Jpeg,
        kind: new.kind,
        caption: new.caption.clone(),
        thumb: new.thumb.as_ref().map(|small| Thumb {
            blob: BlobHash::of(small),
            size: small.len() as u64,
        }),
    }))
}

/// Where a blob lies in a directory of blobs, of phone and server alike.
#[must_use]
pub fn file_of(directory: &Path, hash: BlobHash) -> PathBuf {
    let name = hash.to_string();
    directory.join(&name[..2]).join(name)
}

/// Every whole blob in a directory of blobs, by name.
#[must_use]
pub fn names_in(directory: &Path) -> BTreeSet<BlobHash> {
    let entries = |directory: &Path| std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries(directory)
        // The server keeps other things there as well, under longer names.
        .filter(|shelf| shelf.file_name().len() == 2)
        .flat_map(|shelf| entries(&shelf.path()))
        .filter_map(|file| file.file_name().to_str()?.parse().ok())
        .collect()
}

/// Files have the world's time, as everything else: what is old is decided by it.
fn stamp(path: &Path, now: Timestamp) {
    let since = std::time::Duration::from_millis(u64::try_from(now.ms()).unwrap_or(0));
    if let Ok(file) = File::options().append(true).open(path) {
        file.set_modified(std::time::UNIX_EPOCH + since)
            .expect("files have times");
    }
}

impl World {
    /// Somebody takes a photo on a phone; now and then the same again, or the same as somebody else's.
    pub fn take_photo(&mut self, n: usize, ticket: TicketId) -> Option<OperationId> {
        let again = self.dice.per_mille(120);
        let seed = match self.dice.pick(&self.album.seeds).copied().filter(|_| again) {
            Some(seed) => {
                self.tally.count("photo.same");
                seed
            }
            None => {
                let seed = self.dice.roll();
                self.album.seeds.push(seed);
                seed
            }
        };
        let new = new_photo(seed);
        let act = told(&new);
        let names = [&new.bytes, new.thumb.as_ref().expect("it has one")].map(|bytes| BlobHash::of(bytes));
        let taken = self.perform_with(n, ticket.into(), &act, |engine, moment| {
            engine.perform_photo(ticket, new, moment)
        });
        let (directory, now) = (self.phones[n].blobs(), self.now());
        for name in names {
            stamp(&file_of(&directory, name), now);
        }
        if taken.is_some() {
            self.tally.count("photo.taken");
        }
        taken
    }

    /// Notes a photo that was saved.
    pub(super) fn note_shot(&mut self, id: OperationId, n: usize, document: DocumentId, act: &Act) {
        let Act::Photo(photo) = act else { return };
        let shot = Shot {
            phone: n,
            engineer: self.phones[n].engineer,
            document,
            blob: photo.blob,
            thumb: photo.thumb.map(|thumb| thumb.blob),
        };
        self.album.shots.insert(id, shot);
    }

    /// The system takes a photo's file away to make room. False when there is none.
    pub fn purge_photo(&mut self, n: usize) -> bool {
        let directory = self.phones[n].blobs();
        let names: Vec<BlobHash> = names_in(&directory).into_iter().collect();
        let Some(name) = self.dice.pick(&names).copied() else {
            return false;
        };
        std::fs::remove_file(file_of(&directory, name)).expect("it was listed");
        self.album.destroyed.insert(name);
        self.tally.count("photo.purged");
        true
    }

    /// HQ loses what phones have sent of photos so far.
    pub fn drop_parts(&mut self) {
        for part in std::fs::read_dir(self.hq.blobs().join("part"))
            .into_iter()
            .flatten()
        {
            std::fs::remove_file(part.expect("a part").path()).expect("it was listed");
            self.tally.count("photo.part_lost");
        }
    }

    /// HQ is backed up, files after the record, and says so to its phones.
    pub fn back_up_hq(&mut self) -> PathBuf {
        let copy = self.hq.back_up_with_files();
        self.album
            .backed_up
            .extend(names_in(&copy.with_extension("blobs")));
        copy
    }

    /// An older copy of the record is put back, with these files beside it.
    pub fn restore_hq_with(&mut self, backup: &Path, files: HqFiles) {
        self.hq_files_go(backup, files, true);
        self.hq_went_back();
    }

    /// The record stays, and its files are those of an older copy.
    pub fn restore_hq_files(&mut self, backup: &Path) {
        self.hq_files_go(backup, HqFiles::OfBackup, false);
        self.tally.count("photo.files_older");
    }

    fn hq_files_go(&mut self, backup: &Path, files: HqFiles, record: bool) {
        let before = names_in(&self.hq.blobs());
        match (record, files) {
            (true, HqFiles::Newer) => {
                self.hq.restore(backup);
                self.tally.count("photo.files_newer");
            }
            (true, HqFiles::OfBackup) => self.hq.restore_with_files(backup),
            (false, _) => self.hq.restore_files(backup),
        }
        let after = names_in(&self.hq.blobs());
        for name in before.difference(&after) {
            // A phone may have made room for what a backup held, and may do so until it hears of this.
            if self.album.backed_up.contains(name) {
                self.album.destroyed.insert(*name);
            }
            self.tally.count("photo.hq_lost");
        }
        self.keep_photos();
    }

    /// HQ looks after its files, as it does at the start and every few hours.
    pub fn keep_photos(&mut self) {
        self.repair_hq();
        match self.hq.ask(async move |app| app.keep_blobs().await) {
            None => {}
            Some(Ok(kept)) => self.note_kept(kept),
            Some(Err(problem)) => self
                .findings
                .say(format!("HQ cannot look after its files: {problem:?}")),
        }
    }

    fn note_kept(&mut self, kept: Kept) {
        for (many, what) in [
            (kept.gone, "photo.gone"),
            (kept.found, "photo.found"),
            (kept.deleted, "photo.collected"),
            (kept.parts, "photo.part_old"),
        ] {
            (0..many).for_each(|_| self.tally.count(what));
        }
    }

    /// Sends what is due, as a phone does after an exchange. True when HQ heard nothing new.
    pub(super) fn send_photos(&mut self, n: usize) -> bool {
        let mut skipped = Skipped::new();
        let mut idle = true;
        loop {
            let (metered, left) = (self.phones[n].metered, skipped.clone());
            let next = self.on(n, |engine, _| engine.blob_next(metered, &left));
            let step = match next {
                Done::Well(Some(step)) => step,
                Done::Well(None) => return idle,
                Done::Died(_) => return false,
                Done::No(error) => {
                    self.photo_failed(n, &error);
                    return false;
                }
            };
            let (document, hash, done) = match step {
                BlobStep::TellLost { document, hash } => (document, hash, self.tell_lost(n, document, hash)),
                BlobStep::Send { document, hash, size } => {
                    let sent = self.send_photo(n, document, hash, size);
                    (document, hash, self.note_sent(n, document, hash, sent))
                }
            };
            match done {
                None => return false,
                Some(news) => idle &= !news,
            }
            skipped.insert((document, hash));
        }
    }

    fn photo_failed(&mut self, n: usize, error: &EngineError) {
        match error {
            EngineError::DiskFull => self.tally.count("disk.full"),
            _ => self
                .findings
                .say(format!("phone {n} cannot look after its photos: {error}")),
        }
    }

    /// `None` when the phone or the network failed; whether HQ has something new.
    fn note_sent(&mut self, n: usize, document: DocumentId, hash: BlobHash, sent: Sent) -> Option<bool> {
        let (news, done) = match sent {
            Sent::Whole(seq) => {
                self.tally.count("photo.sent");
                let done = self.on(n, |engine, _| engine.blob_sent(document, hash, seq));
                (true, done)
            }
            Sent::Never(code) => {
                self.findings
                    .say(format!("HQ will not have {hash} of phone {n}: {code}"));
                let done = self.on(n, |engine, _| engine.blob_refused(document, hash, &code));
                (true, done)
            }
            Sent::NotNow => return Some(false),
            Sent::Cut => return None,
        };
        self.noted(n, done).then_some(news)
    }

    fn noted(&mut self, n: usize, done: Done<()>) -> bool {
        match done {
            Done::Well(()) => true,
            Done::Died(_) => false,
            Done::No(error) => {
                self.photo_failed(n, &error);
                false
            }
        }
    }

    fn tell_lost(&mut self, n: usize, document: DocumentId, hash: BlobHash) -> Option<bool> {
        let answer = self.blob_call(n, (document, hash), Verb::Post, "/lost", Vec::new())?;
        if answer.status != 204 {
            return is_ours(&answer).then_some(false);
        }
        self.tally.count("photo.lost_told");
        let done = self.on(n, |engine, _| engine.blob_lost_told(document, hash));
        self.noted(n, done).then_some(true)
    }

    fn send_photo(&mut self, n: usize, document: DocumentId, hash: BlobHash, size: u64) -> Sent {
        for _ in 0..=RESTARTS_MAX {
            let Some(answer) = self.blob_call(n, (document, hash), Verb::Head, "", Vec::new()) else {
                return Sent::Cut;
            };
            let Some(mut got) = got(&answer) else {
                return if is_ours(&answer) { Sent::NotNow } else { Sent::Cut };
            };
            if got.whole.is_none() && got.offset > 0 {
                self.tally.count("photo.resumed");
            }
            loop {
                if let Some(seq) = got.whole {
                    return Sent::Whole(seq);
                }
                let Some(answer) = self.send_piece(n, (document, hash), got.offset, size) else {
                    return Sent::Cut;
                };
                match answer.status {
                    204 => match self::got(&answer) {
                        Some(next) => got = next,
                        None => return Sent::Cut,
                    },
                    // Begun anew: its part is another's by now, or its bytes came damaged.
                    _ if says(&answer, "blob_offset") || says(&answer, "blob_hash") => break,
                    _ if says(&answer, "media_type") || says(&answer, "blob_too_large") => {
                        return Sent::Never(String::from_utf8_lossy(&answer.body).into_owned());
                    }
                    _ => return if is_ours(&answer) { Sent::NotNow } else { Sent::Cut },
                }
            }
        }
        Sent::NotNow
    }

    fn send_piece(
        &mut self,
        n: usize,
        (document, hash): (DocumentId, BlobHash),
        offset: u64,
        size: u64,
    ) -> Option<Answer> {
        let piece = self.on(n, |engine, _| engine.blob_piece(hash, offset, PIECE_BYTES));
        let mut piece = match piece {
            Done::Well(piece) => piece,
            Done::Died(_) => return None,
            Done::No(error) => {
                self.photo_failed(n, &error);
                return None;
            }
        };
        let damaged = self.dice.per_mille(self.network.faults_per_mille / 4);
        if damaged && let Some(byte) = piece.last_mut() {
            *byte ^= 1;
            self.tally.count("photo.damaged");
        } else if offset + piece.len() as u64 == size {
            self.album.sent.insert((document, hash));
        }
        let verb = Verb::Patch { offset, length: size };
        let is_part = offset + (piece.len() as u64) < size;
        let answer = self.blob_call(n, (document, hash), verb, "", piece);
        let now = self.now();
        for part in std::fs::read_dir(self.hq.blobs().join("part"))
            .into_iter()
            .flatten()
        {
            stamp(&part.expect("a part").path(), now);
        }
        if is_part && std::mem::take(&mut self.album.cut) {
            self.tally.count("photo.cut");
            return None;
        }
        answer
    }

    /// One request about a blob over the network. `None` when no answer came, or the phone is not accepted.
    fn blob_call(
        &mut self,
        n: usize,
        (document, hash): (DocumentId, BlobHash),
        verb: Verb,
        rest: &str,
        body: Vec<u8>,
    ) -> Option<Answer> {
        let Done::Well(Some(token)) = self.on(n, |engine, _| Ok(engine.token())) else {
            return None;
        };
        let request = Request {
            path: format!("/sync/v1/blob/{document}/{hash}{rest}"),
            token: Some(token),
            body,
            verb,
        };
        let Self {
            network, tally, hq, ..
        } = self;
        let answer = network.carry(request, tally, &mut |request| hq.call(request))?;
        if answer.status == 401 {
            let noted = self.on(n, |engine, _| engine.token_refused());
            self.tally.count("phone.not_accepted");
            self.noted(
                n,
                match noted {
                    Done::Well(_) => Done::Well(()),
                    Done::No(error) => Done::No(error),
                    Done::Died(point) => Done::Died(point),
                },
            );
            return None;
        }
        Some(answer)
    }

    /// HQ asks for what it misses once a phone has had a day to bring it by itself, and asks again when it came too late.
    pub(super) fn photos_come_home(&mut self) {
        for turn in 0..2 {
            // What was told as lost is asked for again as well: a copy of the phone may have said so.
            let sql = if turn == 0 {
                "SELECT count(*) FROM blob_wanted"
            } else {
                "SELECT count(*) FROM blob_wanted WHERE lost_at IS NULL"
            };
            if self.count_at_hq(sql) == 0 {
                break;
            }
            self.tally.count("time.photos_missed");
            self.clock.pass(MISSED_MS);
            self.keep_photos();
            self.settle();
        }
        // What a power cut left between file and record is found at the next look.
        self.keep_photos();
    }

    /// Every phone reads what it should, and nothing that its engineer does not hold, that no document refers to, or that nobody
    /// ever sent for that document.
    pub(super) fn readers(&mut self) -> Findings {
        let mut findings = Findings::default();
        let places: BTreeSet<(DocumentId, BlobHash)> = self
            .album
            .shots
            .values()
            .map(|shot| (shot.document, shot.blob))
            .collect();
        for n in 0..self.phones.len() {
            for (document, hash) in &places {
                let (allowed, here) = self.may_read(n, *document, *hash);
                let got = self.read_photo(n, *document, *hash);
                if let Some(bytes) = &got {
                    self.tally.count("photo.read");
                    findings.expect(allowed, || {
                        format!("phone {n} reads {hash} by {document} and may not")
                    });
                    findings.expect(BlobHash::of(bytes) == *hash, || {
                        format!("phone {n} reads other bytes than {hash}")
                    });
                } else if !allowed {
                    self.tally.count("photo.hidden");
                }
                findings.expect(got.is_some() || !(allowed && here), || {
                    format!("phone {n} may read {hash} by {document} and cannot")
                });
            }
        }
        findings
    }

    /// Whether a phone may read a photo by the world's own book and HQ's scopes, and whether HQ has it.
    fn may_read(&self, n: usize, document: DocumentId, hash: BlobHash) -> (bool, bool) {
        let phone = &self.phones[n];
        let ask = |sql: &str, first: &str| {
            let mut sql = self.hq.db().prepare_cached(sql).expect("schema");
            sql.exists(rusqlite::params![first, document.to_string(), &hash.0[..]])
                .expect("schema")
        };
        let me = phone.engineer.to_string();
        let holds = ask(
            "SELECT 1 FROM scope WHERE engineer IN (?1, 'shared') AND document = ?2 AND ?3 IS NOT NULL",
            &me,
        );
        let refers = ask(
            "SELECT 1 FROM blob_ref WHERE document = ?2 AND hash = ?3 AND ?1 <> ''",
            &me,
        );
        let here = ask(
            "SELECT 1 FROM blob_proof p JOIN blob b ON b.hash = p.hash WHERE p.document = ?2 AND p.hash = ?3 AND ?1 <> ''",
            &me,
        );
        let was_sent = self.album.sent.contains(&(document, hash));
        (holds && refers && was_sent && !phone.revoked, here)
    }

    /// What phone `n` gets when it asks for a blob by a document, in fair weather: its bytes, or nothing.
    ///
    /// # Panics
    /// When the server does not answer.
    pub fn read_photo(&mut self, n: usize, document: DocumentId, hash: BlobHash) -> Option<Vec<u8>> {
        let Done::Well(token) = self.on(n, |engine, _| Ok(engine.token())) else {
            return None;
        };
        let request = Request {
            path: format!("/sync/v1/blob/{document}/{hash}"),
            token,
            verb: Verb::Get,
            ..Request::default()
        };
        let answer = self.hq.call(request).expect("the server is up");
        (answer.status == 200).then_some(answer.body)
    }
}

fn says(answer: &Answer, code: &str) -> bool {
    let text = String::from_utf8_lossy(&answer.body);
    text.contains(&format!("\"{code}\""))
}

fn is_ours(answer: &Answer) -> bool {
    answer.headers.contains_key("tus-resumable") || answer.content_type == "application/problem+json"
}

fn got(answer: &Answer) -> Option<Got> {
    let number = |name: &str| answer.headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    Some(Got {
        offset: number("upload-offset")?,
        whole: number("fieldline-seq"),
    })
}
