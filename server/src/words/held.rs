//! Words of HQ's page of work that was not taken.

use super::words;

words! {
    HELD_TITLE: "隔离和被拒绝的工作", "Held and refused work";
    HELD_NAV: "隔离与拒绝", "Held, refused";
    HELD_COUNT: "{n} 项", "Entries: {n}";
    HELD_WAITING: "{n} 项待处理", "{n} to deal with";
    HELD_WHAT: "这些工作没有并入工单：手机已停用的先隔离，等主管决定；不合规则的被拒绝。内容都保留在这里。", "This work did not enter its tickets: that of revoked phones is held until a supervisor decides, what the rules do not allow is refused. All of it is kept here.";
    HELD_DO: "隔离的工作：点“采纳”，它就以工程师本人的名义和时间并入工单；点“不采纳”，工程师会收到说明。被拒绝的工作：可以手工录入工单，或请工程师再做一次，然后点“已处理”。", "Held work: “Take over” enters it on its ticket in the engineer's own name and with his times; “Do not take over” tells him so. Refused work: enter it by hand or let the engineer do it again, then press “Dealt with”.";
    SHOW_ALL: "同时显示已处理的", "Show those dealt with too";
    SHOW_WAITING: "只显示待处理的", "Show only those to deal with";
    COL_WORK: "做了什么", "What was done";
    COL_WHERE: "工单", "Ticket";
    COL_DONE: "完成时间", "Done";
    COL_WHY: "原因", "Why";
    HELD: "隔离中", "Held";
    OVERDUE: "已超期", "Overdue";
    HELD_OVERDUE: "有 {n} 项隔离的工作超过 {days} 天没有决定。内容仍然保留，请尽快处理。", "Held for more than {days} days without a decision: {n}. All of it is kept; please decide.";
    UNREADABLE: "内容无法识别", "The content cannot be read";
    NOT_AT_HQ: "总部没有这张工单", "HQ has no such ticket";
    NOT_KNOWN: "时间未知", "Time not known";
    PHONE_IS_REVOKED: "已停用", "revoked";
    ARRIVED_AT: "收到 {x}", "arrived {x}";
    ADOPT: "采纳", "Take over";
    ADOPT_IN_ORDER: "按顺序全部采纳", "Take over all in order";
    ADOPT_TOGETHER: "按顺序采纳本工单全部 {n} 项", "Take over all {n} of this ticket in order";
    DECLINE: "不采纳", "Do not take over";
    DECLINE_ALL: "全部不采纳", "Take over none";
    SETTLE: "已处理", "Dealt with";
    SEEN_BY: "{who}已于 {x} 处理", "Dealt with by {who}, {x}";
    TO_ALL_HELD: "全部隔离和被拒绝的工作", "All held and refused work";
    HELD_REPORT: "一份完工报告还没有并入，见本页的“隔离和被拒绝的工作”。", "A report did not enter the ticket: see held and refused work on this page.";
    DONE_ADOPTED: "已采纳，并入工单。", "Taken over: it stands on its ticket now.";
    NOT_ADOPTED: "没有采纳：{x}。其中有用的内容可以写成工单备注，再点“不采纳”，工程师会收到说明。", "Not taken over: {x}. What counts of it can be written on the ticket as a note; then press “Do not take over”, which tells the engineer.";
    EARLIER_FIRST: "没有采纳：在它之前的“{x}”还在隔离中。请先采纳那一步，或者点“按顺序全部采纳”。", "Not taken over: “{x}” comes before it and is still held. Take that over first, or press “Take over all in order”.";
    ADOPTED_PARTLY: "共 {n} 项，采纳了 {taken} 项。没有采纳、仍在隔离中的：{left}。其中有用的内容可以写成工单备注，再点“不采纳”，工程师会收到说明。", "Taken over: {taken} of {n}. Not taken over and still held: {left}. What counts of it can be written on the ticket as a note; then press “Do not take over”, which tells the engineer.";
    KEPT_ONE: "“{x}”（{why}）", "“{x}” ({why})";
    KEPT_MORE: "另有 {n} 项", "{n} more";
    EARLIER_STILL: "在它之前的步骤还在隔离中", "an earlier step it was built on is still held";
    STEP_NOTE: "备注", "Note";
    STEP_ESTIMATE: "预计到达时间", "Estimated arrival";
    STEP_ANSWER: "检查项", "Checklist item";
    STEP_PART: "用件", "Part used";
    STEP_SIGN: "签字", "Signature";
    STEP_ANNOTATE: "批注", "Annotation";
    EARLIER_STEP: "更早的步骤", "an earlier step";
    DONE_DECLINED: "已决定不采纳，工程师会收到通知。内容仍然保留。", "Not taken over; the engineer is told. The content is kept.";
    DONE_HELD: "已记为处理过。内容仍然保留。", "Marked as dealt with. The content is kept.";
    BEFORE_ADOPTED: "没有改动：此前已决定采纳。", "Nothing was changed: it had been decided already: taken over.";
    BEFORE_DECLINED: "没有改动：此前已决定不采纳。", "Nothing was changed: it had been decided already: not taken over.";
    BEFORE_BOTH: "没有改动：此前已决定，采纳 {adopted} 项，不采纳 {declined} 项。", "Nothing was changed: it had been decided already: taken over {adopted}, not taken over {declined}.";
    NOW_ADOPTED: "采纳了 {n} 项，并入工单。", "Taken over: {n}.";
    NOW_DECLINED: "决定不采纳 {n} 项，工程师会收到通知。", "Not taken over: {n}; the engineer is told.";
    BEFORE_REST: "其余此前已决定：采纳 {adopted} 项，不采纳 {declined} 项。", "The rest had been decided already: taken over {adopted}, not taken over {declined}.";
    EMPTY_HELD: "没有待处理的工作", "Nothing to deal with";
    EMPTY_HELD_DO: "停用手机后收到的工作和被拒绝的操作会出现在这里。", "Work that arrives from a revoked phone, and work that was refused, appears here.";
}
