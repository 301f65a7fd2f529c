#!/usr/bin/env bash
# Writes what is made from the code. The tests fail while any of it is stale.
set -euo pipefail
cd "$(dirname "$0")/.."

run() { cargo run --quiet --locked -p docuvault -- "$@"; }
run config reference > docs/configuration.md
run openapi > docs/openapi.json
