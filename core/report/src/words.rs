//! The words of the form, in both languages side by side. What people typed is never translated.

use fieldline_model::operation::VisitResult;
use fieldline_model::reason::Lang;

/// One text in both languages; `{x}` and `{n}` are places to fill.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

impl Word {
    pub(crate) fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// With its places filled: `{x}` by the first value, `{n}` by the second.
    pub(crate) fn fill(self, lang: Lang, x: &str, n: &str) -> String {
        let mut out = String::new();
        let mut rest = self.of(lang);
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let value = if rest[at..].starts_with("{x}") { x } else { n };
            out.push_str(value);
            rest = rest.get(at + 3..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

macro_rules! words {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(pub(crate) const $name: Word = Word { zh: $zh, en: $en };)*
        #[cfg(test)]
        pub(crate) const ALL: &[Word] = &[$($name),*];
    };
}

words! {
    TITLE: "完工报告", "Completion report";
    TICKET: "工单号", "Ticket";
    PENDING: "在手机上生成，尚未同步到总部", "Made on the phone, not yet at headquarters";
    CUSTOMER: "客户", "Customer";
    SITE: "地址", "Address";
    MACHINE: "设备", "Machine";
    SERIAL: "序列号", "Serial no.";
    FAULT: "故障现象", "Fault reported";
    RESULT: "处理结果", "Result";
    FIXED: "已修复", "Fixed";
    PARTLY: "部分修复，需再次上门", "Fixed in part, another visit is needed";
    NO_FAULT: "未发现故障", "No fault found";
    COULD_NOT: "未能完成", "Could not be done";
    VISITS: "上门记录", "Visits";
    ENGINEER: "工程师", "Engineer";
    ACCEPTED: "接单", "Accepted";
    DEPARTED: "出发", "Set out";
    ARRIVED: "到达", "Arrived";
    FINISHED: "完成", "Finished";
    TRAVEL: "路程", "Travel";
    LABOUR: "工时", "Labour";
    CAUSE: "故障原因", "Cause";
    REMEDY: "处理措施", "Remedy";
    REMARK: "说明", "Remarks";
    REASON: "未完成原因", "Reason";
    PARTS: "更换备件", "Parts used";
    PART_NUMBER: "备件号", "Part no.";
    PART_NAME: "名称", "Description";
    QUANTITY: "数量", "Qty";
    CHECKLIST: "检查项目", "Checklist";
    ITEM: "项目", "Item";
    ANSWER: "结果", "Result";
    SOUND: "正常范围", "Normal range";
    YES: "是", "Yes";
    NO: "否", "No";
    NOT_ANSWERED: "未填写", "Not filled in";
    OUTSIDE: "{x}（超出正常范围）", "{x} (outside the normal range)";
    AT_LEAST: "不低于 {x}", "at least {x}";
    AT_MOST: "不高于 {x}", "at most {x}";
    PHOTOS: "现场照片", "Photos";
    BEFORE: "处理前", "Before";
    AFTER: "处理后", "After";
    PHOTO_MISSING: "照片不在此处", "The photo is not here";
    PHOTO_DAMAGED: "照片已损坏，无法显示", "The photo is damaged and cannot be shown";
    SIGNATURE: "客户签字", "Customer's signature";
    SIGNED_BY: "签字人", "Signed by";
    SIGNED_AT: "签字时间", "Signed on";
    NOT_SIGNED: "客户没有签字", "Not signed by the customer";
    NOT_DRAWN: "签字图形已损坏，无法显示", "The drawing of the signature is damaged and cannot be shown";
    MORE: "另有 {n} 项未列出", "{n} more not listed";
    PAGE: "第 {x} 页，共 {n} 页", "Page {x} of {n}";
    ZONE: "时间均为 {x}", "Times are {x}";
    MINUTES: "{n} 分钟", "{n} min";
    HOURS: "{x} 小时 {n} 分钟", "{x} h {n} min";
    DATE: "年月日", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
}

/// How a visit ended.
pub(crate) fn result(result: VisitResult) -> Word {
    match result {
        VisitResult::Fixed => FIXED,
        VisitResult::Partly => PARTLY,
        VisitResult::NoFaultFound => NO_FAULT,
        VisitResult::CouldNot => COULD_NOT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(c: char) -> bool {
        matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
    }

    #[test]
    fn chinese_holds_no_english_and_english_no_chinese() {
        for word in ALL {
            let zh = word.zh.replace("{x}", "").replace("{n}", "");
            assert!(!zh.chars().any(|c| c.is_ascii_alphabetic()), "{}", word.zh);
            assert!(zh.chars().any(is_chinese), "{}", word.zh);
            assert!(!word.en.chars().any(is_chinese), "{}", word.en);
            for place in ["{x}", "{n}"] {
                assert_eq!(word.zh.contains(place), word.en.contains(place), "{}", word.en);
            }
            assert!(!word.en.contains('!') && !word.zh.contains('！'));
        }
    }

    #[test]
    fn values_are_filled_once() {
        assert_eq!(PAGE.fill(Lang::En, "{n}", "2"), "Page {n} of 2");
        assert_eq!(PAGE.fill(Lang::Zh, "1", "2"), "第 1 页，共 2 页");
    }
}
