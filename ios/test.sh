#!/usr/bin/env bash
# The iOS app's tests that need no Mac: its package against the real core and the real server, and whether its screens parse.
#   ios/test.sh              ends with `swift result: ok. N passed; N failed; N skipped`
#   ios/test.sh --why-not    prints why it cannot run here, or nothing
#
# Without a swift on the PATH it uses one in a folder of its own (ios/swift.sh); FIELDLINE_SWIFT_ROOT names that folder.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=$PWD
kit=ios/Kit

if [ "${1:-}" = --why-not ]; then
    if [ "$(uname -s)" = Darwin ]; then
        echo "on a Mac, Xcode builds and tests the app: see ios/README.md"
    else
        ios/swift.sh --why-not
    fi
    exit
fi

# A toolchain that cannot be fetched says nothing about the app.
ios/swift.sh true || {
    echo "swift skipped: no toolchain could be fetched"
    echo "swift result: ok. 0 passed; 0 failed; 1 skipped"
    exit 0
}

# The core and its Swift side, put where the package looks for them. Files that did not change are not touched, so that
# nothing is compiled for them.
put() { cmp -s "$1" "$2" || { mkdir -p "$(dirname "$2")" && cp "$1" "$2"; }; }
lib=$(scripts/bindings.sh swift | tail -1)
put "$lib" "$kit/Core/$(basename "$lib")"
put target/bindings/swift/FieldlineCoreFFI.h "$kit/Core/FieldlineCoreFFI/FieldlineCoreFFI.h"
put target/bindings/swift/FieldlineCoreFFI.modulemap "$kit/Core/FieldlineCoreFFI/module.modulemap"
put target/bindings/swift/FieldlineCore.swift "$kit/Sources/Engine/Generated/FieldlineCore.swift"

# The program, where a folder with nothing but this tree in it can see it.
bin=$(realpath "${FIELDLINE_BIN:-${CARGO_TARGET_DIR:-target}/debug/fieldline}")
case $bin in
    "$tree"/*) ;;
    *) put "$bin" target/swift-bin/fieldline && bin=$tree/target/swift-bin/fieldline ;;
esac

passed=0 failed=0
check() {
    local name=$1
    shift
    if "$@"; then passed=$((passed + 1)) && echo "$name: ok"; else failed=$((failed + 1)) && echo "$name: FAILED"; fi
}

mapfile -t screens < <(find ios/App -name '*.swift' | sort)
mapfile -t sources < <(find ios/App "$kit/Package.swift" "$kit/Sources" "$kit/Tests" -name '*.swift' -not -path '*/Generated/*' | sort)
check "every file of the app parses" ios/swift.sh swiftc -parse -swift-version 6 "${screens[@]}"
check "every file is formatted" ios/swift.sh swift format lint --strict --configuration ios/.swift-format "${sources[@]}"

log=target/swift-test.log
options=(--package-path "$kit" --scratch-path target/swift --disable-sandbox)
ios/swift.sh swift build --quiet --build-tests "${options[@]}" || {
    echo "swift result: FAILED. $passed passed; $((failed + 1)) failed; 0 skipped"
    exit 1
}
status=0
# A hang is a failure, and has no other way to say so.
ios/swift.sh env FIELDLINE_BIN="$bin" timeout 420 swift test --skip-build "${options[@]}" >"$log" 2>&1 || status=$?
grep -vE '^(◇|Test Suite|\[[0-9]|[[:space:]]Executed 0)' "$log" || true

count() { grep -cE "$1" "$log" || true; }
passed=$((passed + $(count '^[^ ]+ Test [^ ]+\(\) passed after')))
failed=$((failed + $(count '^[^ ]+ Test [^ ]+\(\) failed after')))
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
word=ok.
[ "$failed" = 0 ] || word=FAILED.
echo "swift result: $word $passed passed; $failed failed; 0 skipped"
[ "$failed" = 0 ]
