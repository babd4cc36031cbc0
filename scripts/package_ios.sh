#!/usr/bin/env bash
# The core for iOS: an XCFramework and the Swift side, where the Swift package looks.  scripts/package_ios.sh, on a Mac
#
# Needs Xcode. Writes target/ios/FieldlineCore.xcframework for devices and simulators, target/ios/FieldlineCore.swift, the zip that
# a Swift package can name by its address, and its checksum; and puts the first two into ios/Kit, where the package expects them.
# ENCRYPTED=1 builds the store under SQLCipher.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(uname)" = Darwin ] || { echo "an XCFramework is made on a Mac, with Xcode" >&2; exit 1; }

out=target/ios
features=()
[ "${ENCRYPTED:-}" != 1 ] || features=(--features encrypted)
export IPHONEOS_DEPLOYMENT_TARGET=17.0

scripts/bindings.sh swift
rm -rf "$out"
mkdir -p "$out/headers/FieldlineCoreFFI"
cp target/bindings/swift/FieldlineCore.swift "$out/"
cp target/bindings/swift/FieldlineCoreFFI.h "$out/headers/FieldlineCoreFFI/"
# One module map of this name and no other may lie there.
cp target/bindings/swift/FieldlineCoreFFI.modulemap "$out/headers/FieldlineCoreFFI/module.modulemap"

rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios
for target in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios; do
    # A static library is stripped when the app is linked.
    CARGO_PROFILE_PHONE_STRIP=none cargo rustc --locked --target "$target" --package fieldline-bindings --lib \
        --profile phone --crate-type staticlib "${features[@]+"${features[@]}"}"
done
mkdir -p "$out/simulator"
lipo -create -output "$out/simulator/libfieldline_bindings.a" \
    target/aarch64-apple-ios-sim/phone/libfieldline_bindings.a target/x86_64-apple-ios/phone/libfieldline_bindings.a
xcodebuild -create-xcframework \
    -library target/aarch64-apple-ios/phone/libfieldline_bindings.a -headers "$out/headers" \
    -library "$out/simulator/libfieldline_bindings.a" -headers "$out/headers" \
    -output "$out/FieldlineCore.xcframework"

ditto -c -k --keepParent "$out/FieldlineCore.xcframework" "$out/FieldlineCore.xcframework.zip"
swift package compute-checksum "$out/FieldlineCore.xcframework.zip" | tee "$out/FieldlineCore.xcframework.zip.sha256"
if [ -d ios/Kit ]; then
    mkdir -p ios/Kit/Core ios/Kit/Sources/Engine/Generated
    rm -rf ios/Kit/Core/FieldlineCore.xcframework
    cp -R "$out/FieldlineCore.xcframework" ios/Kit/Core/
    cp "$out/FieldlineCore.swift" ios/Kit/Sources/Engine/Generated/
fi
