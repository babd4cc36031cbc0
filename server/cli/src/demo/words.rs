//! Words of the demo.

use crate::words::words;

words! {
    // Faults
    NOT_ALL_OURS: "{path} 不是演示建立的，所以什么也没有删除。请先移走它，或用 `--data` 另选一个目录。", "{path} was not made by the demo, so nothing was deleted. Move it away, or name another directory with `--data`.";
    NOT_OURS: "{path} 不是演示目录，里面已有其他内容。演示只使用空目录或自己建立的目录，请用 `--data` 另选一个。", "{path} holds something that is not a demo's. The demo uses an empty directory or its own; name another one with `--data`.";
    BAD_MARKER: "{path} 无法读取：{why}。请用 `--data` 另选一个目录。", "{path} cannot be read: {why}. Name another directory with `--data`.";
    NO_PORT: "从 {port} 起没有空闲端口：{why}", "No free port from {port} on: {why}";
    BAD_SPEED: "`--speed` 应大于 0，不超过 100000", "`--speed` is above 0 and at most 100000";

    BROKEN_OFF: "已中断，没有结果", "Broken off, there is no account";

    // The company
    STAFF_NAME: "演示调度", "Demo dispatcher";
    YOU: "您", "You";
    YOUR_VAN: "您的服务车", "Your van";

    // The first screen
    OPENING: "正在准备虚构的公司……", "Setting up an invented company …";
    TITLE: "Fieldline {version} 演示 · {company}", "Fieldline {version} demo · {company}";
    ALIVE: "演示的手机正在干活，一天约 {minutes} 分钟。打开链接看看：", "The demo's phones are at work; a day takes about {minutes} min. Have a look:";
    OVER: "这一天已经结束：8 位工程师的上门都做完了。页面和手机仍可使用，新派的工单照样有人处理；加 `--reset` 重新开始一天。", "This day is over: the 8 engineers have done all their visits. Pages and phones still work, and whatever you assign is done; `--reset` begins a new day.";
    HQ_LINK: "总部（一次有效的登录链接）", "HQ (sign-in link, works once)";
    CUSTOMER_LINKS: "客户看到的进度页", "What customers see";
    YOUR_PHONE: "您自己的手机（另开一个终端；有 2 次上门等着您）", "Your own phone (in a second terminal; 2 visits wait for you)";
    YOUR_PHONE_ENROLLED: "您自己的手机", "Your own phone";
    YOUR_NEXT: "`fieldline phone list · show 1 · accept 1 · offline · online · status`", "`fieldline phone list · show 1 · accept 1 · offline · online · status`";
    ENROLLED: "您的手机已绑定：`fieldline phone list`", "Your phone is enrolled: `fieldline phone list`";
    DATA: "数据", "Data";
    PORT: "端口", "Port";
    PORT_MOVED: "{wanted} 已被占用，改用 {port}", "{wanted} is busy, so it is {port}";
    STOP: "停止", "Stop";
    STOP_HOW: "`Ctrl-C`；同一条命令接着运行，`--reset` 从头开始", "`Ctrl-C`; the same command goes on, `--reset` begins anew";
    LOG: "正在发生：", "As it happens:";
    ON_THE_WAY: "在路上", "on the way";
    IN_PROGRESS: "处理中", "in progress";
    ASSIGNED: "已派工", "assigned";
    RECEIVED: "已受理", "received";
    ARRIVED: "已到达", "arrived";
    DONE: "已完成", "done";
    STOPPED_ALL: "已停止。{saved} 项操作都已有结果。", "Stopped. All {saved} operations have their fate.";
    STOPPED: "已停止。{saved} 项操作中 {fates} 项已有结果。", "Stopped. {fates} of {saved} operations have their fate.";
    STOPPED_WAITING: "{n} 项存在手机里，下次接着发送。", " On the phones for next time: {n}.";
    STOPPED_HELD: "{n} 项已到总部，等总部决定。", " At HQ, not decided yet: {n}.";

    // What happens
    HQ: "总部", "HQ";
    ACCEPT: "接单", "accepts";
    DEPART: "出发", "sets out";
    ARRIVE: "到达", "arrives";
    START: "开始处理", "starts work";
    PAUSE: "暂停", "pauses";
    RESUME: "继续", "goes on";
    NOTE: "备注：{text}", "notes: {text}";
    USE_PART: "用了一个备件", "uses a part";
    SIGN: "客户签字", "customer signs";
    FINISH: "完工：{text}", "finishes: {text}";
    SIGNAL_LOST: "没有信号，照常记录", "loses signal and works on";
    SIGNAL_BACK: "恢复信号，发送 {n} 项", "has signal again, sends {n}";
    ANNOTATED: "在知识条目旁写了批注", "writes beside an article";
    PHONE_REVOKED: "手机已停用，未发送的内容由总部决定", "finds the phone revoked; HQ decides about its work";
    OVERRULED: "已被裁定：{act}，{why}", "overruled: {act}. {why}";
    REFUSED: "已拒绝：{act}，{why}", "refused: {act}. {why}";
    CLOSED: "关闭工单", "closes the ticket";
    OFFERED_TWO: "同时派给两位工程师，先接者得", "offers it to two engineers; the first has it";
    CANCELLED: "取消工单，而{name}正在现场、没有信号", "cancels it while {name} is at work without signal";
    REASSIGNED: "改派他人，而{name}正在现场、没有信号", "gives it to a colleague while {name} is at work without signal";
    REVOKED: "停用{name}的手机，其中有 {n} 项未发送；上门改派他人", "revokes the phone of {name} with {n} unsent; colleagues take the visits";
    DECIDED_HELD: "处理停用手机的工作：采纳 {n} 项，不采纳 {m} 项", "decides about the revoked phone's work: takes over {n}, declines {m}";
    DAY_OVER: "演示的手机今天的上门都做完了；页面仍然可以使用", "The demo's phones have done their day; the pages stay open";

    // The account of one day
    ONCE_GOOD: "{saved} 项操作，其中 {offline} 项离线完成：已合并 {merged}，已被裁定 {overruled}，已拒绝 {refused}。没有丢失，各副本一致。", "{saved} operations, {offline} of them offline: {merged} merged, {overruled} overruled, {refused} refused. Nothing lost, all copies equal.";
    ONCE_BAD: "{saved} 项操作，丢失 {lost} 项，不一致 {differ} 处。", "{saved} operations, {lost} lost, {differ} differences.";
    ONCE_TICKETS: "{phones} 部手机关闭了 {closed} 张工单（共 {tickets} 张），用时 {seconds} 秒，种子 {seed}。", "{phones} phones closed {closed} of {tickets} tickets in {seconds} s, seed {seed}.";
}
