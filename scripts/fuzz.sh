#!/usr/bin/env bash
# Runs every target under fuzz/ for FUZZ_SECONDS each (60).  scripts/fuzz.sh [--why-not] [TARGET...]
#
# --why-not runs nothing and prints the reason if fuzzing is impossible here; nothing otherwise.
# The pinned toolchain suffices: RUSTC_BOOTSTRAP opens its nightly flags for the fuzzer alone.
set -euo pipefail
cd "$(dirname "$0")/.."

why=""
if [ ! -f fuzz/Cargo.toml ]; then
    why="there are no fuzz targets yet"
elif ! command -v cargo-fuzz >/dev/null; then
    why="missing: cargo-fuzz; get it with: cargo install cargo-fuzz --locked"
fi
[ "${1:-}" != --why-not ] || { printf '%s' "$why"; exit 0; }
[ -z "$why" ] || { echo "fuzz skipped: $why"; exit 0; }

# Some distributions' toolchains come without the runtime of the address sanitizer.
sanitizer=none
for runtime in "$(rustc --print target-libdir)"/librustc-*_rt.asan.*; do
    [ ! -e "$runtime" ] || sanitizer=address
done

dictionary() {
    case $1 in
        entry) echo fuzz/dictionaries/entry.dict ;;
        assets | customers | engineers | parts | sla_plans) echo fuzz/dictionaries/table.dict ;;
    esac
}

export RUSTC_BOOTSTRAP=1
python3 fuzz/seeds.py || echo "no python3: the targets begin without seeds"
# shellcheck disable=SC2046 # one word per target
[ $# -gt 0 ] || set -- $(cargo fuzz list)
passed=0 failed=0
for target in "$@"; do
    echo "-- fuzz $target"
    words=$(dictionary "$target")
    if cargo fuzz run --sanitizer "$sanitizer" "$target" -- -max_total_time="${FUZZ_SECONDS:-60}" \
        -malloc_limit_mb=256 -print_final_stats=1 ${words:+-dict="$words"}; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "fuzz result: $passed passed; $failed failed; 0 skipped"
[ "$failed" = 0 ]
