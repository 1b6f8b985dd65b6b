#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/targets/run.sh TARGET...
#
# Builds the agent for other processors - arm64 armhf riscv64 s390x mips mipsel - and plays its unit, keeper and
# transcript tests under qemu-user; then each program checks a mailbox of the lab. Installs the cross compiler of a
# target where it is missing, and says so and goes on where it is not to be had. Run it inside the Debian 13 baseline
# (toolchains/debian13). GATEPOST_LONG=yes adds the tests that try every case, minutes each under an emulator, and the
# release program, where Debian has its libraries for the target.
set -eu

cd "$(dirname "$0")/../.."
sources=build/sources
emulated=build/emulated

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
    [ "$(dpkg-query -W -f '${db:Status-Status} ' $packages 2>/dev/null)" = "installed installed installed " ] && return
    say "$1: installing $packages"
    # shellcheck disable=SC2086
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $packages; } \
        >build/targets.log 2>&1 </dev/null
}

# have_source PACKAGE: Debian's source of it is in build/sources, or can be fetched.
have_source() {
    [ ! -d "$sources/$1" ] || return 0
    rm -rf "$sources/$1".* "$sources/$1"_*
    mkdir -p "$sources/$1.new"
    (
        cd "$sources"
        apt-get -q source --tar-only "$1" && tar -x --strip-components=1 -C "$1.new" -f "$1"_*.orig.tar.?z
    ) >>build/targets.log 2>&1 </dev/null && mv "$sources/$1.new" "$sources/$1"
}

# built PRESET: it is, or what is wrong has been told.
built() {
    mkdir -p "build/$1"
    if { cmake --preset "$1" && cmake --build --preset "$1" -- -j"$(nproc)"; } >"build/$1/build.log" 2>&1; then
        return
    fi
    grep -E 'error|undefined|FAILED' "build/$1/build.log" | head -n 20
    say "$1: does not build, see build/$1/build.log"
    return 1
}

# tested TARGET: its tests have passed, or which have not has been told.
tested() {
    if ! ctest --preset "$1" -E "$exhaustive" -j"$(nproc)" >"build/$1/tests.log" 2>&1; then
        sed -n '/The following tests FAILED/,$p' "build/$1/tests.log"
        say "$1: tests failed, see build/$1/tests.log"
        return 1
    fi
    skipped=$(grep -c '\*\*\*Skipped' "build/$1/tests.log" || true)
    [ "$skipped" = 0 ] || skipped="$skipped for want of Expat"
    say "$1: $(grep -c ' Passed ' "build/$1/tests.log") tests passed, skipped: $skipped"
}

# emulate NAME TRIPLET PROGRAM [ASSIGNMENT]: the command build/emulated/NAME starts the program.
emulate() {
    mkdir -p "$emulated"
    printf '#!/bin/sh\n%s exec qemu-%s "%s" "$@"\n' "${4:-}" "${2%%-*}" "$PWD/build/$3" >"$emulated/$1"
    chmod 755 "$emulated/$1"
    programs="$programs $PWD/$emulated/$1"
}

# packages TARGET TRIPLET: its -dev packages are laid out in build/TARGET.packages; the baseline's own stay as they are.
packages() {
    into=$PWD/build/$1.packages
    [ ! -e "$into/complete" ] || return 0
    mkdir -p "$into/debs" "$into/lists/partial"
    set -- -q -o "APT::Architecture=$1" -o "APT::Architectures=$1" -o "Dir::State::Lists=$into/lists" -o Acquire::Languages=none
    apt-get "$@" update || return 1
    (cd "$into/debs" && apt-get "$@" download libexpat1-dev libc-ares-dev libpaho-mqtt-dev libcjson-dev libmbedtls-dev) || return 1
    for package in "$into"/debs/*.deb; do
        dpkg-deb -x "$package" "$into" || return 1
    done
    touch "$into/complete"
}

# whole TARGET TRIPLET: the release program can be emulated, or why not has been told.
whole() {
    case $1 in
    mips | mipsel) return ;; # Debian 13 has only the compilers
    esac
    packages "$1" >"build/$1.packages.log" 2>&1 </dev/null || {
        say "$1: the release program: skipped: its packages are not to be had, see build/$1.packages.log"
        return 0
    }
    built "$1-release" || return 1
    emulate "$1-release" "$2" "$1-release/gatepost"
}

# Every program that can be emulated checks a mailbox of the lab.
converse() {
    PYTHONPATH=tests/lab PYTHONDONTWRITEBYTECODE=1 GATEPOST_EMULATED=$programs \
        pytest-3 -v -p conftest -p no:cacheprovider tests/targets/test_conversation.py >"$emulated/lab.log" 2>&1 && status=0 || status=$?
    case $status in
    0) say "the lab: a mailbox was checked by$(for program in $programs; do printf ' %s' "${program##*/}"; done)" ;;
    77) say "the lab: skipped: it makes network namespaces, which only root can" ;;
    *)
        grep -E '^(E  |FAILED|ERROR)' "$emulated/lab.log" | head -n 20
        say "the lab: a check has failed, see $emulated/lab.log"
        return 1
        ;;
    esac
}

[ $# -gt 0 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
mkdir -p build
[ -n "$(find /usr/src -maxdepth 1 -name 'mbedtls-3.6*' 2>/dev/null)" ] || {
    say "skipped: no source of Mbed TLS in /usr/src"
    exit 0
}
have_source cmocka || { apt-get -q update >>build/targets.log 2>&1 </dev/null && have_source cmocka; } || {
    say "skipped: the source of cmocka is not to be had, see build/targets.log"
    exit 0
}
without=GATEPOST_WITHOUT_EXPAT=yes
! have_source expat || without=
exhaustive='unit.(budget|budget_file|detection|journal_power)$|keeper.outage'
[ "${GATEPOST_LONG:-no}" = no ] || exhaustive='^$'
failed=
programs=
for target in "$@"; do
    triplet=$(triplet_of "$target") || { say "$target is none of them"; exit 64; }
    have "$target" "$triplet" || { say "$target: skipped: its compiler cannot be installed, see build/targets.log"; continue; }
    built "$target" || { failed="$failed $target"; continue; }
    tested "$target" || failed="$failed $target"
    emulate "$target" "$triplet" "$target/gatepost-with-stand-ins" "$without"
    [ "${GATEPOST_LONG:-no}" = no ] || whole "$target" "$triplet" || failed="$failed $target-release"
done
[ -z "$programs" ] || converse || failed="$failed lab"
[ -z "$failed" ]
