#!/usr/bin/env python3
"""Makes two vaults for app/tests/it/upgrade.rs to upgrade: one on SQLite, one on PostgreSQL.

    scripts/make-upgrade-fixture.py BINARY FOLDER --database-url postgres://...

BINARY is the docuvault of a release; FOLDER is new and becomes the fixture. The database is an empty one
that is only used meanwhile; psql and pg_dump must be on the PATH and no older than its server.

BINARY itself writes every row and every file: the states that a vault is rarely in come from killing it,
from an AI provider that does not answer and from a disk that fails. Nothing is written past it.
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib

PATIENCE = 60
PASSWORD = "a quiet harbour at dawn"
# The key of the tests, for the vault on PostgreSQL; the one on SQLite makes its own.
SECRET_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
# Leases and waits that must not end before the vault is saved.
LONG = 120

TOPIC = "Singing group"
REHEARSALS = [
    "Chamber choir, plan of rehearsals until Easter. Wednesdays at eight in the old school. Sopranos and "
    "altos begin, tenors and basses join at nine. The Bruckner scores are in the cupboard.",
    "To everybody in the choir: the programme of the concert is chosen. Bruckner, Schein and two madrigals. "
    "The last rehearsal is on Friday in the chapel; altos please come half an hour early.",
    "Notes of the choir's meeting. The conductor thanks the sopranos. Tenors and basses need more voices. "
    "Next concert in the chapel in June, rehearsals go on through May.",
    "Dear all, the choir travels in September. Two rehearsals on the way, with the basses in the second bus, "
    "and a concert in the cathedral. The conductor brings the scores.",
]


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--database-url", required=True)
    asked = arguments.parse_args()
    binary = asked.binary.resolve()
    asked.folder.mkdir(parents=True)
    for engine, url in [("sqlite", None), ("postgres", asked.database_url)]:
        with tempfile.TemporaryDirectory() as work:
            vault = Vault(binary, pathlib.Path(work), url)
            try:
                manifest = live(vault)
                save(vault, manifest, asked.folder / engine)
            except BaseException:
                print(vault.log.read_text(), file=sys.stderr)
                raise
            finally:
                vault.end(signal.SIGKILL)
        print(f"{engine}: {len(manifest['documents'])} documents")
    print(f"The last lease is over in {LONG} seconds; the test needs it to be.")


def live(vault):
    """A vault's life. Returns what is known of it afterwards."""
    vault.start(CONCURRENCY=2)
    owner, ada = vault.join("owner"), vault.join("ada")
    # Of whom a handle is left that nobody else may take.
    leaving = {"handle": "grace", "password": PASSWORD}
    vault.join("grace").send("DELETE", "/api/auth/me", leaving, expected=202)
    documents = ordinary_life(owner, ada)
    factor = second_factor(ada)
    vault.end(signal.SIGTERM)

    documents["file"] = later_filed(vault, owner)
    documents["running"] = killed_while_reading(vault, owner)
    documents["retried"], documents["dead"] = failing_disk(vault, owner)

    # Nobody reads, and the mail server is not there.
    mail = {"URL": "http://127.0.0.1:8080", "MAIL__HOST": "127.0.0.1", "MAIL__ENCRYPTION": "none"}
    mail |= {"MAIL__PORT": free_port(), "MAIL__FROM": "DocuVault <vault@example.org>"}
    vault.start(CONCURRENCY=0, **mail)
    documents["pending"] = owner.upload("gas.txt", b"Gas bill of January, 74.10 EUR, due on 2026-02-14")
    documents["pending of another"] = ada.upload("lease.md", b"# Lease\n\nThe rent is 610 EUR a month.")
    repeated(owner)
    # Not taken, so that its bytes are left to the sweep.
    owner.upload("twin.txt", REHEARSALS[0].encode(), "?on_duplicate=reject", expected=409)
    token = owner.post("/api/auth/tokens", {"name": "Scanner", "scopes": ["read", "write"]}, 201)["token"]
    owner.post("/api/admin/invites", {"expires_in_days": 90}, 201)
    owner.post("/api/auth/login", {"login": "ada", "password": "not this one at all"}, 401)
    manifest = {
        "people": [
            {"handle": "owner", "password": PASSWORD, "refresh": owner.refresh, "api_token": token},
            {"handle": "ada", "password": PASSWORD, "refresh": ada.refresh, "totp": factor},
        ],
        "lesson": {"topic": TOPIC, "text": REHEARSALS[3]},
        "documents": [],
    }
    for person, client in zip(manifest["people"], [owner, ada]):
        person["me"] = client.get("/api/auth/me")
        person["topics"] = client.get("/api/topics")["items"]
    for name, id in documents.items():
        manifest["documents"].append(described(owner if id in owner.documents else ada, name, id))
    interrupted_upload(vault, owner)
    return manifest


def ordinary_life(owner, ada):
    """Documents of several kinds, read and filed, and what people said of them."""
    topic = owner.post("/api/topics", {"name": TOPIC, "hue": 3}, 201)["id"]
    documents = {}

    def add(name, client, filename, content, *more):
        documents[name] = client.upload(filename, content, *more)
        client.settled(documents[name])
        return f"/api/documents/{documents[name]}"

    # Each is filed as the ones before it have taught.
    for name, method, filename in [
        ("taught", "PUT", "scan_1.txt"),
        ("rejected", "DELETE", "scan_2.md"),
        ("confirmed", "PUT", "scan_3.txt"),
    ]:
        path = add(name, owner, filename, REHEARSALS[len(documents)].encode())
        owner.send(method, f"{path}/topics/{topic}")
    invoice = add("edited", owner, "invoice.pdf", pdf("Invoice 2026-118 of Fjord Electric. Total: 42.50 EUR."))
    edits = {"title": "Electricity in March", "document_date": "2026-03-31", "correspondent": "Fjord Electric"}
    owner.send("PATCH", invoice, edits)
    add("picture", owner, "photo.png", png())
    trashed = add("trashed", owner, "letter.txt", b"Dear Sir, we no longer deliver newspapers to your street.")
    owner.send("DELETE", trashed, expected=204)
    add("repeatable", owner, "rent.txt", b"Rent for April: 610 EUR to Hill Housing.", "", {"Idempotency-Key": "april"})
    add("of another", ada, "note.txt", b"Insurance certificate of the car, valid until 2027-01-31.")
    return documents


def second_factor(client):
    """The secret of a second factor that is in use."""
    secret = client.post("/api/auth/totp/enroll", None, 200)["secret"]
    client.post("/api/auth/totp/confirm", {"code": totp(secret)}, 200)
    return secret


def later_filed(vault, owner):
    """A document that was read while the provider asked to be left alone: its filing is due later."""
    with Provider(busy=True) as provider:
        vault.start(CONCURRENCY=1, **provider.settings)
        document = owner.upload("shovel.txt", b"One shovel at 12 EUR. Please pay by 2026-05-01.")
        owner.settled(document)
        vault.end(signal.SIGTERM)
    return document


def killed_while_reading(vault, owner):
    """A document whose worker died with its lease."""
    with Provider(busy=False) as provider:
        vault.start(CONCURRENCY=1, WORKER__LEASE_SECONDS=LONG, **provider.settings)
        document = owner.upload("boat.txt", b"Harbour fees for the boat, second quarter: 88 EUR.")
        if not provider.asked.wait(PATIENCE):
            sys.exit("the provider was not asked")
        vault.end(signal.SIGKILL)
    return document


def failing_disk(vault, owner):
    """A document that could not be read three times and waits for the next, and one that was given up."""
    vault.start(CONCURRENCY=0)
    retried = owner.upload("water.txt", b"Water bill, first half of the year: 131.20 EUR.")
    dead = owner.upload("tax.txt", b"Notice of tax assessment for 2025. Refund: 214 EUR.")
    vault.end(signal.SIGTERM)
    files = {id: vault.object_of(id) for id in [retried, dead]}
    for id, file in files.items():
        file.rename(vault.folder / id)
    files[retried].mkdir()
    vault.start(CONCURRENCY=1)
    owner.settled(dead)
    waits = f"SELECT 1 FROM jobs WHERE document_id = {vault.uuid(retried)} AND attempts = 3 AND worker IS NULL"
    until("a third failure", lambda: vault.query(waits))
    vault.end(signal.SIGTERM)
    files[retried].rmdir()
    for id, file in files.items():
        (vault.folder / id).rename(file)
    return retried, dead


def repeated(owner):
    """The same request twice is one document."""
    content = b"Rent for April: 610 EUR to Hill Housing."
    again = owner.upload("rent.txt", content, "", {"Idempotency-Key": "april"})
    if len(owner.documents) != len(set(owner.documents)) + 1:
        sys.exit(f"{again} is a second document")


def interrupted_upload(vault, owner):
    """Bytes that are there as a whole when the vault is killed, with the form's end still to come."""
    form = multipart("late.txt", b"Nobody was told that this was kept.", end=b'\r\n--b0undary\r\nContent-Disp')
    head = f"POST /api/documents/upload HTTP/1.1\r\nHost: {vault.address}\r\nAuthorization: Bearer {owner.token}\r\n"
    head += f"Content-Type: multipart/form-data; boundary=b0undary\r\nContent-Length: {len(form) + 100}\r\n\r\n"
    host, port = vault.address.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + form)

        def stored():
            keys = vault.query("SELECT key FROM objects WHERE state = 'writing'")
            return any((vault.objects / key).is_file() for (key,) in keys)

        until("the bytes", stored)
        vault.end(signal.SIGKILL)


def described(client, name, id):
    """A document with all that belongs to it."""
    path = f"/api/documents/{id}"
    document = client.get(path)
    thumbnail = client.fetch("GET", f"{path}/thumbnail") if document["has_thumbnail"] else None
    return {
        "name": name,
        "document": document,
        "text": client.get(f"{path}/text"),
        "activity": client.get(f"{path}/activity")["items"],
        "content_sha256": hashlib.sha256(client.fetch("GET", f"{path}/content")).hexdigest(),
        "thumbnail_sha256": thumbnail and hashlib.sha256(thumbnail).hexdigest(),
    }


def save(vault, manifest, folder):
    """Writes the vault down as it was left by kill -9."""
    verified = json.loads(vault.run("audit", "verify", "--json"))
    if verified["faults"] or not verified["intact"] or not verified["unsealed"]:
        sys.exit(f"the audit trail should be sealed but for its end: {verified}")
    id = vault.shown
    sealed = {"intact": verified["intact"], "end": verified["end"]}
    sealed["lines"] = int(vault.query("SELECT COUNT(*) FROM audit_log")[0][0])
    jobs = vault.query(f"SELECT {id('id')}, {id('document_id')}, state FROM jobs ORDER BY created_at, id")
    vectors = f"SELECT {id('topic_id')}, examples, {vault.hex('vector')} FROM topic_vectors ORDER BY topic_id"
    manifest |= {
        "version": vault.run("--version").split()[-1],
        "newest_step": vault.query("SELECT MAX(version) FROM seaql_migrations")[0][0],
        "secret_key": vault.environment.get("DOCUVAULT_SECRET_KEY"),
        "audit": sealed,
        "jobs": [
            {"id": str(uuid.UUID(job)), "document_id": str(uuid.UUID(document)), "state": state}
            for job, document, state in jobs
        ],
        "topic_vectors": [
            {"topic_id": str(uuid.UUID(topic)), "examples": int(examples), "vector": vector.lower()}
            for topic, examples, vector in vault.query(vectors)
        ],
        "objects": dict(vault.query("SELECT key, state FROM objects ORDER BY key")),
        "tables": {table: int(vault.query(f"SELECT COUNT(*) FROM {table}")[0][0]) for table in vault.tables()},
    }
    expect_variety(manifest, vault)
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    (folder / "database.sql").write_text(vault.dump())
    shutil.copytree(vault.objects, folder / "objects")
    if (vault.folder / "data/keys").exists():
        shutil.copytree(vault.folder / "data/keys", folder / "keys")


def expect_variety(manifest, vault):
    """A fixture without one of the states would test less than it says."""
    now, found = vault.now, {}
    for name, condition in {
        "due": f"state = 'open' AND attempts = 0 AND due_at <= {now} AND step = 'process'",
        "running": f"state = 'open' AND attempts = 1 AND due_at > {now} AND worker IS NOT NULL",
        "retried": "state = 'open' AND attempts = 3 AND worker IS NULL AND last_error IS NOT NULL",
        "later": f"state = 'open' AND attempts = 0 AND due_at > {now} AND step = 'file'",
        "dead": "state = 'dead'",
        "done": "state = 'done'",
    }.items():
        found[name] = int(vault.query(f"SELECT COUNT(*) FROM jobs WHERE {condition}")[0][0])
    tables = ["sessions", "refresh_tokens", "mails", "rate_limits", "idempotency_keys", "invites", "recovery_codes"]
    for table in [*tables, "topic_vectors", "retired_handles"]:
        found[table] = manifest["tables"][table]
    found |= {state: list(manifest["objects"].values()).count(state) for state in ["live", "writing", "deleting"]}
    print(found)
    if not all(found.values()):
        sys.exit("something is missing")


class Vault:
    """A vault that is started again and again."""

    def __init__(self, binary, folder, database_url):
        self.binary, self.folder, self.database_url = binary, folder, database_url
        self.objects, self.log = folder / "data/objects", folder / "log"
        self.process, self.address = None, None
        self.environment = {
            "PATH": os.environ["PATH"],
            "DOCUVAULT_DATA_DIR": str(folder / "data"),
            "DOCUVAULT_METRICS_LISTEN": "off",
            "DOCUVAULT_ACCOUNTS__REGISTRATION": "open",
            # What is signed in stays so for as long as the fixture is of use.
            "DOCUVAULT_ACCOUNTS__SESSION_IDLE_DAYS": "36500",
            "DOCUVAULT_ACCOUNTS__SESSION_DAYS": "36500",
            "DOCUVAULT_ACCOUNTS__ACCESS_MINUTES": "60",
            # An upload that was killed is dead when the vault is saved; nothing sweeps meanwhile.
            "DOCUVAULT_UPLOAD_LEASE_SECONDS": "5",
            "DOCUVAULT_SWEEP_SECONDS": "3600",
        }
        if database_url:
            self.environment |= {"DATABASE_URL": database_url, "DOCUVAULT_SECRET_KEY": SECRET_KEY}

    def start(self, CONCURRENCY, **settings):
        settings = {"WORKER__CONCURRENCY": CONCURRENCY} | settings
        settings = {f"DOCUVAULT_{name}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [self.binary, "serve", "--listen", "127.0.0.1:0"],
            env=self.environment | settings,
            stdout=subprocess.PIPE,
            stderr=self.log.open("a"),
            text=True,
        )
        self.setup_code = None
        for line in self.process.stdout:
            if line.startswith("DocuVault is listening on http://"):
                self.address = line.strip().rsplit("/", 1)[1]
            if line.startswith("Setup code: "):
                self.setup_code = line.split(": ")[1].strip()
            if line == "Ready.\n":
                return
        sys.exit("the vault does not start")

    def end(self, how):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
        self.process = None

    def run(self, *args):
        command = [self.binary, *args]
        return subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, check=True, text=True).stdout

    def join(self, handle):
        account = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        client = Client(self)
        client.post("/api/auth/register", account | {"setup_code": self.setup_code}, 201)
        self.setup_code = None
        client.post("/api/auth/login", {"login": handle, "password": PASSWORD}, 200)
        return client

    def object_of(self, document):
        rows = self.query(f"SELECT key FROM objects WHERE document_id = {self.uuid(document)}")
        return self.objects / rows[0][0]

    # What differs between the engines.

    def query(self, sql):
        """Rows of text."""
        if self.database_url:
            command = ["psql", "-XAt", "-F", "\t", "-d", self.database_url, "-c", sql]
            rows = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
            return [tuple(row.split("\t")) for row in rows.splitlines()]
        database = sqlite3.connect(self.folder / "data/docuvault.db")
        rows = [tuple(map(str, row)) for row in database.execute(sql)]
        database.close()
        return rows

    def uuid(self, id):
        return f"'{id}'" if self.database_url else f"x'{uuid.UUID(id).hex}'"

    def shown(self, column):
        return f"{column}::text" if self.database_url else f"hex({column})"

    def hex(self, column):
        return f"encode({column}, 'hex')" if self.database_url else f"hex({column})"

    @property
    def now(self):
        return int(time.time() * 1_000_000)

    def tables(self):
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        if self.database_url:
            sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return [table for (table,) in self.query(sql)]

    def dump(self):
        """SQL that any client of the engine can run."""
        if not self.database_url:
            database = sqlite3.connect(self.folder / "data/docuvault.db")
            lines = ["PRAGMA foreign_keys = OFF;", *database.iterdump()]
            database.close()
            return "\n".join(lines) + "\n"
        command = ["pg_dump", "--no-owner", "--no-privileges", "--inserts", "--no-comments", self.database_url]
        sql = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
        # Commands of psql, and a setting that servers before 17 do not know.
        skipped = ("\\restrict", "\\unrestrict", "SET transaction_timeout")
        return "".join(line for line in sql.splitlines(True) if not line.startswith(skipped))


class Client:
    """Talks to a vault, once signed in as somebody."""

    def __init__(self, vault):
        self.vault, self.token, self.refresh, self.documents = vault, None, None, []

    def fetch(self, method, path, body=None, headers={}, expected=200):
        if self.token:
            headers = headers | {"Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"http://{self.vault.address}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                status, answer, cookies = response.status, response.read(), response.headers.get_all("Set-Cookie", [])
        except urllib.error.HTTPError as error:
            status, answer, cookies = error.code, error.read(), []
        if status != expected:
            sys.exit(f"{method} {path}: {status} {answer.decode(errors='replace')}")
        for cookie in cookies:
            name, value = cookie.split(";")[0].split("=", 1)
            if name == "docuvault_refresh" and value:
                self.refresh = value
                self.token = json.loads(answer)["access_token"]
        return answer

    def send(self, method, path, body=None, expected=200):
        content = None if body is None else json.dumps(body).encode()
        answer = self.fetch(method, path, content, {"Content-Type": "application/json"}, expected)
        return json.loads(answer) if answer else None

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body, expected):
        return self.send("POST", path, body, expected)

    def upload(self, filename, content, query="", headers={}, expected=201):
        headers = headers | {"Content-Type": "multipart/form-data; boundary=b0undary"}
        form = multipart(filename, content)
        answer = json.loads(self.fetch("POST", f"/api/documents/upload{query}", form, headers, expected))
        if expected == 201:
            self.documents.append(answer["id"])
        return answer.get("id")

    def settled(self, id):
        until("a document", lambda: self.get(f"/api/documents/{id}")["status"] in ("ready", "failed"))


class Provider:
    """An Ollama that is busy, or that takes questions and never answers."""

    def __init__(self, busy):
        self.asked, self.over = threading.Event(), threading.Event()
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                provider.asked.set()
                if not busy:
                    provider.over.wait()
                    return
                self.send_response(503)
                self.send_header("Retry-After", str(LONG))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.settings = {"AI__PROVIDER": "ollama", "AI__MODEL": "small", "AI__BASE_URL": address}

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


def until(what, happened):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come")
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def multipart(filename, content, end=b"\r\n--b0undary--\r\n"):
    head = f'--b0undary\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    return head.encode() + content + end


def totp(secret):
    """The code of this moment (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def pdf(text):
    """One page with a line of text."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    file, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start, count = len(file), len(objects) + 1
    file += f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    file += f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return file.encode()


def png():
    """A small picture."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes((x * 4, y * 4, 128)[part] for x in range(64) for part in range(3)) for y in range(64))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    main()
