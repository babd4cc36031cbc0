"""What the company knows: faults, causes, remedies, articles, manuals and checklists."""

from pathlib import Path

from demo_text import checklists as text_of_checklists
from demo_text import reasons as text_of_reasons
from demo_make import pdf
from demo_make.shape import both, ulid

# Manuals that are there as their maker printed them, too.
PRINTED = {"MAN-ST-E1000"}

# Steps of an article that prepare the work but are never what repaired the machine.
PREPARATIONS = {
    "关机断电", "关机接水", "记录代码", "不要再次合闸", "安抚乘客不要扒门", "一小时内到场", "确认无人被困", "挂停用牌",
    "等待两分钟", "立即断电疏散", "立即断电并围挡", "等待除霜结束", "断电后用应急拉绳",
}


def symptoms(source):
    return [
        {
            "code": s["id"], "category": s["category"], "name": both(s["zh"], s["en"]), "severity": s["severity"], "tags": s["tags"],
            "said_zh": s["synonyms_zh"], "said_en": s["synonyms_en"],
        }
        for s in source["symptoms"]
    ]


def causes_and_remedies(source):
    """fault -> ([(zh, en)] causes, [(zh, en)] remedies)."""
    known = dict(text_of_reasons.EXTRA_FAULTS)
    for k in source["knowledge"]:
        steps = [step for step in pairs(k, "steps") if step[0] not in PREPARATIONS]
        known[k["symptom"]] = (pairs(k, "causes"), steps)
    return known


def reasons(source):
    causes, remedies = [], []
    known = causes_and_remedies(source)
    for fault in (s["id"] for s in source["symptoms"]):
        for rows, letter, texts in ((causes, "C", known[fault][0]), (remedies, "R", known[fault][1])):
            rows += [{"code": f"{fault}-{letter}{n}", "fault": fault, "text": both(*t)} for n, t in enumerate(texts, 1)]
    causes += [{"code": code, "text": both(zh, en)} for code, zh, en in text_of_reasons.COMMON_CAUSES]
    remedies += [{"code": code, "text": both(zh, en)} for code, zh, en in text_of_reasons.COMMON_REMEDIES]
    plain = {
        name.lower(): [{"code": code, "text": both(zh, en)} for code, zh, en in getattr(text_of_reasons, name)]
        for name in ("DECLINE", "PAUSE", "COULD_NOT", "CANCEL")
    }
    return {"causes": causes, "remedies": remedies, **plain}


def articles(source):
    symptom = {s["id"]: s for s in source["symptoms"]}
    part = {p["id"]: p for p in source["parts"]}
    rows = []
    for k in source["knowledge"]:
        s = symptom[k["symptom"]]
        seen = [(s["zh"], s["en"]), ("客户常说：" + "、".join(s["synonyms_zh"]), "Customers say: " + ", ".join(s["synonyms_en"]))]
        used = [(f"{p} {part[p]['name_zh']}", f"{p} {part[p]['name_en']}") for p in k["parts"]]
        sections = [section("symptom", seen), section("causes", pairs(k, "causes")), section("steps", pairs(k, "steps"))]
        rows.append({
            "id": ulid("article", k["id"]), "code": k["id"], "fault": k["symptom"], "category": k["category"],
            "title": both(k["title_zh"], k["title_en"]), "self_service": k["self_service"],
            "sections": sections + ([section("parts", used)] if used else []), "parts": [ulid("part", p) for p in k["parts"]],
        })
    return rows


def section(kind, lines):
    return {"kind": kind, "lines": [both(zh, en) for zh, en in lines]}


def pairs(article, name):
    zh, en = article[name + "_zh"], article[name + "_en"]
    assert len(zh) == len(en), f"{article['id']}: {name} differ in length between the languages"
    return list(zip(zh, en))


def manuals(source, folder: Path):
    """Reads `# models | title zh | title en`, then per section `## kind | zh | en`, one line Chinese, one line English."""
    order = {m["id"]: n for n, m in enumerate(source["models"])}
    rows = []
    for path in sorted(folder.glob("*.txt")):
        lines = [line for line in path.read_text("utf-8").splitlines() if line]
        for n, line in enumerate(lines):
            if line.startswith("# "):
                codes, zh, en = line[2:].split(" | ")
                models = codes.split()
                rows.append({
                    "id": ulid("manual", models[0]), "code": "MAN-" + models[0], "models": [ulid("model", m) for m in models],
                    "title": both(zh, en), "edition": "2026-01", "sections": [],
                })
                rows[-1]["order"] = order[models[0]]
            elif line.startswith("## "):
                kind, zh, en = line[3:].split(" | ")
                rows[-1]["sections"].append({"kind": kind, "title": both(zh, en), "text": both(lines[n + 1], lines[n + 2])})
    rows = [{key: row[key] for key in row if key != "order"} for row in sorted(rows, key=lambda row: row["order"])]
    for row in rows:
        if row["code"] in PRINTED:
            row["files"] = [{
                "name": f"{row['code']}.pdf", "title": both(row["title"]["zh"] + "（打印版）", row["title"]["en"] + ", printed"),
                "pages": pdf.manual(row)[1],
            }]
    return rows


def printed(manuals):
    """The files of manuals, by name."""
    return {file["name"]: pdf.manual(row)[0] for row in manuals for file in row.get("files", [])}


def checklists():
    rows = []
    for category, (zh, en, items) in text_of_checklists.CHECKLISTS.items():
        rows.append({
            "id": ulid("checklist", category), "category": category, "name": both(zh, en), "items": [item(i) for i in items],
        })
    return rows


def item(source):
    key, kind, zh, en = source[:4]
    answer = {"kind": kind}
    if kind == "reading":
        answer.update(zip(("unit", "min", "max"), source[4:]))
    return {"key": key.rstrip("?"), "label": both(zh, en), "required": not key.endswith("?"), "answer": answer}
