"""Uploads every file of a folder and checks that each ends in a named state and harms nothing.

usage: eval-hostile.py VAULT FOLDER

VAULT is the docuvault program, started here on a folder of its own. After each file that is taken, a
plain letter must be read within five seconds, and the server must still be the same process. Prints
a line a file; ends with 1 when a file is still unfinished after its limits or the server is gone.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 120
NEXT = 5


class Vault:
    """A vault with nothing in it."""

    def __init__(self, program, folder):
        command = [program, "serve", "--listen", "127.0.0.1:0"]
        self.log = open(folder / "log", "w+")
        environment = {"DOCUVAULT_DATA_DIR": str(folder / "data"), "PATH": "/usr/bin:/bin"}
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 30
        while not (found := re.search(r"127\.0\.0\.1:[1-9]\d*", pathlib.Path(self.log.name).read_text())):
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit(f"the vault does not start: {pathlib.Path(self.log.name).read_text()}")
            time.sleep(0.05)
        self.url = f"http://{found.group()}/api/documents"

    def upload(self, name, content):
        """The document, or the sentence it was refused with."""
        query = urllib.parse.urlencode({"filename": name, "on_duplicate": "keep"})
        boundary = "b0undary"
        safe = name.replace('"', "_").replace("\n", "_")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        request = urllib.request.Request(f"{self.url}/upload?{query}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer), None
        except urllib.error.HTTPError as refused:
            return None, json.load(refused)["detail"]

    def finished(self, document, patience):
        """The document once it is ready or failed, and the seconds that took."""
        began = time.monotonic()
        while time.monotonic() < began + patience:
            with urllib.request.urlopen(f"{self.url}/{document['id']}", timeout=60) as answer:
                document = json.load(answer)
            if document["status"] in ("ready", "failed"):
                return document, time.monotonic() - began
            time.sleep(0.05)
        return document, patience

    def memory(self):
        """Resident memory of the server itself, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) // 1024


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("vault")
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    harm, files = 0, sorted(path for path in arguments.folder.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as scratch:
        vault = Vault(arguments.vault, pathlib.Path(scratch))
        try:
            for number, path in enumerate(files):
                document, refusal = vault.upload(path.name, path.read_bytes())
                if refusal:
                    print(f"refused  {path.name}: {refusal}", flush=True)
                    continue
                document, took = vault.finished(document, PATIENCE)
                letter, _ = vault.upload("letter.txt", f"Dear reader, this is letter {number}.".encode())
                letter, wait = vault.finished(letter, NEXT)
                fine = document["status"] in ("ready", "failed") and letter["status"] == "ready"
                harm += not fine
                detail = document["status_detail"] or ""
                print(
                    f"{document['status']:8} {path.name}: {took:.1f} s, next {wait:.1f} s, "
                    f"{vault.memory()} MB. {detail}",
                    flush=True,
                )
            alive = vault.process.poll() is None
        finally:
            vault.process.terminate()
            vault.process.wait(30)
    print(f"{len(files)} files, {harm} not finished, server {'alive' if alive else 'gone'}")
    sys.exit(harm > 0 or not alive)


main()
