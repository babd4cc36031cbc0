//! Words of what screens and terminals show of codes, in both languages, side by side. Errors have theirs in `error`, reasons in
//! `model::reason`, notices in `view`.
//!
//! Every app shows these, so one thing has one word on all of them. What belongs to one app alone stays with it.

use fieldline_model::operation::{DeclineReason, PauseReason, PhotoKind, Priority, VisitResult};
use fieldline_model::reason::Lang;

/// One text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Words {
    /// The text in this language.
    #[must_use]
    pub fn t(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// Words by code; `None` for a code of a newer version.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $all:ident: $($code:literal => $zh:literal, $en:literal;)*) => {
        #[cfg(test)]
        const $all: &[(&str, Words)] = &[$(($code, Words { zh: $zh, en: $en })),*];


        $(#[$doc])*
        #[must_use]
        pub fn $name(code: &str) -> Option<Words> {
            Some(match code {
                $($code => Words { zh: $zh, en: $en },)*
                _ => return None,
            })
        }
    };
}

table! {
    /// A ticket's status.
    status, STATUS:
    "new" => "新建", "New";
    "triaged" => "已分诊", "Triaged";
    "planned" => "已计划", "Planned";
    "in_progress" => "处理中", "In progress";
    "waiting" => "等待中", "Waiting";
    "resolved" => "已解决", "Resolved";
    "closed" => "已关闭", "Closed";
    "cancelled" => "已取消", "Cancelled";
    "merged_into" => "已并入", "Merged";
}

table! {
    /// A visit's phase; `taken` where a colleague has it.
    phase, PHASE:
    "offered" => "待接单", "Offered";
    "accepted" => "已接单", "Accepted";
    "declined" => "已谢绝", "Declined";
    "en_route" => "在路上", "On the way";
    "arrived" => "已到达", "Arrived";
    "working" => "处理中", "Working";
    "paused" => "已暂停", "Paused";
    "done" => "已完工", "Done";
    "taken" => "由同事负责", "a colleague has it";
}

table! {
    /// What was done, by the act's word.
    act, ACT:
    "create" => "建立工单", "ticket opened";
    "set_facts" => "修改信息", "facts changed";
    "triage" => "完成分诊", "triaged";
    "offer" => "派单", "visit offered";
    "reassign" => "改派", "visit given to somebody else";
    "reschedule" => "改时间", "plan moved";
    "cancel" => "取消工单", "ticket cancelled";
    "resolve" => "解决", "resolved";
    "close" => "关闭", "closed";
    "reopen" => "重新打开", "opened again";
    "merge_into" => "并入其他工单", "merged into another ticket";
    "rule" => "裁定", "ruling";
    "accept" => "接单", "accept";
    "decline" => "谢绝", "decline";
    "depart" => "出发", "depart";
    "arrive" => "到达", "arrive";
    "start" => "开始处理", "start";
    "pause" => "暂停", "pause";
    "resume" => "继续", "resume";
    "finish" => "完工", "finish";
    "note" => "备注", "note";
    "estimate" => "预计到达", "estimate";
    "answer" => "检查项", "checklist";
    "use_part" => "用件", "part used";
    "request_part" => "申领备件", "parts requested";
    "transfer_part" => "调拨备件", "parts transferred";
    "photo" => "照片", "photo";
    "sign" => "签字", "signature";
    "message" => "客户留言", "customer wrote";
    "urge" => "客户催单", "customer urged";
    "wish" => "客户希望的时间", "customer wishes";
    "rate" => "客户评分", "customer rated";
    "publish" => "发布", "published";
    "write_section" => "章节", "section";
    "attach" => "附上文件", "file attached";
    "detach" => "移除文件", "file taken away";
    "annotate" => "批注", "annotation";
}

table! {
    /// Why something that was saved waits, as the end of a line.
    waiting, WAITING:
    "next_sync" => "下次同步发送", "goes with the next sync";
    "needs_others" => "总部缺少这项工作所依据的内容，等同事的手机补回；最多等三天，之后由总部决定",
        "HQ lacks what this is built on and waits for a colleague's phone to give it back, for three days at most; then HQ decides without it";
    "server_later" => "总部这次没能接收，再次同步时重新发送", "HQ could not take it now; it is sent again with a later sync";
    "written_again" => "已重新提交", "written again, goes with the next sync";
    "held" => "已到总部，等总部决定", "at HQ, not decided yet";
    "behind_held" => "等总部先决定此工单上较早的内容", "waits until HQ decides on earlier work here";
    "revoked" => "还在本机，下次同步交给总部决定", "still here, goes to HQ with the next sync, to be decided there";
    "sign_in" => "请先重新绑定", "enrol this phone again first";
}

table! {
    /// Where a photo is.
    photo_state, PHOTO_STATE:
    "waiting" => "待上传", "to be sent";
    "at_hq" => "总部已有", "at HQ";
    "refused" => "总部未接收", "HQ did not take it";
    "lost" => "上传之前已丢失", "lost before it was sent";
    "elsewhere" => "由同事拍摄", "a colleague's";
}

table! {
    /// How a part is kept for a ticket.
    kept, KEPT:
    "reserved" => "已预约", "reserved";
    "requested" => "已申领，等待总部", "requested, waiting for HQ";
    "in_doubt" => "待核实", "in doubt";
}

table! {
    /// What became of an operation; `displaced` where it was merged at first.
    fate, FATE:
    "overruled" => "已被裁定", "overruled";
    "refused" => "已拒绝", "refused";
    "displaced" => "曾合并，后来不再计入", "merged at first, counts no more";
}

/// How urgent.
#[must_use]
pub fn priority(priority: Priority) -> Words {
    let (zh, en) = match priority {
        Priority::Low => ("较低", "low"),
        Priority::Normal => ("普通", "normal"),
        Priority::High => ("优先", "high"),
        Priority::Critical => ("紧急", "urgent"),
    };
    Words { zh, en }
}

/// Why a visit was turned down.
#[must_use]
pub fn decline(reason: DeclineReason) -> Words {
    let (zh, en) = match reason {
        DeclineReason::NoTime => ("没有时间", "no time"),
        DeclineReason::Skill => ("缺少技能或证书", "skill or certificate missing"),
        DeclineReason::NoPart => ("缺少备件", "part missing"),
        DeclineReason::TooFar => ("距离太远", "too far"),
        DeclineReason::Ill => ("生病", "ill"),
        DeclineReason::Other => ("其他原因", "other reason"),
    };
    Words { zh, en }
}

/// Why work rests.
#[must_use]
pub fn pause(reason: PauseReason) -> Words {
    let (zh, en) = match reason {
        PauseReason::Break => ("休息", "break"),
        PauseReason::WaitingParts => ("等待备件", "waiting for parts"),
        PauseReason::WaitingCustomer => ("等待客户", "waiting for the customer"),
        PauseReason::NoAccess => ("无法进入", "no access"),
        PauseReason::Unsafe => ("现场不安全", "not safe"),
    };
    Words { zh, en }
}

/// How a visit ended.
#[must_use]
pub fn result(result: VisitResult) -> Words {
    let (zh, en) = match result {
        VisitResult::Fixed => ("已修复", "fixed"),
        VisitResult::Partly => ("部分修复", "partly fixed"),
        VisitResult::NoFaultFound => ("未发现故障", "no fault found"),
        VisitResult::CouldNot => ("未能完成", "could not be done"),
    };
    Words { zh, en }
}

/// What a photo shows.
#[must_use]
pub fn photo(kind: PhotoKind) -> Words {
    let (zh, en) = match kind {
        PhotoKind::Before => ("处理前", "before"),
        PhotoKind::After => ("处理后", "after"),
        PhotoKind::Other => ("现场", "on site"),
    };
    Words { zh, en }
}

/// HQ's people, none of whom a phone knows by name.
pub const HQ: Words = Words {
    zh: "总部", en: "HQ"
};
/// The customer.
pub const CUSTOMER: Words = Words {
    zh: "客户",
    en: "customer",
};
/// The server itself.
pub const SERVER: Words = Words {
    zh: "系统",
    en: "the server",
};
/// An engineer whose name is not here.
pub const COLLEAGUE: Words = Words {
    zh: "同事",
    en: "a colleague",
};
/// A tick.
pub const YES: Words = Words { zh: "是", en: "yes" };
/// No tick.
pub const NO: Words = Words { zh: "否", en: "no" };
/// A ticket that is here to read only.
pub const GONE: Words = Words {
    zh: "此工单已不在您名下，内容仅供查看",
    en: "This ticket is not yours any more; it is here to read only",
};
/// The same, because a colleague's acceptance came first.
pub const GONE_TAKEN: Words = Words {
    zh: "同事的接单先到总部，这次上门由同事负责；内容仅供查看",
    en: "A colleague's acceptance reached HQ first, the visit is his; it is here to read only",
};
/// The same, because HQ cancelled it; `{why}` is HQ's to fill.
pub const CANCELLED: Words = Words {
    zh: "总部已取消这张工单：{why}。内容仅供查看",
    en: "HQ cancelled this ticket: {why}. It is here to read only",
};
/// The same, because HQ's server forgot it.
pub const LOST_AT_HQ: Words = Words {
    zh: "总部服务器恢复后已没有这张工单；内容保留在此手机上，请联系总部",
    en: "HQ's server was restored and does not have this ticket any more; everything is kept on this phone. Please ask HQ",
};

#[cfg(test)]
mod tests {
    use fieldline_model::fold::{Phase, TicketStatus};

    use super::*;

    #[test]
    fn chinese_holds_no_english_and_the_reverse() {
        let tables = [STATUS, PHASE, ACT, WAITING, PHOTO_STATE, KEPT, FATE];
        for (code, words) in tables.into_iter().flatten() {
            assert!(!words.zh.contains(|c: char| c.is_ascii_alphabetic()), "{code}");
            assert!(
                !words
                    .en
                    .contains(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c)),
                "{code}"
            );
        }
    }

    #[test]
    fn codes_of_the_fold_have_words_and_others_have_none() {
        for status in [TicketStatus::New, TicketStatus::Waiting, TicketStatus::MergedInto] {
            assert!(super::status(status.word()).is_some());
        }
        for phase in [
            Phase::Offered,
            Phase::EnRoute,
            Phase::Paused(PauseReason::Break),
            Phase::Done,
        ] {
            assert!(super::phase(phase.word()).is_some());
        }
        assert_eq!(act("of_tomorrow"), None);
    }
}
