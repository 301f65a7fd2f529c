#!/usr/bin/env bash
# Builds and serves from source, again whenever a source file changes.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOCUVAULT_ENV=development
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

stamp() { find app domain adapters migration Cargo.lock -name target -prune -o -type f -newer "$1" -print -quit; }
mark=$(mktemp)
while true; do
    touch "$mark"
    if cargo build -p docuvault; then
        [ -z "$server" ] || { kill "$server" && wait "$server"; } || true
        "${CARGO_TARGET_DIR:-target}/debug/docuvault" serve &
        server=$!
    fi
    until [ -n "$(stamp "$mark")" ]; do sleep 1; done
done
