//! Words about a record that was put back from a backup.

use super::words;

words! {
    RESTORED: "数据已于 {at} 恢复到 {to} 的备份。备份中已有的工单，手机会陆续补回此后的工作；之后建立或改派的工单，以及只在总部录入的内容，需要重新录入。", "The data was restored at {at} from a backup of {to}. For tickets the backup knows, phones give back their work of the time since; tickets opened or reassigned since, and what was entered at HQ alone, have to be entered again.";
    OUTBOUND_HELD: "发给客户和其他系统的消息已暂停，以免重复发送。", "Messages to customers and other systems are held, so that nobody gets one twice.";
    RELEASE: "恢复发送", "Let messages go out";
    DONE_RELEASED: "已恢复向客户和其他系统发送消息。", "Messages to customers and other systems go out again.";
}
