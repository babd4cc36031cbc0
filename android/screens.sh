#!/usr/bin/env bash
# Draws every screen in every state, language, scheme and size to target/android/screens, and renews the selection in
# docs/screens.  android/screens.sh
set -euo pipefail
cd "$(dirname "$0")/.."

SCREENS=all android/test.sh fieldline.render.ScreensTest
out=target/android/screens
show() { cp "$out/$1.$2.png" "docs/screens/android-$1.$2.png"; }

show today phone.zh.light
show today phone.en.dark
show ticket phone.zh.light
show ticket tablet.zh.light
show ticket-pause phone.en.dark
show checklist phone.zh.light
show report-sign phone.zh.light
show parts-use phone.zh.light
show article phone.en.dark
show truth phone.zh.light
show truth phone-large.en.light
show enrol phone.zh.light
