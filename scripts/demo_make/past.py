"""What happened: past tickets for the history of an asset, and sample reports as a form would have sent them."""

from demo_make.knowledge import causes_and_remedies
from demo_make.shape import both, present, ulid


def history(source):
    known = causes_and_remedies(source)
    part = {p["id"]: p for p in source["parts"]}
    rows = []
    for t in sorted(source["tickets"], key=lambda t: (t["created_at"], t["id"])):
        causes, remedies = known[t["symptom"]]
        cause, remedy, text = None, None, None
        if t["cause"]:
            place = [zh for zh, _ in causes].index(t["cause"])
            cause = f"{t['symptom']}-C{place + 1}"
        if t["solution"]:
            remedy, text = remedy_of(t, remedies, part)
        rows.append(present({
            "id": ulid("ticket", t["id"], t["created_at"]), "number": t["id"], "customer": ulid("customer", t["customer_id"]),
            "asset": ulid("asset", t["serial"]), "fault": t["symptom"], "created_at": t["created_at"], "closed_at": t["closed_at"],
            "cause": cause, "remedy": remedy, "remedy_text": text,
            "parts_used": [{"part": ulid("part", p["part"]), "quantity": p["qty"]} for p in t["parts_used"]],
            "travel_min": t["travel_min"], "work_min": t["work_min"], "first_time_fix": t.get("first_time_fix"), "csat": t["csat"],
        }))
    return rows


def remedy_of(ticket, remedies, part):
    """The remedy's code and words: a step of the fault's article, or the part that was replaced."""
    for n, (zh, en) in enumerate(remedies, 1):
        if zh == ticket["solution"]:
            return f"{ticket['symptom']}-R{n}", both(zh, en)
    used = [part[p["part"]] for p in ticket["parts_used"]]
    assert ticket["solution"] == "更换" + used[0]["name_zh"], f"{ticket['id']}: unknown remedy {ticket['solution']}"
    return "ANY-R-PART", both(ticket["solution"], "replaced " + used[0]["name_en"])


def reports(source):
    by_phone = {c["phone"]: c for c in source["customers"]}
    by_id = {c["id"]: c for c in source["customers"]}
    by_serial = {a["serial"]: c for c in source["customers"] for a in c["assets"]}
    tickets = {t["id"]: t for t in source["tickets"]}
    rows = []
    for r in source["reports"]:
        gold, fields = r["gold"], r["gold"]["fields"]
        single = {name: fields[name]["value"] for name in ("customer_name", "company", "phone", "contract_no") if name in fields}
        address, window = fields.get("address"), fields.get("time_window")
        serials = [s["value"] for s in fields.get("serial", [])]
        models = [m["value"] for m in fields.get("device_model", [])]
        ticket = tickets.get(gold["catalogue_refs"]["ticket_id"])
        customer = next(filter(None, [
            by_id.get(gold["catalogue_refs"]["customer_id"]), *(by_serial.get(s) for s in serials), by_phone.get(single.get("phone")),
        ]), None)
        rows.append(present({
            "id": ulid("report", r["id"], r["received_at"]), "source_id": r["id"], "channel": r["channel"], "lang": r["lang"],
            "received_at": r["received_at"], "intent": gold["intent"], "urgency": gold["urgency"], "summary": summary(r),
            **{name: single.get(name) for name in ("customer_name", "company", "phone", "contract_no")},
            "address": address and address["value"],
            "device_category": [c["value"] for c in fields.get("device_category", [])],
            "device_model": models, "serial": serials, "symptoms": [s["value"] for s in fields.get("symptoms", [])],
            "wished": window and window["value"], "ticket_number": fields.get("ticket_ref", {}).get("value"),
            "customer": customer and ulid("customer", customer["id"]),
            "asset": asset_of(customer, models, serials, ticket),
            "earlier_ticket": ticket and ulid("ticket", ticket["id"], ticket["created_at"]),
            "transcript": [{"speaker": u["speaker"], "at_s": u["t"], "text": u["text"]} for u in r["utterances"]],
        }))
    return rows


def summary(report):
    """The customer's own words: where the fault was first told, else the first thing the customer said."""
    said = report["utterances"]
    first_fault = min((u for s in report["gold"]["fields"].get("symptoms", []) for u in s["utt"]), default=None)
    if first_fault is None:
        first_fault = next(n for n, u in enumerate(said) if u["speaker"] == "customer")
    return said[first_fault]["text"]


def asset_of(customer, models, serials, ticket):
    """The one machine meant: by serial, by the earlier ticket, or the customer's only one of the only model named."""
    if customer is None:
        return None
    owned = customer["assets"]
    exact = [a for a in owned if a["serial"] in serials]
    if not exact and not serials and ticket:
        exact = [a for a in owned if a["serial"] == ticket["serial"]]
    if not exact and not serials and len(set(models)) == 1:
        exact = [a for a in owned if a["model"] == models[0]]
    return ulid("asset", exact[0]["serial"]) if len(exact) == 1 else None
