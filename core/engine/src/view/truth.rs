//! What the truth screen is given: what is saved here, what HQ has, what did not become what the person meant, what waits.

use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId};
use fieldline_model::reason::{self, Lang};
use fieldline_model::time::Timestamp;
use serde::Serialize;

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

/// A photo that the system took away before HQ had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostPhoto {
    /// The operation that tells of it.
    pub operation: OperationId,
    /// Its document.
    pub document: DocumentId,
    /// The ticket's number.
    pub number: String,
    /// What the person wrote beside it.
    pub caption: String,
    /// When it was saved, device time.
    pub saved_at: Timestamp,
}

/// Photos taken with this phone, thumbnails not counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PhotoCounts {
    /// On their way to HQ.
    pub waiting: u64,
    /// Bytes of these.
    pub waiting_bytes: u64,
    /// At HQ.
    pub at_hq: u64,
    /// HQ will not have them.
    pub refused: u64,
    /// Gone before they reached HQ, newest first; at most 200 of them.
    pub lost: Vec<LostPhoto>,
    /// They wait for a network that costs nothing.
    pub wifi_only: bool,
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
    /// Operations of colleagues that they handed over and HQ has not got: this phone brings them.
    pub carried: u64,
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
    /// Photos.
    pub photos: PhotoCounts,
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
    /// `install_rotated`, `epoch_changed`, `read_again`, `line_continued_elsewhere`, `left_in_attic`, `server_newer`, `app_too_old`,
    /// `damage_mended`, `not_recognised`, `key_lost`, `identity_lost`, `work_missing` or `carried_refused`.
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
                "总部服务器已恢复或更换，本机内容全部保留，总部缺少的由本机补回",
                "HQ's server was restored or replaced; everything here is kept, and what HQ lost it gets back from here",
            ),
            "read_again" => (
                "与总部核对不符，或本机存储有损坏，正在重新读取；本机内容未丢失",
                "The count differs from HQ's, or part of this phone's storage was damaged; everything is read again and nothing here is lost",
            ),
            "line_continued_elsewhere" => (
                "本机数据曾从备份恢复，或另一份副本曾以此手机身份写入；已更换写入身份",
                "This phone's data was put back from a backup, or another copy wrote under its identity; it writes under a new one now",
            ),
            "left_in_attic" => (
                "总部缺少本机曾有的内容，旧副本已保存",
                "HQ lacks something this phone held; the old copy is kept",
            ),
            "server_newer" => (
                "总部版本较新，请升级应用",
                "HQ runs a newer version; please update the app",
            ),
            "app_too_old" => (
                "应用版本太旧，总部不再向本机发送新内容；您的工作照常送达总部。请升级应用",
                "This app is too old: HQ sends it nothing new any more. Your work still goes to HQ. Please update the app",
            ),
            "damage_mended" => (
                "本机存储有损坏，受影响的操作已按原内容重新写入，未丢失；请留意手机存储",
                "Part of this phone's storage was damaged; the work there was written again word for word and nothing is lost. Have the phone's storage checked",
            ),
            "not_recognised" => (
                "总部多次无法确认是本机所写，内容仍保存在本机；请勿卸载应用，并联系总部",
                "HQ could not recognise some work as this phone's, several times. It is still saved here: keep the app and tell HQ",
            ),
            "work_missing" => (
                "手机存储有损坏，部分已保存的操作在本机找不到了。请查看列出的内容，重新填写，并告诉总部",
                "This phone's storage was damaged, and some work that was saved is not here any more. See what is listed, do it again and tell HQ",
            ),
            "identity_lost" => (
                "手机存储有损坏，本机不再知道属于哪家公司、哪位工程师，暂停发送。已保存的内容都还在本机；请向总部索取绑定码，重新绑定此手机后继续发送",
                "This phone's storage was damaged and it no longer knows whose phone it is, so nothing is sent. What was saved is still here: ask HQ for a code and enrol this phone again; sending then goes on",
            ),
            "key_lost" => (
                "本机的密钥或身份数据已损坏，暂停发送。内容都保存在本机；请向总部索取绑定码，重新绑定此手机后继续发送",
                "This phone's key, or what says whose phone it is, was damaged, so nothing is sent. All work is still saved here: ask HQ for a code and enrol this phone again; sending then goes on",
            ),
            "carried_refused" => (
                "同事交接的部分内容总部不认，已停止代为传送。请让同事用自己的手机同步",
                "HQ does not know some work that a colleague handed over as his, and this phone has stopped bringing it; ask the colleague to sync his own phone",
            ),
            "photo_lost" => (
                "有照片在传到总部之前被系统清理了。请查看列出的照片，需要时重新拍摄",
                "The system removed photos before they reached HQ. See which, and take them again if they are needed",
            ),
            _ => ("请联系总部", "Please ask HQ"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
