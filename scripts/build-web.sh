#!/usr/bin/env bash
# Builds the web app into app/web/dist, from where the program takes it in. Packages are installed
# again only when their lock has changed.
set -euo pipefail
cd "$(dirname "$0")/../app/web"

if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --no-audit --no-fund
fi
npm run --silent build
