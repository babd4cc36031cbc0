//! Words the customer reads. Addressed with 您; says what is not known.

use super::words;

words! {
    TRACK_TITLE: "{company} 工单 {x}", "{company}, ticket {x}";
    NUMBER: "工单 {x}", "Ticket {x}";

    // Six labels
    LB_RECEIVED: "已受理", "Received";
    LB_ASSIGNING: "派工中", "Assigning";
    LB_ON_THE_WAY: "工程师出发", "On the way";
    LB_ARRIVED: "到达现场", "Arrived";
    LB_IN_PROGRESS: "处理中", "In progress";
    LB_DONE: "已完成", "Done";
    PROGRESS: "进度", "Progress";
    STEP_NOW: "当前", "now";
    STEP_SKIPPED: "已略过", "skipped";
    END_CANCELLED: "已取消", "Cancelled";
    END_AFTER_CANCEL: "取消后完工", "Completed after cancellation";

    // The big sentence
    BIG_RECEIVED: "已收到您的报修", "We have your report";
    BIG_ASSIGNING: "正在为您安排工程师", "We are finding an engineer for you";
    BIG_ACCEPTED: "工程师已接单", "An engineer has your job";
    BIG_PLANNED: "{x} 上门", "Visit {x}";
    BIG_ETA: "预计 {x} 到达", "Arriving {x}";
    BIG_ETA_UNKNOWN: "工程师已出发", "The engineer is on the way";
    BIG_MOVED: "上门时间已改到 {x}", "Visit moved to {x}";
    BIG_ARRIVED: "工程师已到达现场", "The engineer has arrived";
    BIG_WORKING: "工程师正在处理", "The engineer is at work";
    BIG_WAITING: "处理暂停", "Work is paused";
    BIG_FIXED: "已修好", "Fixed";
    BIG_PARTLY: "部分修好", "Partly fixed";
    BIG_NO_FAULT: "检查完成，未发现故障", "Checked, no fault found";
    BIG_COULD_NOT: "这次没能修好", "It could not be fixed this time";
    BIG_CLOSED: "工单已完成", "This ticket is done";
    BIG_CANCELLED: "工单已取消", "This ticket is cancelled";
    BIG_AFTER_CANCEL: "工单已取消，工程师仍上门处理过", "Cancelled, but an engineer still came";

    // The sentence below
    SUB_RECEIVED: "我们安排好上门时间后，会显示在这里。", "The time of the visit will appear here once it is set.";
    SUB_REPLY_BY: "我们会在 {x} 前回复您。", "We will answer you by {x}.";
    SUB_ASSIGNING: "工程师出发后，您会在这里看到姓名和预计到达时间。", "Once the engineer sets out you will see the name and arrival time here.";
    SUB_ETA_UNKNOWN: "现在还不知道准确的到达时间。", "We do not know the exact arrival time yet.";
    SUB_MOVED: "工程师出发时还不知道改了时间，今天仍可能到达。如有不便，请给我们留言。", "The engineer set out without knowing this and may still arrive today. If that does not suit you, please write us a message.";
    SUB_PARTS: "在等备件，新的上门时间：{x}", "Waiting for a part, new date: {x}";
    SUB_PARTS_OPEN: "在等备件，新的上门时间确定后会显示在这里。", "Waiting for a part. The new date will appear here once it is known.";
    SUB_CUSTOMER: "在等您的回复。您可以在下面留言。", "Waiting for your answer. You can write to us below.";
    SUB_ACCESS: "工程师暂时进不了现场。请留言告诉我们怎么进入。", "The engineer cannot get in. Please tell us below how to enter.";
    SUB_BREAK: "工程师稍后继续。", "The engineer will go on shortly.";
    SUB_UNSAFE: "现场需要先处理安全问题，我们会联系您。", "The site must be made safe first. We will contact you.";
    SUB_COULD_NOT: "我们会与您约定下一次上门。", "We will agree on the next visit with you.";
    SUB_CANCELLED: "如果您还需要帮助，请给我们留言。", "If you still need help, please write to us.";
    SUB_AFTER_CANCEL: "工单在 {x} 取消；工程师的工作记录仍然保留，见服务报告。如有疑问，请给我们留言。", "The ticket was cancelled ({x}). The engineer's work is kept on record all the same, see the service report. If you have a question, please write to us.";
    SUB_AFTER_MOVE: "另一位工程师已经上门处理过。如果您认为不需要再次上门，请给我们留言。", "Another engineer has already been and worked on it. If you need no further visit, please write to us.";
    SUB_AFTER_END: "工单结束后，工程师的工作记录也已收入本工单。", "The work of an engineer came in after the ticket was ended and is kept with it.";
    SUB_MERGED: "您的工单 {x} 与本工单合并，由这里继续处理。", "Your ticket {x} was joined with this one and goes on here.";
    UPDATED: "{x}更新", "updated {x}";

    // Engineer card and position
    YOUR_ENGINEER: "您的工程师", "Your engineer";
    CALL: "拨打 {x}", "Call {x}";
    CALL_MASKED: "为保护双方隐私，号码为中转号码", "A relay number, to keep both numbers private";
    PHOTO_OF: "{x}的照片", "Photo of {x}";
    POS_AWAY: "距您约 {n} 公里", "About {n} km away";
    POS_NEAR: "距您不到 1 公里", "Less than 1 km away";
    POS_AGE: "位置：{x}", "Position: {x}";
    POS_NONE: "现在没有工程师的位置，可能在没有信号的地方。", "We have no position now; the engineer may be out of signal.";
    POS_SKETCH: "示意图：您的位置和工程师的大致方向", "Sketch: your place and the rough direction of the engineer";
    POS_YOU: "您", "You";

    // Actions
    URGE: "催单", "Urge";
    URGED_AT: "您已在 {x} 催单，我们已收到。", "You urged at {x}. It has reached us.";
    URGE_LATER: "{x} 后可以再次催单。", "You can urge again after {x}.";
    MESSAGE: "留言", "Message us";
    OTHER_TIME: "换个时间", "Another time";
    WHAT_YOU_CAN_DO: "您可以", "You can";
    MESSAGES: "留言记录", "Messages";
    FROM_YOU: "您", "You";
    MESSAGE_TEXT: "您想告诉我们什么", "What would you like to tell us";
    MESSAGE_HINT: "工程师和客服都会看到。最多 {n} 个字。", "The engineer and our desk will see it. Up to {n} characters.";
    SEND: "发送", "Send";
    TIME_FROM: "您方便的开始时间", "From when it suits you";
    TIME_TO: "到什么时间为止", "Until when";
    TIME_PICK: "可选的时间", "Times we can offer";
    TIME_OTHER: "其他时间", "Some other time";
    TIME_HINT: "这是您的希望，确定后会显示在进度页上。", "This is your wish; once it is settled it appears on the progress page.";
    WISH_OPEN: "您希望 {x} 上门，还没有确定。", "You asked for {x}; it is not settled yet.";
    TIME_OVER: "工单已结束，不能再换时间。如果您还需要帮助，请给我们留言。", "This ticket is over, so another time cannot be asked for. If you still need help, please write us a message.";
    TIME_ON_THE_WAY: "工程师已经出发，不能再换时间。如有不便，请给我们留言。", "The engineer is on the way, so another time cannot be asked for. If it does not suit you, please write us a message.";
    TIME_BEGUN: "这次上门已经开始，不能再换时间。如有需要，请给我们留言。", "The visit has begun, so another time cannot be asked for. If you need something, please write us a message.";
    WISH_OVERTAKEN: "您希望 {x} 上门；时间还没有确定，工程师就出发了。如有不便，请给我们留言。", "You asked for {x}; the engineer set out before that was settled. If it does not suit you, please write us a message.";
    BACK_TO_TICKET: "返回进度页", "Back to the progress page";
    SENT_MESSAGE: "留言已收到。", "Your message has arrived.";
    SENT_URGE: "催单已收到。", "We have noted that it is urgent.";
    SENT_TIME: "已收到您希望的时间，确定后会显示在这里。", "We have your wish. The time appears here once it is settled.";
    SENT_RATING: "谢谢您的评价。", "Thank you for your rating.";
    SENT_BEFORE: "没有重复发送：这些内容您此前已发送过，我们当时已收到。本页是现在的情况。", "Nothing new was sent: you sent this before, and we took it then. This page shows how things stand now.";
    WRITE_LATER: "{x} 后可以继续留言。", "You can write again after {x}.";
    NOT_TOO_MANY: "没有发送：短时间内发送得太多。{x} 后可以再发。", "Not sent: that was too much in a short time. You can send it after {x}.";
    NOT_URGED: "没有重复催单：您刚催过，我们已知道。{x} 后可以再次催单。", "Not sent again: you urged a short while ago, and we know. You can urge again after {x}.";
    NOT_OVER: "没有发送：工单已结束。如果您还需要帮助，请给我们留言。", "Not sent: this ticket is over. If you still need help, please write us a message.";
    NOT_THERE: "没有催单：工程师已经在现场。如有需要，请直接告诉工程师，或给我们留言。", "Not sent: the engineer is already there. If you need something, please tell the engineer or write us a message.";
    NOT_ON_THE_WAY: "没有发送：工程师已经出发，不能再换时间。如有不便，请给我们留言。", "Not sent: the engineer is on the way, so another time cannot be asked for. If it does not suit you, please write us a message.";
    NOT_BEGUN: "没有发送：这次上门已经开始，不能再换时间。如有需要，请给我们留言。", "Not sent: the visit has begun, so another time cannot be asked for. If you need something, please write us a message.";
    NOT_RATED: "没有提交：您已经评价过，以第一次为准。", "Not sent: you have already rated, and the first rating counts.";
    NOT_UNFINISHED: "没有提交：工作完成后才能评价。", "Not sent: you can rate once the work is done.";
    NOT_INCOMPLETE: "评价还没有提交。请改正下面标出的内容，您填写的都还在。", "Your rating is not sent yet. Please correct what is marked below; what you entered is still there.";
    NOT_BUSY: "没有发送：服务器正忙。请过一分钟再发。", "Not sent: the server is busy. Please send it again in a minute.";
    NOT_REFUSED: "没有发送：系统不能接受。请稍后再试，或打电话给我们。", "Not sent: it could not be taken. Please try again later, or call us.";
    KEPT: "您填写的内容还在下面。", "What you entered is still below.";
    KEPT_AS_MESSAGE: "您写的话还在下面，可以作为留言发送。", "Your words are still below; you can send them as a message.";

    // The end
    SUMMARY: "服务报告", "Service report";
    S_RESULT: "结果", "Result";
    S_CAUSE: "原因", "Cause";
    S_REMEDY: "处理", "What was done";
    S_PARTS: "更换的备件", "Parts";
    S_TIME: "现场时间", "On site";
    S_PDF: "查看完工报告文件", "Completion report (PDF)";
    S_SIGNED: "{name}于 {x} 签字", "Signed by {name}, {x}";
    S_SIGNATURE: "签名", "Signature";
    RATE: "您对这次服务满意吗", "How was our service";
    RATE_N: "{n} 分", "{n} of 5";
    RATE_LOW: "1 分 = 很不满意", "1 = very poor";
    RATE_HIGH: "5 分 = 非常满意", "5 = very good";
    RATE_TEXT: "想说的话", "Anything to add";
    RATE_SEND: "提交评价", "Send rating";
    RATE_MISSING: "请选择 1 到 5 分。", "Please choose 1 to 5.";
    RATED: "您的评价：{n} 分", "Your rating: {n} of 5";
    LINK_UNTIL: "此链接有效期至 {x}。请不要转发给无关的人。", "This link works until {x}. Please share it only with people concerned.";
}
