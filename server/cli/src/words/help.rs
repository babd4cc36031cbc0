//! What `--help` says in Chinese, by command and argument. The English stands beside each argument in `args`; a test
//! names what is missing here and what nobody asks for any more.
//!
//! `phone list` is a command, `phone list.all` its argument `--all`, `phone pause.reason=break` a value of it.

/// Headings, in the order of the page.
pub(crate) const USAGE: &str = "用法：";
/// Over commands.
pub(crate) const COMMANDS: &str = "命令";
/// Over arguments that are named by their place.
pub(crate) const ARGUMENTS: &str = "参数";
/// Over arguments that begin with a hyphen.
pub(crate) const OPTIONS: &str = "选项";
/// Beside an argument.
pub(crate) const DEFAULT: &str = "默认";
/// Beside an argument.
pub(crate) const VARIABLE: &str = "环境变量";
/// Beside an argument.
pub(crate) const VALUES: &str = "可选";
/// Under what was not understood.
pub(crate) const SEE_HELP: &str = "用 --help 查看说明。";
/// Of `--help`, everywhere.
pub(crate) const HELP: &str = "显示帮助";
/// Of `--version`, everywhere.
pub(crate) const VERSION: &str = "显示版本";

/// Everything else.
pub(crate) const WORDS: &[(&str, &str)] = &[
    (
        "",
        "没有网络也能工作的上门服务系统：服务器、手机、管理，一个程序全包括。",
    ),
    (
        ".lang",
        "回答所用的语言；不给出时由 `FIELDLINE_LANG`、`LC_ALL` 或 `LANG` 决定",
    ),
    (".lang=zh", "简体中文"),
    (".lang=en", "英文"),
    (".json", "在标准输出上回答一个 JSON 对象"),
    ("help", "显示帮助，也可查看某个命令的帮助"),
    ("serve", "运行服务器：总部网页、客户链接、手机同步"),
    ("serve.data", "公司数据所在目录 [默认：`./fieldline-data`]"),
    (
        "serve.listen",
        "监听地址和端口；端口 0 表示任选一个空闲端口 [默认：`127.0.0.1:8080`]",
    ),
    ("serve.tls_cert", "证书链，PEM 格式"),
    ("serve.tls_key", "私钥，PEM 格式"),
    (
        "serve.insecure",
        "允许其他机器不加密地连接，例如前面有带 TLS 的代理",
    ),
    ("serve.config", "配置文件；`fieldline.example.toml` 列出全部设置"),
    ("serve.public_url", "手机和客户访问本服务器的地址，用于链接"),
    ("serve.log", "标准错误上日志的形式 [默认：`text`]"),
    ("serve.log=text", "供人阅读"),
    ("serve.log=json", "每行一个 JSON 对象"),
    ("demo", "在本机演示一家虚构的公司，无需任何准备"),
    (
        "demo.data",
        "存放目录 [默认：`./fieldline-demo`；与 `--once` 一起时为临时目录]",
    ),
    ("demo.port", "网页端口；被占用时顺延，0 表示任选"),
    ("demo.speed", "一天过得比现实快多少倍：1 为真实速度，60 约十分钟"),
    ("demo.reset", "删除该目录中上次演示留下的内容，重新开始"),
    ("demo.once", "尽快走完一天，核对结果后结束"),
    ("demo.seed", "决定一切随机之事的种子"),
    ("backup", "在服务器运行时复制全部数据，并核对副本"),
    (
        "backup.to",
        "存放备份的目录，没有时会新建；每次备份在其中新建一个以时间命名的目录",
    ),
    ("restore", "用备份替换现有数据；服务器须先停止"),
    ("restore.from", "备份所在目录"),
    (
        "restore.yes_go_back",
        "现有数据比备份新或无法读取时也恢复；现有数据会移到一旁保留",
    ),
    ("admin", "建立公司，管理人员和数据"),
    ("admin init", "建立公司：名称、第一位管理员、各张表"),
    (".data", "公司数据所在目录"),
    ("admin init.name", "公司名称"),
    ("admin init.admin", "第一位管理员的用户名"),
    (".password_stdin", "从标准输入读取密码，而不是询问两次"),
    (".sla_plans", "服务等级表，CSV"),
    (".customers", "客户表，CSV"),
    (".assets", "设备表，CSV"),
    (".parts", "备件及库存表，CSV"),
    (".engineers", "工程师表，CSV"),
    (".dry_run", "只读取并检查：指出每一行问题，不写入"),
    ("admin import", "向已有公司导入更多表，或更正后重新导入"),
    ("admin user", "总部登录人员"),
    ("admin user add", "添加人员"),
    (".name", "用户名"),
    ("admin user add.role", "岗位"),
    (".role=admin", "管理员"),
    (".role=manager", "管理者"),
    (".role=dispatcher", "调度"),
    (".role=agent", "客服"),
    (".role=keeper", "库管"),
    ("admin user add.display_name", "别人看到的姓名"),
    ("admin user list", "列出所有人员"),
    ("admin user disable", "停用账号：登录、会话和令牌都失效"),
    ("admin user reset", "设置新密码，并结束该账号的所有会话"),
    ("admin token", "供脚本和其他系统访问接口的令牌"),
    ("admin token add", "生成令牌：只显示一次，系统中只保存其摘要"),
    (".purpose", "令牌的用途，也是它的名称"),
    ("admin token add.user", "令牌以谁的名义行事：用户名"),
    ("admin token add.role", "最多可做什么 [默认：与该人员相同]"),
    ("admin token add.days", "多少天后失效 [默认：直到停用]"),
    ("admin token list", "列出所有令牌，不显示令牌本身"),
    ("admin token revoke", "停用令牌"),
    ("admin enrol-code", "生成一次有效的绑定码，供工程师绑定手机"),
    (
        "admin enrol-code.engineer",
        "工程师：工号、姓名、拼音姓名或内部编号",
    ),
    (
        "admin enrol-code.public_url",
        "手机访问服务器的地址 [默认：服务器上次运行时的地址]",
    ),
    ("admin link", "为工单生成客户的进度链接"),
    ("admin link.ticket", "工单：单号或内部编号"),
    (
        "admin link.public_url",
        "客户访问服务器的地址 [默认：服务器上次运行时的地址]",
    ),
    ("admin fate", "查询一项操作的结果"),
    ("admin fate.operation", "操作编号，手机上有显示"),
    (
        "admin release-outbound",
        "恢复数据之后，允许再向客户和其他系统发送消息",
    ),
    ("admin check", "核对数据：日志校验链、记录与文档、库存与流水"),
    ("admin check.repair", "不一致时重写由文档和流水得出的表"),
    ("phone", "在终端里当一部工程师手机：用于支持、脚本和测试"),
    (".store", "手机数据所在目录"),
    (
        ".ca",
        "公司自己的证书，PEM 格式：颁发机构的或服务器的；有效后会保存下来",
    ),
    (
        ".key_file",
        "加密数据的密钥文件：64 个十六进制数字；仅用于带加密功能的版本",
    ),
    (
        ".allow_plain_http",
        "允许 `enrol` 和 `server` 以明文连接其他机器：令牌和姓名不加密",
    ),
    (
        ".ticket",
        "工单：单号（`T-000042`）、上次列表中的序号（1）或内部编号",
    ),
    ("phone enrol", "加入公司：一个绑定链接，或服务器地址加绑定码"),
    ("phone enrol.url", "总部给出的链接，或服务器地址"),
    ("phone enrol.code", "绑定码（只给出地址时需要）"),
    ("phone enrol.name", "此手机的名称，供总部识别"),
    (
        "phone enrol.anew",
        "把丢失或损坏的数据移到一旁，重新开始；未发送的内容会丢失",
    ),
    ("phone server", "改用总部的新地址，先确认那里认得此手机"),
    ("phone server.url", "服务器的新地址"),
    ("phone list", "本机上的工单"),
    ("phone list.all", "也列出已无事可做的"),
    ("phone show", "一张工单的全部内容"),
    ("phone accept", "接单"),
    ("phone decline", "谢绝"),
    ("phone decline.reason", "原因"),
    ("phone decline.reason=no_time", "日程已满"),
    ("phone decline.reason=skill", "缺少技能或证书"),
    ("phone decline.reason=no_part", "缺少备件"),
    ("phone decline.reason=too_far", "距离太远"),
    ("phone decline.reason=ill", "生病"),
    ("phone decline.reason=other", "其他原因，用 `--text` 说明"),
    ("phone decline.text", "原因，用文字说明"),
    ("phone depart", "出发"),
    ("phone depart.eta", "路上需要的分钟数"),
    ("phone arrive", "到达"),
    ("phone start", "开始处理"),
    ("phone pause", "暂停"),
    ("phone pause.reason", "原因"),
    ("phone pause.reason=break", "休息"),
    ("phone pause.reason=waiting_parts", "等待备件"),
    ("phone pause.reason=waiting_customer", "等待客户先处理"),
    ("phone pause.reason=no_access", "无人开门"),
    ("phone pause.reason=unsafe", "现场不安全"),
    ("phone resume", "继续处理"),
    ("phone note", "写备注"),
    ("phone note.text", "内容"),
    ("phone tick", "填写检查项；`show` 会标明每一项填什么"),
    (".item", "检查项：在检查表中的序号（1）或代号"),
    (
        "phone tick.answer",
        "是或否（`yes`、`no`、`ok` 也可）；读数项填数字，文字项填文字；不填表示“是”",
    ),
    ("phone tick.off", "等同于“否”"),
    ("phone tick.text", "文字项的内容"),
    ("phone read", "记下读数，即填写需要数字的检查项"),
    ("phone read.value", "读到的数值"),
    ("phone read.unit", "单位（检查表没有写明时）"),
    ("phone use-part", "记下装到设备上的备件"),
    ("phone use-part.part", "备件：包装上的编号，或内部编号"),
    ("phone use-part.quantity", "数量"),
    (
        "phone use-part.from",
        "取自何处（不是自己的车时）：库位名称或内部编号",
    ),
    ("phone sign", "保存客户的签名"),
    ("phone sign.name", "签字人"),
    (
        "phone sign.file",
        "画好的签名：600 × 200 的 SVG 文件，或只含路径数据的文件",
    ),
    ("phone sign.path", "路径数据本身，例如 `\"M40 120 L420 60\"`"),
    ("phone finish", "完工并报告"),
    ("phone finish.result", "结果"),
    ("phone finish.result=fixed", "已修复"),
    ("phone finish.result=partly", "部分修复"),
    ("phone finish.result=no_fault_found", "未发现故障"),
    ("phone finish.result=could_not", "未能完成，用 `--text` 说明原因"),
    (
        "phone finish.cause",
        "原因代码，例如 `PRN-JAM-C1`；填写不存在的代码时会列出可用的",
    ),
    (
        "phone finish.remedy",
        "处理代码，例如 `PRN-JAM-R1`；填写不存在的代码时会列出可用的",
    ),
    ("phone finish.text", "文字说明；未能完成时必填"),
    ("phone estimate", "告知预计到达时间"),
    ("phone estimate.minutes", "从现在起的分钟数"),
    ("phone sync", "现在与总部交换全部内容"),
    ("phone offline", "不使用网络，直到 `online`"),
    ("phone online", "恢复使用网络，并同步"),
    (
        "phone status",
        "哪些存在本机、哪些已到总部、哪些被裁定或拒绝及其原因",
    ),
    ("phone parts", "自己车上的备件，或各处的备件"),
    ("phone parts.words", "编号或名称中的词"),
    ("phone parts.all", "所有车辆和仓库，而不只是自己的车"),
    ("phone search", "搜索知识条目和手册"),
    ("phone search.words", "要找的词"),
    ("phone article", "阅读一个条目"),
    (".article", "条目编号"),
    ("phone annotate", "在条目旁写批注"),
    ("phone annotate.text", "内容"),
    ("phone dismiss", "看过后收起一条提示；记录仍然保留"),
    ("phone dismiss.operation", "提示所关于的操作，或 `all`"),
    ("phone whoami", "这是谁的手机"),
];
