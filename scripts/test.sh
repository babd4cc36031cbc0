#!/usr/bin/env bash
# Runs suites one after the other and sums them up.  scripts/test.sh SUITE...
#
# A failing suite does not stop the next one; the exit code tells at the end. The last line of output is always
# `N passed, N failed, N skipped`. A suite that cannot run here counts as one skipped, and the summary says why.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
. scripts/tools.sh
export CARGO_TERM_COLOR=never
logs=target/suites
mkdir -p "$logs"

suite_rust() { cargo test --workspace --no-fail-fast; }

# The same simulator with far more seeds, and what is marked #[ignore] for its length. Our own crates are optimised a
# little, which takes a third off a seed; debug assertions stay on.
suite_long() {
    CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_TEST_OPT_LEVEL=1 \
        FIELDLINE_SEEDS=${FIELDLINE_SEEDS:-2000} cargo test --workspace --tests --no-fail-fast -- --include-ignored || return 1
    cargo test --workspace --features fieldline-tests/encrypted --test faults --no-fail-fast
}

# The engine's own tests on stores under SQLCipher, the fault around its key among them.
suite_encrypted() { cargo test --package fieldline-engine --features encrypted,testing --lib --no-fail-fast; }

suite_fuzz() { scripts/fuzz.sh; }

suite_browser() {
    if [ -z "${FIELDLINE_BIN:-}" ]; then
        cargo build --quiet --package fieldline || return 1
    fi
    npm ci --no-audit --no-fund --silent --prefix tests/browser || return 1
    CHROMIUM=$(find_chromium) node tests/browser/run.mjs
}

# What a suite of the apps runs. Each script prints `SUITE result: ok. N passed; N failed; N skipped` at its end, and with
# --why-not a line that says why it cannot run here, or nothing.
script_of() {
    case $1 in
        python) echo bindings/python/test.sh ;;
        kotlin) echo android/test.sh ;;
        swift) echo ios/test.sh ;;
        targets) echo scripts/targets.sh ;;
        fuzz) echo scripts/fuzz.sh ;;
    esac
}
suite_python() { "$(script_of python)"; }
suite_kotlin() { "$(script_of kotlin)"; }
suite_swift() { "$(script_of swift)"; }
suite_targets() { "$(script_of targets)"; }

# Prints why a suite cannot run here; nothing when it can.
not_here() {
    local script
    script=$(script_of "$1")
    [ -n "$script" ] || return 0
    if [ -x "$script" ]; then "$script" --why-not; else echo "$script is not there yet"; fi
}

# "passed failed skipped" of one log, from libtest's and run.mjs's result lines.
count() {
    sed -nE 's/^(test|browser|fuzz|python|kotlin|swift|targets) result: .*[^0-9]([0-9]+) passed; ([0-9]+) failed; ([0-9]+) (ignored|skipped).*/\2 \3 \4/p' "$1" |
        awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}'
}

passed=0 failed=0 skipped=0 summary=""
for suite in "$@"; do
    start=$SECONDS status=0
    why=$(not_here "$suite")
    [ -n "$why" ] || why=$(scripts/need.sh "$suite") || true
    if [ -n "$why" ]; then
        p=0 f=0 s=1 word="skipped: $why"
        echo "$suite: $word"
    else
        # need.sh may just have fetched a tool.
        # shellcheck source=scripts/tools.sh
        . scripts/tools.sh
        echo "== $suite"
        "suite_$suite" 2>&1 | tee "$logs/$suite.log" || status=$?
        read -r p f s < <(count "$logs/$suite.log")
        # A suite that broke before its tests could report (a compile error) is one failure.
        [ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
        word="ran, $p passed, $f failed, $s skipped"
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    summary+=$(printf '  %-8s %4d s  %s' "$suite" $((SECONDS - start)) "$word")$'\n'
done

printf '\nSuites (%d s in all):\n%s\n' "$SECONDS" "$summary"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
