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

# Prints why a suite cannot run yet; nothing when it can.
not_yet() {
    case $1 in
        python) echo "the Python package of the bindings is not there yet" ;;
        kotlin) echo "the Android app is not there yet" ;;
        swift) echo "the iOS app is not there yet" ;;
        targets) echo "cross-builds for Android and iOS come with the apps, which are not there yet" ;;
        fuzz) scripts/fuzz.sh --why-not ;;
    esac
}

# "passed failed skipped" of one log, from libtest's and run.mjs's result lines.
count() {
    sed -nE 's/^(test|browser|fuzz) result: .*[^0-9]([0-9]+) passed; ([0-9]+) failed; ([0-9]+) (ignored|skipped).*/\2 \3 \4/p' "$1" |
        awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}'
}

passed=0 failed=0 skipped=0 summary=""
for suite in "$@"; do
    start=$SECONDS status=0
    why=$(not_yet "$suite")
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
