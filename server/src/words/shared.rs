//! Words of every page: the frame, states, times, field errors and trouble.

use super::words;

words! {
    // The frame
    SKIP: "跳到正文", "Skip to content";
    MENU: "主导航", "Main navigation";
    NAV_QUEUE: "工单", "Tickets";
    NAV_ENGINEERS: "工程师", "Engineers";
    NAV_PARTS: "备件", "Parts";
    NAV_KNOWLEDGE: "知识", "Knowledge";
    SIGNED_IN_AS: "当前用户", "Signed in as";
    SIGN_OUT: "退出", "Sign out";
    LANGUAGE: "语言", "Language";
    LIVE_ON: "实时更新中", "Live";
    LIVE_OFF: "连接已断开，正在重连；页面内容截至 {time}", "Not connected, trying again; page as of {time}";
    CANCEL_FORM: "返回", "Back";
    SEARCH: "搜索", "Search";
    OPTIONAL: "（选填）", " (optional)";

    // Sign in
    SIGN_IN: "登录", "Sign in";
    SIGN_IN_HINT: "总部人员登录", "For people at headquarters";
    NAME: "用户名", "User name";
    PASSWORD: "密码", "Password";
    WRONG_PASSWORD: "用户名或密码不正确。请检查后再试。", "User name or password is not right. Check both and try again.";
    TOO_MANY_TRIES: "尝试次数过多。请在 {n} 分钟后再试，或请管理员发送登录链接。", "Too many tries. Try again in {n} min, or ask an admin for a sign-in link.";
    FORM_EXPIRED: "这个页面打开时间过长，或是上次登录时打开的，内容没有提交。请返回该页面，复制填写的内容，刷新后再提交。", "This page was open too long, or is from before you last signed in, and nothing was sent. Go back to it, copy what you typed, reload it and submit again.";
    UNSENT: "没有提交：登录已失效。请先登录，之后会回到原来的页面；刚才填写的内容没有保留，请重新填写。", "Not sent: you are not signed in any more. Sign in first; you come back to the page you were on. What you entered there was not kept, please enter it again.";
    LINK_TITLE: "用链接登录", "Sign in with a link";
    LINK_READY: "点按下面的按钮，以“{name}”的身份登录。链接只能使用一次。", "Press the button to sign in as {name}. The link works once.";
    SIGNED_IN_ALREADY: "您已登录。刚才的登录链接已用过或已过期，不再需要。", "You are signed in already. The sign-in link was used or has expired and is not needed.";
    LINK_SPENT: "此链接已用过或已过期。请用密码登录，或请管理员再发一个链接。", "This link was used or has expired. Sign in with your password, or ask an admin for a new link.";

    // Ticket states as HQ sees them
    ST_NEW: "新建", "New";
    ST_TRIAGED: "已分诊", "Triaged";
    ST_PLANNED: "已计划", "Planned";
    ST_IN_PROGRESS: "处理中", "In progress";
    ST_WAITING: "等待中", "Waiting";
    ST_RESOLVED: "已解决", "Resolved";
    ST_CLOSED: "已关闭", "Closed";
    ST_CANCELLED: "已取消", "Cancelled";
    ST_MERGED: "已并入", "Merged";

    // Fates
    FATE_MERGED: "已合并", "Merged";
    FATE_OVERRULED: "已被裁定", "Overruled";
    FATE_REFUSED: "已拒绝", "Refused";
    FATE_PENDING: "待收到", "Not yet received";

    // Priorities
    PRIORITY: "优先级", "Priority";
    PR_URGENT: "紧急", "Urgent";
    PR_HIGH: "高", "High";
    PR_NORMAL: "普通", "Normal";
    PR_LOW: "低", "Low";

    // Times
    DATE: "{month}{d}日 {day}", "{day} {d} {month}";
    DAY_YEAR: "{year}年{month}{d}日 {day}", "{day} {d} {month} {year}";
    DATE_YEAR: "{year}年{month}{d}日", "{d} {month} {year}";
    MON: "周一", "Mon";
    TUE: "周二", "Tue";
    WED: "周三", "Wed";
    THU: "周四", "Thu";
    FRI: "周五", "Fri";
    SAT: "周六", "Sat";
    SUN: "周日", "Sun";
    JAN: "1月", "Jan";
    FEB: "2月", "Feb";
    MAR: "3月", "Mar";
    APR: "4月", "Apr";
    MAY: "5月", "May";
    JUN: "6月", "Jun";
    JUL: "7月", "Jul";
    AUG: "8月", "Aug";
    SEP: "9月", "Sep";
    OCT: "10月", "Oct";
    NOV: "11月", "Nov";
    DEC: "12月", "Dec";
    JUST_NOW: "刚刚", "just now";
    MIN_AGO: "{n} 分钟前", "{n} min ago";
    HOURS_AGO: "{n} 小时前", "{n} h ago";
    DAYS_AGO: "{n} 天前", "{n} d ago";
    MIN: "{m} 分钟", "{m} min";
    HOUR_MIN: "{h} 小时 {m} 分", "{h} h {m} min";
    DAY_HOUR: "{d} 天 {h} 小时", "{d} d {h} h";
    LEFT: "剩 {t}", "{t} left";
    OVER: "超时 {t}", "{t} over";
    CLOCK_PAUSED: "已暂停", "Paused";
    CLOCK_MET: "按时", "On time";
    CLOCK_MISSED: "已超时", "Late";
    CLOCK_NONE: "无时限", "No deadline";

    // Field errors
    ERR_SUMMARY: "还没有保存。请改正标出的内容。", "Nothing is saved yet. Please correct the marked fields.";
    ERR_REQUIRED: "请填写此项。", "Please fill this in.";
    ERR_UNKNOWN: "找不到此项，请从列表中选择。", "Not found. Please pick one from the list.";
    ERR_TOO_LONG: "最多 {n} 个字。", "At most {n} characters.";
    ERR_TIME: "时间格式不对，例如 2026-11-20 14:10。", "This is not a time, for example 2026-11-20 14:10.";
    ERR_PAST: "时间已过，请选以后的时间。", "This time has passed. Please pick a later one.";
    ERR_TOO_FAR: "请选 {n} 天以内的时间。", "Please pick a time within the next {n} days.";
    ERR_NUMBER: "电话号码不对，请只用数字。", "This is not a telephone number. Please use digits.";
    ERR_QUANTITY: "请填写 0 到 {n} 的整数。", "A whole number from 0 to {n}, please.";
    ERR_MEANWHILE: "您打开本页后，这次上门已有变动：人员、时间，或工程师的进展，他可能已出发或开始处理。请核对现在的情况；仍要更改就再提交一次。", "Somebody changed this visit after you opened the page: who comes, when, or how far the engineer is, who may have begun. Check it now; submit again if you still want the change.";
    ERR_TURNED_MEANWHILE: "您打开本页后，工单已结束或重新打开过。请核对现在的情况；仍要这样做就再提交一次。", "This ticket was ended or reopened after you opened the page. Check how it stands now; submit again if you still want this.";
    ERR_WHICH_PHONE: "请指明是哪一部手机。", "Please say which phone.";
    ERR_REVOKED_BEFORE: "其中有手机此前已停用，没有任何改动。请核对下面现在在用的手机。", "One of these phones is revoked already; nothing was changed. Below is what is in use now.";
    ERR_KNOWN_BY_NOW: "客户列表中已有这个名称。请在下面选择：用已有的客户，还是另建一个。", "There is a customer of this name by now. Say below whether you mean that one or make another.";
    ERR_SEVERAL: "有多个客户用这个名称，请在下面选择是哪一个。", "Several customers have this name. Say below which one.";
    ERR_OTHER_CUSTOMER: "这台设备属于另一客户。", "This machine belongs to another customer.";
    ERR_ORDER: "结束时间要晚于开始时间。", "The end must be after the start.";

    // What just happened, after a form
    DONE_CREATED: "工单 {x} 已建立。", "Ticket {x} is created.";
    DONE_ASSIGNED: "已派给{x}。", "Assigned to {x}.";
    PLANNED_BEFORE: "没有改动：计划时间本来就是这样。", "Nothing was changed: the visit was planned for that time already.";
    DONE_PLANNED: "新的计划时间已保存。", "The new time is saved.";
    DONE_CANCELLED: "工单已取消。", "The ticket is cancelled.";
    DONE_REVIEWED: "复核项已处理。", "The review item is settled.";
    COUNTED_BEFORE: "没有改动：这次盘点此前已入账。本页是现在的数量。", "Nothing was changed: this count was booked before. This page shows the figure of now.";
    COUNT_MEANWHILE: "没有入账：您打开本页后数量已有变动。请按现在的数量核对后再盘点。", "The count was not booked: the figure changed after you opened the page. Look at it as it is now and count again.";
    DONE_REQUEST_DECLINED: "申领未批准；原因已写在工单上，工程师会看到。", "The request is declined; the reason stands on the ticket, where the engineer reads it.";
    REQUEST_MEANWHILE: "没有改动：这项申领此前已经发放或未获批准。", "Nothing was changed: this request had been granted or declined before.";
    DONE_COUNTED: "已按实点数量入账。", "The count is booked.";
    CODE_SPENT: "没有新的绑定码：那张表单此前已生成过一个，现在已用过或已过期。需要时请再点“绑定手机”。", "No new code was made. That form had made a code before, which is used or too old by now; press “Enrol a phone” if you need another.";
    DONE_REVOKED: "{x}的手机已停用。", "The phone of {x} is revoked.";
    REVOKED_BEFORE: "没有改动：{x}的那部手机此前已停用。", "Nothing was changed: that phone of {x} was revoked already.";
    CANCELLED_BEFORE: "没有改动：工单此前已取消，原因仍是当时所选的。", "Nothing was changed: the ticket was cancelled before, and that reason stands.";
    REVIEWED_BEFORE: "没有改动：复核项此前已处理。", "Nothing was changed: the review item was settled before.";
    DONE_REOPENED: "工单已重新打开。", "The ticket is open again.";
    REOPENED_BEFORE: "没有改动：工单并未结束，不需要重新打开。", "Nothing was changed: the ticket is open.";
    CREATED_BEFORE: "没有改动：工单 {x} 此前已由这张表单建立，内容以当时填写的为准。有出入的地方，请补充备注。", "Nothing was changed: this form made ticket {x} before, and it says what was entered then. Add what differs as a note.";
    REPEATED: "没有改动：这张表单此前已提交过，当时已生效。本页是工单现在的情况。", "Nothing was changed: this form was sent before and counted then. This page shows how the ticket stands now.";
    DONE_LINK: "链接已建立，可以发给客户。", "The link is made. Send it to the customer.";
    LINK_BEFORE: "没有改动：已有链接，见本页。", "Nothing was changed: there is a link already, shown on this page.";
    DONE_LINK_ENDED: "链接已停用，客户不能再用它打开进度页面。", "The link is ended and opens nothing any more.";
    LINK_ENDED_BEFORE: "没有改动：那个链接此前已停用。", "Nothing was changed: that link was ended before.";
    LINK_ENDED_SINCE: "没有改动：那个页面打开之后已建立过链接，后来又停用了。如果客户仍需要链接，请在本页重新建立。", "Nothing was changed: a link was made after that page was opened, and is ended by now. If the customer still needs one, make it on this page.";
    LINK_OTHER: "没有改动：那个链接此前已停用。本页现在的链接是后来建立的，仍然有效。", "Nothing was changed: that link was ended before. The link on this page was made later and still works.";
    DONE_NOTE: "备注已保存。", "The note is saved.";
    NOT_DONE: "没有保存：{x}", "Not saved: {x}";

    // Trouble
    LOST_TITLE: "找不到此页面", "Page not found";
    LOST_WHAT: "这个地址不存在，或者链接已过期。", "This address does not exist, or the link has expired.";
    LOST_DO: "请检查地址，或向发给您链接的公司询问。", "Check the address, or ask the company that sent you the link.";
    LOST_WHAT_DESK: "这个地址下没有内容：可能输入有误，也可能内容已不在。", "There is nothing at this address. It may be mistyped, or what it showed is gone.";
    LOST_DO_DESK: "请检查地址，或从工单列表里查找。", "Check the address, or look it up from the tickets.";
    BROKEN_TITLE: "此页面现在无法显示", "This page cannot be shown right now";
    BROKEN_WHAT: "服务器没能完成这次请求。", "The server could not finish this request.";
    BROKEN_SAFE_DESK: "已保存的工单和手机上的工作都没有丢失。", "Saved tickets and the work on phones are safe.";
    BROKEN_DO_NUMBER: "请过一分钟再试。如果仍然这样，请把下面的编号告诉管理员。", "Try again in a minute. If it stays, give the number below to your admin.";
    BROKEN_DO_DESK: "请过一分钟再试。如果仍然这样，请告诉管理员您打开的地址和时间。", "Try again in a minute. If it stays, tell your admin the address and the time.";
    BROKEN_SAFE: "您的报修没有丢失。", "Your report is safe.";
    BROKEN_DO: "请过一分钟再试。如果仍然这样，请打电话给我们。", "Try again in a minute. If it stays, please call us.";
    BUSY_TITLE: "服务器正忙", "The server is busy";
    BUSY_WHAT: "请求太多，这一次没有处理。", "Too many requests; this one was not carried out.";
    BUSY_DO: "请过一分钟再试。", "Try again in a minute.";
    FULL_TITLE: "现在无法保存", "Nothing can be saved right now";
    FULL_WHAT: "服务器的存储空间已满。", "The server's disk is full.";
    FULL_DO_DESK: "请告诉管理员。腾出空间后先看看这次的内容是否已在，不在再提交一次。", "Tell your admin. Once there is room, look whether this was saved, and send it again if it was not.";
    DENIED_TITLE: "您没有这个权限", "You may not do this";
    DENIED_WHAT: "您的岗位不能打开此页面或执行此操作。", "Your post does not include this page or action.";
    DENIED_DO: "需要的话，请管理员调整您的权限。", "If you need it, ask an admin to change your permissions.";
    NOT_SENT_TITLE: "没有发送", "Not sent";
    TOO_LARGE_WHAT: "内容太长，超出了这里能接收的大小。", "There was more in it than can be taken here.";
    TOO_LARGE_DO: "请按浏览器的“后退”回到您写的内容，缩短后再发。", "Go back in your browser to what you wrote, shorten it and send it again.";
    UNREADABLE_WHAT: "没能读懂发来的内容，可能在路上残缺了。", "What was sent could not be read; some of it may have been lost on the way.";
    UNREADABLE_DO: "请按浏览器的“后退”回到您写的内容，再发一次。", "Go back in your browser to what you wrote and send it once more.";
    NOTHING_CHANGED: "没有任何内容被改动。", "Nothing was changed.";
    TRY_AGAIN: "再试一次", "Try again";
    ERROR_ID: "编号", "Number";
    TO_QUEUE: "回到工单列表", "Back to the tickets";
}
