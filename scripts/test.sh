#!/usr/bin/env bash
# Runs the tests and ends with one line that counts them all.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test --workspace --locked --no-fail-fast "$@" 2>&1 | tee "$log" || status=$?
awk '
    /^test result:/ { passed += $4; failed += $6 }
    END { printf "\n%d passed, %d failed\n", passed, failed }
' "$log"
exit "$status"
