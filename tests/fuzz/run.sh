#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/fuzz/run.sh TARGET FOUND CORPUS: searches for GATEPOST_FUZZ_SECONDS (20 when that is not set).
set -eu
exec "$1" -max_total_time="${GATEPOST_FUZZ_SECONDS:-20}" -rss_limit_mb=512 -max_len=32768 -timeout=20 \
    -print_final_stats=1 "$2" "$3"
