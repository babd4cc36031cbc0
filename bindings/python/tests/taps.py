"""Taps for ever, and says before and after each: `taps.py STORE TICKET NAME`. Somebody kills it."""

import json
import sys

import fieldline_bindings as core

path, ticket, name = sys.argv[1:]
phone = core.Phone.open(core.PhoneConfig(path=path, app="python test"))
n = 0
while True:
    n += 1
    text = f"{name}-{n}"
    print(json.dumps({"text": text}), flush=True)
    saved = phone.perform(ticket, core.Act.NOTE(text=text))
    print(json.dumps({"text": text, "saved": saved.operation}), flush=True)
