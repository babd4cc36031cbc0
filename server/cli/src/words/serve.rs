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
    STOP_HOW: "按 `Ctrl+C`", "press `Ctrl+C`";
    STOPPED: "已停止；所有已确认的内容都在磁盘上。", "Stopped; everything acknowledged is on the disk.";
}
