"""An office and phones for the tests: the real server as a process, the real core in this one."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import fieldline_bindings as core

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
JOURNEY = os.path.join(ROOT, "tests", "journey")
SYNC_MS = 60_000


def read(name):
    with open(os.path.join(JOURNEY, name), encoding="utf-8") as file:
        return json.load(file)


class Office:
    """tests/journey/office.py, asked over its pipes."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(JOURNEY, "office.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )
        self.said = json.loads(self.process.stdout.readline())

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Case(unittest.TestCase):
    """A test with a directory of its own, and what was opened shut at the end."""

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="fieldline-python-")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)

    def path(self, name="phone"):
        return os.path.join(self.home, name + ".db")

    def open(self, name="phone"):
        phone = core.Phone.open(core.PhoneConfig(path=self.path(name), app="python test"))
        self.addCleanup(phone.shut)
        return phone

    def office(self):
        office = Office()
        self.addCleanup(office.close)
        return office

    def enrolled(self, office, name="phone", code=None):
        phone = self.open(name)
        phone.enrol(office.said["address"], code or office.said["code"], name)
        self.assertTrue(phone.sync(SYNC_MS).finished)
        return phone

    def fails(self, code, call, *arguments):
        """The call fails with this code, and with words in both languages."""
        with self.assertRaises(core.PhoneError.Failed) as caught:
            call(*arguments)
        error = caught.exception
        self.assertEqual(error.code, code)
        self.assertTrue(error.zh and error.en)
        self.assertTrue(error.en.isascii(), error.en)
        return error

    def until(self, what, asked):
        """Asks until there is an answer; half a minute, so a slow machine is no failure."""
        for _ in range(300):
            answer = asked()
            if answer:
                return answer
            time.sleep(0.1)
        self.fail(f"never: {what}")


OUTCOME = {"fixed": core.VisitResult.FIXED, "could_not": core.VisitResult.COULD_NOT}
SHOWS = {"before": core.PhotoShows.BEFORE, "after": core.PhotoShows.AFTER, "other": core.PhotoShows.OTHER}


def do(phone, said, step):
    """One step of journey.json."""
    ticket, visit, act = said["ticket"], said["visit"], core.Act
    kind = step["act"]
    if kind == "photo":
        photo = core.NewPhoto(
            bytes=base64.b64decode(step["base64"]), shows=SHOWS[step["shows"]], caption=step["caption"]
        )
        return phone.add_photo(ticket, photo)
    if kind == "answer":
        answer = (
            core.CheckAnswer.TICK(yes=step["tick"]) if "tick" in step
            else core.CheckAnswer.READING(value=step["reading"], unit=step["unit"])
        )
        return phone.perform(ticket, act.ANSWER(item=step["item"], answer=answer))
    meant = {
        "accept": lambda: act.ACCEPT(visit=visit),
        "depart": lambda: act.DEPART(visit=visit, eta_ms=int(time.time() * 1000) + step["eta_minutes"] * 60_000),
        "arrive": lambda: act.ARRIVE(visit=visit, position=core.Place(lat=step["lat"], lon=step["lon"])),
        "start": lambda: act.START(visit=visit),
        "use_part": lambda: act.USE_PART(part=said["part"], quantity=step["quantity"], _from=said["van"]),
        "note": lambda: act.NOTE(text=step["text"]),
        "finish": lambda: act.FINISH(
            visit=visit, outcome=OUTCOME[step["outcome"]], cause=step["cause"], remedy=step["remedy"], text=step["text"]
        ),
        "sign": lambda: act.SIGN(name=step["name"], path=step["path"]),
    }
    return phone.perform(ticket, meant[kind]())
