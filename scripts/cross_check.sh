#!/usr/bin/env bash
# Type-checks packages for a phone's target where the target's std cannot be installed.  scripts/cross_check.sh TARGET [cargo arguments]
#
# std is built from its own source, an archive of the directory `library` of this very compiler: FIELDLINE_STD_SOURCE names it,
# and without that it is looked for beside the repository. C build scripts run against stub compilers, because nothing is linked:
# nothing of this runs on a phone. Exit code 77: it cannot be done here, and standard error says why; with --why-not instead of a
# target, that is all that is looked at.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?usage: scripts/cross_check.sh TARGET [cargo arguments]}
shift

version=$(rustc -V | cut -d' ' -f2)
archive=${FIELDLINE_STD_SOURCE:-$(ls ../shared/mobile/rust-"$version"-library.tar.xz 2>/dev/null || true)}
[ -r "${archive:-/nowhere}" ] || { echo "the source of rust $version's std is not there (FIELDLINE_STD_SOURCE)" >&2; exit 77; }
for tool in python3 gcc tar xz; do
    command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 77; }
done
cache=${XDG_CACHE_HOME:-$HOME/.cache}/rust-std-$version
if [ ! -d "$cache/library" ]; then
    rm -rf "$cache.tmp."*
    mkdir -p "$cache.tmp.$$"
    tar -C "$cache.tmp.$$" -xJf "$archive"
    mv "$cache.tmp.$$" "$cache"
fi
want=$(cat "$cache/git-commit-hash")
have=$(rustc -vV | sed -n 's/^commit-hash: //p')
[ "$want" = "$have" ] || { echo "rustc is $have, the source of std is $want" >&2; exit 77; }

[ "$target" != --why-not ] || exit 0

export RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT="$cache/library"
under=${target//-/_}
export "CC_$under=$PWD/scripts/stubcc/cc" "CXX_$under=$PWD/scripts/stubcc/c++" "AR_$under=$PWD/scripts/stubcc/ar"
case $target in *apple*) SDKROOT=$(mktemp -d) && export SDKROOT ;; esac
exec cargo check -Zbuild-std=std,panic_abort,panic_unwind --target "$target" "$@"
