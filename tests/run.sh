#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/run.sh [--long]
#
# Prepares, builds and runs every test: style, the sanitised unit and transcript tests, the fuzz targets,
# then unit, transcript, drift, command line and lab tests on the ordinary build, against real servers.
# Inside the Debian 13 baseline (toolchains/debian13), which it makes where the machine is another.
# The agent of a processor of the other byte order and of one of 32 bits is tested under an emulator, and in the lab, too.
# --long adds the soaks: five minutes for each fuzz target, ten for the agent under faults, and clang-tidy over the whole;
# and all processors.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd -P)
long=no
for argument in "$@"; do
    case $argument in
    --long) long=yes ;;
    *)
        sed -n '3,10s/^# \{0,1\}//p' "$0" >&2
        exit 64
        ;;
    esac
done

if [ -z "${GATEPOST_INSIDE:-}" ]; then
    exec "$here/toolchains/debian13" env GATEPOST_INSIDE=1 "$here/tests/run.sh" "$@"
fi

cd "$here"
step() { printf '\n== %s\n' "$*"; }
build() {
    mkdir -p "build/$1"
    if ! { cmake --preset "$1" && cmake --build --preset "$1" -- -j"$(nproc)"; } >"build/$1/build.log" 2>&1; then
        cat "build/$1/build.log"
        exit 1
    fi
}

[ "$long" = no ] || export GATEPOST_LONG=yes GATEPOST_FUZZ_SECONDS=300 GATEPOST_SOAK_SECONDS=600

step "style"
find agent port tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +

step "build: address and undefined behaviour sanitisers, fuzz targets"
build asan
step "unit and transcript tests, sanitised; fuzz targets, 20 s each"
ctest --preset asan -LE 'lab|package' -E 'uplink|system.doctor|agent.memory' -j"$(nproc)" # those measure memory, or put another clock below

step "build: release, no more than 2 % bigger than before"
build release
if [ "$long" = yes ]; then
    python3 tests/bench/figures.py --compare program arm64 armhf riscv64 s390x mips mipsel
else
    python3 tests/bench/figures.py --compare program s390x mipsel
fi
step "build: debug"
build debug
if [ "$long" = yes ]; then
    step "clang-tidy"
    find agent port -name '*.c' -print0 | xargs -0 -P"$(nproc)" -n8 clang-tidy --quiet -p build/debug
fi
step "other processors"
if [ "$long" = yes ]; then
    tests/targets/run.sh arm64 armhf riscv64 s390x mips mipsel
else
    tests/targets/run.sh s390x mipsel
fi
step "all tests"
ctest --preset debug -j"$(nproc)"
