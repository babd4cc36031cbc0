//! Words for failures.

use super::words;

words! {
    FILE: "无法读写 {path}：{why}", "Cannot read or write {path}: {why}";
    FILE_NONE: "没有这个文件或目录", "there is no such file or directory";
    FILE_IS_DIRECTORY: "这是目录，不是文件", "it is a directory, not a file";
    FILE_NOT_DIRECTORY: "路径中有一段不是目录", "a part of the path is no directory";
    FILE_FORBIDDEN: "没有权限", "permission is denied";
    FILE_THERE: "已经存在", "it exists already";
    FILE_FULL: "存储空间已满", "the storage is full";
    FILE_READ_ONLY: "该存储只能读取", "the storage is read-only";
    FILE_NO_TEXT: "内容不是文字，或编码不对", "it holds no UTF-8 text";
    FILE_OTHER: "系统提示 {why}", "{why}";
    STANDS: "工单 {number} 现在是“{state}”，下一步：{acts}", "Ticket {number} is now “{state}”; next: {acts}";
    STANDS_OVER: "工单 {number} 现在是“{state}”，没有下一步", "Ticket {number} is now “{state}”; no step follows";
    DATA_NEWER: "数据由更新版本的程序写入，请升级", "The data was written by a newer version of this program; please update";
    DATA_FAILED: "数据读写失败：{why}", "Reading or writing the data failed: {why}";
    DATA_DAMAGED: "数据库文件已损坏（{why}）。请用 `fieldline restore` 恢复备份，现有文件会移到一旁保留。", "The database file is damaged ({why}). Put a backup in its place with `fieldline restore`; the file is moved aside and kept.";
    HINT_CHECK: "服务器没有启动。`fieldline admin check --data {data}` 会检查整个文件。", "The server did not start. `fieldline admin check --data {data}` looks through the whole file.";
    DATA_MISSING: "{path} 中没有公司数据。请先运行 `fieldline admin init`。", "There is no company's data in {path}. Run `fieldline admin init` first.";
    DATA_IN_USE: "{path} 正被另一个服务器进程使用。请先停止它，或换一个数据目录。", "Another server is using {path}. Stop it first, or name another directory.";
    DISK_FULL: "存储空间已满，没有保存。请腾出空间后再试。", "The disk is full and this was not saved. Make room, then try again.";
    WRITE_UNKNOWN: "写入没有完成，不能确定是否已保存；常见原因是存储空间已满。请检查磁盘和已有内容，没有保存再试一次。", "The write did not come to its end, most often because the disk is full; it may or may not have been kept. Look at the disk and at what is there, and try again if it is not.";
    BUSY: "数据正忙，请稍后再试", "The data is busy, try again in a moment";
    CONFIG: "配置文件 {path} 有误：\n{why}", "The settings file {path} cannot be read:\n{why}";
    VARIABLE: "环境变量 `{name}` 的值“{value}”无法识别", "The variable `{name}` holds “{value}”, which cannot be read";
    PUBLIC_URL: "公开地址“{url}”应以 `http://` 或 `https://` 开头", "The public address “{url}” must begin with `http://` or `https://`";
    ADDRESS_UNKNOWN: "还不知道服务器的地址。请用 `--public-url` 给出手机和客户访问服务器的地址，或先运行一次 `fieldline serve --data {data}`（监听所有网卡时还要给出 `--public-url`）。", "The server's address is not known. Give the one that phones and customers use with `--public-url`, or run `fieldline serve --data {data}` once (where it listens on all interfaces, with `--public-url`).";
    TLS_HALF: "证书和私钥要一起给出：`--tls-cert` 和 `--tls-key`", "Certificate and key go together: `--tls-cert` and `--tls-key`";
    TLS_REQUIRED: "{listen} 可被其他机器访问，但没有加密。请给出 `--tls-cert` 和 `--tls-key`；如果前面有带 TLS 的代理，请加 `--insecure`。", "{listen} can be reached from other machines, but nothing is encrypted. Give `--tls-cert` and `--tls-key`, or `--insecure` when a proxy in front has TLS.";
    TLS_FILE: "证书或私钥 {path} 无法使用：{why}", "Certificate or key {path} cannot be used: {why}";
    LISTEN: "无法在 {listen} 上监听：{why}", "Cannot listen at {listen}: {why}";
    INTERNAL: "程序出错：{why}", "The program failed: {why}";

    HINT_ANEW: "确定没有备份时，`fieldline phone enrol --anew` 会把剩余文件移到一旁并重新绑定。", "If there is no backup, `fieldline phone enrol --anew` moves what is left aside and enrols anew.";
    HINT_CA: "公司自己的证书或颁发机构用 `--ca` 给出。", "Name the company's own certificate or authority with `--ca`.";
    HINT_CA_OTHER: "此前用 `--ca` 给出的证书与这台服务器不符；如果公司换了证书，请用 `--ca` 给出新的。", "The certificates given with `--ca` are not this server's; if the company has new ones, name them with `--ca`.";
    HINT_PLAIN_HTTP: "仅试用时，可加 `--allow-plain-http`。", "For a trial only, add `--allow-plain-http`.";
    ADDRESS_DAMAGED: "此手机保存的总部地址已损坏，内容都还在本机。请用 `fieldline phone server` 重新给出地址。", "The address of HQ's server that this phone kept is damaged; all work is still here. Give it anew with `fieldline phone server`.";
    CA_NONE: "{path} 中没有证书。请给出服务器或其颁发机构的证书（PEM，以 `-----BEGIN CERTIFICATE-----` 开头），而不是私钥。", "There is no certificate in {path}. Name the server's certificate or its authority's, as PEM that begins with `-----BEGIN CERTIFICATE-----`, not the key.";
    CA_UNREADABLE: "{path} 中的证书无法读取，文件可能不完整", "The certificate in {path} cannot be read; the file may be incomplete";
    ENROLLED_ALREADY: "此手机已绑定给{name}（{company}），绑定码没有被使用。另一位工程师请用 `--store` 另选目录；总部换了地址请用 `fieldline phone server`。", "This phone is enrolled already: {name}, {company}. The code was not used. For another engineer name another directory with `--store`; if HQ's address has changed, use `fieldline phone server`.";
    SIGNATURE_NONE: "请给出客户的签名：`--file FILE` 指定矢量图文件，或用 `--path` 给出路径数据", "A signature is needed: name an SVG file with `--file`, or give path data with `--path`";
    SIGNATURE_FILE: "{path} 中没有可用的签名：需要一段矢量路径，画在 600 × 200 之内，只含 `M L Q C Z` 和数字，不超过 24 千字节", "There is no signature in {path}: it takes SVG path data drawn within 600 × 200, of `M L Q C Z` and numbers only, at most 24 kB";
    NO_TICKET: "没有工单“{name}”。请用 `fieldline phone list` 查看。", "There is no ticket “{name}”. See `fieldline phone list`.";
    NO_PLACE: "上次显示的列表中没有第 {name} 项。请用 `fieldline phone list` 查看。", "The list last shown has no line {name}. See `fieldline phone list`.";
    NO_VISIT: "工单 {number} 没有您的上门任务", "Ticket {number} has no visit of yours";
    NO_ITEM: "检查表没有“{name}”这一项。请用 `fieldline phone show {number}` 查看。", "The checklist has no item “{name}”. See `fieldline phone show {number}`.";
    ANSWER_WRONG: "检查项 {place}“{item}”要填：{takes}。“{said}”不能作为答案", "Checklist item {place}, “{item}”, takes {takes}; “{said}” is no answer to it";
    ANSWER_MISSING: "检查项 {place}“{item}”要填：{takes}。请给出答案", "Checklist item {place}, “{item}”, takes {takes}; give the answer";
    TICKET_LEFT: "工单 {number} 已不在此手机上。此手机最后得知（{time}）：{act}{fate}，{why}。", "Ticket {number} is no longer on this phone. What it last heard ({time}): {act} was {fate}. {why}.";
    NO_UNIT: "检查表没有写单位，请用 `--unit` 给出", "The checklist names no unit; give it with `--unit`";
    NO_PART: "没有备件“{name}”。请用 `fieldline phone parts` 查找。", "There is no part “{name}”. Look it up with `fieldline phone parts`.";
    NO_LOCATION: "没有库位“{name}”", "There is no van or warehouse “{name}”";
    NO_VAN: "您名下没有随车库存，请用 `--from` 指明库位", "You have no van; say where the part comes from with `--from`";
    NO_CODE: "没有代码“{name}”。可用的代码：\n{codes}", "There is no code “{name}”. These exist:\n{codes}";
    NO_ARTICLE: "没有条目“{name}”。请用 `fieldline phone search` 查找。", "There is no article “{name}”. Look for it with `fieldline phone search`.";
    NO_CARD: "没有关于操作 {name} 的提示", "There is no card about operation {name}";
    BAD_LINK: "这不是绑定链接。请粘贴总部给出的整个链接，或给出服务器地址和绑定码。", "This is no enrolment link. Paste the whole link from HQ, or give the server's address and the code.";

    NO_TABLES: "请至少指明一张表：`--sla-plans`、`--customers`、`--assets`、`--parts` 或 `--engineers`", "Name at least one table: `--sla-plans`, `--customers`, `--assets`, `--parts` or `--engineers`";
    COMPANY_THERE: "{path} 中已有公司“{name}”。用 `fieldline admin import` 导入数据，用 `fieldline admin user` 管理账号。", "{path} already holds the company “{name}”. Use `fieldline admin import` for data and `fieldline admin user` for accounts.";
    NAME_BAD: "用户名应为 1 到 100 个字节，不含控制字符", "A sign-in name has 1 to 100 bytes and no control characters";
    NAME_TAKEN: "用户名“{name}”已被使用", "The sign-in name “{name}” is taken";
    NAME_UNKNOWN: "没有用户“{name}”，或已停用", "There is no user “{name}”, or the account is closed";
    LAST_ADMIN: "“{name}”是唯一可用的管理员账号，没有停用。请先用 `fieldline admin user add` 再添加一位管理员。", "“{name}” is the only administrator's account that is open, so it was not closed. Add another administrator with `fieldline admin user add` first.";
    PASSWORD_SHORT: "密码至少 {n} 个字符", "A password has at least {n} characters";
    PASSWORD_LONG: "密码最多 {n} 个字节", "A password has at most {n} bytes";
    PASSWORD_DIFFERS: "两次输入的密码不同，没有改动", "The two passwords differ; nothing was changed";
    PASSWORD_NONE: "没有读到密码。请在终端中运行，或用 `--password-stdin` 从标准输入给出。", "No password was read. Run this in a terminal, or give one on standard input with `--password-stdin`.";
    NO_ENGINEER: "没有工程师“{name}”", "There is no engineer “{name}”";
    MANY_ENGINEERS: "“{name}”不止一人：{names}。请写工号或括号里的编号。", "“{name}” fits several: {names}. Give the staff number or the id in brackets.";
    TICKET_UNKNOWN: "没有工单“{name}”", "There is no ticket “{name}”";
}
