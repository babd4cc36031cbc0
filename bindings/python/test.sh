#!/usr/bin/env bash
# The bindings from Python: the cheapest proof that the surface holds what it promises.  bindings/python/test.sh [TEST]...
#
# With --why-not it prints why it cannot run here, or nothing. Otherwise it builds the library, writes the Python side and runs
# tests/ with plain python3; the last line is `python result: ok. N passed; N failed; N skipped`.
set -euo pipefail
cd "$(dirname "$0")/../.."

# What scripts/need.sh can install does not count as missing.
if [ "${1:-}" = --why-not ]; then exit 0; fi

lib=$(scripts/bindings.sh python | tail -1)
out=$(cd "${CARGO_TARGET_DIR:-target}/bindings/python" && pwd)
ln -sf "$lib" "$out/$(basename "$lib")"
FIELDLINE_BIN=${FIELDLINE_BIN:-$(dirname "$lib")/fieldline}
export FIELDLINE_BIN PYTHONPATH="$out" PYTHONDONTWRITEBYTECODE=1
exec python3 bindings/python/tests/run.py "$@"
