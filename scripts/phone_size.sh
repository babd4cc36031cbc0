#!/usr/bin/env bash
# How large is the core in an app?  scripts/phone_size.sh [cargo arguments, such as --features encrypted]
#
# Builds the bindings for this machine as they are built for phones (profile `phone`) and holds the library against its budget: at
# most 8 MB stripped and 3.5 MB gzipped. Exit code 1: it is larger. SIZE_BYTES_MAX and GZIP_BYTES_MAX set other limits.
set -euo pipefail
cd "$(dirname "$0")/.."
stripped_max=${SIZE_BYTES_MAX:-8000000}
gzipped_max=${GZIP_BYTES_MAX:-3500000}

# Alone and as this one kind of library: features stay those of the product, and nothing is optimised twice.
cargo rustc --quiet --locked --package fieldline-bindings --lib --profile phone --crate-type cdylib "$@"
library=$(find "${CARGO_TARGET_DIR:-target}/phone" -maxdepth 1 -name 'libfieldline_bindings.so' -o -maxdepth 1 -name 'libfieldline_bindings.dylib')
stripped=$(wc -c <"$library")
gzipped=$(gzip -9 -c "$library" | wc -c)
printf 'phone size: %d bytes stripped (at most %d), %d bytes gzipped (at most %d)\n' \
    "$stripped" "$stripped_max" "$gzipped" "$gzipped_max"
[ "$stripped" -le "$stripped_max" ] && [ "$gzipped" -le "$gzipped_max" ]
