//! What screens are given: plain values, ready to show, also as JSON.
//!
//! Words for codes come from the rows and from `model::reason`, in both languages; nothing here is computed twice.

use fieldline_model::id::{
    ArticleId, AssetId, DeviceId, DocumentId, EngineerId, LocationId, OperationId, PartId, TicketId, VisitId,
};
use fieldline_model::operation::{Act, Author, Span, TicketFacts};
use fieldline_model::reason::{self, Lang};
use fieldline_model::row::{Asset, Checklist, Contact, Customer, Site};
use fieldline_model::time::{DeviceTime, Timestamp};
use serde::Serialize;

/// Which tickets a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListScope {
    /// All on this phone.
    All,
    /// Where something is left for this engineer to do.
    #[default]
    Open,
    /// The rest.
    Done,
    /// Those HQ took away; they are still here to be read.
    Left,
}

/// What a list asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFilter {
    /// Open, done or all.
    pub scope: ListScope,
    /// Only visits planned to overlap this span, for instance today.
    pub planned_in: Option<Span>,
    /// Only tickets about this machine.
    pub asset: Option<AssetId>,
    /// At most so many.
    pub limit: u32,
    /// From this place on.
    pub offset: u32,
}

impl Default for ListFilter {
    fn default() -> Self {
        Self {
            scope: ListScope::Open,
            planned_in: None,
            asset: None,
            limit: 500,
            offset: 0,
        }
    }
}

/// One ticket in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketLine {
    /// Id.
    pub ticket: TicketId,
    /// Human number.
    pub number: String,
    /// Word of the ticket's status.
    pub status: String,
    /// This engineer's visit.
    pub visit: Option<VisitId>,
    /// Word of that visit's phase.
    pub phase: Option<String>,
    /// HQ took that visit away.
    pub withdrawn: bool,
    /// Begin of the plan.
    pub plan_start: Option<Timestamp>,
    /// End of the plan.
    pub plan_end: Option<Timestamp>,
    /// Word of the priority.
    pub priority: String,
    /// Very important customer.
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline: Option<Timestamp>,
    /// Customer's name.
    pub customer: String,
    /// Customer's name in English.
    pub customer_en: String,
    /// Address.
    pub address: String,
    /// Address in English order.
    pub address_en: String,
    /// Fault code.
    pub fault: Option<String>,
    /// Words of the fault code in Chinese.
    pub fault_zh: String,
    /// Words of the fault code in English.
    pub fault_en: String,
    /// The fault in the customer's words.
    pub fault_text: String,
    /// Device category.
    pub category: Option<String>,
    /// How often the customer urged.
    pub urges: u32,
    /// Own operations that have no fate yet.
    pub pending: u32,
    /// The local copy is damaged and will be fetched again.
    pub stuck: bool,
}

/// One visit on a ticket's screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VisitView {
    /// The folded visit.
    pub visit: fieldline_model::fold::VisitState,
    /// Word of the phase.
    pub phase: &'static str,
    /// It is this engineer's.
    pub mine: bool,
    /// Words of the acts that follow now, in the order a screen offers them, `could_not` for a finish that passes with
    /// that result only; empty when it is not his.
    pub next: Vec<&'static str>,
}

/// One entry on a ticket's or article's screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryView {
    /// The operation.
    pub operation: OperationId,
    /// Word of the act.
    pub word: &'static str,
    /// What was done.
    pub act: Act,
    /// By whom.
    pub by: Author,
    /// When, as the device saw it.
    pub at: DeviceTime,
    /// Saved on this phone, without a fate so far.
    pub pending: bool,
    /// Code of the reason for which it does not count as meant.
    pub overruled: Option<&'static str>,
}

/// Everything about a ticket that a screen shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketView {
    /// Id.
    pub ticket: TicketId,
    /// Word of its status.
    pub status: &'static str,
    /// What HQ knows.
    pub facts: TicketFacts,
    /// Whose problem it is.
    pub customer: Option<Customer>,
    /// Whom to talk to.
    pub contact: Option<Contact>,
    /// Where.
    pub site: Option<Site>,
    /// Which machine, with its history.
    pub asset: Option<Asset>,
    /// The checklist of the category.
    pub checklist: Option<Checklist>,
    /// The visits, oldest first.
    pub visits: Vec<VisitView>,
    /// This engineer's visit: one under way, else one open, else the newest.
    pub mine: Option<VisitId>,
    /// Words of the acts that follow now on his visit.
    pub next: Vec<&'static str>,
    /// The life cycle, by time.
    pub events: Vec<EntryView>,
    /// Notes, answers, parts used, signatures and estimates, by time.
    pub field: Vec<EntryView>,
    /// What the customer wrote, by time.
    pub customer_entries: Vec<EntryView>,
    /// Own operations that have no fate yet.
    pub pending: u32,
    /// It is in this phone's scope; `false` once HQ took it away.
    pub in_scope: bool,
    /// The local copy is damaged and will be fetched again.
    pub stuck: bool,
    /// Entries this version cannot read.
    pub unreadable: usize,
}

/// Stock of one part at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartLine {
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// Number on the box.
    pub number: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Place in Chinese.
    pub location_zh: String,
    /// Place in English.
    pub location_en: String,
    /// HQ's ledger minus what this phone used since.
    pub quantity: i64,
    /// What this phone used since.
    pub pending: i64,
    /// When HQ's figure was told, server time.
    pub as_of: Timestamp,
}

/// What a list of parts asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartFilter {
    /// One place only.
    pub location: Option<LocationId>,
    /// This engineer's van only.
    pub my_van: bool,
    /// One part only, wherever it lies.
    pub part: Option<PartId>,
    /// Number or names must hold this.
    pub words: String,
}

/// One article in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleLine {
    /// Id.
    pub article: ArticleId,
    /// A manual, not a knowledge article.
    pub manual: bool,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Device category.
    pub category: Option<String>,
}

/// An article to read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleView {
    /// Title and what it is about.
    pub line: ArticleLine,
    /// Its sections in order, each an act `write_section`.
    pub sections: Vec<EntryView>,
    /// What people wrote beside it, by time, each an act `annotate`.
    pub annotations: Vec<EntryView>,
}

/// What did not become what the person meant, in the person's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The operation.
    pub operation: OperationId,
    /// The document it was meant for.
    pub document: DocumentId,
    /// The ticket's number.
    pub number: String,
    /// Word of the act.
    pub act: String,
    /// The words the person wrote, if the act has any.
    pub own_words: String,
    /// `overruled` or `refused`.
    pub fate: String,
    /// It was merged at first and counts no more.
    pub displaced: bool,
    /// Code of the reason.
    pub code: String,
    /// When the phone heard of it, server time.
    pub at: Timestamp,
}

impl Card {
    /// The reason in words.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> String {
        reason::words(&self.code, lang)
    }
}

/// One operation that has no fate yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The operation.
    pub operation: OperationId,
    /// Its document.
    pub document: DocumentId,
    /// The ticket's number, empty for an article.
    pub number: String,
    /// Word of the act.
    pub act: &'static str,
    /// When it was saved, device time.
    pub saved_at: Timestamp,
    /// Why it waits: `next_sync`, `needs_others`, `server_later`, `written_again`, `held`, `behind_held`, `revoked` or
    /// `sign_in`.
    pub why: &'static str,
}

/// An operation that was saved here, that HQ has not answered, and that a damaged storage lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The operation.
    pub operation: OperationId,
    /// Its document.
    pub document: DocumentId,
    /// The ticket's number, empty for an article.
    pub number: String,
    /// Word of the act.
    pub act: String,
    /// When it was saved, device time.
    pub saved_at: Timestamp,
}

/// The truth screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// The phone is enrolled.
    pub enrolled: bool,
    /// The company's name.
    pub organisation_name: String,
    /// The device.
    pub device: Option<DeviceId>,
    /// Whose phone it is.
    pub engineer: Option<EngineerId>,
    /// Operations saved on this phone without a fate.
    pub saved_here: u64,
    /// Of those, what HQ holds since it revoked this phone: a supervisor decides.
    pub held_at_hq: u64,
    /// Operations merged at HQ that count at present.
    pub at_hq: u64,
    /// Operations overruled, at once or after they were merged.
    pub overruled: u64,
    /// Operations refused.
    pub refused: u64,
    /// Cards not dismissed yet, newest first.
    pub cards: Vec<Card>,
    /// What waits and why, oldest first; at most 200 of them.
    pub waiting: Vec<Waiting>,
    /// Server time of the last answer.
    pub last_sync: Option<Timestamp>,
    /// Documents this phone holds.
    pub held: u32,
    /// Documents HQ said it should hold.
    pub expected: Option<u32>,
    /// When HQ said so, server time.
    pub as_of: Option<Timestamp>,
    /// The phone holds exactly what HQ said.
    pub complete: bool,
    /// Documents whose local copy is damaged.
    pub stuck: Vec<DocumentId>,
    /// Downloaded changes that wait for others.
    pub early_changes: u64,
    /// What was saved here and is gone, oldest first; nothing while the storage is sound.
    pub missing: Vec<Missing>,
    /// So many more operations have left no trace but the count; whether HQ has them cannot be told here.
    pub missing_unnamed: u64,
    /// Positions on their way.
    pub positions: u64,
    /// The device was revoked: work is kept, pushed and held by the server for a supervisor.
    pub revoked: bool,
    /// The server refuses the token, or this phone's key was lost: enrol again.
    pub must_enrol: bool,
    /// Codes of what the phone has to say, newest first.
    pub notices: Vec<Notice>,
}

/// Something the phone has to say about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// `install_rotated`, `epoch_changed`, `read_again`, `line_continued_elsewhere`, `left_in_attic`, `server_newer`,
    /// `damage_mended`, `not_recognised`, `key_lost` or `work_missing`.
    pub code: String,
    /// When, device time or server time, whichever was known.
    pub at: Timestamp,
}

impl Notice {
    /// The words for people.
    #[must_use]
    pub fn words(&self, lang: Lang) -> &'static str {
        let (zh, en) = match self.code.as_str() {
            "install_rotated" => (
                "数据曾被恢复或复制，已更换写入身份，内容未丢失",
                "The data was restored or copied; this phone writes under a new identity and nothing is lost",
            ),
            "epoch_changed" => (
                "总部服务器已恢复或更换，本机内容全部保留并重新提交",
                "HQ's server was restored or replaced; everything here is kept and offered again",
            ),
            "read_again" => (
                "与总部核对不符，正在重新读取",
                "The count differs from HQ's; everything is read again",
            ),
            "line_continued_elsewhere" => (
                "另一份副本曾以此手机身份写入，已更换写入身份",
                "Another copy wrote under this phone's identity; it writes under a new one now",
            ),
            "left_in_attic" => (
                "总部缺少本机曾有的内容，旧副本已保存",
                "HQ lacks something this phone held; the old copy is kept",
            ),
            "server_newer" => (
                "总部版本较新，请升级应用",
                "HQ runs a newer version; please update the app",
            ),
            "damage_mended" => (
                "本机存储有损坏，受影响的操作已按原内容重新写入，未丢失；请留意手机存储",
                "Part of this phone's storage was damaged; the work there was written again word for word and nothing is lost. Have the phone's storage checked",
            ),
            "not_recognised" => (
                "总部多次无法确认是本机所写，内容仍保存在本机；请勿卸载应用，并联系主管",
                "HQ could not recognise some work as this phone's, several times. It is still saved here: keep the app and tell your supervisor",
            ),
            "work_missing" => (
                "手机存储有损坏，部分已保存的操作在本机找不到了。请查看列出的内容，重新填写，并告诉主管",
                "This phone's storage was damaged, and some work that was saved is not here any more. See what is listed, do it again and tell your supervisor",
            ),
            "key_lost" => (
                "本机密钥已损坏，暂停发送。内容都保存在本机；请向主管索取绑定码，重新绑定此手机后继续发送",
                "This phone's key was damaged, so nothing is sent. All work is still saved here: ask your supervisor for a code and enrol this phone again; sending then goes on",
            ),
            _ => ("请联系主管", "Please ask your supervisor"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
