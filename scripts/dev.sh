#!/usr/bin/env bash
# The web app from source on http://localhost:5173, and behind it the server, built and started again
# whenever one of its files changes.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOCUVAULT_ENV=development
server= web=
trap 'for pid in $server $web; do kill "$pid" 2>/dev/null || true; done' EXIT

[ -d app/web/node_modules ] || npm --prefix app/web ci --no-audit --no-fund
(cd app/web && exec node_modules/.bin/vite) &
web=$!

stamp() {
    find app domain adapters migration Cargo.lock \( -name target -o -path app/web \) -prune -o -type f -newer "$1" -print -quit
}
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
