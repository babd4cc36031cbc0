//! Why an operation was overruled or refused: stable codes, and the words for people in both languages.

use serde::{Deserialize, Serialize};

/// Language of a text for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 简体中文
    #[default]
    Zh,
    /// English
    En,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $zh:literal, $en:literal;)*) => {
        /// A reason with a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Reason {
            /// All of them, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code, for the wire, tables and scripts.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The words for people.
            #[must_use]
            pub fn words(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::Zh) => $zh, (Self::$name, Lang::En) => $en),* }
            }

            /// The reason with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.code() == code)
            }
        }
    };
}

reasons! {
    /// HQ cancelled; the work came in afterwards.
    CompletedAfterCancellation = "completed_after_cancellation",
        "总部已取消工单，您的完工已保留，由总部处理", "HQ had cancelled the ticket; your completion is kept and HQ will look at it";
    /// HQ cancelled, and this step came in afterwards.
    Cancelled = "cancelled", "总部已取消工单", "HQ had cancelled the ticket";
    /// HQ gave the visit to somebody else; the work was done all the same.
    CompletedAfterReassignment = "completed_after_reassignment",
        "上门已改派他人，您的完工已保留，由总部处理", "The visit had been given to a colleague; your completion is kept and HQ will look at it";
    /// HQ gave the visit to somebody else.
    Reassigned = "reassigned", "上门已改派他人", "The visit had been given to a colleague";
    /// Somebody else's acceptance came to HQ first. Who tapped first nobody can say: clocks and roads differ.
    TakenByOther = "taken_by_other", "同事的接单先到总部", "A colleague's acceptance reached HQ first";
    /// The same; the work was done all the same.
    CompletedTakenByOther = "completed_taken_by_other",
        "同事的接单先到总部，您的完工已保留，由总部处理", "A colleague's acceptance reached HQ first; your completion is kept and HQ will look at it";
    /// This phone carries a colleague's acceptance to HQ, who may not know of it yet. Told at the tap only.
    AcceptedNotAtHq = "accepted_not_at_hq",
        "同事已接单，由本手机带回，总部还不知道", "A colleague has accepted; this phone carries that to HQ, which does not know of it yet";
    /// The ticket was resolved, closed, cancelled or merged meanwhile. Which of them may have changed since: the words are
    /// true of each.
    TicketEnded = "ticket_ended",
        "工单此前已结束（解决、关闭、取消或合并），内容作为补充保留", "The ticket had ended before (resolved, closed, cancelled or merged); this is kept as a late addition";
    /// Something concurrent made the step pointless.
    Superseded = "superseded", "已有其他步骤计入，这一项不计入", "Another step counts instead of this one";
    /// The visit is not in a state from which this step leads on.
    NotNow = "not_now", "当前状态不能执行此操作", "This step does not follow from the present state";
    /// The ticket has ended: resolved, closed, cancelled or merged. Told at HQ, and at the tap to who asks for parts.
    TicketOver = "ticket_over", "工单已结束，须先重新打开", "The ticket is over; it would have to be reopened first";
    /// The ticket has not ended yet. Told at HQ only.
    TicketOpen = "ticket_open", "工单尚未结束", "The ticket is not over yet";
    /// Steps this one was built on are held still. Told to who takes held work over.
    EarlierHeld = "earlier_held", "此前的步骤还在隔离中，须先决定", "An earlier step it was built on is still held and comes first";
    /// Somebody at HQ looked at held work and did not take it over.
    NotAdopted = "not_adopted", "总部查看后决定不采纳", "HQ looked at it and did not take it over";
    /// The visit is another engineer's.
    NotYours = "not_yours", "这不是您的上门任务", "This is not your visit";
    /// No such visit in this ticket.
    UnknownVisit = "unknown_visit", "工单中没有这次上门", "The ticket has no such visit";
    /// No such ticket, or not yet created.
    UnknownTicket = "unknown_ticket", "没有这张工单", "There is no such ticket";
    /// This kind of person may not do this.
    NotAllowed = "not_allowed", "您没有执行此操作的权限", "You are not allowed to do this";
    /// The id was used before.
    AlreadyExists = "already_exists", "已经存在", "It exists already";
    /// A text is empty where words are needed.
    TextMissing = "text_missing", "请填写文字", "Words are needed here";
    /// A text is too long.
    TextTooLong = "text_too_long", "文字过长", "The text is too long";
    /// A number is out of its range.
    OutOfRange = "out_of_range", "数值超出范围", "The number is out of range";
    /// Parts are to be moved to the place they come from.
    SamePlace = "same_place", "调入的库位就是调出的库位，要换一个", "The parts would go to the place they come from; name another one";
    /// A span of time ends before it begins.
    EndBeforeStart = "end_before_start", "结束时间早于开始时间", "The end lies before the start";
    /// An estimate of arrival lies more than a quarter of an hour in the past or more than a week ahead. Told at the tap only.
    ArrivalOutOfRange = "arrival_out_of_range",
        "预计到达时间最早为 15 分钟前，最晚为七天后", "The estimated arrival must lie between 15 minutes ago and seven days from now";
    /// An estimate of arrival, although the engineer is there. Told at the tap only.
    AlreadyArrived = "already_arrived", "已到达现场，无需再报预计到达时间", "Already on site: there is no arrival left to estimate";
    /// A checklist item was answered with another kind of answer than it takes. Told at the tap only.
    WrongAnswer = "wrong_answer", "答案类型与检查项不符", "This checklist item takes another kind of answer";
    /// A reading came in another unit than its checklist item has. Told at the tap only.
    WrongUnit = "wrong_unit", "读数单位与检查项不符", "The reading is in another unit than its checklist item";
    /// The operation is for another kind of document.
    WrongDocument = "wrong_document", "操作与文档类型不符", "The operation does not fit this kind of document";
    /// The entry cannot be read.
    BadEntry = "bad_entry", "内容无法识别", "The content cannot be read";
    /// The entry stands under the wrong path or key.
    ForbiddenPath = "forbidden_path", "不允许写入该位置", "Writing there is not allowed";
    /// Predecessors that the document does not hold.
    UnknownPredecessor = "unknown_predecessor", "引用了不存在的前序事件", "It refers to an event that the ticket does not hold";
    /// The device was revoked before this work came in.
    DeviceRevoked = "device_revoked", "此设备已停用，内容已隔离，由总部决定", "This device was revoked; the work is held until HQ decides";
    /// A colleague's phone brought it, and it does not follow what its author's own phone sent: that one writes it again, or
    /// HQ decides. Told at HQ only.
    LeftBehind = "left_behind", "由同事的手机带回，与作者手机已送达的内容不衔接，已隔离，由总部决定",
        "A colleague's phone brought this, and it does not follow what its author's phone sent; held until HQ decides";
    /// The signature does not fit.
    BadSignature = "bad_signature", "签名不符", "The signature does not fit";
    /// The actor is not this device's.
    ForeignActor = "foreign_actor", "写入者与设备不符", "The change was not written by this device";
    /// The device does not hold this document and never did.
    OutOfScope = "out_of_scope", "此工单不在您的范围内", "This ticket is not yours to write";
    /// Too many changes from one device in one day.
    QuotaExceeded = "quota_exceeded", "今日操作数超出上限", "This device has written too much today";
    /// The change itself is damaged or hostile.
    DamagedChange = "damaged_change", "数据已损坏，无法合并", "The record is damaged and cannot be merged";
}

/// Words for any code: a known reason's, otherwise those for a damaged change with the code beside it.
#[must_use]
pub fn words(code: &str, lang: Lang) -> String {
    Reason::from_code(code).map_or_else(
        || format!("{} ({code})", Reason::DamagedChange.words(lang)),
        |reason| reason.words(lang).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
        }
    }

    /// "Closed or merged" was said of tickets that were only resolved.
    #[test]
    fn an_ended_ticket_is_told_in_words_true_of_every_end() {
        let ends = [
            ("解决", "resolved"),
            ("关闭", "closed"),
            ("取消", "cancelled"),
            ("合并", "merged"),
        ];
        let told = |lang| Reason::TicketEnded.words(lang);
        for (zh, en) in ends {
            assert!(told(Lang::Zh).contains(zh) && told(Lang::En).contains(en), "{en}");
        }
    }

    /// "A supervisor will look at it" was told of what every dispatcher may settle; nobody at HQ is called that.
    #[test]
    fn no_reason_names_a_post_that_nobody_has() {
        for reason in Reason::ALL {
            let told = [reason.words(Lang::Zh), reason.words(Lang::En)].concat();
            assert!(!told.contains("主管") && !told.contains("supervisor"), "{told}");
        }
    }

    #[test]
    fn chinese_holds_no_english_and_the_reverse() {
        for reason in Reason::ALL {
            assert!(
                !reason.words(Lang::Zh).chars().any(|c| c.is_ascii_alphabetic()),
                "{}",
                reason.code()
            );
            assert!(reason.words(Lang::En).is_ascii(), "{}", reason.code());
        }
    }
}
