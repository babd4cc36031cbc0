//! Words of the server's start.

use super::words;

words! {
    STARTED: "Fieldline {version} 已启动 · {company}", "Fieldline {version} is running · {company}";
    ADDRESS: "地址", "Address";
    PUBLIC: "公开地址", "Public address";
    DATA: "数据目录", "Data";
    NEXT: "下一步", "Next";
    STOP: "停止", "Stop";
    NEXT_SIGN_IN: "用浏览器打开地址并登录", "open the address in a browser and sign in";
    NEXT_INIT: "还没有账号：按 `Ctrl+C` 停止，运行 `fieldline admin init` 建立公司", "nobody can sign in yet: stop with `Ctrl+C` and run `fieldline admin init`";
    RESTORED: "这份数据从备份恢复而来，发给客户和其他系统的消息已暂停；确认无误后运行 `fieldline admin release-outbound`。", "This record was restored from a backup, and messages to customers and other systems are held; when all is well, run `fieldline admin release-outbound`.";
    MOVED: "这份数据换了位置：可能被移动，也可能是副本。发给客户和其他系统的消息已暂停；确认以这里为准后，运行 `fieldline admin release-outbound`。", "This record is in another place than before: moved, or a copy. Messages to customers and other systems are held; when this is the one that counts, run `fieldline admin release-outbound`.";
    OTHER_KEYS: "{path} 中没有这份数据原来的密钥，已改用新的：每台手机会重新读取一遍，手机上同事的旧内容也无法再证明。如果保存过原来的密钥，请停止服务器，放回后再启动（`cp -a OLD/keys/. {path}`）；确实丢失时，`fieldline admin check --repair` 会以现有密钥为准。", "The keys that this record worked with are not in {path}, and others are used now: every phone reads everything once more, and what phones hold of colleagues' work can no longer be proved. If you kept the old keys, stop the server, put them back (`cp -a OLD/keys/. {path}`) and start it again. If they are lost for good, `fieldline admin check --repair` takes the present ones as its own.";
    STOP_HOW: "按 `Ctrl+C`", "press `Ctrl+C`";
    STOPPED: "已停止；所有已确认的内容都在磁盘上。", "Stopped; everything acknowledged is on the disk.";
}
