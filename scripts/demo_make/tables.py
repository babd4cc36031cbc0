"""The CSV samples a real company starts from, and the deliberately broken ones."""

import csv
import io

from demo_text import people
from demo_text.broken import BROKEN
from demo_make import master
from demo_make.shape import jitter, pick

HEADERS = {
    "sla_plans": "code,name,name_en,response_min,onsite_min,hours".split(","),
    "engineers": "code,name,name_en,phone,skills,certificates,home_lat,home_lon,van".split(","),
    "customers": "code,name,name_en,contact,phone,city,district,road,number,detail,lat,lon,vip,sla_plan,contract_no".split(","),
    "assets": "serial,customer_code,model,category,warranty_end".split(","),
    "parts": "code,name,name_en,models,price_cny,stock".split(","),
}


def tables(source):
    """file name -> bytes, under demo/csv."""
    rows = {
        "sla_plans": sla_plans(master.company(source)["sla_plans"]), "engineers": engineers(),
        "customers": customers(source), "assets": assets(source), "parts": parts(source),
    }
    # The byte order mark makes spreadsheet programs read the Chinese as UTF-8.
    files = {f"{name}.csv": written(HEADERS[name], rows[name]).encode("utf-8-sig") for name in HEADERS}
    for name, lines in BROKEN.items():
        files[f"broken/{name}.csv"] = ("\n".join([",".join(HEADERS[name])] + lines) + "\n").encode("utf-8")
    few = written(HEADERS["customers"], rows["customers"][:3])
    files["broken/customers_gbk.csv"] = few.encode("gb18030")
    files["broken/customers_utf16.csv"] = few.encode("utf-16-le")
    files["broken/customers_semicolons.csv"] = few.replace(",", ";").encode("utf-8")
    without_phone = [row[:4] + row[5:] for row in [HEADERS["customers"]] + rows["customers"][:3]]
    files["broken/customers_no_phone.csv"] = written(without_phone[0], without_phone[1:]).encode("utf-8")
    files["broken/empty.csv"] = b""
    return files


def written(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header] + rows)
    return out.getvalue()


def sla_plans(plans):
    return [
        [p["code"], p["name"]["zh"], p["name"]["en"], p["response_min"], p["onsite_min"], hours(**p["hours"])]
        for p in plans
    ]


def hours(weekdays, **clock):
    """Days without a gap, which is all the demo has: 1-5 09:00-18:00."""
    return f"{weekdays[0]}-{weekdays[-1]} {clock['from']}-{clock['to']}"


def engineers():
    return [
        [e[0], e[1], e[2], e[3], "|".join(e[6]), "|".join(f"{c}:{end}" for c, end in e[7].items()), e[10], e[11], "VAN-" + e[0]]
        for e in people.ENGINEERS
    ]


def customers(source):
    rows = []
    for c in source["customers"]:
        at = jitter(*people.PLACES[c["id"]], "site", c["id"])
        rows.append([
            c["id"], c["name_zh"], c["name_en"], c["contact"], c["phone"], *c["address"].values(), at["lat"], at["lon"],
            c["vip"], c["sla_plan"], c["contract_no"] or "",
        ])
    return rows


def assets(source):
    category = {m["id"]: m["category"] for m in source["models"]}
    return [
        [a["serial"], c["id"], a["model"], category[a["model"]], a["warranty_end"]]
        for c in source["customers"] for a in c["assets"]
    ]


def parts(source):
    return [
        [p["id"], p["name_zh"], p["name_en"], "|".join(p["compatible_models"]), p["price_cny"], pick(0, 20, "csv", p["id"])]
        for p in source["parts"]
    ]
