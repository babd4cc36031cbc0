#!/usr/bin/env bash
# Is the core still one that phones' compilers take?  scripts/targets.sh [TARGET]...
#
# Type-checks the bindings, and with them the engine and the model, for phones' targets: with rustup's std where it is installed or
# can be, otherwise with std's own source (scripts/cross_check.sh). Without arguments one Android and one iOS target are checked;
# FIELDLINE_TARGETS=all takes every one. With --why-not it prints why it cannot run here, or nothing. The last line is
# `targets result: ok. N passed; N failed; N skipped`.
set -euo pipefail
cd "$(dirname "$0")/.."

all="aarch64-linux-android armv7-linux-androideabi x86_64-linux-android aarch64-apple-ios aarch64-apple-ios-sim"
few="aarch64-linux-android aarch64-apple-ios"

has_std() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }
# What is installed without asking is what scripts/need.sh would install so.
may_install() { [ "$(id -u)" = 0 ] || [ "${CI:-}" = true ] || [ "${INSTALL:-}" = 1 ]; }
get_std() { has_std "$1" || { may_install && timeout 60 rustup target add "$1" >/dev/null 2>&1 && has_std "$1"; }; }

if [ "${1:-}" = --why-not ]; then
    if ! has_std aarch64-linux-android && ! why=$(scripts/cross_check.sh --why-not 2>&1); then
        get_std aarch64-linux-android || echo "no std for phones: rustup cannot install one, and $why"
    fi
    exit 0
fi

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2086 # one word per target
    if [ "${FIELDLINE_TARGETS:-}" = all ]; then set -- $all; else set -- $few; fi
fi
passed=0 failed=0 skipped=0
for target in "$@"; do
    status=0 start=$SECONDS how="rustup's std"
    if has_std "$target" || ! scripts/cross_check.sh --why-not 2>/dev/null && get_std "$target"; then
        # C is compiled by stubs here too: an NDK or an SDK is not what is asked for.
        under=${target//-/_} sdk=()
        # Only the place of an SDK is asked for.
        case $target in *apple*) sdk=("SDKROOT=$(mktemp -d)") ;; esac
        env "${sdk[@]+"${sdk[@]}"}" "CC_$under=$PWD/scripts/stubcc/cc" "CXX_$under=$PWD/scripts/stubcc/c++" "AR_$under=$PWD/scripts/stubcc/ar" \
            cargo check --locked --target "$target" --package fieldline-bindings || status=$?
    else
        how="std's source"
        scripts/cross_check.sh "$target" --locked --package fieldline-bindings || status=$?
    fi
    case $status in
        0) passed=$((passed + 1)) word=ok ;;
        77) skipped=$((skipped + 1)) word=skipped ;;
        *) failed=$((failed + 1)) word=FAILED ;;
    esac
    echo "$target: $word with $how in $((SECONDS - start)) s"
done
word=ok
[ "$failed" = 0 ] || word=FAILED
echo "targets result: $word. $passed passed; $failed failed; $skipped skipped"
[ "$failed" = 0 ]
