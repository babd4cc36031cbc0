#!/usr/bin/env python3
"""HQ for the shared journey: a company on the real binary, as every language's test starts it.

    FIELDLINE_BIN=target/debug/fieldline tests/journey/office.py

Starts the program on a free port of this machine with a fresh data directory, makes a company with one printer's ticket
offered to one engineer, and writes one line of JSON: where it is, a code to enrol with, and the ids that the steps of
`journey.json` name. Then it reads commands, one a line, and answers each with one line of JSON:

    record   the central record of the ticket, without what differs from run to run: compare it with `record.json`
    code     a further code, to enrol another phone of the engineer
    note X   HQ writes the note X on the ticket
    cancel   HQ cancels the ticket
    article  HQ publishes an article that helps with the ticket
    stop     the server is gone, as in a tunnel; `start` brings it back at the same place
    quit     ends; so does the end of the input

Needs Python 3.9 and nothing else.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("FIELDLINE_BIN") or os.path.join(ROOT, "target", "debug", "fieldline")
TABLES = ("customers", "assets", "parts", "engineers")
COMPANY, ENGINEER, SERIAL, PART = "晨光维修", "Chen Liqun", "MLP32-24A0187", "P001"
IN_VAN = 5


def plain(environment):
    return {name: value for name, value in environment.items() if not name.startswith("FIELDLINE_")}


def die_with_parent():
    """An office that is killed takes its server along. The office itself ends with its input."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Office:
    """A company, its server, and the REST interface as a script uses it."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="fieldline-journey-")
        self.data = os.path.join(self.home, "data")
        self.server = None
        self.listen = "127.0.0.1:0"
        self.token = None

    # The program

    def run(self, *arguments, said=""):
        done = subprocess.run(
            [BIN, *arguments, "--json"], input=said, capture_output=True, text=True, timeout=120, env=plain(os.environ)
        )
        if done.returncode != 0:
            raise RuntimeError(f"fieldline {' '.join(arguments)}: {done.stdout}{done.stderr}")
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else {}

    def found(self):
        tables = [word for name in TABLES for word in (f"--{name}", os.path.join(ROOT, "demo", "csv", f"{name}.csv"))]
        self.run(
            "admin", "init", "--data", self.data, "--name", COMPANY, "--admin", "boss", "--password-stdin", *tables,
            said="correct horse battery\n",
        )
        answer = self.run("admin", "token", "add", "journey", "--user", "boss", "--data", self.data)
        self.token = answer["token"]

    def start(self):
        self.server = subprocess.Popen(
            [BIN, "serve", "--json", "--data", self.data, "--listen", self.listen],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=plain(os.environ),
            preexec_fn=die_with_parent,
        )
        said = json.loads(self.server.stdout.readline())
        self.address = said["http"].rstrip("/")
        self.listen = self.address.split("://", 1)[1]

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=60)
            self.server = None

    def close(self):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    # REST

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.address}/api/v1{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from error

    def one(self, path, fits):
        cursor = ""
        while True:
            page = self.ask("GET", f"{path}?limit=200{cursor}")
            for item in page["items"]:
                if fits(item):
                    return item
            if not page.get("next"):
                raise RuntimeError(f"none fits in {path}")
            cursor = f"&cursor={page['next']}"

    # The work of HQ

    def open_ticket(self):
        engineer = self.one("/engineers", lambda item: item["name_en"] == ENGINEER)
        asset = self.one("/assets", lambda item: item["serial"] == SERIAL)
        part = self.one("/parts", lambda item: item["name_en"] == "Pickup roller kit")
        stock = [item for item in self.ask("GET", f"/stock?part={part['id']}")["items"] if item["quantity"] > 0]
        self.ask("PUT", f"/stock/{engineer['van']}/{part['id']}", {"quantity": IN_VAN})
        site = self.ask("GET", f"/sites/{asset['site']}")
        contact = self.one("/contacts", lambda item: item["customer"] == site["customer"])
        ticket = self.ask("POST", "/tickets", {
            "asset": asset["id"], "contact": contact["id"], "category": "printer", "fault": "PRN-JAM", "fault_text": "打印机卡纸", "channel": "phone",
        })
        self.ask("POST", f"/tickets/{ticket['id']}/offer", {"to": [engineer["id"]]})
        visit = self.ask("GET", f"/tickets/{ticket['id']}")["visits"][0]
        self.engineer, self.part, self.ticket = engineer, part, ticket
        self.names = {
            ticket["id"]: "ticket", visit["id"]: "visit", engineer["id"]: "engineer", part["id"]: "part",
            engineer["van"]: "van", stock[0]["location"]: "warehouse", asset["id"]: "asset", contact["id"]: "contact",
            ticket["number"]: "number",
        }
        return {
            "address": self.address, "code": self.code(), "ticket": ticket["id"], "number": ticket["number"],
            "visit": visit["id"], "part": part["id"], "van": engineer["van"], "warehouse": stock[0]["location"],
            "engineer": engineer["id"], "engineer_name": engineer["name"], "serial": SERIAL, "part_number": PART,
        }

    def code(self):
        return self.ask("POST", f"/engineers/{self.engineer['id']}/enrol-codes")["code"]

    # The record

    def record(self):
        whole = self.ask("GET", f"/tickets/{self.ticket['id']}")
        van = self.ask("GET", f"/stock?location={self.engineer['van']}&part={self.part['id']}")["items"]
        return self.without_chance({
            "status": whole["ticket"]["status"],
            "label": whole["ticket"]["label"],
            "visits": [
                {key: visit.get(key) for key in ("engineer", "phase", "result", "cause", "remedy", "report")}
                | {"times": [key for key in TIMES if visit.get(key)]}
                for visit in whole["visits"]
            ],
            "events": sorted(
                ({key: event.get(key) for key in ("act", "author", "arguments", "fate", "outcome", "code")}
                 for event in whole["events"]),
                key=lambda event: json.dumps(event, sort_keys=True, ensure_ascii=False),
            ),
            "parts": [{key: use[key] for key in ("part", "location", "quantity")} for use in whole["parts"]],
            "reviews": [review.get("kind") for review in whole["reviews"]],
            "van": [line["quantity"] for line in van],
        })

    def without_chance(self, value):
        """Ids become what they are called here, times vanish; what is left is the same in every run."""
        if isinstance(value, dict):
            return {key: self.without_chance(item) for key, item in value.items() if key not in CHANCE}
        if isinstance(value, list):
            return [self.without_chance(item) for item in value]
        if isinstance(value, str):
            if value.startswith("staff:"):
                return "staff"
            for known, name in self.names.items():
                value = value.replace(known, name)
        return value


ARTICLE = {
    "title_zh": "打印机卡纸", "title_en": "Printer paper jam", "category": "printer", "faults": ["PRN-JAM"],
    "sections": [{
        "order": 1, "heading_zh": "步骤", "heading_en": "Steps",
        "body_zh": "断电后更换搓纸轮，清洁纸道。", "body_en": "Switch off, change the pickup roller, clean the paper path.",
    }],
}
TIMES = ("accepted_at", "departed_at", "arrived_at", "started_at", "done_at")
# Of arguments: moments, the bytes' names and sizes of thumbnails, which each platform makes in its own way.
CHANCE = {"eta", "arrival", "at", "thumb"}


def main():
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: sys.exit(1))
    office = Office()
    say = lambda value: print(json.dumps(value, ensure_ascii=False), flush=True)
    try:
        office.found()
        office.start()
        say(office.open_ticket())
        for line in sys.stdin:
            command, _, rest = line.strip().partition(" ")
            if command == "quit":
                break
            elif command == "record":
                say(office.record())
            elif command == "code":
                say({"code": office.code()})
            elif command == "note":
                say(office.ask("POST", f"/tickets/{office.ticket['id']}/notes", {"text": rest}))
            elif command == "cancel":
                say(office.ask("POST", f"/tickets/{office.ticket['id']}/cancel", {"text": "客户取消"}))
            elif command == "article":
                say(office.ask("POST", "/articles", ARTICLE)["article"])
            elif command == "stop":
                office.stop()
                say({"stopped": True})
            elif command == "start":
                office.start()
                say({"address": office.address})
            elif command:
                say({"unknown": command})
    finally:
        office.close()


if __name__ == "__main__":
    main()
