#!/usr/bin/env bash
# Builds the core as a library and writes its foreign sides.  scripts/bindings.sh [kotlin|swift|python]...
#
# They come to target/bindings/LANGUAGE; without a language, all three. The last line names the library. Where
# FIELDLINE_LIB is set, that one is taken as it is; otherwise what `cargo test --workspace` leaves is brought up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

case $(uname) in
    Darwin) library=libfieldline_bindings.dylib ;;
    *) library=libfieldline_bindings.so ;;
esac
target=${CARGO_TARGET_DIR:-target}
[ $# -gt 0 ] || set -- kotlin swift python
if [ -z "${FIELDLINE_LIB:-}" ]; then
    # The whole workspace, because only then features are the same as in its tests, and nothing is built twice.
    cargo build --quiet --workspace --lib --bins
fi
lib=${FIELDLINE_LIB:-$target/debug/$library}
for language in "$@"; do
    out=$target/bindings/$language
    rm -rf "$out"
    mkdir -p "$out"
    "$target/debug/fieldline-bindgen" "$lib" "$language" "$out"
done
if [ "$lib" != "$target/debug/$library" ]; then
    echo "$lib"
else
    echo "$(cd "$target" && pwd)/debug/$library"
fi
