"""The invented company, its engineers, warehouses, and where its customers' streets lie (WGS-84)."""

COMPANY = {
    "name": {"zh": "安恒设备服务有限公司", "en": "Anheng Field Service"},
    "time_zone": "Asia/Shanghai",
    # Local numbers never begin with 0 in China: a valid shape that cannot ring anywhere.
    "hotline": "021-0000-6120",
}

SLA_NAMES = {
    "SLA-1H": ("一小时响应", "One-hour response"),
    "SLA-2H": ("两小时响应", "Two-hour response"),
    "SLA-4H": ("四小时响应", "Four-hour response"),
    "SLA-8H": ("八小时响应", "Eight-hour response"),
    "SLA-NBD": ("次工作日上门", "Next business day"),
}

# source hours -> weekdays (1 = Monday), from, to
SLA_HOURS = {
    "7x24": ([1, 2, 3, 4, 5, 6, 7], "00:00", "24:00"),
    "08:00-20:00": ([1, 2, 3, 4, 5, 6, 7], "08:00", "20:00"),
    "09:00-18:00 weekdays": ([1, 2, 3, 4, 5], "09:00", "18:00"),
}

# customer -> latitude, longitude of the named road inside the named district
PLACES = {
    "C001": (31.1900, 121.4330), "C002": (30.2770, 120.1280), "C003": (23.1000, 113.3250),
    "C004": (30.6360, 104.0540), "C005": (36.0720, 120.3820), "C006": (22.5250, 113.9400),
    "C007": (30.6030, 114.2700), "C008": (39.0950, 117.2150), "C009": (39.9950, 116.4650),
    "C010": (34.2250, 108.9500), "C011": (32.0750, 118.7650), "C012": (29.5580, 106.5700),
    "C013": (31.3150, 120.6200), "C014": (28.1950, 112.9850), "C015": (29.8680, 121.5750),
    "C016": (23.0180, 113.7500), "C017": (34.7850, 113.6850), "C018": (24.4750, 118.0950),
    "C019": (36.0520, 103.8500), "C020": (43.8700, 125.2950), "C021": (31.2370, 121.5350),
    "C022": (26.0980, 119.3000), "C023": (41.7950, 123.4000), "C024": (22.7750, 113.2700),
    "C025": (30.2050, 120.2050), "C026": (51.5020, -0.0900), "C027": (53.8200, -1.5780),
    "C028": (38.9120, -77.0220), "C029": (47.6520, -122.3500), "C030": (51.4560, -2.6160),
    "C031": (31.2600, 120.6600), "C032": (34.8550, 113.6000), "C033": (32.0330, 118.8100),
    "C034": (30.5250, 114.3650), "C035": (39.1200, 117.1950), "C036": (25.0050, 102.6800),
    "C037": (31.8400, 117.2900), "C038": (45.7600, 126.5800), "C039": (22.5620, 114.1300),
    "C040": (54.9700, -1.6000), "C041": (39.7600, -105.0100), "C042": (52.6550, -1.1250),
}

# cities outside the company's own time zone
TIME_ZONES = {
    "London": "Europe/London", "Leeds": "Europe/London", "Bristol": "Europe/London",
    "Newcastle": "Europe/London", "Leicester": "Europe/London",
    "Washington": "America/New_York", "Seattle": "America/Los_Angeles", "Denver": "America/Denver",
}

CERTIFICATES = {
    "LV": ("低压电工作业证", "Low-voltage electrician", ["ups", "ev_charger", "generator"]),
    "REF": ("制冷与空调设备运行操作作业证", "Refrigeration and air-conditioning operative", ["aircon"]),
    "LIFT": ("特种设备作业人员证(电梯修理T)", "Lift repair operative (T)", ["elevator"]),
    "HIGH": ("高处作业证", "Work at height", ["aircon", "elevator"]),
    "MED-K": ("康屿监护与呼吸机维修培训", "Kangyu monitor and ventilator service training", ["medical"]),
    "MED-R": ("瑞析超声与输注泵维修培训", "Ruixi ultrasound and infusion service training", ["medical"]),
    "GEN": ("柴油机组维修培训", "Diesel genset service training", ["generator"]),
}

# code, zh, en, phone, grade, languages, skills, {certificate: expires_on}, home zh, home en, lat, lon, van plate
# E05's lift certificate ends inside the year and E07's electrician's one has ended: both must matter to dispatch.
ENGINEERS = [
    ("E01", "陈立群", "Chen Liqun", "13900008101", "senior", ["zh-CN", "en"], ["printer", "router", "pos", "medical"],
     {"MED-K": "2027-09-30", "MED-R": "2028-03-31"}, "上海市徐汇区田林", "Tianlin, Xuhui, Shanghai", 31.1730, 121.4180, "沪A·D0101"),
    ("E02", "孙晓峰", "Sun Xiaofeng", "13900008102", "standard", ["zh-CN"], ["aircon", "washer"],
     {"REF": "2028-05-31", "HIGH": "2027-05-31"}, "上海市浦东新区金桥", "Jinqiao, Pudong, Shanghai", 31.2520, 121.5930, "沪A·D0102"),
    ("E03", "朱文涛", "Zhu Wentao", "13900008103", "senior", ["zh-CN", "en"], ["ev_charger", "ups", "generator", "router"],
     {"LV": "2029-01-31", "GEN": "2027-12-31"}, "上海市闵行区莘庄", "Xinzhuang, Minhang, Shanghai", 31.1110, 121.3850, "沪A·D0103"),
    ("E04", "顾海燕", "Gu Haiyan", "13900008104", "standard", ["zh-CN", "en"], ["printer", "pos", "router", "washer"],
     {}, "苏州市姑苏区平江", "Pingjiang, Gusu, Suzhou", 31.3180, 120.6310, "苏E·D0104"),
    ("E05", "胡建明", "Hu Jianming", "13900008105", "senior", ["zh-CN"], ["elevator", "aircon"],
     {"LIFT": "2026-12-31", "HIGH": "2028-02-29", "REF": "2027-10-31"}, "南京市秦淮区光华路", "Guanghua Road, Qinhuai, Nanjing", 32.0250, 118.8270, "苏A·D0105"),
    ("E06", "沈佳怡", "Shen Jiayi", "13900008106", "standard", ["zh-CN", "en"], ["aircon", "medical", "printer", "ev_charger"],
     {"REF": "2027-08-31", "MED-R": "2026-11-30", "LV": "2028-08-31"}, "杭州市滨江区长河", "Changhe, Binjiang, Hangzhou", 30.1880, 120.1940, "浙A·D0106"),
    ("E07", "梁家豪", "Liang Jiahao", "13900008107", "senior", ["zh-CN"], ["elevator", "ups", "generator", "aircon"],
     {"LIFT": "2028-06-30", "LV": "2026-02-28", "GEN": "2027-06-30", "REF": "2028-04-30", "HIGH": "2027-04-30"},
     "广州市番禺区大石", "Dashi, Panyu, Guangzhou", 23.0180, 113.3120, "粤A·D0107"),
    ("E08", "郭志远", "Guo Zhiyuan", "13900008108", "standard", ["zh-CN"], ["washer", "pos", "ev_charger", "ups", "elevator"],
     {"LV": "2028-11-30", "LIFT": "2027-03-31"}, "武汉市江汉区常青", "Changqing, Jianghan, Wuhan", 30.6270, 114.2510, "鄂A·D0108"),
]

# code, zh, en, lat, lon, stock factor
WAREHOUSES = [
    ("WH-SH", "上海闵行中心仓", "Shanghai Minhang central warehouse", 31.1050, 121.3760, 4),
    ("WH-GZ", "广州番禺分仓", "Guangzhou Panyu branch warehouse", 23.0090, 113.3270, 1),
]
