#!/usr/bin/env python3
"""Writes demo/ (the invented company's data) from the intake catalogue and its development reports.

    python3 scripts/demo_data.py CATALOGUE_DIR DEV_DIR

Standard library only and deterministic: the same sources give the same bytes, ids included.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from demo_make import knowledge, master, past, tables  # noqa: E402  (after the flag above)
from demo_make.shape import pretty  # noqa: E402

SCRIPTS = Path(__file__).resolve().parent
DEMO = SCRIPTS.parent / "demo"
CATALOGUE = ("categories", "customers", "knowledge", "models", "parts", "sla_plans", "symptoms", "tickets")


def read(catalogue, dev):
    source = {name: json.loads((catalogue / f"{name}.json").read_text("utf-8")) for name in CATALOGUE}
    source["reports"] = [json.loads(line) for line in (dev / "dev.jsonl").read_text("utf-8").splitlines() if line]
    return source


def files(source):
    return {
        "company": master.company(source),
        "customers": master.customers(source),
        "assets": master.assets(source),
        "models": master.models(source),
        "symptoms": knowledge.symptoms(source),
        "reasons": knowledge.reasons(source),
        "parts": master.parts(source),
        "stock": master.stock(source),
        "engineers": master.engineers(),
        "articles": knowledge.articles(source),
        "manuals": knowledge.manuals(source, SCRIPTS / "demo_text" / "manuals"),
        "checklists": knowledge.checklists(),
        "history": past.history(source),
        "reports": past.reports(source),
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source = read(Path(sys.argv[1]), Path(sys.argv[2]))
    (DEMO / "csv" / "broken").mkdir(parents=True, exist_ok=True)
    for name, value in files(source).items():
        (DEMO / f"{name}.json").write_text(pretty(value) + "\n", "utf-8")
    manuals = json.loads((DEMO / "manuals.json").read_text("utf-8"))
    (DEMO / "manuals").mkdir(exist_ok=True)
    for name, content in knowledge.printed(manuals).items():
        (DEMO / "manuals" / name).write_bytes(content)
    for name, content in tables.tables(source).items():
        (DEMO / "csv" / name).write_bytes(content)


if __name__ == "__main__":
    main()
