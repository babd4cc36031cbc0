//! Words about a record that was put back from a backup, or moved.

use super::words;

words! {
    RESTORED: "数据已于 {at} 恢复到 {to} 的备份。此后的内容由手机陆续补回；没有手机收到过的需要重新录入。", "The data was restored at {at} from a backup of {to}. Phones give back what they hold of the time since; what no phone ever saw has to be entered again.";
    MOVED: "这份数据于 {at} 在另一处启动：可能被移动，也可能是副本。如果原来的服务器仍在运行，请不要恢复发送。", "This record was started in another place at {at}: it was moved, or is a copy. Where the first server still runs, do not let messages go out here.";
    OUTBOUND_HELD: "发给客户和其他系统的消息已暂停，以免重复发送。", "Messages to customers and other systems are held, so that nobody gets one twice.";
    RELEASE: "恢复发送", "Let messages go out";
    DONE_RELEASED: "已恢复向客户和其他系统发送消息。", "Messages to customers and other systems go out again.";
}
