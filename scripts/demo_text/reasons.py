"""Reason codes people choose from, and causes and remedies of the faults that have no article yet."""

# fault -> causes, remedies; each (zh, en)
EXTRA_FAULTS = {
    "EV-PAY": (
        [("后台离线", "back office offline"), ("二维码贴纸过期或破损", "QR sticker expired or damaged"), ("账户余额或风控限制", "account balance or risk limit")],
        [("恢复4G或网线连接", "restore the 4G or cable connection"), ("更换二维码贴纸并扫码验证", "replace the QR sticker and verify"), ("转后台核对订单", "pass to back office to check the order")],
    ),
    "POS-DEAD": (
        [("电池亏电或鼓包", "flat or swollen battery"), ("充电口损坏", "damaged charging port"), ("应用卡死", "application frozen")],
        [("长按电源键十五秒强制重启", "hold power fifteen seconds to force a restart"), ("更换POS电池", "replace the POS battery"), ("换备用机并带回维修", "swap with a spare and repair at the bench")],
    ),
    "POS-SCAN": (
        [("扫码窗脏污", "dirty scan window"), ("扫码头故障", "scan engine fault"), ("扫码服务未启动", "scan service not running")],
        [("清洁扫码窗", "clean the scan window"), ("重启扫码服务", "restart the scan service"), ("更换扫码头", "replace the scan engine")],
    ),
}

COMMON_CAUSES = [
    ("ANY-C-WEAR", "正常磨损", "normal wear"),
    ("ANY-C-MISUSE", "使用不当", "misuse"),
    ("ANY-C-ENV", "环境因素(温湿度、灰尘、电压)", "environment (heat, damp, dust, voltage)"),
    ("ANY-C-UNKNOWN", "原因未明", "cause not found"),
]

COMMON_REMEDIES = [
    ("ANY-R-PART", "更换备件", "part replaced"),
    ("ANY-R-ADJUST", "调整或紧固", "adjusted or tightened"),
    ("ANY-R-CLEAN", "清洁保养", "cleaned"),
    ("ANY-R-SETTING", "修改设置或升级软件", "settings or software changed"),
    ("ANY-R-ADVICE", "指导客户使用", "customer advised"),
    ("ANY-R-NONE", "未处理", "nothing done"),
]

DECLINE = [
    ("too_far", "距离太远,无法按时到达", "Too far to arrive in time"),
    ("overloaded", "当前任务已满", "Already fully loaded"),
    ("no_skill", "不具备该设备技能或证书", "No skill or certificate for this machine"),
    ("no_part", "随车没有所需备件", "Needed part not in the van"),
    ("no_tool", "没有所需工具", "Needed tool missing"),
    ("off_shift", "不在班次内", "Off shift"),
    ("sick", "身体不适", "Unwell"),
    ("vehicle", "车辆故障", "Vehicle broken down"),
    ("other", "其他(请说明)", "Other (please explain)"),
]

# The five codes are the state machine's own: paused(break | waiting_parts | …).
PAUSE = [
    ("break", "休息", "Break"),
    ("waiting_parts", "等待备件", "Waiting for parts"),
    ("waiting_customer", "等待客户", "Waiting for the customer"),
    ("no_access", "无法进入现场", "No access"),
    ("unsafe", "现场不安全", "Unsafe"),
]

COULD_NOT = [
    ("no_access", "无法进入现场", "No access"),
    ("customer_absent", "客户不在", "Customer absent"),
    ("customer_refused", "客户拒绝维修或报价", "Customer refused the repair or the quote"),
    ("part_missing", "缺少备件", "Part missing"),
    ("tool_missing", "缺少专用工具", "Special tool missing"),
    ("unsafe", "现场不安全", "Unsafe site"),
    ("beyond_repair", "设备无法修复,建议更换", "Beyond repair, replacement advised"),
    ("wrong_skill", "需要其他专业人员", "Needs another trade"),
    ("third_party", "需第三方先处理(供电、线路、土建)", "A third party must act first (supply, line, building)"),
    ("other", "其他(请说明)", "Other (please explain)"),
]

CANCEL = [
    ("solved_itself", "客户自行解决", "Solved by the customer"),
    ("customer_cancelled", "客户取消", "Cancelled by the customer"),
    ("duplicate", "重复报修", "Duplicate report"),
    ("out_of_scope", "不在服务范围", "Out of scope"),
    ("entered_by_mistake", "录入错误", "Entered by mistake"),
]
