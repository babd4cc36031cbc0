#!/usr/bin/env bash
# Runs every target under fuzz/ for FUZZ_SECONDS each (60).  scripts/fuzz.sh [--why-not]
#
# --why-not runs nothing and prints the reason if fuzzing is impossible here; nothing otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

why=""
if [ ! -f fuzz/Cargo.toml ]; then
    why="there are no fuzz targets yet"
elif ! command -v cargo-fuzz >/dev/null; then
    why="missing: cargo-fuzz; get it with: cargo install cargo-fuzz"
elif ! cargo +nightly --version >/dev/null 2>&1; then
    why="missing: a nightly toolchain; get it with: rustup toolchain install nightly"
fi
[ "${1:-}" != --why-not ] || { printf '%s' "$why"; exit 0; }
[ -z "$why" ] || { echo "fuzz skipped: $why"; exit 0; }

passed=0 failed=0
for target in $(cargo +nightly fuzz list); do
    echo "-- fuzz $target"
    if cargo +nightly fuzz run "$target" -- -max_total_time="${FUZZ_SECONDS:-60}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "fuzz result: $passed passed; $failed failed; 0 skipped"
[ "$failed" = 0 ]
