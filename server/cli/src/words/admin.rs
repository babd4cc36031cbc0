//! Words of administration.

use super::words;

words! {
    PASSWORD: "密码（至少 {n} 个字符）：", "Password (at least {n} characters): ";
    PASSWORD_AGAIN: "再输入一次：", "Once more: ";

    // People
    USER_ADDED: "已添加 {name}（{role}）", "Added {name} ({role})";
    USER_CLOSED: "已停用 {name}：不能登录，会话和令牌都已失效", "Closed {name}: sign-in, sessions and tokens of this account no longer work";
    USER_RESET: "已为 {name} 设置新密码，原有会话都已结束", "{name} has a new password; all earlier sessions ended";
    USERS_NONE: "还没有账号。用 `fieldline admin user add` 添加。", "There are no accounts. Add one with `fieldline admin user add`.";
    COL_NAME: "用户名", "Name";
    COL_SHOWN: "显示名", "Shown as";
    COL_ROLE: "岗位", "Post";
    COL_STATE: "状态", "State";
    OPEN: "可用", "open";
    CLOSED: "已停用", "closed";
    ROLE_ADMIN: "管理员", "admin";
    ROLE_MANAGER: "管理者", "manager";
    ROLE_DISPATCHER: "调度", "dispatcher";
    ROLE_AGENT: "客服", "agent";
    ROLE_KEEPER: "库管", "keeper";

    // Tokens
    TOKEN_ADDED: "已生成令牌“{name}”，以 {user} 的名义，权限为{role}。只显示这一次，请妥善保存：", "Token “{name}” acts in the name of {user} and may do what the post {role} may. It is shown only now, keep it safe:";
    TOKEN_REVOKED: "令牌“{name}”已失效", "Token “{name}” no longer works";
    TOKEN_TAKEN: "令牌名称“{name}”已被使用", "There is a token “{name}” already";
    TOKEN_UNKNOWN: "没有有效的令牌“{name}”", "There is no living token “{name}”";
    TOKENS_NONE: "还没有令牌。用 `fieldline admin token add` 生成。", "There are no tokens. Make one with `fieldline admin token add`.";
    COL_TOKEN: "用途", "For";
    COL_UNTIL: "有效至 ({zone})", "Until ({zone})";
    UNTIL_REVOKED: "直到停用", "revoked";
    ENDED: "已失效", "ended";

    // Codes, links, fates
    CODE: "{name}的绑定码：{code}（{time} 前有效，只能使用一次）", "Enrolment code for {name}: {code} (works once, until {time})";
    CODE_LINK: "链接", "Link";
    CODE_COMMAND: "命令行", "Terminal";
    LINK: "工单 {number} 的进度链接（有效至 {time}）", "Tracking link of ticket {number} (until {time})";
    FATE_MERGED: "已合并", "Merged";
    FATE_OVERRULED: "已被裁定：{why}", "Overruled: {why}";
    FATE_REFUSED: "已拒绝：{why}", "Refused: {why}";
    FATE_HELD: "隔离中：{name}的手机已停用，{time} 收到，等总部决定", "Held: the phone of {name} was revoked; received {time}, HQ has yet to decide";
    FATE_COUNTS: "现在计入：裁定它的内容后来变了，或在总部恢复备份时已不在", "It counts now: what overruled it has changed since, or was lost when HQ was restored";
    FATE_LATER: "后来不再计入：{why}", "It counts no more: {why}";
    FATE_OTHER: "这是当时告知的原因；现在的原因是：{why}", "That is the reason told then; by now it is: {why}";
    FATE_TICKET: "{number}（{document}）", "{number} ({document})";
    FATE_WHERE: "{document}，{time}", "{document}, {time}";
    FATE_UNKNOWN: "总部还没有收到操作 {id}。它可能还在手机上。", "HQ has not received operation {id}. It may still be on a phone.";

    // Erasing
    ERASED: "客户 {id} 的个人信息已删除：联系人 {contacts} 位，地点 {sites} 处，进度链接 {links} 个已停用。各手机下次同步时一并删除。", "The personal data of customer {id} is erased: {contacts} contacts, the addresses of {sites} sites; {links} tracking links ended. Phones erase it when they next sync.";
    ERASED_BEFORE: "客户 {id} 的个人信息此前已删除；这次又清理了联系人 {contacts} 位、地点 {sites} 处、进度链接 {links} 个。", "The personal data of customer {id} was erased before; this time {contacts} contacts, {sites} sites and {links} tracking links were left to clear.";
    ERASED_LEFT: "工单里写下的内容、照片和签名作为工作记录保留。以前的备份里仍有这些信息；恢复备份后会自动再次删除，前提是数据目录中的 `erased/` 还在。", "What was written, photographed and signed within tickets stays as the record of the work. Earlier backups still hold the data; after a restore it is erased again, as long as `erased/` in the data directory is kept.";
    ERASED_KEPT: "恢复时保留的旧数据中也还有，请自行决定何时删除：{path}", "A record that a restore kept holds it too; delete it when you no longer need it: {path}";

    // Tables
    LINES: "读到 {total} 行，其中 {good} 行可用。", "Lines read: {total}, good: {good}.";
    PROBLEM: "{file} 第 {line} 行 {column}：{text}", "{file} line {line}, {column}: {text}";
    PROBLEM_WHOLE: "{file} 第 {line} 行：{text}", "{file} line {line}: {text}";
    MORE_PROBLEMS: "另有 {n} 个问题", "more problems: {n}";
    DRY_RUN_GOOD: "试读完成，没有问题；没有写入。", "Dry run: nothing is wrong, nothing was written.";
    DRY_RUN_BAD: "试读完成，发现 {n} 个问题；没有写入。", "Dry run: problems found: {n}. Nothing was written.";
    NOT_STARTED: "发现 {n} 个问题，公司没有建立，什么也没有写入。请修正后重新运行同一条命令。", "Problems found: {n}. The company was not started and nothing was written; correct the tables and run the same command again.";
    WRITTEN: "好的行已写入，连同其中的地点、联系人等，共新增或修改 {rows} 项。", "The good lines are written: {rows} new or changed records, sites and contacts counted.";
    LEFT_OUT: "有问题的行没有写入，请修正后再次导入；重复导入不会产生重复内容。", "Lines with problems were left out. Correct them and import again; importing twice makes nothing twice.";
    STARTED: "公司“{name}”已建立，管理员：{admin}", "The company “{name}” is started; administrator: {admin}";
    NEXT_SERVE: "下一步：`fieldline serve --data {data}`", "Next: `fieldline serve --data {data}`";

    // Check
    CHECK_GOOD: "数据完好：日志 {log} 条，工单 {tickets} 张，库存 {stock} 项，照片和手册文件 {blobs} 个", "All is well: {log} log entries, {tickets} tickets, {stock} stock figures, {blobs} files of photos and manuals";
    CHECK_BAD: "发现 {n} 个问题：", "Problems found: {n}";
    CHECK_LACKS: "没有发现新问题，但缺少文件：日志 {log} 条，工单 {tickets} 张，库存 {stock} 项，照片和手册文件 {blobs} 个", "Nothing new is wrong, but files are not here: {log} log entries, {tickets} tickets, {stock} stock figures, {blobs} files of photos and manuals";
    CHECK_BLOBS_ASKED: "等待手机重新上传的照片或手册文件：{n} 个", "Files of photos or manuals that phones are asked to send again: {n}";
    CHECK_BLOBS_LOST: "已丢失、拍摄者的手机上也没有了的照片文件：{n} 个。更早的备份里如有完好的，请复制回 `{data}/blobs` 中的同一位置", "Files of photos that are lost, on their author's phone as well: {n}. Where an earlier backup has one whole, copy it back to the same place in `{data}/blobs`";
    CHECK_REPAIRED: "已修复 {n} 项（按文档和流水重写，或以现有密钥为准）", "Put right: {n} (written anew from documents and ledger, or the present keys taken as the record's own)";
    CHECK_BLOBS_GIVEN_UP: "已放弃 {n} 个缺失或损坏的照片或手册文件（损坏的移到 `blobs/damaged` 保留）：仍有工单或资料需要的，会让手机重新上传", "Files of photos or manuals given up, missing or damaged: {n} (damaged ones are kept in `blobs/damaged`). Phones are asked for those that a ticket or an article needs";
    CHECK_CHAIN: "日志第 {seq} 条与校验链不符：数据可能被改动或损坏", "log entry {seq} does not fit the chain: the data was altered or is damaged";
    CHECK_TICKET: "工单 {id} 的记录与文档不一致", "the record of ticket {id} differs from its document";
    CHECK_DOCUMENT: "文档 {id} 无法读取", "document {id} cannot be read";
    CHECK_CHANGE: "文档 {id} 缺少一项变更，而这项变更别处没有副本：请从备份恢复", "document {id} lacks a change that it alone should hold: restore a backup";
    CHECK_STOCK: "库存 {id} 与流水不一致", "the stock of {id} differs from its ledger";
    CHECK_COUNTED: "库存 {id} 与最近一次盘点及其后的流水不一致", "the stock of {id} is not what was counted last and what moved since";
    CHECK_HELD_BEYOND: "库存 {id} 的配额多于现有数量，却没有差异记录：请盘点", "more of {id} is granted than lies there, and no discrepancy says so: count it";
    CHECK_NOTHING_MISSING: "库存 {id} 有未了结的差异记录，但数量并不缺少：请盘点", "a discrepancy of {id} is open although nothing is missing: count it";
    CHECK_GRANT_BELOW_ZERO: "配额 {id} 的数量小于零", "grant {id} is of less than nothing";
    CHECK_GRANT_OF_NOTHING: "配额 {id} 的备件、库位或手机不在记录中", "the part, the location or the phone of grant {id} is not in the record";
    CHECK_GRANT_AHEAD: "配额 {id} 的序号超前：手机会漏听下一次变动", "grant {id} is numbered ahead: phones would not hear what is said next";
    CHECK_REQUEST_TWICE: "申领 {id} 已有配额却仍在等待：会重复发放", "request {id} was answered and waits all the same: it would be answered twice";
    CHECK_KEYS_MISSING: "{path} 中没有这份数据的密钥：如有保存，请在启动服务器之前放回（`cp -a OLD/keys/. {path}`）；启动时仍没有，就会换用新的", "the keys that this record worked with are not in {path}: if you kept them, put them back before the server starts (`cp -a OLD/keys/. {path}`); otherwise it makes new ones";
    CHECK_KEYS_OTHER: "{path} 中的密钥不是这份数据原来的：如有保存，请停止服务器并放回（`cp -a OLD/keys/. {path}`）；确实丢失时，`--repair` 会以现有密钥为准", "the keys in {path} are not those that this record worked with: if you kept those, stop the server and put them back (`cp -a OLD/keys/. {path}`); if they are lost for good, `--repair` takes the present ones as its own";
    CHECK_REPAIR_HOW: "`fieldline admin check --repair` 可重写记录和库存，并让手机重新上传缺失或损坏的照片和手册（更早的备份里如有完好的文件，请先复制回来）；日志不会被改动。", "`fieldline admin check --repair` writes record and stock anew and has phones send photos and manuals that are missing or damaged again (where an earlier backup has a file whole, copy it back first); the log is never changed.";
}
