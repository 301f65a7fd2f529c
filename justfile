# The verbs of this project. Where `just` is not installed, `npx -y rust-just` runs it.

set shell := ["bash", "-euo", "pipefail", "-c"]

just := quote(just_executable())
target := env("CARGO_TARGET_DIR", justfile_directory() / "target")
compose := "docker compose -f deploy/docker-compose.yml"

# Show the verbs
default:
    @{{ just }} --list --unsorted

# Build the web app and the release binary, and start the vault on http://localhost:8080
run *args: build-web
    cargo build --release --locked -p docuvault
    @echo
    @echo "Open http://localhost:8080/setup, enter the setup code that is printed below, and make your account."
    @echo "Then drop a document on the page, or take folders in from another terminal:"
    @echo "  {{ target }}/release/docuvault import --user YOUR-HANDLE ~/Documents"
    @echo "Ctrl-C stops it."
    @echo
    {{ quote(target / "release/docuvault") }} serve {{ args }}

# Build the web app, which the binary takes in
build-web:
    scripts/build-web.sh

# Format, lints, documentation, then all tests, on SQLite and on PostgreSQL + Redis + S3, of the web app as well
test *args: build-web
    scripts/setup-test-services.sh
    {{ just }} check
    scripts/test.sh {{ args }}

# Format, lints, types, documentation
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --locked

# Run from source, again on every change: the app on http://localhost:5173, the server behind it
dev:
    scripts/dev.sh

# Start PostgreSQL, the S3 server, Redis and the vault in containers
up:
    [ -f deploy/.env ] || install -m 600 deploy/.env.example deploy/.env
    grep -q '^DOCUVAULT_SECRET_KEY=' deploy/.env || echo "DOCUVAULT_SECRET_KEY=$(openssl rand -base64 32)" >> deploy/.env
    {{ compose }} up -d --build --wait

# Stop them
down:
    {{ compose }} down

# Follow their logs
logs *services:
    {{ compose }} logs -f {{ services }}

# Write again what is made from the code: docs/configuration.md, docs/openapi.json
generate:
    scripts/generate.sh

# Take twelve pictures of the web app, two of them for the README
pictures: build-web
    cargo build --locked -p docuvault
    cd app/web && DOCUVAULT_BIN={{ quote(target / "debug/docuvault") }} node scripts/pictures.mjs

# Measure; prints the figures with the machine's description
bench *args:
    cargo bench --locked -p docuvault --bench vault -- {{ args }}

# How much of the text of the PDF files below a folder is read, beside pdftotext and PDFium
eval-extraction folder *args:
    cargo build --release --locked -p docuvault
    [ -x .venv/bin/python ] || python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check pypdfium2==5.15.2
    .venv/bin/python scripts/eval-extraction.py {{ quote(target / "release/docuvault") }} {{ quote(folder) }} {{ args }}

# What becomes of hostile files below a folder, each handed in to a fresh vault
eval-hostile folder:
    cargo build --release --locked -p docuvault
    python3 scripts/eval-hostile.py {{ quote(target / "release/docuvault") }} {{ quote(folder) }}

# How well the built-in classifier files after 0, 1, 3 and 10 examples a topic
eval-classifier:
    cargo bench --locked -p docuvault-ai --bench filing

# Licences, sources and bans of the dependencies
audit:
    cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
    cargo deny check bans licenses sources
