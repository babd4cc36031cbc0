#!/usr/bin/env python3
"""Writes fuzz/corpus/ from the committed samples, so that every target begins with something that is taken.

    python3 fuzz/seeds.py

Standard library only. The corpus itself stays out of git: it grows with every run.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "core" / "model" / "samples"
TABLES = ROOT / "demo" / "csv"
CORPUS = ROOT / "fuzz" / "corpus"

# Choices of `change_structured`: honest ones of each act, then some that are bent here and there.
BENT = range(8, 64)


def unhex(name):
    return bytes.fromhex((SAMPLES / name).read_text("ascii"))


def body(chunk):
    """What follows magic, checksum, type and length: targets wrap a bare body in a right envelope."""
    at = 9
    while chunk[at] & 0x80:
        at += 1
    return chunk[at + 1 :]


def structured():
    for act in range(8):
        yield bytes([0, 0, 0, act, act])
    for n in BENT:
        # Every n-th byte is large enough to bend something.
        yield bytes(0xF0 + n % 16 if at % n == n // 2 else (at * n) % 0xE0 for at in range(64))


def seeds():
    change, ticket = unhex("depart.change.hex"), unhex("ticket.document.hex")
    entries = (SAMPLES / "ticket.entries.txt").read_bytes()
    yield "exchange", [unhex("exchange.cbor.hex")]
    yield "reply", [unhex("reply.cbor.hex")]
    yield "enrol", [unhex("enrol.cbor.hex")]
    yield "bundle", [unhex("bundle.cbor.hex"), unhex("meeting.cbor.hex")]
    yield "positions", [unhex("positions.cbor.hex")]
    yield "line", [b"viewing", b"viewing " + b"0" * 26, b"fieldline 0.4.2", b"Fieldline/1.20.0 (Android 14)"]
    yield "range", [bytes(6) + b"\1\0bytes=" + text for text in (b"0-", b"3-4", b"9-18446744073709551615", b"-3")]
    yield "change", [change, body(change)]
    yield "change_structured", structured()
    yield "document", [ticket, body(ticket)]
    yield "entry", [entries, *entries.splitlines()]
    for table in ("assets", "customers", "engineers", "parts", "sla_plans"):
        good = (TABLES / f"{table}.csv").read_bytes()
        # A few lines are as good as all of them, and quicker.
        short = b"\n".join(good.split(b"\n")[:4])
        yield table, [short, *(file.read_bytes() for file in sorted((TABLES / "broken").glob(f"{table}*.csv")))]


def main():
    for target, inputs in seeds():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(inputs):
            (folder / f"seed-{number:02}").write_bytes(content)


if __name__ == "__main__":
    main()
