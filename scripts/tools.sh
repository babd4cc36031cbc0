# shellcheck shell=bash
# Where our tools are; sourced by the other scripts, from the root of the tree.

# A node that need.sh fetched for this tree comes before an older one of the system.
for dir in target/tools/node_modules/node-linux-*/bin; do
    [ -x "$dir/node" ] && PATH="$PWD/$dir:$PATH"
done
export PATH

# Prints the browser's path: CHROMIUM if set, else the first usual one.
find_chromium() {
    local candidate
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
        [ -n "$candidate" ] && command -v "$candidate" && return 0
    done
    return 1
}
