//! Words of HQ's lists and forms: queue, new ticket, engineers, enrolment, parts, knowledge.

use super::words;

words! {
    // Queue
    NEW_TICKET: "新建工单", "New ticket";
    COL_DEADLINE: "时限", "Deadline";
    COL_NUMBER: "编号", "Number";
    COL_CUSTOMER: "客户", "Customer";
    COL_FAULT: "故障现象", "Fault";
    COL_AREA: "区域", "Area";
    COL_ASSET: "设备资产", "Asset";
    COL_STATE: "状态", "State";
    COL_ENGINEER: "工程师", "Engineer";
    COL_AGE: "已建立", "Age";
    VIP: "VIP", "VIP";
    URGED: "客户已催单", "The customer urged";
    NEEDS_REVIEW: "待复核", "Needs review";
    UNASSIGNED: "未派", "Unassigned";
    FILTER: "筛选工单", "Filter tickets";
    ANY_OPEN: "全部未结", "All open";
    ANY_TO_DO: "全部未结和待复核", "All open, and to review";
    CHOICE_COUNT: "{x}（{n}）", "{x} ({n})";
    SEARCH_TICKETS: "编号、客户、故障", "Number, customer, fault";
    APPLY: "筛选", "Apply";
    QUEUE_COUNT: "未结 {open} · 超时 {late}", "{open} open · {late} over deadline";
    QUEUE_COUNT_REVIEW: "未结 {open} · 超时 {late} · 待复核 {review}", "{open} open · {late} over deadline · {review} to review";
    QUEUE_FOUND: "符合条件的工单：{n}", "Tickets that match: {n}";
    QUEUE_CAPTION: "工单，时限最紧的在前", "Tickets, tightest deadline first";
    NEXT_PAGE: "下一页", "Next page";
    PREVIOUS_PAGE: "上一页", "Previous page";
    PAGES: "分页", "Pages";
    PAGE_SPAN: "第 {from}–{to} 项，共 {n} 项", "{from}–{to} of {n}";
    FIRST_PAGE: "回到第一页", "First page";
    NEW_WAITING: "有 {n} 个新工单，点此显示", "Show new tickets: {n}";
    EMPTY_QUEUE: "没有未结的工单", "No open tickets";
    EMPTY_QUEUE_DO: "有客户来电或来信时，在这里建立工单。", "When a customer calls or writes, create the ticket here.";
    EMPTY_SEARCH: "没有符合条件的工单", "No ticket matches";
    EMPTY_SEARCH_DO: "换一个词，或者清除筛选条件。", "Try another word, or clear the filter.";
    CLEAR_FILTER: "清除筛选", "Clear filter";

    // New ticket
    PICK_CUSTOMER: "输入客户名称或客户编号，或从列表中选择", "Type a name or customer number, or pick from the list";
    PICK_ASSET: "输入型号或序列号", "Type a model or serial number";
    FAULT_CODE: "故障代码", "Fault code";
    FAULT_TEXT: "故障描述", "What the customer sees";
    NO_CODE: "暂不选择", "None yet";
    WISHED_FROM: "客户希望的开始时间", "Wished from";
    WISHED_TO: "客户希望的结束时间", "Wished until";
    CREATE: "建立工单", "Create ticket";

    NEW_CUSTOMER: "新客户", "New customer";
    NEW_CUSTOMER_HINT: "客户列表中没有“{x}”。请从列表中选择；如果是新客户，请填写下面几项。", "There is no customer {x} in the list. Pick one from the list, or fill in the lines below for a new customer.";
    NEW_CUSTOMER_YES: "这是新客户，一并建立", "This is a new customer, create it too";
    KNOWN_CUSTOMER_HINT: "列表中已有客户“{x}”，您又填写了新客户的内容。现在还没有建立任何内容。", "There is a customer {x} in the list, and you filled in lines for a new one. Nothing is made yet.";
    KNOWN_CUSTOMER_USE: "用列表中的客户；下面填写的内容不保存", "Use the customer in the list; the lines below are not kept";
    KNOWN_CUSTOMER_NEW: "是另一位客户：用同样的名称新建", "It is another one: create a new customer of the same name";
    WHICH_CUSTOMER: "哪一个客户", "Which customer";
    SEVERAL_CUSTOMERS_HINT: "列表中有多个客户“{x}”。请选择是哪一个；选了已有的客户，下面填写的内容不保存。", "Several customers {x} are in the list. Say which one is meant; with one of the list, the lines below are not kept.";
    SEVERAL_CUSTOMERS_NEW: "都不是：用同样的名称再新建一个，请填写下面几项", "It is none of them: create another customer of the same name, with the lines below";
    NEW_CONTACT: "联系人姓名", "Name of the contact";
    NEW_PHONE: "联系电话", "Phone number";
    NEW_DISTRICT: "区域", "District";
    NEW_ADDRESS: "详细地址", "Street address";

    // Device categories
    CAT_PRINTER: "打印机", "Printers";
    CAT_AIRCON: "空调", "Air conditioners";
    CAT_ELEVATOR: "电梯", "Lifts";
    CAT_MEDICAL: "医疗设备", "Medical devices";
    CAT_ROUTER: "网络设备", "Network devices";
    CAT_WASHER: "洗衣机", "Washing machines";
    CAT_EV_CHARGER: "充电桩", "EV chargers";
    CAT_POS: "收银机", "Tills";
    CAT_UPS: "不间断电源", "Power backup";
    CAT_GENERATOR: "发电机", "Generators";

    // Engineers and phones
    ENGINEERS_COUNT: "{n} 名工程师", "Engineers: {n}";
    COL_SKILLS: "技能", "Skills";
    COL_PHONE: "手机", "Phone";
    COL_SEEN: "最近联系", "Last contact";
    COL_PENDING: "待上传", "Still on the phone";
    COL_COMPLETE: "手机已确认的工单", "Jobs the phone confirmed";
    NO_JOBS: "没有工单", "no jobs";
    NOT_CONFIRMED: "已下发，待手机确认", "sent, not yet confirmed";
    N_OF_N: "{n} / {all}", "{n} of {all}";
    PHONE_NONE: "未绑定手机", "No phone";
    PHONE_OK: "正常", "In use";
    PHONE_OFFLINE: "离线", "Offline";
    PHONE_REVOKED: "已停用", "Revoked";
    PHONE_QUARANTINE: "已停用，有待处理的工作", "Revoked, work to review";
    NEVER: "从未", "never";
    PENDING_UNKNOWN: "未知", "not known";
    ENROL: "绑定手机", "Enrol a phone";
    REVOKE: "停用手机", "Revoke phone";
    REVOKE_CONFIRM: "停用后，这部手机不能再同步。手机上还没上传的工作会先隔离，由总部决定是否采纳。", "After this the phone cannot sync. Work still on it is kept apart until somebody at HQ decides.";
    REVOKE_WHICH: "该工程师有 {n} 部手机在用，停用哪一部？", "This engineer uses {n} phones. Which one?";
    REVOKE_NONE: "该工程师没有在用的手机。", "This engineer has no phone in use.";
    PHONE_APP: "应用 {x}", "app {x}";
    PHONE_ID: "编号末位 {x}", "id ends in {x}";
    ENROLLED_AT: "绑定于 {x}", "enrolled {x}";
    COL_ENROLLED: "绑定时间", "Enrolled";
    REVOKE_ALL: "全部停用", "All of them";
    REVOKE_DO: "确认停用", "Yes, revoke";
    EMPTY_ENGINEERS: "还没有工程师", "No engineers yet";
    EMPTY_ENGINEERS_DO: "请管理员在服务器上用命令添加工程师，然后在这里绑定手机。", "Ask an admin to add engineers on the server, then enrol their phones here.";
    ENROL_FOR: "为{x}绑定手机", "Enrol a phone for {x}";
    ENROL_SCAN: "在手机应用中扫描二维码，", "Scan this code in the phone app,";
    ENROL_TYPE: "或输入绑定码：", "or type this code:";
    ENROL_QR: "绑定二维码", "Enrolment code as a QR picture";
    ENROL_COMMAND: "在命令行中试用：", "To try it in a terminal:";
    ENROL_UNTIL: "{x} 前有效，只能使用一次。", "Valid until {x}, works once.";
    ENROL_OLD: "绑定新手机后，旧手机会停用。", "Enrolling a new phone revokes the old one.";
    ENROL_AGAIN: "换一个绑定码", "Make a new code";
    COPY: "复制", "Copy";
    COPIED: "已复制", "Copied";

    // Parts
    PARTS_COUNT: "库存记录 {n} 条", "Stock entries: {n}";
    PARTS_SEARCH: "备件编号或名称", "Part number or name";
    COL_PART: "备件", "Part";
    COL_LOCATION: "库位", "Location";
    COL_STOCK: "库存", "In stock";
    COL_HELD: "已预约", "Reserved";
    COL_GRANT: "配额", "Granted";
    COL_AS_OF: "截至", "As of";
    WAREHOUSE: "仓库", "Warehouse";
    VAN: "随车库存", "Van stock";
    IN_DOUBT: "待核实", "In doubt";
    IN_DOUBT_HINT: "“待核实”：持有这些备件的手机久未联系、已停用或已更换，车辆换了人，所属工单已经结束，或者账上有缺，总部不确定还剩多少。手机重新联系后可能核清；在该处盘点一次，一定核清。", "In doubt: the phone that holds these parts has been silent for long, was revoked or replaced, the van is another’s, the ticket they were kept for is over, or something is missing there, and HQ does not know what is left. That may end when it reports again; a count there always ends it.";
    MISSING: "账上缺 {n}", "{n} missing";
    UNPROVEN: "来源不明 {n}", "{n} of unknown origin";
    COUNT_PART: "盘点", "Count";
    COUNTED: "实点数量", "Quantity counted";
    COUNT_DO: "按实点入账", "Book the count";
    REQUESTS: "等待发放的申领", "Parts that engineers wait for";
    REQUESTS_HINT: "数量够了会自动发放到工程师的手机。不能发放的请写明原因，工程师会在工单上看到。", "Each is granted to the engineer's phone as soon as enough is free. Decline what cannot be given; the engineer reads the reason on the ticket.";
    REQUESTS_MORE: "这里只显示其中 {n} 项。", "Only {n} of them are shown here.";
    REQUESTS_NEW: "申领有 {n} 处变化，点此显示", "Show changed requests: {n}";
    COL_QUANTITY: "数量", "Quantity";
    COL_FOR: "申领人", "For";
    COL_SINCE: "申领时间", "Asked";
    DECLINE_REQUEST: "不批准", "Decline";
    DECLINE_REASON: "原因（工程师会看到）", "Reason, for the engineer to read";
    DECLINE_DO: "不批准这项申领", "Decline this request";
    LOW_STOCK: "低于下限 {n}", "Below minimum of {n}";
    ALL_LOCATIONS: "全部库位", "All locations";
    EMPTY_PARTS: "没有符合条件的备件", "No part matches";
    EMPTY_PARTS_DO: "换一个词，或者选择其他库位。库存由管理员用文件导入。", "Try another word or location. Stock is imported from a file by an admin.";

    // Knowledge
    ARTICLES_SEARCH: "故障现象、机型、关键词", "Symptom, model, keyword";
    ARTICLES_FOUND: "找到 {n} 篇", "Articles found: {n}";
    EMPTY_ARTICLES: "没有找到知识条目", "No article found";
    EMPTY_ARTICLES_DO: "换个说法再搜，例如只写故障现象。工程师完工时写下的办法会出现在这里。", "Try other words, for example the symptom alone. Solutions engineers write at completion appear here.";
    ART_SYMPTOM: "故障现象", "Symptom";
    ART_CAUSES: "可能原因", "Causes";
    ART_STEPS: "处理步骤", "Steps";
    ART_PARTS: "所需备件", "Parts needed";
    ART_FILES: "文件", "Files";
    ART_FILE_PAGES: "{n} 页", "Pages: {n}";
    ART_FILE_GONE: "总部缺少这个文件，正在向下载过它的手机要回；重新附上同一文件也可以", "HQ has lost this file and asks the phones that fetched it; attaching the same file again brings it back too";
    ART_NOTES: "现场批注", "Notes from the field";
    ART_NO_NOTES: "还没有批注。", "No notes yet.";
    ART_PROPOSED: "建议的办法，待审核", "Proposed solution, not yet reviewed";
    ART_MODELS: "适用机型", "Models";
    ART_CHANGED: "更新于 {x}", "Changed {x}";
}
