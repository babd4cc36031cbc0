#!/usr/bin/env bash
# Does this machine have what a suite needs?  scripts/need.sh SUITE
#
# Exit 0: everything is there, or was installed now. Exit 1: it is not, and standard output holds one line that says
# what is missing and how to get it. Installs as root, with CI=true or with INSTALL=1; asks on a terminal; else skips.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
. scripts/tools.sh

suite=${1:?usage: scripts/need.sh SUITE}
case $suite in
    # One of its tests is shared with other languages and has its office in Python.
    rust | long) tools="cc python3" ;;
    bench) tools="cc" ;;
    browser) tools="cc node npm chromium cjk" ;;
    encrypted) tools="cc crypto" ;;
    python) tools="cc python3" ;;
    targets) tools="cc python3" ;;
    swift) tools="cc python3" ;;
    kotlin) tools="cc python3 mvn java cjk gl" ;;
    *) tools="" ;;
esac

have() {
    case $1 in
        cc) command -v cc || command -v gcc || command -v clang ;;
        node) [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -ge 20 ] ;;
        crypto) echo '#include <openssl/evp.h>' | cc -E - ;;
        chromium) find_chromium ;;
        # Kotlin's compiler and Compose want 17; `jawt` comes with a whole runtime, not with a headless one.
        java) java -version 2>&1 | grep -qE '"(1[7-9]|[2-9][0-9])' && { [ "$(uname)" = Darwin ] || jawt; } ;;
        gl) [ "$(uname)" = Darwin ] || { ldconfig -p | grep -q 'libGL\.so\.1' && ldconfig -p | grep -q 'libX11\.so\.6'; } ;;
        cjk) [ "$(uname)" = Darwin ] || { command -v fc-list && [ -n "$(fc-list :lang=zh-cn family)" ]; } ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

jawt() { find "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")" -name libjawt.so | grep -q .; }

missing() {
    local tool out=""
    for tool in $tools; do have "$tool" || out="$out $tool"; done
    echo "${out# }"
}

# The words of each package manager for our tools.
packages() {
    local tool
    for tool in $2; do
        case $1:$tool in
            apt-get:cc) echo build-essential ;;
            apt-get:crypto) echo libssl-dev ;;
            dnf:crypto) echo openssl-devel ;;
            brew:crypto) echo openssl@3 ;;
            apt-get:node) echo nodejs ;;
            apt-get:mvn) echo maven ;;
            apt-get:java) echo openjdk-17-jre ;;
            apt-get:gl) echo libgl1 libx11-6 ;;
            dnf:mvn | brew:mvn) echo maven ;;
            dnf:java) echo java-17-openjdk ;;
            dnf:gl) echo mesa-libGL libX11 ;;
            brew:java) echo openjdk@17 ;;
            apt-get:cjk) echo fonts-noto-cjk fontconfig ;;
            dnf:cc) echo gcc ;;
            dnf:node) echo nodejs ;;
            dnf:cjk) echo google-noto-sans-cjk-fonts fontconfig ;;
            brew:cc) echo llvm ;;
            brew:npm) echo node ;;
            brew:cjk) echo font-noto-sans-cjk ;;
            brew:python3) echo python ;;
            *) echo "$tool" ;;
        esac
    done | tr '\n' ' ' | sed 's/ *$//'
}

manager() { command -v apt-get || command -v dnf || command -v brew || true; }

may_install() {
    [ "$manager" = apt-get ] || return 1
    if [ "$(id -u)" = 0 ] || [ "${CI:-}" = true ] || [ "${INSTALL:-}" = 1 ]; then return 0; fi
    [ -t 0 ] && [ -t 2 ] || return 1
    read -r -p "$suite needs $lacking. Run '$how' now? [y/N] " answer
    [ "$answer" = y ] || [ "$answer" = Y ]
}

apt() {
    local sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 "$@" >&2
}

# Debian 12 still ships node 18. The npm registry carries node's own binaries: a copy for this tree alone.
install_node() {
    local arch=x64
    [ "$(uname -m)" = aarch64 ] && arch=arm64
    npm install --no-audit --no-fund --no-save --prefix target/tools "node-linux-$arch@22" >&2
}

lacking=$(missing)
[ -n "$lacking" ] || exit 0
manager=$(basename "$(manager)")
how="${manager:-your package manager} install $(packages "${manager:-none}" "$lacking")"
if may_install; then
    # shellcheck disable=SC2046 # one word per package
    set -- $(packages apt-get "$lacking")
    # A machine with fresh lists needs no update; one with none or old ones fails fast and gets exactly one.
    apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; } || true
    if ! have node && command -v npm >/dev/null; then install_node || true; fi
fi
lacking=$(missing)
[ -z "$lacking" ] || { echo "missing: $lacking; get it with: $how (or INSTALL=1 make …)"; exit 1; }
