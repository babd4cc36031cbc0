#!/usr/bin/env python3
"""Runs the product and its peers through one harness and prints one table.

    make bench-sync PEERS=/path/to/harness [ONLY=fieldline,loro-raw] [CELLS=B500,C500]

PEERS holds bench.py, gen.py, rust/, js/ and js-pouch/. It is copied to target/bench-sync, because it is built in place
and gets the zstd variants of bench_sync/zstd.patch. A peer that cannot be built here is named and left out.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = Path(os.environ.get("SCRATCH", ROOT / "target" / "bench-sync")).resolve()
OURS = ["fieldline"]
RUST = ["loro-raw", "loro-zstd", "naive-am", "naive-am-zstd", "samod"]
NODE = {"js": ["yjs-hocuspocus", "automerge-repo"], "js-pouch": ["pouchdb"]}
# Scenario, tickets, words of the vocabulary (0 = the harness's own 110).
CELLS = [("A", 500, 0), ("A", 500, 20_000), ("B", 500, 0), ("B", 100, 0), ("B", 2000, 0), ("C", 500, 0),
         ("C", 500, 20_000), ("D", 500, 0), ("E", 100, 0), ("F", 500, 0), ("DISK", 500, 0)]
# These need minutes to seed 200 phones.
FEW_PHONES = {"samod": 20, "automerge-repo": 20}
CELL_SECONDS_MAX = 1800


def run(words, folder, **more):
    """True when the command succeeded; its last lines are shown when it did not."""
    done = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode != 0:
        print(f"{' '.join(map(str, words))} failed:\n{done.stdout[-2000:]}", file=sys.stderr)
    return done.returncode == 0


def copy_harness(source):
    """The harness in SCRATCH, with the zstd variants; what an earlier run has built there is kept."""
    here = SCRATCH / "harness"
    if not here.exists():
        skip = shutil.ignore_patterns("target", "node_modules", "work", "results*", "tables.md")
        shutil.copytree(source, here, ignore=skip)
        subprocess.check_call(["chmod", "-R", "u+w", here])
        patch = ROOT / "scripts" / "bench_sync" / "zstd.patch"
        if not run(["patch", "-p1", "-i", patch], here):
            sys.exit("the patch does not fit this harness")
    return here


def with_vocabulary(harness, words):
    """A harness beside the first with other words in its tickets, sharing what is built."""
    there = SCRATCH / f"vocabulary-{words}"
    there.mkdir(exist_ok=True)
    for name in ("bench.py", "gen.py"):
        shutil.copy(harness / name, there)
    for name in ("rust", "js", "js-pouch"):
        if not (there / name).exists():
            (there / name).symlink_to(harness / name)
    return there


def build(harness):
    """The peers that can run here."""
    release = ["cargo", "build", "--release"]
    if not run([*release, "--package", "fieldline-tests", "--bin", "bench-peer"], ROOT):
        sys.exit("the product does not build")
    if not run(release, harness / "rust"):
        sys.exit("without the harness's proxy nothing can be counted")
    peers = OURS + RUST
    for folder, names in NODE.items():
        ready = (harness / folder / "node_modules").exists()
        if ready or (shutil.which("npm") and run(["npm", "install", "--no-audit", "--no-fund"], harness / folder)):
            peers += names
        else:
            print(f"left out, npm could not install them: {', '.join(names)}", file=sys.stderr)
    return peers


def measure(harness, peer, cell):
    """One record of the harness, with the name of its cell."""
    scenario, n, words = cell
    place = with_vocabulary(harness, words) if words else harness
    spec = place / "work" / "spec" / f"C{n}"
    if words and not spec.exists():
        subprocess.check_call([sys.executable, "gen.py", spec, "--n", str(n), "--vocab", str(words)], cwd=place,
                              stdout=subprocess.DEVNULL)
    command = [sys.executable, "bench.py", "--peer", peer, "--n", str(n), "--scenario", scenario]
    if scenario == "E":
        command += ["--phones", str(FEW_PHONES.get(peer, 200))]
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    ours = {"FIELDLINE_PEER": str(target / "release" / "bench-peer"), "NO_PROXY": "127.0.0.1"}
    try:
        out = subprocess.run(command, cwd=place, env=os.environ | ours, timeout=CELL_SECONDS_MAX,
                             stdout=subprocess.PIPE, text=True).stdout
        record = json.loads(out.strip().splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, json.JSONDecodeError) as error:
        record = {"peer": peer, "scenario": scenario, "n": n, "phones": 1, "error": repr(error)[:200]}
    return record | {"words": words}


def kb(record, name, share=1):
    return f"{record[name] / share / 1000:.1f}" if name in record else ""


def more(record):
    """What only this scenario tells."""
    return {
        "C": lambda r: "equal" if r["digests_equal"] else "**DIFFER**",
        "D": lambda r: f"p50 {r['lat_p50_ms']} ms, p95 {r['lat_p95_ms']} ms; bytes a change: phone {r['phone_up']} up "
                       f"{r['phone_down']} down, other {r['hq_up']} up {r['hq_down']} down; messages {r['msgs_phone']} "
                       f"and {r['msgs_hq']}; server CPU {r['cpu_server_ms']} ms",
        "E": lambda r: f"{r['phones']} phones; server CPU {r['cpu_server_ms'] / r['phones']:.1f} ms a phone; "
                       + ("equal" if r["digests_equal"] else "**DIFFER**"),
        "F": lambda r: f"open and list {r['cold_open_list_ms']} ms; commit p50 {r['commit_p50_us']} us p95 "
                       f"{r['commit_p95_us']} us, {r['durable']}",
        "DISK": lambda r: f"phone +{kb(r, 'phone_disk_delta')} kB, server +{kb(r, 'server_disk_delta')} kB; "
                          f"edit {r['edit_us']} us",
    }.get(record["scenario"], lambda r: "")(record)


def line(record):
    name = f"{record['scenario']} {record['n']}" + (f" vocab {record['words']}" if record["words"] else "")
    if "error" in record:
        return f"| {name} | {record['peer']} | | | | | | | {record['error'][:80]} | {record.get('load1', '')} |"
    share = record["phones"]
    pair = lambda *names: "/".join(str(record[name]) for name in names if name in record)
    cells = [name, record["peer"], kb(record, "up", share), kb(record, "down", share),
             pair("msgs_up", "msgs_down"), pair("cpu_client_ms", "cpu_server_ms"),
             pair("rss_client_mb", "rss_server_mb"), record.get("wall_ms", ""), more(record), record["load1"]]
    return "| " + " | ".join(map(str, cells)) + " |"


HEAD = """| work | peer | kB up | kB down | messages up/down | CPU ms phone/server | RSS MB phone/server | wall ms | more | load |
|---|---|---|---|---|---|---|---|---|---|"""


def main():
    if len(sys.argv) != 2 or not Path(sys.argv[1], "bench.py").exists():
        sys.exit("say where the harness is: make bench-sync PEERS=/path/to/harness")
    SCRATCH.mkdir(parents=True, exist_ok=True)
    harness = copy_harness(Path(sys.argv[1]).resolve())
    peers = build(harness)
    if only := os.environ.get("ONLY"):
        peers = [peer for peer in peers if peer in only.split(",")]
    cells = CELLS
    if wanted := os.environ.get("CELLS"):
        name = lambda cell: f"{cell[0]}{cell[1]}" + ("v" if cell[2] else "")
        cells = [cell for cell in cells if name(cell) in wanted.split(",")]
    print(HEAD, flush=True)
    failed = False
    with open(SCRATCH / "results.jsonl", "a", encoding="utf-8") as results:
        for cell in cells:
            for peer in peers:
                record = measure(harness, peer, cell)
                results.write(json.dumps(record) + "\n")
                results.flush()
                print(line(record), flush=True)
                ours = record["peer"] in OURS
                failed |= ours and ("error" in record or record.get("digests_equal") is False)
    sys.exit("our own peer failed or the sides differ" if failed else 0)


if __name__ == "__main__":
    main()
