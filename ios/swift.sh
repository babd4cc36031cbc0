#!/usr/bin/env bash
# Runs a command where Swift is.  ios/swift.sh COMMAND...      ios/swift.sh --why-not
#
# With a `swift` on the PATH that is here. Otherwise it is the folder that ios/toolchain.sh fills: the command runs inside it as
# root, with this tree under the same path, and all mounts end with the command. --why-not prints why neither can be, or nothing.
set -euo pipefail
tree=$(cd "$(dirname "$0")/.." && pwd)
root=$(realpath -m "${FIELDLINE_SWIFT_ROOT:-$tree/target/tools/swift}")
room_mb=4500

why_not() {
    command -v swift >/dev/null && return
    [ "$(uname -s)" = Linux ] || { echo "no swift here"; return; }
    [ "$(uname -m)" = x86_64 ] || [ "$(uname -m)" = aarch64 ] || { echo "no swift here, and Debian has none for $(uname -m)"; return; }
    [ "$(id -u)" = 0 ] || { echo "no swift here, and only root can use one in a folder of its own"; return; }
    # The compiler reads /proc, so the folder needs one.
    unshare --mount true 2>/dev/null || { echo "no swift here, and this machine lets nobody mount /proc for one"; return; }
    [ -e "$root/complete" ] && return
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
        { echo "no swift here, and no apt-get to fetch one"; return; }
    [ -e "$(keyring)" ] || { echo "no swift here, and no Debian keyring to check one with"; return; }
    [ "$(df -Pm "$tree" | awk 'END {print $4}')" -ge "$room_mb" ] || echo "no swift here, and no $room_mb MB free to unpack one"
}
keyring() { echo /usr/share/keyrings/debian-archive-keyring.gpg; }

if [ "${1:-}" = --why-not ]; then why_not; exit; fi
if command -v swift >/dev/null; then
    cd "$tree"
    exec "$@"
fi
why=$(why_not)
[ -z "$why" ] || { echo "ios/swift.sh: $why" >&2; exit 1; }
if ! [ -e "$root/complete" ]; then
    echo "unpacking a Swift toolchain into $root (a minute or two, 3 GB)" >&2
    "$tree/ios/toolchain.sh" "$root"
fi
mkdir -p "$root$tree"
# shellcheck disable=SC2016 # the inner shell's words
exec unshare --mount bash -euc '
    root=$1 tree=$2; shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --bind "$tree" "$root$tree"
    exec chroot "$root" /usr/bin/env -i PATH=/usr/libexec/swift/bin:/usr/bin:/bin HOME=/root LANG=C.UTF-8 \
        bash -c '\''cd "$1"; shift; exec "$@"'\'' in "$tree" "$@"
' mounts "$root" "$tree" "$@"
