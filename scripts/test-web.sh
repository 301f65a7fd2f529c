#!/usr/bin/env bash
# Lints, types, unit tests and budgets of the web app, which must have been built.
set -euo pipefail
cd "$(dirname "$0")/../app/web"
export NO_COLOR=1
unset FORCE_COLOR

npm run --silent lint
npm run --silent typecheck
npm run --silent check:api
npm run --silent budget
npm run --silent test
