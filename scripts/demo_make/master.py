"""The company's own rows: who it serves, with which machines, parts, vans and people."""

from demo_text import people
from demo_make.shape import both, jitter, pick, present, ulid


def company(source):
    plans = []
    for plan in source["sla_plans"]:
        days, start, end = people.SLA_HOURS[plan["hours"]]
        plans.append({
            "code": plan["id"], "name": both(*people.SLA_NAMES[plan["id"]]),
            "response_min": plan["response_min"], "onsite_min": plan["onsite_min"],
            "hours": {"weekdays": days, "from": start, "to": end},
        })
    categories = [{"code": c["id"], "name": both(c["zh"], c["en"])} for c in source["categories"]]
    return {"id": ulid("company", "anheng"), **people.COMPANY, "categories": categories, "sla_plans": plans}


def customers(source):
    rows, contacts, sites = [], [], []
    for c in source["customers"]:
        key, place = c["id"], c["address"]
        customer, contact, site = ulid("customer", key), ulid("contact", key), ulid("site", key)
        kind = "person" if c["contact"] == c["name_zh"] else "organisation"
        rows.append(present({
            "id": customer, "code": key, "kind": kind, "name": both(c["name_zh"], c["name_en"]), "vip": c["vip"],
            "sla_plan": c["sla_plan"], "contract_no": c["contract_no"], "main_contact": contact, "main_site": site,
        }))
        contacts.append({"id": contact, "customer": customer, "name": c["contact"], "phone": c["phone"]})
        latitude, longitude = people.PLACES[key]
        sites.append({
            "id": site, "customer": customer, "address": place, "position": jitter(latitude, longitude, "site", key),
            "time_zone": people.TIME_ZONES.get(place["city"], people.COMPANY["time_zone"]),
        })
    return {"customers": rows, "contacts": contacts, "sites": sites}


def assets(source):
    return [
        {
            "id": ulid("asset", a["serial"]), "customer": ulid("customer", c["id"]), "site": ulid("site", c["id"]),
            "model": ulid("model", a["model"]), "serial": a["serial"], "warranty_end": a["warranty_end"],
        }
        for c in source["customers"] for a in c["assets"]
    ]


def models(source):
    return [
        {
            "id": ulid("model", m["id"]), "code": m["model"], "category": m["category"],
            "brand": both(m["brand_zh"], m["brand_en"]), "name": both(m["name_zh"], m["name_en"]),
            "aliases": m["aliases"], "serial_prefix": m["serial_prefix"],
        }
        for m in source["models"]
    ]


def parts(source):
    return [
        {
            "id": ulid("part", p["id"]), "code": p["id"], "name": both(p["name_zh"], p["name_en"]),
            "models": [ulid("model", m) for m in p["compatible_models"]], "price_cny": p["price_cny"],
        }
        for p in source["parts"]
    ]


def engineers():
    rows = []
    for code, zh, en, phone, grade, languages, skills, held, home_zh, home_en, lat, lon, _ in people.ENGINEERS:
        certificates = [
            {"code": c, "name": both(*people.CERTIFICATES[c][:2]), "categories": people.CERTIFICATES[c][2], "expires_on": end}
            for c, end in held.items()
        ]
        rows.append({
            "id": ulid("engineer", code), "code": code, "name": both(zh, en), "phone": phone, "grade": grade,
            "languages": languages, "skills": skills, "certificates": certificates,
            "home": {"place": both(home_zh, home_en), "position": {"lat": lat, "lon": lon}}, "van": ulid("stock", "VAN-" + code),
        })
    return rows


def stock(source):
    locations, levels = [], []
    category = {m["id"]: m["category"] for m in source["models"]}
    for code, zh, en, lat, lon, factor in people.WAREHOUSES:
        place = ulid("stock", code)
        locations.append({"id": place, "code": code, "kind": "warehouse", "name": both(zh, en), "position": {"lat": lat, "lon": lon}})
        for p in source["parts"]:
            top = 12 if p["price_cny"] < 200 else 4 if p["price_cny"] < 1000 else 1
            levels.append(level(place, p, pick(0, top * factor, "stock", code, p["id"])))
    for engineer in people.ENGINEERS:
        code, zh, en, skills, plate = "VAN-" + engineer[0], engineer[1], engineer[2], engineer[6], engineer[12]
        place = ulid("stock", code)
        locations.append({
            "id": place, "code": code, "kind": "van", "name": both(f"{zh}随车库存", f"{en}'s van"),
            "plate": plate, "engineer": ulid("engineer", engineer[0]),
        })
        for p in source["parts"]:
            if any(category[m] in skills for m in p["compatible_models"]):
                top = 5 if p["price_cny"] < 100 else 3 if p["price_cny"] < 400 else 1 if p["price_cny"] < 1000 else 0
                levels.append(level(place, p, pick(0, top, "stock", code, p["id"])))
    return {"locations": locations, "levels": [row for row in levels if row["quantity"]]}


def level(place, part, quantity):
    return {"location": place, "part": ulid("part", part["id"]), "quantity": quantity}
