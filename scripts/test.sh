#!/usr/bin/env bash
# Runs the tests and ends with one line that counts them all.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
scripts/test-web.sh 2>&1 | tee "$log" || status=$?
cargo test --workspace --locked --no-fail-fast "$@" 2>&1 | tee -a "$log" || status=$?
awk '
    /^test result:/ { passed += $4; failed += $6 }
    # Vitest: "Tests  1 failed | 41 passed (42)"
    /^ *Tests +/ { for (n = 2; n < NF; n++) { if ($(n + 1) == "passed") passed += $n; if ($(n + 1) == "failed") failed += $n } }
    END { printf "\n%d passed, %d failed\n", passed, failed }
' "$log"
exit "$status"
