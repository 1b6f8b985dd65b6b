#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/targets/run.sh TARGET...
#
# Builds the agent for other processors and plays its unit, keeper and transcript tests under qemu-user:
# arm64 armhf riscv64 s390x mips mipsel. Installs the cross compiler of a target where it is missing, and
# says so and goes on where it is not to be had. Run it inside the Debian 13 baseline (toolchains/debian13).
# GATEPOST_LONG=yes adds the tests that try every case: minutes each under an emulator.
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

[ $# -gt 0 ] || { sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
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
done
[ -z "$failed" ]
