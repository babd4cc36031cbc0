#!/usr/bin/env bash
# The Android app on the JVM: its engine, screens and models, on the real core and the real server.  android/test.sh [TEST]...
#
# With --why-not it prints why it cannot run here, or nothing. Otherwise it builds the library, writes the Kotlin side, compiles
# the very files of the Gradle modules and runs jvm/src/test; the last line is `kotlin result: ok. N passed; N failed; N skipped`.
# SCREENS=all draws every screen on every device; the pictures come to target/android/screens.
set -euo pipefail
cd "$(dirname "$0")/.."

# The native half of Compose's canvas is published for these.
case $(uname -s)-$(uname -m) in
    Linux-x86_64) canvas=linux-x64 ;;
    Linux-aarch64) canvas=linux-arm64 ;;
    Darwin-arm64) canvas=macos-arm64 ;;
    *) canvas="" ;;
esac
# What scripts/need.sh can install does not count as missing.
if [ "${1:-}" = --why-not ]; then
    [ -n "$canvas" ] || echo "screens cannot be drawn on $(uname -sm)"
    exit 0
fi

lib=$(scripts/bindings.sh kotlin | tail -1)
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
reports=$PWD/target/android/jvm/surefire-reports
rm -rf "$reports"
mkdir -p target/android
log=target/android/maven.log status=0
# No daemon: it would outlive this script and hold its output open.
MAVEN_OPTS="${MAVEN_OPTS:-} -Xmx2g" mvn -q -B -ntp -Dstyle.color=never -f android/jvm/pom.xml test \
    -Dkotlin.compiler.daemon=false -Dskiko.target="$canvas" -Dcore.sources="$target/bindings/kotlin" \
    -Dcore.lib="$(dirname "$lib")" -Dfieldline.bin="${FIELDLINE_BIN:-$(dirname "$lib")/fieldline}" \
    -Dscreens="${SCREENS:-usual}" ${1:+-Dtest="$1"} 2>&1 | tee "$log" || status=$?

# What Maven cannot fetch says nothing about the app.
if [ "$status" != 0 ] && [ ! -d "$reports" ] && grep -qE 'Could not (resolve|transfer|find artifact)' "$log"; then
    echo "kotlin skipped: Maven could not fetch what the tests need"
    echo "kotlin result: ok. 0 passed; 0 failed; 1 skipped"
    exit 0
fi

# One line of counts from the reports; a suite that did not get so far is one failure.
attribute() { cat "$reports"/TEST-*.xml 2>/dev/null | sed -nE "s/^<testsuite .* $1=\"([0-9]+)\".*/\1/p" | awk '{n += $1} END {print n + 0}'; }
tests=$(attribute tests) failed=$(($(attribute failures) + $(attribute errors))) skipped=$(attribute skipped)
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1 tests=$((tests + 1)); fi
word=ok
[ "$failed" = 0 ] || word=FAILED
# Below what Maven leaves of its colours.
echo
echo "kotlin result: $word. $((tests - failed - skipped)) passed; $failed failed; $skipped skipped"
[ "$failed" = 0 ]
