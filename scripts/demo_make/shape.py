"""Ids, jitter and file shape of the demo data: everything here is a pure function of its arguments."""

import hashlib
import json
from datetime import datetime, timedelta, timezone

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LINE_CHARS_MAX = 150
COMPANY_TIME = timezone(timedelta(hours=8))
FOUNDED = "2025-01-01T00:00"


def digest(*names):
    return hashlib.sha256("\x1f".join(("fieldline-demo",) + names).encode()).digest()


def ulid(kind, source_id, at=FOUNDED):
    """A ULID whose time is `at` (company wall time) and whose 80 other bits are the hash of kind and source id."""
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M").replace(tzinfo=COMPANY_TIME)
    bits = int(moment.timestamp() * 1000) << 80 | int.from_bytes(digest(kind, source_id)[:10], "big")
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(125, -1, -5))


def pick(low, high, *names):
    """An integer in low..=high that depends on the names alone."""
    return low + int.from_bytes(digest(*names)[:6], "big") % (high - low + 1)


def jitter(latitude, longitude, *names):
    """The point moved by up to 300 m, so that two sites of one street do not coincide."""
    return {
        "lat": round(latitude + pick(-2700, 2700, "lat", *names) / 1e6, 6),
        "lon": round(longitude + pick(-2700, 2700, "lon", *names) / 1e6, 6),
    }


def both(zh, en):
    return {"zh": zh, "en": en[:1].upper() + en[1:]}


def present(record):
    """The record without its absent values: an optional field is left out, never null."""
    return {key: value for key, value in record.items() if value is not None}


def pretty(value, indent=0):
    """JSON with one record per line where it fits, so that a change shows as one line in a diff."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or (indent and indent + len(flat) <= LINE_CHARS_MAX):
        return flat
    pad, end = " " * (indent + 1), " " * indent
    if isinstance(value, dict):
        rows = [f"{pad}{json.dumps(key)}: {pretty(item, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + end + "}"
    return "[\n" + ",\n".join(pad + pretty(item, indent + 1) for item in value) + "\n" + end + "]"
