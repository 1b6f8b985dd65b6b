#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/targets/run.sh TARGET...
#
# Builds the agent for other processors and plays its unit, keeper and transcript tests under qemu-user:
# arm64 armhf riscv64 s390x mips mipsel. Installs the cross compiler of a target where it is missing, and
# says so and goes on where it is not to be had. Run it inside the Debian 13 baseline (toolchains/debian13).
# GATEPOST_LONG=yes adds the tests that try every case, minutes each under an emulator, and for arm64 the
# whole program in the lab.
set -eu

cd "$(dirname "$0")/../.."

say() { printf 'targets: %s\n' "$*"; }

triplet_of() {
    case $1 in
    arm64) echo aarch64-linux-gnu ;;
    armhf) echo arm-linux-gnueabihf ;;
    riscv64 | s390x | mips | mipsel) echo "$1-linux-gnu" ;;
    *) return 1 ;;
    esac
}

# have TARGET TRIPLET: its compiler, its C library and an emulator are there, or can be installed.
have() {
    packages="gcc-$2 libc6-dev-$1-cross qemu-user"
    # shellcheck disable=SC2086
    dpkg-query -W $packages >/dev/null 2>&1 && return
    say "$1: installing $packages"
    # shellcheck disable=SC2086
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $packages; } \
        >build/targets.log 2>&1 </dev/null
}

# The -dev packages of arm64, laid out in build/arm64.packages; the baseline's own packages stay as they are.
fetch_packages() {
    into=$PWD/build/arm64.packages
    mkdir -p "$into/debs" "$into/lists/partial"
    set -- -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State::Lists=$into/lists" -o Acquire::Languages=none
    apt-get "$@" update || return 1
    (cd "$into/debs" && apt-get "$@" download libexpat1-dev libc-ares-dev libpaho-mqtt-dev libcjson-dev libmbedtls-dev) || return 1
    for package in "$into"/debs/*.deb; do
        dpkg-deb -x "$package" "$into" || return 1
    done
}

# The release program of arm64 checks a mailbox of the lab, over TLS, under the emulator.
converse() {
    fetch_packages >build/arm64.packages.log 2>&1 </dev/null || {
        say "arm64: the whole program: skipped: its packages are not to be had, see build/arm64.packages.log"
        return 0
    }
    mkdir -p build/arm64-release
    { cmake --preset arm64-release && cmake --build --preset arm64-release -- -j"$(nproc)"; } \
        >build/arm64-release/build.log 2>&1 || {
        say "arm64: the whole program does not build, see build/arm64-release/build.log"
        return 1
    }
    emulated=$PWD/build/arm64-release/emulated
    printf '#!/bin/sh\nexec qemu-aarch64 "%s" "$@"\n' "$PWD/build/arm64-release/gatepost" >"$emulated"
    chmod 755 "$emulated"
    PYTHONDONTWRITEBYTECODE=1 GATEPOST_BINARY=$emulated pytest-3 -q -p no:cacheprovider tests/lab/test_offices.py \
        -k test_healthy_run_calls_each_service_once >build/arm64-release/lab.log 2>&1 || {
        tail -n 30 build/arm64-release/lab.log
        say "arm64: the whole program fails in the lab"
        return 1
    }
    say "arm64: the whole program checks a mailbox of the lab"
}

[ $# -gt 0 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[ -n "$(find /usr/src -maxdepth 1 -name 'mbedtls-3.6*' 2>/dev/null)" ] || {
    say "skipped: no source of Mbed TLS in /usr/src"
    exit 0
}
exhaustive='unit.(budget|budget_file|detection|journal_power)$|keeper.outage'
[ "${GATEPOST_LONG:-no}" = no ] || exhaustive='^$'
failed=
for target in "$@"; do
    triplet=$(triplet_of "$target") || { say "$target is none of them"; exit 64; }
    have "$target" "$triplet" || { say "$target: skipped: its compiler cannot be installed, see build/targets.log"; continue; }
    mkdir -p "build/$target"
    if ! { cmake --preset "$target" && cmake --build --preset "$target" -- -j"$(nproc)"; } >"build/$target/build.log" 2>&1; then
        grep -E 'error|undefined|FAILED' "build/$target/build.log" | head -n 20
        say "$target: does not build, see build/$target/build.log"
        failed="$failed $target"
        continue
    fi
    if ctest --preset "$target" -E "$exhaustive" -j"$(nproc)" >"build/$target/tests.log" 2>&1; then
        # What is skipped asks for Expat or c-ares, which no source package of the baseline brings for a target.
        say "$target: $(grep -c ' Passed ' "build/$target/tests.log") tests passed," \
            "$(grep -c '\*\*\*Skipped' "build/$target/tests.log" || true) skipped for want of a library"
    else
        sed -n '/The following tests FAILED/,$p' "build/$target/tests.log"
        say "$target: tests failed, see build/$target/tests.log"
        failed="$failed $target"
    fi
    if [ "$target" = arm64 ] && [ "${GATEPOST_LONG:-no}" != no ]; then
        converse || failed="$failed arm64-release"
    fi
done
[ -z "$failed" ]
