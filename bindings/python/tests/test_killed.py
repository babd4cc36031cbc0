"""The system kills the app between the tap and its return: what was said to be saved is there, and nothing half."""

import json
import os
import signal
import subprocess
import sys

import kit
from kit import core

HERE = os.path.dirname(os.path.abspath(__file__))


class Killed(kit.Case):
    def test_nothing_that_was_saved_is_lost_by_kills_at_any_point(self):
        office = self.office()
        phone = self.enrolled(office)
        phone.perform(office.said["ticket"], core.Act.ACCEPT(visit=office.said["visit"]))
        phone.shut()
        told, begun = set(), set()
        for n in range(6):
            taps = subprocess.Popen(
                [sys.executable, os.path.join(HERE, "taps.py"), self.path(), office.said["ticket"], str(n)],
                stdout=subprocess.PIPE, text=True,
            )
            # It dies after this many lines, which is before, in or after a call, as it happens.
            for _ in range(2 + 3 * n):
                line = json.loads(taps.stdout.readline())
                begun.add(line["text"])
                if "saved" in line:
                    told.add(line["text"])
            taps.send_signal(signal.SIGKILL)
            taps.wait()
            for line in taps.stdout:
                if line.endswith("\n"):
                    said = json.loads(line)
                    begun.add(said["text"])
                    if "saved" in said:
                        told.add(said["text"])
            taps.stdout.close()
        phone = self.open()
        notes = {
            line.detail.zh for line in phone.ticket(office.said["ticket"]).history if line.kind == core.EntryKind.NOTE
        }
        self.assertTrue(told)
        self.assertLessEqual(told, notes)
        self.assertLessEqual(notes, begun)
        self.assertEqual(phone.status().unsent, len(notes) + 1)
        self.assertEqual((phone.status().missing, phone.status().missing_unnamed), ([], 0))
        self.assertTrue(phone.sync(kit.SYNC_MS).finished)
        self.assertEqual(phone.status().unsent, 0)
        merged = [
            event["arguments"]["text"] for event in office.ask("record")["events"]
            if event["act"] == "note" and event["fate"] == "merged"
        ]
        self.assertEqual(sorted(merged), sorted(notes))
