"""Measures how much of the text of PDF files is read, against what Poppler and PDFium agree on.

usage: eval-extraction.py VAULT FOLDER [--worst N]

VAULT is the docuvault program, FOLDER holds PDF files at any depth. Needs pdftotext and pypdfium2.

A word is a run of letters and digits after NFKC and case folding; scripts without spaces count by
character. Known words of a file are those that both references print, as often as both do. Recall is
the share of known words that a reader prints, precision the share of its words that either reference
prints; micro over all words, macro over files with at least five known words. Agreement is not truth:
where both references are wrong, so is this. Time is CPU time of the process and its children.
"""

import argparse
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter

PDFIUM = """
import sys, pypdfium2
document = pypdfium2.PdfDocument(sys.argv[1])
for page in document:
    print(page.get_textpage().get_text_bounded())
"""
PAGES = "import sys, pypdfium2; print(len(pypdfium2.PdfDocument(sys.argv[1])))"
CPU_SECONDS = 30
MIN_KNOWN = 5
SINGLY = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
WORD = re.compile(SINGLY + r"|(?:(?!" + SINGLY + r")\w)+")


def words(text):
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    return Counter(WORD.findall(folded))


def run(command):
    """What the command printed, how it ended, and the CPU seconds it took."""

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))

    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, preexec_fn=limit
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return text, process.returncode, usage.ru_utime + usage.ru_stime


class Score:
    def __init__(self, name):
        self.name = name
        self.files = []
        self.crashes = self.refusals = self.pages = 0
        self.seconds = 0.0

    def add(self, path, text, code, seconds, known, either, pages):
        self.seconds += seconds
        self.crashes += code < 0 or code in (101, 134, 139)
        self.refusals += code > 0
        self.pages += pages if code == 0 else 0
        said = words(text)
        if sum(known.values()) >= MIN_KNOWN:
            hit, right = sum((said & known).values()), sum((said & either).values())
            self.files.append((path, hit, sum(known.values()), right, sum(said.values())))

    def row(self):
        share = lambda part, whole: part / whole if whole else 1.0
        mean = lambda values: sum(values) / max(1, len(values))
        _, hit, known, right, said = (sum(column) if n else 0 for n, column in enumerate(zip(*self.files)))
        figures = (
            share(hit, known),
            mean([share(h, k) for _, h, k, _, _ in self.files]),
            share(right, said),
            mean([share(r, s) for _, _, _, r, s in self.files if s]),
        )
        below = sum(h / k < 0.9 for _, h, k, _, _ in self.files)
        return (
            f"| {self.name} | "
            + " | ".join(f"{figure:.3f}" for figure in figures)
            + f" | {below} | {self.refusals} | {self.crashes} | {self.pages / max(1e-9, self.seconds):.0f} |"
        )


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("vault")
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--worst", type=int, default=0, help="list so many of the files read worst")
    given = arguments.parse_args()
    readers = {
        "docuvault": lambda file: [given.vault, "extract", file],
        "pdftotext": lambda file: ["pdftotext", "-enc", "UTF-8", file, "-"],
        "pdfium": lambda file: [sys.executable, "-c", PDFIUM, file],
    }
    scores = {name: Score(name) for name in readers}
    files = sorted(str(file) for file in given.folder.rglob("*.pdf"))
    for file in files:
        results = {name: run(command(file)) for name, command in readers.items()}
        poppler, pdfium = words(results["pdftotext"][0]), words(results["pdfium"][0])
        counted, code, _ = run([sys.executable, "-c", PAGES, file])
        pages = int(counted) if code == 0 else 0
        for name, (text, code, seconds) in results.items():
            scores[name].add(file, text, code, seconds, poppler & pdfium, poppler | pdfium, pages)
    print(f"{len(files)} files, {len(scores['docuvault'].files)} with at least {MIN_KNOWN} known words\n")
    print("| reader | recall, micro | macro | precision, micro | macro | files below 0.9 | refused | crashed | pages a CPU second |")
    print("|---|---|---|---|---|---|---|---|---|")
    for score in scores.values():
        print(score.row())
    worst = sorted(scores["docuvault"].files, key=lambda file: file[1] / file[2])
    for path, hit, known, _, said in worst[: given.worst]:
        print(f"{hit / known:.3f} of {known} known words, {said} said: {path}")


if __name__ == "__main__":
    main()
