//! Words of HQ's ticket page: blocks, actions, reviews, the timeline.

use super::words;

words! {
    TICKET: "工单 {x}", "Ticket {x}";
    CONTACT: "联系人", "Contact";
    PHONE: "电话", "Phone";
    ADDRESS: "地址", "Address";
    CONTRACT: "合同", "Contract";
    WARRANTY: "保修", "Warranty";
    WARRANTY_UNTIL: "至 {x}", "until {x}";
    WARRANTY_ENDED: "已过保（{x} 到期）", "expired on {x}";
    PAST_WORK: "维修记录（{n}）", "Earlier work ({n})";
    SERIAL: "序列号", "Serial number";
    WISHED: "希望时间", "Wished time";
    DUE: "时限 {x}", "Due {x}";

    // Who else looks
    VIEWING: "也在查看：{x}", "Also here: {x}";
    VIEWING_MORE: "也在查看：{x}，另有 {n} 人", "Also here: {x} and {n} more";
    VIEWING_PHONE: "{x}（手机）", "{x} (phone)";
    VIEWING_AND: "、", ", ";

    // Actions
    ACTIONS: "操作", "Actions";
    ASSIGN_TO: "派给", "Assign to";
    ASSIGN: "派单", "Assign";
    REASSIGN: "改派", "Reassign";
    RESCHEDULE: "改时间", "Reschedule";
    CANCEL_TICKET: "取消工单", "Cancel ticket";
    REOPEN_TICKET: "重新打开", "Reopen ticket";
    REOPEN_CONFIRM: "重新打开后可以再派单。原来的记录都保留。", "Then it can be assigned again. All that is recorded stays.";
    PLAN_FROM: "计划开始", "Planned from";
    PLAN_TO: "计划结束", "Planned until";
    REASON: "原因", "Reason";
    REASON_TOLD: "工程师会看到这个原因。", "The engineer will see this reason.";
    CANCEL_CONFIRM: "如果工程师离线完工，他的工作仍会保留并标明。", "If the engineer completes it offline, the work is kept and marked.";
    LOAD_HINT: "今日 {n} 单", "today: {n}";
    LOAD_HINT_DAY: "{x} {n} 单", "{x}: {n}";
    SKILLS_MATCH: "技能相符", "skills match";
    SKILLS_MISSING: "缺：{x}", "missing: {x}";
    PHONE_SEEN_HINT: "{x}有联系", "seen {x}";
    PHONE_SILENT_HINT: "手机尚未联系过", "phone not heard of yet";
    PHONE_REVOKED_HINT: "手机已停用，收不到工单", "phone revoked, gets no tickets";
    PHONE_MISSING_HINT: "没有手机，收不到工单", "no phone, gets no tickets";
    PICK_ENGINEER: "选择工程师", "Pick an engineer";
    MOVED_BECAUSE: "改派原因：{x}", "Reason for the reassignment: {x}";
    REPLANNED_BECAUSE: "改时间的原因：{x}", "Reason for the new time: {x}";
    ADD_NOTE: "添加备注", "Add a note";
    SAVE_NOTE: "保存备注", "Save note";

    // Review items
    REVIEWS: "需要复核", "To review";
    RV_AFTER_CANCEL: "取消后完工", "Completed after cancellation";
    RV_AFTER_CANCEL_TEXT: "{who}在 {done} 完工；总部在 {cancelled} 取消。两边的记录都保留。", "{who} completed it at {done}; HQ cancelled at {cancelled}. Both records are kept.";
    RV_AFTER_MOVE: "改派后完工", "Completed after reassignment";
    RV_AFTER_MOVE_TEXT: "{who}在 {done} 完工；总部在 {moved} 改派给他人。两边的记录都保留。", "{who} completed it at {done}; HQ gave it to a colleague at {moved}. Both records are kept.";
    RV_SECOND: "同一次上门有两份完工报告", "Two reports of one visit";
    RV_SECOND_TEXT: "{who}于 {done} 在另一台手机上也完成了这次上门，两台手机当时互不知情。另一台手机上的步骤计入，这一份报告不计入，保留如下，请核对。", "{who} finished this visit at {done} on another phone as well; neither phone could know of the other. The other phone's steps count; this report does not and is kept below. Please compare them.";
    RV_OTHER: "同事的上门，另有一份完工报告", "Another report of a colleague's visit";
    RV_OTHER_TEXT: "{who}于 {done} 完成了这次上门；{other}的接单先到总部，当时双方互不知情。这份报告不计入，保留如下，请核对。", "{who} finished this visit at {done}, and the acceptance of {other} had reached HQ first; neither could know of the other. This report does not count and is kept below. Please compare.";
    RV_LATE: "迟到的补充", "Late additions";
    RV_LATE_TEXT: "工单结束后收到{who}的 {n} 项离线工作，已记入本工单。", "After the ticket had ended, offline work by {who} arrived and is recorded here. Items: {n}.";
    RV_PART: "备件差异", "Part discrepancy";
    RV_PART_TEXT: "{who}已用 {part} × {n}，但没有配额。请核对库存。", "{who} used {part} × {n} without a grant. Please check the stock.";
    RV_TWO: "两个不同的答案", "Two different answers";
    RV_TWO_TEXT: "“{item}”：采用“{kept}”，另一个是“{other}”。", "{item}: “{kept}” is shown, the other is “{other}”.";
    RV_SETTLE: "已核对", "Reviewed";

    // Why work does not count
    WHY_CANCELLED: "总部取消了工单", "HQ cancelled the ticket";
    WHY_MOVED: "上门改派给了他人", "HQ gave the visit to a colleague";
    WHY_TAKEN: "同事的接单先到总部", "A colleague's acceptance reached HQ first";
    WHY_SUPERSEDED: "已有其他步骤计入，这一项不计入", "Another step counts instead";
    WHY_NOT_YOURS: "这次上门是另一位工程师的", "The visit is another engineer's";
    WHY_NOT_ALLOWED: "该工程师没有执行此操作的权限", "The engineer is not allowed to do this";
    WHY_OUT_OF_SCOPE: "此工单不在该工程师的范围内", "The ticket is not this engineer's to write";
    WHY_TEXT_MISSING: "缺少文字", "The words are missing";
    WHY_REVOKED: "内容到达前手机已停用", "The phone was revoked before this arrived";
    WHY_NOT_ADOPTED: "总部查看后决定不采纳", "HQ looked at it and did not take it over";
    WHY_BUILT_ON: "依据的操作未被接受，手机会重新提交", "It builds on work that was not taken; the phone offers it again";

    // Visits
    VISITS: "上门", "Visits";
    NO_VISITS: "还没有上门。派单后会出现在这里。", "No visit yet. It appears here once assigned.";
    VS_OFFERED: "待接单", "Offered";
    VS_ACCEPTED: "已接单", "Accepted";
    VS_DECLINED: "已谢绝", "Declined";
    VS_EN_ROUTE: "在路上", "On the way";
    VS_ARRIVED: "已到达", "Arrived";
    VS_WORKING: "处理中", "Working";
    VS_PAUSED: "已暂停", "Paused";
    VS_DONE: "已完工", "Done";
    VS_CANCELLED: "已取消", "Cancelled";
    PLANNED: "计划 {x}", "Planned {x}";
    ACTUAL: "实际 {x}", "Actual {x}";

    // Results and pauses
    RS_FIXED: "已修复", "Fixed";
    RS_PARTLY: "部分修复", "Partly fixed";
    RS_NO_FAULT: "未发现故障", "No fault found";
    RS_COULD_NOT: "未能完成：{x}", "Could not: {x}";
    PS_BREAK: "休息", "Break";
    PS_PARTS: "等待备件", "Waiting for parts";
    PS_CUSTOMER: "等待客户", "Waiting for the customer";
    PS_ACCESS: "无法进入", "No access";
    PS_UNSAFE: "现场不安全", "Unsafe";

    // Timeline
    TIMELINE: "时间线", "Timeline";
    TIMELINE_NEW: "有 {n} 条新记录，点此显示", "Show new entries: {n}";
    TL_CREATED: "建立工单", "Ticket created";
    TL_TRIAGED: "完成分诊", "Triaged";
    TL_OFFERED: "派给{x}", "Offered to {x}";
    TL_ACCEPTED: "接单", "Accepted";
    TL_DECLINED: "谢绝：{x}", "Declined: {x}";
    TL_EN_ROUTE: "出发", "Set out";
    TL_ARRIVED: "到达现场", "Arrived";
    TL_WORKING: "开始处理", "Started work";
    TL_RESUMED: "继续处理", "Resumed work";
    TL_PAUSED: "暂停：{x}", "Paused: {x}";
    TL_DONE: "完工：{x}", "Done: {x}";
    TL_REASSIGNED: "从{from}改派给{to}", "Moved from {from} to {to}";
    TL_PLANNED: "计划改为 {x}", "Plan moved to {x}";
    TL_CANCELLED: "取消：{x}", "Cancelled: {x}";
    TL_NOTE: "备注：{x}", "Note: {x}";
    TL_ANSWER: "{item}：{x}", "{item}: {x}";
    TL_PART: "使用 {part} × {n}", "Used {part} × {n}";
    TL_PART_FROM: "，取自{place}", ", from {place}";
    TL_PART_ASKED: "申领 {part} × {n}", "Requested {part} × {n}";
    TL_PART_MOVED: "调拨 {part} × {n} 至{place}", "Transferred {part} × {n} to {place}";
    TL_PHOTO: "拍照（{kind}）", "Photo ({kind})";
    TL_PHOTO_CAPTION: "拍照（{kind}）：{x}", "Photo ({kind}): {x}";
    TL_SIGNED: "{x}签字", "Signed by {x}";
    TL_MESSAGE: "客户留言：{x}", "Customer wrote: {x}";
    TL_URGE: "客户催单", "Customer urged";
    TL_RATED: "客户评分 {n} / 5", "Customer rated {n} of 5";
    TL_RULING: "裁定：{x}", "Ruling: {x}";
    TL_MERGED: "并入 {x}", "Merged into {x}";
    TL_CLOSED: "关闭", "Closed";
    TL_REOPENED: "重新打开：{x}", "Reopened: {x}";
    TL_EDITED: "修改工单内容", "Facts changed";
    TL_ESTIMATED: "预计 {x} 到达", "Expects to arrive at {x}";
    TL_WISHED: "客户希望改为 {x}", "Customer wishes {x}";
    TL_RESOLVED: "已解决：{x}", "Resolved: {x}";
    TL_LINK_MADE: "建立进度链接", "Tracking link made";
    TL_LINK_ENDED: "停用进度链接", "Tracking link ended";
    TL_LINKS_ENDED: "停用 {n} 个进度链接", "{n} tracking links ended";
    TL_BREACH: "超过时限", "Deadline passed";
    TL_BREACH_UNDONE: "更正：按设备时间没有超时", "Corrected: by device time the deadline was met";
    DEVICE_TIME: "设备时间 {x}", "device {x}";
    RECEIVED_AT: "收到 {x}", "received {x}";
    CLAMPED: "手机时钟不准，已按前后记录校正", "phone clock was off, corrected from the records around it";
    GAP_OFFLINE: "有 {t} 没有联系，其间的工作在 {x} 一并收到", "No contact for {t}; the work of that time arrived {x}";
    GAP_MISSING: "有 {n} 条更早的记录还在手机上", "Earlier entries still on the phone: {n}";

    RULED_FOR: "以{x}的操作为准", "The step of {x} stands";
    SOMEBODY: "某人", "Somebody";
    BY_SERVER: "系统", "System";
    SOME_PART: "备件", "A part";
    TICK_YES: "是", "Yes";
    TICK_NO: "否", "No";
    DC_NO_TIME: "没有时间", "No time";
    DC_SKILL: "缺少技能", "Lacks the skill";
    DC_NO_PART: "缺少备件", "Lacks the part";
    DC_TOO_FAR: "太远", "Too far";
    DC_ILL: "生病", "Ill";
    DC_OTHER: "其他", "Something else";

    // Field record
    PARTS_USED: "使用的备件", "Parts used";
    NO_PARTS: "没有使用备件。", "No parts used.";
    STOCK_SHORT: "该库位账面已为负", "Stock there is below zero";
    ANSWERS: "检查项", "Checklist";
    OTHER_VALUE: "另一个值：{x}", "other value: {x}";
    PHOTOS: "照片", "Photos";
    PHOTO_BEFORE: "处理前", "Before";
    PHOTO_AFTER: "处理后", "After";
    PHOTO_OTHER: "现场", "On site";
    PHOTO_ALT: "{x}的照片，{who}拍摄", "Photo, {x}, by {who}";
    PHOTO_ALT_CAPTION: "{x}：{text}", "{x}: {text}";
    PHOTO_WAITING: "原图还在手机上", "The photo is still on the phone";
    PHOTO_LOST: "上传之前已在手机上丢失", "Lost on the phone before it was sent";
    NOTES: "备注", "Notes";
    NO_NOTES: "还没有备注。", "No notes yet.";
    REPORT: "完工报告", "Completion report";
    REPORT_PDF: "完工报告文件", "Completion report (PDF)";
    NO_REPORT: "完工后，报告会出现在这里。", "The report appears here after completion.";
    RESULT: "结果", "Result";
    CAUSE: "原因", "Cause";
    REMEDY: "处理", "Remedy";
    ON_SITE: "现场时间", "On site";
    LABOUR: "工时", "Labour";
    SIGNED_BY: "{x}签字", "Signed by {x}";
    SIGNATURE_OF: "{x}的签名", "Signature of {x}";
    FATES: "操作结果", "Operations";
    FATES_DISPLACED: "“已被裁定”中有 {n} 项曾合并，后来不再计入", "Of those overruled, merged at first: {n}";
    TRACK_LINK: "客户进度链接", "Customer's tracking link";
    TRACK_LINK_UNTIL: "有效期至 {x}", "Valid until {x}";
    TRACK_LINK_NONE: "还没有进度链接。建立后可以发给客户。", "No link yet. Make one and send it to the customer.";
    TRACK_LINK_MAKE: "建立链接", "Make a link";
    TRACK_LINK_END: "停用链接", "End this link";
    MERGED_NOTE: "本工单已并入", "This ticket was merged into";
}
