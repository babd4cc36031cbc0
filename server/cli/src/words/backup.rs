//! Words of backup and restore.

use super::words;

words! {
    TAKEN: "备份完成并已核对：{path}", "The backup is done and verified: {path}";
    TAKEN_NOT_WHOLE: "备份已完成，但缺少部分照片或手册：{path}", "The backup is done, but some photos or manuals are not in it: {path}";
    TAKEN_WHAT: "{company}，工单 {tickets} 张，日志至第 {seq} 条，{size}，用时 {seconds} 秒", "{company}, {tickets} tickets, log up to entry {seq}, {size}, in {seconds} s";
    TAKEN_KEYS: "密钥不在备份中：请另行保存 {path}，并与备份分开存放。", "The keys are not in it: keep a copy of {path} elsewhere, apart from the backups.";
    TAKEN_NO_KEYS: "密钥不在备份中，{path} 里也没有：请确认服务器的密钥已另行保存。", "The keys are not in it, and there are none in {path}: make sure that the server's keys are kept elsewhere.";
    TAKEN_ERASED: "已删除客户的名单也不在其中：请与密钥一起保存 {path}，否则恢复备份时这些客户会重新出现。", "Nor does it say which customers are erased after it: keep a copy of {path} with the keys, or a restore brings them back.";
    TAKEN_LACKS: "有 {n} 个照片或手册文件缺失、损坏或无法读取，其余内容已备份并核对。在有下一份完整备份之前，手机会保留自己的照片。更早的备份里如有完好的文件，请先复制回 `{data}/blobs` 中的同一位置；没有时，运行 `fieldline admin check --repair --data {data}`，让手机重新上传。", "Files of photos or manuals are missing, damaged or cannot be read ({n}); all else is in the backup and verified. Until there is a whole one, phones keep their photos. Where an earlier backup has a file whole, copy it back to the same place in `{data}/blobs` first; for the others `fieldline admin check --repair --data {data}` has phones send them again.";
    BLOB_MISSING: "照片或手册文件 {id} 不存在", "the file {id} of a photo or manual is not there";
    BLOB_DAMAGED: "照片或手册文件 {id} 已损坏", "the file {id} of a photo or manual is damaged";
    BLOB_UNREADABLE: "照片或手册文件 {id} 无法读取，没有改动：请检查磁盘和文件权限", "the file {id} of a photo or manual cannot be read and was left as it is: look to the disk and its permissions";
    PUT_BACK_LACKS: "有 {n} 个照片或手册文件缺失、损坏或无法读取，这份备份里也没有完好的。别的备份里如有，请先复制回 `{data}/blobs` 中的同一位置；没有时，运行 `fieldline admin check --repair --data {data}`，让手机重新上传。", "Files of photos or manuals are missing, damaged or cannot be read, and this backup has none that is whole ({n}). Where another backup has a file whole, copy it back to the same place in `{data}/blobs` first; for the others `fieldline admin check --repair --data {data}` has phones send them again.";
    PUT_BACK: "已恢复 {time} 的备份（{company}，工单 {tickets} 张，日志至第 {seq} 条）", "The backup of {time} is back ({company}, {tickets} tickets, log up to entry {seq})";
    PUT_BACK_LOST: "此后的 {lost} 条日志不在其中；手机上保存的内容会在同步时补回，没有手机收到过的需要重新录入。", "It lacks {lost} log entries of the time since. What phones hold comes back when they sync; what no phone ever saw has to be entered again.";
    PUT_BACK_ASIDE: "原有数据保存在 {path}", "The data that was there is kept in {path}";
    PUT_BACK_CLOSED: "此后停用的手机、账号、令牌和链接仍然停用（{n} 项）", "Phones, accounts, tokens and links closed since the backup stay closed: {n}";
    PUT_BACK_UNKNOWN: "无法得知备份之后停用了哪些手机、账号和令牌，请检查。", "Which phones, accounts and tokens were closed since the backup cannot be known; look through them.";
    PUT_BACK_KEYS: "{path} 中没有这份数据的密钥：如有保存，请在启动服务器之前放回：`cp -a OLD/keys/. {path}`", "The keys that this record worked with are not in {path}. If you kept them, put them back before the server starts: `cp -a OLD/keys/. {path}`";
    PUT_BACK_ERASED: "备份之后已按要求删除个人信息的客户：{n} 位。服务器启动时会先再次删除。", "Customers erased since the backup: {n}. They are erased again when the server starts, before anybody reads.";
    PUT_BACK_ERASED_UNKNOWN: "没有 {path}，无法得知备份之后删除过哪些客户的个人信息。如果删除过，请在启动服务器之前从原来的数据目录复制该目录，否则这些客户会重新出现。", "There is no {path}, so nothing here knows which customers were erased after the backup. If any were, copy that directory from the old data before the server starts, or they come back.";
    PUT_BACK_HELD: "发给客户和其他系统的消息已暂停，所有人需要重新登录。确认无误后运行 `fieldline admin release-outbound --data {data}`。", "Messages to customers and other systems are held, and everybody signs in anew. When all is well, run `fieldline admin release-outbound --data {data}`.";
    RELEASED: "已恢复向客户和其他系统发送消息", "Messages to customers and other systems go out again";
    NOT_HELD: "没有暂停的消息", "Nothing was held";

    EXISTS: "{path} 已存在，没有覆盖", "{path} exists and was not overwritten";
    DAMAGED: "{path} 已损坏：{why}", "{path} is damaged: {why}";
    UNSOUND: "数据本身有 {n} 个问题，没有备份。请先运行 `fieldline admin check --data {data}`。", "The data itself has problems ({n}), so no backup was made. Run `fieldline admin check --data {data}` first.";
    NOT_A_BACKUP: "{path} 不是备份", "{path} is no backup";
    NOT_A_BACKUP_ASIDE: "{path} 是恢复时移到一旁的原有数据，还不是备份。要回到它，先运行 `fieldline backup --data {path} --to DIR` 为它做备份，再用 `fieldline restore --yes-go-back` 恢复那个备份。", "{path} is data that a restore moved aside, and not a backup yet. To go back to it, run `fieldline backup --data {path} --to DIR` first, then put that backup back with `fieldline restore --yes-go-back`.";
    MANIFEST_MISSING: "备份 {path} 缺少 `manifest.json`，无法确认其中的数据库是否完整，没有改动。", "The backup {path} has no `manifest.json`, so nothing proves its database whole. Nothing was changed.";
    MANIFEST_UNREADABLE: "备份 {path} 的 `manifest.json` 无法读取（不完整或被改动），无法确认其中的数据库是否完整，没有改动。", "The `manifest.json` of the backup {path} cannot be read: it is cut or was changed, so nothing proves the database whole. Nothing was changed.";
    MANIFEST_OTHER: "备份 {path} 的 `manifest.json` 与数据库 `fieldline.db` 不符：其中之一不完整或被改动，没有改动现有数据。", "In the backup {path}, `manifest.json` and `fieldline.db` do not fit together: one of them is cut or was changed. Nothing was changed.";
    OTHER_BACKUP: "请换一份备份。没有别的备份时，运行 `fieldline backup --data {path} --to DIR`：它会核对这个数据库，完好时从中做出新的备份。", "Take another backup. Where there is none, `fieldline backup --data {path} --to DIR` looks this database over and makes a new backup of it if it is whole.";
    OTHER_COMPANY: "数据目录属于“{here}”，备份属于“{there}”。请换一个数据目录。", "The data is that of “{here}”, the backup that of “{there}”. Name another data directory.";
    WOULD_GO_BACK: "现有数据比备份多 {lost} 条日志，没有改动。确定要回到备份时，请加 `--yes-go-back`；现有数据会移到一旁保留。", "The data knows {lost} log entries that the backup lacks; nothing was changed. To go back all the same, add `--yes-go-back`; the data is moved aside and kept.";
    UNREADABLE: "现有数据无法读取（{why}），没有改动。确定要用备份替换时，请加 `--yes-go-back`；现有文件会移到一旁保留。", "The data cannot be read ({why}); nothing was changed. To put the backup in its place, add `--yes-go-back`; the files are moved aside and kept.";
    IN_USE: "{path} 正被其他程序使用，请先停止它", "Another program is using {path}. Stop it first.";
}
