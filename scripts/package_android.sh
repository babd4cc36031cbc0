#!/usr/bin/env bash
# The core for Android: libraries for three ABIs and the Kotlin side, where the Gradle project looks.  scripts/package_android.sh
#
# Needs cargo-ndk and an NDK of r28 or newer (ANDROID_NDK_HOME). Writes target/android/jniLibs and target/android/generated; where
# android/gradlew is, it builds the AAR too. Every library's segments must be aligned to 16 KB pages. Checksums stand in
# target/android/SHA256SUMS. ENCRYPTED=1 builds the store under SQLCipher, which needs perl and make.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${ANDROID_NDK_HOME:?names the NDK, r28 or newer}"
command -v cargo-ndk >/dev/null || { echo "cargo-ndk is missing: cargo install cargo-ndk --locked" >&2; exit 1; }

out=target/android
abis="arm64-v8a armeabi-v7a x86_64"
features=()
[ "${ENCRYPTED:-}" != 1 ] || features=(--features encrypted)

# From the host's library, because a stripped one does not describe itself any more.
scripts/bindings.sh kotlin
rm -rf "$out/jniLibs" "$out/generated"
mkdir -p "$out"
cp -R target/bindings/kotlin "$out/generated"

rustup target add aarch64-linux-android armv7-linux-androideabi x86_64-linux-android
for abi in $abis; do
    cargo ndk --target "$abi" --platform 26 --output-dir "$out/jniLibs" \
        rustc --locked --package fieldline-bindings --lib --profile phone --crate-type cdylib "${features[@]}"
done

readelf=$(find "$ANDROID_NDK_HOME/toolchains/llvm/prebuilt" -name llvm-readelf -type f -o -name llvm-readelf -type l | head -1)
for abi in $abis; do
    library=$out/jniLibs/$abi/libfieldline_bindings.so
    # The last column of a LOAD line is its alignment, in hexadecimal. 32-bit devices have pages of 4 KB.
    least=16384
    [ "$abi" != armeabi-v7a ] || least=4096
    aligned=$("$readelf" -lW "$library" | awk '$1 == "LOAD" {print $NF}')
    [ -n "$aligned" ] || { echo "$library has no segments to load" >&2; exit 1; }
    for bytes in $aligned; do
        [ $((bytes)) -ge "$least" ] || { echo "$library: a segment is aligned to $bytes, $least wanted" >&2; exit 1; }
    done
    printf '%s: %d bytes, %d gzipped\n' "$abi" "$(wc -c <"$library")" "$(gzip -9 -c "$library" | wc -c)"
done

if [ -x android/gradlew ]; then
    (cd android && ./gradlew --no-daemon :engine:assembleRelease)
    cp android/engine/build/outputs/aar/*-release.aar "$out/"
fi
(cd "$out" && find . -type f \( -name '*.so' -o -name '*.aar' -o -name '*.kt' \) -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
cat "$out/SHA256SUMS"
