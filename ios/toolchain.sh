#!/usr/bin/env bash
# A Swift toolchain for a Linux machine that has none: Debian 13's packages, unpacked into a folder of their own.
#   ios/toolchain.sh FOLDER
#
# Nothing is installed on the machine itself: apt resolves and fetches with lists of its own under FOLDER, and the packages
# are unpacked, not configured, which a compiler does not need. About 500 MB are fetched, 3 GB stand on the disk.
set -euo pipefail
root=${1:?usage: ios/toolchain.sh FOLDER}
release=trixie
packages=(base-files swiftlang libc6-dev libstdc++-14-dev binutils binutils-gold git ca-certificates python3 bash coreutils)

# The mirror this machine uses already; a proxy in its apt configuration is kept too.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 2>/dev/null |
    sed -nE 's#^(.*/debian/) Debian$#\1#p' | head -1)
mirror=${FIELDLINE_DEBIAN_MIRROR:-${mirror:-http://deb.debian.org/debian/}}

apt="$root/apt"
mkdir -p "$apt"/{lists/partial,archives/partial,etc}
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$apt/etc/sources.list"
own=(-o Dir::State="$apt" -o Dir::State::Lists="$apt/lists" -o Dir::State::Status="$apt/status"
    -o Dir::Cache="$apt" -o Dir::Cache::Archives="$apt/archives" -o Dir::Etc::SourceList="$apt/etc/sources.list"
    -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o APT::Install-Recommends=0 -o APT::Sandbox::User=root -o Acquire::Retries=3 -o Acquire::Languages=none)
apt-get -qq "${own[@]}" update
apt-get -qq -y "${own[@]}" --download-only install "${packages[@]}" >/dev/null

# The links /bin, /lib … come first; what unpacks later goes through them.
dpkg-deb -x "$apt"/archives/base-files_*.deb "$root"
mkdir -p "$root"/{dev,proc,tmp,root,work}
chmod 1777 "$root/tmp"
find "$apt/archives" -name '*.deb' ! -name 'base-files_*' -print0 |
    xargs -0 -n 1 -P "$(nproc)" sh -c 'dpkg-deb --fsys-tarfile "$2" | tar -x --keep-directory-symlink -C "$1"' unpack "$root"
rm -rf "$apt/archives" "$apt/lists"
touch "$root/complete"
