#!/usr/bin/env python3
"""Memory of `fieldline serve` for each phone that is connected and idle, without and with TLS.

    scripts/bench_idle.py target/release/fieldline [connections]

One phone is enrolled; its poke line is opened again and again with its token, and all of them stay quiet. The figure is
VmRSS of the server afterwards, less what it was before the first line, shared among the lines. Nothing but Python's
standard library and, for TLS, the `openssl` command.
"""

import asyncio
import json
import os
import pathlib
import re
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

CONNECTIONS = 2_000
# Lines opened at a time: a crowd would wait for the accept queue.
AT_ONCE = 50
# The server's allocator settles.
QUIET_S = 5
START_S = 30
ROOT = pathlib.Path(__file__).resolve().parent.parent


def rss_kb(pid: int) -> int:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **more).stdout


def serve(binary, data, port, tls):
    command = [binary, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"]
    if tls:
        command += ["--tls-cert", tls[0], "--tls-key", tls[1]]
    return subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(at: pathlib.Path):
    cert, key = at / "cert.pem", at / "key.pem"
    run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert,
    )
    return cert, key


async def line(port, token, context):
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname="localhost" if context else None
    )
    writer.write(
        (
            "GET /sync/v1/poke HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n")[0]:
        raise SystemExit(f"no line: {head!r}")
    return reader, writer


async def measure(binary, company, store, tls, connections):
    port = free_port()
    server = serve(binary, company, port, tls)
    try:
        context = ssl.create_default_context(cafile=str(tls[0])) if tls else None
        token = sqlite3.connect(store / "phone.db").execute("SELECT token FROM identity").fetchone()[0]
        deadline = time.monotonic() + START_S
        lines = []
        while not lines:
            try:
                lines.append(await line(port, token, context))
            except OSError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.1)
        before = rss_kb(server.pid)
        while len(lines) <= connections:
            count = min(AT_ONCE, connections + 1 - len(lines))
            lines += await asyncio.gather(*(line(port, token, context) for _ in range(count)))
        await asyncio.sleep(QUIET_S)
        after = rss_kb(server.pid)
        return {
            "tls": bool(tls),
            "connections": connections,
            "rss_kb_before": before,
            "rss_kb_after": after,
            "kb_per_phone": round((after - before) / connections, 2),
        }
    finally:
        server.terminate()
        server.wait()


def enrolled(binary, at):
    """A company and one phone's store."""
    company, store = at / "company", at / "phone"
    csv = ROOT / "demo" / "csv"
    run(
        binary, "admin", "init", "--data", company, "--name", "Idle", "--admin", "idle", "--password-stdin",
        "--engineers", csv / "engineers.csv", "--customers", csv / "customers.csv",
        "--assets", csv / "assets.csv", "--parts", csv / "parts.csv", input="long enough to be taken\n",
    )
    port = free_port()
    server = serve(binary, company, port, None)
    try:
        code = json.loads(run(binary, "admin", "enrol-code", "E01", "--data", company, "--json", "--public-url", f"http://127.0.0.1:{port}"))["code"]
        deadline = time.monotonic() + START_S
        while True:
            tried = subprocess.run(
                [str(binary), "phone", "--store", str(store), "enrol", f"http://127.0.0.1:{port}", code],
                capture_output=True, text=True,
            )
            if tried.returncode == 0:
                return company, store
            if time.monotonic() > deadline:
                raise SystemExit(tried.stderr)
            time.sleep(0.2)
    finally:
        server.terminate()
        server.wait()


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    binary = pathlib.Path(sys.argv[1]).resolve()
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else CONNECTIONS
    with tempfile.TemporaryDirectory() as room:
        at = pathlib.Path(room)
        company, store = enrolled(binary, at)
        for tls in (None, certificate(at)):
            print(json.dumps(asyncio.run(measure(binary, company, store, tls, connections))))


if __name__ == "__main__":
    os.environ.setdefault("FIELDLINE_LANG", "en")
    main()
