//! Words of the phone in a terminal.

use super::words;

words! {
    // What was saved
    SAVED: "已保存  {act}  {number}", "Saved  {act}  {number}";
    OPERATION: "操作编号 {id}", "Operation {id}";
    SENT_MERGED: "总部已收到：已合并。", "HQ has it: merged.";
    SENT_OVERRULED: "总部已收到：已被裁定。{why}。", "HQ has it: overruled. {why}.";
    SENT_REFUSED: "总部已拒绝：{why}。内容留在本机的提示中。", "HQ refused it: {why}. Your words are kept on a card.";
    KEPT: "暂存本机，待发送 {n} 项。{why}", "Kept on this phone, {n} waiting. {why}";
    KEPT_OFFLINE: "此手机设为离线，运行 `fieldline phone online` 后发送。", "This phone is set offline; `fieldline phone online` sends it.";
    KEPT_HELD: "已交到总部。总部已停用此手机，由主管决定是否采纳（共 {n} 项）。请联系总部。", "HQ holds it: this phone was revoked, and a supervisor decides about its work ({n} in all). Ask HQ.";
    KEPT_LATER: "总部会在下次同步时给出结果。", "HQ decides at the next sync.";
    NEXT: "下一步：{acts}", "Next: {acts}";

    // Enrolment and network
    ENROLLED: "已绑定：{company}，{name}", "Enrolled with {company} as {name}";
    ENROLLED_HELD: "本机已有 {n} 份内容。运行 `fieldline phone list` 查看工单。", "{n} documents are here. `fieldline phone list` shows the tickets.";
    ENROLLED_ONLINE: "此手机原先设为离线，现已恢复联网。", "This phone was set offline; it is online again.";
    SET_ASIDE: "原有文件已移到 {path}，没有删除。", "What was left is in {path}; nothing was deleted.";
    MOVED: "以后连接 {url}", "From now on this phone asks {url}";
    SYNCED: "已同步。{truth}", "Synced. {truth}";
    NOW_OFFLINE: "已设为离线：一切照常保存，直到 `fieldline phone online`。", "Offline now: everything is saved as usual until `fieldline phone online`.";
    NOW_ONLINE: "已恢复联网。{truth}", "Online again. {truth}";
    IS_OFFLINE: "此手机设为离线；先运行 `fieldline phone online`", "This phone is set offline; run `fieldline phone online` first";

    // The truth screen
    TRUTH: "本机待发送 {here} 项，总部已有 {hq} 项，被裁定 {overruled} 项，被拒绝 {refused} 项", "{here} saved here, {hq} at HQ, {overruled} overruled, {refused} refused";
    COMPLETE: "内容完整：{held}/{expected}，截至 {time}", "Complete: {held} of {expected} as of {time}";
    INCOMPLETE: "内容不完整：{held}/{expected}，截至 {time}", "Incomplete: {held} of {expected} as of {time}";
    NEVER_SYNCED: "还没有同步过", "Never synced so far";
    LAST_SYNC: "上次联系总部：{time}（{age}）", "Last contact with HQ: {time} ({age})";
    SET_OFFLINE: "设为离线", "Set offline";
    REVOKED: "总部已停用此手机，不再向它发送新内容。{held} 项已交到总部，由主管决定；{here} 项还在本机，同步后也交给主管。请联系总部；如果总部给了新的绑定码，可用 `fieldline phone enrol` 重新绑定。", "HQ has revoked this phone: nothing new comes to it. HQ holds {held} pieces of work, and a supervisor decides about them; {here} are still here and go there with a sync. Ask HQ; with a new code from HQ, `fieldline phone enrol` enrols this phone again.";
    TRUTH_HELD: "总部待主管决定 {held} 项", "{held} held at HQ for a supervisor";
    MUST_ENROL: "此手机需要重新绑定", "This phone must be enrolled again";
    STUCK: "{n} 份本机副本已损坏，下次同步时重新下载", "{n} damaged copies here are fetched again at the next sync";
    CARDS: "需要您知道的", "You should know";
    CARD: "{number}  {act}：{fate}。{why}", "{number}  {act}: {fate}. {why}";
    OWN_WORDS: "您写的：{text}", "Your words: {text}";
    DISMISS_HOW: "看过后：`fieldline phone dismiss {id}`", "Once read: `fieldline phone dismiss {id}`";
    WAITING: "待发送", "Waiting";
    WAITING_MORE: "另有 {n} 项", "and {n} more";
    WAIT_NEXT_SYNC: "下次同步发送", "goes with the next sync";
    WAIT_OTHERS: "等待所依据的内容", "needs work that is not at HQ yet";
    WAIT_LATER: "总部稍后处理", "HQ takes it later";
    WAIT_AGAIN: "已重新提交", "written again, goes with the next sync";
    WAIT_HELD: "已到总部，等主管决定", "at HQ, a supervisor decides";
    WAIT_BEHIND_HELD: "等主管先决定此工单上较早的内容", "waits until a supervisor decides on earlier work here";
    WAIT_REVOKED: "还在本机，下次同步交给主管", "still here, goes to a supervisor with the next sync";
    WAIT_SIGN_IN: "请先重新绑定", "enrol this phone again first";
    MISSING: "本机丢失，总部没有答复", "Lost from this phone, and HQ has not answered";
    MISSING_MORE: "另有 {n} 项在本机没有记录，总部是否收到无法得知", "{n} more have left no record here; whether HQ has them cannot be told";
    DISMISSED: "已收起 {n} 条提示", "Cards put away: {n}";
    FATE_OVERRULED: "已被裁定", "overruled";
    FATE_REFUSED: "已拒绝", "refused";

    // The list
    LIST_EMPTY: "没有待办工单。`fieldline phone list --all` 显示全部。", "Nothing is left to do. `fieldline phone list --all` shows everything.";
    LIST_EMPTY_ALL: "本机没有工单", "No tickets are on this phone";
    COL_NUMBER: "单号", "Number";
    COL_WHEN: "时间", "Planned";
    COL_STATE: "状态", "State";
    COL_CUSTOMER: "客户", "Customer";
    COL_FAULT: "故障", "Fault";
    VIP: "VIP", "VIP";
    PR_CRITICAL: "紧急", "urgent";
    PR_HIGH: "优先", "high";
    PR_NORMAL: "普通", "normal";
    PR_LOW: "较低", "low";
    MARK_URGED: "催单 {n}", "urged {n}";
    MARK_PENDING: "待发送 {n}", "unsent {n}";
    MARK_WITHDRAWN: "已撤回", "withdrawn";
    MARK_STUCK: "副本损坏", "damaged";

    // States
    ST_NEW: "新建", "New";
    ST_TRIAGED: "已分诊", "Triaged";
    ST_PLANNED: "已计划", "Planned";
    ST_IN_PROGRESS: "处理中", "In progress";
    ST_WAITING: "等待中", "Waiting";
    ST_RESOLVED: "已解决", "Resolved";
    ST_CLOSED: "已关闭", "Closed";
    ST_CANCELLED: "已取消", "Cancelled";
    ST_MERGED: "已并入", "Merged";
    VS_OFFERED: "待接单", "Offered";
    VS_ACCEPTED: "已接单", "Accepted";
    VS_DECLINED: "已谢绝", "Declined";
    VS_EN_ROUTE: "在路上", "On the way";
    VS_ARRIVED: "已到达", "Arrived";
    VS_WORKING: "处理中", "Working";
    VS_PAUSED: "已暂停", "Paused";
    VS_DONE: "已完工", "Done";
    RS_FIXED: "已修复", "fixed";
    RS_PARTLY: "部分修复", "partly fixed";
    RS_NO_FAULT: "未发现故障", "no fault found";
    RS_COULD_NOT: "未能完成", "could not be done";
    PS_BREAK: "休息", "break";
    PS_PARTS: "等待备件", "waiting for parts";
    PS_CUSTOMER: "等待客户", "waiting for the customer";
    PS_ACCESS: "无法进入", "no access";
    PS_UNSAFE: "现场不安全", "not safe";
    DR_NO_TIME: "没有时间", "no time";
    DR_SKILL: "缺少技能或证书", "skill or certificate missing";
    DR_NO_PART: "缺少备件", "part missing";
    DR_TOO_FAR: "距离太远", "too far";
    DR_ILL: "生病", "ill";
    DR_OTHER: "其他原因", "other reason";

    // Acts
    A_CREATE: "建立工单", "ticket opened";
    A_SET_FACTS: "修改信息", "facts changed";
    A_TRIAGE: "完成分诊", "triaged";
    A_OFFER: "派单", "visit offered";
    A_REASSIGN: "改派", "visit given to somebody else";
    A_RESCHEDULE: "改时间", "plan moved";
    A_CANCEL: "取消工单", "ticket cancelled";
    A_RESOLVE: "解决", "resolved";
    A_CLOSE: "关闭", "closed";
    A_REOPEN: "重新打开", "opened again";
    A_MERGE: "并入其他工单", "merged into another ticket";
    A_RULE: "裁定", "ruling";
    A_ACCEPT: "接单", "accept";
    A_DECLINE: "谢绝", "decline";
    A_DEPART: "出发", "depart";
    A_ARRIVE: "到达", "arrive";
    A_START: "开始处理", "start";
    A_PAUSE: "暂停", "pause";
    A_RESUME: "继续", "resume";
    A_FINISH: "完工", "finish";
    A_NOTE: "备注", "note";
    A_ESTIMATE: "预计到达", "estimate";
    A_ANSWER: "检查项", "checklist";
    A_USE_PART: "用件", "part used";
    A_SIGN: "签字", "signature";
    A_MESSAGE: "客户留言", "customer wrote";
    A_URGE: "客户催单", "customer urged";
    A_WISH: "客户希望的时间", "customer wishes";
    A_RATE: "客户评分", "customer rated";
    A_PUBLISH: "发布", "published";
    A_SECTION: "章节", "section";
    A_ANNOTATE: "批注", "annotation";

    // One ticket
    ADDRESS: "地址", "Address";
    CONTACT: "联系人", "Contact";
    MACHINE: "设备", "Machine";
    SERIAL: "序列号 {x}", "serial {x}";
    WARRANTY: "保修至 {x}", "warranty until {x}";
    WARRANTY_EXPIRED: "已过保（{x} 到期）", "warranty expired on {x}";
    FAULT: "故障", "Fault";
    DEADLINE: "时限", "Due";
    WISHED: "希望时间", "Wished";
    MY_VISIT: "我的上门", "My visit";
    OTHER_VISIT: "其他上门", "Other visit";
    PLANNED: "计划 {x}", "planned {x}";
    ARRIVING: "预计 {x} 到达", "expected {x}";
    WITHDRAWN: "总部已撤回这次上门", "HQ took this visit away";
    NEXT_STEPS: "下一步", "Next";
    CHECKLIST: "检查表", "Checklist";
    TAKES_TICK: "是或否", "yes or no";
    TAKES_PHOTO: "拍好照片后填“是”", "yes once the photo is taken";
    TAKES_READING: "数字，单位 {unit}，正常范围 {min} 到 {max}", "a number in {unit}, sound from {min} to {max}";
    TAKES_UNIT: "数字，单位 {unit}", "a number in {unit}";
    TAKES_NUMBER: "数字", "a number";
    TAKES_TEXT: "文字", "words";
    OUT_OF_BOUNDS: "超出 {min}-{max}", "outside {min}-{max}";
    FIELD: "记录", "Record";
    TIMELINE: "时间线", "Timeline";
    CUSTOMER_SAYS: "客户", "Customer";
    HISTORY: "维修历史", "History";
    PENDING: "待发送", "unsent";
    GONE: "总部已不再派给此手机，内容仅供查看", "HQ took this ticket away; it is here to read only";
    CANCELLED: "总部已取消这张工单（{time}）：{why}。内容仅供查看", "HQ cancelled this ticket ({time}): {why}. It is here to read only";
    CARD_HERE: "{act}：{fate}。{why}", "{act}: {fate}. {why}";
    DAMAGED: "本机副本已损坏，下次同步时重新下载；未发送的内容仍然保留", "The copy here is damaged and is fetched again at the next sync; unsent work is kept";
    UNREADABLE: "有 {n} 条记录需要新版本才能显示", "{n} entries need a newer version to be shown";
    HQ: "总部", "HQ";
    THE_CUSTOMER: "客户", "customer";
    THE_SERVER: "系统", "the server";
    COLLEAGUE: "同事", "a colleague";
    PART_TIMES: "{part} × {n}，取自{place}", "{part} × {n} from {place}";
    STARS: "{n}/5 {text}", "{n} of 5 {text}";
    YES: "是", "yes";
    NO: "否", "no";

    // Parts, articles, who
    PARTS_EMPTY: "没有找到备件。`fieldline phone parts --all` 查看所有库位。", "No parts found. `fieldline phone parts --all` shows every place.";
    COL_PART: "编号", "Number";
    COL_NAME: "名称", "Name";
    COL_PLACE: "库位", "Place";
    COL_QUANTITY: "数量", "Quantity";
    USED_HERE: "已扣除本机 {n}", "{n} used here";
    AS_OF: "总部数量截至 {time}", "HQ's figures as of {time}";
    SEARCH_EMPTY: "没有找到“{words}”", "Nothing found for “{words}”";
    MANUAL: "手册", "manual";
    ARTICLE: "条目", "article";
    ANNOTATIONS: "批注", "Annotations";
    WHOAMI: "{name} · {company}", "{name} · {company}";
    SERVER: "服务器", "Server";
    DEVICE: "设备编号", "Device";
    ENGINEER: "工程师编号", "Engineer";
    STORE: "本机目录", "Store";
    NETWORK: "网络", "Network";
    NETWORK_USED: "有网络时自动同步", "used when there is one";
}
